"""Layers for the columns of a table: learnt scales, and numbers in pieces."""

from __future__ import annotations

import numpy as np
from scipy.sparse import issparse

from skdeep import kernels
from skdeep.initializers import Initializer
from skdeep.network.dense import Dense
from skdeep.network.layers import Layer
from skdeep.network.layout import Parameter


class FeatureScale(Layer):
    """Multiplies every input by a learnt number, which starts at 1.

    It lets training weigh the columns against each other faster than the first weights could.

    Parameters
    ----------
    in_shape : tuple of int
        The shape of a row.
    rate : float
        A factor on the learning rate of these numbers.
    """

    def __init__(self, in_shape: tuple[int, ...], rate: float = 1.0) -> None:
        self.in_shape = self.out_shape = in_shape
        self.rate = rate

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the declaration of the numbers, one for each input."""
        return (Parameter("scale", self.in_shape, "scale", self.rate),)

    def initialise(self, rng: np.random.Generator) -> None:
        """Let every number start at 1, so that the inputs pass unchanged at first."""
        self.scale[...] = 1

    def infer(self, x: np.ndarray) -> np.ndarray:
        """Return the inputs times their numbers."""
        return _dense(x) * self.scale

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make an array for the outputs."""
        self._out = np.empty((n_rows, self.n_outputs), dtype)

    def resize(self, n_rows: int) -> None:
        """Use the first rows of the array."""
        self.out = self._out[:n_rows]

    def forward(self, x: np.ndarray, fresh: bool) -> np.ndarray:
        """Return the inputs times their numbers."""
        self.x = _dense(x)
        return np.multiply(self.x, self.scale, out=self.out)

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Write the gradient of the numbers; return that of the inputs if anything needs it."""
        np.einsum("ij,ij->j", delta, self.x, out=self.d_scale)
        if self.gives_gradient:
            delta *= self.scale
        return delta


def _dense(x):
    return x.toarray() if issparse(x) else x


class PiecewiseLinear(Layer):
    r"""A learnt piecewise-linear function of each input, with several outputs.

    Inputs are positions u among the edges of bins, from 0 to the number of bins: 2.25 is a quarter
    of the way through the third bin. The outputs are

    .. math:: o_k = b_k + \sum_j W_{jk} \min(1, \max(0, u - j)).

    Parameters
    ----------
    in_shape : tuple of int
        The shape of a row, which holds one position for each number.
    n_bins : int
        How many bins each input has.
    n_units : int
        How many outputs there are for each input.
    init : Initializer or None
        Where the weights start; None leaves them zero.
    rate : float
        A factor on the learning rate of the weights.

    References
    ----------
    Gorishniy, Rubachev and Babenko (2022), "On embeddings for numerical features in tabular deep
    learning", arXiv:2203.05556.
    """

    def __init__(
        self,
        in_shape: tuple[int, ...],
        n_bins: int,
        n_units: int,
        init: Initializer | None = None,
        rate: float = 1.0,
    ) -> None:
        self.in_shape = in_shape
        self.n_bins, self.n_units = n_bins, n_units
        self.out_shape = (self.n_inputs * n_units,)
        self.init, self.rate = init, rate

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the declarations of weights and biases; each input has its own."""
        shape = (self.n_inputs, self.n_bins, self.n_units)
        bias = (self.n_inputs, 1, self.n_units)
        return Parameter("weights", shape, "weight", self.rate), Parameter("bias", bias, "bias")

    @property
    def widest(self) -> int:
        """How many numbers a row takes up in the largest array."""
        return self.n_inputs * max(self.n_bins, self.n_units)

    def initialise(self, rng: np.random.Generator) -> None:
        """Write starting values into the weights."""
        if self.init is not None:
            shape = self.weights.shape
            self.weights[...] = self.init.sample(shape, self.n_bins, self.n_units, rng)

    def infer(self, x: np.ndarray) -> np.ndarray:
        """Return the functions' values, without what must be compiled: predictions start fast."""
        return self._values(x, kernels.piecewise_map)

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Choose the kernels of training."""
        self._map = kernels.best("piecewise_map")
        self._gradient = kernels.best("piecewise_gradient")

    def forward(self, x: np.ndarray, fresh: bool) -> np.ndarray:
        """Return the functions' values, and remember the positions."""
        self.x = x
        return self._values(x, self._map)

    def _values(self, x, write):
        out = np.empty((len(x), self.n_outputs), x.dtype)
        write(x, self.weights, out)
        out += self.bias.reshape(-1)
        return out

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Write the gradient of the parameters; return that of the inputs if anything needs it."""
        self._gradient(self.x, delta, self.d_weights)
        kernels.column_sums(delta, self.d_bias.reshape(-1))
        if not self.gives_gradient:
            return None
        inner = (self.x > 0) & (self.x < self.n_bins)
        bins = np.clip(self.x, 0, self.n_bins - 1).astype(np.intp)
        slopes = self.weights[np.arange(self.n_inputs), bins]
        return (delta.reshape(slopes.shape) * slopes).sum(axis=2) * inner


class FanInDense(Dense):
    r"""A dense layer whose weights learn at a rate that suits their number.

    The more inputs a unit has, the further a step of a given size moves its outputs. To make up for
    that, the rate of the weights is multiplied with :math:`\sqrt{256 / n}` for n inputs. Biases
    start uniformly within :math:`\pm 1 / \sqrt n`.

    Parameters
    ----------
    in_shape, n_units, activation, init
        As in :class:`Dense`.
    """

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the declarations: weights with a rate of their own, and all else as before."""
        weights, *others = super().parameters()
        return weights._replace(rate=(256 / self.fan_in) ** 0.5), *others

    def initialise(self, rng: np.random.Generator) -> None:
        """Write starting values into the weights and the biases."""
        super().initialise(rng)
        self.bias[...] = rng.uniform(-1, 1, self.bias.shape) * self.fan_in**-0.5
