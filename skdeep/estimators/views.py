"""Parameters: an estimator's, kept by its constructor, and a network's, as lists of arrays."""

from __future__ import annotations

import operator

import numpy as np


def _holds(array, values):
    return np.array_equal(array, np.asarray(values, array.dtype), equal_nan=True)


def store(estimator, arguments):
    """Keep the arguments of a constructor under their own names, as scikit-learn asks for.

    Parameters
    ----------
    estimator : object
    arguments : dict
        The constructor's ``locals()``.
    """
    vars(estimator).update((name, arguments[name]) for name in arguments if name != "self")


class ParameterList(list[np.ndarray]):
    """Views into a network's parameters of a kind, in the order of its layers.

    Changing an array changes the model, and so does assigning to an entry: the new values are
    copied into the model.
    """

    def __setitem__(self, index, values):
        try:
            layer = operator.index(index)
        except TypeError:
            raise TypeError("Assign to one layer at a time, or into its array.") from None
        self[layer][...] = values

    def replace(self, values):
        """Copy new values into every array."""
        values = list(values)
        if len(values) != len(self):
            raise ValueError(f"There are {len(self)} layers, but {len(values)} arrays were given.")
        before = [array.copy() for array in self]
        for layer, array in enumerate(values):
            self[layer] = array
        if not all(map(_holds, self, values)):
            for layer, array in enumerate(before):
                self[layer] = array
            raise ValueError(
                "Tied weights are each other's transpose, but the given ones differ; assign to one "
                "of the two layers only."
            )

    def __reduce__(self):
        return list, ([array.copy() for array in self],)
