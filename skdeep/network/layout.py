"""One flat vector holds all parameters of a network; layers work on views into it.

Weights come first, then biases, then what activations train, so that a penalty is one slice, an
update a few vector operations, and keeping the best model one copy.
"""

from math import prod
from typing import NamedTuple

import numpy as np


class LayerShapes(NamedTuple):
    """The shapes of one layer's parameters."""

    weights: tuple
    bias: tuple
    theta: tuple


class LayerViews(NamedTuple):
    """One layer's parameters (or their gradient) as views."""

    weights: np.ndarray
    bias: np.ndarray
    theta: np.ndarray


class Layout:
    """Where every layer's parameters lie.

    Parameters
    ----------
    shapes : list of LayerShapes

    Attributes
    ----------
    size : int
        The length of the flat vector.
    n_weights : int
        How many of its entries, the first ones, are weights.
    """

    def __init__(self, shapes):
        self._shapes = shapes
        self._places = []
        start = 0
        for kind in range(len(LayerShapes._fields)):
            places = []
            for shape in (layer[kind] for layer in shapes):
                places.append(slice(start, start + prod(shape)))
                start += prod(shape)
            self._places.append(places)
            if kind == 0:
                self.n_weights = start
        self.size = start

    def views(self, flat):
        """Return the views into ``flat``, a LayerViews for each layer."""
        return [
            LayerViews(
                *(
                    flat[self._places[kind][i]].reshape(shape)
                    for kind, shape in enumerate(layer_shapes)
                )
            )
            for i, layer_shapes in enumerate(self._shapes)
        ]
