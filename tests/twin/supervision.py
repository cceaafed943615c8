"""Supervisors look in and barge in."""

from dataclasses import dataclass

from twin.calendar import Entry
from twin.lists import Lists
from twin.people import Agent, Conversation, Seat
from twin.ranks import Rank


@dataclass(eq=False)
class Watch:
    """A supervisor's visit."""

    supervisor: Agent
    conversation: Conversation
    over: Entry | None = None
    seat: Seat | None = None


class Supervision(Lists):
    """R5.11 and R5.12."""

    def may_be_looked_into(self, talk: Conversation) -> None:
        spec = self.scenario.supervision
        if spec is None or talk.customer.queue not in spec.queues:
            return
        if self.uniform("supervised", talk, 0) < spec.probability:
            after = self.value("supervised_after", spec.after, talk, 0)
            self.after(after, Rank.HANDLING_ENDS, lambda: self._look_in(talk))

    def _look_in(self, talk: Conversation) -> None:
        spec = self.scenario.supervision
        assert spec is not None
        medium = self.medium_of(talk.customer.queue)
        team = [a for a in self.agents if a.team == spec.team and a.desks[medium].slots]
        free = sorted((a for a in team if a.present and not a.busy), key=lambda a: a.number)
        if not talk.is_open or not talk.agents or not free:
            return
        watch = talk.watch = free[0].watches = Watch(free[0], talk)
        self.tell("monitor_joined", talk, free[0])
        self.number_in_changed(talk)
        lasts = self.value("supervised_for", spec.lasts, talk, 0)
        if self.uniform("barge_in", talk, 0) < spec.barge_in:
            watch.over = self.after(lasts / 2, Rank.HANDLING_ENDS, lambda: self._barge_in(watch, lasts / 2))
        else:
            watch.over = self.after(lasts, Rank.HANDLING_ENDS, lambda: self._visit_over(watch))

    def _barge_in(self, watch: Watch, stays: float) -> None:
        talk, agent = watch.conversation, watch.supervisor
        queue = talk.customer.queue
        desk = agent.desks[self.medium_of(queue)]
        if not talk.agents or not agent.present or desk.tasks >= desk.slots:
            self._visit_over(watch)
            return
        self.tell("monitor_left", talk, agent)
        talk.watch = None
        self.number_in_changed(talk)
        talk.watch = watch
        self.tell("barged_in", talk, agent, queue)
        seat = Seat(agent, talk, None, queue, desk.medium, -1, self.now, next(self.turns), barged=True)
        watch.seat = seat
        self.take_seat(seat)
        watch.over = self.after(stays, Rank.HANDLING_ENDS, lambda: self._visit_over(watch))

    def _visit_over(self, watch: Watch) -> None:
        agent, talk = watch.supervisor, watch.conversation
        if agent.watches is not watch:
            return
        agent.watches, talk.watch = None, None
        if watch.seat is not None:
            self.leave(watch.seat, wraps_up=False)
        else:
            self.tell("monitor_left", talk, agent)
            self.number_in_changed(talk)
        self.freed_supervisor(agent)

    def nobody_is_in(self, talk: Conversation) -> None:
        """The last agent has left: who looks in silently leaves too."""
        watch = talk.watch
        if watch is None or watch.seat is not None:
            return
        if watch.over is not None:
            watch.over.call_off()
        watch.supervisor.watches, talk.watch = None, None
        self.tell("monitor_left", talk, watch.supervisor)
        self.freed_supervisor(watch.supervisor)

    def freed_supervisor(self, agent: Agent) -> None:
        self.goes_if_free(agent)
