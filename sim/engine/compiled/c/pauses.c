/* Pauses: agents set themselves away at odd moments of their day. */
#include "world.h"

/* Time the next pause. */
void pauses_start(World *w, Agent *agent) {
    f64 wait = agent_draw(w, agent, agent->team->given->pause_every, agent->duty->paused++);
    agent->duty->pause_over = 0;
    agent->duty->pause_due = schedule(w, w->now + wait, GOES, DUE_PAUSE, agent);
}

/* Have no more: the agent logs out. */
void pauses_stop(Agent *agent) { agent->duty->pause_due = agent->duty->pause_over = 0; }

/* Begin the pause: the agent has closed their last task. */
void pauses_begin(World *w, Agent *agent) {
    f64 lasts = agent_draw(w, agent, agent->team->given->pause_for, agent->duty->pauses_ended++);
    agent->duty->pause_over = schedule(w, w->now + lasts, COMES, DUE_PAUSE, agent);
}

static void go_away(World *w, Agent *agent) {
    agent->duty->pause_due = 0;
    if (!agent->present)
        pauses_start(w, agent);
    else if (agent_stop(w, agent, REASON_pause))
        pauses_begin(w, agent);
    else
        when_free(w, agent, PAUSE_WAITS);
}

/* Leave, or come back. */
void pauses_due(World *w, Agent *agent, i64 token) {
    if (token == agent->duty->pause_due) {
        go_away(w, agent);
    } else if (token == agent->duty->pause_over) {
        if (agent->off_reason == REASON_pause) agent_log_in(w, agent);
        pauses_start(w, agent);
    }
}
