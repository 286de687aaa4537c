"""Robust scaling with a smooth bound."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from skdeep import _constraints
from skdeep._constraints import Number
from skdeep._typing import ArrayLike, Self
from skdeep._version import Versioned

_LARGE = 1e307  # sums of a few numbers below it are finite
_FAR = 1e150  # from where on a number is as good as at the bound, and squares are finite


class SmoothScaler(Versioned, OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    r"""Scale columns by median and quartiles, and bound what lies far out.

    .. math:: z = (x - \mathrm{median}) / (q_3 - q_1), \quad
        x' = z / \sqrt{1 + (z / c)^2}

    Where the quartiles agree, half the range takes the place of their difference; a constant column
    becomes zero. Missing values become zero, the place of the median. Outliers so keep their order
    but not their distance, which networks take badly.

    Parameters
    ----------
    clip : float > 0, default=3.0
        The bound c, which values far out approach.

    Attributes
    ----------
    center_ : ndarray of shape (n_features,)
        The medians.
    scale_ : ndarray of shape (n_features,)
        What the distances from the median are divided by; 1 for constant columns.
    n_features_in_ : int
        Columns.
    feature_names_in_ : ndarray of str
        Their names, if X had names that are strings.

    See Also
    --------
    sklearn.preprocessing.RobustScaler : Without the bound.

    References
    ----------
    Holzmueller, Grinsztajn and Steinwart (2024), arXiv:2407.04491.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.preprocessing import SmoothScaler
    >>> X = np.array([[1.0], [2.0], [3.0], [4.0], [1000.0]])
    >>> SmoothScaler().fit_transform(X).ravel().round(2)
    array([-0.95, -0.49,  0.  ,  0.49,  3.  ])
    """

    constraints = {"clip": Number(0, closed="neither")}

    def __init__(self, clip: float = 3.0) -> None:
        self.clip = clip

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn medians and scales.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Numbers; nan where they are missing.
        y : None
            Ignored.

        Returns
        -------
        self : SmoothScaler
        """
        _constraints.check(type(self).__name__, self.constraints, self.get_params(deep=False))
        X = checked(self, X, reset=True).astype(np.float64, copy=False)
        self.center_, self.scale_ = np.zeros(X.shape[1]), np.ones(X.shape[1])
        for j, column in enumerate(X.T):
            known = column[~np.isnan(column)]
            if known.size:
                self.center_[j], self.scale_[j] = _center_and_scale(known)
        return self

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Scale.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Numbers; nan where they are missing.

        Returns
        -------
        ndarray of shape (n_samples, n_features)
            In X's floating type, double precision for other types.
        """
        check_is_fitted(self)
        X = checked(self, X, reset=False)
        # in double precision: single could not tell large numbers that lie close apart
        with np.errstate(over="ignore"):
            z = (X.astype(np.float64, copy=False) - self.center_) / self.scale_
        np.nan_to_num(z, copy=False, nan=0.0, posinf=_FAR, neginf=-_FAR)
        z /= np.hypot(1, z / self.clip)
        return z.astype(X.dtype, copy=False)


def checked(transformer, X, reset):
    """Return X for a transformer: numbers of a floating type, nan allowed."""
    dtypes = (np.float64, np.float32)
    with np.errstate(invalid="ignore"):  # scikit-learn sums up, and may meet infinite sums
        return validate_data(
            transformer, X, reset=reset, dtype=dtypes, ensure_all_finite="allow-nan"
        )


def quantiles(values, shares):
    """Return quantiles; those of the largest numbers there are as well, which numpy would add."""
    if np.abs(values).max() < _LARGE:
        return np.quantile(values, shares)
    return np.quantile(values / 4, shares) * 4


def _center_and_scale(known):
    """Return the median, and the first measure of spread that is not zero."""
    low, first, median, third, high = quantiles(known, (0, 0.25, 0.5, 0.75, 1))
    half = third / 2 - first / 2  # the difference itself may be beyond all numbers
    if 0 < half < _LARGE:
        return median, third - first
    return median, high / 2 - low / 2 or 1.0
