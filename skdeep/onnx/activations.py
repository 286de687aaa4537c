"""The built-in activations as operators of ONNX.

onnxruntime has some operators in single precision only. In double precision they are put together
from simpler ones.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from skdeep.activations import (
    ELU,
    GELU,
    SELU,
    Identity,
    LeakyReLU,
    Maxout,
    Mish,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from skdeep.onnx.graph import Graph
from skdeep.onnx.registry import register_activation


def _is_single(graph):
    return graph.dtype == np.float32


def _leaky_relu(graph, activation, z, theta):
    slope = float(activation.slope)
    if _is_single(graph):
        return graph.op("LeakyRelu", z, alpha=slope)
    return graph.op("Max", graph.op("Mul", z, slope), z)


def _prelu(graph, activation, z, theta):
    if _is_single(graph):
        return graph.op("PRelu", z, theta)
    left = graph.op("Mul", graph.op("Min", z, 0.0), theta)
    return graph.op("Add", graph.op("Relu", z), left)


def _elu(graph, activation, z, theta):
    a, scale = activation.constants
    if _is_single(graph):
        kind, attributes = ("Elu", {}) if scale == 1 else ("Selu", {"gamma": scale})
        return graph.op(kind, z, alpha=a, **attributes)
    left = graph.op("Sub", graph.op("Exp", graph.op("Min", z, 0.0)), 1.0)
    right = graph.op("Mul", graph.op("Relu", z), scale)
    return graph.op("Add", right, graph.op("Mul", left, a * scale))


def _maxout(graph, activation, z, theta):
    pieces = {"num_outputs": activation.pieces} if graph.opset >= 18 else {}
    return graph.op("Max", *graph.op_with_results(activation.pieces, "Split", z, axis=1, **pieces))


def softplus(graph: Graph, z: str) -> str:
    """Return log(1 + exp(z)); onnxruntime has an operator for it in single precision only."""
    if _is_single(graph):
        return graph.op("Softplus", z)
    small = graph.op("Exp", graph.op("Neg", graph.op("Abs", z)))
    return graph.op("Add", graph.op("Relu", z), graph.op("Log", graph.op("Add", small, 1.0)))


def _gelu(graph, activation, z, theta):
    if _is_single(graph) and graph.opset >= 20:
        return graph.op("Gelu", z)
    scaled = graph.op("Mul", z, sqrt(0.5))
    if _is_single(graph):
        error = graph.op("Erf", scaled)
    else:  # onnxruntime's error function knows single precision only
        error = graph.cast(graph.op("Erf", graph.cast(scaled, np.float32)), graph.dtype)
    return graph.op("Mul", z, graph.op("Mul", graph.op("Add", error, 1.0), 0.5))


def _silu(graph, activation, z, theta):
    if _is_single(graph):
        return graph.op("Mul", z, graph.op("Sigmoid", z))
    # onnxruntime 1.20 replaces z sigmoid(z) by an operator that it has in single precision only
    return graph.op("Div", z, graph.op("Add", graph.op("Exp", graph.op("Neg", z)), 1.0))


def _mish(graph, activation, z, theta):
    return graph.op("Mul", z, graph.op("Tanh", softplus(graph, z)))


for kind, function, elementwise in (
    (Identity, lambda graph, activation, z, theta: z, True),
    (ReLU, lambda graph, activation, z, theta: graph.op("Relu", z), True),
    (Sigmoid, lambda graph, activation, z, theta: graph.op("Sigmoid", z), True),
    (Tanh, lambda graph, activation, z, theta: graph.op("Tanh", z), True),
    (LeakyReLU, _leaky_relu, True),
    (PReLU, _prelu, False),
    (ELU, _elu, True),
    (SELU, _elu, True),
    (Maxout, _maxout, False),
    (Softplus, lambda graph, activation, z, theta: softplus(graph, z), True),
    (GELU, _gelu, True),
    (SiLU, _silu, True),
    (Mish, _mish, True),
):
    register_activation(kind, function, elementwise=elementwise)
