"""What a layer is to the engine."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from skdeep.activations import Activation
from skdeep.network.layout import Parameter


class Layer:
    """Base class of layers; subclass it to add your own.

    The constructor takes the shape of a row of inputs, then whatever a :class:`Stage` gives as
    options; it sets ``in_shape`` and ``out_shape``. Between layers a row is flat; what it means is
    said by these shapes.

    ``parameters`` declares what the layer holds. Each becomes an attribute, a view into the
    network's one vector of parameters, and in training a second one behind ``d_`` for its gradient.

    ``infer`` serves prediction: it touches no state, so that threads can share a network.
    ``forward`` and ``backward`` serve training: ``allocate`` makes arrays for the largest batch,
    ``resize`` narrows them to the rows of the coming one.

    Attributes
    ----------
    in_shape, out_shape : tuple of int
        The shapes of a row that comes in, and of one that goes out.
    dot : callable
        Computes dense matrix products in training, (a, b, out).
    streams : Streams or None
        The random streams of a training.
    gives_gradient : bool
        Whether ``backward`` must return the gradient at the inputs: something before the layer is
        trained.
    learns : bool
        Whether ``backward`` is called at all: the layer, or something before it, is trained.
    activation : Activation or None
        What the layer ends with, for those who look at networks.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import numpy as np
    >>> from skdeep import MLPRegressor
    >>> from skdeep.network import Layer, Parameter, Stage
    >>> class Gain(Layer):
    ...     def __init__(self, in_shape):
    ...         self.in_shape = self.out_shape = in_shape
    ...     def parameters(self):
    ...         return (Parameter("gain", self.in_shape, "scale"),)
    ...     def initialise(self, rng):
    ...         self.gain[...] = 1
    ...     def infer(self, x):
    ...         return x * self.gain
    ...     def forward(self, x, fresh):
    ...         self.x = x
    ...         return self.infer(x)
    ...     def backward(self, delta):
    ...         np.einsum("ij,ij->j", delta, self.x, out=self.d_gain)
    ...         return delta * self.gain
    >>> class GainRegressor(MLPRegressor):
    ...     def _extend_architecture(self, architecture):
    ...         return replace(architecture, stages=(Stage(Gain), *architecture.stages))
    >>> X = np.linspace(-1, 1, 40).reshape(-1, 2)
    >>> model = GainRegressor((8,), optimizer="lbfgs", random_state=0).fit(X, X[:, 0] ** 2)
    >>> model.score(X, X[:, 0] ** 2) > 0.9
    True
    """

    in_shape: tuple[int, ...]
    out_shape: tuple[int, ...]
    dot: Callable[..., Any] = staticmethod(np.dot)
    streams: Any = None
    gives_gradient: bool = True
    learns: bool = True
    activation: Activation | None = None

    if TYPE_CHECKING:  # the parameters, which ``bind`` makes attributes of

        def __getattr__(self, name: str) -> Any: ...

    @property
    def n_inputs(self) -> int:
        """The numbers that come in, a row."""
        return prod(self.in_shape)

    @property
    def n_outputs(self) -> int:
        """The numbers that go out, a row."""
        return prod(self.out_shape)

    @property
    def widest(self) -> int:
        """The numbers a row in the layer's largest array."""
        return max(self.n_inputs, self.n_outputs)

    @property
    def multiplications(self) -> int:
        """The multiplications a row in the layer's largest matrix product."""
        return 0

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return what must not change while training goes on: words by topic.

        Parameters
        ----------
        options : dict
            What the constructor is given beside the shape.
        """
        return {cls.__name__: ", ".join(f"{name}={value}" for name, value in options.items())}

    # -- parameters --------------------------------------------------------------------------

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the declarations of the parameters, a tuple of Parameter."""
        return ()

    @property
    def leaves(self) -> list[Layer]:
        """The layers in this one that hold no others, in order."""
        return [self]

    def connect(self, leaves: list[Layer]) -> None:
        """Find other layers of the network, given all of them in order."""

    def bind(
        self, values: dict[str, np.ndarray], gradient: dict[str, np.ndarray] | None = None
    ) -> None:
        """Take views of the parameters, and of their gradient for training: dicts by name."""
        for name, view in values.items():
            setattr(self, name, view)
        for name, view in (gradient or {}).items():
            setattr(self, f"d_{name}", view)

    def initialise(self, rng: np.random.Generator) -> None:
        """Write starting values into the parameters, which are zero."""

    def of_kind(self, kind: str) -> list[np.ndarray]:
        """Return the parameters of a kind as users see them, a list of views."""
        return [
            getattr(self, parameter.name)
            for parameter in self.parameters()
            if parameter.kind == kind and prod(parameter.shape)
        ]

    def look_back(self, is_trained: bool) -> bool:
        """Take note of whether anything before the layer is trained; return the same for behind."""
        self.gives_gradient = is_trained
        self.learns = is_trained or any(
            parameter.kind != "buffer" and prod(parameter.shape) for parameter in self.parameters()
        )
        return self.learns

    # -- arithmetic --------------------------------------------------------------------------

    def infer(self, x: np.ndarray) -> np.ndarray:
        """Return the outputs for inputs ``x`` in a new array."""
        raise NotImplementedError(f"{type(self).__name__} must define infer(x).")

    def trace(self, x: np.ndarray, see: Callable[[Layer, np.ndarray], object]) -> np.ndarray:
        """Return the same as ``infer``; ``see(layer, outputs)`` is told of every leaf's outputs."""
        outputs = self.infer(x)
        see(self, outputs)
        return outputs

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays for up to ``n_rows`` rows."""

    def resize(self, n_rows: int) -> None:
        """Use the first ``n_rows`` rows of the arrays."""

    def forward(self, x: np.ndarray, fresh: bool) -> np.ndarray:
        """Return the outputs for inputs ``x``.

        Parameters
        ----------
        x : ndarray of shape (n_rows, n_inputs)
            Must not be changed; sparse only where the network's own inputs are.
        fresh : bool
            Whether to draw new random numbers and move running means. False repeats the evaluation
            before, with other parameters perhaps.

        Returns
        -------
        ndarray of shape (n_rows, n_outputs)
            The next layer may overwrite it.
        """
        raise NotImplementedError(f"{type(self).__name__} must define forward(x, fresh).")

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Write the parameters' gradient, and return the gradient at the inputs.

        Parameters
        ----------
        delta : ndarray of shape (n_rows, n_outputs)
            The gradient at the outputs; may be overwritten.

        Returns
        -------
        ndarray of shape (n_rows, n_inputs) or None
            None is allowed unless ``gives_gradient``.
        """
        raise NotImplementedError(f"{type(self).__name__} must define backward(delta).")
