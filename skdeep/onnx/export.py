"""From a fitted estimator to a model in the format of ONNX."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils.validation import check_is_fitted

from skdeep.onnx.conversion import converter_for, floating, require
from skdeep.onnx.graph import ML_OPSET, Graph
from skdeep.onnx.inputs import inputs_for, inputs_like

OLDEST_OPSET, DEFAULT_OPSET = 15, 18


def to_onnx(estimator: Any, X: Any = None, *, target_opset: int | None = None) -> Any:
    """Convert a fitted estimator to ONNX.

    The estimators and transformers of skdeep are converted here. Everything else, such as a
    pipeline that holds some of them, goes to ``skl2onnx.to_onnx``, for which skdeep's converters
    are registered when ``skdeep.onnx`` is imported.

    Parameters
    ----------
    estimator : estimator
        A fitted estimator or transformer of skdeep, or a pipeline, search or ensemble with some.
    X : array-like, DataFrame or None, default=None
        Some rows of data, from which names and types of the inputs are taken. None: one input "X"
        of numbers in single precision; for tabular estimators see the notes.
    target_opset : int or None, default=None
        The version of ONNX's operators, 15 or more; None means 18, which runtimes know since 2023.

    Returns
    -------
    onnx.ModelProto
        The model. Classifiers have the outputs "label" and "probabilities", all others "variable",
        of shape (n_rows, n_outputs). Outputs are in double precision if an input is, else in
        single.

    Raises
    ------
    ImportError
        If onnx, or for a pipeline skl2onnx, is not installed.
    NotImplementedError
        If a layer, an activation or a loss of your own is not registered.
    ValueError
        If X does not suit the estimator, or the opset is not known.

    Notes
    -----
    Autoencoders are converted to their ``transform``. Booleans as labels become 0 and 1.

    Tabular estimators have an input of shape (n_rows, 1) for each column of a frame. Without X,
    numbers are in double precision, and there is one input "X" if all columns are numbers without
    names. Strings have no missing values in ONNX: "" takes their place, unless it was a category in
    training.

    GELU in double precision is computed in single, since onnxruntime has no other error function.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> from skdeep.onnx import to_onnx
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier((8,), optimizer="lbfgs", tol=0.01, random_state=0).fit(X, y)
    >>> onnx_model = to_onnx(model)
    >>> [output.name for output in onnx_model.graph.output]
    ['label', 'probabilities']
    >>> from onnxruntime import InferenceSession
    >>> session = InferenceSession(onnx_model.SerializeToString())
    >>> labels, probabilities = session.run(None, {"X": X[:2].astype(np.float32)})
    >>> labels.tolist()
    [0, 0]
    """
    require("onnx")
    while hasattr(estimator, "best_estimator_"):  # of a search
        estimator = estimator.best_estimator_
    converter = converter_for(estimator)
    if converter is None:
        return _by_skl2onnx(estimator, X, target_opset)
    opset = _checked_opset(target_opset)
    inputs = inputs_for(estimator, X)
    dtype = floating(inputs)
    taken = {value.name for value in inputs}
    outputs = [
        value._replace(name=_free(value.name, taken))
        for value in converter.outputs(estimator, dtype)
    ]
    graph = Graph(opset, dtype, _unique(taken | {value.name for value in outputs}))
    results = converter.add(graph, estimator, inputs, dtype)
    return _model(graph, type(estimator).__name__, inputs, outputs, results)


def _checked_opset(opset):
    from onnx.defs import onnx_opset_version

    newest = onnx_opset_version()
    if opset is None:
        return min(DEFAULT_OPSET, newest)
    if isinstance(opset, bool) or not isinstance(opset, (int, np.integer)):
        raise TypeError(f"target_opset must be None or an integer, got {opset!r}.")
    if not OLDEST_OPSET <= opset <= newest:
        raise ValueError(
            f"target_opset must be from {OLDEST_OPSET} to {newest}, the newest that the installed "
            f"onnx knows; got {opset}."
        )
    return int(opset)


def _free(name, taken):
    """Return a name for an output that no input has."""
    while name in taken:
        name += "_out"
    return name


def _unique(taken):
    """Return a function that returns names which are not taken, each once."""
    numbers = count()

    def unique(start):
        return next(name for n in numbers if (name := f"{start}_{n}") not in taken)

    return unique


def _model(graph, title, inputs, outputs, results):
    """Return the model with the operators that the outputs need."""
    from onnx import helper, numpy_helper

    import skdeep

    names = [value.name for value in outputs]
    nodes, constants = graph.finish(dict(zip(names, results, strict=True)))
    domains = {"": graph.opset} | {node.domain: ML_OPSET for node in nodes if node.domain}
    opsets = [helper.make_opsetid(domain, version) for domain, version in domains.items()]
    onnx_graph = helper.make_graph(
        [_operator(node) for node in nodes],
        title,
        [_described(value) for value in inputs],
        [_described(value) for value in outputs],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        onnx_graph,
        opset_imports=opsets,
        ir_version=helper.find_min_ir_version_for(opsets),
        producer_name="skdeep",
        producer_version=skdeep.__version__,
    )


def _operator(node):
    from onnx import helper

    name, domain = node.outputs[0], node.domain  # onnxruntime 1.20 confuses nodes without names
    return helper.make_node(
        node.kind, node.inputs, node.outputs, name, domain=domain, **node.attributes
    )


def _described(value):
    from onnx import helper

    kind = helper.np_dtype_to_tensor_dtype(value.dtype)
    return helper.make_tensor_value_info(value.name, kind, ["n_rows", *value.shape])


def _by_skl2onnx(estimator, X, opset):
    """Return what skl2onnx makes of an estimator that is not ours."""
    check_is_fitted(estimator)
    require("skl2onnx")
    import skl2onnx

    from skdeep.onnx.skl2onnx_converters import tensor_type

    if X is None and (n := getattr(estimator, "n_features_in_", None)) is not None:
        if hasattr(estimator, "feature_names_in_"):
            raise ValueError(
                f"{type(estimator).__name__} was fitted on a frame, whose columns may have several "
                "types; pass some of its rows as X."
            )
        X = np.empty((1, n), np.float32)
    if X is None:
        raise ValueError(f"X is needed to convert {type(estimator).__name__}; pass some rows.")
    types = [(value.name, tensor_type(value)) for value in inputs_like(X)]
    options = {id(estimator): {"zipmap": False}} if is_classifier(estimator) else None
    return skl2onnx.to_onnx(
        estimator, initial_types=types, target_opset=_checked_opset(opset), options=options
    )
