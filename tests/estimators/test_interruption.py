"""Ctrl-C: the model of the last epoch is kept, KeyboardInterrupt is raised, training can go on."""

import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import BaggingClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.activations import Activation
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest
from skdeep.schedules import Schedule
from skdeep.training import Observer, milestones

rng = np.random.default_rng(0)
X = rng.standard_normal((45, 4))
LABELS, VALUES = np.arange(45) % 3, X @ rng.standard_normal(4)
IMAGES = rng.standard_normal((45, 16))
ANY = {"n_iter_no_change": np.inf, "batch_size": 16, "random_state": 3}


@pytest.fixture(autouse=True)
def _every_epoch_is_kept(monkeypatch):
    """Whatever the time that a copy takes, so that the tests do not depend on it."""
    monkeypatch.setattr(milestones, "SHARE", np.inf)


class Interrupting(Observer):
    """Presses Ctrl-C once: at an update of an epoch, or when the epoch ends."""

    def __init__(self, epoch, step=None):
        self.epoch, self.step = epoch, step
        self.is_done = False

    def _press(self):
        self.is_done = True
        raise KeyboardInterrupt

    def begin_epoch(self, trainer):
        self.steps = 0

    def end_step(self, trainer, loss):
        self.steps += 1
        is_now = (trainer.state.epoch + 1, self.steps) == (self.epoch, self.step)
        if is_now and not self.is_done:
            self._press()

    def end_epoch(self, trainer, values):
        if self.step is None and trainer.state.epoch == self.epoch and not self.is_done:
            self._press()


def interrupted(model, data, *when):
    """Return the same estimator, fitted until it is interrupted."""
    observer = Interrupting(*when)

    class Watched(type(model)):
        def _observers(self):
            return [observer]

    Watched.__name__, Watched.__qualname__ = type(model).__name__, "Watched"
    model = Watched(**model.get_params(deep=False))
    with pytest.raises(KeyboardInterrupt):
        model.fit(*data)
    fitted = clone(model)
    assert observer.is_done
    fitted.__class__ = type(model).__base__
    vars(fitted).update(vars(model))
    return fitted


MODELS = {
    "adam": (MLPClassifier((6,), **ANY), (X, LABELS)),
    "nesterov": (MLPClassifier((6,), optimizer="nesterov", **ANY), (X, LABELS)),
    "noise": (MLPRegressor((6,), target_noise=0.1, input_noise=0.1, **ANY), (X, VALUES)),
    "dropout": (MLPClassifier((6,), dropout=0.5, learning_rate="adaptive", **ANY), (X, LABELS)),
    "images": (
        CNNClassifier((4,), input_shape=(4, 4), conv_layers=((2, 3),), **ANY),
        (IMAGES, LABELS),
    ),
    "augmented": (MLPClassifier((6,), augmentation="mixup", **ANY), (X, LABELS)),
    "tied": (Autoencoder((2,), **ANY), (X,)),
}


def assert_same(one, other):
    np.testing.assert_array_equal(one._network.parameters, other._network.parameters)
    for name in {*one.history_, *other.history_} - {"seconds"}:
        np.testing.assert_array_equal(one.history_[name], other.history_[name])
    assert one.t_ == other.t_


@pytest.mark.parametrize("when", [(4, 1), (4, 2), (3,)], ids=["begun", "halfway", "its end"])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("pickled", [False, True])
def test_training_goes_on_with_the_bits_of_one_never_interrupted(name, when, pickled):
    model, data = MODELS[name]
    whole = clone(model).set_params(max_iter=8).fit(*data)
    cut = interrupted(clone(model).set_params(max_iter=20), data, *when)
    epochs = 3 if len(when) == 2 else 2  # the epoch in whose end it falls is not kept
    assert cut.n_iter_ == len(cut.loss_curve_) == epochs
    assert_same(cut, clone(model).set_params(max_iter=epochs).fit(*data))
    if pickled:
        cut = pickle.loads(pickle.dumps(cut))
    assert_same(cut.set_params(warm_start=True, max_iter=8 - epochs).fit(*data), whole)
    assert cut.n_iter_ == 8 - epochs


@pytest.mark.parametrize("pickled", [False, True])
def test_with_early_stopping_the_best_model_is_kept_and_training_goes_on_from_the_last(pickled):
    model = MLPRegressor((8,), early_stopping=True, learning_rate_init=0.1, **ANY)
    whole = clone(model).set_params(max_iter=20).fit(X, VALUES)
    best = int(np.argmax(whole.validation_scores_[:11])) + 1
    assert best < 11
    cut = interrupted(clone(model).set_params(max_iter=20), (X, VALUES), 12, 2)
    of_best = clone(model).set_params(max_iter=best).fit(X, VALUES)
    np.testing.assert_array_equal(cut.coefs_[0], of_best.coefs_[0])
    assert cut.best_validation_score_ == max(whole.validation_scores_[:11])
    if pickled:
        cut = pickle.loads(pickle.dumps(cut))
    assert_same(cut.set_params(warm_start=True, max_iter=9).fit(X, VALUES), whole)


def test_an_epoch_that_was_the_best_but_did_not_end_leaves_nothing():
    model = MLPRegressor((8,), early_stopping=True, learning_rate_init=0.01, **ANY)
    cut = interrupted(clone(model).set_params(max_iter=9), (X, VALUES), 6)
    assert np.argmax(clone(model).set_params(max_iter=6).fit(X, VALUES).validation_scores_) == 5
    assert_same(cut, clone(model).set_params(max_iter=5).fit(X, VALUES))
    assert cut.best_validation_score_ == max(cut.validation_scores_)


@pytest.mark.parametrize("when", [(1, 1), (1, 3), (1,)])
@pytest.mark.parametrize("model", [MLPClassifier((6,), **ANY), Autoencoder((2,), **ANY)])
def test_in_the_first_epoch_the_estimator_stays_unfitted(model, when):
    cut = interrupted(model, (X, LABELS), *when)
    assert vars(cut) == vars(model)


@pytest.mark.parametrize("params", [{}, {"warm_start": True}])
def test_in_the_first_epoch_of_another_fit_it_stays_as_it_was(params, refused):
    class Watched(MLPClassifier):
        watching = ()

        def _observers(self):
            return self.watching

    model = Watched((6,), max_iter=3, **params, **ANY).fit(X, LABELS)
    Watched.watching = [Interrupting(4 if params else 1, 2)]
    refused(model, lambda: model.fit(X, LABELS), KeyboardInterrupt, "")


def test_a_loop_of_partial_fit_can_be_left(refused):
    class Watched(MLPClassifier):
        watching = (Interrupting(3, 2),)

        def _observers(self):
            return self.watching

    model = Watched((6,), **ANY)

    def passes():
        for _ in range(5):
            model.partial_fit(X, LABELS, classes=[0, 1, 2])

    with pytest.raises(KeyboardInterrupt):
        passes()
    assert len(model.loss_curve_) == 2
    whole = MLPClassifier((6,), max_iter=4, **ANY).fit(X, LABELS)
    assert_same(model.partial_fit(X, LABELS).partial_fit(X, LABELS), whole)
    Watched.watching = [Interrupting(5, 1)]
    refused(model, lambda: model.partial_fit(X, LABELS), KeyboardInterrupt, "")


class Impatient(Activation):
    """The identity, with Ctrl-C pressed at some call."""

    def __init__(self, after=0):
        self.after = after

    def forward(self, z, out, theta):
        self.calls = getattr(self, "calls", 0) + 1
        if self.calls > self.after:
            raise KeyboardInterrupt
        out[...] = z

    def backward(self, z, out, delta, theta, theta_gradient):
        return delta


@pytest.mark.parametrize("after", range(3, 12))
def test_an_interrupted_line_search_leaves_the_last_iterate(after):
    model = MLPRegressor((6,), Impatient(after), optimizer="lbfgs", alpha=0, random_state=0)
    with pytest.raises(KeyboardInterrupt):
        model.set_params(target_scaling=None).fit(X, VALUES)
    if hasattr(model, "n_iter_"):
        hidden = X @ model.coefs_[0] + model.intercepts_[0]
        predicted = (hidden @ model.coefs_[1] + model.intercepts_[1]).ravel()
        loss = 0.5 * np.mean((predicted - VALUES) ** 2)
        np.testing.assert_allclose(loss, model.loss_)
    else:
        assert after < 6


# -- what is said ----------------------------------------------------------------------------------


def said(call):
    with pytest.raises(KeyboardInterrupt) as caught:
        call()
    assert caught.type is KeyboardInterrupt
    return "\n".join(getattr(caught.value, "__notes__", caught.value.args))


class AtStep(Schedule):
    """A constant rate, until Ctrl-C is pressed at a step."""

    per = "step"

    def __init__(self, step=5):
        self.step = step

    def rate(self, initial, clock):
        if clock.step == self.step:
            raise KeyboardInterrupt
        return initial


def test_a_note_says_what_is_kept():
    model = MLPClassifier((6,), learning_rate=AtStep(8), **ANY)
    words = said(lambda: model.fit(X, LABELS))
    assert "MLPClassifier: training was interrupted; the model is kept as it was after" in words
    assert "after epoch 2, with all that training needs to go on" in words
    words = said(lambda: model.set_params(learning_rate=AtStep(1)).fit(X, LABELS))
    assert words == "MLPClassifier: the estimator is as it was before the call."
    assert model.n_iter_ == 2


# -- where fits are nested -------------------------------------------------------------------------

RATE = {"learning_rate_init": [0.01, 0.1]}
CUT = MLPClassifier((6,), learning_rate=AtStep(8), max_iter=6, **ANY)
NESTS = {
    "grid": GridSearchCV(CUT, RATE, cv=3, error_score=0.0),
    "coarse to fine": CoarseToFineSearchCV(CUT, values=[0.01, 0.1], cv=3),
    "range test": LearningRateRangeTest(CUT, rates=[0.01, 0.1], epochs=6, cv=3),
    "bagging": BaggingClassifier(CUT, 3),
    "pipeline": make_pipeline(StandardScaler(), CUT),
}


@pytest.mark.parametrize("name", NESTS)
def test_searches_and_ensembles_end(name):
    model = clone(NESTS[name])
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, LABELS)
    for attribute in ("cv_results_", "best_score_", "rates_", "suggested_rate_"):
        assert not hasattr(model, attribute)


def test_cross_validation_ends():
    with pytest.raises(KeyboardInterrupt):
        cross_val_score(CUT, X, LABELS, cv=3, error_score=0.0)


@pytest.mark.parametrize("cls", [TabularMLPClassifier, TabularMLPRegressor])
def test_tabular_estimators_are_as_before(cls, refused, monkeypatch):
    model = cls(n_networks=2, effort=0.05, random_state=0)
    names = set(vars(model))
    interrupt = Interrupting(3, 1)
    monkeypatch.setattr("skdeep.estimators.tabular.training.Fade", lambda: interrupt)
    words = said(lambda: model.fit(X, LABELS))
    assert words == f"{cls.__name__}: the estimator is as it was before the call."
    assert interrupt.is_done
    assert set(vars(model)) == names
    model.fit(X, LABELS)  # presses no more
    interrupt.is_done = False
    refused(model, lambda: model.fit(X + 1, LABELS), KeyboardInterrupt, "")


# -- real signals ----------------------------------------------------------------------------------


@pytest.fixture
def ctrl_c_is_heard():
    """A job in the background of a shell ignores Ctrl-C, and so would the tests it runs."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_is_heard")
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("delay", [0.03, 0.051, 0.08])
def test_a_signal_at_any_moment_leaves_a_model_that_goes_on_exactly(delay, monkeypatch):
    monkeypatch.undo()  # copies at their own pace
    x, y = rng.standard_normal((500, 10)), np.arange(500) % 3
    params = {"n_iter_no_change": np.inf, "random_state": 0, "early_stopping": True}
    model = MLPClassifier((20,), max_iter=10_000, **params)
    MLPClassifier((20,), max_iter=1, **params).fit(x, y)  # what is imported then has its own ends

    def press():
        time.sleep(delay)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    thread = threading.Thread(target=press)

    def fit():
        thread.start()
        model.fit(x, y)
        thread.join()

    with pytest.raises(KeyboardInterrupt):
        fit()
    thread.join()
    done = getattr(model, "n_iter_", 0)
    model.set_params(warm_start=True, max_iter=3).fit(x, y)
    assert_same(model, MLPClassifier((20,), max_iter=done + 3, **params).fit(x, y))


def test_copies_are_made_at_most_so_often_that_they_take_a_hundredth_of_the_time(monkeypatch):
    now = [0.0]

    def clock():
        now[0] += 0.001  # a copy takes so long, as the clock is read before and behind it
        return now[0]

    monkeypatch.setattr(milestones, "perf_counter", clock)
    monkeypatch.setattr(milestones, "SHARE", 0.01)
    model = MLPClassifier((6,), max_iter=1, **ANY).fit(X, LABELS)
    kept = milestones.Milestones(model._network, model._state)
    assert not kept.go_back()
    n_copies, before = 0, None
    for _ in range(1000):
        now[0] += 0.01
        kept.reach()
        n_copies += kept._kept is not before
        before = kept._kept
    assert 90 <= n_copies <= 110  # of epochs that take ten times as long as a copy, every tenth
