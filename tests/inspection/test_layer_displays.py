"""Outputs of hidden layers, and weights as images."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits

from skdeep import CNNClassifier, MLPClassifier
from skdeep.initializers import INITIALIZERS, Normal
from skdeep.inspection import ActivationStatisticsDisplay, WeightImageDisplay

ONE_EPOCH = {"max_iter": 1, "n_iter_no_change": np.inf, "random_state": 0}


def test_outputs_of_a_trained_network(model, iris):
    X, _ = iris
    first, second = ActivationStatisticsDisplay.from_estimator(model, X, draw=False).outputs[
        "MLPClassifier"
    ]
    expected = np.maximum(X @ model.coefs_[0] + model.intercepts_[0], 0)
    assert_allclose(first, expected, atol=1e-5)
    expected = np.maximum(expected @ model.coefs_[1] + model.intercepts_[1], 0)
    assert_allclose(second, expected, atol=1e-5)


def test_outputs_of_filters():
    X, y = load_digits(return_X_y=True)
    model = CNNClassifier((5,), input_shape=(8, 8), conv_layers=((3, 3),), **ONE_EPOCH)
    model.fit(X, y)
    outputs = ActivationStatisticsDisplay.from_estimator(model, X[:10], draw=False).outputs[
        "CNNClassifier"
    ]
    assert [values.shape for values in outputs] == [(10, 8 * 8 * 3), (10, 5)]


def test_no_hidden_layers(iris):
    model = MLPClassifier((), **ONE_EPOCH).fit(*iris)
    with pytest.raises(ValueError, match="no hidden layers"):
        ActivationStatisticsDisplay.from_estimator(model, iris[0], draw=False)


def test_spreads_under_inits():
    """Small weights vanish, large ones saturate, scaled ones keep their spread."""
    inits = ["zeros", "normal", Normal(scale=1.0), "he_normal"]
    options = {"hidden_layer_sizes": (100,) * 5, "random_state": 0}
    tanh = ActivationStatisticsDisplay.from_inits(inits, **options, draw=False).outputs
    assert list(tanh) == ["zeros", "normal", "Normal(scale=1.0)", "he_normal"]
    spreads = {init: [values.std() for values in layers] for init, layers in tanh.items()}
    assert spreads["zeros"] == [0] * 5
    # each layer multiplies the spread by about 0.01 sqrt(100)
    assert_allclose(spreads["normal"], 10.0 ** -np.arange(1, 6), rtol=0.15)
    assert (np.abs(tanh["Normal(scale=1.0)"][-1]) > 0.99).mean() > 0.7
    relu = ActivationStatisticsDisplay.from_inits(
        ["he_normal"], activation="relu", **options, draw=False
    )
    squares = [np.square(values).mean() for values in relu.outputs["he_normal"]]
    assert_allclose(squares, 1, rtol=0.5)


def test_every_init_and_the_users_inputs():
    X = np.random.default_rng(0).random((7, 3))
    outputs = ActivationStatisticsDisplay.from_inits(
        X=X, hidden_layer_sizes=(4, 2), draw=False
    ).outputs
    assert list(outputs) == list(INITIALIZERS)
    assert all([v.shape for v in layers] == [(7, 4), (7, 2)] for layers in outputs.values())
    expected = np.tanh(0.1 * X.sum(axis=1, keepdims=True)) * np.ones(4)
    assert_allclose(outputs["constant"][0], expected)


def test_histograms_count_everything(plt):
    display = ActivationStatisticsDisplay.from_inits(
        ["normal", "he_normal"], hidden_layer_sizes=(10, 8), random_state=0, bins=15
    )
    assert display.axes_.shape == (2, 2)
    for init, layers in display.outputs.items():
        for bars, values in zip(display.bars_[init], layers, strict=True):
            assert len(bars) == 15
            assert sum(bar.get_height() for bar in bars) == values.size
    limits = {tuple(np.round([b[0].get_x() for b in bars], 9)) for bars in display.bars_.values()}
    assert len(set(next(iter(limits)))) == 1  # one range for all


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"inits": ["hee"]}, "Unknown init 'hee'; known are"),
        ({"activation": "rely"}, "Unknown activation 'rely'"),
        ({"hidden_layer_sizes": ()}, "at least one layer"),
    ],
)
def test_inits_refuse(arguments, words):
    with pytest.raises(ValueError, match=words):
        ActivationStatisticsDisplay.from_inits(**arguments, draw=False)


@pytest.fixture(scope="module")
def digits():
    return load_digits(return_X_y=True)


def test_units_as_images(digits, plt):
    model = MLPClassifier((30,), **ONE_EPOCH).fit(*digits)
    display = WeightImageDisplay.from_estimator(model, draw=False)
    assert display.images.shape == (25, 8, 8)
    assert_array_equal(display.images[3], model.coefs_[0][:, 3].reshape(8, 8))
    assert display.titles[3] == "unit 3"
    display.plot()
    bound = np.abs(display.images).max()
    assert {image.get_clim() for image in display.images_} == {(-bound, bound)}
    assert_array_equal(display.images_[3].get_array(), display.images[3])
    assert display.colorbar_.vmax == bound
    lopsided = WeightImageDisplay(np.array([[[-1.0, 3.0]], [[0.5, 2.0]]]), ["a", "b"]).plot()
    assert {image.get_clim() for image in lopsided.images_} == {(-3.0, 3.0)}
    oblong = WeightImageDisplay.from_estimator(model, image_shape=(4, 16), n_images=40, draw=False)
    assert oblong.images.shape == (30, 4, 16)
    last = WeightImageDisplay.from_estimator(model, layer=-1, image_shape=(5, 6), draw=False)
    assert_array_equal(last.images[9], model.coefs_[1][:, 9].reshape(5, 6))


def test_filters_as_images(digits):
    X, y = digits
    model = CNNClassifier((), input_shape=(8, 8), conv_layers=((3, 3), (2, 3)), **ONE_EPOCH)
    model.fit(X, y)
    first = WeightImageDisplay.from_estimator(model, draw=False)
    assert_array_equal(first.images[2], model.coefs_[0][:, :, 0, 2])
    second = WeightImageDisplay.from_estimator(model, layer=1, draw=False)
    assert second.titles[4] == "filter 1, ch. 1"
    assert_array_equal(second.images[4], model.coefs_[1][:, :, 1, 1])
    with pytest.raises(ValueError, match="no effect on filters"):
        WeightImageDisplay.from_estimator(model, image_shape=(3, 3), draw=False)


def test_filters_of_signals_as_images(digits):
    model = CNNClassifier((), input_shape=(32, 2), conv_layers=((3, 5),), **ONE_EPOCH).fit(*digits)
    display = WeightImageDisplay.from_estimator(model, draw=False)
    assert display.images.shape == (3, 2, 5)
    assert_array_equal(display.images[1], model.coefs_[0][:, :, 1].T)


def test_images_are_copies(digits):
    model = MLPClassifier((3,), **ONE_EPOCH).fit(*digits)
    display = WeightImageDisplay.from_estimator(model, draw=False)
    before = display.images.copy()
    model.coefs_[0][...] = 0
    assert_array_equal(display.images, before)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"layer": 1}, r"6 inputs .* shape \(2, 2\); give image_shape.* height \* width = 6"),
        ({"image_shape": (2, 3)}, r"4 inputs .* shape \(2, 3\)"),
        ({"layer": 5}, "one of the 3 layers, got 5"),
        ({"n_images": 0}, "n_images must be at least 1, got 0"),
    ],
)
def test_images_refuse(arguments, words, model):
    with pytest.raises(ValueError, match=words):
        WeightImageDisplay.from_estimator(model, **arguments, draw=False)
