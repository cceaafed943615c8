"""Experiments: replications, comparisons, sweeps and the theory beside them."""
