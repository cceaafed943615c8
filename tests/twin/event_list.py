"""A second simulation, of the whole logic: one heap of events, plain objects, nothing shared with the engine.

It is written from docs/rules.md, a chapter a file, each building on the one before: contacts, placing, guards, search,
offers, work, leaving, handing_on, lists, supervision, interruptions, and the rosters. It draws from the same workload,
so it must come to the same events as the engine, to the last digit.
"""

from functools import partial

from twin import rosters
from twin.interruptions import Interruptions
from twin.people import Agent
from twin.ranks import Rank


class EventList(Interruptions):
    """Runs one workload through one scenario; `events` and `requests` are what came of it."""

    def run(self) -> "EventList":
        """Run until nothing is left to happen."""
        rosters.start(self)
        self.let_them_come()
        for night in self.times.nights():
            self.at(night.when, Rank.CLOSING, partial(self.at_night, night.what, night.queue))
        self.at(self.times.lasts, Rank.CLOSING, self.close)
        self.run_out()
        for request in self.requests:
            request.outcome = request.outcome or "unfinished"
        return self

    def come(self, agent: Agent) -> None:
        """Let an agent be there, and look at the queues of each medium."""
        agent.present, agent.on_duty, agent.hands_back, agent.when_free = True, True, False, None
        was_in, agent.logged_in = agent.logged_in, True
        if agent.pauses is not None:
            agent.pauses.on_come()
        for medium in agent.desks:
            self.note_idle(agent, medium)
        for medium in agent.desks:
            self.look(agent, medium)
            if not was_in:
                self.notice_what_is_open(agent, medium)

    def log_out(self, agent: Agent) -> None:
        """R3.9: log out until the next shift."""
        if agent.shift is not None:
            agent.shift.leave_out()
        elif agent.head_count is not None:
            agent.head_count.leave_out(agent)
        else:
            rosters.gone_for_good(self, agent)
