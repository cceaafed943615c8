"""Figures as the report writes them: in cells, as differences, as bounds and as probabilities."""

from math import inf, isinf, isnan

from sim.metrics import Figure
from sim.metrics.formatting import fixed, value_and_spread, with_unit
from sim.report.document import Cell

UNITS = {"share": "%", "s": "s"}
"""Units in which figures are read; counts and ratios have none."""

_LIMIT_DECIMALS = {"share": 1, "s": 1}


def as_read(figure: Figure | None) -> Figure | None:
    """Return a figure in the unit in which it is read: overtime in minutes."""
    if figure is None or figure.metric != "overtime" or figure.unit == "min":
        return figure
    return figure._replace(value=figure.value / 60, low=figure.low / 60, high=figure.high / 60, unit="min")


def cell(figure: Figure | None) -> Cell:
    """Return a figure without its unit, and half the width of its interval."""
    return Cell(*value_and_spread(as_read(figure)))


def cell_with_unit(figure: Figure | None) -> Cell:
    """Return a figure with its unit behind the interval."""
    text, spread = value_and_spread(figure)
    if figure is None or text == "-":
        return Cell(text, spread)
    return Cell(text, f"{spread} {'%' if figure.unit == 'share' else figure.unit}".strip())


def signed(figure: Figure) -> tuple[str, str]:
    """Write a difference with its sign, and half the width of its interval."""
    text, spread = value_and_spread(figure)
    if text == "-":
        return text, spread
    return ("+" + text if figure.value > 0 and float(text) else text).replace("-", "−"), spread


def probability(p: float) -> str:
    """Write a probability as briefly as it says something."""
    if isnan(p):
        return "-"
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def number(value: float, decimals: int) -> str:
    """Write a plain number, "-" where there is none."""
    return "-" if isnan(value) else fixed(value, decimals)


def share_cell(share: float, high: float = float("nan")) -> Cell:
    """Return a share in per cent without its unit, and how far the upper limit lies above it."""
    return Cell(number(share * 100, 1), "" if isnan(high) else f"±{number((high - share) * 100, 1)}")


def seconds_cell(value: float) -> Cell:
    """Return a time in seconds, which may have no end."""
    return Cell("no end" if isinf(value) else number(value, 1))


def quantity(value: float, unit: str) -> str:
    """Write a bound as a person would, with its unit."""
    if unit == "share":
        return f"{100 * value:g} %"
    return f"{value:g} s" if unit == "s" else f"{value:g}"


def limit(value: float, unit: str) -> str:
    """Write a limit without its unit, which may be endless: shares in per cent, "-" where there is none."""
    if isnan(value):
        return "-"
    if value in (inf, -inf):
        return "∞" if value > 0 else "-∞"
    decimals = _LIMIT_DECIMALS.get(unit, 2)
    return fixed(round(value * 100 if unit == "share" else value, decimals), decimals)


def about(figure: Figure) -> str:
    """Write a number as one says it, a large one in whole numbers with separated thousands."""
    value, spread = value_and_spread(figure)
    if figure.value < 100:
        return with_unit(figure)
    return f"{float(value):,.0f}" + (f" ±{float(spread[1:]):,.0f}" if spread else "")
