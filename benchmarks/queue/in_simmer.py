"""The one-queue model in simmer, where R is installed with it."""

import csv
import subprocess
from functools import cache
from pathlib import Path
from shutil import which

from benchmarks.queue.model import AGENTS, GAP_S, PATIENCE_S, SERVICE_S, Visit

SCRIPT = Path(__file__).with_suffix(".R")


@cache
def is_there() -> bool:
    """Return whether R is installed, with simmer."""
    if which("Rscript") is None:
        return False
    look = 'quit(status = !requireNamespace("simmer", quietly = TRUE))'
    return subprocess.run(["Rscript", "-e", look], capture_output=True).returncode == 0


def run(customers: int, seed: int) -> tuple[float, list[Visit]]:
    """Return the CPU seconds that R reports, without its start, and the visits."""
    numbers = (customers, seed, AGENTS, GAP_S, SERVICE_S, PATIENCE_S)
    command = ["Rscript", "--vanilla", str(SCRIPT), *map(str, numbers)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = csv.DictReader(lines[1:])
    return float(lines[0]), [_visit(row) for row in rows]


def _visit(row: dict[str, str]) -> Visit:
    came, left, active = (float(row[name]) for name in ("start_time", "end_time", "activity_time"))
    return came, left - came - active, row["finished"] == "TRUE"
