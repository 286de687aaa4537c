"""Prediction in blocks of rows, so that memory stays bounded."""

import numpy as np
from scipy.sparse import issparse

_ELEMENTS = 2**20  # of the widest layer: about what the caches hold


def block_rows(network):
    """Return how many rows are worked on at once."""
    return max(64, _ELEMENTS // max(layer.widest for layer in network.layers))


def scores(network, X):
    """Return the network's scores in its own precision, shape (n_samples, n_outputs)."""
    n, block = X.shape[0], block_rows(network)
    if n <= block:
        return network.scores(_converted(X, network.dtype))
    out = np.empty((n, network.architecture.n_outputs), network.dtype)
    for start in range(0, n, block):
        rows = slice(start, start + block)
        out[rows] = network.scores(_converted(X[rows], network.dtype))
    return out


def _converted(x, dtype):
    return x.astype(dtype, copy=False) if issparse(x) else np.asarray(x, dtype)
