/* The engine as a function: the day from opening to the end of the last conversation. */
#include "world.h"

/* Customers. */

static void take_line(World *w, Conversation *c) {
    i32 most = w->given->channel_lines[c->channel];
    if (most < 0) return;
    i32 in_use = w->lines_in_use[c->channel]++;
    if (in_use >= most) block(w, c, 0);
}

/* Open a contact; it ends at once where all lines of its channel are busy. */
void open_conversation(World *w, Customer *customer) {
    Conversation *c = born(w, &w->conversations);
    const Source *source = customer->source;
    List parts = {c->parts.items, 0, c->parts.room}, monitors = {c->monitors.items, 0, c->monitors.room};
    List visits = {c->visits.items, 0, c->visits.room};
    clear(c, sizeof *c);
    c->refs = c->is_open = 1;
    c->customer = customer;
    c->number = ++w->conversations_so_far;
    c->attempt = customer->attempt;
    c->channel = source->given->channel;
    c->queue = source->queues ? source->queues[customer->contact] : source->given->queue;
    c->arrived_at = w->now;
    c->requested_at = c->answered_at = c->ended_at = c->wait = c->asked_at = NEVER;
    c->outcome = -1;
    c->parts = parts, c->monitors = monitors, c->visits = visits;
    customer->refs++;
    customer->conversation = c;
    log_arrival(w, c);
    take_line(w, c);
}

static void on_customer_gone(World *w) {
    w->customer_n--;
    if (w->closed) stop_if_over(w);
}

/* Return the same where they would be back before closing, else NaN. */
static f64 while_open(const World *w, f64 back_in) { return w->now + back_in < w->given->lasts ? back_in : NEVER; }

static f64 comes_back(World *w, Customer *customer, i32 outcome) {
    const Given *given = w->given;
    if (outcome == CONTACT_no_agent && given->asks_again) {
        f64 back_in = tries_again(w, customer, U_ask_again, &customer->asked_again);
        customer->patience_of = -1;
        return given->asks_while_open ? while_open(w, back_in) : back_in;
    }
    if (outcome == CONTACT_abandoned && given->comes_back) {
        f64 back_in = tries_again(w, customer, U_come_back, &customer->came_back);
        if (given->same_patience && customer->patience_of < 0) customer->patience_of = customer->attempt;
        return given->comes_while_open ? while_open(w, back_in) : back_in;
    }
    return NEVER;
}

/* Free the line of a contact that is over; return the seconds after which they try again, or NaN. */
f64 on_conversation_over(World *w, Customer *customer, Conversation *c) {
    c->is_open = 0;
    if (w->given->channel_lines[c->channel] >= 0) w->lines_in_use[c->channel]--;
    f64 back_in = comes_back(w, customer, c->outcome);
    if (w->now + back_in >= w->given->day_ends) {
        w->ended->returns_elsewhere++;
        back_in = NEVER;
    }
    if (back_in != back_in) on_customer_gone(w);
    return back_in;
}

/* The end. */

static i32 is_busy(const World *w) { return w->customer_n || w->part_n; }

void stop_if_over(World *w) {
    if (w->closed && !is_busy(w)) schedule(w, w->now, OVER, DUE_END, NULL);
}

/* Close the centre: no more arrivals; who waits is served out or sent away. */
static void close_centre(World *w) {
    w->closed = 1;
    if (w->given->clear_queues) clear_queues(w);
    stop_if_over(w);
}

static int by_number(const void *one, const void *other) {
    const Conversation *a = *(Conversation *const *)one, *b = *(Conversation *const *)other;
    return a->number < b->number ? -1 : a->number > b->number;
}

static int by_conversation(const void *one, const void *other) {
    const Part *a = *(Part *const *)one, *b = *(Part *const *)other;
    if (a->conversation->number != b->conversation->number)
        return a->conversation->number < b->conversation->number ? -1 : 1;
    if (a->agent->number != b->agent->number) return a->agent->number - b->agent->number;
    return a->task < b->task ? -1 : a->task > b->task;
}

static void close_conversations(World *w, f64 horizon) {
    List open = {0};
    for (i64 i = 0; i < room_of(&w->conversations); i++) {
        Conversation *c = thing_at(&w->conversations, i);
        if (c->is_open) add(w, &open, c);
    }
    if (open.n) qsort(open.items, (size_t)open.n, sizeof(void *), by_number);
    for (i32 i = 0; i < open.n; i++) {
        Conversation *c = open.items[i];
        w->now = horizon;
        if (c->pending) {
            /* Who comes out of self-service after the last work waits for no time. */
            w->now = c->pending->placed_at > horizon ? c->pending->placed_at : horizon;
            write_task(w, c->pending, TASK_UNFINISHED);
            write_request(w, c->pending, w->now);
        }
        record_conversation(w, c);
    }
}

static void close_tasks(World *w) {
    List open = {0};
    for (i64 i = 0; i < room_of(&w->parts); i++) {
        Part *part = thing_at(&w->parts, i);
        if (part->is_open) add(w, &open, part);
    }
    if (open.n) qsort(open.items, (size_t)open.n, sizeof(void *), by_conversation);
    for (i32 i = 0; i < open.n; i++) {
        Part *part = open.items[i];
        if (part->barged_in)
            write_supervision(w, part->conversation, part->desk, DIRECTION_BARGE_IN, part->answered_at, NEVER,
                              TASK_UNFINISHED);
        else
            write_handling(w, part, TASK_UNFINISHED, NEVER);
    }
}

/* Record what is still open, as open at the horizon; agents' stays may reach beyond it. */
static void close_books(World *w, f64 horizon) {
    f64 stopped_at = w->now > horizon ? w->now : horizon;
    close_conversations(w, horizon);
    w->now = horizon;
    close_tasks(w);
    w->now = stopped_at;
    for (i32 i = 0; i < w->given->n_agents; i++) agent_close_books(w, &w->agents[i]);
}

/* The centre is put together of what Python hands in. */

static void make_roll(World *w, Roll *roll, i32 size) {
    roll->size = size;
    roll->counts = take_memory(w, (size_t)(size + 1) * sizeof(i32));
    roll->on = take_memory(w, (size_t)size);
}

static void make_pools(World *w) {
    const Given *given = w->given;
    w->pools = take_memory(w, (size_t)given->n_pools * sizeof(Pool));
    for (i32 i = 0; i < given->n_pools; i++) {
        Pool *pool = &w->pools[i];
        pool->given = &given->pools[i];
        pool->number = i;
        pool->heap = take_memory(w, (size_t)pool->given->desk_n * sizeof(Ready));
        pool->line = take_memory(w, (size_t)pool->given->desk_n * 2 * sizeof(Ready));
        if (!pool->given->indexed) continue;
        make_roll(w, &pool->free, pool->given->desk_n);
        make_roll(w, &pool->there, pool->given->desk_n);
    }
}

static void make_queues(World *w) {
    const Given *given = w->given;
    w->levels = take_memory(w, (size_t)given->n_levels * sizeof(Level));
    w->queues = take_memory(w, (size_t)given->n_queues * sizeof(Queue));
    for (i32 i = 0; i < given->n_queues; i++) {
        const QueueGiven *queue = &given->queues[i];
        w->queues[i] = (Queue){
            .given = queue, .number = i, .levels = w->levels + queue->level_first,
            .steps = given->step_pools + queue->step_first, .opens_after = given->step_opens + queue->step_first,
            .looks_at = -1.0,
        };
        if (queue->has_task_limit) w->queues[i].tasks_of = take_memory(w, (size_t)given->n_agents * sizeof(i32));
    }
}

static void make_desks(World *w) {
    const Given *given = w->given;
    w->desks = take_memory(w, (size_t)given->n_desks * sizeof(Desk));
    w->places = take_memory(w, (size_t)given->n_desks * sizeof(i32));
    if (given->n_desks) memset(w->places, -1, (size_t)given->n_desks * sizeof(i32));
    for (i32 i = 0; i < given->n_desks; i++) {
        const DeskGiven *desk = &given->desks[i];
        w->desks[i] = (Desk){
            .given = desk, .number = i, .place = desk->place, .agent = &w->agents[desk->agent], .max_tasks = desk->max_tasks, .rate = 1.0,
            .pool = desk->pool >= 0 ? &w->pools[desk->pool] : NULL, .stay = OUT,
            .pace = desk->pace_n ? given->paces + desk->pace_first : NULL, .linked = (i8)desk->linked,
            .interrupts = (i8)desk->interrupts,
        };
    }
    for (i32 i = 0; i < given->n_pools; i++)
        for (i32 k = 0; k < given->pools[i].desk_n; k++)
            w->desks[given->pool_desks[given->pools[i].desk_first + k]].in_pool = k;
}

static void make_teams(World *w) {
    const Given *given = w->given;
    w->heads = take_memory(w, (size_t)given->n_heads * sizeof(HeadCount));
    for (i32 i = 0; i < given->n_heads; i++) w->heads[i] = (HeadCount){.given = &given->heads[i], .number = i};
    w->teams = take_memory(w, (size_t)given->n_teams * sizeof(Team));
    for (i32 i = 0; i < given->n_teams; i++)
        w->teams[i] = (Team){
            .given = &given->teams[i], .number = i, .speeds = given->speeds + (size_t)i * given->n_queues,
            .heads = given->teams[i].heads >= 0 ? &w->heads[given->teams[i].heads] : NULL,
        };
    w->agents = take_memory(w, (size_t)given->n_agents * sizeof(Agent));
    make_desks(w);
    Duty *duties = take_memory(w, (size_t)given->n_agents * sizeof(Duty));
    for (i32 i = 0; i < given->n_agents; i++) {
        duties[i] = (Duty){.given = &given->agents[i], .added = NEVER};
        w->agents[i] = (Agent){
            .team = &w->teams[given->agents[i].team], .duty = &duties[i], .number = i, .seat = i,
            .desks = w->desks + given->agents[i].desk_first, .stay = OUT,
            .desk_n = given->agents[i].agent == i ? given->agents[i].desk_n : 0, /* nobody is at a further seat yet */
        };
    }
}

static void make_sources(World *w) {
    const Given *given = w->given;
    w->sources = take_memory(w, (size_t)given->n_sources * sizeof(Source));
    for (i32 i = 0; i < given->n_sources; i++)
        w->sources[i] = (Source){
            .given = &given->sources[i], .number = i, .labels = (const i32 *)(uintptr_t)given->labels[i],
            .queues = (const i32 *)(uintptr_t)given->queues_asked[i],
            .uniforms = take_memory(w, UNIFORMS * sizeof(Columns)),
            .values = take_memory(w, (size_t)(given->n_draws + 1) * sizeof(Columns)),
        };
    w->lines_in_use = take_memory(w, (size_t)given->n_channels * sizeof(i32));
}

static void make_slabs(World *w) {
    w->customers.size = sizeof(Customer);
    w->conversations.size = sizeof(Conversation);
    w->requests.size = sizeof(Request);
    w->parts.size = sizeof(Part);
    w->whispers.size = sizeof(Whispers);
    w->visits.size = sizeof(Visit);
    w->looks.size = sizeof(Look);
}

static void open_centre(World *w) {
    const Given *given = w->given;
    make_pools(w);
    make_queues(w);
    make_teams(w);
    make_sources(w);
    make_slabs(w);
    for (i32 i = 0; i < given->n_starts; i++) {
        if (given->starts[i] < 0)
            heads_go_on(w, &w->heads[-given->starts[i] - 1]);
        else
            shift_go_on(w, &w->agents[given->starts[i]], 0);
    }
    w->arrival.time = FOREVER;
    if (given->n_contacts) schedule_arrival(w, given->times[0]);
    schedule_closings(w);
    schedule(w, given->lasts, CLOSING, DUE_CLOSING, NULL);
    schedule(w, given->until, LAST, DUE_END, NULL);
}

/* Do what is due, and return whether the day goes on. Who waits goes on only by the token that counts. */
static i32 do_due(World *w, const Entry *e) {
    i64 token = token_of(e);
    void *thing = e->thing;
    switch (e->order & 15) {
    case DUE_END: return 0;
    case DUE_ARRIVAL: on_arrival(w); break;
    case DUE_CLOSING:
        if (thing) night_due(w, thing);
        else close_centre(w);
        break;
    case DUE_CUSTOMER:
        if (((Customer *)thing)->token == token) customer_due(w, thing);
        break;
    case DUE_PART:
        if (((Part *)thing)->token != token) break;
        ((Part *)thing)->token = 0;
        part_go_on(w, thing, NO_SIGNAL, NULL);
        break;
    case DUE_REQUEST: request_due(w, thing, token); break;
    case DUE_SHIFT:
        if (((Agent *)thing)->duty->token != token) break;
        ((Agent *)thing)->duty->token = 0;
        shift_go_on(w, thing, 0);
        break;
    case DUE_HEADS:
        if (((HeadCount *)thing)->token == token) heads_go_on(w, thing);
        break;
    case DUE_UNMUTE: desk_unmute(w, thing); break;
    case DUE_LOOK: look_due(w, thing); break;
    case DUE_TALK:
        if (((Whispers *)thing)->token != token) break;
        ((Whispers *)thing)->token = 0;
        whispers_due(w, thing);
        break;
    case DUE_VISIT:
        if (((Visit *)thing)->token == token) visit_go_on(w, thing);
        break;
    case DUE_EMPTY: attendance_due(w, thing); break;
    case DUE_HELD_BACK: held_back_due(w); break;
    case DUE_PAUSE: pauses_due(w, thing, token); break;
    default: heads_fill_up(w, thing); /* DUE_FILL_UP */
    }
    return 1;
}

static void run_day(World *w) {
    const Given *given = w->given;
    Entry e;
    watch_begin(w);
    open_centre(w);
    do {
        if (w->some_died) sweep_all(w);
        e = next_entry(w);
        if (w->watch && e.time != w->now) watch_at_rest(w);
        w->now = e.time;
    } while (do_due(w, &e));
    f64 horizon = w->now > given->lasts ? w->now : given->lasts;
    /* The month after which a run stops is no wait of anybody's. */
    if (is_busy(w)) {
        horizon = w->last_work > given->lasts ? w->last_work : given->lasts;
        if (given->has_drain) horizon = given->until;
    }
    if (w->watch) watch_at_end(w, horizon);
    close_books(w, horizon);
    hand_over_all(w);
    w->ended->horizon = horizon;
    w->ended->work_ended = w->some_added ? w->work_ended : NEVER;
    for (i32 i = 0; i < given->n_agents; i++) w->ended->added[i] = w->agents[i].duty->added;
}

/* Simulate one day; 0 where it went well, else what went wrong. */
SIM_EXPORT i32 sim_run(const Given *given, Ended *ended) {
    World *w = calloc(1, sizeof *w);
    ended->mistake = w ? MISTAKE_none : MISTAKE_memory;
    if (!w) return ended->mistake;
    w->given = given;
    w->ended = ended;
    if (!setjmp(w->over)) run_day(w);
    ended->entries = (i64)w->last_token;
    give_back_all(w);
    free(w);
    return ended->mistake;
}
