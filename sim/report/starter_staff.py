"""The teams of a first scenario from a roster by person, and how its lines are written."""

import json
import re
from collections.abc import Sequence

from sim.scenario.numbers import duration_text
from sim.scenario.roster_columns import RosterExport


def staff_of(roster: RosterExport, file: str, queues: Sequence[str], wrap_up_s: float) -> list[str]:
    """Return the lines of the teams and of the roster, which lies beside the scenario as `file`."""
    names: list[str] = []
    for text in roster.teams or ("agents",):
        names.append(plain_name(text, names))
    found = [noted("teams:", "read: the teams of the roster")]
    for name in names:
        own = [queue for queue in queues if _alike(queue, name)]
        skills = ", ".join(f"{text_of(queue)}: 5" for queue in own or queues)
        why = "assumed: the queue of its name" if own else "assumed: every queue"
        found += [
            f"  {text_of(name)}:",
            noted(f"    skills: {{{skills}}}", why),
            noted("    accept: {probability: 97%, delay: {lognormal: {mean: 4s, sd: 3s}}}", "assumed"),
        ]
        if wrap_up_s:
            law = f"    wrap_up: {{exponential: {{mean: {duration_text(wrap_up_s)}}}}}"
            found.append(noted(law, "assumed"))
    return [*found, "", *_roster(roster, file), ""]


def _alike(queue: str, team: str) -> bool:
    one, other = queue.lower(), team.lower()
    return one in other or other in one


def _roster(roster: RosterExport, file: str) -> list[str]:
    found = [noted("roster:", "read: the columns as they were found"), f"  file: {text_of(file)}"]
    found += [f"  {key}: {text_of(name)}" for key, name in roster.columns.items()]
    if roster.breaks:
        found.append(f"  breaks: [{', '.join(map(text_of, roster.breaks))}]")
    if roster.levels:
        pairs = ", ".join(f"{text_of(name)}: {text_of(skill)}" for name, skill in roster.levels.items())
        found.append(f"  levels: {{{pairs}}}")
    if roster.unknown:
        found.append(noted("  activities:", "assumed: no work; or work, or off"))
        found += [f"    {text_of(text)}: break" for text in roster.unknown]
    return found


def noted(line: str, comment: str) -> str:
    """Write a line with a comment beside it."""
    return f"{line:<31}  # {comment}"


def text_of(text: str) -> str:
    """Write a text as YAML has it, in quotes where it might be taken for something else."""
    is_plain = re.fullmatch(r"[A-Za-z][\w ().-]*(?<! )", text, re.ASCII)
    is_word = text.lower() in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
    return text if is_plain and not is_word else json.dumps(text, ensure_ascii=False)


def plain_name(text: str, taken: Sequence[str]) -> str:
    """Write a text as a name that a scenario can hold, unlike those that are taken."""
    plain = " ".join(re.sub(r"[^\w -]+", " ", text).strip(" -").split())[:40].strip() or "queue"
    number = 1 + sum(one == plain or one.startswith(f"{plain} ") for one in taken)
    return plain if plain not in taken else f"{plain} {number}"
