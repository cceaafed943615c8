"""All the models with known answers, in the order of the table."""

from sim.experiments.verification.case import Case
from sim.experiments.verification.cases import (
    days,
    dispersion,
    erlang,
    routing,
    simple_msk,
    teamwork,
    thirteen_hours,
)

CASES: tuple[Case, ...] = (
    *erlang.CASES,
    *routing.CASES,
    *days.DAYS,
    *dispersion.DISPERSION,
    *simple_msk.SIMPLE_MSK,
    *thirteen_hours.THIRTEEN_HOURS,
    *teamwork.TEAMWORK,
)
