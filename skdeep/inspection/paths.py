"""Recording where training goes: the parameters after every epoch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.pipeline import Pipeline

from skdeep._typing import MatrixLike
from skdeep.estimators.base import BaseNetwork


class TrainingPath(NamedTuple):
    """A trained copy of an estimator, and how it came there.

    Attributes
    ----------
    estimator : estimator or Pipeline
        The copy, fitted.
    parameters : ndarray of shape (n_epochs, n_parameters)
        Its parameters after every epoch.
    """

    estimator: Any
    parameters: np.ndarray


def record_path(
    estimator: BaseNetwork | Pipeline, X: MatrixLike, y: MatrixLike | None = None, epochs: int = 50
) -> TrainingPath:
    """Train a copy of an estimator epoch by epoch, and keep its parameters after each.

    Parameters
    ----------
    estimator : estimator or Pipeline
        One of skdeep's estimators, or a pipeline that ends in one; it stays as it is.
    X : {array-like, sparse matrix} of shape (n_samples, n_features)
        The inputs.
    y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
        The targets; an autoencoder needs none.
    epochs : int >= 1, default=50
        How many calls of ``partial_fit`` to make.

    Returns
    -------
    TrainingPath
        The copy and its parameters, for :class:`LossSurfaceDisplay`.

    Raises
    ------
    ValueError
        If the estimator cannot be trained by ``partial_fit``.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> from skdeep.inspection import record_path
    >>> X, y = load_iris(return_X_y=True)
    >>> path = record_path(MLPClassifier((10,), random_state=0), X, y, epochs=5)
    >>> path.parameters.shape
    (5, 83)
    """
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs!r}.")
    copy = clone(estimator)
    last, is_pipeline = copy, isinstance(copy, Pipeline)
    if is_pipeline:
        last = copy[-1]
        X = copy[:-1].fit_transform(X, y) if len(copy) > 1 else X
    first = {"classes": _classes(y)} if is_classifier(last) else {}
    points = []
    for _ in range(epochs):
        last.partial_fit(X, y, **first)
        points.append(last._network.parameters.copy())
        first = {}
    return TrainingPath(copy, np.array(points))


def _classes(y):
    y = np.asarray(y)
    is_multilabel = y.ndim == 2 and y.shape[1] > 1
    return np.arange(y.shape[1]) if is_multilabel else np.unique(y)
