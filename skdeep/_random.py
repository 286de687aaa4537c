"""Random states that users pass: a call that fails leaves them as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def put_back_after_errors(random_state: Any) -> Iterator[None]:
    """Put a ``RandomState`` back to where it is now if anything is raised within.

    What is no ``RandomState`` is left alone, and so is numpy's own, which others draw from, too.
    """
    is_given = isinstance(random_state, np.random.RandomState)
    before = random_state.get_state() if is_given else None
    try:
        yield
    except BaseException:
        if is_given:
            random_state.set_state(before)
        raise
