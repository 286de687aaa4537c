"""What options mean, pinned by models that must come out the same."""

from math import sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_iris
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor, Ridge

from skdeep import MLPClassifier, MLPRegressor
from skdeep.losses import LOSSES, Loss
from skdeep.schedules import InverseTimeDecay

UNFINISHED = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def data(n=60, n_outputs=1, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    y = X @ rng.normal(size=(4, n_outputs)) + 2 + 0.5 * rng.normal(size=(n, n_outputs))
    return X, y.ravel() if n_outputs == 1 else y


def linear(cls, **params):
    params |= {"target_scaling": None} if cls is MLPRegressor else {}
    return cls((), optimizer="lbfgs", max_iter=5000, tol=1e-9, random_state=0, **params)


def parameters(model):
    return np.concatenate([part.ravel() for part in (*model.coefs_, *model.intercepts_)])


# -- no hidden layer -------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_outputs", [1, 3])
def test_linear_regression_is_ridge(n_outputs, weighted):
    X, y = data(n_outputs=n_outputs)
    weights = np.linspace(0.5, 3, len(X)) if weighted else np.ones(len(X))
    model = linear(MLPRegressor, alpha=0.2).fit(X, y, weights if weighted else None)
    # ridge sums over rows and outputs what is a mean here
    ridge = Ridge(alpha=0.2 * weights.sum() * n_outputs, tol=1e-12).fit(X, y, weights)
    assert_allclose(model.coefs_[0].T, np.atleast_2d(ridge.coef_), rtol=1e-6)
    assert_allclose(model.intercepts_[0], ridge.intercept_, rtol=1e-6)
    assert_allclose(model.predict(X), ridge.predict(X), rtol=1e-6)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_linear_classification_is_logistic_regression(n_classes):
    X, y = load_iris(return_X_y=True)
    X, y = X[y < n_classes], y[y < n_classes]
    model = linear(MLPClassifier, alpha=0.05).fit(X, y)
    other = LogisticRegression(C=1 / (0.05 * len(X)), tol=1e-10, max_iter=10_000).fit(X, y)
    assert_allclose(model.coefs_[0].T, other.coef_, rtol=1e-4, atol=1e-5)
    assert_allclose(model.predict_proba(X), other.predict_proba(X), rtol=1e-4, atol=1e-7)
    assert_allclose(model.predict_log_proba(X), other.predict_log_proba(X), rtol=1e-4, atol=1e-6)


def test_poisson_loss_is_poisson_regression():
    X, y = data()
    counts = np.random.default_rng(0).poisson(np.exp(y / 3))
    model = linear(MLPRegressor, loss="poisson", alpha=0.3).fit(X, counts)
    other = PoissonRegressor(alpha=0.3, tol=1e-10, max_iter=10_000).fit(X, counts)
    assert_allclose(model.coefs_[0].ravel(), other.coef_, rtol=1e-5)
    assert_allclose(model.intercepts_[0], other.intercept_, rtol=1e-5)
    assert_allclose(model.predict(X), other.predict(X), rtol=1e-5)


# -- noise -----------------------------------------------------------------------------------------


def test_input_noise_is_ridge():
    X, y = data()
    sigma = 0.7
    model = MLPRegressor(
        (),
        optimizer="sgd",
        learning_rate=InverseTimeDecay(k=0.05),  # 1/t steps average the noise away
        learning_rate_init=0.5,
        input_noise=sigma,
        alpha=0.0,
        batch_size="full",
        max_iter=6000,
        n_iter_no_change=np.inf,
        target_scaling=None,
        random_state=0,
    ).fit(X, y)
    ridge = Ridge(alpha=sigma**2 * len(X)).fit(X, y)
    plain = LinearRegression().fit(X, y)
    error = np.linalg.norm(model.coefs_[0].ravel() - ridge.coef_)
    assert error < 0.04 * np.linalg.norm(plain.coef_ - ridge.coef_)


def separable(n_classes):
    codes = np.arange(5 * n_classes) % n_classes
    return np.eye(n_classes)[codes], codes


@pytest.mark.parametrize("eps", [0.1, 0.3])
@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_label_smoothing_has_its_optimum_at_one_minus_eps(n_classes, eps):
    X, y = separable(n_classes)
    model = linear(MLPClassifier, alpha=0.0, label_smoothing=eps).fit(X, y)
    expected = np.full((len(X), n_classes), eps / (n_classes - 1))
    expected[np.arange(len(X)), y] = 1 - eps
    assert_allclose(model.predict_proba(X), expected, rtol=1e-6)


def test_label_smoothing_of_several_labels():
    labels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    model = linear(MLPClassifier, alpha=0.0, label_smoothing=0.2).fit(np.eye(4), labels)
    assert_allclose(model.predict_proba(np.eye(4)), np.where(labels, 0.8, 0.2), rtol=1e-6)


class Watching(Loss):
    """Half the squared error; keeps the scores and the targets of all batches for the tests."""

    seen = ()

    def evaluate(self, z, y, rows, delta):
        self.seen.append((z.copy(), y.copy()))
        np.subtract(z, y, out=delta)
        rows[...] = 0.5 * np.sum(delta**2, axis=1)


def watch(monkeypatch, X, y, **params):
    """Train on a loss that watches; return the model and all scores and targets in their order."""
    monkeypatch.setattr(Watching, "seen", [])
    fixed = {"loss": Watching(), "alpha": 0.0, "dtype": "float64", "random_state": 0}
    fixed["target_scaling"] = None
    model = MLPRegressor(**{**fixed, "n_iter_no_change": np.inf, **params}).fit(X, y)
    scores, targets = zip(*Watching.seen, strict=True)
    return model, np.concatenate(scores).ravel(), np.concatenate(targets).ravel()


STANDING_STILL = {"learning_rate_init": 1e-300, "optimizer": "sgd"}  # the start, for ever


@pytest.mark.parametrize("rate", [0.2, 0.5])
@pytest.mark.parametrize("where", ["dropout", "input_dropout"])
def test_dropout_predicts_the_expectation_over_masks(monkeypatch, where, rate):
    n = 20_000
    X = np.tile([0.5, -1.0, 2.0, 1.5], (n, 1))
    params = {"hidden_layer_sizes": (6,), "activation": "identity", "max_iter": 1, where: rate}
    model, outputs, _ = watch(monkeypatch, X, np.zeros(n), **params, **STANDING_STILL)
    first, second = model.coefs_
    units = X[0] @ first * second[:, 0] if where == "dropout" else X[0] * (first @ second)[:, 0]
    variance = rate / (1 - rate) * np.sum(units**2)  # of masks that are 0 or 1/(1 - rate)
    assert_allclose(model.predict(X[:1]), units.sum(), rtol=1e-12)
    assert abs(outputs.mean() - units.sum()) < 4 * sqrt(variance / n)
    assert_allclose(outputs.var(), variance, rtol=0.05)
    off = np.array(np.meshgrid(*[[0, 1 / (1 - rate)]] * len(units))).reshape(len(units), -1)
    # every output is that of some mask (rates are kept in steps of 2^-16)
    distances = abs(np.unique(outputs.round(9))[:, None] - (units @ off)[None])
    assert distances.min(axis=1).max() < 1e-4


# -- weights ---------------------------------------------------------------------------------------


def weighted_problem(kind):
    X, y = data(n_outputs=2 if kind == "multi-output" else 1)
    if kind == "binary":
        return X, y > 2
    if kind == "classes":
        return X, np.digitize(y, [1, 3])
    if kind == "labels":
        return X, np.column_stack([y > 2, X[:, 0] > 0]).astype(int)
    return X, np.abs(y)  # as the Poisson loss asks for


KINDS = ["binary", "classes", "labels", *LOSSES, "multi-output"]


def weighted_model(kind):
    # a few iterations: where a loss has kinks, paths part in the end over the last bits
    params = {"optimizer": "lbfgs", "max_iter": 12, "activation": "tanh", "random_state": 0}
    if kind in LOSSES:
        return MLPRegressor((5,), loss=kind, **params)
    cls = MLPRegressor if kind == "multi-output" else MLPClassifier
    return cls((5,), **params)


@UNFINISHED
@pytest.mark.parametrize("kind", KINDS)
def test_integer_weights_are_repeated_rows(kind):
    X, y = weighted_problem(kind)
    counts = np.random.default_rng(1).integers(0, 4, len(X))  # zero: the row is not there
    weighted = weighted_model(kind).fit(X, y, sample_weight=counts)
    repeated = weighted_model(kind).fit(X.repeat(counts, axis=0), y.repeat(counts, axis=0))
    assert_allclose(parameters(weighted), parameters(repeated), rtol=1e-6, atol=1e-9)
    assert_allclose(weighted.loss_, repeated.loss_, rtol=1e-10)
    plain = weighted_model(kind).fit(X, y)
    assert np.abs(parameters(weighted) - parameters(plain)).max() > 1e-3


@pytest.mark.parametrize("shuffle", [False, True])
def test_rows_of_weight_zero_are_not_there_in_minibatches(shuffle):
    X, y = data()
    kept = np.arange(len(X)) % 3 > 0
    params = {"batch_size": 7, "max_iter": 5, "n_iter_no_change": np.inf, "shuffle": shuffle}
    model = MLPRegressor((5,), **params, dtype="float64", dropout=0.3, random_state=0)
    weighted = parameters(model.fit(X, y, sample_weight=kept.astype(float)))
    assert model.t_ == 5 * kept.sum()
    removed = parameters(model.fit(X[kept], y[kept]))
    assert_allclose(weighted, removed, rtol=1e-9)


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_the_scale_of_weights_does_not_matter(scale):
    X, y = data()
    weights = np.linspace(0.1, 2, len(X))
    params = {"max_iter": 5, "n_iter_no_change": np.inf, "dtype": "float64", "random_state": 0}
    one = MLPRegressor((5,), **params, batch_size=16).fit(X, y, sample_weight=weights)
    other = MLPRegressor((5,), **params, batch_size=16).fit(X, y, sample_weight=scale * weights)
    assert_allclose(parameters(one), parameters(other), rtol=1e-9)


# -- batch sizes and seeds -------------------------------------------------------------------------


@pytest.mark.parametrize("l1_ratio", [0.0, 0.5])
@pytest.mark.parametrize("batch_size", [1, 4, 20])
def test_the_penalty_does_not_depend_on_the_batch_size(batch_size, l1_ratio):
    # equal rows: every batch has the same loss, so that only the penalty could differ
    X, y, n_steps = np.tile([1.0, -2.0], (20, 1)), np.full(20, 3.0), 60
    params = {"alpha": 0.5, "l1_ratio": l1_ratio, "dtype": "float64", "random_state": 0}
    params["target_scaling"] = None
    fixed = {**params, "optimizer": "sgd", "learning_rate_init": 0.05, "n_iter_no_change": np.inf}
    full = MLPRegressor((3,), **fixed, batch_size="full", max_iter=n_steps).fit(X, y)
    n_epochs = n_steps * batch_size // 20
    model = MLPRegressor((3,), **fixed, batch_size=batch_size, max_iter=n_epochs).fit(X, y)
    assert_allclose(parameters(model), parameters(full), rtol=1e-9)


STREAM_OPTIONS = {
    "dropout": {"dropout": 0.5},
    "input_dropout": {"input_dropout": 0.2},
    "input_noise": {"input_noise": 0.3},
    "all": {"dropout": 0.5, "input_dropout": 0.2, "input_noise": 0.3},
}


@pytest.mark.parametrize("name", STREAM_OPTIONS)
def test_noise_changes_neither_the_start_nor_the_order(monkeypatch, name):
    X, y = data()
    params = {"hidden_layer_sizes": (5, 4), "init": "glorot_uniform", "batch_size": 8}
    params = {**params, "max_iter": 3, **STANDING_STILL}
    plain, outputs, order = watch(monkeypatch, X, y, **params)
    noisy, noisy_outputs, noisy_order = watch(monkeypatch, X, y, **params, **STREAM_OPTIONS[name])
    assert_allclose(parameters(plain), parameters(noisy), rtol=0, atol=1e-290)
    assert_array_equal(order, noisy_order)
    assert (outputs != noisy_outputs).mean() > 0.9
    epochs = order.reshape(3, -1)  # shuffled afresh every epoch
    assert_array_equal(np.sort(epochs, axis=1), np.tile(np.sort(y), (3, 1)))
    assert (epochs[0] != epochs[1]).any()


def test_target_noise_changes_neither_the_start_nor_the_order(monkeypatch):
    X, y = data()
    params = {"hidden_layer_sizes": (5,), "batch_size": 8, "max_iter": 3, **STANDING_STILL}
    plain, _, order = watch(monkeypatch, X, y, **params)
    noisy, _, noisy_order = watch(monkeypatch, X, y, **params, target_noise=1e-3)
    assert_allclose(parameters(plain), parameters(noisy), rtol=0, atol=1e-290)
    assert_allclose(order, noisy_order, atol=1e-2)
    assert_allclose(np.std(noisy_order - order), 1e-3, rtol=0.2)


def noisy_classifier(**params):
    fixed = {"dropout": 0.3, "input_noise": 0.1, "batch_size": 16, "early_stopping": True}
    return MLPClassifier((8,), **fixed, max_iter=8, n_iter_no_change=np.inf, **params)


def test_one_seed_gives_the_same_bits():
    X, y = load_iris(return_X_y=True)
    first, again, other = (noisy_classifier(random_state=seed).fit(X, y) for seed in (0, 0, 1))
    assert_array_equal(parameters(first), parameters(again))
    assert first.history_["loss"] == again.history_["loss"]
    assert (first.coefs_[0] != other.coefs_[0]).all()


def test_one_seed_gives_the_same_bits_in_two_processes():
    X, y = load_iris(return_X_y=True)
    bags = [
        BaggingClassifier(noisy_classifier(), n_estimators=4, n_jobs=n_jobs, random_state=0)
        for n_jobs in (1, 2)
    ]
    alone, together = (bag.fit(X, y) for bag in bags)
    for one, other in zip(alone.estimators_, together.estimators_, strict=True):
        assert_array_equal(parameters(one), parameters(other))
    # scikit-learn adds the votes up by process, in another order
    assert_allclose(alone.predict_proba(X), together.predict_proba(X), rtol=1e-12)


def test_the_scale_of_weights_may_be_extreme():
    X, y = load_iris(return_X_y=True)
    plain, huge = (
        MLPClassifier((4,), max_iter=3, n_iter_no_change=np.inf, random_state=0).fit(X, y, weights)
        for weights in (np.ones(150), np.full(150, 1e308))
    )
    assert_allclose(parameters(plain), parameters(huge), rtol=1e-6)
