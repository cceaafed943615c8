"""The figures in which the two versions of the rich model are compared."""

from collections.abc import Iterable

import numpy as np

from benchmarks.rich.idiomatic import Search
from sim.records import Records

EMPTY_S = 3600.0
"""Seconds left out for the effect of the empty start."""
KINDS = ("inbound", "transfer", "conference")


def searches(records: Records) -> list[Search]:
    """Return our requests as the hand-written model has them: a refused transfer was no search."""
    columns = records.requests[["kind", "placed_at", "wait", "outcome", "ring_outs"]]
    rows = zip(*(columns[name].tolist() for name in columns), strict=True)
    return [search for search in map(Search._make, rows) if search.outcome != "refused"]


def figures(found: Iterable[Search], until: float) -> dict[str, float]:
    """Return the figures of the searches placed after the beginning, and before the last arrivals."""
    kept = [search for search in found if EMPTY_S < search.placed_at < until]
    by_kind = {kind: [search for search in kept if search.kind == kind] for kind in KINDS}
    told: dict[str, float] = {}
    for kind, of_kind in by_kind.items():
        outcomes = [search.outcome for search in of_kind]
        told[f"{kind}: share answered"] = outcomes.count("answered") / len(outcomes)
        told[f"{kind}: share of time-outs"] = outcomes.count("no_agent") / len(outcomes)
        told[f"{kind}: mean wait, s"] = float(np.mean([search.wait for search in of_kind]))
        told[f"{kind}: ring-outs"] = float(np.mean([search.ring_outs for search in of_kind]))
    for kind in ("transfer", "conference"):
        told[f"{kind}s a conversation"] = len(by_kind[kind]) / len(by_kind["inbound"])
    return told
