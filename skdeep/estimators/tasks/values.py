"""Regression: one or several numbers a row."""

import numpy as np
from scipy.sparse import issparse
from sklearn.metrics import r2_score
from sklearn.utils import column_or_1d

from skdeep.estimators.checks import check_range
from skdeep.estimators.tasks.base import Task
from skdeep.losses import LOSSES
from skdeep.training import ValueTargets


class Regression(Task):
    """One or several numbers a row.

    Parameters
    ----------
    loss : Loss
    n_outputs : int
    dtype : numpy.dtype
        What is computed in.
    y_dtype : numpy.dtype
        The type of y: predictions have it too, if it is a floating type.
    """

    losses = LOSSES
    noise_parameter = "target_noise"
    numeric = True

    @classmethod
    def learn(cls, X, y, loss, dtype, classes=None):
        """Return the task for targets like ``y``."""
        return cls(loss, 1 if y.ndim == 1 else y.shape[1], dtype, y.dtype)

    def __init__(self, loss, n_outputs, dtype, y_dtype):
        self.loss = loss
        self.n_outputs = n_outputs
        self.dtype = dtype
        y_dtype = y_dtype.newbyteorder("=")
        self.out_dtype = y_dtype if y_dtype in (np.float32, np.float64) else dtype

    def encode(self, y, name="y"):
        """Return the values as an array of shape (n_samples, n_outputs)."""
        if issparse(y) or y.dtype.kind not in "fiub":
            raise ValueError(
                f"{name} must be a dense array of numbers for a regression, got "
                f"{type(y).__name__} of type {y.dtype}."
            )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        y = y.reshape(len(y), -1)
        if y.shape[1] != self.n_outputs:
            raise ValueError(
                f"{name} must have {self.n_outputs} outputs as in training, got {y.shape[1]}."
            )
        check_range(y, self.dtype, name)
        y = y.astype(self.dtype, copy=False)
        self.loss.check_targets(y)
        return y

    def targets(self, values, noise=0.0, rng=None):
        """Return targets for training; ``noise`` is the standard deviation of Gaussian noise."""
        return ValueTargets(values, noise, rng)

    def steady_noise(self, noise):
        """Return 0: all of the noise is drawn at random."""
        return 0.0

    def decode(self, scores):
        """Return the predictions, a vector for one output."""
        predictions = self.loss.predict(scores).astype(self.out_dtype, copy=False)
        return predictions.ravel() if self.n_outputs == 1 else predictions

    def score(self, values, scores, weights):
        """Return R squared."""
        if len(values) < 2:
            raise ValueError(
                "R squared is not defined on one validation row; raise validation_fraction, or "
                "give X_val and y_val."
            )
        # in double precision, or the squares of large targets might overflow
        predictions = self.loss.predict(scores).astype(np.float64)
        return r2_score(values.astype(np.float64), predictions, sample_weight=weights)
