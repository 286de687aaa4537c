"""Which classes there are in a stream, and how often each occurs."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from skdeep.estimators.tasks import Classification
from skdeep.streaming.alike import check_labels_alike


class ClassCensus:
    """The classes of pieces that are seen one after the other.

    Parameters
    ----------
    classes : array-like or None
        All classes that may occur, if the user knows them.

    Attributes
    ----------
    counts : ndarray of int
        How often each class occurs so far, in rows that count.
    sums : ndarray of float
        The sum of the weights of its rows.
    """

    def __init__(self, classes: Any = None) -> None:
        self.classes = classes
        self.counts: Any = 0
        self.sums: Any = 0
        self._task = self._labels = None

    def add(self, y: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
        """Count the labels of a piece; return them encoded, as far as classes are known.

        A class may occur in rows of weight zero only.
        """
        if self.classes is None and (y.ndim == 1 or y.shape[1] == 1):
            return self._add_labels(column_or_1d(y), weights)
        if self._task is None:
            self._task = Classification.learn(None, y, None, self.classes)
        codes = self._task.encode(y)
        counted = self._task.counts(codes, _count(weights))
        self.counts = self.counts + np.asarray(counted).astype(np.intp)
        self.sums = self.sums + self._task.counts(codes, weights)
        return codes

    def _add_labels(self, y, weights):
        check_classification_targets(y)
        labels, codes = np.unique(y, return_inverse=True)
        known = self._labels
        if known is not None:
            check_labels_alike(labels, known)
        self._labels = labels if known is None else np.union1d(known, labels)
        n = len(self._labels)
        for name, of_rows in (("counts", _count(weights)), ("sums", weights)):
            total = np.zeros(n, np.intp if name == "counts" or of_rows is None else np.float64)
            if known is not None:
                total[np.searchsorted(self._labels, known)] = getattr(self, name)
            found = np.bincount(codes, of_rows).astype(total.dtype)
            total[np.searchsorted(self._labels, labels)] += found
            setattr(self, name, total)
        return np.searchsorted(self._labels, y)

    def task(self, y: np.ndarray) -> Classification:
        """Return the task, given some of the labels as the user gave them."""
        return self._task or Classification.learn(None, y, None, self._labels)


def _count(weights):
    """Return weights by which rows are counted: one for each that has a weight."""
    return None if weights is None else (weights != 0).astype(np.float64)
