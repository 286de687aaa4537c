"""Plain numpy kernels for maps: patches, pooling and affine images, channels last."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def gather_patches(maps, kernel, stride, out_shape, matrix):
    """Copy the patch under the kernel at every position into a row of ``matrix``.

    Parameters
    ----------
    maps : ndarray of shape (n, height, width, channels)
    kernel : tuple of int
        Height and width of a patch.
    stride : tuple of int
        The steps down and to the right.
    out_shape : tuple of int
        The numbers of positions along both axes come first.
    matrix : ndarray of shape (n * positions, kernel height * kernel width * channels)
    """
    windows = sliding_window_view(maps, kernel, axis=(1, 2))[:, :: stride[0], :: stride[1]]
    windows = windows[:, : out_shape[0], : out_shape[1]].transpose(0, 1, 2, 4, 5, 3)
    matrix.reshape(windows.shape)[...] = windows


def scatter_patches(matrix, kernel, stride, out_shape, maps):
    """Add every patch to the place in ``maps`` that ``gather_patches`` took it from."""
    height, width = out_shape[:2]
    patches = matrix.reshape(len(maps), height, width, *kernel, maps.shape[-1])
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            rows = slice(i, i + stride[0] * height, stride[0])
            columns = slice(j, j + stride[1] * width, stride[1])
            maps[:, rows, columns] += patches[:, :, :, i, j]


def _windows(maps, window, shape):
    """Yield the maps' numbers at each place within a window, arrays of a shape like ``shape``."""
    height, width = window
    for i in range(height):
        for j in range(width):
            yield maps[:, i : i + height * shape[1] : height, j : j + width * shape[2] : width]


def max_pool(maps, window, out, places):
    """Write the maximum of each window, and its place within the window counted by rows.

    Parameters
    ----------
    maps : ndarray of shape (n, height, width, channels)
    window : tuple of int
        Height and width of the windows.
    out : ndarray of shape (n, height // window height, width // window width, channels)
    places : ndarray of int32 of the same shape
    """
    for place, numbers in enumerate(_windows(maps, window, out.shape)):
        if place == 0:
            out[...] = numbers
            places[...] = 0
        else:
            places[numbers > out] = place
            np.maximum(out, numbers, out=out)


def max_unpool(delta, window, places, maps):
    """Write each window's gradient to the place of its maximum, 0 elsewhere."""
    maps[...] = 0
    for place, numbers in enumerate(_windows(maps, window, delta.shape)):
        np.multiply(delta, places == place, out=numbers)


def mean_pool(maps, window, out):
    """Write the mean of each window."""
    out[...] = 0
    for numbers in _windows(maps, window, out.shape):
        out += numbers
    out *= 1 / (window[0] * window[1])


def mean_unpool(delta, window, maps):
    """Write to each place its share of its window's gradient, 0 where there is no window."""
    maps[...] = 0
    for numbers in _windows(maps, window, delta.shape):
        np.multiply(delta, 1 / (window[0] * window[1]), out=numbers)


def resample(images, matrices, offsets, fill, nearest, out):
    """Write images seen through affine maps, by linear interpolation.

    Parameters
    ----------
    images, out : ndarray of shape (n, height, width, channels)
    matrices : ndarray of float64 of shape (n, 2, 2)
    offsets : ndarray of float64 of shape (n, 2)
        The number at p in ``out`` is taken from matrix @ p + offset in the image.
    fill : float
        What lies beyond the borders.
    nearest : bool
        Whether the nearest number of the image lies there instead.
    """
    from scipy.ndimage import affine_transform  # takes a while to load, and few need it

    for image, matrix, offset, target in zip(images, matrices, offsets, out, strict=True):
        for channel in range(images.shape[-1]):
            affine_transform(
                image[..., channel],
                matrix,
                offset,
                output=target[..., channel],
                order=1,
                mode="nearest" if nearest else "grid-constant",
                cval=fill,
            )
