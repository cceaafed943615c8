"""Anonymous Bank: the call-by-call files of a bank in Israel, of 1999, which research on call centres uses.

L. Brown, N. Gans, A. Mandelbaum, A. Sakov, H. Shen, S. Zeltyn and L. Zhao, JASA 100 (2005), describe the columns.
Clock times have no date of their own: one before the call's own start lies behind midnight. `0:00:00` in `q_start`
means that the call did not queue: it asked for an agent as it left the voice response unit.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.logs.column_map import ColumnMap
from sim.logs.pieces import pieces
from sim.logs.problems import NO_SEARCH, Problems
from sim.logs.tables import contacts_of, refuse_zone, require
from sim.logs.times import seconds

NEEDED = (
    "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "q_start", "q_exit", "outcome",
    "ser_start", "ser_exit", "server",
)  # fmt: skip
CLOCKS = ("vru_entry", "vru_exit", "q_start", "q_exit", "ser_start", "ser_exit")
DAY_S = 86_400.0


def read(path: Path, problems: Problems, zone: str = "") -> pd.DataFrame:
    """Return the calls that asked for an agent; those that did not, and the phantom ones, are counted."""
    refuse_zone(zone, path)
    found = pieces(path, problems, NEEDED)
    require(NEEDED, list(next(found).columns), path)
    rows = [_rows(piece, problems) for piece in found]
    if not rows:
        raise SimError(f"{path}: there is no call in it")
    mapped = ColumnMap({name: name for name in rows[0].columns}, missing=("",))
    return contacts_of(rows, mapped, path, problems)


def _rows(calls: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    date = pd.to_datetime(calls["date"], format="%y%m%d", errors="coerce")
    at = {name: seconds(calls[name]) for name in CLOCKS}
    starts = at["vru_entry"]
    unserved = at["ser_start"] == 0  # of no length, in the log without a time
    for name in CLOCKS[1:]:
        at[name] = at[name] + DAY_S * (at[name] < starts - DAY_S / 2)
    outcome = calls["outcome"]
    answered = outcome == "AGENT"
    queued = seconds(calls["q_start"]) > 0
    asked = at["q_start"].where(queued, at["vru_exit"])
    for name in ("ser_start", "ser_exit"):
        at[name] = at[name].where(~unserved, at["q_exit"].where(queued, at["vru_exit"]))
    asked = asked.where(~(answered & (at["ser_start"] < asked)), at["ser_start"])  # clocks differ by a second
    phantom = (outcome == "PHANTOM").to_numpy()
    never = (~phantom) & ((outcome == "HANG") & ~queued).to_numpy()
    problems.note("a phantom call", calls.index[phantom])
    problems.note(NO_SEARCH, calls.index[never])
    rows = pd.DataFrame(
        {
            "queue": calls["type"],
            "offered_at": _moment(date, asked),
            "answered_at": _moment(date, at["ser_start"].where(answered)),
            "ended_at": _moment(date, at["ser_exit"].where(answered, at["q_exit"])),
            "agent": calls["server"].where(calls["server"] != "NO_SERVER"),
            "customer": calls["customer_id"].where(calls["customer_id"] != "0"),
            "label": "priority " + calls["priority"].astype("str"),
        }
    )
    return rows[~phantom & ~never]


def _moment(date: pd.Series, clock: pd.Series) -> pd.Series:
    at: pd.Series = (date + pd.to_timedelta(clock.where(np.isfinite(clock)), unit="s")).astype(
        "datetime64[ms]"
    )
    return at
