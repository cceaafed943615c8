"""Logs that could be misread without a word: what is taken for what is told, or refused in a line."""

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import SimError
from sim.experiments.replications import run
from sim.logs import pieces
from sim.logs.calibrating import calibrate
from sim.logs.column_map import read_map
from sim.logs.reading import Log, read_log
from sim.logs.times import read_times
from sim.scenario import load

HEAD = "queue,offered_at,answered_at,ended_at,agent\n"


def read(folder: Path, *rows: str, head: str = HEAD, time_zone: str = "") -> Log:
    path = folder / "log.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows))
    return read_log(path, time_zone=time_zone)


def contact(hour: int, queue: str = "sales", agent: str = "ann", answered: str = "00:10") -> str:
    at = f"2026-03-02 {hour:02}:"
    return f"{queue},{at}00:00,{at + answered if answered else ''},{at}05:00,{agent}"


def test_names_in_two_spellings_are_one(tmp_path: Path) -> None:
    """Capitals and spaces; in numbers without a space capitals tell apart, unless all are alike."""
    agents = ("Ann Lee", "ann  lee", "ANN LEE", "SIP/7", "sip/7", "0051xB3", "0051Xb3")
    queues = ("Sales", "sales", "Support 1", "support 1", "Support 2", "q2", "q20")
    log = read(
        tmp_path,
        *(contact(8 + n, *pair) for n, pair in enumerate(zip(queues, agents, strict=True))),
    )
    assert log.calls["agent"].tolist() == [
        "Ann Lee", "Ann Lee", "Ann Lee", "SIP/7", "SIP/7", "0051xB3", "0051Xb3"
    ]  # fmt: skip
    assert log.calls["queue"].tolist() == [
        "Sales", "Sales", "Support 1", "Support 1", "Support 2", "q2", "q20"
    ]  # fmt: skip
    queue, agent = sorted(log.readings, reverse=True)
    told = "names that differ in spaces and capitals alone are one"
    assert queue == f"`queue`: {told}: `sales` for `Sales`, `support 1` for `Support 1`"
    assert agent == f"`agent`: {told}: `ann  lee` for `Ann Lee`, `ANN LEE` for `Ann Lee`, `sip/7` for `SIP/7`"


def test_an_agent_without_an_answer_is_told(tmp_path: Path) -> None:
    log = read(tmp_path, contact(8), contact(9, answered=""), contact(10, agent="", answered=""))
    assert log.calls["outcome"].tolist() == ["answered", "abandoned", "abandoned"]
    assert log.readings == (
        "1 with an agent and no time of answer: taken for abandoned, though the agent may have answered",
    )
    assert read(tmp_path, contact(8), contact(10, agent="", answered="")).readings == ()


def test_contacts_that_nobody_ended_are_told(tmp_path: Path) -> None:
    """From Monday 9:00 to Wednesday 9:00 are 48 h; the waits before the answer are no handling."""
    long = "sales,2026-03-01 07:00:00,2026-03-02 09:00:00,2026-03-04 09:00:00,bob"
    waited = "sales,2026-03-01 07:00:00,2026-03-02 09:00:00,2026-03-03 08:59:59,bob"
    log = read(tmp_path, contact(8), long, waited)
    (told,) = log.readings
    assert told.startswith(
        "1 of the contacts took a day or longer to handle, up to 48 h, as if nobody had ended them"
    )
    assert read(tmp_path, contact(8), waited).readings == ()


def test_kinds_are_read_in_capitals_and_refused_where_none_is_inbound(tmp_path: Path) -> None:
    head = HEAD.replace("agent", "agent,kind")
    log = read(tmp_path, f"{contact(8)},INBOUND", f"{contact(9)},Transfer", head=head)
    assert log.calls["kind"].tolist() == ["inbound", "transfer"]
    with pytest.raises(
        SimError, match="no contact is of the kind `inbound`, all are `call`, `chat`, which is"
    ):
        read(tmp_path, f"{contact(8)},Call", f"{contact(9)},Chat", head=head)


def zoned(*offsets: str) -> list[str]:
    """Contacts of half a minute at 9:00, 9:01, ... by clocks with these distances from UTC."""
    return [f"sales,2026-03-02T09:0{n}:00{one},,2026-03-02T09:0{n}:30{one}," for n, one in enumerate(offsets)]


def test_times_of_several_distances_from_utc_are_told(tmp_path: Path) -> None:
    log = read(tmp_path, *zoned("+01:00", "-0500", "", "+01:00"))
    assert [f"{one:%H:%M}" for one in log.calls["offered_at"]] == ["09:00", "09:01", "09:02", "09:03"]
    assert log.readings == (
        "the times name different distances from UTC (-0500, +01:00, none) and are read as the clocks that they show;"
        " --time-zone Europe/Berlin makes them those of one place",
    )
    there = read(tmp_path, *zoned("+01:00", "-0500"), time_zone="Europe/Berlin")
    assert [f"{one:%H:%M}" for one in there.calls["offered_at"]] == ["09:00", "15:01"]
    assert there.readings == ()
    for offsets in (("+01:00", "+01:00"), ("Z",), ("",)):
        assert read(tmp_path, *zoned(*offsets)).readings == ()


@pytest.mark.parametrize("offset", ["+02", "+02:00", "+0200", " +02", "+2:00", ".120+02", "-2", "Z"])
def test_an_offset_may_be_written_in_any_form(tmp_path: Path, offset: str) -> None:
    """PostgreSQL writes +02; in Berlin, an hour from UTC in March, nine o'clock there is eight, twelve or ten."""
    here, there = read(tmp_path, *zoned(offset)), read(tmp_path, *zoned(offset), time_zone="Europe/Berlin")
    hour = {"-": "12:00", "Z": "10:00"}.get(offset[0], "08:00")
    assert [f"{log.calls['offered_at'][0]:%H:%M}" for log in (here, there)] == ["09:00", hour]
    assert (here.readings, there.readings) == ((), ())


@pytest.mark.parametrize(
    ("zone", "hours"), [("", ["09:00", "09:00", "09:00"]), ("Europe/Berlin", ["08:00", "09:00"])]
)
def test_a_form_with_an_offset_is_read_as_iso_is(zone: str, hours: list[str]) -> None:
    """Without a zone as the clocks show, also where they change; with one, times without an offset are left out."""
    cells = pd.Series(["02/03/2026 09:00 +0200", "02/03/2026 09:00 +0100", "02/03/2026 09:00"])
    found = read_times(cells, "%d/%m/%Y %H:%M %z", zone).dropna()
    assert [f"{one:%H:%M}" for one in found] == hours


@pytest.mark.parametrize("zone", ["", "Europe/Berlin"])
def test_a_form_with_an_offset_may_have_any_clock(zone: str) -> None:
    """Half past nine in the evening there is an hour earlier in Berlin."""
    for cell, form in (
        ("2/3/2026 9:30 PM +02", "%d/%m/%Y %I:%M %p %z"),
        ("2/3/2026 21h30 +0200", "%d/%m/%Y %Hh%M %z"),
    ):
        (found,) = read_times(pd.Series([cell]), form, zone)
        assert found == pd.Timestamp("2026-03-02 20:30" if zone else "2026-03-02 21:30")


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S %Z", "%z %Y-%m-%d %H:%M:%S"])
def test_a_form_of_which_the_zone_cannot_be_read_is_refused(tmp_path: Path, form: str) -> None:
    (tmp_path / "map.yaml").write_text(
        f'columns: {{queue: q, offered_at: a, answered_at: b, ended_at: c}}\ntimes: "{form}"\n'
    )
    with pytest.raises(SimError, match="how far a time is from UTC is read at its end alone, as %z"):
        read_map(tmp_path / "map.yaml")


@pytest.mark.parametrize("piece", [1, 40_000])
def test_of_a_zone_times_without_a_distance_are_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """They would be taken for those of UTC, an hour away, or stay as they are, by what stands beside them."""
    monkeypatch.setattr(pieces, "PIECE", piece)
    log = read(tmp_path, *zoned("+00:00", "", "", "Z"), time_zone="Europe/Berlin")
    assert [f"{one:%H:%M}" for one in log.calls["offered_at"]] == ["10:00", "10:03"]
    assert log.problems.counts["`offered_at` names no distance from UTC"] >= 1
    assert log.problems.counts["no time of arrival"] == 2


def test_a_log_that_cannot_tell_who_works_is_refused(tmp_path: Path) -> None:
    """Nothing is written: a scenario without teams could not be read."""
    log = read(tmp_path, *(contact(8 + n, agent="") for n in range(8)))
    said = "no contact says who answered it, so there are no teams to fit; name the column that does"
    with pytest.raises(SimError, match=said):
        calibrate(log, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("agents", ["abcdefgh", "aabcdefg", "ab", "a"])
def test_whoever_answered_a_contact_is_in_a_team(tmp_path: Path, agents: str) -> None:
    """However few they answered: the scenario runs."""
    log = read(tmp_path, *(contact(8 + n, agent=one) for n, one in enumerate(agents)))
    found = calibrate(log, out=tmp_path / "out")
    assert [(team.skills, team.seen) for team in found.people.teams] == [(("sales",), len(set(agents)))]
    result = run(load(tmp_path / "out" / "scenario.yaml"), 2, jobs=1)
    assert result.figure("offered").value > 0


def test_who_asks_again_is_among_the_contacts_that_came(tmp_path: Path) -> None:
    """Nobody is there to answer: each of eight would ask twice more, and each is recorded already."""
    log = read(tmp_path, *(contact(8 + n, agent="a") for n in range(8)))
    again = "{ask_again: 100%, after: 1m, at_most: 2}"
    text = f"""
        lasts: 24h
        media: {{voice: {{max_tasks: 1}}}}
        channels: {{phone: {{medium: voice, request_ttl: 2m}}}}
        queues: {{sales: {{medium: voice, handle_time: 5m}}}}
        teams: {{front: {{agents: 0, skills: {{sales: 1}}}}}}
        customers: {{after_no_agent: {again}}}
        arrivals: [{{channel: phone, queue: sales, per_hour: 1}}]
        """
    tested = sim.backtest(sim.loads(text), log, replications=2, jobs=1)
    offered = tested.rows.query(
        "metric == 'offered' and demand == 'actual' and queue == '' and interval == ''"
    )
    assert offered["simulated"].tolist() == offered["observed"].tolist()
