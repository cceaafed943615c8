/* Whether anybody is there for a queue: what a request needs to be placed, and who leaves when the last has gone. */
#include "world.h"

static i32 is_anybody_there(World *w, Queue *queue, Request *without) {
    const i32 *members = w->given->member_pools + queue->given->member_first;
    i32 count = 0;
    for (i32 i = 0; i < queue->given->member_n; i++) count += w->pools[members[i]].on_duty;
    if (!count || !without) return count;
    List left_out = {0};
    unseen(w, without, &left_out);
    for (i32 i = 0; i < left_out.n; i++) {
        Agent *agent = left_out.items[i];
        Desk *desk = desk_on(agent, queue->given->medium);
        count -= desk && agent->on_duty && is_member(w, queue, desk->pool);
    }
    if (left_out.items) give_back(w, left_out.items);
    return count;
}

/* Whether a request may not be placed, as the agents whom it needs are not there. */
i32 turns_away(World *w, Request *r) {
    if (r->rest.queue) return 0; /* the customer has been served before */
    i32 required = r->queue->given->required;
    if (required == REQUIRED_available) return !r->shown;
    return required == REQUIRED_logged_in && !is_anybody_there(w, r->queue, r);
}

/* Look, at the end of this instant, whether anybody is there still. */
void on_gone(World *w, Queue *queue) {
    if (!queue->given->empties || queue->looks_at == w->now) return;
    queue->looks_at = w->now;
    schedule(w, w->now, EMPTIES, DUE_EMPTY, queue);
}

/* Tell the queues that count their members that one is not there any more. */
void tell_queues(World *w, Agent *agent) {
    for (i32 i = 0; i < agent->desk_n; i++)
        for (i32 q = 0; q < w->given->n_queues; q++)
            if (w->queues[q].given->empties && is_member(w, &w->queues[q], agent->desks[i].pool))
                on_gone(w, &w->queues[q]);
}

static void leave_the_empty(World *w, Request *r) {
    EventRow *row = log_request(w, EVENT_queue_emptied, r);
    if (row) row->first = r->kind;
    no_agent(w, r, TASK_NO_AGENT_AVAILABLE);
}

/* Send away all who wait where nobody is there; what rings rings on. */
void attendance_due(World *w, Queue *queue) {
    queue->looks_at = -1.0;
    if (!is_anybody_there(w, queue, NULL)) send_away(w, queue, leave_the_empty);
}
