"""Data, estimators and outcomes for the cases of ``same_bits.py``."""

from copy import deepcopy
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    make_multilabel_classification,
    make_regression,
)
from sklearn.preprocessing import scale

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor


class Task(NamedTuple):
    """Data to train on, and new data to predict on."""

    X: object
    y: object
    X_new: object
    y_new: object


def task(X, y, n=200):
    """Return the first n rows to train on, and up to 100 others."""
    return Task(X[:n], y[:n], X[n : n + 100], y[n : n + 100])


def _signals(rng):
    """Return noisy sine curves and their frequencies."""
    frequency, start = rng.uniform(0.2, 1.5, 300), rng.uniform(0, 6, 300)
    X = np.sin(start[:, None] + frequency[:, None] * np.arange(24))
    return X + rng.normal(0, 0.1, X.shape), frequency


_X, _Y = load_digits(return_X_y=True)
DIGITS = task(_X / 16, _Y)
PIXELS = task(_X.astype(np.int64), _Y)  # as integers
NAMED = task(_X / 16, np.array(["even", "odd"])[_Y % 2])
_X, _Y = load_breast_cancer(return_X_y=True)
BINARY = task(scale(_X), _Y)
_X, _Y = load_diabetes(return_X_y=True)
NUMBERS = task(scale(_X), scale(_Y))
COUNTS = task(scale(_X), np.random.default_rng(0).poisson(np.exp(scale(_X)[:, 2])))
OUTPUTS = task(*make_regression(300, 12, n_targets=3, noise=1.0, random_state=0))
OUTPUTS = OUTPUTS._replace(y=OUTPUTS.y / 100, y_new=OUTPUTS.y_new / 100)
LABELS = task(*make_multilabel_classification(300, 15, n_classes=4, random_state=0))
PERIODS = task(*_signals(np.random.default_rng(1)))
SPARSE = DIGITS._replace(X=csr_array(DIGITS.X), X_new=csr_array(DIGITS.X_new))
FORTRAN = DIGITS._replace(X=np.asfortranarray(DIGITS.X), X_new=np.asfortranarray(DIGITS.X_new))
WEIGHTS = np.random.default_rng(2).integers(0, 4, 200) / 2  # a quarter of them zero

_BASE = {
    "learning_rate_init": 0.01,
    "batch_size": 64,
    "max_iter": 5,
    "n_iter_no_change": 5,
    "random_state": 0,
}
_ATTRIBUTES = (
    "n_iter_",
    "t_",
    "loss_",
    "best_loss_",
    "best_validation_score_",
    "validation_scores_",
    "n_layers_",
    "n_outputs_",
    "out_activation_",
    "input_shape_",
    "classes_",
)
CASES = {}


def case(name):
    """Enter a function that returns results, part by part, under a name."""

    def enter(function):
        if name in CASES:
            raise ValueError(f"There are two cases {name!r}.")
        CASES[name] = function
        return function

    return enter


def _build(kind, **settings):
    return kind(**{**_BASE, **settings})


classifier = partial(_build, MLPClassifier, hidden_layer_sizes=(16, 12))
regressor = partial(_build, MLPRegressor, hidden_layer_sizes=(16, 12))
autoencoder = partial(_build, Autoencoder, hidden_layer_sizes=(20, 8))
image_classifier = partial(
    _build, CNNClassifier, hidden_layer_sizes=(12,), input_shape=(8, 8), conv_layers=((6, 3),)
)
signal_regressor = partial(
    _build, CNNRegressor, hidden_layer_sizes=(12,), conv_layers=((4, 5), (6, 3))
)


def outcome(model, data, prefix=""):
    """Return copies of everything that a fitted network shows, part by part."""
    parts = {"parameters": [array.copy() for array in [*model.coefs_, *model.intercepts_]]}
    for name, values in model.history_.items():
        if name != "seconds":
            parts[f"history_ {name}"] = list(values)
    for name in _ATTRIBUTES:
        if hasattr(model, name):
            parts[name] = deepcopy(getattr(model, name))
    for name in ("predict", "predict_proba", "predict_log_proba", "transform"):
        if hasattr(model, name):
            parts[name] = getattr(model, name)(data.X_new)
    if "transform" in parts:
        parts["inverse_transform"] = model.inverse_transform(parts["transform"])
    parts["score"] = model.score(data.X_new, data.y_new)
    return {prefix + name: value for name, value in parts.items()}


def one_fit(model, data, **extra):
    """Fit a copy and return its outcome; ``extra`` goes to ``fit``."""
    return outcome(clone(model).fit(data.X, data.y, **extra), data)


def fits(variants):
    """Return the outcomes of several fits that belong together: name -> (model, data)."""
    parts = {}
    for name, (model, data) in variants.items():
        parts |= outcome(clone(model).fit(data.X, data.y), data, f"{name}: ")
    return parts


def stages(model, data, *changes, **extra):
    """Fit under ``warm_start``, then change parameters and go on, once for each dict of changes."""
    model.set_params(warm_start=True)
    parts = outcome(model.fit(data.X, data.y, **extra), data, "first: ")
    for number, change in enumerate(changes, 2):
        model.set_params(**change).fit(data.X, data.y, **extra)
        parts |= outcome(model, data, f"stage {number}: ")
    return parts
