/* Conversations that go back to their queue: handed back at the end of a shift, or interrupted by another medium. */
#include "world.h"

#define PRIORITY_OF_REROUTED 11

/* Whether an agent is in for a warm transfer that is not done yet. */
static i32 takes_over_from(const Part *part, const Part *host) {
    return part->request && part->request->warm && is_host(part->request, host);
}

static Rest rest_of(const World *w, const Part *part) {
    f64 speed = at_own_speed(w, part, 1.0);
    Rest rest = {.queue = part->queue, .work_s = (part->left < 0.0 ? 0.0 : part->left) / speed, .act_n = part->act_n};
    for (i32 i = 0; i < part->act_n; i++) {
        rest.acts[i] = part->acts[i];
        rest.act_left[i] = part->act_left[i] / speed;
    }
    return rest;
}

/* Return the request by which the conversation goes back; none where others go on with it. */
static Request *request_back(World *w, Part *part) {
    Conversation *c = part->conversation;
    List inside = {0};
    copy_list(w, &inside, &c->parts);
    for (i32 i = 0; i < inside.n; i++) /* who has not taken over yet is taken out */
        if (takes_over_from(inside.items[i], part)) tell(w, inside.items[i], CUSTOMER_LEFT, NULL);
    give_back(w, inside.items);
    if (c->parts.n > 1) return NULL;
    if (c->pending) {
        /* A transfer that another agent has asked for takes the customer over. */
        if (c->pending->kind != KIND_conference && c->pending->host != part) return NULL;
        withdraw(w, c->pending, SEARCH_cancelled);
        c->customer->token = 0; /* a patience that ran begins anew with the request, or is for ever */
    }
    Request *onward = new_request(w, c, part->queue, KIND_rerouted, PRIORITY_OF_REROUTED);
    onward->direction = part->direction;
    onward->rest = rest_of(w, part);
    return onward;
}

/* Let the guests of a conference know what the agent who had asked has left to do. */
static void leave_the_work(Part *part) {
    const List *inside = &part->conversation->parts;
    for (i32 i = 0; i < inside->n; i++) {
        Part *guest = inside->items[i];
        if (!guest->request || !is_host(guest->request, part)) continue;
        guest->host_went_back = 1;
        guest->host_left = part->left;
    }
}

/* Take an agent out of their conversation, close their task, and let the conversation go back where it has to. */
static void go_back(World *w, Part *part, i32 reason, f64 left) {
    Conversation *c = part->conversation;
    break_off(w, part);
    part->left = left;
    leave_the_work(part);
    Request *onward = request_back(w, part);
    if (onward) {
        EventRow *row = log_conversation(w, EVENT_sent_back, c, part->agent, part->queue->number);
        if (row) row->first = reason;
    }
    leave(w, c, part, onward);
    part->wrap_up_at = w->now;
    part->disposition = reason == SHIFT_END ? TASK_AGENT_LOGOUT : TASK_REROUTE;
    close_task(w, part);
    /* Placed once all that ends at the instant has ended. */
    if (onward) onward->back_token = schedule(w, w->now, GOES_BACK, DUE_REQUEST, onward);
    after_the_task(w, part);
}

/* Send back a conversation, unless the agent has left it. */
static void send_back_if_open(World *w, Part *part, i32 reason) {
    i32 is_in = part->wrap_up_at != part->wrap_up_at && place_in(&part->conversation->parts, part) >= 0;
    if (part->barged_in || !is_in) return;
    if (!part->hearing) ENGINE_FAILS(w);
    f64 left = work_left(w, part);
    /* It is the work of who has gone that is left, not the time together. */
    if (part->pc == ASSISTING && part->host_went_back) left = part->host_left;
    i32 with_a_host = part->pc == ASSISTING || part->pc == TAKING_OVER;
    part->token = 0;
    /* Else the host would wait for ever for the time together to end. */
    if (with_a_host && is_host(part->request, part->request->host)) tell(w, part->request->host, NOBODY, NULL);
    go_back(w, part, reason, left);
}

static int by_task(const void *one, const void *other) {
    i64 a = (*(Part *const *)one)->task, b = (*(Part *const *)other)->task;
    return a < b ? -1 : a > b;
}

/* Send back every conversation at a desk; wrap-ups are finished. */
void send_all_back(World *w, Desk *desk, i32 reason) {
    List mine = {0};
    for (i64 i = 0; i < room_of(&w->parts) && mine.n < desk->held; i++) {
        Part *part = thing_at(&w->parts, i);
        if (part->is_open && part->desk == desk) add(w, &mine, part);
    }
    if (!mine.n) return;
    qsort(mine.items, (size_t)mine.n, sizeof(void *), by_task);
    for (i32 i = 0; i < mine.n; i++) send_back_if_open(w, mine.items[i], reason);
    give_back(w, mine.items);
}

/* Give back what is open of the media that the agent's team hands back at the end of a shift. */
void hand_back(World *w, Agent *agent) {
    for (i32 i = 0; i < agent->desk_n; i++) {
        if (!agent->desks[i].given->hands_back) continue;
        when_free(w, agent, WAITS_FOR_NOTHING);
        send_all_back(w, &agent->desks[i], SHIFT_END);
    }
}

/* Whether an agent whose shift is over gives back what they have open at a desk. */
i32 gives_back(const Desk *desk) {
    return desk->agent->off_reason == REASON_overtime && desk->given->hands_back;
}

/* Treat a conversation that was accepted by an agent who takes no more as those that they had open already. */
void on_accepted(World *w, Part *part) {
    if (gives_back(part->desk))
        send_back_if_open(w, part, SHIFT_END);
    else if (reroutes(w, part->desk))
        send_back_if_open(w, part, INTERRUPTION);
}
