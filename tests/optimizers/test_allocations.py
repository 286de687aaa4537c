"""A step of training allocates nothing that grows with the parameters, whatever the kernels."""

import tracemalloc

import numpy as np
import pytest

from skdeep.kernels import fused
from skdeep.optimizers import OPTIMIZERS
from skdeep.penalties import Penalty
from skdeep.training.objective import Objective

STOCHASTIC = sorted(name for name, cls in OPTIMIZERS.items() if not cls.full_batch)
SIZE = 100_000


class Bowl:
    """A bowl in the place of a network's backpropagation, without allocations of its own."""

    def __init__(self, dtype):
        self.parameters = np.linspace(-1, 2, SIZE).astype(dtype)
        self.weights = self.parameters[: SIZE // 2]
        self.gradient = np.empty_like(self.parameters)

    def evaluate(self, batch, fresh=True):
        return float(np.dot(self.parameters, self.parameters)) / 2

    def backward(self):
        self.gradient[...] = self.parameters


def objective_for(optimizer, dtype, **options):
    """Return a started optimizer's objective, fused where training would fuse it."""
    objective = Objective(Bowl(dtype), **options)
    optimizer.start(objective.parameters)
    kernel = fused(optimizer, "update")
    if kernel is not None:
        objective.fuse(kernel, tuple(getattr(optimizer, slot) for slot in optimizer.slots))
    return objective


def growth_of_a_step(optimizer, objective):
    """Return the bytes that a step needs beyond those that it found, at its peak."""
    for t in (1, 2, 3):  # compile, and allocate once
        optimizer.step(objective, 1e-3, t)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        optimizer.step(objective, 1e-3, 4)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_step(name, dtype, kernels):
    optimizer = OPTIMIZERS[name]()
    objective = objective_for(optimizer, dtype, penalty=Penalty(0.1))
    assert growth_of_a_step(optimizer, objective) < 8192
    assert objective.parameters.dtype == dtype


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_clipped_step(name, kernels):
    optimizer = OPTIMIZERS[name]()
    objective = objective_for(optimizer, np.float32, penalty=Penalty(0.1), clip_norm=1.0)
    assert growth_of_a_step(optimizer, objective) < 8192


def test_a_step_with_an_l1_penalty(kernels):
    optimizer = OPTIMIZERS["sgd"]()
    objective = objective_for(optimizer, np.float32, penalty=Penalty(0.1, 0.1))
    assert growth_of_a_step(optimizer, objective) < 8192
