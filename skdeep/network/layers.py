"""Layers: forward and backward on arrays that are allocated once."""

from math import prod

import numpy as np

from skdeep import kernels
from skdeep.network.layout import LayerShapes


class Layer:
    """Base class of layers.

    ``infer`` serves prediction: it touches no state, so that threads can share a network.
    ``forward`` and ``backward`` serve training: ``allocate`` makes arrays for the largest batch,
    ``resize`` narrows them to the rows of the coming one. Between layers a row is flat; what it
    means is said by ``in_shape`` and ``out_shape``.
    """

    @property
    def n_inputs(self):
        """The numbers that come in, a row."""
        return prod(self.in_shape)

    @property
    def n_outputs(self):
        """The numbers that go out, a row."""
        return prod(self.out_shape)

    @property
    def parametric(self):
        """The layers with parameters in this one, in order."""
        return []

    def infer(self, x):
        """Return the outputs for inputs ``x`` in a new array."""
        raise NotImplementedError

    def allocate(self, n_rows, dtype):
        """Make arrays for up to ``n_rows`` rows."""

    def resize(self, n_rows):
        """Use the first ``n_rows`` rows of the arrays."""

    def forward(self, x, fresh):
        """Return the outputs for inputs ``x``; ``fresh`` asks for new random numbers."""
        raise NotImplementedError

    def backward(self, delta):
        """Return the gradient at the inputs, given the one at the outputs."""
        raise NotImplementedError


class Affine(Layer):
    """Base class of layers with weights, biases and an activation.

    Every row is seen at ``n_positions`` places by the same weights: a subclass says what is
    multiplied with them (``_map``, ``_transposed_map``).

    Parameters
    ----------
    in_shape, out_shape : tuple of int
        The last entry of ``out_shape`` counts the units.
    fan_in : int
        The inputs of a unit.
    activation : Activation
    """

    def __init__(self, in_shape, out_shape, fan_in, activation):
        self.in_shape = in_shape
        self.out_shape = out_shape
        self.fan_in = fan_in
        self.n_units = out_shape[-1]
        self.n_positions = prod(out_shape[:-1])
        self.activation = activation
        self.n_maps = self.n_units * activation.pieces
        self.is_first = False
        self.dot = np.dot

    @property
    def parametric(self):
        """The layer itself."""
        return [self]

    @property
    def shapes(self):
        """The shapes of the parameters."""
        theta = (self.activation.n_parameters(self.n_units),)
        return LayerShapes((self.fan_in, self.n_maps), (self.n_maps,), theta)

    @property
    def fan_out(self):
        """The units that an input reaches."""
        return self.n_units

    @property
    def widest(self):
        """The numbers a row in its largest array."""
        return max(self.n_inputs, self.n_positions * self.n_maps)

    @property
    def multiplications(self):
        """Multiplications a row in the matrix product."""
        return self.n_positions * self.fan_in * self.n_maps

    @property
    def coefs(self):
        """The weights as users see them, a view."""
        return self.weights

    def bind(self, parameters, gradient=None):
        """Take views of the parameters, and of their gradient for training."""
        self.weights, self.bias, self.theta = parameters
        if gradient is not None:
            self.d_weights, self.d_bias, self.d_theta = gradient

    def initialise(self, initializer, bias, rng):
        """Write starting values into the parameters."""
        shape = self.weights.shape
        self.weights[...] = initializer.sample(shape, self.fan_in, self.fan_out, rng)
        self.bias[...] = bias
        self.activation.start_parameters(self.theta)

    def infer(self, x):
        """Return the outputs for inputs ``x`` in a new array."""
        n = x.shape[0]
        z = np.empty((n * self.n_positions, self.n_maps), self.weights.dtype)
        self._infer_map(x, z)
        z += self.bias
        out = z if self.activation.in_place else np.empty((len(z), self.n_units), z.dtype)
        self.activation.forward(z, out, self.theta)
        return out if self.n_positions == 1 else out.reshape(n, self.n_outputs)

    def allocate(self, n_rows, dtype):
        """Make arrays for the affine map, the outputs and the gradient at the inputs."""
        n = n_rows * self.n_positions
        self._z = np.empty((n, self.n_maps), dtype)
        self._out = self._z if self.activation.in_place else np.empty((n, self.n_units), dtype)
        self._d_inputs = None if self.is_first else np.empty((n_rows, self.n_inputs), dtype)
        self._fused_forward = kernels.fused(self.activation, "forward")
        self._fused_backward = kernels.fused(self.activation, "backward")
        self._constants = self.activation.constants

    def resize(self, n_rows):
        """Use the first rows of the arrays."""
        n = n_rows * self.n_positions
        self.z = self._z[:n]
        self.unit_outputs = self._out[:n]
        self.out = self.unit_outputs.reshape(n_rows, self.n_outputs)
        self.d_inputs = None if self.is_first else self._d_inputs[:n_rows]

    def forward(self, x, fresh):
        """Return the outputs, and remember the inputs."""
        self.x, z, out = x, self.z, self.unit_outputs
        self._map(x, z)
        if self._fused_forward is not None:
            self._fused_forward(z, self.bias, out, self.theta, *self._constants)
        else:
            z += self.bias
            self.activation.forward(z, out, self.theta)
        return self.out

    def backward(self, delta):
        """Write the parameters' gradient; return the inputs' (None for the first layer)."""
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
        """Write x W into ``z``, touching no state."""
        raise NotImplementedError

    def _map(self, x, z):
        """Write x W into ``z``."""
        raise NotImplementedError

    def _transposed_map(self, delta):
        """Write the gradients of weights and, but for the first layer, of inputs."""
        raise NotImplementedError


class Dense(Affine):
    """An affine map followed by an activation.

    Parameters
    ----------
    n_inputs, n_units : int
    activation : Activation
    """

    def __init__(self, n_inputs, n_units, activation):
        super().__init__((n_inputs,), (n_units,), n_inputs, activation)
        self.tied = None

    def _infer_map(self, x, z):
        kernels.product(x, self.weights, z)

    def _map(self, x, z):
        if self.is_first:  # whose inputs may be sparse
            kernels.product(x, self.weights, z, self.dot)
        else:
            self.dot(x, self.weights, z)

    def _transposed_map(self, delta):
        if self.is_first:
            kernels.transposed_product(self.x, delta, self.d_weights, self.dot)
        else:
            self.dot(self.x.T, delta, self.d_weights)
            self.dot(delta, self.weights.T, self.d_inputs)
        if self.tied is not None:
            self.d_weights += self.tied.d_shared


class TiedDense(Dense):
    """A layer whose weights are the transpose of another's; the gradients add up over there.

    Parameters
    ----------
    partner : Dense
        The layer that owns the weights; it comes earlier in the network.
    activation : Activation
    """

    def __init__(self, partner, activation):
        super().__init__(partner.n_units, partner.n_inputs, activation)
        self.partner = partner
        partner.tied = self

    @property
    def shapes(self):
        """The shapes of the parameters: no weights of its own."""
        return super().shapes._replace(weights=(0, self.n_maps))

    def bind(self, parameters, gradient=None):
        """Take views of the parameters, the weights from the partner."""
        super().bind(parameters, gradient)
        self.weights = self.partner.weights.T

    def initialise(self, initializer, bias, rng):
        """Write starting values into what is not shared."""
        self.bias[...] = bias
        self.activation.start_parameters(self.theta)

    def allocate(self, n_rows, dtype):
        """Make arrays, also for this layer's part of the weights' gradient."""
        super().allocate(n_rows, dtype)
        self.d_shared = np.empty(self.partner.weights.shape, dtype)

    def _transposed_map(self, delta):
        self.dot(delta.T, self.x, self.d_shared)
        self.dot(delta, self.weights.T, self.d_inputs)
