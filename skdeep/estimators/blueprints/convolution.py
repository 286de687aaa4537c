"""From parameters to the architecture of a convolutional network."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from skdeep._constraints import Number
from skdeep.estimators.blueprints.dense import DenseBlueprint
from skdeep.estimators.blueprints.maps import MapInputs, as_map, checked_shape
from skdeep.network import AveragePooling, Convolution, Filters, MaxPooling, Stage

_POSITIVE = Number(1, integer=True)
_POOLINGS = {"max": MaxPooling, "average": AveragePooling}


@dataclass(frozen=True, kw_only=True)
class ConvolutionBlueprint(DenseBlueprint):
    """Checked parameters that describe convolution layers, each with its pooling, then dense ones.

    Parameters
    ----------
    input_shape : int, tuple of int or None
        The shape of a row that users ask for.
    convolutions : list of (int, tuple, tuple, tuple)
        Filters, kernel size, stride and pool size of each layer; the last three are one number, or
        height and width.
    padding : {"same", "valid"}
        Whether zeros are put around maps.
    pooling : {"max", "average"}
        What becomes of the windows.
    """

    input_shape: Any
    convolutions: list
    padding: str
    pooling: str

    inputs_kind = MapInputs

    @classmethod
    def _read(cls, owner, params):
        asked = params["input_shape"]
        if asked is not None:
            checked_shape(asked)
        return {
            **super()._read(owner, params),
            "input_shape": asked,
            "convolutions": _checked_layers(owner, params),
            "padding": params["padding"],
            "pooling": params["pooling"],
        }

    @staticmethod
    def _n_hidden(own):
        return len(own["convolutions"]) + len(own["sizes"])

    def inputs(self, owner, dtype):
        """Return how an estimator's inputs are checked: as maps."""
        return MapInputs(owner, dtype, self._asked)

    @property
    def _asked(self):
        """The shape that users ask for as a tuple, () for none."""
        return () if self.input_shape is None else checked_shape(self.input_shape)

    def row_shape(self, shape, n_features):
        """Return (height, width, channels) of a row; the height of signals is 1.

        Raises
        ------
        ValueError
            If ``input_shape`` is one of another size.
        """
        given = self._asked or shape or (n_features,)
        if prod(given) != n_features:
            raise ValueError(
                f"input_shape={self.input_shape!r} means {prod(given)} features, but X has "
                f"{n_features}; give (length,), (length, channels), (height, width) or (height, "
                "width, channels)."
            )
        return as_map(given)

    def _hidden(self, shape):
        is_signal = shape[0] == 1
        return [
            [
                self._convolution(layer, i, is_signal),
                *self._pooling(layer, is_signal),
                *self._behind(i),
            ]
            for i, layer in enumerate(self.convolutions)
        ] + super()._hidden(shape)

    def _convolution(self, layer, i, is_signal):
        n, kernel, stride, _ = layer
        kernel = _of_both_axes("kernel", kernel, is_signal)
        stride = _of_both_axes("stride", stride, is_signal)
        filters = Filters(n, kernel, stride, self.padding)
        options = {"filters": filters, "is_signal": is_signal, **self._options(i)}
        return Stage(Convolution, options)

    def _pooling(self, layer, is_signal):
        size = _of_both_axes("pooling window", layer[-1], is_signal)
        return [] if size == (1, 1) else [Stage(_POOLINGS[self.pooling], {"size": size})]


def _of_both_axes(what, size, is_signal):
    """Return height and width of a kernel, say, given as one number or two; 1 high for signals."""
    height, width = size if len(size) == 2 else size * 2
    if is_signal:
        if len(size) == 2 and height != 1:
            raise ValueError(
                f"A {what} of {height} x {width} does not suit signals; give its length as one "
                "number, or the shape of images as input_shape=(height, width, channels)."
            )
        height = 1
    return height, width


def _checked_layers(owner, params):
    """Return (filters, kernel size, stride, pool size) for each entry of ``conv_layers``.

    Raises
    ------
    TypeError, ValueError
        If ``conv_layers`` or ``pool_size`` is wrong.
    """
    layers = params["conv_layers"]
    if isinstance(layers, np.ndarray):
        layers = layers.tolist()
    if not isinstance(layers, (list, tuple)):
        raise TypeError(f"{owner}: {_expected(layers)}.")
    return [
        (*_check_layer(owner, layer, layers), pool)
        for layer, pool in zip(layers, _pools(owner, params["pool_size"], len(layers)), strict=True)
    ]


def _pools(owner, given, n_layers):
    """Return the pool size of each layer."""
    is_pair = isinstance(given, tuple) and len(given) == 2 and not any(map(_is_list, given))
    if is_pair and n_layers == 2 and given[0] != given[1]:
        raise ValueError(
            f"pool_size={given!r} may be meant for each of the two convolution layers, or as "
            f"(height, width) for both; write {list(given)} or {[given, given]}."
        )
    if not _is_list(given) or (is_pair and n_layers != 2):
        return [_numbers(owner, "pool_size", "a pool size", given)] * n_layers
    if len(given) != n_layers:
        raise ValueError(
            f"pool_size must have one entry for each convolution layer, that is {n_layers}; got "
            f"{len(given)} in {given!r}."
        )
    return [_numbers(owner, "pool_size", "a pool size", size) for size in given]


def _expected(layers):
    return (
        "conv_layers must be a sequence with an entry (filters, kernel size) or (filters, kernel "
        f"size, stride) for each layer, e.g. ((32, 3), (64, 3)), got {layers!r}"
    )


def _check_layer(owner, layer, layers):
    if not isinstance(layer, (list, tuple)):
        raise TypeError(f"{owner}: {_expected(layers)}.")
    if len(layer) not in (2, 3):
        raise ValueError(f"{owner}: {_expected(layers)}.")
    n, kernel, stride = (*layer, 1)[:3]
    name = "every number in conv_layers"
    _POSITIVE.check(owner, name, n)
    kernel = _numbers(owner, name, "a kernel size in conv_layers", kernel)
    return int(n), kernel, _numbers(owner, name, "a stride in conv_layers", stride)


def _is_list(value):
    return isinstance(value, (list, tuple))


def _numbers(owner, name, what, given):
    """Return a size as a tuple of one or two positive integers."""
    numbers = tuple(given) if _is_list(given) else (given,)
    if len(numbers) not in (1, 2):
        raise ValueError(
            f"{owner}: {what} must be one number, or (height, width), got {numbers!r}."
        )
    for number in numbers:
        _POSITIVE.check(owner, name, number)
    return tuple(int(number) for number in numbers)
