"""Observers: when they are told of what, in which order, and what they may do."""

from copy import deepcopy

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

from skdeep import Autoencoder, CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.activations import Tanh
from skdeep.exceptions import DivergenceError
from skdeep.training import Observer
from skdeep.training.observers import History, KeepBest, Report, Watch, observers

pytestmark = pytest.mark.usefixtures("kernels")
X = np.random.default_rng(0).standard_normal((50, 3))
Y = X @ [1.0, -2.0, 0.5] + np.random.default_rng(1).normal(0, 0.3, 50)
LABELS = (Y > 0).astype(int)
ANY = {"n_iter_no_change": np.inf, "batch_size": 20, "max_iter": 2, "random_state": 0}
STEPS = ["begin_step", "end_step"] * 3  # of 20, 20 and 10 rows
EPOCH, REST = ["begin_epoch", *STEPS, "end_epoch"], "between_epochs"
TOLD = ["begin_fit", *EPOCH, REST, "end_fit"]


class Diary(Observer):
    """Writes down what it is told, into a list that several may share."""

    def __init__(self, calls=None, name=None):
        self.calls = [] if calls is None else calls
        self.name = name

    def _note(self, what):
        self.calls.append(what if self.name is None else (self.name, what))

    def begin_fit(self, trainer):
        self._note("begin_fit")

    def end_fit(self, trainer):
        self._note("end_fit")

    def begin_epoch(self, trainer):
        self._note("begin_epoch")

    def end_epoch(self, trainer, values):
        self._note("end_epoch")

    def begin_step(self, trainer, batch):
        self._note("begin_step")

    def between_epochs(self, trainer):
        self._note(REST)

    def end_step(self, trainer, loss):
        self._note("end_step")


class Epochs(Observer):
    """Listens to epochs alone, and keeps their values."""

    def __init__(self):
        self.values = []

    def end_epoch(self, trainer, values):
        self.values.append(dict(values))


def watched(cls, *watching, sizes=(4,), **params):
    """Return an unfitted estimator that these observers watch."""

    class Watched(cls):
        def _observers(self):
            return list(watching)

    return Watched(sizes, **{**ANY, **params})


# -- order and number of calls ---------------------------------------------------------------------


def test_begin_and_end_of_fit_epochs_and_steps():
    diary = Diary()
    watched(MLPRegressor, diary).fit(X, Y)
    assert diary.calls == ["begin_fit", *EPOCH, REST, *EPOCH, REST, "end_fit"]


@pytest.mark.parametrize(("batch_size", "n_steps"), [("full", 1), (50, 1), (49, 2), (1, 50)])
def test_one_step_a_batch(batch_size, n_steps):
    diary = Diary()
    watched(MLPRegressor, diary, batch_size=batch_size).fit(X, Y)
    assert diary.calls.count("begin_step") == diary.calls.count("end_step") == 2 * n_steps


def test_partial_fit_is_a_fit_of_one_epoch():
    diary = Diary()
    model = watched(MLPClassifier, diary)
    for _ in range(2):
        model.partial_fit(X, LABELS, classes=[0, 1])
    assert diary.calls == TOLD * 2


def test_a_warm_start_is_another_fit():
    diary = Diary()
    watched(MLPRegressor, diary, max_iter=1, warm_start=True).fit(X, Y).fit(X, Y)
    assert diary.calls == TOLD * 2


def test_an_autoencoder_is_watched_too():
    diary = Diary()
    watched(Autoencoder, diary, sizes=(2,), max_iter=1).fit(X)
    assert diary.calls == TOLD


def test_observers_are_told_in_turn():
    calls = []
    watched(MLPRegressor, Diary(calls, 1), Diary(calls, 2), max_iter=1).fit(X, Y)
    assert calls == [(name, what) for what in TOLD for name in (1, 2)]


def test_who_overrides_one_step_method_is_told_of_the_other_in_vain():
    class Starts(Observer):
        rows = ()

        def begin_step(self, trainer, batch):
            self.rows = (*self.rows, len(batch.x))

    starts = Starts()
    watched(MLPRegressor, starts, max_iter=1).fit(X, Y)
    assert starts.rows == (20, 20, 10)


@pytest.mark.parametrize("max_iter", [1, 4])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_lbfgs_tells_its_iterations_as_epochs_and_no_steps(max_iter):
    diary = Diary()
    model = watched(MLPRegressor, diary, optimizer="lbfgs", max_iter=max_iter, batch_size="auto")
    model.fit(X, Y)
    assert model.n_iter_ == max_iter
    assert diary.calls == ["begin_fit", *["begin_epoch", "end_epoch", REST] * max_iter, "end_fit"]


def test_callbacks_are_told_behind_others():
    calls = []
    model = watched(MLPRegressor, Diary(calls, 1), max_iter=1, callbacks=[Diary(calls, 2)])
    model.fit(X, Y)
    assert calls == [(name, what) for what in TOLD for name in (1, 2)]


@pytest.mark.parametrize("kind", [list, tuple])
@pytest.mark.parametrize("cls", [MLPClassifier, CNNRegressor, Autoencoder])
def test_callbacks_of_every_network(cls, kind):
    diary = Diary()
    callbacks = kind([diary])
    model = cls((4,), callbacks=callbacks, **{**ANY, "max_iter": 1})
    model.fit(X, LABELS)
    assert diary.calls == TOLD
    assert model.callbacks is callbacks
    model.set_params(callbacks=None).fit(X, LABELS)
    assert diary.calls == TOLD


def test_callbacks_are_told_of_calls_of_partial_fit():
    diary = Diary()
    model = MLPClassifier((4,), callbacks=[diary], **ANY)
    model.partial_fit(X, LABELS, classes=[0, 1]).partial_fit(X, LABELS)
    assert diary.calls == TOLD * 2


def test_a_clone_has_callbacks_of_its_own():
    diary = Diary()
    model = clone(MLPRegressor((4,), callbacks=[diary], **ANY))
    assert type(model.callbacks[0]) is Diary
    model.fit(X, Y)
    assert diary.calls == []
    assert model.callbacks[0].calls == ["begin_fit", *EPOCH, REST, *EPOCH, REST, "end_fit"]


def test_what_is_remembered_of_a_training_is_told_from_others():
    class Counting(Observer):
        totals = ()

        def begin_fit(self, trainer):
            trainer.memory[self] = 0

        def begin_epoch(self, trainer):
            trainer.memory[self] += 1

        def end_fit(self, trainer):
            self.totals = (*self.totals, trainer.memory[self])

    counting = Counting()
    for max_iter in (2, 3):
        MLPRegressor((4,), callbacks=[counting], **{**ANY, "max_iter": max_iter}).fit(X, Y)
    assert counting.totals == (2, 3)


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_between_epochs_all_is_there_to_go_on_from(optimizer):
    class Looking(Observer):
        predictions = ()

        def between_epochs(self, trainer):
            model = trainer.preview()
            assert model.n_iter_ == trainer.state.epoch == len(model.loss_curve_)
            self.predictions = (*self.predictions, model.predict(X))

    looking, params = Looking(), {**ANY, "optimizer": optimizer, "batch_size": "auto"}
    MLPRegressor((4,), callbacks=[looking], **{**params, "max_iter": 3}).fit(X, Y)
    for epochs, seen in enumerate(looking.predictions, 1):
        model = MLPRegressor((4,), **{**params, "max_iter": epochs}).fit(X, Y)
        assert_array_equal(seen, model.predict(X))
    assert len(looking.predictions) == 3


def test_training_does_not_rest_when_an_epoch_was_the_last():
    diary = Diary()
    MLPRegressor((4,), callbacks=[StopAfter(2), diary], **{**ANY, "max_iter": 9}).fit(X, Y)
    assert diary.calls == ["begin_fit", *EPOCH, REST, *EPOCH, "end_fit"]


# -- what they are shown ---------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_values_of_an_epoch_are_those_of_the_history(optimizer, early_stopping):
    epochs = Epochs()
    params = {"early_stopping": early_stopping, "optimizer": optimizer, "batch_size": "auto"}
    model = watched(MLPRegressor, epochs, max_iter=4, **params).fit(X, Y)
    assert len(epochs.values) == model.n_iter_ == 4
    names = {"loss", "learning_rate", "gradient_norm", "seconds"}
    names |= {"validation_loss", "validation_score"} if early_stopping else set()
    for i, values in enumerate(epochs.values):
        assert values.keys() == names
        assert values == {name: model.history_[name][i] for name in names}


def test_the_history_holds_an_epoch_when_others_are_told():
    class Compare(Observer):
        checked = 0

        def end_epoch(self, trainer, values):
            assert trainer.state.history["loss"][-1] == values["loss"]
            assert len(trainer.state.history["loss"]) == trainer.state.epoch
            self.checked += 1

    compare = Compare()
    watched(MLPRegressor, compare).fit(X, Y)
    assert compare.checked == 2


def test_the_losses_of_steps_make_the_loss_of_the_epoch():
    class Losses(Observer):
        def begin_epoch(self, trainer):
            self.losses, self.rows, self.steps = [], [], trainer.state.step

        def begin_step(self, trainer, batch):
            assert trainer.state.step == self.steps + len(self.losses)
            self.rows.append(len(batch.y))

        def end_step(self, trainer, loss):
            self.losses.append(loss)

        def end_epoch(self, trainer, values):
            assert values["loss"] == pytest.approx(np.average(self.losses, weights=self.rows))

    watched(MLPRegressor, Losses(), dtype="float64").fit(X, Y)


def test_an_update_lies_between_begin_and_end_of_a_step():
    class Moves(Observer):
        sizes = ()

        def begin_step(self, trainer, batch):
            self.before = trainer.network.parameters.copy()

        def end_step(self, trainer, loss):
            moved = np.abs(trainer.network.parameters - self.before).max()
            self.sizes = (*self.sizes, float(moved))

    moves = Moves()
    watched(MLPRegressor, moves, optimizer="sgd", learning_rate_init=1e-3).fit(X, Y)
    assert len(moves.sizes) == 6
    assert min(moves.sizes) > 0


# -- what they may do ------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "line_search", "lbfgs"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_watching_steps_changes_no_bits(optimizer):
    params = {"optimizer": optimizer, "max_iter": 5}
    if optimizer == "lbfgs":
        params["batch_size"] = "auto"
    else:
        params |= {"dropout": 0.2, "learning_rate": "inverse_time"}
    plain, model = (
        watched(MLPRegressor, *watching, **params).fit(X, Y) for watching in ((), (Diary(),))
    )
    assert_array_equal(model._network.parameters, plain._network.parameters)
    for name in ("loss", "gradient_norm", "learning_rate"):
        assert model.history_[name] == plain.history_[name]


class StopAfter(Observer):
    def __init__(self, epochs, answer=True):
        self.epochs, self.answer = epochs, answer

    def end_epoch(self, trainer, values):
        return self.answer if trainer.state.epoch >= self.epochs else None


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_an_observer_that_returns_true_ends_training(optimizer):
    params = {"optimizer": optimizer, "max_iter": 9, "batch_size": "auto"}
    diary = Diary()
    model = watched(MLPRegressor, StopAfter(3), diary, **params).fit(X, Y)
    assert model.n_iter_ == 3
    # those behind it are told of the epoch, too
    assert (diary.calls.count("end_epoch"), diary.calls[-1]) == (3, "end_fit")


def test_nothing_or_false_goes_on():
    for answer in (None, False):
        assert watched(MLPRegressor, StopAfter(1, answer), max_iter=4).fit(X, Y).n_iter_ == 4


def test_an_end_by_an_observer_is_no_surprise():
    params = {"n_iter_no_change": 5, "max_iter": 9, "tol": 0.0}
    watched(MLPRegressor, StopAfter(2), **params).fit(X, Y)  # warnings are errors here
    with pytest.warns(UserWarning, match="ended at max_iter=9"):
        watched(MLPRegressor, **params).fit(X, Y)


def test_the_model_may_be_changed_when_training_ends():
    class Zero(Observer):
        def end_fit(self, trainer):
            trainer.network.parameters[...] = 0

    model = watched(MLPRegressor, Zero(), target_scaling=None).fit(X, Y)
    assert_array_equal(model.predict(X), 0)


def test_end_of_fit_sees_the_best_model():
    class Last(Observer):
        def end_fit(self, trainer):
            self.parameters = trainer.network.parameters.copy()

    last = Last()
    params = {"early_stopping": True, "max_iter": 30, "learning_rate_init": 0.3}
    model = watched(MLPRegressor, last, **params).fit(X, Y)
    assert np.argmax(model.validation_scores_) < 29
    assert_array_equal(last.parameters, model._network.parameters)


# -- errors ----------------------------------------------------------------------------------------


class Failure(Exception):
    pass


def _failing(method):
    def fail(self, *what):
        raise Failure

    return type("Failing", (Observer,), {method: fail})()


@pytest.mark.parametrize("method", ["begin_epoch", "begin_step", "end_step", "end_epoch"])
def test_end_of_fit_is_told_after_an_error_in_another_observer(method):
    diary = Diary()
    model = watched(MLPRegressor, _failing(method), diary)
    with pytest.raises(Failure):
        model.fit(X, Y)
    assert diary.calls.count("end_fit") == 1
    assert diary.calls[-1] == "end_fit"
    assert not hasattr(model, "_network")


@pytest.mark.parametrize("optimizer", ["sgd", "lbfgs"])
def test_end_of_fit_is_told_after_a_divergence(optimizer):
    diary = Diary()
    params = {"optimizer": optimizer, "learning_rate_init": 1e20, "batch_size": "auto"}
    with pytest.raises(DivergenceError):
        watched(MLPRegressor, diary, dtype="float64", **params).fit(X * 1e200, Y)
    assert (diary.calls[0], diary.calls[-1]) == ("begin_fit", "end_fit")
    assert diary.calls.count("end_fit") == 1


def test_end_of_fit_is_told_after_an_interruption():
    class Interrupt(Tanh):
        def forward(self, z, out, theta):
            raise KeyboardInterrupt

    diary = Diary()
    with pytest.raises(KeyboardInterrupt):
        watched(MLPRegressor, diary, activation=Interrupt()).fit(X, Y)
    assert diary.calls == ["begin_fit", "begin_epoch", "begin_step", "end_fit"]


@pytest.mark.parametrize("validation", [{}, {"X_val": X, "y_val": Y}], ids=["without", "with"])
def test_a_failed_warm_start_leaves_the_model_and_its_history(validation):
    model = watched(MLPRegressor, warm_start=True).fit(X, Y)
    before, history = model._network.parameters.copy(), deepcopy(model.history_)
    type(model)._observers = lambda self: [_failing("end_epoch")]
    with pytest.raises(Failure):
        model.fit(X, Y, **validation)
    assert_array_equal(model._network.parameters, before)
    assert model.history_ == history


# -- those that a plan asks for --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [History, Watch]),
        ({"early_stopping": True}, [History, Watch, KeepBest]),
        ({"verbose": 3}, [History, Watch, Report]),
        ({"early_stopping": True, "verbose": True}, [History, Watch, KeepBest, Report]),
    ],
    ids=str,
)
def test_the_users_observers_come_behind_the_built_in_ones(params, expected):
    plan, mine = MLPRegressor(**params)._plan().training, Diary()
    found = observers(plan, [mine])
    assert [type(observer) for observer in found[:-1]] == expected
    assert found[-1] is mine


def test_the_methods_of_the_base_class_do_nothing():
    bare = Observer()
    told = [bare.begin_fit(None), bare.end_fit(None), bare.begin_epoch(None)]
    told += [bare.end_epoch(None, {}), bare.begin_step(None, None), bare.end_step(None, 0.0)]
    assert told == [None] * 6
