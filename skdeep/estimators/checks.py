"""Checks of X and weights, and the validation split; an array X is never copied."""

from contextlib import contextmanager

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from skdeep._warnings import warn

_LEVELS = 1000  # values that a column should be able to have at least, between its extremes
_SHOWN = 5  # columns that a warning names


@contextmanager
def naming(argument):
    """Put the name of an argument in front of what is said about it."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{argument}: {error}") from error


def check_targets(X, y, numeric):
    """Return the targets that come beside inputs already checked, as an array."""
    options = {"accept_sparse": "csr", "dtype": None, "multi_output": True, "y_numeric": numeric}
    return validated(BaseEstimator(), X, y, **options)[1]


def validated(owner, X, *y, **options):
    """Return what scikit-learn checks; its sum of opposite numbers that are the largest is nan."""
    with np.errstate(invalid="ignore"):
        return validate_data(owner, X, *y, **options)


def check_range(values, dtype, name):
    """Raise ValueError if finite values, sparse or dense, would overflow in ``dtype``."""
    values = values.data if issparse(values) else values
    if values.dtype.kind != "f" or values.dtype.itemsize <= dtype.itemsize or values.size == 0:
        return
    largest = np.finfo(dtype).max
    if values.max() > largest or values.min() < -largest:
        raise ValueError(
            f"{name} contains a value too large for {dtype}; scale {name} or set dtype='float64'."
        )


def warn_of_lost_digits(X, dtype, names=None):
    """Warn of columns whose values differ by so little that ``dtype`` hardly tells them apart.

    Parameters
    ----------
    X : ndarray or sparse matrix
        Finite numbers; sparse ones are not looked at.
    dtype : numpy.dtype
        What X is computed in.
    names : sequence of str or None
        The names of the columns; None for numbers.
    """
    if issparse(X) or np.can_cast(X.dtype, dtype) or len(X) < 3:
        return  # two rows may be near each other by chance
    low, high = (extreme.astype(np.float64) for extreme in (X.min(axis=0), X.max(axis=0)))
    size, span = np.maximum(np.abs(low), np.abs(high)), high - low
    suspects = np.flatnonzero((span > 0) & (span < _LEVELS * np.finfo(dtype).eps * size))
    columns = [i for i in suspects if (X[:, i] != X[:, i].astype(dtype)).any()]
    if columns:
        shown = [repr(str(names[i])) if names is not None else str(i) for i in columns[:_SHOWN]]
        more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
        warn(
            f"{dtype} hardly tells the values in column(s) {', '.join(shown)}{more} of X apart, "
            "which are large and differ by little; subtract the mean (StandardScaler), or set "
            "dtype='float64'."
        )


def check_weights(weights, X, name):
    """Return weights as a float64 array of shape (n_samples,), the largest of them 1, or None.

    Raises
    ------
    ValueError
        If they have the wrong shape, are not finite, negative, or all zero.
    """
    weights = check_weights_of_part(weights, X, name)
    if weights is None:
        return None
    if not weights.any():
        raise ValueError(f"{name} must not be all zero.")
    return weights / weights.max()  # their scale does not matter, but sums might overflow


def check_weights_of_part(weights, X, name):
    """Return weights as a float64 array of shape (n_samples,), for a part of the rows, or None."""
    if weights is None:
        return None
    weights = check_array(
        weights, ensure_2d=False, dtype=np.float64, input_name=name, accept_sparse=False
    )
    if weights.ndim != 1:
        raise ValueError(
            f"{name}: sample weights must be 1D, of shape (n_samples,); got shape {weights.shape}."
        )
    if len(weights) != X.shape[0]:
        raise ValueError(
            f"{name} must have {X.shape[0]} entries, one for each row; got {len(weights)}."
        )
    if weights.min() < 0:
        raise ValueError(f"{name} must not be negative, but holds {float(weights.min()):g}.")
    return weights


def effective(weights, rows, dtype):
    """Return weights of mean one over the rows that count, and these rows.

    Rows of weight zero are left out altogether, as if they were not there.

    Parameters
    ----------
    weights : ndarray of shape (n_samples,) or None
    rows : ndarray of int or None
        The candidates; None for all.
    dtype : numpy.dtype

    Returns
    -------
    weights : ndarray of shape (n_samples,) or None
    rows : ndarray of int or None
    """
    if weights is None:
        return None, rows
    candidates = weights if rows is None else weights[rows]
    counts = candidates > 0
    if not counts.all():
        rows = np.flatnonzero(counts) if rows is None else rows[counts]
    return (weights * (counts.sum() / candidates.sum())).astype(dtype), rows


def split(n_samples, weights, strata, fraction, seed):
    """Return the rows for training and for validation.

    Parameters
    ----------
    n_samples : int
    weights : ndarray or None
        Rows of weight zero belong to neither part.
    strata : ndarray of int or None
        Classes whose proportions are kept; a class with one member goes to training.
    fraction : float
        The share of the rows for validation.
    seed : int

    Returns
    -------
    train, validation : ndarray of int
        In increasing order.

    Raises
    ------
    ValueError
        If there are too few rows for two parts.
    """
    rows = np.arange(n_samples) if weights is None else np.flatnonzero(weights)
    n_validation = n_held_out(len(rows), fraction)
    return hold_out(rows, n_validation, strata, np.random.RandomState(seed), fraction)


def n_held_out(n_rows, fraction):
    """Return how many of the rows make a share for validation."""
    return int(np.ceil(fraction * n_rows))


def hold_out(rows, n_validation, strata, rng, fraction):
    """Return the rows for training and for validation: as ``split``, for some rows and a number."""
    kept = np.empty(0, np.intp) if strata is None else _to_keep(strata[rows], n_validation, rng)
    free = np.delete(rows, kept)
    if not 0 < n_validation < len(rows) or n_validation > len(free):
        raise ValueError(
            f"validation_fraction={fraction} of {len(rows)} rows leaves too few rows for training "
            "or for validation; give more data, X_val and y_val, or no early stopping."
        )
    if n_validation == len(free):
        return rows[kept], free
    train, validation = train_test_split(
        free,
        test_size=n_validation,
        random_state=rng,
        stratify=_stratify(strata, free, n_validation),
    )
    return np.sort(np.concatenate([rows[kept], train])), np.sort(validation)


def _to_keep(strata, n_validation, rng):
    """Return the places that must stay in training: the only members of their classes.

    Where there are too few validation rows to stratify, one member of every class.
    """
    shuffled = rng.permutation(len(strata))
    _, first, counts = np.unique(strata[shuffled], return_index=True, return_counts=True)
    stratifies = n_validation >= (counts > 1).sum()
    return shuffled[first[counts == 1] if stratifies else first]


def _stratify(strata, free, n_validation):
    if strata is None:
        return None
    classes, counts = np.unique(strata[free], return_counts=True)
    possible = (
        counts.min() > 1
        and len(classes) <= n_validation
        and len(classes) <= len(free) - n_validation
    )
    return strata[free] if possible else None
