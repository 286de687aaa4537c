"""What every extension must go through: the whole life of an estimator that uses it."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skdeep.inspection import diagnose
from skdeep.training import Observer


class Snapshots(Observer):
    """Copies the parameters, buffers included, after every epoch."""

    def __init__(self):
        self.taken = []

    def end_epoch(self, trainer, values):
        self.taken.append(trainer.network.parameters.copy())


class Failure(Exception):
    pass


class FailLater(Observer):
    """Raises in the second epoch that it sees, after an update."""

    def begin_fit(self, trainer):
        self.epochs = 0

    def end_epoch(self, trainer, values):
        self.epochs += 1

    def end_step(self, trainer, loss):
        if self.epochs == 1:
            raise Failure


def watched(model, *observers):
    """Return an estimator that is watched, too, by these observers."""

    class Watched(type(model)):
        def _observers(self):
            return [*super()._observers(), *observers]

    return Watched(**model.get_params(deep=False))


def _parameters(model):
    return model._network.parameters.copy()


def check_fit_and_pickle(model, X, y):
    """Training lowers the loss, is repeatable, and a pickle predicts the same."""
    model.fit(X, y)
    assert model.loss_curve_[-1] < model.loss_curve_[0]
    again = type(model)(**model.get_params(deep=False)).fit(X, y)
    assert_array_equal(_parameters(again), _parameters(model))
    loaded = pickle.loads(pickle.dumps(model))
    assert_array_equal(_parameters(loaded), _parameters(model))
    assert_array_equal(loaded.predict(X), model.predict(X))
    sizes = [array.size for array in (*model.coefs_, *model.intercepts_)]
    assert 0 < sum(sizes) <= model._network.layout.n_trained


def check_going_on(model, X, y):
    """Two warm starts, or calls of partial_fit, are one longer fit, also through a pickle."""
    whole = model.set_params(max_iter=6).fit(X, y)
    half = type(model)(**model.get_params(deep=False)).set_params(max_iter=3, warm_start=True)
    half = pickle.loads(pickle.dumps(half.fit(X, y))).fit(X, y)
    assert_array_equal(_parameters(half), _parameters(whole))
    parts = type(model)(**model.get_params(deep=False))
    first = {"classes": np.unique(y)} if hasattr(model, "predict_proba") else {}
    for _ in range(6):
        parts.partial_fit(X, y, **first)
    assert_array_equal(_parameters(parts), _parameters(whole))


def check_best_epoch(model, X, y):
    """Early stopping gives back everything as it was at the best epoch, buffers included."""
    snapshots = Snapshots()
    params = {"early_stopping": True, "max_iter": 15, "n_iter_no_change": np.inf}
    model = watched(model, snapshots).set_params(**params).fit(X, y)
    best = int(np.argmax(model.validation_scores_))
    assert len(snapshots.taken) == model.n_iter_ == 15
    assert_array_equal(_parameters(model), snapshots.taken[best])


def check_error_in_the_middle(model, X, y):
    """An error leaves a fitted estimator as it was, and training goes on as if it had not been."""
    params = {**model.get_params(deep=False), "max_iter": 3, "warm_start": True}
    model, calm = type(model)(**params).fit(X, y), type(model)(**params).fit(X, y)
    before = _parameters(model)
    failing = watched(model, FailLater())
    vars(failing).update(vars(model))
    with pytest.raises(Failure):
        failing.fit(X, y)
    assert_array_equal(_parameters(failing), before)
    assert failing.n_iter_ == 3
    vars(model).update(vars(failing))
    assert_array_equal(_parameters(model.fit(X, y)), _parameters(calm.fit(X, y)))


def check_diagnosis(model, X, y):
    """A diagnosis sees every layer with weights, can be printed, and changes nothing."""
    before = _parameters(model.fit(X, y))
    diagnosis = diagnose(model, X, y)
    assert_array_equal(_parameters(model), before)
    assert len(diagnosis.layers) == len(model.coefs_)
    assert "layer" in str(diagnosis).lower()


LIFE = [
    check_fit_and_pickle,
    check_going_on,
    check_best_epoch,
    check_error_in_the_middle,
    check_diagnosis,
]
