"""The first pass: how many rows there are, which classes, and what the targets are like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from skdeep.estimators import checks
from skdeep.estimators.samples import Intake, Sample
from skdeep.estimators.tasks import Classification, Regression
from skdeep.estimators.tasks.moments import Moments
from skdeep.streaming.alike import check_has_targets, check_weighted_alike
from skdeep.streaming.classes import ClassCensus
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
        self.intake, self.plan = intake, intake.plan
        # class weights go by all pieces, and not by each of them
        self._intake = replace(intake, plan=replace(intake.plan, class_weight=None))
        self.checksum = 0
        self._first = self._task = None
        self._n_rows, self._total = 0, 0.0
        self._classes = ClassCensus(classes) if issubclass(intake.kind, Classification) else None
        self._moments = Moments()

    # -- the first pass ------------------------------------------------------------------------

    def add(self, X: Any, y: Any, sample_weight: Any) -> None:
        """Take note of a piece."""
        if not self.intake.kind.targets_are_inputs:
            check_has_targets(y)
        is_first = self._first is None
        X, y, shape = self._intake.checked(X, y, is_first)
        weights = checks.check_weights_of_part(sample_weight, X, "sample_weight")
        if is_first:
            self._first = X[:_EXAMPLE].copy(), y[:_EXAMPLE].copy(), shape
            self._weighted = weights is not None
        check_weighted_alike(weights is not None, self._weighted)
        encoded = None if self._classes is None else self._classes.add(y, weights)
        if weights is not None:
            rows = np.flatnonzero(weights)
            if not len(rows):
                return
            X, y, weights = X[rows], y[rows], weights[rows]
            encoded = None if encoded is None else encoded[rows]
        self._n_rows += X.shape[0]
        self._total += X.shape[0] if weights is None else weights.sum()
        if encoded is None:
            encoded = self._note(X, y, weights)
        of_y = None if y is X else Data(encoded, None, weights)
        for data in filter(None, (Data(X, None), of_y)):
            self.checksum = data.checksum(self.checksum, step=max(1, X.shape[0] // 100))

    def _note(self, X, y, weights):
        """Look at the numbers of a piece that are to be learnt; return them encoded."""
        if self._task is None:
            self._task = self.intake.kind.learn(X, y, self.plan)
        encoded = self._task.encode(y)
        if isinstance(self._task, Regression):
            self._moments.add(encoded, weights)
        return encoded

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
        classes, class_weights, sums = self._classes, None, None
        task = self._task if classes is None else classes.task(y)
        task.warn_of_classes(self.plan.class_weight)
        if classes is not None:
            sums = classes.sums
            if self.plan.class_weight is not None:
                class_weights = task.class_weights(self.plan.class_weight, classes.counts)
        first = X, y, task.encode(y), None, None, class_weights, shape, sums
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
            self.n_rows = int(self._classes.counts[self._of_classes > 0].sum())
            total = float(self._of_classes @ self._classes.sums)
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
