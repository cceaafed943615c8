"""Erlang's formulas for one queue, for a scenario interval by interval, and beside its simulation."""
