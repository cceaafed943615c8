"""Every metric once: name, unit, formula, source. `docs/metrics.md` is made from this."""

from sim.errors import SimError, did_you_mean, quoted
from sim.metrics.metric import (
    CONVERSATION,
    FINE,
    FINE_WITH_TEAM,
    OVERALL,
    PEOPLE,
    PRESENCE,
    REQUEST,
    STATES,
    WHOLE_DAY,
    WITH_TEAM,
    Breakdown,
    Metric,
    breakdowns,
)
from sim.metrics.vendor import VENDOR

_OWN = "own definition"
_CONTACT_CENTERS = "ContactCenters, PerformanceMeasureType (Buist and L'Ecuyer)"
_GLOSSARY = "WFM Labs, Contact Center Metrics Glossary"
_GKM = "Gans, Koole and Mandelbaum (2003), Telephone Call Centers"
_VARIANTS = (
    "callcentrehelper.com, Service level threshold calculations; ContactCenters SERVICELEVEL, SERVICELEVEL2"
)
_HYNDMAN = "Hyndman and Fan (1996), definition 7"


def _count(name: str, formula: str, by: tuple[Breakdown, ...] = FINE, source: str = _OWN) -> Metric:
    return Metric(name, "requests", "mean", formula, source, by)


def _share(name: str, formula: str, by: tuple[Breakdown, ...] = REQUEST, source: str = _OWN) -> Metric:
    return Metric(name, "share", "ratio of means", formula, source, by)


def _mean(
    name: str, formula: str, by: tuple[Breakdown, ...] = REQUEST, source: str = _OWN, unit: str = "s"
) -> Metric:  # fmt: skip
    return Metric(name, unit, "ratio of means", formula, source, by)


def _total(name: str, unit: str, formula: str, by: tuple[Breakdown, ...], source: str = _OWN) -> Metric:
    return Metric(name, unit, "mean", formula, source, by)


def _percentile(percent: int) -> Metric:
    formula = (
        f"the wait that {percent} % of the answered requests do not exceed, interpolated linearly between the"
        " ordered waits of a replication; the value is the mean over the replications that have one"
    )
    return Metric(f"wait_p{percent}", "s", "mean", formula, _HYNDMAN, WITH_TEAM)


COUNTS = (
    _count("placed", "requests that were put in a queue: all but `refused`"),
    _count("offered", "`answered` + `abandoned` + `no_agent` + `disconnected`", source=_GLOSSARY),
    _count("answered", "requests that an agent accepted", FINE_WITH_TEAM),
    _count("abandoned", "requests whose customer left before an agent accepted, `balked` included"),
    _count("balked", "requests whose customer left at once because nobody was available"),
    _count(
        "no_agent", "requests closed NO_AGENT_AVAILABLE: the TTL ran out, or the named agent did not accept"
    ),
    _count(
        "disconnected", "requests that the centre sent away: the queue was cleared at closing or had no place"
    ),
    _count(
        "cancelled",
        "requests withdrawn by an agent or by an ending conversation, the customer not having left",
    ),
    _count("refused", "requests turned down because the conversation had one pending already"),
    _count("unfinished", "requests that were still open when the simulation ended"),
    _count(
        "delayed",
        "offered requests that had no agent at once: first offer (pull: answer) after placing, or never",
    ),
)

RATES = (
    _share(
        "service_level",
        "see *Service level*, with each queue's own `within`, `variant` and `short`",
        FINE,
        _VARIANTS,
    ),
    _share("abandon_rate", "`abandoned` / `offered`", source=_GLOSSARY),
    _share("no_agent_rate", "`no_agent` / `placed`", FINE),
    _share(
        "delay_rate",
        "`delayed` / `offered`; without ringing this is P(wait > 0) of the Erlang formulas",
        source=_GKM,
    ),
    _share(
        "missed_rate",
        "offers that rang out (RONA) / offers, an offer being a task with a reservation",
        WITH_TEAM,
        "Expertflow CX, Agent Task Disposition",
    ),
    _mean("offers_per_request", "offers / `offered`", unit="offers per request"),
)

WAITS = (
    _mean(
        "asa", "average speed of answer: Σ wait of the answered requests / `answered`", FINE_WITH_TEAM, _GKM
    ),
    _mean(
        "wait_mean", "Σ wait of the answered requests / `answered`; the same number as `asa`", WITH_TEAM, _GKM
    ),
    *(_percentile(percent) for percent in (50, 80, 90, 95, 99)),
    _total("wait_max", "s", "the longest wait of an answered request in a replication", WITH_TEAM),
    _mean(
        "wait_all_mean",
        "Σ wait of the answered and abandoned requests / (`answered` + `abandoned`)",
        source=_GKM,
    ),
    _mean(
        "abandon_wait_mean",
        "Σ wait of the abandoned requests / `abandoned`, those who balked with 0 s",
        source=_GKM,
    ),
)

QUEUES = (
    _total(
        "queue_length_mean",
        "requests",
        "time average of the number of waiting requests from the end of the warm-up until arrivals stop; a"
        " request waits until it is accepted or gone, so a ringing one still waits",
        (*WHOLE_DAY, *breakdowns("channel | interval | queue interval")),
        "Little (1961)",
    ),
    _total(
        "queue_length_max", "requests", "the most requests waiting at one time, over the same span", WHOLE_DAY
    ),
)

HANDLING = (
    _mean(
        "handle_time",
        "Σ (start of wrap-up − answer) / handled tasks; a task is one agent's part in a conversation",
        WITH_TEAM,
        _GLOSSARY,
    ),
    _mean(
        "wrap_up_time",
        "Σ (end − start of wrap-up) / handled tasks; AHT = `handle_time` + `wrap_up_time`",
        WITH_TEAM,
        _GLOSSARY,
    ),
    _share(
        "transfer_rate",
        "handled tasks that ended TRANSFERRED / handled tasks, by the queue that was left",
        WITH_TEAM,
    ),
)

CONVERSATIONS = (
    _total("conversations", "conversations", "contacts that came, blocked ones included", CONVERSATION),
    _total(
        "handled", "conversations", "conversations whose outcome is handled: served to the end", CONVERSATION
    ),
    _total(
        "contained",
        "conversations",
        "conversations that self-service ended, without a request for an agent",
        CONVERSATION,
    ),
    _total(
        "blocked",
        "conversations",
        "contacts that found no free line or no waiting place",
        CONVERSATION,
        _CONTACT_CENTERS,
    ),
    _share("blocked_rate", "`blocked` / `conversations`", CONVERSATION, "Erlang (1917), loss formula"),
    _mean(
        "total_wait",
        "Σ waits of all the customer's searches in the conversation / `handled`, over the handled ones",
        CONVERSATION,
    ),
    _mean(
        "time_in_system",
        "Σ (end − arrival) / `handled`, over the handled ones, self-service included",
        CONVERSATION,
        "Little (1961)",
    ),
    _mean(
        "transfers_per_conversation",
        "transfers asked for / conversations that an agent answered",
        CONVERSATION,
        unit="transfers per conversation",
    ),
)

CUSTOMERS = (
    _total(
        "customers",
        "customers",
        "customers who came; one who comes back after no agent or after abandoning is the same customer",
        CONVERSATION,
    ),
    _share(
        "customers_served_rate",
        "customers of whose contacts one was handled or contained / `customers`",
        CONVERSATION,
    ),
    _mean("contacts_per_customer", "contacts / `customers`", CONVERSATION, unit="conversations per customer"),
    _mean("customer_wait", "Σ waits in all contacts of a customer / `customers`", CONVERSATION),
)

CONFERENCES = (
    _mean(
        "conference_rate",
        "conference requests placed / handled tasks, by the queue from which the colleague was called",
        CONVERSATION,
        unit="conferences per task",
    ),
    _share(
        "joined_rate",
        "conference requests answered / conference requests placed, by the queue that was asked",
        CONVERSATION,
    ),
    _mean(
        "time_to_join",
        "Σ wait of the answered conference requests / their number, by the queue that was asked",
        CONVERSATION,
    ),
    _mean(
        "whispers_per_conference",
        "whispers in conversations with a conference / those requests answered, by the conversation's queue",
        CONVERSATION,
        unit="whispers per conference",
    ),
)

WHISPERS = (
    _total("whispers", "whispers", "whispers sent, by the conversation's queue", CONVERSATION),
    _share(
        "monitored_rate",
        "conversations that a supervisor looked into / conversations that an agent answered",
        CONVERSATION,
    ),
    _share(
        "barge_in_rate",
        "conversations in which a supervisor barged in / those that a supervisor looked into",
        CONVERSATION,
    ),
)

AGENTS = (
    _share(
        "occupancy",
        "busy time / available time, see *Agents' time*",
        PRESENCE,
        _GLOSSARY + "; overtime on both sides as ContactCenters",
    ),
    _mean(
        "concurrency",
        "Σ task time / busy time: open tasks of an agent who has any",
        PRESENCE,
        "ccplanning.net, Chat concurrency and AHT",
        "tasks",
    ),
    _share(
        "state_share",
        "time in the state (named in the column `kind`) / logged-in time, media taken together",
        STATES,
    ),
    _total(
        "overtime",
        "s",
        "agents' time after the end of their shift, finishing what was open (PENDING_NOT_READY, overtime)",
        PEOPLE,
    ),
    _total(
        "cost",
        "currency",
        "Σ logged-in hours, breaks and overtime included, × `cost_per_hour` of the team",
        PEOPLE,
    ),
    _mean("cost_per_resolved", "`cost` / `handled`", OVERALL, unit="currency per conversation"),
)

GROUPS: dict[str, tuple[Metric, ...]] = {
    "Requests: counts": COUNTS,
    "Requests: rates": RATES,
    "Requests: waits": WAITS,
    "Queue lengths": QUEUES,
    "Handling": HANDLING,
    "Conversations": CONVERSATIONS,
    "Customers": CUSTOMERS,
    "Conferences": CONFERENCES,
    "Whispers and supervision": WHISPERS,
    "Agents and cost": AGENTS,
    "The vendor's own figures": VENDOR,
}
"""The metrics as the documentation groups them."""

CATALOGUE: dict[str, Metric] = {metric.name: metric for group in GROUPS.values() for metric in group}
"""Every metric by name, in the order of the tables."""


def known(metric: str) -> bool:
    """Return whether there is a metric of this name."""
    return metric in CATALOGUE


def lookup(name: str) -> Metric:
    """Return the metric of this name.

    Raises SimError, with the nearest name, where there is none.
    """
    if name not in CATALOGUE:
        raise SimError(f"no metric {quoted(name)}; {did_you_mean(name, CATALOGUE)}")
    return CATALOGUE[name]
