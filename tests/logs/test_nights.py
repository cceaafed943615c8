"""A centre that is open over midnight: its hours are found, and what comes after midnight is of the day before."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from logs.conftest import Frame
from sim.logs.nights import closed_gap, cut_days
from sim.logs.opening_hours import OrdinaryPart, ordinary_days
from sim.logs.people import people_of
from sim.logs.problems import Problems
from sim.logs.reading import Log
from sim.logs.tested_dates import TIMES, on_the_wall

CENTRE = """\
name: Night desk
opens: 2026-03-02 20:00
lasts: 8h
seed: 21
replications: 24
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  night:
    medium: voice
    service_level: {within: 20s, target: 80%}
    handle_time: {gamma: {mean: 3m, sd: 90s}}
    patience: {exponential: {mean: 3m}}
teams:
  desk:
    skills: {night: 1}
    wrap_up: 20s
    head_count: {every: 2h, agents: [8, 7, 4, 3]}
arrivals:
  - {channel: phone, queue: night, every: 2h, per_hour: [120, 90, 40, 20]}
"""
HOUR = 3600.0


def a_log(calls: pd.DataFrame) -> Log:
    return Log("calls.csv", "columns", "0" * 16, calls, Problems())


def nights(frame: Frame, dates: tuple[str, ...], *clocks: str) -> pd.DataFrame:
    """Ten contacts from each of the clock times of each date on, a minute apart; who answers handles for 30 s."""
    rows = []
    for date in dates:
        for clock in clocks:
            for minute in range(10):
                at = pd.Timestamp(f"{date} {clock}") + pd.Timedelta(minutes=minute)
                moments = [at, at + pd.Timedelta(seconds=5), at + pd.Timedelta(seconds=35)]
                rows.append(("calls", *(f"{moment:%Y-%m-%d %H:%M:%S}" for moment in moments), "ann"))
    rows.sort(key=lambda row: row[1])
    return frame(*rows)


EVENING, MORNING = ("22:00", "22:30", "23:00", "23:30"), ("00:00", "00:30", "01:00", "01:30")


def test_hours_after_midnight_are_of_the_day_before(frame: Frame) -> None:
    """Monday to Thursday from 22:00 to 02:00, in a log from Monday to Thursday at midnight.

    In the first night, of Sunday, and in the last one, of Thursday, half of what came is not in the log.
    """
    dates = tuple(f"2014-03-{number:02d}" for number in range(3, 7))
    found = sim.calibrate(a_log(nights(frame, dates, *EVENING, *MORNING)))
    hours = found.hours
    assert (hours.opens, hours.closes, hours.turn) == (22 * HOUR, 26 * HOUR, 12 * HOUR)
    assert [f"{date:%a %d}" for date in found.dates] == ["Mon 03", "Tue 04", "Wed 05"]
    assert (found.other_days, found.offered, found.outside) == (2, 240, 80)
    (queue,) = found.queues
    assert queue.volumes == (10.0,) * 8
    assert set(queue.weekdays) == {0, 1, 2}
    assert found.people.teams[0].heads == (1,) * 8
    assert set(found.people.teams[0].weekdays) == {0, 1, 2}
    assert "from 22:00 to 26:00" in found.log.readings[0]
    assert "before 12:00 belongs to the day before" in found.log.readings[0]


def test_who_is_idle_at_both_ends_of_the_night_is_there(frame: Frame) -> None:
    """Bob's first contact comes an hour after opening and his last half an hour before closing, and none passes him."""
    dates = tuple(f"2014-03-{number:02d}" for number in range(3, 7))
    calls = nights(frame, dates, *EVENING, *MORNING)
    his = nights(frame, dates, "23:00", "23:30", "00:00", "00:30", "01:00").assign(queue="post", agent="bob")
    both = pd.concat([calls, his]).sort_values("offered_at", ignore_index=True)
    part = OrdinaryPart.of(a_log(both))
    teams = people_of(part.calls, part.days.hours).teams
    assert {team.skills: team.heads for team in teams} == {("calls",): (1,) * 8, ("post",): (1,) * 8}


def test_a_log_that_was_cut_at_noon_has_whole_nights(frame: Frame) -> None:
    evenings = nights(frame, ("2014-03-03", "2014-03-04"), *EVENING)
    mornings = nights(frame, ("2014-03-04", "2014-03-05"), *MORNING)
    calls = pd.concat([evenings, mornings]).sort_values("offered_at", ignore_index=True)
    found = sim.calibrate(a_log(calls))
    assert [date.day for date in found.dates] == [3, 4]
    assert (found.other_days, found.outside, found.offered) == (0, 0, 160)


def test_days_that_are_asked_for_are_business_days(frame: Frame) -> None:
    dates = tuple(f"2014-03-{number:02d}" for number in range(3, 8))
    log = a_log(nights(frame, dates, *EVENING, *MORNING))
    found = sim.calibrate(log, from_="2014-03-04", to="2014-03-06")
    assert [date.day for date in found.dates] == [4, 5, 6]
    assert (found.offered, found.outside, found.other_days) == (240, 0, 0)
    assert (found.log.first.day, found.log.last.day) == (4, 6)


def test_open_from_six_to_two(frame: Frame) -> None:
    clocks = [f"{hour:02d}:{minute}" for hour in (0, 1, *range(6, 24)) for minute in ("00", "30")]
    found = OrdinaryPart.of(a_log(nights(frame, ("2014-03-03", "2014-03-04", "2014-03-05"), *clocks))).days
    assert (found.hours.opens, found.hours.closes, found.hours.turn) == (6 * HOUR, 26 * HOUR, 4 * HOUR)
    assert [date.day for date in found.days] == [3, 4]  # of the 2nd and the 5th there is a part


@pytest.mark.parametrize(
    "clocks", [("08:00", "12:00", "12:30", "19:30"), ("00:00", "07:30"), ("16:00", "23:30")]
)
def test_days_that_end_by_midnight_stay_as_they_are(frame: Frame, clocks: tuple[str, ...]) -> None:
    calls = nights(frame, ("2014-03-03", "2014-03-04", "2014-03-05"), *clocks)
    found = ordinary_days(calls)
    assert found.turn == found.hours.turn == 0
    assert found.readings == ()
    assert found.holds(calls).all()


@pytest.mark.parametrize(("thin", "told"), [(20, False), (1, True)])
def test_a_quiet_night_is_no_closed_one(frame: Frame, thin: int, told: bool) -> None:
    """From 01:00 to 05:00 one comes each half hour on every night, or on every 20th."""
    dates = tuple(f"{date:%Y-%m-%d}" for date in pd.date_range("2014-03-03", periods=20))
    busy = [f"{hour:02d}:{minute}" for hour in (0, *range(5, 24)) for minute in ("00", "30")]
    calls = nights(frame, dates, *busy).iloc[::2]
    quiet = [
        ("calls", f"{date} {hour:02d}:{minute}:00", None, f"{date} {hour:02d}:{minute}:09", None)
        for number, date in enumerate(dates)
        for hour in range(1, 5)
        for minute in ("00", "30")
        if number < thin
    ]
    calls = pd.concat([calls, frame(*quiet)]).sort_values("offered_at", ignore_index=True)
    part = OrdinaryPart.of(a_log(calls))
    found = part.days
    if not told:
        assert (found.hours.opens, found.hours.closes) == (0.0, 24 * HOUR)
        assert found.readings == ()
    else:  # 8 where a tenth of the neighbours' 100 would be 80: closed, and strays
        assert (found.hours.opens, found.hours.closes) == (5 * HOUR, 25 * HOUR)
        assert part.outside >= 7


def test_hours_of_which_it_cannot_be_told_are_named(frame: Frame) -> None:
    """Around the gap hardly more come than in it: e to the -0.8 is no small chance."""
    dates = tuple(f"{date:%Y-%m-%d}" for date in pd.date_range("2014-03-03", periods=10))
    busy = [f"{hour:02d}:{minute}" for hour in (0, *range(6, 24)) for minute in ("00", "30")]
    rare = [
        ("calls", f"{date} {clock}:00", None, f"{date} {clock}:09", None)
        for date in dates[:3]
        for clock in ("02:00", "02:30", "04:30", "05:00")
    ]
    calls = pd.concat([nights(frame, dates, *busy), frame(*rare)]).sort_values(
        "offered_at", ignore_index=True
    )
    found = OrdinaryPart.of(a_log(calls))
    assert (found.days.hours.opens, found.days.hours.closes) == (0.0, 24 * HOUR)
    assert "open round the clock: in 01:00 to 06:00" in found.source.readings[0]


def slots(*runs: tuple[int, int]) -> np.ndarray:
    """So many half hours with so many contacts."""
    return np.concatenate([np.full(length, count) for length, count in runs])


def test_a_gap_is_one_where_less_than_a_tenth_of_the_neighbours_came() -> None:
    """8 intervals between those with 6: at a tenth of it 4.8 would come, and none with probability 0.8 %."""
    assert closed_gap(slots((8, 100), (8, 0), (30, 100), (2, 100))) == (8, 16)
    assert closed_gap(slots((6, 100), (2, 6), (8, 0), (2, 6), (30, 100))) == (8, 16)
    assert closed_gap(slots((6, 100), (2, 5), (8, 0), (2, 5), (30, 100))) is None  # 4.0: 1.8 %
    assert closed_gap(slots((8, 0), (32, 100), (8, 0))) is None
    assert closed_gap(slots((4, 0), (10, 100), (3, 0), (31, 100))) is None
    assert closed_gap(slots((40, 100), (8, 0))) is None
    assert closed_gap(slots((48, 100))) is None
    assert closed_gap(slots((1, 100), (20, 0), (27, 100))) == (1, 21)


def test_a_day_is_cut_where_one_side_of_midnight_is_missing() -> None:
    """Set back by 12 hours midnight is noon. Of 5 a usual night has none with a chance of 0.7 %, of 4 with 1.8 %."""

    def times(*counts: tuple[int, int]) -> pd.Series:
        found = []
        for date, (before, after) in zip(pd.date_range("2014-03-03", periods=9), counts, strict=False):
            found += [date + pd.Timedelta(hours=9)] * before + [date + pd.Timedelta(hours=15)] * after
        return pd.Series(found)

    noon = 12 * HOUR
    whole = [(5, 5)] * 3
    assert [date.day for date in cut_days(times((0, 5), *whole, (5, 0)), noon)] == [3, 7]
    assert list(cut_days(times((1, 5), *whole, (5, 1)), noon)) == []
    assert list(cut_days(times((0, 4), *[(4, 4)] * 3, (4, 0)), noon)) == []
    assert list(cut_days(times((0, 5), *whole, (5, 0)), 0.0)) == []
    assert list(cut_days(times((5, 0)), noon)) == []
    assert list(cut_days(times(*whole, (5, 0), (5, 5)), noon)) == []
    # On Mondays nobody comes after midnight, nor does anybody on the last one.
    assert list(cut_days(times((5, 0), *[(5, 5)] * 6, (5, 0)), noon)) == []


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 nights of the centre as our exporter writes them."""
    return sim.export(
        sim.run(sim.loads(CENTRE), keep_tables="all", jobs=1), "csv", tmp_path_factory.mktemp("night")
    )[0]


@pytest.mark.slow
def test_a_simulated_night_comes_back_and_is_predicted(exported: Path, tmp_path: Path) -> None:
    """Rates within three standard errors of Poisson counts, and all that came in each of the last nights."""
    out = tmp_path / "fitted"
    sim.calibrate(exported, out=out, to="2026-03-17")
    fitted = sim.load(out / "scenario.yaml")
    assert (fitted.opens_at, fitted.lasts) == (20 * HOUR, 8 * HOUR)
    (stream,) = fitted.arrivals
    for block, rate in enumerate((120, 90, 40, 20)):
        mean = float(np.mean(stream.per_hour[4 * block : 4 * block + 4]))
        assert mean == pytest.approx(rate, abs=3 * (rate / (2 * 16)) ** 0.5)
    heads = next(iter(fitted.teams.values())).head_count.agents
    assert [round(float(np.mean(heads[4 * block : 4 * block + 4]))) for block in range(4)] == [8, 7, 4, 3]
    tested = sim.backtest(fitted, exported, replications=8, jobs=1)
    assert (tested.days[0], tested.days[-1], len(tested.days)) == ("2026-03-18", "2026-03-25", 8)
    assert tested.left_out == 0
    table = pd.read_csv(exported, parse_dates=["offered_at"])
    rows = tested.rows
    rows = rows[(rows["metric"] == "offered") & (rows["demand"] == "actual") & (rows["queue"] == "")]
    for day, following in pairwise([*tested.days, "2026-03-26"]):
        came = table["offered_at"].between(f"{day} 12:00", f"{following} 12:00").sum()
        whole = rows[(rows["day"] == day) & (rows["interval"] == "")]
        assert whole["observed"].item() == whole["simulated"].item() == came
    late = rows[(rows["day"] == "2026-03-18") & (rows["interval"] == "24:30")]
    assert (
        late["observed"].item()
        == table["offered_at"].between("2026-03-19 00:30", "2026-03-19 00:59:59.999").sum()
    )
    level = tested.rows
    level = level[
        (level["metric"] == "service_level") & (level[["queue", "day", "interval"]] == "").all(axis=1)
    ]
    assert set(level["verdict"]) == {"explained"}


@pytest.mark.slow
def test_the_week_of_a_night_centre_runs(exported: Path, tmp_path: Path) -> None:
    """Two hours each of 120, 90, 40 and 20 contacts an hour are 540 a night."""
    sim.calibrate(exported, out=tmp_path / "fitted")
    week = sim.load(tmp_path / "fitted" / "week.yaml")
    offered = sim.run(week, replications=4, jobs=1).figure("offered")
    assert offered.value == pytest.approx(7 * 540, rel=0.05)


@pytest.fixture(scope="module")
def dated(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> sim.Scenario:
    """The week that is fitted to 16 nights, as the eight dates after them."""
    folder = tmp_path_factory.mktemp("dated") / "fitted"
    sim.calibrate(exported, out=folder, to="2026-03-17")
    return sim.load(folder / "week.yaml").set({"calendar.from": "2026-03-18", "calendar.days": 8})


@pytest.mark.slow
def test_the_week_of_a_night_centre_is_tested_by_business_days(exported: Path, dated: sim.Scenario) -> None:
    """What comes after midnight is of the evening before it, here counted in the log itself."""
    tested = sim.backtest(dated, exported, replications=8, jobs=1)
    assert (tested.days[0], tested.days[-1], len(tested.days)) == ("2026-03-18", "2026-03-25", 8)
    assert (tested.left_out, tested.in_sample) == (0, False)
    table = pd.read_csv(exported, parse_dates=["offered_at"])
    rows = tested.rows[(tested.rows["metric"] == "offered") & (tested.rows["queue"] == "")]
    actual, modelled = (rows[rows["demand"] == demand] for demand in ("actual", "modelled"))
    for day, following in pairwise([*tested.days, "2026-03-26"]):
        whole = actual[(actual["day"] == day) & (actual["interval"] == "")]
        came = table["offered_at"].between(f"{day} 12:00", f"{following} 12:00").sum()
        assert whole["observed"].item() == whole["simulated"].item() == came
    late = actual[(actual["day"] == "2026-03-18") & (actual["interval"] == "24:30")]
    came = table["offered_at"].between("2026-03-19 00:30", "2026-03-19 00:59:59.999").sum()
    assert late["observed"].item() == late["simulated"].item() == came
    # Two hours each of 120, 90, 40 and 20 contacts an hour are 540 a night, and 120 of them come after midnight.
    after = modelled[(modelled["day"] == "") & (modelled["interval"] >= "24:00")]
    assert after["simulated"].sum() == pytest.approx(120, rel=0.1)
    level = tested.rows[tested.rows["metric"] == "service_level"]
    level = level[(level[["queue", "day", "interval"]] == "").all(axis=1)]
    assert set(level["verdict"]) == {"explained"}


@pytest.mark.slow
def test_nights_that_hang_together_by_a_shift_are_refused(exported: Path, dated: sim.Scenario) -> None:
    shifts = [{"from": "20:00", "to": "28:00", "agents": 8}]
    given = {"teams.common.head_count": None, "teams.common.shifts": shifts}
    name = next(iter(dated.teams))
    asked = dated.set({key.replace("common", name): value for key, value in given.items()})
    with pytest.raises(sim.SimError, match="one day goes on into the next"):
        sim.backtest(asked, exported)


def test_a_night_is_told_by_the_clock_on_both_sides_of_a_change() -> None:
    """In the night to 29 March 2026 the clock of Berlin goes from 02:00 to 03:00."""
    text = CENTRE.replace("opens: 2026-03-02 20:00\nlasts: 8h", (
        'calendar: {from: 2026-03-28, days: 1, time_zone: Europe/Berlin, open: "20:00-28:00"}'
    ))  # fmt: skip
    (date,) = sim.loads(text).days
    assert date.closes_s == 27 * HOUR
    gone_by = np.array([23.5, 25.5, 26.5]) * HOUR  # since midnight
    turn = 12 * HOUR
    at = pd.Timestamp("2001-01-01") + pd.to_timedelta(gone_by - turn, unit="s")
    calls = pd.DataFrame(dict.fromkeys(TIMES, at))
    shown = on_the_wall(calls, date, turn)["offered_at"] + pd.Timedelta(seconds=turn)
    assert [f"{one:%d %H:%M}" for one in shown] == ["01 23:30", "02 01:30", "02 03:30"]
