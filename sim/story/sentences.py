"""What customers, agents and queues do, in words: the story's own sentences, apart from the platform's notices."""

from collections.abc import Callable
from typing import NamedTuple

from sim.metrics.formatting import duration
from sim.records.events import EVENTS, Actor, Event, EventKind
from sim.story.conversation import ConversationState, Search
from sim.story.notifications import CUSTOMER


class Sentence(NamedTuple):
    """Who does what; a queue acts where the system does.

    `readers` are those who see it: the one who does it, and the agent on whose desk a request appears or vanishes.
    """

    who: str
    what: str
    readers: tuple[str, ...]


def sentence(event: Event, state: ConversationState, lists: frozenset[str]) -> Sentence | None:
    """Describe an event that `state` has just followed; None where another one's sentence tells it too.

    `lists` are the queues that agents pull from.
    """
    kind = EVENTS.get(event.name)
    if kind is None:
        return None
    moment = _Moment(event, state)
    who = moment.name_of(kind.actor)
    words = (WORDED_OF_LISTS.get(event.name) if event.queue in lists else None) or WORDED.get(event.name)
    what = words(moment) if words else kind.sentence.format(**_filling(event))
    return Sentence(who, what, _readers(event, kind, who)) if what else None


class _Moment(NamedTuple):
    """An event and how things stand after it."""

    event: Event
    state: ConversationState

    @property
    def search(self) -> Search:
        assert self.state.search is not None
        return self.state.search

    @property
    def sought(self) -> float:
        """For how long the agent has been looked for, in seconds."""
        return self.event.at - self.search.placed_at

    def name_of(self, role: Actor) -> str:
        """Name who acts; a request that the customer places is their own deed."""
        if role == "placer":
            role = "customer" if self.search.kind == "inbound" else "queue"
        names = {"agent": self.event.agent, "queue": self.event.queue, "asker": self.state.asking}
        return names.get(role) or CUSTOMER


def _readers(event: Event, kind: EventKind, who: str) -> tuple[str, ...]:
    doer = None if who == event.queue else who
    desk = event.agent if kind.on_desk else None
    return tuple(dict.fromkeys(name for name in (doer, desk) if name is not None))


def _filling(event: Event) -> dict[str, object]:
    return {**event.detail, "agent": event.agent, "queue": event.queue}


def _comes(moment: _Moment) -> str:
    state = moment.state
    known = f"known as customer {state.customer}" if state.identified else "not known by name"
    return f"comes in on {state.channel}, {known}{f', {state.label}' if state.label else ''}"


def _is_turned_away(moment: _Moment) -> str:
    reason = moment.event.detail["reason"]
    full = {"lines": "all lines busy", "capacity": "no place left in the queue"}
    return f"finds {full.get(reason, f'no place left in {reason}')} and is turned away"


def _placed(moment: _Moment) -> str:
    search, priority = moment.search, moment.event.detail["priority"]
    if search.kind == "inbound":
        return f"asks for an agent of {search.queue}{f', priority {priority}' if priority != 1 else ''}"
    if search.kind == "named_transfer":
        return f"asks {search.named} alone" if search.named else "has nobody who could be named"
    return f"parks the request at priority {priority}"


def _put_on_list(moment: _Moment) -> str:
    return _placed(moment) if moment.search.kind == "inbound" else "puts the request on the list"


def _accepts(moment: _Moment) -> str:
    rang = moment.event.at - moment.search.rings_since
    words = f"accepts after {duration(rang)}" if rang else "accepts at once"
    return f"{words}, {duration(moment.sought)} after the request" if moment.sought > rang else words


def _takes_from_list(moment: _Moment) -> str:
    return f"joins from the list, {duration(moment.sought)} after the request"


def _joins(moment: _Moment) -> str:
    """Describe only of a second agent from a list: all others have accepted, which was told."""
    return "joins from the list as well" if moment.state.search is None else ""


def _rings_out(moment: _Moment) -> str:
    return f"lets it ring out after {duration(moment.event.at - moment.search.rings_since)}"


def _finds_nobody(moment: _Moment) -> str:
    search, sought = moment.search, moment.sought
    if search.kind != "named_transfer":
        return f"has found no agent{f' in {duration(sought)}' if sought else ''}; the request is closed"
    if search.named is None:
        return "no agent available"
    return f"{search.named} {'has not accepted' if sought else 'is not free'}: no agent available"


def _gives_up(moment: _Moment) -> str:
    waited = moment.state.waited
    return f"gives up after waiting {duration(waited)}" if waited else "gives up"


def _opens_dropdown(moment: _Moment) -> str:
    counts = ", ".join(f"{queue} {count}" for queue, count in moment.event.detail["available"].items())
    return f"opens the list of queues with the agents available: {counts}"


def _transfers(moment: _Moment) -> str:
    detail, queue = moment.event.detail, moment.event.queue
    named = f", naming {detail['named']}" if detail["named"] else ""
    extras = f"{named}{', with a note' if detail['note'] else ''}"
    if detail["warm"]:
        return f"asks {queue} for a colleague to take over{extras}; the customer is on hold"
    return f"transfers to {queue}{extras}"


def _calls(moment: _Moment) -> str:
    note = ", with a note" if moment.event.detail["note"] else ""
    return f"calls a colleague of {moment.event.queue} into the conversation{note}"


def _is_refused(moment: _Moment) -> str:
    kind = moment.event.detail["kind"].replace("_", " ")
    return f"asks {moment.event.queue} for a {kind}: refused, another request is pending"


def _leaves(moment: _Moment) -> str:
    state = moment.state
    return f"hands over to {state.receiver} and leaves" if state.leaving == "handover" else "leaves"


def _sends_back(moment: _Moment) -> str:
    why = {"shift_end": "at the end of the shift", "interrupted": "for a task of another medium"}
    return f"gives the conversation back to {moment.event.queue} {why[moment.event.detail['reason']]}"


def _ends(moment: _Moment) -> str:
    return _ENDS[moment.event.detail["outcome"]]


_ENDS = {
    "handled": "has been served; the conversation ends",
    "contained": "has been served by the bot; the conversation ends",
    "balked": "leaves; the conversation ends",
    "abandoned": "leaves; the conversation ends",
    "blocked": "the conversation ends",
    "no_agent": "has found no agent; the conversation ends",
    "voicemail": "leaves a message; the conversation ends",
    "wait_limit": "has waited for the longest time; the conversation ends",
    "disconnected": "is sent away, the centre closes; the conversation ends",
}

Words = Callable[[_Moment], str]

WORDED: dict[str, Words] = {
    "arrived": _comes,
    "blocked": _is_turned_away,
    "request_placed": _placed,
    "accepted": _accepts,
    "rang_out": _rings_out,
    "no_agent": _finds_nobody,
    "request_abandoned": _gives_up,
    "agent_joined": _joins,
    "agent_left": _leaves,
    "sent_back": _sends_back,
    "dropdown_opened": _opens_dropdown,
    "transfer_placed": _transfers,
    "conference_placed": _calls,
    "request_refused": _is_refused,
    "conversation_ended": _ends,
}
"""The events whose sentence takes more than their row: how things stand, or a choice between words."""

WORDED_OF_LISTS: dict[str, Words] = {"request_placed": _put_on_list, "accepted": _takes_from_list}
"""The same for the queues that agents pull from."""
