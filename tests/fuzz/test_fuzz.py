"""500 mutants, always the same: each runs or is refused in clear lines."""

from .fuzzer import Fuzzer


def test_mutants_run_or_are_refused_in_clear_lines() -> None:
    fuzzer = Fuzzer(seed=1)
    fuzzer.run(500)
    assert fuzzer.odd == []
    assert fuzzer.ends["ran"] > 50
    assert fuzzer.ends["refused"] > 200
