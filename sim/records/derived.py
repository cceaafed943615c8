"""Columns that follow from others: nobody takes them down, they are worked out when a table is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sim.records.table import Arrays
from sim.scenario import Scenario


@dataclass(frozen=True)
class Relations:
    """What a name belongs to, by codes: each agent's team and each queue's medium; -1, nobody, gives -1."""

    team_of: NDArray[np.int64]
    medium_of: NDArray[np.int64]

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Take them from a scenario."""
        media = list(scenario.media)
        sizes = [team.agents for team in scenario.teams.values()]
        teams = np.repeat(np.arange(len(sizes)), sizes)
        queues = [media.index(queue.medium) for queue in scenario.queues.values()]
        return cls(np.append(teams, -1), np.append(np.array(queues, np.int64), -1))


def _of_requests(relations: Relations, stored: Mapping[str, NDArray[Any]]) -> Arrays:
    return {
        "medium": relations.medium_of[stored["queue"]],
        "team": relations.team_of[stored["agent"]],
    }


def _of_tasks(relations: Relations, stored: Mapping[str, NDArray[Any]]) -> Arrays:
    """Work out what follows of a task: the alert ended with the answer, or with the task where nobody answered."""
    reserved, answered = stored["task_reserved_time"], stored["task_answered_time"]
    alert_ended = np.where(np.isnan(answered), stored["task_end_time"], answered)
    return {
        "team": relations.team_of[stored["agent_id"]],
        "mrd_id": relations.medium_of[stored["queue_id"]],
        "task_queue_duration": _or_zero(reserved - stored["task_queue_time"]),
        "task_alert_duration": _or_zero(alert_ended - reserved),
        "channel_session_id": stored["conversation_id"],
    }


def _or_zero(durations: NDArray[Any]) -> NDArray[Any]:
    """Give 0 where there was no reservation."""
    return np.where(np.isnan(durations), 0.0, durations)


Derive = Callable[[Relations, Mapping[str, NDArray[Any]]], Arrays]

DERIVED: dict[str, Derive] = {"requests": _of_requests, "tasks": _of_tasks}
"""By table, what works out its derived columns."""
