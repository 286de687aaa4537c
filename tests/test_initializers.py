"""Initializers: spread, bounds, orthogonality, the symmetry problem, one for each layer."""

import pickle
from math import inf, sqrt

import numpy as np
import pytest
from architectures import dense
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_iris

from skdeep import MLPClassifier, initializers
from skdeep.activations import ACTIVATIONS, Maxout
from skdeep.initializers import (
    INITIALIZERS,
    Constant,
    GlorotUniform,
    Initializer,
    Normal,
    Orthogonal,
    Uniform,
    Zeros,
)
from skdeep.network import Network

SHAPE, FAN_IN, FAN_OUT = (300, 200), 50, 20
VARIANCES = {
    "zeros": 0.0,
    "constant": 0.0,
    "normal": 0.01**2,
    "uniform": 0.05**2 / 3,
    "lecun_normal": 1 / FAN_IN,
    "lecun_uniform": 1 / FAN_IN,
    "glorot_normal": 2 / (FAN_IN + FAN_OUT),
    "glorot_uniform": 2 / (FAN_IN + FAN_OUT),
    "he_normal": 2 / FAN_IN,
    "he_uniform": 2 / FAN_IN,
    "orthogonal": 1 / max(SHAPE),
}
CASES = [pytest.param(INITIALIZERS[name](), name, id=name) for name in INITIALIZERS] + [
    pytest.param(Normal(scale=2.0), 4.0, id="scale=2"),
    pytest.param(Uniform(scale=0.3), 0.03, id="uniform of 0.3"),
    pytest.param(Orthogonal(gain=2.0), 4 / 300, id="gain=2"),
]
CONTRACT = {
    "zeros": "Zeros",
    "constant": "Constant",
    "normal": "Normal",
    "uniform": "Uniform",
    "lecun_normal": "LeCunNormal",
    "lecun_uniform": "LeCunUniform",
    "glorot_normal": "GlorotNormal",
    "glorot_uniform": "GlorotUniform",
    "he_normal": "HeNormal",
    "he_uniform": "HeUniform",
    "orthogonal": "Orthogonal",
}
X, y = load_iris(return_X_y=True)
X, y = ((X - X.mean(axis=0)) / X.std(axis=0))[:130], y[:130]  # classes of unequal size


def _sample(initializer, seed=0, shape=SHAPE):
    weights = initializer.sample(shape, FAN_IN, FAN_OUT, np.random.default_rng(seed))
    return np.broadcast_to(weights, shape)


def _model(hidden=(6, 5), activation="tanh", **params):
    model = MLPClassifier(hidden, activation, max_iter=20, batch_size=32, random_state=0)
    return model.set_params(n_iter_no_change=inf, **params).fit(X, y)


def _start(hidden=(6, 5), activation="tanh", **params):
    """Fit a model with a rate too small to move a weight: it stays at its start."""
    return _model(hidden, activation, optimizer="sgd", learning_rate_init=1e-30, **params)


@pytest.mark.parametrize(("initializer", "variance"), CASES)
def test_variance(initializer, variance):
    variance = VARIANCES.get(variance, variance)
    weights = _sample(initializer)
    assert weights.shape == SHAPE
    assert weights.var() == pytest.approx(variance, rel=0.03, abs=1e-20)
    if variance:
        assert abs(weights.mean()) < 5 * sqrt(variance / weights.size)


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if "uniform" in name])
def test_bounds_of_uniform_weights(name):
    bound, weights = sqrt(3 * VARIANCES[name]), np.abs(_sample(INITIALIZERS[name]()))
    assert 0.999 * bound < weights.max() <= bound
    # evenly spread: a quarter of them in each quarter
    counts = np.histogram(weights, bins=4, range=(0, bound))[0]
    assert_allclose(counts / weights.size, 0.25, atol=0.01)


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if "normal" in name])
def test_gaussian_weights(name):
    weights = _sample(INITIALIZERS[name]()) / sqrt(VARIANCES[name])
    assert np.mean(np.abs(weights) < 1) == pytest.approx(0.683, abs=0.01)
    assert np.abs(weights).max() > 3.5


@pytest.mark.parametrize("shape", [(8, 5), (5, 8), (6, 6), (1, 4), (4, 1)])
@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_orthogonal(shape, gain):
    weights = _sample(Orthogonal(gain=gain), shape=shape)
    products = weights.T @ weights if shape[0] >= shape[1] else weights @ weights.T
    assert_allclose(products, gain**2 * np.eye(min(shape)), atol=1e-14)


def test_orthogonal_matrices_favour_no_direction():
    # without unique signs, the first entry would always have the same one
    entries = [_sample(Orthogonal(), seed, (2, 2))[0, 0] for seed in range(200)]
    assert abs(np.mean(np.sign(entries))) < 0.25


@pytest.mark.parametrize(
    ("initializer", "value"), [(Zeros(), 0.0), (Constant(), 0.1), (Constant(-2.0), -2.0)], ids=str
)
def test_equal_weights(initializer, value):
    assert_array_equal(_sample(initializer), value)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_same_seed_same_weights(name):
    initializer = INITIALIZERS[name]()
    assert_array_equal(_sample(initializer, 1), _sample(initializer, 1))
    assert (_sample(initializer, 1) != _sample(initializer, 2)).any() == (VARIANCES[name] > 0)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_start_does_not_depend_on_the_type(name):
    starts = []
    for dtype in (np.float32, np.float64):
        start = {"init": INITIALIZERS[name](), "bias_init": 0.1}
        hidden = ((6, ACTIVATIONS["prelu"]()), (5, Maxout()))
        network = Network(dense(7, hidden, 3, dtype=dtype, **start))
        network.initialise(np.random.default_rng(0))
        starts.append(network.parameters)
    assert_array_equal(starts[0], starts[1].astype(np.float32))


@pytest.mark.parametrize("name", INITIALIZERS)
def test_by_name_and_as_an_object(name):
    by_name, by_object = _start(init=name), _start(init=INITIALIZERS[name]())
    for one, other in zip(by_name.coefs_, by_object.coefs_, strict=True):
        assert_array_equal(one, other)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("init", ["zeros", "constant"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softplus"])
def test_equal_units_stay_equal(activation, init, optimizer):
    params = {"init": init, "optimizer": optimizer, "learning_rate_init": 0.1}
    model = _model(activation=activation, dtype="float64", **params)
    assert np.ptp(model.intercepts_[-1]) > 0.01  # it did train
    for i in (0, 1):
        incoming, bias, outgoing = model.coefs_[i], model.intercepts_[i], model.coefs_[i + 1]
        assert_allclose(incoming - incoming[:, :1], 0, atol=1e-6)
        assert_allclose(bias - bias[0], 0, atol=1e-6)
        assert_allclose(outgoing - outgoing[:1], 0, atol=1e-6)


def test_random_units_do_not_stay_equal():
    model = _model(init="lecun_normal", learning_rate_init=0.1)
    assert np.abs(model.coefs_[0] - model.coefs_[0][:, :1]).max() > 0.1


def test_zeros_cannot_train_hidden_tanh_units():
    # nothing reaches the units, and nothing comes back through zero weights
    model = _model(init="zeros", learning_rate_init=0.1)
    assert all((coefs == 0).all() for coefs in model.coefs_)
    assert len(np.unique(model.predict(X))) == 1


@pytest.mark.parametrize("bias_init", [0.0, 0.01, -1.5])
def test_bias_init_reaches_hidden_layers_only(bias_init):
    *hidden, output = _start(bias_init=bias_init).intercepts_
    for bias in hidden:
        assert_allclose(bias, bias_init, rtol=1e-6, atol=1e-20)
    assert_allclose(output, 0, atol=1e-20)


def test_one_initializer_for_each_layer():
    model = _start(init=["zeros", Constant(0.5), "orthogonal"])
    first, second, last = model.coefs_
    assert_allclose(first, 0, atol=1e-20)
    assert_array_equal(second, 0.5)
    assert_allclose(last.T @ last, np.eye(3), atol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_auto_suits_the_activation(activation):
    init = ACTIVATIONS[activation].init
    assert init in INITIALIZERS
    auto, named = (
        _start(activation=activation, init=init)
        for init in ("auto", [init, init, GlorotUniform(1.0 if "glorot" in init else 0.5)])
    )
    for one, other in zip(auto.coefs_, named.coefs_, strict=True):
        assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("activation", "family"),
    [("relu", "he"), ("leaky_relu", "he"), ("selu", "lecun"), ("tanh", "glorot")],
)
def test_auto_is_what_the_literature_advises(activation, family):
    assert ACTIVATIONS[activation].init.startswith(family)


def test_fans_count_units():
    class Fans(Initializer):
        def sample(self, shape, fan_in, fan_out, rng):
            seen.append((shape, fan_in, fan_out))
            return np.zeros(shape)

    seen = []
    hidden = ((6, Maxout(pieces=2)), (5, ACTIVATIONS["relu"]()))
    Network(dense(4, hidden, 3, init=Fans())).initialise(None)
    assert seen == [((4, 12), 4, 6), ((6, 5), 6, 5), ((5, 3), 5, 3)]


class _Stripes(Initializer):
    """An initializer of a user's own."""

    def sample(self, shape, fan_in, fan_out, rng):
        return np.tile([0.25, -0.5], shape)[:, : shape[1]]


def test_own_initializer():
    coefs = _start(init=_Stripes()).coefs_[0]
    assert_array_equal(coefs, np.tile([0.25, -0.5], (4, 3)))
    with pytest.raises(NotImplementedError, match="Initializer must define sample"):
        Initializer().sample((2, 2), 2, 2, None)


@pytest.mark.parametrize(("initializer", "_"), CASES)
def test_clone_repr_pickle(initializer, _):
    for copy in (clone(initializer), pickle.loads(pickle.dumps(initializer))):
        assert type(copy) is type(initializer)
        assert_array_equal(_sample(copy), _sample(initializer))
    assert eval(repr(initializer), vars(initializers)).get_params() == initializer.get_params()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_entry_has_a_variance_here(name):
    assert name in VARIANCES


@pytest.mark.parametrize("name", CONTRACT)
def test_contract(name):
    assert INITIALIZERS[name] is getattr(initializers, CONTRACT[name])


@pytest.mark.parametrize(
    ("init", "error", "words"),
    [
        ("xavier", ValueError, "Unknown init 'xavier'; known are constant, glorot_normal"),
        (Zeros, TypeError, "init must be a name or an object .* got the class Zeros"),
        (["zeros"], ValueError, "one entry for each layer, the output layer included, that is 2"),
        (Normal(scale=-1), ValueError, "Normal: scale must be a number in"),
        (Uniform(scale="x"), TypeError, "Uniform: scale must be a number in"),
        (Constant(value=np.inf), ValueError, "Constant: value must be a number"),
        (Orthogonal(gain=0), ValueError, "Orthogonal: gain must be a number in"),
    ],
)
def test_bad_init(init, error, words):
    with pytest.raises(error, match=words):
        MLPClassifier(init=init).fit(X, y)
