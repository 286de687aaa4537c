"""The built-in layers, and whole networks, as operators of ONNX."""

from __future__ import annotations

from typing import Any

import numpy as np

from skdeep.network import (
    AveragePooling,
    Branch,
    Chain,
    Convolution,
    Dense,
    Dropout,
    FeatureScale,
    GaussianNoise,
    MaxPooling,
    Network,
    PiecewiseLinear,
    Shortcut,
)
from skdeep.onnx.graph import Graph
from skdeep.onnx.registry import ACTIVATIONS, LAYERS, register_layer


def through(graph: Graph, network: Network, x: str, stop: int | None = None) -> str:
    """Add a network's layers up to ``stop``, and return the name of the last one's outputs."""
    for layer in network.chain[:stop]:
        x = _layer(graph, layer, x)
    return x


def _layer(graph, layer, x):
    return LAYERS.find(layer)(graph, layer, x)


def _chain(graph, layer, x):
    for inner in layer.layers:
        x = _layer(graph, inner, x)
    return x


def _shortcut(graph, layer, x):
    inner = _chain(graph, layer, x)
    if not graph.has_maps(inner):
        return graph.op("Add", inner, x)
    maps = [graph.as_maps(rows, layer.in_shape) for rows in (inner, x)]
    return graph.as_rows(graph.op("Add", *maps), layer.out_shape)


def _branch(graph, layer, x):
    parts = []
    for columns, chain in zip(layer.columns, layer.chains, strict=True):
        is_all = np.array_equal(columns, np.arange(layer.n_inputs))
        part = x if is_all else graph.op("Gather", x, columns.astype(np.int64), axis=1)
        parts.append(_chain(graph, chain, part))
    return graph.op("Concat", *parts, axis=1)


# -- affine maps ---------------------------------------------------------------------------------


def _activated(graph, layer, z):
    function, _ = ACTIVATIONS.find(layer.activation)
    return function(graph, layer.activation, z, layer.theta)


def _dense(graph, layer, x):
    return _activated(graph, layer, graph.op("Gemm", x, layer.weights, layer.bias))


def _convolution(graph, layer, x):
    if graph.dtype != np.float32:  # onnxruntime has no convolution in double precision
        z = _convolved_by_products(graph, layer, x)
        return _rows_of_positions(graph, layer, graph.op("Reshape", z, _shape(-1, layer.n_maps)))
    kernel, strides = layer.filters.kernel, layer.filters.strides
    (top, bottom), (left, right) = layer.filters.margins(layer.in_shape)
    weights = layer.weights.reshape(*kernel, layer.in_shape[2], layer.n_maps)
    z = graph.op(
        "Conv",
        graph.as_maps(x, layer.in_shape),
        weights.transpose(3, 2, 0, 1),
        layer.bias,
        kernel_shape=list(kernel),
        strides=list(strides),
        pads=[top, left, bottom, right],
    )
    _, elementwise = ACTIVATIONS.find(layer.activation)
    if elementwise:
        return graph.as_rows(_activated(graph, layer, z), layer.out_shape)
    last = graph.op("Transpose", z, perm=[0, 2, 3, 1])
    return _rows_of_positions(graph, layer, graph.op("Reshape", last, _shape(-1, layer.n_maps)))


def _convolved_by_products(graph, layer, x):
    """Return the affine map of every position, with a product for each place in the kernel."""
    (top, bottom), (left, right) = layer.filters.margins(layer.in_shape)
    strides = layer.filters.strides
    weights = layer.weights.reshape(*layer.filters.kernel, layer.in_shape[2], layer.n_maps)
    maps = graph.op("Reshape", x, _shape(0, *layer.in_shape))
    if top or bottom or left or right:
        maps = graph.op("Pad", maps, _shape(0, top, left, 0, 0, bottom, right, 0))
    spans = [(n - 1) * s + 1 for n, s in zip(layer.out_shape, strides, strict=False)]
    z = layer.bias
    for i, row in enumerate(weights):
        for j, of_place in enumerate(row):
            ends = _shape(i + spans[0], j + spans[1])
            axes, steps = _shape(1, 2), _shape(*strides)
            seen = graph.op("Slice", maps, _shape(i, j), ends, axes, steps)
            z = graph.op("Add", graph.op("MatMul", seen, of_place), z)
    return z


def _rows_of_positions(graph, layer, z):
    """Return the activated rows for the affine map at all positions."""
    return graph.op("Reshape", _activated(graph, layer, z), _shape(-1, layer.n_outputs))


def _shape(*sizes):
    return np.array(sizes, np.int64)


# -- pooling -------------------------------------------------------------------------------------


def _max_pooling(graph, layer, x):
    return _pooled(graph, layer, x, "MaxPool")


def _average_pooling(graph, layer, x):
    if graph.dtype == np.float32:
        return _pooled(graph, layer, x, "AveragePool")
    height, width, channels = layer.out_shape
    rows, columns = layer.window  # onnxruntime has no such pooling in double precision
    ends = _shape(height * rows, width * columns)
    maps = graph.op("Reshape", x, _shape(0, *layer.in_shape))
    maps = graph.op("Slice", maps, _shape(0, 0), ends, _shape(1, 2))
    windows = graph.op("Reshape", maps, _shape(0, height, rows, width, columns, channels))
    sums = graph.op("ReduceSum", windows, _shape(2, 4), keepdims=0)
    means = graph.op("Mul", sums, 1 / (rows * columns))
    return graph.op("Reshape", means, _shape(0, layer.n_outputs))


def _pooled(graph, layer, x, kind):
    window = list(layer.window)
    maps = graph.op(kind, graph.as_maps(x, layer.in_shape), kernel_shape=window, strides=window)
    return graph.as_rows(maps, layer.out_shape)


# -- columns of tables ---------------------------------------------------------------------------


def _piecewise_linear(graph, layer, x):
    columns = graph.op("Unsqueeze", graph.op("Transpose", x, perm=[1, 0]), np.array([2]))
    through_bins = graph.op("Sub", columns, np.arange(layer.n_bins, dtype=graph.dtype))
    pieces = graph.op("Clip", through_bins, 0.0, 1.0)
    mapped = graph.op("Add", graph.op("MatMul", pieces, layer.weights), layer.bias)
    rows = graph.op("Transpose", mapped, perm=[1, 0, 2])
    return graph.op("Reshape", rows, _shape(0, layer.n_outputs))


def _unchanged(graph: Graph, layer: Any, x: str) -> str:
    return x


for kind, function in {
    Chain: _chain,
    Shortcut: _shortcut,
    Branch: _branch,
    Dense: _dense,
    Convolution: _convolution,
    MaxPooling: _max_pooling,
    AveragePooling: _average_pooling,
    FeatureScale: lambda graph, layer, x: graph.op("Mul", x, layer.scale),
    PiecewiseLinear: _piecewise_linear,
    Dropout: _unchanged,
    GaussianNoise: _unchanged,
}.items():
    register_layer(kind, function)
