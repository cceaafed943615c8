"""Pollaczek-Khinchine: one agent, any law of the handle time."""

import math

from sim.experiments.theory.numbers import at_least, positive


def pollaczek_khinchine(arrival_rate: float, mean: float, sd: float) -> float:
    """Return the mean wait of M/G/1, first come first served: lambda (mean^2 + sd^2) / (2 (1 - lambda mean)).

    Infinite where lambda * mean reaches 1. Source: F. Pollaczek 1930, A. Khinchine 1932.

    Raises:
        SimError: a rate or mean that is not positive, a negative sd.

    """
    positive(arrival_rate=arrival_rate, mean=mean)
    at_least(0, sd=sd)
    spare = 1.0 - arrival_rate * mean
    return arrival_rate * (mean * mean + sd * sd) / (2.0 * spare) if spare > 0 else math.inf
