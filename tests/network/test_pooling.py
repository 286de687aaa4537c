"""Pooling layers: windows, prediction equals training, gradients, short batches."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.network.pooling import AveragePooling, MaxPooling

pytestmark = pytest.mark.usefixtures("kernels")
N_ROWS = 6
SHAPES = {  # of the input, and the windows' size
    "image": ((4, 6, 3), 2),
    "image, a rest": ((5, 7, 2), 2),
    "signal": ((1, 9, 2), 2),
    "size above the map": ((3, 5, 2), 4),
    "two numbers": ((6, 5, 2), (3, 2)),
    "one of them 1": ((4, 6, 3), (1, 4)),
}
over_shapes = pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
over_kinds = pytest.mark.parametrize("kind", [MaxPooling, AveragePooling])


def _layer(kind, case, n_rows=N_ROWS, dtype=np.float64):
    layer = kind(*case)
    layer.allocate(n_rows, np.dtype(dtype))
    layer.resize(n_rows)
    return layer


def _numbers(n_rows, n, seed=0):
    return np.random.default_rng(seed).standard_normal((n_rows, n))


@pytest.mark.parametrize(
    ("shape", "size", "window", "out_shape"),
    [
        ((4, 6, 3), 2, (2, 2), (2, 3, 3)),
        ((5, 7, 2), 3, (3, 3), (1, 2, 2)),
        ((1, 9, 2), 2, (1, 2), (1, 4, 2)),
        ((3, 5, 2), 4, (3, 4), (1, 1, 2)),
        ((3, 5, 2), 9, (3, 5), (1, 1, 2)),
        ((5, 7, 3), (2, 3), (2, 3), (2, 2, 3)),
        ((5, 7, 3), (9, 1), (5, 1), (1, 7, 3)),
    ],
)
@over_kinds
def test_windows_are_at_most_as_large_as_the_map(kind, shape, size, window, out_shape):
    layer = kind(shape, size)
    assert layer.window == window
    assert layer.out_shape == out_shape
    assert layer.parameters() == ()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(MaxPooling, [5, -1, 7, -3]), (AveragePooling, [2.5, -3.5, 4.5, -5.5])],
)
def test_by_hand(kind, expected):
    map_ = np.array([[0, 1, 2, 3, 90], [4, 5, 6, 7, 90]], float)
    x = np.stack([map_, -1 - map_], axis=-1).reshape(1, -1)
    layer = _layer(kind, ((2, 5, 2), 2), n_rows=1)
    assert_array_equal(layer.forward(x, fresh=True), [expected])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@over_shapes
@over_kinds
def test_infer_equals_forward(kind, case, dtype):
    layer = _layer(kind, case, dtype=dtype)
    x = _numbers(N_ROWS, layer.n_inputs).astype(dtype)
    inferred = layer.infer(x)
    assert inferred.dtype == dtype
    assert_array_equal(inferred, layer.forward(x, fresh=True))


@over_shapes
@over_kinds
def test_backward_is_the_derivative(kind, case):
    layer = _layer(kind, case)
    x, step = _numbers(N_ROWS, layer.n_inputs), 1e-6 * _numbers(N_ROWS, layer.n_inputs, 1)
    change = layer.infer(x + step) - layer.infer(x - step)
    delta = _numbers(N_ROWS, layer.n_outputs, 2)
    layer.forward(x, fresh=True)
    layer.infer(-x)  # prediction meanwhile must not change what backward knows
    assert np.vdot(layer.backward(delta), 2 * step) == pytest.approx(np.vdot(delta, change))


@over_shapes
@over_kinds
def test_short_batch_equals_a_layer_of_that_size(kind, case):
    long, short = _layer(kind, case), _layer(kind, case, n_rows=2)
    long.forward(_numbers(N_ROWS, long.n_inputs), fresh=True)
    long.backward(_numbers(N_ROWS, long.n_outputs))
    long.resize(2)
    x, delta = _numbers(2, long.n_inputs, 1), _numbers(2, long.n_outputs, 2)
    assert_array_equal(long.forward(x, fresh=True), short.forward(x, fresh=True))
    assert_array_equal(long.backward(delta), short.backward(delta))


@over_shapes
def test_each_gradient_arrives_once(case):
    means, maxima = _layer(AveragePooling, case), _layer(MaxPooling, case)
    delta = _numbers(N_ROWS, means.n_outputs)
    for layer in (means, maxima):
        layer.forward(_numbers(N_ROWS, layer.n_inputs, 1), fresh=True)
        assert_allclose(layer.backward(delta).sum(axis=1), delta.sum(axis=1), atol=1e-13)
    assert np.count_nonzero(maxima.d_inputs) == delta.size
