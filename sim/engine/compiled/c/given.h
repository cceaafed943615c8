/* What Python hands in, and the rows that are handed over.

   Declared here once: `layout.py` reads this file and makes the numpy types of it. So each struct is a list of
   fields of the types named below, pointers, and structs declared before; each enumeration has names only. A test
   holds sizes and offsets against what the compiler made of them. */
#ifndef SIM_GIVEN_H
#define SIM_GIVEN_H

#include <stdint.h>

#if defined(_WIN32)
#define SIM_EXPORT __declspec(dllexport)
#else
#define SIM_EXPORT __attribute__((visibility("default")))
#endif

typedef int8_t i8;
typedef int32_t i32;
typedef int64_t i64;
typedef uint64_t u64;
typedef double f64;

/* The names of what is drawn, of events and of outcomes: those of the workload and of the records. */

enum Uniform {
    U_accept, U_contained, U_balk, U_ask_again, U_come_back, U_transfer, U_conference, U_transfer_note,
    U_conference_note, U_transfer_to, U_conference_to, U_warm, U_named, U_named_agent, U_then, U_selection,
    U_identified, U_supervised, U_barge_in, U_second_agent, U_whisper_sender, UNIFORMS
};
enum Kind { KIND_inbound, KIND_transfer, KIND_named_transfer, KIND_conference, KIND_rerouted, KINDS };
enum RequestOutcome {
    SEARCH_answered, SEARCH_abandoned, SEARCH_no_agent, SEARCH_cancelled, SEARCH_refused, SEARCH_disconnected,
    SEARCH_unfinished, SEARCH_moved, SEARCH_voicemail, SEARCH_wait_limit, REQUEST_OUTCOMES
};
enum ConversationOutcome {
    CONTACT_handled, CONTACT_contained, CONTACT_balked, CONTACT_abandoned, CONTACT_blocked, CONTACT_no_agent,
    CONTACT_disconnected, CONTACT_unfinished, CONTACT_voicemail, CONTACT_wait_limit, CONVERSATION_OUTCOMES
};
enum Direction {
    DIRECTION_INBOUND, DIRECTION_DIRECT_TRANSFER, DIRECTION_CONSULT_TRANSFER, DIRECTION_DIRECT_CONFERENCE,
    DIRECTION_SILENT_MONITOR, DIRECTION_BARGE_IN, DIRECTIONS
};
enum Disposition {
    TASK_DONE, TASK_TRANSFERRED, TASK_RONA, TASK_NO_AGENT_AVAILABLE, TASK_CANCELLED, TASK_FORCE_CLOSED,
    TASK_UNFINISHED, TASK_REROUTE, TASK_AGENT_LOGOUT, DISPOSITIONS
};
enum State {
    STATE_READY, STATE_RESERVED, STATE_ACTIVE, STATE_BUSY, STATE_NOT_READY, STATE_PENDING_NOT_READY,
    STATE_INTERRUPTED, STATES
};
enum Reason { REASON_none, REASON_break, REASON_ring, REASON_overtime, REASON_pause, REASONS };
enum AgentRule {
    AGENTS_fewest_tasks, AGENTS_most_tasks, AGENTS_longest_available, AGENTS_most_skilled, AGENTS_round_robin,
    AGENTS_random, AGENT_RULES
};
enum RequestRule {
    REQUESTS_priority, REQUESTS_longest_waiting, REQUESTS_priority_with_ageing, REQUESTS_own_level, REQUEST_RULES
};
enum Policy {
    POLICY_none, POLICY_reserve_for_transfers, POLICY_reserve_idle_agents, POLICY_overflow_by_expected_wait,
    POLICY_threshold, POLICY_weighted_wait, POLICY_queue_ratio, POLICIES
};
enum Required { REQUIRED_off, REQUIRED_available, REQUIRED_logged_in, REQUIRED_AGENTS };
enum RingMemory { MEMORY_none, MEMORY_exclude, MEMORY_rank_last, MEMORIES };
enum Then { THEN_requester_leaves, THEN_guest_leaves, THEN_both_stay, THENS };
enum Closing { CLOSING_closes, CLOSING_opens, CLOSING_ends, CLOSINGS };
enum Interruption { INTERRUPTED_not, INTERRUPTED_goes_on, INTERRUPTED_holds, INTERRUPTED_rerouted, INTERRUPTIONS };
enum Event {
    EVENT_arrived, EVENT_self_service_started, EVENT_blocked, EVENT_balked, EVENT_conversation_ended,
    EVENT_request_placed, EVENT_step_opened, EVENT_offered, EVENT_accepted, EVENT_rang_out, EVENT_requeued,
    EVENT_ttl_expired, EVENT_no_agent, EVENT_disconnected, EVENT_request_abandoned, EVENT_request_cancelled,
    EVENT_request_refused, EVENT_request_moved, EVENT_wait_limit_reached, EVENT_dropdown_opened,
    EVENT_transfer_placed, EVENT_conference_placed, EVENT_agent_joined, EVENT_agent_left, EVENT_wrap_up_started,
    EVENT_task_closed, EVENT_whisper, EVENT_whisper_refused, EVENT_monitor_joined, EVENT_monitor_left,
    EVENT_barged_in, EVENT_pull_notice, EVENT_dismissed, EVENT_queue_emptied, EVENT_sent_back, EVENTS
};
enum Table { TABLE_requests, TABLE_tasks, TABLE_conversations, TABLE_agent_states, TABLE_whispers, TABLE_events, TABLES };
enum Mistake { MISTAKE_none, MISTAKE_memory, MISTAKE_raised, MISTAKE_standstill, MISTAKE_budget, MISTAKE_engine, MISTAKE_breach };
enum Breach {
    BREACH_none, BREACH_time, BREACH_arrival, BREACH_outcome, BREACH_search, BREACH_offer, BREACH_state, BREACH_slots,
    BREACH_limit, BREACH_member, BREACH_order, BREACH_twice, BREACH_ttl, BREACH_free, BREACH_waiting, BREACH_little,
    BREACH_lost
};

/* The scenario. A draw is named by its number, a queue, team or agent by its place; -1 is none, NaN never. */

typedef struct {
    f64 probability, left, note, note_saves, warm, named, cold_factor, warm_factor, ttl;
    i32 exists, choose, to_n, to_first, falls_back, at_most, handover_time, set_up_time;
} TransferGiven;
typedef struct {
    f64 probability, left, note, whispers_per_minute, ttl;
    i32 choose, to_n, to_first, joint_time, extra_time, guest_time, works, transfers, then_n, then_first;
} ConferenceGiven;
typedef struct {
    f64 join, second_agent, whispers_per_minute;
    i32 exists, reaction;
} PullGiven;
typedef struct {
    f64 ring_time, balk, ttl, wait_limit;
    i32 priority, medium, first_level, last_level, required, empties, capacity, steps_go_on, limit_outcome, limit_queue;
    i32 balks_unless_free, room_n, room_first, has_task_limit;
    i32 carries_over, served_after;
    i32 handle_time, patience, transfer_patience, leaving_patience, wrap_up;
    i32 step_first, member_n, member_first, level_first, act_n, first_act, second_act, supervised;
    TransferGiven transfer;
    ConferenceGiven conference;
    PullGiven pull;
} QueueGiven;
typedef struct {
    f64 accepts;
    i32 accept_delay, wrap_up, heads, has_speeds, pause_every, pause_for;
} TeamGiven;
typedef struct {
    f64 contained, identified, ttl;
    i32 channel, medium, queue, self_service, certain, code;
} SourceGiven;
/* By seat: who is in several teams has one in each, and is the agent of the first, whose stints name the others. */
typedef struct {
    i32 team, place, desk_n, desk_first, agent, stint_n, stint_first;
} AgentGiven;
typedef struct {
    i32 agent, medium, max_tasks, pool, pace_n, pace_first, place, pause, logs_out, misses, linked, interrupts, hands_back;
} DeskGiven;
typedef struct {
    i32 medium, level_n, level_first, desk_n, desk_first, list_n, list_first, skill_first, indexed;
} PoolGiven;
typedef struct {
    f64 start, end;
    i32 break_n, break_first, is_added, begins_away, seat;
} StintGiven;
typedef struct {
    i32 agent_n, agent_first, step_n, step_first;
} HeadsGiven;
typedef struct {
    f64 at;
    i32 count, absent_n, absent_first;
} HeadStep;
typedef struct {
    i32 n, first;
} Span;
typedef struct {
    i32 capacity, queue_n, queue_first;
} RoomGiven;
/* A closing of a queue before the end of the run, or what follows upon it. */
typedef struct {
    f64 at;
    i32 what, queue;
} NightGiven;

/* The rows, in the order of the records' columns. */

typedef struct {
    f64 placed_at, first_offer_at, answered_at, ended_at, wait;
    i64 request_id, conversation_id;
    i32 kind, queue, channel, label, priority, outcome, offers, ring_outs, agent, requester, from_queue;
    i32 agents_available;
    i8 warm, note, balked;
} RequestRow;
typedef struct {
    f64 task_queue_time, task_reserved_time, task_answered_time, task_wrap_up_time, task_end_time;
    i64 agent_task_id, conversation_id, request_id;
    i32 agent_id, queue_id, channel, task_direction, task_mode, routing_mode, priority, task_disposition;
} TaskRow;
typedef struct {
    f64 arrived_at, requested_at, answered_at, ended_at, wait, total_wait;
    i64 conversation_id, customer_id;
    i32 attempt, stream, channel, queue, label, identified, outcome, agents, transfers, conferences, whispers;
    i32 last_agent;
} ConversationRow;
typedef struct {
    f64 at;
    i32 place, stay;
} StateRow;
typedef struct {
    f64 at;
    i64 conversation_id;
    i32 sender, reader_n, reader_first;
} WhisperRow;
typedef struct {
    f64 at;
    i64 conversation_id, request_id, customer;
    i32 event, agent, queue, medium, first, second, third, fourth, name_n, name_first;
} EventRow;

/* A column of draws, as Python answers: whole, or a table of blocks of 2^shift numbers each. */

typedef struct {
    u64 whole, blocks;
    i64 n;
    i32 shift;
} ColumnGiven;

typedef i32 (*AskColumn)(i32 is_value, i32 source, i32 id, i32 k, i64 block);
typedef i32 (*AskAgentDraws)(i32 agent, i32 what, i32 k);
typedef i32 (*AskChoice)(i32 queue, i32 conference, f64 uniform);
typedef i32 (*HandOver)(i32 table, i32 n);

typedef struct {
    i32 n_queues, n_teams, n_sources, n_channels, n_agents, n_desks, n_pools, n_levels, n_heads, n_draws, n_media;
    i32 n_agent_draws, n_starts, n_nights, n_clock, supervisors;
    i32 agent_rule, request_rule, agent_policy, request_policy, shown, holds_back, queue_priority, ring_memory, exclude_requester;
    i32 transfer_priority, conference_priority, requeue_priority, last_agent, clear_queues, has_drain, goes_on;
    i32 asks_again, comes_back, most_asks_again, most_comes_back, ask_again_after, come_back_after;
    i32 asks_while_open, comes_while_open, same_patience, highest_priority, keep_available, keep_idle, threshold;
    i32 supervised_after, supervised_for, whisper_gap, rows, names, looks, paranoid;
    i64 n_contacts, most_entries;
    f64 ageing, lasts, until, day_ends, share_asks_again, share_comes_back;
    f64 supervised, barge_in, supervision_whispers, expected_wait, opens_at;
    const QueueGiven *queues;
    const TeamGiven *teams;
    const SourceGiven *sources;
    const AgentGiven *agents;
    const DeskGiven *desks;
    const PoolGiven *pools;
    const StintGiven *stints;
    const HeadsGiven *heads;
    const HeadStep *head_steps;
    const f64 *clock_starts; /* from when on the clock shows how much more than has gone by */
    const f64 *clock_ahead;
    const i8 *interruptions; /* by medium and the one that interrupts it */
    const i32 *channel_lines;
    const RoomGiven *rooms;
    const i32 *room_queues;
    const i32 *queue_rooms;
    const i32 *task_limits;
    const Span *step_pools;
    const f64 *step_lasts;
    const f64 *step_opens;
    const i32 *member_pools;
    const i8 *is_member;
    const i32 *pool_levels;
    const i32 *pool_lists;
    const i32 *pool_desks;
    const i32 *skills;
    const f64 *rates;
    const f64 *paces;
    const f64 *speeds;
    const f64 *breaks;
    const i32 *head_agents;
    const i32 *head_absent;
    const i32 *starts;
    const NightGiven *nights;
    const i32 *choices;
    const f64 *bounds;
    const f64 *constants;
    const f64 *times;
    const i64 *streams;
    const i64 *contacts;
    const u64 *labels;
    const u64 *queues_asked;
    const i32 *label_priorities;
    i32 *available;
    ColumnGiven *answer;
    AskColumn ask_column;
    AskAgentDraws ask_agent_draws;
    AskChoice ask_choice;
    HandOver hand_over;
    RequestRow *requests;
    TaskRow *tasks;
    ConversationRow *conversations;
    StateRow *states;
    WhisperRow *whispers;
    EventRow *events;
    i32 *spill;
} Given;

typedef struct {
    f64 horizon, work_ended, failed_at;
    i64 entries, failed_conversation, returns_elsewhere;
    i32 mistake, line, breach, breach_agent, breach_queue;
    f64 *added;
} Ended;

#endif
