"""Identity shortcuts: what they compute, and which layers get one."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from skdeep.network.shortcuts import Shortcut

from skdeep.activations import ACTIVATIONS, Identity, ReLU, Tanh
from skdeep.losses import SquaredError
from skdeep.network import (
    Backprop,
    ConvolutionArchitecture,
    DenseArchitecture,
    Filters,
    Network,
    Noise,
    Stage,
)
from skdeep.network.convolution import Convolution
from skdeep.network.layers import Dense
from skdeep.network.layout import Layout
from skdeep.network.noise import Dropout
from skdeep.training import Streams

pytestmark = pytest.mark.usefixtures("kernels")
N_ROWS = 6
SAME = Filters(2, (3, 3), 1, "same")


def _dense(activation):
    return Dense(4, 4, activation)


def _convolution(activation):
    return Convolution((3, 4, 2), SAME, activation)


def _bound(shortcut, draw):
    layout = Layout([layer.shapes for layer in shortcut.parametric])
    parts = layout.views(draw(layout.size)), layout.views(np.zeros(layout.size))
    for layer, *views in zip(shortcut.parametric, *parts, strict=True):
        layer.bind(*views)
    shortcut.allocate(N_ROWS, np.dtype(float))
    shortcut.resize(N_ROWS)
    return shortcut


def _normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


# -- what they compute -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [_dense, _convolution])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_zero_weights_leave_the_identity(name, make):
    activation = ACTIVATIONS[name]()
    shortcut, at_zero = _bound(Shortcut([make(activation)]), np.zeros), np.zeros((1, 1))
    activation.forward(np.zeros((1, activation.pieces)), at_zero, np.zeros(1))
    x, delta = _normal(N_ROWS, shortcut.n_inputs), _normal(N_ROWS, shortcut.n_inputs, seed=1)
    assert_array_equal(shortcut.infer(x), x + at_zero)
    assert_array_equal(shortcut.forward(x, fresh=True), x + at_zero)
    assert_array_equal(shortcut.backward(delta.copy()), delta)


@pytest.mark.parametrize("make", [_dense, _convolution])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_adds_the_inputs_to_what_the_layer_says(name, make):
    shortcut = _bound(Shortcut([make(ACTIVATIONS[name]())]), _normal)
    plain = _bound(Shortcut([make(ACTIVATIONS[name]())]), _normal).layers[0]
    x, delta = _normal(N_ROWS, shortcut.n_inputs), _normal(N_ROWS, shortcut.n_inputs, seed=1)
    before = x.copy()
    expected = x + plain.forward(x, fresh=True), delta + plain.backward(delta.copy())
    assert_allclose(shortcut.infer(x), expected[0], atol=1e-14)
    assert_allclose(shortcut.forward(x, fresh=True), expected[0], atol=1e-14)
    assert_allclose(shortcut.backward(delta.copy()), expected[1], atol=1e-14)
    assert_array_equal(shortcut.layers[0].d_weights, plain.d_weights)
    assert_array_equal(x, before)


def test_short_batch():
    shortcut = _bound(Shortcut([_dense(Tanh())]), _normal)
    shortcut.forward(_normal(N_ROWS, 4), fresh=True)
    shortcut.resize(2)
    x, delta = _normal(2, 4, seed=1), _normal(2, 4, seed=2)
    assert_allclose(shortcut.forward(x, fresh=True), shortcut.infer(x), rtol=1e-14)
    assert shortcut.backward(delta.copy()).shape == (2, 4)


def test_dropped_units_keep_their_inputs():
    dropout = Dropout(0.5, 4, np.random.default_rng(0))
    shortcut = _bound(Shortcut([_dense(Tanh()), dropout]), _normal)
    x = _normal(N_ROWS, 4)
    out, is_dropped = shortcut.forward(x, fresh=True), dropout.mask == 0
    assert 0 < is_dropped.sum() < is_dropped.size
    assert_array_equal(out == x, is_dropped)


# -- which layers get one --------------------------------------------------------------------------


def _architecture(n_inputs, widths, n_outputs=3, shortcuts=True):
    hidden = tuple((n_units, ReLU()) for n_units in widths)
    return DenseArchitecture(
        n_inputs, hidden, n_outputs, SquaredError(), np.dtype(float), shortcuts
    )


def _stage(n=2, stride=1, padding="same", pool_size=1):
    return Stage(Filters(n, (3, 3), stride, padding), ReLU(), "max", pool_size)


def _convolutional(shape, stages, widths=()):
    return ConvolutionArchitecture(
        int(np.prod(shape)),
        tuple((n_units, ReLU()) for n_units in widths),
        3,
        SquaredError(),
        np.dtype(float),
        True,
        shape=shape,
        stages=tuple(stages),
    )


def _bridged(architecture):
    """Return which parts of the chain are shortcuts."""
    return [isinstance(layer, Shortcut) for layer in architecture.layers()]


@pytest.mark.parametrize(
    ("n_inputs", "widths", "expected"),
    [
        (4, (), [0]),
        (4, (4,), [0, 0]),
        (4, (4, 4), [0, 1, 0]),
        (5, (4, 4, 3, 3, 3), [0, 1, 0, 1, 1, 0]),
        (5, (4, 3, 4), [0, 0, 0, 0]),
        (3, (3, 3), [0, 1, 0]),
    ],
)
def test_dense_layers_of_equal_width_but_the_first(n_inputs, widths, expected):
    architecture = _architecture(n_inputs, widths)
    assert _bridged(architecture) == expected
    assert architecture.n_shortcuts == sum(expected)
    assert _architecture(n_inputs, widths, shortcuts=False).n_shortcuts == 0


@pytest.mark.parametrize(
    ("stages", "widths", "expected"),
    [
        ([_stage()], (), [0, 0]),
        ([_stage(), _stage()], (), [0, 1, 0]),
        ([_stage(), _stage(n=4), _stage(n=4)], (), [0, 0, 1, 0]),
        ([_stage(), _stage(stride=2)], (), [0, 0, 0]),
        ([_stage(), _stage(padding="valid")], (), [0, 0, 0]),
        ([_stage(pool_size=2), _stage()], (), [0, 0, 1, 0]),
        ([_stage(), _stage(pool_size=2)], (), [0, 0, 0, 0]),
        ([_stage()], (24, 24), [0, 0, 1, 0]),  # not between maps and units
    ],
)
def test_maps_of_equal_shape_but_the_first(stages, widths, expected):
    assert _bridged(_convolutional((3, 4, 2), stages, widths)) == expected


def test_dropout_is_inside():
    backprop = Backprop(Network(_architecture(4, (4, 4))), Noise((0.5, 0.5)), N_ROWS, Streams(0))
    kinds = [type(layer).__name__ for layer in backprop.layers]
    assert kinds == ["Dense", "Dropout", "Shortcut", "Dense"]
    assert [type(layer).__name__ for layer in backprop.layers[2].layers] == ["Dense", "Dropout"]


def test_shortcuts_add_no_parameters():
    layouts = [Network(_architecture(4, (4, 4), shortcuts=s)).layout for s in (False, True)]
    assert layouts[0].size == layouts[1].size == 2 * 20 + 15
    assert layouts[0].n_weights == layouts[1].n_weights == 2 * 16 + 12


def test_a_network_by_hand():
    hidden = ((4, Tanh()), (4, Identity()), (4, Tanh()))
    network = Network(
        DenseArchitecture(3, hidden, 2, SquaredError(), np.dtype(float), shortcuts=True)
    )
    network.parameters[...] = _normal(network.layout.size)
    w, b = ([getattr(layer, kind) for layer in network.layers] for kind in ("weights", "bias"))
    x = _normal(N_ROWS, 3, seed=1)
    y = np.tanh(x @ w[0] + b[0])
    y = y + (y @ w[1] + b[1])
    y = y + np.tanh(y @ w[2] + b[2])
    assert_allclose(network.scores(x), y @ w[3] + b[3], rtol=1e-12)
