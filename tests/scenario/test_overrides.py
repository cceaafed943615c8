from datetime import datetime
from pathlib import Path

import pytest

from sim.errors import ScenarioError, SimError
from sim.experiments.variants import variants
from sim.scenario import Constant, Exponential, dump, load, loads

from .small import REFERENCE, SMALL, mistakes, small


@pytest.fixture(scope="module", autouse=True)
def _schema_is_made_once() -> None:
    small(seed=1)


def test_a_key_is_overridden_with_text_read_as_yaml() -> None:
    day = loads(
        SMALL,
        overrides=[
            "queues.sales.ring_time=20s",
            "queues.sales.patience={exponential: {mean: 4m}}",
            "arrivals.0.per_hour=[10, 20]",
            "routing.last_agent=on",
            "teams.crew.skills.sales=7",
            "labels.silver={priority: 3}",
            "name=Sales: a day",
            "description=7",
        ],
    )
    assert day.queues["sales"].ring_time == 20
    assert day.queues["sales"].patience == Exponential(240)
    assert day.arrivals[0].per_hour == (10, 20)
    assert day.routing.last_agent is True
    assert day.teams["crew"].skills["sales"] == 7
    assert day.labels["silver"].priority == 3
    assert (day.name, day.description) == ("Sales: a day", "7")


def test_a_name_that_is_defined_may_be_new_where_it_is_used() -> None:
    day = loads(SMALL, overrides=["staffing.teams.crew.max=9", "teams.crew.after_ring.voice.not_ready=30s"])
    assert day.staffing.teams["crew"].max == 9
    assert day.teams["crew"].after_ring["voice"].not_ready == Constant(30)  # type: ignore[union-attr]
    wrong = {"staffing.teams.crwe.max=9": "crew", "teams.crew.after_ring.vioce.not_ready=30s": "voice"}
    for override, meant in wrong.items():
        assert mistakes(SMALL, overrides=[override])[0].endswith(f"; did you mean `{meant}`?")
    for odd in ("5", "[1]", "x", ""):  # what is no part of named ones is told, whatever is overridden
        text = SMALL[: SMALL.index("labels:")] if "labels:" in SMALL else SMALL
        assert mistakes(f"{text}\nlabels: {odd}\n", overrides=["seed=1"]) or not odd
    assert "there is no `new` in queues; there is" in mistakes(SMALL, overrides=["queues.new.priority=1"])[0]


def test_python_values_may_be_given_as_they_are() -> None:
    day = small().set("queues.sales.handle_time", Exponential(30)).set("opens", datetime(2026, 1, 1, 7, 30))
    day = day.set("arrivals.0.per_hour", (1, 2.5)).set("arrivals.0.labels", {"gold": 0.5})
    assert day.queues["sales"].handle_time == Exponential(30)
    assert day.opens_at == 7.5 * 3600
    assert day.arrivals[0].per_hour == (1, 2.5)
    assert day.arrivals[0].labels == {"gold": 0.5}
    assert day.set("queues.help", day.queues["sales"]).queues["help"] == day.queues["sales"]
    assert day.set("queues.sales.steps", [day.steps_of("sales")[0]]).queues["sales"].steps == day.steps_of(
        "sales"
    )


def test_a_key_is_set_back_to_its_default_with_nothing() -> None:
    day = load(REFERENCE, ["channels.phone.lines=null", "queues.general.patience="])
    assert day.channels["phone"].lines is None
    assert day.queues["general"].patience is None


def test_set_gives_another_scenario_and_leaves_the_first() -> None:
    day = small()
    other = day.set("teams.crew.agents", 4)
    assert (day.teams["crew"].agents, other.teams["crew"].agents) == (3, 4)
    assert other.set("teams.crew.agents", 3) == day
    assert other.set("seed", 2).teams["crew"].agents == 4


def test_agents_mean_the_whole_team_whatever_its_shifts_say() -> None:
    day = load(REFERENCE).set("teams.frontline.agents", 11)
    assert day.teams["frontline"].shift_sizes() == (6, 5)
    assert loads(dump(day)) == day
    assert day.set("teams.frontline.agents", 9) == load(REFERENCE)


def test_overriding_is_the_same_as_writing_it_into_the_file() -> None:
    assert small(teams__crew__wrap_up="25s") == loads(
        SMALL.replace("{agents: 3,", "{agents: 3, wrap_up: 25s,")
    )
    assert small(teams__crew__wrap_up="25s").teams["crew"].wrap_up == Constant(25)


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("queues.sales.ring_time=20 sec", "--set queues.sales.ring_time: `20 sec` is not a duration; "
         "write 90 (seconds), 90s, 5m, 1.5h or 2d"),
        ("queues.sails.ring_time=20s", "--set queues.sails.ring_time: there is no `sails` in queues; "
         "did you mean `sales`?"),
        ("queues.sales.ringtime=20s", "--set queues.sales.ringtime: unknown key `ringtime`; did you mean `ring_time`?"),
        ("queue.sales.ring_time=20s", "--set queue.sales.ring_time: unknown key `queue`; did you mean `queues`?"),
        ("routing.ring_tme=20s", "--set routing.ring_tme: unknown key `ring_tme`; did you mean `ring_time`?"),
        ("seed.value=3", "--set seed.value: `seed` has no keys, not even `value`"),
        ("lasts.hours=3", "--set lasts.hours: `lasts` is `2h`, which has no key `hours`"),
        ("arrivals.3.per_hour=3", "--set arrivals.3.per_hour: there is no item `3`; the list has 3, counted from 0"),
        ("arrivals.first.per_hour=3", "--set arrivals.first.per_hour: there is no item `first`; "
         "the list has 3, counted from 0"),
        ("arrivals.0.per_hour", "--set arrivals.0.per_hour: write KEY=VALUE"),
        ("arrivals.0.per_hour=[1, 2", "--set arrivals.0.per_hour: not valid YAML: while parsing a flow sequence, "
         "expected ',' or ']', but got '<stream end>'"),
        ("teams.crew.agents=", "--set teams.crew.agents: `nothing` is not a whole number"),
        ("queues.sales.transfer={probability: 5%}", "--set queues.sales.transfer: queues.sales.transfer.to: "
         "this key is missing"),
        ("queues.sales.transfer.probability=5%", "--set queues.sales.transfer.probability: queues.sales.transfer.to: "
         "this key is missing"),
        ("queues.sales.handle_time={gama: {mean: 1, sd: 1}}", "--set queues.sales.handle_time: "
         "unknown law `gama`; did you mean `gamma`?"),
        ("arrivals.0.queue=sails", "--set arrivals.0.queue: unknown queue `sails`; did you mean `sales`?"),
        ("queues.sales.medium=voice", "day.yaml:13:27: arrivals.0.queue: queue `sales` is of medium `voice`, "
         "channel `web` of `chat`; they have to be of the same"),
        ("name=!!python/name:os.system x", "--set name: x"),
    ],
)  # fmt: skip
def test_mistakes_in_overrides_name_the_override(override: str, line: str) -> None:
    if override.startswith("name="):
        assert loads(SMALL, overrides=[override]).name == "!!python/name:os.system x"
    else:
        assert mistakes(SMALL, [override]) == [line]


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("teams.crew.agents=4", "it is given twice"),
        ("teams.crew={agents: 4, skills: {sales: 5, help: 5, calls: 5}}", "it replaces `teams.crew.agents`"),
    ],
)
def test_an_override_that_another_does_away_with_is_a_mistake(second: str, told: str) -> None:
    (line,) = mistakes(SMALL, ["teams.crew.agents=3", second])
    assert line.startswith(f"--set {second.split('=')[0]}: {told}, of which the first would have no effect")


def test_one_override_may_stand_alone() -> None:
    assert loads(SMALL, overrides="seed=3").seed == 3  # type: ignore[arg-type]


def test_what_no_file_can_hold_is_refused() -> None:
    with pytest.raises(
        ScenarioError, match=r"set\(\"seed\"\): `<object object at .*` is nothing that a scenario file holds"
    ):
        small().set("seed", object())


def test_an_override_does_not_lose_the_files_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_text("handle_s\n60\n120\n")
    (tmp_path / "day.yaml").write_text(
        SMALL.replace("sales: {medium: chat, handle_time: 5m}",
                      "sales: {medium: chat, handle_time: {empirical: {file: seen.csv, column: handle_s}}}")
    )  # fmt: skip
    day = load(tmp_path / "day.yaml", ["seed=3"])
    assert day.queues["sales"].handle_time.mean == 90
    (tmp_path / "seen.csv").unlink()  # what was read stays with the scenario
    assert day.set("seed", 4).queues["sales"].handle_time.mean == 90
    assert mistakes((tmp_path / "day.yaml").read_text(), folder=tmp_path) == [
        f"day.yaml:7:57: queues.sales.handle_time.empirical.file: there is no file `{tmp_path}/seen.csv`"
    ]


def test_mistakes_of_the_file_come_before_those_of_overrides() -> None:
    text = SMALL.replace("{agents: 3,", "{agents: x,")
    assert mistakes(text, ["seeds=1", "interval=no"]) == [
        "day.yaml:11:18: teams.crew.agents: `x` is not a whole number",
        "--set interval: `no` is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d",
        "--set seeds: unknown key `seeds`; did you mean `seed`?",
    ]


def test_what_a_change_breaks_elsewhere_is_blamed_on_the_change() -> None:
    with pytest.raises(ScenarioError) as caught:
        small().set("queues.sales.medium", "voice")
    assert str(caught.value) == (
        'set("queues.sales.medium"): arrivals.0.queue: queue `sales` is of medium `voice`, '
        "channel `web` of `chat`; they have to be of the same"
    )


def test_several_keys_are_set_at_once_with_the_same_checks() -> None:
    day = small()
    both = day.set({"teams.crew.agents": 4, "queues.sales.handle_time": "90s"})
    assert both == day.set("teams.crew.agents", 4).set("queues.sales.handle_time", "90s")
    assert both.hash != day.hash
    assert day.set({}) == day
    with pytest.raises(ScenarioError) as raised:
        day.set({"teams.crew.agents": "few", "teams.krew.agents": 3, "seed": "x"})
    told = str(raised.value)
    assert 'set("teams.crew.agents"): `few` is not a whole number' in told
    assert 'set("teams.krew.agents"): there is no `krew` in teams; did you mean' in told
    assert 'set("seed"): `x` is not a whole number' in told


@pytest.mark.parametrize("given", [("seed",), ({"seed": 3}, 4), ({3: 4},), (7, 4)])
def test_a_key_needs_a_value_and_a_mapping_none(given) -> None:
    with pytest.raises(ScenarioError, match=r"write set\(\"KEY\", VALUE\) or set\(\{\"KEY\": VALUE"):
        small().set(*given)


def test_python_is_told_of_keys_and_not_of_options() -> None:
    day = small()
    with pytest.raises(ScenarioError) as raised:
        day.set("teams.crew.agents", "few")
    assert str(raised.value) == 'set("teams.crew.agents"): `few` is not a whole number'
    with pytest.raises(
        ScenarioError, match=r'^set\("teams\.krew\.agents"\): there is no `krew` in teams; did you mean'
    ):
        day.set("teams.krew.agents", 3)
    with pytest.raises(
        ScenarioError, match=r'^overrides\["seeds"\]: unknown key `seeds`; did you mean `seed`'
    ):
        loads(SMALL, overrides={"seeds": 3})


@pytest.mark.parametrize("value", ["5", "nothing", "{a: 1}", "null"])
def test_streams_that_are_changed_and_then_replaced_are_told(value: str) -> None:
    overrides = ["arrivals.0.per_hour=10", f"arrivals={value}"]
    with pytest.raises(ScenarioError, match="arrivals"):
        loads(SMALL, overrides=overrides)


def test_more_than_a_thousand_keys_at_once_are_refused_before_any_is_read() -> None:
    many = [f"queues.q{number}.priority=2" for number in range(1001)]
    with pytest.raises(ScenarioError, match=r"^--set: 1,001 keys are given; at most 1,000$"):
        loads(SMALL, overrides=many)
    with pytest.raises(SimError, match=r"^--candidate: 1,001 keys are given; at most 1,000$"):
        variants(loads(SMALL), texts=[", ".join(many)])
