"""The rows of a table that a network is trained on, and those that it is judged by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skdeep.estimators import checks


class Part(NamedTuple):
    """Some rows of a table, and their targets.

    Parameters
    ----------
    columns : list of Column
        Of all rows.
    rows : ndarray of int
        Those of the part.
    y, weights : ndarray
        Targets and weights of the part; weights may be None.
    """

    columns: list
    rows: np.ndarray
    y: np.ndarray
    weights: np.ndarray | None

    @classmethod
    def of(cls, columns, y, weights, rows=None):
        """Take rows, None for all; those of weight zero are left out."""
        rows = np.arange(len(y)) if rows is None else rows
        if weights is None:
            return cls(columns, rows, y[rows], None)
        rows = rows[weights[rows] > 0]
        return cls(columns, rows, y[rows], weights[rows])


class Fold(NamedTuple):
    """What a network learns from, and the rows held out from it."""

    training: Part
    held_out: Part


def folds(columns, y, weights, strata, fraction, seed, n_folds):
    """Return a Fold for each network, its held-out rows no other's as long as enough are left.

    Parameters
    ----------
    columns : list of Column
    y, weights : ndarray
        Of all rows; weights may be None.
    strata : ndarray of int or None
        Classes whose proportions are kept; a class with one member is never held out.
    fraction : float
        The share of the rows that is held out from each network.
    seed, n_folds : int

    Raises
    ------
    ValueError
        If there are too few rows for two parts.
    """
    rows = np.arange(len(y)) if weights is None else np.flatnonzero(weights)
    n_held_out = checks.n_held_out(len(rows), fraction)
    enough = n_held_out + (1 if strata is None else max(1, len(np.unique(strata[rows]))))
    rng = np.random.RandomState(seed)
    found, left = [], rows
    for _ in range(n_folds):
        left = left if len(left) >= enough else rows
        left, held_out = checks.hold_out(left, n_held_out, strata, rng, fraction)
        parts = np.setdiff1d(rows, held_out, assume_unique=True), held_out
        found.append(Fold(*(Part.of(columns, y, weights, part) for part in parts)))
    return found
