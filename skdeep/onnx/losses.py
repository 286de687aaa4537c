"""From scores to predictions, loss by loss, as operators of ONNX."""

from __future__ import annotations

import numpy as np

from skdeep.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Loss,
    Poisson,
    Quantile,
    TwoClassCrossEntropy,
)
from skdeep.onnx.activations import softplus
from skdeep.onnx.registry import register_loss

# not by onnxruntime's sigmoid, which loses the digits of small probabilities


def _labels(graph, loss, z):
    return graph.op("Reciprocal", graph.op("Add", graph.op("Exp", graph.op("Neg", z)), 1.0))


def _two_classes(graph, loss, z):
    half = graph.op("Mul", z, 0.5)
    return graph.op("Softmax", graph.op("Concat", graph.op("Neg", half), half, axis=1), axis=1)


def _quantiles(graph, loss, z):
    n, middle = loss.n_scores(1), loss.middle
    if n == 1:
        return z

    def columns(start, stop):
        return graph.op("Slice", z, np.array([start]), np.array([stop]), np.array([1]))

    def distances(start, stop, **options):
        return graph.op("CumSum", softplus(graph, columns(start, stop)), np.array(1), **options)

    anchor = columns(middle, middle + 1)
    sides = [anchor, graph.op("Add", anchor, distances(middle + 1, n))]
    if middle:
        sides.insert(0, graph.op("Sub", anchor, distances(0, middle, reverse=1)))
    return graph.op("Concat", *sides, axis=1)


for kind, function in {
    Loss: lambda graph, loss, z: z,
    CrossEntropy: lambda graph, loss, z: graph.op("Softmax", z, axis=1),
    BinaryCrossEntropy: _labels,
    TwoClassCrossEntropy: _two_classes,
    Quantile: _quantiles,
    Poisson: lambda graph, loss, z: graph.op("Exp", z),
}.items():
    register_loss(kind, function)
