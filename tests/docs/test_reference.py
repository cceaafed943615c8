"""The reference pages are those that the code writes, and the code says only what they explain."""

import re
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from docs.pages import PAGES as DOCUMENTATION
from docs.pages import ROOT
from sim.cli.reference import commands_page
from sim.records import TABLES
from sim.records.schema import COLUMNS
from sim.report.reference import PAGES, default_of
from sim.scenario import Scenario, schema

EXCEPTIONS = {
    ("Conference", "extra_time"), ("Team", "speed"), ("Team", "after_ring"),
    ("Routing", "require_available_agent"), ("Team", "at_shift_end"),
}  # fmt: skip
"""Where nothing stands for the default, no law for 0s or no queue named for 100%, or a word that is no switch."""


@pytest.mark.parametrize("page", PAGES)
def test_a_committed_page_is_what_the_code_writes(page: str) -> None:
    assert (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8") == PAGES[page]()


def test_the_page_of_commands_is_what_they_say() -> None:
    assert (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8") == commands_page()


def test_every_column_has_a_meaning() -> None:
    assert {table: [c.name for c in columns] for table, columns in TABLES.items()} == {
        table: list(columns) for table, columns in COLUMNS.items()
    }


def test_the_defaults_that_the_page_gives_are_those_that_hold() -> None:
    """ "60s" in the column of defaults, against the value the key has where it is left out."""
    found = schema()
    places = {"Scenario": found, **found["$defs"]}
    told = {
        (part.__name__, key): (text, field.default)
        for part in _parts(Scenario)
        for key, field in part.model_fields.items()
        if (text := default_of(places[part.__name__]["properties"].get(field.alias or key, {})))
        and not {" ", ".", "/"} & {*text}  # a sentence, or the value of another key
    }
    assert len(told) > 60
    differing = {where for where, (text, value) in told.items() if _said(text) != _plain(value)}
    assert differing == EXCEPTIONS


def _parts(model: Any) -> set[type[BaseModel]]:
    """Every part of a scenario, itself included."""
    found: set[type[BaseModel]] = set()

    def visit(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in found:
            found.add(annotation)
            for field in annotation.model_fields.values():
                visit(field.annotation)
        for inner in get_args(annotation):
            visit(inner)

    visit(model)
    return found


def _said(text: str) -> Any:
    words = {"on": True, "off": False, "none": None, "unlimited": None, "until_empty": None, "all": None}
    units = {"s": 1, "m": 60, "h": 3600, "%": 0.01}
    if text in words:
        return words[text]
    if text[-1] in units and text[:-1].replace(".", "").isdigit():
        return float(text[:-1]) * units[text[-1]]
    return float(text) if text.isdigit() else text


def _plain(value: Any) -> Any:
    return getattr(value, "value", value) if not isinstance(value, dict | tuple) else (value or None)


LAWS = {
    "Exponential",
    "Lognormal",
    "Gamma",
    "Weibull",
    "Erlang",
    "Uniform",
    "Triangular",
    "Hyperexponential",
    "Empirical",
}
NO_QUESTION = {"name", "description", "interval", "seed", "replications", "fitted", "log", "digest"}
"""Keys that are about the study, not about the centre."""


def test_the_guides_answer_a_question_about_every_key() -> None:
    (guides,) = (page for page in DOCUMENTATION if page.path.name == "how-to.md")
    pieces = "\n".join(snippet.text for snippet in guides.snippets if snippet.language == "yaml")
    found = schema()
    parts = [found, *(part for name, part in found["$defs"].items() if name not in LAWS)]
    keys = {key for part in parts for key in part.get("properties", {})}
    assert len(keys) > 80
    assert {key for key in keys if not re.search(rf"\b{key}:", pieces)} == NO_QUESTION


def test_the_description_of_the_model_has_every_item_of_its_checklist() -> None:
    """STRESS-DES (Monks et al. 2019), section by section."""
    (model,) = (page for page in DOCUMENTATION if page.path.name == "model.md")
    assert {
        "11-purpose", "12-outputs", "13-aims-of-experimentation",
        "21-overview", "22-logic-of-the-base-model", "23-logic-of-scenarios", "24-algorithms", "25-components",
        "31-data-sources", "32-pre-processing", "33-input-parameters", "34-assumptions",
        "41-initialisation", "42-run-length", "43-estimation",
        "51-software", "52-random-sampling", "53-execution", "54-system", "6-code-access",
    } <= model.anchors  # fmt: skip
