"""A network for prediction: an architecture and its parameters in one flat vector."""

from dataclasses import dataclass

import numpy as np

from skdeep.activations import Activation, Identity
from skdeep.losses import Loss
from skdeep.network.layers import Dense
from skdeep.network.layout import Layout


@dataclass(frozen=True)
class DenseArchitecture:
    """What a fully connected network is made of.

    Parameters
    ----------
    n_inputs : int
    hidden : tuple of (int, Activation)
        The units and the activation of every hidden layer.
    n_outputs : int
    loss : Loss
    dtype : numpy.dtype
    """

    n_inputs: int
    hidden: tuple[tuple[int, Activation], ...]
    n_outputs: int
    loss: Loss
    dtype: np.dtype

    def layers(self):
        """Return new layers, not bound to parameters."""
        widths = [self.n_inputs, *(units for units, _ in self.hidden), self.n_outputs]
        activations = [*(activation for _, activation in self.hidden), Identity()]
        return [
            Dense(n_inputs, n_units, activation)
            for n_inputs, n_units, activation in zip(widths, widths[1:], activations, strict=False)
        ]

    def describe(self):
        """Return what must not change under a warm start, as words."""
        hidden = ", ".join(f"{units} {activation}" for units, activation in self.hidden)
        return {
            "n_features": str(self.n_inputs),
            "hidden layers": hidden or "none",
            "n_outputs": str(self.n_outputs),
            "loss": str(self.loss),
            "dtype": str(self.dtype),
        }


class Network:
    """An architecture bound to its parameters; thread-safe for prediction.

    Parameters
    ----------
    architecture : DenseArchitecture
    parameters : ndarray or None
        The flat vector; None allocates one of zeros.
    """

    def __init__(self, architecture, parameters=None):
        self.architecture = architecture
        self.layers = architecture.layers()
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

    def initialise(self, initializers, bias, rng):
        """Write starting values: one initializer a layer, ``bias`` for the hidden biases."""
        for layer, initializer in zip(self.layers, initializers, strict=True):
            layer.initialise(initializer, bias, rng)
        self.layers[-1].bias[...] = 0

    def scores(self, x):
        """Return the outputs before the link, shape (n_rows, n_outputs)."""
        if not hasattr(x, "tocsr"):
            x = np.asarray(x, self.dtype)
        for layer in self.layers:
            x = layer.infer(x)
        return x
