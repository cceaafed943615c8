"""Whispers: a Poisson process while two are in, at the rate of what brought them together."""

from sim.scenario import Exponential
from twin.people import Agent, Conversation
from twin.ranks import Rank
from twin.supervision import Supervision

MINUTE = Exponential(mean=60.0)


class Whispers(Supervision):
    """R6."""

    def _insiders(self, talk: Conversation) -> list[Agent]:
        watching = [talk.watch.supervisor] if talk.watch is not None and talk.watch.seat is None else []
        return [seat.agent for seat in talk.seats] + watching

    def _whisper_rate(self, talk: Conversation) -> float:
        insiders, spec = self._insiders(talk), self.scenario.supervision
        if len(insiders) < 2:
            return 0.0
        rate = talk.talk_rate if len(talk.seats) > 1 else 0.0
        if spec is not None and any(agent.team == spec.team for agent in insiders):
            rate += spec.whispers_per_minute
        return rate

    def number_in_changed(self, talk: Conversation) -> None:
        """Draw the next gap anew where the rate has changed."""
        rate = self._whisper_rate(talk)
        if rate != talk.whisper_rate:
            talk.whisper_rate = rate
            if talk.whisper is not None:
                talk.whisper.call_off()
            self._time_whisper(talk)

    def _time_whisper(self, talk: Conversation) -> None:
        if not talk.whisper_rate:
            return
        talk.gaps += 1
        gap = self.value("whisper_gap", MINUTE, talk, talk.gaps) / talk.whisper_rate
        talk.whisper = self.after(gap, Rank.HANDLING_ENDS, lambda: self._whisper(talk))

    def _whisper(self, talk: Conversation) -> None:
        insiders = self._insiders(talk)
        sender = insiders[int(self.uniform("whisper_sender", talk, talk.gaps) * len(insiders))]
        others = ", ".join(agent.name for agent in insiders if agent is not sender)
        self.tell("whisper", talk, sender, to=others)
        self._time_whisper(talk)
