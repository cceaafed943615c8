/* An agent's handling of a conversation, from their accepting to the end of their wrap-up.

   The generator of handling.py, by the place where it waits: `pc`. What an agent does on the way tells with a Departure
   whether they leave, stay in, or wait. */
#include "world.h"

enum { TRANSFERS, CONFERS };

Part *new_handling(World *w, Request *request, Desk *desk, Part *first) {
    Part *part = new_part(w, request->conversation, request->queue, desk);
    Customer *customer = request->conversation->customer;
    part->request = request;
    request->refs++;
    part->task = request->task;
    part->of_request = request->number;
    part->enqueued_at = request->enqueued_at;
    part->reserved_at = request->reserved_at;
    part->priority = request->priority;
    part->direction = request->direction;
    part->named = request->kind == KIND_named_transfer;
    part->listed = (i8)is_listed(request);
    part->first = first;
    part->leg = customer->legs++;
    customer->last_desk = desk;
    return part;
}

/* Return the customer's value of what is drawn for this agent's leg. */
f64 part_drawn(World *w, const Part *part, i32 draw) {
    return drawn_by(w, part->conversation->customer, draw, part->leg);
}

/* Return the customer's uniform number of a purpose for this agent's leg. */
f64 part_uniform(World *w, const Part *part, i32 purpose) {
    return uniform_of(w, part->conversation->customer, purpose, part->leg);
}

/* Return the time that work of so many seconds takes the agent in this queue. */
f64 at_own_speed(const World *w, const Part *part, f64 work) {
    (void)w;
    if (!part->agent->team->given->has_speeds) return work;
    f64 speed = part->agent->team->speeds[part->queue->number];
    return speed == speed ? work / speed : work;
}

/* Draw the work: the queue's handle time at the agent's speed, less what the note saves. */
f64 handle_time(World *w, Part *part) {
    const Request *r = part->request;
    if (r->rest.queue) return at_own_speed(w, part, r->rest.work_s);
    const TransferGiven *from = r->from_queue ? &r->from_queue->given->transfer : NULL;
    f64 work = part_drawn(w, part, part->queue->given->handle_time);
    if (from && (r->kind == KIND_transfer || r->kind == KIND_named_transfer))
        work *= r->warm ? from->warm_factor : from->cold_factor;
    work = at_own_speed(w, part, work);
    if (r->note && r->kind != KIND_conference && from && from->exists)
        work = work - from->note_saves > 0 ? work - from->note_saves : 0.0;
    return work;
}

static f64 act_probability(const QueueGiven *queue, i32 act) {
    return act == TRANSFERS ? queue->transfer.probability : queue->conference.probability;
}

/* Add the work of setting up a transfer before it, and so to what is left until all earlier acts. */
static void set_up(World *w, Part *part) {
    i32 draw = part->queue->given->transfer.set_up_time, at = 0;
    while (at < part->act_n && part->acts[at] != TRANSFERS) at++;
    if (at == part->act_n || !may_transfer(part)) return;
    f64 more = part_drawn(w, part, draw);
    part->left += more;
    for (i32 i = at + 1; i < part->act_n; i++) part->act_left[i] = part->act_left[i] + more;
}

/* Draw what the agent does on the way, each with the work left by then, the first one last. */
static void draw_acts(World *w, Part *part) {
    const QueueGiven *queue = part->queue->given;
    const Rest *rest = &part->request->rest;
    if (rest->queue && !part->first) {
        part->act_n = rest->queue == part->queue ? rest->act_n : 0;
        for (i32 i = 0; i < part->act_n; i++) {
            part->acts[i] = rest->acts[i];
            part->act_left[i] = at_own_speed(w, part, rest->act_left[i]);
        }
        return;
    }
    for (i32 i = 0; i < queue->act_n; i++) {
        i32 act = i ? queue->second_act : queue->first_act;
        f64 left = act == TRANSFERS ? queue->transfer.left : queue->conference.left;
        if (part_uniform(w, part, act == TRANSFERS ? U_transfer : U_conference) < act_probability(queue, act)) {
            part->acts[part->act_n] = act;
            part->act_left[part->act_n++] = part->left * left;
        }
    }
    if (part->act_n == 2 && part->act_left[1] < part->act_left[0]) {
        f64 left = part->act_left[0];
        i32 act = part->acts[0];
        part->act_left[0] = part->act_left[1];
        part->acts[0] = part->acts[1];
        part->act_left[1] = left;
        part->acts[1] = act;
    }
    if (queue->transfer.set_up_time >= 0) set_up(w, part);
}

/* Close the task, which frees the slot. */
void close_task(World *w, Part *part) {
    EventRow *row = log_conversation(w, EVENT_task_closed, part->conversation, part->agent, -1);
    if (row) row->first = part->disposition;
    write_handling(w, part, part->disposition, w->now);
    desk_release(w, part->desk);
    limit_remove(w, part->queue, part->agent);
}

static void forget_request(World *w, Part *part) {
    if (part->request) let_go_request(w, part->request);
    part->request = NULL;
}

/* Let the agent look for what is next, and forget their part. */
void after_the_task(World *w, Part *part) {
    on_slot_free(w, part->desk);
    on_task_closed(w, part);
    forget_request(w, part);
    let_go_conversation(w, part->conversation);
    bury(w, &w->parts, part);
}

static void go_out(World *w, Part *part) {
    Conversation *c = part->conversation;
    Request *onward = part->onward;
    leave(w, c, part, onward);
    i32 of_queue = part->queue->given->wrap_up;
    f64 wrap_up = part_drawn(w, part, of_queue >= 0 ? of_queue : part->agent->team->given->wrap_up);
    part->wrap_up_at = w->now;
    if (wrap_up > 0) {
        log_conversation(w, EVENT_wrap_up_started, c, part->agent, -1);
        part->pc = WRAPPING_UP;
        part->token = schedule(w, w->now + wrap_up, WRAP_UP_ENDS, DUE_PART, part);
        /* While the wrap-up still holds the slot: it is no slot for the request to find. */
        if (onward) place(w, onward);
        /* An agent who has left may be offered what was barred to them while they were in. */
        if (c->pending) seek(w, part->desk);
        return;
    }
    close_task(w, part);
    if (onward) {
        /* The slot is free already and this agent has not looked at their queues: the router must know. */
        add(w, &w->just_freed, part->desk);
        place(w, onward);
    }
    after_the_task(w, part);
}

/* Work, do on the way what was drawn, leave, wrap up: up to the next wait. */
static void work_on(World *w, Part *part, i32 departure) {
    if (part->acting && departure != WAITS) {
        part->acting = 0;
        part->act_n--; /* only now: what is broken off is still to do */
    }
    while (departure == STAYS) {
        part->goal = part->act_n ? part->act_left[part->act_n - 1] : 0.0;
        if (!part->mail) {
            desk_begin(w, part);
            part->hearing = 1;
            part->pc = WORKING;
            return;
        }
        i32 signal = part->mail;
        part->mail = NO_SIGNAL;
        departure = respond(w, part, signal, part->mail_queue);
    }
    if (departure == LEAVES) go_out(w, part);
}

static i32 do_next(World *w, Part *part) {
    part->left = part->goal;
    if (!part->act_n) return departs(part, TASK_DONE, NULL);
    part->acting = 1;
    return part->acts[part->act_n - 1] == TRANSFERS ? transfer(w, part) : conference(w, part);
}

/* Enter the conversation and start to work. */
void begin_handling(World *w, Part *part) {
    join_parts(w, part);
    admit(w, part->conversation, part, EVENT_agent_joined);
    if (part->desk->interrupts) cut_in(w, part->desk);
    /* After the admitting: the host who goes on now must find the guest in the conversation. */
    Part *host = part->first ? NULL : part->request->host;
    if (host) tell(w, host, JOINED, NULL);
    i32 departure = STAYS, signal = NO_SIGNAL;
    if (part->first) {
        part->left = work_left(w, part->first);
    } else if (!host) {
        part->left = handle_time(w, part);
    } else if (part->request->kind == KIND_conference) {
        if (!work_through(w, part, part_drawn(w, host, host->queue->given->conference.joint_time), ASSISTING, &signal))
            return;
        departure = assist(w, part, signal);
    } else {
        i32 handover_time = host->queue->given->transfer.handover_time;
        if (handover_time >= 0 &&
            !work_through(w, part, part_drawn(w, host, handover_time), TAKING_OVER, &signal))
            return;
        departure = take_over(w, part, signal);
    }
    if (departure == STAYS) draw_acts(w, part);
    /* Its memory is the next request's: very many under way are so much less to look at. Of one with a host, or on a
       list, others may still ask. */
    if (!host && !part->listed) forget_request(w, part);
    work_on(w, part, departure);
}

/* Go on with a signal, or as the time has come. */
void part_go_on(World *w, Part *part, i32 signal, Queue *queue) {
    i32 departure = STAYS;
    part->hearing = 0;
    switch (part->pc) {
    case WORKING:
        /* Undisturbed work at an even pace needs no account of what was done. */
        if (signal || part->desk->pace) desk_stop(w, part);
        departure = signal ? respond(w, part, signal, queue) : do_next(w, part);
        break;
    case HEARING_ANSWER: departure = respond(w, part, signal, queue); break;
    case HEARING_END: departure = together_over(part, signal); break;
    case HOLDING: departure = warm_go_on(w, part, signal); break;
    case HANDING_OVER: departure = warm_over(part, signal); break;
    case ASSISTING:
    case TAKING_OVER:
        desk_stop(w, part);
        part->left = part->later;
        departure = part->pc == ASSISTING ? assist(w, part, signal) : take_over(w, part, signal);
        if (departure == STAYS) draw_acts(w, part);
        break;
    case BARGED_IN:
        desk_stop(w, part);
        barged_in_over(w, part);
        return;
    default: /* WRAPPING_UP */
        close_task(w, part);
        after_the_task(w, part);
        return;
    }
    work_on(w, part, departure);
}
