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
    """One or several numbers a row, which are learnt in units of their spread.

    Parameters
    ----------
    loss : Loss
    n_outputs : int
    dtype : numpy.dtype
        What is computed in.
    y_dtype : numpy.dtype
        The type of y: predictions have it too, if it is a floating type.
    target_scaling : {"standard", None}
        None: targets are learnt as they are.

    Attributes
    ----------
    mean, scale : ndarray of shape (n_outputs,)
        What is learnt is (y - mean) / scale.
    """

    losses = LOSSES
    noise_parameter = "target_noise"
    numeric = True

    @classmethod
    def learn(cls, X, y, plan, classes=None):
        """Return the task for targets like ``y``; their scale is settled later."""
        scaling = plan.target_scaling if plan.loss.scales_targets else None
        return cls(plan.loss, 1 if y.ndim == 1 else y.shape[1], plan.dtype, y.dtype, scaling)

    def __init__(self, loss, n_outputs, dtype, y_dtype, target_scaling=None):
        self.loss = loss
        self.n_outputs = n_outputs
        self.dtype = dtype
        self.target_scaling = target_scaling
        self.mean, self.scale = np.zeros(n_outputs), np.ones(n_outputs)
        y_dtype = y_dtype.newbyteorder("=")
        otherwise = dtype if target_scaling is None else np.dtype(np.float64)
        self.out_dtype = y_dtype if y_dtype in (np.float32, np.float64) else otherwise

    def describe(self):
        """Return what must not change while training goes on."""
        return {"target_scaling": self.target_scaling}

    def settle(self, values, weights, rows):
        """Take mean and spread from the rows to train on."""
        if self.target_scaling is not None:
            values = values if rows is None else values[rows]
            weights = weights if weights is None or rows is None else weights[rows]
            self.mean, self.scale = _mean_and_spread(values, weights)

    def follow(self, other):
        """Take mean and spread from the task that training began with."""
        self.mean, self.scale = other.mean, other.scale

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
        if self.target_scaling is not None:
            return y.astype(np.float64, copy=False)
        check_range(y, self.dtype, name)
        y = y.astype(self.dtype, copy=False)
        self.loss.check_targets(y)
        return y

    def targets(self, values, noise=0.0, rng=None):
        """Return targets for training; ``noise`` is the standard deviation of Gaussian noise."""
        if self.target_scaling is None:
            return ValueTargets(values, noise, rng)
        scaled = ((values - self.mean) / self.scale).astype(self.dtype)
        return ValueTargets(scaled, (noise / self.scale).astype(self.dtype), rng)

    def steady_noise(self, noise):
        """Return 0: all of the noise is drawn at random."""
        return 0.0

    def _predictions(self, scores):
        """Return predictions in double precision, on the scale of y."""
        # in double precision, or large targets would be rounded, and their squares overflow
        return self.loss.predict(scores).astype(np.float64) * self.scale + self.mean

    def decode(self, scores):
        """Return the predictions, a vector for one output."""
        if self.target_scaling is None:
            predictions = self.loss.predict(scores)
        else:
            predictions = self._predictions(scores)
        predictions = predictions.astype(self.out_dtype, copy=False)
        return predictions.ravel() if self.n_outputs == 1 else predictions

    def score(self, values, scores, weights):
        """Return R squared."""
        if len(values) < 2:
            raise ValueError(
                "R squared is not defined on one validation row; raise validation_fraction, or "
                "give X_val and y_val."
            )
        predictions = self._predictions(scores)
        return r2_score(values.astype(np.float64), predictions, sample_weight=weights)


def _mean_and_spread(values, weights):
    """Return the weighted mean and standard deviation of each column; 1 for constant ones."""
    size = np.abs(values).max(axis=0)
    size[size == 0] = 1
    values = values / size  # or the squares of large numbers would overflow
    mean = np.average(values, axis=0, weights=weights)
    spread = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=weights))
    is_constant = spread <= 10 * np.finfo(np.float64).eps * np.abs(mean)
    scale = np.where(is_constant, 1.0, _rounded(spread, spread) * size)
    return np.where(is_constant, mean, _rounded(mean, spread)) * size, scale


def _rounded(x, spread):
    """Return ``x`` without its last bits, so that weights and repeated rows give equal numbers."""
    unit = np.exp2(np.floor(np.log2(np.where(spread > 0, spread, 1.0))) - 36)
    return np.round(x / unit) * unit
