/* Rows: taken down one by one, handed over to Python by the thousand. */
#include "world.h"

static void hand_over(World *w, i32 table) {
    i32 n = w->rows[table];
    w->rows[table] = 0;
    if (n && w->given->hand_over(table, n)) fail(w, MISTAKE_raised, NULL, __LINE__);
}

static i32 next_row(World *w, i32 table) {
    if (w->rows[table] == w->given->rows) hand_over(w, table);
    return w->rows[table]++;
}

/* Hand over all that was taken down. */
void hand_over_all(World *w) {
    for (i32 table = 0; table < TABLES; table++) hand_over(w, table);
    w->spilled = 0;
}

/* Make room for names or numbers of a row, of which there are as many as it takes; to be called before the row. */
static i32 spill_room(World *w, i32 n) {
    if (n > w->given->names) ENGINE_FAILS(w);
    if (w->spilled + n > w->given->names) {
        hand_over(w, TABLE_whispers);
        hand_over(w, TABLE_events);
        w->spilled = 0;
    }
    i32 first = w->spilled;
    w->spilled += n;
    return first;
}

/* Spill agents by number, one of them perhaps left out; they count from the place returned to `spilled`. */
i32 spill_names(World *w, const List *agents, const Agent *without) {
    i32 first = spill_room(w, agents->n), n = 0;
    for (i32 i = 0; i < agents->n; i++) {
        const Agent *one = agents->items[i];
        if (one != without) w->given->spill[first + n++] = one->number;
    }
    w->spilled = first + n;
    return first;
}

/* Make room for so many numbers and return the place of the first. */
i32 spill_numbers(World *w, i32 n) { return spill_room(w, n); }

EventRow *event_row(World *w) {
    EventRow *row = &w->given->events[next_row(w, TABLE_events)];
    memset(row, 0, sizeof *row);
    row->name_first = row->name_n = 0;
    return row;
}

static i32 number_or_none(const Agent *agent) { return agent ? agent->number : -1; }

/* Record a search that has ended or is open at the end of the run; its wait ended at that instant. */
void write_request(World *w, Request *r, f64 at) {
    if (!w->given->requests) return;
    i32 answered = r->outcome == SEARCH_answered, open_still = r->outcome == SEARCH_unfinished;
    w->given->requests[next_row(w, TABLE_requests)] = (RequestRow){
        .request_id = r->number, .conversation_id = r->conversation->number, .kind = r->kind,
        .queue = r->queue->number, .channel = r->conversation->channel, .label = r->conversation->customer->label,
        .priority = r->placed_priority, .placed_at = r->placed_at, .first_offer_at = r->first_offer_at,
        .answered_at = r->answered_at, .ended_at = open_still ? NEVER : at, .outcome = r->outcome,
        .wait = at - r->placed_at, .offers = r->offers, .ring_outs = r->ring_outs,
        .agent = answered && r->desk ? r->desk->agent->seat : -1, .requester = number_or_none(r->requester),
        .from_queue = r->from_queue ? r->from_queue->number : -1, .warm = r->warm, .note = r->note,
        .agents_available = r->shown, .balked = r->balked,
    };
}

/* Record an attempt to serve that no agent accepted. */
void write_task(World *w, Request *r, i32 disposition) {
    if (!w->given->tasks) return;
    Desk *desk = r->state == RINGING ? r->desk : NULL;
    i32 listed = is_listed(r);
    w->given->tasks[next_row(w, TABLE_tasks)] = (TaskRow){
        .agent_task_id = r->task, .conversation_id = r->conversation->number, .request_id = r->number,
        .agent_id = desk ? desk->agent->seat : -1, .queue_id = r->queue->number,
        .channel = r->conversation->channel, .task_direction = r->direction,
        .task_mode = r->kind == KIND_named_transfer, .routing_mode = listed, .priority = r->priority,
        .task_queue_time = listed ? NEVER : r->enqueued_at, .task_reserved_time = desk ? r->reserved_at : NEVER,
        .task_answered_time = NEVER, .task_wrap_up_time = NEVER, .task_end_time = w->now,
        .task_disposition = disposition,
    };
}

/* Record the task of an agent who has accepted. */
void write_handling(World *w, Part *part, i32 disposition, f64 ended_at) {
    if (!w->given->tasks) return;
    i32 listed = part->listed;
    w->given->tasks[next_row(w, TABLE_tasks)] = (TaskRow){
        .agent_task_id = part->task, .conversation_id = part->conversation->number, .request_id = part->of_request,
        .agent_id = part->agent->seat, .queue_id = part->queue->number, .channel = part->conversation->channel,
        .task_direction = part->direction, .task_mode = part->named, .routing_mode = listed,
        .priority = part->priority, .task_queue_time = listed ? NEVER : part->enqueued_at,
        .task_reserved_time = listed ? NEVER : part->reserved_at, .task_answered_time = part->answered_at,
        .task_wrap_up_time = part->wrap_up_at, .task_end_time = ended_at, .task_disposition = disposition,
    };
}

/* Record a supervisor's stay as a task; nothing was queued and nothing rang. */
void write_supervision(World *w, Conversation *conversation, Desk *desk, i32 direction, f64 came_at, f64 ended_at,
                       i32 disposition) {
    if (!w->given->tasks) return;
    w->given->tasks[next_row(w, TABLE_tasks)] = (TaskRow){
        .agent_task_id = ++w->tasks_so_far, .conversation_id = conversation->number,
        .agent_id = desk->agent->seat, .queue_id = conversation->queue, .channel = conversation->channel,
        .task_direction = direction, .task_mode = 1, .task_queue_time = NEVER, .task_reserved_time = NEVER,
        .task_answered_time = came_at, .task_wrap_up_time = ended_at, .task_end_time = ended_at,
        .task_disposition = disposition,
    };
}

/* Record a contact; one that is still open has no end. */
void write_conversation(World *w, Conversation *c) {
    if (!w->given->conversations) return;
    Customer *customer = c->customer;
    f64 share = customer->source->given->identified;
    i32 identified = share > 0 && uniform_of(w, customer, U_identified, 0) < share;
    w->given->conversations[next_row(w, TABLE_conversations)] = (ConversationRow){
        .conversation_id = c->number, .customer_id = customer->number, .attempt = c->attempt,
        .stream = customer->source->given->code, .channel = c->channel, .queue = c->queue,
        .label = customer->label, .identified = identified, .arrived_at = c->arrived_at,
        .requested_at = c->requested_at, .answered_at = c->answered_at, .ended_at = c->ended_at,
        .outcome = c->outcome < 0 ? CONTACT_unfinished : c->outcome, .wait = c->wait, .total_wait = c->total_wait,
        .agents = c->agents, .transfers = c->transfers, .conferences = c->conferences,
        .whispers = c->whispers ? c->whispers->n : 0, .last_agent = number_or_none(c->last_agent),
    };
}

/* Record that the agent of a place is in another state from now on. */
void write_state(World *w, i32 place, i32 stay) {
    w->given->states[next_row(w, TABLE_agent_states)] = (StateRow){.at = w->now, .place = place, .stay = stay};
}

void write_whisper(World *w, Conversation *conversation, const Said *said) {
    if (!w->given->whispers) return;
    i32 first = spill_names(w, &said->readers, NULL);
    w->given->whispers[next_row(w, TABLE_whispers)] = (WhisperRow){
        .conversation_id = conversation->number, .at = said->at, .sender = said->sender->number,
        .reader_first = first, .reader_n = said->readers.n,
    };
}
