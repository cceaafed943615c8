"""The files of a saved result read back: manifests and tables, each mistake with its file and a remedy."""

import io
import json
from collections.abc import Mapping
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.errors import SimError, quoted
from sim.experiments.storage import FORMAT
from sim.scenario import Scenario, load
from sim.scenario.text_files import RESULT, NotReadableError, read_text, text_of_cell

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.engines import Engine

# Manifests.


class Facts(BaseModel):
    """What a manifest says at least; what else it says is nobody's mistake."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class EngineFacts(Facts):
    """The engine that a manifest names."""

    name: str
    why: str

    @property
    def engine(self) -> "Engine":
        """The engine as a result has it."""
        from sim.engine.engines import Engine

        return Engine(self.name, self.why)


F = TypeVar("F", bound=Facts)
AGAIN = "save the result again"


def read_json(path: Path, remedy: str = AGAIN) -> dict[str, Any]:
    """Read a file that holds one JSON object. Raises SimError where there is none or it cannot be read."""
    if outside(path):
        raise SimError(f"{path}: is a link out of the folder of the result; {remedy}")
    try:
        content = json.loads(read_text(path, RESULT))
    except NotReadableError as error:
        if not path.exists():
            raise SimError(f"{path.parent}: is no saved result (it has no {path.name})") from None
        raise SimError(f"{path}: cannot be read: {error.reason}") from None
    except (ValueError, RecursionError) as error:
        raise SimError(f"{path}: cannot be read: {error}; {remedy}") from None
    if not isinstance(content, dict):
        raise SimError(f"{path}: cannot be read: it is no JSON object; {remedy}")
    if isinstance(content.get("format"), int) and content["format"] > FORMAT:
        raise SimError(
            f"{path}: is of format {content['format']}, and this version reads {FORMAT}; use a newer version"
        )
    return content


def read_facts(path: Path, form: type[F]) -> tuple[F, dict[str, Any]]:
    """Read a manifest, checked and as it is.

    Raises SimError where it cannot be read, or lacks something that the form asks for.
    """
    content = read_json(path)
    try:
        return form.model_validate(content), content
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        what = "missing" if first["type"] == "missing" else "not as it was written"
        raise SimError(
            f"{path}: does not tell of a result: `{key}` is {what}; save the result again"
        ) from None


def inside(folder: Path, name: str, manifest: Path) -> Path:
    """Return a file or folder that a manifest names. Raises SimError for one outside the result's folder."""
    path = folder / name
    try:
        is_inside = bool(name) and path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a NUL, a circle of links
        is_inside = False
    if not is_inside:
        raise SimError(
            f"{manifest}: names {quoted(name)}, which is not in the folder of the result; save the result again"
        )
    return path


def outside(path: Path) -> bool:
    """Return whether a file of a result is a link that leads out of its folder."""
    try:
        return path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve())
    except (OSError, RuntimeError):  # a circle of links
        return True


def load_inside(folder: Path, name: str, manifest: Path) -> Scenario:
    """Load the scenario that a manifest names. Raises SimError for one outside, ScenarioError for its mistakes."""
    return load(inside(folder, name, manifest))


# Tables.

ADDED = {"variant": "", "label": "", "day": "", "sd": nan, "min": nan, "max": nan}
"""The columns that tables of figures did not have in earlier versions, and what stands in for them."""


def read_table(path: Path, row: type[NamedTuple], more: Mapping[str, str] | None = None) -> "pd.DataFrame":
    """Read a table of figures as it was written, with the types of `row` and of `more` columns.

    A name that is not given is empty text, not a gap; columns that are not known are text, and what earlier
    versions did not write may be missing: `ADDED`, and a field of `row` with a default. Raises SimError
    where it cannot be read.
    """
    defaults: dict[str, Any] = {**ADDED, **getattr(row, "_field_defaults", {})}
    absent = defaults.keys() & {*row._fields} - {*read_csv(path, {})}
    types = {name: _OF_FIELD[kind] for name, kind in get_type_hints(row).items() if name not in absent}
    return read_csv(path, {**types, **(more or {})}).assign(**{name: defaults[name] for name in absent})


_OF_FIELD: dict[type, str] = {str: "str", float: "float64", int: "int64"}


def read_csv(path: Path, types: Mapping[str, str]) -> "pd.DataFrame":
    """Read a table; only columns of numbers have gaps, numbers come back to the last bit, and texts as they were."""
    import pandas as pd

    if outside(path):
        raise SimError(f"{path}: is a link out of the folder of the result; {AGAIN}")
    gaps = {name: [""] for name, type_ in types.items() if type_ == "float64"}
    try:
        text = read_text(path, RESULT)
    except NotReadableError as error:
        raise SimError(f"{path}: cannot be read: {error.reason}; save the result again") from None
    except ValueError as error:
        raise SimError(f"{path}: is not as it was written: {error}; save the result again") from None
    try:
        heads = list(pd.read_csv(io.StringIO(text), nrows=0))
        every: dict[str, str] = dict.fromkeys(map(str, heads), "str") | dict(types)
        frame: pd.DataFrame = pd.read_csv(
            io.StringIO(text), dtype=every, keep_default_na=False, na_values=gaps
        )
    except (ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise SimError(f"{path}: is not as it was written: {reason}; save the result again") from error
    gone = next((name for name in types if name not in frame), None)
    if gone is not None:
        raise SimError(
            f"{path}: is not as it was written: the column {gone} is missing; save the result again"
        )
    for name in frame.columns:
        if frame[name].dtype.kind == "O" and frame[name].str.startswith("'").any():
            frame[name] = frame[name].map(text_of_cell).astype(frame[name].dtype)
    return frame
