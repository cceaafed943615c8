"""Square-root staffing: the load plus a safety that grows with its root."""

import math

from scipy import special

from sim.experiments.theory.numbers import positive, share


def _hazard(x: float) -> float:
    """Hazard rate of the standard normal law, phi(x) / (1 - Phi(x)), stable far out."""
    return math.sqrt(2 / math.pi) / float(special.erfcx(x / math.sqrt(2)))


def halfin_whitt(beta: float) -> float:
    """Return the share of contacts that wait with safety factor `beta` and endless patience, for large teams.

    1 / (1 + beta / h(-beta)), h the hazard rate of the normal law (S. Halfin & W. Whitt 1981).

    Raises:
        SimError: a beta that is not positive (the queue would grow without end).

    """
    positive(beta=beta)
    return 1.0 / (1.0 + beta / _hazard(-beta))


def garnett(beta: float, patience_ratio: float) -> float:
    """Return the share of contacts that wait with safety factor `beta` and exponential patience, large teams.

    `patience_ratio` is mean patience / mean handle time (mu / theta); beta may be negative.
    1 / (1 + sqrt(theta/mu) h(beta sqrt(mu/theta)) / h(-beta))  (O. Garnett, A. Mandelbaum & M. Reiman 2002).

    Raises:
        SimError: a ratio that is not positive.

    """
    positive(patience_ratio=patience_ratio)
    root = math.sqrt(patience_ratio)
    return 1.0 / (1.0 + _hazard(beta * root) / root / _hazard(-beta))


def square_root_staffing(load: float, beta: float) -> int:
    """Return the agents that the square-root rule asks for: load + beta sqrt(load), rounded up.

    Raises:
        SimError: a load that is not positive.

    """
    positive(load=load)
    return max(1, math.ceil(load + beta * math.sqrt(load)))


def safety_factor(waiting: float) -> float:
    """Return the beta with which the share `waiting` of contacts waits (endless patience), by bisection.

    Raises:
        SimError: a share outside 0..1.

    """
    share(waiting=waiting)
    low, high = 1e-12, 40.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if halfin_whitt(middle) > waiting else (low, middle)
    return high
