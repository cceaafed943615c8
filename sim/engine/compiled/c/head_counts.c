/* Head-counts: how many agents of a team are there, interval by interval, and who comes and goes for it. */
#include "world.h"

#define DAY_S 86400.0

static Agent *head(World *w, const HeadCount *heads, i32 i) {
    return &w->agents[w->given->head_agents[heads->given->agent_first + i]];
}

/* Who is away for a pause of their own is there. */
static i32 is_there(const Agent *agent) { return agent->present || agent->off_reason == REASON_pause; }

static i32 present_of(World *w, const HeadCount *heads) {
    i32 present = 0;
    for (i32 i = 0; i < heads->given->agent_n; i++) present += is_there(head(w, heads, i));
    return present;
}

/* Whether an agent does not come on the date of the latest step. */
static i32 is_absent(const World *w, const HeadCount *heads, const Agent *agent) {
    const HeadStep *step = heads->latest;
    for (i32 i = 0; i < step->absent_n; i++)
        if (w->given->head_absent[step->absent_first + i] == agent->number) return 1;
    return 0;
}

static i32 may_come(const World *w, const HeadCount *heads, const Agent *agent) {
    return !agent->logged_in && agent->duty->back_at <= w->now && !is_absent(w, heads, agent);
}

static void call(World *w, HeadCount *heads, i32 missing) {
    if (missing <= 0) return;
    List back = {0}, come = {0};
    i32 stay = heads->leaving.n < missing ? heads->leaving.n : missing;
    for (i32 i = 0; i < stay; i++) add(w, &back, heads->leaving.items[i]);
    for (i32 i = 0; i < stay; i++) take_off(&heads->leaving, back.items[i]);
    for (i32 i = 0; i < heads->given->agent_n && come.n < missing - stay; i++)
        if (may_come(w, heads, head(w, heads, i))) add(w, &come, head(w, heads, i));
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
static void send_home(World *w, HeadCount *heads, i32 count) {
    i32 surplus = present_of(w, heads) - count;
    if (surplus <= 0) return;
    List idle = {0}, busy = {0};
    for (i32 i = heads->given->agent_n - 1; i >= 0 && idle.n < surplus; i--)
        if (is_there(head(w, heads, i)) && agent_idle(head(w, heads, i))) add(w, &idle, head(w, heads, i));
    for (i32 i = heads->given->agent_n - 1; i >= 0 && busy.n < surplus - idle.n; i--)
        if (is_there(head(w, heads, i)) && !agent_idle(head(w, heads, i))) add(w, &busy, head(w, heads, i));
    for (i32 i = 0; i < idle.n; i++) agent_log_out(w, idle.items[i]);
    for (i32 i = 0; i < busy.n; i++) add(w, &heads->leaving, busy.items[i]);
    if (heads->leaving.n) qsort(heads->leaving.items, (size_t)heads->leaving.n, sizeof(void *), by_declaration);
    for (i32 i = 0; i < busy.n; i++) agent_stop(w, busy.items[i], REASON_overtime);
    /* Once all are stopped: what one hands back may free another, who must not go in the stead of the first. */
    for (i32 i = 0; i < busy.n; i++) {
        if (place_in(&heads->leaving, busy.items[i]) >= 0) hand_back(w, busy.items[i]);
        if (place_in(&heads->leaving, busy.items[i]) < 0) continue;
        if (agent_idle(busy.items[i]))
            leaver_goes(w, busy.items[i]);
        else
            when_free(w, busy.items[i], LEAVER_WAITS);
    }
    if (idle.items) give_back(w, idle.items);
    if (busy.items) give_back(w, busy.items);
}

/* Call as many agents as are missing. */
void heads_fill_up(World *w, HeadCount *heads) { call(w, heads, heads->count - present_of(w, heads)); }

/* The next instant at which a day begins by the clock. */
static f64 next_midnight(const World *w) {
    const f64 *starts = w->given->clock_starts, *ahead = w->given->clock_ahead;
    i32 part = 0;
    while (part + 1 < w->given->n_clock && starts[part + 1] <= w->now) part++;
    f64 found = w->now + DAY_S - fmod(w->now + ahead[part] + w->given->opens_at, DAY_S);
    if (part + 1 < w->given->n_clock && starts[part + 1] <= found) { /* it is set before that */
        found -= ahead[part + 1] - ahead[part];
        if (found < starts[part + 1]) found = starts[part + 1];
    }
    return found;
}

/* Log an agent out until the next day, and call another one at the end of this instant. */
void heads_send_home(World *w, HeadCount *heads, Agent *agent) {
    f64 next_day = agent->duty->back_at = next_midnight(w);
    if (agent_stop(w, agent, REASON_ring))
        agent_log_out(w, agent);
    else
        when_free(w, agent, HOME_WAITS);
    schedule(w, w->now, COMES, DUE_FILL_UP, heads);
    schedule(w, next_day, COMES, DUE_FILL_UP, heads);
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
        heads->count = step->count;
        heads->latest = step;
        if (heads->called == 1) {
            send_home(w, heads, step->count);
            heads->called = 2;
            heads->token = schedule(w, w->now, COMES, DUE_HEADS, heads);
            return;
        }
        heads_fill_up(w, heads);
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
