"""What tests of several parts share."""

import os
import signal
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from watched import Watch

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in its background deaf to Ctrl-C, and so all that the tests start from there.
    signal.signal(signal.SIGINT, signal.default_int_handler)


# What a test starts is compiled once. Where Python is asked to keep no bytecode, each command would compile all of
# `sim` again, which is two thirds of what a small one costs.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Who names an engine is not told how to get a faster one: no command of a test says so as the first of its user.
os.environ.setdefault("SIM_ENGINE", "auto")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, so that nobody takes a quick run for all of it."""
    if config.getoption("markexpr") == "not slow":
        terminalreporter.write_line("the slow tests were left out; `python -m pytest -m slow` runs them")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one worker, so that what its tests share is made once; `--dist` asks for something else."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log) if config.getvalue("dist") == "load" else None


@pytest.fixture
def on_simpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate on the SimPy engine, for tests that look into it while it runs."""
    monkeypatch.setenv("SIM_ENGINE", "simpy")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pictures of a page empty, for tests of what it says: drawing them is most of a page's time."""
    from matplotlib.figure import Figure

    def write(_figure: Figure, file: BytesIO, **_how: object) -> None:
        file.write(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')

    monkeypatch.setattr(Figure, "savefig", write)


SMALL = """\
name: Small desk
opens: 2026-03-02 09:00
lasts: 1h
seed: 3
replications: 3
media:
  voice: {max_tasks: 1}
channels:
  phone: {medium: voice, request_ttl: 5m}
queues:
  calls:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {exponential: {mean: 3m}}
    patience: {exponential: {mean: 2m}}
    transfer: {probability: 30%, to: {experts: 100%}}
  experts:
    medium: voice
    handle_time: {exponential: {mean: 4m}}
teams:
  desk:
    agents: 3
    skills: {calls: 5}
    wrap_up: 20s
  experts:
    agents: 1
    skills: {experts: 5}
arrivals:
  - {channel: phone, queue: calls, per_hour: 60}
targets:
  - {metric: service_level, queue: calls, at_least: 70%}
"""


@pytest.fixture(scope="session")
def small_text() -> str:
    """A scenario that runs in an instant and has queueing, abandonment and transfers."""
    return SMALL


@pytest.fixture
def scenario_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the small scenario into a file of its own, with words replaced."""

    def write(name: str = "small.yaml", **replaced: str) -> Path:
        text = SMALL
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path / "watch")


@pytest.fixture
def watched_file(scenario_file: Callable[..., Path]) -> Path:
    """The small scenario, decided by the policy."""
    return scenario_file("watched.yaml", **{"media:\n": "routing: {agent_selection: watched}\nmedia:\n"})
