/* A part in a conversation: what handling and barging in have in common. */
#include "world.h"

Part *new_part(World *w, Conversation *conversation, Queue *queue, Desk *desk) {
    Part *part = born(w, &w->parts);
    *part = (Part){
        .refs = 1, .conversation = conversation, .queue = queue, .desk = desk, .agent = desk->agent,
        .answered_at = w->now, .wrap_up_at = NEVER, .number = ++w->parts_so_far,
    };
    conversation->refs++;
    return part;
}

/* Take a part up among all that are open. */
void join_parts(World *w, Part *part) {
    part->before = NULL;
    part->after = w->first_part;
    if (w->first_part) w->first_part->before = part;
    w->first_part = part;
    w->part_n++;
}

/* Deliver a signal, at once where the part waits, else as soon as it would wait: the latest one counts. */
void tell(World *w, Part *part, i32 signal, Queue *queue) {
    if (part->hearing) {
        part->token = 0;
        part_go_on(w, part, signal, queue);
    } else {
        part->mail = signal;
        part->mail_queue = queue;
    }
}

/* Take the signal that is there and return true, or wait for one without working. */
i32 hear(World *w, Part *part, i32 pc, i32 *signal, Queue **queue) {
    (void)w;
    part->pc = pc;
    part->hearing = part->mail == NO_SIGNAL;
    *signal = part->mail;
    *queue = part->mail_queue;
    part->mail = NO_SIGNAL;
    return !part->hearing;
}

/* Work apart from what is left, or take the signal that is there and return true. */
i32 work_through(World *w, Part *part, f64 amount, i32 pc, i32 *signal) {
    part->goal = 0.0;
    part->pc = pc;
    *signal = part->mail;
    part->mail = NO_SIGNAL;
    if (*signal) return 1;
    part->later = part->left;
    part->left = amount;
    desk_begin(w, part);
    part->hearing = 1;
    return 0;
}

/* Return the work that is left at this moment, in seconds at full pace. */
f64 work_left(const World *w, const Part *part) {
    if (!part->hearing || !part->token) return part->left;
    return part->left - (w->now - part->since) * part->desk->rate;
}

/* Say how the task ends, and by which request the conversation goes on. */
i32 departs(Part *part, i32 disposition, Request *onward) {
    part->disposition = disposition;
    part->onward = onward;
    return LEAVES;
}

/* Stop, whatever was being done. */
void break_off(World *w, Part *part) {
    part->hearing = 0;
    part->mail = NO_SIGNAL;
    part->token = 0;
    if (place_in(&part->desk->works, part) >= 0) desk_stop(w, part);
}
