"""The estimators for raw tables as operators of ONNX: the average of their networks."""

from __future__ import annotations

import numpy as np

from skdeep.estimators import TabularMLPClassifier, TabularMLPRegressor
from skdeep.estimators.tasks.classes import Labels
from skdeep.onnx.columns import encoded
from skdeep.onnx.conversion import CONVERTERS, Converter, Value
from skdeep.onnx.networks import class_outputs, labels, predicted, scores, values


def _average(graph, estimator, inputs, predict):
    """Return the weighted average of what the networks predict, in double precision."""
    x = encoded(graph, estimator, inputs)
    total = None
    for weight, member in zip(estimator.network_weights_, estimator.networks_, strict=True):
        own = x if member._network.dtype == np.float32 else graph.cast(x, member._network.dtype)
        z = scores(graph, member, own)
        part = graph.op("Mul", predict(graph, estimator, member, z), np.float64(weight))
        total = part if total is None else graph.op("Add", total, part)
    graph.dtype = np.dtype(np.float64)
    return total


def _probabilities(graph, estimator, member, z):
    """Return a network's probabilities of all classes; those it did not see have none."""
    probabilities = predicted(graph, member, z, np.dtype(np.float64))
    places = np.searchsorted(estimator.classes_, member.classes_)
    if len(places) == len(estimator.classes_):
        return probabilities
    return graph.op("MatMul", probabilities, np.eye(len(estimator.classes_))[places])


def _add_classifier(graph, estimator, inputs, dtype):
    mean = _average(graph, estimator, inputs, _probabilities)
    if isinstance(estimator._task, Labels):
        label = graph.cast(graph.op("Greater", mean, 0.5), np.int64)
        chances = _sharpened(graph, estimator, mean)
        others = _sharpened(graph, estimator, graph.op("Sub", 1.0, mean))
        total = graph.op("Add", chances, others)
    else:
        codes = graph.op("ArgMax", mean, axis=1, keepdims=0)
        label = labels(graph, codes, estimator.classes_)
        chances = _sharpened(graph, estimator, mean)
        total = graph.op("ReduceSum", chances, np.array([1]), keepdims=1)
    probabilities = graph.op("Div", chances, total)
    return [label, probabilities if dtype == np.float64 else graph.cast(probabilities, dtype)]


def _sharpened(graph, estimator, probabilities):
    """Return probabilities raised to the exponent that makes them honest."""
    chances = graph.op("Clip", probabilities, 1e-12, 1.0)
    return graph.op("Pow", chances, float(estimator._exponent))


def _bounded_values(graph, estimator, member, z):
    """Return a network's predictions within the range of the targets, in units of their spread."""
    bounded = _bounded(graph, estimator, values(graph, member, z))
    return graph.op("Div", graph.op("Sub", bounded, estimator._middle), estimator._spread)


def _bounded(graph, estimator, x):
    return graph.op("Min", graph.op("Max", x, estimator._low), estimator._high)


def _add_regressor(graph, estimator, inputs, dtype):
    mean = _average(graph, estimator, inputs, _bounded_values)
    units = graph.op("Add", graph.op("Mul", mean, estimator._spread), estimator._middle)
    predictions = _bounded(graph, estimator, units)
    return [predictions if dtype == np.float64 else graph.cast(predictions, dtype)]


def _regressor_outputs(estimator, dtype):
    return [Value("variable", dtype, (estimator._n_outputs,))]


CONVERTERS[TabularMLPClassifier] = Converter(class_outputs, _add_classifier)
CONVERTERS[TabularMLPRegressor] = Converter(_regressor_outputs, _add_regressor)
