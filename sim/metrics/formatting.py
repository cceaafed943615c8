"""Figures in words: as many decimals as one reads, and half the width of the interval beside them."""

from math import isnan

from sim.metrics import Figure

_SHARE = (100.0, 1, "%")
_SECONDS = (1.0, 1, "s")
_MINUTES = (1.0, 1, "min")
_RATIO = (1.0, 2, "")
_COUNTS = ("requests", "conversations", "currency")


def value_and_spread(figure: Figure | None) -> tuple[str, str]:
    """Write a figure without its unit, and the half width of its interval.

    They are "-" and nothing where there is none. Shares are in per cent. Where an interval is cut off on
    one side, as at 100 %, the wider half is given.
    """
    if figure is None or isnan(figure.value):
        return "-", ""
    factor, decimals, _ = _scale(figure)
    half = max(figure.high - figure.value, figure.value - figure.low)
    value = fixed(figure.value * factor, decimals)
    return value, "" if isnan(half) else f"±{fixed(half * factor, decimals)}"


def fixed(value: float, decimals: int) -> str:
    """Write a number with so many decimals; what is nothing then has no sign."""
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if not float(text) else text


def with_unit(figure: Figure | None) -> str:
    """Write a figure with its unit and, where there is one, the half width of its interval."""
    value, spread = value_and_spread(figure)
    unit = "" if figure is None or value == "-" else _scale(figure)[2]
    return " ".join(part for part in (value, unit, spread) if part)


def _scale(figure: Figure) -> tuple[float, int, str]:
    """Factor, decimals and unit in which a figure is read; a count of a single run is a whole number."""
    if figure.unit in _COUNTS:
        return (1.0, 1 if figure.replications > 1 else 0, "")
    return {"share": _SHARE, "s": _SECONDS, "min": _MINUTES}.get(figure.unit, _RATIO)


# Times as people read them.

DAY_S = 86_400
HOUR_S = 3_600
MINUTE_S = 60
ALMOST_ONE_S = 0.95
"""From here on a second is what it is rounded to."""


def clock(seconds: float) -> str:
    """Write seconds since midnight as `08:41:07`, with `+1d ` before it on the next day."""
    days, rest = divmod(int(seconds), DAY_S)
    text = f"{rest // HOUR_S:02d}:{rest % HOUR_S // MINUTE_S:02d}:{rest % MINUTE_S:02d}"
    return f"+{days}d {text}" if days else text


def span(seconds: float) -> str:
    """Write a length of time in words: `0.4 s`, `37 s`, `2 min 14 s`, `1 h 3 min`."""
    if 0 < seconds < ALMOST_ONE_S:
        return f"{max(seconds, 0.1):.1f} s"
    whole = round(seconds)
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return _joined(whole // MINUTE_S, "min", whole % MINUTE_S, "s")
    minutes = round(whole / MINUTE_S)
    return _joined(minutes // 60, "h", minutes % 60, "min")


def _joined(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large} {unit} {small} {small_unit}" if small else f"{large} {unit}"
