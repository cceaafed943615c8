"""The keys of a search for staffing, and what is said of mistakes in them."""

import pytest

from sim.scenario import dump, loads

from .small import mistakes, text_with


def staffing(rest: str) -> str:
    return text_with(staffing=f"staffing: {{{rest}}}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (staffing("teams: {crw: {min: 1}}"),
         "day.yaml:16:20: staffing.teams.crw: unknown team `crw`; did you mean `crew`?"),
        (staffing("teams: {crew: {min: 5, max: 3}}"),
         "day.yaml:16:26: staffing.teams.crew: min (5) is above max (3)"),
        (staffing("goals: [{metric: service_level, queue: sals, at_least: 80%}]"),
         "day.yaml:16:51: staffing.goals.0.queue: unknown queue `sals`; did you mean `sales`?"),
        (staffing("goals: [{metric: service_level}]"),
         "day.yaml:16:20: staffing.goals.0: give at_least or at_most"),
        (staffing("goals: [{metric: occupancy, team: crew, at_least: 80%}]"),
         "day.yaml:16:62: staffing.goals.0.at_least: asks for fewer agents; a staffing is the least that keeps its"
         " goals, so give at_most"),
        (staffing("shifts: [{team: crw, lasts: 1h}]"),
         "day.yaml:16:28: staffing.shifts.0.team: unknown team `crw`; did you mean `crew`?"),
        (staffing("shifts: [{team: crew}]"), "day.yaml:16:21: staffing.shifts.0.lasts: this key is missing"),
        (staffing("shifts: [{team: crew, lasts: 3h}]"),
         "day.yaml:16:41: staffing.shifts.0.lasts: `3h` is longer than the opening hours 08:00 to 10:00"),
        (staffing('shifts: [{team: crew, from: ["09:00", "08:00"], lasts: 1h}]'),
         "day.yaml:16:40: staffing.shifts.0.from: the latest log-in, 08:00, is before the earliest, 09:00"),
        (staffing('shifts: [{team: crew, from: "09:30", lasts: 1h}]'),
         "day.yaml:16:40: staffing.shifts.0.from: shifts from 09:30 to 10:30 are not within the opening hours 08:00 to"
         " 10:00"),
        (staffing("shifts: [{team: crew, lasts: 1h, breaks: [{after: 50m, for: 15m}]}]"),
         "day.yaml:16:54: staffing.shifts.0.breaks.0: the break ends 65m into a shift of 1h"),
        (staffing("shifts: [{team: crew, lasts: 1h, breaks: [{after: [30m, 15m], for: 15m}]}]"),
         "day.yaml:16:62: staffing.shifts.0.breaks.0.after: the longest, 15m, is below the shortest, 30m"),
        (staffing("shifts: [{team: crew, lasts: 1h, every: 1s, breaks: [{after: [1s, 30m], every: 1s, for: 1m}]}]"),
         "day.yaml:16:21: staffing.shifts.0: there are 6,481,800 shifts to choose from, most of them of this template;"
         " at most 5,000"),
        (staffing('shifts: [{team: crew, lasts: 1h, from: ["08:00", "09:00"], every: 0.001}]'),
         "day.yaml:16:21: staffing.shifts.0: there are 3,600,001 shifts to choose from, most of them of this"
         " template; at most 5,000"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_place(text: str, expected: str) -> None:
    assert mistakes(text) == [expected]


def test_a_break_at_billions_of_times_is_refused_without_making_them() -> None:
    text = staffing("shifts: [{team: crew, lasts: 1h, breaks: [{after: [0, 300d], every: 0.001, for: 1m}]}]")
    assert mistakes(text) == [
        "day.yaml:16:21: staffing.shifts.0: there are 77,760,000,003 shifts to choose from, most of them of this"
        " template; at most 5,000",
        "day.yaml:16:54: staffing.shifts.0.breaks.0: the break ends 432001m into a shift of 1h",
    ]


def test_it_is_written_as_it_is_read() -> None:
    text = staffing(
        'teams: {crew: {min: 1}}, shifts: [{team: crew, from: ["08:00", "09:00"], lasts: 1h, premium: 5%,'
        " breaks: [{after: [15m, 30m], every: 15m, for: 5m, paid: on}]}]"
    )
    day = loads(text)
    assert loads(dump(day)) == day
    (template,) = day.staffing.shifts
    assert template.starts(28800, 36000) == [28800, 30600, 32400]
    assert list(template.breaks_of()) == [((900, 1200),), ((1800, 2100),)]
    assert template.paid_s == 3600


def test_breaks_do_not_overlap() -> None:
    day = loads(
        staffing(
            "shifts: [{team: crew, lasts: 2h, breaks: [{after: [30m, 1h], for: 20m}, {after: 1h, for: 10m}]}]"
        )
    )
    (template,) = day.staffing.shifts
    assert list(template.breaks_of()) == [((1800, 3000), (3600, 4200))]
