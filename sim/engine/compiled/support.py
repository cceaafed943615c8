"""What the compiled engine knows, key by key of a scenario: a key that it was not taught is refused."""

import typing
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from sim.scenario import Scenario

KNOWN: Mapping[str, str] = {
    "Scenario": "name description currency calendar opens lasts closing drain warm_up interval seed replications"
    " busyness media channels labels routing queues teams supervision arrivals customers targets staffing"
    " waiting_rooms fitted roster",
    "Routing": "agent_selection request_selection ageing queue_priority ring_time ring_memory transfer_priority"
    " conference_priority requeue_priority steps_after_ring_out exclude_requester require_available_agent"
    " leave_when_empty last_agent",
    "Medium": "max_tasks slowdown pace interrupted_by",
    "Channel": "medium request_ttl identified lines",
    "Label": "priority",
    "Queue": "medium mode open carry_over priority max_tasks ring_time require_available_agent leave_when_empty"
    " service_level steps request_ttl wait_limit steps_after_ring_out handle_time handle_time_at_tasks aht_factor"
    " volume_factor wrap_up patience balk capacity transfer conference pull",
    "Step": "needs for_",
    "WaitLimit": "after then",
    "Elsewhere": "queue",
    "Transfer": "probability after to choose named note note_saves patience warm handover_time named_falls_back at_most"
    " request_ttl set_up_time handle_time_factor",
    "HandleTimeFactor": "cold warm",
    "Conference": "probability after to choose note joint_time then guest_time while_waiting if_nobody extra_time"
    " whispers_per_minute request_ttl",
    "Then": "requester_leaves guest_leaves both_stay",
    "Pull": "reaction join second_agent whispers_per_minute",
    "Team": "skills accept after_ring wrap_up cost_per_hour cost_per_answer cost_per_talk_minute absence shifts"
    " shrinkage counts head_count agents max_tasks max_tasks_by_queue speed role pauses"
    " at_shift_end roster",
    "Accept": "probability delay",
    "NotReady": "not_ready misses",
    "LogOut": "log_out misses",
    "Pauses": "every for_",
    "Balk": "share when",
    "WaitingRoom": "capacity queues",
    "Shift": "from_ to agents days breaks",
    "Break": "at for_ days",
    "HeadCount": "every agents file",
    "Supervision": "team queues probability after lasts whispers_per_minute barge_in",
    "Arrivals": "channel queue per_hour every busyness volume_factor aht_factor labels self_service file replay name"
    " forecast contacts",
    "SelfService": "time contained",
    "Busyness": "sd interval_sd every",
    "Customers": "after_no_agent after_abandon",
    "AfterNoAgent": "ask_again after at_most only_while_open",
    "AfterAbandon": "come_back after at_most patience only_while_open",
}
"""The keys by the part of the scenario that has them."""

WORDS: Mapping[str, str] = {
    "Scenario.closing": "serve_out clear_queues",
    "Routing.ring_memory": "rank_last exclude none",
    "Routing.steps_after_ring_out": "anew go_on",
    "Queue.mode": "push pull",
    "Queue.steps_after_ring_out": "anew go_on",
    "WaitLimit.then": "voicemail end",
    "Transfer.choose": "fixed most_available avoid_empty",
    "Conference.choose": "fixed most_available avoid_empty",
    "Conference.while_waiting": "works holds",
    "Conference.if_nobody": "continues transfers",
    "Medium.interrupted_by": "goes_on holds rerouted",
    "Team.after_ring": "ready",
    "Team.at_shift_end": "finish hand_back",
    "Team.role": "agent supervisor",
    "Team.counts": "gross net",
    "Routing.agent_selection": "fewest_tasks most_tasks longest_available most_skilled round_robin random"
    " reserve_for_transfers reserve_idle_agents overflow_by_expected_wait threshold",
    "Routing.request_selection": "priority longest_waiting priority_with_ageing own_level weighted_wait"
    " queue_ratio reserve_for_transfers reserve_idle_agents overflow_by_expected_wait threshold",
    "Routing.require_available_agent": "off available logged_in",
    "Queue.require_available_agent": "off available logged_in",
    "Balk.when": "nobody_available nobody_free",
    "AfterAbandon.patience": "anew same",
}
"""The words that a key may hold where it holds one of a few: another one is another rule."""

OF_NO_EVENT = ("ServiceLevel", "Target", "IntervalFile", "RosterFile", "Staffing", "Fitted")
"""Parts that are read by figures alone, or were read when the scenario was loaded."""


KEPT = 64
_found: OrderedDict[int, tuple[Scenario, str | None]] = OrderedDict()


def unsupported(scenario: Scenario) -> str | None:
    """Return what of a scenario the compiled engine does not know, None where it knows everything."""
    kept = _found.get(id(scenario))
    if kept is None:  # a scenario that is kept is alive, so no other one has its id
        kept = _found[id(scenario)] = scenario, _lack(scenario)
        if len(_found) > KEPT:
            _found.popitem(last=False)
    return kept[1]


def _lack(scenario: Scenario) -> str | None:
    replayed = (one for stream in scenario.arrivals for one in stream.contacts)
    if any(one.is_handed_on or one.agent is not None for one in replayed):
        return "it does not replay recorded transfers and agents yet"
    return next(_unknown(scenario, ""), None)


def _unknown(part: BaseModel, where: str) -> Iterator[str]:
    kind = type(part).__name__
    if kind in OF_NO_EVENT or type(part).__module__ == "sim.scenario.distributions":
        return  # laws are drawn in the workload, which both engines read
    known = KNOWN.get(kind, "").split()
    for name, field in type(part).model_fields.items():
        value, key = getattr(part, name), f"{where}{field.alias or name}"
        if name not in known:
            if value != field.get_default(call_default_factory=True):
                yield f"it does not know the key {key} yet"
            continue
        words = WORDS.get(f"{kind}.{name}")
        yield from _within(
            value, key, None if words is None and not _has_words(type(part), name) else words or ""
        )


def _within(value: Any, where: str, words: str | None) -> Iterator[str]:
    """Look into what a key holds, part by part; `words` are those that it may hold, None where any may be."""
    if isinstance(value, BaseModel):
        yield from _unknown(value, f"{where}.")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _within(one, f"{where}.{name}", words)
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for number, one in enumerate(value):
            yield from _within(one, f"{where}.{number}", words)
    elif isinstance(value, str) and words is not None and value not in words.split():
        yield f"it does not know `{value}` in {where} yet"


@cache
def _has_words(part: type[BaseModel], name: str) -> bool:
    """Whether a key holds one of a few words, as its type says."""
    return _names_words(part.model_fields[name].annotation)


def _names_words(annotation: Any) -> bool:
    if typing.get_origin(annotation) is Literal:
        return True
    inner = getattr(annotation, "__value__", None)
    return any(map(_names_words, typing.get_args(annotation))) or (inner is not None and _names_words(inner))
