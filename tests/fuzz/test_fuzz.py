"""500 mutants, always the same: each runs or is refused in clear lines."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import loads

from .fuzzer import DAY


def test_mutants_run_or_are_refused_in_clear_lines() -> None:
    command = [sys.executable, str(Path(__file__).parent), "--seed", "1", "--mutants", "500"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    ends = {end: int(count) for count, end in re.findall(r"(\d+) (ran|read|refused|odd)", done.stdout)}
    assert sum(ends.values()) == 500
    assert ends["ran"] > 50
    assert 200 < ends["refused"] < 350


def test_unknown_keys_without_number_are_told_in_linear_time() -> None:
    started = time.process_time()
    with pytest.raises(ScenarioError) as raised:
        loads(DAY + "".join(f"key{number}: 1\n" for number in range(20_000)), "day.yaml")
    assert time.process_time() - started < 10
    assert len(str(raised.value).splitlines()) == 51
    assert "more mistakes" in str(raised.value).splitlines()[-1]
