"""What a message lists comes in one order: names as in the file, keys, words and policies as in the reference."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import SimError
from sim.scenario import loads

CENTRE = """
lasts: 1h
media: {phone: {max_tasks: 1}, chat: {max_tasks: 2}}
channels: {web: {medium: chat}, line: {medium: phone}}
queues:
  sales: {medium: phone, handle_time: 3m}
  billing: {medium: phone, handle_time: 3m}
  aid: {medium: chat, handle_time: 3m}
labels: {silver: {priority: 3}, gold: {priority: 9}}
teams:
  north: {agents: 1, skills: {sales: 1, billing: 1, aid: 1}}
  east: {agents: 1, skills: {sales: 1}}
arrivals: [{channel: line, queue: sales, per_hour: 6}]
"""

ASKED = {
    "arrivals.0.queue=xyz": "`sales`, `billing`, `aid`",
    "arrivals.0.channel=xyz": "`web`, `line`",
    "arrivals.0.labels={xyz: 10%}": "`silver`, `gold`",
    "queues.sales.medium=xyz": "`phone`, `chat`",
    "queues.sales.transfer={probability: 10%, to: {xyz: 100%}}": "`sales`, `billing`, `aid`",
    "targets=[{metric: occupancy, team: xyz, at_most: 1}]": "`north`, `east`",
    "supervision={team: xyz, queues: [sales], probability: 1%, after: 1m, lasts: 1m}": "`north`, `east`",
    "waiting_rooms={site: {capacity: 1, queues: [xyz]}}": "`sales`, `billing`, `aid`",
    "teams.north.after_ring={xyz: ready}": "`phone`, `chat`",
    "media.chat.interrupted_by={phone: xyz}": "`goes_on`, `holds`, `rerouted`",
    "routing.ring_memory=xyz": "`rank_last`, `exclude`, `none`",
    "routing.agent_selection=xyz": "`fewest_tasks`, `most_tasks`, `longest_available`, `most_skilled`",
    "routing.request_selection=xyz": "`priority`, `longest_waiting`, `priority_with_ageing`, `own_level`",
    "queues.sales.xyz=1": "`medium`, `mode`, `max_tasks`, `priority`, `open`",
    "xyz=1": "`name`, `description`, `currency`, `opens`, `lasts`, `calendar`",
}


def messages() -> list[str]:
    """What is said of each mistake."""
    found = []
    for change in ASKED:
        with pytest.raises(SimError) as caught:
            loads(CENTRE, overrides=[change])
        found.append(str(caught.value))
    return found


def test_names_come_as_in_the_file_and_words_as_in_the_reference() -> None:
    for text, listed in zip(messages(), ASKED.values(), strict=True):
        assert listed in text


@pytest.mark.slow
def test_the_order_is_that_of_no_set() -> None:
    """Python orders the words in a set anew in each process, by this number."""
    here = Path(__file__)
    code = f"import runpy; print(runpy.run_path({str(here)!r})['messages']())"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
