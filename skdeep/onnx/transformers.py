"""The transformers of numbers as operators of ONNX; they compute in double precision."""

from __future__ import annotations

import numpy as np

from skdeep.onnx.conversion import CONVERTERS, Converter, Value, joined
from skdeep.onnx.graph import Graph
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler

_FAR = 1e100  # in units of the bound; from there on a number is as good as at it
_DOUBLE = np.finfo(np.float64)


def smoothly_scaled(graph: Graph, scaler: SmoothScaler, x: str) -> str:
    """Return what a scaler makes of columns, in double precision like them."""
    distances = graph.op("Div", graph.op("Sub", x, scaler.center_), scaler.scale_)
    distances = graph.op("Where", graph.op("IsNaN", x), 0.0, distances)
    in_bounds = graph.op("Div", distances, float(scaler.clip))
    in_bounds = graph.op("Clip", in_bounds, -_FAR, _FAR)
    root = graph.op("Sqrt", graph.op("Add", graph.op("Mul", in_bounds, in_bounds), 1.0))
    return graph.op("Mul", graph.op("Div", in_bounds, root), float(scaler.clip))


def positions(graph: Graph, encoder: PiecewiseLinearEncoder, x: str) -> str:
    """Return where numbers lie among the edges, in double precision like them.

    All columns get as many bins as the one with the most; no number gets into those that are added.
    """
    n_bins = _most_bins(encoder)
    shrink = np.ones((len(encoder.edges_), n_bins))
    starts, widths = np.full_like(shrink, _DOUBLE.max), np.ones_like(shrink)
    for j, edges in enumerate(encoder.edges_):
        own = slice(len(edges) - 1)
        with np.errstate(over="ignore"):
            shrink[j, own] = np.where(np.isinf(np.diff(edges)), 0.25, 1.0)
        starts[j, own] = edges[:-1] * shrink[j, own]
        widths[j, own] = edges[1:] * shrink[j, own] - starts[j, own]
        if edges[0] == edges[-1]:  # any number above is through the bin
            widths[j, 0] = max(np.spacing(abs(edges[0])), _DOUBLE.tiny)
    known = graph.op("Where", graph.op("IsNaN", x), encoder._medians, x)
    columns = graph.op("Unsqueeze", known, np.array([2]))
    if (shrink < 1).any():
        columns = graph.op("Mul", columns, shrink)
    shares = graph.op("Div", graph.op("Sub", columns, starts), widths)
    return graph.op("ReduceSum", graph.op("Clip", shares, 0.0, 1.0), np.array([2]), keepdims=0)


def _most_bins(encoder):
    return max(len(edges) for edges in encoder.edges_) - 1


def _in_bins(graph, encoder, places):
    """Return the features of all bins for positions."""
    n_bins = _most_bins(encoder)
    columns = graph.op("Unsqueeze", places, np.array([2]))
    features = graph.op("Sub", columns, np.arange(n_bins, dtype=graph.dtype))
    features = graph.op("Clip", features, 0.0, 1.0)
    rows = graph.op("Reshape", features, np.array([0, n_bins * len(encoder.edges_)]))
    sizes = np.array([len(edges) - 1 for edges in encoder.edges_])
    if (sizes == n_bins).all():
        return rows
    return graph.op("Gather", rows, np.flatnonzero(np.arange(n_bins) < sizes[:, None]), axis=1)


def _numbers(graph, transformer, inputs):
    graph.dtype = np.dtype(np.float64)
    return joined(graph, inputs, graph.dtype, transformer.n_features_in_)


def _add_scaler(graph, scaler, inputs, dtype):
    z = smoothly_scaled(graph, scaler, _numbers(graph, scaler, inputs))
    return [z if dtype == np.float64 else graph.cast(z, dtype)]


def _add_encoder(graph, encoder, inputs, dtype):
    places = positions(graph, encoder, _numbers(graph, encoder, inputs))
    if all(value.dtype == np.float32 for value in inputs):  # then the encoder itself rounds here
        places = graph.cast(places, np.float32)
        graph.dtype = np.dtype(np.float32)
    features = _in_bins(graph, encoder, places)
    return [features if dtype == graph.dtype else graph.cast(features, dtype)]


def _scaled(scaler, dtype):
    return [Value("variable", dtype, (scaler.n_features_in_,))]


def _features(encoder, dtype):
    return [Value("variable", dtype, (sum(len(edges) - 1 for edges in encoder.edges_),))]


CONVERTERS[SmoothScaler] = Converter(_scaled, _add_scaler)
CONVERTERS[PiecewiseLinearEncoder] = Converter(_features, _add_encoder)
