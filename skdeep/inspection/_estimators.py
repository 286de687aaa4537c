"""Getting at the network within what users pass: an estimator, or what holds one."""

from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted


def network_estimator(estimator):
    """Return the fitted network estimator that an object is or holds.

    Of a pipeline that is the last step, of a tabular estimator the network that weighs most.

    Raises
    ------
    NotFittedError
        If it is not fitted.
    TypeError
        If it is no estimator of skdeep.
    """
    last = estimator
    while isinstance(last, Pipeline):
        last = last[-1]
    if not hasattr(type(last), "history_"):
        raise TypeError(
            "estimator must be one of skdeep's estimators, or a Pipeline that ends in one; got "
            f"{estimator!r}."
        )
    check_is_fitted(last)
    return last._heaviest if hasattr(last, "networks_") else last


def transformed(estimator, X):
    """Return X as the network estimator sees it that ``network_estimator`` returns."""
    while isinstance(estimator, Pipeline):
        if len(estimator) > 1:
            X = estimator[:-1].transform(X)
        estimator = estimator[-1]
    return estimator._encoded(X) if hasattr(estimator, "networks_") else X
