"""Piecewise-linear functions: a number concerns its own bin, and the bins below it as a whole."""

import numpy as np
from numba.extending import register_jitable

from skdeep.kernels.compiled.jit import jit


@register_jitable
def _place(u, n_bins, real):
    """Return the bin of a number, and how far the number is through it; nan stays nan."""
    j = 0
    if u >= n_bins:
        j = n_bins - 1
    elif u > 0:
        j = int(u)
    share = u - real(j)
    if share < 0:
        share = real(0)
    elif share > 1:
        share = real(1)
    return j, share


@jit
def piecewise_map(u, weights, out):
    """Write the values of the functions: the sum of the bins below, and a share of one."""
    n_inputs, n_bins, n_units = weights.shape
    real = weights.dtype.type
    below = np.zeros((n_bins, n_units), weights.dtype)
    for i in range(n_inputs):
        for j in range(1, n_bins):
            below[j] = below[j - 1] + weights[i, j - 1]
        for row in range(u.shape[0]):
            j, share = _place(u[row, i], n_bins, real)
            for k in range(n_units):
                out[row, i * n_units + k] = below[j, k] + share * weights[i, j, k]


@jit
def piecewise_gradient(u, delta, out):
    """Write the gradient of the weights: of a row's own bin its share, of those below the whole."""
    n_inputs, n_bins, n_units = out.shape
    real = out.dtype.type
    whole = np.empty((n_bins, n_units), out.dtype)
    for i in range(n_inputs):
        whole[...] = 0
        out[i] = 0
        for row in range(u.shape[0]):
            j, share = _place(u[row, i], n_bins, real)
            for k in range(n_units):
                d = delta[row, i * n_units + k]
                whole[j, k] += d
                out[i, j, k] += share * d
        for j in range(n_bins - 2, -1, -1):
            whole[j] += whole[j + 1]
            out[i, j] += whole[j + 1]
