"""The log's own figures, under the names and by the definitions of the simulator's metrics."""

import pandas as pd

from sim.logs.canonical import answered, day, handle_s, wait_s

OVERALL = ""
"""The row over all queues, as an empty queue stands for all in the simulator's figures."""


def figures(calls: pd.DataFrame, within: float = 20.0) -> pd.DataFrame:
    """Return a row a queue, and one over all: the log's figures, times in seconds.

    offered: a day. service_level: answered within `within` s, of all offered. asa and waits: of the answered.
    transfer_rate: of the answered.
    handle_time: of the agent who answered, up to a transfer.
    """
    days = day(calls).nunique()
    rows = {str(queue): _figures(part, days, within) for queue, part in calls.groupby("queue")}
    return pd.DataFrame({**rows, OVERALL: _figures(calls, days, within)}).T


def _figures(calls: pd.DataFrame, days: int, within: float) -> dict[str, float]:
    taken = answered(calls)
    wait = wait_s(taken)
    return {
        "offered": len(calls) / days,
        "abandon_rate": 1.0 - len(taken) / len(calls),
        "service_level": float((wait <= within).sum()) / len(calls),
        "asa": float(wait.mean()),
        **{f"wait_p{percent}": float(wait.quantile(percent / 100)) for percent in (50, 80, 90)},
        "handle_time": float(handle_s(taken).mean()),
        "transfer_rate": float(taken["transferred_at"].notna().mean()),
    }
