/* A queue: who may serve it and in which order, and who waits. */
#include "world.h"

/* The agents of a pool who are available, in a heap by the key of the selection rule, ties by declaration. */

i32 desk_before(const Desk *one, const Desk *other) {
    if (one->key != other->key) return one->key < other->key;
    if (one->second_key != other->second_key) return one->second_key < other->second_key;
    return one->agent->number < other->agent->number;
}

static inline i32 ready_before(const Ready *one, const Ready *other) {
    if (one->key != other->key) return one->key < other->key;
    if (one->second_key != other->second_key) return one->second_key < other->second_key;
    return one->agent < other->agent;
}

static inline void pool_set(i32 *places, Ready *heap, i32 at, Ready ready) {
    heap[at] = ready;
    places[ready.desk] = at;
}

static void pool_up(World *w, Pool *pool, i32 at, Ready ready) {
    Ready *heap = pool->heap;
    while (at) {
        i32 up = (at - 1) >> 1;
        if (!ready_before(&ready, &heap[up])) break;
        pool_set(w->places, heap, at, heap[up]);
        at = up;
    }
    pool_set(w->places, heap, at, ready);
}

static void pool_down(World *w, Pool *pool, i32 at, Ready ready) {
    Ready *heap = pool->heap;
    i32 n = pool->n, *places = w->places;
    for (;;) {
        i32 below = 2 * at + 1;
        if (below >= n) break;
        if (below + 1 < n && ready_before(&heap[below + 1], &heap[below])) below++;
        if (!ready_before(&heap[below], &ready)) break;
        pool_set(places, heap, at, heap[below]);
        at = below;
    }
    pool_set(places, heap, at, ready);
}

static void set_key(World *w, Desk *desk) {
    desk->second_key = 0.0;
    switch (w->given->agent_rule) {
    case AGENTS_fewest_tasks: desk->key = desk->tasks, desk->second_key = desk->ready_since; break;
    case AGENTS_most_tasks: desk->key = -desk->tasks, desk->second_key = desk->ready_since; break;
    case AGENTS_round_robin: desk->key = (f64)desk->offered_last; break;
    case AGENTS_random: desk->key = 0.0; break;
    default: desk->key = desk->ready_since;
    }
}

/* Put a desk that is available in its place. */
void pool_put(World *w, Pool *pool, Desk *desk) {
    i32 at = w->places[desk->number];
    set_key(w, desk);
    Ready ready = {desk->key, desk->second_key, desk->agent->number, desk->number};
    if (at < 0) {
        pool_up(w, pool, pool->n++, ready);
    } else if (at && ready_before(&ready, &pool->heap[(at - 1) >> 1])) {
        pool_up(w, pool, at, ready);
    } else {
        pool_down(w, pool, at, ready);
    }
}

/* Take a desk that is available no more out of its place, where it has one. */
void pool_remove(World *w, Pool *pool, Desk *desk) {
    i32 at = w->places[desk->number];
    if (at < 0) return;
    Ready last = pool->heap[--pool->n];
    w->places[desk->number] = -1;
    if (at == pool->n) return;
    if (at && ready_before(&last, &pool->heap[(at - 1) >> 1]))
        pool_up(w, pool, at, last);
    else
        pool_down(w, pool, at, last);
    if (!at) look_at_first(w, pool);
}

/* Return the best available desk whose agent is not barred. */
Desk *pool_best(World *w, Pool *pool) {
    if (!pool->n) return NULL;
    if (!w->barred.n || !is_barred(w, &w->agents[pool->heap[0].agent])) return &w->desks[pool->heap[0].desk];
    Desk *best = NULL;
    /* At most as many are passed as are barred; they are put back, as they are barred to this request alone. */
    Ready *passed = take_memory(w, (size_t)w->barred.n * sizeof(Ready));
    i32 n = 0;
    while (pool->n && is_barred(w, &w->agents[pool->heap[0].agent])) {
        passed[n] = pool->heap[0];
        pool_remove(w, pool, &w->desks[passed[n++].desk]);
    }
    if (pool->n) best = &w->desks[pool->heap[0].desk];
    while (n) pool_up(w, pool, pool->n++, passed[--n]);
    give_back(w, passed);
    return best;
}

/* The requests of a queue for which the same steps are open, in order of selection. */

i32 waiting_before(const Waiting *one, const Waiting *other) {
    for (i32 i = 0; i < 3; i++)
        if (one->key[i] != other->key[i]) return one->key[i] < other->key[i];
    return one->ticket < other->ticket;
}

/* Add a request that waits here. */
void level_push(World *w, Level *level, Waiting waiting) {
    i32 side = w->given->shown ? waiting.request->kind : 0;
    if (level->n[side] == level->room[side]) {
        level->room[side] = level->room[side] ? 2 * level->room[side] : 16;
        level->heap[side] = resize_memory(w, level->heap[side], (size_t)level->room[side] * sizeof(Waiting));
    }
    Waiting *heap = level->heap[side];
    i32 at = level->n[side]++;
    while (at) {
        i32 up = (at - 1) >> 1;
        if (!waiting_before(&waiting, &heap[up])) break;
        heap[at] = heap[up];
        at = up;
    }
    heap[at] = waiting;
}

static Waiting level_pop(Level *level, i32 side) {
    Waiting *heap = level->heap[side], first = heap[0], last = heap[--level->n[side]];
    i32 n = level->n[side], at = 0;
    for (;;) {
        i32 below = 2 * at + 1;
        if (below >= n) break;
        if (below + 1 < n && waiting_before(&heap[below + 1], &heap[below])) below++;
        if (!waiting_before(&heap[below], &last)) break;
        heap[at] = heap[below];
        at = below;
    }
    if (n) heap[at] = last;
    return first;
}

/* Return the first waiting request of a side that may be offered to an agent, of all where that is NULL; one without a
   request where none is. */
Waiting level_first(World *w, Level *level, i32 side, Agent *agent) {
    Waiting *passed = NULL, found = {.request = NULL};
    i32 n = 0, room = 0;
    while (level->n[side] && !found.request) {
        Waiting *first = &level->heap[side][0];
        if (first->ticket != first->request->ticket) { /* it has left or queued anew, with another ticket */
            level_pop(level, side);
        } else if (agent && is_full(w, first->request->queue, agent)) {
            break;
        } else if (agent && bars(w, first->request, agent)) {
            if (n == room) passed = resize_memory(w, passed, (size_t)(room = room ? 2 * room : 8) * sizeof(Waiting));
            passed[n++] = level_pop(level, side);
        } else {
            found = *first;
        }
    }
    while (n) level_push(w, level, passed[--n]);
    if (passed) give_back(w, passed);
    return found;
}

static int by_selection(const void *one, const void *other) {
    return waiting_before(one, other) ? -1 : waiting_before(other, one);
}

/* Send away all that wait, in order of selection; one whose search has widened is found at each level come through. */
void send_away(World *w, Queue *queue, void (*how)(World *, Request *)) {
    i32 n = 0, room = 1;
    for (i32 level = 0; level <= queue->given->last_level; level++)
        for (i32 side = 0; side < KINDS; side++) room += queue->levels[level].n[side];
    Waiting *all = take_memory(w, (size_t)room * sizeof(Waiting));
    for (i32 number = 0; number <= queue->given->last_level; number++) {
        const Level *level = &queue->levels[number];
        for (i32 side = 0; side < KINDS; side++)
            for (i32 i = 0; i < level->n[side]; i++)
                if (level->heap[side][i].ticket == level->heap[side][i].request->ticket)
                    all[n++] = level->heap[side][i];
    }
    qsort(all, (size_t)n, sizeof(Waiting), by_selection);
    for (i32 i = 0; i < n; i++) {
        Request *r = all[i].request;
        /* An agent whom an earlier one has set free may have taken it meanwhile. */
        if (r->state == QUEUED && r->ticket == all[i].ticket) how(w, r);
    }
    give_back(w, all);
    if (!queue->open.n) return;
    List open = {0};
    copy_list(w, &open, &queue->open);
    for (i32 i = 0; i < open.n; i++)
        if (((Request *)open.items[i])->state == QUEUED) how(w, open.items[i]);
    give_back(w, open.items);
}

/* Return which of its limits is exceeded by those who wait: 1 its capacity, from 2 on a waiting room, 0 none. */
i32 overfull(const World *w, const Queue *queue) {
    if (queue->given->capacity >= 0 && queue->waiting > queue->given->capacity) return 1;
    for (i32 i = 0; i < queue->given->room_n; i++) {
        i32 number = w->given->queue_rooms[queue->given->room_first + i], waiting = 0;
        const RoomGiven *room = &w->given->rooms[number];
        for (i32 k = 0; k < room->queue_n; k++) {
            const Queue *one = &w->queues[w->given->room_queues[room->queue_first + k]];
            waiting += one->given->pull.exists ? 0 : one->waiting;
        }
        if (waiting > room->capacity) return 2 + number;
    }
    return 0;
}

/* How many tasks of the queue each agent may have open, and who has that many. */

static i32 limit_of(const World *w, const Queue *queue, const Agent *agent) {
    return w->given->task_limits[queue->number * w->given->n_teams + agent->team->number];
}

i32 is_full(const World *w, const Queue *queue, const Agent *agent) {
    if (!queue->tasks_of) return 0;
    i32 most = limit_of(w, queue, agent);
    return most >= 0 && queue->tasks_of[agent->number] >= most;
}

/* Count a task, offered or joined. */
void limit_add(World *w, Queue *queue, Agent *agent) {
    if (!queue->tasks_of) return;
    queue->tasks_of[agent->number]++;
    if (is_full(w, queue, agent) && place_in(&queue->full, agent) < 0) add(w, &queue->full, agent);
}

/* Count a task that was closed or not accepted. */
void limit_remove(World *w, Queue *queue, Agent *agent) {
    if (!queue->tasks_of) return;
    queue->tasks_of[agent->number]--;
    if (!is_full(w, queue, agent)) take_off(&queue->full, agent);
}

/* Return the last step that is open after so many seconds from the placing; one that is due is open. */
i32 level_after(const Queue *queue, f64 waited_s) {
    i32 level = 0;
    while (level < queue->given->last_level && queue->opens_after[level + 1] <= waited_s) level++;
    return level;
}

i32 is_member(const World *w, const Queue *queue, const Pool *pool) {
    return pool && w->given->is_member[queue->number * w->given->n_pools + pool->number];
}

/* Count the agents the dropdown shows: READY or ACTIVE members. */
i32 available_of(const World *w, const Queue *queue) {
    const i32 *members = w->given->member_pools + queue->given->member_first;
    i32 count = 0;
    for (i32 i = 0; i < queue->given->member_n; i++) count += w->pools[members[i]].available;
    return count;
}

/* The same without some agents, each named once. */
i32 available_without(World *w, const Queue *queue, Agent *const *agents, i32 n) {
    i32 count = available_of(w, queue);
    for (i32 i = 0; i < n; i++) {
        Desk *desk = desk_on(agents[i], queue->given->medium);
        count -= desk && is_member(w, queue, desk->pool) && desk->available;
    }
    return count;
}
