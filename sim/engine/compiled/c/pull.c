/* Pull: requests on a list, which subscribed agents look at and join of themselves. */
#include "world.h"

enum { JOINS }; /* the first of the agents' draws; the laws follow */

static void notify(World *w, Queue *queue, Desk *desk, Request *r) {
    Agent *agent = desk->agent;
    if (bars(w, r, agent)) return;
    EventRow *row = log_request(w, EVENT_pull_notice, r);
    if (row) row->agent = agent->number;
    f64 wait = agent_draw(w, agent, queue->given->pull.reaction, agent->duty->reactions++);
    Look *look = born(w, &w->looks);
    *look = (Look){.refs = 1, .desk = desk, .request = r, .number = r->number};
    schedule(w, w->now + wait, LOOK, DUE_LOOK, look);
}

/* Put a request on the list and notify every member who is logged in; send it away after closing. */
void publish(World *w, Request *r) {
    Queue *queue = r->queue;
    r->task = ++w->tasks_so_far;
    r->enqueued_at = r->placed_at;
    if (queue->closed) {
        disconnect(w, r);
        return;
    }
    r->state = QUEUED;
    queue->waiting++;
    add(w, &queue->open, r);
    const i32 *members = w->given->member_pools + queue->given->member_first;
    for (i32 i = 0; i < queue->given->member_n; i++) {
        const PoolGiven *pool = w->pools[members[i]].given;
        for (i32 k = 0; k < pool->desk_n; k++) {
            Desk *desk = &w->desks[w->given->pool_desks[pool->desk_first + k]];
            if (desk->agent->logged_in && is_taken(desk)) notify(w, queue, desk, r);
        }
    }
}

/* Notify an agent who has logged in of what is open. */
void pull_on_log_in(World *w, Queue *queue, Desk *desk) {
    for (i32 i = 0; i < queue->open.n; i++) notify(w, queue, desk, queue->open.items[i]);
}

/* Take a request off the list. */
void pull_remove(Queue *queue, Request *r) {
    if (place_in(&queue->open, r) < 0) return;
    take_off(&queue->open, r);
    queue->waiting--;
}

/* Whether no agent has joined yet, or a second agent is welcome. */
static i32 is_wanted(const Request *r) {
    if (r->state == QUEUED) return 1;
    const Part *first = r->wants_second;
    if (!first || first->number != r->second_of) return 0;
    return first->conversation->outcome < 0 && place_in(&first->conversation->parts, first) >= 0;
}

static Part *answer_from_list(World *w, Desk *desk, Request *r) {
    pull_remove(r->queue, r);
    r->desk = desk;
    r->conversation->talk_rate = r->queue->given->pull.whispers_per_minute;
    return answer(w, r, desk);
}

static Part *join_first(World *w, Desk *desk, Request *r) {
    Part *first = r->wants_second;
    r->wants_second = NULL;
    r->task = ++w->tasks_so_far;
    return new_handling(w, r, desk, first);
}

static i32 wants_second(World *w, const Request *r, const Part *part) {
    f64 share = r->queue->given->pull.second_agent;
    return share > 0 && uniform_of(w, part->conversation->customer, U_second_agent, part->leg) < share;
}

static void join(World *w, Desk *desk, Request *r) {
    desk_take(w, desk);
    limit_add(w, r->queue, desk->agent);
    i32 is_first = r->state == QUEUED;
    Part *part = is_first ? answer_from_list(w, desk, r) : join_first(w, desk, r);
    begin_handling(w, part);
    if (is_first && wants_second(w, r, part)) {
        r->wants_second = part;
        r->second_of = part->number;
    }
}

/* Whether another request of the conversation rings at an agent, who then comes in by that alone. */
static i32 rings_at(const Agent *agent, const Request *r) {
    const Request *pending = r->conversation->pending;
    return pending && pending->state == RINGING && pending->desk->agent == agent;
}

/* Look at a request: join it, dismiss it, or come back to it when a slot is free. */
static void look(World *w, Look *l, Desk *desk) {
    Request *r = l->request;
    Agent *agent = desk->agent;
    i32 may_not = !agent->logged_in || !is_taken(desk) || gives_back(desk);
    if (may_not || r->number != l->number || !is_wanted(r) || bars(w, r, agent) || rings_at(agent, r)) {
        bury(w, &w->looks, l);
    } else if (desk->tasks >= desk->max_tasks || is_full(w, r->queue, agent)) {
        add(w, &agent->duty->postponed, l);
    } else {
        bury(w, &w->looks, l);
        if (agent_draw(w, agent, JOINS, agent->duty->joins++) < r->queue->given->pull.join) {
            join(w, desk, r);
        } else {
            EventRow *row = log_request(w, EVENT_dismissed, r);
            if (row) row->agent = agent->number;
        }
    }
}

void look_due(World *w, Look *l) { look(w, l, l->desk); }

/* Look again at what the agent had no slot for, the oldest first. */
void pull_on_slot_free(World *w, Queue *queue, Desk *desk) {
    Agent *agent = desk->agent;
    List again = {0};
    i32 kept = 0;
    for (i32 i = 0; i < agent->duty->postponed.n; i++) {
        Look *l = agent->duty->postponed.items[i];
        if (l->request->number == l->number && l->request->queue != queue)
            agent->duty->postponed.items[kept++] = l;
        else
            add(w, &again, l);
    }
    agent->duty->postponed.n = kept;
    for (i32 i = 0; i < again.n; i++) look(w, again.items[i], desk);
    if (again.items) give_back(w, again.items);
}
