"""A stream's training that is killed goes on from its checkpoint, with the same bits."""

import os
import signal
import time
from multiprocessing import get_context

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import Checkpoint, MLPClassifier, MLPRegressor, resume
from skdeep.exceptions import CheckpointError
from skdeep.streaming import fit_stream
from skdeep.training import Observer

rng = np.random.default_rng(0)
X = rng.standard_normal((400, 5))
Y = X[:, 0] * X[:, 1] > 0
PIECES = [(X[i : i + 60], Y[i : i + 60]) for i in range(0, 400, 60)]
ANY = {"max_iter": 8, "n_iter_no_change": np.inf, "batch_size": 16, "random_state": 1}
OPTIONS = {"shuffle_buffer": 128}
MODELS = {
    "plain": (MLPClassifier((6,), learning_rate="cosine", dropout=0.2, **ANY), {}),
    "best": (
        MLPClassifier((6,), early_stopping=True, learning_rate_init=0.3, **ANY),
        {"X_val": X[:80], "y_val": Y[:80]},
    ),
    "numbers": (MLPRegressor((6,), target_noise=0.1, optimizer="nesterov", **ANY), {}),
    "pipeline": (make_pipeline(StandardScaler(), MLPClassifier((6,), **ANY)), {}),
}


class Killed(BaseException):
    pass


class Kill(Observer):
    """Ends a training without a chance to write, at an update of an epoch."""

    def __init__(self, epoch, step):
        self.epoch, self.step = epoch, step

    def begin_epoch(self, trainer):
        self.steps = 0

    def end_step(self, trainer, loss):
        self.steps += 1
        if (trainer.state.epoch, self.steps) == (self.epoch, self.step):
            raise Killed


def fresh(name, *callbacks):
    model, given = MODELS[name]
    params = model[-1].get_params() if name == "pipeline" else model.get_params()
    network = type(model[-1] if name == "pipeline" else model)(**params)
    network.set_params(callbacks=list(callbacks))
    whole = make_pipeline(StandardScaler(), network) if name == "pipeline" else network
    return whole, network, {**OPTIONS, **given}


@pytest.mark.parametrize("when", [(3, 1), (5, 20)], ids=str)
@pytest.mark.parametrize("name", MODELS)
def test_the_same_bits_as_never_killed(tmp_path, name, when):
    path = tmp_path / "fit"
    model, uncut, options = fresh(name)
    fit_stream(model, PIECES, **options)
    model, _, _ = fresh(name, Checkpoint(path, 2), Kill(*when))
    with pytest.raises(Killed):
        fit_stream(model, PIECES, **options)
    assert resume(path).n_iter_ == when[0] // 2 * 2
    model, resumed, _ = fresh(name, Checkpoint(path, 2))
    assert fit_stream(model, PIECES, resume_from=path, **options) is model
    assert_array_equal(uncut._network.parameters, resumed._network.parameters)
    for key in uncut.history_.keys() - {"seconds"}:
        assert_array_equal(uncut.history_[key], resumed.history_[key])
    assert (uncut.n_iter_, uncut.t_) == (resumed.n_iter_, resumed.t_)
    assert len(model.predict(X)) == 400
    # it had come to its end, which is now in the file
    model, again, _ = fresh(name)
    fit_stream(model, PIECES, resume_from=path, **options)
    assert_array_equal(uncut._network.parameters, again._network.parameters)
    assert again.n_iter_ == 8


def killed(path):
    model, _, options = fresh("plain", Checkpoint(path, 2), Kill(5, 1))
    with pytest.raises(Killed):
        fit_stream(model, PIECES, **options)
    return options


def test_other_data_are_noticed(tmp_path):
    options = killed(tmp_path / "fit")
    other = [(x + 1e-3, y) for x, y in PIECES]
    with pytest.warns(UserWarning, match="not the data that the fit was begun with"):
        fit_stream(fresh("plain")[0], other, resume_from=tmp_path / "fit", **options)
    with pytest.raises(ValueError, match=r"had the shape \(400, 5\), but now has \(360, 5\)"):
        fit_stream(fresh("plain")[0], PIECES[:-1], resume_from=tmp_path / "fit", **options)


def test_the_order_of_classes_in_pieces_is_data_too(tmp_path):
    options = killed(tmp_path / "fit")
    other = [(x, y[::-1]) for x, y in PIECES]
    with pytest.warns(UserWarning, match="not the data that the fit was begun with"):
        fit_stream(fresh("plain")[0], other, resume_from=tmp_path / "fit", **options)


def test_files_of_something_else(tmp_path):
    killed(tmp_path / "fit")
    with pytest.raises(CheckpointError, match="holds a MLPClassifier, but a MLPRegressor"):
        fit_stream(MLPRegressor(), PIECES, resume_from=tmp_path / "fit")
    with pytest.raises(FileNotFoundError):
        fit_stream(MLPRegressor(), PIECES, resume_from=tmp_path / "none")
    with pytest.raises(ValueError, match="changed network"):
        fit_stream(MLPClassifier((7,)), PIECES, resume_from=tmp_path / "fit")


def train(path):
    model = fresh("plain", Checkpoint(path, 1))[0].set_params(max_iter=10**6)
    fit_stream(model, lambda: iter(PIECES), **OPTIONS)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_process_that_is_killed(tmp_path):
    path = tmp_path / "fit"
    process = get_context("fork").Process(target=train, args=(path,))
    process.start()
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    so_far = resume(path).n_iter_
    model, network, options = fresh("plain")
    fit_stream(model, PIECES, resume_from=path, epochs=so_far + 2, **options)
    assert network.n_iter_ == so_far + 2
