"""Observers of one's own: one that writes the state of every epoch, one that ends training."""

import pickle

import numpy as np
import pytest
from life import watched
from numpy.testing import assert_array_equal
from sklearn.datasets import load_iris

from skdeep import Autoencoder, MLPClassifier
from skdeep.network import Network
from skdeep.training import Observer, Trainer

X, y = load_iris(return_X_y=True)
MODEL = {
    "hidden_layer_sizes": (8,),
    "batch_size": 30,
    "max_iter": 6,
    "n_iter_no_change": np.inf,
    "dropout": 0.2,
    "learning_rate": "cosine",
    "random_state": 0,
}


class Writer(Observer):
    """Writes network and state to a file for every epoch."""

    def __init__(self, folder):
        self.folder = folder

    def end_epoch(self, trainer, values):
        path = self.folder / f"{trainer.state.epoch}.pickle"
        path.write_bytes(pickle.dumps((trainer.network, trainer.state)))


class StopAfter(Observer):
    def __init__(self, epochs):
        self.epochs = epochs

    def end_epoch(self, trainer, values):
        return trainer.state.epoch >= self.epochs


class Keep(Observer):
    """Remembers what it was shown."""

    def begin_fit(self, trainer):
        self.trainer = trainer


@pytest.mark.parametrize("optimizer", ["adam", "nesterov", "sgd", "lion"])
@pytest.mark.usefixtures("kernels")
def test_a_written_state_goes_on_with_the_same_bits(tmp_path, optimizer):
    keep = Keep()
    model = watched(MLPClassifier(**MODEL, optimizer=optimizer), Writer(tmp_path), keep).fit(X, y)
    assert len(list(tmp_path.iterdir())) == 6
    network, state = pickle.loads((tmp_path / "2.pickle").read_bytes())
    assert isinstance(network, Network)
    Trainer(network, state, keep.trainer.plan, keep.trainer.data).run(4)
    assert_array_equal(network.parameters, model._network.parameters)
    assert state.history["loss"] == model.history_["loss"]


@pytest.mark.parametrize(
    "model",
    [
        MLPClassifier(**MODEL),
        Autoencoder((2,), max_iter=6, n_iter_no_change=np.inf, random_state=0),
    ],
)
def test_training_ends_where_an_observer_says_so(model):
    stopped = watched(model, StopAfter(4)).fit(X, y)
    assert stopped.n_iter_ == 4
    assert len(stopped.history_["loss"]) == 4


def test_an_observer_ends_a_full_batch_optimizer():
    model = MLPClassifier((8,), optimizer="lbfgs", random_state=0)
    assert watched(model, StopAfter(3)).fit(X, y).n_iter_ == 3


def test_watching_changes_nothing(tmp_path):
    plain = MLPClassifier(**MODEL).fit(X, y)
    model = watched(MLPClassifier(**MODEL), Writer(tmp_path), Keep()).fit(X, y)
    assert_array_equal(model.coefs_[0], plain.coefs_[0])
    assert np.array_equal(model.predict_proba(X), plain.predict_proba(X))
