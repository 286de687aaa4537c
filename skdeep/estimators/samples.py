"""From what users pass to checked data: inputs, encoded targets and weights together."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdeep.estimators import checks
from skdeep.estimators.inputs import Inputs
from skdeep.estimators.tasks import Task
from skdeep.training import Data


@dataclass(frozen=True)
class Sample:
    """Checked data: inputs, targets and weights that belong together.

    Parameters
    ----------
    task : Task
        What is learnt from them.
    X : ndarray or CSR matrix
        The inputs, a flat row for each sample.
    y : ndarray or sparse matrix
        The targets as the user gave them, as an array.
    encoded : ndarray
        The targets as the task encodes them.
    sample_weight : ndarray or None
        The user's weights.
    weights : ndarray or None
        The user's weights times the class weights.
    class_weights : ndarray or None
        A weight for each class, or for each label where it is off and on.
    shape : tuple of int
        The shape of a row, if X had more than two dimensions; else ().
    counts : ndarray or None
        The sums of the rows' weights by class, if they are known from more than this sample.
    """

    task: Task
    X: Any
    y: Any
    encoded: np.ndarray
    sample_weight: np.ndarray | None
    weights: np.ndarray | None
    class_weights: np.ndarray | None
    shape: tuple
    counts: np.ndarray | None = None

    def loss(self, smoothing):
        """Return what is minimised if only the targets, and their weights, decide on it."""
        counts = self.counts
        if counts is None and self.class_weights is not None:
            counts = self.task.counts(self.encoded, self.sample_weight)
        return self.task.weighted_loss(self.class_weights, counts, smoothing)

    def data(self, dtype, rows=None, noise=0.0, rng=None):
        """Return the data as training sees them.

        Parameters
        ----------
        dtype : numpy.dtype
            The type to compute in.
        rows : ndarray of int or None
            The rows to take; None for all. Those of weight zero are left out.
        noise : float
            Noise on the targets, e.g. label smoothing.
        rng : numpy.random.Generator or None
            The stream that noise is drawn from.
        """
        weights, rows = checks.effective(self.weights, rows, dtype)
        return Data(self.X, self.task.targets(self.encoded, noise, rng), weights, rows)


@dataclass(frozen=True)
class Intake:
    """Where data come in: here X, y and weights are checked, and nowhere else in a fit.

    Parameters
    ----------
    inputs : Inputs
        How X is checked.
    kind : type
        The class of the task.
    plan : Plan
        What the estimator's parameters ask for.
    """

    inputs: Inputs
    kind: type[Task]
    plan: Any

    def sample(self, X, y, sample_weight, classes=None, task=None):
        """Return checked data. If no task is given, they pose a new one.

        Parameters
        ----------
        X, y, sample_weight : array-like
            As users pass them.
        classes : array-like or None
            All classes that may ever occur, from ``partial_fit``.
        task : Task or None
            The task of an estimator that is fitted already.
        """
        X, y, shape = self.checked(X, y, is_first=task is None)
        if task is None:
            task = self.kind.learn(X, y, self.plan, classes)
            task.warn_of_classes(self.plan.class_weight)
        encoded = task.encode(y)
        sample_weight = checks.check_weights(sample_weight, X, "sample_weight")
        class_weights = None
        if self.plan.class_weight is not None:
            # rows of weight zero count as little as if they were not there
            counted = encoded if sample_weight is None else encoded[sample_weight > 0]
            class_weights = task.class_weights(self.plan.class_weight, task.counts(counted))
        return _sample(task, X, y, encoded, sample_weight, class_weights, shape)

    def checked(self, X, y, is_first):
        """Return X with flat rows, y, and the shape of a row; the first data say what to expect."""
        X, shape = self.inputs.flat(X)
        X, y = self.kind.check(self.inputs, X, y, reset=is_first)
        checks.check_range(X, self.inputs.dtype, "X")
        if is_first:
            self.inputs.warn_of_guess(shape)
            names = getattr(self.inputs.owner, "feature_names_in_", None)
            checks.warn_of_lost_digits(X, self.inputs.dtype, names)
        return X, y, shape

    def validation(self, X_val, y_val, sample_weight_val, sample):
        """Return the user's validation data, checked, or None if there are none.

        ``sample`` holds the training data, whose task and shape they must suit.
        """
        task = sample.task
        if not task.check_given(X_val, y_val, sample_weight_val):
            return None
        with checks.naming("X_val"):
            known = sample.shape or self.inputs.asked or sample.X.shape[1:]
            X_val = self.inputs.check(X_val, known)
        y_val, encoded = task.encode_validation(X_val, y_val)
        sample_weight_val = checks.check_weights(sample_weight_val, X_val, "sample_weight_val")
        return _sample(task, X_val, y_val, encoded, sample_weight_val, sample.class_weights)


def _sample(task, X, y, encoded, sample_weight, class_weights, shape=()):
    weights = sample_weight
    of_rows = None if class_weights is None else task.row_weights(class_weights, encoded)
    if of_rows is not None:
        weights = of_rows * (1.0 if weights is None else weights)
        weights = checks.check_weights(weights, X, "sample_weight times class_weight")
    return Sample(task, X, y, encoded, sample_weight, weights, class_weights, shape)
