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
        """Copy new values into every array; after an error all are as they were."""
        values = list(values)
        if len(values) != len(self):
            raise ValueError(f"There are {len(self)} layers, but {len(values)} arrays were given.")
        _write(self, values)

    def __reduce__(self):
        return list, ([array.copy() for array in self],)


class ParameterDict(dict[str, np.ndarray]):
    """Views into all parameters of a network, by the names of the layer and of the parameter.

    Changing an array changes the model, and so does assigning to an entry: the new values are
    copied into the model.
    """

    def __setitem__(self, name, values):
        if name not in self:
            raise self._unknown({name})
        self[name][...] = values

    def update(self, *values, **named):
        """Copy new values into the arrays that are named; after an error all are as they were."""
        values = dict(*values, **named)
        unknown = values.keys() - self.keys()
        if unknown:
            raise self._unknown(unknown)
        _write([self[name] for name in values], list(values.values()))

    def _unknown(self, names):
        return KeyError(f"no parameter {', '.join(sorted(names))}; there are {', '.join(self)}")

    def __ior__(self, values):
        self.update(values)
        return self

    def replace(self, values):
        """Copy new values into every array; after an error all are as they were."""
        values = dict(values)
        missing = self.keys() - values.keys()
        if missing:
            raise ValueError(
                f"Values of {', '.join(sorted(missing))} are missing; to change some parameters "
                "only, call named_parameters_.update."
            )
        self.update(values)

    def __reduce__(self):
        return dict, ({name: array.copy() for name, array in self.items()},)


def _write(arrays, values):
    """Copy values into arrays, all or none of them."""
    before = [array.copy() for array in arrays]
    try:
        for array, new in zip(arrays, values, strict=True):
            if np.shape(new) != array.shape:
                raise ValueError(
                    f"Parameters of shape {array.shape} cannot become those of {np.shape(new)}."
                )
            array[...] = new
        if not all(map(_holds, arrays, values)):
            raise ValueError(
                "Tied weights are each other's transpose, but the given ones differ; assign to one "
                "of the two layers only."
            )
    except BaseException:
        for array, old in zip(arrays, before, strict=True):
            array[...] = old
        raise
