"""Changes of the C text that no day can tell from the engine, each with the reason."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "selection.c",
        "if (skill != other_skill) return skill > other_skill;",
        "if (skill != other_skill) return skill >= other_skill;",
    ): "the same: they are unequal there",
    (
        "customer.c",
        "if (until < FOREVER && (until <= request->expires_at || request->expired))",
        "if (until < FOREVER || (until <= request->expires_at || request->expired))",
    ): "an event more, which finds the request ended or comes again when it expires as it rings",
    (
        "simulate.c",
        "if (w->watch && e.time != w->now) watch_at_rest(w);",
        "if (0 && w->watch && e.time != w->now) watch_at_rest(w);",
    ): "of a run that is watched, which has tests of its own",
    ("draws.c", "draws->n = w->given->answer->n;", ";"): "the same numbers are asked for again",
    ("queue.c", "give_back(w, passed);", ";"): "memory that is given back at the end",
    ("whisper.c", "bury(w, &w->whispers, whispers);", ";"): "memory that is given back at the end",
    (
        "request.c",
        "if (!--request->refs) bury(w, &w->requests, request);",
        "if (0 && !--request->refs) bury(w, &w->requests, request);",
    ): "memory that is given back at the end",
    (
        "handling.c",
        "if (!host && !part->listed) forget_request(w, part);",
        "if (0 && !host && !part->listed) forget_request(w, part);",
    ): "memory that is given back with the part",
    (
        "queue.c",
        "if (was_first) look_at_first(w, first_ready(pool));",
        "if (0 && was_first) look_at_first(w, first_ready(pool));",
    ): "a hint to the processor",
    (
        "clock.c",
        "if (at < SOON && n > MUCH) look_ahead(&heap[at], at);",
        "if (0 && at < SOON && n > MUCH) look_ahead(&heap[at], at);",
    ): "a hint to the processor",
    (
        "queue.c",
        "i32 was_first = at == 0 || at == in_line(pool->first);",
        "i32 was_first = at == 0 && at == in_line(pool->first);",
    ): "a hint to the processor",
    ("customer.c", "look_at_draws(source, contact);", ";"): "a hint to the processor",
    (
        "clock.c",
        "return (Entry){time + 0.0, (u64)rank << 57 | token << 4 | (u64)kind, thing}; /* -0.0 is 0.0 */",
        "return (Entry){time - 0.0, (u64)rank << 57 | token << 4 | (u64)kind, thing}; /* -0.0 is 0.0 */",
    ): "of a time of -0.0, which no day has",
    (
        "queue.c",
        "if (!ready_before(old, &ready) && !ready_before(&ready, old)) return;",
        "if (0 && !ready_before(old, &ready) && !ready_before(&ready, old)) return;",
    ): "it is taken out and put into the same place again",
    ("queue.c", "desk->second_key = 0.0;", ";"): "it is 0 from the start where no rule sets it",
}
"""By chapter, line before and line after."""
