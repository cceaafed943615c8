"""A baseline kept in a file: per-replication figures, and the reasons against a comparison with it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import isnan, nan
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from sim.errors import SimError, quoted
from sim.experiments.figure_selectors import FigureSelector, check
from sim.experiments.paired import Sampled
from sim.experiments.storage import whole_file
from sim.experiments.variants import are_sent_alike
from sim.gate.candidate import BaselineError, Day, Live, Provenance, Trace
from sim.gate.changes import Change
from sim.gate.margins import Margin
from sim.gate.sequential import Series
from sim.scenario import Scenario
from sim.scenario.text_files import RESULT, NotReadableError, read_text

ABOUT_CUSTOMERS = ("seed", "lasts", "arrivals", "busyness")
"""The keys that decide which customers come; the labels' shares are among those of the arrivals."""

ABOUT_FIGURES = ("within", "variant", "short")
"""The keys of a service level that decide what is counted."""


def reasons(
    base: Provenance, candidate: Provenance, changed: Sequence[Change], figures: Iterable[FigureSelector]
) -> list[str]:
    """Return why two candidates cannot be compared; empty where they can."""
    found = []
    if base.seed != candidate.seed:
        found.append(f"its seed is {base.seed}, not {candidate.seed}")
    elif not candidate.has_the_customers_of(base):
        found.append(f"its customers are others: {_why_others(base, candidate, changed)}")
    found += _redefined(changed, {figure.metric for figure in figures})
    return found


def missing(figures: Iterable[FigureSelector], scenario: Scenario) -> list[str]:
    """Return a line for each figure of a baseline that the candidate does not have."""
    found = []
    for figure in figures:
        try:
            check(figure, scenario)
        except SimError as error:
            found.append(f"it has {figure.text}, and now there is {error}")
    return found


def sent_elsewhere(
    before: Scenario, after: Scenario, figures: Iterable[FigureSelector]
) -> list[FigureSelector]:
    """Return the figures of a queue, channel or label that other customers come to or have than before."""
    return [figure for figure in figures if not are_sent_alike(before, after, figure.place)]


def definition(figure: FigureSelector) -> str:
    """Return the digest of a figure's definition, so that one computed otherwise is not taken for the same."""
    metric = figure.definition
    return sha256(f"{metric.unit} {metric.estimator} {metric.formula}".encode()).hexdigest()[:16]


def _why_others(base: Provenance, candidate: Provenance, changed: Sequence[Change]) -> str:
    keys = [str(change) for change in changed if change.key.split(".")[0] in ABOUT_CUSTOMERS]
    if keys:
        return "; ".join(keys)
    newer = [
        f"{name} {old}, now {candidate.versions.get(name)}"
        for name, old in base.versions.items()
        if candidate.versions.get(name) != old
    ]
    return ", ".join(newer) or "a file that the scenario names has changed, or the way they are drawn"


def _redefined(changed: Sequence[Change], metrics: set[str]) -> Iterator[str]:
    for change in changed:
        steps = change.key.split(".")
        counts_otherwise = "service_level" in steps and (
            (steps[-1] in ABOUT_FIGURES and "also" not in steps) or steps[-1] == "service_level"
        )
        if change.key == "warm_up" or (counts_otherwise and "service_level" in metrics):
            yield f"its figures count otherwise: {change}"


FORMAT = 1


@dataclass(frozen=True)
class Stored:
    """Figures of every replication with their margins, the trace's digest, scenario, seed and versions."""

    label: str
    known: Provenance
    marks: Trace
    margins: Mapping[FigureSelector, Margin]
    definitions: Mapping[FigureSelector, str]
    kept: Series

    @classmethod
    def of(cls, live: Live, margins: Mapping[FigureSelector, Margin], count: int, label: str) -> Self:
        """Make a baseline of a candidate."""
        definitions = {figure: definition(figure) for figure in margins}
        kept = live.series(tuple(margins), count)
        return cls(label, live.facts(), live.trace(), margins, definitions, kept)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a baseline. Raises BaselineError where there is none or it cannot be read."""
        try:
            return cls(str(path), *_read(read_text(path, RESULT)))
        except NotReadableError as error:
            if not path.exists():
                raise BaselineError(f"{path}: there is no such baseline; make it with --accept") from None
            raise BaselineError(f"{path}: cannot be read: {error.reason}") from None
        except (SimError, ValueError) as error:
            raise BaselineError(f"{path}: {error}; renew it with --accept") from None

    def save(self, path: Path) -> None:
        """Write the baseline, whole or not at all, a line for each figure so that its changes can be read.

        Raises SimError where the disk refuses.
        """
        with whole_file(path) as fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(_written(self), encoding="utf-8")

    @property
    def most(self) -> int:
        """The number of its replications."""
        return max((len(sampled.tops) for sampled in self.kept.values()), default=0)

    def facts(self) -> Provenance:
        """Return the provenance, by which candidates are compared or refused."""
        return self.known

    def trace(self) -> Trace:
        """Return the digest of its replication 0."""
        return self.marks

    def day(self) -> Day | None:
        """Return None: the day itself is not stored."""
        return None

    def series(self, figures: Sequence[FigureSelector], count: int) -> Series:
        """Return figures over the first `count` replications. Raises BaselineError for one that was not stored."""
        unknown = [figure.text for figure in figures if figure not in self.kept]
        if unknown:
            raise BaselineError(f"{self.label}: has no {', '.join(unknown)}; renew it with --accept")
        return {figure: self.kept[figure].upto(count) for figure in figures}


@dataclass(frozen=True, slots=True)
class _Row:
    """A figure as the file holds it."""

    figure: str
    definition: str
    margin: Margin
    numerators: list[float | None]
    denominators: list[float | None]


@dataclass(frozen=True, slots=True)
class _File:
    """The content of the file; the scenario's text is a list of lines."""

    scenario: dict[str, Any]
    trace: Trace
    figures: list[_Row]


def _read(text: str) -> tuple[Any, ...]:
    """Read the parts of a baseline. Raises SimError with the mistake."""
    file, known = _checked(text)
    rows = {FigureSelector.parse(row.figure): row for row in file.figures}
    lengths = {len(part) for row in file.figures for part in (row.numerators, row.denominators)}
    if len(lengths) != 1:
        several = ", ".join(map(str, sorted(lengths)))
        raise SimError(f"its figures have {several} replications" if lengths else "it has no figures")
    margins = {figure: row.margin for figure, row in rows.items()}
    definitions = {figure: row.definition for figure, row in rows.items()}
    return known, file.trace, margins, definitions, {f: _sampled(f, row) for f, row in rows.items()}


def _checked(text: str) -> tuple[_File, Provenance]:
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or "format" not in data:
            raise SimError("is no baseline")
        if data["format"] != FORMAT:
            raise SimError(f"format {quoted(data['format']).strip('`')}, not {FORMAT}")
        file = TypeAdapter(_File).validate_python(data)
        lines = TypeAdapter(list[str]).validate_python(file.scenario.get("text"))
        return file, TypeAdapter(Provenance).validate_python({**file.scenario, "text": "\n".join(lines)})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "text"
        raise SimError(f"is no baseline: {place}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise SimError(f"is no baseline: it is no JSON: {error}") from None


def _sampled(figure: FigureSelector, row: _Row) -> Sampled:
    import numpy as np

    tops, bottoms = (
        np.array([nan if one is None else one for one in part], dtype=np.float64)
        for part in (row.numerators, row.denominators)
    )
    return Sampled(tops, bottoms, figure.definition.is_ratio)


def _written(stored: Stored) -> str:
    """Return the text of the file: long parts have a line an item, as `indent` would give one to every number."""
    facts = asdict(stored.known)
    facts["text"] = facts["text"].split("\n")
    parts = {
        "format": json.dumps(FORMAT),
        "scenario": json.dumps(facts, indent=1, ensure_ascii=False),
        "trace": json.dumps(asdict(stored.marks)),
        "figures": "[\n" + ",\n".join(_row(stored, figure) for figure in stored.kept) + "\n]",
    }
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n"


def _row(stored: Stored, figure: FigureSelector) -> str:
    sampled = stored.kept[figure]
    row = {
        "figure": figure.text,
        "definition": stored.definitions[figure],
        "margin": asdict(stored.margins[figure]),
        "numerators": [_short(one) for one in sampled.tops.tolist()],
        "denominators": [_short(one) for one in sampled.bottoms.tolist()],
    }
    return json.dumps(row)


def _short(number: float) -> float | int | None:
    if isnan(number):
        return None
    return int(number) if number.is_integer() else number
