/* What holds at every moment of a run, held while it runs.

   An account of its own is kept of who waits, rings, is in and holds a task, from the events alone, and compared with
   what the queues and desks say once all that falls on an instant is done. The first breach ends the run. */
#include "world.h"

enum { UNKNOWN, OPEN, OVER_NOW };
#define LOOKED_AT 200
#define CLOSE 1e-6

typedef struct {
    i64 search; /* the request that is open for it, 0 for none */
    f64 since; /* since when that one waits, NaN where it does not */
    i32 queue, rings_at, inside;
    i8 state;
} Contact;

struct Watch {
    Contact *contacts;
    i64 room, arrived, ended;
    f64 last_at;
    i32 *slots, *waiting, *counted; /* by desk, by queue by the events, by queue as it says itself */
    f64 *waited, *area, *counted_at;
    i8 *queue_touched, *desk_touched;
    List queues, desks;
    i64 accepted_in;
    const Agent *accepted_by;
};

static void breach(World *w, i32 kind, i64 conversation, const Agent *agent, i32 queue) {
    w->ended->breach = kind;
    w->ended->breach_agent = agent ? agent->number : -1;
    w->ended->breach_queue = queue;
    w->ended->failed_conversation = conversation;
    w->ended->failed_at = w->now;
    hand_over_all(w); /* the last events are shown */
    w->ended->mistake = MISTAKE_breach;
    longjmp(w->over, 1);
}

/* Begin the account, where it is asked for. */
void watch_begin(World *w) {
    if (!w->given->paranoid) return;
    Watch *watch = w->watch = take_memory(w, sizeof *watch);
    size_t queues = (size_t)w->given->n_queues, desks = (size_t)w->given->n_desks;
    watch->slots = take_memory(w, desks * sizeof(i32));
    watch->desk_touched = take_memory(w, desks);
    watch->queue_touched = take_memory(w, queues);
    watch->waiting = take_memory(w, queues * sizeof(i32));
    watch->counted = take_memory(w, queues * sizeof(i32));
    watch->waited = take_memory(w, queues * sizeof(f64));
    watch->area = take_memory(w, queues * sizeof(f64));
    watch->counted_at = take_memory(w, queues * sizeof(f64));
}

static void tick(World *w) {
    if (w->now < w->watch->last_at) breach(w, BREACH_time, 0, NULL, -1);
    w->watch->last_at = w->now;
}

static Contact *contact_of(const World *w, const Conversation *c) {
    return c->number <= w->watch->arrived ? &w->watch->contacts[c->number] : NULL;
}

/* Searches. */

static void touch_queue(World *w, i32 queue) {
    if (w->watch->queue_touched[queue]) return;
    w->watch->queue_touched[queue] = 1;
    add(w, &w->watch->queues, &w->queues[queue]);
}

static void begin_waiting(World *w, Contact *contact, const Request *r) {
    if (r->kind == KIND_named_transfer) return;
    contact->since = w->now;
    w->watch->waiting[contact->queue]++;
    touch_queue(w, contact->queue);
}

static void stop_waiting_now(World *w, Contact *contact) {
    if (contact->since != contact->since) return;
    w->watch->waiting[contact->queue]--;
    w->watch->waited[contact->queue] += w->now - contact->since;
    contact->since = NEVER;
    touch_queue(w, contact->queue);
}

static void change_slots(World *w, Desk *desk, i32 by) {
    Watch *watch = w->watch;
    watch->slots[desk->number] += by;
    if (watch->desk_touched[desk->number]) return;
    watch->desk_touched[desk->number] = 1;
    add(w, &watch->desks, desk);
}

static void take_slot(World *w, Desk *desk, const Queue *queue) {
    change_slots(w, desk, 1);
    if (!queue->tasks_of) return;
    i32 most = w->given->task_limits[queue->number * w->given->n_teams + desk->agent->team->number];
    if (most >= 0 && queue->tasks_of[desk->agent->number] > most)
        breach(w, BREACH_limit, 0, desk->agent, queue->number);
}

static void stop_ringing(World *w, Contact *contact) {
    if (contact->rings_at < 0) return;
    change_slots(w, &w->desks[contact->rings_at], -1);
    contact->rings_at = -1;
}

static void close_search(World *w, Conversation *c, Contact *contact, const Request *r) {
    stop_waiting_now(w, contact);
    contact->search = 0;
    if (r && w->now > r->expires_at + r->queue->given->ring_time + CLOSE)
        breach(w, BREACH_ttl, c->number, NULL, contact->queue);
}

static i32 step_is_open(const World *w, const Request *r, const Pool *pool) {
    for (i32 step = 0; step <= r->level; step++) {
        Span pools = r->queue->steps[step];
        for (i32 i = 0; i < pools.n; i++)
            if (&w->pools[w->given->member_pools[pools.first + i]] == pool) return 1;
    }
    return 0;
}

/* Whether another request that this agent might have been offered comes before the one that they are. */
static i32 is_passed_over(World *w, Request *r, Desk *desk) {
    const PoolGiven *pool = desk->pool->given;
    for (i32 i = 0; i < pool->level_n; i++) {
        const Side *side = &w->levels[w->given->pool_levels[pool->level_first + i]].sides[0];
        for (i32 k = 0; k < side_n(side) && k < LOOKED_AT; k++) {
            const Waiting *one = waiting_at(side, k);
            Request *other = one->request;
            if (one->ticket != other->ticket || other == r) continue;
            /* This very offer is counted already, so their own queue may be full by it. */
            if (other->queue != r->queue && is_full(w, other->queue, desk->agent)) continue;
            if (bars(w, other, desk->agent)) continue;
            if (comes_before(w, other, r, desk)) return 1;
        }
    }
    return 0;
}

static void on_offered(World *w, Contact *contact, Request *r) {
    Conversation *c = r->conversation;
    Desk *desk = r->desk;
    Agent *agent = desk->agent;
    i32 queue = r->queue->number, named = r->kind == KIND_named_transfer;
    i32 waits = contact->since == contact->since;
    if (contact->search != r->number || contact->rings_at >= 0 || (!named && !waits))
        breach(w, BREACH_offer, c->number, agent, queue);
    if (!agent->logged_in || !agent->present || desk->muted) breach(w, BREACH_state, c->number, agent, queue);
    if (desk->tasks >= desk->max_tasks || w->watch->slots[desk->number] >= desk->max_tasks)
        breach(w, BREACH_state, c->number, agent, queue);
    for (i32 i = 0; i < c->parts.n; i++)
        if (((Part *)c->parts.items[i])->agent == agent) breach(w, BREACH_twice, c->number, agent, queue);
    if (!named && !(r->kind == KIND_inbound && w->given->last_agent)) {
        if (!step_is_open(w, r, desk->pool)) breach(w, BREACH_member, c->number, agent, queue);
        if (!w->given->shown && is_passed_over(w, r, desk)) breach(w, BREACH_order, c->number, agent, queue);
    }
    stop_waiting_now(w, contact);
    contact->rings_at = desk->number;
    take_slot(w, desk, r->queue);
}

static void on_accepted_now(World *w, Contact *contact, Request *r) {
    Conversation *c = r->conversation;
    Agent *agent = r->desk->agent;
    i32 waits = contact->since == contact->since;
    if (contact->search != r->number) breach(w, BREACH_offer, c->number, agent, contact->queue);
    if (waits) { /* on a list nothing rings */
        if (!r->queue->given->pull.exists) breach(w, BREACH_offer, c->number, agent, contact->queue);
        take_slot(w, r->desk, r->queue);
    } else if (contact->rings_at != r->desk->number) {
        breach(w, BREACH_offer, c->number, agent, contact->queue);
    }
    contact->rings_at = -1;
    close_search(w, c, contact, r);
    w->watch->accepted_in = c->number;
    w->watch->accepted_by = agent;
}

static void on_placed(World *w, Contact *contact, const Request *r) {
    if (contact->state != OPEN || contact->search) breach(w, BREACH_search, r->conversation->number, NULL, -1);
    contact->search = r->number;
    contact->queue = r->queue->number;
    begin_waiting(w, contact, r);
}

/* Account for an event of a request, before anything follows from it. */
void watch_request(World *w, i32 event, Request *r) {
    tick(w);
    Contact *contact = contact_of(w, r->conversation);
    if (!contact) breach(w, BREACH_search, r->conversation->number, NULL, -1);
    switch (event) {
    case EVENT_request_placed: on_placed(w, contact, r); break;
    case EVENT_offered: on_offered(w, contact, r); break;
    case EVENT_accepted: on_accepted_now(w, contact, r); break;
    case EVENT_rang_out: stop_ringing(w, contact); break;
    case EVENT_requeued: begin_waiting(w, contact, r); break;
    case EVENT_no_agent:
    case EVENT_disconnected:
    case EVENT_request_abandoned:
    case EVENT_request_cancelled:
    case EVENT_request_moved:
    case EVENT_wait_limit_reached:
        if (contact->search != r->number) breach(w, BREACH_search, r->conversation->number, NULL, -1);
        stop_ringing(w, contact);
        close_search(w, r->conversation, contact, r);
        break;
    default: break;
    }
}

/* Contacts. */

static void on_arrived(World *w, const Conversation *c) {
    Watch *watch = w->watch;
    if (c->number != watch->arrived + 1) breach(w, BREACH_arrival, c->number, NULL, -1);
    if (c->number >= watch->room) {
        watch->room = watch->room ? 2 * watch->room : 1024;
        watch->contacts = resize_memory(w, watch->contacts, (size_t)watch->room * sizeof(Contact));
    }
    watch->arrived = c->number;
    watch->contacts[c->number] = (Contact){.since = NEVER, .rings_at = -1, .state = OPEN};
}

static void on_joined(World *w, Contact *contact, const Conversation *c, const Agent *agent) {
    i32 times = 0;
    for (i32 i = 0; i < c->parts.n; i++) times += ((Part *)c->parts.items[i])->agent == agent;
    if (times != 1 || ++contact->inside != c->parts.n) breach(w, BREACH_twice, c->number, agent, -1);
    if (w->watch->accepted_in != c->number || w->watch->accepted_by != agent) {
        Part *part = c->parts.items[c->parts.n - 1]; /* a second one from a list, or a supervisor: nothing rang */
        take_slot(w, part->desk, part->queue);
    }
    w->watch->accepted_by = NULL;
}

/* Account for an event of a conversation. */
void watch_conversation(World *w, i32 event, Conversation *c, Agent *agent) {
    tick(w);
    if (event == EVENT_arrived) {
        on_arrived(w, c);
        return;
    }
    Contact *contact = contact_of(w, c);
    if (!contact) breach(w, BREACH_arrival, c->number, agent, -1);
    Desk *desk;
    switch (event) {
    case EVENT_blocked:
        if (contact->search) close_search(w, c, contact, NULL);
        break;
    case EVENT_conversation_ended:
        if (c->outcome == CONTACT_unfinished && contact->search) close_search(w, c, contact, NULL);
        if (contact->state != OPEN || contact->search) breach(w, BREACH_outcome, c->number, NULL, -1);
        contact->state = OVER_NOW;
        w->watch->ended++;
        break;
    case EVENT_agent_joined:
    case EVENT_barged_in: on_joined(w, contact, c, agent); break;
    case EVENT_agent_left:
        if (--contact->inside != c->parts.n) breach(w, BREACH_twice, c->number, agent, -1);
        break;
    case EVENT_task_closed:
        desk = desk_on(agent, c->customer->source->given->medium);
        if (!desk || w->watch->slots[desk->number] < 1) breach(w, BREACH_slots, c->number, agent, -1);
        change_slots(w, desk, -1);
        break;
    default: break;
    }
}

/* The end of an instant, and of the run. */

static i32 somebody_is_free(World *w, Request *r) {
    bar_all(w, r, NULL, 0);
    for (i32 step = 0; step <= r->level; step++) {
        Span pools = r->queue->steps[step];
        for (i32 i = 0; i < pools.n; i++) {
            const Pool *pool = &w->pools[w->given->member_pools[pools.first + i]];
            i32 held_off = 0;
            for (i32 k = 0; k < w->barred.n; k++) {
                const Desk *desk = desk_on(w->barred.items[k], pool->given->medium);
                held_off += desk && desk->pool == pool && desk->available;
            }
            if (pool->available > held_off) return 1;
        }
    }
    return 0;
}

static void require_nobody_free(World *w) {
    for (i32 q = 0; q < w->given->n_queues; q++) {
        Queue *queue = &w->queues[q];
        if (!queue->waiting || queue->given->pull.exists || !available_of(w, queue)) continue;
        for (i32 number = 0; number <= queue->given->last_level; number++) {
            const Side *side = &queue->levels[number].sides[0];
            for (i32 k = 0; k < side_n(side) && k < LOOKED_AT; k++) {
                Waiting one = *waiting_at(side, k);
                if (one.ticket == one.request->ticket && somebody_is_free(w, one.request))
                    breach(w, BREACH_free, one.request->conversation->number, NULL, q);
            }
        }
    }
}

/* Compare the account with the engine's own once all that is due at an instant has happened. */
void watch_at_rest(World *w) {
    Watch *watch = w->watch;
    for (i32 i = 0; i < watch->desks.n; i++) {
        const Desk *desk = watch->desks.items[i];
        i32 slots = watch->slots[desk->number];
        watch->desk_touched[desk->number] = 0;
        if (desk->tasks != slots || desk->held + desk->ringing != slots || slots < 0 || slots > desk->max_tasks)
            breach(w, BREACH_slots, 0, desk->agent, -1);
    }
    for (i32 i = 0; i < watch->queues.n; i++) {
        const Queue *queue = watch->queues.items[i];
        i32 q = queue->number;
        watch->queue_touched[q] = 0;
        watch->area[q] += watch->counted[q] * (w->now - watch->counted_at[q]);
        watch->counted_at[q] = w->now;
        watch->counted[q] = queue->waiting;
        if (queue->waiting != watch->waiting[q]) breach(w, BREACH_waiting, 0, NULL, q);
    }
    watch->desks.n = watch->queues.n = 0;
    if (!w->given->shown && w->given->agent_policy == POLICY_none) require_nobody_free(w);
}

/* Hold what concerns the run as a whole: nobody is lost, and Little's law on each queue's path. */
void watch_at_end(World *w, f64 horizon) {
    Watch *watch = w->watch;
    i64 open = 0;
    if (horizon < watch->last_at) horizon = watch->last_at;
    for (i64 i = 0; i < room_of(&w->conversations); i++) {
        const Conversation *c = thing_at(&w->conversations, i);
        if (!c->is_open) continue;
        Contact *contact = contact_of(w, c);
        if (!contact || contact->state != OPEN) breach(w, BREACH_lost, c->number, NULL, -1);
        open++;
        if (contact->search && contact->since == contact->since && horizon > contact->since)
            watch->waited[contact->queue] += horizon - contact->since;
    }
    if (watch->arrived != watch->ended + open) breach(w, BREACH_lost, 0, NULL, -1);
    for (i32 q = 0; q < w->given->n_queues; q++) {
        f64 rest = horizon - watch->counted_at[q];
        f64 area = watch->area[q] + watch->counted[q] * (rest > 0.0 ? rest : 0.0);
        if (fabs(area - watch->waited[q]) > CLOSE * (area > 1.0 ? area : 1.0)) breach(w, BREACH_little, 0, NULL, q);
    }
}
