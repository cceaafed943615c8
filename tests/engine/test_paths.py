"""What must hold on every path: time, states, work, and Little's law, over random centres."""

from collections import defaultdict
from itertools import pairwise

import pytest

from engine.random_scenarios import Day, all_days, days, on
from engine.running import Row, Run

NEAR = 1e-6
"""Seconds that rounding may take on a path of half an hour."""

Span = tuple[float, float]


@on(all_days())
def test_time_never_runs_back(day: Day) -> None:
    run = Run(day)
    for before, after in pairwise(run.events):
        assert before["seq"] < after["seq"]
        assert before["at"] <= after["at"] <= run.horizon
    for row in run.conversations:
        _in_order(row, "arrived_at", "requested_at", "answered_at", "ended_at")
    for row in run.requests:
        _in_order(row, "placed_at", "first_offer_at", "answered_at")
        _in_order(row, "placed_at", "answered_at", "ended_at")
    for row in run.tasks:
        _in_order(
            row,
            "task_queue_time",
            "task_reserved_time",
            "task_answered_time",
            "task_wrap_up_time",
            "task_end_time",
        )


def _in_order(row: Row, *columns: str) -> None:
    times = [row[column] for column in columns if row[column] is not None]
    assert times == sorted(times), row


# Little's law.


@on(all_days())
def test_littles_law_holds_exactly_on_every_queues_path(day: Day) -> None:
    """The time integral of the number in search is the sum of the searches' times: L = lambda W over any span."""
    run = Run(day)
    for queue in day.scenario.queues:
        inside, area, since = 0, 0.0, 0.0
        for event in run.events:
            change = _change_of(event) if event["queue"] == queue or event["event"] == "blocked" else 0
            if event["event"] == "blocked" and not _was_placed(run, event, queue):
                change = 0
            area += inside * (event["at"] - since)
            since, inside = event["at"], inside + change
        area += inside * (run.horizon - since)
        waits = sum(row["wait"] for row in run.requests if row["queue"] == queue)
        assert area == pytest.approx(waits, abs=NEAR)


def _change_of(event: Row) -> int:
    if event["event"] == "request_placed":
        return 1
    return -(event["event"] in ENDS)


ENDS = (
    "accepted", "no_agent", "request_moved", "wait_limit_reached", "disconnected",
    "request_abandoned", "request_cancelled", "blocked",
)  # fmt: skip


def _was_placed(run: Run, blocked: Row, queue: str) -> bool:
    row = next(c for c in run.conversations if c["conversation_id"] == blocked["conversation_id"])
    return blocked["detail"]["reason"] != "lines" and row["queue"] == queue


@pytest.mark.slow
@on(all_days())
def test_it_holds_for_the_conversations_of_every_channel(day: Day) -> None:
    run = Run(day)
    for channel in day.scenario.channels:
        own = {row["conversation_id"]: row for row in run.conversations if row["channel"] == channel}
        steps = [(e["at"], 1) for e in run.events if e["event"] == "arrived" and e["conversation_id"] in own]
        steps += [
            (e["at"], -1)
            for e in run.events
            if e["event"] == "conversation_ended" and e["conversation_id"] in own
        ]
        area = sum(-at * change for at, change in steps) + run.horizon * sum(change for _, change in steps)
        times = sum(run.until(row["ended_at"]) - row["arrived_at"] for row in own.values())
        assert area == pytest.approx(times, abs=NEAR)


# States and tasks.


@on(all_days())
def test_an_agents_states_tile_their_time_there(day: Day) -> None:
    """No state overlaps another or leaves a gap, and each medium covers exactly what the presence covers."""
    run = Run(day)
    stays = _by_agent_and_medium(run)
    for (agent, medium), own in stays.items():
        for before, after in pairwise(own):
            assert before["ended_at"] <= after["started_at"]
        assert all(row["started_at"] < row["ended_at"] <= run.horizon for row in own)
        assert _joined(own) == _joined(stays[agent, ""]), (agent, medium)


@on(all_days())
def test_a_shift_is_covered_from_its_start_to_its_end_and_the_last_task(day: Day) -> None:
    run = Run(day)
    stays = _by_agent_and_medium(run)
    for name, team in day.scenario.teams.items():
        last = 0
        for shift, size in zip(team.shifts, team.shift_sizes(), strict=True):
            for number in range(last + 1, last + size + 1):
                own = _joined(stays[f"{name}-{number}", ""])
                tasks = [t for t in run.tasks if t["agent_id"] == f"{name}-{number}"]
                open_until = max((run.until(t["task_end_time"]) for t in tasks), default=0)
                assert own == [(shift.from_, min(run.horizon, max(shift.to, open_until)))]
            last += size


@pytest.mark.slow
@on(all_days())
def test_an_agents_states_say_what_they_have_to_do(day: Day) -> None:
    """Held and ringing tasks give the state at any moment; so the time busy is that of the tasks."""
    run = Run(day)
    for (agent, medium), own in _by_agent_and_medium(run).items():
        if medium:
            most = day.scenario.max_tasks_of(agent.rpartition("-")[0], medium)
            tasks = [t for t in run.tasks if (t["agent_id"], t["mrd_id"]) == (agent, medium)]
            for row in own:
                for start, end in _pieces(row, tasks, run):
                    held = _open_at(start, end, tasks, run, "task_answered_time")
                    taken = _open_at(start, end, tasks, run, "task_reserved_time")
                    assert row["state"] in _states_for(held, taken, most), (row, start, held, taken)


def _states_for(held: int, taken: int, most: int) -> tuple[str, str, str]:
    """The state of an agent who is on, of one who is off, and of one who is kept by another medium."""
    if taken < most:
        return ("ACTIVE" if held else "READY", "PENDING_NOT_READY" if taken else "NOT_READY", "INTERRUPTED")
    return ("BUSY" if held else "RESERVED", "PENDING_NOT_READY", "INTERRUPTED")


@on(all_days())
def test_busy_time_is_the_sum_of_the_tasks(day: Day) -> None:
    """With one slot the time RESERVED, BUSY or finishing off is that of their tasks, from offer to end."""
    run = Run(day)
    for (agent, medium), own in _by_agent_and_medium(run).items():
        if medium and day.scenario.max_tasks_of(agent.rpartition("-")[0], medium) == 1:
            busy = [row for row in own if row["state"] in ("RESERVED", "BUSY", "PENDING_NOT_READY")]
            tasks = [t for t in run.tasks if (t["agent_id"], t["mrd_id"]) == (agent, medium)]
            spent = sum(run.until(t["task_end_time"]) - t["task_reserved_time"] for t in tasks)
            time = sum(row["ended_at"] - row["started_at"] for row in busy)
            # While another medium interrupts, the state does not say whether a task is open.
            unsaid = sum(row["ended_at"] - row["started_at"] for row in own if row["state"] == "INTERRUPTED")
            assert time - NEAR <= spent <= time + unsaid + NEAR


# Work.


@on(days())
def test_work_is_done_at_the_pace_of_the_number_of_open_tasks(day: Day) -> None:
    """What an agent did on a task, at the pace of each moment, is what was drawn, up to the moment of a transfer."""
    run = Run(day)
    for number, task in _answered_in_order(run):
        kind = next(r["kind"] for r in run.requests if r["request_id"] == task["request_id"])
        goes_back = kind == "rerouted" or task["task_disposition"] in ("REROUTE", "AGENT_LOGOUT")
        if task["task_end_time"] is None or goes_back:
            continue
        queue = day.scenario.queues[task["queue_id"]]
        drawn = _work_drawn(run, task, number)
        if task["task_disposition"] == "TRANSFERRED":
            drawn *= queue.transfer.after
            if queue.transfer.set_up_time is not None:
                drawn += _drawn(run, task, "set_up_time", queue.transfer.set_up_time, number)
        done = _work_done(run, task)
        assert done == pytest.approx(drawn, abs=NEAR)
        wrap_up = task["task_end_time"] - task["task_wrap_up_time"]
        assert wrap_up == pytest.approx(
            _drawn(run, task, "wrap_up", queue.wrap_up or day.scenario.teams[task["team"]].wrap_up, number)
        )


def _answered_in_order(run: Run) -> list[tuple[int, Row]]:
    """The tasks that were answered, each with how many agents its customer had met before."""
    met: dict[int, int] = defaultdict(int)
    answered = []
    for task in sorted(run.tasks, key=lambda t: t["agent_task_id"]):
        if task["task_answered_time"] is not None:
            customer = _conversation(run, task)["customer_id"]
            answered.append((met[customer], task))
            met[customer] += 1
    return answered


def _work_drawn(run: Run, task: Row, number: int) -> float:
    scenario = run.scenario
    spec = scenario.queues[task["queue_id"]]
    work = _drawn(run, task, "handle_time", spec.handle_time, number) * spec.aht_factor
    request = next(r for r in run.requests if r["request_id"] == task["request_id"])
    if request["kind"] == "transfer":
        factor = scenario.queues[request["from_queue"]].transfer.handle_time_factor
        work *= factor.warm if request["warm"] else factor.cold
    work /= scenario.teams[task["team"]].speed.get(task["queue_id"], 1.0)
    if request["note"]:
        work = max(0.0, work - scenario.queues[request["from_queue"]].transfer.note_saves)
    return work


def _drawn(run: Run, task: Row, purpose: str, law: object, number: int) -> float:
    """Look the draw up in the workload, by the customer and how many agents they had met before."""
    order = run.workload.order()
    customer = _conversation(run, task)["customer_id"] - 1
    stream = run.workload.streams[order.streams[customer]]
    return stream.draws.values(purpose, law, number)[order.contacts[customer]]


def _conversation(run: Run, task: Row) -> Row:
    return next(c for c in run.conversations if c["conversation_id"] == task["conversation_id"])


def _work_done(run: Run, task: Row) -> float:
    medium = run.scenario.media[task["mrd_id"]]
    beside = [t for t in run.tasks if (t["agent_id"], t["mrd_id"]) == (task["agent_id"], task["mrd_id"])]
    span = {"started_at": task["task_answered_time"], "ended_at": task["task_wrap_up_time"]}
    holding = [
        t
        for t in run.tasks
        if t["agent_id"] == task["agent_id"] and medium.interrupted_by.get(t["mrd_id"]) == "holds"
    ]
    done = 0.0
    for start, end in _pieces(span, beside + holding, run):
        if _open_at(start, end, holding, run, "task_answered_time"):
            continue
        done += (end - start) * medium.pace_of(_open_at(start, end, beside, run, "task_answered_time"))
    return done


# What the rows say.


def _by_agent_and_medium(run: Run) -> dict[tuple[str, str], list[Row]]:
    stays: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(run.agent_states, key=lambda row: row["started_at"]):
        stays[row["agent"], row["medium"]].append(row)
    return stays


def _joined(rows: list[Row]) -> list[Span]:
    """The spans that rows in order of time cover together."""
    spans: list[Span] = []
    for row in rows:
        if spans and spans[-1][1] == row["started_at"]:
            spans[-1] = (spans[-1][0], row["ended_at"])
        else:
            spans.append((row["started_at"], row["ended_at"]))
    return spans


def _pieces(span: Row, tasks: list[Row], run: Run) -> list[Span]:
    """Cut a span wherever a task is reserved, answered or closed."""
    cuts = {span["started_at"], span["ended_at"]}
    for task in tasks:
        cuts |= {
            cut
            for cut in (
                task["task_reserved_time"],
                task["task_answered_time"],
                run.until(task["task_end_time"]),
            )
            if cut is not None and span["started_at"] < cut < span["ended_at"]
        }
    return list(pairwise(sorted(cuts)))


def _open_at(start: float, end: float, tasks: list[Row], run: Run, since: str) -> int:
    """How many tasks are open from `start` to `end`, counted from the column `since` on."""
    return sum(
        t[since] is not None and t[since] <= start and end <= run.until(t["task_end_time"]) for t in tasks
    )
