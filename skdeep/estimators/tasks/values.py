"""Regression: one or several numbers for each row."""

import numpy as np
from scipy.sparse import issparse
from sklearn.metrics import mean_pinball_loss, r2_score
from sklearn.utils import column_or_1d

from skdeep.estimators.checks import check_range
from skdeep.estimators.tasks.base import Task
from skdeep.estimators.tasks.moments import Moments
from skdeep.losses import LOSSES
from skdeep.training import ValueTargets


class Regression(Task):
    """The task of predicting numbers, one or several for each row.

    They are learnt as distances from their mean in units of their spread, so that one learning
    rate suits targets of any scale.

    Parameters
    ----------
    loss : Loss
        What is minimised.
    n_targets : int
        How many numbers each row has.
    dtype : numpy.dtype
        The type to compute in.
    y_dtype : numpy.dtype
        The type of y: predictions have it too, if it is a floating type.
    target_scaling : {"standard", None}
        None learns the targets as they are.

    Attributes
    ----------
    mean, scale : ndarray of shape (n_targets,)
        What is learnt is (y - mean) / scale.
    """

    losses = LOSSES
    noise_parameter = "target_noise"
    numeric = True

    @classmethod
    def learn(cls, X, y, plan, classes=None):
        """Return the task for targets like ``y``; their scale is settled later."""
        n_targets = 1 if y.ndim == 1 else y.shape[1]
        several = plan.loss.n_scores(n_targets) != n_targets
        kind = SeveralQuantiles if several else Regression
        return kind(plan.loss, n_targets, plan.dtype, y.dtype, _scaling(plan))

    def __init__(self, loss, n_targets, dtype, y_dtype, target_scaling=None):
        self.loss = loss
        self.n_targets = n_targets
        self.n_outputs = loss.n_scores(n_targets)
        self.dtype = dtype
        self.target_scaling = target_scaling
        self.mean, self.scale = np.zeros(n_targets), np.ones(n_targets)
        y_dtype = y_dtype.newbyteorder("=")
        otherwise = dtype if target_scaling is None else np.dtype(np.float64)
        self.out_dtype = y_dtype if y_dtype in (np.float32, np.float64) else otherwise

    def describe(self):
        """Return values, by name, that must not change while training goes on."""
        return {"target_scaling": self.target_scaling}

    @classmethod
    def asked(cls, plan):
        """Return what a plan asks for of that."""
        return {"target_scaling": _scaling(plan)}

    def settle(self, values, weights, rows):
        """Take mean and spread from the rows to train on."""
        if self.target_scaling is not None:
            values = values if rows is None else values[rows]
            if weights is not None:
                weights = weights if rows is None else weights[rows]
                counts = weights > 0
                values, weights = values[counts], weights[counts]
            self.settle_by(Moments().add(values, weights))

    def settle_by(self, moments):
        """Take mean and spread from moments of the targets of all rows to train on."""
        if self.target_scaling is not None:
            self.mean, self.scale = moments.mean_and_spread()

    def follow(self, other):
        """Take mean and spread from the task that training began with."""
        self.mean, self.scale = other.mean, other.scale

    def encode(self, y, name="y"):
        """Return the values as an array of shape (n_samples, n_targets)."""
        if issparse(y) or y.dtype.kind not in "fiub":
            raise ValueError(
                f"{name} must be a dense array of numbers for a regression, got "
                f"{type(y).__name__} of type {y.dtype}."
            )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        y = y.reshape(len(y), -1)
        if y.shape[1] != self.n_targets:
            raise ValueError(
                f"{name} must have {self.n_targets} outputs as in training, got {y.shape[1]}."
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
        scaled, noise = self._scaled(values), self._in_units(noise)
        largest = np.finfo(self.dtype).max
        if not max(scaled.max(), -scaled.min(), *noise) <= largest:
            raise ValueError(
                f"y, y_val or target_noise is too large for {self.dtype} in units of the spread of "
                "the targets that training began with (target_scale_); scale y, fit anew or set "
                "dtype='float64'."
            )
        return ValueTargets(scaled.astype(self.dtype), noise.astype(self.dtype), rng)

    def steady_noise(self, noise):
        """Return 0: all of the noise is drawn at random."""
        return 0.0

    def _scaled(self, values):
        """Return values as they are learnt, in double precision; infinite if beyond its range."""
        with np.errstate(over="ignore"):
            return self._in_units(values - self.mean)

    def _in_units(self, lengths):
        """Return lengths in units of the spread; infinite if beyond the range."""
        with np.errstate(over="ignore"):
            return lengths / self.scale

    def decode(self, scores):
        """Return the predictions, a vector for one output."""
        predictions = self.loss.predict(scores)
        if self.target_scaling is not None:
            # in double precision, or large targets would be rounded
            with np.errstate(over="ignore"):  # beyond the largest number is the largest number
                predictions = predictions.astype(np.float64) * self.scale + self.mean
            largest = float(np.finfo(self.out_dtype).max)
            predictions = np.clip(predictions, -largest, largest)
        predictions = predictions.astype(self.out_dtype, copy=False)
        return predictions.ravel() if self.n_outputs == 1 else predictions

    def judge(self, values, scores):
        """Return the values and the predictions of each row, of shape (n_rows, 2, n_targets)."""
        # in units of the spread, or squares of large targets would overflow
        predictions = self.loss.predict(scores).astype(np.float64)
        return np.stack([self._scaled(values), predictions], axis=1)

    def score(self, judged, weights):
        """Return R squared."""
        if len(judged) < 2:
            raise ValueError(
                "R squared is not defined on one validation row; raise validation_fraction, or "
                "give X_val and y_val."
            )
        return r2_score(judged[:, 0], judged[:, 1], sample_weight=weights)


class SeveralQuantiles(Regression):
    """The task of predicting several quantiles of one number for each row."""

    def judge(self, values, scores):
        """Return the value and its predicted quantiles of each row, side by side."""
        predictions = self.loss.predict(scores).astype(np.float64)
        return np.concatenate([self._scaled(values), predictions], axis=1)

    def score_of(self, y, predictions, weights):
        """Return how good predictions are, as users see them."""
        # in units of the spread, or sums of large targets would overflow
        sides = self.encode(y), predictions.astype(np.float64)
        return self.score(np.concatenate([self._scaled(side) for side in sides], axis=1), weights)

    def score(self, judged, weights):
        """Return the share of the pinball loss that is explained."""
        return explained_pinball(judged[:, 0], judged[:, 1:], self.loss.quantile, weights)


def explained_pinball(y, predictions, quantiles, weights=None):
    """Return the share of the pinball loss of the best constants that predictions save.

    One is best, and zero as good as the quantiles of ``y`` itself: scikit-learn's
    ``d2_pinball_score``, with the losses of all quantiles added up.

    Parameters
    ----------
    y : ndarray of shape (n_rows,)
    predictions : ndarray of shape (n_rows, n_quantiles)
    quantiles : sequence of float
    weights : ndarray of shape (n_rows,) or None
    """
    order = np.argsort(y, kind="stable")
    shares = np.cumsum(np.ones(len(y)) if weights is None else weights[order])
    lost = possible = 0.0
    for q, predicted in zip(quantiles, predictions.T, strict=True):
        place = min(np.searchsorted(shares, q * shares[-1]), len(y) - 1)
        constant = np.full(len(y), y[order[place]])
        lost += mean_pinball_loss(y, predicted, alpha=q, sample_weight=weights)
        possible += mean_pinball_loss(y, constant, alpha=q, sample_weight=weights)
    if possible == 0:
        return float(lost == 0)
    return float(1 - lost / possible)


def _scaling(plan):
    """Return how a plan scales targets."""
    return plan.target_scaling if plan.loss.scales_targets else None
