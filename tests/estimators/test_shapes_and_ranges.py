"""Shapes of rows, ranges of targets, and tied weights: what contradicts itself is refused."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPRegressor
from skdeep.augmentation import GaussianNoise, RandomShift

X, y = load_digits(return_X_y=True)
X, y = X[:60] / 16, y[:60]
IMAGES = X.reshape(-1, 8, 8)


def cnn(**options):
    options = {"conv_layers": ((4, 3),), "max_iter": 2, "n_iter_no_change": np.inf, **options}
    return CNNClassifier((8,), random_state=0, **options)


def test_filters_of_images_keep_four_axes_in_maps_of_height_one():
    model = cnn(input_shape=(8, 8), conv_layers=((4, 3),) * 5).fit(X, y)
    assert [coef.shape for coef in model.coefs_[:5]] == [(3, 3, 1, 4)] + [(3, 3, 4, 4)] * 4


@pytest.mark.parametrize(
    ("rows", "input_shape", "fitted"),
    [
        ((16, 4), (16, 4, 1), (16, 4, 1)),
        ((16, 4), (1, 16, 4), (16, 4)),
        ((16, 4), None, (16, 4)),
        ((8, 8), None, (8, 8, 1)),
        ((8, 8), (1, 8, 8), (8, 8)),
        ((64,), None, (64, 1)),
    ],
)
def test_what_the_shape_of_a_row_means(rows, input_shape, fitted):
    Z = X.reshape(-1, *rows)
    model = cnn(input_shape=input_shape).fit(Z, y)
    assert model.input_shape_ == fitted
    assert model.predict(Z).tolist() == model.predict(X).tolist()


def test_flat_rows_go_on_with_the_known_shape():
    flat = cnn().partial_fit(IMAGES, y, classes=np.arange(10)).partial_fit(X, y)
    images = cnn().partial_fit(IMAGES, y, classes=np.arange(10)).partial_fit(IMAGES, y)
    assert flat.loss_ == images.loss_


def test_images_do_not_validate_a_network_of_signals():
    with pytest.raises(ValueError, match=r"X_val: Each row of X has the shape \(8, 8\)"):
        cnn().fit(X, y, X_val=IMAGES, y_val=y)


def test_an_augmentation_of_another_shape():
    with pytest.raises(ValueError, match=r"image_shape=\(64,\) contradicts"):
        cnn(input_shape=(8, 8), augmentation=RandomShift(1, (64,))).fit(X, y)


@pytest.mark.parametrize("cls", [MLPRegressor, CNNRegressor])
def test_noise_on_targets_with_a_range(cls):
    with pytest.raises(ValueError, match="target_noise=1 does not work with loss='poisson'"):
        cls(loss="poisson", target_noise=1).fit(X, y)


def test_noise_that_takes_inputs_out_of_the_range_of_the_loss():
    model = Autoencoder(loss="cross_entropy", augmentation=GaussianNoise(0.5), max_iter=2)
    with pytest.raises(ValueError, match=r"augmentation=GaussianNoise\(scale=0.5\): loss="):
        model.fit(X)


def test_tied_weights_that_differ():
    model = Autoencoder((5,), max_iter=2, n_iter_no_change=np.inf, random_state=0).fit(X)
    before = model.coefs_[0].copy()
    with pytest.raises(ValueError, match="Tied weights are each other's transpose"):
        model.coefs_ = [before + 1, before.T]
    np.testing.assert_array_equal(model.coefs_[0], before)
    model.coefs_ = [before + 1, before.T + 1]
    np.testing.assert_array_equal(model.coefs_[1], before.T + 1)


def test_codes_that_are_too_large():
    model = Autoencoder((5,), max_iter=2, n_iter_no_change=np.inf).fit(X)
    with pytest.raises(ValueError, match="X contains a value too large for float32"):
        model.inverse_transform(np.full((2, 5), 1e39))
