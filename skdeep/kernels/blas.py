"""How many threads BLAS uses: one, while training or all but the smallest predictions are at work.

Small matrix products get slower with more BLAS threads; beside other busy processes, a hundredfold,
as every product waits for all of its threads to have their turn. In larger ones the number of
threads changes the last bits of the result.

The number belongs to the process: who comes first sets it, and who leaves last gives it back. It is
never raised.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import RLock, get_ident
from typing import Any

from threadpoolctl import ThreadpoolController

SMALL = 2**18  # multiplications up to which OpenBLAS takes one thread by itself
LARGE = 40_000_000  # multiplications from which on a second thread was seen to pay

_lock = RLock()  # a signal's handler may predict while its thread is here
_users: Counter[int] = Counter()  # threads, and how many limits each of them is within
_before: dict[Any, int] = {}  # libraries that are limited, and the threads that they had


@contextmanager
def one_thread() -> Iterator[int]:
    """Limit BLAS to one thread; yield how many this thread may use of its own accord.

    These are as many as BLAS had, if nobody else is within such a limit, or else one.
    """
    allowed = _enter(_libraries())
    try:
        yield allowed
    finally:
        _leave()


@contextmanager
def few_threads(multiplications: int) -> Iterator[int]:
    """Limit BLAS to one thread; yield among how many the rows of a prediction may be divided.

    The smallest predictions have one thread anyway, and are spared the ten microseconds of the
    limit.

    Parameters
    ----------
    multiplications : int
        How many the prediction has at most.
    """
    if multiplications <= SMALL:
        yield 1
        return
    allowed = _enter(_libraries_of_numpy())
    try:
        yield max(1, min(allowed, 2 * multiplications // LARGE))
    finally:
        _leave()


def _enter(libraries):
    with _lock:
        is_first = not _users
        _users[get_ident()] += 1
        for library in libraries:
            if library not in _before:
                _before[library] = library.num_threads or 1
                _set(library, 1)
        return max(_before.values(), default=1) if is_first else 1


def _leave():
    with _lock:
        me = get_ident()
        _users[me] -= 1
        if not _users[me]:
            del _users[me]
        if not _users:
            _give_back()


def _give_back():
    for library, number in _before.items():
        _set(library, number)
    _before.clear()


def _set(library, number):
    library.set_num_threads(number)
    # no thread stays in control of BLAS, so that whoever leaves last can give it back
    getattr(library, "clear_controlling_thread", lambda: None)()


@cache
def _libraries():
    # looking for the loaded libraries takes a millisecond: once is enough
    return ThreadpoolController().select(user_api="blas").lib_controllers


@cache
def _libraries_of_numpy():
    """Return the library that comes with numpy, or all if numpy uses one of the system."""
    found = _libraries()
    return [library for library in found if "numpy" in library.filepath] or found


@cache
def architecture() -> str | None:
    """Return the processor that numpy's BLAS has chosen its kernels for, or None."""
    return next((getattr(library, "architecture", None) for library in _libraries_of_numpy()), None)


def _after_fork_in_child():
    """Forget the threads that a child does not have, and give back what they limited."""
    me = get_ident()
    for other in set(_users) - {me}:
        del _users[other]
    if _before and not _users:
        _give_back()
    _lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_lock.acquire,
        after_in_parent=_lock.release,
        after_in_child=_after_fork_in_child,
    )
