/* A conversation: one customer's contact, the one request that may be pending for it, and the agents in it. */
#include "world.h"

#define MOST_AT_ONCE 50

/* Forget a conversation whom nothing knows any more. */
void let_go_conversation(World *w, Conversation *c) {
    if (--c->refs) return;
    bury(w, &w->conversations, c);
    let_go_customer(w, c->customer);
}

/* The customer waits. */

/* Start the customer's wait for a request, as long as their patience lasts; they have no agent meanwhile. */
void start_waiting(World *w, Conversation *c, Request *request) {
    if (!c->waits) {
        c->waits = 1;
        c->waiting_since = w->now;
    }
    customer_wait_for(w, c->customer, request);
}

/* Extend a customer's wait beyond the time-to-live of the request. */
void on_ttl_while_ringing(World *w, Conversation *c) {
    if (c->waits) customer_on_ttl_while_ringing(w, c->customer);
}

static void stop_waiting(World *w, Conversation *c) {
    if (!c->waits) return;
    c->customer->token = 0;
    f64 waited = w->now - c->waiting_since;
    c->total_wait += waited;
    c->waits = 0;
    if (c->wait != c->wait) c->wait = waited; /* the first agent is still to come: only this wait is the contact's */
}

/* Agents come and go. */

/* Count an agent's request; no time passing between very many of them is a mistake of the scenario. */
void count_request(World *w, Conversation *c) {
    c->asked = w->now == c->asked_at ? c->asked + 1 : 1;
    c->asked_at = w->now;
    if (c->asked > MOST_AT_ONCE) fail(w, MISTAKE_standstill, c, __LINE__);
}

/* Admit an agent: all who accept have the same rights. */
void admit(World *w, Conversation *c, Part *part, i32 event) {
    if (c->waits) stop_waiting(w, c);
    add(w, &c->parts, part);
    c->agents++;
    c->last_agent = part->agent;
    log_conversation(w, event, c, part->agent, part->queue->number);
    if (c->parts.n > 1 || c->whispers) gather(w, c, part->agent);
    if (c->agents > 1) return; /* answered once: a transfer or a guest changes neither the answer nor the wait */
    c->answered_at = part->answered_at;
    if (c->wait != c->wait) c->wait = c->answered_at - c->requested_at;
    if (w->given->supervisors >= 0) on_first_answer(w, c);
}

/* Release an agent; with the last one the conversation is over, unless a transfer goes on. */
void leave(World *w, Conversation *c, Part *part, Request *onward) {
    take_off(&c->parts, part);
    if (c->pending && c->pending->host == part) c->pending->host = NULL;
    log_conversation(w, EVENT_agent_left, c, part->agent, -1);
    if (c->whispers || c->parts.n > 1) on_insiders_changed(w, c);
    if (c->visits.n && !c->parts.n) {
        List visits = {0};
        copy_list(w, &visits, &c->visits);
        for (i32 i = 0; i < visits.n; i++) visit_go_on(w, visits.items[i]);
        give_back(w, visits.items);
    }
    if (onward || c->outcome >= 0) return;
    Request *pending = c->pending;
    if (c->parts.n) {
        /* The agent who asked for a warm transfer holds the customer, who has no one to talk to from now on. */
        if (pending && pending->warm && c->parts.n == 1 && c->parts.items[0] == pending->host)
            start_waiting(w, c, pending);
        return;
    }
    if (!pending) {
        end_conversation(w, c, CONTACT_handled);
    } else if (pending->kind == KIND_conference) {
        /* With no agent left to join, a conference is over; a transfer takes the customer over. */
        withdraw(w, pending, SEARCH_cancelled);
        end_conversation(w, c, CONTACT_handled);
    } else {
        start_waiting(w, c, pending);
    }
}

/* Several who are in. */

/* Return the rate of the agents' whispers, plus that of the supervisors where one is in. */
f64 whispers_per_minute(World *w, Conversation *c) {
    f64 rate = c->parts.n > 1 ? c->talk_rate : 0.0;
    if (w->given->supervisors >= 0 && supervisor_is_in(w, c)) rate += w->given->supervision_whispers;
    return rate;
}

/* Follow a coming or leaving with the rate of the whispers, which begin where there is one. */
void on_insiders_changed(World *w, Conversation *c) {
    if (!c->whispers) {
        if (whispers_per_minute(w, c) <= 0 || c->outcome >= 0) return;
        c->whispers = new_whispers(w, c);
    }
    whispers_adjust(w, c->whispers);
}

/* Open the whispers to an agent or supervisor who has come in, from the second one on. */
void gather(World *w, Conversation *c, Agent *agent) {
    if (c->whispers) whispers_on_joined(w, c->whispers, agent);
    on_insiders_changed(w, c);
}

static i32 outcome_of(i32 search) {
    switch (search) {
    case SEARCH_no_agent: return CONTACT_no_agent;
    case SEARCH_disconnected: return CONTACT_disconnected;
    case SEARCH_unfinished: return CONTACT_unfinished;
    default: return CONTACT_abandoned;
    }
}

/* Go on after a search that found no agent: with those who are in, or not at all. */
void on_no_agent(World *w, Conversation *c, Request *request) {
    if (request->host) {
        stop_waiting(w, c);
        tell(w, request->host, NOBODY, request->queue);
    } else if (!c->parts.n) {
        end_conversation(w, c, outcome_of(request->outcome));
    }
}

/* End the contact before it could wait: 0 is for want of a line, 1 of a waiting place, from 2 on in a waiting room. */
void block(World *w, Conversation *c, i32 reason) {
    EventRow *row = log_conversation(w, EVENT_blocked, c, NULL, -1);
    if (row) row->first = reason;
    end_conversation(w, c, CONTACT_blocked);
}

/* End the contact of a customer whose patience is over; what is pending for them is withdrawn. */
void on_customer_leaves(World *w, Conversation *c) {
    if (c->pending) withdraw(w, c->pending, SEARCH_abandoned);
    end_conversation(w, c, CONTACT_abandoned);
    if (!c->parts.n) return;
    /* After the end: the last to leave must find the outcome set. A copy, as each takes themselves off the list. */
    List parts = {0};
    copy_list(w, &parts, &c->parts);
    for (i32 i = 0; i < parts.n; i++) tell(w, parts.items[i], CUSTOMER_LEFT, NULL);
    give_back(w, parts.items);
}

/* Close the conversation. */
void end_conversation(World *w, Conversation *c, i32 outcome) {
    if (c->waits) stop_waiting(w, c);
    c->outcome = outcome;
    c->ended_at = w->now;
    EventRow *row = log_conversation(w, EVENT_conversation_ended, c, NULL, -1);
    if (row) row->first = outcome;
    record_conversation(w, c); /* before the whispers are closed, as it counts them */
    if (c->whispers) {
        whispers_close(w, c->whispers);
        c->whispers = NULL;
    }
    customer_on_conversation_ended(w, c->customer);
}

/* Record the contact and its whispers. */
void record_conversation(World *w, Conversation *c) {
    for (i32 i = 0; c->whispers && i < c->whispers->n; i++) write_whisper(w, c, &c->whispers->said[i]);
    write_conversation(w, c);
}

/* The parts of the agents: what handling and barging in have in common. */

Part *new_part(World *w, Conversation *conversation, Queue *queue, Desk *desk) {
    Part *part = born(w, &w->parts);
    clear(part, sizeof *part);
    part->refs = 1;
    part->conversation = conversation;
    part->queue = queue;
    part->desk = desk;
    part->agent = desk->agent;
    part->answered_at = w->now;
    part->wrap_up_at = NEVER;
    part->number = ++w->parts_so_far;
    conversation->refs++;
    return part;
}

/* Take a part up among all that are open. */
void join_parts(World *w, Part *part) {
    part->is_open = 1;
    w->part_n++;
}

/* Deliver a signal, at once where the part waits, else as soon as it would wait: the latest one counts. */
void tell(World *w, Part *part, i32 signal, Queue *queue) {
    if (part->hearing) {
        part->token = 0;
        part_go_on(w, part, signal, queue);
    } else {
        part->mail = signal;
        part->mail_queue = queue;
    }
}

/* Take the signal that is there and return true, or wait for one without working. */
i32 hear(World *w, Part *part, i32 pc, i32 *signal, Queue **queue) {
    (void)w;
    part->pc = pc;
    part->hearing = part->mail == NO_SIGNAL;
    *signal = part->mail;
    *queue = part->mail_queue;
    part->mail = NO_SIGNAL;
    return !part->hearing;
}

/* Work apart from what is left, or take the signal that is there and return true. */
i32 work_through(World *w, Part *part, f64 amount, i32 pc, i32 *signal) {
    part->goal = 0.0;
    part->pc = pc;
    *signal = part->mail;
    part->mail = NO_SIGNAL;
    if (*signal) return 1;
    part->later = part->left;
    part->left = amount;
    desk_begin(w, part);
    part->hearing = 1;
    return 0;
}

/* Return the work that is left at this moment, in seconds at full pace. */
f64 work_left(const World *w, const Part *part) {
    if (!part->hearing || !part->token) return part->left;
    return part->left - (w->now - part->since) * part->desk->rate;
}

/* Say how the task ends, and by which request the conversation goes on. */
i32 departs(Part *part, i32 disposition, Request *onward) {
    part->disposition = disposition;
    part->onward = onward;
    return LEAVES;
}

/* Stop, whatever was being done. */
void break_off(World *w, Part *part) {
    part->hearing = 0;
    part->mail = NO_SIGNAL;
    part->token = 0;
    if (place_in(&part->desk->works, part) >= 0) desk_stop(w, part);
}
