"""Places that cannot be, and what the program around or the machine has set, change no figure and end in a line."""

import decimal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from awaiting import PATIENCE_S

import sim
from sim.cli import main
from sim.experiments.varied_keys import Axis
from sim.scenario.numbers import duration, duration_text, share, share_text

Write = Callable[..., Path]

LONG = "a" * 300
"""A name of more characters than a file system takes."""


@pytest.mark.parametrize("out", ["loop", "loop/run", "gone", "gone/run"])
def test_a_link_that_leads_nowhere_is_named_before_anything_is_simulated(
    out: str, scenario_file: Write, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    Path("gone").symlink_to("nothing")
    assert main(["run", str(scenario_file()), "--out", out]) == 2
    link = out.partition("/")[0]
    said = f"{out}: cannot be written: {link} is a link that leads nowhere; name another place\n"
    assert capsys.readouterr() == ("", said)
    assert Path(link).is_symlink()


def test_a_results_folder_that_is_a_loop_is_named_before_anything_is_simulated(
    scenario_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("results").symlink_to("results")
    assert main(["run", str(scenario_file())]) == 2
    printed, told = capsys.readouterr()
    assert (printed, told.count("\n")) == ("", 1)
    assert "results is a link that leads nowhere" in told


@pytest.mark.parametrize(
    "words",
    [
        "run {long}", "run {file} --out {long}", "report {long}", "check {file} --baseline {long}",
        "calibrate {long} --out new.yaml", "backtest {file} {long}", "compare {file} {long}",
        "sweep {file} --vary seed=1,2 --out {long}", "export {long} --to xes --out new",
    ],
)  # fmt: skip
def test_a_name_too_long_is_a_line(
    words: str, scenario_file: Write, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    file = scenario_file()
    assert main(words.format(file=file, long=LONG).split()) == 2
    printed, told = capsys.readouterr()
    assert (printed, told.count("\n")) == ("", 1)
    assert LONG in told
    assert [*tmp_path.iterdir()] == [file]


def test_decimals_of_the_program_around_change_no_number() -> None:
    """To two digits 8.51 hours would be 31,000 s, and 12.5 % would be 0.12."""
    with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_DOWN)):
        assert (duration("8.51h"), duration_text(30636.0), share("12.5%"), share_text(0.125)) == (
            30636.0, "30636s", 0.125, "12.5%",
        )  # fmt: skip
        assert Axis.parse("a=100..103").values == ("100", "101", "102", "103")
        assert Axis.parse("a=1.25..1.35:0.05").values == ("1.25", "1.30", "1.35")


THREADS = """
import sys, threading
from sim.workload.inverse import special
sys.setswitchinterval(1e-6)
start, found = threading.Barrier(4), []

def ask():
    start.wait()
    found.append(float(special().ndtri(0.5)))

threads = [threading.Thread(target=ask) for _ in range(4)]
for one in threads: one.start()
for one in threads: one.join()
print(found)
"""


def test_threads_that_begin_at_once_have_the_same_functions() -> None:
    """The second found a package of scipy that the first had not filled yet."""
    done = subprocess.run(
        [sys.executable, "-c", THREADS], capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert (done.stdout, done.stderr) == ("[0.0, 0.0, 0.0, 0.0]\n", "")


def test_settings_of_numpy_pandas_and_warnings_change_no_figure(scenario_file: Write) -> None:
    small = sim.load(scenario_file())
    figures = sim.run(small, 2).figures
    with (
        np.errstate(all="raise"), warnings.catch_warnings(action="error"),
        pd.option_context("display.precision", 1),
    ):  # fmt: skip
        assert sim.run(small, 2).figures.equals(figures)


@pytest.mark.slow
@pytest.mark.parametrize(
    "before",
    [
        "export PYTHONOPTIMIZE=2;", "export PYTHONWARNINGS=error PYTHONDEVMODE=1;", "export TMPDIR=/nonexistent;",
        "export TZ=Pacific/Apia;", "ulimit -n 16;", "ulimit -v 4000000;", "trap '' HUP INT TERM;",
    ],
)  # fmt: skip
def test_what_the_machine_sets_changes_no_figure(before: str, scenario_file: Write, tmp_path: Path) -> None:
    line = f'{before} exec "{sys.executable}" -m sim run "$1" --replications 2 --out out'
    done = subprocess.run(
        ["/bin/sh", "-c", line, "sh", scenario_file()],
        capture_output=True, text=True, timeout=PATIENCE_S, cwd=tmp_path,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    kept = sim.open(tmp_path / "out")
    assert isinstance(kept, sim.Result)
    assert kept.figures.equals(sim.run(sim.load(scenario_file()), 2).figures)
