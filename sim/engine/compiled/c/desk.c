/* A desk: one agent's place on one medium, with its slots, its state and the pace of its work. */
#include "world.h"

/* Whether it is that of the team in which the agent is now; who is in several teams has desks in each. */
i32 is_taken(const Desk *desk) {
    return desk >= desk->agent->desks && desk < desk->agent->desks + desk->agent->desk_n;
}

static void note_state(World *w, Desk *desk) {
    if (!w->given->states) return;
    Agent *agent = desk->agent;
    i32 stay;
    if (desk->on && desk->available)
        stay = stay_of(desk->held > 0 ? STATE_ACTIVE : STATE_READY, REASON_none);
    else if (desk->on)
        stay = stay_of(desk->held > 0 ? STATE_BUSY : STATE_RESERVED, REASON_none);
    else if (agent->present && desk->interrupted)
        stay = stay_of(STATE_INTERRUPTED, REASON_none);
    else if (!agent->logged_in || !is_taken(desk))
        stay = OUT;
    else
        stay = stay_of(desk->tasks ? STATE_PENDING_NOT_READY : STATE_NOT_READY,
                       agent->off_reason ? agent->off_reason : REASON_ring);
    if (stay == desk->stay) return;
    desk->stay = stay;
    write_state(w, desk->place, stay);
}

/* Keep the pool's order and the state's record after any change of slots or presence. */
static void desk_changed(World *w, Desk *desk) {
    i32 available = desk->on && desk->tasks < desk->max_tasks;
    Pool *pool = desk->pool;
    if (pool) {
        if (available)
            pool_put(w, pool, desk);
        else
            pool_remove(w, pool, desk);
        if (available != desk->available) {
            pool->available += available ? 1 : -1;
            if (pool->given->indexed) roll_set(&pool->free, desk, available);
        }
    }
    i32 idle = available && !desk->tasks;
    if (pool) pool->idle += idle - desk->idle;
    desk->idle = (i8)idle;
    desk->available = (i8)available;
    note_state(w, desk);
}

/* Follow the number of tasks with the pace. Work that stands still has no time at which it is done. */
void desk_repace(World *w, Desk *desk) {
    f64 rate = desk->still ? 0.0 : desk->pace[desk->held];
    if (rate == desk->rate) return;
    for (i32 i = 0; i < desk->works.n; i++) {
        Part *work = desk->works.items[i];
        work->left -= (w->now - work->since) * desk->rate;
        work->since = w->now;
        work->token = 0;
        if (rate != 0) work->token = schedule(w, w->now + (work->left - work->goal) / rate, HANDLING_ENDS, DUE_PART, work);
    }
    desk->rate = rate;
}

/* Reserve a slot for an offer that rings. */
void desk_reserve(World *w, Desk *desk) {
    desk->ringing++;
    desk->tasks++;
    desk_changed(w, desk);
    desk_follow(w, desk);
}

/* Hold a task that was not reserved before. */
void desk_take(World *w, Desk *desk) {
    desk->held++;
    desk->tasks++;
    if (desk->pace) desk_repace(w, desk);
    desk_changed(w, desk);
    desk_follow(w, desk);
}

/* Turn an offer that rings into a held task. */
void desk_accept(World *w, Desk *desk) {
    desk->ringing--;
    desk->held++;
    if (desk->pace) desk_repace(w, desk);
    note_state(w, desk); /* as many slots are used as before: the pool's order stays */
    desk_follow(w, desk);
}

/* End an offer that was not accepted. */
void desk_withdraw(World *w, Desk *desk) {
    desk->ringing--;
    if (!--desk->tasks) desk->ready_since = w->now;
    desk_changed(w, desk);
    desk_follow(w, desk);
}

/* Close a held task. */
void desk_release(World *w, Desk *desk) {
    desk->held--;
    desk->tasks--;
    if (desk->pace) desk_repace(w, desk);
    if (!desk->tasks) desk->ready_since = w->now;
    desk_changed(w, desk);
    desk_follow(w, desk);
}

void on_presence_changed(World *w, Desk *desk) {
    i32 taken = is_taken(desk);
    desk->on = taken && desk->agent->present && !desk->muted && !desk->interrupted;
    if (desk->pool && desk->pool->given->indexed) roll_set(&desk->pool->there, desk, taken && desk->agent->logged_in);
    desk_changed(w, desk);
}

/* Make the agent NOT_READY on this medium for so many seconds after a ring-out. */
void desk_mute(World *w, Desk *desk, f64 for_s) {
    desk->muted = 1;
    if (w->now + for_s > desk->muted_until) desk->muted_until = w->now + for_s;
    schedule(w, w->now + for_s, COMES, DUE_UNMUTE, desk);
    on_presence_changed(w, desk);
}

/* End the time that an agent takes off a medium after a ring-out. */
void desk_unmute(World *w, Desk *desk) {
    if (w->now < desk->muted_until) return; /* another offer has rung out since */
    desk->muted = 0;
    if (!desk->tasks) desk->ready_since = w->now;
    on_presence_changed(w, desk);
    seek(w, desk);
}

/* Start on the work that is left; the part goes on when no more than its goal is left of it. */
void desk_begin(World *w, Part *work) {
    Desk *desk = work->desk;
    work->since = w->now;
    if (desk->pace) add(w, &desk->works, work);
    if (desk->still) return; /* until it may go on */
    f64 at = w->now + (work->left - work->goal) / desk->rate;
    work->token = schedule(w, at, HANDLING_ENDS, DUE_PART, work);
}

/* Stop working, and take what was done off the work that is left. */
void desk_stop(World *w, Part *work) {
    Desk *desk = work->desk;
    work->left -= (w->now - work->since) * desk->rate;
    if (desk->pace) take_off(&desk->works, work);
}

Desk *desk_on(const Agent *agent, i32 medium) {
    for (i32 i = 0; i < agent->desk_n; i++)
        if (agent->desks[i].given->medium == medium) return &agent->desks[i];
    return NULL;
}
