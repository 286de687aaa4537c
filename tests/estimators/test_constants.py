"""Constants that single precision cannot hold are refused by name, before anything is computed."""

import re

import numpy as np
import pytest

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.activations import ACTIVATIONS, ELU, LeakyReLU
from skdeep.augmentation import AUGMENTATIONS, Compose, GaussianNoise
from skdeep.exceptions import DivergenceError
from skdeep.initializers import INITIALIZERS, Normal
from skdeep.losses import LOSSES
from skdeep.optimizers import OPTIMIZERS, LineSearch
from skdeep.schedules import SCHEDULES

X = np.random.default_rng(0).standard_normal((40, 4))
Y = X @ [1.0, 2.0, 3.0, 4.0]
LABELS = (Y > 0).astype(int)
QUICK = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0}
LARGE, SMALL = 1e308, 1e-50


def fit(cls, **params):
    model = cls(**{"hidden_layer_sizes": (3,), **QUICK, **params})
    y = {"y": LABELS if "Classifier" in cls.__name__ else Y} if cls is not Autoencoder else {}
    return model.fit(X, **y)


def beyond(owner, name, value):
    return pytest.raises(
        ValueError, match=re.escape(f"{owner}: {name}={value!r} is beyond what float32 holds")
    )


NAMES = {
    MLPClassifier: ["bias_init", "learning_rate_init", "alpha", "max_norm", "clip_norm"],
    MLPRegressor: ["input_noise", "bias_init"],
    CNNClassifier: ["bias_init", "max_norm"],
    Autoencoder: ["bias_init", "alpha"],
}


@pytest.mark.parametrize("value", [LARGE, 1e39, SMALL])
@pytest.mark.parametrize(("cls", "name"), [(cls, name) for cls in NAMES for name in NAMES[cls]])
def test_parameters(cls, name, value):
    with beyond(cls.__name__, name, value):
        fit(cls, **{name: value})


def test_noise_in_the_units_of_the_targets():
    with beyond("MLPRegressor", "target_noise", LARGE):
        fit(MLPRegressor, target_noise=LARGE, target_scaling=None)
    model = MLPRegressor((3,), target_noise=1e50, **QUICK).fit(X, 1e60 * Y)
    assert np.isfinite(model.predict(X)).all()


@pytest.mark.parametrize("cls", [TabularMLPClassifier, TabularMLPRegressor])
@pytest.mark.parametrize("name", ["learning_rate_init", "weight_decay"])
def test_parameters_of_tabular_estimators(cls, name):
    with beyond(cls.__name__, name, LARGE):
        cls(**{name: LARGE}).fit(X, LABELS)


TABLES = {
    "optimizer": OPTIMIZERS,
    "learning_rate": SCHEDULES,
    "activation": ACTIVATIONS,
    "init": INITIALIZERS,
    "augmentation": AUGMENTATIONS,
    "loss": LOSSES,
}
CONSTANTS = sorted(
    {
        (parameter, cls, name)
        for parameter, table in TABLES.items()
        for cls in table.values()
        for name, rule in cls.constraints.items()
        if getattr(rule, "high", 0) == np.inf and not rule.integer and name != "tol"
        if not getattr(cls, "needs_double", False)
    },
    key=str,
)


@pytest.mark.parametrize(("parameter", "cls", "name"), CONSTANTS)
def test_constants_of_components(parameter, cls, name):
    value = 1e300
    with beyond(cls.__name__, name, value):
        fit(MLPRegressor, **{parameter: cls(**{name: value})})


def test_there_are_constants():
    assert {parameter for parameter, _, _ in CONSTANTS} >= {"optimizer", "activation", "init"}


def test_lists_and_steps():
    with beyond("ELU", "a", LARGE):
        fit(MLPRegressor, hidden_layer_sizes=(3, 3), activation=["relu", ELU(a=LARGE)])
    with beyond("LeakyReLU", "slope", SMALL):
        fit(MLPRegressor, activation=LeakyReLU(slope=SMALL))
    with beyond("Normal", "scale", LARGE):
        fit(MLPRegressor, init=["auto", Normal(scale=LARGE)])
    with beyond("GaussianNoise", "scale", LARGE):
        fit(MLPRegressor, augmentation=Compose([GaussianNoise(), GaussianNoise(scale=LARGE)]))
    with beyond("LineSearch", "factors", (1.0, LARGE)):
        fit(MLPRegressor, optimizer=LineSearch(factors=(1.0, LARGE)), dtype="float32")


def test_double_precision_holds_them():
    model = fit(MLPRegressor, max_norm=1e300, tol=1e308, clip_norm=1e-300, dtype="float64")
    assert np.isfinite(model.predict(X)).all()
    assert np.isfinite(fit(MLPRegressor, optimizer="lbfgs", alpha=1e-60, max_iter=9999).loss_)


def test_what_single_precision_holds_is_taken():
    plain = fit(MLPRegressor)
    for params in ({"max_norm": 3e38}, {"clip_norm": 3e38}, {"tol": 1e300}, {"alpha": 1e-44}):
        model = fit(MLPRegressor, **{"alpha": 0.0, **params})
        assert np.isfinite(model.predict(X)).all()
    np.testing.assert_array_equal(fit(MLPRegressor, max_norm=3e38).predict(X), plain.predict(X))
    fit(MLPRegressor, activation=ELU(a=50), random_state=2**32 - 1)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lion"])
def test_finiteness_is_checked_behind_the_bound(optimizer, kernels, monkeypatch):
    monkeypatch.setattr("skdeep.estimators.plan.check_constants", lambda *args: None)
    with pytest.raises(DivergenceError, match="a parameter is not finite"):
        fit(MLPRegressor, optimizer=optimizer, max_norm=LARGE)  # infinity over infinity


def test_weights_whose_squares_overflow_are_bounded_not_zeroed(kernels):
    model = MLPRegressor((), optimizer="sgd", alpha=0.0, max_norm=1.0, **QUICK)
    model.set_params(learning_rate_init=1e25, max_iter=1, batch_size="full")
    (weights,) = model.fit(X, Y).coefs_
    np.testing.assert_allclose(np.linalg.norm(weights), 1.0, rtol=1e-5)
