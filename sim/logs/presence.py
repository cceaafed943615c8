"""Who was at work without a contact: what stretches of idleness are readiness, and which are breaks.

Without agents' states a long gap between two contacts may be either. It is taken for readiness where it can be nothing
else: the contacts that came meanwhile were no more than there were colleagues to take them, so that none need have
passed the agent by, and the next one that the agent took had not been kept waiting. So it is with the time from opening
to the first contact of a day, and from the last one to closing. Who finds such an agent waits just as long as it rings.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.log import OpeningHours, wait_s
from sim.logs.staffing import BREAK, CROWD, SHORT, by_date, is_break, on_duty, teams_of

ENOUGH = 100_000
"""Contacts that are looked at for how long it rings."""

Moments = NDArray[np.datetime64]


def at_work(
    calls: pd.DataFrame,
    table: pd.DataFrame,
    team_of: pd.Series,
    skills: Mapping[str, Sequence[str]],
    hours: OpeningHours,
) -> pd.DataFrame:
    """Return spans of single dates in which an agent was at work or ready: agent, since, until; of known agents.

    `table` is that of `gaps`.
    """
    spans = on_duty(table)
    stretches = pd.concat([_between(calls, table), _first(calls, table, hours), _last(table, hours)])
    team, own = (teams_of(one["agent"], team_of) for one in (spans, stretches))
    came, turns, there = (np.zeros(len(stretches), dtype=np.int64) for _ in range(3))
    alike = {
        name: [other for other, theirs in skills.items() if not set(queues).isdisjoint(theirs)]
        for name, queues in skills.items()
    }
    for name, queues in skills.items():
        here = (own == name).to_numpy()
        came[here], turns[here] = _came(stretches[here], calls, queues)
        there[here] = _colleagues(stretches[here], spans[team.isin(alike[name])])
    named = own.notna().to_numpy()  # nobody knows who is idle where an answer names nobody
    ready = named & (came <= turns * there)
    known = -1
    while known < ready.sum():  # who turns out to be ready is a colleague of others
        known = int(ready.sum())
        also = np.zeros(len(stretches), dtype=np.int64)
        for name in skills:
            also[own == name] = _colleagues(
                stretches[own == name], stretches[own.isin(alike[name]).to_numpy() & ready]
            )
        ready |= named & (came <= turns * (there + also))
    idle = stretches.loc[ready, ["agent", "since", "until"]]
    whole = pd.concat([spans if team.notna().all() else spans[team.notna()], idle], ignore_index=True)
    return by_date(whole)


def _came(
    stretches: pd.DataFrame, calls: pd.DataFrame, queues: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many others came in each stretch, and how many turns of a colleague are possible.

    Two where a contact rang out: it may have been at this agent, who then was last in turn again.
    """
    since, until, mine = (stretches[name].to_numpy() for name in ("since", "until", "next_offered_at"))
    of = calls["queue"].isin(list(queues))
    came = _between_moments(calls.loc[of, "offered_at"], since, until)
    came -= (mine > since) & (mine < until)
    turns = np.ones(len(stretches), dtype=np.int64)
    if "rings" in calls:
        turns += _between_moments(calls.loc[of & (calls["rings"] > 0), "offered_at"], since, until) > 0
    return came, turns


def _between_moments(times: pd.Series, since: Moments, until: Moments) -> NDArray[np.int64]:
    order = np.sort(times.to_numpy())
    return np.searchsorted(order, until, "left") - np.searchsorted(order, since, "right")


def _colleagues(stretches: pd.DataFrame, spans: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many others were at work where each stretch meets a contact of its agent."""
    at = stretches["at"].to_numpy()
    begun = np.searchsorted(np.sort(spans["since"].to_numpy()), at, "left")
    return begun - np.searchsorted(np.sort(spans["until"].to_numpy()), at, "right")


def _between(calls: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the long gaps of a day that began before no crowd and ended with a contact that was not kept waiting."""
    place = np.flatnonzero(((table["gap"] > BREAK) & (table["crowd"] < CROWD)).to_numpy())
    part = table.iloc[place]
    return _prompt(
        calls,
        table.iloc[place + 1],
        {
            "agent": part["agent"].array,
            "since": part["released_at"].to_numpy(),
            "until": part["next_at"].to_numpy(),
            "at": part["released_at"].to_numpy(),
        },
    )


def _first(calls: pd.DataFrame, table: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return the stretches from opening to the first contact of an agent's day."""
    follows = np.append(False, table["next_at"].notna().to_numpy()[:-1])
    part = table[~follows]
    opens = part["answered_at"].dt.normalize() + pd.Timedelta(seconds=hours.opens - hours.turn)
    night = table["released_at"].shift().where(table["agent"] == table["agent"].shift())[~follows]
    opens = opens.mask(night > opens, night)  # of contacts that went on beyond midnight
    later = (opens < part["answered_at"]).to_numpy()
    part, opens = part[later], opens[later]
    return _prompt(
        calls,
        part,
        {
            "agent": part["agent"].array,
            "since": opens.to_numpy(),
            "until": part["answered_at"].to_numpy(),
            "at": part["answered_at"].to_numpy(),
        },
    )


def _prompt(calls: pd.DataFrame, following: pd.DataFrame, stretches: Mapping[str, object]) -> pd.DataFrame:
    """Return the stretches whose following contact had not waited for long, or had rung out elsewhere."""
    needed = calls[[name for name in ("offered_at", "answered_at", "rings") if name in calls]]
    contact = needed.iloc[following["row"].to_numpy()]
    wait = (contact["answered_at"] - contact["offered_at"]).dt.total_seconds()
    prompt = (wait <= SHORT).to_numpy()
    if "rings" in contact:
        prompt = prompt | (contact["rings"].fillna(0) > 0).to_numpy(dtype=bool)
    found = pd.DataFrame(stretches).assign(next_offered_at=contact["offered_at"].to_numpy())
    return found[prompt]


def _last(table: pd.DataFrame, hours: OpeningHours) -> pd.DataFrame:
    """Return the stretches from the last contact of an agent's day to closing."""
    part = table[table["next_at"].isna()]
    closes = part["answered_at"].dt.normalize() + pd.Timedelta(seconds=hours.closes - hours.turn)
    earlier = (part["released_at"] < closes).to_numpy()
    part, closes = part[earlier], closes[earlier]
    return pd.DataFrame(
        {
            "agent": part["agent"].array,
            "since": part["released_at"].to_numpy(),
            "until": closes.to_numpy(),
            "at": part["released_at"].to_numpy(),
            "next_offered_at": np.datetime64("NaT"),
        }
    )


def rings_of_idle(calls: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Return the waits of contacts whose agent had been free for a while before they came: only the ringing is left.

    Without those that rang out elsewhere before, and without gaps that may be breaks.
    """
    place = np.flatnonzero((table["gap"] > SHORT).to_numpy() & ~is_break(table).to_numpy())
    place = place[:: max(1, len(place) // ENOUGH)]
    contact = calls.iloc[table["row"].iloc[place + 1].to_numpy()]
    free = contact["offered_at"].to_numpy() - table["released_at"].iloc[place].to_numpy()
    alone = free > np.timedelta64(int(SHORT), "s")
    if "rings" in contact:
        alone = alone & (contact["rings"].fillna(0) == 0).to_numpy(dtype=bool)
    found = wait_s(contact[alone])
    return found[found <= SHORT]
