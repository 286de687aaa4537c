"""The base class of layers: what the engine asks of them."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from skdeep.activations import Activation
from skdeep.network.layout import Parameter


class Layer:
    """Base class of layers; subclass it to add your own.

    The constructor takes the shape of a row of inputs, then the options of a :class:`Stage`, and
    sets ``in_shape`` and ``out_shape``. Layers pass each other arrays of flat rows; these two
    shapes say how the numbers of a row are arranged.

    ``parameters`` declares what is to be trained or kept. Each parameter becomes an attribute, a
    view into the one vector that holds all parameters of the network. In training its gradient is
    an attribute, too, whose name has ``d_`` in front.

    ``infer`` serves prediction. It touches no state, so that several threads can share a network.
    ``forward`` and ``backward`` serve training. So that its steps allocate nothing, ``allocate``
    makes arrays for the largest batch, and ``resize`` narrows them to the rows of the coming one.

    Attributes
    ----------
    in_shape, out_shape : tuple of int
        The shapes of a row that comes in, and of one that goes out.
    dot : callable
        The function for dense matrix products in training, called as ``dot(a, b, out)``.
    streams : Streams or None
        The random streams of a training; None if nothing is to be drawn.
    gives_gradient : bool
        Whether ``backward`` must return the gradient at the inputs, because something before the
        layer is trained.
    learns : bool
        Whether ``backward`` is called at all, because the layer or something before it is trained.
    activation : Activation or None
        The activation that the layer ends with, for the tools of :mod:`skdeep.inspection`.
    stage_name : str
        The name of the layer's stage; empty if it has none.

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
    >>> model = GainRegressor((8,), optimizer="lbfgs", tol=0.01, random_state=0)
    >>> model.fit(X, X[:, 0] ** 2).score(X, X[:, 0] ** 2) > 0.9
    True
    """

    in_shape: tuple[int, ...]
    out_shape: tuple[int, ...]
    dot: Callable[..., Any] = staticmethod(np.dot)
    streams: Any = None
    gives_gradient: bool = True
    learns: bool = True
    activation: Activation | None = None
    stage_name: str = ""

    if TYPE_CHECKING:  # the parameters, which ``bind`` makes attributes of

        def __getattr__(self, name: str) -> Any: ...

    @property
    def n_inputs(self) -> int:
        """How many numbers a row of inputs has."""
        return prod(self.in_shape)

    @property
    def n_outputs(self) -> int:
        """How many numbers a row of outputs has."""
        return prod(self.out_shape)

    @property
    def widest(self) -> int:
        """How many numbers a row takes up in the layer's largest array.

        It decides how many rows are predicted at once.
        """
        return max(self.n_inputs, self.n_outputs)

    @property
    def multiplications(self) -> int:
        """How many multiplications a row costs in the layer's largest matrix product.

        It decides whether a second thread is worth its while. Summaries show it; where it is 0,
        they take it that a row is multiplied once with every weight and every scale.
        """
        return 0

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return words, by topic, for what must not change while training goes on.

        By default these are all options. A layer whose options may change leaves them out.

        Parameters
        ----------
        options : dict
            The options of the stage.
        """
        words = ", ".join(f"{name}={value}" for name, value in options.items())
        return {cls.__name__: words or "present"}

    # -- parameters --------------------------------------------------------------------------

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the declarations of the parameters; by default there are none."""
        return ()

    @property
    def leaves(self) -> list[Layer]:
        """The layers within this one that hold no others, in order: mostly the layer itself."""
        return [self]

    def connect(self, leaves: list[Layer]) -> None:
        """Find the layers that this one works with, given all leaves of the network in order."""

    def bind(
        self, values: dict[str, np.ndarray], gradient: dict[str, np.ndarray] | None = None
    ) -> None:
        """Make the views of the parameters, and of their gradient in training, attributes.

        Both are given as dicts from the parameters' names to arrays.
        """
        for name, view in values.items():
            setattr(self, name, view)
        for name, view in (gradient or {}).items():
            setattr(self, f"d_{name}", view)

    def initialise(self, rng: np.random.Generator) -> None:
        """Write starting values into the parameters, which are zero until then."""

    def shown(self) -> list[tuple[Parameter, np.ndarray]]:
        """Return the parameters that have entries, with views in the shapes that users see."""
        return [
            (parameter, getattr(self, parameter.name))
            for parameter in self.parameters()
            if prod(parameter.shape)
        ]

    def of_kind(self, kind: str) -> list[np.ndarray]:
        """Return views of the parameters of a kind, in the shapes that users see."""
        return [view for parameter, view in self.shown() if parameter.kind == kind]

    def look_back(self, is_trained: bool) -> bool:
        """Take note of whether anything before the layer is trained.

        The result says the same for what comes next: whether the layer, or anything before it, is
        trained. Where nothing is, no gradients are computed.
        """
        self.gives_gradient = is_trained
        self.learns = is_trained or any(
            parameter.kind != "buffer" and prod(parameter.shape) for parameter in self.parameters()
        )
        return self.learns

    # -- arithmetic --------------------------------------------------------------------------

    def infer(self, x: np.ndarray) -> np.ndarray:
        """Return the outputs for inputs ``x``, in a new array."""
        raise NotImplementedError(f"{type(self).__name__} must define infer(x).")

    def trace(self, x: np.ndarray, see: Callable[[Layer, np.ndarray], object]) -> np.ndarray:
        """Return the same as ``infer``, and call ``see(layer, outputs)`` for every leaf."""
        outputs = self.infer(x)
        see(self, outputs)
        return outputs

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make the arrays that training works in, for batches of up to ``n_rows`` rows."""

    def resize(self, n_rows: int) -> None:
        """Use the first ``n_rows`` rows of the arrays for the coming batch."""

    def forward(self, x: np.ndarray, fresh: bool) -> np.ndarray:
        """Return the outputs for inputs ``x``.

        Parameters
        ----------
        x : ndarray of shape (n_rows, n_inputs)
            The inputs, which must not be changed. They are sparse only in layers that directly see
            the network's inputs, and only if these are sparse.
        fresh : bool
            Whether to draw new random numbers and to move running means. False repeats the
            evaluation before, perhaps with other parameters, as line searches do.

        Returns
        -------
        ndarray of shape (n_rows, n_outputs)
            The outputs. Layers leave them alone; the loss overwrites those of the last layer.
        """
        raise NotImplementedError(f"{type(self).__name__} must define forward(x, fresh).")

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Write the gradient of the parameters, and return the gradient at the inputs.

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
