"""Figures, shares and times in words: the one place where a number becomes text.

A figure has as many decimals as one reads, and half the width of its interval stands beside it.
"""

from math import ceil, floor, inf, isnan, log10

from sim.metrics import Figure
from sim.metrics.catalogue import CATALOGUE
from sim.metrics.metric import COUNT, HOURS, MINUTES, Scale, scale_of

DAY_S = 86_400
HOUR_S = 3_600
MINUTE_S = 60
ALMOST_ONE_S = 0.95
"""From here on a second is what it is rounded to."""
UNITS = {"share": "%", "s": "s"}
"""Units in which figures are read; counts and ratios have none."""
NONE = "-"
"""What stands for a figure that has no value."""


def as_read(figure: Figure | None) -> Figure | None:
    """Return a figure in the unit of its metric's scale where that is one of its own: overtime in minutes."""
    if figure is None:
        return None
    metric = CATALOGUE[figure.metric]
    if metric.scale is scale_of(metric.unit) or figure.unit != metric.unit:
        return figure
    numbers = {
        name: metric.scale(getattr(figure, name)) for name in ("value", "low", "high", "sd", "min", "max")
    }
    return figure._replace(**numbers, unit=metric.scale.unit)  # type: ignore[arg-type]


def value(figure: Figure | None) -> str:
    """Write a figure without its unit, shares in per cent; "-" where there is none."""
    if figure is None or isnan(figure.value):
        return NONE
    return grouped(scale_of(figure.unit)(figure.value), _decimals(figure))


def spread(figure: Figure | None) -> str:
    """Write the half width of a figure's interval, as `±2.1`; nothing where there is none.

    Where the interval is cut off on one side, as at 100 %, the wider half is given.
    """
    if figure is None or isnan(figure.value):
        return ""
    half = max(figure.high - figure.value, figure.value - figure.low)
    return "" if isnan(half) else f"±{grouped(scale_of(figure.unit)(half), _decimals(figure))}"


def value_and_spread(figure: Figure | None) -> tuple[str, str]:
    """Write a figure and the half width of its interval."""
    return value(figure), spread(figure)


def with_unit(figure: Figure | None) -> str:
    """Write a figure with its unit and, where there is one, the half width of its interval."""
    unit = "" if figure is None or isnan(figure.value) else scale_of(figure.unit).unit
    return " ".join(part for part in (value(figure), unit, spread(figure)) if part)


def _decimals(figure: Figure) -> int:
    """Return the decimals with which a figure is read; a count of a single run is a whole number."""
    scale = scale_of(figure.unit)
    return 0 if scale is COUNT and figure.replications <= 1 else scale.decimals


def signed(figure: Figure | None) -> tuple[str, str]:
    """Write a difference with its sign, and the half width of its interval."""
    text = value(figure)
    if figure is None or text == NONE:
        return text, ""
    return (f"+{text}" if figure.value > 0 and text.strip("0.,") else text).replace("-", "−"), spread(figure)


def number(amount: float, decimals: int) -> str:
    """Write a plain number, thousands apart; "-" where there is none."""
    return NONE if isnan(amount) else grouped(amount, decimals)


def percent(share: float, decimals: int = 1) -> str:
    """Write a share in per cent, without the sign for it; "-" where there is none."""
    return number(share * 100, decimals)


def probability(p: float) -> str:
    """Write a probability as briefly as it says something: `.042`, `<.001`."""
    if isnan(p):
        return NONE
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def fixed(amount: float, decimals: int) -> str:
    """Write a number with so many decimals; what is nothing then has no sign."""
    text = f"{amount:.{decimals}f}"
    return text.removeprefix("-") if not float(text) else text


def grouped(amount: float, decimals: int) -> str:
    """Write a number with so many decimals, thousands apart."""
    return f"{float(fixed(amount, decimals)):,.{decimals}f}"


def quantity(value: float, unit: str) -> str:
    """Write a bound as a person would, with its unit: `80 %`, `20 s`, `5 min`, `24 h`."""
    if unit == "share":
        return f"{100 * value:g} %"
    scale = long_scale(value) if unit == "s" else None
    if scale is not None and scale(value) == round(scale(value), 2):
        return f"{scale(value):g} {scale.unit}"
    return f"{value:g} s" if unit == "s" else f"{value:g}"


def long_scale(seconds: float) -> Scale | None:
    """Return the scale on which a time of so many seconds is read where that is not seconds: from 2 minutes, 1 hour."""
    if abs(seconds) >= HOUR_S:
        return HOURS
    return MINUTES if abs(seconds) >= 2 * MINUTE_S else None


def like(bound: float, figure: Figure | None) -> Figure | None:
    """Return a figure in the unit in which a bound of it is read, so that both can be compared at a glance."""
    scale = long_scale(bound) if figure is not None and figure.unit == "s" else None
    if figure is None or scale is None:
        return as_read(figure)
    value, low, high = map(scale, (figure.value, figure.low, figure.high))
    return figure._replace(value=value, low=low, high=high, unit=scale.unit)


def limit(value: float, unit: str) -> str:
    """Write a limit without its unit, which may be endless: shares in per cent, "-" where there is none."""
    if isnan(value):
        return NONE
    if value in (inf, -inf):
        return "∞" if value > 0 else "-∞"
    decimals = 1 if unit in UNITS else 2
    return grouped(round(value * 100 if unit == "share" else value, decimals), decimals)


KIND_WORDS = {
    "inbound": "from customers",
    "transfer": "transferred",
    "named_transfer": "transferred by name",
    "conference": "conference",
    "rerouted": "gone back",
}


def kind_words(kind: str) -> str:
    """Return a kind of request in words."""
    return KIND_WORDS.get(kind, kind)


def about(figure: Figure) -> str:
    """Write a number as one says it, a large one in whole numbers with separated thousands."""
    value, spread = value_and_spread(figure)
    if figure.value < 100:
        return with_unit(figure)
    number, half = (part.replace(",", "").removeprefix("±") for part in (value, spread))
    return f"{float(number):,.0f}" + (f" ±{float(half):,.0f}" if half else "")


def clock(seconds: float) -> str:
    """Write seconds since midnight as `08:41:07`, with `+1d ` before it on the next day."""
    days, rest = divmod(int(seconds), DAY_S)
    text = f"{rest // HOUR_S:02d}:{rest % HOUR_S // MINUTE_S:02d}:{rest % MINUTE_S:02d}"
    return f"+{days}d {text}" if days else text


def duration(seconds: float) -> str:
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


def open_words(missed: float, undetermined: float) -> str:
    """Return how many are unfinished in a replication, and how many of these are too late; empty where none are."""
    whole = missed + undetermined
    if not whole > 0:
        return ""
    parts = f"{amount(missed)} too late already, {amount(undetermined)} undetermined"
    return f"unfinished: {amount(whole)} requests ({parts})"


def replications_that_tell(replications: int, half: float, distance: float) -> str:
    """Write how many replications would show on which side of a bound a figure lies; `half` is that of its interval.

    Intervals shrink with the root of their number; the estimate, no better than two digits, is rounded up.
    """
    needed = replications * (half / distance) ** 2 if distance else inf
    if needed > MOST_REPLICATIONS:
        return f"more than {MOST_REPLICATIONS} replications"
    needed = max(needed, 2 * replications)
    step: int = 10 ** max(0, floor(log10(needed)) - 1)
    return f"about {ceil(needed / step) * step} replications"


MOST_REPLICATIONS = 1000
"""Of what takes more replications than these to be told, no number is given."""


def amount(value: float) -> str:
    """Write a number of people to a tenth, and to a thousandth where it is small."""
    return grouped(value, 1) if value >= 1 or not value else f"{value:.2g}"
