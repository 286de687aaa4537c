"""What a network is made of: a frozen description that layers are built from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skdeep.losses import Loss
from skdeep.network.chain import Chain, Shortcut
from skdeep.network.layers import Layer


@dataclass(frozen=True)
class Stage:
    """A layer that is going to be built.

    Parameters
    ----------
    kind : type
        A subclass of Layer.
    options : dict
        What its constructor is given beside the shape of its inputs.
    name : str
        What others find it by. The units of the one called "output" are the network's outputs, and
        not described again.

    Examples
    --------
    >>> from skdeep.activations import ReLU
    >>> from skdeep.network import Dense, Stage
    >>> Stage(Dense, {"n_units": 5, "activation": ReLU()}).layer((3,)).out_shape
    (5,)
    """

    kind: type[Layer]
    options: dict[str, Any] = field(default_factory=dict)
    name: str = ""

    def layer(self, in_shape: tuple[int, ...]) -> Layer:
        """Return a new layer for inputs of a shape."""
        return self.kind(in_shape, **self.options)

    def describe(self) -> dict[str, str]:
        """Return what must not change while training goes on: words by topic."""
        words = self.kind.describe(self.options)
        if self.name == "output":
            words.pop("hidden layers", None)
        return words


@dataclass(frozen=True)
class Architecture:
    """A network without its parameters.

    Parameters
    ----------
    in_shape : tuple of int
        The shape of a row: (n_features,), or (height, width, channels) for maps.
    stages : tuple of Stage
        What a row goes through; the last one gives the scores.
    loss : Loss
        The loss, which owns the link from scores to predictions.
    dtype : numpy.dtype
        What everything is computed in.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.activations import Identity
    >>> from skdeep.losses import SquaredError
    >>> from skdeep.network import Architecture, Dense, Network, Stage
    >>> output = Stage(Dense, {"n_units": 2, "activation": Identity()})
    >>> architecture = Architecture((3,), (output,), SquaredError(), np.dtype("float64"))
    >>> Network(architecture).parameters.shape
    (8,)
    """

    in_shape: tuple[int, ...]
    stages: tuple[Stage, ...]
    loss: Loss
    dtype: np.dtype

    def chain(self) -> Chain:
        """Return new layers, connected with each other, but not bound to parameters."""
        chain = Chain(self.in_shape, self.stages)
        for leaf in chain.leaves:
            leaf.connect(chain.leaves)
        return chain

    @property
    def map_shape(self) -> tuple[int, ...] | None:
        """The input's (height, width, channels), or None if it is not known as a map."""
        return self.in_shape if len(self.in_shape) == 3 else None

    @property
    def n_shortcuts(self) -> int:
        """How many stages have an identity shortcut."""
        return sum(issubclass(stage.kind, Shortcut) for stage in self.stages)

    def place(self, name: str) -> int:
        """Return the number of the stage of that name."""
        return [stage.name for stage in self.stages].index(name)

    def describe(self) -> dict[str, str]:
        """Return what must not change while training goes on: words by topic."""
        words = Chain.describe({"stages": self.stages})
        return {
            "n_features": str(self.chain().n_inputs),
            "input shape": str(self.in_shape),
            "skip_connections": "False",
            "tied_weights": "False",
            "convolution layers": "none",
            "hidden layers": "none",
            **words,
            "n_outputs": str(self.chain().n_outputs),
            "loss": str(self.loss),
            "dtype": str(self.dtype),
        }
