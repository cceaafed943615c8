"""The structs and names that the compiled engine declares, as numpy types and enumerations: read from its header."""

import re
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEADER = Path(__file__).with_name("c") / "given.h"

_SCALARS: dict[str, type[np.generic]] = {
    "i8": np.int8,
    "i32": np.int32,
    "i64": np.int64,
    "u64": np.uint64,
    "f64": np.float64,
}
_CALLS = ("AskColumn", "AskAgentDraws", "AskChoice", "HandOver")


@cache
def _text() -> str:
    return re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="utf-8"), flags=re.DOTALL)


@cache
def structs() -> dict[str, np.dtype[np.void]]:
    """Return the type of each struct by its name; a pointer is a number of 64 bits."""
    found: dict[str, np.dtype[np.void]] = {}
    for body, name in re.findall(r"typedef struct \{(.*?)\} (\w+);", _text(), flags=re.DOTALL):
        fields = [field for line in body.split(";") if line.strip() for field in _fields(line, found)]
        found[name] = np.dtype(fields, align=True)
    return found


def _fields(line: str, known: dict[str, np.dtype[np.void]]) -> list[tuple[str, object]]:
    kind, names = line.replace("const ", "").split(maxsplit=1)
    each = [name.strip() for name in names.split(",")]
    if kind in _CALLS:
        return [(name, np.uint64) for name in each]
    of_kind = _SCALARS.get(kind) or known[kind]
    return [(name.lstrip("*"), np.uint64 if name.startswith("*") else of_kind) for name in each]


@cache
def names(enumeration: str) -> tuple[str, ...]:
    """Return the names of an enumeration without their prefix and without the count at its end."""
    (body,) = re.findall(rf"enum {enumeration} \{{(.*?)\}};", _text(), flags=re.DOTALL)
    members = [member.strip() for member in body.split(",")]
    prefix = members[0].split("_", 1)[0] + "_"
    return tuple(member.removeprefix(prefix) for member in members if member.startswith(prefix))


def number(enumeration: str, name: str) -> int:
    """Return the number of a name."""
    return names(enumeration).index(name)


def rows(struct: str, size: int) -> NDArray[np.void]:
    """Return so many structs, all zeros."""
    return np.zeros(size, structs()[struct])


def address(array: NDArray[np.generic]) -> int:
    """Return where an array is in memory, which must be in one piece."""
    if not array.flags.c_contiguous:
        raise ValueError("an array that is handed in has to be in one piece")
    return int(array.ctypes.data)
