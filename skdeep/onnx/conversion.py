"""How estimators are converted: what comes in, what comes out, and who does what is between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from math import prod
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdeep.onnx.graph import Graph


class Value(NamedTuple):
    """What goes into a model, or comes out.

    Parameters
    ----------
    name : str
        Its name in the graph.
    dtype : numpy.dtype
        Its type; that of objects means strings.
    shape : tuple of int
        The shape of a row; None for a size that is not known.
    """

    name: str
    dtype: np.dtype
    shape: tuple[int | None, ...]

    @property
    def size(self) -> int | None:
        """How many numbers, or strings, a row has."""
        return None if None in self.shape else prod(self.shape)


class Converter(NamedTuple):
    """How estimators of a class are converted.

    Parameters
    ----------
    outputs : callable
        Called as ``outputs(estimator, dtype)``, with the floating type of the outputs: returns what
        comes out, a list of Value.
    add : callable
        Called as ``add(graph, estimator, inputs, dtype)``: adds the operators to the graph, and
        returns the names of the outputs.
    """

    outputs: Callable[[Any, np.dtype], list[Value]]
    add: Callable[[Graph, Any, Sequence[Value], np.dtype], list[str]]


CONVERTERS: dict[type, Converter] = {}


def converter_for(estimator: Any) -> Converter | None:
    """Return the converter of an estimator of ours, None for any other.

    Raises
    ------
    NotImplementedError
        If it is a subclass that predicts in a way of its own.
    """
    kind = type(estimator)
    base = next((base for base in kind.__mro__ if base in CONVERTERS), None)
    if base is None:
        return None
    check_is_fitted(estimator)
    for name in ("predict", "predict_proba", "transform"):
        if getattr(kind, name, None) is not getattr(base, name, None):
            raise NotImplementedError(
                f"{kind.__name__} overrides {name}, which would be lost in ONNX; convert an object "
                f"of its base class, or change the network by _extend_architecture."
            )
    return CONVERTERS[base]


def is_installed(package: str) -> bool:
    """Whether a package can be imported; a mere folder of that name does not count."""
    spec = find_spec(package)
    return spec is not None and spec.origin is not None


def require(package: str) -> None:
    """Raise ImportError if a package of the extra "onnx" is missing."""
    if not is_installed(package):
        raise ImportError(
            f"skdeep.onnx needs {package}, which is not installed: pip install 'skdeep[onnx]'."
        )


def floating(inputs: Sequence[Value]) -> np.dtype:
    """Return the floating type of the outputs: double precision if an input has it, else single."""
    is_double = any(value.dtype == np.float64 for value in inputs)
    return np.dtype(np.float64 if is_double else np.float32)


def joined(graph: Graph, inputs: Sequence[Value], dtype: np.dtype, n_columns: int) -> str:
    """Return all inputs side by side, as flat rows of the given type.

    Raises
    ------
    ValueError
        If these are not ``n_columns`` numbers.
    """
    sizes = [value.size for value in inputs]
    if None not in sizes and sum(sizes) != n_columns:
        raise ValueError(f"X has {sum(sizes)} features, but {n_columns} are expected.")
    if any(value.dtype == object for value in inputs):
        names = [value.name for value in inputs if value.dtype == object]
        raise ValueError(f"X holds strings in {names}, but numbers are expected.")
    parts = []
    for value in inputs:
        x = value.name
        if len(value.shape) > 1:
            x = graph.op("Reshape", x, np.array([0, n_columns]))
        parts.append(x if value.dtype == dtype else graph.cast(x, dtype))
    return parts[0] if len(parts) == 1 else graph.op("Concat", *parts, axis=1)
