"""Architectures of each family, composed of stages, and layers on their own."""

from typing import NamedTuple

import numpy as np

from skdeep.activations import Activation, Identity
from skdeep.losses import SquaredError
from skdeep.network import (
    Architecture,
    AveragePooling,
    Convolution,
    Dense,
    Dropout,
    Filters,
    GaussianNoise,
    Layout,
    MaxPooling,
    Shortcut,
    Stage,
    TiedDense,
)

POOLINGS = {"max": MaxPooling, "average": AveragePooling}


class Maps(NamedTuple):
    """A convolution layer and the pooling behind it."""

    filters: Filters
    activation: Activation
    pooling: str = "max"
    pool_size: int | tuple[int, int] = 1

    def stages(self):
        options = {"filters": self.filters, "activation": self.activation}
        pooling = Stage(POOLINGS[self.pooling], {"size": self.pool_size})
        return [Stage(Convolution, options)] + ([pooling] if self.pool_size != 1 else [])


def dense(n_inputs, hidden, n_outputs, **others):
    """Return an architecture of dense layers; ``hidden`` holds pairs of units and activation.

    For the ``others`` see ``compose``; ``init`` is for all layers, ``bias_init`` for hidden ones.
    """
    return _with_dense_layers((n_inputs,), [], hidden, n_outputs, **others)


def convolutional(shape, maps, hidden, n_outputs, **others):
    """Return an architecture of convolution layers, given as Maps, and dense ones behind."""
    return _with_dense_layers(
        shape, [layer.stages() for layer in maps], hidden, n_outputs, **others
    )


def _with_dense_layers(shape, before, hidden, n_outputs, init=None, bias_init=0.0, **others):
    start = {"init": init, "bias_init": bias_init}
    layers = [[_layer(n_units, activation, **start)] for n_units, activation in hidden]
    output = _layer(n_outputs, Identity(), "output", init=init)
    return compose(shape, before + layers, output, **others)


def _layer(n_units, activation, name="", kind=Dense, **options):
    return Stage(kind, {"n_units": n_units, "activation": activation, **options}, name)


def autoencoder(n_inputs, hidden, tied=True, init=None, bias_init=0.0, **others):
    """Return an encoder of some hidden layers, and a decoder that mirrors it."""
    start = {"init": init, "bias_init": bias_init}
    layers = [[_layer(n_units, activation, **start)] for n_units, activation in hidden]
    mirrored = [*((n, activation, "", bias_init) for n, activation in hidden[-2::-1])]
    for i, (*what, bias) in enumerate([*mirrored, (n_inputs, Identity(), "output", 0.0)], 1):
        own = {"kind": TiedDense, "partner": len(hidden) - i} if tied else {"init": init}
        layers.append([_layer(*what, bias_init=bias, **own)])
    *layers, (output,) = layers
    return compose((n_inputs,), layers, output, **others)


def compose(
    in_shape,
    layers,
    output,
    loss=None,
    dtype=float,
    dropout=(),
    input_dropout=0.0,
    input_noise=0.0,
    bridged=(),
):
    """Return an architecture.

    Parameters
    ----------
    in_shape : tuple of int
    layers : list of list of Stage
        The stages of each hidden layer.
    output : Stage
    loss : Loss or None
        None is the squared error.
    dtype : type
    dropout : sequence of float
        The rates behind hidden layers; those that are missing are zero.
    input_dropout, input_noise : float
    bridged : sequence of int
        The numbers of the hidden layers that have a shortcut around them.
    """
    stages = [Stage(GaussianNoise, {"scale": input_noise})] if input_noise else []
    stages += _dropout(input_dropout)
    for i, layer in enumerate(layers):
        part = [*layer, *_dropout(dropout[i] if i < len(dropout) else 0.0)]
        stages += [Stage(Shortcut, {"stages": tuple(part)})] if i in bridged else part
    return Architecture(in_shape, (*stages, output), loss or SquaredError(), np.dtype(dtype))


def _dropout(rate):
    return [Stage(Dropout, {"rate": rate})] if rate else []


def bound(layer, n_rows, dtype=np.float64, is_first=False, streams=None, draw=None):
    """Give a layer on its own parameters and arrays.

    Parameters
    ----------
    layer : Layer
    n_rows : int
    dtype : type
    is_first : bool
        Whether nothing before it is trained.
    streams : Streams or None
    draw : callable
        Makes parameters, given their number; None draws normal ones.
    """
    layout = Layout([leaf.parameters() for leaf in layer.leaves])
    parameters = (draw or np.random.default_rng(0).standard_normal)(layout.size).astype(dtype)
    gradient = np.full(layout.n_trained, np.nan, dtype)
    views = zip(layer.leaves, layout.views(parameters), layout.views(gradient), strict=True)
    for leaf, values, gradients in views:
        leaf.bind(values, gradients)
        leaf.streams = streams
    layer.look_back(is_trained=not is_first)
    layer.allocate(n_rows, np.dtype(dtype))
    layer.resize(n_rows)
    return layer
