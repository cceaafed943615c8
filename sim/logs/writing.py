"""A calibration as a scenario file with its CSV files: every number with where it comes from, and how sure it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from sim.errors import SimError
from sim.experiments.storage import whole_file
from sim.logs.conferences import ConferenceFit
from sim.logs.estimates import VOICE, Calibration, QueueFit
from sim.logs.laws import LawFit
from sim.logs.notes import (
    WEEK,
    WEEKDAY_FILE,
    conference_words,
    consult_words,
    notes_of,
    patience_words,
    team_words,
    transfer_words,
    weekday_table,
)
from sim.logs.people import TeamFit
from sim.logs.text import law, name, number, numbers, scenario_name, share, shares
from sim.logs.transfers import TransferFit
from sim.logs.unanswered import SearchEnds, SearchTime
from sim.scenario.day_rules import WEEKDAYS
from sim.scenario.distributions import Empirical
from sim.scenario.numbers import clock_text, duration_text

FITS = "fits.json"
RECEIVERS = "second_line"
WIDTH = 110


class Files:
    """The text of the scenario and of the files beside it, by name: of the ordinary day, and of a week of its days."""

    def __init__(self, found: Calibration) -> None:
        self._found = found
        self.texts: dict[str, str] = {}
        self._hours = found.hours
        self._is_week = False
        self._receivers = RECEIVERS
        while self._receivers in {queue.name for queue in found.queues}:
            self._receivers += "_"
        self.texts["scenario.yaml"] = "\n".join(self._lines()) + "\n"
        self._is_week = True
        self.texts[WEEK] = "\n".join(self._lines()) + "\n"
        self.texts[WEEKDAY_FILE] = weekday_table(found)

    def _lines(self) -> Iterator[str]:
        found = self._found
        yield from self._head()
        channels = list(dict.fromkeys(queue.channel for queue in found.queues))
        yield ""
        if found.common.day or found.common.interval:
            yield from _comment(
                f"Common to all queues, over {found.days} days compared with those of the same weekday: days differ by"
                f" {share(found.common.day)} (standard deviation beyond Poisson), half hours of a day by another"
                f" {share(found.common.interval)}."
            )
            yield f"busyness: {self._busyness(found.common.day, found.common.interval)}"
            yield ""
        yield "media:"
        for channel in channels:
            most = found.people.at_once.get(channel, 1)
            mean = found.people.open_on_average.get(channel, 1.0)
            often = f"{mean:.2f} are open on average, no more in 98 % of the time"
            yield f"  {name(channel)}: {{max_tasks: {most}}}   # {often}"
        yield from _channels(found.ends, channels)
        yield ""
        yield from _routing(found)
        yield ""
        yield "queues:"
        for queue in found.queues:
            yield from self._queue(queue)
        if found.receiver is not None:
            yield f"  {self._receivers}:"
            yield from _comment(
                f"The second part of contacts that were handed on: {found.receiver.handle.words}.", 4
            )
            yield f"    medium: {name(channels[0])}"
            yield f"    handle_time: {self._law(found.receiver.handle, self._receivers)}"
        yield ""
        yield from self._teams()
        yield ""
        yield from self._arrivals()
        if found.returns is not None:
            yield ""
            yield from _comment(
                f"Of {found.returns.rows:,} who abandoned, so many came again within a day, beyond the arrivals."
            )
            after = self._law(found.returns.after, "returns")
            yield f"customers: {{after_abandon: {{come_back: {share(found.returns.share)}, after: {after}}}}}"

    def _head(self) -> Iterator[str]:
        found, hours = self._found, self._hours
        log = found.log
        file = Path(log.path).name
        yield f"# Written by `sim calibrate` from {file}, {log.first} to {log.last}. Look at what is assumed:"
        for note in notes_of(found, self._is_week):
            yield from _comment(f"- {note}", hang=2)
        yield ""
        yield f"name: {name(scenario_name(Path(log.path).name.split('.')[0]))}"
        what = "ordinary week" if self._is_week else "ordinary day"
        yield f"description: The {what} of {log.first} to {log.last}, fitted from a log."
        if self._is_week:
            yield from self._calendar()
        else:
            yield f"opens: {_first_of_mean(found):%Y-%m-%d} {clock_text(hours.opens)}"
            yield f"lasts: {duration_text(hours.lasts)}"
        yield f"interval: {duration_text(hours.every)}"
        yield "seed: 1"
        yield "replications: 20"
        yield (
            f"fitted: {{log: {name(file)}, from: {log.first}, to: {log.last}, digest: {name(log.digest)}}}"
        )

    def _calendar(self) -> Iterator[str]:
        """Write the week of the first day, open on its ordinary weekdays."""
        first = self._found.dates[0]
        monday = first - timedelta(days=first.weekday())
        spans = {one: map(clock_text, self._hours.on(one)) for one in self._hours.weekdays}
        hours = ", ".join(f'{WEEKDAYS[one]}: "{"-".join(span)}"' for one, span in spans.items())
        yield "calendar:"
        yield f"  from: {monday:%Y-%m-%d}"
        yield "  days: 7"
        yield f"  open: {{{hours}}}"

    def _busyness(self, day: float, interval: float) -> str:
        if not interval:
            return f"{{sd: {share(day)}}}"
        return (
            f"{{sd: {share(day)}, interval_sd: {share(interval)}, every: {duration_text(self._hours.every)}}}"
        )

    def _law(self, fit: LawFit, stem: str) -> str:
        if fit.mean == 0 or not isinstance(fit.law, Empirical):
            return law(fit.law) if fit.mean else "0s"
        text = _column(fit.law.values)
        file = _free(f"{scenario_name(stem).replace(' ', '_').lower()}_times.csv", text, self.texts)
        self.texts[file] = text
        return f"{{empirical: {{file: {file}, column: seconds}}}}"

    def _queue(self, queue: QueueFit) -> Iterator[str]:
        yield f"  {name(queue.name)}:"
        yield f"    medium: {name(queue.channel)}"
        yield f"    service_level: {{within: {duration_text(self._found.within_s_of(queue))}, target: 80%}}"
        yield from _comment(
            f"{queue.handle.words}"
            + ("." if queue.handle_is_own else " (of all queues: too few of its own)."),
            4,
        )
        yield f"    handle_time: {self._law(queue.handle, queue.name)}"
        ring = self._found.ring_times.own.get(queue.name)
        if ring is not None:
            yield from _comment(f"ring_time: {ring.words}.", 4)
            yield f"    ring_time: {number(ring.seconds)}s"
        if queue.patience is not None:
            yield from _comment(patience_words(queue.patience), 4)
            yield f"    patience: {law(queue.patience.law)}"
            if queue.patience.balk:
                yield f"    balk: {share(queue.patience.balk)}   # left within seconds, far more than later on"
        yield from (f"    {line}" for line in self._found.ends.lines_of(queue.name))
        if queue.transfer is not None and queue.transfer.share >= 0.0005:
            ttl = self._found.ends.transfers.get(queue.name)
            yield from _comment(transfer_words(queue.transfer, "" if ttl is None else ttl.words), 4)
            yield f"    transfer: {self._transfer(queue.name, queue.transfer, ttl)}"
        if queue.conference is not None:
            yield from self._conference(queue, queue.conference)
        if queue.consult is not None:
            yield from _comment(consult_words(queue.consult), 4)

    def _conference(self, queue: QueueFit, found: ConferenceFit) -> Iterator[str]:
        alike = {one.name for one in self._found.queues if one.channel == queue.channel}
        to = {one: part for one, part in found.to.items() if one in alike}
        yield from _comment(conference_words(found, to), 4)
        if not to:
            return
        yield "    conference:"
        yield from _conference(found, to)
        if found.joint is not None:
            yield f"      joint_time: {self._law(found.joint, f'{queue.name} joint')}   # {found.joint.words}"
            yield f"      then: {_parts(found.then)}"
        if found.guest is not None:
            yield f"      guest_time: {self._law(found.guest, f'{queue.name} guest')}   # {found.guest.words}"

    def _transfer(self, queue: str, transfer: TransferFit, ttl: SearchTime | None = None) -> str:
        known = {queue.name for queue in self._found.queues}
        to = {one: part for one, part in transfer.to.items() if one in known}
        if not to:
            return f"{{probability: {share(transfer.share)}, to: {{{self._receivers}: 100%}}}}"
        after = "" if transfer.after >= 0.995 else f", after: {share(transfer.after)}"
        after += f", warm: {share(transfer.warm)}" if transfer.warm >= 0.0005 else ""
        if transfer.handover is not None:
            after += f", handover_time: {self._law(transfer.handover, f'{queue} handover')}"
        after += "" if ttl is None else f", request_ttl: {ttl.value}"
        return f"{{probability: {share(transfer.share)}{after}, to: {_parts(to)}}}"

    def _teams(self) -> Iterator[str]:
        found = self._found.people
        yield "teams:"
        yield from _comment(team_words(found))
        for team in found.teams:
            yield from self._team(team)
        if self._found.receiver is not None:
            yield f"  {self._receivers}:   # nobody knows how many they are: enough that nobody waits"
            yield f"    skills: {{{self._receivers}: 1}}"
            yield f"    agents: {self._found.receiver.agents}"

    def _team(self, team: TeamFit) -> Iterator[str]:
        people, every = self._found.people, duration_text(self._hours.every)
        yield f"  {name(scenario_name(team.name))}:   # {team.seen} agents in the log"
        yield f"    skills: {{{', '.join(f'{name(queue)}: 1' for queue in team.skills)}}}"
        ring, wrap_up = team.ring or people.ring, team.wrap_up or people.wrap_up
        stem = scenario_name(team.name)
        if people.accept is not None or ring is not None:
            if ring is not None and not people.ring_is_read:
                yield from _comment(
                    f"{ring.words}, inferred: the waits of those whose agent had been free for a minute.",
                    4,
                )
            parts = [] if people.accept is None else [f"probability: {share(people.accept)}"]
            delay = f"{stem} ring" if team.ring is not None else "ring"
            parts += [] if ring is None else [f"delay: {self._law(ring, delay)}"]
            rows = f"   # {people.accept_rows:,} offers" if people.accept_rows else ""
            yield f"    accept: {{{', '.join(parts)}}}{rows}"
        if wrap_up is not None:
            how = (
                ""
                if people.wrap_up_is_read
                else ", inferred: how soon agents take the next one while three or more wait"
            )
            yield from _comment(f"{wrap_up.words}{how}.", 4)
            after = f"{stem} wrap_up" if team.wrap_up is not None else "wrap_up"
            yield f"    wrap_up: {self._law(wrap_up, after)}"
        if team.speed:
            yield f"    speed: {{{', '.join(f'{name(q)}: {share(v)}' for q, v in team.speed.items())}}}"
        if not self._is_week:
            yield f"    head_count: {{every: {every}, agents: [{', '.join(map(str, team.heads))}]}}"
            return
        yield "    head_count:"
        yield f"      every: {every}"
        yield "      agents:"
        for weekday in self._hours.weekdays:
            heads = team.weekdays.get(weekday, (0,) * len(team.heads))
            yield f"        {WEEKDAYS[weekday]}: [{', '.join(map(str, heads[self._hours.slots_on(weekday)]))}]"

    def _arrivals(self) -> Iterator[str]:
        hours = self._hours
        yield "arrivals:"
        for queue in self._found.queues:
            if not any(map(sum, queue.weekdays.values() if self._is_week else (queue.volumes,))):
                continue
            yield f"  - channel: {name(_channel(queue.channel))}"
            yield f"    queue: {name(queue.name)}"
            if queue.factors.day or queue.factors.interval:
                yield f"    busyness: {self._busyness(queue.factors.day, queue.factors.interval)}"
            if self._is_week and hours.turn:
                yield f"    every: {duration_text(hours.every)}"
                yield "    per_hour:"
                for weekday, volumes in queue.weekdays.items():
                    own = volumes[hours.slots_on(weekday)]
                    yield f"      {WEEKDAYS[weekday]}: {numbers(volume * 3600 / hours.every for volume in own)}"
                continue
            if self._is_week:
                yield "    file:"
                yield f"      path: {WEEKDAY_FILE}"
                yield "      day: weekday"
                yield "      start: interval_start"
                yield "      volume: value"
                yield f"      where: {{of: queue, name: {name(queue.name)}}}"
                yield "      repeats: weekly"
                continue
            yield f"    every: {duration_text(hours.every)}"
            yield f"    per_hour: {numbers(volume * 3600 / hours.every for volume in queue.volumes)}"


def _conference(found: ConferenceFit, to: Mapping[str, float]) -> Iterator[str]:
    """Write the keys of a conference that hold no law."""
    yield f"      probability: {share(found.share)}"
    if found.after < 0.995:
        yield f"      after: {share(found.after)}"
    yield f"      to: {_parts(to)}"
    if found.holds:
        yield "      while_waiting: holds"
    if found.transfers:
        yield "      if_nobody: transfers"
    if found.extra_s:
        yield f"      extra_time: {number(found.extra_s)}s"
    if found.ttl_s is not None:
        yield f"      request_ttl: {number(found.ttl_s)}s"


def _parts(of: Mapping[str, float]) -> str:
    """Write the parts of a whole, in per cent."""
    whole = sum(of.values())
    parts = shares([part / whole for part in of.values()])
    return f"{{{', '.join(f'{name(one)}: {part}' for one, part in zip(of, parts, strict=True))}}}"


def number_(value: float) -> str:
    """Write seconds with a tenth at most."""
    return f"{value:.1f}".removesuffix(".0")


def _column(values: Iterable[float]) -> str:
    return "\n".join(["seconds", *map(number_, values)]) + "\n"


def _free(file: str, text: str, texts: Mapping[str, str]) -> str:
    """Return a name that no other text has, as queues `a b` and `a_b` have one, and a queue that is named `ring`."""
    found, count = file, 1
    while texts.get(found, text) != text:
        count += 1
        found = file.replace("_times.csv", f"_{count}_times.csv")
    return found


ALWAYS = ("scenario.yaml", WEEK, WEEKDAY_FILE)
"""Files that every calibration has, by which a folder that has one is known before anything is read."""


def refuse_used(folder: Path, files: Iterable[str] = ALWAYS) -> None:
    """Raise SimError where a folder holds one of the files, on which somebody may have worked."""
    there = next((file for file in files if (folder / file).exists()), None)
    if there:
        raise SimError(f"{folder / there}: is there already and stays as it is; name another folder")


def write(found: Calibration, folder: Path) -> tuple[Path, ...]:
    """Write the scenario and its files. Raises SimError where the folder cannot be written or holds one already."""
    texts = Files(found).texts
    try:
        folder.mkdir(parents=True, exist_ok=True)
        refuse_used(folder, texts)
        for file, text in texts.items():
            with whole_file(folder / file) as fresh:
                fresh.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SimError(f"{folder}: cannot be written: {error.strerror}; name another folder") from error
    return tuple(folder / file for file in texts)


def _first_of_mean(found: Calibration) -> date:
    """Return the first date of which the mean day is made."""
    return next((one for one in found.dates if one.weekday() in found.hours.of_mean), found.dates[0])


def _channel(medium: str) -> str:
    return "phone" if medium in VOICE else medium


def _channels(ends: SearchEnds, channels: Sequence[str]) -> Iterator[str]:
    yield "channels:"
    for channel in channels:
        ttl = ends.channels.get(channel)
        also = f", request_ttl: {ttl.value}}}   # {ttl.words}" if ttl is not None else "}"
        yield f"  {name(_channel(channel))}: {{medium: {name(channel)}{also}"


def _routing(found: Calibration) -> Iterator[str]:
    yield from _comment(
        "To which agent contacts are routed cannot be told from a log without agents' states: who is free for longest."
    )
    yield from _comment(
        f"{found.first.words}."
        if found.first.is_told
        else "Nor is it told whom agents take first: who waits for longest."
    )
    selection = "priority" if found.first.is_by_priority else "longest_waiting"
    ring = found.ring_times.common
    if ring is not None:
        yield from _comment(f"ring_time: {ring.words}.")
    elif not found.ring_times.own and (found.people.accept or 1.0) < 1.0:
        yield from _comment(
            "How long an offer rings before it rings out is not told by the log: ring_time is"
            f" {duration_text(found.ends.ring_s or 60.0)}."
        )
    if found.ends.ring_s is not None:
        yield from _comment("ring_time: assumed, as it has to be below the shortest request_ttl.")
    seconds = found.ends.ring_s if ring is None else ring.seconds
    also = "" if seconds is None else f", ring_time: {number(seconds)}s"
    yield f"routing: {{agent_selection: longest_available, request_selection: {selection}{also}}}"


def _comment(text: str, indent: int = 0, hang: int = 0) -> Iterator[str]:
    """Write a comment, broken at the width of the file."""
    from textwrap import wrap

    start = " " * indent + "# "
    yield from wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=start + " " * hang, break_long_words=False
    )
