"""Classification of the rows of raw tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.validation import check_is_fitted

from skdeep._typing import MatrixLike
from skdeep.activations import Activation
from skdeep.estimators import checks
from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.estimators.tabular.members import ClassifierMember
from skdeep.estimators.tabular.selection import best_exponent, sharpened
from skdeep.estimators.tasks import Classification
from skdeep.estimators.tasks.classes import Labels
from skdeep.estimators.views import store


class TabularMLPClassifier(ClassifierMixin, TabularEstimator):
    """A few networks that classify the rows of a raw table, without preprocessing or tuning."""

    _member_kind = ClassifierMember
    _learning_rate = 0.004

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
        label_smoothing: float = 0.1,
        class_weight: dict[Any, Any] | Literal["balanced"] | None = None,
        validation_fraction: float = 0.2,
        dtype: Literal["auto", "float32", "float64"] = "auto",
        n_jobs: int | None = None,
        verbose: bool | int = False,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        store(self, locals())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    @property
    def classes_(self) -> np.ndarray:
        """The class labels in order; for multi-label targets the columns' numbers."""
        check_is_fitted(self)
        return self._task.classes

    # -- targets -------------------------------------------------------------------------------

    def _learn_targets(self, y, n_rows):
        y = _checked(y, n_rows, type(self).__name__)
        self._task = Classification.learn(None, y, None)
        return self._task.encode(y)

    def _encode_validation(self, y_val, n_rows):
        with checks.naming("y_val"):
            y_val = _checked(y_val, n_rows, type(self).__name__)
        return self._task.encode(y_val, "y_val")

    def _weights(self, sample_weight, y, name):
        weights = super()._weights(sample_weight, y, name)
        if self.class_weight is None:
            return weights
        if not hasattr(self, "_class_weights") or name == "sample_weight":
            counted = y if weights is None else y[weights > 0]
            self._class_weights = self._task.class_weights(self.class_weight, counted)
        of_classes = self._class_weights[y]
        return checks.check_weights(
            of_classes if weights is None else weights * of_classes,
            np.empty((len(y), 0)),
            f"{name} times class_weight",
        )

    def _strata(self, y):
        return self._task.strata(y)

    def _member_params(self):
        # as far as a smoothing leaves the true class the most likely one
        n = 2 if self._has_labels else len(self._task.classes)
        return {"label_smoothing": min(self.label_smoothing, 0.9 * (n - 1) / n)}

    def _member_targets(self, y):
        return y if self._has_labels else self._task.classes[y]

    @property
    def _has_labels(self):
        return isinstance(self._task, Labels)

    def _as_outputs(self, y):
        return y if self._has_labels else np.eye(len(self._task.classes))[y]

    def _settle(self, y):
        pass

    # -- predictions ---------------------------------------------------------------------------

    def _member_predictions(self, member, X):
        """Return a member's probabilities of all classes; those it did not see have none."""
        probabilities = member.predict_proba(X)
        if self._has_labels or len(member.classes_) == len(self._task.classes):
            return probabilities
        out = np.zeros((len(X), len(self._task.classes)))
        out[:, np.searchsorted(self._task.classes, member.classes_)] = probabilities
        return out

    def _calibrate(self, mean, y_val, weights):
        exclusive = not self._has_labels
        self._exponent = best_exponent(mean, self._as_outputs(y_val), weights, exclusive)

    def _score_of(self, mean, y_val, weights):
        return float(accuracy_score(y_val, self._most_likely(mean), sample_weight=weights))

    def _most_likely(self, probabilities):
        return (probabilities > 0.5).astype(int) if self._has_labels else probabilities.argmax(1)

    def predict_proba(self, X: MatrixLike) -> np.ndarray:
        """Predict the probabilities of the classes.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``; for multi-label targets each label's probability.
        """
        mean = self._mean_prediction(X)
        return sharpened(mean, self._exponent, exclusive=not self._has_labels)

    def predict_log_proba(self, X: MatrixLike) -> np.ndarray:
        """Predict the logarithms of the probabilities.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``.
        """
        return np.log(self.predict_proba(X))

    def predict(self, X: MatrixLike) -> np.ndarray:
        """Predict labels.

        Parameters
        ----------
        X : {DataFrame, pyarrow Table, array-like} of shape (n_samples, n_features)
            The table.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_labels)
            The most likely labels.
        """
        most_likely = self._most_likely(self._mean_prediction(X))
        return most_likely if self._has_labels else self._task.classes[most_likely]


def _checked(y, n_rows, owner):
    """Return labels as an array, one entry or row for each row of X."""
    if y is None:
        raise ValueError(f"{owner} requires y to be passed, but the target y is None.")
    return checks.check_targets(np.zeros((n_rows, 1)), y, numeric=False)
