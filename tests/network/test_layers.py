"""The dense layer: prediction equals training's forward pass, shapes, short batches."""

import numpy as np
import pytest
from architectures import bound
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix

from skdeep.activations import ACTIVATIONS, Identity, Maxout, PReLU
from skdeep.network import Dense

pytestmark = pytest.mark.usefixtures("kernels")
N_INPUTS, N_UNITS = 3, 4
ALL = {name: ACTIVATIONS[name]() for name in ACTIVATIONS} | {"maxout of 3": Maxout(pieces=3)}


def _dense(activation, n_rows=8, **settings):
    return bound(Dense((N_INPUTS,), N_UNITS, activation), n_rows, **settings)


def _rows(n_rows, dtype=np.float64, seed=1):
    return np.random.default_rng(seed).standard_normal((n_rows, N_INPUTS)).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ALL)
def test_infer_equals_forward(name, dtype):
    layer, x = _dense(ALL[name], dtype=dtype), _rows(8, dtype)
    inferred = layer.infer(x)
    assert inferred.shape == (8, N_UNITS)
    assert inferred.dtype == dtype
    digits = np.finfo(dtype).eps
    assert_allclose(inferred, layer.forward(x, fresh=True), rtol=8 * digits, atol=8 * digits)


@pytest.mark.parametrize("name", ALL)
def test_infer_touches_no_state(name):
    layer, x = _dense(ALL[name]), _rows(8)
    out = layer.forward(x, fresh=True).copy()
    layer.infer(_rows(5, seed=2))
    assert_array_equal(layer.out, out)
    assert_array_equal(layer.x, x)


def test_affine_map_of_a_linear_layer():
    layer, x = _dense(Identity()), _rows(8)
    assert_allclose(layer.infer(x), x @ layer.weights + layer.bias)


@pytest.mark.parametrize("name", ALL)
def test_sparse_inputs(name):
    layer, x = _dense(ALL[name]), _rows(8)
    x[x < 0.3] = 0
    assert_allclose(layer.infer(csr_matrix(x)), layer.infer(x), rtol=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_short_batch_equals_a_layer_of_that_size(name):
    long, short = _dense(ALL[name], n_rows=8), _dense(ALL[name], n_rows=3)
    long.forward(_rows(8, seed=2), fresh=True)
    long.backward(np.ones((8, N_UNITS)))
    long.resize(3)
    x, delta = _rows(3), np.random.default_rng(3).standard_normal((3, N_UNITS))
    assert_array_equal(long.forward(x, fresh=True), short.forward(x, fresh=True))
    assert_array_equal(long.backward(delta.copy()), short.backward(delta.copy()))
    for name in ("d_weights", "d_bias", "d_theta"):
        assert_array_equal(getattr(long, name), getattr(short, name))


def test_backward_of_a_linear_layer():
    layer, x = _dense(Identity()), _rows(8)
    delta = np.random.default_rng(3).standard_normal((8, N_UNITS))
    layer.forward(x, fresh=True)
    assert_allclose(layer.backward(delta.copy()), delta @ layer.weights.T)
    assert_allclose(layer.d_weights, x.T @ delta)
    assert_allclose(layer.d_bias, delta.sum(axis=0))


@pytest.mark.parametrize("name", ALL)
def test_first_layer_has_no_gradient_at_its_inputs(name):
    layer, delta = _dense(ALL[name], is_first=True), np.ones((8, N_UNITS))
    layer.forward(_rows(8), fresh=True)
    assert layer.backward(delta) is None
    assert np.isfinite(layer.d_weights).all()


@pytest.mark.parametrize("pieces", [2, 3, 5])
def test_maxout_is_the_largest_of_maps_side_by_side(pieces):
    layer, x = _dense(Maxout(pieces=pieces)), _rows(8)
    assert layer.weights.shape == (N_INPUTS, pieces * N_UNITS)
    assert layer.bias.shape == (pieces * N_UNITS,)
    maps = zip(np.split(layer.weights, pieces, axis=1), np.split(layer.bias, pieces), strict=True)
    assert_allclose(layer.infer(x), np.max([x @ w + b for w, b in maps], axis=0))


def test_prelu_has_a_slope_for_every_unit():
    layer, x = _dense(PReLU()), _rows(8)
    assert layer.theta.shape == (N_UNITS,)
    layer.theta[...] = [-1.0, 0.0, 0.5, 2.0]
    z = x @ layer.weights + layer.bias
    assert (z < 0).any(axis=0).all()
    assert_allclose(layer.infer(x), np.where(z > 0, z, [-1.0, 0.0, 0.5, 2.0] * z), atol=1e-15)


@pytest.mark.parametrize("name", ALL)
def test_only_trained_activations_have_parameters(name):
    layer = _dense(ALL[name])
    assert layer.theta.shape == (layer.activation.n_parameters(N_UNITS),)
    assert layer.n_maps == N_UNITS * layer.activation.pieces
