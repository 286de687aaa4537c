"""Classification and regression: everything about targets, for networks of any kind."""

from __future__ import annotations

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin

from skdeep._typing import ArrayLike, MatrixLike, Self
from skdeep.estimators import checks
from skdeep.estimators.availability import available_if, learns_by_parts
from skdeep.estimators.base import BaseNetwork
from skdeep.estimators.parameter_types import ClassifierParameters, RegressorParameters
from skdeep.estimators.tasks import (
    Classification,
    Regression,
    SeveralQuantiles,
)
from skdeep.network import prediction


class SupervisedNetwork(BaseNetwork):
    """Base class of classifiers and regressors."""

    def fit(
        self,
        X: MatrixLike,
        y: MatrixLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: MatrixLike | None = None,
        y_val: MatrixLike | None = None,
        sample_weight_val: ArrayLike | None = None,
    ) -> Self:
        """Train the network.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs. An array is used as it is, whatever its type and order; batches are read
            fastest in row order (C). Convolutional networks take dense arrays only, but also of
            three or four dimensions.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows; those of weight 0 are left out. Their scale does not matter.
        X_val : {array-like, sparse matrix} of shape (n_val, n_features), default=None
            Validation data of your own, which take the place of the internal split.
        y_val : array-like of shape (n_val,) or (n_val, n_outputs), default=None
            The targets of ``X_val``.
        sample_weight_val : array-like of shape (n_val,), default=None
            Weights of the rows of ``X_val``.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        DivergenceError
            If the loss, a gradient or a parameter is not finite.
        ValueError, TypeError
            If a parameter or the data are wrong. After an error the estimator is as it was before.
        """
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val))

    def predict(self, X: MatrixLike) -> np.ndarray:
        """Predict targets; several quantiles of one by a column for each, in rising order.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_outputs)
            Labels, or values of the floating type that y had in training.
        """
        model = self._snapshot()
        model._check_is_fitted()
        decode = model._task.decode
        return prediction.reduced(
            model._network, model._checked(X), lambda rows, scores: decode(scores)
        )


class NetworkClassifier(ClassifierMixin, ClassifierParameters, SupervisedNetwork):
    """Base class of classifiers."""

    _task_kind = Classification

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    @property
    def classes_(self) -> np.ndarray:
        """The class labels in order; for multi-label targets the columns' numbers."""
        return self._fitted("_task").classes

    def predict_proba(self, X: MatrixLike) -> np.ndarray:
        """Predict the probabilities of the classes.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``; for multi-label targets each label's probability. In
            double precision, from scores in that of the computation (``dtype``).
        """
        model = self._snapshot()
        scores = model._double_scores(X)
        return model._task.loss.predict(scores)

    def _double_scores(self, X):
        return self._scores(X).astype(np.float64, copy=False)

    def predict_log_proba(self, X: MatrixLike) -> np.ndarray:
        """Predict the logarithms of the probabilities, without loss of precision.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``.
        """
        model = self._snapshot()
        scores = model._double_scores(X)
        return model._task.loss.log_predict(scores)

    @available_if(learns_by_parts)
    def partial_fit(
        self,
        X: MatrixLike,
        y: MatrixLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Train for one epoch on the given data, going on from where training stands.

        Every call counts as an epoch to schedules, so that ``max_iter`` should be the number of
        calls if ``learning_rate`` is planned over it. ``skdeep.streaming.fit_stream`` trains on
        data in pieces with an epoch for every pass.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            The labels.
        classes : array-like of shape (n_classes,), default=None
            All labels that will ever come; needed in the first call.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows; their scale within a call does not matter.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        DivergenceError, ValueError, TypeError
            As in ``fit``; after an error the estimator is as it was before.
        """
        is_first = not self.__sklearn_is_fitted__()
        if not is_first and classes is not None:
            self._check_same_classes(classes)
        if classes is None and is_first:
            raise ValueError(
                "classes must be passed on the first call to partial_fit: all labels that will "
                "ever come, e.g. classes=np.unique(y)."
            )
        if isinstance(self.class_weight, str) and self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' does not work with partial_fit, which sees a part of the "
                "data; use skdeep.streaming.fit_stream, or give a dict of weights, e.g. from "
                "sklearn.utils.class_weight.compute_class_weight."
            )
        return self._fit_one_epoch(X, y, classes, sample_weight)

    def _check_same_classes(self, classes):
        if not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(
                f"classes={classes!r} are not those of the first call of partial_fit, "
                f"{self.classes_.tolist()}."
            )


class NetworkRegressor(RegressorMixin, RegressorParameters, SupervisedNetwork):
    """Base class of regressors."""

    _task_kind = Regression

    @property
    def target_mean_(self) -> np.ndarray:
        """What is subtracted from the targets for training, of shape (n_outputs,)."""
        return self._fitted("_task").mean

    @property
    def target_scale_(self) -> np.ndarray:
        """What the targets are divided by for training, of shape (n_outputs,)."""
        return self._fitted("_task").scale

    def score(self, X: MatrixLike, y: MatrixLike, sample_weight: ArrayLike | None = None) -> float:
        """Return R squared, as scikit-learn's regressors do.

        For several quantiles it is the share of the pinball loss of constant predictions that the
        model saves: 1 is best, and 0 as good as the quantiles of y itself.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows.

        Returns
        -------
        float
            The higher, the better.
        """
        model = self._snapshot()
        if not isinstance(model._fitted("_task"), SeveralQuantiles):
            return super().score(X, y, sample_weight)
        predictions = model.predict(X)
        y = checks.check_targets(predictions, y, numeric=True)
        weights = checks.check_weights(sample_weight, predictions, "sample_weight")
        return model._task.score_of(y, predictions, weights)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    @available_if(learns_by_parts)
    def partial_fit(
        self, X: MatrixLike, y: MatrixLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Train for one epoch on the given data, going on from where training stands.

        Every call counts as an epoch to schedules, so that ``max_iter`` should be the number of
        calls if ``learning_rate`` is planned over it. ``skdeep.streaming.fit_stream`` trains on
        data in pieces with an epoch for every pass.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows; their scale within a call does not matter.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        DivergenceError, ValueError, TypeError
            As in ``fit``; after an error the estimator is as it was before.
        """
        return self._fit_one_epoch(X, y, None, sample_weight)
