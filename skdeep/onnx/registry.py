"""Which operators a layer, an activation and a loss become; users add those of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from skdeep.activations import Activation
from skdeep.losses import Loss
from skdeep.network import Layer
from skdeep.onnx.graph import Graph


class Table:
    """Functions that add operators to a graph, by the class whose arithmetic they repeat.

    Subclasses count as their base class unless they override some of that arithmetic.

    Parameters
    ----------
    what : str
        What the classes are, for messages.
    methods : tuple of str
        The methods that hold their arithmetic.
    example : str
        The call that registers one, for messages.
    """

    def __init__(self, what: str, methods: tuple[str, ...], example: str) -> None:
        self.what, self.methods, self.example = what, methods, example
        self.functions: dict[type, Any] = {}

    def find(self, part: Any) -> Any:
        """Return the entry for an object.

        Raises
        ------
        NotImplementedError
            If there is none.
        """
        kind = type(part)
        base = next((base for base in kind.__mro__ if base in self.functions), None)
        if base is None or not all(
            getattr(kind, name, None) is getattr(base, name, None) for name in self.methods
        ):
            raise NotImplementedError(
                f"There are no ONNX operators for the {self.what} {kind.__name__}. Register a "
                f"function that adds them to the graph, e.g. {self.example.format(kind.__name__)}."
            )
        return self.functions[base]


ACTIVATIONS = Table(
    "activation",
    ("forward", "_split"),
    'skdeep.onnx.register_activation({}, lambda graph, activation, z, theta: graph.op("Sin", z))',
)
LAYERS = Table(
    "layer",
    ("infer", "_infer_map", "_multiply", "_encoded", "_mapped", "_parts_of"),
    'skdeep.onnx.register_layer({}, lambda graph, layer, x: graph.op("Mul", x, layer.scale))',
)
LOSSES = Table(
    "predictions of the loss",
    ("predict",),
    'skdeep.onnx.register_loss({}, lambda graph, loss, z: graph.op("Exp", z))',
)


def register_activation(
    kind: type[Activation],
    function: Callable[[Graph, Any, str, Any], str],
    *,
    elementwise: bool = False,
) -> None:
    """Say which operators an activation of your own becomes.

    Parameters
    ----------
    kind : type
        The class of the activation. Its subclasses are known, too, unless they define ``forward``.
    function : callable
        Called as ``function(graph, activation, z, theta)``: it adds operators to the
        :class:`Graph` and returns the name of the result, of shape (n_rows, n_units). ``z`` is the
        name of the affine map's outputs, of shape (n_rows, n_units * pieces), ``theta`` the array
        of the trained parameters.
    elementwise : bool
        Whether every number of ``z`` is mapped by itself, so that it may have any shape. In
        convolutional networks that saves bringing channels to the end.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPRegressor
    >>> from skdeep.activations import Activation
    >>> from skdeep.onnx import register_activation, to_onnx
    >>> class Sine(Activation):
    ...     def forward(self, z, out, theta):
    ...         np.sin(z, out=out)
    ...     def backward(self, z, out, delta, theta, theta_gradient):
    ...         delta *= np.cos(z)
    ...         return delta
    >>> register_activation(Sine, lambda graph, activation, z, theta: graph.op("Sin", z))
    >>> x = np.linspace(-3, 3, 100, dtype=np.float32).reshape(-1, 1)
    >>> model = MLPRegressor((5,), Sine(), dtype="float32", max_iter=2, n_iter_no_change=np.inf)
    >>> [node.op_type for node in to_onnx(model.fit(x, np.sin(x).ravel())).graph.node][:2]
    ['Gemm', 'Sin']
    """
    ACTIVATIONS.functions[kind] = function, elementwise


def register_layer(kind: type[Layer], function: Callable[[Graph, Any, str], str]) -> None:
    """Say which operators a layer of your own becomes.

    Parameters
    ----------
    kind : type
        The class of the layer. Its subclasses are known, too, unless they define ``infer``.
    function : callable
        Called as ``function(graph, layer, x)``: it adds operators to the :class:`Graph` and returns
        the name of the outputs, as ``layer.infer`` does with arrays. ``x`` is the name of the
        inputs, flat rows; the layer's parameters are attributes of ``layer``, and arrays.

    Examples
    --------
    >>> from skdeep.network import Layer
    >>> from skdeep.onnx import register_layer
    >>> class Gain(Layer):
    ...     def infer(self, x):
    ...         return x * self.gain
    >>> register_layer(Gain, lambda graph, layer, x: graph.op("Mul", x, layer.gain))
    """
    LAYERS.functions[kind] = function


def register_loss(kind: type[Loss], function: Callable[[Graph, Any, str], str]) -> None:
    """Say how the predictions of a loss of your own follow from scores.

    It is needed only if the loss defines ``predict``.

    Parameters
    ----------
    kind : type
        The class of the loss. Its subclasses are known, too, unless they define ``predict``.
    function : callable
        Called as ``function(graph, loss, z)``: it adds operators to the :class:`Graph` and returns
        the name of the predictions; ``z`` is the name of the scores.

    Examples
    --------
    >>> from skdeep.losses import Poisson
    >>> from skdeep.onnx import register_loss
    >>> class SquareLink(Poisson):
    ...     def predict(self, z):
    ...         return z * z
    >>> register_loss(SquareLink, lambda graph, loss, z: graph.op("Mul", z, z))
    """
    LOSSES.functions[kind] = function
