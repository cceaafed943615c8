from pathlib import Path
from typing import Any

import pytest

from sim.scenario import Scenario, load, loads, notes
from sim.scenario.hints import note_lines
from sim.scenario.loading import load_with_places
from sim.scenario.plausibility import quantile

from .small import REFERENCE, SMALL, small, text_with


def test_an_ordinary_scenario_has_none() -> None:
    assert notes(small(arrivals__0__labels={"gold": 0.1})) == []


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"arrivals__2__queue": "calls", "labels__silver": {}}, "no customer has the label `silver`"),
        ({"channels__mail": {"medium": "chat"}}, "nobody arrives by channel `mail`"),
        ({"arrivals": []}, "there are no arrivals, so nothing will happen"),
        ({"routing__ageing": "30s"},
         "routing.ageing is not used; it needs routing.request_selection: priority_with_ageing"),
        ({"queues__sales__priority": 2},
         "the priorities of queues are not used, since routing.queue_priority is off"),
        ({"arrivals__1__queue": "sales"},
         "queue `help` is not used: no contact arrives in it and nobody hands on to it"),
        ({"queues__sales__steps": [{"needs": "sales >= 1 or help >= 2 and calls >= 3"}]},
         "queue `sales`: `sales >= 1 or help >= 2 and calls >= 3` is read from left to right, "
         "as `(sales >= 1 or help >= 2) and calls >= 3`"),
        ({"teams__crew__agents": 0}, "queue `help`: there are no agents who can serve it"),
        ({"teams__crew__skills__cooking": 3}, "team `crew`: no queue asks for the skill `cooking`"),
        ({"teams__idle": {"agents": 1}}, "team `idle` has nothing to do: it has the skills for no queue"),
        ({"teams__boss": {"agents": 1, "role": "supervisor"}},
         "team `boss` has nothing to do: it is no team of agents and does not supervise"),
        ({"teams__crew__head_count": {"agents": [1, 2]}},
         "team `crew`: 1 of 3 agents never log in, the largest head-count is 2"),
    ],
)  # fmt: skip
def test_what_may_surprise(changes: dict[str, Any], note: str) -> None:
    assert note in notes(small(**changes))


def test_agents_who_are_shared_out_over_shifts() -> None:
    assert notes(load(REFERENCE).set("teams.frontline.agents", 11)) == [
        "team `frontline`: its 11 agents are shared out over its shifts as 6, 5, in proportion to 5, 4",
    ]


def test_a_list_that_nobody_looks_at(tmp_path: Path) -> None:
    text = text_with(teams="teams:\n  crew: {agents: 3, skills: {sales: 5, calls: 5}}").replace(
        "help: {medium: chat,", "help: {medium: chat, mode: pull,"
    )
    assert "queue `help`: there are no agents who can serve it" in notes(loads(text, folder=tmp_path))
    assert notes(loads(SMALL)) == ["no customer has the label `gold`"]


# Keys that change nothing.

FORECAST = "interval_start,volume,aht_s\n08:00,10,{}\n09:00,12,310\n"


def with_forecast(folder: Path, first: str) -> Scenario:
    """The small scenario with a forecast of the calls that gives their handle times."""
    (folder / "calls.csv").write_text(FORECAST.format(first), encoding="utf-8")
    return loads(SMALL.replace("queue: calls, per_hour: 30", "queue: calls, file: calls.csv"), folder=folder)


def test_a_law_beside_a_file_that_gives_every_mean(tmp_path: Path) -> None:
    said = (
        "queue `calls`: aht_s in `calls.csv` gives the mean of handle_time in every interval; "
        "the mean of 5m here changes nothing, only the shape of the law counts; change aht_factor instead"
    )
    assert said in notes(with_forecast(tmp_path, "280"))
    assert said not in notes(with_forecast(tmp_path, ""))


def test_an_interval_without_contacts_needs_no_handle_time(tmp_path: Path) -> None:
    for cell in ("", "0"):
        (tmp_path / "calls.csv").write_text(
            f"interval_start,volume,aht_s\n08:00,0,{cell}\n09:00,12,310\n", encoding="utf-8"
        )
        text = SMALL.replace("queue: calls, per_hour: 30", "queue: calls, file: calls.csv")
        assert [row.aht_s for row in loads(text, folder=tmp_path).arrivals[2].forecast] == [None, 310.0]


STEPS = "[{{needs: 'sales >= 5', for: {}}}, {{needs: 'help >= 1'}}]"
HELPERS = {"teams__helpers": {"agents": 1, "skills": {"help": 1}}}


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"queues__sales__patience": "5m", "channels__web__request_ttl": "4m"},
         "queue `sales`: patience changes nothing: it is longer than the request_ttl of 4m, "
         "after which the search ends"),
        ({"queues__sales__steps": STEPS.format("4m"), "channels__web__request_ttl": "4m", **HELPERS},
         "queue `sales`: step 2 is never reached: it opens after 4m, and nobody waits longer than 4m"),
        ({"queues__sales__steps": STEPS.format("4m"), "queues__sales__patience": "3m", **HELPERS},
         "queue `sales`: step 2 is never reached: it opens after 4m, and nobody waits longer than 3m"),
        ({"queues__sales__steps": "[{needs: 'sales >= 1', for: 30s}, {needs: 'sales >= 5'}]"},
         "queue `sales`: step 2 changes nothing: every agent it asks for is asked for before"),
        ({"queues__sales__steps": "[{needs: 'sales >= 1', for: 30s}]"},
         "queue `sales`: step 1 is the last, so its `for` changes nothing; leave it out"),
        ({"teams__others": {"agents": 1, "skills": {"more": 5}}, "queues__more": "{medium: chat, handle_time: 5m}"},
         "team `others` has nothing to do: no contact arrives in a queue that it serves"),
        ({"arrivals__0__per_hour": [0, 30],
          "teams__early": "{skills: {sales: 1}, shifts: [{from: '08:00', to: '09:00', agents: 1}]}"},
         "team `early`: no contact arrives during the shift 08:00 to 09:00 in a queue that it serves"),
    ],
)  # fmt: skip
def test_what_changes_nothing(changes: dict[str, Any], note: str) -> None:
    assert note in notes(small(**changes))


# Values that are possible but improbable.


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"queues__sales__handle_time": "{exponential: {mean: 4.8}}"},
         "queue `sales`: handle_time is 4.8 seconds on average; `4.8m` would be minutes"),
        ({"queues__sales__handle_time": "4.8s"},
         "queue `sales`: handle_time is 4.8 seconds on average; `4.8m` would be minutes"),
        ({"queues__sales__patience": 12},
         "queue `sales`: patience is 12 seconds on average; `12m` would be minutes"),
        ({"teams__crew__wrap_up": 1},
         "team `crew`: wrap_up is 1 second on average; `1m` would be minutes"),
        ({"queues__sales__handle_time": "{lognormal: {mean: 5m, sd: 4}}"},
         "queue `sales`: handle_time has an sd of 4 seconds; `4m` would be minutes"),
        ({"queues__sales__handle_time": "{lognormal: {mean: 5m, sd: 15m}}"},
         "queue `sales`: handle_time has an sd of 300% of its mean of 5m; check the units of both"),
        ({"busyness": {"sd": 2}},
         "a day factor with an sd of 200% is 0 or a multiple on most days; if 2 per cent is meant, write `2%`"),
        ({"channels__web__request_ttl": "61s", "teams__crew__accept": "{delay: {exponential: {mean: 30s}}}"},
         "channel `web`: a request is given up after 1m; team `crew` needs up to 69s"),
        ({"routing__ring_time": "20s", "teams__crew__accept": "{delay: {uniform: {low: 0s, high: 30s}}}"},
         "queue `help`: an offer rings for 20s; team `crew` needs up to 27s to accept nine of ten offers, "
         "so some ring out; give more time or a shorter accept.delay"),
    ],
)  # fmt: skip
def test_what_is_improbable(changes: dict[str, Any], note: str) -> None:
    found = notes(small(**changes))
    assert any(one.startswith(note.replace("after 1m;", "after 61s;")) for one in found), found


@pytest.mark.parametrize(
    "changes",
    [
        {"teams__crew__wrap_up": "5s"},
        {"queues__sales__patience": "30s"},
        {"queues__sales__handle_time": "{lognormal: {mean: 5m, sd: 14m}}"},
        {"busyness": {"sd": "40%"}},
        {"teams__crew__accept": "{delay: {exponential: {mean: 20s}}}"},
    ],
)
def test_what_is_usual_is_not_told(changes: dict[str, Any]) -> None:
    assert notes(small(**changes)) == ["no customer has the label `gold`"]


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        ("{exponential: {mean: 10s}}", 23.026), ("{lognormal: {mean: 10s, sd: 5s}}", 16.38545),
        ("{weibull: {shape: 2, scale: 10s}}", 15.174), ("{triangular: {low: 0s, mode: 4s, high: 10s}}", 7.551),
        ("{hyperexponential: {means: [10s, 10s], shares: [50%, 50%]}}", 23.026), ("7s", 7.0),
        ("{empirical: {values: [1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s, 10s]}}", 10.0),
        ("{uniform: {low: 0s, high: 10s}}", 9.0),
    ],
)  # fmt: skip
def test_quantiles_of_laws(law: str, expected: float) -> None:
    assert quantile(small(queues__sales__handle_time=law).queues["sales"].handle_time, 0.9) == pytest.approx(
        expected, rel=1e-4
    )


@pytest.mark.parametrize(
    ("law", "expected"),
    [("{gamma: {mean: 10s, sd: 5s}}", 16.702), ("{erlang: {mean: 10s, k: 4}}", 16.702)],
)
def test_quantiles_of_gamma_laws_are_near(law: str, expected: float) -> None:
    found = quantile(small(queues__sales__handle_time=law).queues["sales"].handle_time, 0.9)
    assert found == pytest.approx(expected, rel=0.01)


# Hours with demand and without agents.


def test_hours_with_demand_and_nobody() -> None:
    shifts = "{skills: {sales: 5, help: 5, calls: 5}, shifts: [{from: '08:30', to: '09:30', agents: 3}]}"
    said = "has demand and nobody from 08:00 to 08:30 and from 09:30 to 10:00; about 30 of its contacts"
    found = notes(small(teams__crew=shifts))
    for name, note in zip(("sales", "help", "calls"), found[1:4], strict=True):
        assert note.startswith(f"queue `{name}` {said}")


def test_hours_of_lists_and_head_counts() -> None:
    team = "{skills: {sales: 5}, head_count: {agents: [0, 2]}}"
    changes: dict[str, Any] = {"teams__crew__skills__sales": 0, "teams__sellers": team}
    alone = "queue `sales` has demand and nobody from 08:00 to 09:00; about 30 of its contacts arrive then"
    assert any(one.startswith(alone) for one in notes(small(**changes)))
    assert notes(small(**changes, arrivals__0__per_hour=[0, 60])) == ["no customer has the label `gold`"]


def test_hours_of_several_days_are_told_once() -> None:
    team = "{skills: {sales: 5, help: 5, calls: 5}, shifts: [{from: '08:00', to: '20:00', agents: 3}]}"
    found = notes(small(lasts="72h", teams__crew=team))
    assert "queue `sales` has demand and nobody from 20:00 to 32:00 on 3 days" in found[1]


# Steps and ring times against the service level.

LEVEL = "{within: 30s, target: 80%}"


@pytest.mark.parametrize("opens", ["30s", "45s"])
def test_a_step_that_opens_too_late(opens: str) -> None:
    said = (
        f"queue `sales`: step 2 opens after {opens}, and service_level.within is 30s: "
        "contacts that wait for this step miss it unless it opens earlier"
    )
    late = small(queues__sales__steps=STEPS.format(opens), queues__sales__service_level=LEVEL, **HELPERS)
    assert said in notes(late)
    early = late.set("queues.sales.steps", STEPS.format("29s"))
    assert not any("step 2" in one for one in notes(early))


def test_a_ring_time_that_leaves_a_target_out_of_reach() -> None:
    slow = small(queues__sales__service_level=LEVEL, teams__crew__accept={"probability": "75%"})
    said = (
        "queue `sales`: an offer rings for 1m, service_level.within is 30s, and no team accepts 80% of its "
        "offers by then: the target cannot be reached; let it ring for less, or accept faster"
    )
    assert said in notes(slow)
    assert said not in notes(slow.set("teams.crew.accept.probability", "90%"))
    assert not any("out" in one for one in notes(slow.set("routing.ring_time", "10s")))


def test_an_accept_delay_that_leaves_a_target_out_of_reach() -> None:
    """All accept, after 31 s each, of a promise of 30 s; of 21.1 s on average less than 76 % do by then, as -ln 0.24 is
    1.427, and 80 % less a twentieth is what is told."""
    crew = {"probability": "100%", "delay": "31s"}
    slow = small(queues__sales__service_level=LEVEL, teams__crew__accept=crew)
    assert any("no team accepts 80% of its offers by then" in one for one in notes(slow))
    assert not any("by then" in one for one in notes(slow.set("teams.crew.accept.delay", "30s")))
    for mean, is_told in (("21.1s", True), ("20.9s", False)):
        drawn = slow.set("teams.crew.accept.delay", {"exponential": {"mean": mean}})
        assert any("by then" in one for one in notes(drawn)) == is_told


# Where they stand.


def test_each_note_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "day.yaml"
    path.write_text(SMALL.replace("crew: {agents: 3,", "crew: {agents: 3, wrap_up: 2,"), encoding="utf-8")
    assert note_lines(*load_with_places(path)) == [
        f"{path}:5:10: note: no customer has the label `gold`",
        f"{path}:11:21: note: team `crew`: wrap_up is 2 seconds on average; `2m` would be minutes",
    ]


def test_a_note_that_an_override_causes_names_it(tmp_path: Path) -> None:
    path = tmp_path / "day.yaml"
    path.write_text(SMALL, encoding="utf-8")
    own = f"{path}:5:10: note: no customer has the label `gold`"
    assert note_lines(*load_with_places(path, ["teams.crew.agents=4"])) == [own]
    assert note_lines(*load_with_places(path, ["arrivals.1.queue=sales", "queues.sales.priority=2"])) == [
        "--set queues.sales.priority: note: the priorities of queues are not used, since routing.queue_priority is off",
        own,
        "--set arrivals.1.queue, queues.sales.priority: note: queue `help` is not used: "
        "no contact arrives in it and nobody hands on to it",
    ]


def test_what_a_list_does_not_use() -> None:
    day = small(
        queues__sales__mode="pull",
        queues__sales__capacity=3,
        queues__sales__steps=[{"needs": "sales >= 5", "for": "1m"}, {"needs": "sales >= 1 or help >= 1"}],
    )
    assert [one for one in notes(day) if "not used" in one] == [
        "queue `sales`: capacity is not used: its contacts stand on a list, which takes any number",
        "queue `sales`: step 1: `for` is not used: all steps see a list at once",
    ]
    assert not any("not used" in one for one in notes(day.set("queues.sales.mode", "push")))


@pytest.mark.parametrize(
    ("keys", "note"),
    [
        (
            {"steps_after_ring_out": "go_on"},
            "queue `sales`: steps_after_ring_out is not used, since there is one step",
        ),
        (
            {"wait_limit": {"after": "5m", "then": "voicemail"}, "request_ttl": "2m"},
            "queue `sales`: wait_limit changes nothing: after 2m the request_ttl has ended every search",
        ),
        (
            {"transfer": {"probability": 0.5, "to": {"help": 1}, "named_falls_back": "on"}},
            "queue `sales`: transfer.named_falls_back is not used, since no transfer names an agent",
        ),
        (
            {"transfer": {"probability": 0.5, "to": {"help": 1}, "handle_time_factor": {"warm": 0.5}}},
            "queue `sales`: transfer.handle_time_factor is not used, since no transfer is warm",
        ),
        (
            {
                "transfer": {
                    "probability": 0.5,
                    "to": {"help": 1},
                    "warm": 1,
                    "handle_time_factor": {"cold": 0.5},
                }
            },
            "queue `sales`: transfer.handle_time_factor is not used, since every transfer is warm",
        ),
    ],
)
def test_a_key_of_searches_that_changes_nothing_is_told(keys: dict[str, Any], note: str) -> None:
    assert note in notes(small(**{f"queues__sales__{key}": value for key, value in keys.items()}))


def test_where_such_a_key_counts_nothing_is_told() -> None:
    counts = {
        "wait_limit": {"after": "1m", "then": "end"},
        "request_ttl": "2m",
        "transfer": {"probability": 0.5, "to": {"help": 1}, "warm": 0.5, "handle_time_factor": {"warm": 0.5}},
    }
    found = notes(small(**{f"queues__sales__{key}": value for key, value in counts.items()}))
    assert not [one for one in found if "wait_limit" in one or "handle_time_factor" in one]


@pytest.mark.parametrize(("level", "is_told"), [(1, True), (2, False)])
def test_most_skilled_is_told_where_nobody_is_more_skilled(level: int, is_told: bool) -> None:
    scenario = loads(f"""\
lasts: 1h
media: {{voice: {{max_tasks: 1}}}}
channels: {{phone: {{medium: voice}}}}
routing: {{agent_selection: most_skilled}}
queues: {{q: {{medium: voice, handle_time: 60s}}}}
teams: {{a: {{agents: 1, skills: {{q: 1}}}}, b: {{agents: 1, skills: {{q: {level}}}}}}}
arrivals: [{{channel: phone, queue: q, per_hour: 10}}]
""")
    told = (
        "most_skilled orders as longest_available does, since all agents of a queue have the same level in it"
    )
    assert (told in notes(scenario)) == is_told
