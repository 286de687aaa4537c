"""Wrong calls are errors that say what would be right; right ones change nothing."""

import pickle

import numpy as np
import pytest
from agreement import session
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier, TabularMLPClassifier, estimators, preprocessing
from skdeep.onnx import conversion, register_estimator, to_onnx

X = np.random.default_rng(0).normal(size=(60, 6)).astype(np.float32)
MODEL = MLPClassifier((5,), max_iter=2, n_iter_no_change=np.inf, random_state=0).fit(X, X[:, 0] > 0)
PIPELINE = make_pipeline(StandardScaler(), MODEL).fit(X, X[:, 0] > 0)


@pytest.mark.parametrize(
    ("opset", "error", "words"),
    [
        (14, ValueError, "must be from 15 to .* got 14"),
        (1000, ValueError, "must be from 15 to .* got 1000"),
        ("18", TypeError, "None or an integer, got '18'"),
        (18.0, TypeError, "None or an integer, got 18.0"),
        (True, TypeError, "None or an integer, got True"),
    ],
)
@pytest.mark.parametrize("model", [MODEL, PIPELINE], ids=["network", "pipeline"])
def test_opsets(model, opset, error, words):
    with pytest.raises(error, match=words):
        to_onnx(model, X, target_opset=opset)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (X[:, :5], "X has 5 features, but 6 are expected"),
        (X[0], r"rows of numbers, got an array of shape \(6,\)"),
        (X.astype(str), "rows of numbers, got an array of shape .* and type <U"),
        (X.reshape(-1, 3, 3)[:1], "X has 9 features, but 6 are expected"),
    ],
)
def test_data_that_do_not_suit(rows, words):
    with pytest.raises(ValueError, match=words):
        to_onnx(MODEL, rows)


@pytest.mark.parametrize(
    "model",
    [MLPClassifier(), TabularMLPClassifier(), make_pipeline(StandardScaler(), MLPClassifier())],
    ids=lambda model: type(model).__name__,
)
def test_an_estimator_that_is_not_fitted(model):
    with pytest.raises(NotFittedError):
        to_onnx(model, X)


@pytest.mark.parametrize("package", ["onnx", "skl2onnx"])
def test_a_missing_package_is_named(package, monkeypatch):
    find_spec = conversion.find_spec
    absent = {package}
    monkeypatch.setattr(conversion, "find_spec", lambda n: None if n in absent else find_spec(n))
    with pytest.raises(ImportError, match=rf"needs {package}, .* pip install 'skdeep\[onnx\]'"):
        to_onnx(PIPELINE, X)
    if package == "skl2onnx":
        to_onnx(MODEL)
        with pytest.raises(ImportError, match="needs skl2onnx"):
            register_estimator(MLPClassifier)


def test_a_folder_of_that_name_is_not_the_package(tmp_path, monkeypatch):
    (tmp_path / "empty_folder").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert not conversion.is_installed("empty_folder")


@pytest.mark.parametrize("room", [estimators, preprocessing])
def test_every_estimator_is_known(room):
    kinds = [getattr(room, name) for name in room.__all__]
    assert [kind for kind in kinds if not conversion.CONVERTERS.keys() & set(kind.__mro__)] == []


def test_the_estimator_is_left_as_it_was():
    before = pickle.dumps(MODEL)
    to_onnx(MODEL, X)
    assert pickle.dumps(MODEL) == before


def test_a_model_is_a_snapshot():
    model = pickle.loads(pickle.dumps(MODEL))
    converted = to_onnx(model)
    expected = model.predict_proba(X)
    model._network.parameters[...] = 0
    _, found = session(converted).run(None, {"X": X})
    np.testing.assert_allclose(found, expected, atol=1e-6)
