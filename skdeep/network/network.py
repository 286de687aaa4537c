"""A network for prediction: an architecture and its parameters in one flat vector."""

import numpy as np

from skdeep.network.chain import Shortcut
from skdeep.network.layout import Layout


class Network:
    """An architecture bound to its parameters; thread-safe for prediction.

    Parameters
    ----------
    architecture : Architecture
    parameters : ndarray or None
        The flat vector, buffers included; None allocates one of zeros.

    Attributes
    ----------
    chain : list of Layer
        What a row goes through, one layer a stage.
    leaves : list of Layer
        The same layers, but those that hold others replaced by what they hold.
    weighted : list of Layer
        Those of the leaves that have weights, their own or shared ones.
    """

    def __init__(self, architecture, parameters=None):
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

    def __getstate__(self):
        return {"architecture": self.architecture, "parameters": self.parameters}

    def __setstate__(self, state):
        self.__init__(**state)

    @property
    def loss(self):
        """The loss, which owns the link."""
        return self.architecture.loss

    @property
    def dtype(self):
        """The type that everything is computed in."""
        return self.architecture.dtype

    @property
    def trained(self):
        """The part of the parameters that is trained: all but the buffers."""
        return self.parameters[: self.layout.n_trained]

    @property
    def weights(self):
        """The part of the parameters that penalties act on."""
        return self.parameters[: self.layout.n_weights]

    def of_kind(self, kind):
        """Return all parameters of a kind as users see them, a list of views."""
        return [view for leaf in self.leaves for view in leaf.of_kind(kind)]

    def initialise(self, rng):
        """Write starting values, which are drawn from ``rng``."""
        for leaf in self.leaves:
            leaf.initialise(rng)
        for layer in self.chain:
            if isinstance(layer, Shortcut):
                layer.damp()

    def scores(self, x):
        """Return the outputs before the link, shape (n_rows, n_outputs)."""
        return self.through(x, 0, None)

    def through(self, x, start, stop):
        """Return what a part of the chain, from ``start`` to ``stop``, makes of ``x``."""
        if not hasattr(x, "tocsr"):
            x = np.asarray(x, self.dtype)
        for layer in self.chain[start:stop]:
            x = layer.infer(x)
        return x
