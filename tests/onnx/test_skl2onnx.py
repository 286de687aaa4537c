"""skl2onnx converts pipelines, searches and ensembles that hold estimators of skdeep."""

import numpy as np
import pandas as pd
import pytest
from agreement import OLDEST, check, close, compare, newest, session, skl2onnx
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import BaggingClassifier, StackingRegressor, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.model_selection import CoarseToFineSearchCV
from skdeep.onnx import register_estimator, to_onnx
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler

BRIEF = {"max_iter": 2, "n_iter_no_change": np.inf, "random_state": 0}
RNG = np.random.default_rng(0)
X = RNG.normal(size=(90, 6)).astype(np.float32)
Y = np.array(["low", "middle", "high"])[np.digitize(X[:, 0], [-0.5, 0.5])]
NETWORK = MLPClassifier((6,), **BRIEF)
OPSETS = range(OLDEST, min(newest(), skl2onnx.__max_supported_opset__) + 1)

WHOLES = {
    "pipeline": make_pipeline(StandardScaler(), NETWORK),
    "all of ours": make_pipeline(SmoothScaler(), Autoencoder((4,), **BRIEF), NETWORK),
    "columns": make_pipeline(
        make_column_transformer((SmoothScaler(), [0, 1]), (PiecewiseLinearEncoder(4), [2, 3])),
        NETWORK,
    ),
    "union": make_pipeline(make_union(SmoothScaler(), PiecewiseLinearEncoder(3)), NETWORK),
    "maps": make_pipeline(StandardScaler(), CNNClassifier((4,), input_shape=(2, 3), **BRIEF)),
    "search": GridSearchCV(make_pipeline(StandardScaler(), NETWORK), {}, cv=2),
    "bagging": BaggingClassifier(NETWORK, 3, random_state=0),
    "voting": VotingClassifier([("a", NETWORK)], voting="soft", flatten_transform=False),
    "calibration": CalibratedClassifierCV(NETWORK, cv=2),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", WHOLES)
def test_wholes_with_our_parts(name, dtype):
    rows = X.astype(dtype)
    check(WHOLES[name].fit(rows, Y), rows)


@pytest.mark.parametrize("opset", OPSETS)
def test_every_opset_that_skl2onnx_has_tested(opset):
    model = WHOLES["columns"].fit(X, Y)
    converted = check(model, X, opset)
    assert {entry.domain: entry.version for entry in converted.opset_import}[""] == opset


def test_numbers():
    parts = [("a", MLPRegressor((4,), **BRIEF)), ("b", MLPRegressor((5,), **BRIEF))]
    check(StackingRegressor(parts).fit(X, 1e3 * X[:, 0]), X)


@pytest.mark.parametrize("labels", [np.array([False, True]), np.arange(2), np.eye(3, dtype=int)])
def test_kinds_of_labels(labels):
    y = labels[np.arange(len(X)) % len(labels)]
    check(make_pipeline(StandardScaler(), NETWORK).fit(X, y), X)


@pytest.mark.parametrize("network", [NETWORK, TabularMLPClassifier(n_networks=1, effort=0.02)])
def test_a_frame_with_columns_of_several_types(network):
    frame = pd.DataFrame({"size": X[:, 0], "count": np.arange(len(X)) % 5, "town": Y})
    encode = make_column_transformer(
        (make_pipeline(SimpleImputer(), SmoothScaler()), ["size"]),
        (PiecewiseLinearEncoder(3), ["count"]),
        (OneHotEncoder(sparse_output=False), ["town"]),
    )
    model = make_pipeline(encode, network).fit(frame, Y)
    feeds = {
        "size": frame[["size"]].to_numpy(),
        "count": frame[["count"]].to_numpy(),
        "town": frame[["town"]].to_numpy(dtype=object),
    }
    compare(model, session(to_onnx(model, frame)).run(None, feeds), frame)
    with pytest.raises(ValueError, match=r"was fitted on a frame.*pass some of its rows"):
        to_onnx(model)


@pytest.mark.parametrize("kind", [TabularMLPRegressor, TabularMLPClassifier])
def test_a_raw_table_within_a_pipeline(kind):
    frame = pd.DataFrame({"size": X[:, 0].astype(float), "town": Y})
    model = make_pipeline(kind(n_networks=1, effort=0.02, random_state=0))
    model.fit(frame, X[:, 1] if kind is TabularMLPRegressor else Y)
    feeds = {"size": frame[["size"]].to_numpy(), "town": frame[["town"]].to_numpy(dtype=object)}
    compare(model, session(to_onnx(model, frame)).run(None, feeds), frame)


def test_without_data_one_input_of_single_precision():
    model = WHOLES["pipeline"].fit(X, Y)
    compare(model, session(to_onnx(model)).run(None, {"X": X}), X)


def test_a_search_of_ours():
    search = CoarseToFineSearchCV(NETWORK, "alpha", values=[1e-5, 1e-3], cv=2, n_between=1)
    check(search.fit(X, Y), X)


@pytest.mark.parametrize("zipmap", [True, False, "columns"])
def test_skl2onnx_itself_with_its_options(zipmap):
    model = WHOLES["pipeline"].fit(X, Y)
    converted = skl2onnx.to_onnx(model, X[:1], options={"zipmap": zipmap}, target_opset=18)
    labels, *found = session(converted).run(None, {"X": X})
    if zipmap == "columns":
        found = np.column_stack(found)
    elif zipmap:
        found = [[row[name] for name in model.classes_] for row in found[0]]
    close(np.squeeze(found), model.predict_proba(X))
    np.testing.assert_array_equal(labels, model.predict(X))


def test_a_subclass_is_registered_on_request():
    class Own(MLPRegressor):
        def __init__(self, random_state=None):
            super().__init__((4,), max_iter=2, n_iter_no_change=np.inf, random_state=random_state)

    model = make_pipeline(StandardScaler(), Own(random_state=0)).fit(X, X[:, 0])
    check(model[-1], X)
    with pytest.raises(Exception, match="Own"):
        to_onnx(model, X)
    register_estimator(Own)
    check(model, X)
    with pytest.raises(TypeError, match="StandardScaler is no subclass of an estimator of skdeep"):
        register_estimator(StandardScaler)
