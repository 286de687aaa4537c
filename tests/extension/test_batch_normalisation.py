"""A layer of one's own with running means: batch normalisation."""

from dataclasses import replace

import numpy as np
import pytest
from gradients import check_gradient
from life import LIFE
from numpy.testing import assert_allclose
from sklearn.datasets import load_iris

from skdeep import MLPClassifier
from skdeep.network import Dense, Layer, Parameter, Stage


class BatchNormalisation(Layer):
    """Gives every unit mean zero and variance one over the batch, then a learnt scale and shift.

    In prediction running means take the place of the batch's.
    """

    def __init__(self, in_shape, momentum=0.9, epsilon=1e-5):
        self.in_shape = self.out_shape = in_shape
        self.momentum = momentum
        self.epsilon = epsilon

    def parameters(self):
        return (
            Parameter("gain", self.in_shape, "scale"),
            Parameter("shift", self.in_shape, "scale"),  # no intercept of a layer with weights
            Parameter("running_mean", self.in_shape, "buffer"),
            Parameter("running_variance", self.in_shape, "buffer"),
        )

    def initialise(self, rng):
        self.gain[...] = self.running_variance[...] = 1

    def infer(self, x):
        root = np.sqrt(self.running_variance + self.epsilon)
        return (x - self.running_mean) / root * self.gain + self.shift

    def forward(self, x, fresh):
        mean, variance = x.mean(axis=0), x.var(axis=0)
        self.root = np.sqrt(variance + self.epsilon)
        self.normal = (x - mean) / self.root
        if fresh:
            self._move(self.running_mean, mean)
            self._move(self.running_variance, variance)
        return self.normal * self.gain + self.shift

    def _move(self, running, value):
        running *= self.momentum
        running += (1 - self.momentum) * value

    def backward(self, delta):
        self.d_shift[...] = delta.sum(axis=0)
        self.d_gain[...] = (delta * self.normal).sum(axis=0)
        delta = delta * self.gain
        along = (delta * self.normal).mean(axis=0)
        return (delta - delta.mean(axis=0) - self.normal * along) / self.root


class NormalisedClassifier(MLPClassifier):
    def _extend_architecture(self, architecture):
        stages = []
        for stage in architecture.stages:
            stages.append(stage)
            if stage.kind is Dense and stage.name != "output":
                stages.append(Stage(BatchNormalisation))
        return replace(architecture, stages=tuple(stages))


X, y = load_iris(return_X_y=True)
MODEL = {
    "hidden_layer_sizes": (8, 6),
    "activation": "tanh",
    "batch_size": 30,
    "max_iter": 5,
    "n_iter_no_change": np.inf,
    "learning_rate_init": 0.01,
    "random_state": 0,
}


@pytest.mark.parametrize("check", LIFE)
@pytest.mark.usefixtures("kernels")
def test_it_lives(check):
    check(NormalisedClassifier(**MODEL), X, y)


def test_gradient():
    fitted = NormalisedClassifier(**MODEL).fit(X, y)
    check_gradient(fitted, X[::10], np.eye(3)[y[::10]])


def test_running_means_meet_the_data():
    params = {**MODEL, "max_iter": 200, "batch_size": "full", "learning_rate_init": 1e-9}
    params |= {"dtype": "float64", "n_iter_no_change": np.inf}
    model = NormalisedClassifier(**params).fit(X, y)
    mean, variance = model._network.of_kind("buffer")[:2]
    first = np.tanh(X @ model.coefs_[0] + model.intercepts_[0])
    assert_allclose(mean, first.mean(axis=0), atol=1e-6)
    assert_allclose(variance, first.var(axis=0), atol=1e-6)


def test_buffers_are_neither_trained_nor_penalised():
    model = NormalisedClassifier(**MODEL).fit(X, y)
    network = model._network
    assert [intercepts.shape for intercepts in model.intercepts_] == [(8,), (6,), (3,)]
    assert network.layout.size - network.layout.n_trained == 2 * (8 + 6)
    assert network.trained.size == network.layout.n_trained
    assert [coefs.shape for coefs in model.coefs_] == [(4, 8), (8, 6), (6, 3)]


def test_it_learns():
    model = NormalisedClassifier(**{**MODEL, "max_iter": 60}).fit(X, y)
    assert model.score(X, y) > 0.93
