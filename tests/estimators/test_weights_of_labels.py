"""class_weight for several labels a row: each label has weights of its own, off and on."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from scipy.special import logit
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score

from skdeep import CNNClassifier, MLPClassifier, TabularMLPClassifier
from skdeep.losses import BinaryCrossEntropy, WeightedLabels

rng = np.random.default_rng(0)
X = rng.standard_normal((120, 6))
Y = (X[:, :3] + rng.standard_normal((120, 3)) > [0, 1, -1.5]).astype(int)
WEIGHTS = rng.integers(0, 4, 120).astype(float)
LISTED = [{0: 1, 1: 5}, {1: 0.5}, {0: 2, 1: 3}]
NETWORK = {"max_iter": 5, "n_iter_no_change": np.inf, "random_state": 0}


def elements(class_weight):
    """Return the weight of every label of every row."""
    return np.array([[w.get(v, 1) for w, v in zip(class_weight, row, strict=True)] for row in Y])


def balanced():
    counts = [np.bincount(column, minlength=2) for column in Y.T]
    return [{0: 60 / off, 1: 60 / on} for off, on in counts]


# -- what it means -----------------------------------------------------------------------------


@pytest.mark.parametrize("sample_weight", [None, WEIGHTS], ids=["", "weighted rows"])
@pytest.mark.parametrize("class_weight", [LISTED, tuple(LISTED), "balanced"], ids=str)
def test_without_hidden_layers_each_label_is_a_logistic_regression(class_weight, sample_weight):
    rows = np.ones(120) if sample_weight is None else sample_weight
    if class_weight == "balanced":
        counted = Y[rows > 0]
        weights = len(counted) / 2 / np.where(Y, counted.sum(axis=0), (1 - counted).sum(axis=0))
    else:
        weights = elements(class_weight)
    weights = weights * rows[:, None]
    weights /= weights.mean()
    model = MLPClassifier((), optimizer="lbfgs", alpha=0.05, tol=1e-9, max_iter=1000)
    model.set_params(class_weight=class_weight).fit(X, Y, sample_weight)
    n = np.count_nonzero(rows)
    for label in range(3):
        peer = LogisticRegression(C=1 / (n * 0.05), tol=1e-10, max_iter=1000)
        peer.fit(X, Y[:, label], weights[:, label] * n / 120)
        assert_allclose(model.coefs_[0][:, label], peer.coef_[0], atol=2e-5)
        assert_allclose(model.intercepts_[0][label], peer.intercept_[0], atol=2e-5)


@pytest.mark.usefixtures("kernels")
def test_equal_weights_change_nothing():
    plain = MLPClassifier((5,), **NETWORK).fit(X, Y)
    for class_weight in ([{}] * 3, [{0: 7, 1: 7}] * 3, [{0: 1e308, 1: 1e308}] * 3):
        model = MLPClassifier((5,), class_weight=class_weight, **NETWORK).fit(X, Y)
        assert_allclose(model.coefs_[0], plain.coefs_[0], rtol=1e-4, atol=1e-6)
        assert_allclose(model.loss_curve_, plain.loss_curve_, rtol=1e-5)


def test_balanced_weights_are_those_of_frequencies():
    one = MLPClassifier((5,), class_weight="balanced", **NETWORK).fit(X, csr_array(Y))
    other = MLPClassifier((5,), class_weight=balanced(), **NETWORK).fit(X, Y)
    assert_array_equal(one.coefs_[0], other.coefs_[0])
    constant = np.c_[Y[:, 0], np.ones(120, int)]
    model = MLPClassifier((), class_weight="balanced", optimizer="lbfgs").fit(X, constant)
    assert_array_equal(model.predict(X)[:, 1], 1)


def test_rare_labels_are_found():
    rare = (X[:, :2] + rng.standard_normal((120, 2)) > 1.9).astype(int)
    scores = []
    for class_weight in (None, "balanced"):
        model = CNNClassifier(
            (), conv_layers=(), optimizer="lbfgs", alpha=0.01, class_weight=class_weight
        ).fit(X, rare)
        found = model.predict(X)
        scores.append([balanced_accuracy_score(rare[:, i], found[:, i]) for i in range(2)])
    assert (np.subtract(*scores[::-1]) > 0.1).all()


# -- the loss ----------------------------------------------------------------------------------


def evaluated(loss, z, y):
    rows, delta = np.empty(len(z)), np.empty(z.shape)
    loss.evaluate(z.copy(), y, rows, delta)
    return rows, delta


ON, OFF = np.array([5.0, 1.0, 0.0]), np.array([1.0, 0.5, 2.0])
Z = rng.normal(0, 3, (40, 3))
HARD = rng.integers(0, 2, (40, 3)).astype(float)


@pytest.mark.parametrize("eps", [0.0, 0.2])
def test_the_loss_is_weighted_label_by_label(eps):
    soft = HARD * (1 - 2 * eps) + eps
    weights = np.where(HARD, ON, OFF)
    rows, delta = evaluated(WeightedLabels(ON, OFF, eps), Z, soft)
    parts = [evaluated(BinaryCrossEntropy(), Z[:, [k]], soft[:, [k]]) for k in range(3)]
    assert_allclose(rows, sum(weights[:, k] * parts[k][0] for k in range(3)), atol=1e-12)
    expected = np.hstack([weights[:, [k]] * parts[k][1] for k in range(3)])
    assert_allclose(delta, expected, atol=1e-12)


@pytest.mark.parametrize("eps", [0.0, 0.1])
def test_its_gradient(eps):
    loss, y = WeightedLabels(ON, OFF, eps), rng.random((40, 3))
    _, delta = evaluated(loss, Z, y)
    for k in range(3):
        step = np.zeros(3)
        step[k] = 1e-6
        change = evaluated(loss, Z + step, y)[0] - evaluated(loss, Z - step, y)[0]
        assert_allclose(delta[:, k], change / 2e-6, atol=1e-8)


def test_smoothing_keeps_its_optimum_and_mixtures_their_parts():
    loss, eps = WeightedLabels(ON, OFF, 0.1), 0.1
    for y in (eps, 1 - eps):
        target = np.full((1, 3), y)
        assert_allclose(evaluated(loss, logit(target), target)[1], 0, atol=1e-15)
    other, share = HARD[::-1], rng.random((40, 1))
    soft, soft_other = (eps + (1 - 2 * eps) * labels for labels in (HARD, other))
    mixed = evaluated(loss, Z, share * soft + (1 - share) * soft_other)[0]
    parts = [evaluated(loss, Z, labels)[0] for labels in (soft, soft_other)]
    assert_allclose(mixed, share[:, 0] * parts[0] + (1 - share[:, 0]) * parts[1])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_its_arrays_may_be_one_and_keep_their_type(dtype):
    z, rows = Z.astype(dtype), np.empty(40, dtype)
    WeightedLabels(ON, OFF, 0.1).evaluate(z, HARD.astype(dtype), rows, z)
    expected_rows, expected = evaluated(WeightedLabels(ON, OFF, 0.1), Z, HARD)
    assert_allclose(z, expected, atol=1e-5)
    assert_allclose(rows, expected_rows, rtol=1e-4)


# -- in use ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {"label_smoothing": 0.1},
        {"augmentation": "mixup"},
        {"early_stopping": True},
        {"optimizer": "line_search"},
        {"clip_norm": 0.1, "optimizer": "nesterov"},
    ],
    ids=str,
)
def test_with_other_options(params):
    models = [
        MLPClassifier((5,), class_weight=weights, **{**NETWORK, **params}).fit(X, Y)
        for weights in (None, LISTED)
    ]
    assert np.isfinite(models[1].loss_curve_).all()
    assert not np.allclose(models[0].coefs_[0], models[1].coefs_[0])


def test_training_goes_on_with_other_weights():
    model = MLPClassifier((5,), class_weight=LISTED, warm_start=True, **NETWORK).fit(X, Y)
    once = MLPClassifier((5,), class_weight=LISTED, **{**NETWORK, "max_iter": 10}).fit(X, Y)
    assert_array_equal(model.fit(X, Y).coefs_[0], once.coefs_[0])
    model.set_params(class_weight=None).fit(X, Y).set_params(class_weight="balanced").fit(
        X[9:], Y[9:]
    )
    calls = MLPClassifier((5,), class_weight=LISTED, **NETWORK)
    for _ in range(5):
        calls.partial_fit(X, Y, classes=[0, 1, 2])
    whole = MLPClassifier((5,), class_weight=LISTED, **NETWORK).fit(X, Y)
    assert_array_equal(calls.coefs_[0], whole.coefs_[0])


WRONG = [
    ({0: 1, 1: 5}, "a list with a dict such as {0: 1, 1: 5} for each of the 3 labels, got {0: 1"),
    ([{1: 5}], "for each of the 3 labels, got [{1: 5}]"),
    ([1, 2, 3], "for each of the 3 labels, got [1, 2, 3]"),
    ("blanced", "class_weight must be None, 'balanced', or for multi-label targets"),
    ([{1: 5}, {2: 1}, {}], "class_weight names the unknown class(es) [2]; the classes are [0, 1]"),
    ([{1: -5}, {}, {}], "class_weight must hold finite numbers >= 0, got -5 for class 1"),
    ([{0: 0, 1: 0}] * 3, "must not be all zero"),
]


@pytest.mark.parametrize(("class_weight", "words"), WRONG)
def test_wrong_weights(class_weight, words, refused):
    model = MLPClassifier((5,), class_weight=class_weight, **NETWORK)
    refused(model, lambda: model.fit(X, Y), ValueError, words)


# -- tables ------------------------------------------------------------------------------------

TABULAR = TabularMLPClassifier(n_networks=2, effort=0.2, random_state=0)


def test_weights_move_the_chances_of_their_label_in_tables():
    plain = clone(TABULAR).fit(X, Y).predict_proba(X)
    listed = clone(TABULAR).set_params(class_weight=[{1: 4}, {0: 4}, {}]).fit(X, Y)
    more, less, alike = (listed.predict_proba(X) - plain).mean(axis=0)
    assert more > 0.02 + abs(alike)
    assert less < -0.02 - abs(alike)


def test_balanced_labels_of_tables_are_found_about_as_often_as_they_are_missed():
    rare = (X[:, :2] + rng.standard_normal((120, 2)) > 2).astype(int)
    plain, even = (
        clone(TABULAR).set_params(class_weight=weight).fit(X, rare).predict(X)
        for weight in (None, "balanced")
    )
    for label in range(2):
        scores = [balanced_accuracy_score(rare[:, label], p[:, label]) for p in (plain, even)]
        assert scores[1] > scores[0]


@pytest.mark.parametrize(("class_weight", "words"), WRONG)
def test_wrong_weights_for_tables(class_weight, words, refused):
    model = clone(TABULAR).set_params(class_weight=class_weight)
    refused(model, lambda: model.fit(X, Y), ValueError, words)
