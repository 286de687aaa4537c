"""Constants that the type of the computation cannot hold are refused by name."""

from collections.abc import Iterator
from math import inf
from numbers import Real
from typing import Any

import numpy as np

from skdeep._component import Component
from skdeep._constraints import Number

# these are compared or counted in Python, and never enter the computation
_OUTSIDE = {"effort", "n_jobs", "random_state", "tol", "validation_fraction", "verbose"}


def check_constants(owner, params, dtype, rules):
    """Raise ValueError for a number that would be infinite, or zero though it is not.

    Parameters
    ----------
    owner : str
        The name of the class whose parameters they are, for messages.
    params : dict
        Its parameters: numbers, components and sequences of these.
    dtype : numpy.dtype
        The type to compute in.
    rules : dict of str to Number
        What the parameters may be; integers count something and are no matter.
    """
    limits = np.finfo(dtype)
    least, most = float(limits.smallest_subnormal), float(limits.max)
    for name, value in params.items():
        rule = rules.get(name)
        if name in _OUTSIDE or (isinstance(rule, Number) and rule.integer):
            continue
        for number in _numbers(value):
            size = abs(number)
            if size > most or 0 < size < least:
                raise ValueError(
                    f"{owner}: {name}={value!r} is beyond what {dtype} holds, from {least:.2g} to "
                    f"{most:.2g}; give another number, or set dtype='float64'."
                )
        for component in _components(value):
            kind = type(component)
            check_constants(
                kind.__name__, component.get_params(deep=False), dtype, kind.constraints
            )


def _items(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _items(item)
    elif isinstance(value, np.ndarray):
        yield from value.ravel().tolist()
    else:
        yield value


def _numbers(value):
    return [item for item in _items(value) if isinstance(item, Real) and abs(item) != inf]


def _components(value):
    return [item for item in _items(value) if isinstance(item, Component)]
