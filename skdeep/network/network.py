"""A network for prediction: an architecture and its parameters in one flat vector."""

from __future__ import annotations

from typing import Any

import numpy as np

from skdeep.losses import Loss
from skdeep.network.architecture import Architecture
from skdeep.network.layout import Layout
from skdeep.network.names import layer_names


class Network:
    """An architecture bound to its parameters; several threads may predict with it at once.

    Parameters
    ----------
    architecture : Architecture
        What the network is made of.
    parameters : ndarray or None
        The flat vector of all parameters, buffers included; None makes one of zeros.

    Attributes
    ----------
    chain : list of Layer
        The layers that a row passes through, one for each stage.
    leaves : list of Layer
        The same layers, except that those that hold others are replaced by what they hold.
    weighted : list of Layer
        The leaves that have weights, be they their own or shared.
    multiplications : int
        How many multiplications a row costs in the largest matrix product.
    """

    def __init__(self, architecture: Architecture, parameters: np.ndarray | None = None) -> None:
        self.architecture = architecture
        chain = architecture.chain()
        self.chain, self.leaves = chain.layers, chain.leaves
        self.layout = Layout([leaf.parameters() for leaf in self.leaves])
        if parameters is None:
            parameters = np.zeros(self.layout.size, architecture.dtype)
        self.parameters = parameters
        for leaf, views in zip(self.leaves, self.layout.views(parameters), strict=True):
            leaf.bind(views)
        self.weighted = [leaf for leaf in self.leaves if leaf.of_kind("weight")]
        self.multiplications = max(leaf.multiplications for leaf in self.leaves)

    def __getstate__(self):
        return {"architecture": self.architecture, "parameters": self.parameters}

    def __setstate__(self, state):
        self.__init__(**state)
        was, right = self.parameters, ((self.layout.size,), self.dtype)
        if (was.shape, was.dtype) != right:  # of a file that was tampered with
            raise ValueError(
                f"The parameters must have shape and type {right}; got {was.shape}, {was.dtype}."
            )

    @property
    def loss(self) -> Loss:
        """The loss, which also turns scores into predictions."""
        return self.architecture.loss

    @property
    def dtype(self) -> np.dtype:
        """The type that everything is computed in."""
        return self.architecture.dtype

    @property
    def trained(self) -> np.ndarray:
        """The part of the parameters that is trained: all but the buffers."""
        return self.parameters[: self.layout.n_trained]

    @property
    def weights(self) -> np.ndarray:
        """The part of the parameters that penalties act on."""
        return self.parameters[: self.layout.n_weights]

    def of_kind(self, kind: str) -> list[np.ndarray]:
        """Return views of all parameters of a kind, in the shapes that users see."""
        return [view for leaf in self.leaves for view in leaf.of_kind(kind)]

    @property
    def named_parameters(self) -> dict[str, np.ndarray]:
        """Views of all parameters in the shapes that users see, by the names of layer and own."""
        return {
            f"{name}/{parameter.name}": view
            for name, leaf in zip(layer_names(self.leaves), self.leaves, strict=True)
            for parameter, view in leaf.shown()
        }

    def initialise(self, rng: np.random.Generator) -> None:
        """Write starting values, which are drawn from ``rng``."""
        for layer in self.chain:
            layer.initialise(rng)

    def scores(self, x: Any) -> np.ndarray:
        """Return the outputs before the loss's link, of shape (n_rows, n_outputs)."""
        return self.through(x, 0, None)

    def through(self, x: Any, start: int, stop: int | None) -> np.ndarray:
        """Return what the layers from ``start`` up to ``stop`` make of their inputs ``x``."""
        if not hasattr(x, "tocsr"):
            x = np.asarray(x, self.dtype)
        for layer in self.chain[start:stop]:
            x = layer.infer(x)
        return x
