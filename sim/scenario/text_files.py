"""Text from files: the one place that opens what a user names, with limits on bytes, lines and letters.

Every reader of text stands on `read_text`, and those of logs, which are large, on `opened_text`; both raise
ValueError in one line, and never read on without end.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from sim.errors import quoted


class Limits(NamedTuple):
    """The most bytes and lines that a file of a kind may have, and where more of it belongs."""

    bytes: int
    lines: int
    remedy: str


SCENARIO = Limits(2_000_000, 50_000, "put long lists into CSV files beside the scenario")
CSV = Limits(100_000_000, 1_000_000, "split the file, or leave out what is not read")
RESULT = Limits(2_000_000_000, 20_000_000, "keep the tables of fewer replications")
"""Manifests and tables of a saved result, which hold every event of a run where that was asked for."""
LOG = Limits(20_000_000_000, 200_000_000, "read it in parts, a month each")
"""Logs of contacts, which are read in pieces by `opened_text` and never held as a whole."""
CHUNK = 1 << 20
LONGEST_LINE = 1_000_000
"""The most characters that a line of a table may have."""
CONTROLS = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))
"""Control characters other than tab and the ends of lines; a terminal obeys them."""
CUT_OFF = "it is cut off: the packed data have no end; copy the file again"
_OF_THE_SYSTEM: dict[type, str] = {
    FileNotFoundError: "there is no such file",
    IsADirectoryError: "this is a folder, not a file",
}
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class NotReadableError(ValueError):
    """The system does not give a file's content; `reason` is what it says itself."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what)
        self.reason = reason


def read_text(path: Path, limits: Limits = CSV, *, torn: bool = False) -> str:
    """Return the text of a file; one that ends in `.gz` is unpacked. Raises ValueError where it cannot be read.

    One that may be `torn` can end in NUL characters, as a power failure leaves them; they are left out.
    """
    return text_of_bytes(bytes_of(path, limits, torn=torn), limits)


@contextmanager
def opened_text(path: Path, limits: Limits = LOG) -> Iterator[TextIO]:
    """Open the text of a large file, packed by gzip or not, to be read in pieces within `with`.

    Raises ValueError, also while it is read: for what `read_text` refuses, in the same words.
    """
    try:
        with _source(path) as source:
            checked = io.BufferedReader(_Checked(source, limits), CHUNK)  # type: ignore[type-var]
            with io.TextIOWrapper(checked, encoding="utf-8-sig", newline="") as text:
                yield text
    except UnicodeDecodeError as error:
        with _source(path) as source:
            line = _line_of_other_encoding(source)
        raise ValueError(_not_utf_8(error, f"in line {line}: a byte")) from None
    except (EOFError, zlib.error):
        raise ValueError(CUT_OFF) from None
    except gzip.BadGzipFile:
        raise ValueError("it is not packed by gzip, though it begins so; copy the file again") from None
    except OSError as error:
        reason = error.strerror or str(error)
        what = _OF_THE_SYSTEM.get(type(error), f"it cannot be read: {reason.lower()}")
        raise NotReadableError(what, reason) from None


def _source(path: Path) -> BinaryIO:
    """Open the bytes of a file, unpacked where it is packed by gzip."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _line_of_other_encoding(source: BinaryIO) -> int:
    number = 1
    while line := source.readline(CHUNK):
        try:
            line.decode()
        except UnicodeDecodeError:
            break
        number += line.endswith(b"\n")
    return number


class _Checked(io.RawIOBase):
    """The bytes of a file as they pass by: no more than its limits, no NUL, no mark of another encoding."""

    def __init__(self, source: BinaryIO, limits: Limits) -> None:
        self._source, self._limits = source, limits
        self._size = self._lines = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        part = self._source.read(len(buffer))
        if not self._size and part.startswith(tuple(_MARKS)):
            raise ValueError(f"this is text in {_MARKS[part[:2]]}, not in UTF-8; save it as UTF-8")
        if b"\0" in part:
            line = self._lines + part.count(b"\n", 0, part.find(b"\0")) + 1
            raise ValueError(f"line {line} holds a NUL character; this is no text file")
        self._size += len(part)
        self._lines += len(part) - len(part.replace(b"\n", b""))  # several times as quick as to count them
        if self._size > self._limits.bytes:
            raise ValueError(_too_large(self._limits))
        if self._lines > self._limits.lines:
            raise ValueError(f"it has more than {self._limits.lines:,} lines; {self._limits.remedy}")
        buffer[: len(part)] = part
        return len(part)


def bytes_of(path: Path, limits: Limits, *, torn: bool = False, binary: bool = False) -> bytes:
    """Return the content of a file, which may hold NUL characters where it is `binary`. Raises ValueError."""
    try:
        return _bytes(path, limits, torn, binary)
    except OSError as error:
        reason = error.strerror or str(error)
        what = _OF_THE_SYSTEM.get(type(error), f"it cannot be read: {reason.lower()}")
        raise NotReadableError(what, reason) from None


def read_text_in_any_encoding(path: Path, limits: Limits = CSV) -> tuple[str, str]:
    """Return the text of a table as other programs save them, and its encoding. Raises ValueError.

    UTF-8, UTF-16 with its mark, or Windows-1252, of which Latin-1 is a part.
    """
    data = bytes_of(path, limits)
    if data[:2] in _MARKS:
        text, encoding = _decoded(data, "utf-16"), "UTF-16"
    else:
        try:
            text, encoding = data.decode("utf-8-sig"), "UTF-8"
        except UnicodeDecodeError:
            text, encoding = _decoded(data, "cp1252"), "Windows-1252"
    check_text(text, limits)
    return text, encoding


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} is {error.object[error.start]:#04x}"
        raise ValueError(f"this is not text in UTF-8, nor in {encoding} ({what}); save it as UTF-8") from None


def text_of_bytes(data: bytes, limits: Limits = CSV) -> str:
    """Return bytes as text. Raises ValueError for other encodings than UTF-8 and for control characters."""
    if data[:2] in _MARKS:
        raise ValueError(f"this is text in {_MARKS[data[:2]]}, not in UTF-8; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(_not_utf_8(error)) from None
    check_text(text, limits)
    return text


def _not_utf_8(error: UnicodeDecodeError, place: str = "") -> str:
    place = place or f"byte {error.start + 1}"
    return f"this is not text in UTF-8 ({place} is {error.object[error.start]:#04x}); save it as UTF-8"


def check_text(text: str, limits: Limits) -> None:
    """Raise ValueError for a text that has too many lines or a NUL character."""
    if len(text) > limits.bytes:
        raise ValueError(_too_large(limits))
    lines = text.count("\n") + 1
    if lines > limits.lines:
        raise ValueError(f"it has {lines:,} lines; at most {limits.lines:,} are read: {limits.remedy}")
    at = text.find("\0")
    if at >= 0:
        raise ValueError(f"line {text.count(chr(10), 0, at) + 1} holds a NUL character; this is no text file")


def check_lines(text: str) -> None:
    """Raise ValueError for a line of a table that is longer than any is."""
    begin = 0
    while len(text) - begin > LONGEST_LINE:
        end = 1 + max(text.rfind(mark, begin, begin + LONGEST_LINE) for mark in "\n\r")
        if not end:
            line = text.count("\n", 0, begin) + 1
            raise ValueError(
                f"line {line} has more than {LONGEST_LINE:,} characters; this is no table of rows"
            )
        begin = end


def check_controls(text: str) -> None:
    """Raise ValueError for a control character, and say in which line it stands."""
    found = CONTROLS.intersection(text)
    if found:
        at = min(text.index(one) for one in found)
        line = text.count("\n", 0, at) + 1
        raise ValueError(f"line {line} holds the control character U+{ord(text[at]):04X}; take it out")


def printable(text: str) -> str:
    """Return a title or a name that a terminal, a page and a table may show. Raises ValueError for others."""
    if len(text) > 10_000:
        raise ValueError(f"{quoted(text)} has {len(text):,} characters; at most 10,000")
    wrong = next(
        (one for one in text if one in CONTROLS or 0xD800 <= ord(one) < 0xE000 or one in _TURNS), None
    )
    if wrong is not None:
        raise ValueError(f"{quoted(text)} holds the control character U+{ord(wrong):04X}; take it out")
    return text


_TURNS = frozenset("\u0085\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\x9b")
"""Characters that turn the direction of writing, or end a line where none is seen."""


FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would work out, and not show."""


def cell_text(text: str) -> str:
    """Return a text that a user wrote as a cell of a table: a spreadsheet takes one after `'` for text."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def text_of_cell(cell: str) -> str:
    """Return the text that `cell_text` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def _bytes(path: Path, limits: Limits, torn: bool, binary: bool) -> bytes:
    try:
        file = path.open("rb")
    except ValueError as error:  # a name with a NUL character
        raise OSError(str(error)) from None
    with file:
        return _unpacked(file, limits) if path.suffix == ".gz" else _taken(file, limits, torn, binary)


def _taken(file: BinaryIO, limits: Limits, torn: bool, binary: bool) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := file.read(CHUNK):
        size += len(part)
        if size > limits.bytes:
            raise ValueError(_too_large(limits))
        if torn and part.endswith(b"\0") and b"\0" not in part.rstrip(b"\0"):
            parts.append(part.rstrip(b"\0"))
            break
        binary = binary or (not parts and part.startswith(tuple(_MARKS)))
        if b"\0" in part and not binary:
            raise ValueError("it holds NUL characters; this is no text file in UTF-8")
        parts.append(part)
    return b"".join(parts)


def _unpacked(file: BinaryIO, limits: Limits) -> bytes:
    """Unpack gzip piece by piece, so that a small file cannot become a huge one."""
    unpack = zlib.decompressobj(wbits=31)
    parts, size = [], 0
    try:
        while not unpack.eof and (part := unpack.unconsumed_tail or file.read(CHUNK)):
            parts.append(unpack.decompress(part, limits.bytes + 1 - size))
            size += len(parts[-1])
            if size > limits.bytes:
                raise ValueError(_too_large(limits))
    except zlib.error:
        what = "it is not packed by gzip, though its name ends in .gz"
        raise NotReadableError(what, what.removeprefix("it ")) from None
    if not unpack.eof:
        raise ValueError(CUT_OFF)
    return b"".join(parts)


def _too_large(limits: Limits) -> str:
    return f"it has more than {limits.bytes // 1_000_000} MB; {limits.remedy}"
