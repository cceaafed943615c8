"""A small day with everything that pictures show, run once for the tests of pictures and pages."""

from collections.abc import Iterable
from functools import cache

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from sim.experiments.result import Result

DAY = """\
name: Drawn day
description: Chat and phone <b>with & without</b> help.
opens: 2026-03-02 08:00
lasts: 2h
interval: 30m
seed: 11
replications: 3
media:
  chat: {max_tasks: 2, slowdown: 30%}
  voice: {max_tasks: 1}
channels:
  web: {medium: chat, request_ttl: 2m}
  phone: {medium: voice}
routing: {ring_time: 20s}
queues:
  general:
    medium: chat
    service_level: {within: 30s, target: 80%}
    handle_time: {exponential: {mean: 4m}}
    patience: {exponential: {mean: 3m}}
    transfer: {probability: 40%, after: 50%, to: {experts: 100%}}
    conference:
      probability: 30%
      after: 20%
      to: {experts: 100%}
      joint_time: 1m
      whispers_per_minute: 3
  experts:
    medium: chat
    service_level: {within: 60s, target: 75%}
    handle_time: {exponential: {mean: 5m}}
    patience: {exponential: {mean: 2m}}
  hotline:
    medium: voice
    handle_time: {exponential: {mean: 3m}}
    patience: {exponential: {mean: 2m}}
teams:
  desk:
    agents: 4
    skills: {general: 5}
    accept: {probability: 80%, delay: {exponential: {mean: 4s}}}
    wrap_up: 20s
    shifts:
      - {from: "08:00", to: "10:00", breaks: [{at: "09:00", for: 15m}]}
  experts:
    agents: 2
    skills: {experts: 5, hotline: 5}
    wrap_up: 30s
arrivals:
  - {channel: web, queue: general, per_hour: 50}
  - {channel: phone, queue: hotline, per_hour: 15}
targets:
  - {metric: service_level, queue: general, at_least: 1%}
  - {metric: no_agent_rate, kind: transfer, at_most: 0.1%}
  - {metric: wait_p90, queue: general, kind: inbound, at_most: 10s}
"""


@cache
def drawn_day() -> Result:
    """Run it, with all tables of all replications and with its events."""
    matplotlib.use("Agg")
    return sim.run(sim.loads(DAY), keep_tables="all", events=True)


def sheet(width: float = 6.4, height: float = 3.6) -> Axes:
    """Axes of a figure that nobody has to close."""
    return Figure(figsize=(width, height), layout="constrained").subplots()


def differences(rows: Iterable[tuple[object, ...]], *further: str) -> pd.DataFrame:
    """A table of differences as a comparison gives it: its first ten columns, and further ones."""
    place = ["candidate", "metric", "queue", "team", "channel", "kind", "interval"]
    return pd.DataFrame(rows, columns=[*place, "difference", "low", "high", *further])
