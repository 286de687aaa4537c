"""Whole tabular estimators compute in ONNX what they compute here, from the raw table on."""

import numpy as np
import pandas as pd
import polars
import pyarrow
import pytest
from agreement import OLDEST, close, compare, newest, session

from skdeep import TabularMLPClassifier, TabularMLPRegressor
from skdeep.onnx import to_onnx

BRIEF = {"n_networks": 2, "effort": 0.02, "random_state": 0}


def table(n=120):
    """Return a table with columns of every sort."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "area": rng.lognormal(size=n) * 1e6,
            "rooms": rng.integers(1, 6, n),
            "garden": rng.random(n) < 0.5,
            "age": np.where(rng.random(n) < 0.2, np.nan, rng.normal(size=n)).astype(np.float32),
            "same": 1.0,
            "town": rng.choice(["Bern", "Lyon", "Ulm"], n),
            "heating": rng.choice(["gas", "oil"], n),
            "class": pd.Categorical(rng.choice([1, 2, 5], n)),
            "street": rng.choice(["A 1", "B 2", None], n),
            "seller": rng.choice(["x", None], n),
            "nothing": np.full(n, None),
        }
    )


def targets(X):
    return X["rooms"] * (X["town"] == "Ulm") + X["age"].fillna(0) + X["area"] / 1e6


def unseen(X):
    """Return rows with categories and gaps that were not there in training."""
    X = X[:40].copy()
    X.loc[0, ["town", "heating", "street"]] = "elsewhere"
    X.loc[1, ["town", "heating"]] = None
    X.loc[2, "area"] = 1e300
    X["class"] = X["class"].cat.set_categories([1, 2, 3, 5])
    X.loc[3, "class"] = 3
    return X


def feeds(X):
    """Return what onnxruntime takes for a frame: its columns, with "" for missing strings."""
    return {name: _column(X[[name]]) for name in X}


def _column(column):
    values = column.to_numpy()
    is_text = values.dtype == object
    return column.astype(object).fillna("").to_numpy(dtype=object) if is_text else values


def check(estimator, X, opset=None, like=None):
    running = session(to_onnx(estimator, X if like is None else like, target_opset=opset))
    for rows in (X, X[:1]):
        compare(estimator, running.run(None, feeds(rows)), rows)


@pytest.mark.parametrize("opset", [OLDEST, newest()])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", ["two", "three", "labels", "one number", "two numbers"])
def test_every_kind_of_target(kind, dtype, opset):
    X = table()
    value = targets(X)
    y = {
        "two": np.where(value > value.median(), "dear", "cheap"),
        "three": pd.qcut(value, 3, labels=False).to_numpy() - 1,
        "labels": np.c_[value > 1, value > 2].astype(int),
        "one number": value,
        "two numbers": np.c_[value, -1e8 * value],
    }[kind]
    estimator = TabularMLPRegressor if "number" in kind else TabularMLPClassifier
    check(estimator(**BRIEF, dtype=dtype).fit(X, y), unseen(X), opset)


def test_a_class_that_the_networks_have_not_seen():
    X = table(60)
    y = np.array(["a", "b", "c"] * 20)
    model = TabularMLPClassifier(**BRIEF).fit(X, y, sample_weight=y != "b")
    assert [*model.classes_] == ["a", "b", "c"]
    assert all([*network.classes_] == ["a", "c"] for network in model.networks_)
    model._exponent = 0.3  # makes much of little
    assert model.predict_proba(X)[:, 1].min() > 1e-4
    check(model, X)


@pytest.fixture(scope="module")
def regressor():
    X = table()
    return TabularMLPRegressor(**BRIEF).fit(X, targets(X))


@pytest.mark.parametrize("kind", ["string", "integer", "float", "gaps"])
@pytest.mark.parametrize("n_outputs", [1, 2])
def test_columns_with_very_many_levels(kind, n_outputs):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 300, 600)
    levels = {
        "string": np.array([f"street {code}" for code in range(300)], dtype=object),
        "integer": np.arange(300) - 7,
        "float": np.arange(300) / 3,
        "gaps": np.where(np.arange(300) < 9, np.nan, np.arange(300)),
    }[kind]
    X = pd.DataFrame({"street": levels[codes], "rooms": rng.integers(1, 6, 600)})
    if kind == "string":
        X.loc[::50, "street"] = None
    y = np.column_stack([codes % 7 + X["rooms"], -1e3 * (codes % 11)])[:, :n_outputs]
    model = TabularMLPRegressor(categorical_features=["street"], **BRIEF)
    model.fit(X, y)
    assert model._statistics.n_columns == n_outputs
    other = X[:30].copy()
    unknown = {"string": "elsewhere", "integer": 10**6, "float": 1e300, "gaps": 9.5}[kind]
    other.loc[1, "street"] = unknown
    if kind != "integer":
        other.loc[2, "street"] = np.nan if kind != "string" else None
    check(model, pd.concat([X, other]))


def test_statistics_of_several_columns():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {
            "street": [f"street {code}" for code in rng.integers(0, 300, 600)],
            "size": rng.normal(size=600),
            "zip": rng.integers(1000, 1400, 600),
        }
    )
    y = np.digitize(X["zip"] % 10 + X["size"], [2, 7])
    model = TabularMLPClassifier(categorical_features=["street", "zip"], **BRIEF).fit(X, y)
    assert model._statistics.n_columns == 4
    check(model, X)


def test_the_inputs_are_the_columns(regressor):
    tensors = {
        value.name: value.type.tensor_type for value in to_onnx(regressor, table()).graph.input
    }
    inputs = {name: (x.elem_type, x.shape.dim[1].dim_value) for name, x in tensors.items()}
    real, double, integer, text, truth = 1, 11, 7, 8, 9
    assert inputs == {
        "area": (double, 1),
        "rooms": (integer, 1),
        "garden": (truth, 1),
        "age": (real, 1),
        "same": (double, 1),
        "town": (text, 1),
        "heating": (text, 1),
        "class": (integer, 1),
        "street": (text, 1),
        "seller": (text, 1),
        "nothing": (text, 1),
    }


def test_without_data_numbers_are_double(regressor):
    X = table().astype(dict.fromkeys(("rooms", "age", "class"), float))
    running = session(to_onnx(regressor))
    compare(regressor, running.run(None, feeds(X)), X)


@pytest.mark.parametrize("library", [polars, pyarrow], ids=lambda library: library.__name__)
def test_frames_of_other_libraries(library):
    X = table().drop(columns=["nothing", "class"])
    frame = polars.from_pandas(X) if library is polars else pyarrow.Table.from_pandas(X)
    model = TabularMLPRegressor(**BRIEF).fit(frame, targets(X))
    running = session(to_onnx(model, frame))
    (found,) = running.run(None, feeds(X))
    close(found.ravel(), model.predict(frame))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
def test_an_array_is_one_input(dtype):
    X = table()[["area", "rooms", "class"]].to_numpy(dtype=np.float64).astype(dtype)
    model = TabularMLPRegressor(categorical_features=[2], **BRIEF).fit(X, targets(table()))
    running = session(to_onnx(model, X))
    (found,) = running.run(None, {"X": X})
    close(found.ravel(), model.predict(X))


def test_gaps_in_an_array():
    X = np.random.default_rng(0).normal(size=(100, 3))
    X[::7, 1] = np.nan
    model = TabularMLPRegressor(categorical_features=[0], **BRIEF).fit(np.round(X), X[:, 2])
    running = session(to_onnx(model))
    rows = np.concatenate([np.round(X), np.full((1, 3), np.nan)])
    (found,) = running.run(None, {"X": rows})
    close(found.ravel(), model.predict(rows))


def test_an_array_of_objects_has_an_input_for_each_column():
    X = table()[["area", "town"]].to_numpy(dtype=object)
    model = TabularMLPRegressor(**BRIEF).fit(X, targets(table()))
    running = session(to_onnx(model, X))
    inputs = {"X0": X[:, :1].astype(np.float64), "X1": X[:, 1:]}
    (found,) = running.run(None, inputs)
    close(found.ravel(), model.predict(X))
    assert [value.name for value in session(to_onnx(model)).get_inputs()] == ["X0", "X1"]


def test_a_table_in_which_nothing_varies():
    X = pd.DataFrame({"same": [1.0] * 20, "town": ["Ulm"] * 20})
    model = TabularMLPRegressor(**BRIEF).fit(X, np.arange(20.0))
    check(model, X)


def test_an_empty_string_may_be_a_category_itself():
    X = table()[["rooms", "street"]]
    with_empty = X.assign(street=X["street"].fillna("").astype(object))
    model = TabularMLPRegressor(**BRIEF).fit(with_empty, targets(table()))
    check(model, with_empty)


def test_columns_may_be_called_as_outputs_are():
    X = table()[["rooms", "town"]]
    model = TabularMLPRegressor(**BRIEF).fit(X, targets(table()))
    inner = to_onnx(model, X).graph.node[3].output[0]
    X = X.rename(columns={"rooms": "variable", "town": inner})
    model = TabularMLPRegressor(**BRIEF).fit(X, targets(table()))
    converted = to_onnx(model, X)
    assert [value.name for value in converted.graph.output] == ["variable_out"]
    check(model, X)


def test_categories_that_cannot_be_told_apart_are_refused():
    X = table()[["rooms"]].assign(text=["a" * 150, "b" * 150] * 60)
    model = TabularMLPRegressor(**BRIEF).fit(X, targets(table()))
    with pytest.raises(NotImplementedError, match="'text' has categories of more than 100"):
        to_onnx(model, X)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"area": "many"}, "'area' holds strings, but numbers are expected"),
        ({"more": 1.0}, "X has 12 features, but 11 are expected"),
    ],
)
def test_tables_that_do_not_suit(regressor, changed, words):
    with pytest.raises(ValueError, match=words):
        to_onnx(regressor, table().assign(**changed))


@pytest.mark.parametrize("kind", ["integer", "float", "gaps", "alike"])
@pytest.mark.parametrize("n_outputs", [1, 2])
def test_numbers_that_repeat(kind, n_outputs):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 50, 600)
    values = {
        "integer": np.arange(50) - 7,
        "float": np.arange(50) / 3,
        "gaps": np.where(np.arange(50) < 9, np.nan, np.arange(50)),
        "alike": 1e9 + np.arange(50),  # to single precision
    }[kind]
    X = pd.DataFrame({"shop": values[codes], "rooms": rng.integers(1, 6, 600)})
    y = np.column_stack([codes * 7 % 13, codes * 5 % 11])[:, :n_outputs]
    model = TabularMLPRegressor(**BRIEF).fit(X, y + X[["rooms"]].to_numpy())
    assert model._statistics.n_columns == n_outputs
    other = X[:30].copy()
    other.loc[1, "shop"] = 10**6 + 1
    if kind != "integer":
        other.loc[2:3, "shop"] = [np.nan, 1e300]
    check(model, pd.concat([X, other]))
    if kind == "float":
        check(model, X.astype(np.float32))


@pytest.mark.parametrize("step", [1, 60, 100, 3600])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
def test_numbers_near_those_that_repeat(step, dtype):
    """Numbers of single precision are 128 apart here."""
    rng = np.random.default_rng(0)
    seconds = 1_700_000_000 + step * np.arange(50)
    codes = rng.integers(0, 50, 600)
    model = TabularMLPRegressor(**BRIEF).fit(seconds[codes, None], rng.normal(size=50)[codes])
    assert model._statistics.n_columns == 1
    near = np.concatenate([seconds + shift for shift in (-100, -40, -1, 0, 30, 64, 70)])
    X = near[:, None].astype(dtype)
    (found,) = session(to_onnx(model, X)).run(None, {"X": X})
    close(found.ravel(), model.predict(X))
