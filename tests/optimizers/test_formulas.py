"""Every stochastic optimizer against a plain transcription of its formula, through an estimator."""

from itertools import pairwise

import numpy as np
import pytest
from linear_models import Logistic, SquaredError, assert_same, data, fit, train_by_hand

from skdeep import MLPClassifier, MLPRegressor
from skdeep.optimizers import OPTIMIZERS, Momentum
from skdeep.schedules import ExponentialDecay

pytestmark = pytest.mark.usefixtures("kernels")

STOCHASTIC = sorted(name for name, cls in OPTIMIZERS.items() if not cls.full_batch)


# -- the formulas: p is a batch with its loss and gradient, s the state, w the parameters ----------


def sgd(p, s, w, rate, t):
    return w - rate * p.gradient(w)


def momentum(p, s, w, rate, t, momentum=0.9, initial_momentum=None, settled=0.05):
    s.u = gamma(s, momentum, initial_momentum, settled) * s.u + rate * p.gradient(w)
    return w - s.u


def nesterov(p, s, w, rate, t, momentum=0.9, initial_momentum=None, settled=0.05):
    ahead = gamma(s, momentum, initial_momentum, settled) * s.u
    s.u = ahead + rate * p.gradient(w - ahead)
    return w - s.u


def gamma(s, high, low, settled):
    """Low until an epoch lowers the loss by less than the share ``settled``."""
    has_settled = any(after > (1 - settled) * before for before, after in pairwise(s.losses))
    return high if low is None or has_settled else low


def line_search(p, s, w, rate, t, factors=(0.01, 0.1, 1.0, 10.0, 100.0)):
    g = p.gradient(w)
    return min((w - factor * rate * g for factor in factors), key=p.loss)


def adagrad(p, s, w, rate, t, epsilon=1e-8):
    g = p.gradient(w)
    s.v = s.v + g**2
    return w - rate * g / np.sqrt(s.v + epsilon)


def rmsprop(p, s, w, rate, t, beta=0.9, epsilon=1e-8):
    g = p.gradient(w)
    s.v = beta * s.v + (1 - beta) * g**2
    return w - rate * g / np.sqrt(s.v + epsilon)


def adadelta(p, s, w, rate, t, beta=0.95, epsilon=1e-6):
    g = p.gradient(w)
    s.v = beta * s.v + (1 - beta) * g**2
    d = g * np.sqrt(s.s + epsilon) / np.sqrt(s.v + epsilon)
    s.s = beta * s.s + (1 - beta) * d**2
    return w - rate * d


def adam(p, s, w, rate, t, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    g = p.gradient(w)
    s.m = beta_1 * s.m + (1 - beta_1) * g
    s.v = beta_2 * s.v + (1 - beta_2) * g**2
    m_hat, v_hat = s.m / (1 - beta_1**t), s.v / (1 - beta_2**t)
    return w - rate * m_hat / (np.sqrt(v_hat) + epsilon)


def adamw(p, s, w, rate, t, beta_1=0.9, beta_2=0.999, epsilon=1e-8, weight_decay=0.01):
    decayed = rate * weight_decay * p.decays * w
    return adam(p, s, w, rate, t, beta_1, beta_2, epsilon) - decayed


def nadam(p, s, w, rate, t, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    g = p.gradient(w)
    s.m = beta_1 * s.m + (1 - beta_1) * g
    s.v = beta_2 * s.v + (1 - beta_2) * g**2
    m_hat = beta_1 * s.m / (1 - beta_1 ** (t + 1)) + (1 - beta_1) * g / (1 - beta_1**t)
    return w - rate * m_hat / (np.sqrt(s.v / (1 - beta_2**t)) + epsilon)


def amsgrad(p, s, w, rate, t, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    g = p.gradient(w)
    s.m = beta_1 * s.m + (1 - beta_1) * g
    s.v = beta_2 * s.v + (1 - beta_2) * g**2
    s.largest = np.maximum(s.largest, s.v)
    m_hat, v_hat = s.m / (1 - beta_1**t), s.largest / (1 - beta_2**t)
    return w - rate * m_hat / (np.sqrt(v_hat) + epsilon)


def adamax(p, s, w, rate, t, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    g = p.gradient(w)
    s.m = beta_1 * s.m + (1 - beta_1) * g
    s.v = np.maximum(beta_2 * s.v, np.abs(g))
    return w - rate / (1 - beta_1**t) * s.m / (s.v + epsilon)


def lion(p, s, w, rate, t, beta_1=0.9, beta_2=0.99, weight_decay=0.0):
    g = p.gradient(w)
    sign = np.sign(beta_1 * s.m + (1 - beta_1) * g)
    s.m = beta_2 * s.m + (1 - beta_2) * g
    return w - rate * (sign + weight_decay * p.decays * w)


RULES = (sgd, momentum, nesterov, line_search, adagrad, rmsprop, adadelta)
RULES += (adam, adamw, nadam, amsgrad, adamax, lion)
TRANSCRIPTIONS = {rule.__name__: rule for rule in RULES}

_MOMENTS = {"beta_1": 0.7, "beta_2": 0.95, "epsilon": 1e-2}
_HEAVY = {"momentum": 0.8, "initial_momentum": 0.3, "settled": 0.2}
OTHER_CONSTANTS = {
    "sgd": {},
    "momentum": _HEAVY,
    "nesterov": _HEAVY,
    "line_search": {"factors": (0.2, 3.0, 1.0)},
    "adagrad": {"epsilon": 1e-2},
    "rmsprop": {"beta": 0.7, "epsilon": 1e-2},
    "adadelta": {"beta": 0.8, "epsilon": 1e-3},
    "adam": _MOMENTS,
    "adamw": {**_MOMENTS, "weight_decay": 0.3},
    "nadam": _MOMENTS,
    "amsgrad": _MOMENTS,
    "adamax": _MOMENTS,
    "lion": {"beta_1": 0.6, "beta_2": 0.8, "weight_decay": 0.3},
}


# -- the tests ------------------------------------------------------------------------------------


def test_every_optimizer_is_transcribed():
    assert set(TRANSCRIPTIONS) == set(STOCHASTIC) == set(OTHER_CONSTANTS)


@pytest.mark.parametrize("name", STOCHASTIC)
def test_every_constant_is_varied(name):
    defaults = OPTIMIZERS[name]().get_params()
    assert set(defaults) == set(OTHER_CONSTANTS[name])
    assert all(defaults[key] != value for key, value in OTHER_CONSTANTS[name].items())


@pytest.mark.parametrize("varied", [False, True], ids=["defaults", "other constants"])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.6])
@pytest.mark.parametrize("name", STOCHASTIC)
def test_regression_on_the_full_batch(name, l1_ratio, varied):
    X, y, start = data()
    constants = OTHER_CONSTANTS[name] if varied else {}
    optimizer = OPTIMIZERS[name](**constants)
    model = fit(MLPRegressor, X, y, start, 20, optimizer=optimizer, l1_ratio=l1_ratio)
    batches = [SquaredError(X, y, l1_ratio=l1_ratio)]
    rule = TRANSCRIPTIONS[name]
    assert_same(model, train_by_hand(rule, batches, start, lambda t: 0.05, 20, **constants))


@pytest.mark.parametrize("varied", [False, True], ids=["defaults", "other constants"])
@pytest.mark.parametrize("name", STOCHASTIC)
def test_logistic_regression_under_a_schedule(name, varied):
    X, y, start = data(n_outputs=1)
    labels = y.ravel() > 0.5
    constants = OTHER_CONSTANTS[name] if varied else {}
    optimizer, schedule = OPTIMIZERS[name](**constants), ExponentialDecay(k=0.1)
    params = {"optimizer": optimizer, "learning_rate": schedule}
    model = fit(MLPClassifier, X, labels, start, 15, **params)
    rule, batches = TRANSCRIPTIONS[name], [Logistic(X, labels)]
    by_hand = train_by_hand(
        rule, batches, start, lambda t: 0.05 * np.exp(-0.1 * t), 15, **constants
    )
    assert_same(model, by_hand)


def in_batches(X, y, **options):
    """Batches of 8 rows; the last one is short."""
    return [SquaredError(X[i : i + 8], y[i : i + 8], **options) for i in range(0, len(X), 8)]


@pytest.mark.parametrize("name", STOCHASTIC)
def test_minibatches_with_a_short_last_one(name):
    X, y, start = data()
    constants = OTHER_CONSTANTS[name]
    model = fit(MLPRegressor, X, y, start, 5, optimizer=OPTIMIZERS[name](**constants), batch_size=8)
    batches = in_batches(X, y)
    assert len(batches[-1].X) == 3
    rule = TRANSCRIPTIONS[name]
    assert_same(model, train_by_hand(rule, batches, start, lambda t: 0.05, 5, **constants))


@pytest.mark.parametrize("name", STOCHASTIC)
def test_clip_norm(name):
    X, y, start = data()
    bound = 0.6  # below the first gradients, above the last
    model = fit(
        MLPRegressor, X, y, start, 30, optimizer=name, clip_norm=bound, learning_rate_init=0.1
    )
    batches = [SquaredError(X, y, clip_norm=bound)]
    assert_same(model, train_by_hand(TRANSCRIPTIONS[name], batches, start, lambda t: 0.1, 30))
    assert batches[0].norms[0] > bound


def bound_columns(bound):
    def project(w):
        weights = w[:-2].reshape(3, 2)
        norms = np.linalg.norm(weights, axis=0)
        return np.append(weights * np.minimum(1, bound / norms), w[-2:])

    return project


@pytest.mark.parametrize("name", STOCHASTIC)
def test_max_norm(name):
    X, y, start = data()
    bound = 1.2
    assert (np.linalg.norm(start, axis=0) > bound).any()
    model = fit(MLPRegressor, X, y, start, 4, optimizer=name, max_norm=bound, batch_size=8)
    rule, batches = TRANSCRIPTIONS[name], in_batches(X, y)
    by_hand = train_by_hand(rule, batches, start, lambda t: 0.05, 4, bound_columns(bound))
    assert_same(model, by_hand)
    assert (np.linalg.norm(model.coefs_[0], axis=0) <= bound * (1 + 1e-12)).all()


# -- rates and decays of kinds of parameters ------------------------------------------------------


def own(name, rates=None, decays=None, **constants):
    """Return an optimizer of a subclass with rates and decays of its own, and the same kernel."""
    cls = OPTIMIZERS[name]
    what = {"kernel": vars(cls).get("kernel"), "rates": rates or {}, "decays": decays or {}}
    return type(f"Own{cls.__name__}", (cls,), what)(**constants)


@pytest.mark.parametrize("params", [{}, {"l1_ratio": 0.6}, {"clip_norm": 0.6}], ids=str)
@pytest.mark.parametrize("name", STOCHASTIC)
def test_biases_at_a_rate_of_their_own(name, params):
    X, y, start = data()
    constants = OTHER_CONSTANTS[name]
    optimizer = own(name, {"bias": 0.1}, **constants)
    model = fit(MLPRegressor, X, y, start, 8, optimizer=optimizer, batch_size=8, **params)
    batches = in_batches(X, y, **params)
    rates = np.where(batches[0].is_weight, 0.05, 0.005)
    rule = TRANSCRIPTIONS[name]
    assert_same(model, train_by_hand(rule, batches, start, lambda t: rates, 8, **constants))


@pytest.mark.parametrize("name", STOCHASTIC)
def test_weights_at_a_rate_of_their_own_under_a_schedule(name):
    X, y, start = data()
    optimizer, schedule = own(name, {"weight": 0.2, "bias": 3.0}), ExponentialDecay(k=0.1)
    params = {"optimizer": optimizer, "learning_rate": schedule}
    model = fit(MLPRegressor, X, y, start, 15, **params)
    batches = [SquaredError(X, y)]
    rates = np.where(batches[0].is_weight, 0.01, 0.15)
    by_hand = train_by_hand(
        TRANSCRIPTIONS[name], batches, start, lambda t: rates * np.exp(-0.1 * t), 15
    )
    assert_same(model, by_hand)


@pytest.mark.parametrize("rates", [{}, {"bias": 0.1}, {"weight": 2.0}], ids=str)
@pytest.mark.parametrize(("weight", "bias"), [(1, 1), (1, 0.25), (0, 1), (0, 0), (0.5, 0)], ids=str)
@pytest.mark.parametrize("name", ["adamw", "lion"])
def test_decays_of_weights_and_biases(name, weight, bias, rates):
    X, y, start = data()
    constants = OTHER_CONSTANTS[name]
    optimizer = own(name, rates, {"weight": weight, "bias": bias}, **constants)
    model = fit(MLPRegressor, X, y, start, 5, optimizer=optimizer, batch_size=8, l1_ratio=0.3)
    batches = in_batches(X, y, l1_ratio=0.3)
    is_weight = batches[0].is_weight
    for batch in batches:
        batch.decays = np.where(is_weight, weight, bias)
    vector = 0.05 * np.where(is_weight, rates.get("weight", 1), rates.get("bias", 1))
    rule = TRANSCRIPTIONS[name]
    assert_same(model, train_by_hand(rule, batches, start, lambda t: vector, 5, **constants))


ALIKE = {"rates": {"weight": 1.0, "bias": 1.0}, "decays": {"weight": 1.0, "bias": 0.0}}


@pytest.mark.parametrize("name", STOCHASTIC)
def test_rates_that_are_all_1_change_no_bits(name):
    X, y, start = data()
    models = [
        fit(MLPRegressor, X, y, start, 6, optimizer=optimizer, batch_size=8)
        for optimizer in (OPTIMIZERS[name](), own(name, **ALIKE))
    ]
    for one, other in zip(*(m.coefs_ + m.intercepts_ for m in models), strict=True):
        np.testing.assert_array_equal(one, other)
    assert models[0].history_["loss"] == models[1].history_["loss"]


def test_momentum_rises_once_the_first_learning_settles():
    X, y, start = data()
    options = {"momentum": 0.9, "initial_momentum": 0.5, "settled": 0.05}
    model = fit(MLPRegressor, X, y, start, 25, optimizer=Momentum(**options))
    falls = [1 - after / before for before, after in pairwise(model.history_["loss"])]
    settles = next(i for i, fall in enumerate(falls) if fall < 0.05)
    assert 2 < settles < 20
    batches = [SquaredError(X, y)]
    assert_same(model, train_by_hand(momentum, batches, start, lambda t: 0.05, 25, **options))
    low = fit(MLPRegressor, X, y, start, 25, optimizer=Momentum(momentum=0.5))
    np.testing.assert_allclose(
        model.history_["loss"][: settles + 2], low.history_["loss"][: settles + 2], rtol=1e-12
    )
    assert abs(model.loss_ - low.loss_) > 1e-3
