"""The calendar: which rule holds on a date, when it is open, and what its clock shows; mistakes and notes."""

import builtins
from datetime import date
from typing import Any

import pytest

from sim.errors import SimError
from sim.scenario import Calendar, Scenario, dump, loads, notes
from sim.scenario.calendar import public_holidays, stretches
from sim.scenario.day_rules import holding, rule_for, selector
from sim.scenario.single_days import only_on

from .small import SMALL, mistakes, text_with

HOUR = 3600.0
WEEK = """\
calendar:
  from: 2026-03-30
  days: 7
  time_zone: Europe/Berlin
  open: {mon-fri: "08:00-20:00", sat: "09:00-14:00"}
  holidays: [2026-04-03]
"""


def week(calendar: str = WEEK, **parts: str) -> str:
    """The small scenario's text with a calendar in place of `opens` and `lasts`."""
    text = text_with(**parts)
    return calendar + "".join(line for line in text.splitlines(True) if line[:5] not in ("opens", "lasts"))


def calendar(**keys: Any) -> Calendar:
    given = {"from": "2026-03-02", "open": {"mon-fri": "08:00-20:00", "sat": "09:00-14:00"}} | keys
    return Calendar.model_validate(given)


# Which rule holds.


def test_a_date_beats_a_weekday_beats_a_range_and_the_shorter_range_beats_the_longer() -> None:
    rules = ("mon-sun", "mon-fri", "wed", "2026-03-04")
    assert rule_for(rules, date(2026, 3, 4)) == "2026-03-04"  # a Wednesday
    assert rule_for(rules, date(2026, 3, 11)) == "wed"
    assert rule_for(rules, date(2026, 3, 12)) == "mon-fri"
    assert rule_for(rules, date(2026, 3, 14)) == "mon-sun"
    assert rule_for(("fri-mon",), date(2026, 3, 8)) == "fri-mon"  # over the weekend
    assert rule_for(("tue",), date(2026, 3, 4)) is None


def test_of_a_list_all_that_are_equally_near_hold() -> None:
    shifts = ("mon-fri", None, "wed", "wed", "2026-03-11")
    assert holding(shifts, date(2026, 3, 3)) == (0, 1)
    assert holding(shifts, date(2026, 3, 4)) == (2, 3)
    assert holding(shifts, date(2026, 3, 11)) == (4,)
    assert holding(("sat",), date(2026, 3, 3)) == ()


@pytest.mark.parametrize(
    "given", ["monday", "mon-", "mon-fry", "2026-3-2", "03/02", 5, None, "", "9999-12-31"]
)
def test_what_is_no_day_is_refused(given: object) -> None:
    with pytest.raises(
        ValueError, match=r"is neither a weekday|is not a date|is not in the years 1900 to 2200"
    ):
        selector(given)


# When it is open.


def test_a_holiday_is_closed_unless_the_date_itself_has_hours() -> None:
    found = calendar(days=35, holidays=["2026-03-17", "2026-03-18"], open={
        "mon-fri": "08:00-20:00", "2026-03-18": "10:00-12:00", "2026-03-19": "closed",
    })  # fmt: skip
    assert found.hours_on(date(2026, 3, 16)) == (8 * HOUR, 20 * HOUR)
    assert found.hours_on(date(2026, 3, 17)) is None
    assert found.hours_on(date(2026, 3, 18)) == (10 * HOUR, 12 * HOUR)
    assert found.hours_on(date(2026, 3, 19)) is None
    assert found.hours_on(date(2026, 3, 21)) is None  # a Saturday, which no rule is for


def test_holidays_of_a_country_are_those_of_the_library() -> None:
    found = calendar(holidays="DE-BY")
    assert found.holiday_on(date(2026, 4, 3)) == "Good Friday"
    assert found.holiday_on(date(2026, 1, 6))  # Epiphany, in Bavaria and not in Berlin
    assert not calendar(holidays="DE-BE").holiday_on(date(2026, 1, 6))


def test_without_the_library_the_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "holidays":
            raise ImportError(name)
        return usual(name, *args, **kwargs)

    public_holidays.cache_clear()
    monkeypatch.setattr(builtins, "__import__", refuse)
    text = week(WEEK.replace("[2026-04-03]", "NL"))
    assert mistakes(text) == [
        "day.yaml:6:13: calendar.holidays: the holidays of `NL` need the package holidays, which is not installed: "
        "pip install 'contact-routing-sim[calendar]'; or write their dates as a list"
    ]


def test_hours_may_be_given_once_for_every_day() -> None:
    assert calendar(open="07:00-19:00").hours_on(date(2026, 3, 8)) == (7 * HOUR, 19 * HOUR)


# What the clock shows.


def test_in_spring_an_hour_is_skipped() -> None:
    found = calendar(time_zone="Europe/Berlin")
    day = date(2026, 3, 29)
    assert found.length_s(day) == 23 * HOUR
    assert [*found.spans(day, 0, 24 * HOUR)] == [(0.0, 2 * HOUR), (2 * HOUR, 23 * HOUR)]
    assert [*found.spans(day, 2 * HOUR, 3 * HOUR)] == []
    assert found.instant(day, 8 * HOUR) == 7 * HOUR
    assert found.instant(day, 2.5 * HOUR) == 2 * HOUR


def test_in_autumn_an_hour_comes_twice() -> None:
    found = calendar(time_zone="Europe/Berlin")
    day = date(2026, 10, 25)
    assert found.length_s(day) == 25 * HOUR
    assert [*found.spans(day, 2 * HOUR, 3 * HOUR)] == [(2 * HOUR, 3 * HOUR), (3 * HOUR, 4 * HOUR)]
    assert found.instant(day, 8 * HOUR) == 9 * HOUR


def test_other_zones_change_by_other_rules_and_some_never() -> None:
    assert stretches(date(2026, 4, 5), "Australia/Lord_Howe")[-1].end == 24.5 * HOUR  # by half an hour
    assert stretches(date(2026, 3, 8), "America/New_York")[-1].end == 23 * HOUR
    assert stretches(date(2026, 3, 29), "Asia/Tokyo")[-1].end == 24 * HOUR
    assert stretches(date(2026, 3, 29), None)[-1].end == 24 * HOUR


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Santiago", date(2026, 9, 6)),
        ("America/Havana", date(2026, 3, 8)),
        ("Africa/Cairo", date(2026, 4, 24)),
        ("Asia/Beirut", date(2026, 3, 29)),
    ],
)
def test_where_the_clock_goes_forward_at_midnight_the_day_begins_at_one(zone: str, day: date) -> None:
    found = calendar(time_zone=zone)
    assert found.length_s(day) == 23 * HOUR
    assert [*found.spans(day, 0, HOUR)] == []
    assert [*found.spans(day, 0, 24 * HOUR)] == [(0.0, 23 * HOUR)]
    assert [*found.spans(day, 9 * HOUR, 17 * HOUR)] == [(8 * HOUR, 16 * HOUR)]
    assert [found.instant(day, at * HOUR) for at in (0.5, 1, 24)] == [0.0, 0.0, 23 * HOUR]


def test_midnights_add_up_over_the_change() -> None:
    found = calendar(**{"from": "2026-03-28", "time_zone": "Europe/Berlin", "days": 3})
    assert [found.midnight_s(day) / HOUR for day in found.dates] == [0, 24, 47]


# The scenario.


def test_a_calendar_says_when_the_run_begins_and_how_long_it_is() -> None:
    found = loads(week(WEEK.replace("2026-03-30", "2026-03-28")))
    assert str(found.opens) == "2026-03-28 00:00:00"
    assert found.lasts == (7 * 24 - 1) * HOUR
    again = loads(dump(found))
    assert again == found
    assert "lasts" not in dump(found)


def test_a_pattern_by_day_reaches_each_date() -> None:
    found = loads(week(arrivals="""\
        arrivals:
          - {channel: web, queue: sales, per_hour: {mon-fri: [30, 20], sat: 6, 2026-04-01: 1}, every: 6h}
        """))  # fmt: skip
    volumes = [date.scenario.arrivals[0].volume_within(0) for date in found.days]
    # Mon, Tue: 6 h at 30 and 6 h at 20; Wed: 12 h at 1; Thu as Mon; Fri is a holiday; Sat: 5 h at 6; Sun closed.
    assert [date.name[-5:] for date in found.days] == ["03-30", "03-31", "04-01", "04-02", "04-04"]
    assert volumes == pytest.approx([300, 300, 12, 300, 30])
    assert found.days[0].scenario.arrivals[0].pieces == (
        (8 * HOUR, 14 * HOUR, 180.0), (14 * HOUR, 20 * HOUR, 120.0),
    )  # fmt: skip


def test_an_hour_that_is_skipped_brings_nothing_and_one_that_comes_twice_brings_double() -> None:
    rates = list(range(1, 25))
    for first, missing in (("2026-03-29", -3), ("2026-10-25", +3)):  # the hour from 02:00 has a rate of 3
        text = week(
            f"calendar: {{from: {first}, days: 1, time_zone: Europe/Berlin, open: '00:00-24:00'}}\n",
            arrivals=f"arrivals: [{{channel: web, queue: sales, per_hour: {rates}}}]",
        )
        (day,) = loads(text).days
        assert day.scenario.arrivals[0].volume_within(0) == pytest.approx(sum(rates) + missing)


def test_shifts_and_breaks_by_day() -> None:
    found = loads(week(teams="""\
        teams:
          crew:
            skills: {sales: 5, help: 5, calls: 5}
            shifts:
              - from: "08:00"
                to: "16:00"
                agents: 3
                days: mon-fri
                breaks: [{at: "12:00", for: 30m}, {at: "10:00", for: 1h, days: wed}]
              - {from: "12:00", to: "20:00", agents: 2}
              - {from: "09:00", to: "14:00", agents: 4, days: sat}
        """))  # fmt: skip
    assert found.teams["crew"].agents == 5  # a weekday's 3 and 2; a Saturday has 4
    crews = {date.name: date.scenario.teams["crew"] for date in found.days}
    assert crews["2026-03-30"].shift_sizes() == (3, 2)
    assert crews["2026-04-04"].shift_sizes() == (4,)
    assert [one.at for one in crews["2026-03-30"].shifts[0].breaks] == [12 * HOUR]
    assert [one.at for one in crews["2026-04-01"].shifts[0].breaks] == [10 * HOUR]


def test_head_counts_by_day_begin_at_the_opening() -> None:
    found = loads(week(teams="""\
        teams:
          crew:
            skills: {sales: 5, help: 5, calls: 5}
            head_count: {every: 3h, agents: {mon-fri: [2, 4, 4, 1], sat: [3, 2]}}
        """))  # fmt: skip
    monday, saturday = (found.days[at].scenario.teams["crew"].head_count for at in (0, -1))
    assert monday is not None
    assert saturday is not None
    # 08:00 + k 3h: in hours, none before eight.
    assert (monday.every, monday.counts) == (HOUR, (0,) * 8 + (2,) * 3 + (4,) * 6 + (1,) * 3)
    assert (saturday.every, saturday.counts) == (3 * HOUR, (0, 0, 0, 3, 2))


def test_a_team_without_hours_is_there_from_the_opening_on() -> None:
    found = loads(week())
    head_count = found.days[-1].scenario.teams["crew"].head_count
    assert head_count is not None
    assert (head_count.every, head_count.counts) == (9 * HOUR, (0, 3))


# Files.


def test_a_dated_forecast_has_a_row_for_each_open_interval_and_its_rest_is_told(tmp_path: Any) -> None:
    rows = [f"2026-04-{day:02d} {hour:02d}:00,10" for day in (1, 2, 3, 4) for hour in range(8, 20)]
    (tmp_path / "f.csv").write_text("\n".join(["interval_start,volume", *rows]) + "\n", encoding="utf-8")
    text = week(
        WEEK.replace("03-30", "04-01").replace("days: 7", "days: 4"),
        arrivals="arrivals: [{channel: web, queue: sales, file: f.csv}]",
    )
    found = loads(text, folder=tmp_path)
    assert [date.scenario.arrivals[0].volume_within(0) for date in found.days] == [120, 120, 50]
    # Closed are Good Friday (12 rows), and Saturday from 08:00 and from 14:00 on (7).
    assert "190 contacts of `web/sales` are given outside the opening hours and do not arrive" in notes(found)
    lines = [
        one for one in (tmp_path / "f.csv").read_text(encoding="utf-8").splitlines() if "02 11:00" not in one
    ]
    (tmp_path / "f.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (line,) = mistakes(text, folder=tmp_path)
    assert "1 row is missing above this one (2026-04-02 11:00)" in line


def test_an_hour_that_the_clock_skips_needs_no_row(tmp_path: Any) -> None:
    """In the night to 29 March 2026 the clock of Berlin goes from 02:00 to 03:00."""
    rows = [f"2026-03-29 {hour:02d}:00,10" for hour in (1, 3, 4)]
    (tmp_path / "f.csv").write_text("\n".join(["interval_start,volume", *rows]) + "\n", encoding="utf-8")
    night = WEEK.replace("03-30", "03-29").replace("days: 7", "days: 1").replace("sat:", "sun:")
    text = week(
        night.replace("09:00-14:00", "01:00-05:00"),
        arrivals="arrivals: [{channel: web, queue: sales, file: f.csv}]",
    )
    (day,) = loads(text, folder=tmp_path).days
    assert day.scenario.arrivals[0].volume_within(0) == 30
    (line,) = mistakes(text.replace("  time_zone: Europe/Berlin\n", ""), folder=tmp_path)
    assert "1 row is missing above this one (2026-03-29 02:00)" in line


# Notes.


def test_holidays_and_clock_changes_are_told() -> None:
    told = notes(loads(week(WEEK.replace("03-30", "03-28"))))
    assert "closed on Friday 2026-04-03" in told
    assert "2026-03-29 has 23 hours, as the clock goes forward" in told


def test_demand_outside_the_opening_hours_is_one_message() -> None:
    found = loads(week(arrivals="""\
        arrivals:
          - {channel: web, queue: sales, per_hour: {mon-fri: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7], sat: 1}}
          - {channel: phone, queue: calls, per_hour: {mon-sat: 6, 2026-04-03: [4, 4]}}
        """))  # fmt: skip
    # Four working days with 7 in a 13th hour; Good Friday with 8.
    told = [one for one in notes(found) if "outside" in one]
    assert told == [
        "36 contacts of `web/sales`, `phone/calls` are given outside the opening hours and do not arrive"
    ]


# Mistakes.


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (WEEK + SMALL, "day.yaml:8:1: opens: opens does not go with calendar, which says it by `from`"),
        (week(WEEK.replace("days: 7", "days: 0")), "day.yaml:3:9: calendar.days: 0 days are outside 1 to 366"),
        (week(WEEK.replace("Europe/Berlin", "Mars")), "day.yaml:4:14: calendar.time_zone: `Mars` is no time zone"),
        (week(WEEK.replace("sat", "sut")), "day.yaml:5:34: calendar.open.sut: `sut` is neither a weekday such as mon"),
        (
            week(WEEK.replace("20:00", "07:00")),
            "day.yaml:5:19: calendar.open.mon-fri: `08:00-07:00` does not close after it opens; after midnight write",
        ),
        (week(WEEK.replace("[2026-04-03]", "XX")), "day.yaml:6:13: calendar.holidays: no country `XX`; there is"),
        (week(WEEK.replace(": 7", ": 1").replace("03-30", "04-03")), "calendar.open: no day of the calendar is open"),
        (week() + "warm_up: 1h\n", "warm_up: does not go with a calendar, whose days each begin empty"),
        (
            week(arrivals="arrivals: [{channel: web, queue: sales, per_hour: {mon-fri: [1, 2, 3]}}]"),
            "arrivals.0.per_hour.mon-fri: there are 3 values, but 12 are needed from opening to closing on "
            "2026-03-30 and 2026-03-31 and 2026-04-01 and 1 more, one for every 1h",
        ),
        (
            text_with(arrivals="arrivals: [{channel: web, queue: sales, per_hour: {mon: 3}}]"),
            "arrivals.0.per_hour: needs a `calendar`, whose dates it is for",
        ),
        (SMALL + "targets: []\n", ""),
    ],
)  # fmt: skip
def test_mistakes_have_their_line_and_remedy(text: str, line: str) -> None:
    if not line:
        assert loads(text).days == ()
        return
    assert any(line in one for one in mistakes(text)), mistakes(text)


# A part of the calendar.


def test_a_day_or_some_days_are_chosen() -> None:
    found = loads(week())
    assert [one.name for one in only_on(found, "wed", None, None).days] == ["2026-04-01"]
    assert [one.name for one in only_on(found, "2026-04-04", None, None).days] == ["2026-04-04"]
    some = only_on(found, None, "2026-04-02", "2026-04-04")
    assert [one.name for one in some.days] == ["2026-04-02", "2026-04-04"]


@pytest.mark.parametrize(
    ("day", "first", "last", "what"),
    [
        ("2026-04-03", None, None, "--day 2026-04-03 is closed"),
        ("2026-05-03", None, None, "--day 2026-05-03 is not in the calendar, 2026-03-30 to 2026-04-05"),
        (
            "fri",
            None,
            None,
            "--day fri: no fri of the calendar is open; those that are: mon, tue, wed, thu, sat",
        ),
        ("friday", None, None, "--day `friday` is neither a date nor a weekday such as mon"),
        (None, "2026-04-04", "2026-04-01", "--from 2026-04-04 is after --to 2026-04-01"),
        (None, "April", None, "--from: `April` is not a date; write one such as 2026-03-02"),
        ("mon", "2026-04-04", None, "give --day, or --from and --to, not both"),
    ],
)
def test_what_is_not_there_cannot_be_chosen(
    day: str | None, first: str | None, last: str | None, what: str
) -> None:
    with pytest.raises(SimError, match=what):
        only_on(loads(week()), day, first, last)
    with pytest.raises(SimError, match="has no `calendar`"):
        only_on(loads(SMALL), day, first, last)


def test_single_dates_are_not_kept_where_a_scenario_travels() -> None:
    import pickle

    found = loads(week())
    assert len(found.days) == 5
    again: Scenario = pickle.loads(pickle.dumps(found))
    assert again == found
    assert [one.name for one in again.days] == [one.name for one in found.days]
