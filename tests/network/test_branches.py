"""Branches: some columns through one chain, others through another, then side by side."""

import numpy as np
import pytest
from architectures import bound
from central_differences import check_gradient
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix

from skdeep.activations import Identity, Maxout, PReLU, Tanh
from skdeep.initializers import Constant
from skdeep.losses import SquaredError
from skdeep.network import (
    Architecture,
    Backprop,
    Branch,
    Dense,
    Dropout,
    GaussianNoise,
    Network,
    Shortcut,
    Stage,
)
from skdeep.optimizers import SGD
from skdeep.penalties import Penalty
from skdeep.training import Data, Streams, ValueTargets
from skdeep.training.batches import Batch, Loader
from skdeep.training.objective import Objective

N_INPUTS, N_ROWS = 7, 8


def _dense(n_units, activation=None):
    return Stage(Dense, {"n_units": n_units, "activation": activation or Tanh()})


def _branch(*branches):
    return Stage(Branch, {"branches": branches})


TWO = (_dense(4, PReLU()), _dense(2))
BRANCHES = {  # columns, and the stages that they go through
    "slices": ((slice(0, 3), TWO), (slice(3, None), (_dense(3),))),
    "numbers": (([5, 0, 2], TWO), ([1, 3, 4, 6], (_dense(3, Maxout(pieces=3)),))),
    "steps and negative numbers": ((slice(None, None, 2), TWO), ([-2, 1], (_dense(3),))),
    "overlapping": ((slice(0, 5), TWO), ([6, 4, 2], (_dense(3),)), (slice(1, 3), (_dense(2),))),
    "passed through": ((slice(0, 3), ()), ([4, 3, 1], TWO)),
    "columns left out": (([2], TWO), ([4, 5], ())),
    "a single branch": (([3, 1], TWO),),
    "a shortcut within": (
        (slice(0, 4), (Stage(Shortcut, {"stages": (_dense(4),)}),)),
        ([5, 2], (_dense(3),)),
    ),
    "branches within": (
        (slice(0, 4), (_branch(([3, 0], (_dense(2),)), ([0, 2], TWO)), _dense(3))),
        ([5, 3], (_dense(2),)),
    ),
}
over_branches = pytest.mark.parametrize("branches", BRANCHES.values(), ids=BRANCHES)


def _layer(branches, n_rows=N_ROWS, **settings):
    return bound(Branch((N_INPUTS,), branches), n_rows, **settings)


def _numbers(n_rows, n, seed=1):
    return np.random.default_rng(seed).standard_normal((n_rows, n))


def _gradients(layer):
    return [
        getattr(leaf, f"d_{parameter.name}").copy()
        for leaf in layer.leaves
        for parameter in leaf.parameters()
    ]


def _pass(layer, x, delta):
    """Return copies of the outputs and of all gradients, that at the inputs first."""
    out = layer.forward(x, fresh=True).copy()
    return [out, layer.backward(delta.copy()).copy(), *_gradients(layer)]


# -- what it computes ------------------------------------------------------------------------------


@pytest.mark.usefixtures("kernels")
def test_by_hand():
    layer, x = _layer(BRANCHES["overlapping"]), _numbers(N_ROWS, N_INPUTS)
    first, second, third, fourth = layer.leaves
    z = x[:, :5] @ first.weights + first.bias
    z = np.tanh(np.where(z > 0, z, first.theta * z) @ second.weights + second.bias)
    others = [
        np.tanh(x[:, columns] @ leaf.weights + leaf.bias)
        for columns, leaf in (([6, 4, 2], third), ([1, 2], fourth))
    ]
    expected = np.hstack([z, *others])
    assert layer.out_shape == (2 + 3 + 2,)
    assert_allclose(layer.infer(x), expected, rtol=1e-12)
    assert_allclose(layer.forward(x, fresh=True), expected, rtol=1e-12)


@pytest.mark.usefixtures("kernels")
def test_gradients_are_those_of_the_layers_on_their_own():
    layer, x = _layer(BRANCHES["overlapping"]), _numbers(N_ROWS, N_INPUTS)
    delta = _numbers(N_ROWS, 7, seed=2)
    _, d_inputs, *d_parameters = _pass(layer, x, delta)
    expected, columns = np.zeros_like(x), [slice(0, 5), [6, 4, 2], slice(1, 3)]
    for chain, part, place in zip(layer.chains, columns, layer.places, strict=True):
        chain.forward(x[:, part], fresh=True)
        expected[:, part] += chain.backward(delta[:, place].copy())
    assert_allclose(d_inputs, expected, rtol=1e-12)
    for one, other in zip(d_parameters, _gradients(layer), strict=True):
        assert_array_equal(one, other)


def test_columns_passed_through_stay_as_they_are():
    layer, x = _layer(((slice(0, 3), ()), ([4, 3], ()))), _numbers(N_ROWS, N_INPUTS)
    delta = _numbers(N_ROWS, 5, seed=2)
    assert layer.leaves == []
    assert_array_equal(layer.infer(x), x[:, [0, 1, 2, 4, 3]])
    assert_array_equal(layer.forward(x, fresh=True), x[:, [0, 1, 2, 4, 3]])
    expected = np.zeros_like(x)
    expected[:, [0, 1, 2, 4, 3]] = delta
    assert_array_equal(layer.backward(delta), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@over_branches
@pytest.mark.usefixtures("kernels")
def test_infer_equals_forward(branches, dtype):
    layer = _layer(branches, dtype=dtype)
    x, digits = _numbers(N_ROWS, N_INPUTS).astype(dtype), 16 * np.finfo(dtype).eps
    inferred = layer.infer(x)
    assert inferred.dtype == dtype
    assert inferred.shape == (N_ROWS, layer.n_outputs)
    assert_allclose(inferred, layer.forward(x, fresh=True), rtol=digits, atol=digits)


@over_branches
@pytest.mark.usefixtures("kernels")
def test_inputs_are_not_changed_and_infer_touches_no_state(branches):
    layer, x = _layer(branches), _numbers(N_ROWS, N_INPUTS)
    before, delta = x.copy(), _numbers(N_ROWS, layer.n_outputs, seed=2)
    expected = _pass(layer, x, delta)
    out = layer.forward(x, fresh=True)
    layer.infer(_numbers(5, N_INPUTS, seed=3))
    assert_array_equal(out, expected[0])
    for one, other in zip([layer.backward(delta), *_gradients(layer)], expected[1:], strict=True):
        assert_array_equal(one, other)
    assert_array_equal(x, before)


@over_branches
@pytest.mark.usefixtures("kernels")
def test_short_batch_equals_a_layer_of_that_size(branches):
    long, short = _layer(branches), _layer(branches, n_rows=3)
    _pass(long, _numbers(N_ROWS, N_INPUTS, 3), _numbers(N_ROWS, long.n_outputs, 4))
    long.resize(3)
    x, delta = _numbers(3, N_INPUTS), _numbers(3, long.n_outputs, seed=2)
    for one, other in zip(_pass(long, x, delta), _pass(short, x, delta), strict=True):
        assert_array_equal(one, other)


@over_branches
@pytest.mark.usefixtures("kernels")
def test_sparse_inputs(branches):
    layer, x = _layer(branches, is_first=True), _numbers(N_ROWS, N_INPUTS)
    x[x < 0.3] = 0
    delta = _numbers(N_ROWS, layer.n_outputs, seed=2)
    results = []
    for inputs in (x, csr_matrix(x)):
        inferred, out = layer.infer(inputs), layer.forward(inputs, fresh=True).copy()
        assert layer.backward(delta.copy()) is None
        results.append([inferred, out, *_gradients(layer)])
    for one, other in zip(*results, strict=True):
        assert_allclose(one, other, rtol=1e-12)


@over_branches
def test_the_layers_within_are_told_one_by_one(branches):
    layer, x, seen = _layer(branches), _numbers(N_ROWS, N_INPUTS), []
    out = layer.trace(x, lambda leaf, outputs: seen.append((leaf, outputs.shape[1])))
    assert_array_equal(out, layer.infer(x))
    assert seen == [(leaf, leaf.n_outputs) for leaf in layer.leaves]


# -- within networks -------------------------------------------------------------------------------


def _network(branches, before=(), behind=()):
    """Return a network with branches, some stages before them and behind."""
    output = _dense(2, Identity())
    stages = (*before, _branch(*branches), *behind, output)
    network = Network(Architecture((N_INPUTS,), stages, SquaredError(), np.dtype(float)))
    network.parameters[...] = np.random.default_rng(0).normal(0, 0.6, network.layout.size)
    return network


BEFORE = {
    "first": (),
    "behind noise": (Stage(GaussianNoise, {"scale": 0.5}), Stage(Dropout, {"rate": 0.3})),
    "behind a layer": (_dense(N_INPUTS),),
    "behind branches": (_branch((slice(0, 4), (_dense(5),)), ([1, 6], ())),),
}
NOISY = ((slice(0, 5), (Stage(Dropout, {"rate": 0.3}), _dense(3))), ([4, 6], (_dense(2),)))


def _objective(seed, branches, before, sparse=False):
    rng = np.random.default_rng(seed)
    network = _network(branches, before, behind=(_dense(3),))
    network.parameters[...] = rng.normal(0, 0.6, network.layout.size)
    X = rng.standard_normal((N_ROWS, N_INPUTS))
    X = csr_matrix(X * (rng.random(X.shape) < 0.6)) if sparse else X
    data = Data(X, ValueTargets(rng.standard_normal((N_ROWS, 2))), rng.uniform(0.2, 2.0, N_ROWS))
    backprop = Backprop(network, N_ROWS, Streams(0))
    objective = Objective(backprop, Penalty.elastic_net(0.3, 0.2), SGD())
    objective.batch = Loader(data, N_ROWS, np.float64).load(slice(0, N_ROWS))
    return objective


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("branches", [*BRANCHES.values(), NOISY], ids=[*BRANCHES, "noise within"])
def test_gradient(branches, before):
    check_gradient(lambda seed: _objective(seed, branches, before))


@pytest.mark.parametrize("branches", [*BRANCHES.values(), NOISY], ids=[*BRANCHES, "noise within"])
def test_gradient_of_sparse_inputs(branches):
    check_gradient(lambda seed: _objective(seed, branches, before=(), sparse=True))


def test_gradient_within_a_shortcut():
    inner = _branch((slice(0, 4), (_dense(4),)), ([1, 5, 6], (_dense(3),)))
    around = Stage(Shortcut, {"stages": (inner,)})
    for before in ((), (_dense(N_INPUTS),)):
        stages = (*before, around)
        check_gradient(lambda seed, stages=stages: _objective(seed, BRANCHES["slices"], stages))


def test_branches_without_parameters_do_not_learn_as_the_first_layer():
    backprop = Backprop(_network(((slice(0, 3), ()), ([4, 3], ()))), N_ROWS, Streams(0))
    branch, output = backprop.chain.layers
    assert (branch.learns, output.learns, output.gives_gradient) == (False, True, False)
    x = _numbers(N_ROWS, N_INPUTS)
    backprop.evaluate(Batch(x, np.zeros((N_ROWS, 2)), None, N_ROWS))
    backprop.backward()
    assert np.isfinite(backprop.gradient).all()


def test_starting_values_are_drawn_within_branches():
    layer = Stage(Dense, {"n_units": 2, "activation": Tanh(), "init": Constant(0.5)})
    network = _network(((slice(0, 3), (layer,)), ([4], (layer,))), behind=(layer,))
    network.initialise(np.random.default_rng(0))
    assert [np.unique(weights).tolist() for weights in network.of_kind("weight")[:3]] == [[0.5]] * 3


@pytest.mark.parametrize("columns", [[7], [-8], [0, 99]])
def test_columns_that_are_not_there_are_refused(columns):
    with pytest.raises(IndexError, match="out of bounds"):
        Branch((N_INPUTS,), ((columns, TWO),))
