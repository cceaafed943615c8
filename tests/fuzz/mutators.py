"""Mutants of what users write: the text and the tree of scenarios, CSV files, overrides, baselines, saved results."""

import gzip
import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

NASTY = [
    "", "0", "-1", "1e11", "1000000000", "0.000001", "36500d", "1e12", "nan", ".inf", "9" * 310, "0.1s", "100%",
    "1e308", "null", "[]", "{}", "true", "on", "'\\e[31m'", '"\\e[31m"', '"\\ud800"', "../x.csv", "/etc/passwd", "*x",
    "!!python/x y", "24:00", "26:00", "9999-12-31 23:59", "a or b", "((((x >= 1))))", "general >= 1" + "0" * 400,
    "until_empty",
]  # fmt: skip
MILD = ["0", "1", "2", "5", "10", "0.5", "50%", "100%", "20s", "2m", "1h", "08:15", "none"]
"""What is right in many places, so that not all mutants are refused."""
VALUES: list[Any] = [
    None, 0, -1, 1, 2.5, 10**11, 10**400, float("inf"), float("nan"), True, "", "x", "35%", "5m", "1e9", [], {}, [[]],
    {"general": "60%", "billing": "40%"}, {"general": 0.5, "x": 0.5},
    {"share": "20%", "when": "nobody_free"}, {"every": "30s", "for": "10s"}, {"every": 0, "for": 0},
    {"site": {"capacity": 0, "queues": ["sales", "sales"]}}, "reserve_idle_agents", "weighted_wait", "threshold",
    {"exponential": {"mean": "1s"}}, {"weibull": {"shape": 0.1, "scale": "1s"}},
    {"sum": ["1m", {"exponential": {"mean": "2m"}}]}, {"by_time": {"08:00": "1m", "12:00": {"sum": [1, 2]}}},
    "\x1b[31m", "\x00", "a" * 10_000,
]  # fmt: skip


def text_mutant(text: str, chance: random.Random) -> str:
    """Change a text at one to three places, as a slip or an attack would."""
    for _ in range(chance.choice([1, 1, 1, 1, 2, 3])):
        text = chance.choice(TEXT_MUTATORS)(text, chance)
    return text


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _letter(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice("\t\0\x1b\u202e\ud800:{}[],'\"&*!|>%@`-#?\n 0é\ufeff") + text[at + 1 :]


def _number(text: str, chance: random.Random) -> str:
    found = list(re.finditer(r"\d[\d.]*[%smhd]?", text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + _value(chance) + text[one.end() :]


def _like(text: str, chance: random.Random) -> str:
    """Put another number of the same unit in the place of one, which is often right."""
    found = list(re.finditer(r"(?<![\w.])(\d+)(?=[%smh, }\]\n])", text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + str(max(1, int(one[1]) + chance.randint(-2, 3))) + text[one.end() :]


def _comment(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(["\n", "   \n", "\n\n"]))
    return "".join(lines)


def _value(chance: random.Random) -> str:
    return chance.choice(MILD if chance.random() < 0.8 else NASTY)


def _line_twice(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = chance.randrange(len(lines))
    return "".join([*lines[:at], lines[at] * chance.choice([0, 2, 50]), *lines[at + 1 :]])


def _indent(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = chance.randrange(len(lines))
    lines[at] = " " * chance.randint(0, 6) + lines[at].lstrip()
    return "".join(lines)


TEXT_MUTATORS: list[Callable[[str, random.Random], str]] = [
    _cut,
    _letter,
    _number,
    _line_twice,
    _indent,
    _number,
    _like,
    _like,
    _like,
    _comment,
]


def tree_mutant(tree: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Change one to three values or keys of a scenario's tree."""
    tree = deepcopy(tree)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        node, key = chance.choice(places(tree))
        action = chance.random()
        if action < 0.5:
            node[key] = _near(node[key], chance)
        elif action < 0.75:
            node[key] = _value(chance) if chance.random() < 0.5 else deepcopy(chance.choice(VALUES))
        elif action < 0.9:
            del node[key]
        elif isinstance(node, dict):
            node[chance.choice(["queue", "agents", "per_hour", "x", "ring_time", "0", "\x1b"])] = node.pop(
                key
            )
        if not tree:
            break
    return tree


def _near(value: Any, chance: random.Random) -> Any:
    """Return a value like the one that is there, which is often right."""
    if isinstance(value, int) and not isinstance(value, bool):
        return max(1, value + chance.randint(-1, 3))
    return _like(value + " ", chance).strip() if isinstance(value, str) else value


def places(node: Any) -> list[tuple[Any, Any]]:
    """Return all places of a tree, each as what holds it and its key."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    return [place for key in keys for place in ((node, key), *places(node[key]))]


def override_mutant(tree: dict[str, Any], chance: random.Random) -> str:
    """Write a `--set` of a key that is there, or nearly, with any value."""
    steps, node = [], tree
    while isinstance(node, dict | list) and node and (not steps or chance.random() < 0.8):
        key = chance.choice(list(node) if isinstance(node, dict) else list(range(len(node))))
        steps.append(str(key))
        node = node[key]
    key = ".".join(steps) if chance.random() < 0.9 else _letter(".".join(steps), chance)
    value = _near(node, chance) if chance.random() < 0.5 else _value(chance)
    if isinstance(value, dict | list):
        value = json.dumps(value, default=str)
    return f"{key}{chance.choice([*['='] * 18, '', '=='])}{value}"


def vary_mutant(tree: dict[str, Any], chance: random.Random) -> list[str]:
    """Write one or two `--vary` of keys that are there, with ranges and lists of any values."""
    found = []
    for _ in range(chance.choice([1, 1, 2])):
        key = override_mutant(tree, chance).partition("=")[0]
        low, high, step = (chance.choice([*MILD, _value(chance)]) for _ in range(3))
        values = [f"{low}..{high}", f"{low}..{high}:{step}", f"{low},{high}", f"{low}"]
        found.append(f"{key}={chance.choice(values)}")
    return [text_mutant(one, chance) if chance.random() < 0.2 else one for one in found]


def candidate_mutant(tree: dict[str, Any], chance: random.Random) -> list[str]:
    """Write one or two `--candidate`: a name or none, and changes of keys that are there, or nearly."""
    found = []
    for _ in range(chance.choice([1, 1, 2])):
        changes = ", ".join(override_mutant(tree, chance) for _ in range(chance.choice([1, 1, 2])))
        found.append(chance.choice(["", "", "more agents: ", "x:", "a, b: ", ": "]) + changes)
    return [text_mutant(one, chance) if chance.random() < 0.2 else one for one in found]


def erlang_mutant(chance: random.Random) -> list[str]:
    """Write the options of `sim erlang`, each right, odd or missing."""
    usual = {"--rate": "100/h", "--handle": "5m", "--agents": "11", "--patience": "2m", "--target": "80%"}
    found = []
    for option, value in usual.items():
        if chance.random() < (0.95 if option in ("--rate", "--handle") else 0.5):
            found += [option, value if chance.random() < 0.6 else _value(chance)]
    return found


def json_mutant(text: str, chance: random.Random) -> str:
    """Change a stored JSON form in its tree or, now and then, in its text."""
    if chance.random() < 0.5:
        return text_mutant(text, chance)
    return json.dumps(tree_mutant(json.loads(text), chance))


def file_mutant(name: str, content: bytes, chance: random.Random) -> bytes:
    """Change a file of a saved result: its text, packed or not, or its bytes."""
    if chance.random() < 0.2 or name.endswith(".npz"):
        return bytes_mutant(content, chance)
    packed = name.endswith(".gz")
    text = (gzip.decompress(content) if packed else content).decode()
    changed = json_mutant(text, chance) if name.endswith(".json") else text_mutant(text, chance)
    data = changed.encode("utf-8", "surrogatepass")
    return gzip.compress(data, 1) if packed else data


def bytes_mutant(content: bytes, chance: random.Random) -> bytes:
    """Cut a file off, or change some of its bytes."""
    if chance.random() < 0.3:
        return content[: chance.randrange(len(content) + 1)]
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 10])):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


SEPARATORS = [",", ";", "\t", "|"]
MARKS = [
    "1.234",
    "1,234",
    "12,5",
    "1 234,5",
    "1'234",
    "1.2.3",
    "-",
    "n/a",
    "4:35",
    "0:04:35",
    ":35",
    "212000",
]
TIMES = [
    "0900", "9:00 AM", "09:00-09:30", "02/03/2026 09:00", "2026-03-02T09:00+01:00", "Mon 09:00", "Total", "25:61", "",
]  # fmt: skip


def table_mutant(text: str, chance: random.Random) -> bytes:
    """Change a table as another program would write it: separator, marks, times, encoding, rows."""
    lines = text.splitlines()
    for _ in range(chance.choice([0, 1, 1, 2, 4])):
        at = chance.randrange(1, len(lines))
        cells = lines[at].split(";")
        cells[chance.randrange(len(cells))] = chance.choice(MARKS if chance.random() < 0.5 else TIMES)
        lines[at] = ";".join(cells)
    if chance.random() < 0.3:
        lines.insert(
            chance.randrange(len(lines) + 1), chance.choice(["", "Report", "sep=;", "Total;;5;", lines[-1]])
        )
    if chance.random() < 0.2:
        chance.shuffle(lines)
    changed = (
        chance.choice(["\n", "\n", "\r\n"]).join(lines).replace(";", chance.choice([";", ";", *SEPARATORS]))
    )
    if chance.random() < 0.2:
        changed = text_mutant(changed, chance)
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"])
    return changed.encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")
