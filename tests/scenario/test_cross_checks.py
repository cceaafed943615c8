"""What does not fit together, though each part is right in itself."""

import pytest

from sim.scenario import dump, loads

from .small import SMALL, mistakes, text_with


def queues(sales: str = "", calls: str = "") -> str:
    return text_with(
        queues="queues:\n"
        f"  sales: {{medium: chat, handle_time: 5m{sales}}}\n"
        "  help: {medium: chat, handle_time: 5m}\n"
        f"  calls: {{medium: voice, handle_time: 5m{calls}}}"
    )


def team(rest: str, skills: str = "{sales: 5, help: 5, calls: 5}") -> str:
    return text_with(teams=f"teams:\n  crew: {{skills: {skills}, {rest}}}")


def stream(rest: str) -> str:
    return text_with(arrivals=f"arrivals:\n  - {{{rest}}}")


SUPERVISED = "team: {team}, queues: [sales], probability: 3%, after: 1m, lasts: 1m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # names
        (text_with(channels="channels: {web: {medium: chatt}, phone: {medium: voice}}"),
         ["day.yaml:4:26: channels.web.medium: unknown medium `chatt`; did you mean `chat`?"]),
        (queues(sales=", transfer: {probability: 5%, to: {hlp: 100%}}"),
         ["day.yaml:7:75: queues.sales.transfer.to.hlp: unknown queue `hlp`; did you mean `help`?"]),
        (queues(sales=", conference: {probability: 5%, to: {xyz: 100%}}"),
         ["day.yaml:7:77: queues.sales.conference.to.xyz: unknown queue `xyz`; there is `sales`, `help`, `calls`"]),
        (queues(sales=", steps: [{needs: sails >= 1}]"),
         ["day.yaml:7:58: queues.sales.steps.0.needs: unknown skill `sails`; did you mean `sales`?"]),
        (team("agents: 1, speed: {sale: 90%}"),
         ["day.yaml:11:68: teams.crew.speed.sale: unknown queue `sale`; did you mean `sales`?"]),
        (team("agents: 1, max_tasks: {chats: 1}"),
         ["day.yaml:11:72: teams.crew.max_tasks.chats: unknown medium `chats`; did you mean `chat`?"]),
        (team("agents: 1, after_ring: {mail: ready}"),
         ["day.yaml:11:73: teams.crew.after_ring.mail: unknown medium `mail`; there is `chat`, `voice`"]),
        (text_with(supervision=f"supervision: {{{SUPERVISED.format(team='leeds')}}}"),
         ["day.yaml:16:21: supervision.team: unknown team `leeds`; there is `crew`"]),
        (text_with(supervision=f"supervision: {{{SUPERVISED.format(team='crew')}}}"),
         ["day.yaml:16:21: supervision.team: team `crew` has the role `agent`; only supervisors look in"]),
        (stream("channel: web, queue: sales, per_hour: 1, labels: {silver: 5%}"),
         ["day.yaml:13:56: arrivals.0.labels.silver: unknown label `silver`; there is `gold`"]),
        (text_with(targets="targets: [{metric: occupancy, team: krew, at_most: 80%}]"),
         ["day.yaml:16:37: targets.0.team: unknown team `krew`; did you mean `crew`?"]),
        # media
        (stream("channel: web, queue: calls, per_hour: 1"),
         ["day.yaml:13:27: arrivals.0.queue: queue `calls` is of medium `voice`, channel `web` of `chat`; "
          "they have to be of the same"]),
        (queues(sales=", transfer: {probability: 5%, to: {help: 50%, calls: 50%}}"),
         ["day.yaml:7:86: queues.sales.transfer.to.calls: queue `calls` is of medium `voice`, "
          "queue `sales` of `chat`; a conversation keeps its medium"]),
        (queues(calls=", conference: {probability: 5%, to: {help: 100%}}"),
         ["day.yaml:9:78: queues.calls.conference.to.help: queue `help` is of medium `chat`, "
          "queue `calls` of `voice`; a conversation keeps its medium"]),
        (team("agents: 1, max_tasks: {chat: 4}"),
         ["day.yaml:11:78: teams.crew.max_tasks.chat: `4` is above the 3 of medium `chat`; a team may only lower it"]),
        # shares
        (queues(sales=", transfer: {probability: 5%, to: {help: 50%, sales: 40%}}"),
         ["day.yaml:7:74: queues.sales.transfer.to: the shares sum to 90%, they have to sum to 100%"]),
        (stream("channel: web, queue: sales, per_hour: 1, labels: {gold: 101%}"),
         ["day.yaml:13:62: arrivals.0.labels.gold: `101%` has to be at most 100%"]),
        # service
        (team("agents: 1", skills="{sales: 5, helpdesk: 5, calls: 5}"),
         ["day.yaml:8:3: queues.help: nobody can serve this queue; no team has a skill `help`, "
          "did you mean `helpdesk`?"]),
        (team("agents: 1, max_tasks: {voice: 0}"),
         ["day.yaml:9:3: queues.calls: nobody can serve this queue; "
          "team `crew` has no agents with tasks in `voice`"]),
        (queues(sales=", steps: [{needs: sales >= 9}]"),
         ["day.yaml:7:3: queues.sales: nobody can serve this queue; "
          "no team has the skills that any of its steps needs"]),
        (text_with(channels="channels: {web: {medium: chat, request_ttl: 60s}, phone: {medium: voice}}"),
         ["day.yaml:4:45: channels.web.request_ttl: `1m` has to be above the ring time; queue `sales` rings for 1m"]),
        # rules
        (queues(sales=", steps: [{needs: sales >= 1}, {needs: help >= 1}]"),
         ["day.yaml:7:50: queues.sales.steps.0: `for` is missing; only the last step may be without it"]),
        (text_with(routing="routing: {request_selection: priority_with_ageing}"),
         ["day.yaml:16:30: routing.request_selection: priority_with_ageing needs `ageing`, "
          "the waiting time that counts as one point, above 0s"]),
        (queues(sales=", transfer: {probability: 100%, after: 0%, to: {sales: 100%}}"),
         ["day.yaml:7:52: queues.sales.transfer: conversations would be handed on without end and "
          "without time passing among `sales`"]),
        (text_with(warm_up="warm_up: 2h"),
         ["day.yaml:16:10: warm_up: `2h` is not below `lasts` (2h); nothing would be measured"]),
        # times
        (stream("channel: web, queue: sales, per_hour: [1, 2, 3]"),
         ["day.yaml:13:44: arrivals.0.per_hour: there are 3 values, but 2 are needed, one for every 1h of 2h"]),
        (stream("channel: web, queue: sales, per_hour: [1, 2], every: 45m"),
         ["day.yaml:13:44: arrivals.0.per_hour: there are 2 values, but 3 are needed, one for every 45m of 2h"]),
        (team("head_count: {agents: [1, 2, 3], every: 30m}"),
         ["day.yaml:11:70: teams.crew.head_count.agents: there are 3 values, but 4 are needed, "
          "one for every 30m of 2h"]),
        (team("shifts: [{from: '07:00', to: '09:00', agents: 1}]"),
         ["day.yaml:11:58: teams.crew.shifts.0: the shift 07:00 to 09:00 is not within the opening hours "
          "08:00 to 10:00"]),
        (team("shifts: [{from: '08:00', to: '10:01', agents: 1}]"),
         ["day.yaml:11:58: teams.crew.shifts.0: the shift 08:00 to 10:01 is not within the opening hours "
          "08:00 to 10:00"]),
        (team("shifts: [{from: '09:00', to: '08:30', agents: 1}]"),
         ["day.yaml:11:58: teams.crew.shifts.0: the shift 09:00 to 08:30 does not end after it begins; "
          "after midnight write 26:00 for 02:00"]),
        (team("shifts: [{from: '08:00', to: '09:00', agents: 1, breaks: [{at: '08:50', for: 15m}]}]"),
         ["day.yaml:11:107: teams.crew.shifts.0.breaks.0: the break 08:50 to 09:05 is not within the shift "
          "08:00 to 09:00"]),
        (team("shifts: [{from: '08:00', to: '10:00', agents: 1, "
              "breaks: [{at: '09:00', for: 15m}, {at: '08:50', for: 15m}]}]"),
         ["day.yaml:11:107: teams.crew.shifts.0.breaks.0: the break at 09:00 overlaps the one at 08:50"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_together(text: str, expected: list[str]) -> None:
    assert mistakes(text) == expected


def test_without_opens_the_day_begins_at_midnight() -> None:
    text = team("shifts: [{from: '08:00', to: '10:00', agents: 1}]").replace("opens: 2026-03-02 08:00\n", "")
    assert mistakes(text) == [
        "day.yaml:10:58: teams.crew.shifts.0: the shift 08:00 to 10:00 is not within the opening hours "
        "00:00 to 02:00 (`opens` is not given, so the day begins at 00:00)"
    ]


def test_a_night_shift_ends_after_24_hours() -> None:
    text = team("shifts: [{from: '22:00', to: '30:00', agents: 1}]")
    text = text.replace("08:00", "22:00").replace("lasts: 2h", "lasts: 8h")
    assert loads(text).teams["crew"].shifts[0].to == 30 * 3600


def test_labels_of_a_stream_may_not_exceed_all_customers() -> None:
    text = text_with(
        labels="labels: {gold: {priority: 8}, silver: {}}",
        arrivals="arrivals:\n  - {channel: web, queue: sales, per_hour: 1, labels: {gold: 60%, silver: 50%}}",
    )
    assert mistakes(text) == [
        "day.yaml:13:55: arrivals.0.labels: the shares sum to 110%, at most 100% is possible"
    ]


def test_transfers_make_a_queue_requested_too() -> None:
    text = text_with(
        queues="queues:\n"
        "  sales: {medium: chat, handle_time: 5m, transfer: {probability: 1%, to: {help: 100%}}}\n"
        "  help: {medium: chat, handle_time: 5m, conference: {probability: 1%, to: {expert: 100%}}}\n"
        "  expert: {medium: chat, handle_time: 5m}\n"
        "  idle: {medium: chat, handle_time: 5m}",
        teams="teams:\n  crew: {agents: 1, skills: {sales: 1, help: 1}}",
        arrivals="arrivals: [{channel: web, queue: sales, per_hour: 3}]",
    )
    assert mistakes(text) == [
        "day.yaml:9:3: queues.expert: nobody can serve this queue; no team has a skill `expert`, "
        "there is `sales`, `help`"
    ]


def test_the_ttl_has_to_be_above_the_ring_time_of_every_queue_that_is_reached() -> None:
    text = text_with(
        channels="channels: {web: {medium: chat, request_ttl: 61s}, phone: {medium: voice}}",
        queues="queues:\n"
        "  sales: {medium: chat, handle_time: 5m, transfer: {probability: 1%, to: {help: 100%}}}\n"
        "  help: {medium: chat, handle_time: 5m, ring_time: 90s}",
        arrivals="arrivals: [{channel: web, queue: sales, per_hour: 3}]",
    )
    assert mistakes(text) == [
        "day.yaml:4:45: channels.web.request_ttl: `61s` has to be above the ring time; queue `help` rings for 90s"
    ]
    assert loads(text, overrides=["queues.help.ring_time=60s"]).channels["web"].request_ttl == 61


ALL_TO = "transfer: {probability: 100%, after: 0%, to: "


@pytest.mark.parametrize(
    "more",
    [
        "transfer: {probability: 99%, after: 0%, to: {sales: 100%}}",
        "transfer: {probability: 100%, after: 1%, to: {sales: 100%}}",
        ALL_TO + "{sales: 99%, other: 1%}}",
    ],
)
def test_a_circle_that_is_left_or_takes_time_is_allowed(more: str) -> None:
    text = text_with(
        queues="queues:\n"
        f"  sales: {{medium: chat, handle_time: 5m, {ALL_TO}{{help: 100%}}}}}}\n"
        "  help: {medium: chat, handle_time: 5m, MORE}\n"
        "  other: {medium: chat, handle_time: 5m}",
        teams="teams: {crew: {agents: 1, skills: {sales: 1, help: 1, other: 1}}}",
        arrivals="arrivals: [{channel: web, queue: sales, per_hour: 3}]",
    )
    assert loads(text.replace("MORE", more))
    endless = text.replace("MORE", ALL_TO + "{sales: 100%, other: 0%}}")
    assert loads(endless, overrides=["teams.crew.accept.delay=1s"])
    assert loads(endless, overrides=["teams.crew.accept.probability=99%"])
    found = mistakes(endless)
    assert len(found) == 1
    assert found[0].endswith("without time passing among `sales`, `help`")


def test_a_list_is_not_served_by_offers() -> None:
    text = SMALL.replace("help: {medium: chat, ", "help: {medium: chat, mode: pull, ").replace(
        "help: 5, ", ""
    )
    text = text.replace("web: {medium: chat}", "web: {medium: chat, request_ttl: 65s}")
    text = text.replace("mode: pull,", "mode: pull, ring_time: 5m,")
    assert loads(text).queues["help"].mode == "pull"


NIGHT = """\
teams:
  crew:
    agents: 3
    skills: {{sales: 5, help: 5, calls: 5}}
    shifts: [{{from: "22:00", to: "30:00", breaks: [{{at: {}, for: 30m}}]}}]
"""


def at_night(at: str) -> str:
    return text_with(opens="opens: 2026-03-02 22:00", lasts="lasts: 8h", teams=NIGHT.format(f'"{at}"'))


@pytest.mark.parametrize(
    ("at", "read"), [("02:00", 26.0), ("26:00", 26.0), ("05:30", 29.5), ("22:00", 22.0), ("00:00", 24.0)]
)
def test_a_break_after_midnight_is_read_as_the_shift_has_it(at: str, read: float) -> None:
    scenario = loads(at_night(at))
    assert scenario.teams["crew"].shifts[0].breaks[0].at == read * 3600
    assert loads(dump(scenario)) == scenario


def test_a_break_after_midnight_that_does_not_fit_says_how_it_is_written() -> None:
    assert mistakes(at_night("05:45")) == [
        "day.yaml:14:52: teams.crew.shifts.0.breaks.0: the break 05:45 to 06:15 is not within the shift "
        "22:00 to 30:00; 05:45 after midnight is written 29:45"
    ]
    assert mistakes(at_night("12:00")) == [
        "day.yaml:14:52: teams.crew.shifts.0.breaks.0: the break 12:00 to 12:30 is not within the shift 22:00 to 30:00"
    ]
