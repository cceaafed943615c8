"""Contacts as counts by queue and interval of a day, of a log and of a simulated day alike."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.log import OpeningHours, handle_s, left, wait_s

Floats = NDArray[np.float64]

OFFERED, ANSWERED, IN_TIME, WAITED, HANDLED, ABANDONED, NO_AGENT = range(7)
"""Places of the last axis: contacts offered, answered, answered in time; seconds that the answered waited and took;
contacts that left by themselves, and whose search found no agent."""

COUNTED = ("offered", "answered", "in_time", "waited_s", "handled_s", "abandoned", "no_agent")
"""Their names."""
METRICS = ("offered", "abandon_rate", "service_level", "asa", "handle_time")
WITH_NO_AGENT = (*METRICS[:2], "no_agent_rate", *METRICS[2:])
"""Names of figures, also of a log or a model in which searches find no agent."""


def counted(
    calls: pd.DataFrame, queues: Sequence[str], hours: OpeningHours, within_s: Sequence[float]
) -> Floats:
    """Return counts by queue, interval of the day, and what is counted; `within_s` has the threshold of each queue."""
    slots = len(hours.edges) - 1
    queue = pd.Index(queues).get_indexer(pd.Index(calls["queue"].astype("object")))
    at = hours.since_opening(calls["offered_at"]).to_numpy()
    slot = np.floor(at / hours.every)
    kept = (queue >= 0) & (slot >= 0) & (slot < slots)
    place = queue[kept] * slots + slot[kept].astype(np.int64)
    taken = calls["answered_at"].notna().to_numpy()[kept].astype(np.float64)
    wait = wait_s(calls).to_numpy()[kept]
    in_time = taken * (wait <= np.asarray(within_s, dtype=np.float64)[queue[kept]])
    handled = np.nan_to_num(handle_s(calls).to_numpy()[kept])
    gone = left(calls).to_numpy()[kept]
    nobody = (calls["outcome"] == "no_agent").to_numpy()[kept] * (1.0 - taken)
    columns = (np.ones(len(place)), taken, in_time, taken * wait, taken * handled, gone, nobody)
    size = len(queues) * slots
    found = np.stack([np.bincount(place, weights=column, minlength=size) for column in columns], axis=-1)
    whole: Floats = found.reshape(len(queues), slots, len(columns)).astype(np.float64)
    return whole


def metrics_of(*counts: Floats) -> tuple[str, ...]:
    """Return the names of the figures: `no_agent_rate` is one where a search found no agent."""
    return WITH_NO_AGENT if any(one[..., NO_AGENT].any() for one in counts) else METRICS


def figures_of(counts: Floats, days: float = 1.0) -> dict[str, Floats]:
    """Return the figures of counts; offered a day, NaN where there is nothing to divide by."""
    offered, answered = counts[..., OFFERED], counts[..., ANSWERED]
    with np.errstate(divide="ignore", invalid="ignore"):
        some = np.where(offered > 0, offered, np.nan)
        taken = np.where(answered > 0, answered, np.nan)
        return {
            "offered": offered / days,
            "abandon_rate": counts[..., ABANDONED] / some,
            "no_agent_rate": counts[..., NO_AGENT] / some,
            "service_level": counts[..., IN_TIME] / some,
            "asa": counts[..., WAITED] / taken,
            "handle_time": counts[..., HANDLED] / taken,
        }
