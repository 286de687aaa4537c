"""Getting at the network within what users pass: an estimator, or a pipeline that ends in one."""

from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted


def network_estimator(estimator):
    """Return the fitted network estimator: the object itself, or a pipeline's last step.

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
    return last


def transformed(estimator, X):
    """Return X as a pipeline's last step sees it; X itself for anything else."""
    while isinstance(estimator, Pipeline):
        if len(estimator) > 1:
            X = estimator[:-1].transform(X)
        estimator = estimator[-1]
    return X
