/* The calendar: a heap of entries by time, rank and order of creation. The next contact, of which there is one at a
   time, stands beside it: it comes soon after it is known, and would wander through the heap both ways. */
#include "world.h"

#define CHILDREN 4
#define SOON (1 + CHILDREN + CHILDREN * CHILDREN)
#define MUCH 512

/* Which comes first is a coin's toss to the processor, so it is told by one comparison without a jump where it can be:
   times are never negative, and such numbers are in order as their bits are. */
static inline i32 entry_before(const Entry *one, const Entry *other) {
#ifdef __SIZEOF_INT128__
    i64 mine, theirs;
    memcpy(&mine, &one->time, sizeof mine);
    memcpy(&theirs, &other->time, sizeof theirs);
    return ((__int128)mine << 64 | one->order) < ((__int128)theirs << 64 | other->order);
#else
    return one->time < other->time || (one->time == other->time && one->order < other->order);
#endif
}

static Entry new_entry(World *w, f64 time, i32 rank, i32 kind, void *thing) {
    u64 token = ++w->last_token;
    if ((i64)token > w->given->most_entries) fail(w, MISTAKE_budget, NULL, __LINE__);
    /* Where the budget is held, the memory is looked at now and then. */
    if (w->given->looks && !(token % (u64)w->given->looks) && w->given->hand_over(TABLES, 0))
        fail(w, MISTAKE_raised, NULL, __LINE__);
    return (Entry){time + 0.0, (u64)rank << 57 | token << 4 | (u64)kind, thing}; /* -0.0 is 0.0 */
}

/* Put a thing into the calendar and return the token of the entry. */
i64 schedule(World *w, f64 time, i32 rank, i32 kind, void *thing) {
    Entry e = new_entry(w, time, rank, kind, thing);
    if (w->entries == w->room) {
        w->room = w->room ? 2 * w->room : 1024;
        w->calendar = resize_memory(w, w->calendar, (size_t)w->room * sizeof(Entry));
    }
    Entry *heap = w->calendar;
    i64 at = w->entries++;
    while (at) {
        i64 up = (at - 1) / CHILDREN;
        if (!entry_before(&e, &heap[up])) break;
        heap[at] = heap[up];
        at = up;
    }
    heap[at] = e;
    return token_of(&e);
}

/* Let the next contact come at a time. */
void schedule_arrival(World *w, f64 time) { w->arrival = new_entry(w, time, ARRIVAL, DUE_ARRIVAL, NULL); }

/* Return the first below an entry of the heap; a full four are compared two and two. */
static inline i64 first_below(const Entry *heap, i64 below, i64 n) {
    if (below + CHILDREN <= n) {
        i64 one = below + entry_before(&heap[below + 1], &heap[below]);
        i64 other = below + 2 + entry_before(&heap[below + 3], &heap[below + 2]);
        return entry_before(&heap[other], &heap[one]) ? other : one;
    }
    i64 first = below;
    for (i64 i = below + 1; i < n; i++)
        if (entry_before(&heap[i], &heap[first])) first = i;
    return first;
}

/* Take the first entry out of the calendar. */
Entry next_entry(World *w) {
    Entry *heap = w->calendar, first = heap[0];
    if (entry_before(&w->arrival, &first)) {
        first = w->arrival;
        w->arrival.time = FOREVER;
        return first;
    }
    i64 n = --w->entries, at = 0;
    Entry last = heap[n];
    for (i64 below = 1; below < n; below = CHILDREN * at + 1) {
        i64 next = first_below(heap, below, n);
        if (!entry_before(&heap[next], &last)) break;
        heap[at] = heap[next];
        if (at < SOON && n > MUCH) look_ahead(&heap[at], at);
        at = next;
    }
    heap[at] = last; /* the very last one in the place that nobody looks at any more */
    return first;
}
