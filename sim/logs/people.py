"""The people of a log: teams by the queues they answer, how many are there when, and how they work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.logs.cut_laws import choose_law_below
from sim.logs.laws import FEWEST, LawFit, choose_law, law_of_enough
from sim.logs.log import OpeningHours, answered, handle_s, released_at
from sim.logs.presence import Moments, at_work, rings_of_idle
from sim.logs.ringing import accepting
from sim.logs.staffing import (
    CROWD,
    everyones,
    gaps,
    hours_by_day,
    longest_wrap_up,
    mean_head_count,
    outside_share,
    profiles,
    served,
    team_skills,
    teams,
    teams_of,
    whole_heads,
    with_rare_queues,
)

MOST_COMPARED = 200_000
"""Answers by which teams are compared."""
OF_ANSWERS = ("queue", "channel", "agent", "answered_at", "ended_at", "transferred_at", "wrap_up_s", "ring_s")


@dataclass(frozen=True)
class TeamFit:
    """One team: the queues it answers, agents seen, head-count by interval of the mean day, and by weekday.

    `wrap_up` and `ring`, the time to accept, are its own where a test tells them from those of the other teams.
    """

    name: str
    skills: tuple[str, ...]
    seen: int
    heads: tuple[int, ...]
    weekdays: Mapping[int, tuple[int, ...]]
    speed: Mapping[str, float]
    wrap_up: LawFit | None = None
    ring: LawFit | None = None


@dataclass(frozen=True)
class People:
    """All teams and how they answer.

    `agents_share` is the agents' part in the variation of handle times, `outside_share` that of the answers by agents
    whose team lacks the queue.
    """

    teams: tuple[TeamFit, ...]
    agent_hours: float
    wrap_up: LawFit | None
    wrap_up_is_read: bool
    accept: float | None
    accept_rows: int
    ring: LawFit | None
    ring_is_read: bool
    at_once: Mapping[str, int]
    open_on_average: Mapping[str, float]
    agents_share: float
    outside_share: float


def people_of(calls: pd.DataFrame, hours: OpeningHours, ring_s: float | None = None) -> People:
    """Fit the people of a log's ordinary days; `ring_s` is how long offers ring, None where that is not told."""
    counts = served(calls)
    team_of = teams(profiles(counts), counts)
    skills = with_rare_queues(team_skills(counts, team_of), counts, team_of)
    taken = answered(calls[[name for name in OF_ANSWERS if name in calls]])
    speeds, share = _speeds(taken, team_of)
    at_once, on_average = _open_at_once(taken)
    answers = accepting(calls, taken, ring_s)
    wrap_up = _read_wrap_up(taken)
    wrap_ups = own_laws(taken, "wrap_up_s", team_of) if wrap_up is not None else {}
    # Nobody knows at which team it rang out: where slow answers are among the ring-outs, one law is for all.
    is_whole = answers.law is not None and answers.law.part == 1.0
    rings = own_laws(taken, "ring_s", team_of) if is_whole else {}
    del taken  # of a large log there is not room for it beside the gaps
    table = gaps(calls, everyones(counts))
    ring = answers.law
    is_read, ring_is_read = wrap_up is not None, ring is not None
    if ring is None:
        ring = law_of_enough(rings_of_idle(calls, table))
        ring = ring if ring is not None and ring.mean > 0 else None
    if wrap_up is None:
        wrap_up = _inferred_wrap_up(calls, table, ring)
    spans = at_work(calls, table, team_of, skills, hours)
    del table
    # Of a large log the spans are the largest part of the memory: no copy of them where all weekdays are alike.
    weekday = spans["since"].dt.day_of_week
    of_mean = spans[weekday.isin(hours.of_mean)] if hours.apart else spans
    sizes = team_of.value_counts()
    names = sorted(map(str, sizes.index))

    def heads_in(part: pd.DataFrame) -> pd.DataFrame:
        return whole_heads(mean_head_count(part, team_of, hours).reindex(columns=names, fill_value=0.0))

    heads = heads_in(of_mean)
    by_weekday = {int(number): heads_in(part) for number, part in spans.groupby(weekday)}
    found = [
        TeamFit(
            str(name), tuple(skills[str(name)]), int(sizes[name]), tuple(int(one) for one in heads[name]),
            {number: tuple(int(one) for one in table_[name]) for number, table_ in by_weekday.items()},
            {queue: speed for queue, speed in speeds.get(str(name), {}).items() if queue in skills[str(name)]},
            wrap_ups.get(str(name)), rings.get(str(name)),
        )
        for name in sizes.index
        if skills[str(name)]
    ]  # fmt: skip
    return People(
        tuple(found),
        float(hours_by_day(of_mean).mean()),
        wrap_up if wrap_up is not None and wrap_up.mean > 0 else None,
        is_read,
        answers.share,
        answers.rows,
        ring,
        ring_is_read,
        at_once,
        on_average,
        share,
        outside_share(counts, team_of, skills),
    )


def _read_wrap_up(taken: pd.DataFrame) -> LawFit | None:
    """Return the law of the wrap-up that the log has, None where it has none."""
    return law_of_enough(taken["wrap_up_s"].dropna()) if "wrap_up_s" in taken else None


def own_laws(taken: pd.DataFrame, column: str, team_of: pd.Series) -> dict[str, LawFit]:
    """Return the law of a duration for each team of which it is its own: 50 durations, and a mean 5 % off that of all.

    None has one where an F-test over the teams does not tell them apart at 1 %.
    """
    from scipy import stats

    known = taken.loc[:: max(1, len(taken) // MOST_COMPARED), ["agent", column]].dropna()
    seconds = known[column].to_numpy(dtype=np.float64)
    team = teams_of(known["agent"], team_of)
    groups = {str(name): seconds[rows] for name, rows in team.groupby(team, observed=True).indices.items()}
    groups = {name: own for name, own in groups.items() if len(own) >= FEWEST}
    if len(groups) < 2 or np.ptp(seconds) == 0.0 or stats.f_oneway(*groups.values()).pvalue >= 0.01:
        return {}
    whole = float(seconds.mean())
    return {name: choose_law(own) for name, own in groups.items() if abs(own.mean() / whole - 1) >= 0.05}


def _inferred_wrap_up(calls: pd.DataFrame, table: pd.DataFrame, ring: LawFit | None) -> LawFit | None:
    """Return the law of the wrap-up by how soon agents take the next who waits, less the time that it rings.

    That is the contact's own where the log has it: with the mean, the spread of the ringing would be the wrap-up's.
    """
    crowded = np.flatnonzero(((table["crowd"] >= CROWD) & table["gap"].notna()).to_numpy())
    gap, less = table["gap"].to_numpy()[crowded], 0.0 if ring is None else ring.mean
    if "ring_s" in calls:
        own = calls["ring_s"].to_numpy(dtype=np.float64)[table["row"].to_numpy()[crowded + 1]]
        if not np.isnan(own).all():
            gap, less = np.maximum(gap - own, 0.0)[~np.isnan(own)], 0.0
    cut = longest_wrap_up(table)
    short = gap[gap <= cut]
    if len(short) < FEWEST or not short.mean() > 0:
        return None
    return choose_law_below(short, cut, len(gap) - len(short), less)


def _open_at_once(taken: pd.DataFrame) -> tuple[dict[str, int], dict[str, float]]:
    """Return for each channel how many contacts an agent has open at once, and on average while they work."""
    most: dict[str, int] = {}
    mean: dict[str, float] = {}
    since, until = (
        times.to_numpy().astype("datetime64[ms]") for times in (taken["answered_at"], released_at(taken))
    )
    agent = taken["agent"].astype("category").cat.codes.to_numpy()
    for name, rows in _by_channel(taken):
        seconds = np.zeros(1)
        # Row numbers of one agent after the other: groups of the times themselves would be a second copy of them.
        rows = rows[np.argsort(agent[rows], kind="stable")]
        for own in np.split(rows, np.flatnonzero(np.diff(agent[rows])) + 1):
            if not len(own) or agent[own[0]] < 0:
                continue
            mine = _seconds_by_open(since[own], until[own])
            longer = np.zeros(max(len(seconds), len(mine)))
            longer[: len(seconds)] = seconds
            longer[: len(mine)] += mine
            seconds = longer
        open_, whole = np.arange(len(seconds)), max(float(seconds.sum()), 1e-9)
        if len(seconds) == 1:
            continue
        most[name] = max(1, int(np.searchsorted(np.cumsum(seconds) / whole, 0.98)))
        mean[name] = float(open_ @ seconds) / whole
    return most, mean


def _by_channel(taken: pd.DataFrame) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Give each channel, in small letters and in order, with the numbers of its rows; without channels all is voice."""
    if "channel" not in taken:
        yield "voice", np.arange(len(taken))
        return
    channel = taken["channel"].astype("category")
    names = [str(name).lower() for name in channel.cat.categories]
    for name in sorted(set(names)):
        codes = [code for code, one in enumerate(names) if one == name]
        yield name, np.flatnonzero(np.isin(channel.cat.codes.to_numpy(), codes))


def _seconds_by_open(since: Moments, until: Moments) -> NDArray[np.float64]:
    """Return for how many seconds one agent had 0, 1, 2, ... contacts open; time without any counts as 0."""
    times = np.concatenate([since, until])
    steps = np.repeat((1, -1), len(since))
    order = np.lexsort((steps, times))
    open_ = np.cumsum(steps[order])[:-1]
    lengths = np.diff(times[order]).astype(np.int64)
    busy = open_ > 0
    return np.bincount(open_[busy], lengths[busy], minlength=1) / 1000.0


def _in_order(names: pd.Series) -> pd.Series:
    """Return names as a category in alphabetical order."""
    known = names.astype("category")
    return known.cat.reorder_categories(sorted(known.cat.categories, key=str))


def _speeds(taken: pd.DataFrame, team_of: pd.Series) -> tuple[dict[str, dict[str, float]], float]:
    """Return teams' speeds by queue where a test supports them, and the agents' share of the variance.

    log handle time = queue + agent (two-way means); a team has a speed where an F-test over the teams of a queue is
    below 1 % and its agents have 50 contacts each on average.
    """
    from scipy import stats

    work = pd.DataFrame({"queue": _in_order(taken["queue"]), "agent": _in_order(taken["agent"])})
    work["log"] = np.log(np.maximum(handle_s(taken), 1.0))
    work["team"] = teams_of(taken["agent"], team_of)
    work["rest"] = work["log"] - work.groupby("queue", observed=True)["log"].transform("mean")
    by_agent = work.groupby("agent", observed=True)["rest"].agg(["mean", "count"])
    total = float((work.pop("rest") ** 2).sum())
    share = float((by_agent["count"] * by_agent["mean"] ** 2).sum() / total) if total else 0.0
    speeds: dict[str, dict[str, float]] = {}
    for queue, part in work.groupby("queue", observed=True):
        groups = {
            str(team): own["log"]
            for team, own in part.groupby("team", observed=True)
            if len(own) >= FEWEST * own["agent"].nunique()
        }
        if len(groups) < 2 or stats.f_oneway(*groups.values()).pvalue >= 0.01:
            continue
        whole = float(np.exp(part["log"]).mean())
        for team, own in groups.items():
            speed = whole / float(np.exp(own).mean())
            if abs(speed - 1.0) >= 0.05:
                speeds.setdefault(team, {})[str(queue)] = speed
    return speeds, share
