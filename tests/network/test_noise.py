"""Dropout and Gaussian noise: rates, scale, expectation, streams, sparse inputs."""

import numpy as np
import pytest
from architectures import bound, dense
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix, issparse

from skdeep.activations import Tanh
from skdeep.network import Backprop, Dropout, GaussianNoise, Network
from skdeep.training import Streams
from skdeep.training.batches import Batch

pytestmark = pytest.mark.usefixtures("kernels")
N_ROWS, N_UNITS = 400, 100
RATES = [0.1, 0.2, 0.5, 0.8, 0.99]


def _layer(kind, amount, seed=0, n_rows=N_ROWS, dtype=np.float64):
    return bound(kind((N_UNITS,), amount), n_rows, dtype, streams=Streams(seed))


def _ones(n_rows=N_ROWS):
    return np.ones((n_rows, N_UNITS))


def _dense(out):
    return out.toarray() if issparse(out) else out.copy()


@pytest.mark.parametrize("rate", RATES)
def test_dropout_drops_its_share_and_scales_the_rest(rate):
    out = _layer(Dropout, rate).forward(_ones(), fresh=True)
    spread = np.sqrt(rate * (1 - rate) / out.size)
    assert np.mean(out == 0) == pytest.approx(rate, abs=5 * spread)
    assert_allclose(out[out != 0], 1 / (1 - rate), rtol=1e-3)


@pytest.mark.parametrize("rate", RATES)
def test_dropout_keeps_the_expectation(rate):
    layer, x = _layer(Dropout, rate), np.random.default_rng(1).standard_normal((N_ROWS, N_UNITS))
    mean = np.mean([layer.forward(x, fresh=True).sum() for _ in range(20)])
    spread = np.sqrt(rate / (1 - rate) * np.sum(x**2) / 20)
    assert mean == pytest.approx(x.sum(), abs=5 * spread)


def test_units_are_dropped_one_by_one():
    mask = _layer(Dropout, 0.5).forward(_ones(), fresh=True) != 0
    assert np.abs(mask.mean(axis=0) - 0.5).max() < 0.15
    assert np.abs(mask.mean(axis=1) - 0.5).max() < 0.25
    neighbours = [mask[:, 1:] == mask[:, :-1], mask[1:] == mask[:-1]]
    assert all(abs(equal.mean() - 0.5) < 0.02 for equal in neighbours)


def test_a_rate_near_zero_drops_nothing():
    assert_array_equal(_layer(Dropout, 1e-9).forward(_ones(), fresh=True), 1)


def test_a_rate_near_one_stays_finite():
    out = _layer(Dropout, 1 - 1e-9, n_rows=4).forward(_ones(4), fresh=True)
    assert np.isfinite(out).all()


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_same_seed_same_noise(kind):
    first, again, other = (_layer(kind, 0.5, seed) for seed in (0, 0, 1))
    x = _ones()
    for _ in range(3):
        out = first.forward(x, fresh=True)
        assert_array_equal(out, again.forward(x, fresh=True))
        assert (out != other.forward(x, fresh=True)).any()


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_noise_is_fresh_only_where_asked(kind, sparse):
    layer, x = _layer(kind, 0.5), csr_matrix(_ones()) if sparse else _ones()
    first = _dense(layer.forward(x, fresh=True))
    assert_array_equal(_dense(layer.forward(x, fresh=False)), first)
    assert (_dense(layer.forward(x, fresh=True)) != first).any()


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_inputs_are_not_changed(kind):
    x = _ones()
    sparse = csr_matrix(x)
    _layer(kind, 0.5).forward(x, fresh=True)
    _layer(kind, 0.5).forward(sparse, fresh=True)
    assert (x == 1).all()
    assert (sparse.data == 1).all()


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_type_is_kept(kind, dtype):
    x = _ones().astype(dtype)
    assert _layer(kind, 0.5, dtype=dtype).forward(x, fresh=True).dtype == dtype
    assert _layer(kind, 0.5, dtype=dtype).forward(csr_matrix(x), fresh=True).dtype == dtype


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_short_batch(kind):
    layer = _layer(kind, 0.5)
    layer.resize(3)
    assert layer.forward(_ones(3), fresh=True).shape == (3, N_UNITS)
    layer.resize(N_ROWS)
    assert layer.forward(_ones(), fresh=True).shape == (N_ROWS, N_UNITS)


def test_dropout_gradient_is_the_mask():
    layer = _layer(Dropout, 0.3)
    mask = layer.forward(_ones(), fresh=True).copy()
    delta = np.random.default_rng(1).standard_normal(mask.shape)
    assert_array_equal(layer.backward(delta.copy()), delta * mask)


@pytest.mark.parametrize("rate", RATES)
def test_input_dropout_on_sparse_inputs(rate):
    x = np.random.default_rng(1).uniform(1, 2, (N_ROWS, N_UNITS))
    x[::2] = 0
    out = _layer(Dropout, rate).forward(csr_matrix(x), fresh=True).toarray()
    assert (out[x == 0] == 0).all()
    scaled = out[x != 0] / x[x != 0]
    assert np.mean(scaled == 0) == pytest.approx(rate, abs=0.02)
    assert_allclose(scaled[scaled != 0], 1 / (1 - rate), rtol=1e-3)


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("sigma", [0.01, 1.0, 3.0])
def test_gaussian_noise(sigma, sparse):
    x = (
        np.random.default_rng(1).standard_normal((N_ROWS, N_UNITS))
        * (np.arange(N_ROWS) % 2)[:, None]
    )
    out = _layer(GaussianNoise, sigma).forward(csr_matrix(x) if sparse else x, fresh=True)
    noise = np.asarray(out) - x
    assert noise.mean() == pytest.approx(0, abs=5 * sigma / np.sqrt(noise.size))
    assert noise.std() == pytest.approx(sigma, rel=0.02)
    assert np.mean(np.abs(noise) < sigma) == pytest.approx(0.683, abs=0.01)


def _backprop(hidden, n_rows=8, **noise):
    network = Network(dense(N_UNITS, hidden, 1, **noise))
    network.parameters[...] = np.random.default_rng(0).normal(0, 0.3, network.layout.size)
    return network, Backprop(network, n_rows, Streams(0))


def _batch(n_rows=8):
    rng = np.random.default_rng(1)
    return Batch(rng.standard_normal((n_rows, N_UNITS)), np.zeros((n_rows, 1)), None, n_rows)


def test_without_noise_training_sees_the_network_itself():
    network, backprop = _backprop(((50, Tanh()),))
    batch = _batch()
    z = network.scores(batch.x)
    assert backprop.evaluate(batch) == pytest.approx(0.5 * np.mean(z**2), rel=1e-13)


def test_without_streams_noise_does_nothing():
    network, _ = _backprop(((50, Tanh()),), dropout=(0.5,), input_dropout=0.2, input_noise=0.5)
    backprop, batch = Backprop(network, 8, streams=None), _batch()
    z = network.scores(batch.x)
    assert backprop.evaluate(batch) == pytest.approx(0.5 * np.mean(z**2), rel=1e-13)
    backprop.backward()
    _, plain = _backprop(((50, Tanh()),))
    plain.evaluate(batch)
    plain.backward()
    assert_allclose(backprop.gradient, plain.gradient, rtol=1e-13)


@pytest.mark.parametrize("kind", [Dropout, GaussianNoise])
def test_prediction_sees_no_noise(kind):
    layer, x = _layer(kind, 0.5), _ones()
    layer.forward(x, fresh=True)
    assert_array_equal(layer.infer(x), 1)


def test_scores_of_a_linear_model_average_to_those_without_noise():
    network, backprop = _backprop((), input_dropout=0.2, input_noise=0.5)
    batch, scores = _batch(), []
    backprop.evaluate(batch)
    for _ in range(2000):
        scores.append(backprop.chain.forward(batch.x, fresh=True).copy())
    spread = np.std(scores, axis=0) / np.sqrt(len(scores))
    deviation = np.mean(scores, axis=0) - network.scores(batch.x)
    assert (np.abs(deviation) < 5 * spread).all()


def test_each_layer_of_noise_draws_from_its_own_stream():
    streams = Streams(0), Streams(0)
    noisy = bound(GaussianNoise((N_UNITS,), 0.5), N_ROWS, streams=streams[0])
    noisy.forward(_ones(), fresh=True)
    masks = [bound(Dropout((N_UNITS,), 0.5), N_ROWS, streams=stream) for stream in streams]
    one, other = (mask.forward(_ones(), fresh=True) for mask in masks)
    assert_array_equal(one, other)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_share_of_the_dropout(share):
    layer = _layer(Dropout, 0.4)
    layer.fade(share)
    dropped = np.mean(layer.forward(_ones(), fresh=True) == 0)
    assert dropped == pytest.approx(0.4 * share, abs=0.02)
