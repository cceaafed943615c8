"""Fitted figures as text of a scenario file, rounded to three digits: more than the log knows."""

from collections.abc import Iterable
from dataclasses import asdict

from sim.scenario.distributions import Law

_DURATIONS = ("mean", "sd", "scale", "value", "means")


def number(value: float) -> str:
    """Write three significant digits, never in powers of ten: 12.3, 0.785, 1230."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:.10f}".rstrip("0").rstrip(".")


def share(value: float) -> str:
    """Write a share in per cent."""
    return f"{number(100 * value)}%"


def law(given: Law) -> str:
    """Write a law as the scenario file has it: `{weibull: {shape: 1.53, scale: 279s}}`."""
    parts = ", ".join(f"{key}: {_parameter(key, value)}" for key, value in asdict(given).items())
    return f"{{{type(given).__name__.lower()}: {{{parts}}}}}"


def numbers(values: Iterable[float]) -> str:
    """Write a list in one line."""
    return f"[{', '.join(number(value) for value in values)}]"


def _parameter(key: str, value: float | tuple[float, ...]) -> str:
    if key == "shares" and isinstance(value, tuple):
        return f"[{', '.join(f'{part}%' for part in _whole(value))}]"
    if isinstance(value, tuple):
        return f"[{', '.join(f'{number(part)}s' for part in value)}]"
    return f"{number(value)}s" if key in _DURATIONS else number(value)


def _whole(shares: tuple[float, ...]) -> list[str]:
    """Write shares in per cent; the last takes up the rounding of the others, so that they stay a whole."""
    first = [float(number(100 * part)) for part in shares[:-1]]
    return [number(part) for part in first] + [f"{100 - sum(first):.10f}".rstrip("0").rstrip(".")]
