"""From what users pass to checked data: inputs, encoded targets and weights together."""

from dataclasses import dataclass

import numpy as np
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
    class_weights : ndarray or None
        A weight a class.
    shape : tuple of int
        The shape of a row as the user gave it, where that matters.
    """

    X: object
    y: object
    targets: np.ndarray
    sample_weight: np.ndarray | None
    weights: np.ndarray | None
    class_weights: np.ndarray | None
    shape: tuple


def check_sample(estimator, X, y, sample_weight, settings, classes=None, codec=None):
    """Return checked data, and the codec of their targets: the given one or a new one."""
    X, shape = estimator._flat(X)
    X, y = _check_inputs(estimator, X, y, reset=codec is None)
    checks.check_range(X, settings.dtype, "X")
    codec = codec or estimator._make_codec(X, y, classes, settings)
    X = checks.in_row_order(X, settings.dtype)
    targets = codec.encode(y)
    sample_weight = checks.check_weights(sample_weight, X, "sample_weight")
    class_weights = None
    if getattr(estimator, "class_weight", None) is not None:
        # rows of weight zero do not count, as if they were not there
        counted = targets if sample_weight is None else targets[sample_weight > 0]
        class_weights = codec.class_weights(estimator.class_weight, counted)
    return _sample(X, y, targets, sample_weight, class_weights, shape), codec


def _check_inputs(estimator, X, y, reset):
    """Return inputs and targets as scikit-learn checks them; an autoencoder's are its inputs."""
    options = {"reset": reset, "accept_sparse": estimator._accept_sparse, "dtype": "numeric"}
    if estimator._rebuilds:
        X = validate_data(estimator, X, **options)
        return X, X
    if y is None:
        raise ValueError(
            f"{type(estimator).__name__} requires y to be passed, but the target y is None."
        )
    options.update(multi_output=True, y_numeric=estimator._numeric_targets)
    return validate_data(estimator, X, y, **options)


def check_validation(estimator, X_val, y_val, sample_weight_val, codec, settings, sample):
    """Return the user's validation data, checked, or None."""
    if X_val is None and y_val is None:
        if sample_weight_val is not None:
            missing = "X_val is" if estimator._rebuilds else "X_val and y_val are"
            raise ValueError(f"sample_weight_val is given, but {missing} not.")
        return None
    if not estimator._rebuilds and (X_val is None or y_val is None):
        missing = "X_val" if X_val is None else "y_val"
        raise ValueError(f"X_val and y_val go together, but {missing} is not given.")
    with checks.naming("X_val"):
        known = sample.shape or estimator._input_shape() or sample.X.shape[1:]
        X_val = checks.check_features(estimator, X_val, settings.dtype, known)
    if estimator._rebuilds:
        y_val = X_val
    else:
        with checks.naming("y_val"):
            y_val = checks.check_targets(X_val, y_val, estimator._numeric_targets)
    targets = codec.encode(y_val, "X_val" if estimator._rebuilds else "y_val")
    sample_weight_val = checks.check_weights(sample_weight_val, X_val, "sample_weight_val")
    return _sample(X_val, y_val, targets, sample_weight_val, sample.class_weights)


def _sample(X, y, targets, sample_weight, class_weights, shape=()):
    weights = sample_weight
    if class_weights is not None:
        weights = class_weights[targets] * (1.0 if weights is None else weights)
        weights = checks.check_weights(weights, X, "sample_weight times class_weight")
    return Sample(X, y, targets, sample_weight, weights, class_weights, shape)
