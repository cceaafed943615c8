"""Random dates of a calendar, apart or on one clock: queues that carry over or close early, nights, clock changes."""

from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.compiled.random_centres import rich_days
from engine.compiled.random_rosters import RosteredDay, rostered_days
from engine.random_scenarios import Day, Draw, Spec, _some, all_days
from sim.errors import ScenarioError
from sim.scenario import Scenario
from sim.scenario.single_days import joined_of
from sim.workload import Workload, by_hand

HOURS = ("00:00-00:30", "00:00-00:30", "00:05-00:20", "23:40-24:20", "00:00-24:00")
ON_SATURDAY = (None, "closed", "00:00-00:10", "00:00-24:00", "23:30-24:00")
OWN_HOURS = ({"mon-sun": "00:00-00:10"}, {"mon-sun": "00:02-00:12", "sat": "closed"})
FIRST = ("2026-03-06", "2026-03-28", "2026-10-23")
"""A Friday, the day before one of 23 hours, and two days before one of 25."""

_BREAKS = [{"at": "00:10", "for": "5m"}, {"days": "sat", "at": "00:20", "for": "20m"}]
ROSTERS: tuple[Spec, ...] = (
    {"agents": 1},
    {"agents": 3, "absence": 0.4},
    {"shifts": [{"from": "00:00", "to": "00:30", "agents": 1, "breaks": _BREAKS}]},
    {"shifts": [{"from": "00:05", "to": "00:25", "agents": 3, "breaks": _BREAKS}], "absence": 0.4},
    {
        "shifts": [
            {"from": "23:35", "to": "24:20", "agents": 2, "breaks": [{"at": "24:00", "for": "3m"}]},
            {"days": "sat-sun", "from": "00:00", "to": "00:20", "agents": 1},
        ]
    },
    {"head_count": {"every": "10m", "agents": {"mon-fri": [2, 1, 3], "sat-sun": [1, 0, 2]}}},
    {"head_count": {"every": "10m", "agents": [3, 0, 1]}, "absence": 0.3},
)
_WHO_COMES = ("agents", "shifts", "head_count", "absence", "shrinkage", "counts")


@dataclass(frozen=True)
class Week(Day):
    """A centre with a calendar, of which all dates are simulated on one clock, or else one of them alone.

    A contact comes on the date in the same place of `dates`, begun anew after the last: so long after its opening, or
    where they are late, six times less before its closing.
    """

    calendar_of: Day
    dates: list[int]
    late: bool

    @cached_property
    def scenario(self) -> Scenario:
        """What is simulated."""
        joined = joined_of(self.calendar_of.scenario)
        return self._days[self.dates[0] % len(self._days)].scenario if joined is None else joined

    @property
    def _days(self):
        return self.calendar_of.scenario.days

    @cached_property
    def workload(self) -> Workload:
        """Its customers: those who come while their date is open."""
        coming = []
        for i, contact in enumerate(3 * self.contacts):
            day = self._days[self.dates[i % len(self.dates)] % len(self._days)]
            at = day.closes_s - 1 - contact["at"] // 6 if self.late else day.opens_s + contact["at"]
            if 0 <= at < day.closes_s:
                coming.append(contact | {"at": day.midnight_s + at})
        workload = by_hand(self.calendar_of.scenario, coming)
        if self.scenario.linked is not None:
            return workload
        return workload.days[self.dates[0] % len(self._days)]


@st.composite
def weeks(draw: Draw) -> Week:
    """A day as elsewhere in these tests, as some dates of a calendar."""
    day = draw(st.one_of(all_days(), rich_days(), rostered_days()))
    spec = deepcopy(day.spec)
    for key in ("lasts", "opens", "drain")[: draw(st.integers(2, 3))]:
        spec.pop(key, None)
    opened = {"mon-sun": draw(st.sampled_from(HOURS)), "sat": draw(st.sampled_from(ON_SATURDAY))}
    spec["calendar"] = {
        "from": draw(st.sampled_from(FIRST)), "days": draw(st.integers(1, 4)),
        "open": {days: hours for days, hours in opened.items() if hours is not None},
    } | draw(_some(time_zone=["Europe/Berlin"]))  # fmt: skip
    spec["closing"] = draw(st.sampled_from(["serve_out", "clear_queues"]))
    for queue in spec["queues"].values():
        queue |= draw(_some(carry_over=["on"], open=OWN_HOURS))
    if draw(st.booleans()):
        for part in (*spec["channels"].values(), *spec["queues"].values()):
            for key in ("request_ttl", "patience", "wait_limit", "capacity", "lines"):
                part.pop(key, None)
    for name, team in spec["teams"].items():
        listed = isinstance(day, RosteredDay) and any(row.get("team") == name for row in day.rows)
        if not listed and team.get("role") != "supervisor":
            for key in _WHO_COMES:
                team.pop(key, None)
            team |= draw(st.sampled_from(ROSTERS))
    of = RosteredDay(spec, [], day.rows) if isinstance(day, RosteredDay) else Day(spec, [])
    week = Week(
        spec, day.contacts, of, draw(st.lists(st.integers(0, 3), min_size=1, max_size=7)), draw(st.booleans())
    )
    try:
        assume(of.scenario.days)
        assert week.scenario
    except (ScenarioError, ValidationError):
        assume(False)
    return week
