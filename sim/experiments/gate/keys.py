"""Which keys of a scenario have changed, for the reviewer."""

from dataclasses import dataclass
from typing import Any

from sim.errors import shown
from sim.experiments.changes import changes
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Change:
    """A key with its values before and after, None where there was or is none.

    A value that is not given is the default.
    """

    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.key}: {_said(self.before)} -> {_said(self.after)}"


def changed_keys(before: Scenario, after: Scenario) -> tuple[Change, ...]:
    """Give every key in which two scenarios differ; those that are not given as their defaults apply."""
    new, old = changes(before, after), changes(after, before)
    found = (Change(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old]))
    return tuple(change for change in found if (change.before, change.after) != (None, None))


def _said(value: Any) -> str:
    return "(not given)" if value is None else shown(value).strip("`")
