"""A table written in any supported dialect reads back to the same numbers; any other text is read or refused."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import SimError
from sim.scenario import loads
from sim.scenario.dialects import number_reader
from sim.scenario.local_times import stamp_of

from .workbooks import workbook

OPENS = datetime(2026, 3, 17, 8)
"""A day that is no month, so that every order of dates is certain."""
DAY = """\
opens: 2026-03-17 08:00
lasts: {lasts}s
media: {{voice: {{max_tasks: 1}}}}
channels: {{phone: {{medium: voice}}}}
queues: {{q: {{medium: voice, handle_time: 4m}}}}
teams: {{t: {{skills: {{q: 1}}, agents: 2}}}}
arrivals: [{{channel: phone, queue: q, file: {{path: x.csv, start: Time, volume: Calls, aht: AHT (s){more}}}}}]
"""


class Dialect(NamedTuple):
    """How a table is written: its separator, marks and encoding, and the forms of times and durations."""

    separator: str
    decimal: str
    thousands: str
    encoding: str
    time: Callable[[datetime, timedelta], str]
    duration: Callable[[float, "Dialect"], str]
    newline: str
    above: str
    totals: str
    other_queue: bool
    backwards: bool
    day: Callable[[datetime], str] | None
    quoting: int


def _clock(at: datetime) -> str:
    return f"{at.hour}:{at:%M}"


def _half(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


TIMES: dict[str, Callable[[datetime, timedelta], str]] = {
    "clock": lambda at, _: _clock(at),
    "padded": lambda at, _: f"{at:%H:%M:%S}",
    "h": lambda at, _: f"{at.hour}h{at:%M}",
    "half": lambda at, _: _half(at),
    "half with dots": lambda at, _: _half(at).replace("AM", "a.m.").replace("PM", "p.m."),
    "dash": lambda at, step: f"{_clock(at)}\u2013{_clock(at + step)}",
    "range": lambda at, step: f"{_clock(at)} - {_clock(at + step)}",
    "half range": lambda at, step: f"{_half(at)}-{_half(at + step)}",
    "digits": lambda at, _: f"{at:%H%M}",
    "iso": lambda at, _: f"{at:%Y-%m-%d %H:%M}",
    "T": lambda at, _: f"{at:%Y-%m-%dT%H:%M:%S}+02:00",
    "west": lambda at, _: f"{at:%Y-%m-%dT%H:%M:%S.000}-0500",
    "slashes": lambda at, _: f"{at:%Y/%m/%d %H:%M}",
    "long": lambda at, _: f"{at:%B %d, %Y} {_clock(at)}",
    "Z": lambda at, _: f"{at:%Y-%m-%dT%H:%M:%SZ}",
    "day first": lambda at, _: f"{at:%d/%m/%Y} {_clock(at)}",
    "month first": lambda at, _: f"{at:%m/%d/%y} {_half(at)}",
    "dots": lambda at, _: f"{at:%d.%m.%Y %H:%M}",
    "named": lambda at, _: f"{at:%d-%b-%Y %H:%M}",
    "compact": lambda at, _: f"{at:%Y%m%d %H%M}",
    "weekday": lambda at, _: f"{at:%a %Y-%m-%d %H:%M}",
    "seconds": lambda at, _: f"{(at - OPENS).total_seconds():g}",
}


CLOCKS = ("clock", "padded", "h", "half", "half with dots", "dash", "range", "half range", "digits")
"""The forms that leave the day to a column of its own, or to the run."""
DAYS: list[Callable[[datetime], str]] = [
    lambda at: f"{at:%Y-%m-%d}", lambda at: f"{at:%d/%m/%Y}", lambda at: f"{at:%m/%d/%y}", lambda at: f"{at:%d.%m.%Y}",
    lambda at: f"{at:%Y%m%d}", lambda at: f"{at:%d-%b-%y}", lambda at: f"{at:%A}", lambda at: f"{at:%a}",
]  # fmt: skip


def number(value: float, way: Dialect) -> str:
    """A number with the dialect's marks; of four digits and more with thousands."""
    return f"{value:,.2f}".translate({ord(","): way.thousands, ord("."): way.decimal})


DURATIONS: list[Callable[[float, Dialect], str]] = [
    number,
    lambda value, _: f"{int(value) // 60}:{int(value) % 60:02}",
    lambda value, _: f"{int(value) // 3600}:{int(value) // 60 % 60:02}:{int(value) % 60:02}",
]


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    decimal = draw(st.sampled_from(".,"))
    time = draw(st.sampled_from([*TIMES]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]))
    return Dialect(
        separator=draw(st.sampled_from(",;\t|")),
        decimal=decimal,
        thousands=draw(st.sampled_from(["", " ", "\u00a0", "'", "\u2019", "." if decimal == "," else ","])),
        encoding=encoding,
        time=TIMES[time],
        duration=draw(st.sampled_from(DURATIONS)),
        newline=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        above=draw(st.sampled_from(["", "\n\n", "Bericht für März\n", '"Calls, by interval"\n\n'])),
        totals=draw(st.sampled_from(["", "Total", "Grand Total", "Summe", "Average"])),
        other_queue=draw(st.booleans()),
        backwards=draw(st.booleans()),
        day=draw(st.sampled_from([None, *DAYS])) if time in CLOCKS else None,
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )


def cells_of(rows: list[tuple[datetime, float, float]], step: timedelta, way: Dialect) -> Iterator[list[str]]:
    """The cells of the table as that dialect has it, a column that is not read included."""
    yield ["Größe" if way.day is None else "Day", "Time", "Queue", "Calls", "AHT (s)"]
    for at, calls, aht in reversed(rows) if way.backwards else rows:
        cells = [way.time(at, step), number(calls, way), way.duration(aht, way)]
        day = "1.2.3" if way.day is None else way.day(at)
        yield [day, cells[0], "Größe q", *cells[1:]]
        if way.other_queue:
            yield [day, cells[0], "r", number(calls + 1.25, way), cells[2]]
    if way.totals:
        total = number(sum(row[1] for row in rows), way)
        yield [way.totals, "", "Größe q" if way.other_queue else "", total, ""]


def written(cells: Iterable[list[str]], way: Dialect) -> bytes:
    """The table as a text file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=way.separator, lineterminator="\n", quoting=way.quoting)  # type: ignore[arg-type]
    writer.writerows(cells)
    text = (way.above + out.getvalue()).replace("\n", way.newline)
    mark = "\ufeff" if way.encoding == "utf-16-be" else ""
    return (mark + text).encode(way.encoding)


@pytest.mark.slow
@given(
    dialects(),
    st.sampled_from([5, 10, 15, 30, 60]),
    st.lists(st.tuples(st.integers(0, 9999 * 4), st.integers(30, 7000)), min_size=4, max_size=7),
    st.booleans() if find_spec("python_calamine") else st.just(False),
)
@settings(deadline=None, max_examples=60)
def test_a_table_in_any_dialect_reads_back_to_the_same_numbers(
    way: Dialect, minutes: int, numbers: list[tuple[int, int]], in_a_sheet: bool
) -> None:
    step = timedelta(minutes=minutes)
    numbers[0] = numbers[0][0], 67  # without any seconds they might be hours and minutes
    rows = [(OPENS + i * step, calls / 4 + 0.25, float(aht)) for i, (calls, aht) in enumerate(numbers)]
    lasts = len(rows) * step.total_seconds()
    more = ", where: {Queue: Größe q}" if way.other_queue else ""
    more += "" if way.day is None else ", day: Day"
    with tempfile.TemporaryDirectory() as folder:
        text = DAY.format(lasts=lasts, more=more)
        if in_a_sheet:
            text = text.replace("x.csv", "x.xlsx")
            workbook(Path(folder) / "x.xlsx", {"Plan": [["Plan"], [], *cells_of(rows, step, way)]})
        else:
            (Path(folder) / "x.csv").write_bytes(written(cells_of(rows, step, way), way))
        (stream,) = loads(text, "day.yaml", folder).arrivals
    assert [tuple(row) for row in stream.forecast] == [
        ((at - OPENS).total_seconds(), calls, aht) for at, calls, aht in rows
    ]
    assert stream.every == step.total_seconds()


@given(st.text(alphabet=st.sampled_from("0123456789:;,.|\t\n\"'/- apmTZtoCallsTimeAHT()"), max_size=300))
@settings(deadline=None, max_examples=60)
def test_any_table_is_read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x.csv").write_text("Time;Calls;AHT (s)\n" + text, encoding="utf-8")
        with suppress(SimError):
            loads(DAY.format(lasts=3600, more=""), "day.yaml", folder)


@pytest.mark.parametrize(
    "text",
    ["", "noon", "25/25/2026 09:00", "31/02/2026", "13:00 PM", "0:60", "2026-13-01", "Mo-Fr", "9:00-", "-"],
)
def test_what_is_no_time(text: str) -> None:
    assert stamp_of(text) is None


@pytest.mark.parametrize(
    "text", ["", "-1", "1,2,3", "1.2.3", "12.34,5,6", "1 23", "1e999", "nan", "x", "1,5 %"]
)
def test_what_is_no_number(text: str) -> None:
    for mark in ",.":
        with pytest.raises(ValueError, match="number"):
            number_reader(mark)(text)
