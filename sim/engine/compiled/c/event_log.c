/* The event log: everything that happens, where a run was asked for it. */
#include "world.h"

static EventRow *write_event(World *w, i32 event, Conversation *c, i64 request, Agent *agent, i32 queue) {
    EventRow *row = event_row(w);
    row->at = w->now;
    row->event = event;
    row->conversation_id = c->number;
    row->request_id = request;
    row->agent = agent ? agent->number : -1;
    row->queue = queue;
    row->medium = c->customer->source->given->medium;
    return row;
}

/* Write what happened to a request, where the log is on, and hold it against what must be so. */
EventRow *tell_of_request(World *w, i32 event, Request *r) {
    if (w->watch) watch_request(w, event, r);
    if (!log_is_on(w)) return NULL;
    return write_event(w, event, r->conversation, r->number, r->desk ? r->desk->agent : NULL, r->queue->number);
}

/* Write what happened in a conversation, where the log is on. */
EventRow *tell_of_conversation(World *w, i32 event, Conversation *c, Agent *agent, i32 queue) {
    if (w->watch) watch_conversation(w, event, c, agent);
    return log_is_on(w) ? write_event(w, event, c, 0, agent, queue) : NULL;
}

/* Write that a customer makes contact. */
void log_arrival(World *w, Conversation *c) {
    if (!log_is_on(w)) return;
    Customer *customer = c->customer;
    f64 share = customer->source->given->identified;
    i32 identified = share > 0 && uniform_of(w, customer, U_identified, 0) < share;
    EventRow *row = log_conversation(w, EVENT_arrived, c, NULL, c->queue);
    row->first = c->channel;
    row->customer = customer->number;
    row->second = customer->label;
    row->third = identified;
}
