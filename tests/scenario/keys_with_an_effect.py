"""Every key of a scenario with a value that has an effect or is told to have none, and what else that takes."""

from typing import Any

Changes = dict[str, Any]

PLAIN_CENTRE = """\
opens: 2026-03-02 09:00
lasts: 90m
seed: 5
media: {voice: {max_tasks: 1}, chat: {max_tasks: 2}}
channels: {phone: {medium: voice}, web: {medium: chat}}
queues:
  calls: {medium: voice, handle_time: {exponential: {mean: 4m}}, service_level: {within: 20s, target: 80%}}
  sales: {medium: voice, handle_time: {exponential: {mean: 4m}}}
  chats: {medium: chat, handle_time: {exponential: {mean: 6m}}}
teams:
  desk: {agents: 3, skills: {calls: 5, sales: 3}}
  back: {agents: 2, skills: {sales: 5}}
  web: {agents: 2, skills: {chats: 5}}
arrivals:
  - {channel: phone, queue: calls, per_hour: 40}
  - {channel: phone, queue: sales, per_hour: 30}
  - {channel: web, queue: chats, per_hour: 30}
"""

RINGS_OUT: Changes = {
    "teams.desk.accept": {"probability": "50%"},
    "teams.back.accept": {"probability": "50%"},
}
TRANSFERS: Changes = {"queues.calls.transfer": {"probability": "60%", "to": {"sales": "100%"}}}
TO_TWO: Changes = {"queues.calls.transfer": {"probability": "60%", "to": {"sales": "50%", "calls": "50%"}}}
WARM: Changes = {"queues.calls.transfer": {"probability": "60%", "to": {"sales": "100%"}, "warm": "50%"}}
CONFERS: Changes = {
    "queues.calls.conference": {
        "probability": "60%", "after": "50%", "to": {"sales": "100%"}, "joint_time": "2m",
        "then": {"guest_leaves": "100%"},
    }
}  # fmt: skip
ASKED_TO_TWO: Changes = {
    "queues.calls.conference": {
        "probability": "60%", "to": {"sales": "50%", "calls": "50%"}, "joint_time": "2m",
        "then": {"guest_leaves": "100%"},
    }
}  # fmt: skip
NOBODY_JOINS: Changes = {**CONFERS, "channels.phone.request_ttl": "65s"}
LISTED: Changes = {"queues.chats.mode": "pull", "queues.chats.pull": {"join": "60%"}}
SHORT: Changes = {"routing.ring_time": "10s", "channels.phone.request_ttl": "20s"}
SHIFTS: Changes = {
    "teams.desk": {"skills": {"calls": 5}, "shifts": [{"from": "09:00", "to": "09:40", "agents": 2}]}
}
CHAT_SHIFT: Changes = {
    "teams.web": {"skills": {"chats": 5}, "shifts": [{"from": "09:00", "to": "09:40", "agents": 2}]}
}
IMPATIENT: Changes = {"queues.calls.patience": {"exponential": {"mean": "40s"}}}
RETURNS: Changes = {**IMPATIENT, "customers.after_abandon": {"come_back": "80%", "after": "1m", "at_most": 1}}
ASKS_AGAIN: Changes = {**SHORT, "customers.after_no_agent": {"ask_again": "80%", "after": "1m", "at_most": 1}}
STEPS: Changes = {"queues.calls.steps": [{"needs": "calls >= 5", "for": "10s"}, {"needs": "sales >= 1"}]}
BOTH: Changes = {"teams.web.skills": {"chats": 5, "calls": 5}}
LABELLED: Changes = {"labels": {"gold": {}}, "arrivals.0.labels": {"gold": "50%"}}
SUPERVISED: Changes = {
    "teams.leads": {"agents": 1, "skills": {}, "role": "supervisor"},
    "supervision": {
        "team": "leads",
        "queues": ["calls"],
        "probability": "60%",
        "after": "10s",
        "lasts": "1m",
    },
}

EFFECTIVE: list[tuple[Changes, Changes]] = [
    # the run
    ({}, {"closing": "clear_queues", "teams.desk.agents": 1}),
    ({}, {"drain": "1m"}),
    ({}, {"warm_up": "30m"}),
    ({}, {"interval": "15m"}),
    ({}, {"seed": 6}),
    ({}, {"lasts": "1h"}),
    ({}, {"busyness": {"sd": "20%"}}),
    ({}, {"busyness": {"sd": "0%", "interval_sd": "20%"}}),
    ({"busyness": {"sd": "0%", "interval_sd": "20%"}}, {"busyness.every": "15m"}),
    # media and channels
    ({}, {"media.voice.slowdown": "20%"}),
    ({}, {"media.chat.slowdown": "20%"}),
    ({}, {"media.chat.pace": ["100%", "60%"]}),
    ({}, {"media.chat.max_tasks": 1}),
    ({}, {"media.chat.interrupted_by": {"voice": "holds"}}),
    (BOTH, {"media.chat.interrupted_by": {"voice": "holds"}}),
    ({}, {"media.fax": {"max_tasks": 1}}),
    ({}, {"channels.fax": {"medium": "voice"}}),
    ({"routing.ring_time": "10s"}, {"channels.phone.request_ttl": "20s"}),
    ({}, {"channels.phone.identified": "50%"}),
    ({}, {"channels.phone.lines": 2}),
    ({}, {"labels": {"gold": {"priority": 9}}}),
    (LABELLED, {"labels.gold.priority": 9}),
    # routing
    *(({}, {"routing.agent_selection": one}) for one in ("most_skilled", "random", "round_robin", "longest_available")),
    ({}, {"routing.request_selection": "longest_waiting"}),
    ({"labels": {"gold": {"priority": 9}}, "arrivals.0.labels": {"gold": "50%"}, "teams.desk.agents": 1},
     {"routing.request_selection": "longest_waiting"}),
    ({}, {"routing.request_selection": "own_level"}),
    ({}, {"routing.ageing": "10s"}),
    ({}, {"routing.queue_priority": "on"}),
    ({"queues.calls.priority": 9}, {"routing.queue_priority": "on"}),
    ({}, {"queues.calls.priority": 9}),
    ({}, {"routing.ring_time": "5s"}),
    (RINGS_OUT, {"routing.ring_time": "5s"}),
    ({}, {"queues.calls.ring_time": "5s"}),
    (RINGS_OUT, {"queues.calls.ring_time": "5s"}),
    ({}, {"routing.ring_memory": "exclude"}),
    (RINGS_OUT, {"routing.ring_memory": "exclude"}),
    ({}, {"routing.requeue_priority": 3}),
    ({**RINGS_OUT, "teams.desk.agents": 2, "routing.ring_time": "20s"}, {"routing.requeue_priority": 1}),
    ({}, {"routing.transfer_priority": 1}),
    ({**TRANSFERS, "teams.back.agents": 1, "teams.desk.agents": 2}, {"routing.transfer_priority": 1}),
    ({}, {"routing.conference_priority": 1}),
    ({**CONFERS, "teams.back.agents": 1, "teams.desk.agents": 2}, {"routing.conference_priority": 1}),
    ({}, {"routing.exclude_requester": "off"}),
    (TO_TWO, {"routing.exclude_requester": "off"}),
    ({}, {"routing.require_available_agent": "on"}),
    ({}, {"routing.leave_when_empty": "on"}),
    (SHIFTS, {"routing.leave_when_empty": "on"}),
    ({}, {"routing.last_agent": "on"}),
    (RETURNS, {"routing.last_agent": "on"}),
    ({**SHORT, **TRANSFERS, "customers.after_no_agent": {"ask_again": "80%", "after": "1m"},
      "teams.desk": {"agents": 6, "skills": {"calls": 5}}, "teams.back.agents": 1}, {"routing.last_agent": "on"}),
    ({}, {"routing.steps_after_ring_out": "go_on"}),
    ({**STEPS, **RINGS_OUT, "routing.ring_time": "5s"}, {"routing.steps_after_ring_out": "go_on"}),
    ({**STEPS, **RINGS_OUT, "routing.ring_time": "5s"}, {"queues.calls.steps_after_ring_out": "go_on"}),
    # queues
    ({}, {"queues.chats.mode": "pull"}),
    ({}, {"queues.idle": {"medium": "voice", "handle_time": "1m"}}),
    ({}, {"queues.chats.max_tasks": 1}),
    ({}, {"queues.chats.max_tasks": 2}),
    ({}, {"queues.calls.require_available_agent": "on"}),
    ({}, {"queues.calls.leave_when_empty": "on"}),
    (SHIFTS, {"queues.calls.leave_when_empty": "on"}),
    (IMPATIENT, {"queues.calls.service_level": {"within": "20s", "target": "80%", "variant": "answered_only"}}),
    (IMPATIENT, {"queues.calls.service_level": {"within": "20s", "target": "80%", "variant": "exclude_short",
                                                "short": "5s"}}),
    ({}, {"queues.calls.service_level.within": "30s"}),
    ({}, {"queues.calls.service_level.also": [{"within": "60s"}]}),
    (IMPATIENT, {"queues.calls.service_level.also": [{"within": "60s", "variant": "exclude_short", "short": "5s"}]}),
    ({}, STEPS),
    ({"routing.ring_time": "10s"}, {"queues.calls.request_ttl": "20s"}),
    ({}, {"queues.calls.wait_limit": {"after": "30s", "then": "end"}}),
    ({}, {"queues.calls.wait_limit": {"after": "30s", "then": {"queue": "sales"}}}),
    ({}, {"queues.calls.handle_time": "5m"}),
    ({}, {"queues.chats.handle_time_at_tasks": 1.6}),
    ({"media.chat.slowdown": "20%"}, {"queues.chats.handle_time_at_tasks": 1.6}),
    ({}, {"queues.calls.aht_factor": "120%"}),
    ({}, {"queues.calls.volume_factor": "120%"}),
    ({}, {"queues.calls.wrap_up": "20s"}),
    ({}, IMPATIENT),
    ({}, {"queues.calls.balk": "60%"}),
    ({}, {"queues.calls.balk": {"share": "0%", "when": "nobody_free"}}),
    ({}, {"queues.calls.balk": {"share": "60%", "when": "nobody_free"}}),
    ({}, {"queues.calls.capacity": 0}),
    ({}, {"waiting_rooms": {"site": {"capacity": 0, "queues": ["calls", "sales"]}}}),
    # transfers
    ({}, TRANSFERS),
    *((TRANSFERS, {f"queues.calls.transfer.{key}": value}) for key, value in (
        ("after", "50%"), ("choose", "most_available"), ("named", "60%"), ("note", "50%"), ("note_saves", "20s"),
        ("patience", "5s"), ("warm", "50%"), ("handover_time", "30s"), ("named_falls_back", "on"), ("at_most", 1),
        ("set_up_time", "10s"), ("handle_time_factor", {"cold": "50%"}), ("handle_time_factor", {"warm": "50%"}),
    )),
    ({**TRANSFERS, "routing.ring_time": "10s"}, {"queues.calls.transfer.request_ttl": "20s"}),
    ({"queues.calls.transfer": {"probability": "60%", "to": {"sales": "100%"}, "note": "50%"}},
     {"queues.calls.transfer.note_saves": "20s"}),
    ({"queues.calls.transfer": {"probability": "60%", "to": {"sales": "100%"}, "named": "60%"},
      "routing.ring_time": "10s", "channels.phone.request_ttl": "20s", "teams.back.agents": 1},
     {"queues.calls.transfer.named_falls_back": "on"}),
    (WARM, {"queues.calls.transfer.handover_time": "30s"}),
    (WARM, {"queues.calls.transfer.handle_time_factor": {"warm": "50%"}}),
    (TO_TWO, {"queues.calls.transfer.at_most": 1}),
    (TO_TWO, {"queues.calls.transfer.choose": "most_available"}),
    # conferences
    ({}, CONFERS),
    *((CONFERS, {f"queues.calls.conference.{key}": value}) for key, value in (
        ("after", "100%"), ("choose", "most_available"), ("note", "50%"), ("guest_time", "1m"),
        ("while_waiting", "holds"), ("if_nobody", "transfers"), ("extra_time", "1m"), ("whispers_per_minute", 2),
        ("joint_time", "4m"), ("then", {"requester_leaves": "50%", "both_stay": "50%"}),
    )),
    ({"queues.calls.conference": {**CONFERS["queues.calls.conference"], "then": {"requester_leaves": "100%"}}},
     {"queues.calls.conference.guest_time": "1m"}),
    (ASKED_TO_TWO, {"queues.calls.conference.choose": "most_available"}),
    (ASKED_TO_TWO, {"queues.calls.conference.while_waiting": "holds"}),
    ({**CONFERS, "routing.ring_time": "10s"}, {"queues.calls.conference.request_ttl": "20s"}),
    ({**NOBODY_JOINS, "teams.back.agents": 1}, {"queues.calls.conference.if_nobody": "transfers"}),
    ({**NOBODY_JOINS, "teams.back.agents": 1}, {"queues.calls.conference.extra_time": "1m"}),
    # lists
    *((LISTED, {f"queues.chats.pull.{key}": value}) for key, value in (
        ("reaction", "10s"), ("join", "100%"), ("second_agent", "50%"), ("whispers_per_minute", 3),
    )),
    ({"queues.chats.mode": "pull", "queues.chats.pull": {"second_agent": "80%"}},
     {"queues.chats.pull.whispers_per_minute": 3}),
    # teams
    ({}, {"teams.spare": {"agents": 1, "skills": {}}}),
    ({}, {"teams.desk.agents": 4}),
    ({}, {"teams.desk.accept": {"probability": "50%"}}),
    ({}, {"teams.desk.accept": {"delay": "5s"}}),
    ({}, {"teams.desk.after_ring": {"voice": {"not_ready": "2m"}}}),
    (RINGS_OUT, {"teams.desk.after_ring": {"voice": {"not_ready": "2m", "misses": 2}}}),
    (RINGS_OUT, {"teams.desk.after_ring": {"voice": {"misses": 2, "log_out": "on"}}}),
    ({}, {"teams.desk.after_ring": {"chat": {"not_ready": "2m"}}}),
    ({}, {"teams.desk.wrap_up": "20s"}),
    ({"queues.calls.wrap_up": "20s", "queues.sales.wrap_up": "20s"}, {"teams.desk.wrap_up": "30s"}),
    *(({}, {f"teams.desk.{key}": 3}) for key in ("cost_per_hour", "cost_per_answer", "cost_per_talk_minute")),
    ({}, {"teams.desk.at_shift_end": {"voice": "hand_back"}}),
    ({}, {"teams.desk.at_shift_end": {"chat": "hand_back"}}),
    (CHAT_SHIFT, {"teams.web.at_shift_end": {"chat": "hand_back"}}),
    ({}, {"teams.desk.absence": "80%"}),
    ({}, {"teams.desk.shrinkage": "30%"}),
    ({}, {"teams.desk.counts": "net"}),
    ({"teams.desk.shrinkage": "30%"}, {"teams.desk.counts": "net"}),
    ({}, {"teams.desk.pauses": {"every": "20m", "for": "5m"}}),
    ({}, SHIFTS),
    (SHIFTS, {"teams.desk.shifts.0.breaks": [{"at": "09:20", "for": "10m"}]}),
    ({}, {"teams.desk": {"skills": {"calls": 5}, "head_count": {"every": "45m", "agents": [2, 3]}}}),
    ({}, {"teams.web.max_tasks": {"chat": 1}}),
    ({}, {"teams.web.max_tasks": {"chat": 2}}),
    ({}, {"teams.desk.max_tasks": {"chat": 1}}),
    ({}, {"teams.web.max_tasks_by_queue": {"chats": 1}}),
    ({}, {"teams.web.max_tasks_by_queue": {"chats": 2}}),
    ({}, {"teams.desk.max_tasks_by_queue": {"chats": 1}}),
    ({}, {"teams.desk.speed": {"calls": "120%"}}),
    ({}, {"teams.desk.speed": {"chats": "120%"}}),
    ({}, SUPERVISED),
    (SUPERVISED, {"supervision.whispers_per_minute": 3}),
    (SUPERVISED, {"supervision.barge_in": "80%"}),
    # arrivals
    ({}, {"arrivals.0.per_hour": 30}),
    ({}, {"arrivals.0.every": "30m"}),
    ({"arrivals.0.per_hour": [30, 60]}, {"arrivals.0.every": "45m"}),
    ({}, {"arrivals.0.busyness": {"sd": "20%"}}),
    ({}, {"arrivals.0.busyness": {"sd": "0%", "interval_sd": "20%", "every": "15m"}}),
    ({}, {"arrivals.0.name": "others"}),
    ({}, {"arrivals.0.queue": "sales"}),
    ({}, {"arrivals.0.queue": {"sales": "50%", "calls": "50%"}}),
    ({"channels.mobile": {"medium": "voice", "request_ttl": "65s"}}, {"arrivals.0.channel": "mobile"}),
    ({}, {"arrivals.0.volume_factor": "120%"}),
    ({}, {"arrivals.0.aht_factor": "120%"}),
    ({"labels": {"gold": {"priority": 9}}}, {"arrivals.0.labels": {"gold": "50%"}}),
    ({}, {"arrivals.0.self_service": {"time": "1m", "contained": "20%"}}),
    # customers
    ({}, {"customers.after_abandon": {"come_back": "50%", "after": "1m", "at_most": 1}}),
    (RETURNS, {"customers.after_abandon.patience": "same"}),
    ({"queues.calls.patience": "40s", "customers.after_abandon": {"come_back": "80%", "after": "1m"}},
     {"customers.after_abandon.patience": "same"}),
    ({**IMPATIENT, "customers.after_abandon": {"come_back": "80%", "after": "40m"}},
     {"customers.after_abandon.only_while_open": "on"}),
    (SHORT, {"customers.after_no_agent": {"ask_again": "50%", "after": "1m", "at_most": 2}}),
    ({**SHORT, "customers.after_no_agent": {"ask_again": "80%", "after": "40m"}},
     {"customers.after_no_agent.only_while_open": "on"}),
]  # fmt: skip

NO_RUN = {
    "name": "heads of tables and pages",
    "description": "the page",
    "currency": "money in tables",
    "opens": "clock times in tables, pages and stories",
    "replications": "the number of days of a run",
    "queues.*.service_level.target": "sim erlang and sim staff, whose goal it is",
    "calendar": "tests of calendars, whose days are dates",
    "queues.*.open": "tests of calendars",
    "queues.*.carry_over": "tests of calendars",
    "teams.*.shifts.0.days": "tests of calendars",
    "teams.*.shifts.0.breaks.0.days": "tests of calendars",
    "teams.*.head_count.file": "tests of interval files",
    "roster": "tests of rosters by person",
    "teams.*.roster": "tests of rosters by person",
    "arrivals.0.file": "tests of interval files",
    "arrivals.0.replay": "tests of recorded contacts",
    "fitted": "sim backtest",
    "targets": "sim check, and the first lines of a run",
    "staffing": "sim staff",
}
"""Keys that a day of this centre cannot show, and what does."""
