"""Convolutional estimators among scikit-learn's tools, and against bad data."""

import copy
import pickle
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from joblib import parallel_config
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from skdeep import CNNClassifier, CNNRegressor

DIGITS, DIGIT = load_digits(n_class=5, return_X_y=True)
TRAIN, TEST = slice(0, 300), slice(300, 500)
NAMES = np.array(["zero", "one", "two", "three", "four"])[DIGIT]
ANY = {"n_iter_no_change": np.inf, "learning_rate_init": 0.01, "random_state": 0}
BOTH = pytest.mark.parametrize("cls", [CNNClassifier, CNNRegressor])


def classifier(**params):
    maps = {"input_shape": (8, 8), "conv_layers": ((6, 3),)}
    return CNNClassifier((16,), **{**ANY, **maps, "batch_size": 50, "max_iter": 8, **params})


# -- users -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [np.array, pd.DataFrame, lambda x: pl.DataFrame(pd.DataFrame(x))])
def test_digits_with_names_in_a_pipeline(frame):
    x = frame(DIGITS)
    model = make_pipeline(MinMaxScaler(), classifier()).fit(x[TRAIN], NAMES[TRAIN])
    assert set(model.predict(x[TEST])) == set(NAMES)
    assert model.score(x[TEST], NAMES[TEST]) > 0.9


def test_images_of_bytes_are_images_of_numbers():
    images = DIGITS.astype(np.uint8).reshape(-1, 8, 8, 1)
    one = classifier(input_shape=None).fit(images[TRAIN], NAMES[TRAIN])
    other = classifier().fit(DIGITS[TRAIN], NAMES[TRAIN])
    assert_array_equal(one.predict_proba(images), other.predict_proba(DIGITS))


def test_a_search_over_layers():
    grid = {"conv_layers": [((4, 3),), ((4, 3), (8, 3, 2))], "pool_size": [1, 2]}
    model = classifier(max_iter=3)
    search = GridSearchCV(model, grid, cv=2).fit(DIGITS[TRAIN], NAMES[TRAIN])
    scores = search.cv_results_["mean_test_score"]
    assert len(set(scores)) > 1
    assert scores.max() > 0.8
    best = search.best_estimator_
    assert best.coefs_[0].shape == (3, 3, 1, 4)
    assert model.conv_layers == ((6, 3),)


def test_threads_of_bagging_give_the_same_bits():
    bags = [
        BaggingClassifier(classifier(max_iter=8), 3, max_samples=0.5, n_jobs=n, random_state=0)
        for n in (1, 2)
    ]
    with parallel_config("threading"):
        one, other = (bag.fit(DIGITS[TRAIN], DIGIT[TRAIN]) for bag in bags)
        assert_array_equal(one.predict_proba(DIGITS), other.predict_proba(DIGITS))
    assert one.score(DIGITS[TEST], DIGIT[TEST]) > 0.85


def test_bagging_of_features_takes_them_for_a_signal():
    bag = BaggingClassifier(classifier(input_shape=None, max_iter=2), 2, max_features=0.5)
    assert bag.fit(DIGITS[TRAIN], DIGIT[TRAIN]).predict(DIGITS).shape == DIGIT.shape
    images = BaggingClassifier(classifier(max_iter=2), 2, max_features=0.5)
    with pytest.raises(ValueError, match=re.escape("(8, 8) means 64 features, but X has 32")):
        images.fit(DIGITS[TRAIN], DIGIT[TRAIN])


def test_cross_validation_and_clone():
    model = classifier(max_iter=3, class_weight="balanced", dropout=[0.1, 0.2])
    scores = [cross_val_score(m, DIGITS, NAMES, cv=2) for m in (model, clone(model))]
    assert_array_equal(*scores)
    assert "conv_layers" in repr(model)


@pytest.mark.parametrize("params", [{}, {"early_stopping": True, "dropout": 0.1}])
def test_the_pickle_after_a_plain_fit_is_small(params):
    x = np.random.default_rng(0).random((40, 784))
    model = CNNRegressor((100,), input_shape=(28, 28), max_iter=2, **ANY, **params)
    model.fit(x, x[:, 0])
    n_bytes = sum(a.nbytes for a in [*model.coefs_, *model.intercepts_])
    assert len(pickle.dumps(model)) <= 1.1 * n_bytes + 64 * 1024
    assert_array_equal(pickle.loads(pickle.dumps(model)).predict(x), model.predict(x))


def test_early_stopping_returns_the_best_epoch_of_own_images():
    images = DIGITS.reshape(-1, 8, 8)
    model = classifier(input_shape=None, early_stopping=True, n_iter_no_change=3, max_iter=100)
    model.fit(images[TRAIN], NAMES[TRAIN], X_val=images[TEST], y_val=NAMES[TEST])
    scores = model.validation_scores_
    assert len(scores) == int(np.argmax(scores)) + 1 + 3
    assert model.score(images[TEST], NAMES[TEST]) == max(scores)


def test_early_stopping_with_a_split():
    model = classifier(early_stopping=True, learning_rate="validation", max_iter=5)
    model.fit(DIGITS[TRAIN].reshape(-1, 8, 8), NAMES[TRAIN])
    assert len(model.validation_scores_) == len(model.history_["validation_loss"]) == 5


def test_coefs_are_live():
    model = classifier(max_iter=2).fit(DIGITS[TRAIN], NAMES[TRAIN])
    assert [coef.shape for coef in model.coefs_] == [(3, 3, 1, 6), (4 * 4 * 6, 16), (16, 5)]
    assert model.n_layers_ == 4
    before = model.predict_proba(DIGITS)
    model.coefs_[0][...] *= -1
    assert np.abs(model.predict_proba(DIGITS) - before).max() > 0.01
    model.coefs_[0] = -model.coefs_[0]
    assert_array_equal(model.predict_proba(DIGITS), before)


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_read_only_map_of_images(tmp_path, shuffle):
    images = np.memmap(tmp_path / "x", np.float32, "w+", shape=(300, 8, 8, 1))
    images[...] = DIGITS[TRAIN].reshape(images.shape)
    images.flush()
    images = np.memmap(tmp_path / "x", np.float32, "r", shape=images.shape)
    one = classifier(input_shape=None, shuffle=shuffle).fit(images, NAMES[TRAIN])
    other = classifier(shuffle=shuffle).fit(DIGITS[TRAIN], NAMES[TRAIN])
    assert_array_equal(one.predict_proba(images), other.predict_proba(DIGITS[TRAIN]))


@BOTH
def test_predictions_are_the_same_in_blocks_of_any_size(cls, monkeypatch):
    model = cls((4,), **ANY, max_iter=1).fit(DIGITS[TRAIN], DIGIT[TRAIN])
    whole = model.predict(DIGITS)
    monkeypatch.setattr("skdeep.network.prediction.block_rows", lambda network: 7)
    assert_allclose(model.predict(DIGITS), whole, rtol=1e-4)


# -- enemies ---------------------------------------------------------------------------------------

X, Y = DIGITS[:20], DIGIT[:20]
BAD_X = {
    "nan": (np.where(X == 0, np.nan, X), ValueError, "Input X contains NaN"),
    "nan in images": (np.full((20, 8, 8), np.nan), ValueError, "Input X contains NaN"),
    "infinite": (X + np.inf, ValueError, "Input X contains infinity"),
    "too large": (X * 1e300, ValueError, "X contains a value too large for float32"),
    "sparse": (csr_array(X), TypeError, "Sparse data was passed for X, but dense data"),
    "five axes": (X.reshape(20, 2, 4, 4, 2), ValueError, "X has 5 dimensions, and the sha"),
    "one image": (X[0].reshape(8, 8), ValueError, "the shape (8, 8) of a single row"),
    "one image with a channel": (X[0].reshape(8, 8, 1), ValueError, "for one row say X[None]"),
    "a vector": (X[:, 0], ValueError, "Expected 2D array, got 1D array instead"),
    "words": (np.full((20, 64), "a"), ValueError, "numeric"),
    "no rows": (X[:0], ValueError, "Found array with 0 sample(s)"),
    "no images": (X[:0].reshape(0, 8, 8), ValueError, "Found array with 0 sample(s)"),
}


@pytest.fixture(scope="module")
def trained():
    return {
        cls: cls((3,), input_shape=(8, 8), conv_layers=((2, 3),), max_iter=2, **ANY).fit(X, Y)
        for cls in (CNNClassifier, CNNRegressor)
    }


@BOTH
@pytest.mark.parametrize("method", ["fit", "partial_fit", "predict"])
@pytest.mark.parametrize(("x", "error", "words"), BAD_X.values(), ids=BAD_X)
def test_bad_inputs_change_nothing(cls, method, x, error, words, trained, refused):
    model = copy.deepcopy(trained[cls])
    y = () if method == "predict" else (Y[: len(x)] if isinstance(x, list) else Y[: x.shape[0]],)
    refused(model, lambda: getattr(model, method)(x, *y), error, words)


BAD_MAPS = {
    "shape": ({"input_shape": (8, 7)}, "input_shape=(8, 7) means 56 features, but X has 64"),
    "channels": ({"input_shape": (8, 8, 3)}, "means 192 features, but X has 64"),
    "kernel": ({"conv_layers": ((2, 9),)}, "A kernel of 9 x 9 does not fit into a map of 8 x 8"),
    "one side": ({"conv_layers": ((2, (3, 9)),)}, "A kernel of 3 x 9 does not fit into a map of 8"),
    "second": ({"conv_layers": ((2, 3), (2, 4))}, "of 4 x 4 does not fit into a map of 3 x 3"),
    "signal": ({"input_shape": (64,), "conv_layers": ((2, 65),)}, "of 1 x 65 does not fit into a"),
    "pair": ({"input_shape": (64,), "conv_layers": ((2, (3, 3)),)}, "does not suit signals"),
}


@BOTH
@pytest.mark.parametrize(("params", "words"), BAD_MAPS.values(), ids=BAD_MAPS)
def test_what_does_not_fit_changes_nothing(cls, params, words, trained, refused):
    model = copy.deepcopy(trained[cls]).set_params(padding="valid", **params)
    refused(model, lambda: model.fit(X, Y), ValueError, words)
    if "kernel" in words.lower() and "suit" not in words:
        assert model.set_params(padding="same").fit(X, Y).predict(X).shape == (20,)


@BOTH
def test_a_diverging_fit_changes_nothing(cls, trained, frozen):
    model = copy.deepcopy(trained[cls])
    before = frozen(vars(model.set_params(learning_rate_init=1e38)))
    with pytest.raises(ValueError, match="diverged"):
        model.fit(X, Y)
    assert frozen(vars(model)) == before


@BOTH
def test_nothing_is_there_before_fit(cls):
    with pytest.raises(NotFittedError):
        cls().predict(X.reshape(-1, 8, 8))


def test_images_of_unequal_size_are_refused():
    ragged = [[[1, 2], [3, 4]], [[1, 2]]]
    with pytest.raises(ValueError, match="inhomogeneous"):
        CNNRegressor().fit(ragged, [0.0, 1.0])


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_constant_images(value):
    x = np.full((12, 8, 8), value)
    proba = classifier(input_shape=None, max_iter=200).fit(x, np.arange(12) % 3).predict_proba(x)
    assert_allclose(proba, 1 / 3, atol=0.02)


def test_one_row():
    model = CNNRegressor((3,), **ANY, max_iter=300).fit(X[:1].reshape(1, 8, 8) / 16, [2.0])
    assert_allclose(model.predict(X[:1] / 16), [2.0], atol=0.1)


OTHER_SHAPE = X.reshape(20, 4, 16)


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.fit(OTHER_SHAPE, Y),
        lambda model: model.fit(X, Y, X_val=OTHER_SHAPE, y_val=Y),
        lambda model: model.partial_fit(OTHER_SHAPE, Y),
        lambda model: model.predict(OTHER_SHAPE),
        lambda model: model.score(OTHER_SHAPE, Y),
    ],
)
@BOTH
def test_images_of_another_shape_are_refused(cls, call, trained):
    with pytest.raises(ValueError, match=re.escape("(4, 16)")):
        call(copy.deepcopy(trained[cls]))
