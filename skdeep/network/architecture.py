"""What a network is made of: a frozen description that layers are built from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skdeep.losses import Loss
from skdeep.network.chain import Chain, Shortcut
from skdeep.network.stage import Stage


@dataclass(frozen=True)
class Architecture:
    """What a network is made of and computes, without its parameters.

    It is frozen. To change one, make another by :func:`dataclasses.replace`.

    Parameters
    ----------
    in_shape : tuple of int
        The shape of a row: (n_features,), or (height, width, channels) for maps.
    stages : tuple of Stage
        What a row passes through, in order; the last one gives the scores.
    loss : Loss
        The loss, which also turns scores into predictions.
    dtype : numpy.dtype
        The type of all parameters, and of everything that is computed from them.

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
        """The (height, width, channels) of the inputs, or None if they are not maps."""
        return self.in_shape if len(self.in_shape) == 3 else None

    @property
    def n_shortcuts(self) -> int:
        """How many stages have an identity shortcut."""
        return sum(issubclass(stage.kind, Shortcut) for stage in self.stages)

    def place(self, name: str) -> int:
        """Return the number of the stage that has the given name."""
        return [stage.name for stage in self.stages].index(name)

    def describe(self) -> dict[str, str]:
        """Return words, by topic, for what must not change while training goes on.

        A warm start compares them with those of the trained network, and names the topics in which
        they differ. Topics that no stage may mention have a default here, so that a message can say
        what was there before.
        """
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
