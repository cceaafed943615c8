/* The draws of customers and agents, read where the workload has them; a column that is not there yet is asked for. */
#include "world.h"

static const Column *column(World *w, Columns *columns, i32 is_value, i32 source, i32 id, i32 k) {
    if (k >= columns->n) {
        i32 n = k + 4;
        columns->of = resize_memory(w, columns->of, (size_t)n * sizeof(Column));
        memset(columns->of + columns->n, 0, (size_t)(n - columns->n) * sizeof(Column));
        columns->n = n;
    }
    Column *found = &columns->of[k];
    if (!found->whole && !found->blocks) {
        if (w->given->ask_column(is_value, source, id, k, -1)) fail(w, MISTAKE_raised, NULL, __LINE__);
        const ColumnGiven *answer = w->given->answer;
        found->whole = (const f64 *)(uintptr_t)answer->whole;
        found->blocks = (const f64 *const *)(uintptr_t)answer->blocks;
        found->shift = answer->shift;
        if (found->whole) add(w, &w->sources[source].wholes, (void *)found->whole);
        if (!k) columns->first = found->whole;
    }
    return found;
}

static f64 number_further(World *w, Columns *columns, i32 is_value, Customer *customer, i32 id, i32 k) {
    const Column *found = k < columns->n ? &columns->of[k] : NULL;
    if (!found || (!found->whole && !found->blocks))
        found = column(w, columns, is_value, customer->source->number, id, k);
    if (found->whole) return found->whole[customer->contact];
    i64 block = customer->contact >> found->shift;
    if (!found->blocks[block] && w->given->ask_column(is_value, customer->source->number, id, k, block))
        fail(w, MISTAKE_raised, NULL, __LINE__);
    return found->blocks[block][customer->contact & ((1 << found->shift) - 1)];
}

static inline f64 number_of(World *w, Columns *columns, i32 is_value, Customer *customer, i32 id, i32 k) {
    if (!k && columns->first) return columns->first[customer->contact];
    return number_further(w, columns, is_value, customer, id, k);
}

/* Return a customer's k-th uniform number for a purpose. */
f64 uniform_of(World *w, Customer *customer, i32 purpose, i32 k) {
    return number_of(w, &customer->source->uniforms[purpose], 0, customer, purpose, k);
}

/* Return a customer's k-th value of what is drawn. */
f64 drawn_by(World *w, Customer *customer, i32 draw, i32 k) {
    f64 constant = w->given->constants[draw];
    if (constant == constant && customer->source->given->certain) return constant;
    return number_of(w, &customer->source->values[draw], 1, customer, draw, k);
}

/* Return an agent's k-th number of one kind: a uniform or a value of a law, made a block at a time. */
f64 agent_draw(World *w, Agent *agent, i32 what, i32 k) {
    if (!agent->duty->draws) agent->duty->draws = take_memory(w, (size_t)w->given->n_agent_draws * sizeof(AgentDraws));
    AgentDraws *draws = &agent->duty->draws[what];
    if (k >= draws->n) {
        if (w->given->ask_agent_draws(agent->number, what, k)) fail(w, MISTAKE_raised, NULL, __LINE__);
        draws->values = (const f64 *)(uintptr_t)w->given->answer->whole;
        draws->n = w->given->answer->n;
    }
    return draws->values[k];
}

/* Return the choice that a uniform number falls on: the first whose cumulated share exceeds it. */
i32 pick(World *w, i32 n, i32 first, f64 uniform) {
    const f64 *bounds = w->given->bounds + first;
    i32 i = 0;
    while (i < n - 1 && bounds[i] <= uniform) i++;
    return w->given->choices[first + i];
}
