"""Networks by themselves as operators of ONNX: classifiers, regressors, and the autoencoder."""

from __future__ import annotations

from typing import Any

import numpy as np

from skdeep.estimators import Autoencoder
from skdeep.estimators.supervised import NetworkClassifier, NetworkRegressor
from skdeep.estimators.tasks.classes import Labels
from skdeep.onnx.conversion import CONVERTERS, Converter, Value, joined
from skdeep.onnx.graph import Graph
from skdeep.onnx.layers import through
from skdeep.onnx.registry import LOSSES


def scores(graph: Graph, estimator: Any, x: str, stop: int | None = None) -> str:
    """Return the outputs of the layers up to ``stop`` for inputs of the network's precision."""
    graph.dtype = estimator._network.dtype
    return through(graph, estimator._network, x, stop)


def predicted(graph: Graph, estimator: Any, z: str, dtype: np.dtype) -> str:
    """Return what the loss makes of scores, in the given precision."""
    if dtype != graph.dtype:
        z = graph.cast(z, dtype)
    graph.dtype = np.dtype(dtype)
    loss = estimator._task.loss
    return LOSSES.find(loss)(graph, loss, z)


def values(graph: Graph, estimator: Any, z: str) -> str:
    """Return the predictions of a regressor for scores, in the units of its targets.

    They are in double precision, or large targets would be rounded.
    """
    task = estimator._task
    z = predicted(graph, estimator, z, np.dtype(np.float64))
    if task.target_scaling is None:
        return z
    return graph.op("Add", graph.op("Mul", z, task.scale), task.mean)


# -- labels --------------------------------------------------------------------------------------


def class_outputs(estimator: Any, dtype: np.dtype) -> list[Value]:
    """Return what comes out of a classifier: labels and probabilities."""
    classes, several = estimator.classes_, isinstance(estimator._task, Labels)
    return [
        Value("label", _portable(classes).dtype, (len(classes),) if several else ()),
        Value("probabilities", dtype, (len(classes),)),
    ]


def labels(graph: Graph, codes: str, classes: np.ndarray) -> str:
    """Return the labels for the numbers of classes."""
    known = _portable(classes)
    if known.dtype == np.int64 and np.array_equal(known, np.arange(len(known))):
        return codes
    return graph.op("Gather", known, codes, axis=0)


def _portable(classes):
    """Return labels in a type that ONNX knows; booleans become integers, as with skl2onnx.

    Raises
    ------
    ValueError
        If there is no such type.
    """
    known = np.asarray(classes.tolist())
    if known.dtype.kind == "U" and all(isinstance(label, str) for label in classes.tolist()):
        return classes.astype(object)
    if known.dtype.kind in "bi" or (known.dtype.kind == "u" and known.max() < 2**63):
        return known.astype(np.int64)
    if known.dtype.kind == "f":
        return known.astype(np.float64)
    raise ValueError(
        "ONNX knows labels that are strings, integers of 64 bits, booleans or floats; got "
        f"{classes.tolist()}."
    )


def _decided(graph, task, z):
    """Return the labels for scores."""
    if isinstance(task, Labels):
        return graph.cast(graph.op("Greater", z, 0.0), np.int64)
    if task.n_outputs > 1:
        return labels(graph, graph.op("ArgMax", z, axis=1, keepdims=0), task.classes)
    is_second = graph.op("Reshape", graph.op("Greater", z, 0.0), np.array([-1]))
    return labels(graph, graph.cast(is_second, np.int64), task.classes)


# -- estimators ----------------------------------------------------------------------------------


def _scores(graph, estimator, inputs, stop=None):
    x = joined(graph, inputs, estimator._network.dtype, estimator.n_features_in_)
    return scores(graph, estimator, x, stop)


def _add_classifier(graph, estimator, inputs, dtype):
    z = _scores(graph, estimator, inputs)
    label = _decided(graph, estimator._task, z)
    return [label, predicted(graph, estimator, z, dtype)]


def _add_regressor(graph, estimator, inputs, dtype):
    z = values(graph, estimator, _scores(graph, estimator, inputs))
    return [z if dtype == np.float64 else graph.cast(z, dtype)]


def _add_autoencoder(graph, estimator, inputs, dtype):
    codes = _scores(graph, estimator, inputs, estimator._code + 1)
    return [codes if dtype == graph.dtype else graph.cast(codes, dtype)]


def _regressor_outputs(estimator, dtype):
    return [Value("variable", dtype, (estimator.n_outputs_,))]


def _codes(estimator, dtype):
    return [Value("variable", dtype, (estimator._n_features_out,))]


CONVERTERS[NetworkClassifier] = Converter(class_outputs, _add_classifier)
CONVERTERS[NetworkRegressor] = Converter(_regressor_outputs, _add_regressor)
CONVERTERS[Autoencoder] = Converter(_codes, _add_autoencoder)
