"""Fitted estimators as operators of ONNX: what comes in, what comes out, and what lies between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdeep import Autoencoder
from skdeep.estimators.supervised import NetworkClassifier, NetworkRegressor
from skdeep.onnx.graph import Graph
from skdeep.onnx.layers import through
from skdeep.onnx.registry import LOSSES
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler


class Value(NamedTuple):
    """What goes into a model, or comes out.

    Parameters
    ----------
    name : str
        Its name in the graph.
    dtype : numpy.dtype
        Its type; that of objects means strings.
    shape : tuple of int
        The shape of a row.
    """

    name: str
    dtype: np.dtype
    shape: tuple[int, ...]


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
    """Return the converter of an estimator of ours, None for any other."""
    for base in type(estimator).__mro__:
        if base in CONVERTERS:
            check_is_fitted(estimator)
            return CONVERTERS[base]
    return None


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
    sizes = [prod(value.shape) for value in inputs]
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


# -- classes -------------------------------------------------------------------------------------


def label_dtype(classes: np.ndarray) -> np.dtype:
    """Return the type of labels in a graph: integers, also for booleans, floats or strings."""
    return _portable(classes).dtype


def _portable(classes):
    """Return labels as an array whose type ONNX knows.

    Raises
    ------
    ValueError
        If there is none.
    """
    values = classes if classes.dtype != object else np.array(classes.tolist())
    if values.dtype.kind == "U" and all(isinstance(label, str) for label in classes.tolist()):
        return classes.astype(object)
    if values.dtype.kind in "biu" and np.array_equal(values.astype(np.int64), values):
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        return values.astype(np.float64)
    raise ValueError(
        f"Labels must be strings, integers, booleans or floats in ONNX; got {classes.tolist()}."
    )


def labels(graph: Graph, codes: str, classes: np.ndarray) -> str:
    """Return the labels for the numbers of classes."""
    values = _portable(classes)
    if values.dtype == np.int64 and np.array_equal(values, np.arange(len(values))):
        return codes
    return graph.op("Gather", values, codes, axis=0)


def class_outputs(estimator: Any, dtype: np.dtype) -> list[Value]:
    """Return the outputs of a classifier: labels and probabilities."""
    classes, has_labels = estimator.classes_, is_multilabel(estimator)
    return [
        Value("label", label_dtype(classes), (len(classes),) if has_labels else ()),
        Value("probabilities", dtype, (len(classes),)),
    ]


def is_multilabel(estimator: Any) -> bool:
    """Whether a row may have several labels."""
    return isinstance(estimator._task, Labels)


def _decided(graph, task, z):
    """Return labels for scores."""
    if isinstance(task, Labels):
        return graph.cast(graph.op("Greater", z, 0.0), np.int64)
    if task.n_outputs > 1:
        return labels(graph, graph.op("ArgMax", z, axis=1, keepdims=0), task.classes)
    is_second = graph.op("Reshape", graph.op("Greater", z, 0.0), np.array([-1]))
    return labels(graph, graph.cast(is_second, np.int64), task.classes)


def _add_classifier(graph, estimator, inputs, dtype):
    task, z = estimator._task, _scores(graph, estimator, inputs)
    label = _decided(graph, task, z)
    return [label, predicted(graph, estimator, z, dtype)]


# -- numbers -------------------------------------------------------------------------------------


def _scores(graph, estimator, inputs, stop=None):
    """Return the outputs of the layers up to ``stop``, in the network's precision."""
    network = estimator._network
    graph.dtype = network.dtype
    x = joined(graph, inputs, network.dtype, estimator.n_features_in_)
    return through(graph, network, x, stop)


def predicted(graph: Graph, estimator: Any, z: str, dtype: np.dtype) -> str:
    """Return what the loss makes of scores, in another precision than the network's."""
    if dtype != graph.dtype:
        z = graph.cast(z, dtype)
    graph.dtype = np.dtype(dtype)
    loss = estimator._task.loss
    return LOSSES.find(loss)(graph, loss, z)


def values(graph: Graph, estimator: Any, z: str, dtype: np.dtype) -> str:
    """Return the predictions of a regressor, in the units of its targets."""
    task = estimator._task
    if task.target_scaling is None:
        return predicted(graph, estimator, z, dtype)
    # in double precision, or large targets would be rounded
    z = predicted(graph, estimator, z, np.dtype(np.float64))
    z = graph.op("Add", graph.op("Mul", z, task.scale), task.mean)
    return z if dtype == np.float64 else graph.cast(z, dtype)


def _add_regressor(graph, estimator, inputs, dtype):
    return [values(graph, estimator, _scores(graph, estimator, inputs), dtype)]


def _add_encoder(graph, estimator, inputs, dtype):
    codes = _scores(graph, estimator, inputs, estimator._code + 1)
    return [codes if dtype == graph.dtype else graph.cast(codes, dtype)]


def _one_output(width):
    """Return a function that describes one array as the output, whose width is asked for."""
    return lambda estimator, dtype: [Value("variable", dtype, (width(estimator),))]


# -- transformers --------------------------------------------------------------------------------


def _add_scaler(graph, scaler, inputs, dtype):
    graph.dtype = np.dtype(np.float64)
    x = joined(graph, inputs, graph.dtype, scaler.n_features_in_)
    z = smoothly_scaled(graph, scaler, x)
    return [z if dtype == np.float64 else graph.cast(z, dtype)]
