"""skdeep's estimators for skl2onnx, which converts pipelines and whatever else holds them."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from skdeep import estimators, preprocessing
from skdeep.onnx.conversion import CONVERTERS, Value, converter_for, floating, require
from skdeep.onnx.graph import ML_OPSET, Graph

_OPTIONS = {
    "zipmap": [True, False, "columns"],
    "nocl": [False],  # labels without the classes are not offered, but skl2onnx asks for the option
    "output_class_labels": [False, True],
}


def register_converters() -> None:
    """Register converters for all estimators and transformers of skdeep with skl2onnx."""
    for room in (estimators, preprocessing):
        for name in room.__all__:
            register_estimator(getattr(room, name))


def register_estimator(kind: type[BaseEstimator]) -> None:
    """Make skl2onnx know a subclass of an estimator of skdeep, so that pipelines may hold it.

    It needs skl2onnx. By itself, outside of a pipeline, ``to_onnx`` converts it without that.

    Parameters
    ----------
    kind : type
        The subclass.

    Raises
    ------
    TypeError
        If it is no subclass of an estimator of skdeep.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> from skdeep.onnx import register_estimator
    >>> class LinearRegressor(MLPRegressor):
    ...     def __init__(self, random_state=None):
    ...         super().__init__((), optimizer="lbfgs", random_state=random_state)
    >>> register_estimator(LinearRegressor)
    """
    require("skl2onnx")
    from skl2onnx import update_registered_converter

    if not issubclass(kind, tuple(CONVERTERS)):
        raise TypeError(f"{kind.__name__} is no subclass of an estimator of skdeep.")
    options = _OPTIONS if issubclass(kind, ClassifierMixin) else None
    alias = f"Skdeep{kind.__module__}.{kind.__qualname__}"
    update_registered_converter(kind, alias, _set_types, _convert, options=options)


def tensor_type(value: Value) -> Any:
    """Return how skl2onnx describes a value."""
    from skl2onnx.common.data_types import _guess_numpy_type

    return _guess_numpy_type(value.dtype, [None, *value.shape])


def _inputs(operator):
    """Return the inputs of an operator of skl2onnx."""
    from onnx.helper import tensor_dtype_to_np_dtype
    from skl2onnx.common.data_types import guess_proto_type

    return [
        Value(
            variable.full_name,
            np.dtype(tensor_dtype_to_np_dtype(guess_proto_type(variable.type))),
            tuple(variable.type.shape[1:]),
        )
        for variable in operator.inputs
    ]


def _set_types(operator):
    """Tell skl2onnx types and shapes of the outputs."""
    estimator = operator.raw_operator
    outputs = converter_for(estimator).outputs(estimator, floating(_inputs(operator)))
    for variable, value in zip(operator.outputs, outputs, strict=True):
        variable.type = tensor_type(value)


def _convert(scope, operator, container):
    """Add the operators to skl2onnx's graph."""
    from onnx import TensorProto, numpy_helper

    estimator, inputs = operator.raw_operator, _inputs(operator)
    dtype = floating(inputs)
    graph = Graph(container.target_opset_onnx, dtype, scope.get_unique_variable_name)
    results = converter_for(estimator).add(graph, estimator, inputs, dtype)
    names = [variable.full_name for variable in operator.outputs]
    nodes, constants = graph.finish(dict(zip(names, results, strict=True)))
    for name, array in constants.items():
        if array.dtype == object:
            container.add_initializer(name, TensorProto.STRING, list(array.shape), array.tolist())
        else:
            container.add_initializer(name, None, None, numpy_helper.from_array(array, name))
    for node in nodes:
        container.add_node(
            node.kind,
            node.inputs,
            node.outputs,
            op_domain=node.domain,
            op_version=ML_OPSET if node.domain else None,
            name=scope.get_unique_operator_name(node.kind),
            **node.attributes,
        )
