"""Getting at the network within what users pass: an estimator, or what holds one."""

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import NotFittedError
from sklearn.model_selection._search import BaseSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

_HOLDERS = "a Pipeline that ends in one, or a search or a TransformedTargetRegressor around one"


def network_estimator(estimator):
    """Return the fitted network estimator that an object is or holds.

    Of a pipeline that is the last step, of a search the best estimator, of a
    TransformedTargetRegressor the regressor, and of a tabular estimator the network that weighs
    most.

    Raises
    ------
    NotFittedError
        If it is not fitted.
    TypeError
        If it is no estimator of skdeep.
    """
    last = innermost(estimator)
    check_is_fitted(last)
    return last._heaviest if hasattr(last, "networks_") else last


def innermost(estimator):
    """Return the estimator of skdeep that an object is or holds; it may not be fitted itself."""
    *_, (last, _, _) = _inwards(estimator)
    if not hasattr(type(last), "history_"):
        raise TypeError(
            f"estimator must be one of skdeep's estimators, {_HOLDERS}; got {estimator!r}."
        )
    return last


def transformed(estimator, X):
    """Return X as the network estimator sees it that ``network_estimator`` returns."""
    for _, transform, _ in _inwards(estimator):
        X = transform(X)
    return X


def transformed_targets(estimator, y):
    """Return y as the network estimator sees it; None remains None."""
    if y is None:
        return None
    for _, _, transform in _inwards(estimator):
        y = transform(y)
    return y


def _inwards(estimator):
    """Yield, from outside to the network, each estimator, and what it does to X and to y."""
    while True:
        inner, of_x, of_y = _step(estimator)
        yield estimator, of_x, of_y
        if inner is None:
            return
        estimator = inner


def _step(estimator):
    """Return the estimator within another one or None, and what is done to X and to y."""
    if isinstance(estimator, Pipeline):
        return estimator[-1], lambda X: _before(estimator, X), _same
    if isinstance(estimator, BaseSearchCV):
        return _best(estimator), _same, _same
    if isinstance(estimator, TransformedTargetRegressor):
        check_is_fitted(estimator)
        return estimator.regressor_, _same, lambda y: _through(estimator.transformer_, y)
    return None, estimator._encoded if hasattr(estimator, "networks_") else _same, _same


def _same(data):
    return data


def _before(pipeline, X):
    """Return what a pipeline's last step sees of X."""
    return pipeline[:-1].transform(X) if len(pipeline) > 1 else X


def _best(search):
    if hasattr(search, "best_estimator_"):
        return search.best_estimator_
    if search.refit:
        check_is_fitted(search)
    raise NotFittedError(
        f"This {type(search).__name__} keeps no fitted estimator, as refit=False; fit one with "
        "its best_params_, or search with refit=True."
    )


def _through(transformer, y):
    """Return targets as a TransformedTargetRegressor hands them on."""
    y = np.asarray(y)
    y = transformer.transform(y.reshape(-1, 1) if y.ndim == 1 else y)
    return y.squeeze(axis=1) if y.ndim == 2 and y.shape[1] == 1 else y
