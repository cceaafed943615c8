/* Who is held back: requests that a policy keeps waiting beside an available agent, looked at again on any change. */
#include "world.h"

/* Look again at the end of this instant, where anybody waits beside an available agent. */
void on_change(World *w) {
    if (!w->given->holds_back || w->held_back_due) return;
    for (i32 q = 0; q < w->given->n_queues; q++) {
        Queue *queue = &w->queues[q];
        if (queue->given->pull.exists || !queue->waiting || !available_of(w, queue)) continue;
        w->held_back_due = 1;
        schedule(w, w->now, HELD_BACK, DUE_HELD_BACK, NULL);
        return;
    }
}

/* Offer a desk another request that was held back and comes before this one, for which it was found. This one waits
   meanwhile, for whoever is freed by that offer as well; then its search goes on. */
i32 lets_another_go(World *w, Request *r, Desk *desk, i32 is_kept) {
    Request *other = before(w, r, desk);
    if (!other) return 0;
    i64 ticket = r->ticket;
    if (!is_kept) keep(w, r);
    offer(w, other, desk);
    if (r->ticket == ticket) dispatch(w, r, 1); /* it still waits */
    return 1;
}

static i32 add_heads(World *w, Queue *queue, Waiting *heads) {
    i32 n = 0;
    for (i32 level = 0; level <= queue->given->last_level; level++)
        for (i32 kind = 0; kind < KINDS; kind++) {
            if (!side_n(&queue->levels[level].sides[kind])) continue;
            Waiting first = level_first(w, &queue->levels[level], kind, NULL);
            if (first.request) heads[n++] = first;
        }
    return n;
}

static i32 offer_one(World *w) {
    i32 n = 0, offered = 0;
    Waiting *heads = take_memory(w, (size_t)w->given->n_levels * KINDS * sizeof(Waiting));
    for (i32 q = 0; q < w->given->n_queues; q++) {
        Queue *queue = &w->queues[q];
        if (!queue->given->pull.exists && queue->waiting && available_of(w, queue)) n += add_heads(w, queue, heads + n);
    }
    qsort(heads, (size_t)n, sizeof(Waiting), by_selection);
    for (i32 i = 0; i < n && !offered; i++) {
        Desk *desk = desk_for(w, heads[i].request, NULL);
        Request *chosen = desk ? request_for(w, desk) : NULL;
        if (!chosen) continue;
        offer(w, chosen, desk);
        offered = 1;
    }
    give_back(w, heads);
    return offered;
}

/* Offer until nobody is let go any more. */
void held_back_due(World *w) {
    while (offer_one(w)) {
    }
    w->held_back_due = 0;
}
