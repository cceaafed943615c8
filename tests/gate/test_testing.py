"""The pytest plugin, used as its users would, in a suite of their own that runs in a process of its own."""

import re
import subprocess
import sys

import pytest

from gate.small import DAY

pytest_plugins = ["pytester"]

POLICY_TEST = """
from sim.policies import GuardedAgents, GuardedRequests, ReserveForTransfers
from sim.testing import assert_not_worse


def test_transfers_find_somebody(simulate):
    day = simulate("small.yaml", replications=10)
    day.expect("no_agent_rate", kind="transfer").at_most("20%")


def test_customers_are_answered_in_time(simulate):
    simulate("small.yaml", replications=10).expect("service_level", queue="front").between("40%", "100%")


def test_a_chance_agent_is_as_good(simulate):
    day = simulate("small.yaml", replications=10)
    other = simulate("small.yaml", replications=10, changes={"routing.agent_selection": "random"})
    assert_not_worse(day, other, "asa", "5%")


def test_files_and_scenarios_may_be_compared_directly():
    import sim

    assert_not_worse("scenarios/small.yaml", sim.load("scenarios/small.yaml"), "asa", 1.5, replications=3)


def test_confidence_may_be_asked_for(simulate):
    simulate("small.yaml", replications=4).expect("asa").with_confidence(0.5).at_most("18s")


def test_policies_may_be_given_as_objects(simulate):
    rule = ReserveForTransfers(keep=1)
    policies = {"agent_selection": GuardedAgents(rule), "request_selection": GuardedRequests(rule)}
    kept, plain = simulate("small.yaml", replications=4, **policies), simulate("small.yaml", replications=4)
    waits = [day.measures[0].value("asa", queue="experts", kind="transfer") for day in (kept, plain)]
    assert waits[0] != waits[1]


def test_the_same_days_are_simulated_once(simulate):
    assert simulate("small.yaml", replications=4) is simulate("scenarios/small.yaml", replications=4)
"""

FAILURES = {
    'day.expect("asa").at_most("2s")': (
        r"asa of Small day is \d+\.\d s; expected at most 2\.0 s\n"
        r"surely \d+\.\d \.\. \d+\.\d \(4 replications, seed 21\): that is surely broken"
    ),
    'day.expect("asa").at_most("18s")': r"not sure either way; about \d+ replications may tell",
    'simulate("small.yaml", replications=1).expect("asa").at_most("10h")': (
        r"not sure either way; more replications may tell"
    ),
    'assert_not_worse(day, simulate("small.yaml", replications=4, changes=["teams.front.agents=2"]), "asa", "2s")': (
        r"asa of Small day was \d+\.\d s and is \d+\.\d s: \d+\.\d s more; the margin is 2\.0 s\n"
        r"surely \d+\.\d \.\. \d+\.\d \(4 replications, seed 21\): that is surely broken\n"
        r"what changed:\n  teams\.front\.agents: 4 -> 2\n"
    ),
    'simulate("smal.yaml")': r"smal\.yaml: there is no such scenario file in ",
    'day.expect("asaa")': r"no metric `asaa`; did you mean `asa`\?",
    'day.expect("asa", queue="font")': r"no queue `font`; did you mean `front`\?",
    'day.expect("asa").at_most("5x")': r"`5x` is no number; write 12, 70% or 4m",
    'assert_not_worse(day, simulate("small.yaml", replications=3), "asa", "1s")': (
        r"base and candidate are not the same days: 4 replications with seed 21, and 3 with seed 21"
    ),
    'assert_not_worse(day, simulate("small.yaml", replications=4, changes=["arrivals.0.per_hour=20"]), "asa", "1s")': (
        r"base and candidate do not have the same customers, so that they cannot be compared"
    ),
}
"""What a test says, and what it is answered."""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite with the small day in its folder `scenarios`."""
    folder = pytester.mkdir("scenarios")
    (folder / "small.yaml").write_text(DAY, encoding="utf-8")
    return pytester


def test_a_policy_test_is_three_lines_and_works_under_xdist(suite: pytest.Pytester) -> None:
    suite.makepyfile(POLICY_TEST)
    suite.runpytest_subprocess("-n", "2", "-p", "no:cacheprovider").assert_outcomes(passed=7)


def test_failures_explain_themselves(suite: pytest.Pytester) -> None:
    tests = [
        f"def test_{number}(simulate):\n    day = simulate('small.yaml', replications=4)\n    {body}\n"
        for number, body in enumerate(FAILURES)
    ]
    suite.makepyfile("from sim.testing import assert_not_worse\n\n" + "\n".join(tests))
    result = suite.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=len(FAILURES))
    said = re.split(r"_+ test_\d+ _+\n", result.stdout.str())[1:]
    for what, text in zip(FAILURES.values(), said, strict=True):
        assert re.search(what, text), text
    assert "sim/testing.py" not in said[0]  # no frames of ours where the figure is what is wrong


def test_loading_the_plugin_is_cheap() -> None:
    """It happens in every run of pytest, whether anybody simulates or not."""
    heavy = {"pandas", "numpy", "scipy", "simpy", "pydantic", "matplotlib"}
    code = f"import sim.testing, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
