"""Why Erlang's formulas and the simulation of a scenario differ."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from sim.experiments.erlang.sheet import ErlangSheet
from sim.experiments.result import Result
from sim.metrics import Figure
from sim.scenario import Constant, Exponential, Scenario
from sim.scenario.distributions import ByTime, CustomerLaw, Sum
from sim.scenario.numbers import duration_text
from sim.scenario.teams import serves

WORTH_TELLING = 0.005
"""Shares below this are not worth a line."""


class Reason(NamedTuple):
    """One property of a queue that the formulas leave out, under its topic."""

    queue: str
    topic: str
    text: str


def reasons(sheet: ErlangSheet, queue: str, result: Result, day: str = "") -> list[Reason]:
    """Return the reasons for a queue, with numbers from the scenario and from the simulation, of a date's if given."""
    found = _QueueReasons(sheet, queue, result, day)
    return [Reason(queue, topic, text) for topic, text in found.all()]


_Reasons = Iterator[tuple[str, str]]
"""Topic and text of each."""


class _QueueReasons:
    """The reasons for one queue of a scenario and of its result."""

    def __init__(self, sheet: ErlangSheet, queue: str, result: Result, day: str) -> None:
        self.scenario: Scenario = sheet.scenario
        self.sheet = sheet
        self.name = queue
        self.queue = self.scenario.queues[queue]
        self.result = result
        self.day = day
        self.teams = {name: self.scenario.teams[name] for name in sheet.teams_of(queue)}

    def all(self) -> _Reasons:
        yield from self._handed_in()
        yield from self._handed_on()
        yield from self._ringing()
        yield from self._concurrency()
        yield from self._sharing()
        yield from self._hours()
        yield from self._busyness()
        yield from self._wrap_up()
        yield from self._laws()
        yield from self._leaving()
        yield from self._priorities()
        yield from self._absence()

    def _figure(self, metric: str, kind: str = "") -> float:
        found: Figure = self.result.figure(metric, queue=self.name, kind=kind, day=self.day)
        return 0.0 if math.isnan(found.value) else found.value

    def _handed_in(self) -> _Reasons:
        first = self._figure("placed", "inbound")
        for kind, verb in (("transfer", "transferred in"), ("conference", "asked for as conferences")):
            count = self._figure("placed", kind) + (
                self._figure("placed", "named_transfer") if kind == "transfer" else 0
            )
            share = count / (first + count) if count else 0.0
            if share >= WORTH_TELLING and not first:
                yield kind + "s", f"nobody asks for it first: its {count:.0f} requests a day are all {verb}"
            elif share >= WORTH_TELLING:
                yield (
                    kind + "s",
                    f"{count:.0f} requests a day, {share:.0%} of all, are {verb}; a forecast has first contacts",
                )

    def _handed_on(self) -> _Reasons:
        transfer = self.queue.transfer
        if transfer is not None and transfer.probability >= WORTH_TELLING:
            done = "" if transfer.after == 1 else f" once {transfer.after:.0%} of the handling is done"
            yield (
                "transfers",
                f"{transfer.probability:.0%} are transferred on{done}; the formulas count the whole handle time",
            )

    def _ringing(self) -> _Reasons:
        missed = self._figure("missed_rate")
        if missed >= WORTH_TELLING:
            ring = duration_text(self.scenario.ring_time_of(self.name))
            yield (
                "ring-outs",
                f"{missed:.1%} of the offers ring out, and hold customer and agent for {ring} each",
            )
        delays = [team.accept.delay.mean for team in self.teams.values()]
        if max(delays, default=0.0) >= 1:
            yield (
                "ring-outs",
                f"an agent takes {max(delays):.0f} s to accept, which is part of no handle time",
            )

    def _concurrency(self) -> _Reasons:
        most = max((self.scenario.max_tasks_of(name, self.queue.medium) for name in self.teams), default=1)
        if most > 1:
            pace = self.scenario.media[self.queue.medium].pace_of(most)
            at = f" at {pace:.0%} of the pace" if pace != 1 else ""
            yield (
                "concurrency",
                f"an agent has up to {most} open at once and counts as {most} agents{at}, however many they have",
            )

    def _sharing(self) -> _Reasons:
        for name in self.teams:
            others = [q for q in self.scenario.queues if q != self.name and name in self.sheet.teams_of(q)]
            if others:
                yield (
                    "skills",
                    f"team {name} also serves {_listed(others)}: shared out by load, in truth it helps where need is",
                )
        late = [
            name
            for name in self.scenario.teams
            if name not in self.teams and serves(self.scenario, name, self.name)
        ]
        if late:
            after = duration_text(self.scenario.steps_of(self.name)[0].for_ or 0.0)
            yield "skills", f"after {after} team {_listed(late)} may help out, which the formulas do not know"

    def _hours(self) -> _Reasons:
        per_hour = self.sheet.per_hour(self.name)
        low, high = min(per_hour), max(per_hour)
        if high > 1.1 * low:
            yield (
                "hours",
                (
                    f"from {low:.0f} to {high:.0f} contacts an hour: each interval is taken as a steady state of its"
                    " own, which leaves no queue to the next"
                ),
            )

    def _busyness(self) -> _Reasons:
        laws = [
            s.busyness for s in self.scenario.arrivals if self.name in s.queues and s.busyness is not None
        ]
        for what, key in (("days", "sd"), ("intervals of a day", "interval_sd")):
            common = 0.0 if self.scenario.busyness is None else getattr(self.scenario.busyness, key)
            own = max((getattr(law, key) for law in laws), default=0.0)
            sd = math.sqrt((1 + common**2) * (1 + own**2) - 1)
            if sd and self._figure("placed", "inbound"):
                yield (
                    "overdispersion",
                    f"{what} differ by {sd:.1%} (standard deviation): bad ones cost more than good ones give back",
                )

    def _wrap_up(self) -> _Reasons:
        laws = [self.queue.wrap_up or team.wrap_up for team in self.teams.values()]
        longest = max((law.mean for law in laws), default=0.0)
        if longest:
            text = f"{longest:.0f} s of wrap-up hold the agent after each contact; in the formulas they are handle time"
            yield "wrap-up", text

    def _laws(self) -> _Reasons:
        for what, law in (("handle time", self.queue.handle_time), ("patience", self.queue.patience)):
            if law is not None and not isinstance(law, Exponential):
                yield "laws", f"its {what} is {_kind(law)}, not exponential"

    def _leaving(self) -> _Reasons:
        lost = self._figure("no_agent_rate", "inbound")
        if lost >= WORTH_TELLING:
            yield (
                "time to live",
                f"{lost:.1%} of the first requests end without an agent when their time is over",
            )
        balking = self.queue.balking
        if balking.share:
            nobody = "available" if balking.when == "nobody_available" else "free for them"
            yield "balking", f"{balking.share:.0%} leave at once when nobody is {nobody}"
        if self.queue.capacity is not None:
            yield "capacity", f"there are {self.queue.capacity} waiting places, in the formulas any number"

    def _priorities(self) -> _Reasons:
        labels = [n for s in self.scenario.arrivals if self.name in s.queues for n in s.labels]
        if labels:
            yield (
                "priorities",
                f"{_listed(list(dict.fromkeys(labels)))} customers go first, in the formulas it is first come",
            )

    def _absence(self) -> _Reasons:
        share = max((team.absence for team in self.teams.values()), default=0.0)
        if share:
            yield (
                "absence",
                f"{share:.0%} of the agents do not come, some days more and some fewer; the formulas take the mean",
            )
        pauses = [team.pauses for team in self.teams.values() if team.pauses is not None]
        away = max((one.for_.mean / (one.every.mean + one.for_.mean) for one in pauses), default=0.0)
        if away:
            yield (
                "pauses",
                f"agents are away for {away:.1%} of their time, which the formulas do not take off",
            )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _kind(law: CustomerLaw) -> str:
    named = {Constant: "always the same", ByTime: "another one by the time of day", Sum: "a sum of laws"}
    return named.get(type(law), type(law).__name__.lower())
