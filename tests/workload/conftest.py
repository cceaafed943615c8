from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sim.scenario import Scenario, loads

TEXT = """
lasts: {lasts}
seed: 7
media:
  chat: {max_tasks: 3}
channels:
  web: {medium: chat}
  app: {medium: chat}
labels:
  premium: {priority: 5}
  vip: {priority: 10}
queues:
  general: {medium: chat, handle_time: {exponential: {mean: 5m}}, patience: {exponential: {mean: 4m}}}
  billing: {medium: chat, handle_time: {lognormal: {mean: 6m, sd: 5m}}}
teams:
  frontline: {agents: 9, skills: {general: 7, billing: 3}}
arrivals:
"""
STREAMS = ("{channel: web, queue: general, per_hour: 60}", "{channel: app, queue: billing, per_hour: 30}")

World = Callable[..., Scenario]


@pytest.fixture(scope="session")
def world() -> World:
    """A small chat centre with the given arrival streams; files are read from `folder`."""

    @cache  # a scenario is read-only, so one may serve many tests
    def make(*streams: str, folder: Path | None = None, lasts: str = "10h") -> Scenario:
        text = TEXT.replace("{lasts}", lasts) + "".join(f"  - {stream}\n" for stream in streams or STREAMS)
        return loads(text, folder=folder)

    return make
