"""Shifts, rotations, zooms and flips: exact where they can be, alone and composed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage

from skdeep.augmentation import (
    AUGMENTATIONS,
    Affine,
    Augmentation,
    Compose,
    GaussianNoise,
    RandomFlip,
    RandomRotation,
    RandomShift,
    RandomZoom,
)

on_both_kernels = pytest.mark.usefixtures("kernels")


class Fixed(Affine):
    """The same map for every image."""

    def __init__(self, matrix=((1, 0), (0, 1)), shift=(0, 0), image_shape=None):
        super().__init__(image_shape)
        self.matrix, self.shift = matrix, shift

    def maps(self, n, shape, rng):
        matrices, shifts = np.array([self.matrix] * n, float), np.array([self.shift] * n, float)
        return matrices, shifts


def _rotation(degrees):
    """The matrix that the class draws, at a given angle."""

    class Given:
        def uniform(self, low, high, n):
            return np.full(n, float(degrees))

    return RandomRotation(180).maps(1, (5, 5, 1), Given())[0][0]


def _images(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def _stream(seed=0):
    return np.random.Generator(np.random.SFC64(seed))


# shifts


@on_both_kernels
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shift_moves_numbers_exactly(dtype):
    images = _images((40, 7, 8, 2)).astype(dtype)
    shifted = RandomShift(3).sample(images, random_state=0)
    shifts = RandomShift(3).maps(40, (7, 8, 2), np.random.default_rng(0))[1].astype(int)
    padded = np.pad(images, ((0, 0), (3, 3), (3, 3), (0, 0)))
    for image, one, (down, right) in zip(padded, shifted, shifts, strict=True):
        assert_array_equal(one, image[3 + down : 10 + down, 3 + right : 11 + right])


@pytest.mark.parametrize("max_shift", [1, 2])
def test_shifts_are_uniform(max_shift):
    n, side = 20_000, 2 * max_shift + 1
    images = np.zeros((n, 5, 5))
    images[:, 2, 2] = 1
    counts = RandomShift(max_shift).sample(images, random_state=0).sum(axis=0)
    around = slice(2 - max_shift, 3 + max_shift)
    assert counts.sum() == counts[around, around].sum() == n
    expected = n / side**2
    assert_allclose(counts[around, around], expected, atol=5 * np.sqrt(expected))


@on_both_kernels
@pytest.mark.parametrize("shape", [(9,), (1, 9), (9, 1)])
def test_signals_shift_along_their_length(shape):
    signals = np.zeros((200, 9))
    signals[:, 4] = 1
    shifted = RandomShift(4, image_shape=shape).sample(signals, random_state=0)
    assert_array_equal(shifted.sum(axis=1), 1)
    assert set(shifted.argmax(axis=1)) == set(range(9))


# rotations


@on_both_kernels
@pytest.mark.parametrize("size", [5, 8, 9])
@pytest.mark.parametrize("turns", [-1, 0, 1, 2])
def test_quarter_turns(size, turns):
    images = _images((3, size, size, 2))
    rotated = Fixed(_rotation(90 * turns)).sample(images)
    assert_allclose(rotated, np.rot90(images, turns, axes=(1, 2)), atol=1e-12)


@on_both_kernels
def test_rotation_by_zero_is_the_identity():
    images = _images((3, 5, 8, 2))
    assert_array_equal(RandomRotation(0).sample(images, random_state=0), images)


@on_both_kernels
@pytest.mark.parametrize("angle", [-40.0, 10.0, 25.0])
def test_rotation_against_scipy(angle):
    image = _images((6, 9))
    expected = ndimage.rotate(image, angle, reshape=False, order=1, mode="grid-constant")
    assert_allclose(Fixed(_rotation(angle)).sample([image])[0], expected, atol=1e-12)


def test_angles_are_uniform():
    matrices, shifts = RandomRotation(30).maps(20_000, (5, 5, 1), _stream())
    assert_allclose(matrices @ matrices.transpose(0, 2, 1), [np.eye(2)] * 20_000, atol=1e-12)
    angles = np.rad2deg(np.arctan2(matrices[:, 0, 1], matrices[:, 0, 0]))
    assert_allclose(np.quantile(angles, [0, 0.25, 0.5, 0.75, 1]), [-30, -15, 0, 15, 30], atol=0.7)
    assert not shifts.any()


# zooms


@on_both_kernels
@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_zoom_of_a_slope(factor):
    # linear interpolation is exact on a slope, and the centre stays where it is
    rows, columns = np.mgrid[-3:4, -4:5].astype(float)
    zoomed = Fixed(np.eye(2) / factor).sample([10 + 2 * rows + 3 * columns])[0]
    expected = 10 + (2 * rows + 3 * columns) / factor
    within = (abs(rows) <= 3 * factor) & (abs(columns) <= 4 * factor)
    assert_allclose(zoomed[within], expected[within], atol=1e-12)
    beyond = (abs(rows) >= 4 * factor) | (abs(columns) >= 5 * factor)
    assert_array_equal(zoomed[beyond], 0)


def test_factors_are_uniform():
    matrices, shifts = RandomZoom(0.4).maps(20_000, (5, 5, 1), _stream())
    assert_array_equal(matrices[:, 0, 0], matrices[:, 1, 1])
    assert not matrices[:, [0, 1], [1, 0]].any()
    assert not shifts.any()
    factors = 1 / matrices[:, 0, 0]
    quantiles = np.quantile(factors, [0, 0.25, 0.5, 0.75, 1])
    assert_allclose(quantiles, np.linspace(0.6, 1.4, 5), atol=0.02)


@on_both_kernels
def test_a_signal_is_stretched():
    slope = np.arange(-5.0, 6)
    zoomed = RandomZoom(0.5, image_shape=(11,)).sample([slope] * 50, random_state=0)
    steps = zoomed[:, 6] - zoomed[:, 5]
    assert_allclose(zoomed[:, 3:8], steps[:, None] * slope[3:8], atol=1e-12)
    assert steps.min() < 0.75
    assert steps.max() > 1.5


# flips


@on_both_kernels
@pytest.mark.parametrize("shape", [(20, 5, 6, 2), (20, 6, 5, 1)])
def test_flips(shape):
    images = _images(shape)
    assert_array_equal(RandomFlip(p=1.0).sample(images), images[:, :, ::-1])
    vertical = RandomFlip(horizontal=False, vertical=True, p=1.0)
    assert_array_equal(vertical.sample(images), images[:, ::-1])
    assert_array_equal(RandomFlip(vertical=True, p=1.0).sample(images), images[:, ::-1, ::-1])
    assert_array_equal(RandomFlip(vertical=True, p=0.0).sample(images), images)


def test_a_flipped_signal_is_reversed():
    signals = _images((5, 7))
    assert_array_equal(RandomFlip(p=1, image_shape=(7,)).sample(signals), signals[:, ::-1])


def test_directions_are_drawn_by_themselves():
    corners = np.tile([[1.0, 0.0], [0.0, 0.0]], (20_000, 1, 1))
    shares = RandomFlip(vertical=True, p=0.3).sample(corners, random_state=0).mean(axis=0)
    assert_allclose(shares, [[0.49, 0.21], [0.21, 0.09]], atol=0.02)


# composition


@on_both_kernels
def test_two_shifts_are_one():
    images = _images((3, 6, 7))
    there = Fixed(shift=(4, -3))
    back = Fixed(shift=(-3, 5))
    both = Compose([there, back]).sample(images)
    assert_array_equal(both, Fixed(shift=(1, 2)).sample(images))
    assert not np.array_equal(both, back.sample(there.sample(images)))


@on_both_kernels
def test_two_flips_are_none():
    images = _images((3, 5, 6))
    assert_array_equal(Compose([RandomFlip(p=1.0)] * 2).sample(images), images)


@on_both_kernels
def test_images_are_not_blurred_at_every_step():
    images = _images((3, 8, 8))
    steps = [Fixed(_rotation(10))] * 4 + [Fixed(shift=(0.5, 0)), Fixed(shift=(-0.5, 0))]
    steps += [Fixed(_rotation(-20))] * 2
    assert_allclose(Compose(steps).sample(images), images, atol=1e-12)


@on_both_kernels
def test_steps_come_in_order():
    # maps that keep all numbers in view, so that one after another gives the same
    steps = [
        RandomShift(1),
        RandomFlip(vertical=True),
        Fixed([[0, 1], [-1, 0]]),
        RandomShift(2),
        Fixed([[1, 0], [0, 2]]),
        Fixed([[1, 1], [0, 1]], (1, 0)),
    ]
    images = np.pad(_images((50, 3, 3)), ((0, 0), (9, 9), (9, 9)))
    composed = Compose(steps).sample(images, random_state=0)
    stream, expected = np.random.default_rng(0), images
    for step in steps:
        expected = step.sample(expected, random_state=stream)
    assert expected.any()
    assert_array_equal(composed, expected)


def test_what_is_not_affine_stands_between():
    class Square(Augmentation):
        def transform(self, x, rng):
            return x**2

    images = _images((3, 5, 5))
    half = Fixed(shift=(0.5, 0.0))
    expected = half.sample(half.sample(images) ** 2) ** 2
    assert_allclose(Compose([half, Square(), half, Square()]).sample(images), expected)


def test_a_compose_within_is_merged_too():
    X = _images((3, 25))
    there, back = (Fixed(shift=(s, -s), image_shape=(5, 5)) for s in (0.3, -0.3))
    nested = Compose([Compose([there]), Compose([Compose([back])])])
    assert_allclose(nested.sample(X), X, atol=1e-12)


def test_maps_of_different_images_are_not_merged():
    X = _images((3, 12))
    flips = [RandomFlip(p=1.0, image_shape=shape) for shape in ((3, 4), (2, 6))]
    expected = X.reshape(3, 3, 4)[:, :, ::-1].reshape(3, 2, 6)[:, :, ::-1].reshape(3, 12)
    assert_array_equal(Compose(flips).sample(X), expected)


def test_clone_of_a_compose_is_deep():
    given = Compose([RandomShift(3), GaussianNoise(0.5)])
    copy = AUGMENTATIONS.resolve(given)
    assert repr(copy) == "Compose(steps=[RandomShift(max_shift=3), GaussianNoise(scale=0.5)])"
    assert copy.steps[0] is not given.steps[0]


# borders


@on_both_kernels
@pytest.mark.parametrize("fill", [1, -2.5, np.float32(0.1), 0.0])
def test_a_number_comes_from_beyond_the_border(fill):
    images = _images((40, 7, 8, 2)).astype(np.float32)
    shift = RandomShift(3, fill=fill)
    shifts = shift.maps(40, (7, 8, 2), np.random.default_rng(0))[1].astype(int)
    margins = (0, 0), (3, 3), (3, 3), (0, 0)
    padded = np.pad(images, margins, constant_values=np.float32(fill))
    for image, one, (down, right) in zip(
        padded, shift.sample(images, random_state=0), shifts, strict=True
    ):
        assert_array_equal(one, image[3 + down : 10 + down, 3 + right : 11 + right])


@on_both_kernels
@pytest.mark.parametrize("cls", [RandomShift, RandomRotation, RandomZoom])
@pytest.mark.parametrize("fill", [0.7, "nearest"])
def test_a_constant_image_stays_as_it_is_with_its_own_border(cls, fill):
    images = np.full((20, 6, 9, 2), 0.7)
    assert_allclose(cls(fill=fill).sample(images, random_state=0), images, atol=1e-12)
    assert (cls().sample(images, random_state=0) < 0.6).any()


@on_both_kernels
def test_the_nearest_number_comes_from_beyond_the_border():
    shifted = Fixed(shift=(0, 2))
    shifted.fill = "nearest"
    assert_array_equal(shifted.sample([[[1, 2, 3, 4]] * 2]), [[[3, 4, 4, 4]] * 2])
    signals = RandomShift(3, image_shape=(5,), fill="nearest").sample([[1, 2, 3, 4, 5]] * 99)
    assert {tuple(signal) for signal in signals} == {
        (1, 1, 1, 1, 2),
        (1, 1, 1, 2, 3),
        (1, 1, 2, 3, 4),
        (1, 2, 3, 4, 5),
        (2, 3, 4, 5, 5),
        (3, 4, 5, 5, 5),
        (4, 5, 5, 5, 5),
    }


@on_both_kernels
def test_steps_of_one_fill_are_merged_and_of_others_not():
    images = _images((3, 6, 7))
    there, back, flip = Fixed(shift=(4, -3)), Fixed(shift=(-4, 3)), RandomFlip(p=1.0)
    there.fill = back.fill = 1.0
    assert_array_equal(Compose([there, back]).sample(images), images)
    assert_array_equal(Compose([flip, there, flip, flip, back, flip]).sample(images), images)
    aside = Fixed(shift=(-2, 1))  # with zeros
    expected = aside.sample(there.sample(images))
    assert (expected == 1).any()
    assert (expected == 0).any()
    assert_array_equal(Compose([there, aside]).sample(images), expected)
    assert_array_equal(Compose([there, flip, flip, aside]).sample(images), expected)


def test_bad_fills():
    for cls in (RandomShift, RandomRotation, RandomZoom):
        with pytest.raises(TypeError, match="or 'nearest', got 'edge' of type str"):
            cls(fill="edge").validate()
        for fill in (np.nan, np.inf, 1e39):
            with pytest.raises(ValueError, match=f"{cls.__name__}: fill must be a number in"):
                cls(fill=fill).validate()
