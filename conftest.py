"""The examples in docstrings of skdeep.onnx need the packages of the extra of that name."""

from importlib.util import find_spec

has_onnx = find_spec("onnxruntime") is not None and find_spec("skl2onnx") is not None
collect_ignore = [] if has_onnx else ["skdeep/onnx"]
