"""``named_parameters_``: every parameter by name, live, and changed as a whole or not at all."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_iris

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.network import FeatureScale, Stage

X, Y = load_iris(return_X_y=True)
FEW = {"max_iter": 1, "n_iter_no_change": np.inf, "random_state": 0}
MODELS = [
    MLPClassifier((5, 4), dropout=0.1, **FEW),
    MLPRegressor((), **FEW),
    CNNClassifier((5,), input_shape=(2, 2), conv_layers=((3, 1), (2, 1)), pool_size=1, **FEW),
    CNNRegressor((), conv_layers=((3, 2),), skip_connections=False, **FEW),
    Autoencoder((3, 2), tied_weights=False, **FEW),
    Autoencoder((3, 2), **FEW),
]
NAMES = [
    ["dense_0", "dense_1", "output"],
    ["output"],
    ["convolution_0", "convolution_1", "dense_0", "output"],
    ["convolution_0", "output"],
    ["dense_0", "code", "dense_1", "output"],
    ["dense_0", "code", "tied_dense_0", "output"],
]


@pytest.mark.parametrize(("model", "names"), list(zip(MODELS, NAMES, strict=True)))
def test_they_are_those_of_coefs_and_intercepts(model, names):
    model = clone(model).fit(X, Y)
    named = model.named_parameters_
    assert list(named) == [f"{name}/{part}" for name in names for part in ("weights", "bias")]
    for name, weights, bias in zip(names, model.coefs_, model.intercepts_, strict=True):
        for part, expected in (("weights", weights), ("bias", bias)):
            view = named[f"{name}/{part}"]
            assert view.shape == expected.shape
            assert np.shares_memory(view, model._network.parameters)
            assert view.__array_interface__ == expected.__array_interface__


def test_not_before_fit():
    assert not hasattr(MLPClassifier(), "named_parameters_")


def test_what_activations_learn_is_among_them():
    model = MLPClassifier((3,), activation="prelu", **FEW).fit(X, Y)
    assert list(model.named_parameters_)[:3] == [
        "dense_0/weights",
        "dense_0/bias",
        "dense_0/theta",
    ]
    assert model.named_parameters_["dense_0/theta"].shape == (3,)


def test_names_of_shortcuts_and_of_stages_of_ones_own():
    class Own(MLPClassifier):
        def _extend_architecture(self, architecture):
            scales = [Stage(FeatureScale, name=name) for name in ("gain", "", "dense_0", "gain")]
            return replace(architecture, stages=(*scales, *architecture.stages))

    model = Own((4, 4), skip_connections=True, input_dropout=0.1, **FEW).fit(X, Y)
    assert [name.split("/")[0] for name in model.named_parameters_] == [
        "gain_0",
        "feature_scale_0",
        "dense_0",
        "gain_1",
        *["dense_1"] * 2,
        *["dense_2"] * 2,
        *["output"] * 2,
    ]
    sizes = [view.size for view in model.named_parameters_.values()]
    assert sum(sizes) == model._network.parameters.size


def test_changing_them_changes_the_model():
    model = MLPClassifier((3,), **FEW).fit(X, Y)
    named = model.named_parameters_
    named["output/weights"][...] = 0
    named["output/bias"] = [0.0, 1.0, 0.0]
    assert_array_equal(model.intercepts_[1], [0, 1, 0])
    assert set(model.predict(X)) == {1}
    named.update({"output/bias": [0, 0, 2.0]})
    assert set(model.predict(X)) == {2}
    named |= {"output/bias": np.array([3.0, 0, 0])}
    assert set(model.predict(X)) == {0}


def test_parameters_of_another_model():
    one, other = (MLPClassifier((3,), **{**FEW, "random_state": seed}).fit(X, Y) for seed in (0, 1))
    assert not np.array_equal(one.predict_proba(X), other.predict_proba(X))
    one.named_parameters_ = other.named_parameters_
    assert_array_equal(one.predict_proba(X), other.predict_proba(X))


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda d: d.update({"output/gain": 1}), KeyError, "no parameter output/gain; .*dense_0/w"),
        (lambda d: d.__setitem__("dense/bias", 1), KeyError, "no parameter dense/bias; there are"),
        (lambda d: d.replace({"output/bias": np.ones(4)}), ValueError, r"missing; .*\.update"),
        (
            lambda d: d.update({"code/bias": np.ones(2), "output/bias": np.ones(3)}),
            ValueError,
            r"shape \(4,\) cannot become those of \(3,\)",
        ),
        (
            lambda d: d.update({"code/weights": np.ones((3, 2)), "tied_dense_0/weights": 1.0}),
            ValueError,
            r"shape \(2, 3\) cannot become",
        ),
        (
            lambda d: d.update(
                {"code/weights": np.ones((3, 2)), "tied_dense_0/weights": np.zeros((2, 3))}
            ),
            ValueError,
            "Tied weights",
        ),
    ],
)
def test_a_wrong_change_changes_nothing(change, error, words):
    model = Autoencoder((3, 2), **FEW).fit(X)
    before = model._network.parameters.copy()
    with pytest.raises(error, match=words):
        change(model.named_parameters_)
    assert_array_equal(model._network.parameters, before)


def test_a_wrong_shape_among_coefs_changes_nothing():
    model = MLPClassifier((3,), **FEW).fit(X, Y)
    before = model._network.parameters.copy()
    with pytest.raises(ValueError, match=r"shape \(3, 3\) cannot become those of \(3,\)"):
        model.coefs_ = [np.ones((4, 3)), np.ones(3)]
    assert_array_equal(model._network.parameters, before)


def test_pickles_of_them_are_copies():
    model = MLPClassifier((3,), **FEW).fit(X, Y)
    copy = pickle.loads(pickle.dumps(model.named_parameters_))
    assert type(copy) is dict
    copy["output/bias"][...] = 7
    assert not (model.intercepts_[1] == 7).any()
