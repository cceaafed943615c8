"""The small desk on which the readings of docs/rules.md are looked at, with a transfer or a conference."""

from engine.worlds import at

from user_guide.walk import Walk, walk_through

DESK = """
channels: {web: {medium: chat, request_ttl: 150s}}
routing: {ring_time: 60s}
queues:
  sales: {medium: chat, handle_time: 100s, transfer: {probability: 100%, after: 50%, to: {support: 100%}, note: 100%}}
  support: {medium: chat, handle_time: 60s}
teams:
  front: {agents: 1, skills: {sales: 5}}
  experts: {agents: 2, skills: {support: 5}, accept: {probability: 50%}}
"""
NO_TRANSFER = "queues.sales.transfer.probability=0%"
CONFERENCE = (
    NO_TRANSFER,
    "queues.sales.conference={probability: 100%, after: 50%, to: {support: 100%}, joint_time: 30s,"
    " then: {both_stay: 100%}, while_waiting: holds}",
)
NOBODY = "teams.experts.agents=0", "teams.front.skills={sales: 5, support: 1}"
ONE_EXPERT = "teams.experts.agents=1"
ACCEPTS, LETS_RING = 0.1, 0.9
GUEST_TRANSFERS = "queues.support.transfer={probability: 1%, after: 20%, to: {support: 100%}}"


def transferred(
    *changes: str, accept: tuple[float, ...] = (ACCEPTS,) * 4, **said: float | list[float]
) -> Walk:
    ann = at(0, **{"accept": [ACCEPTS, *accept], "transfer": [0, 0.9, 0.9], **said})
    return walk_through(DESK, *changes, ann=ann)


def conferenced(
    *changes: str, accept: tuple[float, ...] = (ACCEPTS,) * 4, **said: float | list[float]
) -> Walk:
    return transferred(*CONFERENCE, *changes, accept=accept, **said)
