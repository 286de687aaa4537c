"""Layers that act in training only: dropout and Gaussian noise."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeep import kernels
from skdeep.network.layers import Layer


class _TrainingOnly(Layer):
    """Base class of layers that draw random numbers in training, and do nothing in prediction.

    They do nothing without random streams, either, so that a diagnosis sees the network as it
    predicts. Their options may change from one fit to the next while training goes on.
    """

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return an empty dict: all options may change while training goes on."""
        return {}

    def infer(self, x: Any) -> Any:
        """Return ``x`` itself."""
        return x

    def forward(self, x: Any, fresh: bool) -> Any:
        """Return the noisy inputs; ``fresh`` asks for new random numbers."""
        return x if self.streams is None else self._noisy(x, fresh)

    def backward(self, delta: np.ndarray) -> np.ndarray:
        """Return the gradient at the inputs."""
        return delta if self.streams is None else self._through_noise(delta)

    def _through_noise(self, delta):
        return delta  # what is added does not depend on the inputs


class Dropout(_TrainingOnly):
    """Switch each input off with a given probability, and scale up the others to make up for it.

    Parameters
    ----------
    in_shape : tuple of int
        The shape of a row.
    rate : float
        The probability with which an input is switched off.
    """

    def __init__(self, in_shape: tuple[int, ...], rate: float) -> None:
        self.in_shape = self.out_shape = in_shape
        self.rate = rate
        self.fade(1.0)

    def fade(self, share: float) -> None:
        """From now on, switch inputs off with the given share of the probability."""
        self.threshold = max(1, round(65536 * (1 - share * self.rate)))

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays for the mask and the outputs."""
        self._mask = np.empty((n_rows, self.n_outputs), dtype)
        self._out = np.empty((n_rows, self.n_outputs), dtype)
        self._dropout = kernels.best("dropout")

    def resize(self, n_rows: int) -> None:
        """Use the first rows of the arrays."""
        self.mask = self._mask[:n_rows]
        self.out = self._out[:n_rows]

    def _noisy(self, x, fresh):
        """Return x times the mask."""
        if issparse(x):
            return self._forward_sparse(x, fresh)
        if fresh:
            self._dropout(x, self._bits(x.size), self.threshold, self.mask, self.out)
        else:
            np.multiply(x, self.mask, out=self.out)
        return self.out

    def _forward_sparse(self, x, fresh):
        masked = x.copy()
        if fresh:
            self.mask = np.empty(x.nnz, x.dtype)
            kernels.dropout(x.data, self._bits(x.nnz), self.threshold, self.mask, masked.data)
        else:
            masked.data *= self.mask
        return masked

    def _bits(self, n):
        # four 16-bit integers from each raw word: far cheaper than a uniform number for each unit
        return self.streams.masks.bit_generator.random_raw((n + 3) // 4).view(np.uint16)

    def _through_noise(self, delta):
        """Multiply the gradient by the mask."""
        delta *= self.mask
        return delta


class GaussianNoise(_TrainingOnly):
    """Add N(0, scale^2) to every input.

    Parameters
    ----------
    in_shape : tuple of int
        The shape of a row.
    scale : float
        The standard deviation of the noise.
    """

    def __init__(self, in_shape: tuple[int, ...], scale: float) -> None:
        self.in_shape = self.out_shape = in_shape
        self.scale = scale

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays for the noise and the outputs."""
        self._noise = np.empty((n_rows, self.n_outputs), dtype)
        self._out = np.empty((n_rows, self.n_outputs), dtype)

    def resize(self, n_rows: int) -> None:
        """Use the first rows of the arrays."""
        self.noise = self._noise[:n_rows]
        self.out = self._out[:n_rows]

    def _noisy(self, x, fresh):
        """Return x plus the noise; a sparse batch becomes dense."""
        if fresh:
            self.streams.noise.standard_normal(out=self.noise, dtype=self.noise.dtype)
            self.noise *= self.scale
        if issparse(x):
            x.toarray(out=self.out)
            self.out += self.noise
        else:
            np.add(x, self.noise, out=self.out)
        return self.out
