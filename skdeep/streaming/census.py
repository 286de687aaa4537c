"""The first pass: how many rows there are, which classes, and what the targets are like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from skdeep.estimators import checks
from skdeep.estimators.samples import Intake, Sample
from skdeep.estimators.tasks import Classification, Regression
from skdeep.estimators.tasks.moments import Moments
from skdeep.training import Data

_EXAMPLE = 100  # rows, that tell what the others are like


class Census:
    """What a pass over all pieces tells, and what the pieces are then to training.

    Parameters
    ----------
    intake : Intake
        How data are checked.
    classes : array-like or None
        All classes that may occur, if the user knows them.

    Attributes
    ----------
    n_rows : int
        The rows that count, known after ``end``.
    checksum : int
        Changes with the data.
    sample : Sample
        Some rows of the data, with what all of them tell, known after ``end``.
    """

    def __init__(self, intake: Intake, classes: Any = None) -> None:
        self.intake, self.plan, self.classes = intake, intake.plan, classes
        # class weights go by all pieces, and not by each of them
        self._intake = replace(intake, plan=replace(intake.plan, class_weight=None))
        self.checksum = 0
        self._first = self._task = self._labels = None
        self._n_rows, self._total = 0, 0.0
        self._counts = self._sums = 0
        self._moments = Moments()

    # -- the first pass ------------------------------------------------------------------------

    def add(self, X: Any, y: Any, sample_weight: Any) -> None:
        """Take note of a piece."""
        if y is None and not self.intake.kind.targets_are_inputs:
            raise ValueError(
                "y is missing; give pieces (X, y), or name the column of y in frames by target."
            )
        is_first = self._first is None
        X, y, shape = self._intake.checked(X, y, is_first)
        weights = checks.check_weights_of_part(sample_weight, X, "sample_weight")
        if is_first:
            self._first = X[:_EXAMPLE].copy(), y[:_EXAMPLE].copy(), shape
            self._weighted = weights is not None
        elif self._weighted is not (weights is not None):
            raise ValueError("sample_weight must be given with every piece, or with none.")
        if weights is not None:
            rows = np.flatnonzero(weights)
            if not len(rows):
                return
            X, y, weights = X[rows], y[rows], weights[rows]
        self._n_rows += X.shape[0]
        self._total += X.shape[0] if weights is None else weights.sum()
        encoded = self._note(X, y, weights)
        of_y = None if y is X else Data(encoded, None, weights)
        for data in filter(None, (Data(X, None), of_y)):
            self.checksum = data.checksum(self.checksum, step=max(1, X.shape[0] // 100))

    def _note(self, X, y, weights):
        """Count the classes of a piece, or look at the numbers to learn; return them encoded."""
        kind = self.intake.kind
        is_open = issubclass(kind, Classification) and self.classes is None
        if is_open and (y.ndim == 1 or y.shape[1] == 1):
            return self._note_labels(column_or_1d(y), weights)
        if self._task is None:
            self._task = kind.learn(X, y, self.plan, self.classes)
        encoded = self._task.encode(y)
        if isinstance(self._task, Regression):
            self._moments.add(encoded, weights)
        elif isinstance(self._task, Classification):
            self._counts = self._counts + self._task.counts(encoded)
            self._sums = self._sums + self._task.counts(encoded, weights)
        return encoded

    def _note_labels(self, y, weights):
        check_classification_targets(y)
        labels, codes = np.unique(y, return_inverse=True)
        known = self._labels
        self._labels = labels if known is None else np.union1d(known, labels)
        n = len(self._labels)
        for name, of_rows in (("_counts", None), ("_sums", weights)):
            total = np.zeros(n, np.intp if of_rows is None else np.float64)
            if known is not None:
                total[np.searchsorted(self._labels, known)] = getattr(self, name)
            total[np.searchsorted(self._labels, labels)] += np.bincount(codes, of_rows)
            setattr(self, name, total)
        return np.searchsorted(self._labels, y)

    def end(self) -> None:
        """Conclude the first pass.

        Raises
        ------
        ValueError
            If there were no rows that count.
        """
        if not self._n_rows:
            what = "no rows" if self._first is None else "no rows whose sample_weight is above 0"
            raise ValueError(f"batches gave {what}.")
        X, y, shape = self._first
        if self._task is None:
            self._task = self.intake.kind.learn(X, y, self.plan, self._labels)
        self._task.warn_of_classes(self.plan.class_weight)
        task, class_weights = self._task, None
        if self.plan.class_weight is not None:
            class_weights = task.class_weights(self.plan.class_weight, self._counts)
        first = X, y, task.encode(y), None, None, class_weights, shape, self._sums
        self.sample = Sample(task, *first)
        self._weigh(class_weights)

    def _weigh(self, class_weights):
        """Learn by which factor the mean weight becomes one."""
        self.n_rows, total = self._n_rows, self._total
        self._of_classes = None
        if class_weights is not None:
            every = np.arange(len(class_weights))
            self._of_classes = self.sample.task.row_weights(class_weights, every)
        if self._of_classes is not None:
            self.n_rows = int(self._counts[self._of_classes > 0].sum())
            total = float(self._of_classes @ self._sums)
            self._weighted = True
            if not total > 0:
                raise ValueError("sample_weight times class_weight must not be all zero.")
        self._factor = self.n_rows / total

    def settle(self, task: Any) -> None:
        """Tell a task what the targets of all rows are like."""
        if isinstance(task, Regression):
            task.settle_by(self._moments)

    # -- later passes --------------------------------------------------------------------------

    def example(self, noise: float, rng: np.random.Generator) -> Data:
        """Return some rows as training sees them; see ``Sample.data`` for noise and rng."""
        sample = self.sample
        weights = np.ones(sample.X.shape[0], self.plan.dtype) if self._weighted else None
        return Data(sample.X, sample.task.targets(sample.encoded, noise, rng), weights)

    def encoded(self, piece: Any, noise: float, rng: np.random.Generator) -> Data:
        """Return a piece (X, y, sample_weight) as training sees it."""
        X, y, sample_weight = piece
        sample = self._intake.sample(X, y, None, task=self.sample.task)
        targets = sample.task.targets(sample.encoded, noise, rng)
        weights = checks.check_weights_of_part(sample_weight, sample.X, "sample_weight")
        if not self._weighted:
            return Data(sample.X, targets)
        if self._of_classes is not None:
            of_rows = self._of_classes[sample.encoded]
            weights = of_rows if weights is None else weights * of_rows
        weights = (weights * self._factor).astype(self.plan.dtype)
        rows = None if weights.all() else np.flatnonzero(weights)
        return Data(sample.X, targets, weights, rows)
