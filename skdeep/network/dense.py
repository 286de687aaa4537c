"""Layers with weights, biases and an activation: dense ones, and dense ones that share weights."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from skdeep import kernels
from skdeep.activations import Activation
from skdeep.initializers import Initializer
from skdeep.network.layers import Layer
from skdeep.network.layout import Parameter


class Affine(Layer):
    """Base class of layers with weights, biases and an activation.

    The same weights look at ``n_positions`` places of every row: at one in a dense layer, at many
    in a convolution. Subclasses say what they are multiplied with, in ``_infer_map``, ``_map`` and
    ``_transposed_map``.

    Parameters
    ----------
    in_shape, out_shape : tuple of int
        The shapes of a row of inputs and of outputs; the last entry of ``out_shape`` is the number
        of units.
    fan_in : int
        How many inputs a unit has.
    activation : Activation
        What follows the affine map.
    init : Initializer or None
        Where the weights start; None leaves them zero.
    bias_init : float
        Where the biases start.
    """

    def __init__(
        self,
        in_shape: tuple[int, ...],
        out_shape: tuple[int, ...],
        fan_in: int,
        activation: Activation,
        init: Initializer | None = None,
        bias_init: float = 0.0,
    ) -> None:
        self.in_shape = in_shape
        self.out_shape = out_shape
        self.fan_in = fan_in
        self.n_units = out_shape[-1]
        self.n_positions = prod(out_shape[:-1])
        self.activation = activation
        self.init = init
        self.bias_init = bias_init
        self.n_maps = self.n_units * activation.pieces

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the weights, the biases, and what the activation trains."""
        return (
            Parameter("weights", (self.fan_in, self.n_maps), "weight"),
            Parameter("bias", (self.n_maps,), "bias"),
            Parameter("theta", (self.activation.n_parameters(self.n_units),), "scale"),
        )

    @property
    def fan_out(self) -> int:
        """How many units an input reaches."""
        return self.n_units

    @property
    def widest(self) -> int:
        """How many numbers a row takes up in the largest array."""
        return max(self.n_inputs, self.n_positions * self.n_maps)

    @property
    def multiplications(self) -> int:
        """How many multiplications a row costs in the matrix product."""
        return self.n_positions * self.fan_in * self.n_maps

    def initialise(self, rng: np.random.Generator) -> None:
        """Write starting values into the parameters."""
        if self.init is not None:
            shape = self.weights.shape
            self.weights[...] = self.init.sample(shape, self.fan_in, self.fan_out, rng)
        self.bias[...] = self.bias_init
        self.activation.start_parameters(self.theta)

    def infer(self, x: Any) -> np.ndarray:
        """Return the outputs for inputs ``x`` in a new array."""
        n = x.shape[0]
        z = np.empty((n * self.n_positions, self.n_maps), self.weights.dtype)
        self._infer_map(x, z)
        z += self.bias
        out = z if self.activation.in_place else np.empty((len(z), self.n_units), z.dtype)
        self.activation.forward(z, out, self.theta)
        return out if self.n_positions == 1 else out.reshape(n, self.n_outputs)

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays for the affine map, the outputs and the gradient at the inputs."""
        n = n_rows * self.n_positions
        self._z = np.empty((n, self.n_maps), dtype)
        self._out = self._z if self.activation.in_place else np.empty((n, self.n_units), dtype)
        self._d_inputs = np.empty((n_rows, self.n_inputs), dtype) if self.gives_gradient else None
        self._fused_forward = kernels.fused(self.activation, "forward")
        self._fused_backward = kernels.fused(self.activation, "backward")
        self._constants = self.activation.constants

    def resize(self, n_rows: int) -> None:
        """Use the first rows of the arrays."""
        n = n_rows * self.n_positions
        self.z = self._z[:n]
        self.unit_outputs = self._out[:n]
        self.out = self.unit_outputs.reshape(n_rows, self.n_outputs)
        self.d_inputs = self._d_inputs[:n_rows] if self.gives_gradient else None

    def forward(self, x: Any, fresh: bool) -> np.ndarray:
        """Return the outputs, and remember the inputs."""
        self.x, z, out = x, self.z, self.unit_outputs
        self._map(x, z)
        if self._fused_forward is not None:
            self._fused_forward(z, self.bias, out, self.theta, *self._constants)
        else:
            z += self.bias
            self.activation.forward(z, out, self.theta)
        return self.out

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Write the gradient of the parameters; return that of the inputs if anything needs it."""
        if self.n_positions > 1:
            delta = delta.reshape(-1, self.n_units)
        parts = self.z, self.unit_outputs, delta
        if self._fused_backward is not None:
            self._fused_backward(*parts, self.d_bias, self.theta, self.d_theta, *self._constants)
        else:
            delta = self.activation.backward(*parts, self.theta, self.d_theta)
            kernels.column_sums(delta, self.d_bias)
        self._transposed_map(delta)
        return self.d_inputs

    def _infer_map(self, x, z):
        """Write x W into ``z`` without touching any state, for prediction."""
        raise NotImplementedError

    def _map(self, x, z):
        """Write x W into ``z``, in training."""
        raise NotImplementedError

    def _transposed_map(self, delta):
        """Write the gradient of the weights and, if anything needs it, that of the inputs."""
        raise NotImplementedError


class Dense(Affine):
    """An affine map followed by an activation.

    Parameters
    ----------
    in_shape : tuple of int
    n_units : int
    activation : Activation
    init, bias_init
        As in :class:`Affine`.
    """

    def __init__(
        self,
        in_shape: tuple[int, ...],
        n_units: int,
        activation: Activation,
        init: Initializer | None = None,
        bias_init: float = 0.0,
    ) -> None:
        super().__init__(in_shape, (n_units,), prod(in_shape), activation, init, bias_init)
        self.tied = None

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return the units and the activation."""
        return {"hidden layers": f"{options['n_units']} {options['activation']}"}

    def _infer_map(self, x, z):
        kernels.product(x, self.weights, z)

    def _map(self, x, z):
        if self.gives_gradient:
            self.dot(x, self.weights, z)
        else:  # the inputs may be those of the network, and sparse
            kernels.product(x, self.weights, z, self.dot)

    def _transposed_map(self, delta):
        if self.gives_gradient:
            self.dot(self.x.T, delta, self.d_weights)
            self.dot(delta, self.weights.T, self.d_inputs)
        else:
            kernels.transposed_product(self.x, delta, self.d_weights, self.dot)
        if self.tied is not None:
            self.d_weights += self.tied.d_shared


class TiedDense(Dense):
    """A dense layer whose weights are the transpose of those of another layer.

    The other layer owns the weights and adds up both parts of their gradient.

    Parameters
    ----------
    in_shape : tuple of int
    n_units : int
    activation : Activation
    partner : int
        The layer that owns the weights, by its number, from 0, among the dense layers of the
        network. It must come before this one.
    bias_init : float
        Where the biases start.
    """

    def __init__(
        self,
        in_shape: tuple[int, ...],
        n_units: int,
        activation: Activation,
        partner: int,
        bias_init: float = 0.0,
    ) -> None:
        super().__init__(in_shape, n_units, activation, None, bias_init)
        self._place = partner

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return the units and the activation, and that weights are shared."""
        return {**super().describe(options), "tied_weights": "True"}

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the biases, and what the activation trains; the weights are declared elsewhere."""
        return super().parameters()[1:]

    def connect(self, leaves: list[Layer]) -> None:
        """Find the layer that owns the weights."""
        self.partner = [leaf for leaf in leaves if isinstance(leaf, Dense)][self._place]
        self.partner.tied = self

    def bind(
        self, values: dict[str, np.ndarray], gradient: dict[str, np.ndarray] | None = None
    ) -> None:
        """Take views of the parameters, the weights from the partner."""
        super().bind(values, gradient)
        self.weights = self.partner.weights.T

    def shown(self) -> list[tuple[Parameter, np.ndarray]]:
        """Return the parameters as users see them, the shared weights among them."""
        return [(super().parameters()[0], self.weights), *super().shown()]

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays, also for this layer's part of the weights' gradient."""
        super().allocate(n_rows, dtype)
        self.d_shared = np.empty(self.partner.weights.shape, dtype)

    def _transposed_map(self, delta):
        self.dot(delta.T, self.x, self.d_shared)
        if self.gives_gradient:
            self.dot(delta, self.weights.T, self.d_inputs)
