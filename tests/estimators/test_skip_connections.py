"""Identity shortcuts through the estimators: where they are, and what they enable."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from skdeep import CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor

X = np.random.default_rng(0).random((40, 24))
LABELS = np.arange(40) % 3
ANY = {"n_iter_no_change": np.inf, "batch_size": 16, "random_state": 3, "max_iter": 3}
SHORT = {**ANY, "skip_connections": True}
MAPS = {"input_shape": (4, 6), "pool_size": 1}


def assert_same(one, other):
    for a, b in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        assert_array_equal(a, b)
    assert one.loss_curve_ == other.loss_curve_


def by_hand(model, x, bridged):
    """Return the outputs of a dense tanh network with shortcuts around some hidden layers."""
    *hidden, (coef, bias) = zip(model.coefs_, model.intercepts_, strict=True)
    for i, (weights, biases) in enumerate(hidden):
        x = np.tanh(x @ weights + biases) + (x if i in bridged else 0)
    return (x @ coef + bias).ravel()


@pytest.mark.parametrize(
    ("sizes", "bridged"),
    [
        ((5, 5), {1}),
        ((5, 5, 5, 5), {1, 2, 3}),
        ((5, 4, 4, 5), {2}),
        ((4, 4, 3, 3), {1, 3}),
        ((24, 24), {1}),  # the first hidden layer never: its input is not a hidden layer
    ],
)
@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.usefixtures("kernels")
def test_only_where_consecutive_hidden_layers_are_equally_wide(sizes, bridged, optimizer):
    params = {"dtype": "float64", "optimizer": optimizer, "target_scaling": None}
    model = MLPRegressor(sizes, "tanh", **SHORT, **params).fit(X, X[:, 0])
    assert_allclose(model.predict(X), by_hand(model, X, bridged))
    assert np.abs(model.predict(X) - by_hand(model, X, set())).max() > 1e-3


def test_convolutions_of_equal_maps():
    params = {**SHORT, **MAPS, "conv_layers": ((4, 3), (4, 3), (4, 3)), "dtype": "float64"}
    model = CNNRegressor((), "tanh", **params).fit(X, X[:, 0])
    model.coefs_[1][...] = 0
    model.coefs_[2][...] = 0
    model.intercepts_[1][...] = 0
    model.intercepts_[2][...] = 0
    first = CNNRegressor((), "tanh", **{**params, "conv_layers": ((4, 3),)})
    first.set_params(skip_connections=False).fit(X, X[:, 0])
    for own, ours in ((first.coefs_, model.coefs_), (first.intercepts_, model.intercepts_)):
        own[0][...], own[1][...] = ours[0], ours[3]
    assert_allclose(model.predict(X), first.predict(X))


EFFECTLESS = {
    "no hidden layer": MLPClassifier(()),
    "one": MLPClassifier((24,)),
    "unequal": MLPRegressor((5, 4, 5)),
    "input": MLPRegressor((24, 5)),
    "pooled": CNNClassifier((5,), **{**MAPS, "pool_size": 2}, conv_layers=((4, 3), (4, 3))),
    "shrunk": CNNClassifier((5,), **MAPS, conv_layers=((4, 2), (4, 2)), padding="valid"),
    "strides": CNNRegressor((5,), **MAPS, conv_layers=((4, 3), (4, 3, 2))),
    "filters": CNNRegressor((5,), **MAPS, conv_layers=((4, 3), (5, 3))),
    "maps and units": CNNRegressor((48,), **MAPS, conv_layers=((2, 3),)),
}


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@pytest.mark.parametrize("model", EFFECTLESS.values(), ids=EFFECTLESS)
def test_without_effect_they_are_an_error(model, method, refused):
    model = pickle.loads(pickle.dumps(model)).set_params(**SHORT)
    classes = {"classes": [0, 1, 2]} if method == "partial_fit" and "Cl" in str(model) else {}
    words = "skip_connections=True has no effect: no hidden layer has outputs shaped like"
    refused(model, lambda: getattr(model, method)(X, LABELS, **classes), ValueError, words)


@pytest.mark.parametrize("cls", [MLPClassifier, CNNClassifier])
@pytest.mark.parametrize(
    "params",
    [
        {"dropout": 0.3, "input_noise": 0.1},
        {"activation": "prelu", "augmentation": "mixup"},
        {"activation": "maxout", "max_norm": 0.5},
        {"init": "orthogonal", "optimizer": "nesterov", "shuffle": False},
    ],
)
def test_partial_fit_warm_starts_and_pickles_go_on(cls, params):
    maps = {**MAPS, "conv_layers": ((2, 3), (2, 3))} if cls is CNNClassifier else {}
    once = cls((5, 5, 5), **{**SHORT, "max_iter": 4}, **maps, **params).fit(X, LABELS)
    calls = cls((5, 5, 5), **SHORT, **maps, **params)
    for _ in range(4):
        calls = pickle.loads(pickle.dumps(calls.partial_fit(X, LABELS, classes=[0, 1, 2])))
    assert_same(once, calls)
    assert_array_equal(once.predict_proba(X), calls.predict_proba(X))
    warm = cls((5, 5, 5), **{**SHORT, "max_iter": 2}, **maps, **params, warm_start=True)
    assert_same(once, warm.fit(X, LABELS).fit(X, LABELS))
    with pytest.raises(ValueError, match="skip_connections was True, and is now False"):
        warm.set_params(skip_connections=False).fit(X, LABELS)


def test_they_add_no_parameters():
    shapes = [
        [coef.shape for coef in MLPClassifier((5, 5), **params).fit(X, LABELS).coefs_]
        for params in (ANY, SHORT)
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_twenty_layers_learn_digits_with_them(activation):
    x, y = load_digits(n_class=6, return_X_y=True)
    x, y = x[:600] / 16, y[:600].astype(str)
    deep = MLPClassifier((32,) * 20, activation, **{**ANY, "max_iter": 12, "batch_size": 32})
    scores = GridSearchCV(deep, {"skip_connections": [True, False]}, cv=2).fit(x, y)
    with_them, without = scores.cv_results_["mean_test_score"]
    assert with_them > 0.85
    assert without < with_them - 0.02
