"""Regression on the rows of raw tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score

from skdeep._typing import MatrixLike
from skdeep.activations import Activation
from skdeep.estimators import checks
from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.estimators.tabular.members import RegressorMember
from skdeep.estimators.views import store

_FAR = 1e100  # a distance, in units of the spread, whose square is finite


class TabularMLPRegressor(RegressorMixin, TabularEstimator):
    """A few networks that predict numbers from the rows of a raw table."""

    _member_kind = RegressorMember
    _learning_rate = 0.01

    def __init__(
        self,
        *,
        categorical_features: Any = "from_dtype",
        n_networks: int = 4,
        effort: float = 1.0,
        hidden_layer_sizes: int | Sequence[int] = (128, 128, 128),
        activation: str | Activation | Sequence[str | Activation] = "silu",
        learning_rate_init: float | None = None,
        weight_decay: float = 0.02,
        batch_size: int = 128,
        dropout: float = 0.15,
        validation_fraction: float = 0.2,
        dtype: Literal["auto", "float32", "float64"] = "auto",
        n_jobs: int | None = None,
        verbose: bool | int = False,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        store(self, locals())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    # -- targets -------------------------------------------------------------------------------

    def _learn_targets(self, y, n_rows):
        y = self._checked(y, n_rows)
        self._n_outputs = 1 if y.ndim == 1 else y.shape[1]
        floats = np.dtype(np.float32), np.dtype(np.float64)
        self._out_dtype = y.dtype if y.dtype in floats else np.dtype(np.float64)
        return y

    def _encode_validation(self, y_val, n_rows):
        with checks.naming("y_val"):
            y_val = self._checked(y_val, n_rows)
        n_outputs = 1 if y_val.ndim == 1 else y_val.shape[1]
        if n_outputs != self._n_outputs:
            raise ValueError(
                f"y_val must have {self._n_outputs} outputs as y has; got {n_outputs}."
            )
        return y_val

    def _checked(self, y, n_rows):
        if y is None:
            owner = type(self).__name__
            raise ValueError(f"{owner} requires y to be passed, but the target y is None.")
        y = checks.check_targets(np.zeros((n_rows, 1)), y, numeric=True)
        if y.dtype.kind not in "fiub":
            raise ValueError(f"y must hold numbers for a regression, got type {y.dtype}.")
        return y.ravel() if y.ndim == 2 and y.shape[1] == 1 else y

    def _strata(self, y):
        return None

    def _member_targets(self, y):
        return y

    def _settle(self, y):
        """Remember range, middle and spread of the training targets."""
        y = y.reshape(len(y), -1).astype(np.float64)
        self._low, self._high = y.min(axis=0), y.max(axis=0)
        self._middle = self._low / 2 + self._high / 2  # distances from it never overflow
        size = np.maximum(np.abs(self._low), np.abs(self._high))
        spread = (y / np.where(size > 0, size, 1.0)).std(axis=0) * size
        self._spread = np.where(spread > 0, spread, 1.0)

    def _as_outputs(self, y):
        return self._scaled(y.reshape(len(y), -1).astype(np.float64))

    def _scaled(self, values):
        with np.errstate(over="ignore"):  # validation targets may lie anywhere
            scaled = (values - self._middle) / self._spread
        return np.clip(scaled, -_FAR, _FAR)

    # -- predictions ---------------------------------------------------------------------------

    def _member_predictions(self, member, X):
        """Return a member's predictions, within the range of the targets, in units of spread."""
        values = member.predict(X).reshape(len(X), -1).astype(np.float64)
        return self._scaled(np.clip(values, self._low, self._high))

    def _values(self, mean):
        values = np.clip(mean * self._spread + self._middle, self._low, self._high)
        values = values.astype(self._out_dtype, copy=False)
        return values.ravel() if self._n_outputs == 1 else values

    def _calibrate(self, mean, y_val, weights):
        pass

    def _score_of(self, mean, y_val, weights):
        if len(y_val) < 2:
            return float("nan")
        # in units of the spread, or squares of large targets would overflow
        return float(r2_score(self._as_outputs(y_val), mean, sample_weight=weights))

    def predict(self, X: MatrixLike) -> np.ndarray:
        """Predict numbers.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_outputs)
            Within the range of the training targets, in the floating type that y had.
        """
        return self._values(self._mean_prediction(X))
