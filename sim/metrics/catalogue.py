"""Every metric once: name, title, column head, unit, formula, source. The page of metrics is made from this."""

from sim.errors import SimError, did_you_mean, quoted
from sim.metrics.metric import (
    CONVERSATION,
    FINE,
    FINE_WITH_TEAM,
    LEVELS,
    LEVELS_AND_CUSTOMERS,
    OVERALL,
    WITH_TEAM,
    Metric,
    count,
    mean,
    share,
    total,
)
from sim.metrics.spans import AGENTS, QUEUES
from sim.metrics.vendor import VENDOR

_CONTACT_CENTERS = "ContactCenters, PerformanceMeasureType (Buist and L'Ecuyer)"
_GLOSSARY = "WFM Labs, Contact Center Metrics Glossary"
_GKM = "Gans, Koole and Mandelbaum (2003), Telephone Call Centers"
_VARIANTS = (
    "callcentrehelper.com, Service level threshold calculations; ContactCenters SERVICELEVEL, SERVICELEVEL2"
)
_HYNDMAN = "Hyndman and Fan (1996), definition 7"


def _percentile(percent: int) -> Metric:
    names = f"Wait not exceeded by {percent} % | {percent} % wait"
    formula = (
        f"the wait that {percent} % of the answered requests do not exceed, interpolated linearly between the"
        " ordered waits of a replication; the value is the mean over the replications that have one"
    )
    return total(f"wait_p{percent}", names, "s", formula, WITH_TEAM, _HYNDMAN)


COUNTS = (
    count("placed", "Placed", "requests that were put in a queue: all but `refused`"),
    count(
        "offered",
        "Offered",
        "`answered` + `abandoned` + `no_agent` + `disconnected` + `voicemail` + `wait_limit` + `unfinished`",
        source=_GLOSSARY,
    ),
    count("answered", "Answered", "requests that an agent accepted", FINE_WITH_TEAM),
    count("abandoned", "Abandoned", "requests whose customer left before an answer, `balked` included"),
    count("balked", "Balked", "requests whose customer left at once because no agent was available"),
    count(
        "no_agent",
        "No agent",
        "requests closed NO_AGENT_AVAILABLE: the TTL ran out, or the named agent did not accept",
    ),
    count("disconnected", "Disconnected", "requests sent away because the queues were cleared at closing"),
    count("voicemail", "Voice mail", "requests that ended in voice mail at the wait limit of their queue"),
    count("wait_limit", "Ended at the wait limit", "requests that ended at the wait limit of their queue"),
    count("cancelled", "Cancelled", "requests withdrawn by an agent or an ending conversation"),
    count("refused", "Refused", "requests turned down because the conversation had one pending already"),
    count("unfinished", "Unfinished", "requests that were still open when the simulation ended"),
    count("unfinished_missed", "Unfinished too late", "those that have waited longer than `within`"),
    count("unfinished_undetermined", "Unfinished undetermined", "the other unfinished ones"),
    count("served_after", "Served after the end", "requests answered by a log-in added after `lasts`"),
    count(
        "answered_within",
        "Answered in time",
        "requests answered after a wait of at most their queue's `within`",
        LEVELS,
        _CONTACT_CENTERS,
    ),
    count(
        "abandoned_within",
        "Abandoned in time",
        "requests abandoned, or ended at the wait limit, after a wait of at most their queue's `within`",
        LEVELS,
        _CONTACT_CENTERS,
    ),
    count(
        "delayed",
        "Delayed",
        "offered requests that had no agent at once: first offer (pull: answer) after placing, or never",
    ),
)

RATES = (
    share(
        "service_level",
        "Service level",
        "see *Service level*, with each queue's own `within`, `variant` and `short`",
        LEVELS_AND_CUSTOMERS,
        _VARIANTS,
    ),
    share(
        "abandon_rate", "Requests abandoned | Aban\u00addoned", "`abandoned` / `offered`", source=_GLOSSARY
    ),
    share("no_agent_rate", "Requests that found no agent | No agent", "`no_agent` / `placed`", FINE),
    share(
        "delay_rate",
        "Requests delayed | Delayed",
        "`delayed` / `offered`; without ringing this is P(wait > 0) of the Erlang formulas",
        source=_GKM,
    ),
    share(
        "missed_rate",
        "Offers that rang out | Rang out",
        "offers that rang out (RONA) / offers, an offer being a task with a reservation",
        WITH_TEAM,
        "Expertflow CX, Agent Task Disposition",
    ),
    mean("offers_per_request", "Offers per request", "offers / `offered`", unit="offers per request"),
)

WAITS = (
    mean(
        "asa",
        "Average speed of answer | ASA",
        "average speed of answer: Σ wait of the answered requests / `answered`",
        FINE_WITH_TEAM,
        _GKM,
    ),
    mean(
        "wait_mean",
        "Mean wait",
        "Σ wait of the answered requests / `answered`; the same number as `asa`",
        WITH_TEAM,
        _GKM,
    ),
    *(_percentile(percent) for percent in (50, 80, 90, 95, 99)),
    total(
        "wait_max", "Longest wait", "s", "the longest wait of an answered request in a replication", WITH_TEAM
    ),
    mean(
        "wait_all_mean",
        "Mean wait, abandoned requests included | Mean wait of all",
        "Σ wait of the answered and abandoned requests / (`answered` + `abandoned`)",
        source=_GKM,
    ),
    mean(
        "abandon_wait_mean",
        "Mean wait of the abandoned requests | Wait until abandoned",
        "Σ wait of the abandoned requests / `abandoned`, those who balked with 0 s",
        source=_GKM,
    ),
)

HANDLING = (
    mean(
        "handle_time",
        "Handle time",
        "Σ (start of wrap-up − answer) / handled tasks; a task is one agent's part in a conversation",
        WITH_TEAM,
        _GLOSSARY,
    ),
    mean(
        "wrap_up_time",
        "Wrap-up time | Wrap-up",
        "Σ (end − start of wrap-up) / handled tasks; AHT = `handle_time` + `wrap_up_time`",
        WITH_TEAM,
        _GLOSSARY,
    ),
    share(
        "transfer_rate",
        "Transfer rate",
        "handled tasks that ended TRANSFERRED / handled tasks, by the queue that was left",
        WITH_TEAM,
    ),
)

LOST = (
    ("balked", "Contacts that balked | Left at once", "they did not join the queue"),
    (
        "abandoned",
        "Contacts abandoned | Gave up waiting",
        "they left the queue of their contact or of a transfer",
    ),
    ("no_agent", "Contacts without an agent | Found no agent", "the search for one ended"),
    ("disconnected", "Contacts disconnected | Disconnected at closing", "queues were cleared"),
    ("voicemail", "Contacts to voicemail | Left a voicemail", "the wait limit led there"),
    ("wait_limit", "Contacts ended by the wait limit | Ended by the wait limit", "it ended their search"),
    ("unfinished", "Contacts unfinished | Open at the end", "nothing more can happen to them in this run"),
)
"""Outcomes of conversations that neither agents nor self-service have served to the end, nor were blocked."""

CONVERSATIONS = (
    total(
        "conversations",
        "Conversations | Contacts",
        "conversations",
        "contacts that came, blocked ones included",
        CONVERSATION,
    ),
    total(
        "handled",
        "Handled | Served to the end",
        "conversations",
        "conversations whose outcome is handled: served to the end",
        CONVERSATION,
    ),
    total(
        "returns_another_day",
        "Returns on another day",
        "conversations",
        "customers who would have come back on another date of the calendar, which is simulated apart, and do not",
        OVERALL,
    ),
    total(
        "contained",
        "Contained | Ended by self-service",
        "conversations",
        "conversations that self-service ended, without a request for an agent",
        CONVERSATION,
    ),
    total(
        "blocked",
        "Blocked",
        "conversations",
        "contacts that found no free line or no waiting place",
        CONVERSATION,
        _CONTACT_CENTERS,
    ),
    *(
        total(
            f"contacts_{outcome}",
            names,
            "conversations",
            f"conversations whose outcome is {outcome}: {meaning}",
            CONVERSATION,
        )
        for outcome, names, meaning in LOST
    ),
    share(
        "blocked_rate",
        "Contacts blocked | Blocked",
        "`blocked` / `conversations`",
        CONVERSATION,
        "Erlang (1917), loss formula",
    ),
    mean(
        "total_wait",
        "Total wait | Waits of a contact",
        "Σ waits of all the customer's searches in the conversation / `handled`, over the handled ones",
        CONVERSATION,
    ),
    mean(
        "time_in_system",
        "Time in system | Arrival to end",
        "Σ (end − arrival) / `handled`, over the handled ones, self-service included",
        CONVERSATION,
        "Little (1961)",
    ),
    mean(
        "transfers_per_conversation",
        "Transfers per conversation",
        "transfers asked for / conversations that an agent answered",
        CONVERSATION,
        unit="transfers per conversation",
    ),
)

CUSTOMERS = (
    total(
        "customers",
        "Customers",
        "customers",
        "customers who came; one who comes back after no agent or after abandoning is the same customer",
        CONVERSATION,
    ),
    share(
        "customers_served_rate",
        "Customers served",
        "customers of whose contacts one was handled or contained / `customers`",
        CONVERSATION,
    ),
    mean(
        "contacts_per_customer",
        "Contacts per customer",
        "contacts / `customers`",
        CONVERSATION,
        unit="conversations per customer",
    ),
    mean(
        "customer_wait", "Customer wait", "Σ waits in all contacts of a customer / `customers`", CONVERSATION
    ),
)

CONFERENCES = (
    mean(
        "conference_rate",
        "Conference rate | Conferences per task",
        "conference requests placed / handled tasks, by the queue from which the colleague was called",
        CONVERSATION,
        unit="conferences per task",
    ),
    share(
        "joined_rate",
        "Conferences joined | Joined",
        "conference requests answered / conference requests placed, by the queue that was asked",
        CONVERSATION,
    ),
    mean(
        "time_to_join",
        "Time to join",
        "Σ wait of the answered conference requests / their number, by the queue that was asked",
        CONVERSATION,
    ),
    mean(
        "whispers_per_conference",
        "Whispers per conference",
        "whispers in conversations with a conference / those requests answered, by the conversation's queue",
        CONVERSATION,
        unit="whispers per conference",
    ),
)

WHISPERS = (
    total("whispers", "Whispers", "whispers", "whispers sent, by the conversation's queue", CONVERSATION),
    share(
        "monitored_rate",
        "Conversations monitored | Monitored",
        "conversations that a supervisor looked into / conversations that an agent answered",
        CONVERSATION,
    ),
    share(
        "barge_in_rate",
        "Monitored conversations barged into | Barged in",
        "conversations in which a supervisor barged in / those that a supervisor looked into",
        CONVERSATION,
    ),
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
