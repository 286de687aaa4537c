"""The inputs of a converted model: their names, types and shapes, as data tell them."""

from __future__ import annotations

from typing import Any

import numpy as np

from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.onnx.columns import signature
from skdeep.onnx.conversion import Value
from skdeep.preprocessing.tables import read_table


def inputs_for(estimator: Any, X: Any) -> list[Value]:
    """Return the inputs of a model of ours for data like ``X``; None leaves it to the model."""
    if isinstance(estimator, TabularEstimator):
        return signature(estimator) if X is None else inputs_like(X, signature(estimator))
    if X is None:
        return [Value("X", np.dtype(np.float32), (estimator.n_features_in_,))]
    return [_block(np.asarray(X))]


def inputs_like(X: Any, known: list[Value] | None = None) -> list[Value]:
    """Return inputs for data: one for each column of a frame or of objects, else one for all.

    Parameters
    ----------
    X : frame or array-like
        Some rows.
    known : list of Value or None
        The types of columns that hold nothing but gaps.
    """
    names, columns = _native_columns(X)
    if columns is None:
        array = np.asarray(X) if not isinstance(X, (list, tuple)) else np.array(X, dtype=object)
        if array.dtype != object:
            return [_block(array)]
        if array.ndim != 2:
            raise ValueError(f"X must have two dimensions, got {array.ndim}.")
        columns = [array[:, j] for j in range(array.shape[1])]
        names = [f"X{j}" for j in range(len(columns))]
        if all(column.values.dtype.kind == "f" for column in read_table(array)):
            return [_block(array.astype(np.float64))]
    given = known if known is not None and len(known) == len(columns) else [None] * len(columns)
    return [
        Value(str(name), _kind(column, read, value), (1,))
        for name, column, read, value in zip(names, columns, read_table(X), given, strict=True)
    ]


def _native_columns(X):
    """Return names and columns of a frame, each in its own type, or twice None."""
    module = type(X).__module__.split(".")[0]
    if module == "pandas" and hasattr(X, "iloc"):
        return list(X.columns), [X.iloc[:, j].to_numpy() for j in range(X.shape[1])]
    if module == "polars" and hasattr(X, "get_columns"):
        return X.columns, [column.to_numpy() for column in X.get_columns()]
    if module == "pyarrow" and hasattr(X, "column_names"):
        return X.column_names, [column.to_numpy() for column in X.columns]
    return None, None


def _kind(native, read, known):
    """Return the type of the input for a column, as it is and as it was read."""
    if native.dtype.kind in "biuf":
        return _numeric(native.dtype)
    if read.missing.all() and known is not None:
        return known.dtype
    return np.dtype(object if read.values.dtype.kind == "U" else np.float64)


def _numeric(dtype):
    return np.dtype(np.float64) if dtype.itemsize > 8 else dtype.newbyteorder("=")


def _block(array):
    """Return one input for an array of numbers."""
    if array.dtype.kind == "O":
        array = array.astype(np.float64)
    if array.dtype.kind not in "biuf" or array.ndim < 2:
        raise ValueError(
            f"X must hold rows of numbers, got an array of shape {array.shape} and type "
            f"{array.dtype}."
        )
    return Value("X", _numeric(array.dtype), array.shape[1:])
