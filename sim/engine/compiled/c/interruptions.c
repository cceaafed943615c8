/* Media that interrupt each other: a task on one keeps the agent from new ones on another. */
#include "world.h"

static i32 how(const World *w, const Desk *desk, const Desk *by) {
    return w->given->interruptions[desk->given->medium * w->given->n_media + by->given->medium];
}

/* Stop taking new tasks, or take them again; let what is open stand still, or go on. */
static void on_interrupter_changed(World *w, Desk *desk) {
    i32 still = 0, interrupted = 0;
    for (i32 i = 0; i < desk->agent->desk_n; i++) {
        const Desk *by = &desk->agent->desks[i];
        i32 how_so = how(w, desk, by);
        if (!how_so || !by->keeps) continue;
        interrupted = 1;
        if (how_so == INTERRUPTED_holds && by->held) still = 1;
    }
    if (still != desk->still) {
        desk->still = (i8)still;
        desk_repace(w, desk);
    }
    if (interrupted == desk->interrupted) return;
    desk->interrupted = (i8)interrupted;
    on_presence_changed(w, desk);
    if (!interrupted && desk->tasks) desk_follow(w, desk);
}

/* Keep the agent, or let them go, as the number of tasks has changed: of two media that interrupt each other the first
   one keeps them. */
void desk_follow(World *w, Desk *desk) {
    if (!desk->linked) return;
    desk->keeps = desk->tasks > 0 && (desk->keeps || !desk->interrupted);
    for (i32 i = 0; i < desk->agent->desk_n; i++)
        if (how(w, &desk->agent->desks[i], desk)) on_interrupter_changed(w, &desk->agent->desks[i]);
}

/* Whether what is open goes back, as a task that interrupts was accepted. */
i32 reroutes(const World *w, const Desk *desk) {
    if (!desk->linked) return 0;
    for (i32 i = 0; i < desk->agent->desk_n; i++) {
        const Desk *by = &desk->agent->desks[i];
        if (how(w, desk, by) == INTERRUPTED_rerouted && by->keeps && by->held) return 1;
    }
    return 0;
}

/* Send back what is open on the media that a task accepted here reroutes. */
void cut_in(World *w, Desk *desk) {
    for (i32 i = 0; i < desk->agent->desk_n; i++) {
        Desk *other = &desk->agent->desks[i];
        if (how(w, other, desk) && reroutes(w, other)) send_all_back(w, other, INTERRUPTION);
    }
}

/* Look through the queues of the media from which this one may have kept the agent. */
void seek_interrupted(World *w, Desk *desk) {
    for (i32 i = 0; i < desk->agent->desk_n; i++)
        if (how(w, &desk->agent->desks[i], desk)) seek(w, &desk->agent->desks[i]);
}
