"""What the gate says, for people and for machines: text, JSON, JUnit, GitHub and Markdown."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.gate.acceptance import Accepted
    from sim.gate.result import CheckResult
    from sim.gate.sequential import Inconclusive


Format = Literal["text", "json", "junit", "github", "markdown"]


def written(
    checked: "Sequence[CheckResult]",
    format_: Format,
    width: int = 100,
    inconclusive: "Inconclusive | None" = None,
) -> str:
    """Write what was found of several scenarios in a format; `width` is for text.

    `inconclusive` is what an inconclusive verdict counts as, where that is asked for.
    """
    from sim.report.check.github import annotations, markdown
    from sim.report.check.machine import json_text, junit
    from sim.report.check.text import text

    writers: dict[Format, Callable[[Sequence[CheckResult]], str]] = {
        "text": lambda found: text(found, width, inconclusive),
        "json": lambda found: json_text(found, inconclusive),
        "junit": lambda found: junit(found, inconclusive),
        "github": lambda found: annotations(found, inconclusive),
        "markdown": markdown,
    }
    return writers[format_](checked)


def written_accepted(accepted: "Sequence[Accepted]", width: int = 100) -> str:
    """Write for the reviewer what renewed baselines change."""
    from sim.report.check.text import accepted_text

    return accepted_text(accepted, width)
