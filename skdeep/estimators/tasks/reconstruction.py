"""Reconstruction: the inputs themselves are the targets."""

import numpy as np
from scipy.sparse import issparse

from skdeep.estimators import checks
from skdeep.estimators.tasks.base import Task
from skdeep.losses import RECONSTRUCTION_LOSSES


class Reconstruction(Task):
    """The task of rebuilding the inputs, as autoencoders do.

    Parameters
    ----------
    loss : Loss
        What is minimised.
    n_features : int
        How many numbers a row has.
    """

    losses = RECONSTRUCTION_LOSSES
    targets_are_inputs = True

    def __init__(self, loss, n_features):
        self.loss = loss
        self.n_outputs = n_features

    @classmethod
    def learn(cls, X, y, plan, classes=None):
        """Return the task of rebuilding inputs like ``X``."""
        return cls(plan.loss, X.shape[1])

    @classmethod
    def check(cls, inputs, X, y, reset):
        """Return the inputs, checked by scikit-learn's rules, also as the targets."""
        X = checks.validated(inputs.owner, X, reset=reset, **inputs.options)
        return X, X

    @classmethod
    def check_given(cls, X_val, y_val, sample_weight_val):
        """Return whether there are validation data; ValueError for weights without them."""
        if X_val is None and sample_weight_val is not None:
            raise ValueError("sample_weight_val is given, but X_val is not.")
        return X_val is not None

    def encode_validation(self, X_val, y_val):
        """Return the inputs in the place of targets, as they are and encoded."""
        return X_val, self.encode(X_val, "X_val")

    @classmethod
    def check_scoring(cls, scoring):
        """Raise ValueError: scikit-learn's scorers need predictions."""
        raise ValueError(
            f"scoring={scoring!r} needs predictions, which an autoencoder does not make; use None, "
            "or a callable of (estimator, X, y)."
        )

    def encode(self, X, name="X"):
        """Return X itself, its values checked; training reads it batch by batch."""
        values = X.data if issparse(X) else X
        if values.size:
            with checks.naming(name):
                self.loss.check_targets(values)
        return X

    def targets(self, X, noise=0.0, rng=None):
        """Return None: the inputs are the targets."""
        return

    def decode(self, scores):
        """Return the inputs rebuilt."""
        return self.loss.predict(scores)

    def judge(self, X, scores):
        """Return minus the mean squared error of each row."""
        errors = self.decode(scores).astype(np.float64)  # a copy
        errors -= X.toarray() if issparse(X) else X
        return -np.square(errors, out=errors).mean(axis=1)
