"""WHAT is simulated: the scenario, typed, checked and read-only. Knows nothing of SimPy or random numbers."""

from sim.scenario.arrivals import Arrivals, Busyness, Contact, ForecastRow, SelfService
from sim.scenario.criteria import Criteria
from sim.scenario.customers import AfterAbandon, AfterNoAgent, Customers
from sim.scenario.files import dump, load, loads
from sim.scenario.handover import Conference, Pull, Then, Transfer
from sim.scenario.laws import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Triangular,
    Uniform,
    Weibull,
)
from sim.scenario.media import Channel, Label, Medium
from sim.scenario.model import Scenario
from sim.scenario.notes import notes
from sim.scenario.queues import Queue, ServiceLevel, Step
from sim.scenario.routing import Routing
from sim.scenario.schema import schema
from sim.scenario.shifts import Break, HeadCount, Shift
from sim.scenario.supervision import Supervision
from sim.scenario.targets import Target
from sim.scenario.teams import Accept, NotReady, Team

__all__ = [
    "Accept",
    "AfterAbandon",
    "AfterNoAgent",
    "Arrivals",
    "Break",
    "Busyness",
    "Channel",
    "Conference",
    "Constant",
    "Contact",
    "Criteria",
    "Customers",
    "Empirical",
    "Erlang",
    "Exponential",
    "ForecastRow",
    "Gamma",
    "HeadCount",
    "Hyperexponential",
    "Label",
    "Law",
    "Lognormal",
    "Medium",
    "NotReady",
    "Pull",
    "Queue",
    "Routing",
    "Scenario",
    "SelfService",
    "ServiceLevel",
    "Shift",
    "Step",
    "Supervision",
    "Target",
    "Team",
    "Then",
    "Transfer",
    "Triangular",
    "Uniform",
    "Weibull",
    "dump",
    "load",
    "loads",
    "notes",
    "schema",
]
