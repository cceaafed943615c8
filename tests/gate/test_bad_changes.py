"""A deliberately bad change of each kind is caught on a shipped scenario, by its committed baseline."""

from pathlib import Path
from typing import Any

import pytest

import sim
from gate.small import HERE
from sim.gate.baseline import Stored
from sim.gate.candidate import Candidate
from sim.gate.checking import Terms, check_one
from sim.gate.margins import margins
from sim.gate.result import CheckResult
from sim.gate.sequential import Layer, Verdict

ROOT = Path(__file__).parents[2]
BASELINE = ROOT / "results" / "baselines" / "support_day.json"


def caught(key: str, value: Any, *margin: str) -> CheckResult:
    """Check the support day with one key changed, against its baseline alone."""
    day = sim.load(ROOT / "scenarios" / "support_day.yaml").set(key, value)
    terms = Terms(40, margins(margin), targets=False)
    return check_one(Candidate(day), Stored.load(BASELINE), terms, HERE)


@pytest.mark.parametrize(
    ("key", "value", "margin", "figure"),
    [
        pytest.param(
            "routing.ring_time", "60s", [], "wait_p90:queue=billing:kind=inbound", marks=pytest.mark.slow
        ),
        # Few are transferred, so that it takes the promise to them for their priority to be missed.
        pytest.param(
            "routing.transfer_priority",
            1,
            ["no_agent_rate:kind=transfer=0.25%"],
            "no_agent_rate:kind=transfer",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "queues.general.steps",
            [{"needs": "general >= 5"}],
            [],
            "service_level:queue=general",
            marks=pytest.mark.slow,
        ),
        ("channels.web.request_ttl", "90s", [], "no_agent_rate:kind=transfer"),
    ],
    ids=["ring time doubled", "transfers without priority", "a step removed", "time to live halved"],
)
def test_a_bad_change_does_not_get_in(key: str, value: Any, margin: list[str], figure: str) -> None:
    found = caught(key, value, *margin)
    assert found.verdict is Verdict.FAIL
    assert found.speakers == (Layer.PAIRED,)
    assert figure in [f.claim.figure.text for f in found.findings if f.verdict is Verdict.FAIL]
    assert found.changed is not None
    assert [change.key for change in found.changed.keys] == [key]


def test_no_change_gets_in() -> None:
    found = caught("description", "Chat and phone.")
    assert found.verdict is Verdict.PASS
    assert found.replications == 10
