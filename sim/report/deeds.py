"""What customers, agents and queues do, in words: the story's own sentences, apart from the platform's notices."""

from collections.abc import Callable
from typing import NamedTuple

from sim.report.event import Event
from sim.report.notifications import CUSTOMER
from sim.report.scene import Scene
from sim.report.spans import span


class Deed(NamedTuple):
    """Who does what; a queue acts where the system does."""

    who: str
    what: str


def deed(event: Event, scene: Scene, lists: frozenset[str]) -> Deed | None:
    """Tell an event that `scene` has just followed; None where another one's sentence tells it too.

    `lists` are the queues that agents pull from.
    """
    tell = _DEEDS.get(event.name)
    if tell is None:
        return None
    if event.name in _OF_LISTS and event.queue in lists:
        tell = _OF_LISTS[event.name]
    who, what = tell
    words = what if isinstance(what, str) else what(event, scene)
    name = {"agent": event.agent, "queue": event.queue, "asker": scene.asking}.get(who, who)
    return Deed(name or CUSTOMER, words) if words else None


Words = str | Callable[[Event, Scene], str]


def _comes(event: Event, scene: Scene) -> str:
    known = f"known as customer {scene.customer}" if scene.identified else "not known by name"
    label = f", {scene.label}" if scene.label else ""
    return f"comes in on {scene.channel}, {known}{label}"


def _turned_away(event: Event, scene: Scene) -> str:
    why = "finds all lines busy" if event.detail["reason"] == "lines" else "finds no place left in the queue"
    return f"{why} and is turned away"


def _placed(event: Event, scene: Scene) -> str:
    search = scene.search
    assert search is not None
    if search.kind == "inbound":
        return ""
    if search.kind == "named_transfer":
        return f"the request goes to {search.named} alone" if search.named else "the request names nobody"
    return f"the request is parked at priority {event.detail['priority']}"


def _accepts(event: Event, scene: Scene) -> str:
    search = scene.search
    assert search is not None
    rang, sought = event.at - search.rings_since, event.at - search.placed_at
    words = f"accepts after {span(rang)}" if rang else "accepts at once"
    return f"{words}, {span(sought)} after the request" if sought > rang else words


def _takes_from_list(event: Event, scene: Scene) -> str:
    search = scene.search
    assert search is not None
    return f"joins from the list, {span(event.at - search.placed_at)} after the request"


def _joins(event: Event, scene: Scene) -> str:
    return "joins from the list as well" if scene.search is None else ""


def _rings_out(event: Event, scene: Scene) -> str:
    search = scene.search
    assert search is not None
    return f"lets it ring out after {span(event.at - search.rings_since)}"


def _nobody(event: Event, scene: Scene) -> str:
    search = scene.search
    assert search is not None
    sought = event.at - search.placed_at
    if search.kind == "named_transfer":
        why = "has not accepted" if sought else "is not available"
        return f"{search.named or 'nobody who could be named'} {why}; no agent available"
    return f"no agent was found{f' in {span(sought)}' if sought else ''}; the request is closed"


def _opens_dropdown(event: Event, scene: Scene) -> str:
    counts = ", ".join(f"{queue} {count}" for queue, count in event.detail["available"].items())
    return f"opens the list of queues with the agents available: {counts}"


def _transfers(event: Event, scene: Scene) -> str:
    detail = event.detail
    named = f", naming {detail['named']}" if detail["named"] else ""
    note = ", with a note" if detail["note"] else ""
    if detail["warm"]:
        return f"asks {event.queue}{named}{note} for a colleague to take over, and holds the conversation"
    return f"transfers to {event.queue}{named}{note}"


def _calls(event: Event, scene: Scene) -> str:
    return f"calls a colleague of {event.queue} in{', with a note' if event.detail['note'] else ''}"


def _is_refused(event: Event, scene: Scene) -> str:
    kind = event.detail["kind"].replace("_", " ")
    return f"asks for a {kind} to {event.queue}: refused, a request is pending"


def _leaves(event: Event, scene: Scene) -> str:
    return f"hands over to {scene.receiver} and leaves" if scene.leaving == "handover" else "leaves"


def _whispers(event: Event, scene: Scene) -> str:
    return f"[whisper] to {event.detail['to']}, unseen by the customer"


_ENDS = {
    "handled": "has been served; the conversation ends",
    "contained": "has been served by the bot; the conversation ends",
    "balked": "leaves; the conversation ends",
    "abandoned": "leaves; the conversation ends",
    "blocked": "the conversation ends",
    "no_agent": "has found no agent; the conversation ends",
    "disconnected": "is sent away, the centre closes; the conversation ends",
}

_DEEDS: dict[str, tuple[str, Words]] = {
    "arrived": (CUSTOMER, _comes),
    "self_service_started": (CUSTOMER, "is served by the bot first"),
    "blocked": (CUSTOMER, _turned_away),
    "balked": (CUSTOMER, lambda event, scene: f"asks for {event.queue}, finds nobody available, does not wait"),
    "request_placed": ("queue", _placed),
    "offered": ("agent", "is offered the conversation"),
    "accepted": ("agent", _accepts),
    "rang_out": ("agent", _rings_out),
    "requeued": (
        "queue",
        lambda event, scene: f"keeps on looking for another agent, at priority {event.detail['priority']}",
    ),
    "step_opened": ("queue", lambda event, scene: f"widens the search by step {event.detail['step']}"),
    "ttl_expired": ("queue", "the time of the request is over, but it rings on"),
    "no_agent": ("queue", _nobody),
    "disconnected": ("queue", "the request is sent away, the centre closes"),
    "request_abandoned": (CUSTOMER, ""),
    "request_cancelled": ("queue", "the request is cancelled: nobody is left who asked"),
    "agent_joined": ("agent", _joins),
    "agent_left": ("agent", _leaves),
    "wrap_up_started": ("agent", "begins to wrap up"),
    "task_closed": ("agent", lambda event, scene: f"closes the task: {event.detail['disposition']}"),
    "dropdown_opened": ("agent", _opens_dropdown),
    "transfer_placed": ("agent", _transfers),
    "conference_placed": ("agent", _calls),
    "request_refused": ("asker", _is_refused),
    "pull_notice": ("agent", "gets notice of it on the list"),
    "dismissed": ("agent", "looks at the list and dismisses it"),
    "whisper": ("agent", _whispers),
    "whisper_refused": ("agent", "cannot whisper: is not in, or is alone with the customer"),
    "monitor_joined": ("agent", "looks in silently; nobody is told"),
    "monitor_left": ("agent", "looks in no longer"),
    "barged_in": ("agent", "becomes a participant"),
    "conversation_ended": (CUSTOMER, lambda event, scene: _ENDS[event.detail["outcome"]]),
}

_OF_LISTS: dict[str, tuple[str, Words]] = {
    "request_placed": ("queue", "the request is put on the list"),
    "accepted": ("agent", _takes_from_list),
}
