/* Offers: a request rings at an agent, who accepts it or lets it ring out. */
#include "world.h"

static void move(World *w, Request *r, Request *onward, i32 disposition) {
    EventRow *row = log_request(w, EVENT_request_moved, r);
    if (row) row->first = onward->kind, row->second = onward->queue->number;
    close_request(w, r, SEARCH_moved, disposition);
    place(w, onward);
}

/* End the search for a named agent, who does not take it; where the queue says so its queue is asked. */
static void end_named(World *w, Request *r, i32 disposition) {
    if (!r->from_queue->given->transfer.falls_back || r->expired || r->queue->closed)
        no_agent(w, r, disposition);
    else
        move(w, r, going_on(w, r, r->queue, KIND_transfer, w->given->transfer_priority), disposition);
}

/* Whether it may ring at a desk that was not looked for: a named agent's, or that of the last one. */
static i32 may_ring(const World *w, const Request *r, const Desk *desk) {
    return desk->available && !is_full(w, r->queue, desk->agent);
}

/* Ring the agent whom a direct transfer names; where they may not get it the search is over. */
void ring_named(World *w, Request *r) {
    r->task = ++w->tasks_so_far;
    r->enqueued_at = r->placed_at;
    Desk *desk = r->named;
    if (!desk || !may_ring(w, r, desk) || bars(w, r, desk->agent))
        end_named(w, r, TASK_NO_AGENT_AVAILABLE);
    else
        offer(w, r, desk);
}

/* Do what the queue says: voice mail, the end, or another queue; with an agent in there is nobody to find. */
static void leave_by_limit(World *w, Request *r) {
    const QueueGiven *queue = r->queue->given;
    Conversation *c = r->conversation;
    if (c->parts.n) {
        no_agent(w, r, TASK_NO_AGENT_AVAILABLE);
    } else if (queue->limit_queue < 0) {
        i32 voicemail = queue->limit_outcome == SEARCH_voicemail;
        EventRow *row = log_request(w, EVENT_wait_limit_reached, r);
        if (row) row->first = voicemail;
        close_request(w, r, queue->limit_outcome, TASK_NO_AGENT_AVAILABLE);
        end_conversation(w, c, voicemail ? CONTACT_voicemail : CONTACT_wait_limit);
    } else {
        Request *onward = going_on(w, r, &w->queues[queue->limit_queue], r->kind, r->placed_priority);
        move(w, r, onward, TASK_NO_AGENT_AVAILABLE);
    }
}

/* End the wait for a queue at its limit; an offer that rings is not cut short. */
void on_wait_limit(World *w, Request *r) {
    if (r->state == RINGING)
        r->limit_token = PASSED;
    else if (r->state == QUEUED)
        leave_by_limit(w, r);
}

/* Return where a customer's last agent is now: a person may be in another team. */
static Desk *last_desk(const Request *r) {
    const Desk *desk = r->conversation->customer->last_desk;
    Desk *now = desk ? desk_on(desk->agent, desk->given->medium) : NULL;
    return now && now->pool ? now : NULL; /* supervisors are offered nothing */
}

/* Whether a customer who is about to ask finds somebody, as their queue has it: available, or free for them. */
i32 finds_agent(World *w, Request *r) {
    if (!r->queue->given->balks_unless_free || r->queue->given->pull.exists) return available_of(w, r->queue) > 0;
    Desk *desk = w->given->last_agent ? last_desk(r) : NULL;
    return (desk && may_ring(w, r, desk)) || finds_somebody(w, r);
}

/* Offer a returning customer to their last agent first, where that one is available. */
i32 ring_last_agent(World *w, Request *r) {
    Desk *desk = last_desk(r);
    if (r->kind != KIND_inbound || !desk || !may_ring(w, r, desk)) return 0;
    r->task = ++w->tasks_so_far;
    r->enqueued_at = r->placed_at;
    offer(w, r, desk);
    return 1;
}

/* Ring an agent, or let them accept at once where they take no time for it. */
void offer(World *w, Request *r, Desk *desk) {
    if (r->ticket) leave_queue(w, r);
    f64 delay, ring_time = r->queue->given->ring_time;
    i32 accepts = customer_answer_of(w, r->conversation->customer, desk->agent->team, &delay);
    r->state = RINGING;
    r->desk = desk;
    r->reserved_at = w->now;
    if (!r->offers) r->first_offer_at = w->now;
    r->offers++;
    desk->offered_last = ++w->offers;
    limit_add(w, r->queue, desk->agent);
    /* Decided when it begins to ring, so that one end of the offer stands in the calendar. An accept at the very end of
       the ring time still counts. */
    r->will_accept = accepts && delay <= ring_time;
    log_request(w, EVENT_offered, r);
    if (r->will_accept && delay <= 0.0) {
        /* Never rang: a reservation of no length would be written to the agent's states and undone. */
        desk_take(w, desk);
        begin_handling(w, answer(w, r, desk));
        return;
    }
    desk_reserve(w, desk);
    if (r->will_accept)
        r->offer_token = schedule(w, w->now + delay, ACCEPT, DUE_REQUEST, r);
    else
        r->offer_token = schedule(w, w->now + ring_time, RING_TIMEOUT, DUE_REQUEST, r);
}

static void give_up(World *w, Request *r) {
    if (r->queue->closed && !r->expired && !r->named)
        disconnect(w, r);
    else if (r->kind == KIND_named_transfer)
        end_named(w, r, TASK_RONA);
    else if (r->limit_token == PASSED && !r->expired)
        leave_by_limit(w, r);
    else
        no_agent(w, r, TASK_NO_AGENT_AVAILABLE);
}

/* Pause an agent or log them out, after so many ring-outs in a row. */
static void react(World *w, Desk *desk) {
    const DeskGiven *given = desk->given;
    if (++desk->missed < given->misses) return;
    desk->missed = 0;
    if (given->pause)
        desk_mute(w, desk, agent_draw(w, desk->agent, given->pause, desk->agent->duty->pauses++));
    else if (given->logs_out)
        agent_send_home(w, desk->agent);
}

/* Take the offer back; the request queues anew unless its time is over. */
static void ring_out(World *w, Request *r, Desk *desk) {
    r->ring_outs++;
    w->last_work = w->now;
    if (place_in(&r->rung, desk->agent) < 0) add(w, &r->rung, desk->agent);
    log_request(w, EVENT_rang_out, r);
    /* The time-to-live cuts no offer short, so it may have ended while this one rang; a named agent has no substitute;
       and nothing queues anew once the queues are cleared. */
    i32 over = r->expired || r->limit_token == PASSED || r->kind == KIND_named_transfer || r->queue->closed;
    if (!over) write_task(w, r, TASK_RONA);
    if (!over) r->desk = NULL; /* the last row of a search that is over names the agent; one that goes on has none */
    desk_withdraw(w, desk);
    limit_remove(w, r->queue, desk->agent);
    /* Switched off before the request queues anew, else the same agent could get it back at once. */
    if (desk->given->misses) react(w, desk);
    add(w, &w->just_freed, desk);
    if (over) {
        give_up(w, r);
    } else {
        EventRow *row = log_request(w, EVENT_requeued, r);
        if (row) row->first = w->given->requeue_priority;
        enqueue(w, r, w->given->requeue_priority);
        if (r->queue->given->empties) on_gone(w, r->queue);
    }
    on_slot_free(w, desk);
}

/* End the ringing: the agent accepts, or it has rung out. */
void on_offer_ended(World *w, Request *r) {
    Desk *desk = r->desk;
    if (r->will_accept) {
        desk_accept(w, desk);
        Part *part = answer(w, r, desk);
        begin_handling(w, part);
        if (!desk->on) on_accepted(w, part);
    } else {
        ring_out(w, r, desk);
    }
}

/* End the search with an agent, and return their handling. */
Part *answer(World *w, Request *r, Desk *desk) {
    desk->missed = 0;
    r->answered_at = w->now;
    r->state = ENDED;
    r->ttl_token = r->limit_token = 0;
    r->outcome = SEARCH_answered;
    r->conversation->pending = NULL;
    log_request(w, EVENT_accepted, r);
    w->last_work = w->now;
    write_request(w, r, w->now);
    Part *part = new_handling(w, r, desk, NULL);
    let_go_request(w, r);
    return part;
}
