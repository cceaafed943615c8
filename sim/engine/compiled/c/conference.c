/* Conference: an agent calls a colleague into the conversation. */
#include "world.h"

/* Ask for a colleague; go on working meanwhile, or hold until they have joined or the search has ended. */
i32 conference(World *w, Part *part) {
    const ConferenceGiven *spec = &part->queue->given->conference;
    Request *r = ask(w, part, KIND_conference, 1, NULL);
    if (r->state == ENDED) return STAYS;
    r->direction = DIRECTION_DIRECT_CONFERENCE;
    set_host(r, part);
    part->conversation->conferences++;
    part->conversation->talk_rate = spec->whispers_per_minute;
    EventRow *row = log_conversation(w, EVENT_conference_placed, part->conversation, part->agent, r->queue->number);
    if (row) row->first = r->note;
    place(w, r);
    if (spec->works && part->left > 0) return STAYS;
    i32 signal;
    Queue *queue;
    return hear(w, part, HEARING_ANSWER, &signal, &queue) ? respond(w, part, signal, queue) : WAITS;
}

/* Continue without the colleague, which costs extra time, or transfer to the queue that was asked. */
static i32 alone(World *w, Part *part, Queue *queue) {
    const ConferenceGiven *spec = &part->queue->given->conference;
    if (spec->transfers && may_transfer(part)) {
        Request *onward = ask(w, part, KIND_transfer, 1, queue);
        return onward->state == ENDED ? STAYS : hand_on(w, part, onward);
    }
    if (spec->extra_time >= 0) part->left += part_drawn(w, part, spec->extra_time);
    return STAYS;
}

/* Do what follows from the end of the search, as the agent who had asked. */
i32 respond(World *w, Part *part, i32 signal, Queue *queue) {
    if (signal == CUSTOMER_LEFT) return departs(part, TASK_DONE, NULL);
    if (signal == NOBODY) return alone(w, part, queue);
    if (signal != JOINED) ENGINE_FAILS(w);
    return hear(w, part, HEARING_END, &signal, &queue) ? together_over(part, signal) : WAITS;
}

i32 together_over(Part *part, i32 signal) {
    if (signal == CUSTOMER_LEFT || signal == HOST_LEAVES) return departs(part, TASK_DONE, NULL);
    return STAYS;
}

static f64 guest_time(World *w, Part *part, const Part *host) {
    i32 draw = host->queue->given->conference.guest_time;
    return draw >= 0 ? at_own_speed(w, part, part_drawn(w, part, draw)) : handle_time(w, part);
}

/* End the time together with the agent who had asked: one of them leaves, or neither. */
i32 assist(World *w, Part *part, i32 signal) {
    if (signal) return departs(part, TASK_DONE, NULL);
    if (part->host_went_back) {
        part->left = part->host_left; /* somebody has to go on */
        return STAYS;
    }
    Part *host = part->request->host;
    const ConferenceGiven *spec = &host->queue->given->conference;
    i32 then = pick(w, spec->then_n, spec->then_first, part_uniform(w, host, U_then));
    if (then == THEN_requester_leaves)
        part->left = guest_time(w, part, host);
    else if (then == THEN_both_stay)
        part->left = host->left;
    tell(w, host, then == THEN_requester_leaves ? HOST_LEAVES : TOGETHER_OVER, NULL);
    return then == THEN_guest_leaves ? departs(part, TASK_DONE, NULL) : STAYS;
}
