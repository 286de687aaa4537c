"""Prediction in blocks of rows: memory stays bounded, and threads can share the work.

Threads that wait for each other only at the end lose little beside other busy processes; those of
BLAS wait in every product.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeep.kernels.blas import few_threads
from skdeep.network.network import Network

_ELEMENTS = 2**20  # numbers in the largest array: about what the caches hold
_LEAST_ROWS = 64
_WHOLE = 48  # rows: pieces of threads begin at a multiple of this, so that BLAS has whole blocks


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
    with few_threads(block * network.multiplications) as n_threads:
        if n == block and n_threads == 1:
            return network.through(_converted(X, network.dtype), start, stop)
        out = np.empty((n, network.chain[start:stop][-1].n_outputs), network.dtype)

        def fill(rows):
            out[rows] = network.through(_converted(X[rows], network.dtype), start, stop)

        _for_each(fill, _pieces(n, block, n_threads), n_threads)
        return out


def _pieces(n, block, n_threads):
    """Return slices of up to about ``block`` rows for all threads together, as even as may be."""
    if n_threads == 1:
        starts = range(0, n, block)
    else:
        n_pieces = n_threads * -(-n // block)
        starts = sorted({n * i // n_pieces // _WHOLE * _WHOLE for i in range(n_pieces)})
    return [slice(*ends) for ends in pairwise([*starts, n])]


def _for_each(call, items, n_threads):
    """Call a function with each item, on this thread and on others: whoever is free takes one."""
    n_others = min(n_threads, len(items)) - 1
    items, others = iter(items), []
    errors = {"call": np.geterrcall(), **np.geterr()}  # those of a new thread are numpy's own

    def work():
        try:
            with np.errstate(**errors):
                for item in items:
                    call(item)
        except BaseException:
            deque(items, maxlen=0)  # nothing is left for the others
            raise

    if not n_others:
        work()
        return
    with ThreadPoolExecutor(n_others) as pool:
        with suppress(RuntimeError):  # no threads are to be had, as when the interpreter ends
            others.extend(pool.submit(work) for _ in range(n_others))
        work()
    for other in others:
        other.result()  # raises what the other thread has


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
