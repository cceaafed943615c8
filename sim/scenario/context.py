"""What the reader of one part of a scenario file has to know of the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from sim.errors import Mistake
from sim.scenario.numbers import duration, moment

Place = tuple[str | int, ...]
"""The way to a value in the scenario's tree, such as ("queues", "general", "transfer")."""
ANYTHING = "*"
"""What a finding rests on that concludes something from what is missing."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the scenario comes from, and those of its facts that included files are checked against.

    `names` holds the names of each kind (queues, teams, skills ...), `media_of` the media of channels and
    queues where they are known; `clock_known` is False where `opens` is given but makes no sense. `texts`
    are those of the files read so far, by the names that the scenario gives them. With a calendar `is_open` says
    whether it is open between two instants, in seconds by the clock from the midnight of its first day. `has_roster` is
    whether a roster of all teams is given.
    """

    folder: Path | None = None
    texts: dict[str, str] = field(default_factory=dict)
    opens: datetime | None = None
    lasts: float | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    media_of: Mapping[tuple[str, str], str] = field(default_factory=dict)
    clock_known: bool = True
    is_open: "Callable[[float, float], bool] | None" = None
    has_roster: bool = False

    @property
    def opens_at(self) -> float:
        """Clock time of t = 0 in seconds since midnight."""
        return 0.0 if self.opens is None else since_midnight(self.opens)


def since_midnight(opens: datetime) -> float:
    """Return the clock time of a moment in seconds since midnight."""
    return opens.hour * 3600.0 + opens.minute * 60 + opens.second


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a place in the scenario's tree.

    `is_key` where the key itself is wrong; `rests_on` are keys without which it might not be wrong at all.
    """

    place: Place
    what: str
    is_key: bool = False
    rests_on: tuple[str, ...] = ()


def surroundings_of(info: ValidationInfo) -> Surroundings | None:
    """Return the surroundings a part is read in; None where a part is made by hand."""
    return info.context if isinstance(info.context, Surroundings) else None


def several(found: Sequence[Finding | Mistake]) -> PydanticCustomError:
    """Wrap mistakes into the one error that a validator may raise; places are relative to the validated part."""
    text = "; ".join(one.what for one in found).replace("{", "{{").replace("}", "}}")
    return PydanticCustomError("several", text, {"found": list(found)})


# A first look over a scenario's tree, before any of it is known to be right.

UNKNOWN = "unknown key"
"""What a finding says of a key that is none; what it may have been meant for is added where the message is made."""

T = TypeVar("T")
NAMED = ("channels", "labels", "media", "queues", "teams")
"""The parts of a file that define names."""


def survey(data: Mapping[str, Any], folder: Path | None, texts: Mapping[str, str]) -> Surroundings:
    """Collect the names, media and hours that parts of a scenario are checked against."""
    skills = [skill for team in _parts(data, "teams").values() for skill in _parts(team, "skills")]
    names = {kind: tuple(_parts(data, kind)) for kind in NAMED} | {"skills": tuple(dict.fromkeys(skills))}
    if data.get("calendar") is not None:
        return _of_calendar(data, folder, texts, names)
    opens = _if_right(moment, data.get("opens"))
    return Surroundings(
        folder=folder,
        texts=dict(texts),
        opens=opens,
        lasts=_if_right(duration, data.get("lasts")) or None,
        names=names,
        media_of=_media(data),
        clock_known=opens is not None or data.get("opens") is None,
        has_roster=data.get("roster") is not None,
    )


def _of_calendar(
    data: Mapping[str, Any],
    folder: Path | None,
    texts: Mapping[str, str],
    names: Mapping[str, tuple[str, ...]],
) -> Surroundings:
    from sim.scenario.calendar import DAY_S, calendar_of

    found = calendar_of(data["calendar"])
    return Surroundings(
        folder=folder,
        texts=dict(texts),
        opens=None if found is None else datetime.combine(found.from_, time()),
        lasts=None if found is None else found.days * DAY_S,
        names=names,
        media_of=_media(data),
        clock_known=found is not None,
        is_open=None if found is None else found.is_open,
        has_roster=data.get("roster") is not None,
    )


def _media(data: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {
        (kind, name): part["medium"]
        for kind in ("channels", "queues")
        for name, part in _parts(data, kind).items()
        if isinstance(part, Mapping) and isinstance(part.get("medium"), str)
    }


def _parts(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _if_right(reader: Callable[[Any], T], given: Any) -> T | None:
    try:
        return None if given is None else reader(given)
    except ValueError:
        return None


# Where a scenario comes from, so that it can be changed key by key as it was written.


@dataclass(frozen=True, slots=True)
class Origin:
    """The name and folder of the scenario's file, its content as plain values, and the text of the files it names.

    With these a scenario is a value of its own: it can be changed where its files have changed or are not there.
    """

    name: str
    folder: Path | None
    data: dict[str, Any]
    texts: dict[str, str]
