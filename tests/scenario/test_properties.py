"""Any scenario can be written and read again; anything else is refused in clear lines."""

import pickle
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import Mistake, ScenarioError
from sim.scenario import Scenario, dump, loads, notes
from sim.scenario.yaml_tree import read_tree, text_of

from .small import SMALL

seconds = st.floats(1, 1e5, allow_nan=False).map(lambda value: round(value, 3))
shares = st.sampled_from([0, 0.25, "35%", 1, "2.5%", 0.1])
levels = st.integers(0, 10)


@st.composite
def laws(draw: st.DrawFn) -> Any:
    mean, more, sd = draw(seconds), draw(seconds), draw(seconds)
    return draw(
        st.sampled_from(
            [
                mean,
                f"{mean}m",
                {"exponential": {"mean": mean}},
                {"lognormal": {"mean": mean, "sd": sd}},
                {"gamma": {"mean": f"{mean}s", "sd": sd}},
                {"weibull": {"shape": 0.5 + sd / 1e5, "scale": mean}},
                {"erlang": {"mean": mean, "k": 3}},
                {"uniform": {"low": mean, "high": mean + more}},
                {"triangular": {"low": mean, "mode": mean, "high": mean + more}},
                {"hyperexponential": {"means": [mean, more], "shares": ["40%", "60%"]}},
                {"empirical": {"values": [mean, more, sd]}},
                {"sum": [mean, {"exponential": {"mean": more}}]},
            ]
        )
    )


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


queues = optional(
    patience=laws(),
    balk=shares,
    capacity=st.integers(0, 50),
    priority=st.integers(1, 10),
    ring_time=seconds,
    service_level=st.just({"within": "20s", "target": "80%", "variant": "exclude_short", "short": 5}),
    steps=st.just([{"needs": "a >= 1 and b <= 10 or c >= 2", "for": "20s"}, {"needs": "a >= 0"}]),
    transfer=laws().map(lambda law: {"probability": "5%", "to": {"b": "50%", "a": 0.5}, "patience": law}),
    conference=laws().map(lambda law: {"probability": 0.1, "to": {"a": 1}, "joint_time": law, "note": "5%"}),
)  # fmt: skip
teams = optional(
    wrap_up=laws(),
    accept=laws().map(lambda law: {"probability": "90%", "delay": law}),
    after_ring=st.one_of(st.just({"m": "ready"}), laws().map(lambda law: {"m": {"not_ready": law}})),
    absence=shares,
    cost_per_hour=st.floats(0, 100),
    speed=st.just({"a": "110%"}),
    max_tasks=st.just({"m": 1}),
    shifts=st.just([{"from": "00:15", "to": "01:45", "breaks": [{"at": "01:00", "for": "10m"}]}]),
)
days = st.builds(
    lambda more, first, second, time_a, time_b, team, stream: {
        "lasts": "2h",
        "media": {"m": {"max_tasks": 2, "pace": [1, "70%"]}},
        "channels": {"c": {"medium": "m"}},
        "labels": {"l": {"priority": 3}},
        "queues": {
            "a": {"medium": "m", "handle_time": time_a, **first},
            "b": {"medium": "m", "handle_time": time_b, **second},
        },
        "teams": {"t": {"agents": 3, "skills": {"a": 1, "b": 2, "c": 10}, **team}},
        "arrivals": [{"channel": "c", "queue": "a", "per_hour": 7, **stream}],
        **more,
    },
    optional(seed=st.integers(0, 2**63 - 1), drain=st.one_of(st.just("until_empty"), seconds), opens=st.none(),
             busyness=st.just({"sd": "8%"}), closing=st.just("clear_queues"), name=st.text("ab:#'é ", min_size=1)),
    queues,
    queues,
    laws(),
    laws(),
    teams,
    optional(labels=st.just({"l": "5%"}), per_hour=st.just([1, 2.5]), name=st.just("x"), busyness=st.just({"sd": 0.1})),
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days)
def test_what_is_written_is_what_was_read(day: dict[str, Any]) -> None:
    scenario = loads(text_of(day))
    again = loads(dump(scenario))
    assert again == scenario
    assert again.hash == scenario.hash
    assert dump(again) == dump(scenario)
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert all(isinstance(note, str) for note in notes(scenario))


JUNK: list[Any] = [
    None, True, -1, 0, 11, 0.5, 10**30, "", "x", "-5m", "200%", "24:00", [], {}, [None], {"a": 1}, [[]], "on",
    {"exponential": {"mean": 0}}, {"empirical": {"file": "../x", "column": "c"}}, {"file": "x"}, "a >= 1 and (",
    {"a.b": 2}, "9" * 400 + "m", "2026-03-02T08:00:00Z",
]  # fmt: skip
WHOLE = read_tree(SMALL, "day.yaml").data


def places(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*place, key)
        yield from places(node[key], (*place, key))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(list(places(WHOLE))), st.sampled_from(JUNK), st.sampled_from(["replace", "add", "remove"])
)
def test_whatever_is_wrong_is_said_in_lines_with_a_place(place: tuple[Any, ...], junk: Any, how: str) -> None:
    data = deepcopy(WHOLE)
    node = data
    for key in place[:-1]:
        node = node[key]
    if how == "remove":
        del node[place[-1]]
    elif how == "add" and isinstance(node, dict):
        node["more"] = junk
    else:
        node[place[-1]] = junk
    mistakes, scenario = outcome(text_of(data))
    if scenario is None:
        assert mistakes
        assert all(one.line > 0 and "\n" not in str(one) for one in mistakes)
    else:
        assert loads(dump(scenario)) == scenario


def outcome(text: str) -> tuple[tuple[Mistake, ...], Scenario | None]:
    try:
        return (), loads(text, "day.yaml")
    except ScenarioError as error:
        return error.mistakes, None
