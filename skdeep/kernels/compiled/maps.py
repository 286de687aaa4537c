"""Maps: patches, pooling and affine images, channels last."""

from math import floor

import numpy as np

from skdeep.kernels.compiled.jit import jit


@jit
def _start(maps, image, y, x):
    """Return where a position's channels start among all numbers of the maps.

    Unsigned: checks for negative indices would keep the loops from being vectorised.
    """
    line = np.uintp(image) * np.uintp(maps.shape[1]) + np.uintp(y)
    return (line * np.uintp(maps.shape[2]) + np.uintp(x)) * np.uintp(maps.shape[3])


@jit
def gather_patches(maps, kernel, stride, out_shape, matrix):
    """Copy the patch under the kernel at every position into a row of ``matrix``."""
    length = np.uintp(kernel[1] * maps.shape[3])  # a patch's row lies together in memory
    numbers, patches = maps.reshape(maps.size), matrix.reshape(matrix.size)
    to = np.uintp(0)
    for image in range(maps.shape[0]):
        for y in range(out_shape[0]):
            for x in range(out_shape[1]):
                for i in range(kernel[0]):
                    start = _start(maps, image, y * stride[0] + i, x * stride[1])
                    for j in range(length):
                        patches[to + j] = numbers[start + j]
                    to += length


@jit
def scatter_patches(matrix, kernel, stride, out_shape, maps):
    """Add every patch to the place in ``maps`` that ``gather_patches`` took it from."""
    length = np.uintp(kernel[1] * maps.shape[3])
    numbers, patches = maps.reshape(maps.size), matrix.reshape(matrix.size)
    at = np.uintp(0)
    for image in range(maps.shape[0]):
        for y in range(out_shape[0]):
            for x in range(out_shape[1]):
                for i in range(kernel[0]):
                    start = _start(maps, image, y * stride[0] + i, x * stride[1])
                    for j in range(length):
                        numbers[start + j] += patches[at + j]
                    at += length


@jit
def max_pool(maps, window, out, places):
    """Write the maximum of each window, and its place; nan passes through."""
    channels = np.uintp(maps.shape[3])
    numbers, best, place = maps.reshape(maps.size), out.reshape(out.size), places.reshape(out.size)
    to = np.uintp(0)
    for image in range(out.shape[0]):
        for y in range(out.shape[1]):
            for x in range(out.shape[2]):
                for k in range(window[0] * window[1]):
                    i, j = k // window[1], k % window[1]
                    start = _start(maps, image, y * window[0] + i, x * window[1] + j)
                    for c in range(channels):
                        number, highest = numbers[start + c], best[to + c]
                        is_better = k == 0 or number > highest or number != number
                        best[to + c] = number if is_better else highest
                        place[to + c] = k if is_better else place[to + c]
                to += channels


@jit
def max_unpool(delta, window, places, maps):
    """Write each window's gradient to the place of its maximum, 0 elsewhere."""
    _clear_rest(delta.shape, window, maps)
    channels, zero = np.uintp(maps.shape[3]), maps.dtype.type(0)
    numbers, d, place = (
        maps.reshape(maps.size),
        delta.reshape(delta.size),
        places.reshape(delta.size),
    )
    at = np.uintp(0)
    for image in range(delta.shape[0]):
        for y in range(delta.shape[1]):
            for x in range(delta.shape[2]):
                for k in range(window[0] * window[1]):
                    i, j = k // window[1], k % window[1]
                    start = _start(maps, image, y * window[0] + i, x * window[1] + j)
                    for c in range(channels):
                        numbers[start + c] = d[at + c] if place[at + c] == k else zero
                at += channels


@jit
def _clear_rest(shape, window, maps):
    """Write 0 where there is no window."""
    maps[:, shape[1] * window[0] :] = 0
    maps[:, :, shape[2] * window[1] :] = 0


@jit
def mean_pool(maps, window, out):
    """Write the mean of each window."""
    share = out.dtype.type(1 / (window[0] * window[1]))
    for image in range(out.shape[0]):
        for y in range(out.shape[1]):
            for x in range(out.shape[2]):
                mean = out[image, y, x]
                mean[:] = 0
                for k in range(window[0] * window[1]):
                    at = maps[image, y * window[0] + k // window[1], x * window[1] + k % window[1]]
                    for c in range(mean.size):
                        mean[c] += at[c]
                for c in range(mean.size):
                    mean[c] *= share


@jit
def mean_unpool(delta, window, maps):
    """Write to each place its share of its window's gradient, 0 where there is no window."""
    _clear_rest(delta.shape, window, maps)
    share = maps.dtype.type(1 / (window[0] * window[1]))
    for image in range(delta.shape[0]):
        for y in range(delta.shape[1]):
            for x in range(delta.shape[2]):
                d = delta[image, y, x]
                for k in range(window[0] * window[1]):
                    at = maps[image, y * window[0] + k // window[1], x * window[1] + k % window[1]]
                    for c in range(d.size):
                        at[c] = d[c] * share


@jit
def _number(image, y, x, c, fill):
    """Return a number of an image, ``fill`` beyond the borders."""
    inside = 0 <= y < image.shape[0] and 0 <= x < image.shape[1]
    return float(image[y, x, c]) if inside else fill


@jit
def _within(i, n, nearest):
    """Return an index, or the nearest one below n if that is asked for."""
    return min(max(i, 0), n - 1) if nearest else i


@jit
def resample(images, matrices, offsets, fill, nearest, out):
    """Write images seen through affine maps, by linear interpolation."""
    height, width = images.shape[1:3]
    for n in range(out.shape[0]):
        image, a, b = images[n], matrices[n], offsets[n]
        for y in range(out.shape[1]):
            for x in range(out.shape[2]):
                v = a[0, 0] * y + a[0, 1] * x + b[0]
                u = a[1, 0] * y + a[1, 1] * x + b[1]
                i, j = floor(v), floor(u)
                dv, du = v - i, u - j
                top, bottom = _within(i, height, nearest), _within(i + 1, height, nearest)
                left, right = _within(j, width, nearest), _within(j + 1, width, nearest)
                for c in range(out.shape[3]):
                    above = (1 - du) * _number(image, top, left, c, fill)
                    above += du * _number(image, top, right, c, fill)
                    below = (1 - du) * _number(image, bottom, left, c, fill)
                    below += du * _number(image, bottom, right, c, fill)
                    out[n, y, x, c] = (1 - dv) * above + dv * below
