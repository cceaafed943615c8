"""The engine against every model with a known answer, in runs short enough for a test suite.

A figure fails at four standard errors. The short runs leave some intervals wide; those prove little by
themselves, but in each model at least one figure is narrow enough to tell a difference of five per cent.
"""

import pytest

from sim.verification import CASES, Case, Row, Verdict, verify

QUICK = ("A2", "A9 D", "A10 10", "B4 full", "A18 B5", "A18 B6")
"""Models of several kinds, none of which takes more than a second or so; all others are slow."""


def _line(row: Row) -> str:
    interval = f"[{row.low:.6g}, {row.high:.6g}]"
    return f"{row.case}, {row.figure}: {row.simulated:.6g} {interval}, expected {row.expected:.6g}, z {row.z:.2f}"


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=c.key, marks=[] if c.key in QUICK else pytest.mark.slow) for c in CASES],
)
def test_model(case: Case) -> None:
    rows = verify(case, quick=True)
    if all(row.verdict == Verdict.NOT_SIMULATED for row in rows):
        pytest.skip("the engine does not simulate this yet")
    differing = [_line(row) for row in rows if row.verdict == Verdict.DIFFERS]
    assert not differing, "\n".join(differing)
    assert any(row.verdict == Verdict.AGREES for row in rows), "every interval is too wide to tell"
