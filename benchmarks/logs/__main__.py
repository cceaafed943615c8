"""What reading and fitting a log costs: `python -m benchmarks.logs --rows 10000000`.

A day of a centre is simulated once and laid down again for each day of the log, under its own date: as CSV, as a queue
log, and in the nested formats, of which fewer contacts do. Each is read in a process of its own, on one core.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
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
from sim.logs.calibrating import calibrate
from sim.logs.reading import read_log
import pandas, scipy.stats
path, name, out = sys.argv[1:4]
begun = time.process_time()
log = read_log(path, name)
read = time.process_time()
if out:
    calibrate(log, out=out)
done = time.process_time()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(log.calls), read - begun, done - read, int(peak) / 1024)
"""


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
        f"{'format':20}{'MB':>8}{'contacts':>12}{'read CPU s':>12}{'fit CPU s':>11}{'a CPU s':>10}{'peak MiB':>10}"
    )
    with TemporaryDirectory() as place:
        folder = Path(place)
        contacts, _ = sim.export(result, "csv", folder)
        head, _, body = contacts.read_text().partition("\n")
        rows = body.splitlines()
        _tell("columns", _laid(folder / "log.csv", [head], rows, given.rows, _csv_line), folder)
        lines = list(WRITERS["asterisk"][1](pd.read_csv(contacts)))
        _tell("asterisk", _laid(folder / "queue_log", [], lines, given.rows, _queue_line), folder)
        few = pd.read_csv(_laid(folder / "few.csv", [head], rows, given.nested, _csv_line))
        for name in NESTED:
            path = folder / WRITERS[name][0]
            with path.open("w") as file:
                file.writelines(f"{line}\n" for line in WRITERS[name][1](few))
            _tell(name, path, None)


def _laid(path: Path, head: list[str], lines: list[str], rows: int, line: Callable[[str, int], str]) -> Path:
    """Write the lines of a day again and again until there are so many, on weekdays."""
    with path.open("w") as file:
        file.writelines(f"{one}\n" for one in head)
        for day in _weekdays():
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


def _tell(name: str, path: Path, folder: Path | None) -> None:
    """Read a log in a process of its own, and fit it where a folder is named."""
    out = "" if folder is None else str(folder / f"fitted-{name}")
    command = [sys.executable, "-c", ASK, str(path), name, out]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    contacts, read, fit, peak = map(float, done.stdout.split())
    size = path.stat().st_size / 1e6
    pace = contacts / (read + fit)
    print(
        f"{name:20}{size:8.0f}{contacts:12,.0f}{read:12.1f}{fit:11.1f}{pace:10,.0f}{peak:10.0f}", flush=True
    )


if __name__ == "__main__":
    main()
