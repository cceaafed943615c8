/* The calendar: a heap of entries by time, rank and order of creation. */
#include "world.h"

static inline i32 entry_before(const Entry *one, const Entry *other) {
    return one->time < other->time || (one->time == other->time && one->order < other->order);
}

/* Put a thing into the calendar and return the token of the entry. */
i64 schedule(World *w, f64 time, i32 rank, i32 kind, void *thing) {
    u64 token = ++w->last_token;
    if ((i64)token > w->given->most_entries) fail(w, MISTAKE_budget, NULL, __LINE__);
    /* Where the budget is held, the memory is looked at now and then. */
    if (w->given->looks && !(token % (u64)w->given->looks) && w->given->hand_over(TABLES, 0))
        fail(w, MISTAKE_raised, NULL, __LINE__);
    if (w->entries == w->room) {
        w->room = w->room ? 2 * w->room : 1024;
        w->calendar = resize_memory(w, w->calendar, (size_t)w->room * sizeof(Entry));
    }
    Entry e = {time, (u64)rank << 57 | token << 4 | (u64)kind, thing};
    i64 at = w->entries++;
    while (at) {
        i64 up = (at - 1) >> 1;
        if (!entry_before(&e, &w->calendar[up])) break;
        w->calendar[at] = w->calendar[up];
        at = up;
    }
    w->calendar[at] = e;
    return (i64)token;
}

/* Take the first entry out of the calendar. */
Entry next_entry(World *w) {
    Entry *heap = w->calendar;
    Entry first = heap[0], last = heap[--w->entries];
    i64 n = w->entries, at = 0;
    for (;;) {
        i64 below = 2 * at + 1;
        if (below >= n) break;
        if (below + 1 < n && entry_before(&heap[below + 1], &heap[below])) below++;
        if (!entry_before(&heap[below], &last)) break;
        heap[at] = heap[below];
        at = below;
    }
    if (n) heap[at] = last;
    return first;
}
