"""The library: how it is built, and what it has in common with the Python beside it."""

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.compiled.both_engines import needs_the_library
from engine.compiled.mutants import OPERATORS, Builder, Mutant, is_caught, known_days, mutants
from engine.worlds import at, centre
from sim.engine import ranks as simpy
from sim.engine import simulate
from sim.engine.compiled import __main__ as building
from sim.engine.compiled import layout, library, simulation
from sim.engine.compiled.simulation import simulate_compiled
from sim.errors import SimError
from sim.policies import AGENT_SELECTIONS
from sim.policies.selection import REQUEST_RULES
from sim.records import Recorder, schema
from sim.records.events import EVENTS
from sim.scenario import budget
from sim.scenario.budget import BudgetError, Cap, estimate
from sim.scenario.routing import GUARDS, WEIGHTED
from sim.workload import by_hand

ROOT = Path(__file__).parents[3]
VOCABULARIES = {
    "Kind": schema.KINDS,
    "RequestOutcome": schema.REQUEST_OUTCOMES,
    "ConversationOutcome": schema.CONVERSATION_OUTCOMES,
    "Direction": schema.DIRECTIONS,
    "Disposition": schema.DISPOSITIONS,
    "State": schema.AGENT_STATES,
    "Reason": ("none", *schema.STATE_REASONS[1:]),
    "Table": tuple(schema.TABLES),
    "Policy": ("none", *GUARDS, *WEIGHTED),
    "AgentRule": tuple(AGENT_SELECTIONS),
    "RequestRule": tuple(REQUEST_RULES),
}
ONE_DESK = """
queues: {calls: {medium: chat, handle_time: 60}}
teams: {desk: {agents: 2, skills: {calls: 1}}}
"""
ROUND = """
queues:
  calls: {medium: chat, handle_time: 60, conference: {probability: 1, to: {other: 1}, after: 0, then: {both_stay: 1}}}
  other: {medium: chat, handle_time: 60, conference: {probability: 1, to: {calls: 1}, after: 0, then: {both_stay: 1}}}
teams: {desk: {agents: 20, skills: {calls: 1, other: 1}}}
"""


@pytest.mark.parametrize("enumeration", VOCABULARIES)
def test_numbers_mean_the_same_names(enumeration: str) -> None:
    names = layout.names(enumeration)
    assert names == VOCABULARIES[enumeration]


def test_every_event_has_a_number() -> None:
    assert set(layout.names("Event")) == set(EVENTS)


def test_the_ranks_of_an_instant_are_the_same() -> None:
    text = re.sub(r"/\*.*?\*/", "", (library.HERE / "c" / "world.h").read_text(), flags=re.DOTALL)
    (body,) = re.findall(r"enum Rank \{(.*?)\}", text, flags=re.DOTALL)
    number, ranks = -1, {}
    for member in body.split(","):
        name, _, given = member.partition("=")
        number = int(given) if given else number + 1
        ranks[name.strip()] = number
    assert ranks == {name: getattr(simpy, name) for name in ranks}


@needs_the_library
def test_numpy_and_the_compiler_lay_the_structs_out_alike() -> None:
    loaded, _ = library.load()
    assert loaded is not None
    size, found = ctypes.c_int64(), {}
    while name := loaded.sim_struct(len(found), ctypes.byref(size)):
        found[name.decode()] = size.value
    assert found == {name: kind.itemsize for name, kind in layout.structs().items()}


def test_the_chapters_bear_the_names_of_the_engines_files() -> None:
    """Memory, its caches and layout are matters of C, and the rows are taken down as in sim/records/recorder.py."""
    of_c = {"memory", "look_ahead", "layout", "draws", "recorder"}
    chapters = {path.stem for path in library.CHAPTERS} - of_c
    assert chapters <= {path.stem for path in (ROOT / "sim" / "engine").glob("*.py")}


def test_no_chapter_is_longer_than_400_lines() -> None:
    files = [*library.CHAPTERS, library.HERE / "c" / "given.h"]
    assert [path.name for path in files if len(path.read_text().splitlines()) > 400] == []


def test_the_text_that_is_compiled_takes_in_every_chapter() -> None:
    (text,) = (path.read_text() for path in library.SOURCES)
    assert re.findall(r'#include "(.+)"', text) == [path.name for path in library.CHAPTERS]


# Mistakes.


@needs_the_library
def test_a_conversation_that_goes_round_is_told_as_on_simpy() -> None:
    scenario = centre(ROUND)
    workload = by_hand(scenario, [at(0, queue="calls", channel="web")])
    with pytest.raises(SimError, match=r"^60\.0 s after opening, conversation 1: more than 50 transfers"):
        simulate_compiled(scenario, workload)


@needs_the_library
def test_a_day_within_the_budget_counts_as_many_entries_as_on_simpy() -> None:
    scenario = centre(ONE_DESK)
    workload = by_hand(scenario, [at(10 * n, queue="calls", channel="web") for n in range(50)])
    caps = [Cap(1e6, 1e9, 1e12, estimate(scenario)) for _ in range(2)]
    simulate_compiled(scenario, workload, cap=caps[0])
    simulate(scenario, workload, cap=caps[1], engine="simpy")
    assert caps[0].spent == caps[1].spent > 50


@needs_the_library
def test_a_day_beyond_the_budget_is_stopped() -> None:
    scenario = centre(ONE_DESK)
    workload = by_hand(scenario, [at(10 * n, queue="calls", channel="web") for n in range(50)])
    cap = Cap(50, 1e9, 1e12, estimate(scenario))
    with pytest.raises(BudgetError, match="took more than 50"):
        simulate_compiled(scenario, workload, cap=cap)


@needs_the_library
def test_a_day_that_takes_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    used = iter([0.0, 5e8, 2e9])
    monkeypatch.setattr(budget, "resident_bytes", lambda: next(used))
    monkeypatch.setattr(budget, "ENTRIES_A_LOOK", 10)
    scenario = centre(ONE_DESK)
    workload = by_hand(scenario, [at(10 * n, queue="calls", channel="web") for n in range(50)])
    with pytest.raises(BudgetError, match="it took more than 1 GB"):
        simulate_compiled(scenario, workload, cap=Cap(1e9, 1e10, 1e9, estimate(scenario)))


@needs_the_library
def test_what_is_raised_while_it_asks_back_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation.Day, "column", refuse)
    scenario = centre(ONE_DESK)
    with pytest.raises(KeyboardInterrupt):
        simulate_compiled(scenario, by_hand(scenario, [at(0, queue="calls", channel="web")]))


@needs_the_library
def test_rows_go_to_what_stands_in_the_place_of_a_table() -> None:
    """Of two tables that are kept one has a list in its place, which takes the rows one by one."""
    scenario, tasks = centre(ONE_DESK), list[tuple[object, ...]]()
    recorder = Recorder(scenario, ["requests", "tasks"])
    recorder.tasks = lambda row: tasks.append(row)
    workload = by_hand(scenario, [at(10 * n, queue="calls", channel="web") for n in range(3)])
    simulate_compiled(scenario, workload, recorder)
    assert len(tasks) == 3
    assert (len(recorder.tables["tasks"]), len(recorder.tables["requests"])) == (0, 3)


def test_what_is_no_breach_is_told_by_its_own_name() -> None:
    run: Any = object.__new__(simulation._Run)
    run._cap, run._ended = None, layout.rows("Ended", 1)
    assert isinstance(run._mistake("memory"), MemoryError)
    assert "the compiled engine is at fault (line 0)" in str(run._mistake("budget"))


# Building.


def test_without_a_compiler_building_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "compiler", lambda: None)
    with pytest.raises(OSError, match="no C compiler is found; `pip install ziglang` brings one"):
        library.build()


def test_a_compiler_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        library, "compiler", lambda: [sys.executable, "-c", "import sys; sys.exit('no luck')"]
    )
    with pytest.raises(OSError, match=r"failed:\nno luck$"):
        library.build(tmp_path / "engine.so")
    assert list(tmp_path.iterdir()) == []


@needs_the_library
@pytest.mark.slow
def test_built_with_sanitizers_random_days_are_clean(tmp_path: Path) -> None:
    """AddressSanitizer and UndefinedBehaviorSanitizer over random days; they need gcc or clang."""
    done = subprocess.run(
        [sys.executable, "-m", "engine.compiled.sanitized", "100"],
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mutants_are_drawn_of_every_operator_and_always_the_same() -> None:
    drawn = mutants(2 * len(OPERATORS), seed=1)
    assert [one.operator for one in drawn] == 2 * list(OPERATORS)
    assert drawn == mutants(2 * len(OPERATORS), seed=1) != mutants(2 * len(OPERATORS), seed=2)
    assert all(one.before != one.after for one in drawn)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="each mutant runs in a copy of the process")
@needs_the_library
def test_a_mutant_is_caught_and_the_engine_itself_is_not(tmp_path: Path) -> None:
    builder = Builder(tmp_path)
    text = (library.HERE / "c" / "offers.c").read_text()
    wrong = text.replace("r->ring_outs++;", "r->ring_outs += 2;")
    assert wrong != text
    days = known_days(days=20, own=False)
    for changed, is_found in ((text, False), (wrong, True)):
        file = builder.build(Mutant("offers.c", "", 0, "", "", changed))
        assert file is not None
        assert is_caught(file, days) is is_found


def test_rows_are_taken_whatever_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """An array in pieces would be read wrongly, so it is refused."""
    with pytest.raises(ValueError, match="in one piece"):
        layout.address(np.zeros(4)[::2])


def test_the_compiler_is_that_of_cc_and_else_a_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "zig cc")
    assert library.compiler() == ["zig", "cc"]
    monkeypatch.delenv("CC")
    monkeypatch.setattr(library.shutil, "which", lambda name: name == "clang" or None)
    assert library.compiler() == ["clang"]


def test_building_is_told_with_its_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    instants = iter([1000.0, 1002.5])
    monkeypatch.setattr(building, "perf_counter", lambda: next(instants))
    monkeypatch.setattr(building, "build", lambda: Path("new.so"))
    monkeypatch.setattr(building, "load", lambda: (object(), "cc, -O2"))
    assert building.main() == 0
    assert capsys.readouterr().out == "built new.so in 2.5 s (cc, -O2)\n"


@pytest.mark.parametrize(
    ("system", "name", "is_told"), [("posix", "_engine.so", True), ("nt", "_engine.dll", False)]
)
def test_a_library_is_named_as_the_system_names_its_own(
    system: str, name: str, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code of no fixed place is asked for where it is not the rule already."""
    calls: list[list[str]] = []

    def compiled(call: list[str], **_how: object) -> SimpleNamespace:
        calls.append(call)
        Path(call[call.index("-o") + 1]).write_bytes(b"")
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(library, "HERE", tmp_path)
    monkeypatch.setattr(library, "os", SimpleNamespace(name=system, environ={"CC": "cc"}))
    monkeypatch.setattr(library, "subprocess", SimpleNamespace(run=compiled))
    assert library.build() == tmp_path / name
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert ["-fPIC" in call for call in calls] == [is_told]
