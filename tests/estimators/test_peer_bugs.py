"""Bugs seen in other libraries that must not be found here, one test or more for each."""

import pickle

import numpy as np
import pytest
from sklearn.ensemble import BaggingClassifier, BaggingRegressor

from skdeep import MLPClassifier, MLPRegressor
from skdeep.exceptions import DivergenceError
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import ValidationDecay

rng = np.random.default_rng(0)
X = rng.standard_normal((40, 3))
Y = np.c_[X @ [1.0, -1.0, 2.0], X @ [0.5, 3.0, 0.0], X[:, 0] ** 2]
LABELS = np.arange(40) % 4
ANY = {"max_iter": 5, "n_iter_no_change": np.inf, "random_state": 0}


# -- "multi-output L-BFGS gradient is off by the number of outputs"


def test_several_outputs_under_lbfgs_meet_least_squares():
    # half the mean squared error over 3 outputs plus alpha/2 |W|^2: ridge with alpha n m
    alpha = 0.1
    params = {"optimizer": "lbfgs", "alpha": alpha, "tol": 1e-10, "max_iter": 500}
    model = MLPRegressor((), target_scaling=None, **params).fit(X, Y)
    x, y = X - X.mean(axis=0), Y - Y.mean(axis=0)
    expected = np.linalg.solve(x.T @ x + alpha * 40 * 3 * np.eye(3), x.T @ y)
    np.testing.assert_allclose(model.coefs_[0], expected, atol=1e-6)


def test_one_step_on_several_outputs_follows_central_differences():
    params = {**ANY, "max_iter": 1, "dtype": "float64", "batch_size": "full", "optimizer": "sgd"}
    params["target_scaling"] = None
    model = MLPRegressor((4,), "tanh", alpha=0.3, learning_rate_init=1e-9, **params).fit(X, Y)
    moved = MLPRegressor((4,), "tanh", alpha=0.3, learning_rate_init=1.0, **params).fit(X, Y)
    gradient = model.coefs_[0] - moved.coefs_[0]
    weights = model.coefs_[0]

    def objective():
        squares = sum((coef**2).sum() for coef in model.coefs_)
        return 0.5 * np.mean((model.predict(X) - Y) ** 2) + 0.15 * squares

    for index in np.ndindex(weights.shape):
        start, values = weights[index], []
        for shift in (1e-5, -1e-5):
            weights[index] = start + shift
            values.append(objective())
        weights[index] = start
        assert gradient[index] == pytest.approx((values[0] - values[1]) / 2e-5, abs=1e-7)


# -- "a mini-batch whose sample weights are all zero divides by zero"


@pytest.mark.parametrize("batch_size", [1, 4, 32])
@pytest.mark.parametrize("shuffle", [False, True])
def test_batches_of_weight_zero(batch_size, shuffle):
    weights = (np.arange(40) >= 35).astype(float)
    params = {**ANY, "batch_size": batch_size, "shuffle": shuffle}
    model = MLPClassifier((4,), **params).fit(X, LABELS, sample_weight=weights)
    assert np.isfinite(model.predict_proba(X)).all()
    assert np.isfinite(model.loss_curve_).all()
    assert model.t_ == 5 * 5
    one = MLPRegressor((4,), **params).fit(X, Y, sample_weight=weights)
    np.testing.assert_allclose(
        one.predict(X), MLPRegressor((4,), **params).fit(X[35:], Y[35:]).predict(X), rtol=1e-6
    )


@pytest.mark.parametrize("batch_size", [1, 4, 32])
def test_batches_of_weight_zero_in_bagging(batch_size):
    params = {**ANY, "batch_size": batch_size, "shuffle": False}
    bagging = BaggingClassifier(MLPClassifier((4,), **params), 5, max_samples=8, random_state=0)
    assert np.isfinite(bagging.fit(X, LABELS).predict_proba(X)).all()
    bagging = BaggingRegressor(MLPRegressor((4,), **params), 5, max_samples=8, random_state=0)
    assert np.isfinite(bagging.fit(X, Y[:, 0]).predict(X)).all()


# -- "the early-stopping split is not stratified for several classes": see test_validation, and


def test_a_class_with_one_member_neither_crashes_nor_vanishes():
    y = np.where(np.arange(40) == 17, 9, LABELS)
    for seed in range(10):
        # without early stopping, so that the last model is kept; the rate stays as it is
        params = {**ANY, "max_iter": 60, "random_state": seed, "learning_rate_init": 0.3}
        model = MLPClassifier((), alpha=0, learning_rate=ValidationDecay(factor=1.0), **params)
        model.fit(np.eye(40), y)
        assert model.classes_.tolist() == [0, 1, 2, 3, 9]
        assert model.predict(np.eye(40))[17] == 9  # it was learnt: nothing else tells it
        assert len(model.validation_scores_) == 60


# -- "L2 strength depends on the batch size"


@pytest.mark.parametrize("batch_size", [1, 7, 40, "full"])
def test_the_objective_is_the_same_at_every_batch_size(batch_size):
    params = {**ANY, "max_iter": 1, "dtype": "float64", "shuffle": False, "optimizer": "sgd"}
    still = {"learning_rate_init": 1e-12, "batch_size": batch_size, "target_scaling": None}
    model = MLPRegressor((4,), alpha=0.5, l1_ratio=0.3, **params, **still).fit(X, Y)
    squares = sum((coef**2).sum() for coef in model.coefs_)
    absolutes = sum(abs(coef).sum() for coef in model.coefs_)
    loss = 0.5 * np.mean((model.predict(X) - Y) ** 2)
    assert model.loss_ == pytest.approx(loss + 0.5 * (0.35 * squares + 0.3 * absolutes), rel=1e-8)


def test_l2_pulls_equally_at_every_batch_size():
    # rows of zeros: only the penalty moves the weights, by the factor 1 - rate alpha a step
    for batch_size in [1, 8, 40]:
        model = MLPRegressor((), alpha=0.5, optimizer="sgd", learning_rate_init=0.1, **ANY)
        model.set_params(batch_size=batch_size, dtype="float64", max_iter=1)
        model.fit(np.zeros((40, 3)), np.zeros(40))
        again = model.set_params(warm_start=True).fit(np.zeros((40, 3)), np.zeros(40))
        start = MLPRegressor((), alpha=0, learning_rate_init=1e-300, optimizer="sgd", **ANY)
        start.set_params(dtype="float64").fit(np.zeros((40, 3)), np.zeros(40))
        steps = 2 * (40 // batch_size)
        np.testing.assert_allclose(again.coefs_[0], start.coefs_[0] * 0.95**steps, rtol=1e-10)


# -- "divergence with early stopping goes on for 199 NaN epochs"


@pytest.mark.parametrize("rate", [1e2, 1e6, 1e18, 1e30])
def test_divergence_with_early_stopping_stops_at_once(rate):
    model = MLPRegressor((8,), optimizer="sgd", early_stopping=True, learning_rate_init=rate)
    with pytest.raises(DivergenceError, match="diverged in epoch") as caught:
        model.set_params(random_state=0).fit(X, Y * 100)
    assert caught.value.epoch < 10
    assert caught.value.learning_rate == rate
    assert not hasattr(model, "coefs_")


# -- "partial_fit with an integer seed repeats the same permutation"


def test_partial_fit_draws_a_new_order_every_time():
    params = {**ANY, "batch_size": 1, "optimizer": "sgd"}
    model = MLPRegressor((4,), **params)
    for _ in range(5):
        model.partial_fit(X, Y)
    whole = MLPRegressor((4,), **params).fit(X, Y)
    np.testing.assert_array_equal(model.coefs_[0], whole.coefs_[0])
    in_order = MLPRegressor((4,), shuffle=False, **params).fit(X, Y)
    assert not np.array_equal(whole.coefs_[0], in_order.coefs_[0])


# -- "warm start resets Adam; a changed hidden_layer_sizes is ignored"


def test_warm_start_keeps_adam_and_notices_other_layers():
    model = MLPRegressor((4,), warm_start=True, **ANY).fit(X, Y).fit(X, Y)
    whole = MLPRegressor((4,), **{**ANY, "max_iter": 10}).fit(X, Y)
    np.testing.assert_array_equal(model.coefs_[0], whole.coefs_[0])
    with pytest.raises(ValueError, match=r"hidden layers was 4 ReLU.*, and is now 7 ReLU"):
        model.set_params(hidden_layer_sizes=(7,)).fit(X, Y)


# -- "the pickle is four times the parameters"


def test_the_pickle_is_hardly_larger_than_the_parameters():
    x = rng.standard_normal((30, 100))
    model = MLPRegressor((2000,), early_stopping=True, **ANY).fit(x, Y[:30])
    size = 4 * (100 * 2000 + 2000 + 2000 * 3 + 3)
    assert len(pickle.dumps(model)) <= 1.1 * size + 64 * 1024


# -- "lbfgs with early_stopping ignores it silently, and leaves no loss curve"


def attributes(model):
    return {name for name in dir(model) if name.endswith("_") and not name.startswith("_")}


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_every_optimizer_leaves_the_same_attributes(optimizer, early_stopping):
    params = {**ANY, "early_stopping": early_stopping}
    model = MLPRegressor((4,), optimizer=optimizer, tol=0, **params).fit(X, Y)
    other = MLPRegressor((4,), **params).fit(X, Y)
    assert attributes(model) == attributes(other)
    assert list(model.history_) == list(other.history_)
    assert len(model.loss_curve_) == model.n_iter_ == 5
    assert model.t_ == 5 * (36 if early_stopping else 40)
    assert model.loss_ == model.loss_curve_[-1]
    assert min(model.history_["learning_rate"]) > 0


def test_early_stopping_stops_lbfgs():
    model = MLPRegressor((20,), optimizer="lbfgs", early_stopping=True, tol=1e-9, random_state=0)
    model.fit(X, rng.standard_normal(40))  # nothing to learn, so it soon gets worse
    assert model.n_iter_ < 200
    assert model.best_validation_score_ == max(model.validation_scores_)


# -- "the learning-rate schedule is ignored with Adam"


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "lion", "nesterov"])
@pytest.mark.parametrize("schedule", ["step", "exponential", "inverse_time", "cosine", "one_cycle"])
def test_schedules_work_with_every_optimizer(optimizer, schedule):
    params = {**ANY, "max_iter": 7, "batch_size": 10, "optimizer": optimizer}
    model = MLPRegressor((4,), learning_rate=schedule, **params).fit(X, Y)
    assert len(set(model.history_["learning_rate"])) > 1
    plain = MLPRegressor((4,), **params).fit(X, Y)
    assert not np.array_equal(model.coefs_[0], plain.coefs_[0])


# -- "a user's validation set is overridden when early stopping is on"


def test_own_validation_data_are_used_with_early_stopping():
    model = MLPRegressor((4,), early_stopping=True, **ANY)
    model.fit(X, Y, X_val=X[:7], y_val=Y[:7])
    assert model.t_ == 5 * 40  # nothing was held out
    best = int(np.argmax(model.validation_scores_))
    assert model.score(X[:7], Y[:7]) == pytest.approx(model.validation_scores_[best], rel=1e-5)


# -- "after loading, the first epoch is always best"


def test_after_loading_the_best_epoch_is_still_the_best():
    scores = [0.9, 0.5, 0.4, 0.3]
    model = MLPRegressor((4,), early_stopping=True, warm_start=True, **{**ANY, "max_iter": 2})
    model.set_params(scoring=Scripted(scores)).fit(X, Y)
    best = [coef.copy() for coef in model.coefs_]
    loaded = pickle.loads(pickle.dumps(model)).fit(X, Y)
    assert loaded.validation_scores_ == scores
    for now, then in zip(loaded.coefs_, best, strict=True):
        np.testing.assert_array_equal(now, then)


class Scripted:
    """A scorer that gives these numbers in turn."""

    def __init__(self, scores):
        self.scores = list(scores)

    def __call__(self, estimator, X, y):
        return self.scores.pop(0)
