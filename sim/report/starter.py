"""A first scenario from a forecast: what was read of it, and what is assumed and has to be looked at."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sim.errors import one_line
from sim.report.starter_calendar import calendar_lines
from sim.report.starter_lines import MONDAY, Line, busiest_of, hours_of, length_of, lines_of
from sim.report.starter_staff import noted, plain_name, staff_of, text_of
from sim.scenario.export_columns import Export
from sim.scenario.numbers import clock_text, duration_text
from sim.scenario.roster_columns import roster_of

OCCUPANCY = 0.8
TOLD = "# Note: "
"""What the lines of a starter begin with that are told to who wrote it, too."""
CHAT = re.compile(r"chat|web|messag|whatsapp|social|sms|facebook", re.IGNORECASE)
MAIL = re.compile(r"mail|ticket|letter|back.?office", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is assumed of a medium: tasks at once, service level, patience, and a handle time where none is given."""

    medium: str
    channel: str
    media: str
    service_level: str
    patience: str
    handle_s: float
    tasks: float


KINDS = {
    "voice": Kind("voice", "phone", "{max_tasks: 1}", "{within: 20s, target: 80%}", "3m", 300.0, 1.0),
    "chat": Kind(
        "chat", "web", "{max_tasks: 2, slowdown: 25%}", "{within: 60s, target: 80%}", "6m", 480.0, 1.6
    ),
    "mail": Kind("mail", "mail", "{max_tasks: 1}", "{within: 8h, target: 90%}", "", 420.0, 1.0),
}


@dataclass(slots=True)
class Part:
    """One queue of the starter: its rows on the chosen day, and which rows of the file they are."""

    name: str
    kind: Kind
    lines: list[Line]
    where: dict[str, str]
    has_wrap_up: bool
    """Whether the handle times of the file have the wrap-up in them."""
    by_interval: bool
    """Whether the file has a mean handle time for each interval."""
    column: str | None = None
    """The column of its contacts, where each queue has one."""

    @property
    def aht_s(self) -> float | None:
        """Mean handle time over its contacts, None where the file has none."""
        return _mean((line.volume, line.aht_s) for line in self.lines)

    @property
    def wrap_up_s(self) -> float:
        """Mean wrap-up, of the file where it has one, that each of its handle times can include where it does."""
        mean = _mean((line.volume, line.wrap_up_s) for line in self.lines)
        shortest = min((line.aht_s for line in self.lines if line.aht_s and line.volume), default=0.0)
        if self.has_wrap_up and shortest <= (60.0 if mean is None else mean):
            return 0.0
        return 30.0 if mean is None and shortest else mean or 0.0

    @property
    def measures_wrap_up(self) -> bool:
        """Whether the wrap-up is that of the file."""
        return any(line.wrap_up_s is not None for line in self.lines)


def _mean(weighed: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the mean of values by their weights, None where there is none."""
    found = [(weight, value) for weight, value in weighed if value is not None and weight]
    weights = math.fsum(weight for weight, _ in found)
    return math.fsum(weight * value for weight, value in found) / weights if weights else None


def starter_of(export: Export, file: str, roster: tuple[str, str] | None = None) -> str:
    """Write a scenario from a forecast that lies beside it as `file`, with comments.

    `roster` is the name of a roster that lies there too, and its text. Raises SimError where no row of a file can be
    read.
    """
    read = lines_of(export)
    lines, people = read.rows, None
    if roster is not None:
        people = roster_of(*roster, [part.name for part in _parts(export, lines)])
        lines = [line for line in lines if line.day in people.dates] or lines
    told = (*export.told, *read.told, *(people.told if people is not None else ()))
    day = busiest_of(lines)
    todays = [line for line in lines if line.day == day]
    clocks = sorted({line.clock_s for line in todays})
    grain_s = min((b - a for a, b in pairwise(clocks)), default=length_of(export))
    busy = sorted({line.clock_s for line in todays if line.volume}) or clocks
    opens_s, lasts_s = busy[0], busy[-1] + grain_s - busy[0]
    parts = _parts(export, todays)
    at = MONDAY + timedelta(days=day) if isinstance(day, int) else day or MONDAY
    opens = datetime(at.year, at.month, at.day) + timedelta(seconds=opens_s)
    days = len({line.day for line in lines})
    which = f"the busiest of its {days} {'weekdays' if isinstance(day, int) else 'days'}"
    if days == 1:
        which = "the day of the file" if day is not None else "any day, as the file names none"
    end = clock_text(opens_s + lasts_s)
    head = [
        f"# Made by `sim init --forecast {one_line(file)}`. What was read of it stands here as it was found; what is",
        "# `assumed` was in no file and has to be looked at. Then `sim validate` and `sim run`.",
        "# docs/how-to.md has a piece of a scenario for every question.",
        *(f"{TOLD}{one_line(sentence)}." for sentence in told),
        "",
        f"name: {text_of(f'Forecast {file}')}",
        noted(f"opens: {opens:%Y-%m-%d %H:%M}", f"read: {which}, its first interval with contacts"),
        noted(f"lasts: {duration_text(lasts_s)}", f"read: up to {end}, the end of the last one"),
        noted(f"interval: {duration_text(grain_s)}", "read"),
        *calendar_lines(hours_of(lines, grain_s)),
        "seed: 1",
        "replications: 20",
        "",
        noted("media:", "assumed: tasks an agent has at once, and how they slow each other"),
        *(f"  {kind.medium}: {kind.media}" for kind in _kinds(parts)),
        "",
        "channels:",
        *(f"  {kind.channel}: {{medium: {kind.medium}}}" for kind in _kinds(parts)),
        "",
    ]
    staff = _teams(parts, grain_s)
    if roster is not None and people is not None:
        names = [part.name for part in parts]
        staff = staff_of(people, roster[0], names, min(round(part.wrap_up_s) for part in parts))
    pieces = [
        *head,
        *_queues(parts),
        *staff,
        *_arrivals(export, file, parts, read.asked),
        *_targets(parts),
    ]
    return "\n".join(pieces) + "\n"


def _parts(export: Export, lines: Sequence[Line]) -> list[Part]:
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.queue, line.channel), []).append(line)
    several = len({channel for _, channel in groups}) > 1
    is_column = "queue" in export.unnamed
    found: list[Part] = []
    for (queue, channel), own in groups.items():
        kind = _kind(channel or queue)
        name = plain_name(queue or f"{kind.channel} contacts", [one.name for one in found])
        where = {export.columns["queue"]: queue} if queue and not is_column else {}
        where |= {export.columns["channel"]: channel} if channel and several else {}
        column = queue if is_column else None
        found.append(Part(name, kind, own, where, export.has_wrap_up, "aht" in export.columns, column))
    return found


def _kind(text: str) -> Kind:
    return KINDS["chat" if CHAT.search(text) else "mail" if MAIL.search(text) else "voice"]


def _kinds(parts: Sequence[Part]) -> list[Kind]:
    return [kind for kind in KINDS.values() if any(part.kind is kind for part in parts)]


# The pieces of the scenario.


def _queues(parts: Sequence[Part]) -> list[str]:
    found = ["queues:"]
    for part in parts:
        mean_s = part.aht_s or part.kind.handle_s
        if part.aht_s and part.has_wrap_up and not part.by_interval:
            mean_s -= part.wrap_up_s
        source = "read: the mean of the file; assumed: its spread" if part.aht_s else "assumed"
        mean, sd = (duration_text(round(one)) for one in (mean_s, 0.8 * mean_s))
        found += [
            f"  {text_of(part.name)}:",
            f"    medium: {part.kind.medium}",
            noted(f"    service_level: {part.kind.service_level}", "assumed"),
            noted(f"    handle_time: {{lognormal: {{mean: {mean}, sd: {sd}}}}}", source),
        ]
        if part.kind.tasks > 1:
            what = "assumed; 1.6 where it was measured with so many open on average"
            found.append(noted("    handle_time_at_tasks: 1", what))
        if part.kind.patience:
            law = f"    patience: {{exponential: {{mean: {part.kind.patience}}}}}"
            found.append(noted(law, "assumed: how long customers wait"))
    return [*found, ""]


def _teams(parts: Sequence[Part], grain_s: float) -> list[str]:
    found = [noted("teams:", "assumed: one team a queue, as many all day as the busiest interval needs")]
    for part in parts:
        more_s = 0.0 if part.has_wrap_up else part.wrap_up_s
        peak = max(
            (line.volume * ((line.aht_s or part.kind.handle_s) + more_s) for line in part.lines), default=0.0
        )
        agents = math.ceil(peak / grain_s / part.kind.tasks / OCCUPANCY) + 1
        wrap_up = round(part.wrap_up_s)
        found += [
            f"  {text_of('team ' + part.name)}:",
            noted(f"    agents: {agents}", "or shifts, or head_count: {file: ...}"),
            f"    skills: {{{text_of(part.name)}: 5}}",
            noted("    accept: {probability: 97%, delay: {lognormal: {mean: 4s, sd: 3s}}}", "assumed"),
        ]
        if wrap_up:
            source = "read: the mean of the file; assumed: its spread" if part.measures_wrap_up else "assumed"
            found.append(noted(f"    wrap_up: {{exponential: {{mean: {duration_text(wrap_up)}}}}}", source))
    return [*found, ""]


def _arrivals(export: Export, file: str, parts: Sequence[Part], asked: Mapping[str, str]) -> list[str]:
    found = [noted("arrivals:", "read: the columns as they were found")]
    columns = {"path": file}
    for role in ("day", "start", "volume", "aht"):
        if role in export.columns and role not in export.unnamed:
            columns[role] = export.columns[role]
    for part in parts:
        found += [
            f"  - channel: {part.kind.channel}",
            f"    queue: {text_of(part.name)}",
            *([f"    volume_factor: {export.volume_factor}"] if export.volume_factor != 1 else ()),
            "    file:",
            *(f"      {key}: {text_of(value)}" for key, value in columns.items()),
            *([f"      volume: {text_of(part.column)}"] if part.column is not None else ()),
        ]
        if part.where:
            found.append("      where:")
            found += [f"        {text_of(key)}: {text_of(value)}" for key, value in part.where.items()]
        if "dates" in asked:
            found.append(noted("      dates: day_first", "assumed; or month_first, with another `opens`"))
        if "aht_unit" in asked:
            found.append(noted(f"      aht_unit: {asked['aht_unit']}", "assumed; or s, as they stand"))
        if "aht" in columns:
            said = f"      aht_includes_wrap_up: {'on' if part.has_wrap_up and part.wrap_up_s else 'off'}"
            why = (
                "assumed; the AHT of planning tools does"
                if part.has_wrap_up
                else "read: by its name it does not"
            )
            found.append(noted(said, why))
    return [*found, ""]


def _targets(parts: Sequence[Part]) -> list[str]:
    found = [noted("targets:", "assumed: what you want to hold")]
    for part in parts:
        goal = part.kind.service_level.rpartition("target: ")[2].rstrip("}")
        found.append(f"  - {{metric: service_level, queue: {text_of(part.name)}, at_least: {goal}}}")
    return found
