"""fit_stream is the training of fit: an epoch is a pass, and with a large buffer bits agree."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import random as random_sparse
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    MLPRegressor,
)
from skdeep.streaming import fit_stream

rng = np.random.default_rng(0)
X = rng.standard_normal((300, 9))
LABELS = np.array(["c", "a", "b", "a"])[np.digitize(X[:, 0], [-0.5, 0, 1])]
TWO = np.column_stack([X[:, 0] > 0, X[:, 1] > 1]).astype(int)
VALUES = 5e4 + 1e3 * X[:, :2] @ rng.standard_normal((2, 2))
WEIGHTS = rng.integers(0, 3, 300).astype(float)
SPARSE = random_sparse(300, 30, 0.2, format="csr", random_state=0)
ANY = {"max_iter": 4, "n_iter_no_change": np.inf, "batch_size": 32, "random_state": 3}


def pieces(*arrays, size=47):
    """Cut arrays into pieces of unequal sizes."""
    return [tuple(a[i : i + size] for a in arrays) for i in range(0, len(X), size)]


CASES = {
    "classes": (MLPClassifier((6,), **ANY), X, LABELS),
    "random": (
        MLPClassifier((6,), dropout=0.2, input_noise=0.1, label_smoothing=0.1, **ANY),
        X,
        LABELS,
    ),
    "two classes": (MLPClassifier((6,), learning_rate="one_cycle", **ANY), X, LABELS == "a"),
    "in order": (MLPClassifier((6,), shuffle=False, **ANY), X, LABELS),
    "balanced": (MLPClassifier((6,), class_weight="balanced", **ANY), X, LABELS),
    "class weights": (
        MLPClassifier((6,), class_weight={"a": 3, "b": 0, "c": 1}, **ANY),
        X,
        LABELS,
    ),
    "labels": (MLPClassifier((6,), **ANY), X, TWO),
    "balanced labels": (MLPClassifier((6,), class_weight="balanced", **ANY), X, TWO),
    "numbers": (MLPRegressor((6,), target_noise=0.1, learning_rate="cosine", **ANY), X, VALUES),
    "one number": (MLPRegressor((6,), loss="huber", **ANY), X, VALUES[:, 0]),
    "unscaled": (MLPRegressor((6,), target_scaling=None, **ANY), X, VALUES / 1e5),
    "constant": (MLPRegressor((6,), **ANY), X, np.full(300, 1e6)),
    "integers": (MLPRegressor((6,), **ANY), X.astype(int), VALUES.astype(int)),
    "sparse": (MLPClassifier((6,), **ANY), SPARSE, LABELS),
    "images": (
        CNNClassifier((4,), input_shape=(3, 3), augmentation="random_shift", **ANY),
        X.reshape(-1, 3, 3),
        LABELS,
    ),
    "code": (Autoencoder((2,), **ANY), X, None),
    "sparse code": (Autoencoder((2,), tied_weights=False, **ANY), SPARSE, None),
}


def assert_same_bits(one, other):
    assert_array_equal(one._network.parameters, other._network.parameters)
    for name in one.history_.keys() - {"seconds"}:
        assert_array_equal(one.history_[name], other.history_[name])
    assert (one.n_iter_, one.t_, one._state.step) == (other.n_iter_, other.t_, other._state.step)


@pytest.mark.parametrize("name", CASES)
def test_a_buffer_for_all_rows_gives_the_bits_of_fit(name):
    model, X, y = CASES[name]
    whole = type(model)(**model.get_params()).fit(X, y)
    arrays = (X,) if y is None else (X, y)
    in_pieces = pieces(*arrays) if y is not None else [piece[0] for piece in pieces(X)]
    assert fit_stream(model, in_pieces) is model
    assert_same_bits(whole, model)
    result, again = (m.transform(X) if y is None else m.predict(X[:20]) for m in (whole, model))
    assert_array_equal(result, again)


@pytest.mark.parametrize("name", ["classes", "numbers", "class weights", "labels"])
def test_sample_weights(name):
    model, X, y = CASES[name]
    whole = type(model)(**model.get_params()).set_params(dtype="float64").fit(X, y, WEIGHTS)
    model = type(model)(**model.get_params()).set_params(dtype="float64")
    fit_stream(model, pieces(X, y, WEIGHTS, size=30))
    assert whole.t_ == model.t_
    assert_allclose(model._network.parameters, whole._network.parameters, rtol=1e-7)
    assert_allclose(model.loss_curve_, whole.loss_curve_, rtol=1e-9)


def test_pieces_with_weights_of_zero_only():
    weights = np.where(np.arange(300) < 150, 0.0, 1.0)
    model = MLPRegressor((6,), **ANY)
    fit_stream(model, pieces(X, VALUES, weights, size=50))
    alone = MLPRegressor((6,), **ANY).fit(X[150:], VALUES[150:])
    assert_array_equal(model.target_mean_, alone.target_mean_)
    assert model.t_ == 4 * 150


@pytest.mark.parametrize("name", ["classes", "sparse", "numbers", "balanced", "sparse code"])
@pytest.mark.parametrize("size", [3, 47, 300])
def test_a_small_buffer(name, size):
    model, X, y = CASES[name]
    whole = type(model)(**model.get_params()).fit(X, y)
    arrays = (X,) if y is None else (X, y)
    model = type(model)(**model.get_params())
    fit_stream(
        model, [p if y is not None else p[0] for p in pieces(*arrays, size=size)], shuffle_buffer=64
    )
    assert model.t_ == whole.t_
    assert model._state.step == whole._state.step
    assert_allclose(model.loss_, whole.loss_, rtol=0.05)
    assert np.any(model._network.parameters != whole._network.parameters)
    again = fit_stream(
        type(model)(**model.get_params()),
        [p if y is not None else p[0] for p in pieces(*arrays, size=size)],
        shuffle_buffer=64,
    )
    assert_same_bits(model, again)


def test_no_buffer_keeps_the_order():
    model, X, y = CASES["classes"]
    in_order = MLPClassifier((6,), shuffle=False, **ANY).fit(X, y)
    model = MLPClassifier((6,), **ANY)
    assert_same_bits(in_order, fit_stream(model, pieces(X, y), shuffle_buffer=0))


def test_epochs_take_the_place_of_max_iter():
    model = MLPClassifier((6,), learning_rate="cosine", **ANY)
    fit_stream(model, pieces(X, LABELS), epochs=7)
    whole = MLPClassifier((6,), learning_rate="cosine", **{**ANY, "max_iter": 7}).fit(X, LABELS)
    assert_same_bits(whole, model)
    assert model.max_iter == 4


def test_the_limit_warns_as_in_fit_unless_epochs_are_given():
    model = MLPClassifier((6,), max_iter=2)
    with pytest.warns(ConvergenceWarning, match="max_iter=2") as found:
        fit_stream(model, pieces(X, LABELS))
    assert found[0].filename == __file__
    fit_stream(model, pieces(X, LABELS), epochs=2)


def test_stopping_by_the_loss():
    model = MLPClassifier((6,), tol=10.0, n_iter_no_change=3, random_state=0)
    assert fit_stream(model, pieces(X, LABELS)).n_iter_ == 4


def test_early_stopping_on_given_data_keeps_the_best():
    params = {**ANY, "early_stopping": True, "learning_rate_init": 1.0, "max_iter": 15}
    validation = {"X_val": X[:60], "y_val": LABELS[:60]}
    model = fit_stream(MLPClassifier((6,), **params), pieces(X, LABELS), **validation)
    whole = MLPClassifier((6,), **params).fit(X, LABELS, **validation)
    assert_same_bits(whole, model)
    assert model.score(X[:60], LABELS[:60]) == model.best_validation_score_
    assert model.best_validation_score_ > model.validation_scores_[-1]


@pytest.mark.parametrize("scoring", [None, "balanced_accuracy"])
def test_validation_with_class_weights_and_scoring(scoring):
    params = {**ANY, "class_weight": "balanced", "scoring": scoring}
    validation = {"X_val": X[:60], "y_val": LABELS[:60], "sample_weight_val": 1 + WEIGHTS[:60]}
    model = fit_stream(MLPClassifier((6,), **params), pieces(X, LABELS), **validation)
    assert_same_bits(MLPClassifier((6,), **params).fit(X, LABELS, **validation), model)


def test_warm_start_goes_on():
    params = {**ANY, "warm_start": True}
    model = MLPClassifier((6,), **params)
    for _ in range(2):
        fit_stream(model, pieces(X, LABELS), shuffle_buffer=64)
    once = fit_stream(MLPClassifier((6,), **ANY), pieces(X, LABELS), epochs=8, shuffle_buffer=64)
    assert_array_equal(once._network.parameters, model._network.parameters)
    assert (model.n_iter_, len(model.loss_curve_)) == (4, 8)


def test_classes_that_the_stream_lacks():
    model = fit_stream(MLPClassifier((6,), **ANY), pieces(X, LABELS), classes=list("abcd"))
    assert model.classes_.tolist() == list("abcd")
    assert model.predict_proba(X).shape == (300, 4)


def test_sorted_pieces_of_one_class_each():
    order = np.argsort(LABELS)
    model = MLPClassifier((6,), **ANY, learning_rate_init=0.01)
    fit_stream(model, pieces(X[order], LABELS[order], size=20), epochs=20)
    assert model.classes_.tolist() == ["a", "b", "c"]
    assert model.score(X, LABELS) > 0.85


def test_mean_and_spread_of_pieces_that_differ_much():
    y = np.concatenate([np.full(100, 1e-3), np.full(100, 1e12), np.linspace(-1e9, 1e9, 100)])
    model = fit_stream(MLPRegressor((6,), **ANY), pieces(X, y))
    assert_allclose(model.target_mean_, y.mean(), rtol=1e-9)
    assert_allclose(model.target_scale_, y.std(), rtol=1e-9)


BAD = {
    "optimizer": (MLPClassifier(optimizer="lbfgs"), "all data at once"),
    "batch_size": (MLPClassifier(batch_size="full"), "more than one batch"),
    "early_stopping": (MLPClassifier(early_stopping=True), "give X_val and y_val"),
    "learning_rate": (MLPClassifier(learning_rate="validation"), "give X_val and y_val"),
    "scoring": (MLPClassifier(scoring="accuracy"), "without validation"),
    "alpha": (MLPClassifier(alpha=-1), "must be a number"),
}


@pytest.mark.parametrize("name", BAD)
def test_refusals(name):
    model, words = BAD[name]
    with pytest.raises(ValueError, match=f"{name}.*{words}"):
        fit_stream(model, pieces(X, LABELS))
    assert not hasattr(model, "classes_")


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"epochs": 0}, ValueError, "epochs must be"),
        ({"epochs": True}, TypeError, "epochs must be"),
        ({"shuffle_buffer": -1}, ValueError, "shuffle_buffer must be"),
        ({"X_val": X}, ValueError, "X_val and y_val go together"),
        ({"classes": ["a", "b"]}, ValueError, r"unseen class\(es\) \['c'\]"),
    ],
)
def test_bad_options(given, error, words):
    with pytest.raises(error, match=words):
        fit_stream(MLPClassifier(**ANY), pieces(X, LABELS), **given)


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (MLPClassifier, r"write MLPClassifier\(\)"),
        ("adam", "needs one of MLPClassifier.*got str"),
    ],
)
def test_what_cannot_be_fitted(estimator, words):
    with pytest.raises(TypeError, match=words):
        fit_stream(estimator, pieces(X, LABELS))


def changed(number, *piece):
    found = pieces(X, LABELS)
    found[number] = piece
    return found


@pytest.mark.parametrize(
    ("batches", "words"),
    [
        (changed(2, X[:5, :4], LABELS[:5]), "piece 2: X has 4 features.*expecting 9"),
        (changed(0, X[:5], LABELS[:4]), "piece 0: .*inconsistent"),
        (changed(1, np.full((2, 9), np.nan), LABELS[:2]), "piece 1: .*NaN"),
        (changed(1, np.full((2, 9), 1e300), LABELS[:2]), "piece 1: X contains a value too large"),
        (changed(1, X[:3], [0.5, 1.5, 2.5]), "piece 1: Unknown label type"),
        (changed(1, X[:3], LABELS[:3], np.ones(3)), "piece 1: sample_weight.*every piece"),
        ([(X, LABELS, -np.ones(300))], "piece 0: sample_weight must not be negative"),
        ([(X, LABELS, np.zeros(300))], "no rows whose sample_weight"),
        ([(X, LABELS, WEIGHTS, 1)], r"piece 0: pieces must be \(X, y\)"),
        ([], "gave no rows"),
        ([X], "piece 0: y is missing.*by target"),
    ],
)
def test_bad_pieces_leave_the_model_as_it_was(batches, words):
    model = MLPClassifier((6,), **ANY).fit(X, LABELS)
    before, parameters = dict(vars(model)), model._network.parameters.copy()
    with pytest.raises(ValueError, match=words):
        fit_stream(model, batches)
    assert vars(model) == before
    assert_array_equal(model._network.parameters, parameters)


@pytest.mark.parametrize("later", [[], pieces(X, LABELS)[:2], [*pieces(X, LABELS), (X, LABELS)]])
def test_a_pass_that_differs_from_the_first(later):
    calls = []

    def batches():
        calls.append(1)
        return iter(pieces(X, LABELS) if len(calls) < 3 else later)

    n_rows = sum(len(piece[0]) for piece in later)
    words = re.escape(f"gave {n_rows} rows in this pass, but 300 in the first")
    model = MLPClassifier((6,), **ANY)
    with pytest.raises(ValueError, match=words):
        fit_stream(model, batches)
    assert len(calls) == 3
    assert not hasattr(model, "n_iter_")


def test_an_error_of_the_stream_is_raised():
    def batches():
        yield X, LABELS
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        fit_stream(MLPClassifier(**ANY), batches)


def test_one_pass_for_each_epoch_and_one_before():
    begun = []

    def batches():
        begun.append(1)
        return iter(pieces(X, LABELS))

    fit_stream(MLPClassifier(**ANY), batches)
    assert len(begun) == 1 + 4


@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_a_class_may_occur_in_rows_of_weight_zero_only(class_weight):
    weights = np.where(LABELS == "c", 0, WEIGHTS + 1)
    model = MLPClassifier((6,), class_weight=class_weight, **ANY)
    streamed = fit_stream(clone(model), pieces(X, LABELS, weights))
    whole = model.fit(X, LABELS, weights)
    assert_array_equal(streamed.classes_, ["a", "b", "c"])
    assert_array_equal(streamed.predict_proba(X), whole.predict_proba(X))
