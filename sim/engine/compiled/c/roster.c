/* Who is there when: shifts with breaks for named agents. */
#include "world.h"

/* Shifts: the generator of roster.py, by the place where it waits. */

enum { NEXT_STINT, COMING, AT_BREAK, FINISHING_BEFORE_BREAK, ON_BREAK, AT_END, FINISHING };

static const StintGiven *stint_of(const World *w, const Agent *agent) {
    return &w->given->stints[agent->duty->given->stint_first + agent->duty->stint];
}

static void shift_until(World *w, Agent *agent, f64 time, i32 rank) {
    agent->duty->token = schedule(w, time, rank, DUE_SHIFT, agent);
}

/* Stay until then, and return whether that is later than now; who comes from a break into the next thing due does not
   come back for no time. */
static i32 stays_until(World *w, Agent *agent, f64 at) {
    if (at <= w->now) return 0;
    if (!agent->present) agent_log_in(w, agent);
    if (at < FOREVER) shift_until(w, agent, at, GOES);
    return 1;
}

/* Stay until the next break, else until the end of the stint. */
static i32 stays(World *w, Agent *agent, const StintGiven *stint) {
    i32 breaks_left = agent->duty->pause < stint->break_n;
    agent->duty->pc = breaks_left ? AT_BREAK : AT_END;
    f64 at = breaks_left ? w->given->breaks[2 * (stint->break_first + agent->duty->pause)] : stint->end;
    return stays_until(w, agent, at);
}

static void go_on_break(World *w, Agent *agent, const StintGiven *stint) {
    f64 back_at = w->now + w->given->breaks[2 * (stint->break_first + agent->duty->pause) + 1];
    i32 comes_back = back_at < stint->end; /* who would come back at the end of the shift goes */
    agent->duty->pc = ON_BREAK;
    shift_until(w, agent, comes_back ? back_at : stint->end, comes_back ? COMES : GOES);
}

/* Take the next break, once the open tasks are done, and return whether the agent is in it or waits for it. */
static i32 pauses(World *w, Agent *agent, const StintGiven *stint) {
    if (w->now >= stint->end) return 0;
    if (agent_stop(w, agent, REASON_break)) {
        go_on_break(w, agent, stint);
    } else {
        when_free(w, agent, SHIFT_WAITS);
        agent->duty->pc = FINISHING_BEFORE_BREAK;
        shift_until(w, agent, stint->end, GOES);
    }
    return 1;
}

/* Go on to the next stint, and return whether there is one to wait for. */
static i32 comes_later(World *w, Agent *agent) {
    f64 start = stint_of(w, agent)->start;
    agent->duty->pc = COMING;
    agent->duty->pause = 0;
    if (!(start > 0 || w->now > 0)) return 0;
    shift_until(w, agent, start > w->now ? start : w->now, COMES);
    return 1;
}

static i32 goes_home(World *w, Agent *agent, i32 reason) {
    agent->works = 0;
    agent->duty->pc = FINISHING;
    i32 idle = agent_stop(w, agent, reason);
    if (reason == REASON_overtime) {
        hand_back(w, agent);
        idle = agent_idle(agent);
    }
    if (!idle) when_free(w, agent, SHIFT_WAITS);
    return idle;
}

/* Come, take the breaks, stop at the end of the shift, go when the open tasks are done. */
void shift_go_on(World *w, Agent *agent, i32 freed) {
    Duty *duty = agent->duty;
    for (;;) {
        if (duty->pc == NEXT_STINT) {
            /* Skip those that are over: the one before has lasted so long. */
            while (duty->stint < duty->given->stint_n && stint_of(w, agent)->end <= w->now) duty->stint++;
            if (duty->stint == duty->given->stint_n || comes_later(w, agent)) return;
        }
        const StintGiven *stint = stint_of(w, agent);
        switch (duty->pc) {
        case COMING:
            if (stint->seat >= 0) agent_sit_down(w, agent, stint->seat);
            if (stint->is_added && w->given->goes_on && !tomorrow_adds(w, agent)) {
                duty->stint++;
                duty->pc = NEXT_STINT;
                continue;
            }
            if (stint->begins_away)
                agent_log_in_away(w, agent, REASON_break);
            else
                agent_log_in(w, agent);
            agent->works = 1;
            if (stays(w, agent, stint)) return;
            break;
        case AT_BREAK:
            if (pauses(w, agent, stint)) return;
            duty->pause++;
            if (stays(w, agent, stint)) return;
            break;
        case FINISHING_BEFORE_BREAK:
            if (freed) {
                go_on_break(w, agent, stint);
                return;
            }
            /* The shift has ended meanwhile. */
            duty->pause++;
            if (stays(w, agent, stint)) return;
            break;
        case ON_BREAK:
            duty->pause++;
            if (stays(w, agent, stint)) return;
            break;
        case AT_END:
            if (!goes_home(w, agent, REASON_overtime)) return;
            break;
        default: /* FINISHING */
            agent_log_out(w, agent);
            duty->stint++;
            duty->pc = NEXT_STINT;
        }
    }
}

/* End the stint before its time, as the agent's offers rang out. */
void shift_send_home(World *w, Agent *agent) {
    if (!agent->works) return;
    agent->duty->token = 0;
    if (goes_home(w, agent, REASON_ring)) shift_go_on(w, agent, 0);
}
