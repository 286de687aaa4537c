"""Targets and weights: classes, labels, numbers, rows that count more or not at all."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from raw_tables import ESTIMATORS, outputs, small, table, task

from skdeep import TabularMLPClassifier, TabularMLPRegressor

every_estimator = pytest.mark.parametrize("cls", ESTIMATORS)

# -- classes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [str, object, "category", bool, float, np.int8])
def test_labels_of_all_kinds(kind):
    X, labels, _ = table()
    codes = (labels == "dear").astype(int)
    words = {str: ["no", "yes"], object: ["no", "yes"], "category": ["no", "yes"]}
    y = pd.Series(np.array(words.get(kind, [0, 1]))[codes]).astype(kind)
    model = small(TabularMLPClassifier).fit(X, y)
    reference = small(TabularMLPClassifier).fit(X, codes)
    assert_array_equal(model.classes_, np.unique(np.asarray(y)))
    assert_array_equal(outputs(model, X), outputs(reference, X))
    assert_array_equal(model.predict(X), model.classes_[reference.predict(X)])


@pytest.mark.parametrize("container", [list, np.array, pd.Series, pl.Series])
def test_targets_in_all_containers(container):
    X, labels, values = table()
    for cls, y in zip(ESTIMATORS, (labels, values), strict=True):
        model = small(cls).fit(X, container(y.tolist()))
        assert_array_equal(outputs(model, X), outputs(small(cls).fit(X, y), X))


def test_several_classes():
    X, _, values = table(150)
    y = np.array(["low", "mid", "high", "top"])[np.digitize(values, [-0.5, 0.5, 1.5])]
    model = small(TabularMLPClassifier, effort=0.3).fit(X, y)
    p = model.predict_proba(X)
    assert model.classes_.tolist() == ["high", "low", "mid", "top"]
    assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    assert_array_equal(model.predict(X), model.classes_[p.argmax(axis=1)])
    assert_array_equal(model.predict_log_proba(X), np.log(p))
    assert model.score(X, y) > 0.7


def test_classes_with_one_member_are_learnt():
    X, labels, _ = table()
    y = labels.astype(object)
    y[7] = "priceless"
    model = small(TabularMLPClassifier).fit(X, y)
    assert model.classes_.tolist() == ["cheap", "dear", "priceless"]
    assert np.isfinite(model.predict_log_proba(X)).all()


def test_many_classes_of_few_members():
    X, _, _ = table(60)
    y = np.arange(60) % 30
    assert np.isfinite(small(TabularMLPClassifier).fit(X, y).predict_log_proba(X)).all()


def test_several_labels():
    X, labels, _ = table(150)
    y = np.column_stack([labels == "dear", X["owned"], np.zeros(150)]).astype(int)
    model = small(TabularMLPClassifier, effort=0.3).fit(X, y)
    p = model.predict_proba(X)
    assert model.classes_.tolist() == [0, 1, 2]
    assert p.shape == model.predict(X).shape == (150, 3)
    assert_array_equal(model.predict(X), p > 0.5)
    assert (model.predict(X)[:, :2] == y[:, :2]).mean() > 0.8
    assert not model.predict(X)[:, 2].any()
    assert np.isfinite(model.predict_log_proba(X)).all()
    assert model.validation_score_ > 0.5


def test_balanced_classes():
    rng = np.random.default_rng(0)
    X, y = pd.DataFrame({"a": rng.standard_normal(400)}), np.arange(400) % 10 == 0
    X["a"] += y
    params = {"effort": 0.2, "label_smoothing": 0.0}
    recalls = [
        small(TabularMLPClassifier, class_weight=class_weight, **params).fit(X, y).predict(X)[y]
        for class_weight in (None, {False: 1, True: 9}, "balanced")
    ]
    plain, by_dict, balanced = (recall.mean() for recall in recalls)
    assert plain < 0.3 < 0.5 < min(by_dict, balanced)


def test_label_smoothing_is_lowered_where_classes_are_few():
    X, y, _ = table()
    model = small(TabularMLPClassifier, label_smoothing=0.9).fit(X, y)
    assert model.networks_[0].label_smoothing == 0.45
    assert np.isfinite(model.predict_proba(X)).all()


@pytest.mark.parametrize(
    ("y", "error", "words"),
    [
        (None, ValueError, "requires y to be passed, but the target y is None"),
        ([0, 1], ValueError, "inconsistent numbers of samples: [90, 2]"),
        (np.linspace(0, 1, 90), ValueError, "Unknown label type: continuous"),
        ([0, 1, np.nan] * 30, ValueError, "Input y contains NaN"),
        (np.arange(270).reshape(90, 3) % 3, ValueError, "y holds several columns with more than"),
    ],
)
def test_labels_that_cannot_be_learnt(y, error, words, refused):
    model = small(TabularMLPClassifier)
    refused(model, lambda: model.fit(table()[0], y), error, words)


@pytest.mark.parametrize(
    ("class_weight", "words"),
    [
        ({"dear": -1}, "class_weight must hold finite numbers >= 0, got -1 for class 'dear'"),
        ("equal", "class_weight must be None, 'balanced' or a dict, got 'equal'"),
        ({"dear": 0, "cheap": 0}, "sample_weight times class_weight must not be all zero"),
    ],
)
def test_wrong_class_weights(class_weight, words, refused):
    X, y, _ = table()
    model = small(TabularMLPClassifier, class_weight=class_weight)
    refused(model, lambda: model.fit(X, y), ValueError, words)


# -- numbers -----------------------------------------------------------------------------------


def test_several_outputs():
    X, _, values = table(150)
    y = np.column_stack([values, -1000 * values, np.full(150, 7.0)])
    model = small(TabularMLPRegressor, effort=0.2).fit(X, y)
    predicted = model.predict(X)
    assert predicted.shape == (150, 3)
    assert_array_equal(predicted[:, 2], 7)
    assert model.score(X, y[:, :3]) > 0.5
    assert small(TabularMLPRegressor).fit(X, y[:, :1]).predict(X).shape == (150,)


def test_predictions_stay_within_the_range_of_the_targets():
    X, _, values = table()
    model = small(TabularMLPRegressor, effort=0.3, hidden_layer_sizes=(64,)).fit(X, values)
    predicted = model.predict(X.assign(size=X["size"] * 100, rooms=1000))
    assert values.min() <= predicted.min() <= predicted.max() <= values.max()


@pytest.mark.parametrize(("scale", "shift"), [(1e8, 1e12), (1e-8, 0), (2.0**900, 0), (-1, 5)])
def test_the_scale_of_targets_does_not_matter(scale, shift):
    X, _, values = table(150)
    scaled = values * scale + shift
    plain = small(TabularMLPRegressor, effort=0.2).fit(X, values)
    model = small(TabularMLPRegressor, effort=0.2).fit(X, scaled)
    predicted = (model.predict(X) - shift) / scale
    close = abs(predicted - plain.predict(X)).max() / values.std()
    if scale > 0:  # a mirrored target takes another path
        assert close < 0.1
        assert model.validation_score_ == pytest.approx(plain.validation_score_, abs=0.01)
    assert np.corrcoef(predicted, values)[0, 1] > 0.85


@pytest.mark.parametrize("largest", [1e307, 1e-320])
def test_targets_at_the_ends_of_the_range_of_numbers(largest):
    X, _, values = table(150)
    y = values / np.abs(values).max() * largest
    model = small(TabularMLPRegressor, effort=0.2).fit(X, y)
    assert np.isfinite(model.predict(X)).all()
    assert model.validation_score_ > 0.3


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, int, bool])
def test_predictions_have_the_floating_type_of_the_targets(dtype):
    X, _, values = table()
    y = (values > 0).astype(dtype) if dtype is bool else (10 * values).astype(dtype)
    predicted = small(TabularMLPRegressor).fit(X, y).predict(X)
    assert predicted.dtype == (np.float32 if dtype == np.float32 else np.float64)


def test_a_constant_target():
    X, _, _ = table()
    model = small(TabularMLPRegressor).fit(X, np.full(90, 1e9 / 3))
    assert_array_equal(model.predict(X), 1e9 / 3)


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (["a", "b"] * 45, "y must hold numbers for a regression"),
        ([1.0, np.inf] * 45, "Input y contains infinity"),
        ([1.0, np.nan] * 45, "Input y contains NaN"),
        (None, "requires y to be passed"),
    ],
)
def test_numbers_that_cannot_be_learnt(y, words, refused):
    model = small(TabularMLPRegressor)
    refused(model, lambda: model.fit(table()[0], y), ValueError, words)


def test_one_validation_row_has_no_score():
    X, _, values = table(5)
    own = {"X_val": X.iloc[4:], "y_val": values[4:]}
    model = small(TabularMLPRegressor).fit(X.iloc[:4], values[:4], **own)
    assert np.isnan(model.validation_score_)
    assert np.isfinite(model.predict(X)).all()


# -- weights and validation data ---------------------------------------------------------------


@every_estimator
def test_rows_of_weight_zero_are_left_out(cls):
    X, y = task(cls, 120)
    weights = np.where(np.arange(120) % 4, 1.0, 0.0)
    y = np.where(weights, y, y[::-1])
    counts = np.flatnonzero(weights)
    model = small(cls).fit(X, y, weights)
    other = small(cls).fit(X.iloc[counts], y[counts], weights[counts])
    assert_array_equal(outputs(model, X), outputs(other, X))
    assert model.validation_score_ == other.validation_score_


@every_estimator
def test_the_scale_of_weights_does_not_matter(cls):
    X, y = task(cls)
    weights = np.random.default_rng(0).uniform(1, 2, 90)
    expected = outputs(small(cls).fit(X, y, weights), X)
    for scale in (2.0**-500, 2.0**500):
        assert_array_equal(outputs(small(cls).fit(X, y, weights * scale), X), expected)
    assert (outputs(small(cls).fit(X, y), X) != expected).any()


def test_weights_pull():
    X, _, values = table()
    y = np.r_[values, values + 10]
    X = pd.concat([X, X], ignore_index=True)
    means = [
        small(TabularMLPRegressor).fit(X, y, np.repeat(weights, 90)).predict(X).mean()
        for weights in ([9.0, 1.0], [1.0, 9.0])
    ]
    assert means[0] < values.mean() + 4
    assert means[1] > values.mean() + 6


@every_estimator
@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([1.0], "sample_weight must have 90 entries, one for each row; got 1"),
        (np.r_[-1.0, np.ones(89)], "sample_weight must not be negative, but holds -1"),
        (np.zeros(90), "sample_weight must not be all zero"),
        (np.full(90, np.nan), "Input sample_weight contains NaN"),
        (np.ones((90, 2)), "sample weights must be 1D"),
    ],
)
def test_wrong_weights(cls, weights, words, refused):
    X, y = task(cls)
    model = small(cls)
    refused(model, lambda: model.fit(X, y, weights), ValueError, words)


@every_estimator
def test_validation_data_of_ones_own(cls):
    X, y = task(cls, 150)
    X_val, y_val = task(cls, 40, seed=1)
    model = small(cls).fit(X, y, X_val=X_val, y_val=y_val)
    assert model.validation_score_ == pytest.approx(model.score(X_val, y_val), rel=1e-6)
    weights = np.where(np.arange(40) < 20, 1.0, 0.0)
    one = small(cls).fit(X, y, X_val=X_val, y_val=y_val, sample_weight_val=weights)
    other = small(cls).fit(X, y, X_val=X_val[:20], y_val=y_val[:20], sample_weight_val=[1] * 20)
    assert_array_equal(outputs(one, X), outputs(other, X))
    assert one.validation_score_ == other.validation_score_


def test_validation_rows_are_no_training_rows():
    X, y, _ = table()
    X_val = X.assign(size=1e6, color="only here", rooms=-5)
    model = small(TabularMLPClassifier).fit(X, y, X_val=X_val, y_val=y)
    assert "only here" not in model._encoder._levels[0].levels
    assert model._encoder._positions.edges_[0].max() < 100


@every_estimator
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda X, y: {"X_val": X}, "X_val and y_val go together, but y_val is not given"),
        (lambda X, y: {"y_val": y}, "X_val and y_val go together, but X_val is not given"),
        (lambda X, y: {"sample_weight_val": np.ones(90)}, "sample_weight_val is given, but X_val"),
        (lambda X, y: {"X_val": X[["size"]], "y_val": y}, "X_val: "),
        (lambda X, y: {"X_val": X.assign(size=np.inf), "y_val": y}, "X_val: Input X contains inf"),
        (lambda X, y: {"X_val": X, "y_val": y[:5]}, "y_val: "),
        (lambda X, y: {"X_val": X, "y_val": [[0, 1, 1]] * 90}, "y_val"),
    ],
)
def test_wrong_validation_data(cls, change, words, refused):
    X, y = task(cls)
    model = small(cls)
    refused(model, lambda: model.fit(X, y, **change(X, y)), ValueError, words)


def test_validation_classes_must_be_known(refused):
    X, y, _ = table()
    model = small(TabularMLPClassifier)
    call = lambda: model.fit(X, y, X_val=X, y_val=["free"] * 90)  # noqa: E731
    refused(model, call, ValueError, "y_val holds the unseen class(es) ['free']")


@pytest.mark.filterwarnings("ignore:There is only one class")
@every_estimator
def test_tables_of_a_few_rows(cls, refused):
    X, y = task(cls, 12)
    y = np.array(["a", "b"] * 6) if cls is TabularMLPClassifier else y
    for n in (4, 6, 12):
        assert np.isfinite(outputs(small(cls).fit(X[:n], y[:n]), X)).all()
    model = small(cls)
    refused(model, lambda: model.fit(X[:1], y[:1]), ValueError, "")
