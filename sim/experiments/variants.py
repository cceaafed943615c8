"""Variants of a scenario: read from files or made by changing keys, and named by their changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

from sim.errors import Mistake, ScenarioError, SimError, one_line, quoted
from sim.scenario import Arrivals, Scenario, load
from sim.scenario.distributions import KINDS
from sim.scenario.error_messages import MOST_SHOWN
from sim.scenario.expected import shares_of, volume_factor
from sim.scenario.loading import changed
from sim.scenario.yaml_tree import plain

FEW = 3
"""Changes that a name may list; a scenario with more has its own name."""
_NOTHING = object()


def changes(base: Scenario, other: Scenario) -> dict[str, Any]:
    """Return the keys in which `other` differs from `base`, with its values, given or default.

    The value is None for a key that it lacks. That the name of a stream is written, as `set` does to keep its
    customers, is no difference.
    """
    whole = other.model_dump(mode="json", by_alias=True)
    ours, theirs = plain(base), plain(other)
    for at, names in enumerate(zip(base.stream_names(), other.stream_names(), strict=False)):
        if names[0] == names[1]:
            ours["arrivals"][at].pop("name", None)
            theirs["arrivals"][at].pop("name", None)
    return dict(_differing(ours, theirs, whole, ()))


CUSTOMERS = ("queue", "channel", "label")
"""The places of a figure that decide of which customers it is."""


def _sent_to(scenario: Scenario, key: str, name: str) -> dict[str, object]:
    """Return which part of each stream comes to a queue, by a channel or with a label.

    It is what customers draw who do, from one number to another, or which contacts are recorded so.
    """
    found: dict[str, object] = {}
    for stream, one in zip(scenario.stream_names(), scenario.arrivals, strict=True):
        part: list[object] = [row.contact_id for row in one.contacts if getattr(row, key) == name]
        if key == "label":
            part += _drawn_by(one.labels, name)
        elif one.replay is None:
            shares = shares_of(scenario, one) if key == "queue" else {str(one.channel): 1.0}
            part += _drawn_by(shares, name)
        if part:
            found[stream] = part
    return found


def are_sent_alike(base: Scenario, other: Scenario, place: Iterable[tuple[str, str]]) -> bool:
    """Return whether the queue, channel and label of a figure's place are those of the same customers in both."""
    return all(
        _sent_to(base, key, name) == _sent_to(other, key, name) for key, name in place if key in CUSTOMERS
    )


def _drawn_by(shares: Mapping[str, float], name: str) -> list[tuple[float, float]]:
    """Return between which numbers, 0 to 1, a customer draws who has a name, given its share and those before it."""
    if not shares.get(name):
        return []
    before = sum(share for _, share in takewhile(lambda one: one[0] != name, shares.items()))
    return [(before, before + shares[name])]


def have_the_same_customers(scenarios: Sequence[Scenario]) -> bool:
    """Return whether the same customers come, at the same instants, wherever they are sent."""
    return all(_customers(one) == _customers(scenarios[0]) for one in scenarios[1:])


def _customers(scenario: Scenario) -> tuple[object, ...]:
    streams = {
        name: (
            one.per_hour,
            one.every,
            one.busyness,
            one.contacts,
            _volumes(one),
            volume_factor(scenario, one),
        )
        for name, one in zip(scenario.stream_names(), scenario.arrivals, strict=True)
    }
    return scenario.lasts, scenario.busyness, streams


def _volumes(stream: Arrivals) -> tuple[tuple[float, float], ...]:
    return tuple((row.start_s, row.volume) for row in stream.forecast)


def name_of(base: Scenario, other: Scenario) -> str:
    """Return the changes of a scenario as its name, such as `teams.frontline.agents=15`; else its own name."""
    found = changes(base, other)
    if not 0 < len(found) <= FEW:
        return other.name
    return ", ".join(_assignment(key, value) for key, value in found.items())


def names_of(base: Scenario, others: Sequence[Scenario], given: Sequence[str | None]) -> tuple[str, ...]:
    """Return the names of several scenarios, given or by their changes, no two alike."""
    names: list[str] = []
    for other, own in zip(others, given, strict=True):
        name = printed_name(own) if own else one_line(name_of(base, other))
        taken = sum(one == name or one.startswith(f"{name} #") for one in names)
        names.append(f"{name} #{taken + 1}" if taken else name)
    return tuple(names)


def printed_name(name: str) -> str:
    """Return the name of a variant. Raises SimError for one that a table would not show as it is."""
    if one_line(name) != name:
        raise SimError(f"the name {quoted(name)} holds control characters or ends of lines; take them out")
    return name


def _assignment(key: str, value: Any) -> str:
    return f"no {key}" if value is None else f"{key}={value}".replace("'", "")


def _differing(ours: Any, theirs: Any, whole: Any, place: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Compare the given keys; `whole` is `theirs` with its defaults, which stand for the keys not given there."""
    if theirs is _NOTHING and _has_keys(ours) and _has_keys(whole):
        theirs = {}
    if _has_keys(theirs) and (_has_keys(ours) or (ours is _NOTHING and theirs)):
        before = {} if ours is _NOTHING else ours
        for key in dict.fromkeys([*before, *theirs]):
            pair = before.get(key, _NOTHING), theirs.get(key, _NOTHING)
            yield from _differing(*pair, whole.get(key), (*place, key))
    elif _are_lists_of_parts(ours, theirs):
        for number, (one, other, all_of_it) in enumerate(zip(ours, theirs, whole, strict=True)):
            yield from _differing(one, other, all_of_it, (*place, str(number)))
    elif ours != theirs:
        yield ".".join(place), _given(whole) if theirs is _NOTHING else theirs


def _given(default: Any) -> Any:
    """Return a default's value, None where it is empty."""
    return None if default in ([], {}) else default


def _has_keys(value: Any) -> bool:
    """Return whether a value is a section of a scenario with keys of its own; a law counts as one value."""
    return isinstance(value, Mapping) and not KINDS.keys() & value.keys()


def _are_lists_of_parts(ours: Any, theirs: Any) -> bool:
    return (
        isinstance(ours, list)
        and isinstance(theirs, list)
        and len(ours) == len(theirs)
        and all(isinstance(one, Mapping) for one in [*ours, *theirs])
    )


# Texts on the command line.

_CLOSING = {"[": "]", "{": "}", "(": ")"}


def split_at_commas(text: str, comma: str = ",") -> list[str]:
    """Split at the commas, or another mark, that stand in no brackets and no quotes; the parts are stripped.

    Raises SimError for a bracket or a quote that is not closed.
    """
    cuts = [at for at, letter, depth in _walk(text) if letter == comma and not depth]
    starts = [0, *(at + 1 for at in cuts)]
    return [text[start:end].strip() for start, end in zip(starts, [*cuts, len(text)], strict=True)]


def _walk(text: str) -> Iterator[tuple[int, str, int]]:
    """Return each letter with its place and its depth in brackets and quotes."""
    awaited: list[str] = []
    for at, letter in enumerate(text):
        in_quotes = bool(awaited) and awaited[-1] in "\"'"
        if awaited and letter == awaited[-1]:
            awaited.pop()
        elif letter in "\"'" and not in_quotes:
            awaited.append(letter)
        elif letter in _CLOSING and not in_quotes:
            awaited.append(_CLOSING[letter])
        yield at, letter, len(awaited)
    if awaited:
        raise SimError(f"{quoted(text)}: a closing {awaited[-1]} is missing")


Variant = tuple[str | None, Scenario]
"""The name that a scenario was given, if any, and the scenario."""


def variants(
    base: Scenario, files: Sequence[Path] = (), together: Sequence[str] = (), texts: Sequence[str] = ()
) -> list[Variant]:
    """Return scenarios: one of each file, one of the changes KEY=VALUE in `together`, one of each of `texts`.

    A text is `name: KEY=VALUE, KEY=VALUE`; the name may be left out. Raises SimError with the mistakes of all
    of them at once.
    """
    makers: list[Callable[[], Variant]] = [
        *(partial(_from_file, base, path) for path in files),
        *([lambda: (None, variant(base, together))] if together else []),
        *(partial(_from_text, base, text) for text in texts),
    ]
    made: list[Variant] = []
    wrong: list[str] = []
    for make in makers:
        try:
            made.append(make())
        except SimError as error:
            wrong += str(error).splitlines()
    if len(wrong) > MOST_SHOWN:
        wrong = [*wrong[:MOST_SHOWN], f"and {len(wrong) - MOST_SHOWN} more mistakes"]
    if wrong:
        raise SimError("\n".join(wrong))
    return made


def variant(base: Scenario, changes: Mapping[str, Any] | Sequence[str], option: str = "--set") -> Scenario:
    """Return a scenario with keys changed; `option` names the source of the text in messages.

    Raises ScenarioError where the outcome is not a valid scenario.
    """
    try:
        return changed(base, changes)
    except ScenarioError as error:
        raise ScenarioError([_as_written(one, option) for one in error.mistakes]) from None


def _from_file(base: Scenario, path: Path) -> Variant:
    """Read a scenario; it is named after its file where it has too many changes for a name."""
    other = load(path)
    return None if 0 < len(changes(base, other)) <= FEW else path.stem, other


def _from_text(base: Scenario, text: str, option: str = "--candidate") -> Variant:
    head, colon, rest = text.partition(":")
    named = bool(colon) and "=" not in head
    changes = [one for one in split_at_commas(rest if named else text) if one]
    if not changes or not all("=" in one for one in changes):
        raise SimError(
            f"{option} {quoted(text)}: write KEY=VALUE, KEY=VALUE, with or without a `name:` before it"
        )
    return (head.strip() or None if named else None), variant(base, changes, option)


def _as_written(mistake: Mistake, option: str) -> Mistake:
    if not mistake.file.startswith("--set"):
        return mistake
    return replace(mistake, file=option + mistake.file.removeprefix("--set"))
