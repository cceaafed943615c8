"""How many files one transfer passes through, from its draws to the printed figure: `python -m benchmarks.walk`.

A call profiler notes each file of the package whose functions run; files that are only imported do not count. It is
the walk on the SimPy engine, where rules are read.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import sim

PACKAGE = Path(sim.__file__).parent

SCENARIO = """
name: One transfer
lasts: 10m
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 2m}}
queues:
  sales: {medium: chat, handle_time: 60s, transfer: {probability: 100%, after: 50%, to: {support: 100%}}}
  support: {medium: chat, handle_time: 60s, service_level: {within: 20s, target: 80%}}
teams:
  sellers: {agents: 1, skills: {sales: 1}}
  helpers: {agents: 1, skills: {support: 1}}
arrivals: [{channel: web, queue: sales, per_hour: 12}]
seed: 1
"""


def files_of(work: Callable[[], object]) -> list[str]:
    """Return the files of the package whose functions run during `work`, in the order of their first call."""
    seen: dict[str, None] = {}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        del argument
        path = frame.f_code.co_filename
        is_ours = path.startswith(str(PACKAGE)) and path.endswith(".py")  # templates have frames, too
        if event == "call" and is_ours and frame.f_code.co_name != "<module>":
            seen.setdefault(Path(path).relative_to(PACKAGE).as_posix(), None)

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return list(seen)


def draw_to_text() -> list[str]:
    """Return the files from the draws of a day to the text of its figures."""
    from sim.experiments.replications import run
    from sim.report.run import terminal

    day = sim.loads(SCENARIO)
    return files_of(lambda: terminal(run(day, 1, jobs=1, engine="simpy"), 100))


def file_to_page() -> list[str]:
    """Return the files from the scenario's text to the HTML page of its saved run."""
    from sim.report.html import report

    def work() -> None:
        with TemporaryDirectory() as folder:
            report(sim.run(sim.loads(SCENARIO), 1, jobs=1, engine="simpy").save(Path(folder) / "run"))

    return files_of(work)


def main() -> None:
    """Print both walks with the number of their files."""
    for title, walked in (("draws to figures", draw_to_text()), ("file to page", file_to_page())):
        print(f"{title}: {len(walked)} files")
        for name in walked:
            print(f"  {name}")


if __name__ == "__main__":
    main()
