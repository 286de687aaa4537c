"""Augmentation: what all of them have in common, and what they refuse."""

import pickle
import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

from skdeep.augmentation import (
    AUGMENTATIONS,
    Affine,
    Augmentation,
    Compose,
    GaussianNoise,
    ImageAugmentation,
    Mixup,
    RandomFlip,
    RandomRotation,
    RandomShift,
    RandomZoom,
)
from skdeep.training.batches import Batch

ALL = [
    RandomShift(),
    RandomRotation(),
    RandomZoom(),
    RandomFlip(),
    GaussianNoise(),
    Mixup(),
    Compose([RandomRotation(), RandomShift(1), GaussianNoise(), RandomZoom(), Mixup()]),
]
every = pytest.mark.parametrize("augmentation", ALL, ids=lambda given: type(given).__name__)
on_both_kernels = pytest.mark.usefixtures("kernels")


def _images(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def _batch(n=12, n_features=36, n_outputs=3, dtype=np.float64, weights=None, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, n_features)).astype(dtype)
    return Batch(x, np.eye(n_outputs, dtype=dtype)[rng.integers(0, n_outputs, n)], weights, n)


def _stream(seed=0):
    return np.random.Generator(np.random.SFC64(seed))


def test_names():
    assert dict(AUGMENTATIONS) == {
        "random_shift": RandomShift,
        "random_rotation": RandomRotation,
        "random_zoom": RandomZoom,
        "random_flip": RandomFlip,
        "gaussian_noise": GaussianNoise,
        "mixup": Mixup,
    }
    assert AUGMENTATIONS.resolve("random_shift").max_shift == 2


# every augmentation


@on_both_kernels
@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_batch_changes_in_place_by_the_stream_alone(augmentation, dtype):
    batches = [_batch(dtype=dtype) for _ in range(3)]
    for batch, seed in zip(batches, (0, 0, 1), strict=True):
        x, y = batch.x, batch.y
        augmentation.apply(batch, (6, 6, 1), _stream(seed))
        assert batch.x is x
        assert batch.y is y
        assert x.dtype == y.dtype == dtype
        assert np.isfinite(x).all()
    assert_array_equal(batches[0].x, batches[1].x)
    assert not np.array_equal(batches[0].x, batches[2].x)
    assert not np.array_equal(batches[0].x, _batch(dtype=dtype).x)


@every
def test_only_mixup_touches_the_targets(augmentation):
    batch, mixes = _batch(), "Mixup" in repr(augmentation)
    augmentation.apply(batch, (6, 6, 1), _stream())
    assert np.array_equal(batch.y, _batch().y) != mixes


@every
def test_stays_a_plain_component(augmentation):
    before = repr(augmentation)
    augmentation.sample(_images((4, 6, 6)))
    for copy in (clone(augmentation), pickle.loads(pickle.dumps(augmentation))):
        assert repr(copy) == repr(augmentation) == before
    assert vars(augmentation).keys() == augmentation.get_params(deep=False).keys()


@every
@pytest.mark.parametrize("shape", [(5, 36), (5, 6, 6), (5, 6, 6, 2), (0, 6, 6)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_sample_is_an_augmented_copy(augmentation, shape, dtype):
    X = (100 * np.random.default_rng(0).random(shape)).astype(dtype)
    before = X.copy()
    samples = [augmentation.sample(X, shape=(6, 6, *shape[3:]), random_state=7) for _ in range(2)]
    assert_array_equal(X, before)
    assert_array_equal(*samples)
    assert samples[0].shape == shape
    assert samples[0].dtype == (np.float32 if dtype == np.float32 else np.float64)


def test_sample_takes_the_shape_of_images_of_lists_and_of_channels():
    X = _images((4, 5, 6, 2))
    flip = RandomFlip(p=1.0)
    assert_array_equal(flip.sample(X), X[:, :, ::-1])
    assert_array_equal(flip.sample(X[..., 0].tolist()), X[:, :, ::-1, 0])
    assert_array_equal(flip.sample(X.reshape(4, -1), (5, 6, 2)).reshape(X.shape), X[:, :, ::-1])


def test_sample_takes_a_generator():
    X = _images((4, 5, 6))
    rng = np.random.default_rng(3)
    first, second = (GaussianNoise().sample(X, random_state=rng) for _ in range(2))
    assert_array_equal(first, GaussianNoise().sample(X, random_state=3))
    assert not np.array_equal(first, second)


# the users' own


def test_a_transform_of_ones_own():
    class Double(Augmentation):
        def transform(self, x, rng):
            return 2 * x

    batch = _batch()
    Double().apply(batch, None, _stream())
    assert_array_equal(batch.x, 2 * _batch().x)
    assert_array_equal(Compose([Double(), Double()]).sample([[1, 2]]), [[4, 8]])


def test_images_of_ones_own():
    class Transpose(ImageAugmentation):
        def transform(self, images, rng):
            assert images.shape == (12, 3, 4, 3)
            return images[:, ::-1]

    batch = _batch()
    Transpose().apply(batch, (3, 4, 3), _stream())
    assert_array_equal(batch.x.reshape(12, 3, 12), _batch().x.reshape(12, 3, 12)[:, ::-1])


@pytest.mark.parametrize(
    ("image_shape", "shape", "full"),
    [
        ((12,), None, (1, 12, 1)),
        ((3, 4), None, (3, 4, 1)),
        ([2, 3, 2], None, (2, 3, 2)),
        (None, (3, 4, 1), (3, 4, 1)),
        ((3, 4), (3, 4, 1), (3, 4, 1)),
        ((4, 3), (1, 4, 3), (1, 4, 3)),
    ],
)
def test_shapes(image_shape, shape, full):
    shift = RandomShift(1, image_shape=image_shape)
    shift.validate()
    shift.check(12, shape)
    assert shift.resolve(12, shape) == full


def test_a_shape_that_contradicts_the_input():
    with pytest.raises(ValueError, match=r"image_shape=\(4, 3\) contradicts"):
        RandomShift(1, image_shape=(4, 3)).check(12, (3, 4, 1))


@pytest.mark.parametrize("base", [Augmentation, ImageAugmentation])
def test_a_transform_must_return_what_it_is_given(base):
    class Forgetful(base):
        def transform(self, x, rng):
            x *= 2

    with pytest.raises(ValueError, match=r"Forgetful.transform must return .* got NoneType"):
        Forgetful().sample(np.ones((2, 3, 4)))


# bad calls


class Nothing(Augmentation):
    """An augmentation that does not say what it does."""


@pytest.mark.parametrize(
    ("augmentation", "error", "words"),
    [
        (
            RandomShift(0),
            ValueError,
            "max_shift must be an integer in [1, inf), got 0",
        ),
        (RandomShift(1.5), TypeError, "max_shift must be an integer"),
        (RandomRotation(-1), ValueError, "max_angle must be a number in [0, 180]"),
        (RandomRotation(181), ValueError, "max_angle must be a number in [0, 180]"),
        (RandomZoom(0), ValueError, "max_zoom must be a number in (0, 1)"),
        (RandomZoom(1), ValueError, "max_zoom must be a number in (0, 1)"),
        (RandomFlip(p=1.1), ValueError, "p must be a number in [0, 1]"),
        (RandomFlip(vertical=1), TypeError, "vertical must be True or False"),
        (RandomFlip(horizontal=False), ValueError, "horizontal and vertical are both False"),
        (GaussianNoise(-0.1), ValueError, "scale must be a number in [0, inf)"),
        (Mixup(0), ValueError, "alpha must be a number in (0, inf)"),
        (Mixup("0.2"), TypeError, "alpha must be a number"),
        (RandomZoom(image_shape=28), TypeError, "image_shape must be (height, width)"),
        (RandomZoom(image_shape=()), ValueError, "got ()"),
        (RandomZoom(image_shape=(1, 2, 3, 4)), ValueError, "got (1, 2, 3, 4)"),
        (RandomZoom(image_shape=(6, 0)), ValueError, "positive integers"),
        (RandomZoom(image_shape=(6.0, 6)), ValueError, "positive integers"),
        (Compose([]), ValueError, "steps must hold at least one augmentation"),
        (Compose(RandomShift()), TypeError, "steps must be a list of augmentations"),
        (Compose(["mixup"]), TypeError, "such as RandomShift(), got 'mixup'"),
        (Compose([RandomShift]), TypeError, "every step must be an augmentation object"),
        (Compose([Mixup(), GaussianNoise(-1)]), ValueError, "GaussianNoise: scale must be"),
    ],
)
def test_bad_parameters(augmentation, error, words):
    for refuse in (augmentation.validate, lambda: augmentation.sample(_images((2, 6, 6)))):
        with pytest.raises(error, match=re.escape(words)):
            refuse()


@pytest.mark.parametrize(
    ("augmentation", "shape", "words"),
    [
        (RandomShift(), None, "RandomShift does not know the shape of the images"),
        (RandomZoom(), None, "give image_shape=(height, width), (height, width, channels) or"),
        (RandomZoom(), (5, 7, 1), "images of shape (5, 7, 1) have 35 numbers, but X has 36"),
        (RandomZoom(image_shape=(6, 7)), (6, 6, 1), "images of shape (6, 7) have 42 numbers"),
        (RandomShift(6), (6, 6, 1), "max_shift=6 would move images of 6 x 6 pixels out of view"),
        (RandomShift(3), (12, 3, 1), "it must be less than 3"),
        (RandomShift(36), (1, 36, 1), "it must be less than 36"),
        (RandomRotation(), (1, 36, 1), "A signal cannot be rotated"),
        (RandomRotation(), (36, 1, 1), "at least 2 x 2 pixels; got 36 x 1"),
        (RandomFlip(vertical=True), (1, 36, 1), "vertical=True has no effect on images of 1 x 36"),
        (RandomFlip(), (36, 1, 1), "horizontal=True has no effect"),
        (Compose([Mixup(), RandomRotation()]), (1, 36, 1), "A signal cannot be rotated"),
        (Compose([Compose([RandomFlip()])]), None, "RandomFlip does not know the shape"),
    ],
)
def test_data_that_do_not_suit(augmentation, shape, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        augmentation.check(36, shape)
    with pytest.raises(ValueError, match=re.escape(words)):
        augmentation.sample(_images((2, 36)), shape)


@pytest.mark.parametrize("augmentation", [GaussianNoise(), Mixup(), Compose([Mixup()])])
def test_any_data_suit(augmentation):
    augmentation.check(7, None)
    assert augmentation.sample(_images((3, 7))).shape == (3, 7)


@pytest.mark.parametrize("shape", [(), (6,), (2, 2, 2, 2, 2)])
def test_sample_of_neither_rows_nor_images(shape):
    with pytest.raises(ValueError, match=re.escape(f"got an array of shape {shape}")):
        GaussianNoise().sample(np.zeros(shape))


def test_sample_of_a_bad_shape():
    with pytest.raises(TypeError, match=re.escape("RandomZoom: shape must be (height, width)")):
        RandomZoom().sample(np.zeros((2, 36)), shape=36)


@pytest.mark.parametrize(
    ("given", "words"),
    [(Nothing(), "Nothing must define transform"), (Affine(), "Affine must define maps")],
)
def test_a_base_class_says_what_is_missing(given, words):
    with pytest.raises(NotImplementedError, match=words):
        given.sample(_images((2, 6, 6)))
