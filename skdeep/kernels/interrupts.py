"""Ctrl-C waits while something is at work that cannot be taken up again halfway."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back in the main thread until the end; only there are signals heard.

    Then the handler of the process is called, be it Python's, which raises KeyboardInterrupt, or
    the user's own. A Ctrl-C that is ignored, or ends the process at once, stays as it is.
    """
    handler = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or not callable(handler):
        yield
        return
    heard = []
    signal.signal(signal.SIGINT, lambda number, frame: heard.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if heard:
            handler(*heard[0])
