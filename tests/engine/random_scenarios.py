"""Small random centres with everything that is routed, and the contacts of their half hour.

Times are round numbers more often than not, so that much falls on the same instant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario
from sim.workload import Workload, by_hand

Spec = dict[str, Any]
Draw = st.DrawFn

FEW, MANY = 15, 100
"""Days that a property is tried on, and those of the slow tests."""

LASTS_S = 1800
MEDIUM_OF = {"chats": "chat", "mails": "chat", "calls": "voice"}


@dataclass(frozen=True)
class Day:
    """A scenario and who comes, as plain values that can be pasted into a test."""

    spec: Spec
    contacts: list[Spec]

    @cached_property
    def scenario(self) -> Scenario:
        """The centre."""
        return Scenario.model_validate(self.spec)

    @cached_property
    def workload(self) -> Workload:
        """Its customers."""
        return by_hand(self.scenario, self.contacts)


@cache
def _law(mean: float) -> st.SearchStrategy[Any]:
    exponential = {"exponential": {"mean": mean}}
    laws = [mean, exponential, {"uniform": {"low": 0, "high": 2 * mean}}, {"sum": [mean / 2, exponential]}]
    return st.sampled_from(laws)


def _some(**keys: Any) -> st.SearchStrategy[Spec]:
    """Any of these keys; a value that is no strategy is one of a list."""
    return st.fixed_dictionaries({}, optional={key: _one_of(values) for key, values in keys.items()})


def _one_of(values: Any) -> st.SearchStrategy[Any]:
    return values if isinstance(values, st.SearchStrategy) else st.sampled_from(values)


CHAT = st.sampled_from(
    [
        {"max_tasks": 1},
        {"max_tasks": 2},
        {"max_tasks": 2, "slowdown": 0.5},
        {"max_tasks": 3, "pace": [1.0, 0.7, 0.5]},
    ]
)
_INTERRUPTED = _some(interrupted_by=[{"voice": how} for how in ("goes_on", "holds", "rerouted")])
_INTERRUPTS_TOO = _some(interrupted_by=[{}, {}, {"chat": "goes_on"}])
ROUTING = _some(
    agent_selection=["most_tasks", "longest_available", "most_skilled", "round_robin", "random"],
    request_selection=[
        "longest_waiting",
        "priority_with_ageing",
        "own_level",
        "weighted_wait",
        "queue_ratio",
    ],
    queue_priority=[True],
    ring_time=[20, 35.5],
    ring_memory=["exclude", "none"],
    transfer_priority=[3],
    requeue_priority=[4],
    exclude_requester=[False],
    require_available_agent=["off", "off", "off", "available", "logged_in"],
    leave_when_empty=[True],
)
ROSTERS = st.sampled_from(
    [
        {"agents": 1},
        {"agents": 2},
        {"agents": 3, "absence": 0.4},
        {"agents": 3, "shrinkage": 0.3},
        {"shifts": [{"from": "00:00", "to": "00:30", "agents": 2, "breaks": [{"at": "00:10", "for": "5m"}]}]},
        {
            "shifts": [
                {"from": "00:05", "to": "00:20", "agents": 1},
                {
                    "from": "00:10",
                    "to": "00:25",
                    "agents": 1,
                    "breaks": [{"at": "00:16", "for": "2m"}, {"at": "00:12", "for": "200s"}],
                },
            ]
        },
        {"head_count": {"every": "10m", "agents": [2, 1, 3]}},
        {"head_count": {"every": "10m", "agents": [3, 0, 1]}, "absence": 0.3},
    ]
)


@st.composite
def days(draw: Draw, *, teamwork: bool = False) -> Day:
    """A day at a centre of up to three queues and three teams; with `teamwork` agents also call and name others."""
    names = draw(st.sampled_from([("chats",), ("chats", "mails"), ("chats", "mails", "calls")]))
    routing = draw(ROUTING)
    if routing.get("request_selection") == "priority_with_ageing":
        routing["ageing"] = 45
    spec = {
        "lasts": LASTS_S,
        "seed": draw(st.integers(0, 99)),
        "media": {"chat": draw(CHAT) | draw(_INTERRUPTED), "voice": {"max_tasks": 1} | draw(_INTERRUPTS_TOO)},
        "channels": {f"by_{medium}": {"medium": medium} | draw(_CHANNEL) for medium in ("chat", "voice")},
        "labels": {"premium": {"priority": 10}, "gold": {"priority": 3}},
        "routing": routing,
        "queues": {name: draw(_queue(name, names, teamwork)) for name in names},
        "teams": draw(_teams(names)),
        "arrivals": [draw(_stream(name)) for name in names],
    }
    if teamwork:
        for channel in spec["channels"].values():
            channel.setdefault("request_ttl", 90)
    return Day(spec | draw(_ENDS), draw(_contacts(names)))


def all_days() -> st.SearchStrategy[Day]:
    """Days with and without teamwork."""
    return st.one_of(days(), days(teamwork=True))


_CHANNEL = _some(request_ttl=[400, 150, 70, 1000], lines=[6, 50, 50])
_ENDS = _some(
    closing=["clear_queues"],
    drain=[0, 120],
    waiting_rooms=[
        {"site": {"capacity": 4, "queues": ["chats"]}},
        {"site": {"capacity": 0, "queues": ["chats"]}},
    ],
    customers=[
        {"after_abandon": {"come_back": 0.5, "after": 60, "at_most": 2}},
        {
            "after_abandon": {
                "come_back": 0.8,
                "after": 60,
                "at_most": 3,
                "patience": "same",
                "only_while_open": True,
            }
        },
        {"after_no_agent": {"ask_again": 0.5, "after": {"exponential": {"mean": 60}}, "at_most": 1}},
        {"after_no_agent": {"ask_again": 0.5, "after": 90, "at_most": 2, "only_while_open": True}},
    ],
)


@st.composite
def _queue(draw: Draw, name: str, names: tuple[str, ...], teamwork: bool) -> Spec:
    targets = [other for other in names if MEDIUM_OF[other] == MEDIUM_OF[name]]
    spec = {"medium": MEDIUM_OF[name], "handle_time": draw(_law(draw(st.sampled_from([100, 40, 200]))))}
    spec |= draw(_habits_of_queue(name))
    if draw(st.booleans()):
        spec["transfer"] = draw(_transfer(targets)) | (draw(_PERSONAL) if teamwork else {})
    if teamwork:
        spec |= draw(_conference(tuple(targets)))
    return spec


@cache
def _habits_of_queue(name: str) -> st.SearchStrategy[Spec]:
    return _some(
        service_level=[{"within": 30, "target": 0.8, "also": [{"within": 90}, {"variant": "answered_only"}]}],
        priority=[5],
        ring_time=[15],
        patience=_law(200),
        balk=[0, 0.3, {"share": 0.5, "when": "nobody_free"}],
        capacity=[0, 3, 50, 50],
        wrap_up=_law(20),
        max_tasks=[1],
        request_ttl=[75],
        steps_after_ring_out=["go_on"],
        aht_factor=[0.5],
        volume_factor=[1.5],
        wait_limit=[{"after": 35, "then": "voicemail"}, {"after": 55, "then": "end"}],
        steps=st.sampled_from(_STEPS).map(
            lambda steps: [s | {"needs": s["needs"].format(name)} for s in steps]
        ),
    )


_PERSONAL = _some(named=[0.5], warm=[0.5], handover_time=_law(15), named_falls_back=["on"])


@cache
def _conference(targets: tuple[str, ...]) -> st.SearchStrategy[Spec]:
    to = {name: 1 / len(targets) for name in targets}
    more = _some(
        after=[0.5],
        joint_time=_law(40),
        then=[{"requester_leaves": 0.5, "both_stay": 0.5}],
        while_waiting=["holds"],
        if_nobody=["transfers"],
        extra_time=_law(20),
    )
    return _some(conference=more.map(lambda keys: {"probability": 0.5, "to": to} | keys))


_STEPS: list[list[Spec]] = [
    [{"needs": "{0} >= 5", "for": 0}, {"needs": "{0} >= 1"}],
    [{"needs": "{0} >= 5", "for": 20}, {"needs": "{0} >= 1", "for": 20}],
    [{"needs": "{0} >= 9", "for": 10}, {"needs": "{0} >= 5", "for": 30}, {"needs": "{0} >= 1"}],
]


@st.composite
def _transfer(draw: Draw, targets: list[str]) -> Spec:
    to = {name: 1 / len(targets) for name in targets}
    spec = {"probability": draw(st.sampled_from([0.3, 0.6])), "to": to}
    return spec | draw(_TRANSFER)


_TRANSFER = _some(
    after=[0.4],
    choose=["most_available", "avoid_empty"],
    note=[0.5],
    note_saves=[25],
    patience=_law(50),
    at_most=[1],
    request_ttl=[90],
    set_up_time=_law(15),
    handle_time_factor=[{"cold": 0.8, "warm": 0.5}],
)


@st.composite
def _teams(draw: Draw, names: tuple[str, ...]) -> dict[str, Spec]:
    """One team that can do everything, and up to two that can do less."""
    teams = {"all": {"skills": dict.fromkeys(names, 5)} | draw(_habits(names))}
    for team in ("experts", "novices")[: draw(st.integers(0, 2))]:
        level = 9 if team == "experts" else 1
        able = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
        teams[team] = {"skills": dict.fromkeys(able, level)} | draw(_habits(tuple(able)))
    return teams


@st.composite
def _habits(draw: Draw, able: tuple[str, ...]) -> Spec:
    return draw(ROSTERS) | draw(_habits_of_team(able[0]))


@cache
def _habits_of_team(first: str) -> st.SearchStrategy[Spec]:
    return _some(
        accept=st.fixed_dictionaries(
            {"probability": st.sampled_from([1.0, 0.6, 0.3])}, optional={"delay": _law(10)}
        ),
        after_ring=[
            {"chat": {"not_ready": 40}},
            {"chat": {"not_ready": 40, "misses": 2}},
            {"chat": {"log_out": "on", "misses": 3}},
        ],
        max_tasks_by_queue=[{first: 2}],
        at_shift_end=[{"chat": "hand_back"}],
        wrap_up=_law(20),
        speed=[{first: 1.25}],
        pauses=[
            {"every": 300, "for": 40},
            {"every": {"exponential": {"mean": 200}}, "for": {"exponential": {"mean": 60}}},
        ],
        max_tasks=[{"chat": 1}],
    )


@st.composite
def _stream(draw: Draw, name: str) -> Spec:
    """Contacts come as they are written; what the stream says is their self-service."""
    spec = {"channel": f"by_{MEDIUM_OF[name]}", "queue": name, "per_hour": 0}
    return spec | draw(_SELF_SERVICE)


_SELF_SERVICE = _some(self_service=[{"time": 20, "contained": 0.2}, {"time": {"exponential": {"mean": 30}}}])


@cache
def _contacts(names: tuple[str, ...]) -> st.SearchStrategy[list[Spec]]:
    """Bursts of contacts, some of them at one instant."""
    burst = st.fixed_dictionaries(
        {
            "at": st.one_of(st.integers(0, 15).map(lambda n: 20 * n), st.integers(0, LASTS_S - 200)),
            "apart": st.sampled_from([0, 10, 31]),
            "labels": st.lists(st.sampled_from([None, "premium", "gold"]), min_size=1, max_size=6),
            "queue": st.sampled_from(names),
        }
    )
    return st.lists(burst, min_size=2, max_size=6).map(
        lambda bursts: [c for b in bursts for c in _contacts_of(b)]
    )


def _contacts_of(burst: Spec) -> list[Spec]:
    queue = burst["queue"]
    return [
        {
            "at": burst["at"] + n * burst["apart"],
            "queue": queue,
            "channel": f"by_{MEDIUM_OF[queue]}",
            "label": label,
        }
        for n, label in enumerate(burst["labels"])
    ]


def on(some_days: st.SearchStrategy[Day]) -> Callable[[Callable[[Day], None]], Callable[[int], None]]:
    """Make of a property a test on a few days, always the same ones, and a slow test on many."""
    how = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.too_slow]}

    def test_of(holds: Callable[[Day], None]) -> Callable[[int], None]:
        @pytest.mark.parametrize("number", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
        def test(number: int) -> None:
            settings(max_examples=number, **how)(given(some_days)(holds))()

        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        return test

    return test_of
