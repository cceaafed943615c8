"""The page of the documentation that explains every metric."""

from sim.metrics.catalogue import GROUPS
from sim.metrics.metric import Breakdown, Metric

_METRICS_INTRODUCTION = """\
# Metrics

This page is made from the catalogue in the code; `python -m sim.metrics` writes it.

A figure is a row of a long table: `metric, queue, team, channel, kind, interval, value, low, high,
replications, unit`. An empty name means over all. Shares are numbers between 0 and 1, times are seconds.

## What is measured

- A **request** is one search for an agent, from its placing to its end, over all offers, ring-outs and
  re-queueings. Its `kind` is inbound, transfer, named_transfer or conference. Its **wait** runs from
  placing to answer (or to its end), the ringing included, and is never started anew. `queue` is the
  queue that was asked.
- **Offered**, wherever it divides, are the requests that ended answered, abandoned, no_agent or
  disconnected. A request for which no agent was found counts against the service level. Requests that
  were cancelled or refused, or were unfinished at the end, do not count.
- A **task** is one agent's part in a conversation. Where two agents are in one conversation there are
  two tasks, two handle times, and both agents are busy. A **handled task** is one that an agent
  answered and ended. That of a supervisor who barges in is one, his silent monitoring is none; an
  attempt that no agent answered is none either.
- With a **warm-up**, only requests placed, conversations arrived and agents' time spent after it are
  measured.
- A request, with its tasks, counts in the **interval** of its placing, a conversation in that of its
  arrival, agents' time in the interval in which it is spent. An interval is named by the clock time of
  its start, from `opens` or else from 00:00; `+1d 08:00` is on the next day. The last one begins where
  arrivals stop and holds all that comes after.
- Rows without data are left out: a rate or mean without a denominator in any replication, a count in a
  cell where nothing could be counted. Asked for by name, such a count is 0, and a rate, a mean or a
  percentile has no value.

## Service level

With T for the queue's `within` and S for its `short`. A wait of exactly T is within T. Over several
queues each request is judged by the service level of its own queue; those of a queue that has none are
left aside.

| variant | formula |
|---|---|
| `offered` | answered within T / offered |
| `answered_only` | answered within T / answered |
| `exclude_abandoned_within` | answered within T / (offered − abandoned within T) |
| `credit_abandoned_within` | (answered within T + abandoned within T) / offered |
| `exclude_short` | answered within T / (offered − abandoned within S) |
| `credit_short` | (answered within T + abandoned within S) / offered |

## Agents' time

- **Busy** is an agent while at least one of his tasks, on any medium, is open: from the answer to the
  end of wrap-up.
- **Available** is his time logged in as READY or PENDING_NOT_READY. Breaks are not in it. Overtime is on
  both sides: the work counts as busy, the time as available. Both run over the whole simulated time, the
  drain included.
- The time of supervisors counts in the figures of their own team and in overtime and cost, not in the
  occupancy, concurrency and states over all teams.

## Intervals of confidence

`low` and `high` are the limits of the two-sided interval at the asked level, 95 % by default; with one
replication there are none. A **ratio of means** is the mean of the numerators over the replications
divided by the mean of the denominators, never the mean of daily ratios; its interval is that of the
delta method with Student's t of n − 1 degrees of freedom. A **mean** is the mean of one value a
replication, with Student's t. Percentiles are means too: of each replication's own percentile, over the
replications that have one. Limits of shares are kept within 0 and 1.
"""


def metrics_page() -> str:
    """Write the whole page as Markdown."""
    return "\n".join(
        [_METRICS_INTRODUCTION, *(_metrics_section(title, metrics) for title, metrics in GROUPS.items())]
    )


def _metrics_section(title: str, metrics: tuple[Metric, ...]) -> str:
    lines = [
        f"## {title}",
        "",
        "| metric | unit | formula | estimator | by | source |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_metric_row, metrics), ""])


def _metric_row(metric: Metric) -> str:
    cells = (
        f"`{metric.name}`",
        metric.unit,
        metric.formula,
        metric.estimator,
        ", ".join(map(_words, metric.breakdowns)),
        metric.source,
    )
    return f"| {' | '.join(cells)} |"


def _words(by: Breakdown) -> str:
    return " × ".join(by) if by else "all"
