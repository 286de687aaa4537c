"""What tests of all parts share."""

import numpy as np
import pytest

import skdeep


@pytest.fixture(params=["numpy", "numba"])
def kernels(request):
    """Run the test with plain numpy kernels and with compiled ones."""
    if request.param == "numba":
        pytest.importorskip("numba")
    skdeep.set_kernels(request.param)
    yield request.param
    skdeep.set_kernels("auto")


def _frozen(value):
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tolist()
    if isinstance(value, float):
        return repr(value)  # nan does not equal another nan
    if isinstance(value, dict):
        return {name: _frozen(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_frozen(entry) for entry in value]
    if isinstance(value, np.random.Generator):
        return _frozen(value.bit_generator.state)
    if hasattr(value, "__dict__") and not isinstance(value, type):
        # layers refer to each other, and to views: what counts is what a pickle would hold
        state = value.__getstate__() if hasattr(value, "__getstate__") else vars(value)
        return type(value), _frozen(state)
    return value


@pytest.fixture(scope="session")
def frozen():
    """A function that turns an object into plain values, so that == compares every bit of it."""
    return _frozen
