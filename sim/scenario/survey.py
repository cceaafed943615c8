"""A first look over a scenario's tree, before any of it is known to be right."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sim.scenario.quantities import duration, moment
from sim.scenario.surroundings import Surroundings

T = TypeVar("T")
NAMED = ("channels", "labels", "media", "queues", "teams")


def survey(data: Mapping[str, Any], folder: Path | None, texts: Mapping[str, str]) -> Surroundings:
    """Collect the names, media and hours that parts of a scenario are checked against."""
    skills = [skill for team in _parts(data, "teams").values() for skill in _parts(team, "skills")]
    names = {kind: tuple(_parts(data, kind)) for kind in NAMED} | {"skills": tuple(dict.fromkeys(skills))}
    opens = _if_right(moment, data.get("opens"))
    return Surroundings(
        folder=folder,
        texts=dict(texts),
        opens=opens,
        lasts=_if_right(duration, data.get("lasts")) or None,
        names=names,
        media_of=_media(data),
        clock_known=opens is not None or data.get("opens") is None,
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
