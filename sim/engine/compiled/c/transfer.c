/* Transfer: an agent hands the conversation on to a queue or a named colleague. */
#include "world.h"

/* Asking for a colleague: what transfer and conference have in common. */

static void show_dropdown(World *w, Part *part) {
    if (!log_is_on(w)) return;
    const List *parts = &part->conversation->parts;
    Agent **inside = take_memory(w, (size_t)(parts->n + 1) * sizeof(Agent *));
    for (i32 i = 0; i < parts->n; i++) inside[i] = ((Part *)parts->items[i])->agent;
    i32 first = spill_numbers(w, w->given->n_queues);
    for (i32 q = 0; q < w->given->n_queues; q++)
        w->given->spill[first + q] = available_without(w, &w->queues[q], inside, parts->n);
    give_back(w, inside);
    EventRow *row = log_conversation(w, EVENT_dropdown_opened, part->conversation, part->agent, -1);
    row->name_first = first;
    row->name_n = w->given->n_queues;
}

/* Choose from the dropdown, perhaps by the numbers of available agents without those in the conversation. */
static Queue *chosen_queue(World *w, Part *part, i32 is_conference) {
    const QueueGiven *queue = part->queue->given;
    f64 uniform = part_uniform(w, part, is_conference ? U_conference_to : U_transfer_to);
    i32 n = is_conference ? queue->conference.to_n : queue->transfer.to_n;
    i32 first = is_conference ? queue->conference.to_first : queue->transfer.to_first;
    if (!(is_conference ? queue->conference.choose : queue->transfer.choose))
        return &w->queues[pick(w, n, first, uniform)];
    const List *parts = &part->conversation->parts;
    Agent **inside = take_memory(w, (size_t)(parts->n + 1) * sizeof(Agent *));
    for (i32 i = 0; i < parts->n; i++) inside[i] = ((Part *)parts->items[i])->agent;
    for (i32 q = 0; q < w->given->n_queues; q++)
        w->given->available[q] = available_without(w, &w->queues[q], inside, parts->n);
    give_back(w, inside);
    i32 chosen = w->given->ask_choice(part->queue->number, is_conference, uniform);
    if (chosen < 0) fail(w, MISTAKE_raised, NULL, __LINE__);
    return &w->queues[chosen];
}

/* Refuse a second request; the first and the conversation are untouched. */
static void refuse(World *w, Request *r) {
    r->placed_at = w->now;
    r->state = ENDED;
    r->outcome = SEARCH_refused;
    EventRow *row = log_request(w, EVENT_request_refused, r);
    if (row) row->first = r->kind;
    write_request(w, r, w->now);
    let_go_request(w, r);
}

/* Make the request an agent places from the dropdown, with its note; the second while one is pending comes back ended.
   `is_conference` says whose note it is: a conference that nobody joined may go on as a transfer. */
Request *ask(World *w, Part *part, i32 kind, i32 is_conference, Queue *queue) {
    const QueueGiven *own = part->queue->given;
    Conversation *c = part->conversation;
    count_request(w, c);
    show_dropdown(w, part);
    Queue *target = queue ? queue : chosen_queue(w, part, is_conference);
    i32 for_conference = kind == KIND_conference;
    Request *r = new_request(w, c, target, kind,
                             for_conference ? w->given->conference_priority : w->given->transfer_priority);
    r->requester = part->agent;
    r->from_queue = part->queue;
    f64 note = is_conference ? own->conference.note : own->transfer.note;
    r->note = note != 0 && part_uniform(w, part, for_conference ? U_conference_note : U_transfer_note) < note;
    /* All draws of the request come first: refused or not, it uses the same numbers. */
    if (c->pending) refuse(w, r);
    return r;
}

/* Return whether the conversation may be transferred once more from the queue of an agent's part. */
i32 may_transfer(const Part *part) {
    const TransferGiven *spec = &part->queue->given->transfer;
    return !spec->exists || spec->at_most < 0 || part->conversation->transfers < spec->at_most;
}

static void log_transfer(World *w, Part *part, Request *r) {
    EventRow *row = log_conversation(w, EVENT_transfer_placed, part->conversation, part->agent, r->queue->number);
    if (!row) return;
    row->first = r->kind;
    row->second = r->note;
    row->third = r->warm;
    row->fourth = r->named ? r->named->agent->number : -1;
}

/* Name a colleague of the queue, by lot among those logged in, or those who are available. */
static Desk *named_desk(World *w, Part *part, Request *r) {
    const i32 *members = w->given->member_pools + r->queue->given->member_first;
    i32 n = 0, there = !part->queue->given->transfer.choose;
    const Pool **pools = take_memory(w, (size_t)(r->queue->given->member_n + 1) * sizeof(Pool *));
    for (i32 i = 0; i < r->queue->given->member_n; i++) {
        const Pool *pool = &w->pools[members[i]];
        if ((there ? &pool->there : &pool->free)->n) pools[n++] = pool;
    }
    bar(w, r, NULL, 0);
    Desk *named = draw_one(w, pools, n, there, part_uniform(w, part, U_named_agent));
    give_back(w, pools);
    return named;
}

/* Leave, with the request by which the conversation goes on. */
i32 hand_on(World *w, Part *part, Request *r) {
    r->direction = DIRECTION_DIRECT_TRANSFER;
    part->conversation->transfers++;
    log_transfer(w, part, r);
    return departs(part, TASK_TRANSFERRED, r);
}

/* Hold the conversation until a colleague has taken it over; keep it where no one comes. */
static i32 warm(World *w, Part *part, Request *r) {
    r->direction = DIRECTION_CONSULT_TRANSFER;
    r->warm = 1;
    set_host(r, part);
    part->conversation->transfers++;
    log_transfer(w, part, r);
    place(w, r);
    i32 signal;
    Queue *queue;
    return hear(w, part, HOLDING, &signal, &queue) ? warm_go_on(w, part, signal) : WAITS;
}

i32 warm_go_on(World *w, Part *part, i32 signal) {
    Queue *queue;
    if (signal == JOINED && !hear(w, part, HANDING_OVER, &signal, &queue)) return WAITS;
    return warm_over(part, signal);
}

i32 warm_over(Part *part, i32 signal) {
    if (signal == NOBODY) return STAYS;
    i32 over = signal == TOGETHER_OVER || signal == HOST_LEAVES;
    return departs(part, over ? TASK_TRANSFERRED : TASK_DONE, NULL);
}

/* Transfer the conversation. */
i32 transfer(World *w, Part *part) {
    const TransferGiven *spec = &part->queue->given->transfer;
    if (!may_transfer(part)) return STAYS;
    i32 named = spec->named > 0 && part_uniform(w, part, U_named) < spec->named;
    Request *r = ask(w, part, named ? KIND_named_transfer : KIND_transfer, 0, NULL);
    if (r->state == ENDED) return STAYS;
    if (named) r->named = named_desk(w, part, r);
    if (spec->warm > 0 && part_uniform(w, part, U_warm) < spec->warm) return warm(w, part, r);
    return hand_on(w, part, r);
}

/* Take over from the colleague who waits, once the handover is done. */
i32 take_over(World *w, Part *part, i32 signal) {
    if (signal) return departs(part, TASK_DONE, NULL);
    part->left = handle_time(w, part);
    tell(w, part->request->host, HOST_LEAVES, NULL);
    return STAYS;
}
