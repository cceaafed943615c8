"""YAML 1.2 text as plain values, with the line and column of each; and a scenario's values as plain ones and text."""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from numbers import Integral, Real
from typing import Any

from pydantic import TypeAdapter
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from sim.errors import Mistake, ScenarioError, one_line, quoted
from sim.scenario.context import Place
from sim.scenario.distributions import KINDS, Distribution
from sim.scenario.expressions import Criteria
from sim.scenario.fields import Part
from sim.scenario.numbers import CLOCK_PATTERN, decimal, integer, moment_text

MOST_NODES = 200_000
MOST_WRITTEN = 50_000
"""Keys and values of a file, before aliases are followed."""
DEEPEST = 50
LONGEST_VALUE = 100_000
"""Characters of a single value such as that of an override."""
_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Tree:
    """A YAML document: its values, where each key and value stands (from 1), what is wrong with it, what overridden."""

    name: str
    data: Any = None
    keys: dict[Place, tuple[int, int]] = field(default_factory=dict)
    values: dict[Place, tuple[int, int]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    overridden: list[Place] = field(default_factory=list)


SCENARIO_FORM = "a scenario is a mapping of keys (key: value)"
OF_TABLES = (".csv", ".tsv", ".txt")
FROM_A_TABLE = "; of a forecast one is made by: sim init FOLDER --forecast {}"


def read_tree(text: str, name: str, form: str = SCENARIO_FORM) -> Tree:
    """Read the text of a scenario, or of a file of another form. Raises ScenarioError where it is no YAML mapping."""
    tree = Tree(name)
    root = _compose(text, name)
    if root is None:
        raise ScenarioError([Mistake(name, 0, 0, "", f"the file is empty; {form}")])
    if not isinstance(root, MappingNode):
        hint = FROM_A_TABLE.format(name) if form is SCENARIO_FORM and name.lower().endswith(OF_TABLES) else ""
        raise ScenarioError([Mistake(name, *_mark(root), "", form + hint)])
    tree.data = _Builder(tree).value(root, ())
    return tree


def read_value(text: str) -> Any:
    """Read a single YAML value, such as that of an override. Raises ValueError in one line."""
    if len(text) > LONGEST_VALUE:
        raise ValueError(f"the value has {len(text):,} characters; at most {LONGEST_VALUE:,}")
    try:
        root = _compose(text, "value")
        tree = Tree("value")
        found = None if root is None else _Builder(tree).value(root, ())
    except ScenarioError as error:
        raise ValueError(error.mistakes[0].what) from None
    if tree.mistakes:
        raise ValueError(tree.mistakes[0].what)
    return found


def _compose(text: str, name: str) -> Node | None:
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Composer = _Counting
        node: Node | None = yaml.compose(text)
    except _TooLargeError as error:
        raise ScenarioError([Mistake(name, error.line, 1, "", str(error))]) from None
    except MarkedYAMLError as error:
        raise ScenarioError([_syntax(error, name)]) from None
    except ReaderError as error:
        what = f"not valid YAML: the character U+{error.character:04X} is not allowed"
        raise ScenarioError([Mistake(name, *_place_of(text, error.position), "", what)]) from None
    except (YAMLError, ValueError) as error:
        raise ScenarioError([Mistake(name, 0, 0, "", f"not valid YAML: {_one_line(error)}")]) from None
    except RecursionError:
        raise ScenarioError([Mistake(name, 0, 0, "", "not valid YAML: it is nested too deeply")]) from None
    return node


class _TooLargeError(Exception):
    """More keys and values than a scenario may have."""

    def __init__(self, line: int) -> None:
        super().__init__(
            f"there are more than {MOST_WRITTEN:,} keys and values; put long lists into CSV files"
        )
        self.line = line


class _Counting(Composer):
    """Composes a document and stops where it gets too large."""

    written = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.written += 1
        if self.written > MOST_WRITTEN:
            raise _TooLargeError(self.parser.peek_event().start_mark.line + 1)
        return super().compose_node(parent, index)


def _place_of(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _syntax(error: MarkedYAMLError, name: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    words = [word for word in (_context(error, line), error.problem) if word]
    remedy = "; indent with spaces, not with tabs" if "'\\t'" in (error.problem or "") else ""
    return Mistake(name, line, column, "", f"not valid YAML: {', '.join(words)}{remedy}")


def _context(error: MarkedYAMLError, line: int) -> str:
    """Describe what was being read and, where that is not where it went wrong, in which line it began."""
    context = error.context or ""
    begun = error.context_mark.line + 1 if error.context_mark else line
    return f"{context} begun in line {begun}" if context.startswith("while") and begun != line else context


def _one_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error)).strip()


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


class _Builder:
    """Turns nodes into plain values; keys become text, what is wrong is noted in the tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.left = MOST_NODES
        self.open: set[int] = set()

    def value(self, node: Node, place: Place) -> Any:
        self.left -= 1
        if self.left < 0 or id(node) in self.open or len(place) > DEEPEST:
            self._stop(node, place)
        self.tree.values[place] = _mark(node)
        if isinstance(node, ScalarNode):
            return self._scalar(node, place)
        self.open.add(id(node))
        found = self._collection(node, place)
        self.open.discard(id(node))
        return found

    def _collection(self, node: Node, place: Place) -> Any:
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        self._plain_tag(node, place, "seq")
        return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]

    def _stop(self, node: Node, place: Place) -> None:
        what = "aliases make this file too large" if self.left < 0 else "this is nested too deeply"
        what = "an alias contains itself" if id(node) in self.open else what
        raise ScenarioError([Mistake(self.tree.name, *_mark(node), _dotted(place), what)])

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        self._plain_tag(node, place, "map")
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, place)
            if key is None:
                continue
            if key in found:
                first = self.tree.keys[(*place, key)][0]
                self._note(key_node, (*place, key), f"this key is there twice, first in line {first}")
                continue
            self.tree.keys[(*place, key)] = _mark(key_node)
            found[key] = self.value(value_node, (*place, key))
        return found

    def _key(self, node: Node, place: Place) -> str | None:
        if isinstance(node, ScalarNode):
            return str(node.value)
        self._note(node, place, "a key has to be plain text")
        return None

    def _plain_tag(self, node: Node, place: Place, kind: str) -> None:
        if str(node.tag) != _TAG + kind:
            self._note(node, place, f"the tag `{node.tag}` is not allowed; scenarios are plain data")

    def _scalar(self, node: ScalarNode, place: Place) -> Any:
        kind = str(node.tag).removeprefix(_TAG)
        text = str(node.value)
        if kind in ("str", "timestamp"):
            return text
        if kind not in _READERS:
            self._note(node, place, f"the tag `{node.tag}` is not allowed; scenarios are plain data")
            return text
        try:
            return _READERS[kind](text)
        except ValueError:
            return text

    def _note(self, node: Node, place: Place, what: str) -> None:
        self.tree.mistakes.append(Mistake(self.tree.name, *_mark(node), _dotted(place), what))


def _bool(text: str) -> bool:
    return text.lower() in ("true", "yes", "on")


_READERS: dict[str, Callable[[str], Any]] = {
    "int": integer,
    "float": lambda text: decimal(text.replace("_", "")),
    "bool": _bool,
    "null": lambda _: None,
}


def _dotted(place: Place) -> str:
    return one_line(".".join(str(one) for one in place))


# From values back to text.

WIDEST = 100
"""Characters of a value that is written in one line."""


def plain(value: Any) -> Any:
    """Return what a scenario file holds for a value: text, numbers, lists and mappings. Raises ValueError."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return _plain_part(value)


def _plain_part(value: Any) -> Any:
    if isinstance(value, Part):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, tuple(KINDS.values())):
        laws: TypeAdapter[Any] = TypeAdapter(Distribution)
        return laws.dump_python(value, mode="json")
    if isinstance(value, Criteria):
        return value.text
    if isinstance(value, datetime):
        return moment_text(value)
    raise ValueError(f"{quoted(value)} is nothing that a scenario file holds")


def text_of(content: Mapping[str, Any]) -> str:
    """Write plain values as YAML, what is small in one line."""
    yaml = YAML()
    yaml.width = 1_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_styled(content, depth=0), out)
    return out.getvalue()


def _styled(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        mapping = CommentedMap((key, _styled(one, depth + 1)) for key, one in value.items())
        return _in_one_line(mapping, value, depth)
    if isinstance(value, list):
        return _in_one_line(CommentedSeq(_styled(one, depth + 1) for one in value), value, depth)
    is_clock = isinstance(value, str) and re.match(CLOCK_PATTERN, value)
    return DoubleQuotedScalarString(value) if is_clock else value  # older YAML takes 08:00 for a number


def _in_one_line(node: Any, value: Any, depth: int) -> Any:
    of_parts = isinstance(value, list) and any(isinstance(one, Mapping) for one in value)
    in_part = depth > 1 and not of_parts  # whatever holds parts has a line for each
    if in_part and len(str(value)) <= WIDEST:
        node.fa.set_flow_style()
    return node
