/* The two decisions at work: which agent for this request, which request for this agent. */
#include "world.h"

/* Who may not get a request. */

static void bar_agent(World *w, Agent *agent) {
    if (is_barred(w, agent)) return;
    agent->barred = w->barring;
    add(w, &w->barred, agent);
}

/* Note all who may not get a request, and the agent of a desk, and perhaps who has let it ring. */
void bar(World *w, Request *r, Desk *without, i32 and_rung) {
    w->barring++;
    w->barred.n = 0;
    for (i32 i = 0; i < r->conversation->parts.n; i++)
        bar_agent(w, ((Part *)r->conversation->parts.items[i])->agent);
    if (r->requester && w->given->exclude_requester) bar_agent(w, r->requester);
    if (and_rung || w->given->ring_memory == MEMORY_exclude)
        for (i32 i = 0; i < r->rung.n; i++) bar_agent(w, r->rung.items[i]);
    if (without) bar_agent(w, without->agent);
}

/* Whether an agent may not get a request. */
i32 bars(World *w, Request *r, Agent *agent) {
    const List *parts = &r->conversation->parts;
    for (i32 i = 0; i < parts->n; i++)
        if (((Part *)parts->items[i])->agent == agent) return 1;
    if (r->requester == agent && w->given->exclude_requester) return 1;
    return w->given->ring_memory == MEMORY_exclude && place_in(&r->rung, agent) >= 0;
}

/* Guards: policies that keep a request waiting although an agent is available. */

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

static i32 allows(World *w, i32 guard, Queue *queue, i32 is_inbound, i32 step) {
    if (guard == GUARD_reserve_for_transfers)
        return !is_inbound || available_of(w, queue) > w->given->keep_available;
    if (guard == GUARD_overflow_by_expected_wait)
        return step == 1 || expected_wait(w, queue) > w->given->expected_wait;
    return 1;
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
    if (best && w->given->agent_guard &&
        !allows(w, w->given->agent_guard, r->queue, r->kind == KIND_inbound, step + 1))
        return NULL;
    return best;
}

/* Find the agent: the topmost open step with an available agent decides. */
Desk *desk_for(World *w, Request *r, Desk *without) {
    i32 rung_last = r->rung.n && w->given->ring_memory == MEMORY_rank_last;
    Desk *found = NULL;
    if (rung_last && r->queue->given->steps_go_on) {
        /* Whoever let it ring comes after the agents of all open steps, not of their own alone. */
        bar(w, r, without, 1);
        for (i32 step = 0; step <= r->level && !found; step++) found = picked(w, r, step);
        if (found) return found;
    }
    if (!rung_last) bar(w, r, without, 0);
    for (i32 step = 0; step <= r->level && !found; step++) {
        if (rung_last) {
            bar(w, r, without, 1);
            found = picked(w, r, step);
            if (found) return found;
            bar(w, r, without, 0);
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

/* Whether `one` is selected before `other` for this agent. */
i32 comes_before(World *w, Request *one, Request *other, Desk *desk) {
    if (w->given->request_rule == REQUESTS_own_level) {
        i32 mine = skill_of(w, desk, one), theirs = skill_of(w, desk, other);
        if (mine != theirs) return mine > theirs;
    }
    Waiting a = waiting_of(w, one), b = waiting_of(w, other);
    return waiting_before(&a, &b);
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

/* Find the request a freed agent is offered, over all their queues. */
Request *request_for(World *w, Desk *desk) {
    const PoolGiven *pool = desk->pool->given;
    const i32 *levels = w->given->pool_levels + pool->level_first;
    i32 by_own_level = w->given->request_rule == REQUESTS_own_level, best_skill = 0;
    Waiting best = {.request = NULL};
    for (i32 i = 0; i < pool->level_n; i++) {
        Level *level = &w->levels[levels[i]];
        for (i32 side = 0; side < 2; side++) {
            if (!level->n[side]) continue;
            Waiting first = level_first(w, level, side, desk->agent);
            if (!first.request) continue;
            if (w->given->request_guard &&
                !allows(w, w->given->request_guard, first.request->queue, !side,
                        own_step(w, first.request->queue, desk->pool)))
                continue;
            i32 skill = by_own_level ? skill_of(w, desk, first.request) : 0;
            if (!best.request || skill > best_skill || (skill == best_skill && waiting_before(&first, &best)))
                best = first, best_skill = skill;
        }
    }
    return best.request;
}
