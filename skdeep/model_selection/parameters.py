"""The parameter that is searched over: where it is nested, and which values it may take."""

from numbers import Integral

import numpy as np


def full_name(estimator, name):
    """Return the name under which ``set_params`` finds a parameter, e.g. in a pipeline.

    The estimator's own parameter comes first, then that of a pipeline's last step, then the only
    nested one of this name.
    """
    params = estimator.get_params()
    if name in params:
        return name
    found = [key for key in params if key.endswith(f"__{name}")]
    if hasattr(estimator, "steps"):
        last = f"{estimator.steps[-1][0]}__"
        found = [key for key in found if key.startswith(last)] or found
    if len(found) != 1:
        owner = type(estimator).__name__
        why = f"several parameters {name!r}; write one of" if found else f"no parameter {name!r} in"
        raise ValueError(f"{owner} has {why} {', '.join(sorted(found or params))}.")
    return found[0]


def check_name(owner, parameter, value):
    """Raise unless a parameter is a string."""
    if not isinstance(value, str):
        raise TypeError(f"{owner}: {parameter} must be a string, got {value!r}.")


def check_values(owner, parameter, values):
    """Return positive values as an increasing list of floats, or of ints if all are integers."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        array = np.empty(0)
    distinct = np.unique(array)
    positive = np.isfinite(array).all() and (array > 0).all()
    if array.ndim != 1 or len(distinct) < max(2, array.size) or not positive:
        raise ValueError(
            f"{owner}: {parameter} must be None or at least two different positive numbers, e.g. "
            f"np.logspace(-4, 0, 5); got {values!r}."
        )
    integers = [int(value) for value in values if isinstance(value, Integral)]
    return sorted(integers) if len(integers) == array.size else distinct.tolist()


def shown(value, digits=3):
    """Return a value for messages: an integer in full."""
    return str(value) if isinstance(value, int) else f"{value:.{digits}g}"
