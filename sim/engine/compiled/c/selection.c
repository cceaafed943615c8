/* The two decisions at work: which agent for this request, which request for this agent. */
#include "world.h"

/* Who may not get a request. */

static void bar_agent(World *w, Agent *agent) {
    if (is_barred(w, agent)) return;
    agent->barred = w->barring;
    add(w, &w->barred, agent);
}

/* Note all who may not get a request, and the agents of some desks, and perhaps who has let it ring. */
void bar(World *w, Request *r, const List *without, i32 and_rung) {
    w->barring++;
    w->barred.n = 0;
    for (i32 i = 0; i < r->conversation->parts.n; i++)
        bar_agent(w, ((Part *)r->conversation->parts.items[i])->agent);
    if (r->requester && w->given->exclude_requester) bar_agent(w, r->requester);
    if (and_rung || w->given->ring_memory == MEMORY_exclude)
        for (i32 i = 0; i < r->rung.n; i++) bar_agent(w, r->rung.items[i]);
    for (i32 i = 0; without && i < without->n; i++) bar_agent(w, ((Desk *)without->items[i])->agent);
}

/* Whether an agent may not get a request. */
i32 bars(World *w, Request *r, Agent *agent) {
    const List *parts = &r->conversation->parts;
    for (i32 i = 0; i < parts->n; i++)
        if (((Part *)parts->items[i])->agent == agent) return 1;
    if (r->requester == agent && w->given->exclude_requester) return 1;
    return w->given->ring_memory == MEMORY_exclude && place_in(&r->rung, agent) >= 0;
}

/* Policies that come with the package: guards keep a request waiting although an agent is available. */

static f64 expected_wait(World *w, Queue *queue) {
    if (!queue->waiting) return 0.0;
    Span first = queue->steps[0];
    f64 capacity = 0.0;
    for (i32 i = 0; i < first.n; i++) {
        Pool *pool = &w->pools[w->given->member_pools[first.first + i]];
        if (pool->present) capacity += pool->present * w->given->rates[queue->number * w->given->n_pools + pool->number];
    }
    return capacity != 0.0 ? queue->waiting / capacity : FOREVER;
}

static i32 idle_of(const World *w, const Queue *queue) {
    const i32 *members = w->given->member_pools + queue->given->member_first;
    i32 count = 0;
    for (i32 i = 0; i < queue->given->member_n; i++) count += w->pools[members[i]].idle;
    return count;
}

static i32 allows(World *w, i32 policy, Request *r, i32 step) {
    Queue *queue = r->queue;
    switch (policy) {
    case POLICY_reserve_for_transfers:
        return r->kind != KIND_inbound || available_of(w, queue) > w->given->keep_available;
    case POLICY_reserve_idle_agents:
        return queue->given->priority >= w->given->highest_priority ||
               (available_of(w, queue) > w->given->keep_idle && idle_of(w, queue) > w->given->keep_idle);
    case POLICY_overflow_by_expected_wait: return step == 1 || expected_wait(w, queue) > w->given->expected_wait;
    case POLICY_threshold: return step == 1 || queue->waiting >= w->given->threshold;
    default: return 1;
    }
}

/* Which agent for this request. */

static Desk *picked(World *w, Request *r, i32 step) {
    Span pools = r->queue->steps[step];
    const i32 *members = w->given->member_pools + pools.first;
    Desk *best = NULL;
    if (w->given->agent_rule == AGENTS_random) {
        const Pool **rolls = take_memory(w, (size_t)(pools.n + 1) * sizeof(Pool *));
        i32 n = 0;
        for (i32 i = 0; i < pools.n; i++)
            if (w->pools[members[i]].free.n) rolls[n++] = &w->pools[members[i]];
        Customer *customer = r->conversation->customer;
        if (n) best = draw_one(w, rolls, n, 0, uniform_of(w, customer, U_selection, customer->offers));
        give_back(w, rolls);
        return best;
    }
    i32 best_skill = 0;
    for (i32 i = 0; i < pools.n; i++) {
        Pool *pool = &w->pools[members[i]];
        Desk *desk = pool_best(w, pool);
        if (!desk) continue;
        i32 skill = 0;
        if (w->given->agent_rule == AGENTS_most_skilled)
            skill = w->given->skills[pool->given->skill_first + r->queue->number];
        if (!best || skill > best_skill || (skill == best_skill && desk_before(desk, best)))
            best = desk, best_skill = skill;
    }
    return best && allows(w, w->given->agent_policy, r, step + 1) ? best : NULL;
}

/* The same, and who has as many tasks of the queue as they may. */
void bar_all(World *w, Request *r, const List *without, i32 and_rung) {
    bar(w, r, without, and_rung);
    for (i32 i = 0; i < r->queue->full.n; i++) bar_agent(w, r->queue->full.items[i]);
}

/* Find the agent: the topmost open step with an available agent decides. */
Desk *desk_for(World *w, Request *r, const List *without) {
    i32 rung_last = r->rung.n && w->given->ring_memory == MEMORY_rank_last;
    Desk *found = NULL;
    if (rung_last && r->queue->given->steps_go_on) {
        /* Whoever let it ring comes after the agents of all open steps, not of their own alone. */
        bar_all(w, r, without, 1);
        for (i32 step = 0; step <= r->level && !found; step++) found = picked(w, r, step);
        if (found) return found;
    }
    if (!rung_last) bar_all(w, r, without, 0);
    for (i32 step = 0; step <= r->level && !found; step++) {
        if (rung_last) {
            bar_all(w, r, without, 1);
            found = picked(w, r, step);
            if (found) return found;
            bar_all(w, r, without, 0);
        }
        found = picked(w, r, step);
    }
    return found;
}

/* Which request for this agent. */

/* Return the request's place in the order of selection. */
Waiting waiting_of(World *w, Request *r) {
    const Given *given = w->given;
    Waiting waiting = {{0.0, 0.0, 0.0}, r->ticket, r};
    f64 *key = waiting.key;
    if (given->queue_priority) *key++ = -r->queue->given->priority;
    if (given->request_rule == REQUESTS_longest_waiting) {
        key[0] = r->enqueued_at;
    } else if (given->request_rule == REQUESTS_priority_with_ageing && given->ageing > 0) {
        key[0] = r->enqueued_at / given->ageing - r->priority;
        key[1] = r->enqueued_at;
    } else {
        key[0] = -r->priority;
        key[1] = r->enqueued_at;
    }
    return waiting;
}

static i32 skill_of(const World *w, const Desk *desk, const Request *r) {
    return w->given->skills[desk->pool->given->skill_first + r->queue->number];
}

/* Return the first step of a queue that a pool belongs to, counted from 1. */
static i32 own_step(const World *w, const Queue *queue, const Pool *pool) {
    for (i32 step = 0; step <= queue->given->last_level; step++) {
        const i32 *members = w->given->member_pools + queue->steps[step].first;
        for (i32 i = 0; i < queue->steps[step].n; i++)
            if (members[i] == pool->number) return step + 1;
    }
    return 0;
}

/* Return the head of one kind of a queue that may be offered at a desk: over the levels from the first step on to which
   its pool belongs. */
static Waiting served_head(World *w, Queue *queue, i32 kind, Desk *desk) {
    Waiting best = {.request = NULL};
    for (i32 level = own_step(w, queue, desk->pool) - 1; level <= queue->given->last_level; level++) {
        if (!side_n(&queue->levels[level].sides[kind])) continue;
        Waiting first = level_first(w, &queue->levels[level], kind, desk->agent);
        if (first.request && (!best.request || waiting_before(&first, &best))) best = first;
    }
    return best;
}

static f64 weight_of(World *w, const Request *r) {
    f64 of_what = w->given->request_policy == POLICY_weighted_wait ? w->now - r->placed_at : r->queue->waiting;
    return of_what * r->queue->given->priority;
}

static i32 is_weighted(const World *w) {
    return w->given->request_policy == POLICY_weighted_wait || w->given->request_policy == POLICY_queue_ratio;
}

/* Whether `one` comes before `other`, the best so far: by the weight of its queue where queues are weighed. */
static i32 comes_first(World *w, const Waiting *one, const Waiting *other) {
    if (!other->request) return 1;
    if (is_weighted(w) && one->request->queue != other->request->queue) {
        f64 mine = weight_of(w, one->request), theirs = weight_of(w, other->request);
        if (mine != theirs) return mine > theirs;
    }
    return waiting_before(one, other);
}

static i32 may_take(World *w, const Desk *desk, Request *r) {
    return is_weighted(w) || allows(w, w->given->request_policy, r, own_step(w, r->queue, desk->pool));
}

/* Choose among the heads of each kind in the agent's queues, and one that does not stand there yet: of a queue the first
   alone is weighed. */
static Request *shown_waiting(World *w, Desk *desk, Request *beside) {
    Waiting best = {.request = NULL};
    for (i32 q = 0; q < w->given->n_queues; q++) {
        Queue *queue = &w->queues[q];
        if (queue->given->pull.exists || !queue->waiting || !is_member(w, queue, desk->pool)) continue;
        Waiting first = {.request = NULL};
        for (i32 kind = 0; kind < KINDS; kind++) {
            Waiting head = served_head(w, queue, kind, desk);
            if (beside && beside->queue == queue && beside->kind == kind) {
                Waiting own = waiting_of(w, beside);
                if (!head.request || waiting_before(&own, &head)) head = own;
            }
            if (!head.request || !may_take(w, desk, head.request)) continue;
            if (!first.request || waiting_before(&head, &first)) first = head;
        }
        if (first.request && comes_first(w, &first, &best)) best = first;
    }
    return best.request;
}

/* Find the request a freed agent is offered, over all their queues. */
Request *request_for(World *w, Desk *desk) {
    if (w->given->shown) return shown_waiting(w, desk, NULL);
    const PoolGiven *pool = desk->pool->given;
    const i32 *levels = w->given->pool_levels + pool->level_first;
    i32 by_own_level = w->given->request_rule == REQUESTS_own_level, best_skill = 0;
    Waiting best = {.request = NULL};
    for (i32 i = 0; i < pool->level_n; i++) {
        Level *level = &w->levels[levels[i]];
        if (!side_n(&level->sides[0])) continue;
        Waiting first = level_first(w, level, 0, desk->agent);
        if (!first.request) continue;
        i32 skill = by_own_level ? skill_of(w, desk, first.request) : 0;
        if (!best.request || skill > best_skill || (skill == best_skill && waiting_before(&first, &best)))
            best = first, best_skill = skill;
    }
    return best.request;
}

/* Whether `one` is selected before `other` for this agent. */
i32 comes_before(World *w, Request *one, Request *other, Desk *desk) {
    Waiting mine = waiting_of(w, one), theirs = waiting_of(w, other);
    if (w->given->request_rule == REQUESTS_own_level) {
        i32 skill = skill_of(w, desk, one), other_skill = skill_of(w, desk, other);
        if (skill != other_skill) return skill > other_skill;
    }
    return waiting_before(&mine, &theirs);
}

/* Return the waiting request that comes before this one for an agent, NULL where there is none. */
Request *before(World *w, Request *r, Desk *desk) {
    if (w->given->shown) {
        Request *chosen = shown_waiting(w, desk, r);
        return chosen == r ? NULL : chosen;
    }
    Request *other = request_for(w, desk);
    return other && comes_before(w, other, r, desk) ? other : NULL;
}

/* Return the first desk on which no other request has the first claim, `desk` if it is that: an agent freed at this very
   instant has not looked at their queues yet. */
Desk *unclaimed(World *w, Request *r, Desk *desk) {
    List claimed = {0};
    while (desk && place_in(&w->just_freed, desk) >= 0 && before(w, r, desk)) {
        add(w, &claimed, desk);
        desk = desk_for(w, r, &claimed);
    }
    if (claimed.items) give_back(w, claimed.items);
    return desk;
}

/* Whether a request that is not placed yet would be offered at once. */
i32 finds_somebody(World *w, Request *r) {
    r->placed_at = r->enqueued_at = w->now;
    r->level = r->queue->given->first_level;
    r->queue->waiting++; /* as a policy would see it */
    Desk *found = desk_for(w, r, NULL);
    r->queue->waiting--;
    return found != NULL;
}
