"""Identity shortcuts around layers."""

import numpy as np

from skdeep.network.layers import Layer


class Shortcut(Layer):
    """Layers with an identity shortcut around them: x + f(x).

    Parameters
    ----------
    layers : list of Layer
        Their outputs are shaped like their inputs.
    """

    def __init__(self, layers):
        self.layers = layers
        self.in_shape = self.out_shape = layers[0].in_shape

    @property
    def parametric(self):
        """The layers with parameters within."""
        return [inner for layer in self.layers for inner in layer.parametric]

    def infer(self, x):
        """Return x + f(x)."""
        y = x
        for layer in self.layers:
            y = layer.infer(y)
        y += x
        return y

    def allocate(self, n_rows, dtype):
        """Make arrays for the sum and for the gradient."""
        self._out = np.empty((n_rows, self.n_outputs), dtype)
        self._delta = np.empty_like(self._out)
        for layer in self.layers:
            layer.allocate(n_rows, dtype)

    def resize(self, n_rows):
        """Use the first rows of the arrays."""
        self.out, self.delta = self._out[:n_rows], self._delta[:n_rows]
        for layer in self.layers:
            layer.resize(n_rows)

    def forward(self, x, fresh):
        """Return x + f(x)."""
        y = x
        for layer in self.layers:
            y = layer.forward(y, fresh)
        return np.add(x, y, out=self.out)

    def backward(self, delta):
        """Return the gradient through f plus the one along the shortcut."""
        self.delta[...] = delta  # the layers within overwrite theirs
        for layer in reversed(self.layers):
            delta = layer.backward(delta)
        delta += self.delta
        return delta
