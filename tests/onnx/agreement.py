"""What a converted model computes, beside what the estimator does."""

from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import is_classifier

from skdeep.onnx import to_onnx

# whoever imports this module is skipped where one of them is absent
WHY = 'needs pip install "skdeep[onnx]"'
onnxruntime = pytest.importorskip("onnxruntime", reason=WHY)
skl2onnx = pytest.importorskip("skl2onnx", reason=WHY)
onnx = pytest.importorskip("onnx", reason=WHY)

OLDEST = 15


def session(model):
    """Return a session of onnxruntime for a model that ONNX's checker finds right."""
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers)


@cache
def newest():
    """Return the newest opset that both onnx and onnxruntime know."""
    kind = onnx.TensorProto.FLOAT
    values = [onnx.helper.make_tensor_value_info(name, kind, [None]) for name in "xy"]
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    graph = onnx.helper.make_graph([node], "nothing", values[:1], values[1:])
    for opset in range(onnx.defs.onnx_opset_version(), OLDEST, -1):
        opsets = [onnx.helper.make_opsetid("", opset)]
        version = onnx.helper.find_min_ir_version_for(opsets)
        try:
            session(onnx.helper.make_model(graph, opset_imports=opsets, ir_version=version))
        except Exception:  # onnxruntime is older than onnx
            continue
        return opset
    raise AssertionError("onnxruntime knows no opset")


def close(found, expected, tolerance=1e-6):
    """Differences are at most 1e-6, or 1e-6 of the largest number."""
    expected = np.asarray(expected, np.float64)
    assert_allclose(found, expected, rtol=0, atol=tolerance * max(1.0, np.abs(expected).max()))


def compare(estimator, outputs, X):
    """Compare a model's outputs with an estimator's."""
    if is_classifier(estimator):
        labels, probabilities = outputs
        close(probabilities, estimator.predict_proba(X))
        assert_array_equal(labels, estimator.predict(X))
        return
    (found,) = outputs
    expected = getattr(estimator, "predict", getattr(estimator, "transform", None))(X)
    assert found.shape == (len(expected), expected.size // len(expected))
    close(found, expected.reshape(found.shape))


def check(estimator, X, opset=None, like=None):
    """Convert an estimator, and compare on all rows and on a single one; return the model."""
    model = to_onnx(estimator, X if like is None else like, target_opset=opset)
    running = session(model)
    for rows in (X, X[:1]):
        compare(estimator, running.run(None, {"X": rows}), rows)
    return model
