"""What reading and fitting a log costs: `python -m benchmarks.logs --rows 10000000`.

A day of a centre is simulated once and laid down again for each day of the log, under its own date: as CSV, as a queue
log, and in the nested formats, of which fewer contacts do. Each is read in a process of its own, on one core.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import sim
from benchmarks.logs.formats import WRITERS

DAY = date(2026, 3, 2)
EPOCH_OF_DAY = 86_400 * (DAY - date(1970, 1, 1)).days
NESTED = ("genesys-cloud", "amazon-connect", "twilio-taskrouter")
CENTRE = """\
opens: 2026-03-02 08:00
lasts: 12h
seed: 1
replications: 1
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales:
    medium: voice
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 3m}}
    transfer: {probability: 10%, after: 40%, to: {support: 100%}}
  support: {medium: voice, handle_time: {gamma: {mean: 5m, sd: 2m}}, patience: {exponential: {mean: 6m}}}
teams:
  sellers: {agents: 46, skills: {sales: 1}, wrap_up: 20s}
  helpers: {agents: 46, skills: {support: 1}, wrap_up: 20s}
arrivals:
  - {channel: phone, queue: sales, per_hour: 800}
  - {channel: phone, queue: support, per_hour: 400}
"""
ASK = """
import sys, time
from sim.logs import calibrating
import pandas, scipy.stats
path, name, out, to = sys.argv[1:5]
plain, found = calibrating.read_log, []
def read_log(*given):
    log = plain(*given)
    found[:] = len(log.calls), time.process_time()
    return log
calibrating.read_log = read_log
begun = time.process_time()
if out:
    calibrating.calibrate(path, name, out, to=to or None)
else:
    read_log(path, name)
done = time.process_time()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(found[0], found[1] - begun, done - found[1], int(peak) / 1024)
"""


OUTSIDE = 3
"""Of a hundred contacts, in the file that has some outside the opening hours."""
EVENING = [f"{20 + half // 2}:{30 * (half % 2):02}" for half in range(8)]
"""Half hours after closing. On each day such contacts come in one of them, so that it is open on none of them."""
MOMENTS = ["offered_at", "answered_at", "ended_at", "transferred_at"]


def main() -> None:
    """Write the logs into a folder that is left empty again, and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.logs", description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="lines of the CSV file and of the queue log"
    )
    parser.add_argument("--nested", type=int, default=60_000, help="contacts of the nested formats")
    given = parser.parse_args()
    result = sim.run(sim.loads(CENTRE), keep_tables="all", jobs=1)
    print(
        f"{'log':26}{'MB':>8}{'contacts':>12}{'read CPU s':>12}{'fit CPU s':>11}{'a CPU s':>10}{'peak MiB':>10}"
    )
    with TemporaryDirectory() as place:
        folder = Path(place)
        contacts, _ = sim.export(result, "csv", folder)
        head, _, body = contacts.read_text().partition("\n")
        rows = body.splitlines()
        _tell("columns", _laid(folder / "log.csv", [head], [rows], given.rows, _csv_line), folder)
        days = [_outside(contacts, time) for time in EVENING]
        path = _laid(folder / "outside.csv", [head], days, given.rows, _csv_line)
        last = DAY + timedelta(max(0, 7 * given.rows // (5 * len(rows)) - 7))
        _tell("columns", path, folder, f"{last}")
        lines = list(WRITERS["asterisk"][1](pd.read_csv(contacts)))
        _tell("asterisk", _laid(folder / "queue_log", [], [lines], given.rows, _queue_line), folder)
        few = pd.read_csv(_laid(folder / "few.csv", [head], [rows], given.nested, _csv_line))
        for name in NESTED:
            path = folder / WRITERS[name][0]
            with path.open("w") as file:
                file.writelines(f"{line}\n" for line in WRITERS[name][1](few))
            _tell(name, path, None)


def _outside(contacts: Path, time: str) -> list[str]:
    """Return the lines of a day of which some contacts came in the half hour after a time of the evening instead."""
    table = pd.read_csv(contacts, dtype=str, keep_default_na=False)
    moved = table.index % 100 < OUTSIDE
    offered = pd.to_datetime(table["offered_at"])
    later = pd.Timestamp(f"{DAY} {time}") + (offered - offered.min()) / 24 - offered
    for name in MOMENTS:
        text = (pd.to_datetime(table[name]) + later).dt.strftime("%Y-%m-%d %H:%M:%S.%f").str[:-3]
        table[name] = table[name].mask(moved, text.fillna(""))
    return table.sort_values("offered_at").to_csv(index=False).splitlines()[1:]


def _laid(
    path: Path, head: list[str], days: list[list[str]], rows: int, line: Callable[[str, int], str]
) -> Path:
    """Write the lines of days again and again until there are so many, on weekdays."""
    with path.open("w") as file:
        file.writelines(f"{one}\n" for one in head)
        for day, lines in zip(_weekdays(), cycle(days), strict=False):
            part = lines[: max(0, rows)]
            file.write("".join(f"{line(one, day)}\n" for one in part))
            rows -= len(part)
            if rows <= 0:
                return path
    return path


def _weekdays() -> Iterator[int]:
    day = 0
    while True:
        if (DAY + timedelta(day)).weekday() < 5:
            yield day
        day += 1


def _csv_line(line: str, day: int) -> str:
    moved = line.replace("2026-03-02", f"{DAY + timedelta(day)}")
    return f"{day}-{moved}".replace(",0-", f",{day}-", 1)


def _queue_line(line: str, day: int) -> str:
    time, _, rest = line.partition("|")
    return f"{float(time) + 86_400 * day:.3f}|{day}-{rest}"


def _tell(name: str, path: Path, folder: Path | None, to: str = "") -> None:
    """Read a log in a process of its own, and fit it, up to a day where one is given, where a folder is named."""
    out = "" if folder is None else str(folder / f"fitted-{path.stem}")
    command = [sys.executable, "-c", ASK, str(path), name, out, to]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    contacts, read, fit, peak = map(float, done.stdout.split())
    size = path.stat().st_size / 1e6
    pace = contacts / (read + fit)
    print(
        f"{path.name:26}{size:8.0f}{contacts:12,.0f}{read:12.1f}{fit:11.1f}{pace:10,.0f}{peak:10.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
