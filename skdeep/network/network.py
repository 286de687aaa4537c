"""A network for prediction: an architecture and its parameters in one flat vector."""

import numpy as np

from skdeep.network.layout import Layout
from skdeep.network.shortcuts import Shortcut


class Network:
    """An architecture bound to its parameters; thread-safe for prediction.

    Parameters
    ----------
    architecture : DenseArchitecture
    parameters : ndarray or None
        The flat vector; None allocates one of zeros.

    Attributes
    ----------
    chain : list of Layer
        What a row goes through.
    layers : list of Affine
        The layers with parameters among them, or within them.
    """

    def __init__(self, architecture, parameters=None):
        self.architecture = architecture
        self.chain = architecture.layers()
        self.layers = [layer for part in self.chain for layer in part.parametric]
        self.layout = Layout([layer.shapes for layer in self.layers])
        if parameters is None:
            parameters = np.zeros(self.layout.size, architecture.dtype)
        self.parameters = parameters
        self._bind()

    def _bind(self):
        for layer, views in zip(self.layers, self.layout.views(self.parameters), strict=True):
            layer.bind(views)

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
    def weights(self):
        """The part of the parameters that penalties act on."""
        return self.parameters[: self.layout.n_weights]

    def initialise(self, initializers, bias, rng, damp_shortcuts=False):
        """Write starting values.

        Parameters
        ----------
        initializers : sequence of Initializer
            One for each layer.
        bias : float
            For the hidden biases.
        rng : numpy.random.Generator
        damp_shortcuts : bool
            Whether layers within n shortcuts start smaller by sqrt(n): each adds its outputs, whose
            variance would otherwise grow exponentially with n.
        """
        for layer, initializer in zip(self.layers, initializers, strict=True):
            layer.initialise(initializer, bias, rng)
        self.layers[-1].bias[...] = 0
        shortcuts = [part for part in self.chain if isinstance(part, Shortcut)]
        for layer in (layer for part in shortcuts for layer in part.parametric):
            layer.weights *= len(shortcuts) ** -0.5 if damp_shortcuts else 1.0

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
