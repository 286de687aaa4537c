"""The gradient of an objective against central differences of its loss."""

from importlib.util import find_spec

import numpy as np
import pytest
from numpy.testing import assert_allclose

import skdeep

KERNELS = ["numpy", "numba"] if find_spec("numba") else ["numpy"]
STEP = 1e-6


def _central_differences(value, parameters):
    """Return the slopes, and the largest bend, which a kink makes far larger than curvature."""
    slopes, bend, here = np.empty_like(parameters), 0.0, value()
    for i, start in enumerate(parameters.copy()):
        parameters[i] = start + STEP
        above = value()
        parameters[i] = start - STEP
        below = value()
        parameters[i] = start
        slopes[i] = (above - below) / (2 * STEP)
        bend = max(bend, abs(above - 2 * here + below))
    return slopes, bend


def _smooth_point(make):
    """Return the first seed whose objective has no kink nearby, its loss and its slopes."""
    for seed in range(20):
        objective = make(seed)
        loss = objective.evaluate()
        slopes, bend = _central_differences(objective.value, objective.parameters)
        if bend < 1e-9:
            return seed, loss, slopes
    raise AssertionError("no smooth point found")


def _compare(make, message):
    skdeep.set_kernels("numpy")
    seed, loss, slopes = _smooth_point(make)
    for name in KERNELS:
        skdeep.set_kernels(name)
        objective = make(seed)
        assert objective.evaluate() == pytest.approx(loss, rel=1e-12), f"{name}, {message}"
        gradient = objective.gradient.copy()
        assert objective.value() == pytest.approx(loss, rel=1e-12), f"{name}, {message}"
        tolerance = {"rtol": 1e-6, "atol": 1e-7 * np.abs(slopes).max()}
        assert_allclose(gradient, slopes, **tolerance, err_msg=f"{name}, {message}")


def check_gradient(make, message=""):
    """Compare loss and gradient of each kind of kernels with differences of the plain loss.

    Parameters
    ----------
    make : callable
        Given a seed, returns an objective in double precision.
    message : str
        What an error says beside the name of the kernels.
    """
    try:
        _compare(make, message)
    finally:
        skdeep.set_kernels("auto")
