"""What networks are made of, and how their layers are put together."""

from dataclasses import dataclass
from math import prod

import numpy as np

from skdeep.activations import Activation, Identity
from skdeep.losses import Loss
from skdeep.network.convolution import Convolution, Filters
from skdeep.network.layers import Dense, TiedDense
from skdeep.network.pooling import AveragePooling, MaxPooling
from skdeep.network.shortcuts import Shortcut


def _nothing(i, n_units):
    """Put nothing behind a hidden layer."""
    return []


@dataclass(frozen=True)
class DenseArchitecture:
    """A fully connected network.

    Parameters
    ----------
    n_inputs : int
    hidden : tuple of (int, Activation)
        The units and the activation of every dense hidden layer.
    n_outputs : int
    loss : Loss
    dtype : numpy.dtype
    shortcuts : bool
        Whether hidden layers whose outputs are shaped like the layer's before get an identity
        shortcut.
    """

    n_inputs: int
    hidden: tuple[tuple[int, Activation], ...]
    n_outputs: int
    loss: Loss
    dtype: np.dtype
    shortcuts: bool = False

    def layers(self, behind_hidden=_nothing):
        """Return new layers, not bound to parameters.

        Parameters
        ----------
        behind_hidden : callable
            Given the number of a hidden layer and its units, returns the layers to put behind it.
        """
        *hidden, output = self._stages()
        chain = []
        for i, stage in enumerate(hidden):
            is_bridged = self._is_bridged(i, stage)
            stage = stage + behind_hidden(i, stage[-1].n_outputs)
            chain += [Shortcut(stage)] if is_bridged else stage
        return chain + output

    def _is_bridged(self, i, stage):
        return self.shortcuts and i > 0 and stage[0].in_shape == stage[-1].out_shape

    @property
    def map_shape(self):
        """The input's (height, width, channels), or None if it is not known as a map."""
        return None

    @property
    def n_shortcuts(self):
        """How many identity shortcuts there are."""
        return sum(isinstance(layer, Shortcut) for layer in self.layers())

    def _stages(self):
        """Return the hidden layers, each with what belongs to it, and the output layer."""
        return self._dense_stages(self.n_inputs)

    def _dense_stages(self, n_inputs):
        widths = [n_inputs, *(units for units, _ in self.hidden), self.n_outputs]
        activations = [*(activation for _, activation in self.hidden), Identity()]
        return [
            [Dense(n_in, n_units, activation)]
            for n_in, n_units, activation in zip(widths, widths[1:], activations, strict=False)
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
            "skip_connections": str(self.shortcuts),
        }


_POOLINGS = {"max": MaxPooling, "average": AveragePooling}


@dataclass(frozen=True)
class Stage:
    """A convolution layer and the pooling behind it.

    Parameters
    ----------
    filters : Filters
    activation : Activation
    pooling : {"max", "average"}
    pool_size : int
        1 for no pooling.
    """

    filters: Filters
    activation: Activation
    pooling: str
    pool_size: int

    def layers(self, shape, is_signal=False):
        """Return the layers for maps of a shape (height, width, channels)."""
        convolution = Convolution(shape, self.filters, self.activation, is_signal)
        if self.pool_size == 1:
            return [convolution]
        return [convolution, _POOLINGS[self.pooling](convolution.out_shape, self.pool_size)]

    def __str__(self):
        n, kernel, stride, padding = self.filters
        return (
            f"{n} filters {kernel[0]}x{kernel[1]} stride {stride} {padding} {self.activation} "
            f"{self.pooling} pooling {self.pool_size}"
        )


@dataclass(frozen=True)
class ConvolutionArchitecture(DenseArchitecture):
    """Convolution layers, and dense ones behind them.

    Parameters
    ----------
    shape : tuple of int
        (height, width, channels) of the input; the height of signals is 1.
    stages : tuple of Stage
    """

    shape: tuple[int, int, int] = (1, 1, 1)
    stages: tuple[Stage, ...] = ()

    @property
    def map_shape(self):
        """The input's (height, width, channels)."""
        return self.shape

    def _stages(self):
        built, shape = [], self.shape
        for stage in self.stages:
            built.append(stage.layers(shape, is_signal=self.shape[0] == 1))
            shape = built[-1][-1].out_shape
        return built + self._dense_stages(prod(shape))

    def _is_bridged(self, i, stage):
        # not between maps and units
        return super()._is_bridged(i, stage) and i != len(self.stages)

    def describe(self):
        """Return what must not change under a warm start, as words."""
        stages = "; ".join(map(str, self.stages))
        return {
            **super().describe(),
            "input shape": str(self.shape),
            "convolution layers": stages or "none",
        }


@dataclass(frozen=True)
class AutoencoderArchitecture(DenseArchitecture):
    """An encoder, and a decoder that is its mirror image.

    Parameters
    ----------
    tied : bool
        Whether the decoder's weights are the transpose of the encoder's.
    """

    tied: bool = True

    def _stages(self):
        encoder = [stage[0] for stage in self._dense_stages(self.n_inputs)[:-1]]
        activations = [*(activation for _, activation in self.hidden[-2::-1]), Identity()]
        decoder = [
            TiedDense(layer, activation)
            if self.tied
            else Dense(layer.n_units, layer.n_inputs, activation)
            for layer, activation in zip(reversed(encoder), activations, strict=True)
        ]
        return [[layer] for layer in encoder + decoder]

    def describe(self):
        """Return what must not change under a warm start, as words."""
        return {**super().describe(), "tied_weights": str(self.tied)}
