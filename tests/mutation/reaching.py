"""Which tests run which line: the map is made by one run of all of them, and tells whom to ask about a fault.

What a test takes from a cache or a fixture of its file was run by an earlier test; so the rest of the file is asked
after those that reach the line. What is run while a module is loaded is reached by all that use the module.
"""

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from coverage import Coverage, CoverageData

from mutation.spreading import Spread


class Mapping:
    """Pytest plugin: note the lines that each test runs, and its time of the processor."""

    def __init__(self, folder: Path, packages: Sequence[str]) -> None:
        self._folder = folder
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._coverage = Coverage(
            data_file=str(folder / "lines"), source=[*packages], config_file=False, messages=False
        )
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Put all that is run under the name of the test."""
        self._coverage.switch_context(item.nodeid)
        started = process_time()
        yield
        self._seconds[item.nodeid] = process_time() - started
        self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note who fails."""
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Keep what was noted, without those that fail: they say nothing of a fault."""
        self._coverage.stop()
        self._coverage.save()
        for name in sorted(self._failed):
            print(f"{name} fails without a fault, and is not asked")
        kept = {name: seconds for name, seconds in self._seconds.items() if name not in self._failed}
        (self._folder / "seconds.json").write_text(json.dumps(kept), encoding="utf-8")


class Reached:
    """The map of a tree, which is kept in a folder."""

    def __init__(self, tree: Path, folder: Path) -> None:
        self._tree, self._folder = tree, folder

    def make(self, packages: Sequence[str], tests: Sequence[str]) -> None:
        """Run all tests once, in a process of their own."""
        self._folder.mkdir(exist_ok=True)
        words = [sys.executable, "-m", "mutation.reaching", str(self._folder), *packages, "--", *tests]
        path = os.pathsep.join([str(self._tree), str(self._tree / "tests")])
        subprocess.run(words, cwd=self._tree, env={**os.environ, "PYTHONPATH": path}, check=True)

    def asked(self, module: str, line: int, limit_s: float) -> list[str]:
        """Return tests that compute so long together: of those of a line, and else of their files.

        Half of the time is for the quickest, the package's own first, and half for those that run the most besides.
        """
        reaching = {*self.reaching(module, line)} & {*self.seconds}
        files = {file_of(test) for test in reaching}
        rest = {test for test in self.seconds if file_of(test) in files} - reaching
        own = f"tests/{module.split('/')[1]}/"
        near = self._within(self._in_turn(reaching, own), limit_s / 2)
        far = self._spread.ordered(sorted(reaching - {*near}), limit_s - self._sum_s(near))
        left_s = limit_s - self._sum_s([*near, *far])
        return [*near, *far, *self._within(self._in_turn(rest, own), left_s)]

    def reaching(self, module: str, line: int) -> set[str]:
        """Return the tests that reach a line; those of its package where it is run while it is loaded."""
        text = (self._tree / module).read_text(encoding="utf-8")
        lines, noted = lines_of(text, line), self._lines(module)
        found = {test for one in lines for test in noted.get(one, ()) if test}
        if found or (lines and not any(noted.get(one) for one in lines)):
            return found
        return {test for test in self.seconds if test.startswith(f"tests/{module.split('/')[1]}/")}

    def _within(self, tests: Sequence[str], limit_s: float) -> list[str]:
        used = accumulate(self.seconds[one] for one in tests)
        return [test for test, seconds in zip(tests, used, strict=True) if seconds <= limit_s]

    def _sum_s(self, tests: Sequence[str]) -> float:
        return sum(self.seconds[one] for one in tests)

    def _in_turn(self, tests: Collection[str], own: str) -> list[str]:
        """Order tests: of each file the quickest, then of each the next, as a file is about one thing."""
        ranks: Counter[str] = Counter()
        placed = []
        for test in sorted(tests, key=self.seconds.__getitem__):
            placed.append((not test.startswith(own), ranks[file_of(test)], test))
            ranks[file_of(test)] += 1
        return [test for *_, test in sorted(placed)]

    @cached_property
    def seconds(self) -> dict[str, float]:
        """How long each test computes."""
        found: dict[str, float] = json.loads((self._folder / "seconds.json").read_text(encoding="utf-8"))
        return found

    @cached_property
    def _spread(self) -> Spread:
        return Spread(self._noted, self.seconds)

    def _lines(self, module: str) -> dict[int, list[str]]:
        return self._noted.contexts_by_lineno(str(self._tree / module))

    @cached_property
    def _noted(self) -> CoverageData:
        noted = CoverageData(str(self._folder / "lines"))
        noted.read()
        return noted


def file_of(test: str) -> str:
    """Return the file of a test."""
    return test.partition("::")[0]


def lines_of(text: str, line: int) -> Collection[int]:
    """Return the lines that are run where a line has an effect.

    They are those of its statement, of a function's head those of its body, and else those of all functions.
    """
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in reversed(functions):  # the innermost first
        body = range(function.body[0].lineno, (function.end_lineno or 0) + 1)
        head = min(one.lineno for one in (function, *function.decorator_list))
        if head <= line < body.start:
            return body
        if line in body:
            holding = (_own(one) for one in ast.walk(function) if _holds(one, line))
            return min(holding, key=len, default=range(line, line + 1))
    return {one for each in functions for one in range(each.body[0].lineno, (each.end_lineno or 0) + 1)}


def _holds(node: ast.AST, line: int) -> bool:
    return isinstance(node, ast.stmt) and line in _own(node)


def _own(node: Any) -> range:
    """Return the lines of a statement, without those of its body."""
    body = getattr(node, "body", None)
    return range(node.lineno, max(body[0].lineno, node.lineno + 1) if body else node.end_lineno + 1)


if __name__ == "__main__":
    into, *rest = sys.argv[1:]
    at = rest.index("--")
    words = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore::coverage.exceptions.CoverageWarning",
        *rest[at + 1 :],
    ]
    pytest.main(words, plugins=[Mapping(Path(into), rest[:at])])
