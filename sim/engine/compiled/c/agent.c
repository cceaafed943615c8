/* An agent: their presence and their states. */
#include "world.h"

/* Whether they have no task and no offer on any medium, and monitor no conversation. */
i32 agent_idle(const Agent *agent) {
    for (i32 i = 0; i < agent->desk_n; i++)
        if (agent->desks[i].tasks) return 0;
    return !agent->monitors;
}

static void enter(World *w, Agent *agent, i32 stay) {
    if (stay == agent->stay || !w->given->states) return;
    agent->stay = stay;
    write_state(w, w->given->agents[agent->seat].place, stay);
}

static void refresh(World *w, Agent *agent) {
    for (i32 i = 0; i < agent->desk_n; i++) on_presence_changed(w, &agent->desks[i]);
    if (!agent->logged_in)
        enter(w, agent, OUT);
    else if (agent->present)
        enter(w, agent, stay_of(STATE_READY, REASON_none));
    else
        enter(w, agent, stay_of(agent_idle(agent) ? STATE_NOT_READY : STATE_PENDING_NOT_READY, agent->off_reason));
}

/* Set presence, log-in and the reason of being off; return whether the agent was on duty and is not any more. Breaks and
   pauses do not end it, as an agent comes back from them. */
static i32 set_presence(Agent *agent, i32 logged_in, i32 present, i32 off_reason) {
    i32 was_on_duty = agent->on_duty;
    i32 on_duty = logged_in && off_reason != REASON_overtime && off_reason != REASON_ring;
    for (i32 i = 0; i < agent->desk_n; i++) {
        Pool *pool = agent->desks[i].pool;
        if (!pool) continue;
        pool->present += present - agent->present;
        pool->on_duty += on_duty - agent->on_duty;
    }
    agent->logged_in = (i8)logged_in;
    agent->present = (i8)present;
    agent->on_duty = (i8)on_duty;
    agent->off_reason = off_reason;
    return was_on_duty && !on_duty;
}

static i32 has_pauses(const Agent *agent) { return agent->team->given->pause_every > 0; }

/* Log in and be present, or be present again; look at the queues at once. */
void agent_log_in(World *w, Agent *agent) {
    i32 was_logged_in = agent->logged_in;
    set_presence(agent, 1, 1, REASON_none);
    if (has_pauses(agent) && (!was_logged_in || agent->waiting == PAUSE_WAITS)) pauses_start(w, agent);
    agent->waiting = WAITS_FOR_NOTHING;
    for (i32 i = 0; i < agent->desk_n; i++)
        if (!agent->desks[i].tasks) agent->desks[i].ready_since = w->now;
    /* All media first: what one desk takes must find the others in their new state. */
    refresh(w, agent);
    for (i32 i = 0; i < agent->desk_n; i++) {
        if (was_logged_in)
            seek(w, &agent->desks[i]);
        else
            on_log_in(w, &agent->desks[i]);
    }
}

/* Log in and be away at once, for `reason`; lists give notice all the same. */
void agent_log_in_away(World *w, Agent *agent, i32 reason) {
    set_presence(agent, 1, 0, agent->off_reason);
    agent->waiting = WAITS_FOR_NOTHING;
    if (has_pauses(agent)) pauses_start(w, agent);
    for (i32 i = 0; i < agent->desk_n; i++) agent->desks[i].ready_since = w->now;
    agent_stop(w, agent, reason);
    for (i32 i = 0; i < agent->desk_n; i++) on_log_in(w, &agent->desks[i]);
}

/* Be in the team of that seat from now on, while logged out. */
void agent_sit_down(World *w, Agent *agent, i32 seat) {
    const AgentGiven *given = &w->given->agents[seat];
    agent->seat = seat;
    agent->team = &w->teams[given->team];
    agent->desks = w->desks + given->desk_first;
    agent->desk_n = given->desk_n;
}

/* Stop new offers, for `reason`; return whether the agent is free already. */
i32 agent_stop(World *w, Agent *agent, i32 reason) {
    i32 is_gone = set_presence(agent, agent->logged_in, 0, reason);
    refresh(w, agent);
    if (is_gone) tell_queues(w, agent);
    on_change(w); /* who is away may let somebody go to others */
    return agent_idle(agent);
}

/* Log out. */
void agent_log_out(World *w, Agent *agent) {
    if (has_pauses(agent)) pauses_stop(agent);
    i32 is_gone = set_presence(agent, 0, 0, REASON_none);
    agent->waiting = WAITS_FOR_NOTHING;
    refresh(w, agent);
    if (is_gone) tell_queues(w, agent);
    on_change(w);
}

/* Log out before their time; what is open is finished first. */
void agent_send_home(World *w, Agent *agent) {
    if (!agent->on_duty) return;
    if (agent->team->heads)
        heads_send_home(w, agent->team->heads, agent);
    else
        shift_send_home(w, agent);
}

/* Note who goes on when their last task is closed. */
void when_free(World *w, Agent *agent, i32 waiting) {
    if (agent->waiting == PAUSE_WAITS) pauses_start(w, agent); /* what comes now takes the place of the pause */
    agent->waiting = waiting;
}

/* Resume what waited for the agent's last task to be closed. */
void agent_on_freed(World *w, Agent *agent) {
    if (agent->waiting && !agent->present && agent_idle(agent)) {
        /* Forgotten before it is woken: it may wait anew. */
        i32 waiting = agent->waiting;
        agent->waiting = WAITS_FOR_NOTHING;
        refresh(w, agent);
        switch (waiting) {
        case LEAVER_WAITS: leaver_goes(w, agent); break;
        case PAUSE_WAITS: pauses_begin(w, agent); break;
        case HOME_WAITS: agent_log_out(w, agent); break;
        default:
            agent->duty->token = 0;
            shift_go_on(w, agent, 1);
        }
    } else if (agent->present && agent->team->heads) {
        heads_on_agent_idle(w, agent->team->heads, agent);
    }
}

/* Record the stays that are still open at the end of the run. */
void agent_close_books(World *w, Agent *agent) {
    enter(w, agent, OUT);
    if (!w->given->states) return;
    for (i32 i = 0; i < agent->desk_n; i++)
        if (agent->desks[i].stay != OUT) write_state(w, agent->desks[i].place, OUT);
}
