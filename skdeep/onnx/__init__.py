"""Conversion to ONNX, the format that many runtimes and languages predict from.

It needs the packages onnx and, for pipelines, skl2onnx (``pip install "skdeep[onnx]"``). Importing
this package registers skdeep's converters with skl2onnx where that is installed.
"""

# these fill the tables of what can be converted
from skdeep.onnx import activations, layers, losses, networks, tables, transformers  # noqa: F401
from skdeep.onnx.conversion import is_installed
from skdeep.onnx.export import to_onnx
from skdeep.onnx.graph import Graph
from skdeep.onnx.registry import register_activation, register_layer, register_loss
from skdeep.onnx.skl2onnx_converters import register_converters, register_estimator

__all__ = [
    "Graph",
    "register_activation",
    "register_estimator",
    "register_layer",
    "register_loss",
    "to_onnx",
]

if is_installed("skl2onnx"):
    register_converters()
