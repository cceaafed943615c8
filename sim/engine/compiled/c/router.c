/* The router: parks requests, offers them to agents, and looks again when something changes. */
#include "world.h"

/* A request comes in. */

/* Count the agents whom the dropdown shows, without those in the conversation and the one who is asking. */
static i32 shown(World *w, Request *r) {
    if (!r->conversation->parts.n && !r->requester) return available_of(w, r->queue);
    List left_out = {0};
    unseen(w, r, &left_out);
    i32 count = available_without(w, r->queue, (Agent *const *)left_out.items, left_out.n);
    give_back(w, left_out.items);
    return count;
}

static void turn_away(World *w, Request *r) {
    i32 reason = r->kind == KIND_inbound ? overfull(w, r->queue) : 0;
    if (reason) {
        leave_queue(w, r);
        r->state = ENDED;
        r->conversation->pending = NULL;
        block(w, r->conversation, reason);
        let_go_request(w, r);
    } else if (r->queue->closed) {
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
    } else if (r->queue->given->required && turns_away(w, r)) {
        r->task = ++w->tasks_so_far;
        r->enqueued_at = r->placed_at;
        no_agent(w, r, TASK_NO_AGENT_AVAILABLE);
    } else {
        enqueue(w, r, r->priority);
        i32 is_limited = r->queue->given->capacity >= 0 || r->queue->given->room_n;
        if (r->state == QUEUED && (r->queue->closed || is_limited)) turn_away(w, r);
    }
    /* After the search has begun: most requests are accepted at once and need no timers. */
    if (r->state != ENDED) start_clocks(w, r);
}

/* Waiting. */

/* Offer a request to an agent; return whether it is offered, or kept among those that wait. */
i32 dispatch(World *w, Request *r, i32 is_kept) {
    Desk *desk = desk_for(w, r, NULL);
    if (desk && w->just_freed.n) desk = unclaimed(w, r, desk);
    if (!desk) return is_kept;
    if (w->given->holds_back && lets_another_go(w, r, desk, is_kept)) return 1;
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
void keep(World *w, Request *r) {
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
    on_change(w);
    if (!dispatch(w, r, 0)) keep(w, r);
}

/* Take a request out of the queue or off the list in which it waits. */
void leave_queue(World *w, Request *r) {
    if (r->queue->given->pull.exists) {
        pull_remove(r->queue, r);
    } else if (r->ticket) {
        r->queue->waiting--;
        r->ticket = r->step_token = 0;
        on_change(w);
    }
}

/* Widen the search of a waiting request by one step, and by all that last no time. */
void open_next_step(World *w, Request *r) {
    if (r->state != QUEUED) return;
    r->level++;
    EventRow *row = log_request(w, EVENT_step_opened, r);
    if (row) row->first = r->level + 1;
    if (!dispatch(w, r, 0)) keep(w, r);
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
    if (w->just_freed.n) take_off(&w->just_freed, desk);
    Agent *agent = desk->agent;
    if (!agent->present || (agent->team->heads && agent->team->heads->leaving.n)) agent_on_freed(w, agent);
    if (desk->available) seek(w, desk);
    if (!desk->pool) return;
    const i32 *lists = w->given->pool_lists + desk->pool->given->list_first;
    for (i32 i = 0; i < desk->pool->given->list_n; i++) pull_on_slot_free(w, &w->queues[lists[i]], desk);
    if (desk->interrupts) seek_interrupted(w, desk);
}

/* Look through all queues of an agent who may take more; several slots may be free, so one look is not enough. */
void seek(World *w, Desk *desk) {
    if (!desk->pool) return;
    while (desk->available) {
        Request *request = request_for(w, desk);
        if (!request) {
            on_change(w);
            return;
        }
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
    limit_remove(w, r->queue, desk->agent);
    on_slot_free(w, desk);
}

/* End a search that no agent has accepted; its wait ended at that instant. */
void close_request_at(World *w, Request *r, i32 outcome, i32 disposition, f64 at) {
    leave_queue(w, r);
    r->outcome = outcome;
    write_task(w, r, disposition);
    r->state = ENDED;
    r->offer_token = r->ttl_token = r->limit_token = 0;
    r->conversation->pending = NULL;
    w->last_work = w->now;
    write_request(w, r, at);
    let_go_request(w, r);
}

/* End such a search, whose wait ends now. */
void close_request(World *w, Request *r, i32 outcome, i32 disposition) {
    close_request_at(w, r, outcome, disposition, w->now);
}

/* Send away all who wait in a queue, and from now on all who would have to wait there. */
void clear_queue(World *w, Queue *queue) {
    queue->closed = 1;
    send_away(w, queue, disconnect);
}

/* Do so in all queues that keep nobody for the next day. */
void clear_queues(World *w) {
    for (i32 q = 0; q < w->given->n_queues; q++) w->queues[q].closed = !w->queues[q].given->carries_over;
    for (i32 q = 0; q < w->given->n_queues; q++)
        if (w->queues[q].closed) clear_queue(w, &w->queues[q]);
}

/* Note that an agent has closed their task. */
void on_task_closed(World *w, Part *part) {
    part->is_open = 0;
    w->part_n--;
    w->last_work = w->now;
    if (!w->part_n) stop_if_over(w);
}
