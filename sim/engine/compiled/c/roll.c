/* Rolls of desks that are free, or there at all: any of them is found by number. */
#include "world.h"

static i32 roll_count(const Roll *roll, i32 until) {
    i32 count = 0;
    for (i32 i = until; i > 0; i -= i & -i) count += roll->counts[i];
    return count;
}

static i32 roll_find(const Roll *roll, i32 number) {
    i32 at = 0, step = 1;
    while (2 * step <= roll->size) step *= 2;
    for (; step; step /= 2)
        if (at + step <= roll->size && roll->counts[at + step] <= number) {
            at += step;
            number -= roll->counts[at];
        }
    return at;
}

/* Put a desk on the roll, or take it off; where it is so already nothing happens. */
void roll_set(Roll *roll, Desk *desk, i32 on) {
    i32 place = desk->in_pool;
    if (roll->on[place] == on) return;
    roll->on[place] = (i8)on;
    roll->n += on ? 1 : -1;
    for (i32 i = place + 1; i <= roll->size; i += i & -i) roll->counts[i] += on ? 1 : -1;
}

static i32 by_rank(const void *one, const void *other) {
    return (*(Agent *const *)one)->number - (*(Agent *const *)other)->number;
}

/* Note where on the roll of a pool those stand who are barred, in order, and return how many they are. */
static i32 gaps_of(World *w, const Pool *pool, const Roll *roll, i32 *gaps) {
    i32 n = 0;
    for (i32 i = 0; i < w->barred.n; i++) {
        Desk *desk = desk_on(w->barred.items[i], pool->given->medium);
        if (desk && desk->pool == pool && roll->on[desk->in_pool]) gaps[n++] = roll_count(roll, desk->in_pool);
    }
    return n;
}

/* Draw one desk of all the rolls, each as likely as any, without those who are barred; NULL where there is none. */
Desk *draw_one(World *w, const Pool *const *pools, i32 n, i32 there, f64 uniform) {
    if (w->barred.n > 1) qsort(w->barred.items, (size_t)w->barred.n, sizeof(void *), by_rank);
    i32 *gaps = take_memory(w, (size_t)(w->barred.n + 1) * sizeof(i32));
    i64 total = 0;
    Desk *drawn = NULL;
    for (i32 i = 0; i < n; i++) {
        const Roll *roll = there ? &pools[i]->there : &pools[i]->free;
        total += roll->n - gaps_of(w, pools[i], roll, gaps);
    }
    i64 number = (i64)(uniform * (f64)total);
    for (i32 i = 0; i < n && !drawn; i++) {
        const Roll *roll = there ? &pools[i]->there : &pools[i]->free;
        i32 left_out = gaps_of(w, pools[i], roll, gaps), in = roll->n - left_out;
        if (number < in) {
            i32 place = (i32)number;
            for (i32 g = 0; g < left_out; g++) place += gaps[g] <= place;
            i32 first = pools[i]->given->desk_first;
            drawn = &w->desks[w->given->pool_desks[first + roll_find(roll, place)]];
        }
        number -= in;
    }
    give_back(w, gaps);
    return drawn;
}
