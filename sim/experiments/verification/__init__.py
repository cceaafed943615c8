"""Models with answers that somebody else gave, and the table that sets our figures beside them."""

from sim.experiments.verification.case import Case, Figure, Length
from sim.experiments.verification.catalogue import CASES
from sim.experiments.verification.row import Row, Verdict
from sim.experiments.verification.runner import verify

__all__ = ["CASES", "Case", "Figure", "Length", "Row", "Verdict", "verify"]
