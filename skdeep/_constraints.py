"""What a parameter may be, said once and checked at the door.

A class lists its ``constraints``; :func:`check` compares each parameter with them and raises an
error that says what was wrong, what was given, and what would be right.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite
from numbers import Integral, Real

import numpy as np

_BRACKETS = {"both": "[]", "left": "[)", "right": "(]", "neither": "()"}


def _is_bool(value):
    return isinstance(value, (bool, np.bool_))


def _is_alike(value, other):
    if _is_bool(value) or _is_bool(other):  # for Python, True is an integer equal to 1
        return _is_bool(value) and _is_bool(other)
    return isinstance(value, type(other))


def _is_finite(value):
    try:
        return isfinite(value)
    except OverflowError:  # an integer that no float can hold
        return False


def _is_among(value, others):
    """Whether ``value`` is one of some strings, numbers, booleans and None, its type included."""
    return any(_is_alike(value, other) and value == other for other in others)


@dataclass(frozen=True)
class Number:
    """A real number (or an integer) in an interval, or one of a few other values."""

    low: float = -inf
    high: float = inf
    closed: str = "both"
    integer: bool = False
    others: tuple = ()

    def check(self, owner, name, value):
        """Raise unless ``value`` is allowed for parameter ``name`` of ``owner``."""
        if _is_among(value, self.others):
            return
        kind = Integral if self.integer else Real
        if _is_bool(value) or not isinstance(value, kind):
            raise TypeError(self._message(owner, name, value) + f" of type {type(value).__name__}.")
        if not _is_finite(value) or not self.holds(value):
            raise ValueError(self._message(owner, name, value) + ".")

    def holds(self, value):
        """Return whether a number is within the bounds."""
        above = value >= self.low if self.closed in ("both", "left") else value > self.low
        below = value <= self.high if self.closed in ("both", "right") else value < self.high
        return above and below

    def _message(self, owner, name, value):
        return f"{owner}: {name} must be {self}, got {value!r}"

    def __str__(self):
        left, right = _BRACKETS[self.closed]
        left, right = ("(" if self.low == -inf else left), (")" if self.high == inf else right)
        noun = "an integer" if self.integer else "a number"
        words = f"{noun} in {left}{self.low}, {self.high}{right}"
        return " or ".join([words, *(repr(other) for other in self.others)])


@dataclass(frozen=True)
class Rising:
    """A number, or two or more of them in rising order."""

    number: Number

    def check(self, owner, name, value):
        """Raise unless ``value`` is a number that is allowed, or a list of such."""
        if not isinstance(value, (list, tuple, np.ndarray)):
            self.number.check(owner, name, value)
            return
        for one in value:
            self.number.check(owner, f"each {name}", one)
        if len(value) < 2 or not all(low < high for low, high in pairwise(value)):
            raise ValueError(
                f"{owner}: {name} must be a number, or a list of two or more in rising order, "
                f"got {value!r}."
            )


@dataclass(frozen=True)
class Flag:
    """``True`` or ``False``."""

    def check(self, owner, name, value):
        """Raise unless ``value`` is a boolean."""
        if not _is_bool(value):
            raise TypeError(
                f"{owner}: {name} must be True or False, got {value!r} of type "
                f"{type(value).__name__}."
            )


@dataclass(frozen=True)
class OneOf:
    """One of a few named values."""

    names: tuple

    def check(self, owner, name, value):
        """Raise unless ``value`` is one of the names."""
        if not _is_among(value, self.names):
            known = ", ".join(repr(known) for known in self.names)
            raise ValueError(f"{owner}: {name} must be one of {known}, got {value!r}.")


class Seed:
    """What ``random_state`` may be, by scikit-learn's convention."""

    def check(self, owner, name, value):
        """Raise unless random numbers can be drawn by ``value``."""
        if value is None or value is np.random or isinstance(value, np.random.RandomState):
            return
        message = (
            f"{owner}: {name} must be None, an integer in [0, 2**32 - 1] or a "
            f"numpy.random.RandomState, got {value!r}"
        )
        if isinstance(value, np.random.Generator):
            message += "; pass a seed, such as int(generator.integers(2**31))"
        if _is_bool(value) or not isinstance(value, Integral):
            raise TypeError(f"{message}, of type {type(value).__name__}.")
        if not 0 <= value < 2**32:
            raise ValueError(f"{message}.")


def check(owner, constraints, params):
    """Check every parameter that has a constraint.

    Parameters
    ----------
    owner : str
        The name of the class, for the message.
    constraints : dict of str to Number, Rising, Flag or OneOf
    params : dict of str to object

    Raises
    ------
    TypeError
        If a value has the wrong type.
    ValueError
        If a value is out of range or unknown.
    """
    for name, constraint in constraints.items():
        constraint.check(owner, name, params[name])
