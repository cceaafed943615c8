"""Which queue an agent picks from the dropdown, and what he makes of its counts (DOMAIN R4.1)."""

from collections.abc import Callable, Sequence

Drawn = Callable[[Sequence[str]], str]
"""Draws one of the named queues, in proportion to their shares."""


def choose_queue(rule: str, available: dict[str, int], draw: Drawn) -> str:
    """Choose among the queues of `available`, which gives the count of available agents shown for each.

    `fixed` draws without a look; `most_available` takes the highest count, drawn among equals; `avoid_empty`
    draws among those with somebody available, among all where nobody is.
    """
    names = tuple(available)
    if rule == "most_available":
        highest = max(available.values())
        return draw([name for name in names if available[name] == highest])
    if rule == "avoid_empty":
        return draw([name for name in names if available[name]] or names)
    return draw(names)
