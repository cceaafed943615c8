"""What the gate says, as annotations of a GitHub pull request, and the summary of the job's step."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sim.errors import Mistake, ScenarioError, SimError
from sim.gate.causes import PARTS, Key, nearest_cause, steps
from sim.gate.result import CheckResult
from sim.gate.sequential import Inconclusive, Layer, TestResult, Verdict
from sim.report.check.findings import document
from sim.report.check.words import headline, sentence
from sim.report.document import Section
from sim.report.text_table import escaped
from sim.report.text_table import markdown as markdown_table
from sim.scenario.text_files import SCENARIO, read_text
from sim.scenario.yaml_tree import Tree, read_tree

# Where in its file a scenario says what a finding is about.


def line_of(checked: CheckResult, finding: TestResult | None) -> int:
    """Return the line of the target, or else of the changed key that is nearest to the figure.

    Where no key has changed, as when the code has, it is the line of the figure's own queue, team or channel; 1 where
    none is known.
    """
    tree = _tree(checked)
    if tree is None:
        return 1
    if finding is not None and finding.claim.layer is Layer.TARGET:
        return _nearest(tree, ("targets", finding.claim.number))
    place = dict(finding.claim.figure.place) if finding is not None else {}
    keys = [steps(change.key) for change in checked.changed.keys] if checked.changed else []
    if keys:
        return _nearest(tree, nearest_cause(keys, place, checked.scenario))
    own = [(part, place[column]) for column, part in PARTS.items() if column in place]
    return _nearest(tree, own[0]) if own else 1


def _nearest(tree: Tree, place: Key) -> int:
    """Return the line of a place, or of what it would be in."""
    for length in range(len(place), 0, -1):
        found = tree.keys.get(place[:length]) or tree.values.get(place[:length])
        if found:
            return found[0]
    return 1


def _tree(checked: CheckResult) -> Tree | None:
    try:
        return read_tree(read_text(Path(checked.file), SCENARIO), checked.file)
    except (ValueError, SimError):  # the file need not be there any more
        return None


# What the gate says, for a pull request or a job's summary: tables, with the stories folded away.


def markdown(found: Sequence[CheckResult]) -> str:
    """Write a section for each scenario."""
    return "\n\n".join("\n\n".join(_section(checked)) for checked in found)


def _section(checked: CheckResult) -> list[str]:
    found = document(checked)
    parts = [f"### {_MARKS[checked.verdict]} {escaped(found.title)}"]
    if checked.verdict is Verdict.REFUSED:
        return parts
    parts.append(escaped(found.sentences[0]) + ".")
    deciding = [one for one in checked.findings if one.verdict is checked.verdict]
    if checked.verdict is not Verdict.PASS and deciding:
        parts.append("\n".join(f"- {escaped(sentence(finding))}" for finding in deciding))
    told = (part for section in found.sections for part in _told(section))
    return [*parts, *map(markdown_table, found.tables), *told, *map(escaped, found.notes)]


_MARKS = {Verdict.PASS: "✅", Verdict.FAIL: "❌", Verdict.INCONCLUSIVE: "❔", Verdict.REFUSED: "🚫"}


def _told(section: Section) -> Iterator[str]:
    """Write the lists of a section, and its stories folded away."""
    for one in section.lists:
        lines = "\n".join(f"- {escaped(line.strip())}" for line in one.lines)
        yield f"**{one.title}**\n\n{lines}"
    if section.stories:
        yield "<details><summary>The customers hit hardest, before and now</summary>"
        yield _fenced("\n\n".join(f"{title}\n{text}" for title, text in section.stories.items()))
        yield "</details>"


def _fenced(text: str) -> str:
    """Put text between fences longer than any it contains."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


MOST = 10
"""GitHub shows so many annotations of a kind for each step, and drops the others."""

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file to which a step's summary is appended."""

WORKSPACE = "GITHUB_WORKSPACE"
"""The variable that names the folder of the repository."""

MOST_BYTES = 1024 * 1024
"""A step's summary must not be longer; it would not be shown at all."""


def annotations(found: Sequence[CheckResult], inconclusive: Inconclusive | None = None) -> str:
    """Write a line for each thing that is no pass, and one for each scenario that is.

    What could not be decided is a warning, or an error where it counts as a failure.
    """
    lines = [line for checked in found for line in _lines(checked, inconclusive)]
    loud = [line for line in lines if not line.startswith("::notice")]
    if len(loud) > MOST:
        more = len(loud) - MOST + 1
        loud = [
            *loud[: MOST - 1],
            _command("error", {"title": "sim check"}, f"and {more} more, see the summary"),
        ]
    return "\n".join([*loud, *(line for line in lines if line.startswith("::notice"))])


def mistakes(error: SimError) -> str:
    """Write a line for each mistake that keeps a check from being done, at its place in the scenario's file."""
    if not isinstance(error, ScenarioError):
        return _command("error", {"title": "sim check"}, str(error))
    return "\n".join(_mistake(one) for one in error.mistakes[:MOST])


def _mistake(mistake: Mistake) -> str:
    place = {}
    if mistake.line:
        place = {"file": _in_repository(mistake.file), "line": str(mistake.line), "col": str(mistake.column)}
    return _command("error", {**place, "title": "sim check"}, str(mistake))


def append_summary(found: Sequence[CheckResult], environment: Mapping[str, str] = os.environ) -> None:
    """Append the tables to the step's summary, where there is one, and no more than it takes.

    Raises SimError where it cannot be written.
    """
    path = environment.get(SUMMARY)
    if not path:
        return
    text = markdown(found) + "\n"
    try:
        taken = Path(path).stat().st_size if Path(path).exists() else 0
        with Path(path).open("a", encoding="utf-8") as summary:
            summary.write(_cut(text, MOST_BYTES - taken))
    except OSError as error:
        raise SimError(f"{SUMMARY} {path}: cannot be written: {error.strerror}") from None


def _cut(text: str, room: int) -> str:
    if len(text.encode()) <= room:
        return text
    note = "\n\n(cut off here: a step's summary takes no more)\n"
    kept = text.encode()[: max(0, room - len(note))].decode(errors="ignore")
    return kept + note if room > len(note) else ""


def _lines(checked: CheckResult, inconclusive: Inconclusive | None) -> Iterator[str]:
    if checked.verdict is Verdict.PASS:
        yield _command("notice", {"title": checked.name}, headline(checked))
        return
    if checked.verdict is Verdict.REFUSED:
        yield _command("error", _at(checked, None, "not comparable"), headline(checked))
    if checked.trace_fails:
        said = "the trace has changed, and --exact allows no change"
        yield _command("error", _at(checked, None, str(Layer.TRACE)), said)
    undecided = checked.verdict is Verdict.INCONCLUSIVE and inconclusive != "fail"
    kind = "warning" if undecided else "error"
    for finding in checked.findings:
        if finding.verdict is checked.verdict:
            title = f"{finding.claim.layer}: {finding.verdict}"
            yield _command(kind, _at(checked, finding, title), sentence(finding))


def _at(checked: CheckResult, finding: TestResult | None, title: str) -> dict[str, str]:
    """Describe where: the target's line, or the first changed key's, in the scenario's file."""
    place = (
        {"file": _in_repository(checked.file), "line": str(line_of(checked, finding))} if checked.file else {}
    )
    return {**place, "title": f"{checked.name}: {title}"}


def _in_repository(file: str) -> str:
    """Name a file from the root of the repository, as annotations do, wherever in it the job works."""
    root = os.environ.get(WORKSPACE)
    path = Path(file).resolve()
    if root and path.is_relative_to(Path(root).resolve()):
        return path.relative_to(Path(root).resolve()).as_posix()
    return file


def _command(kind: str, properties: Mapping[str, str], message: str) -> str:
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {given}::{_data(message)}"


def _data(text: str) -> str:
    """Escape what would end the message; `%` first, as the others are written with it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape what would end a property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
