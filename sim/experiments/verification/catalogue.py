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
    *days.CASES,
    *dispersion.CASES,
    *simple_msk.CASES,
    *thirteen_hours.CASES,
    *teamwork.CASES,
)
