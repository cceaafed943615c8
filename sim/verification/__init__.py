"""Models with known answers from theory and publications, and the table that compares our figures."""

from sim.verification.case import Case, Figure, Length, Row, Verdict
from sim.verification.runner import CASES, verify

__all__ = ["CASES", "Case", "Figure", "Length", "Row", "Verdict", "verify"]
