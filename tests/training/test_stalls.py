"""Training that ends without having converged says so, and what is out of scale."""

import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning

from skdeep import Autoencoder, CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.training import Observer

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 5))
Y = X[:, 0] - X[:, 1] * X[:, 2]
LABELS = Y > 0
AS_IT_IS = {"target_scaling": None}


def warning_of(model, X, y):
    """Return the words of the only warning of a fit, or nothing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(X, y)
    assert len(caught) <= 1
    if not caught:
        return ""
    assert caught[0].category is ConvergenceWarning
    assert caught[0].filename == __file__
    return str(caught[0].message)


def regressor(**params):
    return MLPRegressor(**{"hidden_layer_sizes": (5,), "random_state": 0, **params})


STALLS = {
    "y is far from zero": (regressor(**AS_IT_IS), X, Y + 1e8, "y reaches 1e+08"),
    "y is large": (regressor(**AS_IT_IS), X, Y * 1e12, "y reaches"),
    "y is small": (regressor(**AS_IT_IS), X, Y * 1e-9, "y reaches"),
    "y is large, and the score watched": (
        regressor(early_stopping=True, **AS_IT_IS), X, Y * 1e6, "y reaches"
    ),
    "losses are coarser than tol": (
        regressor(optimizer="sgd", learning_rate_init=1e-6, **AS_IT_IS), X, Y + 1e6, "y reaches"
    ),
    "X is small": (regressor(), X * 1e-6, Y, "X reaches"),
    "X is small and sparse": (regressor(), sp.csr_array(X * 1e-9), Y, "X reaches"),
    "X is small, in double precision": (regressor(dtype="float64"), X * 1e-6, Y, "X reaches"),
    "X is small, full batch": (
        regressor(optimizer="nesterov", batch_size="full"), X * 1e-8, Y, "X reaches"
    ),
    "X is small, L-BFGS": (
        regressor(optimizer="lbfgs", dtype="float32", tol=1e-2), X * 1e-8, Y, "X reaches"
    ),
    "X is small, classes": (MLPClassifier((5,), random_state=0), X * 1e-6, LABELS, "X reaches"),
    "X is large": (regressor(alpha=0.0), X * 1e14, Y, "X reaches"),
    "signals": (CNNRegressor((5,), random_state=0), X * 1e-6, Y, "X reaches"),
    "an autoencoder": (Autoencoder((2,), random_state=0), X * 1e-6, None, "X reaches"),
    "both": (regressor(**AS_IT_IS), X * 1e-5, Y * 1e-6, "y reaches"),
}  # fmt: skip


@pytest.mark.parametrize(("model", "x", "y", "words"), STALLS.values(), ids=STALLS)
def test_the_scale_that_stalls_training_is_named(model, x, y, words):
    message = warning_of(model, x, y)
    assert model.n_iter_ < 200
    assert words in message
    assert f"scale {words[0]} " in message
    assert model._network.dtype.name in message
    assert ("or set dtype='float64'" in message) == (model.dtype != "float64")
    if "far from zero" in message:
        assert model.score(x, y) < 0


@pytest.mark.parametrize("rate", [1e-9, 1e-12])
@pytest.mark.parametrize("params", [{}, {"optimizer": "sgd", "batch_size": "full"}])
def test_updates_below_the_resolution_of_the_parameters(rate, params):
    message = warning_of(regressor(learning_rate_init=rate, **params), X, Y)
    assert "which is not convergence: the updates are below the resolution" in message
    assert "float32; raise learning_rate_init; or set dtype='float64'" in message


@pytest.mark.usefixtures("kernels")
def test_parameters_whose_squares_overflow():
    model = MLPClassifier((3,), bias_init=1e30, random_state=0)
    message = warning_of(model, X, LABELS)
    assert "the updates are below the resolution of the parameters in float32" in message


def test_lbfgs_where_single_precision_sees_no_fall():
    model = regressor(optimizer="lbfgs", dtype="float32", tol=1e-8, max_iter=2000)
    message = warning_of(model, X, Y)
    assert "Training ended where float32 tells no losses apart (dtype='float64' may)" in message
    assert "scale X" in message


LINEAR = {"hidden_layer_sizes": (), "optimizer": "momentum", "max_iter": 5000}
HONEST = {
    "the minimum to the last bit": (
        regressor(batch_size="full", learning_rate_init=0.5, tol=0.0, **LINEAR), X, Y
    ),
    "large y": (regressor(learning_rate_init=0.1, **LINEAR), X, Y * 1e6 + 1e9),
    "nothing to learn": (regressor(), np.zeros_like(X), Y),
    "constant y": (regressor(), X, np.full(200, 3e7)),
    "L-BFGS": (regressor(optimizer="lbfgs", hidden_layer_sizes=()), X * 1e4, Y * 1e4),
    "classes": (
        MLPClassifier((5,), learning_rate_init=0.05, max_iter=2000, random_state=0), X, LABELS
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_honest_convergence_is_silent(name):
    model, x, y = HONEST[name]
    assert warning_of(model, x, y) == ""
    assert model.n_iter_ < model.max_iter


def test_who_goes_on_is_not_warned():
    model = regressor(**AS_IT_IS)
    for _ in range(15):
        model.partial_fit(X, Y + 1e8)


def test_an_observer_that_ends_training_is_no_stall():
    class Stop(Observer):
        def end_epoch(self, trainer, values):
            return trainer.state.epoch == 12

    class Stopping(MLPRegressor):
        def _observers(self):
            return [Stop()]

    model = Stopping((5,), n_iter_no_change=50, **AS_IT_IS)
    assert warning_of(model, X, Y + 1e8) == ""
    assert model.n_iter_ == 12
