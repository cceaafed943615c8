"""What the solver writes beneath Python does not come between a plan and who reads it."""

import ctypes
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.staffing import start
from sim.staffing.silence import silent

C = ctypes.CDLL(None)


def test_what_the_solver_prints_is_not_in_the_answer(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it prints a line for its makers on some ways; what C held back from before is there, and what comes after."""

    def milp(*_: object, **_how: object) -> Any:
        C.puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
        return SimpleNamespace(x=[1.0])

    monkeypatch.setattr(start, "milp", milp)
    C.puts(b"before")
    found = start.solved(np.ones(1), [], np.zeros(1, dtype=np.int64), None)  # type: ignore[arg-type]
    assert found is not None
    assert found.tolist() == [1.0]
    C.puts(b"after")
    C.fflush(None)
    assert capfd.readouterr().out == "before\nafter\n"


def interrupted() -> None:
    with silent():
        os.write(1, b"lost")
        raise KeyboardInterrupt


def test_output_comes_back_where_the_solver_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    os.write(1, b"there")
    assert capfd.readouterr().out == "there"


CLOSED = """
import os
from sim.staffing.silence import silent
os.close(1)
with silent():
    os.write(2, b'done')
os.write(1, b'x')
"""


@pytest.mark.slow
def test_a_closed_standard_output_stays_closed() -> None:
    found = subprocess.run([sys.executable, "-c", CLOSED], capture_output=True, text=True, check=False)
    assert found.stderr.startswith("done")
    assert "Bad file descriptor" in found.stderr
