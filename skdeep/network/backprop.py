"""Backpropagation: the loss of a batch and its gradient, on arrays that are allocated once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from skdeep import kernels
from skdeep.network.network import Network


class Backprop:
    """A network in training.

    It shares the parameters with the network that it is made from, and owns layers of its own, the
    gradient, and all arrays that are worked in.

    Parameters
    ----------
    network : Network
        The network whose parameters are trained.
    n_rows : int
        How many rows the largest batch has.
    streams : Streams or None
        The random streams that masks and noise are drawn from; None for a network without noise.
    dot : callable
        The function for dense matrix products, called as ``dot(a, b, out)``.
    """

    def __init__(
        self, network: Network, n_rows: int, streams: Any, dot: Callable[..., Any] = np.dot
    ) -> None:
        self.layout = network.layout
        self.parameters = network.trained
        self.weights = network.weights
        self.weight_matrices = network.layout.of_kind(network.parameters, "weight")
        self.gradient = np.zeros_like(self.parameters)
        self.loss = network.loss
        self.chain = self._assemble(network, streams, dot)
        self.chain.allocate(n_rows, network.dtype)
        self._fused_loss = kernels.fused(self.loss, "loss")
        self._rows = np.empty(n_rows, network.dtype)
        self._n = None

    def _assemble(self, network, streams, dot):
        chain = network.architecture.chain()
        views = network.layout.views(network.parameters)
        gradients = network.layout.views(self.gradient)
        for leaf, view, gradient in zip(chain.leaves, views, gradients, strict=True):
            leaf.bind(view, gradient)
            leaf.streams, leaf.dot = streams, dot
        chain.look_back(is_trained=False)
        return chain

    def _resize(self, n_rows):
        if n_rows != self._n:
            self.chain.resize(n_rows)
            self.rows = self._rows[:n_rows]
            self._n = n_rows

    def evaluate(self, batch: Any, fresh: bool = True) -> float:
        """Return the mean loss of a batch.

        Parameters
        ----------
        batch : Batch
            Inputs, targets, weights and the number of rows to divide by.
        fresh : bool
            Whether to draw new masks and noise; False repeats those of the evaluation before.
        """
        self._resize(batch.x.shape[0])
        x = batch.x
        for layer in self.chain.layers:
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

    def backward(self) -> None:
        """Fill ``gradient`` for the batch that was evaluated last."""
        delta = self._delta
        for layer in self.chain.backwards:
            delta = layer.backward(delta)
