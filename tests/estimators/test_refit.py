"""A refit while other threads predict: they see the old model or the new one, never a mixture."""

import threading

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

from skdeep import (
    Autoencoder,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.training import Observer

rng = np.random.default_rng(0)
X = rng.standard_normal((60, 6))
FIRST, SECOND = np.array(["a", "b", "c"])[np.arange(60) % 3], np.arange(60) % 5
ANY = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0}
TABULAR = {"n_networks": 1, "effort": 0.05, "random_state": 0}


def outcome(model, x):
    """Return all that a model says of inputs that it may or may not know; None if they are not."""
    names = ("predict", "predict_proba", "predict_log_proba", "transform")
    try:
        return [getattr(model, name)(x).tolist() for name in names if hasattr(model, name)]
    except ValueError:
        return None


class Looking(Observer):
    """Looks at an estimator at every step and epoch of another of its fits, from another thread."""

    def __init__(self, look):
        self.look = look
        self.seen = []

    def _look(self):
        thread = threading.Thread(target=lambda: self.seen.append(self.look()))
        thread.start()
        thread.join()

    def begin_fit(self, trainer):
        self._look()

    def end_step(self, trainer, loss):
        self._look()

    def end_epoch(self, trainer, values):
        self._look()

    def end_fit(self, trainer):
        self._look()


# first fit, then another one on other data
CHANGES = {
    "other classes": (MLPClassifier((5,), **ANY), (X, FIRST), (X, SECOND)),
    "other features": (MLPClassifier((5,), **ANY), (X, FIRST), (X[:, :4], SECOND)),
    "other scale": (MLPRegressor((5,), **ANY), (X, X[:, 0]), (X, 1e6 * X[:, :2])),
    "other images": (CNNRegressor((5,), **ANY), (X, X[:, 0]), (X.reshape(60, 2, 3, 1), X[:, 1])),
    "other code": (Autoencoder((5,), **ANY), (X,), (X[:, :4],)),
    "warm": (MLPClassifier((5,), warm_start=True, **ANY), (X, FIRST), (X + 1, FIRST)),
    "warm, best": (
        MLPRegressor((5,), early_stopping=True, warm_start=True, **ANY),
        (X, X[:, 0]),
        (X, X[:, 0]),
    ),
}


def watching(model):
    """Return an equal estimator whose second fit is looked at, and the list of what was seen."""
    observers = []

    class Watched(type(model)):
        def _observers(self):
            return observers

    return Watched(**model.get_params(deep=False)), observers


@pytest.mark.parametrize("call", ["fit", "partial_fit"])
@pytest.mark.parametrize("name", CHANGES)
def test_at_every_step_others_see_the_old_model(name, call):
    model, first, second = CHANGES[name]
    model, observers = watching(model)
    if call == "partial_fit":
        second = first
        model.set_params(early_stopping=False)
    model.fit(*first)
    before = [outcome(model, data[0]) for data in (first, second)]
    assert before[0]
    looking = Looking(lambda: [outcome(model, data[0]) for data in (first, second)])
    observers.append(looking)
    getattr(model, call)(*second)
    assert len(looking.seen) >= 3
    assert all(seen == before for seen in looking.seen)
    after = [outcome(model, data[0]) for data in (first, second)]
    assert after != before
    assert after[1]


@pytest.mark.parametrize("cls", [TabularMLPClassifier, TabularMLPRegressor])
def test_of_tabular_estimators_too(cls, monkeypatch):
    first, second = (X, np.arange(60) % 3), (X[:, :4], 10 + np.arange(60) % 5)
    model = cls(**TABULAR).fit(*first)
    before = outcome(model, X)
    looking = Looking(lambda: outcome(model, X))
    monkeypatch.setattr("skdeep.estimators.tabular.training.Fade", lambda: looking)
    model.fit(*second)
    assert len(looking.seen) > 3
    assert all(seen == before for seen in looking.seen)
    assert outcome(model, X) is None
    assert_array_equal(model.predict(X[:, :4]), clone(model).fit(*second).predict(X[:, :4]))


@pytest.mark.parametrize("warm_start", [False, True])
def test_threads_that_predict_all_the_time(warm_start):
    """Fits go to and fro between two data sets, or go on; every prediction is one of a model."""
    model = MLPClassifier((5,), warm_start=warm_start, **ANY).fit(X, FIRST)
    possible, found, is_over = [model.predict_proba(X).tolist()], [], threading.Event()

    def predict():
        while not is_over.is_set():
            found.append((model.predict_proba(X).tolist(), model.predict(X[:1])[0]))

    threads = [threading.Thread(target=predict) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for i in range(15):
            model.fit(X, FIRST if warm_start or i % 2 else SECOND)
            possible.append(model.predict_proba(X).tolist())
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert len(found) > 30
    for probabilities, label in found:
        assert probabilities in possible
        assert label in {"a", "b", "c", *range(5)}


def test_a_failed_refit_is_never_seen():
    model, observers = watching(MLPRegressor((5,), warm_start=True, **ANY))
    model.fit(X, X[:, 0])
    before = outcome(model, X)
    observers.append(looking := Looking(lambda: outcome(model, X)))
    with pytest.raises(ValueError, match="diverged"):
        model.set_params(learning_rate_init=1e38).fit(X, X[:, 0])
    assert outcome(model, X) == before
    assert all(seen == before for seen in looking.seen)


def test_what_a_user_sets_while_a_fit_runs_is_kept():
    model, observers = watching(MLPRegressor((5,), **ANY))

    class Setting(Observer):
        def end_epoch(self, trainer, values):
            model.remark = "seen"
            model.set_params(alpha=0.5)

    observers.append(Setting())
    model.fit(X, X[:, 0])
    assert (model.remark, model.alpha, model.n_iter_) == ("seen", 0.5, 3)
