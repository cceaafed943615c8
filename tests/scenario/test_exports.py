"""Exports of planning tools as they come and as a spreadsheet saves them, through `sim init` and `file:` alike."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import ScenarioError
from sim.scenario import Scenario, load

from .workbooks import open_document, workbook

HALF_HOURS = [(9, 0), (9, 30), (10, 0), (10, 30)]
QUEUES = (("Sales", 31, 212), ("Help", 7, 405))


def _half(hour: int, minute: int) -> str:
    return f"{(hour - 1) % 12 + 1}:{minute:02} {'AM' if hour < 12 else 'PM'}"


def _end(hour: int, minute: int) -> tuple[int, int]:
    return (hour, 30) if minute == 0 else (hour + 1, 0)


def _table(separator: str, *lines: str) -> str:
    return "".join(line.replace(",", separator) + "\n" for line in lines)


CELLS = [(h, m, queue, calls, aht) for h, m in HALF_HOURS for queue, calls, aht in QUEUES]
EXPORTS = {
    "Genesys Cloud": _table(
        ",", "Interval Start,Interval End,Media Type,Queue Name,Offer,Answer,Avg Handle",
        *(f"3/2/26 {_half(h, m)},3/2/26 {_half(*_end(h, m))},voice,{q},{n},{n},{aht}000" for h, m, q, n, aht in CELLS),
    ),
    "NICE IEX": _table(
        "|", "date,period,TZ,ctID,ctName,contactsReceived,contactsHandled,aht",
        *(f"20260302,{h:02}:{m:02},ET,{n},{q},{n},{n},{aht}" for h, m, q, n, aht in CELLS),
    ),
    "NICE CXone": _table(
        ",", "Skill Name,Date,Interval,Offered,Handled,Avg ACW,AHT",
        *(f"{q},02-Mar-2026,{h:02}:{m:02},{n},{n},00:00:32,00:0{aht // 60}:{aht % 60:02}" for h, m, q, n, aht in CELLS),
    ),
    "Five9": _table(
        ",", "ACD Queue Report", "Generated,2026-03-03", "", "DATE,HALF HOUR,SKILL,CALLS,AVERAGE HANDLE TIME",
        *(f"03/02/2026,{h:02}:{m:02} - {_end(h, m)[0]:02}:{_end(h, m)[1]:02},{q},{n},00:0{aht // 60}:{aht % 60:02}"
          for h, m, q, n, aht in CELLS),
        "Total,,,152,00:03:41",
    ),
    "Amazon Connect": _table(
        ",", "Queue,StartInterval,EndInterval,Contacts queued,Average handle time",
        *(f"{q},2026-03-02T{h:02}:{m:02}:00Z,2026-03-02T{_end(h, m)[0]:02}:{_end(h, m)[1]:02}:00Z,{n},{aht}"
          for h, m, q, n, aht in CELLS),
    ),
    "Amazon Connect override": _table(
        ",", "QueueName,QueueId,ChannelType,timestamp,volume,averageHandleTime",
        *(f"{q},id-{q},VOICE,2026-03-02T{h:02}:{m:02}:00Z,{n},{aht}" for h, m, q, n, aht in CELLS),
    ),
    "Avaya CMS": _table(
        "\t", "Split/Skill Interval Report", "Split/Skill:,Sales", "",
        "Time,ACD Calls,Avg ACD Time,Aban Calls",
        *(f"{_half(h, m)}-{_half(*_end(h, m))},31,3:32,1".replace(" ", "") for h, m in HALF_HOURS),
        "SUMMARY,124,3:32,4",
    ),
}  # fmt: skip


# A spreadsheet that opens such a file makes numbers, dates and times of its cells, and saves those.

KINDS = (
    ("date", ("%m/%d/%y %I:%M %p", "%Y-%m-%dT%H:%M:%SZ", "%m/%d/%Y", "%d-%b-%Y")),
    ("time", ("%H:%M:%S", "%H:%M")),
)


def _converted(text: str) -> tuple[str, datetime | timedelta | float | str]:
    for kind, forms in KINDS:
        for form in forms:
            try:
                at = datetime.strptime(text, form)
            except ValueError:
                continue
            return (
                kind,
                at if kind == "date" else timedelta(hours=at.hour, minutes=at.minute, seconds=at.second),
            )
    return ("float", float(text)) if re.fullmatch(r"\d+", text) else ("string", text)


def _in_excel(text: str) -> object:
    _, value = _converted(text)
    if isinstance(value, datetime):
        return (value - datetime(1899, 12, 30)) / timedelta(days=1), 1
    return (value / timedelta(days=1), 2) if isinstance(value, timedelta) else value


def _in_open_document(text: str) -> str | tuple[str, str, str]:
    kind, value = _converted(text)
    if isinstance(value, datetime):
        return kind, value.isoformat(), text
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return kind, f"PT{seconds // 3600:02}H{seconds // 60 % 60:02}M{seconds % 60:02}S", text
    return text if isinstance(value, str) else (kind, f"{value:g}", text)


def written(folder: Path, text: str, ending: str) -> Path:
    """Return the export as a file of that kind."""
    path = folder / f"export{ending}"
    separator = next(mark for mark in "|\t," if mark in text)
    rows = [*csv.reader(io.StringIO(text), delimiter=separator)]
    if ending == ".csv":
        path.write_text(text)
    elif ending == ".xlsx":
        workbook(path, {"Plan": [[_in_excel(cell) for cell in row] for row in rows]})
    else:
        open_document(path, [[_in_open_document(cell) for cell in row] for row in rows])
    return path


def read(scenario: Scenario) -> dict[str, list[tuple[float, float, float | None]]]:
    """By queue, when contacts come in hours from opening, how many, and their handle time."""
    return {
        str(stream.queue): [(row.start_s / 3600, row.volume, row.aht_s) for row in stream.forecast]
        for stream in scenario.arrivals
    }


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
@pytest.mark.parametrize("tool", EXPORTS)
def test_an_export_is_read_as_it_is(tool: str, ending: str, tmp_path: Path) -> None:
    if ending != ".csv":
        pytest.importorskip("python_calamine")
    export = written(tmp_path, EXPORTS[tool], ending)
    assert main(["init", str(tmp_path / "desk"), "--forecast", str(export)]) == 0
    found = load(tmp_path / "desk" / "scenario.yaml")
    hours = [0.0, 0.5, 1.0, 1.5]
    if tool == "Avaya CMS":  # one skill, named in the title
        assert read(found) == {"phone contacts": [(at, 31.0, 212.0) for at in hours]}
    else:
        assert read(found) == {queue: [(at, calls, aht) for at in hours] for queue, calls, aht in QUEUES}
    assert f"{found.opens:%H:%M}" == "09:00"


def test_minutes_that_a_spreadsheet_took_for_hours_are_a_question(tmp_path: Path) -> None:
    """Of a file by hand; `sim init` assumes the minutes and says so."""
    pytest.importorskip("python_calamine")
    export = written(tmp_path, EXPORTS["Avaya CMS"], ".xlsx")
    assert main(["init", str(tmp_path / "desk"), "--forecast", str(export)]) == 0
    text = (tmp_path / "desk" / "scenario.yaml").read_text()
    assumed = "      aht_unit: min              # assumed; or s, as they stand\n"
    assert assumed in text
    (tmp_path / "desk" / "own.yaml").write_text(text.replace(assumed, ""))
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "desk" / "own.yaml")
    question = "`3:32:00` may be 3 h 32 min, or 3 min 32 s that a spreadsheet took for hours; "
    assert question + "write `aht_unit: s` or `aht_unit: min`" in str(caught.value)
    (tmp_path / "desk" / "own.yaml").write_text(text.replace("aht_unit: min", "aht_unit: s"))
    assert read(load(tmp_path / "desk" / "own.yaml"))["phone contacts"][0] == (0.0, 31.0, 12720.0)
