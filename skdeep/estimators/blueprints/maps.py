"""What a row of X holds: the shapes of images and signals, given or guessed."""

from dataclasses import dataclass
from math import prod
from numbers import Integral

import numpy as np

from skdeep._constraints import Number
from skdeep._warnings import warn
from skdeep.estimators.inputs import Inputs

_POSITIVE = Number(1, integer=True)
_FEW = 4  # channels: grey, colours, colours with transparency
_NEAR, _FAR = 2, 8  # sides of images differ by a smaller factor, length and channels by a larger


@dataclass(frozen=True)
class MapInputs(Inputs):
    """How an estimator checks X whose rows hold maps: flat, or of three or four dimensions.

    Parameters
    ----------
    asked : tuple of int
        The estimator's ``input_shape``, () for None.
    """

    asked: tuple[int, ...] = ()

    accept_sparse = False

    def flat(self, X, known=()):
        """Return X with flat rows, and their shape; ValueError if it is not the expected one."""
        if isinstance(X, (list, tuple)):
            X = np.asarray(X)
        shape, known = getattr(X, "shape", ()), known or self.asked
        if len(shape) > 4:
            raise ValueError(
                f"X has {len(shape)} dimensions, and the shape {tuple(shape)}; it may be of shape "
                "(n_samples, n_features), (n_samples, length, channels), (n_samples, height, width)"
                " or (n_samples, height, width, channels)."
            )
        _check_number(shape, known)
        if len(shape) not in (3, 4):
            return X, ()
        _check_row_shape(shape[1:], known)
        return np.asarray(X).reshape(shape[0], prod(shape[1:])), shape[1:]

    def warn_of_guess(self, shape):
        """Warn if the shape of rows, from which alone a layout is read, has another reading."""
        other = None if self.asked else _other_reading(shape)
        if other is not None:
            taken, (words, remedy) = as_map(shape), other
            warn(
                f"input_shape=None takes rows of X of shape {tuple(shape)} as {_words(taken)}, but "
                f"they may as well be {words}. Give input_shape={tuple(taken)} if the former is "
                f"right, and {remedy} if the latter is."
            )


def _words(shape):
    height, width, channels = shape
    if height == 1:
        return f"signals of length {width} with {channels} channel(s)"
    return f"images of {height} x {width} with {channels} channel(s)"


def _other_reading(shape):
    """Return another reading of a row's shape that is as likely, and what to do then, or None."""
    if len(shape) == 3 and _are_channels_first(*shape):
        return f"{_words((*shape[1:], shape[0]))}, channels first", "X.transpose(0, 2, 3, 1)"
    if len(shape) != 2:
        return None
    first, second = shape
    if first > 1 and first * _FAR <= second:
        return f"{_words((1, second, first))}, channels first", "X.transpose(0, 2, 1)"
    if _may_be_either(first, second):
        other = (first, second, 1) if _is_signal(first, second) else (1, first, second)
        return _words(other), f"input_shape={other}"
    return None


def _are_channels_first(first, second, third):
    """Whether (first, second, third) may as well be (channels, height, width)."""
    if third <= _FEW or (first == 1 and third * _FAR <= second):
        return False
    return first <= _FEW or (second == third != first)


def _may_be_either(first, second):
    """Whether a pair may as well be (height, width) as (length, channels)."""
    if second <= _FEW:
        return second > 1 and first < _NEAR * second
    return _NEAR * second <= first < _FAR * second


def as_map(shape):
    """Return (height, width, channels) for the shape of a row."""
    if len(shape) == 3:
        return shape
    if len(shape) == 2:
        return (1, *shape) if _is_signal(*shape) else (*shape, 1)
    return 1, shape[0], 1


def _is_signal(first, second):
    """Whether a pair means (length, channels): far longer than wide; else (height, width)."""
    return second <= _FEW or 4 * second < first


def _check_number(shape, known):
    """Raise ValueError if X is a single image or signal of the known shape."""
    if len(known) == 0 or len(shape) < 2 or prod(shape[1:]) == prod(known):
        return
    height, width, channels = full = as_map(checked_shape(known))
    ways = [full, (height, width) if channels == 1 else full, full[1:] if height == 1 else full]
    if tuple(shape) in ways:
        raise ValueError(
            f"X has the shape {tuple(shape)} of a single row, but rows are expected along its "
            "first axis; for one row say X[None]."
        )


def _check_row_shape(shape, known):
    """Raise ValueError if rows have a shape other than the known one, where there is one."""
    if len(known) == 0:
        return
    expected = as_map(checked_shape(known))
    if expected in (tuple(shape), (*shape, 1), (1, *shape)):  # a pair may mean either
        return
    are_first = tuple(shape) in ((expected[2], *expected[:2]), (expected[2], expected[1]))
    hint = " Channels seem to come first here: say np.moveaxis(X, 1, -1)." if are_first else ""
    raise ValueError(
        f"Each row of X has the shape {tuple(shape)}, but {tuple(known)} is expected: images "
        f"are (height, width) or (height, width, channels), channels last.{hint}"
    )


def checked_shape(shape):
    """Return an ``input_shape`` as a tuple; TypeError or ValueError if it is none."""
    if isinstance(shape, Integral) and not isinstance(shape, bool):
        shape = (shape,)
    if not isinstance(shape, (list, tuple)) or len(shape) not in (1, 2, 3):
        raise TypeError(
            "input_shape must be None, (length,), (length, channels), (height, width) or (height, "
            f"width, channels), got {shape!r}."
        )
    for size in shape:
        _POSITIVE.check("input_shape", "every entry", size)
    return tuple(int(size) for size in shape)
