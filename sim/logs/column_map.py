"""Which column of a table holds what of a contact: a map file, one that ships, or what the header says by itself."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from sim.errors import SimError, did_you_mean, quoted
from sim.logs.times import OFFSET_LAST
from sim.scenario.numbers import switch
from sim.scenario.text_files import SCENARIO, read_text
from sim.scenario.yaml_tree import read_tree

FIELDS: Mapping[str, tuple[str, ...]] = {
    "contact": ("contact_id", "contactid", "call_id", "callid", "conversation_id", "id"),
    "conversation": (),
    "kind": ("request_kind",),
    "queue": ("queue_name", "queuename", "skill", "skill_name", "split", "department"),
    "channel": ("media", "medium", "media_type", "mediatype"),
    "offered_at": (
        "date_received", "arrived_at", "arrival", "received", "received_at", "start", "start_time", "queued_at",
    ),
    "answered_at": ("answered", "answer_time", "connected_at", "accepted_at"),
    "abandoned_at": ("abandoned", "abandon_time"),
    "ended_at": ("hangup", "end", "end_time", "finished_at", "closed_at"),
    "wait_s": ("wait", "queue_time", "wait_time", "queue_seconds", "wait_seconds"),
    "talk_s": ("talk", "talk_time", "handle_time", "handle_time_s", "talk_seconds", "duration_s"),
    "hold_s": ("hold", "hold_time", "hold_seconds"),
    "wrap_up_s": ("wrap_up", "wrapup", "acw", "acw_s", "after_call_work", "wrap_up_time"),
    "ring_s": ("ring", "ring_time", "alert_s"),
    "rings": ("ring_outs", "ronas", "missed_offers"),
    "rung_s": ("ring_out_s", "missed_ring_s"),
    "agent": ("agent_number", "agent_id", "agent_name", "user", "operator"),
    "consult_at": ("consult",),
    "transferred_at": ("transfer", "transfer_time"),
    "warm_wait_s": (),
    "handover_s": ("handover_time",),
    "transfer_to": ("transferred_to", "destination_queue"),
    "customer": ("customer_id", "caller", "caller_id"),
    "label": ("priority", "segment", "customer_type"),
    "outcome": ("ended_by", "end_reason", "call_outcome", "contact_outcome", "request_outcome"),
}  # fmt: skip
"""What can be known of a contact, and the heads by which a column is found without a map."""

KEYS = (
    "columns", "prefix", "ring_in_wait", "missing", "times", "time_zone", "separator", "where", "reading", "uncertain",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column holds what, and how its cells are written.

    `times` is a format such as %d/%m/%Y %H:%M, `epoch`, or empty for what the data show. Only rows in which the
    columns of `where` have these values are read. Where it is not `ring_in_wait`, a wait ends as the ringing begins.
    `reading` is what is not certain of the meaning.
    """

    columns: Mapping[str, str]
    prefix: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ("", "NULL", "null", "NaN", "None")
    times: str = ""
    time_zone: str = ""
    separator: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    reading: str = ""
    ring_in_wait: bool = True

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns of the file that are read."""
        return tuple(dict.fromkeys([*self.columns.values(), *self.where]))

    def whole_waits(self, lengths: dict[str, pd.Series]) -> dict[str, pd.Series]:
        """Return the lengths of a piece in seconds, the waits with the ringing."""
        if not self.ring_in_wait:
            lengths["wait_s"] = lengths["wait_s"] + lengths["ring_s"].fillna(0.0)
        return lengths

    def without(self, name: str) -> "ColumnMap":
        """Return the map without what one column holds."""
        return replace(self, columns={key: column for key, column in self.columns.items() if key != name})

    def columns_of(self, fields: Collection[str]) -> tuple[str, ...]:
        """Return the columns of the file that hold one of these fields and nothing else."""
        others = {column for name, column in self.columns.items() if name not in fields}
        return tuple({*self.columns.values()} - others - {*self.where})


def shipped() -> dict[str, Path]:
    """Return the map files that ship, by the name of their format."""
    folder = Path(str(files("sim.logs") / "maps"))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def read_map(path: Path) -> ColumnMap:
    """Read a map file. Raises SimError with all mistakes, each with its line."""
    try:
        text = read_text(path, SCENARIO)
    except ValueError as error:
        raise SimError(f"{path}: {error}") from None
    tree = read_tree(text, str(path), "write `columns:` and beneath it what each column of the log holds")
    data = tree.data if isinstance(tree.data, dict) else {}
    mistakes = [str(one) for one in tree.mistakes] + [f"{path}: {what}" for what in _mistakes(data)]
    if mistakes:
        raise SimError("\n".join(mistakes))
    return ColumnMap(
        columns={str(key): str(value) for key, value in data["columns"].items()},
        prefix={str(key): str(value) for key, value in data.get("prefix", {}).items()},
        missing=("", *map(str, data["missing"])) if "missing" in data else ColumnMap({}).missing,
        times=str(data.get("times", "")),
        time_zone=str(data.get("time_zone", "")),
        separator=str(data.get("separator", "")),
        where={str(key): str(value) for key, value in data.get("where", {}).items()},
        reading=_reading(data),
        ring_in_wait=switch(data.get("ring_in_wait", True)),
    )


def _mistakes(data: Mapping[str, Any]) -> list[str]:
    found = [f"unknown key {quoted(key)}; {did_you_mean(str(key), KEYS)}" for key in data if key not in KEYS]
    found += [
        f"{key}: has to be a mapping such as {{queue: Skill name}}"
        for key in ("columns", "prefix", "where")
        if key in data and not isinstance(data[key], Mapping)
    ]
    found += [
        f'{key}: has to be a list such as ["NULL", "-"]'
        for key in ("missing", "uncertain")
        if key in data and not isinstance(data[key], list)
    ]
    found += _ring_mistakes(data)
    prefix = data.get("prefix")
    known = ("queue", "channel", "agent", "transfer_to", "customer", "label")
    if isinstance(prefix, Mapping):
        wrong = [str(key) for key in prefix if key not in known]
        found += [f"prefix.{key}: is no name that takes one; {did_you_mean(key, known)}" for key in wrong]
    zone = str(data.get("time_zone", ""))
    if zone and not is_zone(zone):
        found.append(f"time_zone: {quoted(zone)} is no time zone; write one such as Europe/Berlin")
    times = str(data.get("times", ""))
    if "%Z" in times or OFFSET_LAST in times.removesuffix(OFFSET_LAST):
        found.append(
            f"times: {quoted(times)}: how far a time is from UTC is read at its end alone, as {OFFSET_LAST}"
        )
    columns = data.get("columns", {})
    if not isinstance(columns, Mapping) or not columns:
        return [*found, "columns: is missing; write columns: {queue: Skill name, offered_at: Start, ...}"]
    found += [
        f"columns.{key}: is nothing that is known of a contact; {did_you_mean(str(key), FIELDS)}"
        for key in columns
        if key not in FIELDS
    ]
    return found + [f"columns: {what}" for what in lacking(columns)]


def _ring_mistakes(data: Mapping[str, Any]) -> list[str]:
    columns = data.get("columns")
    try:
        is_in_wait = switch(data.get("ring_in_wait", True))
    except ValueError as problem:
        return [f"ring_in_wait: {problem}"]
    if is_in_wait or not isinstance(columns, Mapping):
        return []
    lacking_ = [name for name in ("wait_s", "ring_s") if name not in columns]
    return [f"ring_in_wait: is off, so `{name}` has to be among the columns" for name in lacking_]


def is_zone(name: str) -> bool:
    """Return whether a time zone has this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _reading(data: Mapping[str, Any]) -> str:
    """Describe what is not certain of the meaning of the columns."""
    told = [str(data["reading"])] if data.get("reading") else []
    unsure = ", ".join(f"`{name}`" for name in data.get("uncertain", ()))
    return "; ".join([*told, *([f"the names of these columns are not certain: {unsure}"] if unsure else [])])


def lacking(columns: Mapping[str, str]) -> list[str]:
    """Return what is missing before a table can be read as contacts."""
    found = []
    if "queue" not in columns:
        found.append("`queue` is missing")
    if "offered_at" not in columns and not ("ended_at" in columns and "talk_s" in columns):
        found.append("`offered_at` is missing, when the contact came")
    if "answered_at" not in columns and not (
        "wait_s" in columns and ("talk_s" in columns or "agent" in columns)
    ):
        found.append("`answered_at` is missing, or `wait_s` with `talk_s` or `agent`")
    if "ended_at" not in columns and not ("talk_s" in columns and "wait_s" in columns):
        found.append("`ended_at` is missing, or `wait_s` and `talk_s`")
    return found


def found_map(header: Sequence[str], path: Path) -> ColumnMap:
    """Find the columns by their heads. Raises SimError with a map file to begin with where that does not do."""
    columns: dict[str, str] = {}
    twice: list[str] = []
    for name, heads in FIELDS.items():
        fit = [head for head in header if _plain(head) in (name, *heads)]
        own = [head for head in fit if _plain(head) == name]
        chosen = own or fit
        if len(chosen) > 1:
            twice.append(f"`{name}` may be {' or '.join(map(quoted, chosen))}")
        elif chosen:
            columns[name] = chosen[0]
    problems = [*twice, *lacking(columns)]
    if problems:
        there = ", ".join(_named(head) for head in header[:30])
        example = (
            ", ".join(f"{name}: {quoted(head).strip('`')}" for name, head in columns.items())
            or "queue: ..., offered_at: ..."
        )
        raise SimError(
            f"{path}: the columns do not say by themselves what they hold: {'; '.join(problems)}. Its columns are"
            f" {there}."
            f" Write a map file with `columns: {{{example}}}` and name it: --as columns:MAP.yaml"
        )
    return ColumnMap(columns)


def _named(head: str) -> str:
    """Return a head as it is, or what stands for none in the file."""
    return "one without a name" if re.fullmatch(r"Unnamed: \d+", head) else quoted(head).strip("`")


def _plain(head: str) -> str:
    return "_".join("".join(letter if letter.isalnum() else " " for letter in head.lower()).split())
