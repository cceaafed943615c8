import builtins
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Criteria


@pytest.mark.parametrize(
    ("text", "skills", "held"),
    [
        ("general >= 5", {"general": 5}, True),
        ("general > 5", {"general": 5}, False),
        ("general < 5", {}, True),
        ("general <= 0", {}, True),
        ("general == 5", {"general": 5}, True),
        ("general != 5", {"general": 5}, False),
        ("a>=1 and b>=1", {"a": 1}, False),
        ("a >= 1 or b >= 1", {"a": 1}, True),
        ("A >= 1 AND b >= 1", {"A": 1, "b": 1}, True),
        ("tech-support >= 2.5", {"tech-support": 3}, True),
        ("'credit cards' >= 1", {"credit cards": 1}, True),
        ("((a >= 1))", {"a": 1}, True),
    ],
)
def test_expressions(text: str, skills: dict[str, int], held: bool) -> None:
    assert Criteria.parse(text).holds(skills) is held


def test_and_and_or_are_worked_from_left_to_right() -> None:
    # R1.6: no precedence. Python and SQL would read a or (b and c), which holds here.
    assert not Criteria.parse("a >= 1 or b >= 1 and c >= 1").holds({"a": 1})
    assert Criteria.parse("a >= 1 or (b >= 1 and c >= 1)").holds({"a": 1})
    assert Criteria.parse("a >= 1 and b >= 1 or c >= 1").holds({"c": 1})
    assert not Criteria.parse("a >= 1 and (b >= 1 or c >= 1)").holds({"c": 1})


def test_the_order_is_shown_with_parentheses() -> None:
    mixed = Criteria.parse("a >= 1 or b >= 1 and (c >= 1 or d < 2)")
    assert mixed.mixes_and_or
    assert mixed.grouped == "(a >= 1 or b >= 1) and (c >= 1 or d < 2)"
    assert not Criteria.parse("a >= 1 or b >= 1 or c >= 2").mixes_and_or
    assert Criteria.parse("a >= 1 or (b >= 1 and c >= 1 or d > 2)").mixes_and_or


def test_spelling_does_not_matter() -> None:
    assert Criteria.parse("a>=1   and  b<2") == Criteria.parse("a >= 1.0 AND b < 2")
    assert Criteria.parse("a>=1   and  b<2").text == "a >= 1 and b < 2"
    assert Criteria.parse("(a >= 1)").text == "a >= 1"
    assert str(Criteria.parse("'and' >= 1 and 'x y' < 2")) == "'and' >= 1 and 'x y' < 2"


def test_attributes_are_named_once_in_order() -> None:
    assert Criteria.parse("b >= 1 or (a >= 1 and b < 5)").attributes == ("b", "a")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "expected the name of a skill but found the end"),
        ("general", "expected one of ==, !=, <, <=, >, >= but found the end"),
        ("general >=", "expected a number but found the end"),
        ("general >= high", "expected a number but found `high` at position 12"),
        ("general = 5", "`= 5` at position 9 is not understood"),
        ("1 <= general", "expected the name of a skill but found `1` at position 1"),
        ("a >= 1 b >= 2", "expected `and` or `or` but found `b` at position 8"),
        ("a >= 1 and", "expected the name of a skill but found the end"),
        ("and a >= 1", "expected the name of a skill but found `and` at position 1"),
        ("(a >= 1", "expected `)` but found the end"),
        ("a >= 1)", "expected `and` or `or` but found `)` at position 7"),
        ("a >= 1; import os", "`; import os` at position 7 is not understood"),
        ("a >= -1", "`-1` at position 6 is not understood"),
        ("a >= 5x", "`5x` at position 6 is not understood"),
        ("(" * 30 + "a >= 1" + ")" * 30, "parentheses go deeper than 20"),
    ],
)
def test_what_is_no_expression(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(what)}$"):
        Criteria.parse(text)


comparisons = st.builds(
    lambda name, sign, level: f"{name} {sign} {level}",
    st.sampled_from("abc"),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.integers(0, 10),
)
expressions = st.recursive(
    comparisons,
    lambda inner: st.lists(
        st.one_of(inner, inner.map(lambda one: f"({one})")), min_size=2, max_size=4
    ).flatmap(
        lambda terms: st.lists(
            st.sampled_from(["and", "or"]), min_size=len(terms) - 1, max_size=len(terms) - 1
        ).map(
            lambda words: " ".join([terms[0], *(f"{w} {t}" for w, t in zip(words, terms[1:], strict=True))])
        )
    ),
    max_leaves=8,
)
levels = st.fixed_dictionaries({}, optional={name: st.integers(0, 10) for name in "abc"})


@pytest.mark.slow
@settings(deadline=None)
@given(expressions, levels)
def test_its_own_text_and_its_grouped_text_mean_the_same(text: str, skills: dict[str, int]) -> None:
    criteria = Criteria.parse(text)
    assert Criteria.parse(criteria.text) == criteria
    assert Criteria.parse(criteria.grouped).holds(skills) == criteria.holds(skills)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["and", "or"]), st.booleans()), min_size=1, max_size=8), st.booleans()
)
def test_left_to_right_is_a_fold(rest: list[tuple[str, bool]], first: bool) -> None:
    held = first
    text = f"a >= {0 if first else 1}"
    for word, value in rest:
        held = (held and value) if word == "and" else (held or value)
        text += f" {word} a >= {0 if value else 1}"
    assert Criteria.parse(text).holds({}) is held


@settings(deadline=None)
@given(st.text(st.sampled_from("ab()'=<>! 19.andor_;:[]{}\"\n"), max_size=40))
def test_no_text_is_ever_run_as_code(text: str) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("code was run")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("eval", "exec", "compile", "__import__"):
            patch.setattr(builtins, name, refuse)
        try:
            Criteria.parse(text)
        except ValueError:
            return
