"""Head-counts that somebody else made, read as every other table is."""

from pathlib import Path

import pytest

from sim.errors import SimError
from sim.scenario import loads
from sim.staffing.dates import day_of
from sim.staffing.head_files import read_heads

from .small import DESK, desk

HEADS = "interval_start,team,agents\n09:00,desk,3\n09:30,desk,1\n10:00,desk,5\n10:30,desk,4\n"


def read(text: str, folder: Path, name: str = "heads.csv") -> dict[str, tuple[int, ...]]:
    (folder / name).write_text(text, encoding="utf-8")
    return read_heads(folder / name, desk())


@pytest.mark.parametrize(
    "text",
    [
        HEADS,
        HEADS.replace(",", ";"),
        HEADS.replace(",", "\t"),
        HEADS.replace("desk", '"desk"').replace("agents", '"agents"'),
        "sep=;\n" + HEADS.replace(",", ";"),
        "Plan of March\n\n" + HEADS,
        HEADS.replace("09:00,", "9:00 AM,"),
        HEADS.replace("09:00,", "09:00-09:30,"),
        HEADS.replace("09:", "2026-03-02 09:").replace("10:", "2026-03-02 10:"),
        HEADS.replace("09:", "Mon 09:").replace("10:", "Monday 10:"),
        HEADS.replace("09:00", "0")
        .replace("09:30", "1800")
        .replace("10:00", "3600")
        .replace("10:30", "5400"),
        HEADS.replace(",3", ",3.0"),
        HEADS.replace(",", ";").replace(";3", ";3,0"),
        HEADS + "Total,,13\n",
        HEADS.replace("30,desk", "30,"),
        HEADS.replace("\n", ",\n").replace("agents,", "agents,note"),
        HEADS.replace("\n", "\r\n"),
    ],
)
def test_a_table_is_read_whatever_wrote_it(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path) == {"desk": (3, 1, 5, 4)}


def test_what_is_not_as_usual_is_told(tmp_path: Path) -> None:
    path, told = tmp_path / "heads.csv", list[str]()
    text = (
        HEADS.replace("agents\n", "agents,Größe\n").replace("desk,3", "desk,3,5").replace("desk,1", "desk,1,")
    )
    text = text.replace("desk,5", "desk,5,").replace("desk,4", "desk,4,").replace(",", ";") + "Summe;;13;\n"
    path.write_bytes(text.encode("cp1252"))
    assert read_heads(path, desk(), told.append) == {"desk": (3, 1, 5, 4)}
    assert told == [f"{path} was read with separator semicolon; 1 row of totals left out"]


def test_times_go_on_over_midnight(tmp_path: Path) -> None:
    late = loads(DESK, overrides={"opens": "2026-03-02 23:00"})
    path = tmp_path / "heads.csv"
    rows = ["23:00,desk,1", "23:30,desk,2", "00:00,desk,3", "2026-03-03 00:30,desk,4"]
    path.write_text("interval_start,team,agents\n" + "\n".join(rows), encoding="utf-8")
    assert read_heads(path, late) == {"desk": (1, 2, 3, 4)}


def test_a_date_of_a_calendar_has_its_own_clock(tmp_path: Path) -> None:
    """On 29 March the clock goes from 2 to 3: at nine eight hours have gone by."""
    calendar = {"from": "2026-03-29", "days": 1, "time_zone": "Europe/Berlin", "open": {"sun": "09:00-11:00"}}
    changes = {"opens": None, "lasts": None, "calendar": calendar}
    day = day_of(loads(DESK, overrides=changes))
    path = tmp_path / "heads.csv"
    for text in (HEADS, HEADS.replace("09:", "29.3.2026 09:"), HEADS.replace("09:", "Sun 09:")):
        path.write_text(text, encoding="utf-8")
        assert read_heads(path, day) == {"desk": (3, 1, 5, 4)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADS.replace("10:00,desk", "10:00,dsk"), ["heads.csv:4:2: team: unknown team `dsk`; did you mean `desk`?"]),
        (HEADS.replace("09:30,desk,1", "09:40,desk,x"), [
            "heads.csv:3:3: agents: `x` is not a number",
            "heads.csv:3:1: interval_start: no interval begins at `09:40`",
        ]),
        (HEADS.replace("09:30,desk,1", "09:30,desk,-1"), [
            "heads.csv:3:3: agents: `-1` has to be a number of at least 0"
        ]),
        (HEADS.replace("09:30,desk,1\n", ""), [
            "heads.csv: there is no row of team `desk` at 09:30; each team has one for every interval (1 missing)"
        ]),
        ("team,from,to,agents,break,cost\ndesk,09:00,10:00,2,,40\n", [
            "heads.csv: this is a roster of shifts, and --given takes head-counts by interval (interval_start, team, "
            "agents); a plan of `sim staff` is judged as the scenario beside it: sim check plan.yaml"
        ]),
        (HEADS + "09:30,desk,2\n", [
            "heads.csv:6:1: interval_start: `09:30` of team `desk` is there twice, first in line 3"
        ]),
        (HEADS.replace("09:30,", "2026-03-03 09:30,"), [
            "heads.csv:3:1: interval_start: no interval begins at `2026-03-03 09:30`"
        ]),
        (HEADS.replace("10:00,desk,5", "10:00,desk,2.5"), ["heads.csv:4:3: agents: `2.5` is not a whole number"]),
        (HEADS + "09:30,desk,x\n", ["heads.csv:6:3: agents: `x` is not a number"]),
        (HEADS + "noon,desk,2\nnoon,desk,2\n", [
            f"heads.csv:{line}:1: interval_start: `noon` is not a time; write 08:30, 2026-03-02 08:30 or seconds from "
            "opening" for line in (6, 7)
        ]),
        ("interval_start;team;from;to;agents\n", ["heads.csv: there are no rows below the header"]),
        ('"from, to";"team";"from";"to";"agents"\n1;desk;09:00;10:00;2\n', [
            "heads.csv: this is a roster of shifts, and --given takes head-counts by interval (interval_start, team, "
            "agents); a plan of `sim staff` is judged as the scenario beside it: sim check plan.yaml"
        ]),
        ("interval_start,team\n09:00,desk\n", [
            "heads.csv:1:1: agents: this column is missing; there is `interval_start`, `team`"
        ]),
    ],
)  # fmt: skip
def test_mistakes_in_given_head_counts(text: str, said: list[str], tmp_path: Path) -> None:
    path = tmp_path / "heads.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SimError) as caught:
        read_heads(path, desk())
    lines = [line.removeprefix(f"{tmp_path}/") for line in str(caught.value).splitlines()]
    assert lines == said


def test_a_file_that_is_no_table_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "heads.xlsx").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(
        SimError, match=r"heads\.xlsx` is not an Excel file that can be read; save it anew, or as CSV"
    ):
        read_heads(tmp_path / "heads.xlsx", desk())
