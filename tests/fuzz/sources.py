"""What the mutants are made of: a day, the files beside it, and exports of other programs."""

from typing import Any

DAY = """\
lasts: 1h
opens: 2026-03-02 08:00
media: {chat: {max_tasks: 3}, voice: {max_tasks: 1, slowdown: 10%}}
channels: {web: {medium: chat, request_ttl: 5m}, phone: {medium: voice, lines: 20}}
labels: {gold: {priority: 8}}
queues:
  sales: {medium: chat, handle_time: {lognormal: {mean: 2m, sd: 1m}}, patience: 3m,
          transfer: {probability: 20%, to: {help: 100%}}, balk: {share: 10%, when: nobody_free}}
  help: {medium: chat, handle_time: 3m, conference: {probability: 30%, to: {sales: 1}, whispers_per_minute: 2}}
  calls: {medium: voice, handle_time: {empirical: {file: seen.csv, column: s}},
          service_level: {within: 20s, target: 80%}}
teams:
  crew: {agents: 3, skills: {sales: 5, help: 5, calls: 5}, accept: {probability: 90%, delay: 5s},
         pauses: {every: 20m, for: 2m}, cost_per_answer: 2.1, cost_per_talk_minute: 0.4}
  late: {skills: {calls: 3}, head_count: {file: heads.csv}}
  named: {skills: {calls: 4}, roster: people.csv}
  leads: {agents: 1, role: supervisor}
supervision: {team: leads, queues: [sales], probability: 20%, after: 30s, lasts: 1m}
arrivals:
  - {channel: web, queue: sales, file: forecast.csv, labels: {gold: 10%}}
  - {channel: web, queue: help, per_hour: 20}
  - {replay: recorded.csv}
waiting_rooms: {site: {capacity: 30, queues: [sales, help]}}
customers:
  after_abandon: {come_back: 30%, after: 5m, at_most: 2, patience: same, only_while_open: on}
targets: [{metric: service_level, queue: calls, at_least: 10%}]
staffing:
  goals: [{metric: service_level, queue: calls, at_least: 10%}]
  teams: {crew: {min: 1, max: 9}}
  shifts:
    - {team: crew, from: ["08:00", "08:15"], every: 15m, lasts: 45m, breaks: [{after: [15m, 20m], every: 5m, for: 5m}]}
"""
RESULT_DAY = """\
lasts: 10m
replications: 2
media: {chat: {max_tasks: 1}}
channels: {web: {medium: chat}}
queues: {desk: {medium: chat, handle_time: 1m}}
teams: {crew: {agents: 2, skills: {desk: 5}}}
arrivals: [{channel: web, queue: desk, per_hour: 60}]
"""
GIVEN = "interval_start,team,agents\n08:00,crew,3\n08:30,crew,2\n"
SHIFTS = """\
shifts:
  - {team: crew, lasts: 30m, premium: 5%, breaks: [{after: 10m, for: 5m, paid: on}]}
  - {team: late, from: "08:15", lasts: 45m, share_at_most: 50%}
"""
TARGET = "targets: [{metric: abandon_rate, at_most: 90%}]\n"
EXPORT = """\
Start;Queue;Calls;AHT
02.03.2026 08:00;calls;12,5;3:32
02.03.2026 08:00;help;7;4:00
02.03.2026 08:30;calls;11;3:51
02.03.2026 08:30;help;9;4:10
"""
GRID = """\
Interval;Mo;Di;Mi
08:00;12,5;11;7
08:30;9;8,5;-
09:00;1;2;3
"""
"""A forecast with a column a weekday, which needs no mapping."""
ROSTER_GRID = """\
first name;last name;Mo;Di;Mi
Anna;Berg;7:30-16:00;frei;9-17
Bo;Berg;;22-6;08:00-12:00/13:00-17:00
"""
"""A roster with a column a weekday, which needs no mapping."""
ROSTER = """\
Name;Day;Begin;End;What;Lunch;Calls level
Anna;02.03.2026;07:30;08:40;Phone;;3
Anna;02.03.2026;08:10;08:20;Break;;
Bo;mon-fri;8:00 AM;4:30 PM;;12:00-12:30;7
Bo;03.03.2026;;;Vacation;;
Cem;02.03.2026;08:30;02:00;Phone;23:00-23:30,01:00-01:10;
"""
ROSTERED = (
    "{file: export.csv, person: Name, date: Day, from: Begin, to: End, activity: What, breaks: [Lunch], "
    "levels: {Calls level: calls}}"
)
PLAN: list[list[Any]] = [
    ["Start", "Queue", "Calls", "AHT"],
    ["08:00", "calls", 12.5, 212],
    ["08:30", "calls", 11, 231],
]
EXPORTED = "{{path: export.{ending}, start: Start, volume: Calls, aht: AHT, where: {{Queue: calls}}}}"
CALLS = """\
date_received,queue_name,answered,hangup,consult,transfer,agent_number
2014-03-03 09:00:00,1,2014-03-03 09:00:20,2014-03-03 09:05:00,NULL,NULL,12
2014-03-03 09:01:00,2,NULL,2014-03-03 09:02:30,NULL,NULL,NULL
2014-03-03 09:03:00,1,2014-03-03 09:03:10,2014-03-03 09:09:00,2014-03-03 09:05:00,2014-03-03 09:06:00,13
"""
MAP = """\
columns: {queue: queue_name, offered_at: date_received, answered_at: answered, ended_at: hangup, agent: agent_number}
prefix: {queue: q}
missing: ["NULL"]
times: "%Y-%m-%d %H:%M:%S"
"""
FILES = {
    "seen.csv": "s\n60\n90\n120\n",
    "heads.csv": "interval_start,agents\n08:00,1\n08:30,2\n",
    "forecast.csv": "interval_start,volume,aht_s\n08:00,10,100\n08:30,12,\n",
    "people.csv": "person,date,from,to,activity,calls\nAnna,2026-03-02,08:00,09:00,work,\n"
    "Anna,2026-03-02,08:20,08:30,break,\nBo,mon-fri,22:00,08:30,,7\n",
    "recorded.csv": "contact_id,channel,queue,offered_at,patience_s,waited_s,outcome,wrap_up_s,transfer_to,agent\n"
    "a,web,sales,08:05,60,20,answered,5,help,crew-1\nb,phone,calls,08:09,,30,abandoned,,,\nc,web,help,08:10,,9,answered,,-,\n",
}
