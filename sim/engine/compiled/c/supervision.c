/* Supervision: silent monitoring, whispering, barging in. */
#include "world.h"

#define BARGE_IN_AFTER 0.5

enum { BEFORE, WATCHING, GONE };

/* Whether a supervisor watches or has barged in. */
i32 supervisor_is_in(const World *w, const Conversation *c) {
    if (c->monitors.n) return 1;
    for (i32 i = 0; i < c->parts.n; i++)
        if (((Part *)c->parts.items[i])->agent->team->number == w->given->supervisors) return 1;
    return 0;
}

/* Decide whether a supervisor will look into a conversation that an agent has just answered. */
void on_first_answer(World *w, Conversation *c) {
    if (!w->queues[c->queue].given->supervised) return;
    if (!(uniform_of(w, c->customer, U_supervised, 0) < w->given->supervised)) return;
    Visit *visit = born(w, &w->visits);
    *visit = (Visit){.refs = 1, .conversation = c, .pc = BEFORE};
    c->refs++;
    f64 after = drawn_by(w, c->customer, w->given->supervised_after, 0);
    visit->token = schedule(w, w->now + after, HANDLING_ENDS, DUE_VISIT, visit);
}

/* Return the desk of a supervisor who is there, looks into nothing else and has barged in nowhere. */
static Desk *free_desk(World *w, Conversation *c) {
    i32 medium = w->queues[c->queue].given->medium;
    for (i32 i = 0; i < w->given->n_agents; i++) {
        const AgentGiven *seat = &w->given->agents[i];
        Agent *agent = &w->agents[seat->agent];
        if (seat->team != w->given->supervisors || agent->seat != i || !agent->present || !agent_idle(agent)) continue;
        Desk *desk = desk_on(agent, medium);
        if (desk) return desk;
    }
    return NULL;
}

static void visit_over(World *w, Visit *visit) {
    visit->pc = GONE;
    let_go_conversation(w, visit->conversation);
    bury(w, &w->visits, visit);
}

/* Start watching, of which no one is told. */
static void watch(World *w, Visit *visit) {
    Conversation *c = visit->conversation;
    visit->desk = c->parts.n ? free_desk(w, c) : NULL;
    if (!visit->desk) {
        visit_over(w, visit);
        return;
    }
    Agent *supervisor = visit->desk->agent;
    visit->lasts = drawn_by(w, c->customer, w->given->supervised_for, 0);
    f64 barge_in = w->given->barge_in;
    visit->barges_in = barge_in > 0 && uniform_of(w, c->customer, U_barge_in, 0) < barge_in;
    visit->came_at = w->now;
    visit->pc = WATCHING;
    supervisor->monitors = 1;
    add(w, &c->monitors, supervisor);
    add(w, &c->visits, visit);
    log_conversation(w, EVENT_monitor_joined, c, supervisor, -1);
    gather(w, c, supervisor);
    f64 lasts = visit->barges_in ? visit->lasts * BARGE_IN_AFTER : visit->lasts;
    visit->token = schedule(w, visit->came_at + lasts, HANDLING_ENDS, DUE_VISIT, visit);
}

static void barge_in(World *w, Visit *visit) {
    Conversation *c = visit->conversation;
    Part *part = new_part(w, c, &w->queues[c->queue], visit->desk);
    i32 signal;
    part->barged_in = 1;
    join_parts(w, part);
    desk_take(w, part->desk);
    admit(w, c, part, EVENT_barged_in);
    if (work_through(w, part, visit->lasts * (1.0 - BARGE_IN_AFTER), BARGED_IN, &signal)) barged_in_over(w, part);
}

static void stop_watching(World *w, Visit *visit) {
    Conversation *c = visit->conversation;
    Desk *desk = visit->desk;
    Agent *supervisor = desk->agent;
    supervisor->monitors = 0;
    take_off(&c->monitors, supervisor);
    take_off(&c->visits, visit);
    log_conversation(w, EVENT_monitor_left, c, supervisor, -1);
    on_insiders_changed(w, c);
    write_supervision(w, c, desk, DIRECTION_SILENT_MONITOR, visit->came_at, w->now, TASK_DONE);
    /* Asked after the watching, as the conversation, the shift or the free slot may have ended meanwhile. */
    if (visit->barges_in && c->parts.n && supervisor->present && desk->tasks < desk->max_tasks)
        barge_in(w, visit);
    else
        agent_on_freed(w, supervisor); /* watching holds no slot, so no desk tells that who is to go has finished */
    visit_over(w, visit);
}

/* Wait, watch, perhaps barge in, leave; the visit ends when no agent is left to be watched. */
void visit_go_on(World *w, Visit *visit) {
    visit->token = 0;
    if (visit->pc == BEFORE)
        watch(w, visit);
    else if (visit->pc == WATCHING)
        stop_watching(w, visit);
}

/* End the part of a supervisor who has barged in. */
void barged_in_over(World *w, Part *part) {
    Conversation *c = part->conversation;
    part->left = part->later;
    leave(w, c, part, NULL);
    EventRow *row = log_conversation(w, EVENT_task_closed, c, part->agent, -1);
    if (row) row->first = TASK_DONE;
    write_supervision(w, c, part->desk, DIRECTION_BARGE_IN, part->answered_at, w->now, TASK_DONE);
    desk_release(w, part->desk);
    on_slot_free(w, part->desk);
    on_task_closed(w, part);
    let_go_conversation(w, c);
    bury(w, &w->parts, part);
}
