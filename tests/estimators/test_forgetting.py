"""Under partial_fit the history keeps the newest epochs, and totals count all of them."""

import pickle

import numpy as np
import pytest

from skdeep import Autoencoder, MLPClassifier, MLPRegressor
from skdeep.estimators import base
from skdeep.exceptions import DivergenceError

X = np.random.default_rng(0).standard_normal((20, 2))
Y = X[:, 0]
KEPT = 5
TINY = {"hidden_layer_sizes": (2,), "random_state": 0}


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(base, "REMEMBERED", KEPT)


def passes(model, n):
    """Train n epochs; return the losses and the sizes of pickles."""
    losses, sizes = [], []
    for _ in range(n):
        model.partial_fit(X, *() if isinstance(model, Autoencoder) else (Y,))
        losses.append(model.loss_)
        sizes.append(len(pickle.dumps(model)))
    return losses, sizes


@pytest.mark.parametrize("cls", [MLPRegressor, Autoencoder])
def test_the_newest_epochs_are_kept_and_all_are_counted(cls, short):
    model = cls(**TINY, learning_rate_init=0.1)
    losses, sizes = passes(model, 12)
    assert model.loss_curve_ == model.history_["loss"] == losses[-KEPT:]
    assert {len(entries) for entries in model.history_.values()} == {KEPT}
    assert model._state.epoch == 12
    assert model.t_ == 12 * 20
    assert model.best_loss_ == min(losses)
    assert max(sizes[KEPT + 1 :]) - min(sizes[KEPT + 1 :]) < 64


def test_the_model_is_the_same_as_with_the_whole_history(monkeypatch):
    whole = MLPRegressor(**TINY, learning_rate="inverse_time")
    passes(whole, 9)
    monkeypatch.setattr(base, "REMEMBERED", 2)
    model = MLPRegressor(**TINY, learning_rate="inverse_time")
    passes(model, 9)
    np.testing.assert_array_equal(model.predict(X), whole.predict(X))
    assert model.history_["learning_rate"] == whole.history_["learning_rate"][-2:]
    assert whole._state.epoch == len(whole.loss_curve_) == 9


def test_the_best_values_are_remembered(short):
    model = MLPClassifier(**TINY, learning_rate_init=0.1, max_iter=8, n_iter_no_change=np.inf)
    model.fit(X, Y > 0, X_val=X, y_val=Y > 0)
    assert len(model.loss_curve_) == 8  # a fit has its own end
    loss, score = min(model.loss_curve_), max(model.validation_scores_)
    for _ in range(KEPT + 1):
        model.partial_fit(X, Y < 0)  # all gets worse
    assert model.best_loss_ == min(loss, *model.loss_curve_) == loss
    assert model.best_validation_score_ == score
    assert np.isnan(model.validation_scores_).all()
    assert len(model.loss_curve_) == KEPT


def test_a_call_that_fails_forgets_nothing(short, frozen):
    model = MLPRegressor(**TINY)
    passes(model, KEPT + 2)
    before = frozen(vars(model))
    with pytest.raises(DivergenceError):
        model.partial_fit(X, 1e30 * Y)
    assert frozen(vars(model)) == before
    losses, _ = passes(model, 1)
    assert model.loss_curve_[-1:] == losses
    assert model._state.epoch == KEPT + 3


def test_ten_thousand_are_kept():
    model = MLPRegressor(**TINY).partial_fit(X, Y)
    model._state.history = {name: 10_000 * entries for name, entries in model.history_.items()}
    model._state.epoch = 10_000
    model.partial_fit(X, Y)
    assert len(model.loss_curve_) == 10_000
    assert model._state.epoch == 10_001
