"""Checkpoints: what is killed goes on with the same bits, and the file is never lost."""

import os
import pickle
import signal
import time
import warnings
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

from skdeep import (
    Autoencoder,
    Checkpoint,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    resume,
    set_kernels,
)
from skdeep.exceptions import CheckpointError
from skdeep.schedules import Adaptive, Schedule, Warmup
from skdeep.training import Observer

rng = np.random.default_rng(0)
X = rng.standard_normal((60, 9))
LABELS, VALUES = np.arange(60) % 3, X @ rng.standard_normal(9)
ANY = {"n_iter_no_change": np.inf, "batch_size": 16, "max_iter": 8, "random_state": 3}
MODELS = {
    "adam": (MLPClassifier((6,), **ANY), {"y": LABELS}),
    "nesterov": (
        MLPClassifier((6,), optimizer="nesterov", learning_rate="cosine", **ANY),
        {"y": LABELS},
    ),
    "all that is random": (
        MLPRegressor((6,), dropout=0.3, input_noise=0.1, target_noise=0.1, **ANY),
        {"y": VALUES, "sample_weight": 1.0 + np.arange(60) % 2},
    ),
    "best epoch": (
        MLPRegressor((6,), early_stopping=True, learning_rate_init=0.5, **ANY),
        {"y": VALUES},
    ),
    "own validation": (
        MLPRegressor((6,), early_stopping=True, learning_rate=Warmup(Adaptive(patience=1)), **ANY),
        {"y": VALUES, "X_val": X[:20], "y_val": VALUES[:20]},
    ),
    "patience": (
        MLPRegressor((6,), **{**ANY, "n_iter_no_change": 3, "tol": 10.0}),
        {"y": VALUES},
    ),
    "images": (
        CNNClassifier((4,), input_shape=(3, 3), augmentation="random_shift", **ANY),
        {"y": LABELS},
    ),
    "signals": (CNNRegressor((4,), conv_layers=((2, 3),), **ANY), {"y": VALUES}),
    "tied": (Autoencoder((2,), augmentation="gaussian_noise", **ANY), {}),
    "warm": (MLPClassifier((6,), warm_start=True, **ANY), {"y": LABELS}),
}


class Killed(BaseException):
    pass


class Kill(Observer):
    """Ends a fit without a chance to write: at an update of an epoch, or where training rests."""

    def __init__(self, epoch, step=None):
        self.epoch, self.step = epoch, step

    def begin_epoch(self, trainer):
        self.steps = 0

    def end_step(self, trainer, loss):
        self.steps += 1
        if (trainer.state.epoch + 1, self.steps) == (self.epoch, self.step):
            raise Killed

    def between_epochs(self, trainer):
        if self.step is None and trainer.state.epoch == self.epoch:
            raise Killed


def killed(model, path, data, *when, every=2):
    """Fit with checkpoints until it is killed; return the content of the file."""
    model = clone(model).set_params(callbacks=[Checkpoint(path, every), Kill(*when)])
    with pytest.raises(Killed):
        model.fit(X, **data)
    return path.read_bytes()


def assert_same(one, other):
    assert_array_equal(one._network.parameters, other._network.parameters)
    assert one.history_.keys() == other.history_.keys()
    for name in one.history_.keys() - {"seconds"}:
        assert_array_equal(one.history_[name], other.history_[name])
    assert (one.n_iter_, one.t_) == (other.n_iter_, other.t_)


@pytest.mark.parametrize("when", [(3, 1), (5, 2), (4,), (8, 4)], ids=str)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_resumed_fit_has_the_bits_of_one_never_killed(tmp_path, name, when):
    model, data = MODELS[name]
    path = tmp_path / "fit"
    if name == "patience" and when[0] > 3:
        when = (4, 1)  # it ends in the fourth epoch
    whole = clone(model).fit(X, **data)
    killed(model, path, data, *when)
    so_far = resume(path)
    assert so_far.n_iter_ == (when[0] - 1) // 2 * 2 if len(when) == 2 else 4
    # the same objects are asked again, and the one that kills has been there already
    loaded = pickle.loads(pickle.dumps(so_far.callbacks))
    assert repr(loaded[0]) == f"Checkpoint({str(path)!r}, every=2)"
    Kill.step = None
    try:
        resumed = without_killing(path, data)
    finally:
        del Kill.step
    assert_same(resumed, whole)
    assert_array_equal(predictions(resumed), predictions(whole))
    # the end is written, too, and nothing is left to do
    assert_same(resume(path, X, **data), whole)
    assert_same(resume(path), whole)


def without_killing(path, data):
    before = Kill.end_step, Kill.between_epochs
    Kill.end_step = Kill.between_epochs = lambda self, *what: None
    try:
        return resume(path, X, **data)
    finally:
        Kill.end_step, Kill.between_epochs = before


def predictions(model):
    return model.transform(X) if isinstance(model, Autoencoder) else model.predict(X)


def test_without_data_the_best_model_so_far_predicts(tmp_path):
    model, data = MODELS["best epoch"]
    killed(model, tmp_path / "fit", data, 7, 1)
    so_far = resume(tmp_path / "fit")
    assert so_far.n_iter_ == 6
    best = int(np.argmax(so_far.validation_scores_)) + 1
    assert best < 6
    assert_array_equal(
        so_far.predict(X), clone(model).set_params(max_iter=best).fit(X, **data).predict(X)
    )
    # warm_start goes on from the last epoch, not from the best
    so_far.set_params(warm_start=True, callbacks=None, max_iter=2).fit(X, **data)
    whole = clone(model).fit(X, **data)
    assert so_far.history_["loss"] == whole.history_["loss"]


def test_a_resumed_warm_start_counts_its_own_epochs(tmp_path):
    path = tmp_path / "fit"
    model = MLPClassifier((6,), warm_start=True, **ANY).fit(X, LABELS)
    model.set_params(callbacks=[Checkpoint(path, 1), Kill(11, 1)])
    with pytest.raises(Killed):
        model.fit(X, LABELS)
    assert (model.n_iter_, len(model.loss_curve_)) == (8, 8)
    resumed = without_killing(path, {"y": LABELS})
    assert (resumed.n_iter_, len(resumed.loss_curve_)) == (8, 16)
    whole = MLPClassifier((6,), warm_start=True, **ANY).fit(X, LABELS).fit(X, LABELS)
    assert_same(resumed, whole)


def test_ctrl_c_writes_what_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("skdeep.training.milestones.SHARE", np.inf)
    monkeypatch.setattr(Kill, "end_step", interrupt_in_the_sixth_epoch)
    path = tmp_path / "fit"
    model = MLPClassifier((6,), callbacks=[Checkpoint(path, "2 h"), Kill(0)], **ANY)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, LABELS)
    monkeypatch.undo()
    assert_same(resume(path), model)
    assert model.n_iter_ == 5
    assert_same(resume(path, X, LABELS), MLPClassifier((6,), **ANY).fit(X, LABELS))


def interrupt_in_the_sixth_epoch(self, trainer, loss):
    if trainer.state.epoch == 5:
        raise KeyboardInterrupt


def test_lbfgs_goes_on_from_its_parameters(tmp_path):
    path = tmp_path / "fit"
    model = MLPRegressor((6,), optimizer="lbfgs", max_iter=12, tol=0, random_state=0)
    with pytest.raises(Killed):
        clone(model).set_params(callbacks=[Checkpoint(path, 3), Kill(7)]).fit(X, VALUES)
    so_far = resume(path)
    assert (so_far.n_iter_, so_far.t_) == (6, 6 * 60)
    with pytest.warns(match="ended at max_iter=12 before"):
        resumed = without_killing(path, {"y": VALUES})
    assert resumed.n_iter_ == 12
    assert resumed.loss_curve_[:6] == so_far.loss_curve_
    assert resumed.loss_ < so_far.loss_


# -- when it is written ----------------------------------------------------------------------------


class Watching(Observer):
    """Remembers in which epochs there was a new file."""

    def __init__(self, path):
        self.path, self.before, self.epochs = path, None, []

    def between_epochs(self, trainer):
        now = self.path.read_bytes() if self.path.exists() else None
        if now != self.before:
            self.epochs.append(trainer.state.epoch)
        self.before = now


@pytest.mark.parametrize("every", [1, 3, 100])
def test_every_so_many_epochs(tmp_path, every):
    path = tmp_path / "fit"
    watching = Watching(path)
    MLPClassifier((6,), callbacks=[Checkpoint(path, every), watching], **ANY).fit(X, LABELS)
    assert watching.epochs == list(range(every, 9, every))
    assert resume(path)._state.is_finished


@pytest.mark.parametrize(("every", "seconds"), [("30 s", 30), ("1.5min", 90), ("2 h", 7200)])
def test_every_so_often(tmp_path, every, seconds, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("skdeep.checkpoint.monotonic", lambda: now[0])

    class Passing(Observer):
        def end_epoch(self, trainer, values):
            now[0] += 0.4 * seconds

    path = tmp_path / "fit"
    watching = Watching(path)

    class Model(MLPClassifier):
        def _observers(self):
            return [Passing()]

    globals()["Model"], Model.__qualname__ = Model, "Model"
    Model((6,), callbacks=[Checkpoint(path, every), watching], **ANY).fit(X, LABELS)
    del globals()["Model"]
    assert watching.epochs == [3, 6]


@pytest.mark.parametrize("every", [0, -1, True, "10", "ten min", "0 s", 2.5, None, "5 days"])
def test_a_wrong_pace_is_refused(every):
    with pytest.raises(ValueError, match=r'every must be a time, such as "30 s", .* got'):
        Checkpoint("fit", every)


def test_partial_fit_and_failures_write_nothing(tmp_path):
    path = tmp_path / "fit"
    model = MLPClassifier((6,), callbacks=[Checkpoint(path, 1)], **ANY)
    model.partial_fit(X, LABELS, classes=[0, 1, 2]).partial_fit(X, LABELS)
    with pytest.raises(ValueError, match="diverged"):
        model.set_params(learning_rate_init=1e38).fit(X, LABELS)
    assert list(tmp_path.iterdir()) == []


def test_one_object_serves_several_fits(tmp_path):
    checkpoint = Checkpoint(tmp_path / "fit", 2)
    before = dict(vars(checkpoint))
    for y in (LABELS, LABELS % 2):
        model = MLPClassifier((6,), callbacks=[checkpoint], **ANY).fit(X, y)
        assert_same(resume(tmp_path / "fit"), model)
    assert vars(checkpoint) == before
    assert vars(clone(model).callbacks[0]) == before
    assert pickle.loads(pickle.dumps(model)).callbacks[0].every == 2


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path):
    model, data = MODELS["adam"]
    killed(model, tmp_path / "fit", data, 7, 1)
    return tmp_path / "fit"


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ((X[:50], LABELS[:50]), ValueError, "X had the shape (60, 9), but now has (50, 9)"),
        ((X[:, :4], LABELS), ValueError, "n_features was 9, and is now 4"),
        ((X, LABELS % 2), ValueError, "on the classes [0, 1, 2], but y holds the classes [0, 1]"),
        ((X, LABELS * 2), ValueError, "on the classes [0, 1, 2], but y holds the classes [0, 2, 4"),
        ((X,), ValueError, "requires y to be passed"),
        ((None, LABELS), ValueError, "y is given, but X is not; give the data of the whole fit"),
    ],
)
def test_other_data_are_refused(written, data, error, words):
    before = written.read_bytes()
    with pytest.raises(error) as caught:
        resume(written, *data)
    assert words in str(caught.value)
    assert written.read_bytes() == before


@pytest.mark.parametrize(
    "data", [(X + 1e-9, LABELS), (X, LABELS[::-1].copy()), (X, LABELS, 1.0 + np.arange(60) % 2)]
)
def test_other_values_warn(written, data, monkeypatch):
    monkeypatch.setattr(Kill, "end_step", Observer.end_step)
    with pytest.warns(UserWarning, match="not the data that the fit was begun with"):
        assert resume(written, *data).n_iter_ == 8


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.5, 0.99, 0.999])
def test_a_truncated_file(written, share):
    content = written.read_bytes()
    written.write_bytes(content[: int(share * len(content))])
    with pytest.raises(CheckpointError, match=r"fit' is (not a checkpoint|damaged: truncated)"):
        resume(written)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: pickle.dumps([1, 2]), "is not a checkpoint of skdeep"),
        (lambda c: b"", "is not a checkpoint of skdeep"),
        (
            lambda c: c.replace(b"checkpoint 1\n", b"checkpoint 2\n", 1),
            "in format 2; this one reads",
        ),
        (lambda c: c[:500] + b"x" + c[501:], "is damaged: truncated, or changed since"),
        (lambda c: c + b"more", "is damaged"),
    ],
)
def test_a_foreign_or_damaged_file(written, change, words):
    written.write_bytes(change(written.read_bytes()))
    with pytest.raises(CheckpointError) as caught:
        resume(written)
    assert words in str(caught.value)


def test_no_file_and_missing_code(tmp_path):
    with pytest.raises(FileNotFoundError):
        resume(tmp_path / "none")

    class Gone(Observer):
        pass

    globals()["Gone"], Gone.__qualname__ = Gone, "Gone"
    MLPClassifier((6,), callbacks=[Checkpoint(tmp_path / "fit"), Gone()], **ANY).fit(X, LABELS)
    del globals()["Gone"]
    with pytest.raises(CheckpointError, match=r"'Gone'.*: import the modules, or define the"):
        resume(tmp_path / "fit")


class Unpicklable(Schedule):
    def __init__(self, function=None):
        self.function = function

    def rate(self, initial, clock):
        return initial


def test_what_cannot_be_pickled_is_an_error_at_once(tmp_path):
    schedule = Unpicklable(lambda: 0)
    model = MLPClassifier((6,), learning_rate=schedule, callbacks=[Checkpoint(tmp_path / "f")])
    with pytest.raises(TypeError, match="cannot be written, as the estimator cannot be pickled"):
        model.fit(X, LABELS)
    assert not hasattr(model, "_network")
    assert list(tmp_path.iterdir()) == []


def warned(model):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(X, LABELS)
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize("where", ["no folder/fit", "a file/fit", ""])
def test_an_unwritable_place_warns_once_and_training_goes_on(tmp_path, where):
    (tmp_path / "a file").write_text("a file")
    model = MLPClassifier((6,), callbacks=[Checkpoint(tmp_path / where, 1)], **ANY)
    (message,) = warned(model)
    assert "cannot be written" in message
    assert "training goes on" in message
    assert_same(model, MLPClassifier((6,), **ANY).fit(X, LABELS))


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_disk_that_gets_full_leaves_the_last_checkpoint(tmp_path, monkeypatch, function):
    path, real = tmp_path / "fit", getattr(os, function)
    calls = []

    def full(*what):
        calls.append(what)
        if len(calls) > 4:
            raise OSError(28, "No space left on device")
        return real(*what)

    monkeypatch.setattr(os, function, full)
    model = MLPClassifier((6,), callbacks=[Checkpoint(path, 1)], **ANY)
    (message,) = warned(model)
    monkeypatch.undo()
    assert "No space left on device" in message
    assert len(calls) == 9 if function == "replace" else len(calls) > 6  # it is tried again
    # of two calls of fsync an epoch the second is for the folder
    assert resume(path).n_iter_ == (4 if function == "replace" else 2)
    assert list(tmp_path.iterdir()) == [path]
    assert_same(model, MLPClassifier((6,), **ANY).fit(X, LABELS))
    assert_same(resume(path, X, LABELS), model)


# -- real kills ------------------------------------------------------------------------------------

KILLS = int(os.environ.get("SKDEEP_KILLS", "12"))  # more of them by hand
REAL = {"max_iter": 60, "n_iter_no_change": np.inf, "batch_size": 10, "random_state": 0}
REAL_MODELS = [
    (MLPClassifier((30,), early_stopping=True, optimizer="nesterov", **REAL), LABELS),
    (MLPRegressor((30,), dropout=0.2, learning_rate="one_cycle", **REAL), VALUES),
    (CNNClassifier((8,), input_shape=(3, 3), augmentation="random_shift", **REAL), LABELS),
    (CNNRegressor((8,), augmentation="mixup", early_stopping=True, **REAL), VALUES),
    (Autoencoder((4,), augmentation="gaussian_noise", optimizer="adamw", **REAL), None),
]


class Log(Observer):
    """Writes down every epoch outside of the process, as a line that is there at once."""

    def __init__(self, path):
        self.path = path

    def between_epochs(self, trainer):
        with open(self.path, "a") as file:
            file.write(f"{trainer.state.epoch}\n")


def fit_in_child(number, folder):
    """Train, or go on from the file if there is one; the result goes into another file."""
    set_kernels("numpy")  # loading compiled ones would take longer than training
    model, y = REAL_MODELS[number]
    path = folder / "fit"
    if path.exists():
        model = resume(path, X, y)
    else:
        callbacks = [Log(folder / "log"), Checkpoint(path, every=2)]
        model = clone(model).set_params(callbacks=callbacks).fit(X, y)
    (folder / "done").write_bytes(pickle.dumps(model))


def epochs_in(log):
    return log.read_text().count("\n") if log.exists() else 0


def run_and_kill(context, number, folder, epochs, delay):
    """Start a child, kill it some time after so many epochs; return whether it was killed."""
    child = context.Process(target=fit_in_child, args=(number, folder))
    log = folder / "log"
    begun = epochs_in(log)
    child.start()
    while child.is_alive() and epochs_in(log) < begun + epochs:
        time.sleep(0.001)
    child.join(delay)
    child.kill()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


@pytest.mark.skipif("forkserver" not in get_all_start_methods(), reason="needs a server of forks")
def test_kills_at_random_moments(tmp_path, monkeypatch):
    """Children are killed while they train, and others resume, until fits come to their ends."""
    root = Path(__file__).parent
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root.parent), str(root)]))
    context = get_context("forkserver")
    context.set_forkserver_preload(["test_checkpoint"])
    moments, n_kills, n_files, number = np.random.default_rng(), 0, 0, 0
    set_kernels("numpy")
    while n_kills < KILLS:
        folder = tmp_path / str(number)
        folder.mkdir()
        model, y = REAL_MODELS[number % len(REAL_MODELS)]
        enough = min(KILLS, n_kills + 3)
        while not (folder / "done").exists():
            is_doomed = n_kills < enough
            epochs = moments.integers(1, 20) if is_doomed else np.inf
            delay = moments.uniform(0, 0.01)
            if not run_and_kill(context, number % len(REAL_MODELS), folder, epochs, delay):
                continue
            n_kills += 1
            last = int((folder / "log").read_text().split()[-1])
            if (folder / "fit").exists():
                n_files += 1
                assert last - resume(folder / "fit").n_iter_ <= 2
            else:
                assert last <= 2
        done = pickle.loads((folder / "done").read_bytes())
        assert_same(done, clone(model).fit(X, y))
        number += 1
    set_kernels("auto")
    assert n_files >= KILLS // 2
    print(f"{n_kills} kills, {n_files} with a file, {number} fits")
