"""Threads in training: BLAS gets one, and the largest products are divided in two here.

Small matrix products get slower with more BLAS threads, and in larger ones the number of threads
changes the last bits of the result. In single precision a product that is divided between whole
blocks of rows keeps its bits. In double precision BLAS may compute smaller products in another way,
so that nothing is divided there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from threading import Lock
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from skdeep.network import Network

LARGE = 40_000_000  # multiplications from which on a second thread was seen to pay
_ROWS = 64  # halves begin at a multiple of this, so that BLAS works on whole blocks

_lock = Lock()
_fits = 0
_limiter = None


def largest_product(network: Network, n_rows: int) -> int:
    """Return how many multiplications the largest matrix product of a training step has."""
    return n_rows * max(leaf.multiplications for leaf in network.leaves)


@contextmanager
def training_threads(multiplications: int) -> Iterator[Callable[..., Any]]:
    """Give BLAS one thread, and yield the function for products of training: (a, b, out).

    A second thread works on large products if BLAS was allowed two and no other fit of this process
    is running. The number of BLAS threads is never raised, and given back at the end.

    Parameters
    ----------
    multiplications : int
        How many the largest product has.
    """
    with _one_blas_thread() as allowed:
        if multiplications < LARGE or allowed < 2:
            yield np.dot
        else:
            with ThreadPoolExecutor(1) as pool:
                yield partial(split_dot, submit=pool.submit)


@contextmanager
def _one_blas_thread():
    """Limit BLAS while any fit of this process is running; yield how many threads this one has.

    The number belongs to the process: the first fit sets it, and the last one gives it back.
    """
    global _fits, _limiter
    with _lock:
        _fits += 1
        allowed = 1
        if _fits == 1:
            allowed = max((library["num_threads"] for library in _blas().info()), default=1)
            _limiter = _blas().limit(limits=1)
            _let_go()
    try:
        yield allowed
    finally:
        with _lock:
            _fits -= 1
            if not _fits:
                _limiter.restore_original_limits()
                _let_go()


def _let_go():
    """Leave no thread in control of BLAS, so that whichever fit ends last can give it back."""
    for library in _blas().lib_controllers:
        getattr(library, "clear_controlling_thread", lambda: None)()


def split_dot(a: np.ndarray, b: np.ndarray, out: np.ndarray, submit: Callable[..., Future]) -> None:
    """Write a b into ``out``; the first half of a large product is done by ``submit``."""
    half = len(out) // 2 // _ROWS * _ROWS
    if not half or out.size * a.shape[1] < LARGE or out.dtype != np.float32:
        np.dot(a, b, out)
        return
    first = submit(np.dot, a[:half], b, out[:half])
    np.dot(a[half:], b, out[half:])
    first.result()


@cache
def _blas():
    # looking for the loaded libraries takes a millisecond: once is enough
    return ThreadpoolController().select(user_api="blas")
