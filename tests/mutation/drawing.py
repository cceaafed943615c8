"""Which changes are made: every place is as likely as any other, and each of the changes at a place likewise."""

import ast
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from warnings import catch_warnings

Span = tuple[tuple[int, int], tuple[int, int]]
"""Where something begins and ends, each as line (from 1) and column (from 0)."""


@dataclass(frozen=True)
class Mutant:
    """A change of one module at one place, as cosmic-ray names it."""

    package: str
    module: str
    operator: str
    line: int
    before: str
    after: str
    text: str

    def on(self, today: str) -> "Mutant | None":
        """Return the same change of the module as it is today; None where its line is no longer there."""
        lines = today.splitlines()
        places = [at for at, line in enumerate(lines) if line.strip() == self.before]
        if not places:
            return None if self.before not in today else self
        at = min(places, key=lambda place: abs(place + 1 - self.line))
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        text = "\n".join([*lines[:at], indent + self.after, *lines[at + 1 :]]) + "\n"
        return replace(self, line=at + 1, text=text)

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the change though lines above it come and go."""
        return self.module, self.before, self.after

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.operator}: `{self.before}` -> `{self.after}`"


@dataclass(frozen=True)
class Settings:
    """What is changed, who is asked about it, and what is left alone."""

    packages: list[str]
    tests: list[str]
    decorators: frozenset[str]
    flags: frozenset[str]

    @classmethod
    def read(cls) -> "Settings":
        """Read the file of settings."""
        given = tomllib.loads(Path(__file__).with_name("settings.toml").read_text(encoding="utf-8"))
        without = given["without_effect"]
        return cls(
            given["packages"], given["tests"], frozenset(without["decorators"]), frozenset(without["flags"])
        )


def drawn(root: Path, settings: Settings, packages: Iterable[str], count: int, seed: int) -> list[Mutant]:
    """Draw so many mutants of some packages; the same ones for the same text and seed."""
    chance = random.Random(seed)
    places = {
        (package, module, place): changes
        for package in packages
        for module in sorted((root / package).rglob("*.py"))
        for place, changes in sorted(_changes(module, settings).items())
    }
    found: list[Mutant] = []
    for package, module, place in chance.sample(list(places), len(places)):
        operator, occurrence = chance.choice(places[package, module, place])
        mutant = _mutant(root, package, module, operator, occurrence)
        if mutant is not None:
            found.append(mutant)
        if len(found) == count:
            break
    return found


def _changes(module: Path, settings: Settings) -> Mapping[tuple[int, int], list[tuple[str, int]]]:
    """Return what can be changed at each place of a module: operator and its how-manyth place there."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.commands.init import _operators

    text = module.read_text(encoding="utf-8")
    untested = list(without_effect(ast.parse(text), settings))
    nodes = list(ast_nodes(get_ast_from_path(module)))
    found = defaultdict(list)
    for name, _, operator in _operators({}):
        spans = (span for node in nodes for span in operator.mutation_positions(node))
        for occurrence, (begin, end) in enumerate(spans):
            if not any(first <= begin and end <= last for first, last in untested):
                found[begin].append((name, occurrence))
    return found


def without_effect(tree: ast.Module, settings: Settings) -> Iterator[Span]:
    """Say where nothing can be tested: what only a type checker or a command reads, and what the settings name."""
    for node in ast.walk(tree):
        found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'"):
            found.append(node)
        if isinstance(node, ast.keyword) and node.arg in settings.flags:
            found.append(node)
        for one in found:
            if one is not None:
                yield (one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0)
        for one in getattr(node, "decorator_list", []):
            if ast.unparse(one).partition("(")[0] in settings.decorators:
                yield (one.lineno, one.col_offset - 1), (one.end_lineno + 1, 0)


def _mutant(root: Path, package: str, module: Path, name: str, occurrence: int) -> Mutant | None:
    """Return a mutant; None where Python refuses its text."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = module.read_text(encoding="utf-8")
    changed = mutate_code(text, get_operator(name)(), occurrence)
    assert changed is not None
    try:
        with catch_warnings(action="ignore"):
            compile(changed, module, "exec")
    except SyntaxError:
        return None
    lines = text.splitlines(), changed.splitlines()
    parts = SequenceMatcher(None, *lines, autojunk=False).get_opcodes()
    _, at, end, after_at, after_end = next(part for part in parts if part[0] != "equal")
    before, after = " ".join(lines[0][at:end]), " ".join(lines[1][after_at:after_end])
    operator = name.rpartition("/")[2].removeprefix("Replace")
    file = module.relative_to(root).as_posix()
    return Mutant(package, file, operator, at + 1, before.strip(), after.strip(), changed)
