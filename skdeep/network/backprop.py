"""Backpropagation: the loss of a batch and its gradient, on arrays that are allocated once."""

import numpy as np

from skdeep import kernels
from skdeep.network.noise import Dropout, GaussianNoise


class Backprop:
    """A training copy of a network: it shares the parameters and owns gradient and buffers.

    Parameters
    ----------
    network : Network
    noise : Noise
        Dropout and input noise.
    n_rows : int
        The rows of the largest batch.
    streams : Streams
        The random streams that masks and noise are drawn from.
    dot : callable
        Computes dense matrix products, (a, b, out).
    """

    def __init__(self, network, noise, n_rows, streams, dot=np.dot):
        self.parameters = network.parameters
        self.weights = network.weights
        self.gradient = np.zeros_like(network.parameters)
        self.loss = network.loss
        self._dot = dot
        self.layers = self._assemble(network, noise, streams)
        for layer in self.layers:
            layer.allocate(n_rows, network.dtype)
        self._fused_loss = kernels.fused(self.loss, "loss")
        self._rows = np.empty(n_rows, network.dtype)
        self._n = None

    def _assemble(self, network, noise, streams):
        def dropout(i, n_units):
            rate = noise.dropout[i] if noise.dropout else 0.0
            return [Dropout(rate, n_units, streams.masks)] if rate else []

        chain = network.architecture.layers(dropout)
        parametric = [layer for part in chain for layer in part.parametric]
        parametric[0].is_first = True
        views = network.layout.views(network.parameters)
        gradients = network.layout.views(self.gradient)
        for layer, view, gradient in zip(parametric, views, gradients, strict=True):
            layer.bind(view, gradient)
            layer.dot = self._dot
        self.weight_matrices = [view.weights for view in views if view.weights.size]
        self._backwards = chain[::-1]
        return self._input_layers(chain[0].n_inputs, noise, streams) + chain

    @staticmethod
    def _input_layers(n_inputs, noise, streams):
        layers = []
        if noise.input_noise:
            layers.append(GaussianNoise(noise.input_noise, n_inputs, streams.noise))
        if noise.input_dropout:
            layers.append(Dropout(noise.input_dropout, n_inputs, streams.masks))
        return layers

    def _resize(self, n_rows):
        if n_rows != self._n:
            for layer in self.layers:
                layer.resize(n_rows)
            self.rows = self._rows[:n_rows]
            self._n = n_rows

    def evaluate(self, batch, fresh=True):
        """Return the mean loss of a batch.

        Parameters
        ----------
        batch : Batch
            Inputs, targets, weights and the number of rows to divide by.
        fresh : bool
            False repeats the masks and the noise of the evaluation before.
        """
        x = batch.x
        self._resize(x.shape[0])
        for layer in self.layers:
            x = layer.forward(x, fresh)
        self._delta = x
        if self._fused_loss is not None:
            return self._fused_loss(x, batch.y, batch.weights, 1 / batch.divisor) / batch.divisor
        return self._total(x, batch) / batch.divisor

    def _total(self, z, batch):
        """Return the weighted sum of the rows' losses, and turn ``z`` into the mean's gradient."""
        self.loss.evaluate(z, batch.y, self.rows, z)
        if batch.weights is None:
            z *= 1 / batch.divisor
            return float(np.add.reduce(self.rows))
        z *= (batch.weights / batch.divisor)[:, None]
        return float(np.dot(self.rows, batch.weights))

    def backward(self):
        """Fill ``gradient`` for the batch that was evaluated last."""
        delta = self._delta
        for layer in self._backwards:
            delta = layer.backward(delta)
