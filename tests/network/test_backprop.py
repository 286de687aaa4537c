"""Backpropagation beyond the formulas: single precision, short batches, weights, extremes."""

import numpy as np
import pytest
from architectures import dense
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.activations import ACTIVATIONS
from skdeep.losses import LOSSES, BinaryCrossEntropy, CrossEntropy
from skdeep.network import Backprop, Network
from skdeep.training import Streams
from skdeep.training.batches import Batch

pytestmark = pytest.mark.usefixtures("kernels")

ALL_LOSSES = {name: LOSSES[name]() for name in LOSSES} | {
    "cross_entropy": CrossEntropy(),
    "binary_cross_entropy": BinaryCrossEntropy(),
}


def _backprop(name="tanh", loss="cross_entropy", dtype=np.float64, n_rows=8, **noise):
    hidden = tuple((width, ACTIVATIONS[name]()) for width in (5, 4))
    network = Network(dense(3, hidden, 3, loss=ALL_LOSSES[loss], dtype=dtype, **noise))
    network.parameters[...] = np.random.default_rng(0).normal(0, 0.7, network.layout.size)
    return Backprop(network, n_rows, Streams(0))


def _linear(loss, dtype):
    """A network whose scores are its three inputs."""
    network = Network(dense(3, (), 3, loss=loss, dtype=dtype))
    network.leaves[0].weights[...] = np.eye(3)
    return Backprop(network, 4, Streams(0))


def _batch(n_rows=8, dtype=np.float64, weights=None):
    rng = np.random.default_rng(1)
    y = np.eye(3)[rng.integers(3, size=n_rows)]
    return Batch(rng.standard_normal((n_rows, 3)).astype(dtype), y.astype(dtype), weights, n_rows)


def _run(backprop, batch):
    loss = backprop.evaluate(batch)
    backprop.backward()
    return loss, backprop.gradient.copy()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("loss", ALL_LOSSES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_single_precision(name, loss, weighted):
    weights = np.linspace(0, 2, 8) if weighted else None
    expected_loss, expected = _run(_backprop(name, loss), _batch(weights=weights))
    weights = np.float32(weights) if weighted else None
    value, gradient = _run(_backprop(name, loss, np.float32), _batch(8, np.float32, weights))
    assert type(value) is float
    assert gradient.dtype == np.float32
    assert value == pytest.approx(expected_loss, rel=1e-5)
    assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_short_batch_after_a_long_one(name):
    long, short = _backprop(name), _backprop(name, n_rows=3)
    _run(long, _batch(8))
    for _ in range(2):
        (loss, gradient), (short_loss, short_gradient) = (
            _run(backprop, _batch(3)) for backprop in (long, short)
        )
        assert loss == short_loss
        assert_array_equal(gradient, short_gradient)
        assert _run(long, _batch(8))[0] == _run(_backprop(name), _batch(8))[0]


@pytest.mark.parametrize("loss", ALL_LOSSES)
def test_rows_of_weight_zero_do_not_count(loss):
    weights = np.array([1.0, 1, 1, 0, 0, 0, 0, 0])
    some = _batch(weights=weights)
    some.x[3:] = 100.0
    value, gradient = _run(_backprop(loss=loss), some)
    few = _batch()
    few.x, few.y = few.x[:3], few.y[:3]
    expected, expected_gradient = _run(_backprop(loss=loss), few)
    assert value == pytest.approx(expected, rel=1e-13)
    assert_allclose(gradient, expected_gradient, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("loss", ALL_LOSSES)
def test_batch_of_weight_zero_has_no_loss_and_no_gradient(loss):
    value, gradient = _run(_backprop(loss=loss), _batch(weights=np.zeros(8)))
    assert value == 0
    assert_array_equal(gradient, 0)


def test_divisor():
    halved = _batch()
    halved.divisor *= 2
    (loss, gradient), (half, half_gradient) = (
        _run(_backprop(), batch) for batch in (_batch(), halved)
    )
    assert half == pytest.approx(loss / 2, rel=1e-14)
    assert_allclose(half_gradient, gradient / 2, rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("loss", "expected", "slopes"),
    [
        (CrossEntropy(), 1000, [0.5, 0, -0.5]),
        (BinaryCrossEntropy(), 1000 + np.log(2), [0.5, 0.5, -0.5]),
    ],
    ids=["cross_entropy", "binary_cross_entropy"],
)
def test_scores_far_out(loss, expected, slopes, dtype):
    x = np.array([[1000, 0, -1000], [1000, 0, -1000]], dtype)
    y = np.array([[1, 0, 0], [0, 0, 1]], dtype)
    value, gradient = _run(_linear(loss, dtype), Batch(x, y, None, 2))
    assert value == pytest.approx(expected, rel=1e-7)
    assert_allclose(gradient[-3:], slopes, rtol=1e-6)


@pytest.mark.parametrize("loss", ALL_LOSSES)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_nan_in_any_column_reaches_the_loss(loss, column):
    batch = _batch(4)
    batch.x[2, column] = np.nan
    with np.errstate(invalid="ignore"):  # as in training
        assert np.isnan(_linear(ALL_LOSSES[loss], np.float64).evaluate(batch))


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("loss", ALL_LOSSES)
def test_infinite_scores_reach_the_loss(loss, sign):
    batch = _batch(4)
    batch.x[2] = sign * np.inf
    batch.y[2] = 0.5
    with np.errstate(all="ignore"):  # as in training
        assert not np.isfinite(_linear(ALL_LOSSES[loss], np.float64).evaluate(batch))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_passes_every_activation(name):
    for width in range(5):
        backprop = _backprop(name)
        first = backprop.chain.layers[0]
        first.bias[width] = np.nan
        with np.errstate(invalid="ignore"):  # as in training
            assert np.isnan(backprop.evaluate(_batch()))


def test_masks_and_noise_are_repeated_where_asked():
    backprop = _backprop(dropout=(0.5, 0.5), input_dropout=0.2, input_noise=0.3)
    loss = backprop.evaluate(_batch())
    assert backprop.evaluate(_batch(), fresh=False) == loss
    assert backprop.evaluate(_batch()) != loss
