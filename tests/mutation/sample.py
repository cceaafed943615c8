"""A sample that is kept in a folder with its tree and its map, so that it can be gone on with."""

import json
import shutil
from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path

from mutation.asking import Asked, Ending, Tree
from mutation.drawing import Mutant, Settings
from mutation.reaching import Reached

LIMIT_S = 20.0
"""Tests of a mutant are asked until they would compute so long, unless told; what is not caught by then survives."""


class Sample:
    """Mutants of a tree, and what its tests say of those that were tried."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tree, self._reached = Tree(folder / "tree"), Reached(folder / "tree", folder / "map")
        self.mutants = [Mutant(**json.loads(line)) for line in self._lines("mutants.jsonl")]
        self.told = {told["number"]: told for told in map(json.loads, self._lines("told.jsonl"))}
        self.before = int("".join(self._lines("before.txt")) or 0)
        """How many of the sample that these are of were caught before."""

    @classmethod
    def begun(cls, root: Path, folder: Path, settings: Settings, mutants: list[Mutant]) -> "Sample":
        """Copy the tree, make the map, and keep the mutants."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        Tree.copied(root, folder / "tree")
        Reached(folder / "tree", folder / "map").make(settings.packages, settings.tests)
        lines = [json.dumps(asdict(one)) + "\n" for one in mutants]
        (folder / "mutants.jsonl").write_text("".join(lines), encoding="utf-8")
        return cls(folder)

    def ask(self, first: int, limit_s: float = LIMIT_S) -> Iterator[tuple[int, Mutant, Asked]]:
        """Ask about those of the first so many that were not tried, and keep each answer."""
        for number, mutant in enumerate(self.mutants[:first]):
            if number in self.told:
                continue
            tests = self._reached.asked(mutant.module, mutant.line, limit_s)
            asked = self._tree.ask(mutant, tests, self._reached.seconds)
            self._keep(number, asked.ending, asked.by)
            yield number, mutant, asked

    def take_up(self, before: int, equal: Collection[tuple[str, str, str]]) -> None:
        """Note how many were caught before, and that those known to be the same program survive again, unasked."""
        self.before = before
        (self._folder / "before.txt").write_text(str(before), encoding="utf-8")
        for number, mutant in enumerate(self.mutants):
            if mutant.key in equal:
                self._keep(number, Ending.SURVIVES, "")

    def _keep(self, number: int, ending: Ending, by: str) -> None:
        self.told[number] = kept = {"number": number, "ending": ending.value, "by": by}
        with (self._folder / "told.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept) + "\n")

    def surviving(self) -> list[Mutant]:
        """Return those that no test caught."""
        ends = {number: Ending(told["ending"]) for number, told in self.told.items()}
        return [self.mutants[number] for number in sorted(ends) if ends[number] is Ending.SURVIVES]

    def _lines(self, name: str) -> list[str]:
        path = self._folder / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def still_there(root: Path, mutants: list[Mutant]) -> list[Mutant]:
    """Return the mutants with the text of today, without those whose line is no longer there."""
    found = []
    for one in mutants:
        path = root / one.module
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        today = one.on(text)
        if today is not None:
            found.append(today)
    return found
