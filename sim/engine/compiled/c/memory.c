/* Mistakes, memory and lists. */
#include "world.h"

/* All memory is in one chain, so that nothing is lost where a day ends with a mistake. */

typedef struct Block {
    struct Block *before, *after;
} Block;

/* End the day with a mistake, which Python puts into words. */
void fail(World *w, i32 mistake, Conversation *conversation, i32 line) {
    w->ended->mistake = mistake;
    w->ended->line = line;
    w->ended->failed_at = w->now;
    w->ended->failed_conversation = conversation ? conversation->number : 0;
    longjmp(w->over, 1);
}

static void chain(World *w, Block *block) {
    block->before = NULL;
    block->after = w->memory;
    if (block->after) block->after->before = block;
    w->memory = block;
}

static void unchain(World *w, Block *block) {
    if (block->before) block->before->after = block->after;
    else w->memory = block->after;
    if (block->after) block->after->before = block->before;
}

/* Return memory that is all zeros. */
void *take_memory(World *w, size_t size) {
    Block *block = calloc(1, sizeof(Block) + (size ? size : 1));
    if (!block) fail(w, MISTAKE_memory, NULL, __LINE__);
    chain(w, block);
    return block + 1;
}

/* Return memory of another size with what is in the old one. */
void *resize_memory(World *w, void *old, size_t size) {
    if (!old) return take_memory(w, size);
    Block *block = (Block *)old - 1;
    unchain(w, block);
    Block *larger = realloc(block, sizeof(Block) + size);
    if (!larger) {
        chain(w, block);
        fail(w, MISTAKE_memory, NULL, __LINE__);
    }
    chain(w, larger);
    return larger + 1;
}

void give_back(World *w, void *memory) {
    Block *block = (Block *)memory - 1;
    unchain(w, block);
    free(block);
}

void give_back_all(World *w) {
    while (w->memory) give_back(w, (Block *)w->memory + 1);
}

/* Things that come and go. Each begins with the next one of its chain. */

typedef struct Thing {
    struct Thing *next;
} Thing;

#define AT_A_TIME 128

/* Return memory for one thing, with what the last one left in it. */
void *born(World *w, Slab *slab) {
    if (!slab->free) {
        char *more = take_memory(w, AT_A_TIME * slab->size);
        add(w, &slab->blocks, more);
        for (i32 i = AT_A_TIME - 1; i >= 0; i--) {
            Thing *thing = (Thing *)(void *)(more + (size_t)i * slab->size);
            thing->next = slab->free;
            slab->free = thing;
        }
    }
    Thing *thing = slab->free;
    slab->free = thing->next;
    return thing;
}

/* How many there is memory for; of those in no use what they were last is told by themselves. */
i64 room_of(const Slab *slab) { return (i64)slab->blocks.n * AT_A_TIME; }

void *thing_at(const Slab *slab, i64 i) {
    return (char *)slab->blocks.items[i / AT_A_TIME] + (size_t)(i % AT_A_TIME) * slab->size;
}

/* Give the memory of a thing back once the event is over: until then those who are at work may still look at it. */
void bury(World *w, Slab *slab, void *thing) {
    if (!slab->dead) slab->last_dead = thing;
    ((Thing *)thing)->next = slab->dead;
    slab->dead = thing;
    w->some_died = 1;
}

static void sweep(Slab *slab) {
    if (!slab->dead) return;
    ((Thing *)slab->last_dead)->next = slab->free;
    slab->free = slab->dead;
    slab->dead = NULL;
}

void sweep_all(World *w) {
    sweep(&w->customers), sweep(&w->conversations), sweep(&w->requests), sweep(&w->parts);
    sweep(&w->whispers), sweep(&w->visits), sweep(&w->looks);
    w->some_died = 0;
}

/* Lists. */

void add(World *w, List *list, void *item) {
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : 4;
        list->items = resize_memory(w, list->items, (size_t)list->room * sizeof(void *));
    }
    list->items[list->n++] = item;
}

i32 place_in(const List *list, const void *item) {
    for (i32 i = 0; i < list->n; i++)
        if (list->items[i] == item) return i;
    return -1;
}

void take_off(List *list, const void *item) {
    i32 at = place_in(list, item);
    if (at < 0) return;
    list->n--;
    memmove(list->items + at, list->items + at + 1, (size_t)(list->n - at) * sizeof(void *));
}

void copy_list(World *w, List *to, const List *from) {
    for (i32 i = 0; i < from->n; i++) add(w, to, from->items[i]);
}
