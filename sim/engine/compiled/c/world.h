/* The centre at work: its things, and what the chapters ask of each other.

   Each chapter bears the name of the SimPy engine's file that has the same rules; functions bear the names of the
   methods there. What is not obvious about a rule is said there. Memory of a kind of thing is never given to another
   kind while the day runs, so an entry of the calendar that no longer counts may still be looked at: its token
   matches none. */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <math.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"

#define NEVER ((f64)NAN)
#define FOREVER ((f64)INFINITY)
#define OUT (-1)
#define PASSED (-1)

/* The order of what falls on the same instant, as in ranks.py. */
enum Rank {
    OVER = 2, GOES, CLOSING, CUSTOMER_LEAVES, ACCEPT, HANDLING_ENDS, RING_TIMEOUT, REQUEST_TTL, STEP_OPENS,
    WRAP_UP_ENDS, GOES_BACK, COMES, EMPTIES, ARRIVAL, LOOK, HELD_BACK, LAST = 99
};

/* What the calendar holds. */
enum Due {
    DUE_END, DUE_ARRIVAL, DUE_CLOSING, DUE_CUSTOMER, DUE_PART, DUE_REQUEST, DUE_SHIFT, DUE_HEADS, DUE_UNMUTE,
    DUE_LOOK, DUE_TALK, DUE_VISIT, DUE_EMPTY, DUE_HELD_BACK, DUE_PAUSE, DUE_FILL_UP
};

typedef struct World World;
typedef struct Queue Queue;
typedef struct Team Team;
typedef struct Source Source;
typedef struct Agent Agent;
typedef struct Desk Desk;
typedef struct Pool Pool;
typedef struct Level Level;
typedef struct HeadCount HeadCount;
typedef struct Customer Customer;
typedef struct Conversation Conversation;
typedef struct Request Request;
typedef struct Part Part;
typedef struct Whispers Whispers;
typedef struct Visit Visit;
typedef struct Look Look;
typedef struct Watch Watch;

/* A list of pointers that grows. */
typedef struct {
    void **items;
    i32 n, room;
} List;

/* Recycled memory of one kind of thing; `dead` are let go after the event in which they ended. */
typedef struct {
    size_t size;
    void *free, *dead, *last_dead;
    List blocks;
} Slab;

typedef struct {
    f64 time;
    u64 order; /* rank, token, kind: one comparison decides between entries of an instant */
    void *thing;
} Entry;

typedef struct {
    const f64 *whole;
    const f64 *const *blocks;
    i32 shift;
} Column;

typedef struct {
    const f64 *first; /* that of k = 0 where it is there as a whole, as most are that are asked for */
    Column *of; /* by k */
    i32 n;
} Columns;

/* Which desks of a pool are on a roll, in order of declaration, as counts in a Fenwick tree. */
typedef struct {
    i32 *counts;
    i8 *on;
    i32 n, size;
} Roll;

struct Queue {
    const QueueGiven *given;
    Level *levels;
    const Span *steps;
    const f64 *opens_after;
    i32 number, waiting, closed;
    f64 looks_at;
    i32 *tasks_of; /* by agent, where their tasks of this queue are limited */
    List open, full; /* on a list, the oldest first; who has as many tasks of this queue as they may */
};

struct Team {
    const TeamGiven *given;
    const f64 *speeds;
    HeadCount *heads;
    i32 number;
};

struct Source {
    const SourceGiven *given;
    const i32 *labels, *queues;
    Columns *uniforms, *values;
    List wholes; /* columns that are there as a whole */
    i32 number;
};

/* A desk's place in the order of its pool: all that decides it, so that nothing else is looked at. */
typedef struct {
    f64 key, second_key;
    i32 agent, desk;
} Ready;

struct Pool {
    const PoolGiven *given;
    Ready *heap, *line; /* who came in order is in the line, from `first` on up to `end`, with gaps */
    Roll free, there;
    i32 heap_n, first, end, available, idle, present, on_duty, number;
};

struct Desk {
    Agent *agent;
    Pool *pool;
    const f64 *pace;
    f64 ready_since, rate, key, second_key;
    i64 offered_last;
    i32 number, place, in_pool, held, ringing, tasks, max_tasks, stay, missed;
    i8 muted, on, available, idle;
    i8 linked, interrupts, keeps, interrupted, still; /* where media interrupt each other */
    /* Few contacts ask for what follows. */
    const DeskGiven *given;
    f64 muted_until;
    List works;
};

typedef struct {
    const f64 *values;
    i64 n;
    i32 used;
} AgentDraws;

enum Waits { WAITS_FOR_NOTHING, SHIFT_WAITS, LEAVER_WAITS, PAUSE_WAITS, HOME_WAITS };

/* An agent's shifts, pauses, lists and draws. Few contacts ask for them: of very many agents it is as much less to look
   at that they are apart. */
typedef struct {
    const AgentGiven *given;
    List postponed;
    AgentDraws *draws;
    f64 added, back_at;
    i64 token, pause_due, pause_over;
    i32 pauses, reactions, joins, paused, pauses_ended, pc, stint, pause;
} Duty;

struct Agent {
    Team *team;
    Desk *desks;
    Duty *duty;
    u64 barred;
    i32 number, seat, desk_n, stay, off_reason, waiting;
    i8 present, on_duty, logged_in, monitors, works;
};

typedef struct {
    f64 key[3];
    i64 ticket;
    Request *request;
} Waiting;

/* Who came in order waits in the line, from `first` on up to `end`; the others are in the heap. */
typedef struct {
    Waiting *heap, *line;
    i32 heap_n, heap_room, first, end, line_room;
} Side;

struct Level {
    Side sides[KINDS]; /* by kind where a policy is shown the heads, else all in the first */
};

static inline i32 side_n(const Side *side) { return side->heap_n + side->end - side->first; }

/* Return one of those that wait here or have waited, in no order. */
static inline const Waiting *waiting_at(const Side *side, i32 i) {
    i32 in_line = side->end - side->first;
    return i < in_line ? &side->line[side->first + i] : &side->heap[i - in_line];
}

struct HeadCount {
    const HeadsGiven *given;
    const HeadStep *latest;
    List leaving;
    i64 token;
    i32 number, step, called, count, some_sent_home;
};

struct Customer {
    Customer *next;
    i32 refs;
    Source *source;
    Desk *last_desk;
    Conversation *conversation;
    f64 patient_until;
    i64 number, token, contact;
    i32 label, legs, offers, attempt, pc, asked_again, came_back, patience_of;
    i8 asleep;
};

struct Conversation {
    Conversation *next;
    i32 refs;
    Customer *customer;
    Request *pending;
    Whispers *whispers;
    Agent *last_agent;
    f64 arrived_at, requested_at, answered_at, ended_at, wait, waiting_since, total_wait, talk_rate, asked_at;
    i64 number;
    i32 attempt, channel, queue, asked, agents, transfers, conferences, outcome;
    List parts, monitors, visits;
    i8 waits, is_open;
};

/* What is left to do of a conversation that goes back to its queue: seconds at normal speed, and what comes on the way. */
typedef struct {
    const Queue *queue;
    f64 work_s, act_left[2];
    i32 acts[2], act_n;
} Rest;

enum RequestState { NOT_PLACED, QUEUED, RINGING, ENDED };

struct Request {
    Request *next;
    i32 refs;
    Conversation *conversation;
    Queue *queue;
    Desk *desk, *named;
    Agent *requester;
    Queue *from_queue;
    Part *host, *wants_second;
    f64 placed_at, enqueued_at, reserved_at, first_offer_at, answered_at, expires_at;
    i64 number, task, ticket, offer_token, ttl_token, step_token, limit_token, back_token;
    i64 second_of, host_number;
    Rest rest;
    List rung;
    i32 kind, priority, placed_priority, state, outcome, direction, level, offers, ring_outs, shown;
    i8 expired, note, balked, warm, will_accept, continues;
};

enum Signal { NO_SIGNAL, JOINED, NOBODY, TOGETHER_OVER, HOST_LEAVES, CUSTOMER_LEFT };

struct Part {
    Part *next;
    i32 refs;
    Conversation *conversation;
    Queue *queue, *mail_queue;
    Desk *desk;
    Agent *agent;
    Request *request, *onward; /* the one accepted while it may be asked of, NULL after that */
    Part *first;
    f64 answered_at, left, goal, since, later, wrap_up_at, host_left;
    f64 act_left[2];
    i64 number, token, task, of_request;
    f64 enqueued_at, reserved_at;
    i32 leg, mail, pc, act_n, acts[2], disposition, priority, direction;
    i8 hearing, barged_in, acting, host_went_back, is_open, named, listed;
};

typedef struct {
    f64 at;
    Agent *sender;
    List readers;
} Said;

struct Whispers {
    Whispers *next;
    i32 refs;
    Conversation *conversation;
    Said *said;
    f64 rate;
    i64 token;
    i32 n, room, count;
};

struct Visit {
    Visit *next;
    i32 refs;
    Conversation *conversation;
    Desk *desk;
    f64 came_at, lasts;
    i64 token;
    i32 pc;
    i8 barges_in;
};

struct Look {
    Look *next;
    i32 refs;
    Desk *desk;
    Request *request;
    i64 number;
};

struct World {
    const Given *given;
    Ended *ended;
    jmp_buf over;
    f64 now;
    u64 last_token;
    Entry *calendar, arrival;
    i64 entries, room;
    Queue *queues;
    Team *teams;
    Source *sources;
    Agent *agents;
    Desk *desks;
    i32 *places; /* of each desk in its pool: in the heap, below -1 in the line; -1 where it is not available */
    Pool *pools;
    Level *levels;
    HeadCount *heads;
    i32 *lines_in_use;
    Slab customers, conversations, requests, parts, whispers, visits, looks;
    void *memory; /* all of it, in one chain */
    List just_freed; /* those with a free slot who have not looked at their queues yet */
    List barred;
    u64 barring;
    i64 next_arrival, part_n, customer_n, customers_so_far, conversations_so_far;
    i64 requests_so_far, tasks_so_far, tickets, offers, parts_so_far;
    f64 last_work, work_ended;
    i32 closed, some_added, held_back_due, some_died;
    i32 rows[TABLES], spilled;
    Watch *watch; /* where the invariants are held */
};

/* memory.c */
void fail(World *w, i32 mistake, Conversation *conversation, i32 line);
#define ENGINE_FAILS(w) fail((w), MISTAKE_engine, NULL, __LINE__)
void *take_memory(World *w, size_t size);
void *resize_memory(World *w, void *old, size_t size);
void give_back(World *w, void *memory);
void *born(World *w, Slab *slab);
/* Zeros, in pieces that are a few stores each: of such a size at once they take several times as long. */
static inline void clear(void *thing, size_t size) {
    char *at = thing;
    for (; size > 64; at += 64, size -= 64) memset(at, 0, 64);
    memset(at, 0, size);
}
i64 room_of(const Slab *slab);
void *thing_at(const Slab *slab, i64 i);
void bury(World *w, Slab *slab, void *thing);
void sweep_all(World *w);
void give_back_all(World *w);
void add(World *w, List *list, void *item);
i32 place_in(const List *list, const void *item);
void take_off(List *list, const void *item);
void copy_list(World *w, List *to, const List *from);

/* simulate.c */
void stop_if_over(World *w);
void open_conversation(World *w, Customer *customer);
f64 on_conversation_over(World *w, Customer *customer, Conversation *conversation);

/* look_ahead.c */
void look_ahead(const Entry *e, i64 at);
void look_down_the_line(const Waiting *line, i32 n);
void look_at_draws(const Source *source, i64 contact);
void look_at_first(const World *w, const Ready *first);

/* clock.c */
i64 schedule(World *w, f64 time, i32 rank, i32 kind, void *thing);
void schedule_arrival(World *w, f64 time);
Entry next_entry(World *w);
static inline i64 token_of(const Entry *e) { return (i64)((e->order >> 4) & ((1ULL << 53) - 1)); }

/* draws.c */
f64 uniform_of(World *w, Customer *customer, i32 purpose, i32 k);
f64 drawn_by(World *w, Customer *customer, i32 draw, i32 k);
f64 agent_draw(World *w, Agent *agent, i32 what, i32 k);
i32 pick(World *w, i32 n, i32 first, f64 uniform);

/* recorder.c */
void write_request(World *w, Request *request, f64 at);
void write_task(World *w, Request *request, i32 disposition);
void write_handling(World *w, Part *part, i32 disposition, f64 ended_at);
void write_supervision(World *w, Conversation *conversation, Desk *desk, i32 direction, f64 came_at, f64 ended_at,
                       i32 disposition);
void write_conversation(World *w, Conversation *conversation);
void write_state(World *w, i32 place, i32 stay);
void write_whisper(World *w, Conversation *conversation, const Said *said);
void hand_over_all(World *w);
i32 spill_names(World *w, const List *agents, const Agent *without);
i32 spill_numbers(World *w, i32 n);
EventRow *event_row(World *w);

/* event_log.c */
EventRow *tell_of_request(World *w, i32 event, Request *request);
EventRow *tell_of_conversation(World *w, i32 event, Conversation *conversation, Agent *agent, i32 queue);
void log_arrival(World *w, Conversation *conversation);
static inline i32 log_is_on(const World *w) { return w->given->events != NULL; }
static inline i32 is_told(const World *w) { return w->watch || log_is_on(w); }
static inline EventRow *log_request(World *w, i32 event, Request *request) {
    return is_told(w) ? tell_of_request(w, event, request) : NULL;
}
static inline EventRow *log_conversation(World *w, i32 event, Conversation *c, Agent *agent, i32 queue) {
    return is_told(w) ? tell_of_conversation(w, event, c, agent, queue) : NULL;
}

/* invariants.c */
void watch_begin(World *w);
void watch_request(World *w, i32 event, Request *request);
void watch_conversation(World *w, i32 event, Conversation *conversation, Agent *agent);
void watch_at_rest(World *w);
void watch_at_end(World *w, f64 horizon);

/* interruptions.c, going_back.c */
enum { SHIFT_END, INTERRUPTION };
void desk_follow(World *w, Desk *desk);
i32 reroutes(const World *w, const Desk *desk);
void cut_in(World *w, Desk *desk);
void seek_interrupted(World *w, Desk *desk);
void hand_back(World *w, Agent *agent);
void send_all_back(World *w, Desk *desk, i32 reason);
i32 gives_back(const Desk *desk);
void on_accepted(World *w, Part *part);

/* queue.c */
void pool_put(World *w, Pool *pool, Desk *desk);
void pool_remove(World *w, Pool *pool, Desk *desk);
i32 desk_before(const Desk *one, const Desk *other);
Desk *pool_best(World *w, Pool *pool);
void level_push(World *w, Level *level, Waiting waiting);
Waiting level_first(World *w, Level *level, i32 side, Agent *agent);
void send_away(World *w, Queue *queue, void (*how)(World *, Request *));
i32 overfull(const World *w, const Queue *queue);
i32 is_full(const World *w, const Queue *queue, const Agent *agent);
void limit_add(World *w, Queue *queue, Agent *agent);
void limit_remove(World *w, Queue *queue, Agent *agent);
i32 waiting_before(const Waiting *one, const Waiting *other);
int by_selection(const void *one, const void *other);
i32 level_after(const Queue *queue, f64 waited_s);
i32 is_member(const World *w, const Queue *queue, const Pool *pool);
i32 available_of(const World *w, const Queue *queue);
i32 available_without(World *w, const Queue *queue, Agent *const *agents, i32 n);

/* roll.c */
void roll_set(Roll *roll, Desk *desk, i32 on);
Desk *draw_one(World *w, const Pool *const *pools, i32 n, i32 there, f64 uniform);

/* selection.c */
Desk *desk_for(World *w, Request *request, const List *without);
Waiting waiting_of(World *w, Request *request);
Request *before(World *w, Request *request, Desk *desk);
Desk *unclaimed(World *w, Request *request, Desk *desk);
i32 finds_somebody(World *w, Request *request);
Request *request_for(World *w, Desk *desk);
i32 bars(World *w, Request *request, Agent *agent);
void bar(World *w, Request *request, const List *without, i32 and_rung);
void bar_all(World *w, Request *request, const List *without, i32 and_rung);
i32 comes_before(World *w, Request *one, Request *other, Desk *desk);
static inline i32 is_barred(const World *w, const Agent *agent) { return agent->barred == w->barring; }

/* desk.c, agent.c */
void desk_reserve(World *w, Desk *desk);
void desk_take(World *w, Desk *desk);
void desk_accept(World *w, Desk *desk);
void desk_withdraw(World *w, Desk *desk);
void desk_release(World *w, Desk *desk);
void desk_mute(World *w, Desk *desk, f64 for_s);
void desk_unmute(World *w, Desk *desk);
void desk_begin(World *w, Part *part);
void desk_stop(World *w, Part *part);
void desk_repace(World *w, Desk *desk);
i32 agent_idle(const Agent *agent);
void agent_log_in(World *w, Agent *agent);
void agent_log_in_away(World *w, Agent *agent, i32 reason);
void agent_sit_down(World *w, Agent *agent, i32 seat);
void agent_log_out(World *w, Agent *agent);
i32 agent_stop(World *w, Agent *agent, i32 reason);
void agent_on_freed(World *w, Agent *agent);
void agent_send_home(World *w, Agent *agent);
void when_free(World *w, Agent *agent, i32 waiting);

/* pauses.c, attendance.c, held_back.c */
void pauses_start(World *w, Agent *agent);
void pauses_stop(Agent *agent);
void pauses_begin(World *w, Agent *agent);
void pauses_due(World *w, Agent *agent, i64 token);
i32 turns_away(World *w, Request *request);
void on_gone(World *w, Queue *queue);
void tell_queues(World *w, Agent *agent);
void attendance_due(World *w, Queue *queue);
void on_change(World *w);
i32 lets_another_go(World *w, Request *request, Desk *desk, i32 is_kept);
void held_back_due(World *w);
void agent_close_books(World *w, Agent *agent);
Desk *desk_on(const Agent *agent, i32 medium);
static inline i32 stay_of(i32 state, i32 reason) { return state * REASONS + reason; }
i32 is_taken(const Desk *desk);
void on_presence_changed(World *w, Desk *desk);

/* dates.c, roster.c, head_counts.c, tomorrow.c */
void schedule_closings(World *w);
void night_due(World *w, const NightGiven *night);
void shift_go_on(World *w, Agent *agent, i32 freed);
void shift_send_home(World *w, Agent *agent);
void heads_go_on(World *w, HeadCount *heads);
void heads_on_agent_idle(World *w, HeadCount *heads, Agent *agent);
void leaver_goes(World *w, Agent *agent);
void heads_fill_up(World *w, HeadCount *heads);
void heads_send_home(World *w, HeadCount *heads, Agent *agent);
i32 tomorrow_adds(World *w, Agent *agent);

/* customer.c */
void on_arrival(World *w);
void customer_go_on(World *w, Customer *customer);
void customer_due(World *w, Customer *customer);
void customer_wait_for(World *w, Customer *customer, Request *request);
void customer_on_ttl_while_ringing(World *w, Customer *customer);
i32 customer_answer_of(World *w, Customer *customer, Team *team, f64 *delay);
void customer_on_conversation_ended(World *w, Customer *customer);
f64 tries_again(World *w, Customer *customer, i32 purpose, i32 *so_far);
void let_go_customer(World *w, Customer *customer);

/* conversation.c */
void start_waiting(World *w, Conversation *conversation, Request *request);
void on_ttl_while_ringing(World *w, Conversation *conversation);
void count_request(World *w, Conversation *conversation);
void admit(World *w, Conversation *conversation, Part *part, i32 event);
void leave(World *w, Conversation *conversation, Part *part, Request *onward);
f64 whispers_per_minute(World *w, Conversation *conversation);
void gather(World *w, Conversation *conversation, Agent *agent);
void on_insiders_changed(World *w, Conversation *conversation);
void on_no_agent(World *w, Conversation *conversation, Request *request);
void block(World *w, Conversation *conversation, i32 reason);
void on_customer_leaves(World *w, Conversation *conversation);
void end_conversation(World *w, Conversation *conversation, i32 outcome);
void record_conversation(World *w, Conversation *conversation);
void let_go_conversation(World *w, Conversation *conversation);

/* request.c */
Request *new_request(World *w, Conversation *conversation, Queue *queue, i32 kind, i32 priority);
void let_go_request(World *w, Request *request);
void start_clocks(World *w, Request *request);
Request *going_on(World *w, Request *request, Queue *queue, i32 kind, i32 priority);
void request_due(World *w, Request *request, i64 token);
static inline i32 is_listed(const Request *r) { return r->queue->given->pull.exists && r->kind != KIND_named_transfer; }

void unseen(World *w, Request *request, List *agents);

/* router.c */
void place(World *w, Request *request);
void enqueue(World *w, Request *request, i32 priority);
i32 dispatch(World *w, Request *request, i32 is_kept);
void keep(World *w, Request *request);
void leave_queue(World *w, Request *request);
void open_next_step(World *w, Request *request);
void on_log_in(World *w, Desk *desk);
void on_slot_free(World *w, Desk *desk);
void seek(World *w, Desk *desk);
void on_ttl_expired(World *w, Request *request);
void no_agent(World *w, Request *request, i32 disposition);
void disconnect(World *w, Request *request);
void withdraw(World *w, Request *request, i32 outcome);
void close_request(World *w, Request *request, i32 outcome, i32 disposition);
void close_request_at(World *w, Request *request, i32 outcome, i32 disposition, f64 at);
void clear_queue(World *w, Queue *queue);
void clear_queues(World *w);
void on_task_closed(World *w, Part *part);

/* offers.c */
void ring_named(World *w, Request *request);
void on_wait_limit(World *w, Request *request);
i32 ring_last_agent(World *w, Request *request);
i32 finds_agent(World *w, Request *request);
void offer(World *w, Request *request, Desk *desk);
void on_offer_ended(World *w, Request *request);
Part *answer(World *w, Request *request, Desk *desk);

/* conversation.c, handling.c */
enum Departure { WAITS = -1, STAYS, LEAVES };
enum Place {
    WORKING, HEARING_ANSWER, HEARING_END, HOLDING, HANDING_OVER, ASSISTING, TAKING_OVER, WRAPPING_UP, BARGED_IN
};
Part *new_part(World *w, Conversation *conversation, Queue *queue, Desk *desk);
void join_parts(World *w, Part *part);
void tell(World *w, Part *part, i32 signal, Queue *queue);
i32 hear(World *w, Part *part, i32 pc, i32 *signal, Queue **queue);
i32 work_through(World *w, Part *part, f64 amount, i32 pc, i32 *signal);
f64 work_left(const World *w, const Part *part);
i32 departs(Part *part, i32 disposition, Request *onward);
void break_off(World *w, Part *part);
void set_host(Request *request, Part *host);
i32 is_host(const Request *request, const Part *part);
void close_task(World *w, Part *part);
void after_the_task(World *w, Part *part);
Part *new_handling(World *w, Request *request, Desk *desk, Part *first);
void begin_handling(World *w, Part *part);
void part_go_on(World *w, Part *part, i32 signal, Queue *queue);
f64 part_drawn(World *w, const Part *part, i32 draw);
f64 part_uniform(World *w, const Part *part, i32 purpose);
f64 handle_time(World *w, Part *part);
f64 at_own_speed(const World *w, const Part *part, f64 work);

/* transfer.c, conference.c */
Request *ask(World *w, Part *part, i32 kind, i32 conference, Queue *queue);
i32 may_transfer(const Part *part);
i32 transfer(World *w, Part *part);
i32 hand_on(World *w, Part *part, Request *request);
i32 warm_go_on(World *w, Part *part, i32 signal);
i32 warm_over(Part *part, i32 signal);
i32 take_over(World *w, Part *part, i32 signal);
i32 conference(World *w, Part *part);
i32 respond(World *w, Part *part, i32 signal, Queue *queue);
i32 together_over(Part *part, i32 signal);
i32 assist(World *w, Part *part, i32 signal);

/* whisper.c */
Whispers *new_whispers(World *w, Conversation *conversation);
void whispers_on_joined(World *w, Whispers *whispers, Agent *agent);
void whispers_adjust(World *w, Whispers *whispers);
void whispers_close(World *w, Whispers *whispers);
void whispers_due(World *w, Whispers *whispers);

/* supervision.c, pull.c */
i32 supervisor_is_in(const World *w, const Conversation *conversation);
void on_first_answer(World *w, Conversation *conversation);
void visit_go_on(World *w, Visit *visit);
void barged_in_over(World *w, Part *part);
void publish(World *w, Request *request);
void pull_remove(Queue *queue, Request *request);
void pull_on_log_in(World *w, Queue *queue, Desk *desk);
void pull_on_slot_free(World *w, Queue *queue, Desk *desk);
void look_due(World *w, Look *look);

#endif
