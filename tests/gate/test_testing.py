"""The pytest plugin, used as its users would, in a suite of their own that runs in a process of its own."""

import re
import subprocess
import sys
from xml.etree import ElementTree

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

UNDECIDED = {
    'day.expect("asa").at_most("18s")': r"not sure either way; about \d+ replications may tell",
    'simulate("small.yaml", replications=1).expect("asa").at_most("10h")': (
        r"so few days do not tell how sure that is \(1 replication, seed 21\): not sure either way; more replications"
    ),
    'day.expect("no_agent_rate", kind="transfer").at_most(0)': r"surely 0\.0 \.\. \d+\.\d \(4 replications, seed 21\)",
    'simulate("small.yaml", replications=2, changes={"arrivals": []}).expect("asa").at_most("9s")': (
        r"asa of Small day has no value; expected at most 9 s\nthere was nobody to count \(2 replications, seed 21\)"
    ),
}
"""What a test says that four days cannot tell, and what it is answered."""

FAILURES = {
    'day.expect("asa").at_most("2s")': (
        r"asa of Small day is \d+\.\d s; expected at most 2 s\n"
        r"surely \d+\.\d \.\. \d+\.\d \(4 replications, seed 21\): that is surely broken"
    ),
    'day.expect("abandon_rate").at_most(5)': (
        r"abandon_rate is a share, and 5 is 500%; write 5% or a number from 0 to 1"
    ),
    'day.expect("asa").at_most("5%")': r"`5%` is no value of asa, whose unit is seconds: write 30s or 2m",
    'day.expect("offered").at_most("5m")': r"`5m` is no value of offered, whose unit is requests",
    'assert_not_worse(day, day, "abandon_rate", 2)': r"`2` is no margin of abandon_rate; write 1% \(points\)",
    'assert_not_worse(day, simulate("small.yaml", replications=4, changes=["teams.front.agents=2"]), "asa", "2s")': (
        r"asa of Small day was \d+\.\d s and is \d+\.\d s: \d+\.\d s more; the margin is 2\.0 s\n"
        r"surely \d+\.\d \.\. \d+\.\d \(4 replications, seed 21\): that is surely broken\n"
        r"what changed:\n  teams\.front\.agents: 4 -> 2\n"
    ),
    'simulate("small.yaml", replications=4, budget=100).expect("asa").at_most("1h")': (
        r"arrivals\.0\.per_hour: about [\d.e+]+ events would be simulated, and the budget is 1e\+02; allow more"
    ),
    'simulate("small.yaml", replications=1000, changes=["arrivals.0.per_hour=9999999"]).expect("asa").at_most("1h")': (
        r"arrivals\.0\.per_hour: about [\d.e+]+ events would be simulated, and the budget is 1e\+09; allow more"
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
"""What a test says that is broken or a mistake, and what it is answered."""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite with the small day in its folder `scenarios`."""
    folder = pytester.mkdir("scenarios")
    (folder / "small.yaml").write_text(DAY, encoding="utf-8")
    return pytester


@pytest.mark.slow
def test_a_policy_test_is_three_lines_and_works_under_xdist(suite: pytest.Pytester) -> None:
    suite.makepyfile(POLICY_TEST)
    suite.runpytest_subprocess("-n", "2", "-p", "no:cacheprovider").assert_outcomes(passed=7)


@pytest.mark.slow
def test_failures_explain_themselves(suite: pytest.Pytester) -> None:
    bodies = {**FAILURES, **UNDECIDED}
    tests = [
        f"def test_{number}(simulate):\n    day = simulate('small.yaml', replications=4)\n    {body}\n"
        for number, body in enumerate(bodies)
    ]
    suite.makepyfile("from sim.testing import assert_not_worse\n\n" + "\n".join(tests))
    result = suite.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=len(FAILURES))
    assert f"{len(FAILURES)} failed, {len(UNDECIDED)} undecided in" in result.stdout.str()
    broken, _, open_ = result.stdout.str().partition("= UNDECIDED =")
    assert (len(SECTION.findall(broken)), len(SECTION.findall(open_))) == (len(FAILURES), len(UNDECIDED))
    said = [text for part in (broken, open_) for text in SECTION.split(part.partition("= short test")[0])[1:]]
    for what, text in zip(bodies.values(), said, strict=True):
        assert re.search(what, text), text
    for text in said:  # the test's own line and the message, no frames of ours
        assert len(text.splitlines()) <= 13, text


SECTION = re.compile(r"_+ test_\d+ _+\n")

THREE = """
import pytest
from sim.testing import UndecidedError, assert_not_worse


def test_kept(simulate):
    simulate("small.yaml", replications=4).expect("asa").at_most("1h")


def test_broken(simulate):
    simulate("small.yaml", replications=4).expect("asa").at_most("2s")


def test_open(simulate):
    simulate("small.yaml", replications=4).expect("asa").at_most("18s")


def test_none_worse(simulate):
    day = simulate("small.yaml", replications=2)
    fewer = simulate("small.yaml", replications=2, changes={"teams.front.agents": 3})
    assert_not_worse(day, fewer, "asa", "1s")


def test_may_be_expected(simulate):
    with pytest.raises(UndecidedError, match="not sure either way"):
        simulate("small.yaml", replications=4).expect("asa").at_most("18s")
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [(), ("-n", "2")])
def test_undecided_is_told_from_broken(suite: pytest.Pytester, how: tuple[str, ...]) -> None:
    suite.makepyfile(THREE)
    result = suite.runpytest_subprocess("-p", "no:cacheprovider", "-v", "--junitxml=found.xml", *how)
    result.assert_outcomes(passed=2, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    text = result.stdout.str()
    assert "1 failed, 2 passed, 2 undecided in" in text
    assert len(re.findall("UNDECIDED", text)) == 3  # both tests, and the section that tells why
    cases = ElementTree.parse(suite.path / "found.xml").iter("testcase")
    marks = {
        case.attrib["name"]: [(one.attrib["name"], one.attrib["value"]) for one in case.iter("property")]
        for case in cases
    }
    assert {name for name, mark in marks.items() if mark == [("sim_outcome", "undecided")]} == {
        "test_open",
        "test_none_worse",
    }


RAISING = """
class Bad:
    def choose(self, request, candidates, lot):
        raise KeyError("front")


def test_a_policy(simulate):
    simulate("small.yaml", replications=1, agent_selection=Bad()).expect("asa").at_most("9s")
"""


@pytest.mark.slow
def test_a_policy_that_raises_is_shown_where_it_does(suite: pytest.Pytester) -> None:
    suite.makepyfile(RAISING)
    said = suite.runpytest_subprocess("-p", "no:cacheprovider").stdout.str()
    assert '>       raise KeyError("front")' in said
    assert '>       simulate("small.yaml", replications=1' in said or '    simulate("small.yaml"' in said
    assert "inbound request 1 to front: agent selection Bad: raised KeyError: 'front'" in said
    assert "sim/engine/router.py" not in said


def test_loading_the_plugin_is_cheap() -> None:
    """It happens in every run of pytest, whether anybody simulates or not."""
    heavy = {"pandas", "numpy", "scipy", "simpy", "pydantic", "matplotlib"}
    code = f"import sim.testing, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
