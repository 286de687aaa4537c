"""Read-only arrays: models that joblib maps from a file, and data that must not be written to."""

import joblib
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.sparse import csr_array
from sklearn.base import clone

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)

rng = np.random.default_rng(0)
X = rng.standard_normal((60, 9)).astype(np.float32)
LABELS, VALUES = np.arange(60) % 3, X @ rng.standard_normal(9)
ANY = {"max_iter": 3, "n_iter_no_change": np.inf, "batch_size": 20, "random_state": 0}
MODELS = {
    "adam": (MLPClassifier((6,), warm_start=True, **ANY), LABELS),
    "momentum": (MLPClassifier((6,), optimizer="momentum", warm_start=True, **ANY), LABELS),
    "images": (CNNClassifier((6,), input_shape=(3, 3), warm_start=True, **ANY), LABELS),
    "tied": (Autoencoder((3,), warm_start=True, **ANY), None),
    "best epoch": (
        MLPRegressor((6,), early_stopping=True, learning_rate_init=0.3, warm_start=True, **ANY),
        VALUES,
    ),
}


def mapped(model, path, mode="r"):
    joblib.dump(model, path)
    return joblib.load(path, mmap_mode=mode)


def parameters(model):
    return np.array(model._network.parameters)


@pytest.mark.parametrize("mode", ["r", "r+"])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.usefixtures("kernels")
def test_a_mapped_model_goes_on_and_its_file_stays(tmp_path, name, mode):
    model, y = MODELS[name]
    model = clone(model).fit(X, y)
    path = tmp_path / "model"
    loaded = mapped(model, path, mode)
    assert isinstance(loaded._network.parameters, np.memmap)
    assert loaded._network.parameters.flags.writeable == (mode == "r+")
    content = path.read_bytes()
    for call in ("fit", "partial_fit"):
        for each in (model, loaded):
            each.set_params(early_stopping=each.early_stopping and call == "fit")
            getattr(each, call)(X, y)
        assert_array_equal(parameters(loaded), parameters(model))
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", ["r", "c"])
def test_coefs_of_a_mapped_model_can_be_written_to(tmp_path, mode):
    model = clone(MODELS["adam"][0]).fit(X, LABELS)
    path = tmp_path / "model"
    for change in (
        lambda m: m.coefs_[1].fill(0),
        lambda m: m.coefs_.__setitem__(1, np.zeros((6, 3))),
        lambda m: setattr(m, "coefs_", [m.coefs_[0], np.zeros((6, 3))]),
        lambda m: m.named_parameters_["output/weights"].fill(0),
    ):
        loaded = mapped(model, path, mode)
        content = path.read_bytes()
        loaded.intercepts_[1][...] = [0, 1, 0]
        change(loaded)
        assert_array_equal(loaded.predict(X), 1)
        assert path.read_bytes() == content


def test_prediction_leaves_a_mapped_model_where_it_is(tmp_path):
    model = clone(MODELS["adam"][0]).fit(X, LABELS)
    loaded = mapped(model, tmp_path / "model")
    network = loaded._network
    assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))
    assert loaded._network is network
    assert isinstance(network.parameters, np.memmap)


def frozen(*arrays):
    copies = [None if array is None else array.copy() for array in arrays]
    for array in copies:
        if array is not None:
            array.flags.writeable = False
    return copies


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.usefixtures("kernels")
def test_read_only_data(name):
    model, y = MODELS[name]
    weights = np.ones(60)
    expected = clone(model).set_params(augmentation="gaussian_noise").fit(X, y, weights)
    x, targets, weights = frozen(X, y, weights)
    model = clone(expected).fit(x, targets, weights)
    assert_array_equal(parameters(model), parameters(expected))
    predict = model.transform if y is None else model.predict
    assert_array_equal(predict(x), predict(X))


@pytest.mark.parametrize("name", ["adam", "tied"])
@pytest.mark.usefixtures("kernels")
def test_read_only_sparse_data(name):
    model, y = MODELS[name]
    sparse = csr_array(X)
    for part in (sparse.data, sparse.indices, sparse.indptr):
        part.flags.writeable = False
    assert_array_equal(
        parameters(clone(model).fit(sparse, y)), parameters(clone(model).fit(csr_array(X), y))
    )


@pytest.mark.parametrize("cls", [TabularMLPClassifier, TabularMLPRegressor])
def test_tabular_estimators(cls, tmp_path):
    x, y, weights = frozen(X, LABELS, np.ones(60))
    model = cls(n_networks=2, effort=0.05, random_state=0).fit(x, y, weights)
    loaded = mapped(model, tmp_path / "model")
    assert_array_equal(loaded.predict(x), model.predict(X))
    assert_array_equal(loaded.fit(x, y, weights).predict(x), model.predict(X))
