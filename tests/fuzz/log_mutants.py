"""Mutants of logs in each format that is read: their cells, lines, JSON values, columns, encodings and packing."""

import gzip
import json
import random
from importlib.util import find_spec
from pathlib import Path

from . import mutators

SAMPLES = Path(__file__).parents[2] / "scenarios" / "logs"
LINES = 14
"""Lines of a sample that are kept, so that each mutant takes a moment."""
SOURCES = {
    "columns": "contacts.csv", "asterisk": "queue_log", "genesys-cloud": "genesys_cloud.jsonl",
    "amazon-connect": "amazon_connect.jsonl", "twilio-taskrouter": "twilio_taskrouter.jsonl",
    "expertflow": "agent_task.csv", "anonymous-bank": "anonymous_bank.tsv", "vanad": "vanad.csv",
    "avaya-ech": "avaya_ech.csv", "cisco-ucce": "cisco_ucce.csv", "freeswitch": "freeswitch.csv",
    "nice-cxone": "nice_cxone.csv",
}  # fmt: skip
CELLS = [
    "", "NULL", "nan", "inf", "-5", "1e308", "9" * 25, "0:00:75", "25:61", "2026-03-02", "02/03/2026 09:00",
    "2026-03-02T09:00:00+02:00", "2026-03-02T09:00:00Z", "2026-03-29 02:30:00", "1772442000", "1772442000123",
    "99999-01-01 00:00:00", '"', "\x1b[2J", "=1+1", "\u202e", "é", "a" * 5_000, "NaT", "None", "true",
]  # fmt: skip
VALUES = [
    None,
    0,
    -1,
    1e308,
    float("nan"),
    float("inf"),
    10**400,
    True,
    "",
    "x",
    [],
    {},
    [[]],
    {"a": {}},
    *CELLS,
]


def source(name: str) -> str:
    """Return the first lines of the sample of a format; of tasks enough for their ends."""
    lines = (SAMPLES / SOURCES[name]).read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(lines[: 4 * LINES if name == "twilio-taskrouter" else LINES])


def log_mutant(name: str, chance: random.Random) -> tuple[str, bytes]:
    """Return the name of a file and a log of a format, changed."""
    text, file = source(name), SOURCES[name]
    if name == "asterisk" and chance.random() < 0.3:  # rows of the realtime table
        head = "time,callid,queuename,agent,event,data1,data2,data3,data4,data5\n"
        text, file = head + text.replace("|", ","), "queue_log.csv"
    if name == "columns" and chance.random() < 0.3:
        text, file = _as_json_lines(text), "contacts.jsonl"
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        kinds = [_lines, mutators.text_mutant, _values if file.endswith(".jsonl") else _cells]
        text = chance.choice(kinds)(text, chance)
    if not file.endswith(".jsonl") and chance.random() < 0.15:
        text = _columns(text, chance)
    data = text.encode(chance.choice([*["utf-8"] * 12, "utf-8-sig", "utf-16", "cp1252"]), "replace")
    if chance.random() < 0.15:
        data = gzip.compress(data, 1)
    return file, mutators.bytes_mutant(data, chance) if chance.random() < 0.1 else data


def parquet_mutant(folder: Path, chance: random.Random) -> bytes:
    """Return a Parquet file of the sample with some of its columns typed, its bytes changed or not.

    Without pyarrow, which nobody needs else, it is a file that only begins as one.
    """
    if find_spec("pyarrow") is None:
        return mutators.bytes_mutant(b"PAR1" + bytes(LINES), chance)
    import pandas as pd

    table = pd.read_csv(SAMPLES / "contacts.csv", dtype=str).head(LINES)
    for name in chance.sample(list(table.columns), 4):
        match chance.randrange(4):
            case 0 if name.endswith("_at"):
                table[name] = pd.to_datetime(table[name])
            case 1 if name.endswith("_at"):
                table[name] = pd.to_datetime(table[name]).dt.tz_localize("Europe/Berlin")
            case 2:
                table[name] = chance.random() * 10 ** chance.randrange(-3, 12)
            case _:
                table[name] = None
    table.to_parquet(folder / "whole.parquet")
    data = (folder / "whole.parquet").read_bytes()
    return mutators.bytes_mutant(data, chance) if chance.random() < 0.5 else data


def _as_json_lines(text: str) -> str:
    head, *rows = (line.split(",") for line in text.splitlines())
    return "".join(json.dumps(dict(zip(head, row, strict=True))) + "\n" for row in rows)


def _separator(text: str) -> str:
    return max(",|\t", key=text[:200].count)


def _cells(text: str, chance: random.Random) -> str:
    """Put other cells in the place of some, in one column or anywhere."""
    mark = _separator(text)
    rows = [line.split(mark) for line in text.splitlines()]
    at = chance.randrange(max(map(len, rows), default=1) or 1)
    one, everywhere = chance.choice(CELLS), chance.random() < 0.2
    for row in rows[1:] if everywhere else chance.sample(rows, min(2, len(rows))):
        if at < len(row):
            row[at] = one
    return "\n".join(mark.join(row) for row in rows) + "\n"


def _lines(text: str, chance: random.Random) -> str:
    """Repeat lines, leave some out, or put them in another order."""
    lines = text.splitlines(keepends=True)
    match chance.randrange(3):
        case 0:
            chance.shuffle(lines)
        case 1:
            lines += chance.sample(lines, min(3, len(lines)))
        case _:
            lines = [line for line in lines if chance.random() < 0.8]
    return "".join(lines)


def _columns(text: str, chance: random.Random) -> str:
    """Put the columns in another order, leave one out, name one twice."""
    mark = _separator(text)
    rows = [line.split(mark) for line in text.splitlines()]
    order = list(range(max(map(len, rows), default=0)))
    chance.shuffle(order)
    order = chance.choice([order, order, order[1:], [*order, *order[:1]]])
    return "\n".join(mark.join(row[at] if at < len(row) else "" for at in order) for row in rows) + "\n"


def _values(text: str, chance: random.Random) -> str:
    """Change values of some lines of JSON in their tree."""
    lines = text.splitlines()
    for at in chance.sample(range(len(lines)), min(2, len(lines))):
        try:
            tree = json.loads(lines[at])
            places = mutators.places(tree)
        except (ValueError, RecursionError):
            continue
        if places:
            node, key = chance.choice(places)
            if chance.random() < 0.2:
                del node[key]
            else:
                node[key] = chance.choice(VALUES)
            lines[at] = json.dumps(tree)
    if chance.random() < 0.1:
        return json.dumps({"conversations": [1, *lines]})
    return "\n".join(lines) + "\n"
