"""Layers: forward and backward on arrays that are allocated once."""

import numpy as np

from skdeep import kernels
from skdeep.network.layout import LayerShapes


class Layer:
    """Base class of layers.

    ``infer`` serves prediction: it touches no state, so that threads can share a network.
    ``forward`` and ``backward`` serve training: ``allocate`` makes arrays for the largest batch,
    ``resize`` narrows them to the rows of the coming one.
    """

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


class Dense(Layer):
    """An affine map followed by an activation.

    Parameters
    ----------
    n_inputs, n_units : int
    activation : Activation
    """

    def __init__(self, n_inputs, n_units, activation):
        self.n_inputs = n_inputs
        self.n_units = n_units
        self.activation = activation
        self.n_maps = n_units * activation.pieces
        self.is_first = False
        self.dot = np.dot

    @property
    def shapes(self):
        """The shapes of the parameters."""
        theta = (self.activation.n_parameters(self.n_units),)
        return LayerShapes((self.n_inputs, self.n_maps), (self.n_maps,), theta)

    def bind(self, parameters, gradient=None):
        """Take views of the parameters, and of their gradient for training."""
        self.weights, self.bias, self.theta = parameters
        if gradient is not None:
            self.d_weights, self.d_bias, self.d_theta = gradient

    def initialise(self, initializer, bias, rng):
        """Write starting values into the parameters."""
        self.weights[...] = initializer.sample(self.weights.shape, self.n_inputs, self.n_units, rng)
        self.bias[...] = bias
        self.activation.start_parameters(self.theta)

    def infer(self, x):
        """Return the outputs for inputs ``x`` in a new array."""
        z = np.empty((x.shape[0], self.n_maps), self.weights.dtype)
        kernels.product(x, self.weights, z)
        z += self.bias
        out = z if self.activation.in_place else np.empty((len(z), self.n_units), z.dtype)
        self.activation.forward(z, out, self.theta)
        return out

    def allocate(self, n_rows, dtype):
        """Make arrays for the affine map, the outputs and the gradient at the inputs."""
        self._z = np.empty((n_rows, self.n_maps), dtype)
        in_place = self.activation.in_place
        self._out = self._z if in_place else np.empty((n_rows, self.n_units), dtype)
        self._d_inputs = None if self.is_first else np.empty((n_rows, self.n_inputs), dtype)
        self._fused_forward = kernels.fused(self.activation, "forward")
        self._fused_backward = kernels.fused(self.activation, "backward")
        self._constants = self.activation.constants

    def resize(self, n_rows):
        """Use the first rows of the arrays."""
        self.z = self._z[:n_rows]
        self.out = self._out[:n_rows]
        self.d_inputs = None if self.is_first else self._d_inputs[:n_rows]

    def forward(self, x, fresh):
        """Return the outputs, and remember the inputs."""
        self.x, z, out = x, self.z, self.out
        kernels.product(x, self.weights, z, self.dot)
        if self._fused_forward is not None:
            self._fused_forward(z, self.bias, out, self.theta, *self._constants)
        else:
            z += self.bias
            self.activation.forward(z, out, self.theta)
        return out

    def backward(self, delta):
        """Write the parameters' gradient; return the inputs' (None for the first layer)."""
        parts = self.z, self.out, delta
        if self._fused_backward is not None:
            self._fused_backward(*parts, self.d_bias, self.theta, self.d_theta, *self._constants)
        else:
            delta = self.activation.backward(*parts, self.theta, self.d_theta)
            kernels.column_sums(delta, self.d_bias)
        kernels.transposed_product(self.x, delta, self.d_weights, self.dot)
        if self.is_first:
            return None
        self.dot(delta, self.weights.T, self.d_inputs)
        return self.d_inputs
