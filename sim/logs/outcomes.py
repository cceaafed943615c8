"""How the searches of a log ended: in its own words, or told by waits that all have one length.

Only who left by themselves says how long customers wait. A search that the platform ended, as its time-to-live or the
longest wait of its queue was over, had a customer who might have waited on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import quoted
from sim.logs.parts import WENT_ON
from sim.logs.problems import Problems

ANSWERED, ABANDONED, NO_AGENT = "answered", "abandoned", "no_agent"
WORDS: Mapping[str, tuple[str, ...]] = {
    ABANDONED: ("abandon", "balked", "hang", "hangup", "hung_up", "customer", "customer_left", "left", "break_out"),
    NO_AGENT: (
        "no_agent_available", "no_agents_available", "no_agent_timeout", "timeout", "timed_out", "ttl", "ttl_expired",
        "expired", "unavailable",
    ),
    "wait_limit": ("max_wait", "max_wait_time", "wait_timeout", "queue_timeout", "exitwithtimeout"),
    "voicemail": ("voice_mail", "to_voicemail"),
    "exited": ("exit_with_key", "exitwithkey", "key", "callback", "call_back", "callback_requested"),
    "disconnected": ("closed", "force_closed", "closing"),
    "cancelled": ("canceled", "withdrawn"),
    "refused": (),
    "unfinished": ("open", "waiting"),
    "moved": ("overflow", "overflowed", "flow_out", "went_on"),
}  # fmt: skip
"""What a search without an answer may end as, by the name of the simulator's tables, with other words for it.

`exited`, of which the simulator has nothing, is who left the queue by a key, as for a call back.
"""
OUTCOMES = (ANSWERED, *WORDS)
_KNOWN = {word: name for name, words in WORDS.items() for word in (name, *words)}

FEWEST_ALIKE = 20
"""Waits of one length from which they are taken for the end of a search, where no word says so."""
OTHERS_BEFORE = 5.0
"""So many times as frequent has that length to be as any other of the second half of the waits before it."""
LONGER = 0.25
"""Of those who waited so long at least, no more may have waited longer: an offer that rings is not cut short."""
LEAST_S = 5.0
"""Nobody's search ends so soon."""
WITHIN_S = 1.0
"""Logs have whole seconds at both ends of a wait."""
CANDIDATES = 5
"""The most frequent lengths that are looked at."""


def as_outcome(word: str) -> str | None:
    """Return the outcome that a word of a log stands for; None where it is not known."""
    plain = "_".join("".join(letter if letter.isalnum() else " " for letter in word.lower()).split())
    return _KNOWN.get(plain)


def went_on(calls: pd.DataFrame, problems: Problems) -> NDArray[np.bool_]:
    """Return which rows are left out, as the search went on in another queue, and note them."""
    if "outcome" not in calls:
        return np.zeros(len(calls), dtype=np.bool_)
    named = calls["outcome"].astype("category")
    moved = [one for one in named.cat.categories if as_outcome(str(one)) == "moved"]
    found = np.asarray(named.isin(moved) & calls["answered_at"].isna(), dtype=np.bool_)
    problems.note(WENT_ON, calls.index[found])
    return found


def outcomes_of(
    columns: Mapping[str, Any], words: pd.Categorical | None, problems: Problems
) -> pd.Categorical:
    """Return how each contact ended; `words` are those of the log, missing where it says nothing.

    A wait without an answer and without a word is that of a customer who left, unless it is told by its length. What is
    read so is noted in the problems.
    """
    unanswered = np.isnat(columns["answered_at"])
    codes = np.where(unanswered, np.int8(1), np.int8(0))
    unsaid = unanswered
    if words is not None:
        meant = [as_outcome(str(word)) for word in words.categories]
        known = np.array([0 if one is None else OUTCOMES.index(one) for one in (*meant, None)], dtype=np.int8)
        said = known[words.codes]
        codes = np.where(unanswered & (said > 0), said, codes)
        unsaid = unanswered & (words.codes < 0)
        problems.readings += _not_known(words, meant, unanswered)
    if unsaid.any():
        problems.readings += _told_by_waits(columns, codes, unsaid, problems)
    used = [name for at, name in enumerate(OUTCOMES) if at < 2 or bool((codes == at).any())]
    place = np.array([used.index(name) if name in used else -1 for name in OUTCOMES], dtype=np.int8)
    return pd.Categorical.from_codes(place[codes], pd.Index(used, dtype="object"))


def _not_known(
    words: pd.Categorical, meant: list[str | None], unanswered: NDArray[np.bool_]
) -> Iterator[str]:
    counts = np.bincount(words.codes[unanswered & (words.codes >= 0)], minlength=len(meant))
    strange = [at for at, one in enumerate(meant) if one is None and counts[at]]
    if strange:
        shown = ", ".join(quoted(str(words.categories[at])) for at in strange[:5])
        more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
        yield (
            f"`outcome`: {shown}{more} of {counts[strange].sum():,} contacts without an answer says nothing that is"
            " known of their end: taken for customers who left"
        )


def _told_by_waits(
    columns: Mapping[str, Any], codes: NDArray[np.int8], unsaid: NDArray[np.bool_], problems: Problems
) -> Iterator[str]:
    """Make those `no_agent` whose waits have one length that hardly anybody outlasts, queue by queue."""
    place = np.flatnonzero(unsaid)
    waits = _seconds(columns["ended_at"][place] - columns["offered_at"][place])
    queue = columns["queue"].codes
    follows = _follows(columns.get("kind"), len(queue))
    told = []
    for of_queue in np.unique(queue[place]):
        for of_kind in (False, True):
            here = (queue[place] == of_queue) & (follows[place] == of_kind)
            if np.count_nonzero(here) < FEWEST_ALIKE:
                continue
            length = _evident(waits[here], columns, (queue == of_queue) & (follows == of_kind))
            if length is not None:
                ended = place[here & (waits >= length - WITHIN_S)]
                codes[ended] = OUTCOMES.index(NO_AGENT)
                kind = " after a transfer" if of_kind else ""
                name = quoted(str(columns["queue"].categories[of_queue]))
                told.append(f"{len(ended):,} of {name}{kind} after {length:g} s")
    if told:
        problems.ends_inferred = True
        yield (
            f"waits without an answer that end after one length, to a second, which hardly anybody outlasts"
            f" ({'; '.join(told)}), are taken for searches that found no agent in time, and not for customers who left:"
            " inferred, as the log does not say how they ended"
        )


def _evident(waits: NDArray[np.float64], columns: Mapping[str, Any], rows: NDArray[np.bool_]) -> float | None:
    """Return the length at which the searches of a queue end; None where it is not evident."""
    lengths, count = np.unique(np.rint(waits), return_counts=True)
    for at in lengths[np.argsort(-count, kind="stable")][:CANDIDATES]:
        alike = int((np.abs(waits - at) <= WITHIN_S).sum())
        if at < LEAST_S or alike < FEWEST_ALIKE:
            continue
        before = waits[(waits >= at / 2) & (waits < at - WITHIN_S)]
        if alike < OTHERS_BEFORE * _most_alike(before):
            continue
        answered, ended = columns["answered_at"][rows], columns["ended_at"][rows]
        whole = _seconds(np.where(np.isnat(answered), ended, answered) - columns["offered_at"][rows])
        if (whole > at + WITHIN_S).sum() <= LONGER * (whole >= at - WITHIN_S).sum():
            return common_length(waits, float(at))
    return None


def _most_alike(waits: NDArray[np.float64]) -> int:
    """Return how many waits lie within a second of the most frequent one."""
    if not len(waits):
        return 1
    count = np.bincount(np.rint(waits).astype(np.int64))
    return int(np.convolve(count, np.ones(3, dtype=np.int64)).max())


def common_length(waits: NDArray[np.float64], about: float) -> float:
    """Return the length that waits have in common which is about so many whole seconds, to a tenth."""
    return round(float(np.median(waits[np.abs(waits - about) <= 0.5])), 1)


def _follows(kind: Any, rows: int) -> NDArray[np.bool_]:
    if kind is None:
        return np.zeros(rows, dtype=np.bool_)
    given = pd.Series(kind)
    return np.asarray(given.notna() & (given != "inbound"), dtype=np.bool_)


def _seconds(length: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(length / np.timedelta64(1, "s"), dtype=np.float64)
