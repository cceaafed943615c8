"""Writes the scenario `hotline_march.yaml` from the call log of VANAD, March 2014.

Run it so: `python scenarios/hotline_march.py LOG > scenarios/hotline_march.yaml`.
"""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from sim.errors import SimError
from sim.logs.fit_day import DayFit, fit_day
from sim.logs.log import OpeningHours, read
from sim.scenario.distributions import Distribution

# Fitted figures as text of a scenario file, rounded to three digits: more than the log knows.

_DURATIONS = ("mean", "sd", "scale", "value", "means")


def number(value: float) -> str:
    """Write three significant digits, never in powers of ten: 12.3, 0.785, 1230."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:.10f}".rstrip("0").rstrip(".")


def share(value: float) -> str:
    """Write a share in per cent."""
    return f"{number(100 * value)}%"


def law(given: Distribution) -> str:
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


HOURS = OpeningHours(opens=8 * 3600.0, closes=20 * 3600.0, every=1800.0)
"""Weekdays from 08:00 to 20:00, by half-hours."""


def hotline_march(log: str | Path) -> str:
    """Return the scenario fitted from the log at this path. Raises SimError where it cannot be read."""
    return render(fit_day(read(log), HOURS))


def render(fit: DayFit) -> str:
    """Return the scenario file of a fitted day."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    house = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    house.filters.update(number=number, numbers=numbers, share=share, law=law)
    return house.get_template("hotline_march.yaml.j2").render(fit=fit)


def main(arguments: list[str]) -> int:
    """Write the scenario to standard output; 2 is a mistake of the user's."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python scenarios/hotline_march.py LOG\n")
        return 2
    try:
        sys.stdout.write(hotline_march(arguments[0]))
    except SimError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return mistake.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
