"""Scenario files: reading with every mistake at its place, changing single keys, writing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from sim.errors import Mistake, ScenarioError, SimError
from sim.interpreter import no_search_for_garbage
from sim.scenario.context import Origin, survey
from sim.scenario.error_messages import MOST_SHOWN, further_mistakes, mistakes_of
from sim.scenario.model import Scenario, require_path, require_scenarios
from sim.scenario.overrides import Overrides, override
from sim.scenario.text_files import SCENARIO, check_text, read_text
from sim.scenario.yaml_tree import Tree, plain, read_tree, text_of

OPTION = "--set "
"""What a mistake of an override begins with, before its key: on the command line they are given so."""

NO_TEXTS: Mapping[str, str] = MappingProxyType({})


def load(path: str | Path, overrides: Overrides = ()) -> Scenario:
    """Read a scenario file, with keys overridden as `--set K=V` does.

    Raises ScenarioError with all mistakes at once. Files that it names are read from its own folder only.
    """
    require_path(path)
    return loads(_text(Path(path)), str(path), Path(path).parent, overrides)


def load_with_places(path: Path, overrides: Overrides = ()) -> tuple[Scenario, Tree]:
    """Read a scenario file as `load` does, and return with it the places of its keys, which take long to find."""
    tree = read_tree(_text(path), str(path))
    return _scenario(tree, path.parent, overrides), tree


def loads(
    text: str, name: str = "<text>", folder: str | Path | None = None, overrides: Overrides = ()
) -> Scenario:
    """Read the text of a scenario; `name` stands in messages, `folder` is where the files it names are.

    Raises ScenarioError with all mistakes at once.
    """
    if not isinstance(text, str):
        raise SimError("sim.loads takes the text of a scenario; sim.load(...) reads a file")
    try:
        check_text(text, SCENARIO)
    except ValueError as error:
        raise ScenarioError([Mistake(name, 0, 0, "", str(error))]) from None
    tree, home = read_tree(text, name), None if folder is None else Path(folder)
    if not isinstance(overrides, Mapping):
        return _scenario(tree, home, overrides)
    with as_in_python("overrides[{}]"):
        return _scenario(tree, home, overrides)


def dump(scenario: Scenario) -> str:
    """Write a scenario as YAML; what is left to its default is left out. `loads` gives an equal scenario."""
    require_scenarios(scenario)
    return text_of(plain(scenario))


def changed(scenario: Scenario, overrides: Overrides) -> Scenario:
    """Return a scenario with keys overridden. Raises ScenarioError."""
    origin = scenario.origin
    if origin is None:
        origin = Origin(scenario.name, None, plain(scenario), {})
    return _scenario(Tree(origin.name, origin.data), origin.folder, overrides, origin.texts)


def with_keys(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario with keys changed, as `Scenario.set` does. Raises ScenarioError."""
    with as_in_python("set({})"):
        return changed(scenario, changes)


@contextmanager
def as_in_python(form: str) -> Iterator[None]:
    """Name mistakes of overrides as Python code has them, `set("teams.desk.agents")`, and not as the command line."""
    try:
        yield
    except ScenarioError as error:
        raise ScenarioError([_written(one, form) for one in error.mistakes]) from None


def _written(mistake: Mistake, form: str) -> Mistake:
    if not mistake.file.startswith(OPTION):
        return mistake
    return replace(mistake, file=form.format(f'"{mistake.file.removeprefix(OPTION)}"'))


def _scenario(
    tree: Tree, folder: Path | None, overrides: Overrides, texts: Mapping[str, str] = NO_TEXTS
) -> Scenario:
    mistakes = tree.mistakes
    if overrides:
        tree.data, tree.overridden, wrong = override(tree.data, overrides)
        mistakes = [*mistakes, *wrong]
    places = tree.overridden
    around = survey(tree.data, folder, texts)
    try:
        with no_search_for_garbage():
            scenario = Scenario.model_validate(tree.data, context=around, by_alias=True, by_name=False)
    except ValidationError as error:
        found = mistakes_of(error, tree, places)
        further = further_mistakes(error, tree, around, places)
        raise ScenarioError(_in_order([*mistakes, *found, *further], tree.name)) from None
    if mistakes:
        raise ScenarioError(_in_order(mistakes, tree.name))
    home = None if folder is None else folder.absolute()
    return scenario.coming_from(Origin(tree.name, home, tree.data, around.texts))


def _in_order(mistakes: list[Mistake], own: str) -> list[Mistake]:
    """Sort mistakes as the eye goes through the file; those of overrides and other files come last.

    What is said of another file as a whole, such as how many more mistakes it has, follows what is wrong at a place.
    """

    def place(one: Mistake) -> tuple[bool, str, bool, int, int]:
        return one.file != own, one.file, one.file != own and not one.line, one.line, one.column

    found = sorted(dict.fromkeys(mistakes), key=place)
    rest = len(found) - MOST_SHOWN
    return found if rest <= 0 else [*found[:MOST_SHOWN], Mistake(own, 0, 0, "", f"and {rest} more mistakes")]


def _text(path: Path) -> str:
    try:
        return read_text(path, SCENARIO)
    except ValueError as error:
        what = str(error).replace("not a file", "not a scenario file")
        there = min(path.glob("*.yaml"), default=None) if path.is_dir() else None
        what += f"; name one, such as {there}" if there is not None else ""
        raise ScenarioError([Mistake(str(path), 0, 0, "", what)]) from None
