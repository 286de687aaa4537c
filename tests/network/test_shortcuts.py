"""Identity shortcuts: what they compute, and how their weights start."""

import numpy as np
import pytest
from architectures import bound, compose, dense
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.activations import ACTIVATIONS, Identity, Tanh
from skdeep.initializers import Constant
from skdeep.network import Convolution, Dense, Dropout, Filters, Network, Shortcut, Stage
from skdeep.training import Streams

pytestmark = pytest.mark.usefixtures("kernels")
N_ROWS = 6
SAME = Filters(2, (3, 3), 1, "same")


def _dense(activation, *behind):
    """Return an unbound shortcut around a dense layer."""
    layer = Stage(Dense, {"n_units": 4, "activation": activation})
    return Shortcut((4,), (layer, *behind))


def _convolution(activation):
    layer = Stage(Convolution, {"filters": SAME, "activation": activation})
    return Shortcut((3, 4, 2), (layer,))


def _bound(shortcut, **settings):
    return bound(shortcut, N_ROWS, **settings)


def _normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


# -- what they compute -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [_dense, _convolution])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_zero_weights_leave_the_identity(name, make):
    activation = ACTIVATIONS[name]()
    shortcut, at_zero = _bound(make(activation), draw=np.zeros), np.zeros((1, 1))
    activation.forward(np.zeros((1, activation.pieces)), at_zero, np.zeros(1))
    x, delta = _normal(N_ROWS, shortcut.n_inputs), _normal(N_ROWS, shortcut.n_inputs, seed=1)
    assert_array_equal(shortcut.infer(x), x + at_zero)
    assert_array_equal(shortcut.forward(x, fresh=True), x + at_zero)
    assert_array_equal(shortcut.backward(delta.copy()), delta)


@pytest.mark.parametrize("make", [_dense, _convolution])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_adds_the_inputs_to_what_the_layer_says(name, make):
    shortcut = _bound(make(ACTIVATIONS[name]()))
    plain = _bound(make(ACTIVATIONS[name]())).layers[0]
    x, delta = _normal(N_ROWS, shortcut.n_inputs), _normal(N_ROWS, shortcut.n_inputs, seed=1)
    before = x.copy()
    expected = x + plain.forward(x, fresh=True), delta + plain.backward(delta.copy())
    assert_allclose(shortcut.infer(x), expected[0], atol=1e-14)
    assert_allclose(shortcut.forward(x, fresh=True), expected[0], atol=1e-14)
    assert_allclose(shortcut.backward(delta.copy()), expected[1], atol=1e-14)
    assert_array_equal(shortcut.layers[0].d_weights, plain.d_weights)
    assert_array_equal(x, before)


def test_short_batch():
    shortcut = _bound(_dense(Tanh()))
    shortcut.forward(_normal(N_ROWS, 4), fresh=True)
    shortcut.resize(2)
    x, delta = _normal(2, 4, seed=1), _normal(2, 4, seed=2)
    assert_allclose(shortcut.forward(x, fresh=True), shortcut.infer(x), rtol=1e-14)
    assert shortcut.backward(delta.copy()).shape == (2, 4)


def test_dropped_units_keep_their_inputs():
    shortcut = _bound(_dense(Tanh(), Stage(Dropout, {"rate": 0.5})), streams=Streams(0))
    x = _normal(N_ROWS, 4)
    out, is_dropped = shortcut.forward(x, fresh=True), shortcut.layers[1].mask == 0
    assert 0 < is_dropped.sum() < is_dropped.size
    assert_array_equal(out == x, is_dropped)


def test_the_first_layer_needs_no_gradient_at_its_inputs():
    first, inner = _bound(_dense(Tanh()), is_first=True), _bound(_dense(Tanh()))
    x, delta = _normal(N_ROWS, 4), _normal(N_ROWS, 4, seed=1)
    for shortcut in (first, inner):
        shortcut.forward(x, fresh=True)
        shortcut.backward(delta.copy())
    assert_array_equal(first.layers[0].d_weights, inner.layers[0].d_weights)


def test_the_layers_within_are_told_one_by_one():
    shortcut, x, seen = _bound(_dense(Tanh())), _normal(N_ROWS, 4), []
    out = shortcut.trace(x, lambda layer, outputs: seen.append((layer, outputs)))
    assert_array_equal(out, shortcut.infer(x))
    assert [layer for layer, _ in seen] == shortcut.leaves
    assert_allclose(out - x, seen[0][1], atol=1e-15)


# -- networks --------------------------------------------------------------------------------------


def test_shortcuts_add_no_parameters():
    hidden = ((4, Tanh()), (4, Tanh()))
    layouts = [Network(dense(4, hidden, 3, bridged=bridged)).layout for bridged in ((), (1,))]
    assert layouts[0].size == layouts[1].size == 2 * 20 + 15
    assert layouts[0].n_weights == layouts[1].n_weights == 2 * 16 + 12


def test_a_network_by_hand():
    hidden = ((4, Tanh()), (4, Identity()), (4, Tanh()))
    network = Network(dense(3, hidden, 2, bridged=(1, 2)))
    network.parameters[...] = _normal(network.layout.size)
    w, b = network.of_kind("weight"), network.of_kind("bias")
    x = _normal(N_ROWS, 3, seed=1)
    y = np.tanh(x @ w[0] + b[0])
    y = y + (y @ w[1] + b[1])
    y = y + np.tanh(y @ w[2] + b[2])
    assert_allclose(network.scores(x), y @ w[3] + b[3], rtol=1e-12)


def test_damping_makes_the_starting_weights_smaller():
    layer = Stage(Dense, {"n_units": 3, "activation": Tanh(), "init": Constant(0.5)})
    biased = Stage(Dense, {**layer.options, "bias_init": 0.25})
    shortcut = Stage(Shortcut, {"stages": (biased, layer), "damping": 0.5})
    network = Network(compose((3,), [[layer], [shortcut]], layer))
    network.initialise(np.random.default_rng(0))
    starts = [np.unique(weights).tolist() for weights in network.of_kind("weight")]
    assert starts == [[0.5], [0.25], [0.25], [0.5]]
    assert [np.unique(bias).tolist() for bias in network.of_kind("bias")] == [[0], [0.25], [0], [0]]
