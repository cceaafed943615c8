"""Models with answers that somebody else gave, and the table that sets our figures beside them."""

from sim.verification.case import Case, Figure, Length, Row, Verdict
from sim.verification.runner import CASES, verify

__all__ = ["CASES", "Case", "Figure", "Length", "Row", "Verdict", "verify"]
