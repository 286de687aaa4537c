"""A layer that is going to be built, as a frozen description."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from skdeep.network.layers import Layer


@dataclass(frozen=True)
class Stage:
    """A layer to be built: its class, and what its constructor is given.

    The layer itself is made once the shape of its inputs is known, so that the same stages serve
    data of any shape.

    Parameters
    ----------
    kind : type
        A subclass of Layer.
    options : dict
        The keyword arguments of its constructor, which come after the shape of its inputs.
    name : str
        The name by which others find it, and the layer's in ``named_parameters_``. Two are in use:
        "code" for the last layer of an encoder, and "output" for the output layer. The units of the
        latter follow from the targets, so that ``describe`` does not count them among the hidden
        layers.

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
        """Return a new layer for inputs of the given shape."""
        layer = self.kind(in_shape, **self.options)
        layer.stage_name = self.name
        return layer

    def describe(self) -> dict[str, str]:
        """Return words, by topic, for what must not change while training goes on."""
        words = self.kind.describe(self.options)
        if self.name == "output":
            words.pop("hidden layers", None)
        return words
