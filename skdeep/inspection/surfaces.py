"""Surfaces of two parameters on which optimizers show their character."""

from typing import NamedTuple

import numpy as np


class Surface(NamedTuple):
    r"""A function of two parameters.

    Parameters
    ----------
    formula : str
        The function, for the picture.
    value : callable
        Takes x and y, arrays or numbers.
    gradient : callable
        Takes x and y; returns the two partial derivatives.
    start : tuple of float
        Where the optimizers begin.
    window : tuple of float
        What the picture shows: (x from, x to, y from, y to).
    rate : float
        A learning rate that suits plain gradient descent.
    """

    formula: str
    value: object
    gradient: object
    start: tuple
    window: tuple
    rate: float


def _bell(x, y):
    return np.exp(-(x**2 + y**2) / 2)


SURFACES = {
    "gentle_slope": Surface(
        "(x² + 2 y²) / 20",
        value=lambda x, y: (x**2 + 2 * y**2) / 20,
        gradient=lambda x, y: (x / 10, y / 5),
        start=(-4.0, 2.5),
        window=(-5, 2, -2, 3.5),
        rate=0.1,
    ),
    "ravine": Surface(
        "x² / 100 + y²",
        value=lambda x, y: x**2 / 100 + y**2,
        gradient=lambda x, y: (x / 50, 2 * y),
        start=(-4.0, 1.0),
        window=(-5, 2, -1.5, 1.5),
        rate=0.95,
    ),
    "saddle_point": Surface(
        "x² / 2 - y² / 2 + y⁴ / 4",
        value=lambda x, y: x**2 / 2 - y**2 / 2 + y**4 / 4,
        gradient=lambda x, y: (x, -y + y**3),
        start=(-1.5, 1e-5),
        window=(-2, 1, -1.5, 1.5),
        rate=0.1,
    ),
    "plateau": Surface(
        "1 - exp(-(x² + y²) / 2)",
        value=lambda x, y: 1 - _bell(x, y),
        gradient=lambda x, y: (x * _bell(x, y), y * _bell(x, y)),
        start=(-3.2, 1.6),
        window=(-4, 1.5, -1.5, 2.5),
        rate=0.25,
    ),
    "several_minima": Surface(
        "(x⁴ - 16 x² + 5 x + y⁴ - 16 y² + 5 y) / 2",
        value=lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
        gradient=lambda x, y: (2 * x**3 - 16 * x + 2.5, 2 * y**3 - 16 * y + 2.5),
        start=(4.5, 0.5),
        window=(-5, 5, -5, 5),
        rate=0.01,
    ),
}
