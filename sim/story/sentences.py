"""What customers, agents and queues do, in words: the story's own sentences, apart from the platform's notices."""

from collections.abc import Callable
from typing import NamedTuple

from sim.metrics.formatting import duration
from sim.records.events import Event
from sim.story.conversation import ConversationState, Search
from sim.story.notifications import CUSTOMER


class Sentence(NamedTuple):
    """Who does what; a queue acts where the system does.

    `readers` are those who see it: whoever does it, and the agent on whose desk a request appears or vanishes.
    """

    who: str
    what: str
    readers: tuple[str, ...]


def sentence(event: Event, state: ConversationState, lists: frozenset[str]) -> Sentence | None:
    """Describe an event that `state` has just followed; None where another one's sentence tells it too.

    `lists` are the queues that agents pull from.
    """
    table = _OF_LISTS if event.queue in lists and event.name in _OF_LISTS else DEEDS
    if event.name not in table:
        return None
    moment = _Moment(event, state)
    role, words = table[event.name]
    who = moment.name_of(role)
    what = words(moment) if callable(words) else words.format(**_filling(event))
    return Sentence(who, what, _readers(event, who)) if what else None


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

    def name_of(self, role: str) -> str:
        """Name who acts; a request that the customer places is his own deed."""
        if role == "placer":
            role = CUSTOMER if self.search.kind == "inbound" else "queue"
        names = {"agent": self.event.agent, "queue": self.event.queue, "asker": self.state.asking}
        return names.get(role) or CUSTOMER


def _readers(event: Event, who: str) -> tuple[str, ...]:
    doer = None if who == event.queue else who
    desk = event.agent if event.name in _ON_DESKS else None
    return tuple(dict.fromkeys(name for name in (doer, desk) if name is not None))


_ON_DESKS = frozenset(("pull_notice", "request_abandoned", "request_cancelled"))


def _filling(event: Event) -> dict[str, object]:
    return {**event.detail, "agent": event.agent, "queue": event.queue}


def _comes(moment: _Moment) -> str:
    state = moment.state
    known = f"known as customer {state.customer}" if state.identified else "not known by name"
    return f"comes in on {state.channel}, {known}{f', {state.label}' if state.label else ''}"


def _is_turned_away(moment: _Moment) -> str:
    lines = moment.event.detail["reason"] == "lines"
    return f"finds {'all lines busy' if lines else 'no place left in the queue'} and is turned away"


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


def _ends(moment: _Moment) -> str:
    return _ENDS[moment.event.detail["outcome"]]


_ENDS = {
    "handled": "has been served; the conversation ends",
    "contained": "has been served by the bot; the conversation ends",
    "balked": "leaves; the conversation ends",
    "abandoned": "leaves; the conversation ends",
    "blocked": "the conversation ends",
    "no_agent": "has found no agent; the conversation ends",
    "disconnected": "is sent away, the centre closes; the conversation ends",
}

Words = str | Callable[[_Moment], str]

DEEDS: dict[str, tuple[str, Words]] = {
    "arrived": (CUSTOMER, _comes),
    "self_service_started": (CUSTOMER, "is served by the bot first"),
    "blocked": (CUSTOMER, _is_turned_away),
    "balked": (CUSTOMER, "asks for {queue}, finds nobody available and does not wait"),
    "request_placed": ("placer", _placed),
    "offered": ("agent", "is offered the conversation"),
    "accepted": ("agent", _accepts),
    "rang_out": ("agent", _rings_out),
    "requeued": ("queue", "keeps on looking for another agent, at priority {priority}"),
    "step_opened": ("queue", "widens the search by step {step}"),
    "ttl_expired": ("queue", "the request's time is over, but it rings on"),
    "no_agent": ("queue", _finds_nobody),
    "disconnected": ("queue", "sends the request away, the centre closes"),
    "request_abandoned": (CUSTOMER, _gives_up),
    "request_cancelled": ("queue", "cancels the request: nobody is left who asked"),
    "agent_joined": ("agent", _joins),
    "agent_left": ("agent", _leaves),
    "wrap_up_started": ("agent", "begins to wrap up"),
    "task_closed": ("agent", "closes the task: {disposition}"),
    "dropdown_opened": ("agent", _opens_dropdown),
    "transfer_placed": ("agent", _transfers),
    "conference_placed": ("agent", _calls),
    "request_refused": ("asker", _is_refused),
    "pull_notice": ("queue", "gives notice to {agent}"),
    "dismissed": ("agent", "looks at the list and dismisses it"),
    "whisper": ("agent", "[whisper] to {to}, unseen by the customer"),
    "whisper_refused": ("agent", "cannot whisper: is not in, or is alone with the customer"),
    "monitor_joined": ("agent", "looks in silently; nobody is told"),
    "monitor_left": ("agent", "looks in no longer"),
    "barged_in": ("agent", "becomes a participant"),
    "conversation_ended": (CUSTOMER, _ends),
}
"""Every event of a conversation: who acts, by his role, and the words."""

_OF_LISTS: dict[str, tuple[str, Words]] = {
    "request_placed": ("placer", _put_on_list),
    "accepted": ("agent", _takes_from_list),
}
