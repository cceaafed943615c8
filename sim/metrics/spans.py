"""The metrics measured over spans of time: queue lengths, lines, agents' time and what it costs."""

from sim.metrics.metric import (
    MINUTES,
    OVERALL,
    PEOPLE,
    PRESENCE,
    PRESENCE_AND_HOURS,
    STAFF,
    STATES,
    WHOLE_DAY,
    breakdowns,
    mean,
    share,
    total,
)

_GLOSSARY = "WFM Labs, Contact Center Metrics Glossary"
LINES = breakdowns("all | channel")
BY_QUEUE = breakdowns("queue")
LINES_AND_QUEUES = breakdowns("all | queue | channel")

QUEUES = (
    total(
        "queue_length_mean",
        "Waiting requests",
        "requests",
        "time average of the number of waiting requests from the end of the warm-up until arrivals stop; a"
        " request waits until it is accepted or gone, so a ringing one still waits",
        (*WHOLE_DAY, *breakdowns("channel | interval | queue interval")),
        "Little (1961)",
        dates="mean",
    ),
    total(
        "queue_length_max",
        "Most waiting requests",
        "requests",
        "the most requests waiting at one time, over the same span",
        WHOLE_DAY,
        dates="greatest",
    ),
    total(
        "backlog_growth",
        "Growth of the backlog | Backlog growth",
        "requests",
        "(requests waiting at the last closing - those at the first) / closings between; a closing is the last instant"
        " of a day, of a run of fewer than two days of a half, at which an agent of the queue is planned to be there",
        BY_QUEUE,
        dates="greatest",
    ),
    total(
        "backlog_kept",
        "Backlog never worked off | Never worked off",
        "share",
        "share of replications in which somebody waits all the time from the middle closing on, while an agent of the"
        " queue is planned to be there",
        BY_QUEUE,
        dates="greatest",
    ),
    total(
        "waiting_max",
        "Most waiting places in use",
        "requests",
        "the most requests in queues at one time, over the same span; one that rings takes no waiting place",
        LINES_AND_QUEUES,
        dates="greatest",
    ),
    total(
        "lines_in_use_mean",
        "Lines in use",
        "conversations",
        "time average of the contacts from arrival to their end for the customer, over the same span",
        LINES,
        "Little (1961)",
        dates="mean",
    ),
    total(
        "lines_in_use_max",
        "Most lines in use",
        "conversations",
        "the most of them at one time",
        LINES,
        dates="greatest",
    ),
)

AGENTS = (
    share(
        "occupancy",
        "Occupancy | Occu\u00adpancy",
        "busy time / available time, see *Agents' time*",
        PRESENCE_AND_HOURS,
        _GLOSSARY + "; overtime on both sides as ContactCenters",
    ),
    mean(
        "concurrency",
        "Observed concurrency | Concur\u00adrency",
        "Σ task time / busy time: open tasks of an agent who has any",
        PRESENCE,
        "ccplanning.net, Chat concurrency and AHT",
        "tasks",
    ),
    total(
        "agents_there",
        "Agents there",
        "agents",
        "time average of the agents who are logged in and not on a break or set away",
        STAFF,
        dates="mean",
    ),
    share(
        "state_share",
        "Time in the state",
        "time in the state (named in the column `kind`) / logged-in time, media taken together",
        STATES,
    ),
    total(
        "overtime",
        "Overtime",
        "s",
        "agents' time after the end of their shift, finishing what was open (PENDING_NOT_READY, overtime)",
        PEOPLE,
        scale=MINUTES,
    ),
    total(
        "cost",
        "Cost",
        "currency",
        "Σ logged-in hours, breaks and overtime included, × `cost_per_hour` of the team + accepted tasks ×"
        " `cost_per_answer` + minutes from answer to leaving × `cost_per_talk_minute`",
        PEOPLE,
    ),
    total(
        "hours_after", "Hours after the end", "h", "Σ logged-in time from the first added log-in on", PEOPLE
    ),
    total(
        "cost_after",
        "Cost after the end",
        "currency",
        "the same of `hours_after`, and of the answers and minutes from then on",
        PEOPLE,
    ),
    mean(
        "cost_per_resolved",
        "Cost per served contact",
        "(`cost` + `cost_after`) / `handled`",
        OVERALL,
        unit="currency per conversation",
    ),
)
