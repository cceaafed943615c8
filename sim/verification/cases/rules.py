"""Family D: rules that planners ask for, against Markov chains and closed forms (`tests/theory/rule_chains.py`)."""

from collections.abc import Mapping
from typing import Any

from sim.policies import GuardedAgents, GuardedRequests, RequestView
from sim.verification.case import Case, Figure, Length
from sim.verification.cases.erlang import MINUTE, occupancy
from sim.verification.measures import (
    Measure,
    Observation,
    Sum,
    abandoned,
    answered,
    at_most,
    both,
    busy_time,
    count_of,
    everyone,
    in_state,
    mean,
    over,
    queue_length,
    rate,
    share,
    span,
    sum_of,
    unless,
    waits_at_all,
    where,
)

calls, mails = where("queue", "calls"), where("queue", "mails")
EXACT = "exact: Markov chain"


class CallsWhileFewMails:
    """Helpers take calls only while fewer than three mails wait: a threshold on another queue."""

    def allows(self, request: RequestView) -> bool:
        """Return whether it is their own work, or little of it waits."""
        own = request.queue_name == "mails" or request.step == 1
        return own or request.view.queues["mails"].waiting < 3


def _case(
    key: str,
    model: str,
    scenario: str,
    figures: tuple[Figure, ...],
    hours: tuple[int, int],
    overrides: Mapping[str, Any] | None = None,
    tables: tuple[str, ...] = ("requests", "tasks"),
    policies: Mapping[str, Any] | None = None,
    source: str = EXACT,
) -> Case:
    full, quick = (Length(batches=n, lasts=f"{h}h") for n, h in zip((100, 40), hours, strict=True))
    changes = {"warm_up": "5h", **(overrides or {})}
    return Case(key, model, source, scenario, figures, full, quick, changes, tables, policies=policies or {})


def _waiting(name: str, answers: Mapping[str, float]) -> tuple[Figure, ...]:
    """Return the figures of a queue that are answered."""
    here = where("queue", name)
    measures: dict[str, Measure] = {
        "share that waits": share(waits_at_all, here),
        "share that abandons": share(abandoned, here),
        "mean wait, min": mean("wait", here, unit_s=MINUTE),
    }
    return tuple(Figure(f"{name}: {what}", value, measures[what]) for what, value in answers.items())


RULE = CallsWhileFewMails()
D1 = _case(
    "D1",
    "helpers who look at the length of another queue",
    "calls_and_mails.yaml",
    (
        *_waiting(
            "calls",
            {
                "share that waits": 0.34051994,
                "share that abandons": 0.048535462,
                "mean wait, min": 0.19414185,
            },
        ),
        *_waiting("mails", {"share that abandons": 0.17896573, "mean wait, min": 0.71586292}),
        Figure(
            "calls that helpers take",
            0.25347511,
            share(where("team", "mail"), both(calls, answered)),
        ),
    ),
    (1200, 500),
    policies={"agent_selection": GuardedAgents(RULE), "request_selection": GuardedRequests(RULE)},
)

D2 = _case(
    "D2",
    "a reserve of one idle agent for calls",
    "calls_and_mails.yaml",
    (
        *_waiting("calls", {"share that waits": 0.2999134, "mean wait, min": 0.14550851}),
        *_waiting(
            "mails",
            {"share that waits": 0.63620393, "share that abandons": 0.072850108, "mean wait, min": 1.4570022},
        ),
        occupancy(0.7599564, 6),
    ),
    (1200, 600),
    {
        "routing.agent_selection": "reserve_idle_agents",
        "routing.request_selection": "reserve_idle_agents",
        "queues.calls.steps": [{"needs": "calls >= 1"}],
        "queues.mails.patience": {"exponential": {"mean": "20m"}},
        "teams": {"all": {"agents": 6, "skills": {"calls": 1, "mails": 1}}},
        "arrivals.1.per_hour": 54,
    },
)


def _blocked(name: str) -> Measure:
    return share(where("outcome", "blocked"), where("queue", name), "conversations")


def _lines(seen: Observation) -> Any:
    """Integrate the number of contacts from arrival to end, by the cell of their arrival."""
    ended: Sum = sum_of("ended_at", everyone, "conversations")
    arrived: Sum = sum_of("arrived_at", everyone, "conversations")
    return ended(seen) - arrived(seen)


D3 = _case(
    "D3",
    "two queues that share waiting places",
    "shared_places.yaml",
    (
        Figure("blocked, of the first queue", 0.080013061, _blocked("first")),
        Figure("blocked, of the second queue", 0.080013061, _blocked("second")),
        Figure("share that waits, of those let in", 0.60315813, share(waits_at_all)),
        Figure("mean wait, min", 0.84149183, mean("wait", unit_s=MINUTE)),
        Figure("mean lines in use", 4.7054437, over(_lines, span)),
    ),
    (1400, 700),
    tables=("requests", "conversations"),
    source="exact: Erlang",
)

D4 = _case(
    "D4",
    "patience that is kept over attempts",
    "kept_patience.yaml",
    (
        Figure("requests a minute", 1.9182351, rate(everyone, MINUTE)),
        Figure("share that abandons, of all attempts", 0.23655506, share(abandoned)),
        Figure("mean number waiting", 0.39728472, queue_length()),
        occupancy(0.73223345, 4),
    ),
    (1500, 800),
)

away = both(where("medium", ""), where("reason", "pause"), where("state", "NOT_READY"))
D5 = _case(
    "D5",
    "agents who set themselves away at odd moments",
    "pauses.yaml",
    (
        Figure("share that waits", 0.476639, share(waits_at_all)),
        Figure("share that abandons", 0.13576273, share(abandoned)),
        Figure("mean wait of all, min", 0.45254244, mean("wait", unit_s=MINUTE)),
        Figure("share of the time away", 0.1966129, over(in_state(away), span, 1 / 4)),
        Figure("share of the time with a task", 0.56175422, over(busy_time(everyone), span, 1 / 4)),
    ),
    (1400, 700),
    tables=("requests", "tasks", "agent_states"),
)


chats = where("queue", "chats")
D6 = _case(
    "D6",
    "calls that interrupt chats, which stand still",
    "calls_interrupt_chats.yaml",
    (
        Figure("calls: mean wait, min", 1.3333333, mean("wait", calls, unit_s=MINUTE)),
        Figure("chats: mean wait, min", 7.7777778, mean("wait", chats, unit_s=MINUTE)),
        Figure(
            "chats: mean time with the agent, min",
            3.3333333,
            over(
                busy_time(where("queue_id", "chats"), "task_wrap_up_time"),
                count_of(both(chats, answered)),
                1 / MINUTE,
            ),
        ),
    ),
    (8000, 4500),
    source="exact: preemptive resume",
)

first = where("queue", "first")
D7 = _case(
    "D7",
    "overflow to another pool after a wait limit",
    "overflow.yaml",
    (
        Figure("share that goes on", 0.20368512, share(where("outcome", "moved"), first)),
        Figure("mean wait in the first queue, min", 0.36167098, mean("wait", first, unit_s=MINUTE)),
        Figure(
            "mean number of calls with the partner",
            0.57031833,
            over(busy_time(where("queue_id", "second")), span),
        ),
    ),
    (1400, 700),
    source="exact: M/M/c with constant patience",
)

lost = where("outcome", "no_agent")
D8 = _case(
    "D8",
    "leaving when nobody is there",
    "nobody_there.yaml",
    (
        Figure("share without an agent", 0.36137024, share(lost)),
        Figure(
            "share that leaves as the last one goes",
            0.028036912,
            share(both(lost, unless(at_most("wait", 0.0)))),
        ),
        Figure("mean wait of all, min", 2.2341489, mean("wait", unit_s=MINUTE)),
    ),
    (4000, 2400),
    {"warm_up": "6h"},
    source="exact: Markov chain in time",
)

heavy, light = where("queue", "heavy"), where("queue", "light")


def _weighed(key: str, model: str, waits: tuple[float, float], changes: Mapping[str, Any]) -> Case:
    figures = (
        Figure("heavy: mean wait, min", waits[0], mean("wait", heavy, unit_s=MINUTE)),
        Figure("light: mean wait, min", waits[1], mean("wait", light, unit_s=MINUTE)),
    )
    source = "exact: Kleinrock (1964)"
    return _case(
        key, model, "weighted_wait.yaml", figures, (4000, 2500), changes, ("requests",), source=source
    )


D9_M = _weighed("D9 M", "M/M/1 with two weights of the wait, 4 and 1", (1.5028249, 3.1638418), {})
CONSTANT = dict.fromkeys(("queues.heavy.handle_time", "queues.light.handle_time"), "1m")
D9_D = _weighed("D9 D", "M/D/1 with two weights of the wait, 4 and 1", (0.75141243, 1.5819209), CONSTANT)

CASES = (D1, D2, D3, D4, D5, D6, D7, D8, D9_M, D9_D)
