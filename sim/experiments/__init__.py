"""Experiments: replications, comparisons, sweeps and searches of scenarios, with their confidence intervals."""
