"""From scores to predictions, loss by loss, as operators of ONNX."""

from __future__ import annotations

from skdeep.losses import BinaryCrossEntropy, CrossEntropy, Loss, Poisson, TwoClassCrossEntropy
from skdeep.onnx.registry import register_loss

# not by onnxruntime's sigmoid, which loses the digits of small probabilities


def _labels(graph, loss, z):
    return graph.op("Reciprocal", graph.op("Add", graph.op("Exp", graph.op("Neg", z)), 1.0))


def _two_classes(graph, loss, z):
    half = graph.op("Mul", z, 0.5)
    return graph.op("Softmax", graph.op("Concat", graph.op("Neg", half), half, axis=1), axis=1)


for kind, function in {
    Loss: lambda graph, loss, z: z,
    CrossEntropy: lambda graph, loss, z: graph.op("Softmax", z, axis=1),
    BinaryCrossEntropy: _labels,
    TwoClassCrossEntropy: _two_classes,
    Poisson: lambda graph, loss, z: graph.op("Exp", z),
}.items():
    register_loss(kind, function)
