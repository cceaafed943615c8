/* Who is there when: shifts with breaks for named agents, head-counts for a team. */
#include "world.h"

/* Shifts: the generator of roster.py, by the place where it waits. */

enum { NEXT_STINT, COMING, AT_BREAK, FINISHING_BEFORE_BREAK, ON_BREAK, AT_END, FINISHING };

static const StintGiven *stint_of(const World *w, const Agent *agent) {
    return &w->given->stints[agent->given->stint_first + agent->stint];
}

static void shift_until(World *w, Agent *agent, f64 time, i32 rank) {
    agent->token = schedule(w, time, rank, DUE_SHIFT, agent);
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
    i32 breaks_left = agent->pause < stint->break_n;
    agent->pc = breaks_left ? AT_BREAK : AT_END;
    f64 at = breaks_left ? w->given->breaks[2 * (stint->break_first + agent->pause)] : stint->end;
    return stays_until(w, agent, at);
}

static void go_on_break(World *w, Agent *agent, const StintGiven *stint) {
    f64 back_at = w->now + w->given->breaks[2 * (stint->break_first + agent->pause) + 1];
    i32 comes_back = back_at < stint->end; /* who would come back at the end of the shift goes */
    agent->pc = ON_BREAK;
    shift_until(w, agent, comes_back ? back_at : stint->end, comes_back ? COMES : GOES);
}

/* Take the next break, once the open tasks are done, and return whether the agent is in it or waits for it. */
static i32 pauses(World *w, Agent *agent, const StintGiven *stint) {
    if (w->now >= stint->end) return 0;
    if (agent_stop(w, agent, REASON_break)) {
        go_on_break(w, agent, stint);
    } else {
        agent->waiting = SHIFT_WAITS;
        agent->pc = FINISHING_BEFORE_BREAK;
        shift_until(w, agent, stint->end, GOES);
    }
    return 1;
}

/* Go on to the next stint, and return whether there is one to wait for. */
static i32 comes_later(World *w, Agent *agent) {
    f64 start = stint_of(w, agent)->start;
    agent->pc = COMING;
    agent->pause = 0;
    if (!(start > 0)) return 0;
    shift_until(w, agent, start > w->now ? start : w->now, COMES);
    return 1;
}

static i32 goes_home(World *w, Agent *agent) {
    agent->pc = FINISHING;
    if (agent_stop(w, agent, REASON_overtime)) return 1;
    agent->waiting = SHIFT_WAITS;
    return 0;
}

/* Come, take the breaks, stop at the end of the shift, go when the open tasks are done. */
void shift_go_on(World *w, Agent *agent, i32 freed) {
    for (;;) {
        if (agent->pc == NEXT_STINT) {
            if (agent->stint == agent->given->stint_n || comes_later(w, agent)) return;
        }
        const StintGiven *stint = stint_of(w, agent);
        switch (agent->pc) {
        case COMING:
            if (stint->is_added && w->given->goes_on && !tomorrow_adds(w, agent)) {
                agent->stint++;
                agent->pc = NEXT_STINT;
                continue;
            }
            agent_log_in(w, agent);
            if (stays(w, agent, stint)) return;
            break;
        case AT_BREAK:
            if (pauses(w, agent, stint)) return;
            agent->pause++;
            if (stays(w, agent, stint)) return;
            break;
        case FINISHING_BEFORE_BREAK:
            if (freed) {
                go_on_break(w, agent, stint);
                return;
            }
            /* The shift has ended meanwhile. */
            agent->pause++;
            if (stays(w, agent, stint)) return;
            break;
        case ON_BREAK:
            agent->pause++;
            if (stays(w, agent, stint)) return;
            break;
        case AT_END:
            if (!goes_home(w, agent)) return;
            break;
        default: /* FINISHING */
            agent_log_out(w, agent);
            agent->stint++;
            agent->pc = NEXT_STINT;
        }
    }
}

/* A team's head-count over the day. */

static i32 present_of(World *w, const HeadCount *heads) {
    i32 present = 0;
    for (i32 i = 0; i < heads->given->agent_n; i++)
        present += w->agents[w->given->head_agents[heads->given->agent_first + i]].present;
    return present;
}

static Agent *head(World *w, const HeadCount *heads, i32 i) {
    return &w->agents[w->given->head_agents[heads->given->agent_first + i]];
}

static void call(World *w, HeadCount *heads, i32 missing) {
    if (missing <= 0) return;
    List back = {0}, come = {0};
    i32 stay = heads->leaving.n < missing ? heads->leaving.n : missing;
    for (i32 i = 0; i < stay; i++) add(w, &back, heads->leaving.items[i]);
    for (i32 i = 0; i < stay; i++) take_off(&heads->leaving, back.items[i]);
    for (i32 i = 0; i < heads->given->agent_n && come.n < missing - stay; i++)
        if (!head(w, heads, i)->logged_in) add(w, &come, head(w, heads, i));
    for (i32 i = 0; i < back.n; i++) agent_log_in(w, back.items[i]);
    if (come.n && w->given->goes_on && w->now >= w->given->lasts) {
        i32 kept = 0;
        for (i32 i = 0; i < come.n; i++)
            if (tomorrow_adds(w, come.items[i])) come.items[kept++] = come.items[i];
        come.n = kept;
    }
    for (i32 i = 0; i < come.n; i++) agent_log_in(w, come.items[i]);
    if (back.items) give_back(w, back.items);
    if (come.items) give_back(w, come.items);
}

static int by_declaration(const void *one, const void *other) {
    return (*(Agent *const *)one)->number - (*(Agent *const *)other)->number;
}

/* Send home as many as are too many; the last of the team go first, so that the same agents stay. */
static void send_away(World *w, HeadCount *heads, i32 count) {
    i32 surplus = present_of(w, heads) - count;
    if (surplus <= 0) return;
    List idle = {0}, busy = {0};
    for (i32 i = heads->given->agent_n - 1; i >= 0 && idle.n < surplus; i--)
        if (head(w, heads, i)->present && agent_idle(head(w, heads, i))) add(w, &idle, head(w, heads, i));
    for (i32 i = heads->given->agent_n - 1; i >= 0 && busy.n < surplus - idle.n; i--)
        if (head(w, heads, i)->present && !agent_idle(head(w, heads, i))) add(w, &busy, head(w, heads, i));
    for (i32 i = 0; i < idle.n; i++) agent_log_out(w, idle.items[i]);
    for (i32 i = 0; i < busy.n; i++) add(w, &heads->leaving, busy.items[i]);
    if (heads->leaving.n) qsort(heads->leaving.items, (size_t)heads->leaving.n, sizeof(void *), by_declaration);
    for (i32 i = 0; i < busy.n; i++) {
        agent_stop(w, busy.items[i], REASON_overtime);
        ((Agent *)busy.items[i])->waiting = LEAVER_WAITS;
    }
    if (idle.items) give_back(w, idle.items);
    if (busy.items) give_back(w, busy.items);
}

/* Follow the counts, interval by interval; who comes is late, and is waited for also where nobody does. */
void heads_go_on(World *w, HeadCount *heads) {
    for (;;) {
        if (heads->step == heads->given->step_n) return;
        const HeadStep *step = &w->given->head_steps[heads->given->step_first + heads->step];
        if (heads->called == 0 && step->at > 0) {
            heads->called = 1;
            heads->token = schedule(w, step->at, GOES, DUE_HEADS, heads);
            return;
        }
        if (heads->called == 1) {
            send_away(w, heads, step->count);
            heads->called = 2;
            heads->token = schedule(w, w->now, COMES, DUE_HEADS, heads);
            return;
        }
        call(w, heads, step->count - present_of(w, heads));
        heads->called = 0;
        heads->step++;
    }
}

/* Send home an agent who has just become idle, where another one is still to leave. */
void heads_on_agent_idle(World *w, HeadCount *heads, Agent *agent) {
    if (!heads->leaving.n || !agent_idle(agent)) return;
    Agent *stays = heads->leaving.items[0];
    take_off(&heads->leaving, stays);
    agent_log_out(w, agent);
    agent_log_in(w, stays);
}

/* Send home an agent who was to leave and has finished. */
void leaver_goes(World *w, Agent *agent) {
    take_off(&agent->team->heads->leaving, agent);
    agent_log_out(w, agent);
}
