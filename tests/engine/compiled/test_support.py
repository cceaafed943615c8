"""What the compiled engine is not asked to do, and what is said then."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from engine.compiled.both_engines import needs_the_library
from engine.worlds import at, centre
from sim.cli import main
from sim.engine import simulate
from sim.engine.compiled import library, support
from sim.engine.compiled.support import KNOWN, WORDS, unsupported
from sim.engine.engines import VARIABLE, Engine, built, engine_for, preferred
from sim.errors import SimError
from sim.policies.guarded import RESERVE
from sim.scenario import Scenario, load
from sim.scenario.routing import Routing
from sim.workload import by_hand

SIMULATE = ("run", "compare", "sweep", "staff", "check", "trace", "verify", "warm-up", "erlang", "backtest")
ONE_DESK = """
queues: {calls: {medium: chat, handle_time: 60}}
teams: {desk: {agents: 1, skills: {calls: 1}}}
"""


def test_all_of_a_scenario_that_shows_every_key_is_known() -> None:
    assert unsupported(load("scenarios/reference.yaml")) is None


def test_a_key_of_tomorrow_is_refused_once_it_is_used() -> None:
    """No list of what is not known has to be kept: a key is refused because it is on no list."""

    class Tomorrows(Routing):
        breather: float = Field(
            default=0.0, description="A rule that the compiled engine has never heard of."
        )
        breathers: list[float] = Field(default_factory=list, description="Several of them.")

    Tomorrows.__name__ = "Routing"
    scenario = centre(ONE_DESK)
    same = scenario.model_copy(update={"routing": Tomorrows()})
    used = scenario.model_copy(update={"routing": Tomorrows(breather=5.0)})
    assert unsupported(same) is None
    assert unsupported(used) == "it does not know the key routing.breather yet"


def test_a_part_of_tomorrow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "KNOWN", {name: keys for name, keys in KNOWN.items() if name != "Elsewhere"})
    scenario = centre("""
queues:
  calls: {medium: chat, handle_time: 60, wait_limit: {after: 10, then: {queue: other}}}
  other: {medium: chat, handle_time: 9}
teams: {desk: {agents: 1, skills: {calls: 1, other: 1}}}
""")
    assert unsupported(scenario) == "it does not know the key queues.calls.wait_limit.then.queue yet"


def test_a_word_of_tomorrow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "WORDS", {**WORDS, "Routing.ring_memory": "exclude none"})
    assert unsupported(centre(ONE_DESK)) == "it does not know `rank_last` in routing.ring_memory yet"


def test_every_key_that_holds_one_of_a_few_words_is_listed() -> None:
    """A key whose words are not listed would be refused with each of them."""
    for path in ("reference", "support_day", "community_list", "escalation"):
        assert unsupported(load(f"scenarios/{path}.yaml")) is None


def test_a_policy_of_a_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = centre(ONE_DESK)
    other = scenario.routing.model_copy(update={"agent_selection": "of_a_package"})
    found = unsupported(scenario.model_copy(update={"routing": other}))
    assert found == "it does not know `of_a_package` in routing.agent_selection yet"
    assert engine_for(scenario.model_copy(update={"routing": other})).name == "simpy"


# Which engine it is.


@needs_the_library
def test_auto_takes_the_compiled_engine_where_it_can() -> None:
    assert engine_for(centre(ONE_DESK)) == Engine("compiled")
    assert engine_for(centre(ONE_DESK), "simpy") == Engine("simpy", "as asked for")
    why = "policies written in Python run there"
    assert engine_for(centre(ONE_DESK), agent_selection=RESERVE[0]) == Engine("simpy", why)
    assert engine_for(centre(ONE_DESK), processes=[lambda _: iter(())]).name == "simpy"


@needs_the_library
def test_the_compiled_engine_is_a_mistake_where_it_cannot_be() -> None:
    why = "^engine compiled: policies written in Python run there; take auto or simpy$"
    with pytest.raises(SimError, match=why):
        engine_for(centre(ONE_DESK), "compiled", request_selection=RESERVE[1])


def test_an_engine_that_does_not_exist() -> None:
    with pytest.raises(SimError, match="engine `compild`: did you mean `compiled`"):
        engine_for(centre(ONE_DESK), "compild")  # type: ignore[arg-type]


def test_without_the_library_everything_runs_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "path", lambda: None)
    library.load.cache_clear()
    try:
        assert built() == Engine("simpy", "it is not built")
        assert engine_for(centre(ONE_DESK)) == Engine(
            "simpy", "the compiled engine is left out: it is not built"
        )
        with pytest.raises(
            SimError, match="it is not built; take auto or simpy, or build it with `python -m"
        ):
            engine_for(centre(ONE_DESK), "compiled")
    finally:
        library.load.cache_clear()


def test_a_library_of_other_sources_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "digest", lambda: "another")
    library.load.cache_clear()
    try:
        assert built().name == "simpy"
    finally:
        library.load.cache_clear()


def test_the_engine_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "simpy")
    assert engine_for(centre(ONE_DESK)).why == "as asked for"
    with preferred("auto"):
        assert engine_for(centre(ONE_DESK)).why != "as asked for"
    assert engine_for(centre(ONE_DESK)).why == "as asked for"


def _day(scenario: Scenario, **how: Any) -> int:
    records = simulate(scenario, by_hand(scenario, [at(0, queue="calls", channel="web")]), **how)
    return len(records.requests)


@needs_the_library
def test_the_engine_as_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled engine is taken, and SimPy's is not, where it is asked for."""
    from sim.engine import engines

    def refused(*given: Any, **named: Any) -> None:
        raise AssertionError("the SimPy engine")

    monkeypatch.setattr(engines, "simulate_on_simpy", refused)
    assert _day(centre(ONE_DESK), engine="compiled") == 1
    with pytest.raises(AssertionError, match="the SimPy engine"):
        _day(centre(ONE_DESK), engine="simpy")


# The command line.


def test_without_a_compiler_the_first_command_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(library, "path", lambda: None)
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    library.load.cache_clear()
    try:
        said = []
        for _ in range(2):
            assert main(["erlang", "--rate", "100/h", "--handle", "5m"]) == 0
            said.append(capsys.readouterr().err)
    finally:
        library.load.cache_clear()
    assert said == [
        "note: with the compiled engine this is 2 to 5 times faster; build it with `python -m sim.engine.compiled`, "
        "where need be after `pip install ziglang` (said once)\n",
        "",
    ]


@pytest.mark.parametrize("command", SIMULATE)
def test_every_command_that_simulates_takes_an_engine(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    assert "--engine" in capsys.readouterr().out


def test_the_version_names_the_engine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"engine: {built()}"


@needs_the_library
def test_the_figures_are_the_same_on_both(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    printed = []
    for engine in ("simpy", "compiled"):
        command = [
            "run",
            "scenarios/chat_only.yaml",
            "--replications",
            "2",
            "--format",
            "csv",
            "--engine",
            engine,
        ]
        assert main([*command, "--out", str(tmp_path / engine)]) == 0
        printed.append(capsys.readouterr().out)
        assert f'"name": "{engine}"' in (tmp_path / engine / "manifest.json").read_text()
    assert printed[0] == printed[1]


@pytest.mark.parametrize(
    ("told", "is_known"),
    [
        ({}, True),
        ({"transfer_to": "-"}, True),
        ({"transfer_to": "calls"}, False),
        ({"agent": "desk-1"}, False),
    ],
)
def test_recorded_contacts_are_replayed_but_for_transfers_and_agents(
    told: dict[str, str], is_known: bool, tmp_path: Path
) -> None:
    heads, row = (
        ["contact_id", "channel", "queue", "offered_at", *told],
        ["1", "web", "calls", "60", *told.values()],
    )
    (tmp_path / "c.csv").write_text("\n".join(map(",".join, (heads, row))))
    text = ONE_DESK + "lasts: 1h\nmedia: {chat: {max_tasks: 1}}\nchannels: {web: {medium: chat}}\n"
    (tmp_path / "s.yaml").write_text(text + "arrivals: [{replay: c.csv}]\n")
    assert (unsupported(load(tmp_path / "s.yaml")) is None) == is_known
