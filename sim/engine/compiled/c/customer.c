/* A customer: arrives, asks, waits, is served, and perhaps comes back. */
#include "world.h"

enum { ARRIVES, WITH_THE_BOT, IN_CONVERSATION, COMES_BACK };

static void customer_until(World *w, Customer *customer, f64 time, i32 rank) {
    customer->token = schedule(w, time, rank, DUE_CUSTOMER, customer);
}

/* Forget a customer whom nothing knows any more. */
void let_go_customer(World *w, Customer *customer) {
    if (!--customer->refs) bury(w, &w->customers, customer);
}

/* Leave at once, with a request that is recorded as abandoned. */
static void refuse_to_wait(World *w, Request *request) {
    request->placed_at = request->enqueued_at = w->now;
    request->task = ++w->tasks_so_far;
    log_request(w, EVENT_balked, request);
    close_request(w, request, SEARCH_abandoned, TASK_CANCELLED);
    end_conversation(w, request->conversation, CONTACT_balked);
}

/* Ask for an agent: the request is parked in the queue of the contact. */
static void ask_for_agent(World *w, Customer *customer, Conversation *conversation) {
    Queue *queue = &w->queues[conversation->queue];
    conversation->requested_at = w->now;
    i32 priority = w->given->label_priorities[customer->label + 1];
    Request *request = new_request(w, conversation, queue, KIND_inbound, priority);
    f64 balk = queue->given->balk;
    if (balk != 0 && !finds_agent(w, request) && uniform_of(w, customer, U_balk, customer->attempt) < balk) {
        request->balked = 1;
        refuse_to_wait(w, request);
        return;
    }
    place(w, request);
}

static void arrive(World *w, Customer *customer) {
    open_conversation(w, customer);
    Conversation *conversation = customer->conversation;
    const SourceGiven *source = customer->source->given;
    if (conversation->outcome < 0 && source->self_service >= 0) {
        log_conversation(w, EVENT_self_service_started, conversation, NULL, -1);
        customer->pc = WITH_THE_BOT;
        customer_until(w, customer, w->now + drawn_by(w, customer, source->self_service, customer->attempt), ARRIVAL);
        return;
    }
    customer->pc = IN_CONVERSATION;
    if (conversation->outcome < 0) ask_for_agent(w, customer, conversation);
}

static void leave_the_bot(World *w, Customer *customer) {
    Conversation *conversation = customer->conversation;
    f64 contained = customer->source->given->contained;
    customer->pc = IN_CONVERSATION;
    if (contained != 0 && uniform_of(w, customer, U_contained, customer->attempt) < contained)
        end_conversation(w, conversation, CONTACT_contained);
    if (conversation->outcome < 0) ask_for_agent(w, customer, conversation);
}

/* Make contact until they do not come back: from the place where they are up to the next wait. */
void customer_go_on(World *w, Customer *customer) {
    if (customer->pc == ARRIVES || customer->pc == COMES_BACK)
        arrive(w, customer);
    else if (customer->pc == WITH_THE_BOT)
        leave_the_bot(w, customer);
    if (customer->pc == WITH_THE_BOT) return;
    Conversation *conversation = customer->conversation;
    if (conversation->outcome < 0) {
        customer->asleep = 1;
        return;
    }
    f64 back_in = on_conversation_over(w, customer, conversation);
    let_go_conversation(w, conversation);
    if (back_in != back_in) {
        let_go_customer(w, customer);
        return;
    }
    customer->attempt++;
    customer->pc = COMES_BACK;
    customer_until(w, customer, w->now + back_in, ARRIVAL);
}

/* Go on as the time has come: of their patience, of self-service, or of their coming back. */
void customer_due(World *w, Customer *customer) {
    customer->token = 0;
    if (customer->asleep) {
        customer->asleep = 0;
        on_customer_leaves(w, customer->conversation);
    }
    customer_go_on(w, customer);
}

/* Go on after the conversation. */
void customer_on_conversation_ended(World *w, Customer *customer) {
    if (!customer->asleep) return;
    customer->asleep = 0;
    customer->token = 0;
    customer_go_on(w, customer);
}

/* Set the instant at which their patience for a request is over, unless its time-to-live ends before. */
void customer_wait_for(World *w, Customer *customer, Request *request) {
    const QueueGiven *queue = request->queue->given;
    i32 draw = queue->patience, k = request->conversation->attempt;
    if (customer->patience_of >= 0) k = customer->patience_of;
    if (request->kind != KIND_inbound) {
        draw = queue->transfer_patience;
        k = customer->legs - 1;
        if (request->from_queue && request->from_queue->given->leaving_patience >= 0)
            draw = request->from_queue->given->leaving_patience;
    }
    f64 until = customer->patient_until = w->now + drawn_by(w, customer, draw, k);
    /* At the same instant the customer leaves first, as the ranks say. */
    if (until < FOREVER && (until <= request->expires_at || request->expired))
        customer_until(w, customer, until, CUSTOMER_LEAVES);
}

/* Wait beyond the time-to-live, as their request rings: only now does the end of their patience count. */
void customer_on_ttl_while_ringing(World *w, Customer *customer) {
    if (customer->patient_until < FOREVER) customer_until(w, customer, customer->patient_until, CUSTOMER_LEAVES);
}

/* Return whether an agent of a team accepts the next offer of this customer's, and after how many seconds. */
i32 customer_answer_of(World *w, Customer *customer, Team *team, f64 *delay) {
    i32 k = customer->offers++;
    f64 share = team->given->accepts;
    *delay = 0.0;
    if (share < 1 && (share == 0 || uniform_of(w, customer, U_accept, k) >= share)) return 0;
    *delay = drawn_by(w, customer, team->given->accept_delay, k);
    return 1;
}

/* Return the seconds after which they try again, NaN where they do not. */
f64 tries_again(World *w, Customer *customer, i32 purpose, i32 *so_far) {
    const Given *given = w->given;
    i32 asks = purpose == U_ask_again, attempt = customer->conversation->attempt;
    if (*so_far >= (asks ? given->most_asks_again : given->most_comes_back)) return NEVER;
    f64 share = asks ? given->share_asks_again : given->share_comes_back;
    if (uniform_of(w, customer, purpose, attempt) >= share) return NEVER;
    ++*so_far;
    return drawn_by(w, customer, asks ? given->ask_again_after : given->come_back_after, attempt);
}

/* Start the next contact of the workload. */
void on_arrival(World *w) {
    i64 i = w->next_arrival++;
    /* The next arrival before this one does anything: at the same instant, a new contact comes before one who comes
       again. */
    if (w->next_arrival < w->given->n_contacts)
        schedule_arrival(w, w->given->times[w->next_arrival]);
    Customer *customer = born(w, &w->customers);
    Source *source = &w->sources[w->given->streams[i]];
    i64 contact = w->given->contacts[i];
    look_at_draws(source, contact);
    w->customer_n++;
    clear(customer, sizeof *customer);
    customer->refs = 1;
    customer->source = source;
    customer->contact = contact;
    customer->number = ++w->customers_so_far;
    customer->label = source->labels ? source->labels[contact] : -1;
    customer->patient_until = FOREVER;
    customer->pc = ARRIVES;
    customer->patience_of = -1;
    customer_go_on(w, customer);
}
