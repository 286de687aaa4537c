"""Layers for the columns of a table: by hand, infer and forward, central differences, starts."""

import numpy as np
import pytest
from architectures import bound
from central_differences import check_gradient
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.activations import Identity, SiLU, Tanh
from skdeep.initializers import HeNormal, LeCunNormal
from skdeep.losses import SquaredError
from skdeep.network import (
    Architecture,
    Backprop,
    Branch,
    Dense,
    FanInDense,
    FeatureScale,
    Network,
    PiecewiseLinear,
    Stage,
)
from skdeep.optimizers import SGD
from skdeep.penalties import Penalty
from skdeep.preprocessing import PiecewiseLinearEncoder
from skdeep.training import Streams
from skdeep.training.batches import Batch
from skdeep.training.objective import Objective

N_ROWS, N_INPUTS, N_BINS = 9, 3, 4
LAYERS = {
    "scale": (FeatureScale, {}),
    "pieces": (PiecewiseLinear, {"n_bins": N_BINS, "n_units": 2}),
    "one piece": (PiecewiseLinear, {"n_bins": 1, "n_units": 1}),
    "dense": (FanInDense, {"n_units": 4, "activation": Tanh()}),
}
every_layer = pytest.mark.parametrize(("kind", "options"), LAYERS.values(), ids=LAYERS)


def _places(n_rows=N_ROWS, seed=1):
    """Return positions among edges, the ends and the edges themselves included."""
    u = np.random.default_rng(seed).uniform(0, N_BINS, (n_rows, N_INPUTS))
    u[0] = [0, N_BINS, 2]
    return u


def _layer(kind, options, n_rows=N_ROWS, **settings):
    return bound(kind((N_INPUTS,), **options), n_rows, **settings)


# -- what they compute -------------------------------------------------------------------------


def test_scale_by_hand():
    layer, x = _layer(FeatureScale, {}), _places()
    layer.scale[...] = [2.0, -1.0, 0.5]
    assert layer.out_shape == (N_INPUTS,)
    assert_array_equal(layer.infer(x), x * [2.0, -1.0, 0.5])


def test_pieces_by_hand():
    layer, u = _layer(*LAYERS["pieces"]), _places()
    expected = np.zeros((N_ROWS, N_INPUTS, 2))
    for row in range(N_ROWS):
        for i in range(N_INPUTS):
            expected[row, i] = layer.bias[i, 0]
            for j in range(N_BINS):
                expected[row, i] += layer.weights[i, j] * min(1, max(0, u[row, i] - j))
    assert layer.out_shape == (N_INPUTS * 2,)
    assert_allclose(layer.infer(u), expected.reshape(N_ROWS, -1), rtol=1e-12)


def test_pieces_are_those_of_the_encoder():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((200, N_INPUTS))
    encoder = PiecewiseLinearEncoder(N_BINS).fit(X)
    layer = _layer(*LAYERS["pieces"], n_rows=200)
    pieces = encoder.transform(X).reshape(200, N_INPUTS, N_BINS)
    expected = np.einsum("nij,ijk->nik", pieces, layer.weights) + layer.bias[:, 0]
    assert_allclose(layer.infer(encoder.positions(X)), expected.reshape(200, -1), atol=1e-12)


@pytest.mark.usefixtures("kernels")
def test_fan_in_dense_computes_what_dense_does():
    x, options = _places(), LAYERS["dense"][1]
    layers = [_layer(kind, options) for kind in (Dense, FanInDense)]
    assert_array_equal(layers[0].infer(x), layers[1].infer(x))
    assert_array_equal(layers[0].forward(x, fresh=True), layers[1].forward(x, fresh=True))


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.usefixtures("kernels")
def test_infer_equals_forward(kind, options, dtype):
    layer, x = _layer(kind, options, dtype=dtype), _places().astype(dtype)
    inferred, digits = layer.infer(x), 16 * np.finfo(dtype).eps
    assert inferred.dtype == dtype
    assert inferred.shape == (N_ROWS, layer.n_outputs)
    assert_allclose(inferred, layer.forward(x, fresh=True), rtol=digits, atol=digits)
    layer.resize(4)
    assert_allclose(inferred[:4], layer.forward(x[:4], fresh=True), rtol=digits, atol=digits)


@every_layer
@pytest.mark.usefixtures("kernels")
def test_inputs_are_not_changed_and_infer_touches_no_state(kind, options):
    layer, x = _layer(kind, options), _places()
    before, delta = x.copy(), np.random.default_rng(2).standard_normal((N_ROWS, layer.n_outputs))
    gradients = []
    for _ in range(2):
        layer.forward(x, fresh=True)
        layer.infer(_places(5, seed=3))
        d_inputs = layer.backward(delta.copy())
        names = [parameter.name for parameter in layer.parameters()]
        gradients.append([d_inputs.copy(), *(getattr(layer, f"d_{n}").copy() for n in names)])
    assert_array_equal(x, before)
    for one, other in zip(*gradients, strict=True):
        assert_array_equal(one, other)


@every_layer
def test_first_layers_give_no_gradient_of_inputs_where_that_costs(kind, options):
    layer = _layer(kind, options, is_first=True)
    layer.forward(_places(), fresh=True)
    d_inputs = layer.backward(np.ones((N_ROWS, layer.n_outputs)))
    assert kind is FeatureScale or d_inputs is None
    for parameter in layer.parameters():
        assert np.isfinite(getattr(layer, f"d_{parameter.name}")).all()


# -- gradients ---------------------------------------------------------------------------------


def _stage(kind, options):
    return Stage(kind, options)


STACKS = {name: (_stage(*LAYERS[name]),) for name in LAYERS} | {
    "scale behind a layer": (
        Stage(Dense, {"n_units": 5, "activation": Tanh()}),
        Stage(FeatureScale),
    ),
    "pieces behind a layer": (
        Stage(Dense, {"n_units": 3, "activation": Identity()}),
        Stage(PiecewiseLinear, {"n_bins": 3, "n_units": 2}),
    ),
    "as in the tabular estimators": (
        Stage(
            Branch,
            {
                "branches": (
                    (slice(0, 2), (Stage(FeatureScale),)),
                    (slice(2, 3), (Stage(PiecewiseLinear, {"n_bins": N_BINS, "n_units": 3}),)),
                )
            },
        ),
        Stage(Dense, {"n_units": 4, "activation": SiLU()}),
        Stage(FanInDense, {"n_units": 3, "activation": SiLU()}),
    ),
}


def _objective(seed, stages):
    rng = np.random.default_rng(seed)
    output = Stage(FanInDense, {"n_units": 2, "activation": Identity()}, "output")
    network = Network(Architecture((N_INPUTS,), (*stages, output), SquaredError(), np.dtype(float)))
    network.parameters[...] = rng.normal(0, 0.6, network.layout.size)
    # away from the edges, where the functions have kinks
    u = rng.integers(0, N_BINS, (N_ROWS, N_INPUTS)) + rng.uniform(0.1, 0.9, (N_ROWS, N_INPUTS))
    objective = Objective(Backprop(network, N_ROWS, Streams(0)), Penalty(0.2, 0.1), SGD())
    y, weights = rng.standard_normal((N_ROWS, 2)), rng.uniform(0.5, 2, N_ROWS)
    objective.batch = Batch(u, y, weights, N_ROWS)
    return objective


@pytest.mark.parametrize("stages", STACKS.values(), ids=STACKS)
def test_gradient(stages):
    check_gradient(lambda seed: _objective(seed, stages))


# -- how they start and learn ------------------------------------------------------------------


def test_starts():
    rng = np.random.default_rng(0)
    scale = _layer(FeatureScale, {})
    scale.initialise(rng)
    assert_array_equal(scale.scale, 1)
    pieces = bound(PiecewiseLinear((200,), N_BINS, 50, LeCunNormal()), N_ROWS, draw=np.zeros)
    pieces.initialise(rng)
    assert pieces.weights.std() == pytest.approx(N_BINS**-0.5, rel=0.05)
    assert not pieces.bias.any()
    options = {"n_units": 300, "activation": SiLU(), "init": HeNormal()}
    dense = bound(FanInDense((100,), **options), N_ROWS)
    dense.initialise(rng)
    assert dense.weights.std() == pytest.approx(0.02**0.5, rel=0.05)
    assert 0.095 < np.abs(dense.bias).max() <= 0.1
    assert abs(dense.bias.mean()) < 0.02


def test_rates():
    assert [p.rate for p in FeatureScale((3,), rate=2.5).parameters()] == [2.5]
    assert [p.kind for p in FeatureScale((3,)).parameters()] == ["scale"]
    weights, bias = PiecewiseLinear((3,), 4, 2, rate=8.0).parameters()
    assert (weights.rate, weights.kind, weights.shape) == (8.0, "weight", (3, 4, 2))
    assert (bias.rate, bias.kind) == (1.0, "bias")
    for fan_in, rate in ((256, 1.0), (64, 2.0), (1024, 0.5)):
        weights, bias, *_ = FanInDense((fan_in,), n_units=5, activation=Tanh()).parameters()
        assert weights.rate == pytest.approx(rate)
        assert bias.rate == 1
