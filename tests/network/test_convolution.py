"""The convolution layer: against scipy, as an unrolled dense layer, block by block."""

from itertools import product

import numpy as np
import pytest
from architectures import bound
from numpy.testing import assert_allclose, assert_array_equal
from scipy.signal import correlate

from skdeep.activations import Identity, Maxout, PReLU, ReLU, Tanh
from skdeep.network import Convolution, Dense, Filters, convolution

pytestmark = pytest.mark.usefixtures("kernels")
N_ROWS = 8
LAYERS = {  # the shape of the input, filters
    "signal, same": ((1, 9, 1), Filters(3, (1, 3), 1, "same")),
    "signal, valid": ((1, 9, 2), Filters(3, (1, 4), 1, "valid")),
    "signal, same, stride 2": ((1, 10, 2), Filters(2, (1, 3), 2, "same")),
    "signal, valid, stride 2": ((1, 10, 1), Filters(2, (1, 3), 2, "valid")),
    "image, same": ((5, 4, 2), Filters(3, (3, 3), 1, "same")),
    "image, valid": ((5, 6, 3), Filters(2, (3, 3), 1, "valid")),
    "image, same, stride 2": ((5, 6, 2), Filters(4, (3, 3), 2, "same")),
    "image, valid, stride 2": ((6, 7, 2), Filters(3, (3, 3), 2, "valid")),
    "image, same, two strides": ((7, 6, 2), Filters(3, (3, 2), (3, 1), "same")),
    "image, valid, two strides": ((6, 8, 2), Filters(3, (2, 3), (1, 3), "valid")),
    "even kernel, same": ((4, 5, 2), Filters(2, (2, 4), 1, "same")),
    "stride above the kernel, same": ((7, 5, 1), Filters(2, (2, 2), 3, "same")),
    "stride above the kernel, valid": ((7, 5, 1), Filters(2, (2, 2), 3, "valid")),
    "kernel above the map, same": ((2, 3, 2), Filters(2, (5, 5), 1, "same")),
    "kernel of one": ((3, 4, 3), Filters(2, (1, 1), 1, "valid")),
}
ACTIVATIONS = {"relu": ReLU(), "tanh": Tanh(), "prelu": PReLU(), "maxout": Maxout(pieces=3)}
over_layers = pytest.mark.parametrize("case", LAYERS.values(), ids=LAYERS)
over_activations = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)


def _convolution(case, activation=None, n_rows=N_ROWS, **settings):
    return bound(Convolution(*case, activation or Identity()), n_rows, **settings)


def _numbers(n_rows, n, seed=1):
    return np.random.default_rng(seed).standard_normal((n_rows, n))


def _pass(layer, x, delta):
    """Return copies of the outputs, of the gradient at the inputs and of the parameters'."""
    out = layer.forward(x, fresh=True).copy()
    d_inputs = layer.backward(delta.copy()).copy()
    return out, d_inputs, layer.d_weights.copy(), layer.d_bias.copy(), layer.d_theta.copy()


# -- what it computes ------------------------------------------------------------------------------


@over_layers
def test_forward_is_a_correlation(case):
    layer, (shape, filters) = _convolution(case), case
    x = _numbers(N_ROWS, layer.n_inputs)
    images = np.pad(x.reshape(-1, *shape), ((0, 0), *filters.margins(shape), (0, 0)))
    weights = layer.weights.reshape(*filters.kernel, shape[2], filters.n)
    (down, right), expected = filters.strides, np.empty((N_ROWS, *layer.out_shape))
    for i, f in product(range(N_ROWS), range(filters.n)):
        sums = correlate(images[i], weights[..., f], mode="valid")[::down, ::right, 0]
        expected[i, ..., f] = sums + layer.bias[f]
    assert_allclose(layer.forward(x, fresh=True), expected.reshape(N_ROWS, -1), atol=1e-12)


@pytest.mark.parametrize(("shape", "kernel"), [((1, 12, 2), (1, 5)), ((6, 7, 2), (3, 5))])
def test_same_padding_is_that_of_scipy(shape, kernel):
    layer = _convolution((shape, Filters(1, kernel, 1, "same")))
    x = _numbers(1, layer.n_inputs)
    weights = layer.weights.reshape(*kernel, shape[2])
    expected = sum(
        correlate(x.reshape(shape)[..., c], weights[..., c], mode="same") for c in range(shape[2])
    )
    assert_allclose(layer.infer(x).reshape(shape[:2]), expected + layer.bias, atol=1e-12)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "n", "margins"),
    [
        (5, 3, 1, "same", 5, (1, 1)),
        (5, 2, 1, "same", 5, (0, 1)),
        (6, 3, 2, "same", 3, (0, 1)),
        (5, 3, 2, "same", 3, (1, 1)),
        (5, 1, 2, "same", 3, (0, 0)),
        (7, 2, 3, "same", 3, (0, 1)),
        (2, 5, 1, "same", 2, (2, 2)),
        (5, 3, 1, "valid", 3, (0, 0)),
        (6, 3, 2, "valid", 2, (0, 0)),
        (3, 3, 1, "valid", 1, (0, 0)),
    ],
)
def test_sizes_and_margins(size, kernel, stride, padding, n, margins):
    upright = Filters(4, (kernel, 1), stride, padding)
    lying = Filters(4, (1, kernel), stride, padding)
    assert upright.sizes((size, 1, 3)) == (n, 1)
    assert upright.margins((size, 1, 3)) == (margins, (0, 0))
    assert lying.sizes((1, size, 3)) == (1, n)
    assert lying.margins((1, size, 3)) == ((0, 0), margins)


def test_sizes_and_margins_of_two_strides():
    filters = Filters(4, (3, 2), (2, 3), "same")
    assert filters.sizes((6, 7, 3)) == (3, 3)
    assert filters.margins((6, 7, 3)) == ((0, 1), (0, 1))
    assert filters._replace(padding="valid").sizes((6, 7, 3)) == (2, 2)
    assert str(filters) == "4 filters 3x2 stride 2x3 same"
    alike = filters._replace(stride=(2, 2)), filters._replace(stride=2)
    assert str(alike[0]) == str(alike[1]) == "4 filters 3x2 stride 2 same"


def _places(layer):
    """Return where each product of the sum is: the input, the position and the row of weights."""
    (height, width, channels), filters = layer.in_shape, layer.filters
    (top, _), (left, _) = filters.margins(layer.in_shape)
    places = []
    for position, (y, x) in enumerate(np.ndindex(layer.out_shape[:2])):
        for row, (i, j, c) in enumerate(np.ndindex(*filters.kernel, channels)):
            v, u = y * filters.strides[0] + i - top, x * filters.strides[1] + j - left
            if 0 <= v < height and 0 <= u < width:
                places.append(((v * width + u) * channels + c, position, row))
    return np.transpose(places)


@pytest.mark.parametrize("activation", [Tanh(), PReLU()], ids=str)
@over_layers
def test_equals_a_dense_layer_with_the_unrolled_matrix(case, activation):
    layer = _convolution(case, activation)
    dense = bound(Dense((layer.n_inputs,), layer.n_outputs, activation), N_ROWS)
    inputs, positions, rows = _places(layer)
    matrix = dense.weights.reshape(layer.n_inputs, layer.n_positions, layer.n_maps)
    matrix[...] = 0
    matrix[inputs, positions] = layer.weights[rows]
    dense.bias[...] = np.tile(layer.bias, layer.n_positions)
    if layer.theta.size:
        dense.theta[...] = np.tile(layer.theta, layer.n_positions)
    x, delta = _numbers(N_ROWS, layer.n_inputs), _numbers(N_ROWS, layer.n_outputs, seed=2)
    out, d_inputs, d_matrix, d_bias, d_theta = _pass(dense, x, delta)
    d_weights = np.zeros_like(layer.weights)
    np.add.at(d_weights, rows, d_matrix.reshape(matrix.shape)[inputs, positions])
    d_bias = d_bias.reshape(layer.n_positions, -1).sum(axis=0)
    d_theta = d_theta.reshape(layer.n_positions, -1).sum(axis=0)
    expected = out, d_inputs, d_weights, d_bias, d_theta
    for one, other in zip(_pass(layer, x, delta), expected, strict=True):
        assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("shape", [(1, 12, 2), (6, 9, 2)])
def test_shares_one_weight_matrix_between_blocks_of_the_input(shape):
    kernel = (min(shape[0], 3), 3)
    layer = _convolution((shape, Filters(4, kernel, 3, "valid")), Tanh())
    x = _numbers(N_ROWS, layer.n_inputs)
    height, width, _ = layer.out_shape
    blocks = x.reshape(N_ROWS, height, kernel[0], width, kernel[1], shape[2])
    blocks = blocks.swapaxes(2, 3).reshape(N_ROWS, height * width, -1)
    shared = np.tanh(blocks @ layer.weights + layer.bias)
    assert_allclose(layer.infer(x), shared.reshape(N_ROWS, -1), rtol=1e-12)


# -- prediction and training -----------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@over_activations
@over_layers
def test_infer_equals_forward(case, activation, dtype):
    layer = _convolution(case, activation, dtype=dtype)
    x = _numbers(N_ROWS, layer.n_inputs).astype(dtype)
    inferred, digits = layer.infer(x), 16 * np.finfo(dtype).eps
    assert inferred.dtype == dtype
    assert inferred.shape == (N_ROWS, layer.n_outputs)
    assert_allclose(inferred, layer.forward(x, fresh=True), rtol=digits, atol=digits)


@over_layers
def test_infer_takes_inputs_in_any_order_of_memory(case):
    layer = _convolution(case, Tanh())
    x = _numbers(2 * N_ROWS, layer.n_inputs + 1)
    for inputs in (x[::2, :-1], x[:, 1:], np.asfortranarray(x[:, 1:]), x[::-1, :-1]):
        expected = layer.infer(np.ascontiguousarray(inputs))
        assert_allclose(layer.infer(inputs), expected, rtol=1e-12)


@over_activations
def test_infer_touches_no_state(activation):
    layer = _convolution(LAYERS["image, same"], activation)
    x, delta = _numbers(N_ROWS, layer.n_inputs), _numbers(N_ROWS, layer.n_outputs, seed=2)
    expected = _pass(layer, x, delta)
    layer.forward(x, fresh=True)
    layer.infer(_numbers(5, layer.n_inputs, seed=3))
    assert_array_equal(layer.out, expected[0])
    assert_array_equal(layer.backward(delta.copy()), expected[1])


@pytest.mark.parametrize("images", [1, 3, N_ROWS, 2 * N_ROWS])
@over_layers
def test_blocks_of_images_add_up_to_the_whole(case, images, monkeypatch):
    whole = _convolution(case, Tanh())
    monkeypatch.setattr(convolution, "_PATCH_NUMBERS", images * whole.n_positions * whole.fan_in)
    parts = _convolution(case, Tanh())
    assert parts.patches.images == images
    x, delta = _numbers(N_ROWS, whole.n_inputs), _numbers(N_ROWS, whole.n_outputs, seed=2)
    expected = _pass(whole, x, delta)
    for _ in range(2):  # what a block leaves in its arrays must not reach the next
        for one, other in zip(_pass(parts, x, delta), expected, strict=True):
            assert_allclose(one, other, rtol=1e-11, atol=1e-13)
    assert_allclose(parts.infer(x), expected[0], rtol=1e-11, atol=1e-13)


def test_a_block_holds_an_image_however_large(monkeypatch):
    monkeypatch.setattr(convolution, "_PATCH_NUMBERS", 1)
    assert _convolution(LAYERS["image, same"]).patches.images == 1


@over_layers
def test_short_batch_equals_a_layer_of_that_size(case):
    long, short = _convolution(case, PReLU()), _convolution(case, PReLU(), n_rows=3)
    _pass(long, _numbers(N_ROWS, long.n_inputs, 3), _numbers(N_ROWS, long.n_outputs, 4))
    long.resize(3)
    x, delta = _numbers(3, long.n_inputs), _numbers(3, long.n_outputs, seed=2)
    for one, other in zip(_pass(long, x, delta), _pass(short, x, delta), strict=True):
        assert_array_equal(one, other)


@over_layers
def test_first_layer_has_no_gradient_at_its_inputs(case):
    first, inner = _convolution(case, is_first=True), _convolution(case)
    x, delta = _numbers(N_ROWS, inner.n_inputs), _numbers(N_ROWS, inner.n_outputs, seed=2)
    expected = _pass(inner, x, delta)
    first.forward(x, fresh=True)
    assert first.backward(delta.copy()) is None
    assert_array_equal(first.d_weights, expected[2])


# -- sizes -----------------------------------------------------------------------------------------


def test_counts():
    layer = Convolution((5, 6, 2), Filters(4, (3, 2), 2, "same"), Maxout(pieces=3))
    assert layer.out_shape == (3, 3, 4)
    shapes = [parameter.shape for parameter in layer.parameters()]
    assert shapes == [(3 * 2 * 2, 4 * 3), (4 * 3,), (0,)]
    assert (layer.n_inputs, layer.n_outputs, layer.n_positions) == (60, 36, 9)
    assert (layer.fan_in, layer.fan_out) == (12, 24)
    assert layer.multiplications == 9 * 12 * 12
    assert layer.widest == max(60, 9 * 12)


def test_one_slope_of_prelu_a_filter():
    layer = Convolution((5, 6, 2), Filters(4, (3, 3), 1, "same"), PReLU())
    assert [parameter.shape for parameter in layer.parameters()][-1] == (4,)


def test_users_see_views_in_the_shape_of_filters():
    image, deep = _convolution(LAYERS["image, same"]), _convolution(LAYERS["signal, valid"])
    signal = _convolution(LAYERS["signal, valid"])
    signal.is_signal = True  # else it is deep within a network of images
    shapes = [(3, 3, 2, 3), (1, 4, 2, 3), (4, 2, 3)]
    for layer, shape in zip((image, deep, signal), shapes, strict=True):
        (weights,) = layer.of_kind("weight")
        assert weights.shape == shape
        weights[...] = 7
        assert (layer.weights == 7).all()
        assert [bias.shape for bias in layer.of_kind("bias")] == [(3,)]
