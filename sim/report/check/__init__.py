"""What the gate says, for people and for machines: text, JSON, JUnit, GitHub and Markdown."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.gate.acceptance import Accepted
    from sim.gate.result import CheckResult


Format = Literal["text", "json", "junit", "github", "markdown"]


def written(checked: "Sequence[CheckResult]", format_: Format, width: int = 100) -> str:
    """Write what was found of several scenarios in a format; `width` is for text."""
    from sim.report.check.github import annotations, markdown
    from sim.report.check.machine import json_text, junit
    from sim.report.check.text import text

    writers: dict[Format, Callable[[Sequence[CheckResult]], str]] = {
        "text": lambda found: text(found, width),
        "json": json_text,
        "junit": junit,
        "github": annotations,
        "markdown": markdown,
    }
    return writers[format_](checked)


def written_accepted(accepted: "Sequence[Accepted]", width: int = 100) -> str:
    """Write for the reviewer what renewed baselines change."""
    from sim.report.check.text import accepted_text

    return accepted_text(accepted, width)
