"""From scores to predictions, loss by loss, as operators of ONNX."""

from __future__ import annotations

from skdeep.losses import BinaryCrossEntropy, CrossEntropy, Loss, Poisson, TwoClassCrossEntropy
from skdeep.onnx.registry import register_loss


def _two_classes(graph, loss, z):
    # a sigmoid of -z: one minus that of z would lose the digits of a small probability
    return graph.op("Sigmoid", graph.op("Concat", graph.op("Neg", z), z, axis=1))


for kind, function in {
    Loss: lambda graph, loss, z: z,
    CrossEntropy: lambda graph, loss, z: graph.op("Softmax", z, axis=1),
    BinaryCrossEntropy: lambda graph, loss, z: graph.op("Sigmoid", z),
    TwoClassCrossEntropy: _two_classes,
    Poisson: lambda graph, loss, z: graph.op("Exp", z),
}.items():
    register_loss(kind, function)
