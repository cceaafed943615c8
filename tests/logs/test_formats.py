"""The formats of vendors: the samples say what the simulation says, and written cases what each field means."""

import json
from pathlib import Path

import pandas as pd
import pytest

import sim
from benchmarks.logs import samples
from benchmarks.logs.formats import BANK, WRITERS
from sim.errors import SimError
from sim.logs.log import handle_s, wait_s
from sim.logs.reading import Log, formats, read_log

SAMPLES = Path(__file__).parents[2] / "scenarios" / "logs"
FILES = {
    "columns": "contacts.csv",
    "expertflow": "agent_task.csv",
    **{name: file for name, (file, _) in WRITERS.items()},
}
MERGED = ("vanad", "avaya-ech", "cisco-ucce", "freeswitch", "nice-cxone", "anonymous-bank")
"""Tables with a row a contact and no word on what came before it."""


def told(text: object, folder: Path, format_: str, name: str = "log.jsonl", time_zone: str = "") -> Log:
    path = folder / name
    if not isinstance(text, str):
        assert isinstance(text, list)
        text = "".join(json.dumps(one) + "\n" for one in text)
    path.write_text(text, encoding="utf-8")
    return read_log(path, format_, time_zone)


def names(found: Log, column: str) -> list[object]:
    return found.calls[column].astype("object").where(found.calls[column].notna(), None).tolist()


# The samples.


def test_every_format_has_a_sample() -> None:
    assert set(FILES) == set(formats())
    assert {path.name for path in SAMPLES.iterdir()} == set(FILES.values())


def test_the_samples_are_what_the_simulator_and_its_exporters_write(tmp_path: Path) -> None:
    samples.main(tmp_path)
    for path in SAMPLES.iterdir():
        assert (tmp_path / path.name).read_text() == path.read_text(), path.name


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_sample_says_what_the_simulation_says(name: str) -> None:
    """Sums over all contacts, to the second that whole-second formats leave out of each moment."""
    found, origin = read_log(SAMPLES / FILES[name], name), read_log(SAMPLES / "contacts.csv")
    calls, whole = found.calls, origin.calls
    assert not found.problems
    assert len(calls) == len(whole) > 60
    assert calls["answered_at"].notna().sum() == whole["answered_at"].notna().sum()
    assert wait_s(calls).sum() == pytest.approx(wait_s(whole).sum(), abs=len(whole))
    assert handle_s(calls).sum() == pytest.approx(handle_s(whole).sum(), abs=len(whole))
    assert sorted(calls["queue"].value_counts()) == sorted(whole["queue"].value_counts())
    assert calls["agent"].dropna().nunique() == whole["agent"].dropna().nunique() == 3
    if name not in MERGED:
        assert calls["transferred_at"].notna().sum() == whole["transferred_at"].notna().sum() > 5
        assert (calls["transfer_to"].dropna() == "support").all()
        assert calls["rings"].sum() == whole["rings"].sum() > 3
        assert (calls["kind"] == "transfer").sum() == (whole["kind"] == "transfer").sum()
    if name in ("expertflow", "genesys-cloud", "amazon-connect", "twilio-taskrouter", "columns"):
        assert calls["wrap_up_s"].sum() == pytest.approx(whole["wrap_up_s"].sum(), abs=len(whole))


# Genesys Cloud.


def segment(kind: str, since: str, until: str, **more: str) -> dict[str, str]:
    moments = {"segmentStart": f"2026-03-02T09:{since}.000Z", "segmentEnd": f"2026-03-02T09:{until}.000Z"}
    return {"segmentType": kind, **moments, **more}


def part(purpose: str, *segments: dict[str, str], **more: str) -> dict[str, object]:
    return {"purpose": purpose, "sessions": [{"mediaType": "voice", "segments": list(segments)}], **more}


def conversation(number: int, *parts: dict[str, object]) -> dict[str, object]:
    return {"conversationId": f"c{number}", "participants": list(parts)}


def search(queue: str, since: str, until: str) -> dict[str, object]:
    return part("acd", segment("interact", since, until, queueId=queue), participantName=queue)


def test_genesys_a_search_while_an_agent_is_in_is_for_a_further_one(tmp_path: Path) -> None:
    """Bob calls in one who comes and one who does not, and hands on as he leaves; Cid is consulted and takes over."""
    bob = part("agent", segment("interact", "00:10", "08:00", disconnectType="transfer"), userId="bob")
    ann = part("agent", segment("interact", "02:10", "04:00", disconnectType="peer"), userId="ann")
    dan = part("agent", segment("interact", "08:20", "09:00", disconnectType="peer"), userId="dan")
    first = conversation(
        1, search("Sales", "00:00", "00:10"), bob, search("Claims", "02:00", "02:10"), ann,
        search("Legal", "05:00", "06:00"), search("Support", "08:00", "08:20"), dan,
    )  # fmt: skip
    eve = part("agent", segment("interact", "00:10", "05:00", disconnectType="consultTransfer"), userId="eve")
    cid = part("agent", segment("interact", "03:00", "09:00", disconnectType="peer"), userId="cid")
    second = conversation(2, search("Sales", "00:00", "00:10"), eve, search("Claims", "02:30", "03:00"), cid)
    calls = told([first, second], tmp_path, "genesys-cloud").calls.set_index("contact_id")
    rows = calls.sort_values(["offered_at", "queue"], kind="stable")
    assert list(zip(rows["queue"], rows["kind"], strict=True)) == [
        ("Sales", "inbound"), ("Sales", "inbound"), ("Claims", "conference"), ("Claims", "transfer"),
        ("Legal", "conference"), ("Support", "transfer"),
    ]  # fmt: skip
    own = rows[rows["kind"] == "inbound"].set_index("agent")
    assert own["transfer_to"].to_dict() == {"bob": "Support", "eve": "Claims"}
    assert own.loc["bob", "consult_to"] == "Claims"
    assert (own.loc["bob", "joined_at"] - own.loc["bob", "offered_at"]).total_seconds() == 130
    assert own["consult_at"].notna().to_dict() == {"bob": True, "eve": False}


def test_genesys_ring_outs_holds_wrap_ups_and_transfers(tmp_path: Path) -> None:
    """Waits 30 s with one ring-out, 4 s of ringing, talks 60 s with a hold, 20 s wrap-up, then a transfer of 10 s."""
    customer = part("customer", segment("interact", "00:00", "10:00"))
    first = part("acd", segment("interact", "00:00", "00:30", queueId="q1"), participantName="Sales")
    rang = part("agent", segment("alert", "00:05", "00:15", queueId="q1"), userId="ann")
    bob = part(
        "agent",
        segment("alert", "00:26", "00:30"), segment("interact", "00:30", "01:00"), segment("hold", "01:00", "01:10"),
        segment("interact", "01:10", "01:30", disconnectType="transfer"), segment("wrapup", "01:30", "01:50"),
        userId="bob",
    )  # fmt: skip
    second = part("acd", segment("interact", "01:30", "01:40", queueId="q2"), participantName="Support")
    cid = part("agent", segment("interact", "01:40", "03:00", disconnectType="peer"), userId="cid")
    found = told([conversation(1, cid, second, customer, bob, rang, first)], tmp_path, "genesys-cloud")
    assert names(found, "queue") == ["Sales", "Support"]
    assert names(found, "kind") == ["inbound", "transfer"]
    assert names(found, "transfer_to") == ["Support", None]
    assert names(found, "agent") == ["bob", "cid"]
    assert wait_s(found.calls).tolist() == [30, 10]
    assert handle_s(found.calls).tolist() == [60, 80]
    assert found.calls["rings"].tolist() == [1, 0]
    assert found.calls["rung_s"].tolist()[0] == 10
    assert found.calls["ring_s"].tolist()[0] == 4
    assert found.calls["wrap_up_s"].tolist() == [20, 0]


def test_genesys_customers_who_leave_while_it_rings_are_no_ring_outs(tmp_path: Path) -> None:
    """Ann lets it ring for 10 s; at Bob the customer hangs up. What ends before the search, or by no answer, counts."""
    waits = part("acd", segment("interact", "00:00", "00:30", queueId="q1", disconnectType="peer"))
    ann = part("agent", segment("alert", "00:05", "00:15", disconnectType="peer"), userId="ann")
    bob = part("agent", segment("alert", "00:22", "00:30", disconnectType="peer"), userId="bob")
    over = part("agent", segment("alert", "00:22", "00:30", disconnectType="noAnswerTransfer"), userId="bob")
    found = told(
        [conversation(1, waits, ann, bob), conversation(2, waits, ann, over)], tmp_path, "genesys-cloud"
    )
    assert found.calls["rings"].tolist() == [1, 2]
    assert found.calls["rung_s"].tolist() == [10, 10]
    assert found.calls["answered_at"].isna().all()


def test_genesys_pages_and_what_is_no_contact_of_a_queue(tmp_path: Path) -> None:
    waits = part("acd", segment("interact", "00:00", "00:40", queueId="q1", disconnectType="peer"))
    again = part("acd", segment("interact", "00:40", "00:50", queueId="q2", disconnectType="peer"))
    outbound = part("agent", segment("dialing", "00:00", "00:10"), userId="ann")
    page = {"conversations": [conversation(1, waits), conversation(2, outbound)], "totalHits": 2}
    other = {"conversations": [conversation(3, waits, again), {"conversationId": "c4", "participants": 7}]}
    found = told(json.dumps(page, indent=1) + json.dumps(other), tmp_path, "genesys-cloud", "page.json")
    assert names(found, "queue") == [
        "q1",
        "q2",
    ]  # the second went on to q2 before anybody answered: one search
    assert wait_s(found.calls).tolist() == [40, 50]
    assert found.problems.counts == {"no agent was asked for": 1, "not in the shape of its format": 1}
    assert "Europe/Berlin" in found.readings[0]


# Amazon Connect.


def record(contact: str, at: str, **more: object) -> dict[str, object]:
    queue = {
        "Name": "Sales",
        "EnqueueTimestamp": f"2026-03-02T09:{at}Z",
        "DequeueTimestamp": "2026-03-02T09:09:00Z",
    }
    return {"ContactId": contact, "Channel": "VOICE", "InitiationMethod": "INBOUND", "Queue": queue} | more


def test_connect_keeps_the_newest_record_and_follows_the_next(tmp_path: Path) -> None:
    agent = {"Username": "ann", "ConnectedToAgentTimestamp": "2026-03-02T09:00:20Z", "AfterContactWorkDuration": 15,
             "AfterContactWorkStartTimestamp": "2026-03-02T09:02:00Z"}  # fmt: skip
    old = record("c1", "00:00", LastUpdateTimestamp="2026-03-02T09:03:00Z")
    new = record(
        "c1", "00:00", LastUpdateTimestamp="2026-03-02T09:04:00Z", Agent=agent, AgentConnectionAttempts=3,
        NextContactId="c2", DisconnectTimestamp="2026-03-02T09:30:00Z",
    )  # fmt: skip
    queue = {
        "Name": "Support",
        "EnqueueTimestamp": "2026-03-02T09:02:00Z",
        "DequeueTimestamp": "2026-03-02T09:02:50Z",
    }
    after = record(
        "c2", "02:00", InitiationMethod="TRANSFER", PreviousContactId="c1", Queue=queue, Agent=None
    )
    ivr = record("c3", "05:00", Queue=None)
    text = "".join(
        json.dumps(one) for one in (new, after, old, ivr)
    )  # one after the other, as a stream delivers them
    found = told(text, tmp_path, "amazon-connect", "records.json")
    assert names(found, "queue") == ["Sales", "Support"]
    assert names(found, "transfer_to") == ["Support", None]
    assert names(found, "kind") == ["inbound", "transfer"]
    assert wait_s(found.calls).tolist() == [20, 50]
    assert handle_s(found.calls).tolist()[0] == 100
    assert found.calls["rings"].tolist() == [2, 0]
    assert found.calls["wrap_up_s"].tolist()[0] == 15
    assert found.problems.counts == {"an older record of the same contact": 1, "no agent was asked for": 1}


def test_connect_who_changes_the_queue_while_they_wait_waits_once(tmp_path: Path) -> None:
    first = record("c1", "00:00", NextContactId="c2")
    queue = {
        "Name": "Overflow",
        "EnqueueTimestamp": "2026-03-02T09:09:00Z",
        "DequeueTimestamp": "2026-03-02T09:10:00Z",
    }
    second = record("c2", "09:00", InitiationMethod="QUEUE_TRANSFER", Queue=queue)
    found = told([first, second], tmp_path, "amazon-connect")
    assert names(found, "queue") == ["Overflow"]
    assert names(found, "kind") == ["inbound"]
    assert wait_s(found.calls).tolist() == [600]


# Expertflow.

TASKS = (
    "agent_task_id,conversation_id,agent_id,task_queue_time,task_reserved_time,task_answered_time,task_end_time,"
    "queue_id,task_disposition,task_direction\n"
)


def test_expertflow_joins_the_tasks_of_one_search(tmp_path: Path) -> None:
    """Rings out at Ann after 20 s, Bob answers 30 s after the start and hands on; the list's task has no queue time."""
    text = TASKS + (
        "1,c1,ann,2026-03-02 09:00:00,2026-03-02 09:00:05,,2026-03-02 09:00:20,sales,RONA,INBOUND\n"
        "2,c1,bob,2026-03-02 09:00:20,2026-03-02 09:00:26,2026-03-02 09:00:30,2026-03-02 09:02:00,sales,"
        "TRANSFERRED,INBOUND\n"
        "3,c1,,2026-03-02 09:02:00,,,2026-03-02 09:02:50,support,CANCELLED,DIRECT_TRANSFER\n"
        "4,c2,ann,,2026-03-02 09:03:00,2026-03-02 09:03:00,2026-03-02 09:04:00,mail,DONE,INBOUND\n"
        "5,c3,,2026-03-02 09:03:00,,,,sales,UNFINISHED,INBOUND\n"
    )
    found = told(text, tmp_path, "expertflow", "agent_task.csv")
    assert names(found, "queue") == ["sales", "support"]
    assert names(found, "kind") == ["inbound", "transfer"]
    assert names(found, "transfer_to") == ["support", None]
    assert wait_s(found.calls).tolist() == [30, 50]
    assert handle_s(found.calls).tolist()[0] == 90
    assert found.calls["rings"].tolist() == [1, 0]
    assert found.calls["rung_s"].tolist()[0] == 15
    assert found.calls["ring_s"].tolist()[0] == 4
    assert found.problems.counts == {"no agent was asked for": 1, "no end": 1}


# Anonymous Bank.


def test_the_bank_midnight_the_voice_response_unit_and_phantoms(tmp_path: Path) -> None:
    head = "\t".join(BANK) + "\n"
    rows = (
        "A\t1\t0\t0\tPS\t990201\t23:59:40\t23:59:50\t10\t23:59:50\t0:00:10\t20\tAGENT\t0:00:10\t0:01:10\t60\tA01\n"
        "A\t2\t7\t2\tNW\t990201\t9:00:00\t9:00:10\t10\t9:00:10\t9:00:40\t30\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER\n"
        "A\t3\t0\t0\tPS\t990201\t9:00:00\t9:00:10\t10\t0:00:00\t0:00:00\t0\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER\n"
        "A\t4\t0\t0\tPS\t990201\t9:00:00\t9:00:10\t10\t0:00:00\t0:00:00\t0\tPHANTOM\t0:00:00\t0:00:00\t0\tNO_SERVER\n"
        "A\t5\t0\t1\tPS\t990201\t9:10:00\t9:10:10\t10\t0:00:00\t0:00:00\t0\tAGENT\t9:10:09\t9:11:09\t60\tNO_SERVER\n"
    )
    found = told(head + rows, tmp_path, "anonymous-bank", "bank.tsv")
    assert names(found, "queue") == ["NW", "PS", "PS"]
    assert wait_s(found.calls).tolist() == [30, 0, 20]
    assert handle_s(found.calls).fillna(0).tolist() == [0, 60, 60]
    assert names(found, "agent") == [None, None, "A01"]
    assert names(found, "label") == ["priority 2", "priority 1", "priority 0"]
    assert str(found.calls["ended_at"].iloc[-1]) == "1999-02-02 00:01:10"
    assert found.problems.counts == {"a phantom call": 1, "no agent was asked for": 1}


def test_the_bank_of_1999_is_as_its_page_has_it() -> None:
    """33,344 rows: 27,162 served, 278 phantoms, 1,941 left in the voice response unit; half of who queue wait 300 s."""
    path = Path(__file__).parents[3] / "shared" / "data" / "anonymous_bank_1999_02.tsv.gz"
    if not path.exists():
        pytest.skip("the real log is not part of the project: ../shared/data is not here")
    found = read_log(path, "anonymous-bank")
    assert found.problems.counts == {"a phantom call": 278, "no agent was asked for": 1_941}
    assert found.calls["answered_at"].notna().sum() == 27_162
    assert len(found.calls) == 33_344 - 278 - 1_941
    waited, left = wait_s(found.calls), found.calls["answered_at"].isna()
    for seconds, stays in ((10, 0.964), (60, 0.821), (180, 0.610), (300, 0.487), (600, 0.264)):
        some = waited > 0
        times = (
            pd.DataFrame({"t": waited[some], "left": left[some]}).groupby("t")["left"].agg(["sum", "count"])
        )
        at_risk = times["count"][::-1].cumsum()[::-1]
        alive = float((1 - times["sum"] / at_risk)[times.index <= seconds].prod())
        assert alive == pytest.approx(stays, abs=0.006)


# Time zones.


@pytest.mark.parametrize("name", ["asterisk", "genesys-cloud", "amazon-connect", "twilio-taskrouter"])
def test_times_of_utc_become_those_of_the_centre(name: str) -> None:
    here = read_log(SAMPLES / FILES[name], name, "Asia/Kolkata").calls
    there = read_log(SAMPLES / FILES[name], name).calls
    assert (here["offered_at"] - there["offered_at"]).unique().tolist() == [pd.Timedelta("5h30m")]
    assert wait_s(here).tolist() == wait_s(there).tolist()


@pytest.mark.parametrize("name", ["columns", "expertflow", "anonymous-bank", "vanad"])
def test_a_zone_without_use_is_refused(name: str) -> None:
    with pytest.raises(SimError, match="no time zone can make them local; leave `Europe/Berlin` out"):
        read_log(SAMPLES / FILES[name], name, "Europe/Berlin")


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(SimError, match="`Europe/Berlinn` is no time zone"):
        read_log(SAMPLES / "queue_log", "asterisk", "Europe/Berlinn")


@pytest.mark.slow
def test_the_real_bank_is_calibrated_and_runs(tmp_path: Path) -> None:
    """Of its queues IN and PE half of no team's agents answered two calls."""
    path = Path(__file__).parents[3] / "shared" / "data" / "anonymous_bank_1999_02.tsv.gz"
    if not path.is_file():
        pytest.skip("the data are not there")
    found = sim.calibrate(path, "anonymous-bank", out=tmp_path / "fitted")
    assert {queue for team in found.people.teams for queue in team.skills} == {
        *["PS", "NW", "NE", "TT", "IN", "PE"]
    }
    assert found.hours.weekdays == (0, 1, 2, 3, 6)  # the weekend is Friday afternoon to Saturday
    sim.load(tmp_path / "fitted" / "scenario.yaml")
    sim.load(tmp_path / "fitted" / "week.yaml")
