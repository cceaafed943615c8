"""Inputs changed by a search that follows which lines they reach: `python tests/fuzz/guided.py --inputs 20000`.

It needs `pip install atheris`, and takes about five minutes a reader; `--only roster` names some. What ends otherwise
than by being read or refused in clear lines is printed once for each place, and its bytes are written below `--keep`.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parents[1]), str(ROOT)]

from fuzz.sources import (  # noqa: E402 - found by the path above
    CALLS,
    DAY,
    EXPORT,
    EXPORTED,
    FILES,
    GRID,
    ROSTER,
    ROSTER_GRID,
    ROSTERED,
)

CENTRE = """\
lasts: 1h
opens: 2026-03-02 08:00
media: {chat: {max_tasks: 3}, voice: {max_tasks: 1}}
channels: {web: {medium: chat}, phone: {medium: voice}}
queues:
  calls: {medium: voice, handle_time: 60s}
  sales: {medium: chat, handle_time: 60s}
  help: {medium: chat, handle_time: 60s}
teams: {crew: {%s, skills: {calls: 5, sales: 5, help: 5}}}
arrivals: [{%s}]
"""
PEOPLE, STREAM = "agents: 3", "channel: phone, queue: calls, per_hour: 9"
FORECAST = "channel: phone, queue: calls, file: "
TABLES = {
    "forecast": (PEOPLE, f"{FORECAST}x.csv", FILES["forecast.csv"]),
    "export": (PEOPLE, FORECAST + EXPORTED.format(ending="csv").replace("export", "x"), EXPORT),
    "grid": (PEOPLE, f"{FORECAST}x.csv", GRID),
    "head-counts": ("head_count: {file: x.csv}", STREAM, FILES["heads.csv"]),
    "roster": ("roster: x.csv", STREAM, FILES["people.csv"]),
    "roster-export": (f"roster: {ROSTERED.replace('export', 'x')}", STREAM, ROSTER),
    "roster-grid": ("roster: x.csv", STREAM, ROSTER_GRID),
    "recorded": (PEOPLE, "replay: x.csv", FILES["recorded.csv"]),
}
"""By reader of a table: the team and the stream of the centre that has it, and where the search begins."""
LOGS = ("columns", "genesys-cloud", "amazon-connect", "twilio-taskrouter")
READERS = ("scenario", *TABLES, *LOGS)
LONGEST = {"scenario": 3000, **dict.fromkeys(LOGS[1:], 6000)}
"""Bytes of an input; of the others 600."""


def begin_at(reader: str) -> list[bytes]:
    """Return what the search for a reader begins at."""
    if reader == "scenario":
        shipped = [path.read_bytes() for path in sorted((ROOT / "scenarios").glob("*.yaml"))]
        return [
            DAY.encode(),
            *(text for text in shipped if len(text) <= LONGEST[reader] and b"file: " not in text),
        ]
    if reader in TABLES:
        return [TABLES[reader][2].encode()]
    if reader == "columns":
        return [CALLS.encode()]
    from fuzz.log_mutants import source

    lines = source(reader).splitlines(keepends=True)
    task = re.search(r'"task_sid": "[\w-]+"', lines[0])
    own = [line for line in lines if task and task[0] in line]
    return ["".join(own or lines[:2]).encode()]


def reading(reader: str, folder: Path) -> Callable[[bytes], object]:
    """Return what hands bytes to a reader."""
    from sim.logs.reading import read_log
    from sim.scenario import loads

    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")

    def scenario(data: bytes) -> object:
        return loads(data.decode("utf-8", "replace"), "day.yaml", folder)

    def table(data: bytes) -> object:
        (folder / "x.csv").write_bytes(data)
        return loads(CENTRE % TABLES[reader][:2], "day.yaml", folder)

    def log(data: bytes) -> object:
        file = folder / ("x.csv" if reader == "columns" else "x.jsonl")
        file.write_bytes(data)
        return read_log(file, reader)

    return scenario if reader == "scenario" else table if reader in TABLES else log


def search(reader: str, keep: Path, words: list[str]) -> None:
    """Hand inputs to a reader until there were enough; the process ends with the last one."""
    import atheris

    with atheris.instrument_imports(include=["sim.scenario", "sim.logs"]):
        import sim.logs.reading
        import sim.scenario.loading  # noqa: F401 - what is loaded here is followed
    from fuzz.fuzzer import odd_end
    from fuzz.limits import limit_memory

    limit_memory()
    found: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        read = reading(reader, Path(folder))

        def one(data: bytes) -> None:
            said = odd_end(lambda: read(data))[1]
            place = said.rpartition("(")[2] or said
            if said and place not in found:
                found.add(place)
                (keep / f"{reader}-{len(found)}").write_bytes(data)
                print(f"odd: {reader}: {said}", flush=True)

        atheris.Setup([reader, *words], one)
        atheris.Fuzz()


def main() -> int:
    """Search reader by reader, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python tests/fuzz/guided.py", description=__doc__.split("\n")[0])
    parser.add_argument("--inputs", type=int, default=20_000, help="for each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(READERS), help=", ".join(READERS))
    parser.add_argument(
        "--keep", type=Path, default=Path("guided"), help="the folder for what ends otherwise"
    )
    parser.add_argument("--one", choices=READERS, help=argparse.SUPPRESS)
    given, words = parser.parse_known_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    if given.one:
        search(given.one, given.keep, words)
    tried, odd = 0, 0
    for reader in given.only.split(","):
        with tempfile.TemporaryDirectory() as corpus:
            for number, data in enumerate(begin_at(reader)):
                Path(corpus, str(number)).write_bytes(data)
            limits = [f"-runs={given.inputs}", f"-seed={given.seed}", f"-max_len={LONGEST.get(reader, 600)}"]
            own = [sys.executable, __file__, "--one", reader, "--keep", str(given.keep)]
            done = subprocess.run([*own, *limits, corpus], capture_output=True, text=True)
        ended = re.search(r"^Done (\d+) runs", done.stderr, re.MULTILINE)
        if ended is None:
            raise SystemExit(f"{reader}: the search broke off:\n{done.stderr[-2000:]}")
        reports = [line for line in done.stdout.splitlines() if line.startswith("odd: ")]
        tried, odd = tried + int(ended[1]), odd + len(reports)
        print(f"{reader}: {ended[1]} inputs, {len(reports)} places", *reports, sep="\n", flush=True)
    print(f"{tried} inputs, {odd} places")
    return int(odd > 0)


if __name__ == "__main__":
    sys.exit(main())
