/* What is looked at next. Where very much is under way it is in no cache any more, and each thing leads to others: they
   are asked for beforehand, one step further with each event. These are hints, by which no record changes. */
#include "world.h"

static inline void fetch(const void *from, size_t size) {
#if defined(__GNUC__)
    for (uintptr_t at = (uintptr_t)from; at < (uintptr_t)from + size; at += 64) __builtin_prefetch((const void *)at, 1);
#else
    (void)from, (void)size;
#endif
}

static void fetch_thing(const Entry *e) {
    i32 kind = e->order & 15;
    if (kind == DUE_PART) fetch(e->thing, sizeof(Part));
    else if (kind == DUE_CUSTOMER) fetch(e->thing, sizeof(Customer));
    else if (kind == DUE_REQUEST) fetch(e->thing, sizeof(Request));
}

static void fetch_around(const Entry *e) {
    i32 kind = e->order & 15;
    if (kind == DUE_PART) {
        const Part *part = e->thing;
        fetch(part->conversation, sizeof(Conversation));
        fetch(part->desk, offsetof(Desk, given));
        fetch(part->agent, sizeof(Agent));
    } else if (kind == DUE_CUSTOMER) {
        fetch(((const Customer *)e->thing)->conversation, sizeof(Conversation));
    } else if (kind == DUE_REQUEST) {
        fetch(((const Request *)e->thing)->conversation, sizeof(Conversation));
    }
}

static void fetch_the_rest(const Entry *e) {
    const Conversation *c = NULL;
    i32 kind = e->order & 15;
    if (kind == DUE_PART && ((const Part *)e->thing)->token == token_of(e))
        c = ((const Part *)e->thing)->conversation;
    else if (kind == DUE_CUSTOMER && ((const Customer *)e->thing)->token == token_of(e))
        c = ((const Customer *)e->thing)->conversation;
    if (!c) return;
    fetch(c->customer, sizeof(Customer));
    fetch(c->parts.items, 1);
    fetch(c->pending, sizeof(Request));
}

/* Ask for what an entry is about as it moves up into a place of the calendar, the first being 0. */
void look_ahead(const Entry *e, i64 at) {
    if (!at) fetch_the_rest(e);
    else if (at < 5) fetch_around(e);
    else fetch_thing(e);
}

/* Ask for who is first in a pool now, as they have been idle for the longest time. */
void look_at_first(const World *w, const Ready *first) {
    if (!first) return;
    fetch(&w->desks[first->desk], offsetof(Desk, given));
    fetch(&w->agents[first->agent], sizeof(Agent));
}

/* Ask for those that stand a few places behind the first of so many in a line. */
void look_down_the_line(const Waiting *line, i32 n) {
    if (n < 8) return;
    fetch(line[7].request, sizeof(Request));
    fetch(line[4].request->conversation, sizeof(Conversation));
    fetch(line[2].request->conversation->customer, sizeof(Customer));
}

/* Ask for the numbers of the contacts after this one, eight of which stand together; there are too many columns for the
   processor to see that each is read from one end to the other. */
void look_at_draws(const Source *source, i64 contact) {
    if (contact % 8) return;
    for (i32 i = 0; i < source->wholes.n; i++) fetch((const f64 *)source->wholes.items[i] + contact + 8, 1);
}
