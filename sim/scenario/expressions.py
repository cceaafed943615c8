"""Routing expressions such as `general >= 1 or billing >= 5`: a small parser, never eval.

`and` and `or` are worked strictly from left to right, neither binds tighter; parentheses group.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.errors import quoted
from sim.scenario.numbers import decimal

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
DEEPEST = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>'[^']+')|(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<operator>==|!=|<=|>=|<|>)"
    r"|(?P<bracket>[()])|(?P<word>[^\W\d][\w-]*))"
)


class _Comparison(NamedTuple):
    attribute: str
    operator: str
    level: float

    def holds(self, skills: Mapping[str, float]) -> bool:
        return OPERATORS[self.operator](skills.get(self.attribute, 0), self.level)

    def text(self) -> str:
        name = self.attribute
        plain = re.fullmatch(r"[^\W\d][\w-]*", name) and name.lower() not in ("and", "or")
        return f"{name if plain else repr(name)} {self.operator} {self.level:g}"

    def attributes(self) -> Iterator[str]:
        yield self.attribute


class _Chain(NamedTuple):
    first: "_Comparison | _Chain"
    rest: tuple[tuple[str, "_Comparison | _Chain"], ...]

    def holds(self, skills: Mapping[str, float]) -> bool:
        held = self.first.holds(skills)
        for word, term in self.rest:
            held = (held and term.holds(skills)) if word == "and" else (held or term.holds(skills))
        return held

    def text(self) -> str:
        return _bracketed(self.first) + "".join(f" {word} {_bracketed(term)}" for word, term in self.rest)

    def attributes(self) -> Iterator[str]:
        yield from self.first.attributes()
        for _, term in self.rest:
            yield from term.attributes()

    def grouped(self) -> str:
        text = _grouped(self.first)
        for word, term in self.rest[:-1]:
            text = f"({text} {word} {_grouped(term)})"
        return f"{text} {self.rest[-1][0]} {_grouped(self.rest[-1][1])}"

    def mixes(self) -> bool:
        terms = [self.first, *(term for _, term in self.rest)]
        inner = any(term.mixes() for term in terms if isinstance(term, _Chain))
        return inner or len({word for word, _ in self.rest}) > 1


def _bracketed(term: "_Comparison | _Chain") -> str:
    return f"({term.text()})" if isinstance(term, _Chain) else term.text()


def _grouped(term: "_Comparison | _Chain") -> str:
    return f"({term.grouped()})" if isinstance(term, _Chain) else term.text()


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise ValueError(f"`{text[start : start + 12]}` at position {start + 1} is not understood")
        group = str(match.lastgroup)
        joint = group == "word" and match[group].lower() in ("and", "or")
        found.append(_Token("joint" if joint else group, match[group], match.start(group)))
        at = match.end()
    return [*found, _Token("end", "the end", len(text))]


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0

    def whole(self) -> "_Comparison | _Chain":
        found = self.chain(0)
        self.take("end", what="`and` or `or`")
        return found

    def chain(self, depth: int) -> "_Comparison | _Chain":
        first, rest = self.term(depth), []
        while self.tokens[self.at].kind == "joint":
            rest.append((self.take("joint").text.lower(), self.term(depth)))
        return _Chain(first, tuple(rest)) if rest else first

    def term(self, depth: int) -> "_Comparison | _Chain":
        if self.tokens[self.at].text != "(":
            return self.comparison()
        if depth == DEEPEST:
            raise ValueError(f"parentheses go deeper than {DEEPEST}")
        self.take("bracket")
        found = self.chain(depth + 1)
        if self.tokens[self.at].text != ")":
            self.refuse("`)`")
        self.take("bracket")
        return found

    def comparison(self) -> _Comparison:
        name = self.take("word", "quoted", what="the name of a skill")
        sign = self.take("operator", what="one of ==, !=, <, <=, >, >=")
        level = self.take("number", what="a number")
        return _Comparison(name.text.strip("'"), sign.text, decimal(level.text))

    def take(self, *kinds: str, what: str = "") -> _Token:
        token = self.tokens[self.at]
        if token.kind not in kinds:
            self.refuse(what)
        self.at += 1
        return token

    def refuse(self, what: str) -> None:
        token = self.tokens[self.at]
        got = token.text if token.kind == "end" else f"`{token.text}` at position {token.at + 1}"
        raise ValueError(f"expected {what} but found {got}")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What an agent's skills have to fulfil; a skill they do not have counts as 0."""

    _root: _Comparison | _Chain

    @classmethod
    def parse(cls, text: str) -> "Criteria":
        """Read an expression. Raises ValueError that names the position."""
        return cls(_Parser(text).whole())

    @classmethod
    def at_least(cls, attribute: str, level: float) -> "Criteria":
        """Ask for one skill of at least this level."""
        return cls(_Comparison(attribute, ">=", level))

    @property
    def text(self) -> str:
        """The expression in its usual spelling."""
        return self._root.text()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The skills it looks at, in order of appearance, each once."""
        return tuple(dict.fromkeys(self._root.attributes()))

    @property
    def mixes_and_or(self) -> bool:
        """Return whether `and` and `or` stand side by side, where the order from left to right decides."""
        return isinstance(self._root, _Chain) and self._root.mixes()

    @property
    def grouped(self) -> str:
        """The expression with parentheses that show the order in which it is worked."""
        return self._root.grouped() if isinstance(self._root, _Chain) else self._root.text()

    def holds(self, skills: Mapping[str, float]) -> bool:
        """Return whether these skills fulfil it."""
        return self._root.holds(skills)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _read(cls, given: Any) -> "Criteria":
        if isinstance(given, Criteria):
            return given
        if not isinstance(given, str):
            raise ValueError(f'{quoted(given)} is no expression; write for example "general >= 1"')
        return cls.parse(given)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(str, when_used="json")
        return core_schema.no_info_plain_validator_function(cls._read, serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "minLength": 1}
