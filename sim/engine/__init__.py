"""The engine: how a day unfolds, as processes on SimPy's clock."""

from sim.engine.simulate import simulate

__all__ = ["simulate"]
