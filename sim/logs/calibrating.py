"""`sim.calibrate`: from a log to a scenario in a folder."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.errors import SimError
from sim.experiments.figure_selectors import seconds_of
from sim.logs.estimates import Calibration, fit
from sim.logs.opening_hours import OrdinaryPart
from sim.logs.reading import COLUMNS_FORMAT, Log, read_log
from sim.logs.writing import refuse_used
from sim.scenario import load


def calibrate(
    log: "str | Path | Log",
    format_: str = COLUMNS_FORMAT,
    out: str | Path | None = None,
    *,
    time_zone: str = "",
    from_: date | str | None = None,
    to: date | str | None = None,
    within: float | str | None = None,
    command: Sequence[str] = (),
) -> Calibration:
    """Fit a scenario to a log, and save `scenario.yaml` with its CSV files into the folder `out` where one is named.

    `time_zone` is the centre's, where the log's times are those of UTC or name their offset. `from_` and `to` are days,
    both included. `within` is the service level asked of the log, by default 20 s for voice and 60 s else. Raises
    SimError where the log cannot be read or the folder cannot be written.
    """
    if out is not None:
        refuse_used(Path(out))
    first, last = day_of(from_, "from_"), day_of(to, "to")
    # What was read here is given away, as of a large log there is not room for two; who has one keeps its columns.
    whole = log.sharing() if isinstance(log, Log) else read_log(log, format_, time_zone)
    part = OrdinaryPart.of(whole, first, last)
    found = fit(part, None if within is None else seconds_of(within, "within"))
    if out is not None:
        folder = found.save(out, command)
        load(folder / "scenario.yaml")  # what was written is a scenario, or says here why not
    return found


def day_of(given: date | str | None, option: str) -> date | None:
    """Return a day. Raises SimError for a text that is none."""
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise SimError(f"{option}: `{given}` is not a date; write one such as 2026-03-02") from None
