"""Kernels for maps: patches, pooling and affine images, against scipy and against each other."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import affine_transform
from scipy.signal import correlate

from skdeep.kernels import best
from skdeep.kernels import maps as reference

DTYPES = [np.float32, np.float64]
PATCHES = {  # (n, height, width, channels), kernel, stride
    "image": ((3, 6, 5, 2), (3, 3), (1, 1)),
    "oblong kernel": ((2, 7, 5, 3), (2, 4), (1, 1)),
    "stride 2, a rest at the borders": ((2, 8, 6, 3), (3, 3), (2, 2)),
    "stride above the kernel": ((2, 9, 8, 1), (2, 2), (3, 3)),
    "stride equals the kernel": ((2, 6, 9, 2), (3, 3), (3, 3)),
    "strides of two numbers": ((2, 9, 8, 2), (3, 2), (1, 3)),
    "strides of two other numbers": ((2, 8, 6, 3), (2, 3), (3, 2)),
    "signal": ((4, 1, 11, 2), (1, 3), (1, 1)),
    "signal, stride 2": ((1, 1, 10, 1), (1, 4), (1, 2)),
    "kernel as large as the map": ((2, 4, 3, 2), (4, 3), (1, 1)),
    "kernel of one": ((2, 3, 4, 2), (1, 1), (1, 1)),
}
WINDOWS = {  # (n, height, width, channels), window
    "even": ((3, 4, 6, 2), (2, 2)),
    "a rest at both borders": ((2, 5, 7, 3), (2, 2)),
    "oblong, a rest": ((2, 7, 5, 1), (3, 2)),
    "signal": ((2, 1, 9, 2), (1, 2)),
    "the whole map": ((2, 3, 4, 5), (3, 4)),
    "window of one": ((2, 3, 4, 2), (1, 1)),
}
over_patches = pytest.mark.parametrize("case", PATCHES.values(), ids=PATCHES)
over_windows = pytest.mark.parametrize("case", WINDOWS.values(), ids=WINDOWS)
over_types = pytest.mark.parametrize("dtype", DTYPES)


@pytest.fixture
def compiled():
    return pytest.importorskip("skdeep.kernels.compiled")


def _normal(shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def _positions(shape, kernel, stride):
    """Return the positions along both axes, and a number of filters as layers pass it."""
    sizes = zip(shape[1:3], kernel, stride, strict=True)
    return (*((size - k) // s + 1 for size, k, s in sizes), 7)


def _matrix_shape(shape, kernel, out_shape):
    return shape[0] * out_shape[0] * out_shape[1], kernel[0] * kernel[1] * shape[3]


def _gathered(kernels, maps, kernel, stride):
    out_shape = _positions(maps.shape, kernel, stride)
    matrix = np.full(_matrix_shape(maps.shape, kernel, out_shape), np.nan, maps.dtype)
    kernels.gather_patches(maps, kernel, stride, out_shape, matrix)
    return matrix


def _pooled_shape(shape, window):
    return shape[0], shape[1] // window[0], shape[2] // window[1], shape[3]


def _max_pooled(kernels, maps, window):
    out = np.full(_pooled_shape(maps.shape, window), np.nan, maps.dtype)
    places = np.full(out.shape, -1, np.int32)
    kernels.max_pool(maps, window, out, places)
    return out, places


def _mean_pooled(kernels, maps, window):
    out = np.full(_pooled_shape(maps.shape, window), np.nan, maps.dtype)
    kernels.mean_pool(maps, window, out)
    return out


def _in_windows(maps, window):
    """Return the maps as (n, height, width, channels, places within the window)."""
    n, height, width, channels = _pooled_shape(maps.shape, window)
    maps = maps[:, : height * window[0], : width * window[1]]
    blocks = maps.reshape(n, height, window[0], width, window[1], channels)
    return blocks.transpose(0, 1, 3, 5, 2, 4).reshape(n, height, width, channels, -1)


# -- patches ---------------------------------------------------------------------------------------


@over_patches
def test_patches_times_filters_are_a_correlation(case):
    shape, kernel, stride = case
    maps, filters = _normal(shape), _normal((*kernel, shape[3], 2), seed=1)
    products = _gathered(reference, maps, kernel, stride) @ filters.reshape(-1, 2)
    sums = [[correlate(image, filters[..., f], mode="valid") for f in range(2)] for image in maps]
    expected = np.array(sums)[:, :, :: stride[0], :: stride[1], 0]
    height, width, _ = _positions(shape, kernel, stride)
    products = products.reshape(shape[0], height, width, 2).transpose(0, 3, 1, 2)
    assert_allclose(products, expected, atol=1e-12)


@over_patches
def test_scatter_is_the_adjoint_of_gather(case):
    shape, kernel, stride = case
    x, out_shape = _normal(shape), _positions(shape, kernel, stride)
    y, back = _normal(_matrix_shape(shape, kernel, out_shape), seed=1), np.zeros(shape)
    reference.scatter_patches(y, kernel, stride, out_shape, back)
    gathered = _gathered(reference, x, kernel, stride)
    assert np.vdot(gathered, y) == pytest.approx(np.vdot(x, back), rel=1e-11)


def test_scatter_adds_to_what_is_there():
    shape, kernel, stride = PATCHES["image"]
    out_shape = _positions(shape, kernel, stride)
    maps, matrix = np.ones(shape), np.zeros(_matrix_shape(shape, kernel, out_shape))
    reference.scatter_patches(matrix, kernel, stride, out_shape, maps)
    assert_array_equal(maps, 1)


@over_types
@over_patches
def test_twin_of_gather(compiled, case, dtype):
    shape, kernel, stride = case
    maps = _normal(shape, dtype=dtype)
    plain, fast = (_gathered(kernels, maps, kernel, stride) for kernels in (reference, compiled))
    assert_array_equal(fast, plain)


@over_types
@over_patches
def test_twin_of_scatter(compiled, case, dtype):
    shape, kernel, stride = case
    out_shape = _positions(shape, kernel, stride)
    matrix = _normal(_matrix_shape(shape, kernel, out_shape), dtype=dtype)
    plain, fast = _normal(shape, 1, dtype), _normal(shape, 1, dtype)
    reference.scatter_patches(matrix, kernel, stride, out_shape, plain)
    compiled.scatter_patches(matrix, kernel, stride, out_shape, fast)
    digits = 16 * np.finfo(dtype).eps
    assert_allclose(fast, plain, rtol=digits, atol=digits)


# -- pooling ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ties", [False, True])
@over_windows
def test_max_pool_finds_the_first_maximum(case, ties):
    shape, window = case
    maps = np.random.default_rng(0).integers(-2, 2, shape).astype(float) if ties else _normal(shape)
    out, places = _max_pooled(reference, maps, window)
    assert_array_equal(out, _in_windows(maps, window).max(axis=-1))
    assert_array_equal(places, _in_windows(maps, window).argmax(axis=-1))


@over_windows
def test_max_unpool_is_the_derivative(case):
    shape, window = case
    rng = np.random.default_rng(0)
    maps = rng.permutation(float(np.prod(shape)) - np.arange(np.prod(shape))).reshape(shape)
    step = rng.uniform(-0.4, 0.4, shape)  # gaps are 1: no maximum changes its place
    out, places = _max_pooled(reference, maps, window)
    delta, gradient = rng.standard_normal(out.shape), np.full(shape, np.nan)
    reference.max_unpool(delta, window, places, gradient)
    change = _max_pooled(reference, maps + step, window)[0] - out
    assert np.vdot(delta, change) == pytest.approx(np.vdot(gradient, step), rel=1e-10)
    assert np.count_nonzero(gradient) == delta.size


@over_windows
def test_mean_pool(case):
    shape, window = case
    maps = _normal(shape)
    expected = _in_windows(maps, window).mean(axis=-1)
    assert_allclose(_mean_pooled(reference, maps, window), expected, atol=1e-14)


@over_windows
def test_mean_unpool_is_the_adjoint(case):
    shape, window = case
    x, y, back = _normal(shape), _normal(_pooled_shape(shape, window), 1), np.full(shape, np.nan)
    reference.mean_unpool(y, window, back)
    pooled = _mean_pooled(reference, x, window)
    assert np.vdot(pooled, y) == pytest.approx(np.vdot(x, back), rel=1e-11)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", range(6))
def test_what_is_not_finite_passes_through_pooling(kernels, number, place):
    maps = _normal((1, 2, 3, 2))
    maps[0, place // 3, place % 3, 1] = number
    out, places = np.zeros((1, 1, 1, 2)), np.zeros((1, 1, 1, 2), np.int32)
    best("max_pool")(maps, (2, 3), out, places)
    assert_array_equal(out.ravel(), maps.max(axis=(0, 1, 2)))
    best("mean_pool")(maps, (2, 3), out)
    assert_allclose(out.ravel(), maps.mean(axis=(0, 1, 2)), rtol=1e-14)


@pytest.mark.parametrize("ties", [False, True])
@over_types
@over_windows
def test_twins_of_max_pooling(compiled, case, dtype, ties):
    shape, window = case
    maps = _normal(shape, dtype=dtype)
    maps = maps.round() if ties else maps
    (plain, places), (fast, fast_places) = (
        _max_pooled(kernels, maps, window) for kernels in (reference, compiled)
    )
    assert_array_equal(fast, plain)
    assert_array_equal(fast_places, places)
    delta = _normal(plain.shape, 1, dtype)
    plain, fast = np.full(shape, np.nan, dtype), np.full(shape, np.nan, dtype)
    reference.max_unpool(delta, window, places, plain)
    compiled.max_unpool(delta, window, places, fast)
    assert_array_equal(fast, plain)


@over_types
@over_windows
def test_twins_of_mean_pooling(compiled, case, dtype):
    shape, window = case
    maps, digits = _normal(shape, dtype=dtype), 8 * np.finfo(dtype).eps
    plain, fast = (_mean_pooled(kernels, maps, window) for kernels in (reference, compiled))
    assert_allclose(fast, plain, rtol=digits, atol=digits)
    delta = _normal(plain.shape, 1, dtype)
    plain, fast = np.full(shape, np.nan, dtype), np.full(shape, np.nan, dtype)
    reference.mean_unpool(delta, window, plain)
    compiled.mean_unpool(delta, window, fast)
    assert_allclose(fast, plain, rtol=digits)


# -- affine images ---------------------------------------------------------------------------------


def _resampled(images, matrix, offset, fill=0.0, nearest=False):
    """Return the images seen through one affine map."""
    out = np.full_like(images, np.nan)
    matrices, offsets = np.tile(matrix, (len(images), 1, 1)), np.tile(offset, (len(images), 1))
    matrices, offsets = matrices.astype(float), offsets.astype(float)
    best("resample")(images, matrices, offsets, fill, nearest, out)
    return out


@over_types
def test_the_identity_gives_the_images(kernels, dtype):
    images = _normal((3, 5, 4, 2), dtype=dtype)
    assert_array_equal(_resampled(images, np.eye(2), [0, 0]), images)


BORDERS = {
    "nothing": ({}, {}),
    "a number": ({"fill": -2.5}, {"constant_values": -2.5}),
    "the nearest": ({"nearest": True}, {"mode": "edge"}),
}
over_borders = pytest.mark.parametrize(("given", "padding"), BORDERS.values(), ids=BORDERS)


@over_borders
@over_types
@pytest.mark.parametrize(("down", "right"), [(1, 0), (0, -1), (2, 3), (-4, 1), (9, 0)])
def test_whole_shifts_are_exact(kernels, dtype, down, right, given, padding):
    images = _normal((2, 5, 4, 2), dtype=dtype)
    padded = np.pad(images, ((0, 0), (9, 9), (9, 9), (0, 0)), **padding)
    expected = padded[:, 9 + down : 14 + down, 9 + right : 13 + right]
    assert_array_equal(_resampled(images, np.eye(2), [down, right], **given), expected)


@over_types
@pytest.mark.parametrize(("fill", "nearest"), [(0.0, False), (7.5, False), (0.0, True)])
def test_each_image_has_a_map_of_its_own(kernels, dtype, fill, nearest):
    rng, n = np.random.default_rng(0), 12
    images, out = _normal((n, 6, 9, 2), dtype=dtype), np.full((n, 6, 9, 2), np.nan, dtype)
    matrices, offsets = np.eye(2) + rng.normal(0, 0.4, (n, 2, 2)), rng.normal(0, 3, (n, 2))
    best("resample")(images, matrices, offsets, fill, nearest, out)
    settings = {"order": 1, "mode": "nearest" if nearest else "grid-constant", "cval": fill}
    for i in range(n):
        for c in range(2):
            image = images[i, ..., c].astype(float)
            expected = affine_transform(image, matrices[i], offsets[i], **settings)
            assert_allclose(out[i, ..., c], expected, atol=8 * np.finfo(dtype).eps * (1 + fill))
    assert (out == fill).any() != nearest
    assert (out != 0).any(axis=(1, 2, 3)).sum() > n / 2
