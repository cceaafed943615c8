/* A request: one search for an agent, from its placing to its end, over all offers. */
#include "world.h"

Request *new_request(World *w, Conversation *conversation, Queue *queue, i32 kind, i32 priority) {
    Request *r = born(w, &w->requests);
    List rung = {r->rung.items, 0, r->rung.room};
    clear(r, sizeof *r);
    r->refs = 1;
    r->conversation = conversation;
    r->queue = queue;
    r->kind = kind;
    r->priority = r->placed_priority = priority;
    r->number = ++w->requests_so_far;
    r->outcome = SEARCH_unfinished;
    r->expires_at = FOREVER;
    r->first_offer_at = r->answered_at = NEVER;
    r->rung = rung;
    return r;
}

/* Name the part of the agent who has asked for it and stays in; the number tells whether the memory is still theirs. */
void set_host(Request *r, Part *host) {
    r->host = host;
    r->host_number = host->number;
}

i32 is_host(const Request *r, const Part *part) { return r->host == part && r->host_number == part->number; }

/* Forget a request whom nothing knows any more. */
void let_go_request(World *w, Request *request) {
    if (!--request->refs) bury(w, &w->requests, request);
}

/* How long the search of a request may last: by its kind, else by its queue, else by its channel. */
static f64 time_to_live(const Request *r) {
    if (r->from_queue) {
        const QueueGiven *from = r->from_queue->given;
        f64 by_kind = r->kind == KIND_conference ? from->conference.ttl : from->transfer.ttl;
        if (by_kind == by_kind) return by_kind;
    }
    f64 of_queue = r->queue->given->ttl;
    return of_queue == of_queue ? of_queue : r->conversation->customer->source->given->ttl;
}

/* List those whom the dropdown leaves out: who is in the conversation, and who is asking. */
void unseen(World *w, Request *r, List *agents) {
    const List *parts = &r->conversation->parts;
    for (i32 i = 0; i < parts->n; i++) {
        Agent *agent = ((Part *)parts->items[i])->agent;
        if (place_in(agents, agent) < 0) add(w, agents, agent);
    }
    if (r->requester && place_in(agents, r->requester) < 0) add(w, agents, r->requester);
}

/* Start the time-to-live, and the patience of a customer who has no agent to talk to; those of a search that goes on
   run on. */
void start_clocks(World *w, Request *r) {
    Conversation *c = r->conversation;
    f64 limit = r->queue->given->wait_limit;
    if (r->continues) {
        if (r->expires_at < FOREVER) r->ttl_token = schedule(w, r->expires_at, REQUEST_TTL, DUE_REQUEST, r);
    } else {
        f64 ttl = time_to_live(r);
        if (ttl == ttl) {
            r->expires_at = r->placed_at + ttl;
            r->ttl_token = schedule(w, r->expires_at, REQUEST_TTL, DUE_REQUEST, r);
        }
    }
    if (limit == limit && r->kind != KIND_named_transfer)
        r->limit_token = schedule(w, r->placed_at + limit, REQUEST_TTL, DUE_REQUEST, r);
    if (r->continues) return;
    if (!c->parts.n || (r->warm && c->parts.n == 1)) start_waiting(w, c, r);
}

/* Return the request by which a search goes on in a queue: all that was asked for and has happened stays. */
Request *going_on(World *w, Request *r, Queue *queue, i32 kind, i32 priority) {
    Request *onward = new_request(w, r->conversation, queue, kind, priority);
    onward->direction = r->direction;
    onward->requester = r->requester;
    onward->from_queue = r->from_queue;
    onward->host = r->host;
    onward->host_number = r->host_number;
    onward->rest = r->rest;
    onward->warm = r->warm;
    onward->note = r->note;
    for (i32 i = 0; i < r->rung.n; i++) add(w, &onward->rung, r->rung.items[i]);
    onward->continues = r->state != NOT_PLACED; /* what ends as it is placed has started no clocks */
    onward->expires_at = r->expires_at;
    return onward;
}

/* Do what was due: the end of an offer, the time-to-live, the next step, the wait limit, or the placing of one that
   goes back. */
void request_due(World *w, Request *r, i64 token) {
    /* The token says which timer it was; one that was set anew or stopped matches none and does nothing. */
    if (token == r->offer_token) {
        r->offer_token = 0;
        on_offer_ended(w, r);
    } else if (token == r->step_token) {
        r->step_token = 0;
        open_next_step(w, r);
    } else if (token == r->ttl_token) {
        r->ttl_token = 0;
        on_ttl_expired(w, r);
    } else if (token == r->limit_token) {
        r->limit_token = 0;
        on_wait_limit(w, r);
    } else if (token == r->back_token) {
        r->back_token = 0;
        place(w, r);
    }
}
