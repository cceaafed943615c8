"""The engine: how a day unfolds, as processes on SimPy's clock."""

from sim.engine.engines import simulate

__all__ = ["simulate"]
