"""The page of a sweep."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pandas as pd

from sim.experiments.figure_selectors import COLUMNS, place_of
from sim.experiments.sweep_result import Sweep
from sim.experiments.varied_keys import labels_of
from sim.metrics import Figure
from sim.metrics.formatting import signed
from sim.report import plots
from sim.report.document import Cell, Row, Table, cell
from sim.report.html.page import Page, Section, assumptions, definitions, surprises
from sim.report.html.pictures import Picture, draw_svg
from sim.report.plots.source import NothingToDrawError
from sim.report.sweep import POINTS, absences, answers, head, point_words


def sweep_page(saved: Sweep) -> Page:
    """Put the page of a sweep together."""
    steps = [table for key in saved.keys if (table := _steps(saved, key))]
    return Page(
        kind="sweep",
        title=saved.scenario.name,
        description=f"{' × '.join(saved.keys)}: {len(saved.combinations)} points.",
        answers=list(answers(saved)),
        lead=Table("", (), ()),
        numbers=[],
        sure=list(_how_sure(saved)),
        sections=[
            Section("The points", "points", [_points(saved)], _pictures(saved)),
            *([Section("What each step brings", "steps", steps, [])] if steps else []),
        ],
        assumptions=assumptions(saved.scenario),
        surprises=surprises(saved.scenario),
        facts={
            "Seed": str(saved.manifest["seed"]),
            "Replications": f"{saved.replications} at each point",
            "Scenario (SHA-256)": saved.manifest["scenario_hash"],
            "Versions": f"sim {saved.manifest['sim']}, numpy {saved.manifest['numpy']}",
        },
        texts={"Scenario file, before anything is varied": saved.text},
        definitions=definitions(saved.figures["metric"], saved.scenario),
    )


def _how_sure(saved: Sweep) -> Iterator[str]:
    yield (
        f"Figures are means of {saved.replications} replications at each point, ± half the width of the 95 % "
        "interval. A target counts as met where the whole interval meets it."
    )
    yield from absences(saved)
    yield (
        "All points share their random numbers: where the arrivals are not varied the customers are the same, and a "
        "step is surer than the points it lies between."
    )


def _points(saved: Sweep) -> Table:
    labels, rows = labels_of(saved.keys), []
    for values, figures in saved.points():
        found = [Figure(*row) for row in figures.itertuples(index=False)]
        rows.append(Row(point_words(labels, values), [cell(figure) for figure in found]))
    return Table(POINTS, (", ".join(saved.keys), *map(_head, found)), rows)


def _head(figure: Figure) -> str:
    return head(figure.metric, [name for name in figure[1:6] if name], figure.unit)


def _steps(saved: Sweep, key: str) -> Table | None:
    """Return what each step of a key brings, a row a step; None where its values are no numbers."""
    steps = saved.steps
    rows = steps[steps["key"] == key] if len(steps) else steps
    if rows.empty:
        return None
    others = {
        name: label for name, label in zip(saved.keys, labels_of(saved.keys), strict=True) if name != key
    }
    found: dict[str, list[Cell]] = {}
    for _, row in rows.iterrows():
        at = f"{point_words([*others.values()], [row[name] for name in others])}: " if others else ""
        label = f"{at}{row['lower']:g} → {row['upper']:g}"
        found.setdefault(label, []).append(Cell(*signed(_difference(row))))
    metrics = rows.drop_duplicates(["metric", *COLUMNS])
    heads = [_head(_difference(row)) for _, row in metrics.iterrows()]
    return Table(f"Steps of {key}", ("Step", *heads), [Row(label, cells) for label, cells in found.items()])


def _difference(row: "pd.Series[Any]") -> Figure:
    place = {column: str(row[column]) for column in COLUMNS}
    value, low, high = (float(row[column]) for column in ("difference", "low", "high"))
    return Figure.of(
        str(row["metric"]), value, (low, high), int(row["replications"]), str(row["unit"]), **place
    )


def _pictures(saved: Sweep) -> list[Picture]:
    """Draw each figure over the first key, a line a value of the second."""
    if len(saved.keys) > 2:
        return []
    quoted = saved.figures.drop_duplicates(["metric", *COLUMNS])
    pictures: list[Picture] = []
    for number, row in enumerate(quoted[list(Figure._fields)].itertuples(index=False)):
        with suppress(NothingToDrawError):  # a figure without a value is named among what is not sure
            pictures.append(_picture(saved, Figure(*row), f"sweep-{number}"))
    return pictures


def _picture(saved: Sweep, figure: Figure, name: str) -> Picture:
    place = {column: getattr(figure, column) for column in ("queue", "team", "channel", "kind")}
    others = ["variant", "label", "day", "interval"]
    same = (saved.figures[others] == [getattr(figure, column) for column in others]).all(axis=1)
    rows = saved.figures[same].assign(**dict.fromkeys(others, ""))
    element, title = draw_svg(
        lambda ax: plots.sweep_curve(rows, figure.metric, **place, target=_target(saved, figure), ax=ax),
        name,
        2.6,
    )
    return Picture(
        element,
        title,
        f"{title} over {saved.keys[0]}. The numbers are in the table “{POINTS}”.",
    )


def _target(saved: Sweep, figure: Figure) -> float | None:
    """Return the bound of the scenario's target for a figure, where there is one."""
    for target in saved.scenario.targets:
        place = {column: getattr(figure, column) for column in COLUMNS if getattr(figure, column)}
        if target.metric == figure.metric and target.each is None and place_of(target) == place:
            return target.at_least if target.at_least is not None else target.at_most
    return None
