"""From what users pass to checked data: inputs, encoded targets and weights together."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import issparse
from sklearn.utils.validation import validate_data

from skdeep.estimators import data as checks


@dataclass(frozen=True)
class Sample:
    """Checked data.

    Parameters
    ----------
    X : ndarray or CSR matrix
    y : ndarray or sparse matrix
        The targets as the user gave them, as an array.
    targets : ndarray
        The targets encoded.
    sample_weight : ndarray or None
        The user's weights.
    weights : ndarray or None
        The same times the class weights.
    """

    X: object
    y: object
    targets: np.ndarray
    sample_weight: np.ndarray | None
    weights: np.ndarray | None


def check_sample(estimator, X, y, sample_weight, settings, classes=None, codec=None):
    """Return checked data, and the codec of their targets: the given one or a new one."""
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    X, y = validate_data(
        estimator,
        X,
        y,
        reset=codec is None,
        accept_sparse="csr",
        dtype="numeric",
        multi_output=True,
        y_numeric=estimator._numeric_targets,
    )
    checks.check_range(X.data if issparse(X) else X, settings.dtype, "X")
    codec = codec or estimator._make_codec(y, classes, settings)
    X = checks.in_row_order(X, settings.dtype)
    return _sample(estimator, X, y, sample_weight, codec, ""), codec


def check_validation(estimator, X_val, y_val, sample_weight_val, codec, settings):
    """Return the user's validation data, checked, or None."""
    if X_val is None and y_val is None:
        if sample_weight_val is not None:
            raise ValueError("sample_weight_val is given, but X_val and y_val are not.")
        return None
    if X_val is None or y_val is None:
        missing = "X_val" if X_val is None else "y_val"
        raise ValueError(f"X_val and y_val go together, but {missing} is not given.")
    with checks.naming("X_val"):
        X_val = checks.check_features(estimator, X_val, settings.dtype)
    with checks.naming("y_val"):
        y_val = checks.check_targets(X_val, y_val, estimator._numeric_targets)
    return _sample(estimator, X_val, y_val, sample_weight_val, codec, "_val")


def _sample(estimator, X, y, sample_weight, codec, suffix):
    targets = codec.encode(y, f"y{suffix}")
    sample_weight = checks.check_weights(sample_weight, X, f"sample_weight{suffix}")
    weights = sample_weight
    if getattr(estimator, "class_weight", None) is not None:
        class_weights = codec.class_weights(estimator.class_weight, targets)
        weights = class_weights if weights is None else weights * class_weights
        checks.check_weights(weights, X, f"sample_weight{suffix} times class_weight")
    return Sample(X, y, targets, sample_weight, weights)
