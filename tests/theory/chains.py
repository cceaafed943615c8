"""A second way to every formula: balance equations as one dense matrix, waits from an absorbing chain."""

from collections.abc import Callable

import numpy as np
from scipy.linalg import expm


def generator(size: int, rate: Callable[[int, int], float]) -> np.ndarray:
    matrix = np.array([[rate(i, j) if i != j else 0.0 for j in range(size)] for i in range(size)])
    return matrix - np.diag(matrix.sum(axis=1))


def balanced(matrix: np.ndarray) -> np.ndarray:
    """The long-run law: solve pi Q = 0, sum(pi) = 1 by least squares on the full system."""
    system = np.vstack((matrix.T, np.ones(matrix.shape[0])))
    target = np.zeros(matrix.shape[0] + 1)
    target[-1] = 1.0
    return np.linalg.lstsq(system, target, rcond=None)[0]


def queue(arrival: float, service: float, servers: int, patience: float, levels: int) -> np.ndarray:
    def rate(i: int, j: int) -> float:
        if j == i + 1:
            return arrival
        if j == i - 1:
            return min(i, servers) * service + max(i - servers, 0) * patience
        return 0.0

    return generator(levels + 1, rate)


def tagged(ahead: int, service: float, servers: int, patience: float, within: float) -> tuple[float, float]:
    """(answered, abandoned) within the time for one with `ahead` before them: a chain with two exits."""
    size = ahead + 3
    answered, gone = ahead + 1, ahead + 2
    matrix = np.zeros((size, size))
    for q in range(ahead + 1):
        matrix[q, q - 1 if q else answered] += servers * service + q * patience
        matrix[q, gone] += patience
        matrix[q, q] = -matrix[q].sum()
    law = expm(matrix * within)[ahead]
    return law[answered], law[gone]
