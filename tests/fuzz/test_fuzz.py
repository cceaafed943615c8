"""500 mutants, always the same: each runs or is refused in clear lines."""

import time

import pytest

from sim.errors import ScenarioError
from sim.scenario import loads

from .fuzzer import DAY, Fuzzer


def test_mutants_run_or_are_refused_in_clear_lines() -> None:
    fuzzer = Fuzzer(seed=1)
    fuzzer.run(500)
    assert fuzzer.odd == []
    assert fuzzer.ends["ran"] > 50
    assert 200 < fuzzer.ends["refused"] < 300


def test_unknown_keys_without_number_are_told_in_linear_time() -> None:
    started = time.process_time()
    with pytest.raises(ScenarioError) as raised:
        loads(DAY + "".join(f"key{number}: 1\n" for number in range(20_000)), "day.yaml")
    assert time.process_time() - started < 10
    assert len(str(raised.value).splitlines()) == 51
    assert "more mistakes" in str(raised.value).splitlines()[-1]
