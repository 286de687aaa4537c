"""Inputs and targets of every type: the same model from each, and nothing copied needlessly."""

import tracemalloc

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier, MLPRegressor

rng = np.random.default_rng(0)
X = rng.integers(0, 3, (60, 5)).astype(np.float64)
LABELS, VALUES = np.arange(60) % 3, X @ rng.standard_normal(5)
ANY = {"max_iter": 3, "n_iter_no_change": np.inf, "batch_size": 16, "random_state": 0}
SPARSE = [sp.csr_matrix, sp.csc_matrix, sp.csr_array, sp.csc_array, sp.coo_array]


def classifier(**params):
    return MLPClassifier(**{"hidden_layer_sizes": 6, **ANY, **params})


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


DENSE = {
    **{name: np.dtype(name).type for name in ["float32", "float16", "int64", "int8", "uint8"]},
    "Fortran order": np.asfortranarray,
    "rows apart": lambda x: np.repeat(x, 2, axis=0)[::2],
    "columns apart": lambda x: np.repeat(x, 2, axis=1)[:, ::2],
    "big-endian": lambda x: x.astype(">f8"),
    "objects": lambda x: x.astype(object),
    "lists": lambda x: x.tolist(),
    "read-only": read_only,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
}


@pytest.mark.parametrize("convert", DENSE.values(), ids=DENSE)
@pytest.mark.parametrize("params", [{}, {"early_stopping": True}, {"optimizer": "lbfgs"}])
def test_the_same_model_whatever_holds_the_numbers(convert, params):
    model = classifier(tol=10, **params).fit(X, LABELS)
    other = classifier(tol=10, **params).fit(convert(X), LABELS)
    np.testing.assert_array_equal(other.coefs_[0], model.coefs_[0])
    np.testing.assert_allclose(other.predict_proba(convert(X)), model.predict_proba(X), rtol=1e-6)


def test_booleans_are_numbers():
    model, other = classifier().fit(X > 1, LABELS), classifier().fit((X > 1) * 1.0, LABELS)
    np.testing.assert_array_equal(model.predict_proba(X > 1), other.predict_proba((X > 1) * 1.0))


@pytest.mark.parametrize("container", SPARSE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_sparse_inputs_give_the_dense_model(container, dtype):
    x = container(X.astype(dtype))
    model, other = classifier().fit(X, LABELS), classifier().fit(x, LABELS)
    np.testing.assert_allclose(other.predict_proba(x), model.predict_proba(X), rtol=1e-4)
    np.testing.assert_array_equal(other.predict_proba(x), other.predict_proba(sp.csr_array(X)))
    other.partial_fit(x, LABELS)


@pytest.mark.parametrize(
    "params",
    [
        {"early_stopping": True},
        {"optimizer": "lbfgs", "tol": 0.5},
        {"input_dropout": 0.2},
        {"input_noise": 0.1},
        {"scoring": "accuracy", "early_stopping": True},
        {"hidden_layer_sizes": ()},
    ],
)
def test_sparse_inputs_with_options(params):
    model = classifier(**params).fit(sp.csr_array(X), LABELS)
    np.testing.assert_allclose(model.predict_proba(sp.csr_array(X)), model.predict_proba(X), 1e-5)


def peak_of(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_sparse_inputs_are_not_made_dense():
    x = sp.random_array((2000, 50_000), density=1e-4, format="csr", rng=0, dtype=np.float32)
    model = classifier(hidden_layer_sizes=2, max_iter=1, early_stopping=True, batch_size=200)
    peak = peak_of(lambda: model.fit(x, np.arange(2000) % 2).predict(x))
    assert peak < 2000 * 50_000 * 4 / 20


@pytest.mark.parametrize(
    "params",
    [
        {"early_stopping": True},
        {"shuffle": False},
        {"dtype": "float64"},
    ],
)
def test_a_memory_map_is_neither_copied_nor_written(tmp_path, params):
    shape = (80_000, 100)
    x = np.memmap(tmp_path / "x", np.float32, "w+", shape=shape)
    x[...] = rng.random(shape, np.float32)
    x.flush()
    x = np.memmap(tmp_path / "x", np.float32, "r", shape=shape)
    y = np.arange(len(x)) % 2
    model = classifier(hidden_layer_sizes=2, **{**params, "batch_size": 2000, "max_iter": 1})
    peak = peak_of(lambda: model.fit(x, y).predict(x))
    assert peak < x.nbytes / 2


def test_an_array_in_double_precision_is_converted_batch_by_batch():
    x = rng.random((20_000, 100))
    model = classifier(hidden_layer_sizes=2, batch_size=500, max_iter=1, early_stopping=True)
    assert peak_of(lambda: model.fit(x, np.arange(len(x)) % 2).predict(x)) < x.nbytes / 2


NAMES = ["a", "b", "c", "d", "e"]
FRAMES = {"pandas": lambda x, n: pd.DataFrame(x, columns=n), "polars": pl.DataFrame}
if not hasattr(StandardScaler().fit(pl.DataFrame(X, NAMES)), "feature_names_in_"):
    del FRAMES["polars"]  # scikit-learn 1.7 does not see the names of polars 2


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("scoring", [None, "accuracy"])
def test_frames_have_names(frame, scoring):
    x, other = frame(X, NAMES), frame(X, NAMES[::-1])
    model = classifier(early_stopping=True, scoring=scoring)
    model.fit(x, LABELS, X_val=x, y_val=LABELS)
    assert model.feature_names_in_.tolist() == NAMES
    plain = classifier(early_stopping=True).fit(X, LABELS, X_val=X, y_val=LABELS)
    np.testing.assert_array_equal(model.predict_proba(x), plain.predict_proba(X))
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(other)
    with pytest.raises(ValueError, match="X_val: The feature names should match"):
        model.fit(x, LABELS, X_val=other, y_val=LABELS)
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        model.predict(X)


@pytest.mark.parametrize("name", FRAMES)
def test_a_pipeline_of_frames_does_not_warn(name):
    x, scaler = FRAMES[name](X, NAMES), StandardScaler().set_output(transform=name)
    model = make_pipeline(scaler, classifier(early_stopping=True)).fit(x, LABELS)
    assert model.predict(x).shape == (60,)
    assert model[-1].feature_names_in_.tolist() == NAMES


CODES = np.arange(60) % 3
TARGETS = {
    "strings": np.array(["no", "maybe", "yes"])[CODES],
    "objects": np.array(["no", "maybe", "yes"], dtype=object)[CODES],
    "apart": np.array([-7, 5, 100])[CODES],
    "floats": np.array([0.0, 2.0, 1.0])[CODES],
    "two strings": np.array(["no", "yes"])[CODES % 2],
    "booleans": np.array([False, True])[CODES % 2],
    "uint8": np.array([255, 3], dtype=np.uint8)[CODES % 2],
    "list": ["a", "b", "c"] * 20,
    "Series": pd.Series(["a", "b", "c"] * 20, index=np.arange(60)[::-1]),
    "categorical": pd.Series(["a", "b", "c"] * 20, dtype="category"),
    "polars": pl.Series(["a", "b", "c"] * 20),
}


@pytest.mark.parametrize("y", TARGETS.values(), ids=TARGETS)
def test_labels_of_every_type(y):
    x = np.eye(60)
    model = classifier(max_iter=200, learning_rate_init=0.1, early_stopping=True)
    model.fit(x, y, X_val=x, y_val=y)
    assert model.classes_.tolist() == np.unique(np.asarray(y)).tolist()
    assert model.predict(x).tolist() == np.asarray(y).tolist()
    assert model.predict_proba(x).shape == (60, len(model.classes_))
    probabilities = model.predict_proba(x)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(model.predict_log_proba(x), np.log(probabilities), rtol=1e-4)
    assert model.score(x, y) == 1
    assert model.out_activation_ == ("logistic" if len(model.classes_) == 2 else "softmax")


@pytest.mark.parametrize("container", [np.array, sp.csr_matrix, sp.csc_array, pd.DataFrame])
def test_several_labels_a_row(container):
    y = np.c_[CODES > 0, CODES > 1, CODES == 1].astype(int)
    model = classifier(max_iter=200, learning_rate_init=0.1).fit(np.eye(60), container(y))
    np.testing.assert_array_equal(model.predict(np.eye(60)), y)
    assert model.predict_proba(np.eye(60)).shape == (60, 3)
    np.testing.assert_allclose(
        model.predict_log_proba(np.eye(60)), np.log(model.predict_proba(np.eye(60))), rtol=1e-4
    )
    assert model.out_activation_ == "logistic"
    assert model.classes_.tolist() == [0, 1, 2]
    other = MLPClassifier((6,), **ANY).partial_fit(X, container(y), classes=[0, 1, 2])
    assert other.partial_fit(X, container(y)).n_outputs_ == 3


@pytest.mark.parametrize(
    ("y", "shape"),
    [
        (VALUES, (60,)),
        (VALUES.tolist(), (60,)),
        (pd.Series(VALUES), (60,)),
        (CODES, (60,)),
        (CODES > 1, (60,)),
        (np.c_[VALUES, -VALUES], (60, 2)),
        (pd.DataFrame({"a": VALUES, "b": VALUES}), (60, 2)),
    ],
)
def test_values_of_one_and_several_outputs(y, shape):
    model = MLPRegressor((20,), **{**ANY, "max_iter": 100}, learning_rate_init=0.03).fit(X, y)
    assert model.predict(X).shape == shape
    assert model.score(X, y) > 0.3
    assert model.n_outputs_ == (1 if len(shape) == 1 else 2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predictions_have_the_type_of_y(dtype):
    assert MLPRegressor((6,), **ANY).fit(X, VALUES.astype(dtype)).predict(X).dtype == dtype


def test_one_column_of_y_is_a_vector_with_a_warning():
    with pytest.warns(match="A column-vector y was passed"):
        model = MLPRegressor((6,), **ANY).fit(X, VALUES[:, None])
    assert model.predict(X).shape == (60,)


@pytest.mark.parametrize(
    ("sizes", "shapes"),
    [((), [(5, 3)]), ([], [(5, 3)]), (4, [(5, 4), (4, 3)]), ([4, 2], [(5, 4), (4, 2), (2, 3)])],
)
def test_hidden_layer_sizes(sizes, shapes):
    model = classifier(hidden_layer_sizes=sizes).fit(X, LABELS)
    assert [coef.shape for coef in model.coefs_] == shapes
    assert [bias.shape for bias in model.intercepts_] == [shape[1:] for shape in shapes]
    assert model.n_layers_ == len(shapes) + 1


def test_class_weights_are_sample_weights():
    y = np.array(["a", "b"])[(np.arange(60) < 15).astype(int)]
    weights = np.where(y == "b", 3.0, 1.0)
    one = classifier(class_weight={"b": 3}).fit(X, y)
    assert_equal_models(one, classifier().fit(X, y, sample_weight=weights.tolist()))
    assert_equal_models(one, classifier().fit(X, y, sample_weight=pd.Series(weights)))
    assert_equal_models(one, classifier(class_weight="balanced").fit(X, y))
    both = classifier(class_weight={"b": 3}).fit(X, y, sample_weight=weights)
    assert_equal_models(both, classifier().fit(X, y, sample_weight=weights**2))
    assert not np.array_equal(one.coefs_[0], classifier().fit(X, y).coefs_[0])


def assert_equal_models(one, other):
    for a, b in zip(one.coefs_, other.coefs_, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
