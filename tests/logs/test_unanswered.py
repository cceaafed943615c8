"""Searches that end without an agent are told from customers who leave, and come back as a scenario's keys."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.engine import simulate
from sim.logs.counts import METRICS, WITH_NO_AGENT, counted, figures_of
from sim.logs.log import OpeningHours, calls_of, figures, left
from sim.logs.patience import Waits
from sim.logs.reading import read_log
from sim.logs.returning import returned_after
from sim.logs.ringing import RingTime, RingTimes
from sim.logs.tested_days import TestedDays
from sim.logs.unanswered import Place, search_ends
from sim.records import Recorder
from sim.report.backtest import backtest_text
from sim.workload import draw

Row = tuple[Any, ...]
MORNING = pd.Timestamp("2026-03-02 08:00")


def table(rows: Sequence[Row], folder: Path, *more: str) -> Path:
    """Write rows of queue, seconds waited, whether answered, and further columns: one every ten seconds from 08:00."""
    lines = [",".join(("queue", "channel", "offered_at", "answered_at", "ended_at", "agent", *more))]
    for number, (queue, waited, is_answered, *cells) in enumerate(rows):
        came = MORNING + pd.Timedelta(seconds=10 * number)
        then = came + pd.Timedelta(seconds=waited)
        answer = (then, then + pd.Timedelta(seconds=60), "ann") if is_answered else ("", then, "")
        lines.append(",".join(map(str, (queue, "chat", came, *answer, *cells))))
    path = folder / "log.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_words_of_a_log_say_how_a_search_ended(tmp_path: Path) -> None:
    words = [
        "abandoned",
        "No agent",
        "NO_AGENT_AVAILABLE",
        "wait_limit",
        "Voice mail",
        "Exit with key",
        "closed",
        "",
    ]
    rows = [
        ("q", 10, True, "done"),
        *(("q", 10, False, word) for word in words),
        ("q", 10, False, "gone fishing"),
    ]
    found = read_log(table(rows, tmp_path, "outcome"))
    assert list(found.calls["outcome"]) == [
        "answered", "abandoned", "no_agent", "no_agent", "wait_limit", "voicemail", "exited", "disconnected",
        "abandoned", "abandoned",
    ]  # fmt: skip
    assert [one for one in found.readings if "`gone fishing` of 1 contacts" in one]
    assert "done" not in " ".join(found.readings)
    assert list(left(found.calls)) == [False, True, *[False] * 6, True, True]


def test_a_search_that_went_on_is_told_by_the_row_of_its_last_queue(tmp_path: Path) -> None:
    rows = [("a", 60, False, "moved"), ("b", 5, True, "answered")]
    found = read_log(table(rows, tmp_path, "outcome"))
    assert list(found.calls["queue"]) == ["b"]
    assert found.problems.counts == {
        "the contact went on unanswered to another queue, whose row has it all": 1
    }


def test_who_found_no_agent_might_have_waited_on(tmp_path: Path) -> None:
    """Two left after 30 and 90 s, one was answered after 60 s, one search ended after 180: 360 s for two who left."""
    rows = [
        ("q", 30, False, "abandoned"),
        ("q", 90, False, "abandoned"),
        ("q", 60, True, ""),
        ("q", 180, False, "ttl"),
    ]
    calls = read_log(table(rows, tmp_path, "ended_by")).calls
    waits = Waits.of(calls)
    assert list(waits.at[waits.left > 0]) == [30, 90]
    assert list(waits.at[waits.served > 0]) == [60, 180]
    whole = figures(calls).loc[""]
    assert whole["abandon_rate"] == 0.5


# Where no word says so.


def waits(queue: str, spike: int, longer: int, left_: int = 60, answered: int = 600) -> list[Row]:
    """Rows of which so many wait 180 s for nobody and so many answered ones longer; others leave at odd times."""
    draws = np.random.default_rng(3)
    rows: list[Row] = [(queue, round(float(one), 3), False) for one in draws.uniform(5, 170, left_)]
    rows += [(queue, round(float(one), 3), True) for one in draws.uniform(0, 170, answered)]
    rows += [(queue, 180 + round(float(one), 3), False) for one in draws.uniform(-0.4, 0.4, spike)]
    return rows + [(queue, 250 + number, True) for number in range(longer)]


def test_waits_of_one_length_that_nobody_outlasts_are_no_abandonments(tmp_path: Path) -> None:
    found = read_log(table(waits("q", 40, 2), tmp_path))
    ended = found.calls["outcome"].value_counts()
    assert (ended["no_agent"], ended["abandoned"], ended["answered"]) == (40, 60, 602)
    assert found.problems.ends_inferred
    assert [one for one in found.readings if "40 of `q` after 180 s" in one and "inferred" in one]


@pytest.mark.parametrize(
    "rows",
    [
        waits("q", 40, 20),  # many wait longer
        waits("q", 19, 0),  # too few to be sure
        [
            (queue, round(one / 60) * 60, is_answered) for queue, one, is_answered in waits("q", 40, 0, 400)
        ],  # minutes
        [("q", 1.0, False)] * 100 + waits("q", 0, 0),  # they left at once
    ],
)
def test_other_waits_are_left_as_they_are(rows: list[Row], tmp_path: Path) -> None:
    found = read_log(table(rows, tmp_path))
    assert set(found.calls["outcome"]) == {"answered", "abandoned"}
    assert not found.problems.ends_inferred


def test_the_word_of_a_log_counts_before_its_waits(tmp_path: Path) -> None:
    rows = [(*row, "" if row[2] else "abandoned") for row in waits("q", 40, 2)]
    found = read_log(table(rows, tmp_path, "outcome"))
    assert "no_agent" not in set(found.calls["outcome"])


# The forms of vendors.


def test_asterisk_says_by_which_event_a_call_left_its_queue(tmp_path: Path) -> None:
    """Call 5 goes on in another queue at once, so that its search is one from its first second on."""
    events = ["ABANDON|1|1|30", "EXITWITHTIMEOUT|1|1|30", "EXITWITHKEY|1|1", "EXITEMPTY|1|1|30"]
    lines = []
    for number, event in enumerate(events):
        lines += [f"{1772442000 + number}|{number}|q|NONE|ENTERQUEUE||1"]
        lines += [f"{1772442030 + number}|{number}|q|NONE|{event}"]
    lines += ["1772442100|5|q|NONE|ENTERQUEUE||1", "1772442130|5|q|NONE|EXITWITHTIMEOUT|1|1|30"]
    lines += ["1772442131|5|r|NONE|ENTERQUEUE||1", "1772442140|5|r|Agent/1|CONNECT|9|x|2"]
    lines += ["1772442200|5|r|Agent/1|COMPLETECALLER|9|60|1"]
    (tmp_path / "queue_log").write_text("\n".join(lines) + "\n")
    found = read_log(tmp_path / "queue_log", "asterisk").calls
    assert list(found["outcome"]) == ["abandoned", "wait_limit", "exited", "no_agent", "answered"]
    last = found.iloc[-1]
    assert last["queue"] == "r"
    assert (last["answered_at"] - last["offered_at"]).total_seconds() == 40


TASK = ("task.created", "task-queue.entered")


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        ([("task.canceled", {"reason": "Task TTL Exceeded"})], "no_agent"),
        ([("task.canceled", {"reason": "hangup"})], "abandoned"),
        ([("task.canceled", {})], "abandoned"),
        ([("workflow.timeout", {}), ("task.canceled", {})], "no_agent"),
    ],
)
def test_taskrouter_says_why_a_task_was_canceled(
    last: list[tuple[str, Mapping[str, str]]], outcome: str, tmp_path: Path
) -> None:
    def event(number: int, kind: str, at: int, fields: Mapping[str, str]) -> str:
        payload = {"eventtype": kind, "timestamp": f"2026-03-02T09:00:{at:02d}.000Z", "task_sid": "WT1"}
        payload |= {"task_queue_name": "q", **fields}
        return json.dumps({"id": f"EV{number}", "data": {"payload": payload}})

    kinds = [*((kind, {}) for kind in TASK), *last]
    lines = [event(number, kind, 10 * number, fields) for number, (kind, fields) in enumerate(kinds)]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    assert list(read_log(tmp_path / "events.jsonl", "twilio-taskrouter").calls["outcome"]) == [outcome]


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("peer", "abandoned"), ("timeout", "no_agent"), ("system", "no_agent"), (None, "abandoned")],
)
def test_genesys_says_why_the_queue_was_left(reason: str | None, outcome: str, tmp_path: Path) -> None:
    segment = {
        "segmentStart": "2026-03-02T09:00:00.000Z", "segmentEnd": "2026-03-02T09:03:00.000Z", "queueId": "q",
        "segmentType": "interact", "disconnectType": reason,
    }  # fmt: skip
    people = [
        {"purpose": "acd", "participantName": "q", "sessions": [{"mediaType": "chat", "segments": [segment]}]}
    ]
    path = tmp_path / "genesys.jsonl"
    path.write_text(json.dumps({"conversationId": "1", "participants": people}) + "\n")
    assert list(read_log(path, "genesys-cloud").calls["outcome"]) == [outcome]


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("CUSTOMER_DISCONNECT", "abandoned"), ("CONTACT_FLOW_DISCONNECT", "no_agent"), (None, "abandoned")],
)
def test_amazon_connect_says_who_ended_a_contact(reason: str | None, outcome: str, tmp_path: Path) -> None:
    record = {
        "ContactId": "1", "Channel": "CHAT", "InitiationMethod": "INBOUND", "DisconnectReason": reason,
        "DisconnectTimestamp": "2026-03-02T09:03:00Z",
        "Queue": {"Name": "q", "EnqueueTimestamp": "2026-03-02T09:00:00Z", "DequeueTimestamp": "2026-03-02T09:03:00Z"},
    }  # fmt: skip
    path = tmp_path / "connect.jsonl"
    path.write_text(json.dumps(record) + "\n")
    assert list(read_log(path, "amazon-connect").calls["outcome"]) == [outcome]


@pytest.mark.parametrize(
    ("disposition", "direction", "outcome"),
    [
        ("NO_AGENT_AVAILABLE", "INBOUND", "no_agent"),
        ("CANCELLED", "INBOUND", "abandoned"),
        ("CANCELLED", "DIRECT_CONFERENCE", "cancelled"),
        ("FORCE_CLOSED", "DIRECT_TRANSFER", "disconnected"),
    ],
)
def test_the_disposition_of_a_task_says_how_it_ended(
    disposition: str, direction: str, outcome: str, tmp_path: Path
) -> None:
    heads = (
        "agent_task_id,conversation_id,agent_id,task_queue_time,task_answered_time,task_end_time,queue_id,"
        "task_disposition,task_direction"
    )
    first = "1,1,ann,2026-03-02 09:00:00,2026-03-02 09:00:05,2026-03-02 09:05:00,q,DONE,INBOUND"
    own = f"2,2,,2026-03-02 09:10:00,,2026-03-02 09:13:00,q,{disposition},{direction}"
    path = tmp_path / "agent_task.csv"
    path.write_text("\n".join([heads, first, own]) + "\n")
    assert list(read_log(path, "expertflow").calls["outcome"]) == ["answered", outcome]


# The keys of the scenario.


def ended(*rows: tuple[str, str, str, float, int]) -> pd.DataFrame:
    """Return searches by queue, kind, outcome, seconds and how many."""
    whole = [row for *row, count in rows for _ in range(count)]
    offered = pd.Timestamp("2026-03-02 09:00")
    ends = [offered + pd.Timedelta(seconds=row[3]) for row in whole]
    calls = pd.DataFrame({"queue": [row[0] for row in whole], "kind": [row[1] for row in whole]})
    calls["offered_at"], calls["ended_at"] = offered, ends
    is_answered = np.array([row[2] == "answered" for row in whole])
    calls["answered_at"] = calls["ended_at"].where(is_answered)
    calls["outcome"] = [row[2] for row in whole]
    return calls


PLACES = (
    Place("a", "chat", ("b", "c")),
    Place("b", "chat", ()),
    Place("c", "chat", ()),
    Place("p", "voice", ()),
)


def test_a_time_to_live_is_that_of_the_channel_where_no_queue_contradicts() -> None:
    calls = ended(
        ("a", "inbound", "no_agent", 180, 20),
        ("a", "inbound", "no_agent", 190, 5),
        ("b", "inbound", "answered", 5, 9),
    )
    found = search_ends(calls, PLACES, RingTimes(), is_read=True)
    assert {name: (one.seconds, one.rows) for name, one in found.channels.items()} == {"chat": (180.0, 25)}
    assert found.channels["chat"].share == pytest.approx(0.8)
    assert not found.queues
    assert not found.transfers
    assert not found.told
    other = search_ends(
        pd.concat([calls, ended(("b", "inbound", "answered", 400, 9))], ignore_index=True),
        PLACES,
        RingTimes(),
        is_read=True,
    )
    assert list(other.queues) == ["a"]
    assert not other.channels


def test_a_queue_with_another_time_has_its_own() -> None:
    calls = ended(("a", "inbound", "no_agent", 180, 30), ("c", "inbound", "no_agent", 240, 20))
    found = search_ends(calls, PLACES, RingTimes(), is_read=True)
    assert {name: one.value for name, one in found.channels.items()} == {"chat": "3m"}
    assert {name: one.value for name, one in found.queues.items()} == {"c": "4m"}


def test_transfers_with_another_time_have_their_own() -> None:
    calls = ended(("a", "inbound", "no_agent", 180, 30), ("b", "transfer", "no_agent", 120, 20))
    found = search_ends(calls, PLACES, RingTimes(), is_read=True)
    assert {name: one.value for name, one in found.transfers.items()} == {"a": "2m"}
    same = search_ends(
        calls.assign(ended_at=calls["offered_at"] + pd.Timedelta(minutes=3)),
        PLACES,
        RingTimes(),
        is_read=True,
    )
    assert not same.transfers
    both = pd.concat([calls, ended(("c", "transfer", "no_agent", 90, 20))], ignore_index=True)
    told = search_ends(both, PLACES, RingTimes(), is_read=True)
    assert not told.transfers
    assert [one for one in told.told if "2m for `b`, 90s for `c`" in one]


def test_a_longest_wait_is_written_with_what_follows() -> None:
    calls = ended(("a", "inbound", "wait_limit", 90, 20), ("b", "inbound", "voicemail", 60, 20))
    found = search_ends(calls, PLACES, RingTimes(), is_read=True)
    assert {name: (one.value, one.then) for name, one in found.wait_limits.items()} == {
        "a": ("90s", "end"),
        "b": ("1m", "voicemail"),
    }


def test_few_searches_and_such_of_no_one_length_are_told_and_not_written() -> None:
    some = [("b", "inbound", "no_agent", 20.0 + 7 * at, 1) for at in range(40)]
    found = search_ends(ended(("a", "inbound", "no_agent", 180, 9), *some), PLACES, RingTimes(), is_read=True)
    assert not found.all
    assert sorted(found.told) == [
        "40 searches for `b` ended as `no_agent`, after no one time: no `request_ttl` is written.",
        "9 searches for `a` ended as `no_agent`, too few to tell after what time: no `request_ttl` is written.",
    ]
    assert found.counts == {"no_agent": 49}
    assert (
        search_ends(ended(("a", "inbound", "answered", 5, 9)), PLACES, RingTimes(), is_read=True).counts == {}
    )


def test_a_time_to_live_has_to_be_above_the_ring_time() -> None:
    calls = ended(("a", "inbound", "no_agent", 45, 30))
    assert search_ends(calls, PLACES, RingTimes(), is_read=True).ring_s == 44.0
    rings = RingTimes(RingTime(50.0, 100, 1.0, is_read=True))
    found = search_ends(calls, PLACES, rings, is_read=True)
    assert not found.all
    assert "offers ring for 50s" in found.told[0]


# From a log to the files.


def busy_days(folder: Path, outcome: str = "no_agent", days: int = 4) -> Path:
    """Days of 60 contacts, of which 10 wait 45 s for nobody and 8 leave by themselves, always the same 8 customers."""
    rows = []
    for number in range(days):
        day = MORNING + pd.Timedelta(days=number)
        for at in range(60):
            came = day + pd.Timedelta(seconds=55 * at)
            ends = came + pd.Timedelta(seconds=45 if at % 6 == 0 else 7 + at)
            word = outcome if at % 6 == 0 else "abandoned" if at % 7 == 1 else "answered"
            taken = (ends, ends + pd.Timedelta(seconds=50), "ann") if word == "answered" else ("", ends, "")
            rows.append(("q", came, *taken, word if outcome else "", f"c{at // 2}"))
    path = folder / "days.csv"
    heads = ["queue", "offered_at", "answered_at", "ended_at", "agent", "outcome", "customer"]
    pd.DataFrame(rows, columns=heads).to_csv(path, index=False)
    return path


def test_the_scenario_says_on_how_many_searches_its_time_to_live_stands(tmp_path: Path) -> None:
    found = sim.calibrate(busy_days(tmp_path, days=13), out=tmp_path / "fitted")
    text = (tmp_path / "fitted" / "scenario.yaml").read_text()
    assert (
        "  phone: {medium: voice, request_ttl: 45s}   # 100% of 130 searches without an agent lasted so long"
        in text
    )
    assert "inferred" not in text
    assert "Not every contact without an answer left: 130 found no agent." in text
    assert "ring_time: 44s}" in text
    assert "ring_time: assumed" in text
    assert sim.open(tmp_path / "fitted").ends == found.ends
    patience = found.queues[0].patience
    assert patience is not None
    assert (patience.left, patience.ended) == (104, 130)
    assert "or whose search ended first, 130 of them (censored)" in text.replace("\n    # ", " ")


def test_a_time_to_live_that_waits_tell_is_said_to_be_inferred(tmp_path: Path) -> None:
    path = busy_days(tmp_path)
    whole = pd.read_csv(path)
    late = (whole["outcome"] != "no_agent") & (whole["offered_at"].str[14:16].astype(int) > 33)
    whole[~late].drop(columns="outcome").to_csv(path, index=False)
    sim.calibrate(path, out=tmp_path / "fitted")
    text = (tmp_path / "fitted" / "scenario.yaml").read_text()
    assert "request_ttl: 45s}   # 100% of " in text
    assert "inferred, as the log does not say how they ended" in text


def test_who_comes_again_without_having_left_is_no_return(tmp_path: Path) -> None:
    """Every customer comes twice a day: 8 times a day after a contact without an agent, 4 after one that they left."""
    calls = read_log(busy_days(tmp_path)).calls
    again = returned_after(calls)
    assert again is not None
    before = calls.sort_values("offered_at").groupby("customer", observed=True)["outcome"].shift()
    assert set(before[again.notna()]) == {"abandoned"}
    assert set(before.dropna()) > {"no_agent"}


def test_a_backtest_shows_who_found_no_agent_and_what_the_model_lacks(tmp_path: Path) -> None:
    path = busy_days(tmp_path)
    sim.calibrate(path, out=tmp_path / "fitted")
    text = (tmp_path / "fitted" / "scenario.yaml").read_text()
    (tmp_path / "fitted" / "scenario.yaml").write_text(text.replace(", request_ttl: 45s", ""))
    scenario = sim.load(tmp_path / "fitted" / "scenario.yaml")
    tested = sim.backtest(scenario, path, same_period=True, replications=3, jobs=1)
    rows = tested.rows
    whole = rows[(rows["queue"] == "") & (rows["day"] == "") & (rows["interval"] == "")]
    seen = whole[whole["demand"] == "actual"].set_index("metric")
    assert seen.loc["no_agent_rate", "observed"] == pytest.approx(10 / 60)
    assert seen.loc["abandon_rate", "observed"] == pytest.approx(8 / 60)
    assert seen.loc["no_agent_rate", "verdict"].endswith("the model has no `request_ttl`")
    assert "No agent" in backtest_text(tested, 200)
    folder = tested.save(tmp_path / "tested")
    assert sim.open(folder).metrics == tested.metrics == WITH_NO_AGENT


def test_a_backtest_of_an_earlier_version_has_all_who_were_not_answered_as_left(tmp_path: Path) -> None:
    path = busy_days(tmp_path, "abandoned")
    sim.calibrate(path, out=tmp_path / "fitted")
    scenario = sim.load(tmp_path / "fitted" / "scenario.yaml")
    tested = sim.backtest(scenario, path, same_period=True, replications=2, jobs=1)
    assert tested.metrics == METRICS
    folder = tested.save(tmp_path / "tested")
    counts = pd.read_csv(folder / "counts.csv.gz")
    counts.drop(columns=["abandoned", "no_agent"]).to_csv(folder / "counts.csv.gz", index=False)
    np.testing.assert_array_equal(sim.open(folder).observed, tested.observed)


def test_a_request_that_moved_is_counted_in_its_last_queue() -> None:
    limit = "    wait_limit: {after: 30s, then: {queue: support}}\n"
    scenario = sim.loads(CENTRE.replace("    transfer: {prob", limit + "    transfer: {prob"))
    tables = ("requests", "tasks", "conversations")
    records = simulate(scenario, draw(scenario, 0), Recorder(scenario, tables))
    calls = calls_of(records, MORNING)
    assert (records.requests["outcome"] == "moved").sum() > 0
    assert calls["contact_id"].is_unique


# Both sides of a backtest.


def test_who_found_no_agent_is_replayed_with_a_patience_beyond_the_wait(tmp_path: Path) -> None:
    rows = [("q", 30, False, "abandoned"), ("q", 180, False, "no_agent"), ("q", 20, True, "")]
    log = read_log(table(rows, tmp_path, "outcome"))
    scenario = sim.loads(CENTRE)
    calls = log.calls.assign(queue="sales")
    tested = TestedDays(scenario, calls, "log", replayed=True)
    found = tested.actual(tested.dates[0]).arrivals[0].contacts
    assert [(one.patience_s, one.waited_s) for one in found] == [(30.0, None), (None, 180.0), (None, 20.0)]


CENTRE = """\
name: Two kinds of time-to-live
opens: 2026-03-02 08:00
lasts: 8h
seed: 5
replications: 60
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat, request_ttl: 3m}}
routing: {ring_time: 20s, agent_selection: longest_available, request_selection: longest_waiting}   # as is assumed
queues:
  sales:
    medium: chat
    service_level: {within: 60s, target: 80%}
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 4m}}
    transfer: {probability: 25%, after: 40%, to: {support: 100%}, request_ttl: 2m}
  support:
    medium: chat
    service_level: {within: 60s, target: 80%}
    handle_time: {lognormal: {mean: 5m, sd: 3m}}
    patience: {exponential: {mean: 6m}}
    request_ttl: 4m
teams:
  sellers: {agents: 6, skills: {sales: 1}, wrap_up: 20s, accept: {probability: 95%, delay: 4s}}
  helpers: {agents: 7, skills: {support: 1}, wrap_up: 20s, accept: {probability: 95%, delay: 4s}}
arrivals:
  - {channel: web, queue: sales, per_hour: 145, busyness: {sd: 12%}}
  - {channel: web, queue: support, per_hour: 60, busyness: {sd: 12%}}
"""


@pytest.fixture(scope="module")
def few_days() -> sim.Result:
    return sim.run(sim.loads(CENTRE), 3, keep_tables="all", jobs=1)


def test_a_log_is_counted_as_the_simulator_counts(few_days: sim.Result, tmp_path: Path) -> None:
    """Abandoned and no agent of customers' own searches, in the log, in simulated days and in the metrics."""
    calls = read_log(sim.export(few_days, "csv", tmp_path)[0]).calls
    own = calls[calls["kind"] == "inbound"]
    seen = figures_of(
        counted(own, ("sales", "support"), OpeningHours(8 * 3600, 16 * 3600), (60.0, 60.0)).sum(axis=1)
    )
    for place, queue in enumerate(("sales", "support")):
        for metric in ("abandon_rate", "no_agent_rate", "service_level"):
            figure = few_days.figure(metric, queue=queue, kind="inbound")
            whole = few_days.recorded("requests")
            here = whole[(whole["queue"] == queue) & (whole["kind"] == "inbound")]
            if metric != "service_level":
                word = "abandoned" if metric == "abandon_rate" else "no_agent"
                assert seen[metric][place] == pytest.approx((here["outcome"] == word).mean())
            assert seen[metric][place] == pytest.approx(figure.value)
            assert 0.01 < figure.value < 0.99


def test_simulated_days_are_counted_like_the_log(few_days: sim.Result) -> None:
    """`actual` with the customers of the very day gives, from the records, the outcomes that these have."""
    scenario = few_days.scenario
    records = simulate(
        scenario, draw(scenario, 0), Recorder(scenario, ("requests", "tasks", "conversations"))
    )
    calls = calls_of(records, pd.Timestamp("2026-03-02 08:00"))
    found = counted(calls, ("sales", "support"), OpeningHours(8 * 3600, 16 * 3600), (60.0, 60.0)).sum(
        axis=(0, 1)
    )
    first = records.requests[records.requests["kind"] == "inbound"]
    assert found[5] == (first["outcome"] == "abandoned").sum()
    assert found[6] == (first["outcome"] == "no_agent").sum() > 0
    assert found[0] == len(first) == found[1] + found[5] + found[6]


# What was put in comes back.


@pytest.fixture(scope="module")
def result() -> sim.Result:
    return sim.run(sim.loads(CENTRE), keep_tables="all", jobs=1)


FORMS = {"csv": "columns", "agent-task": "expertflow"}


@pytest.fixture(scope="module", params=[*FORMS, "without words"])
def again(
    request: pytest.FixtureRequest, result: sim.Result, tmp_path_factory: pytest.TempPathFactory
) -> tuple[sim.Calibration, sim.Scenario]:
    folder = tmp_path_factory.mktemp("ends")
    form = request.param if request.param in FORMS else "csv"
    path = sim.export(result, form, folder)[0]
    if request.param not in FORMS:
        pd.read_csv(path).drop(columns="outcome").to_csv(path, index=False)
    found = sim.calibrate(path, FORMS[form], folder / "fitted")
    return found, sim.load(folder / "fitted" / "scenario.yaml")


@pytest.mark.slow
def test_times_to_live_come_back_to_the_second(again: tuple[sim.Calibration, sim.Scenario]) -> None:
    _, fitted = again
    of_sales = fitted.queues["sales"].request_ttl or fitted.channels["chat"].request_ttl
    of_support = fitted.queues["support"].request_ttl or fitted.channels["chat"].request_ttl
    assert of_sales == pytest.approx(180.0, abs=1.0)
    assert of_support == pytest.approx(240.0, abs=1.0)
    transfer = fitted.queues["sales"].transfer
    assert transfer is not None
    assert transfer.request_ttl == pytest.approx(120.0, abs=1.0)


@pytest.mark.slow
def test_patience_comes_back_where_searches_end(again: tuple[sim.Calibration, sim.Scenario]) -> None:
    """Within 5 %; taken for abandonments, the searches that ended make it 3 times too short."""
    _, fitted = again
    for queue, mean in (("sales", 240.0), ("support", 360.0)):
        law = fitted.queues[queue].patience
        assert law is not None
        assert law.mean == pytest.approx(mean, rel=0.05), queue


@pytest.mark.slow
def test_the_share_without_an_agent_comes_back(
    result: sim.Result, again: tuple[sim.Calibration, sim.Scenario]
) -> None:
    _, fitted = again
    simulated = sim.run(fitted.set("replications", 60), jobs=1)
    for queue in ("sales", "support"):
        for metric in ("no_agent_rate", "abandon_rate"):
            was, now = (one.figure(metric, queue=queue, kind="inbound") for one in (result, simulated))
            both = np.hypot((was.high - was.low) / 2, (now.high - now.low) / 2)
            assert now.value == pytest.approx(was.value, abs=both), (queue, metric)
