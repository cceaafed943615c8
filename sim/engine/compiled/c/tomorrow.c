/* Tomorrow: the roster of a run of several days goes on after its end, while somebody waits whom it could serve. */
#include "world.h"

/* Return whether an agent logs in once more, as somebody waits whom they may serve; note it. */
i32 tomorrow_adds(World *w, Agent *agent) {
    i32 wanted = 0;
    for (i32 q = 0; q < w->given->n_queues && !wanted; q++)
        for (i32 i = 0; i < agent->desk_n && w->queues[q].waiting && w->queues[q].given->served_after; i++)
            wanted |= is_member(w, &w->queues[q], agent->desks[i].pool);
    if (!wanted) return 0;
    if (!w->some_added) {
        w->some_added = 1;
        w->work_ended = w->last_work > w->given->lasts ? w->last_work : w->given->lasts;
    }
    if (agent->duty->added != agent->duty->added) agent->duty->added = w->now;
    return 1;
}
