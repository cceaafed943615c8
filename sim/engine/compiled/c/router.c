/* The router: parks requests, offers them to agents, and looks again when something changes. */
#include "world.h"

/* A request comes in. */

/* Count the agents whom the dropdown shows, without those in the conversation and the one who is asking. */
static i32 shown(World *w, Request *r) {
    const List *parts = &r->conversation->parts;
    if (!parts->n && !r->requester) return available_of(w, r->queue);
    List unseen = {0};
    for (i32 i = 0; i < parts->n; i++) {
        Agent *agent = ((Part *)parts->items[i])->agent;
        if (place_in(&unseen, agent) < 0) add(w, &unseen, agent);
    }
    if (r->requester && place_in(&unseen, r->requester) < 0) add(w, &unseen, r->requester);
    i32 count = available_without(w, r->queue, (Agent *const *)unseen.items, unseen.n);
    give_back(w, unseen.items);
    return count;
}

static void turn_away_beyond_capacity(World *w, Request *r) {
    i32 capacity = r->queue->given->capacity;
    if (capacity >= 0 && r->kind == KIND_inbound && r->queue->waiting > capacity) {
        leave_queue(w, r);
        r->state = ENDED;
        r->conversation->pending = NULL;
        block(w, r->conversation, 1);
        let_go_request(w, r);
    } else if (w->router_closed) {
        disconnect(w, r);
    }
}

/* Start the search: queue the request, or ring the agent it names. */
void place(World *w, Request *r) {
    r->placed_at = w->now;
    r->conversation->pending = r;
    r->shown = shown(w, r); /* before the request queues, as the agent who reads the dropdown sees it */
    EventRow *row = log_request(w, EVENT_request_placed, r);
    if (row) row->first = r->kind, row->second = r->priority, row->third = r->note;
    if (r->kind == KIND_named_transfer) {
        ring_named(w, r);
    } else if (r->queue->given->pull.exists) {
        publish(w, r);
    } else if (w->given->last_agent && ring_last_agent(w, r)) {
        ;
    } else if (!r->shown && r->queue->given->needs_somebody) {
        r->task = ++w->tasks_so_far;
        r->enqueued_at = r->placed_at;
        no_agent(w, r, TASK_NO_AGENT_AVAILABLE);
    } else {
        enqueue(w, r, r->priority);
        if (r->state == QUEUED && (w->router_closed || r->queue->given->capacity >= 0))
            turn_away_beyond_capacity(w, r);
    }
    /* After the search has begun: most requests are accepted at once and need no timers. */
    if (r->state != ENDED) start_clocks(w, r);
}

/* Waiting. */

static i32 dispatch(World *w, Request *r) {
    Desk *desk = desk_for(w, r, NULL);
    /* The agent freed at this very instant has not looked at their queues yet: a request that comes before this one
       there has the first claim. */
    if (desk && desk == w->just_freed) {
        Request *other = request_for(w, desk);
        if (other && comes_before(w, other, r, desk)) desk = desk_for(w, r, desk);
    }
    if (!desk) return 0;
    offer(w, r, desk);
    return 1;
}

static void time_step(World *w, Request *r) {
    f64 lasts = w->given->step_lasts[r->queue->given->step_first + r->level];
    if (lasts != lasts) return;
    f64 at = w->now + lasts;
    if (r->queue->given->steps_go_on) at = r->placed_at + r->queue->opens_after[r->level + 1];
    r->step_token = schedule(w, at, STEP_OPENS, DUE_REQUEST, r);
}

/* Keep a request among those for which the same steps are open, and time the next step. */
static void keep(World *w, Request *r) {
    level_push(w, &r->queue->levels[r->level], waiting_of(w, r));
    if (r->level < r->queue->given->last_level) time_step(w, r);
}

/* Queue a request at its first step and look for an agent at once. */
void enqueue(World *w, Request *r, i32 priority) {
    Queue *queue = r->queue;
    r->priority = priority;
    r->enqueued_at = w->now;
    r->task = ++w->tasks_so_far;
    r->ticket = ++w->tickets;
    r->level = queue->given->first_level;
    if (r->ring_outs && queue->given->steps_go_on) r->level = level_after(queue, w->now - r->placed_at);
    r->state = QUEUED;
    queue->waiting++;
    if (!dispatch(w, r)) keep(w, r);
}

/* Take a request out of the queue or off the list in which it waits. */
void leave_queue(World *w, Request *r) {
    (void)w;
    if (r->queue->given->pull.exists) {
        pull_remove(r->queue, r);
    } else if (r->ticket) {
        r->queue->waiting--;
        r->ticket = r->step_token = 0;
    }
}

/* Widen the search of a waiting request by one step, and by all that last no time. */
void open_next_step(World *w, Request *r) {
    if (r->state != QUEUED) return;
    r->level++;
    EventRow *row = log_request(w, EVENT_step_opened, r);
    if (row) row->first = r->level + 1;
    if (!dispatch(w, r)) keep(w, r);
}

/* Look at the queues and lists of an agent who has become present. */
void on_log_in(World *w, Desk *desk) {
    seek(w, desk);
    if (!desk->pool) return;
    const i32 *lists = w->given->pool_lists + desk->pool->given->list_first;
    for (i32 i = 0; i < desk->pool->given->list_n; i++) pull_on_log_in(w, &w->queues[lists[i]], desk);
}

/* Send home an agent who has closed a task and is to go, else look at their queues and lists. */
void on_slot_free(World *w, Desk *desk) {
    w->just_freed = NULL;
    Agent *agent = desk->agent;
    if (!agent->present || (agent->team->heads && agent->team->heads->leaving.n)) agent_on_freed(w, agent);
    if (desk->available) seek(w, desk);
    if (!desk->pool) return;
    const i32 *lists = w->given->pool_lists + desk->pool->given->list_first;
    for (i32 i = 0; i < desk->pool->given->list_n; i++) pull_on_slot_free(w, &w->queues[lists[i]], desk);
}

/* Look through all queues of an agent who may take more; several slots may be free, so one look is not enough. */
void seek(World *w, Desk *desk) {
    if (!desk->pool) return;
    while (desk->available) {
        Request *request = request_for(w, desk);
        if (!request) return;
        offer(w, request, desk);
    }
}

/* The end of a search without an agent. */

/* End the search; an offer that rings is not cut short. */
void on_ttl_expired(World *w, Request *r) {
    if (r->state == RINGING) {
        r->expired = 1;
        on_ttl_while_ringing(w, r->conversation);
        log_request(w, EVENT_ttl_expired, r);
    } else if (r->state == QUEUED) {
        no_agent(w, r, TASK_NO_AGENT_AVAILABLE);
    }
}

/* End the search because no agent was available. */
void no_agent(World *w, Request *r, i32 disposition) {
    log_request(w, EVENT_no_agent, r);
    close_request(w, r, SEARCH_no_agent, disposition);
    on_no_agent(w, r->conversation, r);
}

/* Send away a request that waits when the queues are cleared. */
void disconnect(World *w, Request *r) {
    log_request(w, EVENT_disconnected, r);
    close_request(w, r, SEARCH_disconnected, TASK_FORCE_CLOSED);
    on_no_agent(w, r->conversation, r);
}

/* End a search because it is no longer wanted; an offer that rings is revoked. */
void withdraw(World *w, Request *r, i32 outcome) {
    Desk *desk = r->state == RINGING ? r->desk : NULL; /* asked before it is closed */
    log_request(w, outcome == SEARCH_abandoned ? EVENT_request_abandoned : EVENT_request_cancelled, r);
    close_request(w, r, outcome, TASK_CANCELLED);
    if (!desk) return;
    desk_withdraw(w, desk);
    on_slot_free(w, desk);
}

/* End a search that no agent has accepted. */
void close_request(World *w, Request *r, i32 outcome, i32 disposition) {
    leave_queue(w, r);
    r->outcome = outcome;
    write_task(w, r, disposition);
    r->state = ENDED;
    r->offer_token = r->ttl_token = r->limit_token = 0;
    r->conversation->pending = NULL;
    w->last_work = w->now;
    write_request(w, r);
    let_go_request(w, r);
}

static int by_selection(const void *one, const void *other) {
    return waiting_before(one, other) ? -1 : waiting_before(other, one);
}

/* Send away those of a level who wait as its turn comes, in order of selection. */
static void clear_level(World *w, Level *level) {
    i32 n = 0;
    Waiting *all = take_memory(w, (size_t)(level->n[0] + level->n[1] + 1) * sizeof(Waiting));
    for (i32 side = 0; side < 2; side++)
        for (i32 i = 0; i < level->n[side]; i++)
            if (level->heap[side][i].ticket == level->heap[side][i].request->ticket) all[n++] = level->heap[side][i];
    qsort(all, (size_t)n, sizeof(Waiting), by_selection);
    for (i32 i = 0; i < n; i++)
        /* An agent whom the clearing has freed may have taken one of them meanwhile. */
        if (all[i].request->state == QUEUED) disconnect(w, all[i].request);
    give_back(w, all);
}

/* Send away all who wait, and from now on all who would have to wait. */
void clear_queues(World *w) {
    w->router_closed = 1;
    for (i32 q = 0; q < w->given->n_queues; q++) {
        Queue *queue = &w->queues[q];
        for (i32 level = 0; level <= queue->given->last_level; level++) clear_level(w, &queue->levels[level]);
        if (!queue->open.n) continue;
        List open = {0};
        copy_list(w, &open, &queue->open);
        for (i32 i = 0; i < open.n; i++)
            if (((Request *)open.items[i])->state == QUEUED) disconnect(w, open.items[i]);
        give_back(w, open.items);
    }
}

/* Record the request of a customer who leaves at once because no agent is available. */
void refuse_to_wait(World *w, Request *r) {
    r->placed_at = r->enqueued_at = w->now;
    r->task = ++w->tasks_so_far;
    log_request(w, EVENT_balked, r);
    close_request(w, r, SEARCH_abandoned, TASK_CANCELLED);
}

/* Note that an agent has closed their task. */
void on_task_closed(World *w, Part *part) {
    if (part->before) part->before->after = part->after;
    else w->first_part = part->after;
    if (part->after) part->after->before = part->before;
    w->part_n--;
    w->last_work = w->now;
    if (!w->part_n) stop_if_over(w);
}
