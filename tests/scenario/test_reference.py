import copy
import pickle
import re

import pytest
from pydantic import ValidationError

from sim.scenario import (
    Constant,
    Criteria,
    Exponential,
    Lognormal,
    NotReady,
    Scenario,
    dump,
    load,
    loads,
    notes,
    schema,
)

from .small import REFERENCE, SMALL, small, text_with


@pytest.fixture(scope="module")
def day() -> Scenario:
    return load(REFERENCE)


def test_every_section_of_the_reference_is_typed(day: Scenario) -> None:
    assert day.name == "Reference day"
    assert (day.lasts, day.opens_at, day.interval, day.seed, day.replications) == (
        36000,
        28800,
        1800,
        20260302,
        20,
    )
    assert day.drain is None
    assert day.closing == "serve_out"
    assert day.media["chat"].pace_of(3) == pytest.approx(1 / 1.4)
    assert day.channels["phone"].lines == 120
    assert day.labels["premium"].priority == 10
    assert day.routing.exclude_requester is True
    assert day.routing.queue_priority is False
    assert list(day.queues) == ["general", "billing", "technical", "hotline", "community"]
    assert day.queues["community"].mode == "pull"
    assert day.supervision is not None
    assert day.supervision.queues == ("general", "billing")
    assert day.customers.after_no_agent is not None
    assert day.customers.after_no_agent.at_most == 2


def test_a_queue_of_the_reference_key_by_key(day: Scenario) -> None:
    general = day.queues["general"]
    assert general.handle_time == Lognormal(360, 300)
    assert general.patience == Exponential(360)
    assert [step.for_ for step in general.steps] == [45, None]
    assert general.steps[1].needs == Criteria.parse("general >= 1 or billing >= 5")
    assert general.service_level is not None
    assert (general.service_level.within, general.service_level.target) == (60, 0.8)
    assert general.transfer is not None
    assert general.transfer.to == {"billing": 0.7, "technical": 0.3}
    assert (general.transfer.after, general.transfer.note_saves, general.transfer.warm) == (0.4, 40, 0)
    assert general.conference is not None
    assert general.conference.then.both_stay == 0.15
    assert (general.balk, general.capacity, general.ring_time) == (0.02, 200, 30)


def test_teams_of_the_reference(day: Scenario) -> None:
    frontline, engineers, evening = (day.teams[name] for name in ("frontline", "engineers", "evening"))
    assert frontline.agents == 9
    assert frontline.shifts[0].from_ == 8 * 3600
    assert frontline.shifts[0].breaks[0].ends == 12.5 * 3600
    assert engineers.after_ring["voice"] == NotReady(not_ready=Constant(120))
    assert frontline.after_ring["chat"] == "ready"
    assert evening.agents == 4
    assert day.max_tasks_of("engineers", "chat") == 2
    assert day.max_tasks_of("frontline", "chat") == 3


@pytest.fixture(scope="module")
def whole() -> Scenario:
    """The day with the keys that it does without, but for files and the calendar, which stand in place of others."""
    head, _, keys = REFERENCE.read_text("utf-8").partition("\nname:")
    return loads(
        head
        + "\nname:"
        + re.sub(r"(?m)^#( {,8})(?=(- \{)?\w+: )(?!.*(file:|replay:|open:))", _uncommented, keys)
    )


def _uncommented(found: re.Match[str]) -> str:
    return " " + found[1] if found[1] else ""


def test_what_stands_behind_a_comment_is_valid_where_it_stands(whole: Scenario) -> None:
    general, frontline = whole.queues["general"], whole.teams["frontline"]
    assert general.wait_limit is not None
    assert general.transfer is not None
    assert general.transfer.named_falls_back
    assert (general.aht_factor, general.max_tasks, frontline.at_shift_end) == (0.95, 2, {"chat": "hand_back"})
    assert whole.waiting_rooms["site"].capacity == 60
    assert whole.fitted is not None


def test_every_key_of_a_scenario_is_shown() -> None:
    text = REFERENCE.read_text("utf-8")
    parts = [schema(), *schema()["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    assert {key for key in keys if not re.search(rf"(?m)(^|[{{ #]){key}(?=[:,}}])", text)} == set()


def test_targets_are_in_the_unit_of_their_metric(whole: Scenario) -> None:
    assert [(target.at_least, target.at_most) for target in whole.targets] == [
        (0.7, None),
        (None, 0.05),
        (None, 240),
        (0.5, None),
        (None, 0.1),
        (None, 0.1),
        (None, 120),
    ]


def test_it_round_trips(day: Scenario) -> None:
    again = loads(dump(day))
    assert again == day
    assert again.hash == day.hash
    assert dump(again) == dump(day)


def test_what_is_left_to_its_default_is_not_written(day: Scenario) -> None:
    written = dump(day)
    assert "warm_up" not in written
    assert "routing:" not in written
    assert "handle_time: {lognormal: {mean: 6m, sd: 5m}}" in written
    assert '- {from: "08:00", to: "16:00", agents: 5, breaks: [{at: "12:00", for: 30m}]}' in written
    assert "agents: 9" not in written  # the shifts' agents together


def test_it_has_no_notes(day: Scenario) -> None:
    assert notes(day) == []


def test_it_pickles_and_copies(day: Scenario) -> None:
    assert pickle.loads(pickle.dumps(day)) == day
    assert pickle.loads(pickle.dumps(day)).set("seed", 1).seed == 1
    assert copy.deepcopy(day) == day
    assert hash(copy.deepcopy(day)) == hash(day)


def test_it_cannot_be_changed(day: Scenario) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        day.seed = 3  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        day.teams["frontline"].agents = 3  # type: ignore[misc]
    with pytest.raises(TypeError, match=r"scenario\.set"):
        day.teams["new"] = day.teams["billing"]  # type: ignore[index]
    with pytest.raises(TypeError, match=r"scenario\.set"):
        day.teams["billing"].skills.clear()  # type: ignore[attr-defined]


def test_equality_and_hash_look_at_the_content() -> None:
    day, other = loads(SMALL), loads(SMALL.replace("2h", "120m"), name="other.yaml")
    assert day == other
    assert day.hash == other.hash
    assert day.set("seed", 1) != day
    assert day.set("seed", 1).hash != day.hash
    assert day != "day"


def test_a_scenario_made_from_python_values_is_checked_too() -> None:
    parts = {"lasts": 3600, "media": {"m": {"max_tasks": 1}}, "channels": {"c": {"medium": "n"}}}
    parts |= {"queues": {"q": {"medium": "m", "handle_time": 60}}, "teams": {"t": {"agents": 1}}}
    with pytest.raises(ValidationError, match="unknown medium `n`"):
        Scenario.model_validate(parts)
    parts["channels"] = {"c": {"medium": "m"}}
    made = Scenario.model_validate(parts)
    assert made.origin is None
    assert made.set("seed", 4).seed == 4


def test_a_queue_without_steps_asks_for_a_skill_of_its_name() -> None:
    (step,) = small().steps_of("sales")
    assert step.needs.text == "sales >= 1"
    assert step.for_ is None


def test_a_queue_rings_as_long_as_it_says_or_as_routing_says() -> None:
    day = small(queues__sales__ring_time=20, routing__ring_time="45s")
    assert (day.ring_time_of("sales"), day.ring_time_of("help")) == (20, 45)


def test_streams_are_named_by_channel_and_queue() -> None:
    day = loads(
        text_with(
            arrivals="""
        arrivals:
          - {channel: web, queue: sales, per_hour: 30}
          - {channel: web, queue: sales, per_hour: 30}
          - {channel: phone, queue: calls, per_hour: 30, name: the phones}
    """
        )
    )
    assert day.stream_names() == ("web/sales", "web/sales#2", "the phones")


@pytest.mark.parametrize(("tasks", "pace"), [(1, 1.0), (2, 0.7), (3, 0.52), (4, 0.52)])
def test_a_list_of_paces_holds_on_with_its_last(tasks: int, pace: float) -> None:
    day = small(media__chat={"max_tasks": 4, "pace": ["100%", 0.7, 0.52]})
    assert day.media["chat"].pace_of(tasks) == pace


def test_only_what_is_there_to_be_used_is_named(day: Scenario) -> None:
    names = {name for name in dir(day) if not name.startswith("_")}
    assert {"teams", "set", "hash", "name", "opens"} <= names
    assert not names & {"json", "dict", "copy", "construct", "parse_raw", "from_orm"}
    assert not [name for name in names if name.startswith("model_")]
    assert day.model_copy() == day
    assert day.model_dump(mode="json")["name"] == day.name
    assert "parse_obj" not in dir(day.teams["frontline"])
