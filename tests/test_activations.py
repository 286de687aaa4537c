"""Activations: values and derivatives against plain formulas, types, extremes, use by name."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from scipy.stats import norm
from sklearn.base import clone

from skdeep import MLPClassifier, MLPRegressor, activations
from skdeep.activations import ACTIVATIONS, ELU, Activation, LeakyReLU, Maxout, PReLU, ReLU
from skdeep.exceptions import DivergenceError


def _leaky(z, slope=0.01):
    return np.where(z > 0, z, slope * z)


def _elu(z, a=1.0):
    return np.where(z > 0, z, a * (np.exp(np.minimum(z, 0)) - 1))


def _softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _maxout(z, pieces=2):
    return np.max(np.split(z, pieces, axis=1), axis=0)


FORMULAS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "logistic": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": _leaky,
    "prelu": lambda z: _leaky(z, 0.25),
    "elu": _elu,
    "maxout": _maxout,
    "softplus": _softplus,
    "selu": lambda z: 1.0507009873554805 * _elu(z, 1.6732632423543772),
    "gelu": lambda z: z * norm.cdf(z),
    "silu": lambda z: z * expit(z),
    "mish": lambda z: z * np.tanh(_softplus(z)),
}
CASES = [pytest.param(ACTIVATIONS[name](), name, id=name) for name in ACTIVATIONS] + [
    pytest.param(LeakyReLU(slope=0.3), lambda z: _leaky(z, 0.3), id="slope 0.3"),
    pytest.param(PReLU(slope=-0.5), lambda z: _leaky(z, -0.5), id="slope -0.5"),
    pytest.param(ELU(a=0.5), lambda z: _elu(z, 0.5), id="a=0.5"),
    pytest.param(ELU(a=2.0), lambda z: _elu(z, 2.0), id="a=2"),
    pytest.param(Maxout(pieces=3), lambda z: _maxout(z, 3), id="three pieces"),
]
CONTRACT = {
    "identity": "Identity",
    "sigmoid": "Sigmoid",
    "logistic": "Sigmoid",
    "tanh": "Tanh",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "maxout": "Maxout",
    "softplus": "Softplus",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
}


def _formula(name):
    return name if callable(name) else FORMULAS[name]


def _grid(dtype=np.float64):
    """Inputs on both sides of zero, not at zero, in rows of twelve."""
    return np.random.default_rng(0).permutation(np.linspace(-6, 6, 96)).reshape(8, 12).astype(dtype)


def _run(activation, z, delta=None, theta=None):
    """Return outputs, and for a ``delta`` the gradients at ``z`` and ``theta``."""
    n_units = z.shape[1] // activation.pieces
    if theta is None:
        theta = np.empty(activation.n_parameters(n_units), z.dtype)
        activation.start_parameters(theta)
    z = z.copy()
    out = z if activation.in_place else np.empty((len(z), n_units), z.dtype)
    activation.forward(z, out, theta)
    outputs, d_theta = out.copy(), np.empty_like(theta)
    if delta is None:
        return outputs
    return outputs, activation.backward(z, out, delta.copy(), theta, d_theta), d_theta


def _weights_of_outputs(activation, z):
    shape = (len(z), z.shape[1] // activation.pieces)
    return np.random.default_rng(1).standard_normal(shape).astype(z.dtype)


@pytest.mark.parametrize(("activation", "name"), CASES)
def test_value(activation, name):
    assert_allclose(_run(activation, _grid()), _formula(name)(_grid()), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("activation", "name"), CASES)
def test_derivative(activation, name):
    z, formula, step = _grid(), _formula(name), 1e-6
    delta = _weights_of_outputs(activation, z)
    expected = np.empty_like(z)
    for column in range(z.shape[1]):
        shift = np.zeros(z.shape[1])
        shift[column] = step
        slope = (formula(z + shift) - formula(z - shift)) / (2 * step)
        expected[:, column] = (slope * delta).sum(axis=1)
    assert_allclose(_run(activation, z, delta)[1], expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("theta", [(-0.5, 0.3, 1.0), (-0.5, 0.3, 2.5)], ids=str)
def test_trained_slopes(theta):
    theta, z = np.tile(theta, 4), _grid()
    delta = _weights_of_outputs(PReLU(), z)
    outputs, d_z, d_theta = _run(PReLU(), z, delta, theta)
    assert_allclose(outputs, np.where(z > 0, z, theta * z))
    assert_allclose(d_z, delta * np.where(z > 0, 1, theta))
    assert_allclose(d_theta, (delta * np.minimum(z, 0)).sum(axis=0))


@pytest.mark.parametrize(("activation", "slope"), [(ReLU(), 0.0), (LeakyReLU(0.1), 0.1)], ids=str)
def test_derivative_at_a_kink_is_the_left_one(activation, slope):
    d_z = _run(activation, np.zeros((2, 3)), np.ones((2, 3)))[1]
    assert_allclose(d_z, slope)


def test_first_of_tied_pieces_takes_the_gradient():
    z = np.array([[1.0, 5.0, 1.0, 2.0, 1.0, 5.0]])  # two units, three pieces each
    d_z = _run(Maxout(pieces=3), z, np.array([[3.0, 4.0]]))[1]
    assert_array_equal(d_z, [[3, 4, 0, 0, 0, 0]])


@pytest.mark.parametrize(("activation", "name"), CASES)
def test_single_precision(activation, name):
    z = _grid(np.float32)
    delta = _weights_of_outputs(activation, z)
    outputs, d_z, _ = _run(activation, z, delta)
    assert outputs.dtype == d_z.dtype == np.float32
    double, d_double, _ = _run(activation, z.astype(float), delta.astype(float))
    assert_allclose(outputs, double, rtol=1e-5, atol=2e-6)
    assert_allclose(d_z, d_double, rtol=1e-5, atol=5e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("activation", "name"), CASES)
def test_far_out(activation, name, dtype):
    z = np.array([[-100.0, 100.0] * 6, [100.0, -100.0] * 6, [-100.0] * 12], dtype)
    outputs, d_z, _ = _run(activation, z, np.ones((3, 12 // activation.pieces), dtype))
    assert_allclose(outputs, _formula(name)(z.astype(float)), rtol=1e-6, atol=1e-30)
    assert np.isfinite(d_z).all()
    assert np.abs(d_z).max() <= 2


@pytest.mark.parametrize(("activation", "name"), CASES)
def test_nan_stays_nan(activation, name):
    z = _grid()
    z[::2, 3] = np.nan
    expected = np.isnan(z).reshape(len(z), activation.pieces, -1).any(axis=1)
    with np.errstate(invalid="ignore"):  # as in training
        assert_array_equal(np.isnan(_run(activation, z)), expected)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_divergence_is_noticed(name):
    X, y = _grid(), _grid()[:, 0]
    model = MLPRegressor((4, 4), name, max_iter=2, n_iter_no_change=np.inf, random_state=0)
    model.set_params(warm_start=True).fit(X, y)
    model.coefs_[0][0, 0] = np.nan
    with pytest.raises(DivergenceError):
        model.fit(X, y)


@pytest.mark.parametrize(("activation", "name"), CASES)
def test_clone_repr_pickle(activation, name):
    for copy in (clone(activation), pickle.loads(pickle.dumps(activation))):
        assert type(copy) is type(activation)
        assert copy.get_params() == activation.get_params()
        assert repr(copy) == repr(activation)
        assert_array_equal(_run(copy, _grid()), _run(activation, _grid()))
    assert eval(repr(activation), vars(activations)).get_params() == activation.get_params()


@pytest.mark.parametrize("name", CONTRACT)
def test_contract(name):
    cls = getattr(activations, CONTRACT[name])
    assert ACTIVATIONS[name] is cls
    assert CONTRACT[name] in activations.__all__
    assert issubclass(cls, Activation)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_entry_has_a_formula_here(name):
    assert name in FORMULAS


class _OwnTanh(Activation):
    def forward(self, z, out, theta):
        out[...] = np.tanh(z)

    def backward(self, z, out, delta, theta, theta_gradient):
        return delta * (1 - out**2)


def _fit(activation, hidden=(5, 4), **params):
    model = MLPRegressor(hidden, activation, dtype="float64", max_iter=5, random_state=0)
    model.set_params(n_iter_no_change=np.inf, target_scaling=None, **params)
    return model.fit(_grid(), _grid()[:, 0])


@pytest.mark.usefixtures("kernels")
def test_own_activation_trains_like_the_built_in_one():
    own, built_in = _fit([_OwnTanh(), "tanh"]), _fit("tanh")
    assert_allclose(own.predict(_grid()), built_in.predict(_grid()), rtol=1e-10)


@pytest.mark.usefixtures("kernels")
def test_one_activation_for_each_layer():
    model = _fit(["relu", _OwnTanh()], bias_init=0.3)
    first, second, last = zip(model.coefs_, model.intercepts_, strict=True)
    x = np.maximum(_grid() @ first[0] + first[1], 0)
    x = np.tanh(x @ second[0] + second[1])
    assert_allclose(model.predict(_grid()), (x @ last[0] + last[1]).ravel(), rtol=1e-12)


@pytest.mark.usefixtures("kernels")
def test_training_changes_the_slopes_and_not_the_object():
    given = PReLU(slope=0.25)
    model = _fit(given, optimizer="sgd", learning_rate_init=0.001)
    slopes = [layer.theta for layer in model._network.weighted[:-1]]
    assert [theta.shape for theta in slopes] == [(5,), (4,)]
    assert all((theta != 0.25).any() for theta in slopes)
    assert given.slope == 0.25


def test_what_a_subclass_must_define():
    class Half(Activation):
        pass

    with pytest.raises(NotImplementedError, match="Half must define forward"):
        Half().forward(None, None, None)
    with pytest.raises(NotImplementedError, match="Half must define backward"):
        Half().backward(None, None, None, None, None)


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="Unknown activation 'rleu'") as error:
        MLPClassifier(activation="rleu").fit([[0], [1]], [0, 1])
    assert all(name in str(error.value) for name in CONTRACT)


@pytest.mark.parametrize(
    ("activation", "error", "words"),
    [
        (ReLU, TypeError, "got the class ReLU"),
        (3, TypeError, "activation must be a name or an object"),
        (["relu", "relu"], ValueError, "one entry for each hidden layer, that is 1; got 2"),
        (LeakyReLU(slope=2), ValueError, r"LeakyReLU: slope must be a number in \[0, 1\], got 2"),
        (LeakyReLU(slope="0.1"), TypeError, "LeakyReLU: slope must be a number"),
        (ELU(a=0), ValueError, r"ELU: a must be a number in \(0, inf\), got 0"),
        (Maxout(pieces=1), ValueError, "Maxout: pieces must be an integer"),
        (Maxout(pieces=2.0), TypeError, "Maxout: pieces must be an integer"),
        (PReLU(slope=np.nan), ValueError, "PReLU: slope must be a number"),
    ],
)
def test_bad_activation(activation, error, words):
    with pytest.raises(error, match=words):
        MLPClassifier(activation=activation).fit([[0], [1]], [0, 1])
