"""The samples in `scenarios/logs`: two hours of a small centre. `python -m benchmarks.logs.samples` writes them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import sim
from benchmarks.logs.formats import WRITERS

FOLDER = Path(__file__).parents[2] / "scenarios" / "logs"
CENTRE = """\
name: A small centre
opens: 2026-03-02 09:00
lasts: 1h
seed: 11
replications: 2
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  sales:
    medium: voice
    ring_time: 15s
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 2m}}
    transfer: {probability: 25%, after: 40%, to: {support: 100%}}
  support: {medium: voice, handle_time: {gamma: {mean: 5m, sd: 2m}}, patience: {exponential: {mean: 4m}}}
teams:
  sellers: {agents: 2, skills: {sales: 1}, accept: {probability: 85%, delay: 4s}, wrap_up: 20s}
  helpers: {agents: 1, skills: {support: 1}, accept: {probability: 85%, delay: 4s}, wrap_up: 30s}
arrivals:
  - {channel: phone, queue: sales, per_hour: 36}
"""


def main(folder: Path = FOLDER) -> None:
    """Write a sample in each format: those that have an exporter by it, the others by `benchmarks.logs.formats`."""
    result = sim.run(sim.loads(CENTRE), keep_tables="all", jobs=1, engine="simpy")
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place:
        contacts, _ = sim.export(result, "csv", place)
        (tasks,) = sim.export(result, "agent-task", place)
        table = pd.read_csv(contacts)
        (folder / "contacts.csv").write_bytes(contacts.read_bytes())
        (folder / "agent_task.csv").write_bytes(tasks.read_bytes())
    for name, lines in WRITERS.values():
        (folder / name).write_text("".join(f"{line}\n" for line in lines(table)), encoding="utf-8")


if __name__ == "__main__":
    main()
