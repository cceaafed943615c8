"""What is printed on a terminal and in the log of a job."""

import pytest

from gate.formats import changed_and_passed, every, failed, inconclusive, passed, refused
from sim.report.check import written
from sim.story.tracing import trace


def lines(*found: object, width: int = 110) -> list[str]:
    return written(list(found), "text", width).splitlines()  # type: ignore[arg-type]


def test_the_first_lines_say_how_it_went_and_which_layer_spoke() -> None:
    said = lines(failed())
    assert said[:2] == [
        "Small day: FAIL (paired test)",
        "seed 21, 10 replications of at most 20, against the baseline",
    ]
    assert said[2] == "trace: changed"
    assert said[3].startswith("paired test: ")
    assert said[4] == "target: both targets are surely met"


def test_a_row_has_the_figure_before_and_now_the_limits_the_margin_and_the_verdict() -> None:
    (row,) = [line for line in lines(failed()) if line.startswith("asa, s")]
    finding = next(f for f in failed().findings if f.claim.figure.text == "asa")
    assert row.split() == [
        "asa,", "s", f"{finding.base:.1f}", f"{finding.value:.1f}", f"+{finding.difference:.1f}",
        f"{finding.low:.1f}", "..", f"{finding.high:.1f}", f"{finding.claim.sides[0][1]:.1f}", "s", "FAIL",
    ]  # fmt: skip


def test_a_target_has_its_bound() -> None:
    (row,) = [line for line in lines(passed()) if line.startswith("no_agent_rate transfer")]
    assert "at most 20 %" in row
    assert row.endswith("pass")


def test_what_changed_names_the_key_the_first_event_and_how_many_fare_worse() -> None:
    said = lines(failed())
    start = said.index("What changed")
    assert said[start + 1] == "  teams.front.agents: 4 -> 3"
    assert said[start + 2].startswith("  the first event that differs is number ")
    assert said[start + 3].startswith("    before: 09:")
    assert said[start + 4].startswith("    now:    09:")
    fared = failed().changed.fared  # type: ignore[union-attr]
    assert fared is not None
    count = f"  of the {fared.customers} customers of replication 0, {fared.worse} fare worse and {fared.better} better"
    assert said[start + 5] == count


def test_the_stories_are_those_of_sim_trace() -> None:
    """The one of today, for each of the customers hit hardest."""
    text = "\n".join(lines(failed()))
    hardest = failed().changed.fared.hardest  # type: ignore[union-attr]
    assert hardest
    for hit in hardest:
        told = trace(failed().scenario, conversation=hit.after.conversation, width=108)
        story = [f"  {line}".rstrip() for line in told.split("\n\n", 1)[1].splitlines()]
        assert f"  now (conversation {hit.after.conversation}):\n" + "\n".join(story) in text
        assert f"  before (conversation {hit.before.conversation}):\n" in text
        assert f"Customer {hit.customer}: " in text


def test_the_last_lines_are_the_reasons() -> None:
    said = "\n".join(lines(failed()))
    finding = next(f for f in failed().findings if f.claim.figure.text == "asa")
    assert (
        f"FAIL: asa was {finding.base:.1f} s and is {finding.value:.1f} s: {finding.difference:.1f} s more (surely"
        in said.replace("\n  ", " ")
    )
    assert "surely worse than that" in said
    assert "Undecided figures were left so because others had failed." in said.replace("\n", " ")


def test_where_nothing_changed_there_is_no_table_of_zeros() -> None:
    said = lines(passed())
    assert "trace: not an event has changed" in said
    assert "paired test: all 8 figures are the same in every replication" in said
    assert not [line for line in said if line.startswith("Is it worse?")]
    assert said[-1].endswith("failure is corrected for their number (Holm).")


def test_a_pass_that_is_no_standstill_shows_its_table() -> None:
    assert [line for line in lines(changed_and_passed()) if line.startswith("Is it worse?")]


def test_what_could_not_be_decided_says_so() -> None:
    said = "\n".join(lines(inconclusive()))
    assert said.startswith("Small day: INCONCLUSIVE (target)")
    assert "INCONCLUSIVE: service_level front is" in said
    assert said.endswith("not sure either way")


def test_what_cannot_be_compared_gives_the_reason() -> None:
    assert lines(refused()) == ["Small day: NOT COMPARABLE", "  its seed is 21, not 5"]


def test_several_scenarios_end_with_their_sum() -> None:
    said = lines(*every())
    assert said[-1] == "FAIL: 6 scenarios: 2 pass, 2 fail, 1 inconclusive, 1 not comparable"


@pytest.mark.parametrize("width", [72, 80, 110, 200])
def test_no_line_is_longer_than_the_terminal(width: int) -> None:
    assert max(len(line) for line in lines(*every(), width=width)) <= width
