/* Whisper: agents of one conversation write to each other behind the customer's back, at the rate of the moment. */
#include "world.h"

static void whispers_let_go(World *w, Whispers *whispers) {
    for (i32 i = 0; i < whispers->n; i++)
        if (whispers->said[i].readers.items) give_back(w, whispers->said[i].readers.items);
    if (whispers->said) give_back(w, whispers->said);
    bury(w, &w->whispers, whispers);
}

Whispers *new_whispers(World *w, Conversation *conversation) {
    Whispers *whispers = born(w, &w->whispers);
    *whispers = (Whispers){.refs = 1, .conversation = conversation};
    return whispers;
}

/* Show an agent who comes in what was said before. */
void whispers_on_joined(World *w, Whispers *whispers, Agent *agent) {
    for (i32 i = 0; i < whispers->n; i++)
        if (place_in(&whispers->said[i].readers, agent) < 0) add(w, &whispers->said[i].readers, agent);
}

/* List the agents and supervisors who are in, in the order of their coming. */
static void insiders(World *w, Conversation *c, List *inside) {
    for (i32 i = 0; i < c->parts.n; i++) add(w, inside, ((Part *)c->parts.items[i])->agent);
    for (i32 i = 0; i < c->monitors.n; i++) add(w, inside, c->monitors.items[i]);
}

static void time_next(World *w, Whispers *whispers) {
    if (whispers->rate <= 0) return;
    whispers->count++;
    Customer *customer = whispers->conversation->customer;
    f64 gap = drawn_by(w, customer, w->given->whisper_gap, whispers->count) / whispers->rate;
    whispers->token = schedule(w, w->now + gap, HANDLING_ENDS, DUE_TALK, whispers);
}

/* Draw the next whisper anew where the rate has changed: the gaps have no memory. */
void whispers_adjust(World *w, Whispers *whispers) {
    Conversation *c = whispers->conversation;
    f64 rate = c->parts.n + c->monitors.n < 2 ? 0.0 : whispers_per_minute(w, c);
    if (rate == whispers->rate) return;
    whispers->rate = rate;
    whispers->token = 0;
    time_next(w, whispers);
}

/* Send a whisper to all others who are in; one who is alone with the customer is refused. */
static void send(World *w, Whispers *whispers, const List *inside, Agent *sender) {
    Conversation *c = whispers->conversation;
    if (inside->n < 2) {
        log_conversation(w, EVENT_whisper_refused, c, sender, -1);
        return;
    }
    if (whispers->n == whispers->room) {
        whispers->room = whispers->room ? 2 * whispers->room : 4;
        whispers->said = resize_memory(w, whispers->said, (size_t)whispers->room * sizeof(Said));
    }
    Said *said = &whispers->said[whispers->n++];
    *said = (Said){.at = w->now, .sender = sender};
    copy_list(w, &said->readers, inside);
    if (!log_is_on(w)) return;
    i32 first = spill_names(w, inside, sender);
    EventRow *row = log_conversation(w, EVENT_whisper, c, sender, -1);
    row->name_first = first;
    row->name_n = inside->n - 1;
}

void whispers_due(World *w, Whispers *whispers) {
    Conversation *c = whispers->conversation;
    List inside = {0};
    insiders(w, c, &inside);
    if (!inside.n) ENGINE_FAILS(w);
    f64 uniform = uniform_of(w, c->customer, U_whisper_sender, whispers->count);
    send(w, whispers, &inside, inside.items[(i32)(uniform * inside.n)]);
    give_back(w, inside.items);
    time_next(w, whispers);
}

/* End the talk for good. */
void whispers_close(World *w, Whispers *whispers) {
    whispers->token = 0;
    whispers_let_go(w, whispers);
}
