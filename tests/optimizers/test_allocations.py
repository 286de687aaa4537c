"""A step of training allocates nothing that grows with the parameters, whatever the kernels."""

import tracemalloc

import numpy as np
import pytest

from skdeep.kernels import fused
from skdeep.network import Layout, Parameter
from skdeep.optimizers import OPTIMIZERS
from skdeep.penalties import _BLOCK, Penalty
from skdeep.training.objective import Objective

STOCHASTIC = sorted(name for name, cls in OPTIMIZERS.items() if not cls.full_batch)
SIZE = 100_000


class Bowl:
    """A bowl in the place of a network's backpropagation, without allocations of its own."""

    def __init__(self, dtype, size=SIZE):
        half = (size // 2,)
        self.layout = Layout([(Parameter("w", half, "weight"), Parameter("b", half, "bias"))])
        self.parameters = np.linspace(-1, 2, size).astype(dtype)
        self.weights = self.parameters[: size // 2]
        self.gradient = np.empty_like(self.parameters)

    def evaluate(self, batch, fresh=True):
        return float(np.dot(self.parameters, self.parameters)) / 2

    def backward(self):
        self.gradient[...] = self.parameters


def started(optimizer, dtype, size=SIZE, **options):
    """Return an objective, fused where training would fuse it, and an optimizer's state."""
    objective = Objective(Bowl(dtype, size), optimizer=optimizer, **options)
    state = optimizer.start(objective.parameters)
    kernel = fused(optimizer, "update")
    if kernel is not None:
        objective.fuse(kernel, state, optimizer.slots)
    return objective, state


def growth_of_a_step(optimizer, objective, state):
    """Return the bytes that a step needs beyond those that it found, at its peak."""
    for _ in range(3):  # compile, and allocate once
        optimizer.step(objective, state, 1e-3)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        optimizer.step(objective, state, 1e-3)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_step(name, dtype, kernels):
    optimizer = OPTIMIZERS[name]()
    objective, state = started(optimizer, dtype, penalty=Penalty(0.1))
    assert growth_of_a_step(optimizer, objective, state) < 8192
    assert objective.parameters.dtype == dtype


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_step_with_rates_by_kind(name, kernels):
    cls = OPTIMIZERS[name]
    own = {"rates": {"bias": 0.1}, "decays": {"bias": 1.0}, "kernel": vars(cls).get("kernel")}
    optimizer = type("Own", (cls,), own)()
    objective, state = started(optimizer, np.float32, penalty=Penalty(0.1))
    assert len(objective.groups) == 2
    assert growth_of_a_step(optimizer, objective, state) < 8192


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_clipped_step(name, kernels):
    optimizer = OPTIMIZERS[name]()
    objective, state = started(optimizer, np.float32, penalty=Penalty(0.1), clip_norm=1.0)
    assert growth_of_a_step(optimizer, objective, state) < 8192


def test_a_step_with_an_l1_penalty_holds_a_block_of_absolute_values(kernels):
    growths = []
    for size in (400_000, 1_600_000):
        optimizer = OPTIMIZERS["sgd"]()
        objective, state = started(optimizer, np.float32, size, penalty=Penalty(0.1, 0.1))
        growths.append(growth_of_a_step(optimizer, objective, state))
    assert max(growths) < 4 * _BLOCK + 8192
    assert abs(growths[1] - growths[0]) < 2048
