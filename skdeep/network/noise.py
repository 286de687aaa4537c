"""Layers that are there in training only: dropout and Gaussian noise."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import issparse

from skdeep import kernels
from skdeep.network.layers import Layer


@dataclass(frozen=True)
class Noise:
    """What is drawn afresh in training.

    Parameters
    ----------
    dropout : tuple of float
        The share of units dropped, one for each hidden layer.
    input_dropout : float
        The share of inputs dropped.
    input_noise : float
        The standard deviation of the noise added to the inputs.
    """

    dropout: tuple = ()
    input_dropout: float = 0.0
    input_noise: float = 0.0

    def __bool__(self):
        return any((*self.dropout, self.input_dropout, self.input_noise))


class Dropout(Layer):
    """Switch each input off with a given probability, and scale up the others to make up for it.

    Parameters
    ----------
    rate : float
        The share dropped.
    n_units : int
    rng : numpy.random.Generator
    """

    def __init__(self, rate, n_units, rng):
        self.threshold = max(1, round(65536 * (1 - rate)))
        self.n_units = n_units
        self.rng = rng

    def allocate(self, n_rows, dtype):
        """Make arrays for the mask and the outputs."""
        self._mask = np.empty((n_rows, self.n_units), dtype)
        self._out = np.empty((n_rows, self.n_units), dtype)
        self._dropout = kernels.best("dropout")

    def resize(self, n_rows):
        """Use the first rows of the arrays."""
        self.mask = self._mask[:n_rows]
        self.out = self._out[:n_rows]

    def forward(self, x, fresh):
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
        # four 16-bit integers from each raw word: far cheaper than a uniform number a unit
        return self.rng.bit_generator.random_raw((n + 3) // 4).view(np.uint16)

    def backward(self, delta):
        """Multiply the gradient by the mask."""
        delta *= self.mask
        return delta


class GaussianNoise(Layer):
    """Add N(0, scale^2) to every input.

    Parameters
    ----------
    scale : float
    n_units : int
    rng : numpy.random.Generator
    """

    def __init__(self, scale, n_units, rng):
        self.scale = scale
        self.n_units = n_units
        self.rng = rng

    def allocate(self, n_rows, dtype):
        """Make arrays for the noise and the outputs."""
        self._noise = np.empty((n_rows, self.n_units), dtype)
        self._out = np.empty((n_rows, self.n_units), dtype)

    def resize(self, n_rows):
        """Use the first rows of the arrays."""
        self.noise = self._noise[:n_rows]
        self.out = self._out[:n_rows]

    def forward(self, x, fresh):
        """Return x plus the noise; a sparse batch becomes dense."""
        if fresh:
            self.rng.standard_normal(out=self.noise, dtype=self.noise.dtype)
            self.noise *= self.scale
        if issparse(x):
            x.toarray(out=self.out)
            self.out += self.noise
        else:
            np.add(x, self.noise, out=self.out)
        return self.out
