"""L-BFGS against scipy on hand-written objectives, its exact L1, and what it must refuse."""

import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression

from skdeep import MLPClassifier, MLPRegressor
from skdeep.initializers import Initializer
from skdeep.optimizers import LBFGS
from skdeep.schedules import SCHEDULES, Warmup

ALPHA = 0.05
UNFINISHED = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


class Start(Initializer):
    """Fixed numbers of the right shape."""

    def sample(self, shape, fan_in, fan_out, rng):
        return np.cos(np.arange(np.prod(shape))).reshape(shape) / 2


def data(n_outputs=2, n=40):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 3))
    y = np.tanh(X @ rng.normal(size=(3, n_outputs))) + 0.2 * rng.normal(size=(n, n_outputs))
    return X, y


def unpack(w, n_outputs):
    """Weights first, then biases, of a network with three inputs and four hidden units."""
    ends = np.cumsum([12, 4 * n_outputs, 4, n_outputs])
    first, second, bias_1, bias_2 = np.split(w, ends[:-1])
    return first.reshape(3, 4), second.reshape(4, n_outputs), bias_1, bias_2


def objective(w, X, y, loss):
    """The loss of a tanh network with its gradient, the chain rule written out."""
    first, second, bias_1, bias_2 = unpack(w, y.shape[1])
    h = np.tanh(X @ first + bias_1)
    value, delta = loss(h @ second + bias_2, y)
    delta_h = delta @ second.T * (1 - h**2)
    value += ALPHA / 2 * (np.sum(first**2) + np.sum(second**2))
    d_first, d_second = X.T @ delta_h + ALPHA * first, h.T @ delta + ALPHA * second
    parts = (d_first.ravel(), d_second.ravel(), delta_h.sum(axis=0), delta.sum(axis=0))
    return value, np.concatenate(parts)


def squared_error(z, y):
    return np.mean((z - y) ** 2) / 2, (z - y) / y.size


def cross_entropy(z, y):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return -np.mean(np.sum(y * np.log(p), axis=1)), (p - y) / len(y)


def network(cls, **params):
    fixed = {"optimizer": "lbfgs", "alpha": ALPHA, "init": Start(), "activation": "tanh"}
    fixed |= {"target_scaling": None} if cls is MLPRegressor else {}
    return cls((4,), **{**fixed, "max_iter": 2000, "tol": 1e-9, **params})


def parameters(model):
    return np.concatenate([part.ravel() for part in (*model.coefs_, *model.intercepts_)])


def labels(y):
    return (3 * y[:, 0]).round().clip(-1, 1).astype(int)


PROBLEMS = {
    "one output": (MLPRegressor, lambda y: y[:, 0], lambda y: y[:, :1], squared_error),
    "two outputs": (MLPRegressor, lambda y: y, lambda y: y, squared_error),
    "classes": (MLPClassifier, labels, lambda y: np.eye(3)[labels(y) + 1], cross_entropy),
}


def minimize_by_hand(X, y, loss, start, max_iter):
    options = {"maxiter": max_iter, "maxcor": 10, "gtol": 1e-9, "ftol": 1e-15}
    return minimize(objective, start, (X, y, loss), jac=True, method="L-BFGS-B", options=options)


def start_of(n_outputs):
    weights = [Start().sample(shape, 0, 0, None).ravel() for shape in ((3, 4), (4, n_outputs))]
    return np.concatenate([*weights, np.zeros(4 + n_outputs)])


@UNFINISHED
@pytest.mark.parametrize("max_iter", [1, 5, 15])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_takes_the_path_of_scipy(problem, max_iter):
    X, y = data()
    cls, given, encoded, loss = PROBLEMS[problem]
    model = network(cls, max_iter=max_iter).fit(X, given(y))
    start = start_of(encoded(y).shape[1])
    result = minimize_by_hand(X, encoded(y), loss, start, max_iter)
    assert model.n_iter_ == result.nit == max_iter
    assert_allclose(parameters(model), result.x, rtol=1e-6)
    assert_allclose(model.loss_, result.fun, rtol=1e-10)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_ends_where_the_gradient_vanishes(problem):
    # with a gradient off by the number of outputs it would end elsewhere, or not at all
    X, y = data()
    cls, given, encoded, loss = PROBLEMS[problem]
    model = network(cls).fit(X, given(y))
    value, gradient = objective(parameters(model), X, encoded(y), loss)
    assert_allclose(gradient, 0, atol=1e-6)
    assert_allclose(model.loss_, value, rtol=1e-12)


@UNFINISHED
def test_history_size_and_max_fun_reach_scipy():
    X, y = data()
    short = network(MLPRegressor, optimizer=LBFGS(history_size=1), max_iter=15).fit(X, y)
    assert abs(short.loss_ - network(MLPRegressor, max_iter=15).fit(X, y).loss_) > 1e-6
    few = network(MLPRegressor, optimizer=LBFGS(max_fun=5)).fit(X, y)
    assert few.n_iter_ <= 5


# -- L1 --------------------------------------------------------------------------------------------


def sparse_problem():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 8))
    return X, X[:, :3] @ np.array([2.0, -1.0, 0.5]) + 3 + 0.3 * rng.normal(size=60)


def linear(cls, **params):
    params |= {"target_scaling": None} if cls is MLPRegressor else {}
    return cls((), optimizer="lbfgs", max_iter=5000, tol=1e-9, random_state=0, **params)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
def test_meets_the_lasso_and_the_elastic_net(l1_ratio):
    X, y = sparse_problem()
    model = linear(MLPRegressor, alpha=0.3, l1_ratio=l1_ratio).fit(X, y)
    other = ElasticNet(alpha=0.3, l1_ratio=l1_ratio, tol=1e-12, max_iter=100_000).fit(X, y)
    coef = model.coefs_[0].ravel()
    np.testing.assert_array_equal(coef == 0, other.coef_ == 0)
    assert 0 < np.sum(coef == 0) < 8
    assert_allclose(coef, other.coef_, rtol=1e-5)
    assert_allclose(model.intercepts_[0], other.intercept_, rtol=1e-6)


def test_meets_the_lasso_at_several_outputs():
    # the loss is a mean over outputs, so each output sees its alpha times their number
    X, y = sparse_problem()
    y = np.column_stack([y, y[::-1]])
    model = linear(MLPRegressor, alpha=0.1, l1_ratio=1.0).fit(X, y)
    for k in range(2):
        other = Lasso(alpha=0.2, tol=1e-12, max_iter=100_000).fit(X, y[:, k])
        np.testing.assert_array_equal(model.coefs_[0][:, k] == 0, other.coef_ == 0)
        assert_allclose(model.coefs_[0][:, k], other.coef_, rtol=1e-5)


def lasso_logistic(alpha, n):
    """Scikit-learn's; its spelling of the L1 penalty changed in version 1.8."""
    old = tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8)
    l1 = {"penalty": "elasticnet"} if old else {}
    return LogisticRegression(
        **l1, l1_ratio=1.0, C=1 / (alpha * n), solver="saga", tol=1e-10, max_iter=100_000
    )


@pytest.mark.parametrize("n_classes", [2, 3])
def test_meets_logistic_regression_with_l1(n_classes):
    X, y = sparse_problem()
    labels = np.digitize(y, np.quantile(y, np.arange(1, n_classes) / n_classes))
    model = linear(MLPClassifier, alpha=0.05, l1_ratio=1.0).fit(X, labels)
    other = lasso_logistic(0.05, len(X)).fit(X, labels)
    coef = model.coefs_[0].T
    np.testing.assert_array_equal(coef == 0, other.coef_ == 0)
    assert (coef == 0).any()
    assert_allclose(coef, other.coef_, rtol=1e-4, atol=1e-6)
    assert_allclose(model.predict_proba(X), other.predict_proba(X), atol=1e-5)


# -- validation and history ------------------------------------------------------------------------


def overfitting_problem():
    X, y = data(n_outputs=1)
    return X, y.ravel() + np.random.default_rng(5).normal(size=len(X))


def check_stopped_at_the_best(model, patience):
    scores = model.history_["validation_score"]
    best = int(np.argmax(scores))
    assert model.n_iter_ == len(scores) == best + 1 + patience
    assert model.best_validation_score_ == scores[best]
    return scores[best]


def test_early_stopping_with_the_users_validation_data():
    X, y = overfitting_problem()
    params = {"early_stopping": True, "n_iter_no_change": 5, "tol": 0.0, "alpha": 0.0}
    model = network(MLPRegressor, **params).fit(X[:25], y[:25], X_val=X[25:], y_val=y[25:])
    best = check_stopped_at_the_best(model, 5)
    assert_allclose(model.score(X[25:], y[25:]), best, rtol=1e-12)
    assert model.history_["validation_score"][-1] < best


def test_early_stopping_with_the_internal_split():
    X, y = overfitting_problem()
    params = {"early_stopping": True, "n_iter_no_change": 5, "tol": 0.0, "alpha": 0.0}
    model = network(MLPRegressor, **params, validation_fraction=0.4, random_state=0).fit(X, y)
    check_stopped_at_the_best(model, 5)


def test_validation_data_alone_are_watched_but_do_not_stop():
    X, y = overfitting_problem()
    plain = network(MLPRegressor).fit(X[:25], y[:25])
    watched = network(MLPRegressor).fit(X[:25], y[:25], X_val=X[25:], y_val=y[25:])
    np.testing.assert_array_equal(parameters(plain), parameters(watched))
    assert_allclose(watched.validation_scores_[-1], watched.score(X[25:], y[25:]), rtol=1e-12)


def test_history():
    X, y = overfitting_problem()
    model = network(MLPRegressor).fit(X, y, X_val=X, y_val=y)
    names = {"loss", "learning_rate", "gradient_norm", "seconds"}
    assert set(model.history_) == names | {"validation_loss", "validation_score"}
    assert {len(values) for values in model.history_.values()} == {model.n_iter_}
    assert all(type(value) is float for values in model.history_.values() for value in values)
    assert model.history_["loss"] == sorted(model.history_["loss"], reverse=True)
    assert model.history_["gradient_norm"][-1] < 1e-6
    assert model.t_ == model.n_iter_ * len(X)


# -- what it cannot deliver ------------------------------------------------------------------------

REFUSED = {
    "dropout": 0.5,
    "input_dropout": 0.2,
    "input_noise": 0.1,
    "target_noise": 0.1,
    "augmentation": "mixup",
    "clip_norm": 1.0,
    "max_norm": 2.0,
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_what_needs_steps(name):
    X, y = data(n_outputs=1)
    with pytest.raises(ValueError, match=rf"^{name}=.* has no effect with optimizer='lbfgs'"):
        network(MLPRegressor, **{name: REFUSED[name]}).fit(X, y.ravel())


@pytest.mark.parametrize("schedule", [*sorted(set(SCHEDULES) - {"constant"}), Warmup()], ids=str)
def test_refuses_schedules(schedule):
    X, y = data(n_outputs=1)
    with pytest.raises(ValueError, match=r"^learning_rate=.* has no effect with optim"):
        network(MLPRegressor, learning_rate=schedule).fit(X, y.ravel())


@pytest.mark.parametrize("cls", [MLPRegressor, MLPClassifier])
def test_refuses_partial_fit(cls):
    X, y = data(n_outputs=1)
    classes = {"classes": [0, 1]} if cls is MLPClassifier else {}
    for optimizer in ("lbfgs", LBFGS()):
        model = network(cls, optimizer=optimizer)
        assert not hasattr(model, "partial_fit")
        with pytest.raises(AttributeError, match="has no attribute 'partial_fit'") as caught:
            model.partial_fit(X, (y.ravel() > 0).astype(int), **classes)
        assert "which needs all data at once; use a stochastic" in str(caught.value.__cause__)
        model.set_params(optimizer="adam").partial_fit(X, (y.ravel() > 0).astype(int), **classes)
