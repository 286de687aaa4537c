"""Tables of all libraries: the same cells give the same predictions, whatever holds them."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from raw_tables import ESTIMATORS, KINDS, as_objects, outputs, small, table, task
from scipy.sparse import csr_matrix

from skdeep import TabularMLPClassifier

every_estimator = pytest.mark.parametrize("cls", ESTIMATORS)


@every_estimator
def test_all_libraries_give_the_same_predictions(cls):
    X, y = task(cls)
    expected = outputs(small(cls).fit(X, y), X)
    for kind, convert in KINDS.items():
        other = convert(X)
        assert_array_equal(outputs(small(cls).fit(other, y), other), expected, err_msg=kind)


# scikit-learn before 1.9 does not read the names of polars 2
@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
@every_estimator
def test_a_model_takes_the_frames_of_another_library(cls):
    X, y = task(cls)
    model = small(cls).fit(X, y)
    expected = outputs(model, X)
    for kind in ("polars", "pyarrow"):
        assert_array_equal(outputs(model, KINDS[kind](X)), expected, err_msg=kind)


TYPES = {  # of pandas, for each column of the table
    "strings": {"color": "string"},
    "categories": {"color": "category"},
    "objects": dict.fromkeys(["size", "color", "rooms", "owned"], "object"),
    "nullable": {"size": "Float64", "rooms": "Int64", "owned": "boolean"},
    "arrow": {
        "size": "double[pyarrow]",
        "color": "string[pyarrow]",
        "rooms": "int8[pyarrow]",
        "owned": "bool[pyarrow]",
    },
    "dictionary": {"color": pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))},
    "small integers": {"rooms": "uint8"},
    "floats": {"rooms": "float32"},
}


@pytest.mark.parametrize("types", TYPES.values(), ids=TYPES)
def test_types_of_pandas_do_not_matter(types):
    X, y, _ = table()
    expected = outputs(small(TabularMLPClassifier).fit(X, y), X)
    other = X.astype(types)
    model = small(TabularMLPClassifier).fit(other, y)
    assert_array_equal(outputs(model, other), expected)
    assert_array_equal(outputs(model, X), expected)


def test_types_of_polars_and_pyarrow_do_not_matter():
    X, y, _ = table()
    model = small(TabularMLPClassifier).fit(X, y)
    expected = outputs(model, X)
    polars, arrow = KINDS["polars"](X), KINDS["pyarrow"](X)
    colors = pl.Enum(["red", "green", "blue"])
    others = [
        polars.with_columns(pl.col("color").cast(pl.Categorical), pl.col("rooms").cast(pl.Float32)),
        polars.with_columns(pl.col("color").cast(colors), pl.col("rooms").cast(pl.UInt8)),
        arrow.set_column(1, "color", arrow.column("color").dictionary_encode()),
        arrow.set_column(1, "color", arrow.column("color").cast(pa.large_string())),
        arrow.to_batches()[0],
    ]
    for other in others:
        names = (
            other.schema.names if isinstance(other, (pa.Table, pa.RecordBatch)) else other.columns
        )
        assert list(names) == list(X.columns)
        fitted = small(TabularMLPClassifier).fit(other, y)
        assert_array_equal(outputs(fitted, other), expected)


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_lists_of_rows_and_arrays_of_objects():
    X, y, _ = table()
    expected = outputs(small(TabularMLPClassifier).fit(X, y), X)
    rows = as_objects(X).tolist()
    model = small(TabularMLPClassifier).fit(rows, y)
    assert_array_equal(outputs(model, rows), expected)
    assert_array_equal(outputs(model, as_objects(X)), expected)


def test_an_array_of_numbers_is_a_table_without_categories():
    X, y, _ = table()
    frame = X[["size", "rooms"]].astype(np.float32)
    expected = outputs(small(TabularMLPClassifier).fit(frame, y), frame)
    array = frame.to_numpy()
    for other in (array, array.astype(float), np.asfortranarray(array), array.astype(object)):
        model = small(TabularMLPClassifier).fit(other, y)
        assert_array_equal(outputs(model, other), expected)
        assert_array_equal(outputs(model, array), expected)
    integers, flags = np.arange(180).reshape(90, 2) % 7, array > 3
    for other in (integers, integers.astype(np.uint8), flags):
        model = small(TabularMLPClassifier).fit(other, y)
        assert_array_equal(outputs(model, other), outputs(model, other.astype(float)))


def test_objects_that_are_numbers():
    X = pd.DataFrame({"a": [Decimal("1.5"), None, 3, np.float32(2)] * 5}, dtype=object)
    y = ["x", "y", "x", "y"] * 5
    numbers = pd.DataFrame({"a": [1.5, np.nan, 3, 2] * 5})
    models = [small(TabularMLPClassifier).fit(frame, y) for frame in (X, numbers)]
    assert_array_equal(outputs(models[0], X), outputs(models[1], numbers))


def test_numbers_among_strings_keep_their_meaning():
    # 1, 1.0 and numpy's 1 are one level; the string "1" is another
    X = pd.DataFrame({"a": [1, "b", 1.0, "b", np.int64(1), "1"] * 5}, dtype=object)
    model = small(TabularMLPClassifier).fit(X, ["x", "y"] * 15)
    one, other = outputs(model, X)[[0, 5]]
    assert_array_equal(outputs(model, X)[[2, 4]], [one, one])
    assert (one != other).any()


def test_missing_values_of_all_kinds():
    X = pd.DataFrame({"a": [1, None, 2, np.nan, 3, pd.NA, 2, pd.NaT] * 5}, dtype=object)
    y = ["x", "y"] * 20
    model = small(TabularMLPClassifier).fit(X, y)
    p = outputs(model, X)
    assert_allclose(p[[3, 5, 7]], p[[1, 1, 1]], rtol=1e-6)
    words = pd.DataFrame({"a": ["u", None, "v", np.nan, "u", pd.NA, "v", pd.NaT] * 5}, dtype=object)
    p = outputs(small(TabularMLPClassifier).fit(words, y), words)
    assert_allclose(p[[3, 5, 7]], p[[1, 1, 1]], rtol=1e-6)


# -- what cannot be learnt ---------------------------------------------------------------------

DAY = datetime.date(2020, 2, 29)
MOMENT = datetime.datetime(2020, 2, 29, 12)
TIMES = {
    "pandas": pd.DataFrame({"when": pd.to_datetime(["2020-02-29"] * 4)}),
    "time zone": pd.DataFrame({"when": pd.to_datetime(["2020-02-29"] * 4, utc=True)}),
    "timedelta": pd.DataFrame({"when": pd.to_timedelta(["1h"] * 4)}),
    "period": pd.DataFrame({"when": pd.period_range("2020", periods=4)}),
    "dates as objects": pd.DataFrame({"when": [DAY, None] * 2}),
    "categories": pd.DataFrame({"when": pd.to_datetime(["2020-02-29"] * 4)}).astype("category"),
    "arrow in pandas": pd.DataFrame(
        {"when": pd.Series([MOMENT] * 4, dtype="timestamp[s][pyarrow]")}
    ),
    "polars date": pl.DataFrame({"when": [DAY] * 4}),
    "polars datetime": pl.DataFrame({"when": [MOMENT] * 4}),
    "polars time": pl.DataFrame({"when": [datetime.time(3)] * 4}),
    "polars duration": pl.DataFrame({"when": [datetime.timedelta(3)] * 4}),
    "arrow date": pa.table({"when": [DAY] * 4}),
    "arrow timestamp": pa.table({"when": [MOMENT] * 4}),
    "arrow time": pa.table({"when": [datetime.time(3)] * 4}),
    "arrow duration": pa.table({"when": [datetime.timedelta(3)] * 4}),
}


@pytest.mark.parametrize("X", TIMES.values(), ids=TIMES)
def test_times_are_refused_with_advice(X, refused):
    model = TabularMLPClassifier()
    words = "Column 'when' holds times"
    refused(model, lambda: model.fit(X, [0, 1, 0, 1]), TypeError, words)
    words = "make numbers of it, e.g. the days since a fixed date"
    refused(model, lambda: model.fit(X, [0, 1, 0, 1]), TypeError, words)


@pytest.mark.parametrize("X", [np.array([["2020-02-29"]] * 4, "M8[D]"), [[MOMENT], [None]] * 2])
def test_times_in_arrays_are_refused_with_advice(X):
    with pytest.raises(TypeError, match=r"(X|Column 0) holds times .* make numbers of it"):
        TabularMLPClassifier().fit(X, [0, 1, 0, 1])


CONTAINERS = {
    "pandas": pd.DataFrame({"a": [[1], [2]] * 2}),
    "tuples": pd.DataFrame({"a": [(1, 2), (1, 3)] * 2}),
    "dicts": pd.DataFrame({"a": [{"b": 1}, None] * 2}),
    "arrays": pd.DataFrame({"a": [np.ones(2), None] * 2}),
    "polars list": pl.DataFrame({"a": [[1, 2], [3, 4]] * 2}),
    "polars struct": pl.DataFrame({"a": [{"b": 1}] * 4}),
    "arrow list": pa.table({"a": [[1], [2, 3]] * 2}),
    "arrow struct": pa.table({"a": [{"b": 1}] * 4}),
}


@pytest.mark.parametrize("X", CONTAINERS.values(), ids=CONTAINERS)
def test_cells_that_hold_several_values_are_refused(X, refused):
    model = TabularMLPClassifier()
    refused(model, lambda: model.fit(X, [0, 1, 0, 1]), TypeError, "Column 'a' holds ")


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        (csr_matrix(np.eye(4)), TypeError, "tables must be dense; use X.toarray(), or MLPClassif"),
        (pd.DataFrame({"a": [1j] * 4}), ValueError, "Complex data not supported: column 'a'"),
        (
            pd.DataFrame({"a": [10**400] * 4}, dtype=object),
            ValueError,
            "Column 'a' holds a value too large for",
        ),
        (pd.DataFrame({"a": []}), ValueError, "0 sample(s) and 1 feature(s) while a minimum of 1"),
        (pd.DataFrame(index=range(4)), ValueError, "0 sample(s) and 0 feature(s) while a minimum"),
        (pl.DataFrame(), ValueError, "0 sample(s) and 0 feature(s) while a minimum of 1"),
        (np.ones(4), ValueError, "Expected 2D array, got 1D array instead"),
        (pd.Series([1, 2, 3, 4]), ValueError, "Expected a 2-dimensional container"),
        (np.ones((4, 2, 2)), ValueError, "Found array with dim 3"),
        ("table.csv", ValueError, "Expected 2D array, got scalar array instead"),
    ],
    ids=lambda value: "" if not isinstance(value, str) else value[:20],
)
def test_what_is_no_table_is_refused(X, error, words, refused):
    model = TabularMLPClassifier()
    refused(model, lambda: model.fit(X, [0, 1, 0, 1]), error, words)


# -- names and order of columns ----------------------------------------------------------------


@every_estimator
def test_names_and_order_are_checked_as_scikit_learn_does(cls):
    X, y = task(cls)
    model = small(cls).fit(X, y)
    assert model.n_features_in_ == 4
    assert model.feature_names_in_.tolist() == ["size", "color", "rooms", "owned"]
    with pytest.raises(ValueError, match="must be in the same order"):
        model.predict(X[["color", "size", "rooms", "owned"]])
    with pytest.raises(ValueError, match="Feature names unseen at fit time:\n- area"):
        model.predict(X.rename(columns={"size": "area"}))
    with pytest.raises(ValueError, match="names seen at fit time, yet now missing:\n- owned"):
        model.predict(X.drop(columns="owned"))
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        model.predict(as_objects(X))
    unnamed = small(cls).fit(as_objects(X), y)
    assert not hasattr(unnamed, "feature_names_in_")
    with pytest.warns(UserWarning, match="was fitted without feature names"):
        unnamed.predict(X)
    with pytest.raises(ValueError, match=r"X has 3 features, but Tabular.* expecting 4"):
        unnamed.predict(as_objects(X)[:, :3])


def test_names_need_not_be_strings():
    X, y, _ = table()
    for names in (range(4), [("a", 1), ("a", 2), ("b", 1), ("b", 2)]):
        other = X.set_axis(pd.Index(names), axis=1)
        model = small(TabularMLPClassifier).fit(other, y)
        assert not hasattr(model, "feature_names_in_")
        assert model.score(other, y) > 0.5
    with pytest.raises(TypeError, match="all input features have string names"):
        small(TabularMLPClassifier).fit(X.set_axis(["a", 1, "b", 2], axis=1), y)
