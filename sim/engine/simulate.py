"""The engine as a function."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.engine.attendance import Attendance
from sim.engine.clock import Clock, Due
from sim.engine.context import Context
from sim.engine.conversation import Conversation
from sim.engine.customer import Arrivals, Customer, Source
from sim.engine.event_log import Log
from sim.engine.pull import PullList
from sim.engine.queue import WaitingQueue
from sim.engine.ranks import CLOSING
from sim.engine.roster import LONGEST_S, staff, start_rosters
from sim.engine.router import Router
from sim.engine.running import OwnProcess, RunningCentre
from sim.engine.selection import Selection
from sim.engine.supervision import SupervisorTeam
from sim.interpreter import no_search_for_garbage
from sim.policies import AgentSelection, RankedRequests, RequestSelection
from sim.policies import agent_selection as named_agents
from sim.policies import request_selection as named_requests
from sim.policies.selection import over_order, scenario_order
from sim.records import Ending, Recorder, Records
from sim.scenario import Pull, Scenario, WaitingRoom
from sim.scenario.budget import Cap
from sim.workload import Workload
from sim.workload.draws import Draw

if TYPE_CHECKING:
    from sim.engine.desk import Desk
    from sim.engine.invariants import Invariants
    from sim.engine.tomorrow import Tomorrow

# The contact centre at work: clock, router, staff and the customers who are about.


class Centre:
    """One run, from opening to the end of the last conversation."""

    def __init__(
        self,
        scenario: Scenario,
        workload: Workload,
        recorder: Recorder,
        agents: AgentSelection,
        requests: RequestSelection,
        order: RankedRequests,
        cap: Cap | None = None,
        paranoid: bool = False,
    ) -> None:
        self.scenario = scenario
        self.workload = workload
        self.clock = Clock(None if cap is None else cap.numbers(scenario))
        self.context = context = _context(scenario, workload, recorder, self.clock)
        selection = Selection(agents, requests, order, context)
        self.router = Router(context, selection)
        self.router.when_no_part_is_left = self._stop_if_over
        if any(stream.recorded for stream in workload.streams):
            self.router.knows_agents = True
        for queue in context.queues.values():
            if queue.empties or queue.requires != "off":
                queue.attendance = Attendance(context, self.router, queue)
            if queue.spec.mode == "pull":
                queue.pull = PullList(context, self.router, queue, queue.spec.pull or Pull())
        self.teams = staff(context, self.router, selection.ranking)
        selection.know(self.teams)
        self._watch = self._watched(selection) if paranoid else None
        if context.supervisors is not None and scenario.supervision is not None:
            context.supervisors.team = self.teams[scenario.supervision.team]
        self._lines_in_use = {
            name: 0 for name, channel in scenario.channels.items() if channel.lines is not None
        }
        self._open: dict[int, Conversation] = {}
        self._customers = 0
        self._conversations_so_far = 0
        self._closed = False
        self._day_ends = float("inf") if scenario.date is None else scenario.date.length_s
        self._returns_elsewhere = 0
        self.tomorrow: Tomorrow | None = None
        again = scenario.customers
        self._some_come_back = again.after_no_agent is not None or again.after_abandon is not None
        if again.after_no_agent is not None:
            self.ask_again_after = Draw("ask_again_after", "customers", again.after_no_agent.after)
        if again.after_abandon is not None:
            self.come_back_after = Draw("come_back_after", "customers", again.after_abandon.after)

    def _watched(self, selection: Selection) -> "Invariants":
        from sim.engine.invariants import Invariants  # read where it is asked for

        watch = Invariants(self, selection)
        assert self.context.log is not None  # `held` asks for all tables
        self.context.log.watch = watch
        return watch

    def add(self, processes: Sequence[OwnProcess]) -> None:
        """Start processes of the user's own at opening."""
        view = RunningCentre(self) if processes else None
        for process in processes:
            assert view is not None
            self.clock.process(process(view))

    def run(self) -> Ending:
        """Run the day and return how it ended."""
        lasts = self.scenario.lasts
        linked = self.scenario.linked
        if self.scenario.has_tomorrow:
            from sim.engine.tomorrow import Tomorrow  # for a day alone it is not read

            queues = self.context.queues.items()
            self.tomorrow = Tomorrow(
                lasts, {name: one for name, one in queues if linked is None or one.spec.carry_over}
            )
        start_rosters(self.scenario, self.workload, self.teams, self.tomorrow)
        Arrivals(self, self.workload).schedule()
        if linked is not None or self.scenario.date is not None:
            from sim.engine.dates import schedule_closings

            schedule_closings(self)
        self.clock.schedule_due(lasts, CLOSING, _Closing(self))
        drain = self.scenario.drain
        until = lasts + (LONGEST_S if drain is None else drain)
        if self._watch is None:
            self.clock.run_calendar(until)
        else:
            self.clock.run_watched(until, self._watch.at_rest)
        horizon = max(lasts, self.clock.now)
        if self._busy():
            # The month after which a run stops is no wait of anybody's.
            horizon = max(lasts, self.router.last_work_s) if drain is None else until
        if self._watch is not None:
            self._watch.at_end(horizon)
        self._close_books(horizon)
        if self.tomorrow is not None:
            return self.tomorrow.ending(horizon)
        return Ending(horizon, returns_elsewhere=self._returns_elsewhere)

    def close(self) -> None:
        """Close the centre: no more arrivals; who waits is served out or sent away."""
        self._closed = True
        if self.scenario.closing == "clear_queues":
            self.router.clear_queues([one for one in self.context.queues.values() if not one.spec.carry_over])
        self._stop_if_over()

    # Customers.

    def sources(self) -> list[Source]:
        """Return the workload's streams at work."""
        entries = zip(self.scenario.stream_names(), self.scenario.arrivals, strict=True)
        bots = {name: arrivals.self_service for name, arrivals in entries}
        return [Source(stream, self.scenario, bots.get(stream.entry)) for stream in self.workload.streams]

    def desk_of(self, agent: str, channel: str) -> "Desk | None":
        """Return a desk of an agent by name for the contacts of a channel; None where they have none."""
        medium = self.scenario.channels[channel].medium
        # First in the team that the name is made of; a person of another one may bear such a name all the same.
        team = self.teams.get(agent.rpartition("-")[0])
        teams = [*(() if team is None else (team,)), *self.teams.values()]
        named = (one for some in teams for one in some.agents if one.name == agent)
        desks = (
            desks for one in named for desks in (one.desks, *(seat.desks for seat in one.seats.values()))
        )
        return next((found[medium] for found in desks if medium in found), None)

    def on_arrival(self, source: Source, contact: int, number: int) -> None:
        """Start a new customer, who is numbered from 1."""
        self._customers += 1
        customer = Customer(self, source, contact, number)
        customer.start(customer.life())

    def open_conversation(self, customer: Customer, attempt: int) -> Conversation:
        """Open a contact; it ends at once where all lines of its channel are busy."""
        self._conversations_so_far = number = self._conversations_so_far + 1
        conversation = self._open[number] = Conversation(self.context, self.router, customer, number, attempt)
        if self.context.log is not None:
            self.context.log.arrival(conversation)
        if self._lines_in_use and conversation.channel in self._lines_in_use:
            self._take_line(conversation)
        return conversation

    def _take_line(self, conversation: Conversation) -> None:
        in_use = self._lines_in_use[conversation.channel]
        self._lines_in_use[conversation.channel] = in_use + 1
        most = self.scenario.channels[conversation.channel].lines
        if most is not None and in_use >= most:
            conversation.block("lines")

    def on_conversation_over(self, customer: Customer, conversation: Conversation) -> float | None:
        """Free the line of a contact that is over; return the seconds after which they try again, or None."""
        del self._open[conversation.id]
        if self._lines_in_use and conversation.channel in self._lines_in_use:
            self._lines_in_use[conversation.channel] -= 1
        back_in = self._comes_back(customer, conversation) if self._some_come_back else None
        if back_in is not None and self.clock.now + back_in >= self._day_ends:
            self._returns_elsewhere += 1
            back_in = None
        if back_in is None:  # `on_customer_gone`, written out: a call less for each customer
            self._customers -= 1
            if self._closed:
                self._stop_if_over()
        return back_in

    def on_customer_gone(self) -> None:
        """Note that a customer will not be heard of again."""
        self._customers -= 1
        if self._closed:
            self._stop_if_over()

    def conversations(self) -> Iterable[Conversation]:
        """Return the conversations that are not over, in order of contact."""
        return self._open.values()

    def _comes_back(self, customer: Customer, conversation: Conversation) -> float | None:
        again = self.scenario.customers
        attempt = conversation.attempt
        if conversation.outcome == "no_agent" and again.after_no_agent is not None:
            ask = again.after_no_agent
            back_in = customer.tries_again(
                "ask_again", ask.ask_again, self.ask_again_after, ask.at_most, attempt
            )
            customer.patience_of = None
            return self._while_open(back_in) if ask.only_while_open else back_in
        if conversation.outcome == "abandoned" and again.after_abandon is not None:
            back = again.after_abandon
            back_in = customer.tries_again(
                "come_back", back.come_back, self.come_back_after, back.at_most, attempt
            )
            if back.patience == "same" and customer.patience_of is None:
                customer.patience_of = attempt
            return self._while_open(back_in) if back.only_while_open else back_in
        return None

    def _while_open(self, back_in: float | None) -> float | None:
        """Return the same where they would be back before closing, else None."""
        return None if back_in is None or self.clock.now + back_in >= self.scenario.lasts else back_in

    # The end.

    def _busy(self) -> bool:
        return bool(self._customers or self.router.parts)

    def _stop_if_over(self) -> None:
        if self._closed and not self._busy():
            self.clock.stop()

    def _close_books(self, horizon: float) -> None:
        """Record what is still open, as open at the horizon; agents' stays may reach beyond it."""
        stopped_at, self.clock.now = max(self.clock.now, horizon), horizon
        for conversation in self._open.values():
            if conversation.pending is not None:
                # Who comes out of self-service after the last work waits for no time.
                self.clock.now = max(horizon, conversation.pending.placed_at)
                conversation.pending.task_row("UNFINISHED")
                self.router.write(conversation.pending)
            conversation.write()
        self.clock.now = horizon
        # A set has no order that two runs share; the rows need one. Who is in may still wrap up an earlier part.
        parts = sorted(self.router.parts, key=lambda one: (one.conversation.id, one.agent.rank, one.order))
        for part in parts:
            part.write("UNFINISHED", float("nan"))
        self.clock.now = stopped_at
        for agent in dict.fromkeys(agent for team in self.teams.values() for agent in team.agents):
            agent.close_books()


class Room:
    """Waiting places that several queues share."""

    __slots__ = ("capacity", "name", "queues")

    def __init__(self, name: str, spec: WaitingRoom, queues: "Mapping[str, WaitingQueue]") -> None:
        self.name = name
        self.capacity = spec.capacity
        self.queues = tuple(queues[queue] for queue in spec.queues)
        for queue in self.queues:
            queue.rooms = (*queue.rooms, self)
            queue.is_limited = True

    @property
    def waiting(self) -> int:
        """How many requests wait in its queues together; those on lists take no place."""
        return sum(queue.waiting for queue in self.queues if queue.pull is None)


def _context(scenario: Scenario, workload: Workload, recorder: Recorder, clock: Clock) -> Context:
    """Put together what all the objects of a run may need."""
    queues = {name: WaitingQueue(scenario, name) for name in scenario.queues}
    for name, room in scenario.waiting_rooms.items():
        Room(name, room, queues)
    supervisors = SupervisorTeam(scenario.supervision) if scenario.supervision is not None else None
    log = None if recorder.events is None else Log(scenario, clock, recorder.events)
    return Context(scenario, clock, log, recorder, workload.agents, queues, supervisors)


class _Closing(Due):
    """The end of the opening hours."""

    __slots__ = ("_centre",)

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def fire(self, token: int) -> None:
        del token
        self._centre.close()


def simulate(
    scenario: Scenario,
    workload: Workload,
    recorder: Recorder | None = None,
    *,
    agent_selection: AgentSelection | None = None,
    request_selection: RequestSelection | None = None,
    processes: Sequence[OwnProcess] = (),
    cap: Cap | None = None,
    paranoid: bool = False,
) -> Records:
    """Simulate one day and return its records.

    Nothing is drawn here: the same scenario and workload give the same records. The policies are those the
    scenario names, unless others are passed. Each of `processes` is called with a `RunningCentre` and returns a
    generator that runs as a SimPy process on the clock of the day, from its opening on.

    Raises BudgetError where the day takes more than `cap`, where one is given. Raises PolicyError where a policy
    of one's own raises, answers with what it was not shown or is not deterministic.
    """
    routing = scenario.routing
    if agent_selection is None:
        agent_selection = named_agents(routing.agent_selection)
    named = routing.request_selection, routing.queue_priority, routing.ageing
    order = scenario_order(*named)
    given = request_selection
    requests = named_requests(*named) if given is None else over_order(given, order)
    recorder = recorder if recorder is not None else Recorder(scenario)
    centre = Centre(scenario, workload, recorder, agent_selection, requests, order, cap, paranoid)
    centre.add(processes)
    with no_search_for_garbage():
        ending = centre.run()
    if cap is not None:
        cap.count()
    return Records(scenario, recorder, workload.replication, ending)
