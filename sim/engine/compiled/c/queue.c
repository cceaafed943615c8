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

static void pool_up(World *w, Pool *pool, i32 at, Ready ready) {
    Ready *heap = pool->heap;
    while (at) {
        i32 up = (at - 1) >> 1;
        if (!ready_before(&ready, &heap[up])) break;
        w->places[heap[up].desk] = at;
        heap[at] = heap[up];
        at = up;
    }
    w->places[ready.desk] = at;
    heap[at] = ready;
}

static void pool_down(World *w, Pool *pool, i32 at, Ready ready) {
    Ready *heap = pool->heap;
    i32 n = pool->heap_n;
    for (;;) {
        i32 below = 2 * at + 1;
        if (below >= n) break;
        if (below + 1 < n && ready_before(&heap[below + 1], &heap[below])) below++;
        if (!ready_before(&heap[below], &ready)) break;
        w->places[heap[below].desk] = at;
        heap[at] = heap[below];
        at = below;
    }
    w->places[ready.desk] = at;
    heap[at] = ready;
}

static void heap_moved(World *w, Pool *pool, i32 at, Ready ready) {
    if (at && ready_before(&ready, &pool->heap[(at - 1) >> 1]))
        pool_up(w, pool, at, ready);
    else
        pool_down(w, pool, at, ready);
}

/* A place in the line as it is noted, and the other way round. */
static inline i32 in_line(i32 at) { return -2 - at; }

static void close_gaps(World *w, Pool *pool) {
    i32 n = 0;
    for (i32 i = pool->first; i < pool->end; i++) {
        Ready ready = pool->line[i];
        if (ready.desk < 0) continue;
        w->places[ready.desk] = in_line(n);
        pool->line[n++] = ready;
    }
    pool->first = 0;
    pool->end = n;
}

static void leave_line(World *w, Pool *pool, i32 at) {
    Ready *line = pool->line;
    w->places[line[at].desk] = -1;
    line[at].desk = -1;
    while (pool->first < pool->end && line[pool->first].desk < 0) pool->first++;
    while (pool->first < pool->end && line[pool->end - 1].desk < 0) pool->end--;
    if (pool->first == pool->end) pool->first = pool->end = 0;
}

/* Most come last, as who has worked goes behind who has been idle for longer. */
static void pool_add(World *w, Pool *pool, Ready ready) {
    if (pool->end && ready_before(&ready, &pool->line[pool->end - 1])) {
        pool_up(w, pool, pool->heap_n++, ready);
        return;
    }
    if (pool->end == 2 * pool->given->desk_n) close_gaps(w, pool);
    w->places[ready.desk] = in_line(pool->end);
    pool->line[pool->end++] = ready;
}

static const Ready *first_ready(const Pool *pool) {
    if (!pool->end) return pool->heap_n ? pool->heap : NULL;
    const Ready *first = &pool->line[pool->first];
    return pool->heap_n && ready_before(pool->heap, first) ? pool->heap : first;
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
    if (at >= 0) {
        heap_moved(w, pool, at, ready);
        return;
    }
    if (at < -1) {
        const Ready *old = &pool->line[in_line(at)];
        if (!ready_before(old, &ready) && !ready_before(&ready, old)) return;
        leave_line(w, pool, in_line(at));
    }
    pool_add(w, pool, ready);
}

/* Take a desk that is available no more out of its place, where it has one. */
void pool_remove(World *w, Pool *pool, Desk *desk) {
    i32 at = w->places[desk->number];
    if (at == -1) return;
    i32 was_first = at == 0 || at == in_line(pool->first);
    if (at < 0) {
        leave_line(w, pool, in_line(at));
    } else {
        w->places[desk->number] = -1;
        Ready last = pool->heap[--pool->heap_n];
        if (at < pool->heap_n) heap_moved(w, pool, at, last);
    }
    if (was_first) look_at_first(w, first_ready(pool));
}

/* Return the best available desk whose agent is not barred. */
Desk *pool_best(World *w, Pool *pool) {
    const Ready *first = first_ready(pool);
    if (!first) return NULL;
    if (!w->barred.n || !is_barred(w, &w->agents[first->agent])) return &w->desks[first->desk];
    /* At most as many are passed as are barred; they are put back, as they are barred to this request alone. */
    Ready *passed = take_memory(w, (size_t)w->barred.n * sizeof(Ready));
    i32 n = 0;
    do {
        passed[n] = *first;
        pool_remove(w, pool, &w->desks[passed[n++].desk]);
        first = first_ready(pool);
    } while (first && is_barred(w, &w->agents[first->agent]));
    Desk *best = first ? &w->desks[first->desk] : NULL;
    while (n) pool_add(w, pool, passed[--n]);
    give_back(w, passed);
    return best;
}

/* The requests of a queue for which the same steps are open, in order of selection. */

i32 waiting_before(const Waiting *one, const Waiting *other) {
    for (i32 i = 0; i < 3; i++)
        if (one->key[i] != other->key[i]) return one->key[i] < other->key[i];
    return one->ticket < other->ticket;
}

static void join_line(World *w, Side *side, Waiting waiting) {
    if (side->end == side->line_room && 2 * side->first > side->end) {
        memmove(side->line, side->line + side->first, (size_t)(side->end - side->first) * sizeof(Waiting));
        side->end -= side->first;
        side->first = 0;
    } else if (side->end == side->line_room) {
        side->line_room = side->line_room ? 2 * side->line_room : 16;
        side->line = resize_memory(w, side->line, (size_t)side->line_room * sizeof(Waiting));
    }
    side->line[side->end++] = waiting;
}

static void join_heap(World *w, Side *side, Waiting waiting) {
    if (side->heap_n == side->heap_room) {
        side->heap_room = side->heap_room ? 2 * side->heap_room : 16;
        side->heap = resize_memory(w, side->heap, (size_t)side->heap_room * sizeof(Waiting));
    }
    Waiting *heap = side->heap;
    i32 at = side->heap_n++;
    while (at) {
        i32 up = (at - 1) >> 1;
        if (!waiting_before(&waiting, &heap[up])) break;
        heap[at] = heap[up];
        at = up;
    }
    heap[at] = waiting;
}

/* Add a request that waits here. */
void level_push(World *w, Level *level, Waiting waiting) {
    Side *side = &level->sides[w->given->shown ? waiting.request->kind : 0];
    if (side->first < side->end && waiting_before(&waiting, &side->line[side->end - 1]))
        join_heap(w, side, waiting);
    else
        join_line(w, side, waiting);
}

static void leave_heap(Side *side) {
    Waiting *heap = side->heap, last = heap[--side->heap_n];
    i32 n = side->heap_n, at = 0;
    for (;;) {
        i32 below = 2 * at + 1;
        if (below >= n) break;
        if (below + 1 < n && waiting_before(&heap[below + 1], &heap[below])) below++;
        if (!waiting_before(&heap[below], &last)) break;
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = last;
}

static Waiting *first_waiting(const Side *side) {
    if (side->first == side->end) return side->heap_n ? side->heap : NULL;
    Waiting *first = &side->line[side->first];
    return side->heap_n && waiting_before(side->heap, first) ? side->heap : first;
}

static void take_first(Side *side, const Waiting *first) {
    if (first == side->heap)
        leave_heap(side);
    else if (++side->first == side->end)
        side->first = side->end = 0;
    else
        look_down_the_line(&side->line[side->first], side->end - side->first);
}

/* Return the first waiting request of a kind that may be offered to an agent, of all where that is NULL; one without a
   request where none is. */
Waiting level_first(World *w, Level *level, i32 kind, Agent *agent) {
    Side *side = &level->sides[kind];
    Waiting *passed = NULL, found = {.request = NULL}, *first;
    i32 n = 0, room = 0;
    while (!found.request && (first = first_waiting(side))) {
        if (first->ticket != first->request->ticket) { /* it has left or queued anew, with another ticket */
            take_first(side, first);
        } else if (agent && is_full(w, first->request->queue, agent)) {
            break;
        } else if (agent && bars(w, first->request, agent)) {
            if (n == room) passed = resize_memory(w, passed, (size_t)(room = room ? 2 * room : 8) * sizeof(Waiting));
            passed[n++] = *first;
            take_first(side, first);
        } else {
            found = *first;
        }
    }
    while (n) level_push(w, level, passed[--n]);
    if (passed) give_back(w, passed);
    return found;
}

int by_selection(const void *one, const void *other) {
    return waiting_before(one, other) ? -1 : waiting_before(other, one);
}

/* Send away all that wait, in order of selection; one whose search has widened is found at each level come through. */
void send_away(World *w, Queue *queue, void (*how)(World *, Request *)) {
    i32 n = 0, room = 1;
    for (i32 level = 0; level <= queue->given->last_level; level++)
        for (i32 kind = 0; kind < KINDS; kind++) room += side_n(&queue->levels[level].sides[kind]);
    Waiting *all = take_memory(w, (size_t)room * sizeof(Waiting));
    for (i32 level = 0; level <= queue->given->last_level; level++)
        for (i32 kind = 0; kind < KINDS; kind++) {
            const Side *side = &queue->levels[level].sides[kind];
            for (i32 i = 0; i < side_n(side); i++)
                if (waiting_at(side, i)->ticket == waiting_at(side, i)->request->ticket) all[n++] = *waiting_at(side, i);
        }
    qsort(all, (size_t)n, sizeof(Waiting), by_selection);
    for (i32 i = 0; i < n; i++) {
        look_down_the_line(&all[i], n - i);
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
