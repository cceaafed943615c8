/* Dates on one clock: queues that close for the night, open again, or end the day with whom they could not serve. */
#include "world.h"

/* End a search whose day is over: it is open, and its wait ended with the day's last work. */
static void leave_open(World *w, Request *r) {
    f64 last = w->last_work;
    close_request_at(w, r, SEARCH_unfinished, TASK_UNFINISHED, last > r->placed_at ? last : r->placed_at);
    w->last_work = last;
    on_no_agent(w, r->conversation, r);
}

/* Let what is due at a closing, or upon one, happen. */
void night_due(World *w, const NightGiven *night) {
    Queue *queue = &w->queues[night->queue];
    if (night->what == CLOSING_closes) {
        clear_queue(w, queue);
        return;
    }
    queue->closed = 0;
    if (night->what == CLOSING_ends) send_away(w, queue, leave_open);
}

/* Put into the calendar what happens at the closings of queues that come before the end of the run. */
void schedule_closings(World *w) {
    for (i32 i = 0; i < w->given->n_nights; i++) {
        const NightGiven *night = &w->given->nights[i];
        schedule(w, night->at, CLOSING, DUE_CLOSING, (void *)night);
    }
}
