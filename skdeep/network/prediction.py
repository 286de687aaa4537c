"""Prediction in blocks of rows, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeep.kernels.blas import few_threads
from skdeep.network.network import Network

_ELEMENTS = 2**20  # numbers in the largest array: about what the caches hold
_LEAST_ROWS = 64


def block_rows(network: Network) -> int:
    """Return how many rows are predicted at once, so that the largest array stays in the caches."""
    return max(_LEAST_ROWS, _ELEMENTS // max(leaf.widest for leaf in network.leaves))


def scores(network: Network, X: Any) -> np.ndarray:
    """Return the network's scores in its own precision, of shape (n_samples, n_outputs)."""
    return through(network, X, 0, None)


def through(network: Network, X: Any, start: int, stop: int | None) -> np.ndarray:
    """Return the outputs of a part of the network's chain, in the network's own precision."""
    n = X.shape[0]
    block = n if n <= _LEAST_ROWS else min(n, block_rows(network))
    with few_threads(block * network.multiplications):
        if n == block:
            return network.through(_converted(X, network.dtype), start, stop)
        out = np.empty((n, network.chain[start:stop][-1].n_outputs), network.dtype)
        for first in range(0, n, block):
            rows = slice(first, first + block)
            out[rows] = network.through(_converted(X[rows], network.dtype), start, stop)
        return out


def reduced(
    network: Network, X: Any, reduce: Callable[[slice, np.ndarray], np.ndarray]
) -> np.ndarray:
    """Return what a function makes of the network's scores, which are never held as a whole.

    Parameters
    ----------
    network : Network
    X : ndarray or CSR matrix of shape (n_samples, n_features)
    reduce : callable
        Takes the rows of a block and their scores; returns an array with an entry for each row.
    """
    n = X.shape[0]
    block = n if n <= _LEAST_ROWS else block_rows(network)
    if n <= block:
        return reduce(slice(0, n), scores(network, X))
    blocks = (slice(start, start + block) for start in range(0, n, block))
    return np.concatenate([reduce(rows, scores(network, X[rows])) for rows in blocks])


def _converted(x, dtype):
    return x.astype(dtype, copy=False) if issparse(x) else np.asarray(x, dtype)
