"""WHAT is simulated: the scenario, typed, checked and read-only. Knows nothing of SimPy or random numbers."""

from sim.scenario.answering import Accept, LogOut, NotReady, Pauses
from sim.scenario.arrivals import Arrivals, Busyness, Contact, ForecastRow, SelfService
from sim.scenario.calendar import Calendar
from sim.scenario.customers import AfterAbandon, AfterNoAgent, Balk, Channel, Customers, Label, WaitingRoom
from sim.scenario.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.scenario.expressions import Criteria
from sim.scenario.hints import notes
from sim.scenario.loading import dump, load, loads
from sim.scenario.model import Medium, Scenario, Supervision
from sim.scenario.queues import Conference, Pull, Queue, ServiceLevel, Step, Then, Transfer
from sim.scenario.routing import Routing
from sim.scenario.schema import schema
from sim.scenario.staffing import BreakTemplate, ShiftTemplate, Staffing, TeamBounds
from sim.scenario.targets import Target
from sim.scenario.teams import Team
from sim.scenario.working_hours import Break, HeadCount, Shift

__all__ = [
    "Accept",
    "AfterAbandon",
    "AfterNoAgent",
    "Arrivals",
    "Balk",
    "Break",
    "BreakTemplate",
    "Busyness",
    "Calendar",
    "Channel",
    "Conference",
    "Constant",
    "Contact",
    "Criteria",
    "Customers",
    "Distribution",
    "Empirical",
    "Erlang",
    "Exponential",
    "ForecastRow",
    "Gamma",
    "HeadCount",
    "Hyperexponential",
    "Label",
    "LogOut",
    "Lognormal",
    "Medium",
    "NotReady",
    "Pauses",
    "Pull",
    "Queue",
    "Routing",
    "Scenario",
    "SelfService",
    "ServiceLevel",
    "Shift",
    "ShiftTemplate",
    "Staffing",
    "Step",
    "Supervision",
    "Target",
    "Team",
    "TeamBounds",
    "Then",
    "Transfer",
    "Triangular",
    "Uniform",
    "WaitingRoom",
    "Weibull",
    "dump",
    "load",
    "loads",
    "notes",
    "schema",
]
