"""Scenarios to be set beside another one: read from files, or made of it by changing keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sim.errors import Mistake, ScenarioError, SimError, shown
from sim.experiments.changes import FEW, changes
from sim.experiments.splitting import split_at_commas
from sim.scenario import Scenario, load
from sim.scenario.loading import changed

Variant = tuple[str | None, Scenario]
"""The name that a scenario was given, if any, and the scenario."""


def variants(
    base: Scenario, files: Sequence[Path] = (), together: Sequence[str] = (), texts: Sequence[str] = ()
) -> list[Variant]:
    """Make scenarios: one of each file, one of the changes KEY=VALUE in `together`, one of each of `texts`.

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
            wrong.append(str(error))
    if wrong:
        raise SimError("\n".join(wrong))
    return made


def variant(base: Scenario, changes: Mapping[str, Any] | Sequence[str], option: str = "--set") -> Scenario:
    """Change keys of a scenario; `option` stands in messages as what was written wrongly.

    Raises ScenarioError where the outcome is not a valid scenario.
    """
    try:
        return changed(base, changes)
    except ScenarioError as error:
        raise ScenarioError([_as_written(one, option) for one in error.mistakes]) from None


def _from_file(base: Scenario, path: Path) -> Variant:
    """Read a scenario; it is named after its file where it changes too much to be named by that."""
    other = load(path)
    return None if 0 < len(changes(base, other)) <= FEW else path.stem, other


def _from_text(base: Scenario, text: str, option: str = "--candidate") -> Variant:
    head, colon, rest = text.partition(":")
    named = bool(colon) and "=" not in head
    changes = [one for one in split_at_commas(rest if named else text) if one]
    if not changes or not all("=" in one for one in changes):
        raise SimError(
            f"{option} {shown(text)}: write KEY=VALUE, KEY=VALUE, with or without a `name:` before it"
        )
    return (head.strip() or None if named else None), variant(base, changes, option)


def _as_written(mistake: Mistake, option: str) -> Mistake:
    if not mistake.file.startswith("--set "):
        return mistake
    return replace(mistake, file=option + mistake.file.removeprefix("--set"))
