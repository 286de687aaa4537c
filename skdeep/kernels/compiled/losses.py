"""Losses: the mean's gradient replaces the scores, the sum of the rows' losses is returned."""

import numpy as np

from skdeep.kernels.compiled.jit import jit


@jit
def _shift(z, y):
    """Subtract each row's maximum; return -y.z a row."""
    rows = np.empty(z.shape[0], z.dtype)
    for i in range(z.shape[0]):
        highest = z[i, 0]
        for j in range(1, z.shape[1]):
            highest = z[i, j] if z[i, j] > highest else highest
        dot = z.dtype.type(0)
        for j in range(z.shape[1]):
            z[i, j] -= highest
            dot += y[i, j] * z[i, j]
        rows[i] = -dot
    return rows


@jit
def _normalise(z, y, rows, weights, scale):
    """Turn exponentials into the scaled gradient; return the weighted sum of losses."""
    total = 0.0
    for i in range(z.shape[0]):
        s = z.dtype.type(0)
        for j in range(z.shape[1]):
            s += z[i, j]
        weight = 1.0 if weights is None else float(weights[i])
        total += weight * (rows[i] + np.log(s))
        inverse = z.dtype.type(1) / s
        factor = z.dtype.type(weight * scale)
        for j in range(z.shape[1]):
            z[i, j] = (z[i, j] * inverse - y[i, j]) * factor
    return total


def cross_entropy_loss(z, y, weights, scale):
    """Softmax and cross-entropy; numpy's exp is vectorised, numba's is not."""
    rows = _shift(z, y)
    np.exp(z, out=z)
    return _normalise(z, y, rows, weights, scale)


@jit
def binary_cross_entropy_loss(z, y, weights, scale):
    """Sigmoid and cross-entropy, summed over columns."""
    total = 0.0
    one = z.dtype.type(1)
    zero = z.dtype.type(0)
    for i in range(z.shape[0]):
        weight = 1.0 if weights is None else float(weights[i])
        factor = z.dtype.type(weight * scale)
        for j in range(z.shape[1]):
            value = z[i, j]
            e = np.exp(-abs(value))
            positive = zero if value <= zero else value
            total += weight * (positive - y[i, j] * value + np.log1p(e))
            sigmoid = (one if value >= zero else e) / (one + e)
            z[i, j] = (sigmoid - y[i, j]) * factor
    return total


def mean_binary_cross_entropy_loss(z, y, weights, scale):
    """Sigmoid and cross-entropy, averaged over columns."""
    share = 1 / z.shape[1]
    return share * binary_cross_entropy_loss(z, y, weights, scale * share)


@jit
def squared_error_loss(z, y, weights, scale):
    """Half the squared error, averaged over columns."""
    total = 0.0
    share = 1 / z.shape[1]
    for i in range(z.shape[0]):
        weight = 1.0 if weights is None else float(weights[i])
        factor = z.dtype.type(weight * scale * share)
        squares = z.dtype.type(0)
        for j in range(z.shape[1]):
            residual = z[i, j] - y[i, j]
            squares += residual * residual
            z[i, j] = residual * factor
        total += weight * squares
    return 0.5 * share * total
