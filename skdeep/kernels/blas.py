"""How many threads BLAS uses: one, while training or a smaller prediction is at work.

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
from contextlib import contextmanager, nullcontext
from functools import cache
from threading import RLock, get_ident
from typing import Any

from threadpoolctl import ThreadpoolController

SMALL = 2**18  # multiplications up to which OpenBLAS takes one thread by itself
LARGE = 40_000_000  # multiplications from which on a second thread was seen to pay

_lock = RLock()  # a signal's handler may predict while its thread is here
_users: Counter[int] = Counter()  # threads, and how many limits each of them is within
_before: list[tuple[Any, int]] = []  # libraries that were limited, and their numbers of threads


@contextmanager
def one_thread() -> Iterator[int]:
    """Limit BLAS to one thread; yield how many this thread may use of its own accord.

    These are as many as BLAS had, if nobody else is within such a limit, or else one.
    """
    allowed = _enter()
    try:
        yield allowed
    finally:
        _leave()


def few_threads(multiplications: int) -> Any:
    """Return a context for products of up to so many multiplications: one thread if few will do."""
    return one_thread() if SMALL < multiplications < LARGE else nullcontext()


def _enter():
    with _lock:
        is_first = not _users
        _users[get_ident()] += 1
        if not is_first:
            return 1
        numbers = [(library, library.num_threads or 1) for library in _libraries()]
        _before[:] = [(library, number) for library, number in numbers if number > 1]
        _set(1 for _ in _before)
        return max((number for _, number in numbers), default=1)


def _leave():
    with _lock:
        me = get_ident()
        _users[me] -= 1
        if not _users[me]:
            del _users[me]
        if not _users:
            _give_back()


def _set(numbers):
    for (library, _), number in zip(_before, numbers, strict=True):
        library.set_num_threads(number)
    _let_go(library for library, _ in _before)


def _let_go(libraries):
    """Leave no thread in control of BLAS, so that whoever leaves last can give it back."""
    for library in libraries:
        getattr(library, "clear_controlling_thread", lambda: None)()


def _give_back():
    _set([number for _, number in _before])
    _before.clear()


@cache
def _libraries():
    # looking for the loaded libraries takes a millisecond: once is enough
    return ThreadpoolController().select(user_api="blas").lib_controllers


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
