"""Conferences of a log: who called in whom, for how long both were in, what the one who asked did meanwhile."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from logs.conftest import exported
from sim.logs.called_in import put_beside
from sim.logs.conferences import fit_conference, handed_on_for_nobody, own_work
from sim.logs.reading import read_log

Row = tuple[str | None, ...]
NINE = pd.Timestamp("2026-03-02 09:00")


def at(clock: str | float | None) -> pd.Timestamp:
    """09:00 and so many minutes and seconds; None is never."""
    return pd.NaT if pd.isna(clock) else NINE + pd.Timedelta(f"00:{clock}")


def log_of(*rows: tuple[int, str, str, str, str | None, str]) -> pd.DataFrame:
    """Rows of conversation, kind, queue, offered, answered and ended, as a reader gives them."""
    names = ["conversation", "kind", "queue", "offered_at", "answered_at", "ended_at"]
    calls = pd.DataFrame(list(rows), columns=names)
    for name in names[3:]:
        calls[name] = pd.to_datetime([at(one) for one in calls[name]])
    calls["conversation"] = calls["conversation"].astype("uint64")
    calls["transferred_at"] = pd.NaT
    calls["transferred_at"] = pd.to_datetime(calls["transferred_at"])
    return calls


def beside(calls: pd.DataFrame, *left_out: int) -> list[tuple[str | None, ...]]:
    """Who was called in beside each row: when asked, of which queue, when joined, when left, in minutes and seconds."""
    mask = np.isin(np.arange(len(calls)), left_out)
    put_beside(calls, mask)
    assert "conversation" not in calls
    if "consult_to" not in calls:
        return []

    def clock(time: pd.Timestamp) -> str | None:
        return None if pd.isna(time) else f"{time:%M:%S}"

    return [
        (clock(row.consult_at), row.consult_to, clock(row.joined_at), clock(row.consult_ended_at))
        for row in calls.itertuples()
        if not pd.isna(row.consult_at)
    ]


def test_a_search_is_put_beside_the_agent_who_was_in() -> None:
    calls = log_of(
        (1, "inbound", "desk", "00:00", "01:00", "09:00"),
        (2, "inbound", "desk", "00:00", "01:00", "09:00"),
        (1, "conference", "claims", "03:00", "04:00", "06:00"),
        (2, "conference", "claims", "05:00", None, "08:00"),
    )
    assert beside(calls) == [("03:00", "claims", "04:00", "06:00"), ("05:00", "claims", None, "08:00")]


def test_who_asked_is_the_last_who_came_and_had_not_left() -> None:
    """The first agent hands on at 05:00; the second asks at 06:00, as the first did before."""
    calls = log_of(
        (1, "inbound", "desk", "00:00", "01:00", "05:00"),
        (1, "conference", "claims", "02:00", "02:30", "04:00"),
        (1, "transfer", "billing", "05:00", "05:30", "09:00"),
        (1, "conference", "claims", "06:00", "06:10", "07:00"),
    )
    assert beside(calls) == [("02:00", "claims", "02:30", "04:00"), ("06:00", "claims", "06:10", "07:00")]
    assert calls["consult_at"].notna().tolist() == [True, False, True, False]


def test_of_two_who_are_in_the_one_who_came_last_asked() -> None:
    calls = log_of(
        (1, "inbound", "desk", "00:00", "01:00", "09:00"),
        (1, "conference", "claims", "02:00", "02:30", "09:00"),
        (1, "conference", "legal", "04:00", "04:10", "05:00"),
    )
    assert beside(calls) == [("02:00", "claims", "02:30", "09:00"), ("04:00", "legal", "04:10", "05:00")]
    assert calls["consult_at"].notna().tolist() == [True, True, False]


def test_of_two_searches_of_one_agent_the_first_counts() -> None:
    calls = log_of(
        (1, "inbound", "desk", "00:00", "01:00", "09:00"),
        (1, "conference", "claims", "05:00", "05:10", "06:00"),
        (1, "conference", "billing", "02:00", "02:10", "04:00"),
    )
    assert beside(calls) == [("02:00", "billing", "02:10", "04:00")]


def test_searches_of_no_agent_are_put_beside_nobody() -> None:
    """Of another conversation, of none, before the answer, after the end, of a row that is left out."""
    calls = log_of(
        (1, "inbound", "desk", "00:00", "01:00", "05:00"),
        (2, "conference", "claims", "02:00", "02:10", "04:00"),
        (0, "conference", "claims", "02:00", "02:10", "04:00"),
        (1, "conference", "claims", "00:30", "00:40", "04:00"),
        (1, "conference", "claims", "05:02", "05:10", "06:00"),
        (1, "conference", "claims", "03:00", "03:10", "04:00"),
    )
    assert beside(calls, 5) == []


def test_a_consult_is_one_however_it_is_spelt(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        "contact_id,conversation,kind,queue,offered_at,answered_at,ended_at,agent\n"
        "1,a,Inbound,desk,2026-03-02 09:00,2026-03-02 09:01,2026-03-02 09:09,Ann\n"
        "2,a,Consult,claims,2026-03-02 09:03,2026-03-02 09:04,2026-03-02 09:06,Bob\n"
    )
    calls = read_log(tmp_path / "log.csv").calls
    assert calls["consult_at"].tolist()[0] == NINE + pd.Timedelta("3min")
    assert calls["consult_to"].astype("object").where(calls["consult_to"].notna(), None).tolist() == [
        "claims",
        None,
    ]


# What is fitted, from works that are known.

RNG = np.random.default_rng(7)
MEAN, AFTER, JOINT = 400.0, 0.4, 120.0


def asked(count: int, holds: bool, then: str = "guest_leaves", others: int = 4000) -> pd.DataFrame:
    """Contacts with a conference, and others without: times of an event list of one agent after the other."""
    work = RNG.gamma(4.0, MEAN / 4.0, count + others)
    search = RNG.exponential(40.0, count + others)
    joint = RNG.gamma(9.0, JOINT / 9.0, count + others)
    question = AFTER * work
    joined = question + search
    is_in = np.arange(count + others) < count
    left_over = work - question - (0.0 if holds else search)
    came = is_in & (left_over > 0)
    together = joined + joint
    both = together + left_over
    host = {"guest_leaves": both, "requester_leaves": together, "both_stay": both}[then]
    guest = {"guest_leaves": together, "requester_leaves": together + 90.0, "both_stay": both}[then]
    end = np.where(came, host, work)
    calls = pd.DataFrame({"offered_at": NINE, "answered_at": NINE, "ended_at": times(end)})
    calls["transferred_at"] = pd.Series(pd.NaT, calls.index, dtype="datetime64[us]")
    calls["consult_at"] = times(np.where(is_in, question, np.nan))
    calls["consult_to"] = pd.Categorical(np.where(is_in, "claims", None))
    calls["joined_at"] = times(np.where(came, joined, np.nan))
    calls["consult_ended_at"] = times(np.where(came, guest, np.where(is_in, work, np.nan)))
    return calls


def times(seconds: np.ndarray) -> pd.Series:
    return pd.Series(NINE + pd.to_timedelta(np.round(seconds, 3), unit="s")).astype("datetime64[us]")


@pytest.mark.parametrize("holds", [False, True])
def test_working_is_told_from_holding(holds: bool) -> None:
    """By how far the agent's own time grows with the wait: not at all, or second by second."""
    found = fit_conference(asked(800, holds))
    assert found is not None
    assert found.holds is holds
    assert found.share == pytest.approx(800 / 4800)
    assert found.after == pytest.approx(AFTER, rel=0.05)
    assert found.to == {"claims": 1.0}
    assert found.joint is not None
    assert found.joint.law.mean == pytest.approx(JOINT, rel=0.05)
    assert found.then == {"guest_leaves": 1.0}
    assert found.guest is None
    assert not found.transfers


@pytest.mark.parametrize("holds", [False, True])
def test_where_each_contact_has_one_the_work_is_that_of_who_went_on(holds: bool) -> None:
    calls = asked(2000, holds, others=0)
    found = fit_conference(calls)
    assert found is not None
    assert found.share == 1.0
    assert found.holds is holds
    assert found.after == pytest.approx(
        AFTER, rel=0.03 if holds else 0.06
    )  # the longer works have time to be joined
    assert own_work(calls, holds).mean() == pytest.approx(MEAN, rel=0.03 if holds else 0.06)


def test_few_conferences_do_not_tell_it() -> None:
    found = fit_conference(asked(20, holds=True))
    assert found is not None
    assert found.holds is None


def test_who_goes_on_alone_does_so_for_their_own_time() -> None:
    found = fit_conference(asked(400, holds=True, then="requester_leaves"))
    assert found is not None
    assert found.then == {"requester_leaves": 1.0}
    assert found.guest is not None
    assert found.guest.mean == pytest.approx(90.0, abs=0.1)
    assert found.joint is not None
    assert found.joint.law.mean == pytest.approx(JOINT, rel=0.05)


def without_an_agent(count: int, hands_on: bool, extra_s: float = 0.0) -> pd.DataFrame:
    """Conferences that nobody joins: the search ends after two minutes, in which the agent holds."""
    calls = asked(count, holds=True)
    alone = calls.index < count // 2
    search_ends = calls["consult_at"] + pd.Timedelta(seconds=120)
    work = (calls["consult_at"] - calls["answered_at"]) / AFTER
    ended = calls["answered_at"] + work + pd.Timedelta(seconds=120 + extra_s)
    for name, times_ in (("joined_at", pd.NaT), ("consult_ended_at", search_ends), ("ended_at", ended)):
        calls[name] = calls[name].mask(alone, times_)
    if hands_on:
        calls["ended_at"] = calls["ended_at"].mask(alone, search_ends)
        calls["transferred_at"] = calls["transferred_at"].mask(alone, search_ends)
    return calls


def test_a_search_that_finds_nobody_tells_its_longest_time_and_what_it_costs() -> None:
    found = fit_conference(without_an_agent(1000, hands_on=False, extra_s=60.0))
    assert found is not None
    assert found.joined == 500
    assert found.ttl_s == 120.0
    assert not found.transfers
    assert found.extra_s == pytest.approx(60.0, abs=3.0)


def test_going_on_alone_costs_nothing_where_it_takes_no_longer() -> None:
    found = fit_conference(without_an_agent(1000, hands_on=False))
    assert found is not None
    assert found.extra_s == 0.0


def test_who_is_handed_on_as_nobody_came_is_no_transfer_of_the_agents_own() -> None:
    calls = without_an_agent(1000, hands_on=True)
    found = fit_conference(calls)
    assert found is not None
    assert found.transfers
    assert handed_on_for_nobody(calls).tolist() == [True] * 500 + [False] * (len(calls) - 500)


def test_a_search_that_ends_as_the_agent_leaves_found_nobody_for_no_reason_of_its_own() -> None:
    """Withdrawn: the work was done before anybody came. That is no longest time of a search."""
    found = fit_conference(asked(800, holds=False))
    assert found is not None
    assert found.joined < 800
    assert found.ttl_s is None


def test_who_leave_together_have_shared_the_rest_of_the_work() -> None:
    """The joint time is then what is left of their time together without that rest, by means."""
    found = fit_conference(asked(3000, holds=True, then="both_stay"))
    assert found is not None
    assert found.then == {"both_stay": 1.0}
    assert found.joint is not None
    assert found.joint.mean == pytest.approx(JOINT, rel=0.08)


DESK = """\
name: Desk and experts
opens: 2026-03-02 08:00
lasts: 8h
seed: 33
replications: 60
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice, request_ttl: 4m}}
queues:
  desk:
    medium: voice
    handle_time: {gamma: {mean: 5m, sd: 150s}}
    patience: {exponential: {mean: 5m}}
    transfer: {probability: 10%, to: {claims: 100%}}
    conference:
      probability: 25%
      after: 40%
      to: {claims: 70%, contracts: 30%}
      joint_time: {lognormal: {mean: 2m, sd: 80s}}
      then: {guest_leaves: 60%, requester_leaves: 30%, both_stay: 10%}
      guest_time: {gamma: {mean: 4m, sd: 2m}}
      while_waiting: WAITING
      request_ttl: 90s
  claims: {medium: voice, handle_time: {lognormal: {mean: 6m, sd: 4m}}, patience: {exponential: {mean: 5m}}}
  contracts: {medium: voice, handle_time: {exponential: {mean: 5m}}, patience: {exponential: {mean: 5m}}}
teams:
  front: {agents: 19, skills: {desk: 1}, wrap_up: 20s, accept: {delay: 4s}}
  claims: {agents: 6, skills: {claims: 1}, wrap_up: 20s, accept: {delay: 4s}}
  contracts: {agents: 4, skills: {contracts: 1}, wrap_up: 20s, accept: {delay: 4s}}
arrivals:
  - {channel: phone, queue: desk, per_hour: 170}
  - {channel: phone, queue: claims, per_hour: 10}
  - {channel: phone, queue: contracts, per_hour: 20}
"""


@pytest.mark.slow
@pytest.mark.parametrize("waiting", ["works", "holds"])
@pytest.mark.parametrize("format_", ["columns", "expertflow", "genesys-cloud"])
def test_conferences_come_back(waiting: str, format_: str, tmp_path: Path) -> None:
    """Sixty days exported and fitted: each figure within 5 %, and the joining when they are simulated again."""
    result = sim.run(sim.loads(DESK.replace("WAITING", waiting)), keep_tables="all", jobs=1)
    sim.calibrate(*exported(result, format_, tmp_path), tmp_path / "fitted")
    fitted = sim.load(tmp_path / "fitted" / "scenario.yaml")
    found = fitted.queues["desk"].conference
    assert found is not None
    assert found.probability == pytest.approx(0.25, rel=0.05)
    assert found.after == pytest.approx(0.4, rel=0.05)
    assert dict(found.to) == pytest.approx({"claims": 0.7, "contracts": 0.3}, abs=0.02)
    assert found.joint_time.mean == pytest.approx(120.0, rel=0.05)
    then = {"guest_leaves": 0.6, "requester_leaves": 0.3, "both_stay": 0.1}
    assert {name: getattr(found.then, name) for name in then} == pytest.approx(then, abs=0.02)
    assert found.guest_time is not None
    assert found.guest_time.mean == pytest.approx(240.0, rel=0.05)
    assert found.while_waiting == waiting
    assert found.request_ttl == pytest.approx(90.0, abs=0.5)
    assert found.extra_time is None
    assert fitted.queues["desk"].transfer.probability == pytest.approx(0.10, rel=0.05)
    for queue, mean in (("desk", 300.0), ("claims", 360.0), ("contracts", 300.0)):
        assert fitted.queues[queue].handle_time.mean == pytest.approx(mean, rel=0.05)
        assert fitted.queues[queue].conference is None or queue == "desk"
    again = sim.run(fitted.set("replications", 60), jobs=1)
    for metric, queue in (("joined_rate", ""), ("time_to_join", "claims"), ("time_to_join", "contracts")):
        before, after = (_figure(one, metric, queue) for one in (result, again))
        assert after[0] == pytest.approx(before[0], abs=float(np.hypot(before[1], after[1]))), (metric, queue)


def _figure(result: sim.Result, metric: str, queue: str) -> tuple[float, float]:
    rows = result.figures.fillna({"kind": "", "queue": "", "interval": "", "label": ""})
    rows = rows.query("interval == '' and label == '' and queue == @queue and metric == @metric")
    row = next(rows.itertuples())
    return row.value, (row.high - row.low) / 2
