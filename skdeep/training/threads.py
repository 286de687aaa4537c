"""Threads in training: BLAS gets one, and the largest products are divided in two here.

In single precision a product that is divided between whole blocks of rows keeps its bits. In double
precision BLAS may compute smaller products in another way, so that nothing is divided there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from skdeep.kernels.blas import LARGE, architecture, one_thread

# halves begin at a multiple of the rows that BLAS works on together, so that it has whole blocks
_ROWS = 64
_ROWS_OF = {"Haswell": 12, "Zen": 12}  # kernels of OpenBLAS that take other numbers of rows


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
    with one_thread() as allowed:
        if multiplications < LARGE or allowed < 2:
            yield np.dot
        else:
            with ThreadPoolExecutor(1) as pool:
                yield partial(split_dot, submit=_submitting(pool))


def _submitting(pool):
    """Return the pool's ``submit``; after a fork the child, which has no second thread, waits."""
    owner = os.getpid()

    def submit(function, *args):
        if os.getpid() == owner:
            return pool.submit(function, *args)
        done = Future()
        done.set_result(function(*args))
        return done

    return submit


def split_dot(a: np.ndarray, b: np.ndarray, out: np.ndarray, submit: Callable[..., Future]) -> None:
    """Write a b into ``out``; the first half of a large product is done by ``submit``."""
    rows = _ROWS_OF.get(architecture(), _ROWS)
    half = len(out) // 2 // rows * rows
    if not half or out.size * a.shape[1] < LARGE or out.dtype != np.float32:
        np.dot(a, b, out)
        return
    first = submit(np.dot, a[:half], b, out[:half])
    np.dot(a[half:], b, out[half:])
    first.result()
