"""The autoencoder: its formula, tied weights, PCA as a special case, and what transformers do."""

import pickle
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import subspace_angles
from scipy.sparse import csr_array
from scipy.special import expit
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skdeep import Autoencoder
from skdeep.activations import ACTIVATIONS
from skdeep.initializers import INITIALIZERS
from skdeep.losses import RECONSTRUCTION_LOSSES
from skdeep.optimizers import OPTIMIZERS

DIGITS, DIGIT = load_digits(return_X_y=True)
DIGITS, DIGIT = DIGITS[:400] / 16, DIGIT[:400]
X = np.random.default_rng(0).random((40, 6))
ANY = {"n_iter_no_change": np.inf, "batch_size": 16, "random_state": 3, "max_iter": 3}
TIED = pytest.mark.parametrize("tied", [True, False])


def autoencoder(sizes=(5, 2), activation="tanh", **params):
    return Autoencoder(sizes, activation, **{**ANY, **params})


def assert_same(one, other):
    for a, b in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        assert_array_equal(a, b)
    assert one.loss_curve_ == other.loss_curve_


# -- what it computes ------------------------------------------------------------------------------


@TIED
@pytest.mark.parametrize(("loss", "link"), [("squared_error", np.array), ("cross_entropy", expit)])
@pytest.mark.usefixtures("kernels")
def test_code_and_reconstruction(tied, loss, link):
    params = {"tied_weights": tied, "loss": loss, "dtype": "float64"}
    model = autoencoder((5, 4, 2), ["tanh", "sigmoid", "softplus"], **params).fit(X)
    (a, b, c, d, e, f), (p, q, r, s, t, u) = model.coefs_, model.intercepts_
    code = np.logaddexp(0, expit(np.tanh(X @ a + p) @ b + q) @ c + r)
    assert_allclose(model.transform(X), code)
    rebuilt = link(np.tanh(expit(code @ d + s) @ e + t) @ f + u)
    assert_allclose(model.inverse_transform(code), rebuilt)
    assert_allclose(model.score(X), -np.mean((X - rebuilt) ** 2))
    errors = np.average(np.mean((X - rebuilt) ** 2, axis=1), weights=np.arange(40))
    assert_allclose(model.score(X, sample_weight=np.arange(40)), -errors)
    assert (model.n_layers_, model.n_outputs_, model.n_features_in_) == (7, 6, 6)


@TIED
@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy"])
def test_the_objective_counts_shared_weights_once(tied, loss):
    still = {"learning_rate_init": 1e-12, "max_iter": 1, "batch_size": "full", "alpha": 0.3}
    model = autoencoder((3,), loss=loss, tied_weights=tied, dtype="float64", **still).fit(X)
    rebuilt = model.inverse_transform(model.transform(X))
    if loss == "squared_error":
        value = np.mean((X - rebuilt) ** 2) / 2
    else:
        value = -np.mean(X * np.log(rebuilt) + (1 - X) * np.log(1 - rebuilt))
    weights = model.coefs_[:1] if tied else model.coefs_
    penalty = 0.15 * sum(np.sum(coef**2) for coef in weights)
    assert_allclose(model.loss_, value + penalty, rtol=1e-9)


def test_tied_weights_are_live_transposes_also_after_pickling():
    model = autoencoder().fit(X)
    for twin in (model, pickle.loads(pickle.dumps(model)), model.partial_fit(X)):
        coefs = twin.coefs_
        for layer in (0, 1):
            assert np.shares_memory(coefs[layer], coefs[-1 - layer])
            assert_array_equal(coefs[layer], coefs[-1 - layer].T)
        before = twin.inverse_transform(np.ones((1, 2)))
        twin.coefs_[1] = 2 * coefs[1]
        assert_array_equal(coefs[1], coefs[2].T)
        assert not np.allclose(twin.inverse_transform(np.ones((1, 2))), before)
    loose = autoencoder(tied_weights=False).fit(X)
    assert not np.shares_memory(loose.coefs_[0], loose.coefs_[-1])
    assert np.abs(loose.coefs_[0] - loose.coefs_[-1].T).max() > 0.1


@pytest.mark.parametrize(("optimizer", "tied"), [("lbfgs", True), ("lbfgs", False), ("adam", True)])
@pytest.mark.usefixtures("kernels")
def test_a_linear_one_spans_the_principal_components(optimizer, tied):
    x = load_iris().data
    x = x - x.mean(axis=0)
    params = {"lbfgs": {"tol": 1e-9}, "adam": {"learning_rate": "cosine", "batch_size": "full"}}
    model = autoencoder((2,), "identity", alpha=0.0, tied_weights=tied, optimizer=optimizer)
    model.set_params(max_iter=1000, learning_rate_init=0.02, **params[optimizer]).fit(x)
    pca = PCA(2).fit(x)
    tolerance = 1e-4 if optimizer == "lbfgs" else 0.02
    for basis in (model.coefs_[0], model.coefs_[1].T):
        assert subspace_angles(basis, pca.components_.T).max() < tolerance
    best = np.mean((pca.inverse_transform(pca.transform(x)) - x) ** 2)
    assert_allclose(-model.score(x), best, rtol=1e-2 * (optimizer == "adam") + 1e-6)
    if tied:
        basis = model.coefs_[0]
        assert_allclose(basis.T @ basis, np.eye(2), atol=10 * tolerance)


def test_denoising_rebuilds_the_clean_digits():
    noisy = DIGITS + np.random.default_rng(0).normal(0, 0.4, DIGITS.shape)
    scores = []
    for noise in (0.0, 0.4):
        model = autoencoder((24,), input_noise=noise, max_iter=40, learning_rate_init=0.01)
        model.fit(DIGITS)
        scores.append(np.mean((model.inverse_transform(model.transform(noisy)) - DIGITS) ** 2))
    assert scores[1] < 0.9 * scores[0]


LABELS_ARE_IGNORED = np.array(["a", "b"] * 20)
INITS = ["orthogonal", "he_normal", "uniform"]
OPTIONS = {
    **{name: {"activation": name} for name in sorted(set(ACTIVATIONS) - {"maxout", "tanh"})},
    "maxout": {"activation": "maxout", "tied_weights": False},
    **{name: {"optimizer": name} for name in sorted(set(OPTIMIZERS) - {"lbfgs"})},
    **{f"loss {name}": {"loss": name} for name in RECONSTRUCTION_LOSSES},
    "inits": {"init": ["orthogonal", "he_normal"], "bias_init": 0.1},
    "dropout": {"dropout": [0.2, 0.5], "input_dropout": 0.1},
    "noise": {"input_noise": 0.2, "augmentation": "gaussian_noise"},
    "penalty": {"alpha": 0.1, "l1_ratio": 0.5, "max_norm": 0.5, "clip_norm": 0.1},
    "one layer": {"hidden_layer_sizes": 4, "learning_rate": "cosine"},
    "three layers": {"hidden_layer_sizes": (5, 4, 3), "dtype": "float64", "shuffle": False},
}


@pytest.mark.parametrize("params", OPTIONS.values(), ids=OPTIONS)
def test_options_and_going_on(params):
    model = autoencoder().set_params(**params)
    once, calls = clone(model).set_params(max_iter=4).fit(X), clone(model).set_params(max_iter=4)
    for _ in range(4):
        calls.partial_fit(X, LABELS_ARE_IGNORED)
    assert_same(once, calls)
    if "learning_rate" not in params:  # a cosine depends on max_iter
        warm = clone(model).set_params(warm_start=True, max_iter=2)
        assert_same(warm.fit(X).fit(X, LABELS_ARE_IGNORED), once)
    assert np.isfinite(once.score(X))


@TIED
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_integer_weights_are_repeated_rows(tied):
    weights = np.arange(40) % 3
    params = {"optimizer": "lbfgs", "tied_weights": tied, "max_iter": 10}
    one = autoencoder(**params).fit(X, sample_weight=weights)
    other = autoencoder(**params).fit(X.repeat(weights, axis=0))
    assert_allclose(one.coefs_[0], other.coefs_[0], atol=1e-7)


def test_the_decoder_mirrors_dropout_and_init():
    blueprint = autoencoder((5, 4, 2), dropout=[0.1, 0.2, 0.3], init=INITS)._plan().blueprint
    assert blueprint.dropout == [0.1, 0.2, 0.3, 0.2, 0.1]
    kinds = [type(init) for init in blueprint.initializers]
    assert kinds == [INITIALIZERS[name] for name in INITS + INITS[::-1]]


def test_sparse_inputs_give_the_dense_model():
    x = np.where(X > 0.6, X, 0)
    one, other = (autoencoder().fit(data) for data in (x, csr_array(x)))
    assert_allclose(one.transform(x), other.transform(csr_array(x)), atol=1e-5)
    assert_allclose(one.score(x), other.score(csr_array(x)), rtol=1e-5)


# -- a transformer ---------------------------------------------------------------------------------


def test_codes_have_the_type_of_the_inputs():
    model = autoencoder().fit(X)
    for dtype, expected in [("f4", "f4"), ("f8", "f8"), ("u1", "f4")]:
        x = (10 * X).astype(dtype)
        assert model.transform(x).dtype == expected
        assert model.inverse_transform(model.transform(x)).dtype == expected
    assert_array_equal(autoencoder().fit_transform(X), model.transform(X))


def test_names_and_containers():
    frame = pd.DataFrame(X, columns=list("abcdef"))
    model = autoencoder().fit(frame)
    names = ["autoencoder0", "autoencoder1"]
    assert list(model.get_feature_names_out()) == names
    codes = model.transform(frame)
    for kind, container in (("pandas", pd.DataFrame), ("polars", pl.DataFrame)):
        out = model.set_output(transform=kind).transform(frame)
        assert (type(out), list(out.columns)) == (container, names)
        assert_array_equal(out.to_numpy(), codes)
        assert_allclose(model.inverse_transform(out), model.inverse_transform(codes), rtol=1e-6)


def test_codes_before_a_classifier_and_a_search_over_their_size():
    coder = autoencoder(max_iter=30, learning_rate_init=0.01)
    pipeline = make_pipeline(coder, LogisticRegression(max_iter=1000))
    grid = {"autoencoder__hidden_layer_sizes": [(2,), (20,)]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(DIGITS, DIGIT.astype(str))
    assert search.best_params_["autoencoder__hidden_layer_sizes"] == (20,)
    assert search.best_score_ > 0.85
    alone = GridSearchCV(coder, {"hidden_layer_sizes": [(2,), (20,)]}, cv=2).fit(DIGITS)
    assert alone.best_params_ == {"hidden_layer_sizes": (20,)}


@pytest.mark.parametrize("scoring", [None, lambda model, x, y: model.score(x)])
def test_early_stopping_with_own_data(scoring):
    params = {"early_stopping": True, "n_iter_no_change": 2, "max_iter": 200, "scoring": scoring}
    model = autoencoder((20,), learning_rate_init=0.05, **params).fit(DIGITS[:100], X_val=DIGITS)
    scores = model.validation_scores_
    assert len(scores) == int(np.argmax(scores)) + 1 + 2 < 200
    assert_allclose(model.score(DIGITS), max(scores), rtol=1e-6)
    assert len(model.history_["validation_loss"]) == model.n_iter_
    splits = (model.set_params(validation_fraction=f).fit(DIGITS).loss_curve_ for f in (0.1, 0.5))
    assert len({tuple(curve) for curve in splits}) == 2


@TIED
def test_the_pickle_is_as_large_as_the_parameters(tied):
    x = np.random.default_rng(0).random((30, 300))
    model = autoencoder((400,), tied_weights=tied).fit(x)
    n_weights = 300 * 400 * (1 if tied else 2)
    size = len(pickle.dumps(model))
    assert 4 * n_weights < size <= 1.1 * 4 * (n_weights + 700) + 64 * 1024


def test_read_only_inputs_stay_as_they_are():
    x = X.astype(np.float32)
    x.flags.writeable = False
    model = autoencoder(shuffle=False, input_noise=0.1, augmentation="mixup").fit(x)
    assert_array_equal(x, X.astype(np.float32))
    assert_allclose(model.transform(x), model.transform(X), rtol=1e-5)


# -- bad calls -------------------------------------------------------------------------------------

BAD = {
    "size": ({"hidden_layer_sizes": (5, 0)}, X, "every entry of hidden_layer_sizes must be an"),
    "maxout": ({"activation": "maxout"}, X, "set tied_weights=False"),
    "nan": ({}, np.where(X > 0.5, X, np.nan), "Input X contains NaN"),
    "other code": ({"hidden_layer_sizes": (5, 3)}, X, "a changed network: hidden layers was"),
    "other ties": ({"tied_weights": False}, X, "tied_weights was True, and is now False"),
    "other loss": ({"loss": "huber"}, X, "a changed network: loss was"),
    "above 1": ({}, 2 * X, 'X: loss="cross_entropy" needs numbers in [0, 1]'),
    "below 0": ({}, X - 1, 'use loss="squared_error"'),
    "sparse": ({}, csr_array(2 * X), "needs numbers in [0, 1]"),
}


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@pytest.mark.parametrize(("params", "x", "words"), BAD.values(), ids=BAD)
def test_a_bad_call_changes_nothing(method, params, x, words):
    model = autoencoder(warm_start=True, loss="cross_entropy").fit(X).set_params(**params)
    before = pickle.dumps(model)
    with pytest.raises(ValueError, match=re.escape(words)):
        getattr(model, method)(x)
    assert pickle.dumps(model) == before


@pytest.mark.parametrize("method", ["partial_fit", "transform", "score"])
def test_other_features(method, refused):
    model = autoencoder(tied_weights=False).fit(X)
    refused(model, lambda: getattr(model, method)(X[:, 1:]), ValueError, "X has 5 features, but")


def test_bad_codes():
    with pytest.raises(NotFittedError):
        autoencoder().inverse_transform(X)
    model = autoencoder().fit(X)
    with pytest.raises(ValueError, match="X has 6 columns, but the codes have 2"):
        model.inverse_transform(X)
    with pytest.raises(ValueError, match="Input X contains NaN"):
        model.inverse_transform([[np.nan, 0.0]])


@pytest.mark.parametrize("x", [X[:1], np.full((9, 6), 3.0)], ids=["one row", "constant"])
def test_little_to_learn(x):
    model = autoencoder(max_iter=800, learning_rate_init=0.02, tied_weights=False, alpha=0).fit(x)
    assert -1e-3 < model.score(x) <= 0


def test_a_code_is_needed():
    with pytest.raises(ValueError, match="hidden_layer_sizes must name at least one layer"):
        Autoencoder(()).fit(X)


def test_validation_data_out_of_range_are_called_by_their_name():
    with pytest.raises(ValueError, match=r"^X_val: loss="):
        autoencoder(loss="cross_entropy").fit(X, X_val=2 * X)
