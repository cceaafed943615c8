"""One mistake at a time: place, key, what is wrong, what is allowed, the nearest name."""

import pytest

from sim.scenario.error_messages import OTHER_WORDS
from sim.scenario.routing import Routing
from sim.scenario.schema import keys_by_name

from .small import SMALL, mistakes, text_with


def with_queue(part: str) -> str:
    return text_with(queues="queues:\n  sales:\n    medium: chat\n    handle_time: 5m\n" + part)


def with_team(part: str) -> str:
    return text_with(teams="teams:\n  crew:\n    skills: {sales: 5}\n" + part)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (text_with(interval="intervall: 30m"),
         "day.yaml:16:1: intervall: unknown key `intervall`; did you mean `interval`?"),
        (text_with(arrivals="arrivals:\n  - {channel: web, queue: sales, per_hour: 60,5}"),
         "day.yaml:13:47: arrivals.0.5: unknown key `5`; if it is the end of a decimal, write a point, as in 60.5"),
        (text_with(interval="interval: 0m"), "day.yaml:16:11: interval: `0m` has to be above 0s"),
        (text_with(opens="opens: 08:00"),
         "day.yaml:2:8: opens: `08:00` is not a local date and time; write one such as 2026-03-02 08:00"),
        (text_with(lasts="lasts: -1h"),
         "day.yaml:1:8: lasts: `-1h` is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d"),
        (text_with(closing="closing: serve"),
         "day.yaml:16:10: closing: `serve` is not allowed; did you mean `serve_out`? "
         "allowed: `serve_out`, `clear_queues`"),
        (text_with(drain="drain: forever"),
         "day.yaml:16:8: drain: `forever` is not a duration; write until_empty, 90 (seconds), 90s, 5m, 1.5h or 2d"),
        (text_with(seed="seed: 1.5"), "day.yaml:16:7: seed: `1.5` is not a whole number"),
        (text_with(seed="seed: 1" + 60 * "0" + "1"),
         "day.yaml:16:7: seed: `a whole number of more than 60 digits` is too much"),
        (text_with(seed="seed: -1"), "day.yaml:16:7: seed: `-1` has to be at least 0"),
        (text_with(replications="replications: 0"), "day.yaml:16:15: replications: `0` has to be at least 1"),
        (text_with(name="name: 2026"), "day.yaml:16:7: name: `2026` is not text; write it in quotes"),
        (text_with(busyness="busyness: 8%"), "day.yaml:16:11: busyness: `8%` is not a mapping (key: value); "
         "its keys are `sd`, `interval_sd`, `every`"),
        (text_with(busyness="busyness: {sd: -8%}"),
         "day.yaml:16:16: busyness.sd: `-8%` is not a share; write 35% or 0.35"),
        (text_with(targets="targets: {metric: asa}"), "day.yaml:16:10: targets: `{metric: asa}` is not a list"),
        (text_with(targets="targets: [{metric: asa}]"), "day.yaml:16:11: targets.0: give at_least or at_most"),
        (text_with(targets="targets: [{metric: asa, at_least: 5m, at_most: 1m}]"),
         "day.yaml:16:11: targets.0: at_least (300) is above at_most (60)"),
        (text_with(targets="targets:\n  - {metric: asa, at_most: soon}"),
         "day.yaml:17:28: targets.0.at_most: `soon` is no number; write 12, 70% or 4m"),
        (text_with(targets="targets:\n  - {metric: asa, at_most: 1m, kind: inbond}"),
         "day.yaml:17:38: targets.0.kind: `inbond` is not allowed; did you mean `inbound`? "
         "allowed: `inbound`, `transfer`, `named_transfer`, `conference`, `rerouted`"),
        (text_with(labels="labels: {gold: {priority: 11}}"),
         "day.yaml:5:27: labels.gold.priority: `11` has to be at most 10"),
        (text_with(labels="labels: {gold.card: {priority: 1}}"),
         "day.yaml:5:10: labels.gold.card: `gold.card` is not a name; "
         "letters, digits, `_`, `-` and spaces, at most 50"),
        (text_with(media="media: {chat: {max_tasks: 0}, voice: {max_tasks: 1}}"),
         "day.yaml:3:27: media.chat.max_tasks: `0` has to be at least 1"),
        (text_with(media="media: {chat: {max_tasks: 2, slowdown: 10%, pace: [1, 0.5]}, voice: {max_tasks: 1}}"),
         "day.yaml:3:15: media.chat: give slowdown or pace, not both"),
        (text_with(media="media: {chat: {max_tasks: 2, pace: [100%, 0]}, voice: {max_tasks: 1}}"),
         "day.yaml:3:43: media.chat.pace.1: `0` has to be above 0"),
        (text_with(channels="channels: {web: {medium: chat, identified: 120%}, phone: {medium: voice}}"),
         "day.yaml:4:44: channels.web.identified: `120%` has to be at most 100%"),
        (text_with(channels="channels: {web: {medium: chat, identified: 1.2}, phone: {medium: voice}}"),
         "day.yaml:4:44: channels.web.identified: `1.2` has to be at most 1"),
        (text_with(channels="channels: {web: {medium: chat, lines: 0}, phone: {medium: voice}}"),
         "day.yaml:4:39: channels.web.lines: `0` has to be at least 1"),
        (text_with(channels="channels: {}"), "day.yaml:4:11: channels: there has to be at least one entry"),
        (text_with(routing="routing: {agent_selection: fewest}"),
         "day.yaml:16:28: routing.agent_selection: unknown policy `fewest`; did you mean `fewest_tasks`?"),
        (text_with(routing="routing: {queue_priority: perhaps}"),
         "day.yaml:16:27: routing.queue_priority: `perhaps` is not a switch; write on or off"),
        (text_with(routing="routing: {requeue_priority: 12}"),
         "day.yaml:16:29: routing.requeue_priority: `12` has to be at most 11"),
        (text_with(routing="routing: {transfer_priority: 11}"),
         "day.yaml:16:30: routing.transfer_priority: `11` has to be at most 10"),
        (text_with(routing="routing:"), "day.yaml:16:1: routing: `nothing` is not a mapping (key: value); its keys are "
            + ", ".join(f"`{key}`" for key in Routing.model_fields)),
        (with_queue("    priority: 11"), "day.yaml:10:15: queues.sales.priority: `11` has to be at most 10"),
        (with_queue("    service_level: {within: 20s, target: 80}"),
         "day.yaml:10:42: queues.sales.service_level.target: `80` has to be at most 1; did you mean `80%`?"),
        (with_queue("    service_level: {within: 20s, target: 80%, variant: exclude_short}"),
         "day.yaml:10:20: queues.sales.service_level: variant `exclude_short` needs the key short"),
        (with_queue("    service_level: {within: 20s, target: 80%, short: 5s}"),
         "day.yaml:10:20: queues.sales.service_level: variant `offered` does not use the key short"),
        (with_queue("    pull: {join: 50%}"), "day.yaml:7:3: queues.sales: the key pull needs mode: pull"),
        (with_queue("    steps: [{needs: sales >= 1 and}]"),
         "day.yaml:10:21: queues.sales.steps.0.needs: expected the name of a skill but found the end"),
        (with_queue("    steps: [{needs: 3}]"),
         'day.yaml:10:21: queues.sales.steps.0.needs: `3` is no expression; write for example "general >= 1"'),
        (with_queue(f"    steps: [{', '.join(['{needs: sales >= 1, for: 5s}'] * 11)}]"),
         "day.yaml:10:12: queues.sales.steps: at most 10 entries are possible, there are 11"),
        (with_queue("    transfer: {probability: 5%}"), "day.yaml:10:5: queues.sales.transfer.to: this key is missing"),
        (with_queue("    transfer: {probability: 5%, to: {}}"),
         "day.yaml:10:37: queues.sales.transfer.to: there has to be at least one entry"),
        (with_queue("    conference: {probability: 5%, to: {sales: 1}, then: {guest_leaves: 40%}}"),
         "day.yaml:10:57: queues.sales.conference.then: the shares sum to 40%, they have to sum to 100%"),
        (with_team("    agents: many"), "day.yaml:13:13: teams.crew.agents: `many` is not a whole number"),
        (with_team(""),
         "day.yaml:11:3: teams.crew: agents is missing; give the number of agents, here or in every shift"),
        (with_team("    agents: 1\n    after_ring: {chat: pause}"),
         "day.yaml:14:24: teams.crew.after_ring.chat: `pause` is neither `ready` nor {not_ready: 2m}"),
        (with_team("    agents: 1\n    after_ring: {chat: {not_ready: soon}}"),
         "day.yaml:14:36: teams.crew.after_ring.chat.not_ready: "
         "`soon` is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d"),
        (with_team("    agents: 1\n    accept: {delay: {exponential: {mean: 0}}}"),
         "day.yaml:14:42: teams.crew.accept.delay.exponential.mean: `0` has to be above 0"),
        (with_team("    agents: 1\n    speed: {sales: 0%}"),
         "day.yaml:14:20: teams.crew.speed.sales: `0%` has to be above 0%"),
        (with_team("    agents: 1\n    role: boss"),
         "day.yaml:14:11: teams.crew.role: `boss` is not allowed; allowed: `agent`, `supervisor`"),
        (with_team("    shifts: [{from: 8, to: '10:00', agents: 1}]"),
         'day.yaml:13:21: teams.crew.shifts.0.from: `8` is not a clock time; write "08:00" (after midnight "26:00")'),
        (with_team("    shifts: [{from: '08:00', to: '10:00'}, {from: '08:00', to: '10:00', agents: 1}]"),
         "day.yaml:11:3: teams.crew: give agents in every shift or in none"),
        (with_team("    head_count: {agents: [1, 1]}\n    shifts: [{from: '08:00', to: '10:00', agents: 1}]"),
         "day.yaml:11:3: teams.crew: give shifts or head_count, not both"),
        (with_team("    agents: 2\n    head_count: {agents: [1, 3]}"),
         "day.yaml:11:3: teams.crew: agents is 2, but the largest head-count is 3"),
        (with_team("    head_count: {agents: []}"),
         "day.yaml:13:26: teams.crew.head_count.agents: there has to be at least one entry"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales}]"),
         "day.yaml:12:12: arrivals.0: give one of per_hour, file and replay, not none"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales, per_hour: 1, file: x.csv}]"),
         "day.yaml:12:60: arrivals.0.file: `x.csv` cannot be read, since this scenario is in no folder"),
        (text_with(arrivals="arrivals: [{channel: web, per_hour: 1}]"),
         "day.yaml:12:12: arrivals.0: queue is missing"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales, per_hour: [1, x]}]"),
         "day.yaml:12:55: arrivals.0.per_hour.1: `x` is not a number"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales, per_hour: -1}]"),
         "day.yaml:12:51: arrivals.0.per_hour: `-1` has to be at least 0"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales, per_hour: 1, forecast: [[0, 1, 2]]}]"),
         "day.yaml:12:54: arrivals.0.forecast: unknown key `forecast`; did you mean `file`?"),
    ],
)  # fmt: skip
def test_one_mistake(text: str, line: str) -> None:
    assert line in mistakes(text)


def test_missing_keys_are_shown_at_their_owner() -> None:
    assert mistakes("name: Nothing") == [
        f"day.yaml:1:1: {key}: this key is missing"
        for key in ("lasts", "media", "channels", "queues", "teams")
    ]


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    text = text_with(
        lasts="lasts: long",
        channels="channels: {web: {medium: chatt, identified: 3}, phone: {medium: voice}}",
        queues="""
            queues:
              sales: {medium: chat, handle_time: 5 min, transfer: {probability: 5%, to: {hlp: 100%}}}
              help: {medium: chat, handle_time: 5m, steps: [{needs: "helb > 1 or ("}, {needs: helb >= 1}]}
              calls: {medium: voice, handle_time: 5m, medium: chat}
        """,
        targets="targets: [{metric: asa, queue: sails, at_most: 1m}]",
    )
    assert mistakes(text, ["teams.crew.agents=few", "teams.krew.agents=2"]) == [
        "day.yaml:1:8: lasts: `long` is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d",
        "day.yaml:4:26: channels.web.medium: unknown medium `chatt`; did you mean `chat`?",
        "day.yaml:4:45: channels.web.identified: `3` has to be at most 1; did you mean `3%`?",
        "day.yaml:7:38: queues.sales.handle_time: "
        "`5 min` is not a duration; write 90 (seconds), 90s, 5m, 1.5h or 2d",
        "day.yaml:7:78: queues.sales.transfer.to.hlp: unknown queue `hlp`; did you mean `help`?",
        "day.yaml:8:57: queues.help.steps.0.needs: expected the name of a skill but found the end",
        "day.yaml:8:83: queues.help.steps.1.needs: unknown skill `helb`; did you mean `help`?",
        "day.yaml:9:43: queues.calls.medium: this key is there twice, first in line 9",
        "day.yaml:16:32: targets.0.queue: unknown queue `sails`; did you mean `sales`?",
        "--set teams.crew.agents: `few` is not a whole number",
        "--set teams.krew.agents: there is no `krew` in teams; did you mean `crew`?",
    ]


def test_a_faulty_part_is_not_the_reason_for_further_mistakes() -> None:
    # Without its agents, its ring time or its hours, other things would look wrong that are not.
    text = text_with(
        opens="opens: at eight",
        queues="queues:\n  sales: {medium: chat, handle_time: 5m, ring_time: short}\n  help: {medium: chat}\n"
        "  calls: {medium: voice, handle_time: 5m, steps: [{needs: calls >= 1, for: ever}, {needs: calls >= 1}]}",
        channels="channels: {web: {medium: chat, request_ttl: 30s}, phone: {medium: voice}}",
        teams="teams:\n  crew: {skills: {sales: x, help: 1, calls: 1}, "
        "shifts: [{from: '08:00', to: '10:00', agents: 1}]}",
    )
    assert [line.split(": ")[1] for line in mistakes(text)] == [
        "opens",
        "queues.sales.ring_time",
        "queues.help.handle_time",
        "queues.calls.steps.0.for",
        "teams.crew.skills.sales",
    ]


def test_items_of_a_list_keep_their_number_when_one_of_them_is_faulty() -> None:
    text = text_with(
        arrivals="""
            arrivals:
              - {channel: web, queue: sales}
              - {channel: web, queue: help, per_hour: few}
              - {channel: wep, queue: help, per_hour: 3}
        """
    )
    assert (
        mistakes(text)[-1] == "day.yaml:15:15: arrivals.2.channel: unknown channel `wep`; did you mean `web`?"
    )


def test_long_values_are_shortened_and_control_characters_escaped() -> None:
    line = mistakes(SMALL.replace("lasts: 2h", f'lasts: "a\\nb{"x" * 100}"'))[0]
    assert line.startswith("day.yaml:1:8: lasts: `a\\nbxxx")
    assert len(line) < 170


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("after_ring: {chat: {pause: 3, not_ready: 5m}}",
         "day.yaml:14:25: teams.crew.after_ring.chat.pause: unknown key `pause`; there is `not_ready`, `misses`, "
         "`log_out`"),
        ("after_ring: {chat: {not_ready: 5m, not_redy: 3}}",
         "day.yaml:14:40: teams.crew.after_ring.chat.not_redy: unknown key `not_redy`; did you mean `not_ready`?"),
        ("wrap_up: {exponential: {mean: 5m}, sd: 4m}",
         "day.yaml:14:40: teams.crew.wrap_up.sd: `sd` does not go beside `exponential`; "
         "what belongs to the law stands in its braces"),
        ("patience: 5m",
         "day.yaml:14:5: teams.crew.patience: unknown key `patience`; it is a key of `queues` "
         "and of `queues.transfer` and of `customers.after_abandon`"),
    ],
)  # fmt: skip
def test_a_choice_of_forms_is_judged_as_the_one_that_was_meant(part: str, line: str) -> None:
    assert line in mistakes(with_team(f"    agents: 2\n    {part}\n"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (with_queue("    absence: 5%\n"),
         "day.yaml:10:5: queues.sales.absence: unknown key `absence`; it is a key of `teams`"),
        (text_with(request_ttl="request_ttl: 5m"),
         "day.yaml:16:1: request_ttl: unknown key `request_ttl`; it is a key of `channels` and of `queues`"
         " and of `queues.transfer`"),
        (text_with(routing="routing: {interval: 30m}"),
         "day.yaml:16:11: routing.interval: unknown key `interval`; it is a key of the scenario itself"
         " and of `targets` and of `staffing.goals`"),
        (text_with(busyness="busyness: {sd: 6}"),
         "day.yaml:16:16: busyness.sd: `6` is too much; at most 3 "
         "(the factor is 0 on nearly all days beyond that); did you mean `6%`?"),
    ],
)  # fmt: skip
def test_a_key_of_another_part_is_sent_there(text: str, line: str) -> None:
    assert line in mistakes(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (text_with(starts="starts: 08:00"), "day.yaml:16:1: starts: unknown key `starts`; did you mean `opens`?"),
        (text_with(start="start: 08:00"), "day.yaml:16:1: start: unknown key `start`; did you mean `opens`?"),
        (with_queue("    ACW: 30s\n"), "day.yaml:10:5: queues.sales.ACW: unknown key `ACW`; did you mean `wrap_up`?"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales, forecast: f.csv}]"),
         "day.yaml:12:41: arrivals.0.forecast: unknown key `forecast`; did you mean `file`?"),
        (text_with(arrivals="arrivals: [{channel: web, queue: sales, rate: 60}]"),
         "day.yaml:12:41: arrivals.0.rate: unknown key `rate`; did you mean `per_hour`?"),
        (with_team('    agents: "5"\n'),
         "day.yaml:13:13: teams.crew.agents: `5` is not a whole number; leave out the quotation marks"),
    ],
)  # fmt: skip
def test_what_other_tools_call_a_key_and_a_number_in_quotes_are_told(text: str, line: str) -> None:
    assert line in mistakes(text)


def test_other_words_are_those_for_keys_that_there_are() -> None:
    assert OTHER_WORDS.keys() <= keys_by_name().keys()


def test_names_of_an_item_are_checked_beside_its_rate_that_is_no_number() -> None:
    found = mistakes(text_with(arrivals="arrivals: [{channel: wep, queue: sale, per_hour: 40 - 60}]"))
    assert [line.split(": ")[1] for line in found] == [
        "arrivals.0.channel", "arrivals.0.queue", "arrivals.0.per_hour",
    ]  # fmt: skip
