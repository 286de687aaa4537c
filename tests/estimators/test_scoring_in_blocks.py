"""Rows are predicted and judged block by block: the right values, in bounded memory."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array, random_array
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score

from skdeep import Autoencoder, MLPClassifier, MLPRegressor
from skdeep.network import prediction

rng = np.random.default_rng(0)
X = np.where(rng.random((100, 6)) > 0.5, rng.random((100, 6)), 0)
WEIGHTS = rng.random(100)
SHORT = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0}


@pytest.fixture(params=[None, 7], ids=["one block", "blocks of 7"])
def blocks(request, monkeypatch):
    """Both ways to predict: all rows at once, and a few at a time."""
    if request.param is not None:
        monkeypatch.setattr(prediction, "_LEAST_ROWS", request.param)
        monkeypatch.setattr(prediction, "_ELEMENTS", 1)


# -- the right values --------------------------------------------------------------------------


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
@pytest.mark.parametrize("kind", ["f4", "f8", "u1", csr_array])
def test_score_samples_are_errors_of_rows(loss, kind):
    model = Autoencoder((4,), "tanh", loss=loss, dtype="float64", **SHORT).fit(X)
    x = kind(X) if kind is csr_array else np.ceil(X).astype(kind)
    dense = x.toarray() if kind is csr_array else x.astype("f8")
    rebuilt = model.inverse_transform(model.transform(dense))
    errors = ((rebuilt - dense) ** 2).mean(axis=1)
    scores = model.score_samples(x)
    assert scores.dtype == np.float64
    assert_allclose(scores, -errors, rtol=1e-12)
    assert_allclose(model.score(x), -errors.mean(), rtol=1e-12)
    weighted = -np.average(errors, weights=WEIGHTS)
    assert_allclose(model.score(x, sample_weight=WEIGHTS), weighted, rtol=1e-12)


LABELS = np.array(["a", "b", "c"])[(3 * X[:, 0]).astype(int)]
TARGETS = {
    "two classes": (MLPClassifier, LABELS == "a"),
    "three classes": (MLPClassifier, LABELS),
    "labels": (MLPClassifier, (X[:, :3] > 0.3).astype(int)),
    "one value": (MLPRegressor, 1e6 * X[:, 0]),
    "values": (MLPRegressor, X[:, :2] + 100),
    "counts": (MLPRegressor, np.round(9 * X[:, 0])),
    "inputs": (Autoencoder, None),
}


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weights"])
@pytest.mark.parametrize("name", TARGETS)
def test_validation_scores_are_those_of_score(name, weights):
    cls, y = TARGETS[name]
    model = cls((9,), learning_rate_init=0.02, **SHORT)
    if name == "counts":
        model.set_params(loss="poisson")
    own = {"X_val": X[10:], "sample_weight_val": None if weights is None else weights[10:]}
    if y is not None:
        own["y_val"] = y[10:]
    model.set_params(early_stopping=True).fit(X, y, **own)
    weights_val = own["sample_weight_val"]
    if y is None:
        expected = model.score(X[10:], sample_weight=weights_val)
    else:
        score = r2_score if cls is MLPRegressor else accuracy_score
        expected = score(y[10:], model.predict(X[10:]), sample_weight=weights_val)
    assert_allclose(model.best_validation_score_, expected, rtol=1e-5)
    assert len(set(model.validation_scores_)) > 1


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("name", sorted(set(TARGETS) - {"inputs"}))
def test_predictions_of_blocks_are_those_of_rows(name):
    cls, y = TARGETS[name]
    model = cls((9,), dtype="float64", **SHORT).fit(X, y)
    single = np.concatenate([model.predict(row[None]) for row in X])
    predicted = model.predict(X)
    assert predicted.shape == y.shape
    if cls is MLPClassifier:
        assert_array_equal(predicted, single)
    assert predicted.dtype == single.dtype
    if cls is MLPRegressor:
        assert_allclose(predicted, single, rtol=1e-12)


def test_unusual_rows_are_found():
    angles = rng.uniform(0, 2 * np.pi, 300)
    usual = np.column_stack([np.cos(angles), np.sin(angles), np.sin(angles)])
    model = Autoencoder((2,), "identity", optimizer="lbfgs", random_state=0).fit(usual[:200])
    unusual = usual[200:] * [1, 1, -1]
    scores = model.score_samples(np.vstack([usual[200:], unusual]))
    assert scores.max() <= 0
    assert roc_auc_score(np.arange(200) < 100, scores) > 0.9


def test_score_samples_checks_its_rows(refused):
    with pytest.raises(NotFittedError):
        Autoencoder().score_samples(X)
    model = Autoencoder((4,), **SHORT).fit(X)
    refused(model, lambda: model.score_samples(X[:, 1:]), ValueError, "X has 5 features, but")


# -- bounded memory ----------------------------------------------------------------------------


def sparse(n_rows):
    return random_array((n_rows, 2000), density=0.01, format="csr", rng=0)


def peak(call, x):
    call(x)
    tracemalloc.start()
    call(x)
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


def calls():
    once = {**SHORT, "max_iter": 1, "batch_size": 500}
    coder = Autoencoder((2,), early_stopping=True, **once).fit(sparse(500))
    one_of_many = MLPClassifier((2,), **once).fit(sparse(3000), np.arange(3000) % 1500)
    return {
        "score": coder.score,
        "score_samples": coder.score_samples,
        "validation": lambda x: coder.fit(x[:500], X_val=x),
        "predict": one_of_many.predict,
    }


def test_memory_hardly_grows_with_the_rows():
    for name, call in calls().items():
        few, many = (peak(call, sparse(n)) for n in (1000, 4000))
        # the outputs of a row are 6,000 bytes or more, the row itself, as it is stored, is 240
        assert (many - few) / 3000 < 600, name
