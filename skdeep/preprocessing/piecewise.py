"""Numbers in pieces: where they lie among the quantiles of their column."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from skdeep import _constraints
from skdeep._constraints import Number
from skdeep._typing import ArrayLike, Self
from skdeep._version import Versioned
from skdeep.preprocessing.scaling import checked, quantiles


class PiecewiseLinearEncoder(Versioned, TransformerMixin, BaseEstimator):
    r"""Encode every number by how far it is through each of some bins.

    The bins lie between quantiles of the column. A value that alone fills a bin, such as the zeros
    of a column that is mostly zero, is an edge itself, and the quantiles are those of the other
    values. For the bin from :math:`b_j` to :math:`b_{j+1}` the feature is

    .. math:: \min\left(1, \max\left(0, \frac{x - b_j}{b_{j+1} - b_j}\right)\right):

    1 for bins below the number, 0 for those above, a fraction for its own. A linear map of these
    features is a piecewise-linear function of the number, so that thresholds are easily learnt.
    Missing values are encoded as the median.

    Parameters
    ----------
    n_bins : int >= 1, default=16
        The most bins of a column; quantiles that agree leave fewer.

    Attributes
    ----------
    edges_ : list of ndarray
        The edges of the bins of each column, in order; two that are equal for a constant column.
    n_features_in_ : int
        Columns.
    feature_names_in_ : ndarray of str
        Their names, if X had names that are strings.

    See Also
    --------
    sklearn.preprocessing.KBinsDiscretizer : One feature for each bin, on or off.

    References
    ----------
    Gorishniy, Rubachev and Babenko (2022), "On embeddings for numerical features in tabular deep
    learning", arXiv:2203.05556.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.preprocessing import PiecewiseLinearEncoder
    >>> X = np.arange(5.0).reshape(-1, 1)
    >>> encoder = PiecewiseLinearEncoder(n_bins=2).fit(X)
    >>> encoder.transform([[1.0], [3.0]])
    array([[0.5, 0. ],
           [1. , 0.5]])
    >>> encoder.positions([[1.0], [3.0]]).ravel()
    array([0.5, 1.5])
    """

    constraints = {"n_bins": Number(1, integer=True)}

    def __init__(self, n_bins: int = 16) -> None:
        self.n_bins = n_bins

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def fit(self, X: ArrayLike, y: Any = None) -> Self:
        """Learn the bins.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Numbers; nan where they are missing.
        y : None
            Ignored.

        Returns
        -------
        self : PiecewiseLinearEncoder
        """
        _constraints.check(type(self).__name__, self.constraints, self.get_params(deep=False))
        X = checked(self, X, reset=True)
        self.edges_, self._medians = [], np.zeros(X.shape[1])
        for j, column in enumerate(X.T):
            known = column[~np.isnan(column)].astype(np.float64)
            known = known if known.size else np.zeros(1)
            edges = edges_of(known, self.n_bins)
            self.edges_.append(edges if len(edges) > 1 else np.repeat(edges, 2))
            self._medians[j] = quantiles(known, 0.5)
        return self

    def positions(self, X: ArrayLike) -> np.ndarray:
        """Return where numbers lie among the edges: the sum of their features.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_features)
            2.25 is a quarter of the way through the third bin.
        """
        check_is_fitted(self)
        X = checked(self, X, reset=False)
        places = np.empty_like(X)
        for j, edges in enumerate(self.edges_):
            column = np.where(np.isnan(X[:, j]), self._medians[j], X[:, j])
            if edges[0] == edges[-1]:
                places[:, j] = column > edges[0]
            else:
                places[:, j] = places_among(edges, column)
        return places

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Encode.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Numbers; nan where they are missing.

        Returns
        -------
        ndarray of shape (n_samples, n_bins of all columns)
            In X's floating type, double precision for other types.
        """
        places = self.positions(X)
        parts = [
            np.clip(places[:, j, None] - np.arange(len(edges) - 1), 0, 1).astype(places.dtype)
            for j, edges in enumerate(self.edges_)
        ]
        return np.concatenate(parts, axis=1)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> np.ndarray:
        """Return the names of the features: that of the column, and the number of the bin.

        Parameters
        ----------
        input_features : array-like of str or None, default=None
            The names of the columns.

        Returns
        -------
        ndarray of str
        """
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        pairs = zip(names, self.edges_, strict=True)
        features = [f"{name}_bin{j}" for name, edges in pairs for j in range(len(edges) - 1)]
        return np.asarray(features, dtype=object)


def edges_of(known, n_bins):
    """Return the edges of bins: values that fill a bin, and quantiles of the others."""
    values, counts = np.unique(known, return_counts=True)
    fills = counts * n_bins >= len(known)
    others = np.repeat(values[~fills], counts[~fills])
    if not others.size:
        return values
    # there are two quantiles at least: were there as many full bins as bins, nothing would be left
    shares = np.linspace(0, 1, n_bins + 1 - fills.sum())
    return np.union1d(values[fills], quantiles(others, shares))


def places_among(edges, column):
    """Return where numbers lie among edges; numpy.interp fails on the largest and the least."""
    column = np.clip(column.astype(np.float64, copy=False), edges[0], edges[-1])
    bins = np.minimum(np.searchsorted(edges, column, "right"), len(edges) - 1) - 1
    with np.errstate(over="ignore"):
        shrink = np.where(np.isinf(np.diff(edges)), 0.25, 1.0)
    starts = edges[:-1] * shrink
    widths = edges[1:] * shrink - starts
    return bins + (column * shrink[bins] - starts[bins]) / widths[bins]
