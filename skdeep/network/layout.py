"""One flat vector holds all parameters of a network; layers work on views into it.

The vector is ordered by kind: the weights come first, then the biases and whatever else is trained,
and the buffers last. So a penalty acts on one slice, an update takes a few vector operations, and
the best model is kept by one copy.
"""

from __future__ import annotations

from math import prod
from typing import Literal, NamedTuple

import numpy as np

KINDS = ("weight", "bias", "scale", "embedding", "buffer")


class Parameter(NamedTuple):
    """What a layer declares about one of its parameters.

    Parameters
    ----------
    name : str
        The attribute of the layer that it becomes; its gradient becomes ``d_`` and this name.
    shape : tuple of int
        Its shape; a parameter without entries is left out.
    kind : {"weight", "bias", "scale", "embedding", "buffer"}
        Weights are multiplied with inputs: penalties, decay and max-norm act on them, and units are
        their last axis. Scales are one number each, multiplied or added, embeddings are rows that
        are looked up, buffers are not trained.
    rate : float
        A factor on the learning rate, in addition to the optimizer's factor for the kind.
    """

    name: str
    shape: tuple[int, ...]
    kind: Literal["weight", "bias", "scale", "embedding", "buffer"]
    rate: float = 1.0


class Segment(NamedTuple):
    """A run of neighbouring trained parameters that have one kind and one declared rate.

    Parameters
    ----------
    rows : slice
        Where they lie in the flat vector.
    kind : str
        Their kind.
    rate : float
        Their factor on the learning rate.
    """

    rows: slice
    kind: str
    rate: float


class Layout:
    """Where the parameters of every layer lie in the flat vector.

    Parameters
    ----------
    declarations : list of tuple of Parameter
        What each layer declares.

    Attributes
    ----------
    size : int
        The length of the flat vector.
    n_weights : int
        How many of its entries, the first ones, are weights.
    n_trained : int
        How many of its entries, the first ones, are trained; the others are buffers.
    segments : list of Segment
        The trained entries in order.
    """

    def __init__(self, declarations: list[tuple[Parameter, ...]]) -> None:
        self._declarations = [_checked(declared) for declared in declarations]
        self._places = {}
        self.segments = []
        self.size = 0
        ends = {kind: self._place(kind) for kind in KINDS}
        self.n_weights, self.n_trained = ends["weight"], ends["embedding"]

    def _place(self, kind):
        """Lay out all parameters of a kind; return where they end."""
        for i, declared in enumerate(self._declarations):
            for parameter in declared:
                if parameter.kind == kind:
                    rows = slice(self.size, self.size + prod(parameter.shape))
                    self._places[i, parameter.name] = rows
                    self.size = rows.stop
                    self._add_segment(rows, parameter)
        return self.size

    def _add_segment(self, rows, parameter):
        what = parameter.kind, parameter.rate
        if parameter.kind == "buffer" or rows.start == rows.stop:
            return
        if self.segments and self.segments[-1][1:] == what:
            rows = slice(self.segments.pop().rows.start, rows.stop)
        self.segments.append(Segment(rows, *what))

    def views(self, flat: np.ndarray) -> list[dict[str, np.ndarray]]:
        """Return views into ``flat``: for each layer a dict from names to arrays.

        A vector of ``n_trained`` entries, such as a gradient, has no views of buffers.
        """
        return [
            {
                name: flat[self._places[i, name]].reshape(shape)
                for name, shape, kind, _ in declared
                if kind != "buffer" or len(flat) > self.n_trained
            }
            for i, declared in enumerate(self._declarations)
        ]

    def of_kind(self, flat: np.ndarray, kind: str) -> list[np.ndarray]:
        """Return views of all parameters of a kind that have entries, in order."""
        views = self.views(flat)
        return [
            views[i][parameter.name]
            for i, declared in enumerate(self._declarations)
            for parameter in declared
            if parameter.kind == kind and prod(parameter.shape)
        ]


def _checked(declared):
    """Return a layer's declarations; ValueError for a kind that nobody knows."""
    for parameter in declared:
        if parameter.kind not in KINDS:
            raise ValueError(
                f"The kind of parameter {parameter.name!r} must be one of {', '.join(KINDS)}; got "
                f"{parameter.kind!r}."
            )
    return declared
