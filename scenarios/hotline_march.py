"""Writes the scenario `hotline_march.yaml` from the call log of VANAD, March 2014.

Run it so: `python scenarios/hotline_march.py LOG > scenarios/hotline_march.yaml`.
"""

import sys
from pathlib import Path

from sim.errors import SimError
from sim.logs.fit_day import DayFit, fit_day
from sim.logs.log import OpeningHours
from sim.logs.reading import read_log
from sim.logs.text import law, number, numbers, share

HOURS = OpeningHours(opens=8 * 3600.0, closes=20 * 3600.0, every=1800.0)
"""Weekdays from 08:00 to 20:00, by half-hours."""


def hotline_march(log: str | Path) -> str:
    """Return the scenario fitted from the log at this path. Raises SimError where it cannot be read."""
    return render(fit_day(read_log(log, "vanad").calls, HOURS))


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
