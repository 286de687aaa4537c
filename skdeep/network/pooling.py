"""Pooling: every window of a map becomes one number for each channel."""

from __future__ import annotations

from typing import Any

import numpy as np

from skdeep import kernels
from skdeep.network.layers import Layer


def as_pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return a number for each axis, given one for both or a pair."""
    return size if isinstance(size, tuple) else (size, size)


def in_words(size: int | tuple[int, int]) -> str:
    """Return words for such numbers, the same for equal ones however they are given."""
    rows, columns = as_pair(size)
    return str(rows) if rows == columns else f"{rows}x{columns}"


class Pooling(Layer):
    """Base class of pooling over windows that lie side by side.

    Rows and columns that are left over at the border, too few for a window, are dropped.

    Parameters
    ----------
    in_shape : tuple of int
        (height, width, channels).
    size : int or tuple of int
        The height and the width of a window, or both in one number; in smaller maps the window is
        as large as the map.
    """

    def __init__(self, in_shape: tuple[int, ...], size: int | tuple[int, int]) -> None:
        height, width, channels = in_shape
        rows, columns = as_pair(size)
        self.in_shape = in_shape
        self.window = min(rows, height), min(columns, width)
        self.out_shape = (height // self.window[0], width // self.window[1], channels)

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return the kind and the size of the windows."""
        return {"convolution layers": f"{cls.__name__} {in_words(options['size'])}"}

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays for the outputs and the gradient at the inputs."""
        self._out = np.empty((n_rows, self.n_outputs), dtype)
        self._d_inputs = np.empty((n_rows, self.n_inputs), dtype)

    def resize(self, n_rows: int) -> None:
        """Use the first rows of the arrays."""
        self.out, self.d_inputs = self._out[:n_rows], self._d_inputs[:n_rows]

    def _maps(self, x):
        return x.reshape(len(x), *self.in_shape)

    def _pooled(self, x):
        return x.reshape(len(x), *self.out_shape)


class MaxPooling(Pooling):
    """The largest number of each window; among equal ones the first takes the gradient."""

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays, also for the place of each maximum."""
        super().allocate(n_rows, dtype)
        self._places = np.empty((n_rows, *self.out_shape), np.int32)
        self._pool = kernels.best("max_pool")
        self._unpool = kernels.best("max_unpool")

    def infer(self, x: np.ndarray) -> np.ndarray:
        """Return the maxima."""
        out = np.empty((len(x), self.n_outputs), x.dtype)
        places = np.empty((len(x), *self.out_shape), np.int32)
        kernels.best("max_pool")(self._maps(x), self.window, self._pooled(out), places)
        return out

    def forward(self, x: np.ndarray, fresh: bool) -> np.ndarray:
        """Return the maxima, and remember their places."""
        self.places = self._places[: len(x)]
        self._pool(self._maps(x), self.window, self._pooled(self.out), self.places)
        return self.out

    def backward(self, delta: np.ndarray) -> np.ndarray:
        """Give each window's gradient to its maximum."""
        maps = self._maps(self.d_inputs)
        self._unpool(self._pooled(delta), self.window, self.places, maps)
        return self.d_inputs


class AveragePooling(Pooling):
    """The mean of each window."""

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays for the outputs and the gradient at the inputs."""
        super().allocate(n_rows, dtype)
        self._pool = kernels.best("mean_pool")
        self._unpool = kernels.best("mean_unpool")

    def infer(self, x: np.ndarray) -> np.ndarray:
        """Return the means."""
        out = np.empty((len(x), self.n_outputs), x.dtype)
        kernels.best("mean_pool")(self._maps(x), self.window, self._pooled(out))
        return out

    def forward(self, x: np.ndarray, fresh: bool) -> np.ndarray:
        """Return the means."""
        self._pool(self._maps(x), self.window, self._pooled(self.out))
        return self.out

    def backward(self, delta: np.ndarray) -> np.ndarray:
        """Give each number its share of its window's gradient."""
        self._unpool(self._pooled(delta), self.window, self._maps(self.d_inputs))
        return self.d_inputs
