"""What a calibrated scenario says of its numbers: where they come from, how sure they are, and what is assumed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sim.logs.conferences import ConferenceFit
from sim.logs.estimates import Calibration, PatienceFit
from sim.logs.log import OpeningHours
from sim.logs.people import People
from sim.logs.text import number, scenario_name, share
from sim.logs.transfers import AskedFit, TransferFit
from sim.scenario.day_rules import WEEKDAYS
from sim.scenario.numbers import clock_text, duration_text

WEEKDAY_FILE, WEEK = "weekdays.csv", "week.yaml"


def notes_of(found: Calibration, is_week: bool) -> list[str]:
    """Return what stands at the top of the file of the mean day, or of that of the week."""
    hours, log = found.hours, found.log
    days = weekday_names(hours.weekdays)
    by_weekday = (
        "Contacts and head-counts by weekday are here, as a table has no hours of the day before."
        if hours.turn
        else f"The contacts by weekday are those of {WEEKDAY_FILE}; the head-counts are here."
    )
    notes = [
        f"The ordinary day: {days}, {clock_text(hours.opens)} to {clock_text(hours.closes)}; {found.days} days with"
        f" {found.offered:,} contacts. Left out are {found.other_days} days with few contacts:"
        f" {found.outside:,} contacts came on them or outside these hours.",
        f"{by_weekday} The dates are an example."
        if is_week
        else f"The figures by weekday are in {WEEKDAY_FILE}, and {WEEK} runs them; this file has the mean of"
        f" {weekday_names(hours.of_mean)}.{_apart_words(hours)}",
        "Head-counts are agents seen at work: a lower bound, as no agents' states are read. Service can be off"
        " by ten percentage points for that reason alone.",
    ]
    notes += _shorter_words(hours)
    if found.left_out:
        notes.append(f"{found.left_out:,} contacts of queues that are hardly used are left out.")
    if not found.within_is_given:
        notes.append(f"No service level is in the log: {_levels(found)} assumed; --within names another.")
    if found.called_in:
        notes.append(
            f"{found.called_in:,} searches for a further agent (kind `conference` or `consult`) belong to no contact"
            " whose agent asked for the first time, by the log's `conversation`: they are not in any `conference`, and"
            " the work of who came is in the head-counts alone."
        )
    notes += found.ends.notes
    notes += [f"Left out: {told}." for told in log.problems]
    notes += [f"A reading: {told}." for told in log.readings]
    return notes


def _levels(found: Calibration) -> str:
    """Name the service levels that were taken, with their media where these differ."""
    by_medium = {queue.channel: duration_text(found.within_s_of(queue)) for queue in found.queues}
    if len({*by_medium.values()}) == 1:
        return f"{next(iter(by_medium.values()))} is"
    return " and ".join(f"{level} for {medium}" for medium, level in by_medium.items()) + " are"


def weekday_names(weekdays: Iterable[int]) -> str:
    """Name weekdays as a scenario does."""
    return ", ".join(WEEKDAYS[one] for one in weekdays)


def _shorter_words(hours: OpeningHours) -> Iterator[str]:
    own = ", ".join(
        f"{WEEKDAYS[day]} {clock_text(opens)} to {clock_text(closes)}" for day, opens, closes in hours.shorter
    )
    if own:
        yield f"Open shorter on {own}, as hardly anybody came in the rest; {WEEK} has it so."


def _apart_words(hours: OpeningHours) -> str:
    """Say which weekdays are no part of the mean day, and why."""
    if not hours.apart:
        return ""
    return (
        f" Not in it: {weekday_names(hours.apart)}, open shorter or with less than half, or more than twice, of the"
        f" usual contacts; {WEEK} has them."
    )


def team_words(found: People) -> str:
    """Say how teams and their head-counts were found."""
    outside = (
        f" Left out of the skills: {share(found.outside_share)} of the answers, by agents of a team that hardly serves"
        " that queue."
    )
    return (
        f"Teams by the queues that their agents answered; head-counts by interval, {found.agent_hours:.0f} agent-hours"
        f" a day. The agents explain {share(found.agents_share)} of the variation of handle times; a speed is given"
        f" where an F-test at 1 % supports it.{outside if found.outside_share >= 0.0005 else ''}"
    )


def patience_words(fit: PatienceFit) -> str:
    """Say of whom the patience was fitted, and name the usual mistake."""
    if not fit.is_own:
        return f"Only {fit.left} left: the patience of all queues."
    ended = f" or whose search ended first, {fit.ended:,} of them" if fit.ended else " first"
    return (
        f"{type(fit.law).__name__} by AIC: {fit.left:,} who left, {fit.censored:,} who were answered{ended} (censored)."
        f" The mean wait of those who left, {number(fit.naive_s)} s, is not it: those with more patience are missing."
    )


def transfer_words(fit: TransferFit, ttl: str = "") -> str:
    """Say how sure the share of transfers is, and the time-to-live of the search for who takes them."""
    where = "" if fit.to else "; the log does not say where to"
    interval = f"95 % interval {share(fit.low)} to {share(fit.high)}{where}"
    warm = f" handover_time: {fit.handover.words}." if fit.handover is not None else ""
    return f"{share(fit.share)} of {fit.rows:,} answered, {interval}.{warm}{f' request_ttl: {ttl}.' if ttl else ''}"


def consult_words(fit: AskedFit) -> str:
    """Say how often and when a second agent was called in, of which a scenario needs more."""
    return (
        f"{share(fit.share)} of {fit.rows:,} answered called in a second agent, 95 % interval {share(fit.low)} to"
        f" {share(fit.high)}, after {share(fit.after)} of the handle time; the log has neither whom nor for how long:"
        " no `conference` is written."
    )


def conference_words(fit: ConferenceFit, to: Mapping[str, float]) -> str:
    """Say how sure a conference is, and what could not be told."""
    told = [
        f"{share(fit.share)} of {fit.rows:,} answered called in a further agent, 95 % interval {share(fit.low)} to"
        f" {share(fit.high)}; {fit.joined:,} joined"
    ]
    if len(to) < len(fit.to):
        left_out = 1.0 - sum(to.values())
        told.append(
            f"{share(left_out)} asked queues that are not here, or of another medium, and are left out"
        )
    if fit.holds is None:
        told.append("whether agents work on or hold meanwhile cannot be told: they work")
    return "; ".join(told) + "."


def weekday_table(found: Calibration) -> str:
    """Write volumes and head-counts by weekday and interval."""
    lines = ["weekday,of,name,interval_start,value"]
    starts = [clock_text(found.hours.opens + edge) for edge in found.hours.edges[:-1]]

    def add(kind: str, own: str, weekday: int, values: Sequence[float]) -> None:
        lines.extend(
            f"{WEEKDAYS[weekday]},{kind},{own},{start},{value:.6g}"
            for start, value in zip(starts, values, strict=True)
        )

    for queue in found.queues:
        for weekday, volumes in queue.weekdays.items():
            add("queue", queue.name, weekday, volumes)
    for team in found.people.teams:
        for weekday, heads in team.weekdays.items():
            add("team", scenario_name(team.name), weekday, heads)
    return "\n".join(lines) + "\n"
