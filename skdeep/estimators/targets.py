"""From the user's y to what the network learns, and back: one object for each kind of target."""

from numbers import Real

import numpy as np
from scipy.sparse import issparse
from sklearn.metrics import accuracy_score, r2_score
from sklearn.utils import column_or_1d, gen_batches
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from skdeep.estimators.data import check_range, naming
from skdeep.losses import BinaryCrossEntropy, CrossEntropy
from skdeep.training import ClassTargets, LabelTargets, ValueTargets

_ROWS = 1024  # that are compared at once


class ClassCodec:
    """Exclusive classes: codes from 0 to k - 1.

    Parameters
    ----------
    classes : ndarray of shape (n_classes,)
        The labels in order.
    """

    def __init__(self, classes):
        if len(classes) < 2:
            raise ValueError(
                f"A classifier needs at least two classes, but there is only one class: {classes}."
            )
        self.classes = classes
        self.n_outputs = 1 if len(classes) == 2 else len(classes)
        self.loss = BinaryCrossEntropy() if len(classes) == 2 else CrossEntropy()

    def encode(self, y, name="y"):
        """Return the codes of labels, as 32-bit integers."""
        if y.ndim == 2 and y.shape[1] > 1:
            raise ValueError(
                f"{name} holds {y.shape[1]} columns, but the model was made for one label a row."
            )
        y = column_or_1d(y, warn=True)
        known = np.isin(y, self.classes)
        if not known.all():
            unseen = np.unique(y[~known])
            raise ValueError(
                f"{name} holds the unseen class(es) {unseen.tolist()}; the known classes are "
                f"{self.classes.tolist()}."
            )
        return np.searchsorted(self.classes, y).astype(np.int32)

    def targets(self, codes, noise=0.0, rng=None):
        """Return soft targets for training; ``noise`` is the label smoothing."""
        _check_smoothing(noise, len(self.classes))
        return ClassTargets(codes, len(self.classes), noise)

    def strata(self, codes):
        """Return what a split keeps the proportions of."""
        return codes

    def class_weights(self, class_weight, codes):
        """Return a weight a class; "balanced" goes by the rows in ``codes``."""
        labels = self.classes.tolist()
        if isinstance(class_weight, dict):
            _check_class_weights(class_weight, labels)
            return np.array([float(class_weight.get(label, 1)) for label in labels])
        if isinstance(class_weight, str) and class_weight == "balanced":
            present = np.unique(codes)
            weights = np.ones(len(labels))
            weights[present] = compute_class_weight("balanced", classes=present, y=codes)
            return weights
        raise ValueError(f"class_weight must be None, 'balanced' or a dict, got {class_weight!r}.")

    def most_likely(self, scores):
        """Return the codes of the highest scores."""
        return (scores[:, 0] > 0).astype(np.intp) if self.n_outputs == 1 else scores.argmax(axis=1)

    def decode(self, scores):
        """Return the labels of the highest scores."""
        return self.classes[self.most_likely(scores)]

    def score(self, codes, scores, weights):
        """Return the accuracy."""
        return accuracy_score(codes, self.most_likely(scores), sample_weight=weights)


def _check_class_weights(class_weight, labels):
    unknown = [label for label in class_weight if label not in labels]
    if unknown:
        raise ValueError(
            f"class_weight names the unknown class(es) {unknown}; the classes are {labels}."
        )
    for label, weight in class_weight.items():
        if not isinstance(weight, Real) or not np.isfinite(weight) or weight < 0:
            raise ValueError(
                f"class_weight must hold finite numbers >= 0, got {weight!r} for class {label!r}."
            )


def _check_smoothing(smoothing, n_classes):
    if smoothing >= (n_classes - 1) / n_classes:
        raise ValueError(
            f"label_smoothing must be below (k - 1)/k for k = {n_classes} classes, or the true "
            f"class would not be the most likely one; got {smoothing!r}."
        )


class LabelCodec:
    """Several labels a row, each on or off.

    Parameters
    ----------
    n_labels : int
    """

    loss = BinaryCrossEntropy()

    def __init__(self, n_labels):
        self.classes = np.arange(n_labels)
        self.n_outputs = n_labels

    def encode(self, y, name="y"):
        """Return the labels as a dense array of 0 and 1."""
        y = y.toarray() if issparse(y) else y
        if y.ndim != 2 or y.shape[1] != self.n_outputs or not np.isin(y, (0, 1)).all():
            raise ValueError(
                f"{name} must hold {self.n_outputs} columns of 0 and 1, one a label; "
                f"got shape {y.shape}."
            )
        return y.astype(np.uint8)

    def targets(self, labels, noise=0.0, rng=None):
        """Return soft targets for training; ``noise`` is the label smoothing."""
        _check_smoothing(noise, 2)
        return LabelTargets(labels, noise)

    def strata(self, labels):
        """Return None: the split is not stratified."""
        return

    def class_weights(self, class_weight, labels):
        """Raise: there is no one class a row."""
        raise ValueError("class_weight is not defined for multi-label targets; use sample_weight.")

    def decode(self, scores):
        """Return 1 for every label that is more likely on than off."""
        return (scores > 0).astype(np.int64)

    def score(self, labels, scores, weights):
        """Return the share of rows with every label right."""
        return accuracy_score(labels, self.decode(scores), sample_weight=weights)


def class_codec(y, classes=None):
    """Return the codec for labels ``y``, or for the given classes.

    Parameters
    ----------
    y : ndarray or sparse matrix
    classes : array-like or None
        All classes that will ever come (``partial_fit``); None takes those in ``y``.

    Raises
    ------
    ValueError
        If y holds continuous values or fewer than two classes.
    """
    check_classification_targets(y)
    kind = type_of_target(y, input_name="y")
    if kind == "multilabel-indicator":
        return _label_codec(y.shape[1], classes)
    if kind == "multiclass-multioutput":
        raise ValueError(
            "y holds several columns with more than two values; only one multi-class column, or "
            "columns of 0 and 1 (multi-label), can be learnt."
        )
    labels = column_or_1d(y) if classes is None else column_or_1d(classes)
    return ClassCodec(np.unique(labels))


def _label_codec(n_labels, classes):
    codec = LabelCodec(n_labels)
    if classes is not None and not np.array_equal(np.unique(classes), codec.classes):
        raise ValueError(
            f"classes={classes!r} do not suit multi-label targets: there they are the columns' "
            f"numbers, {codec.classes.tolist()}."
        )
    return codec


class ValueCodec:
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

    classes = None

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

    def strata(self, values):
        """Return None: the split is not stratified."""
        return

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


class ReconstructionCodec:
    """The inputs themselves as targets.

    Parameters
    ----------
    loss : Loss
    X : ndarray or sparse matrix of shape (n_samples, n_features)
    dtype : numpy.dtype
        What is computed in.
    """

    classes = None

    def __init__(self, loss, X, dtype):
        self.loss = loss
        self.n_outputs = X.shape[1]
        self.dtype = dtype

    def encode(self, X, name="X"):
        """Return X, which training reads batch by batch."""
        values = X.data if issparse(X) else X
        if values.size:
            with naming(name):
                self.loss.check_targets(values)
        return X

    def targets(self, X, noise=0.0, rng=None):
        """Return None: the inputs are the targets."""
        return

    def strata(self, X):
        """Return None: the split is not stratified."""
        return

    def score(self, X, scores, weights):
        """Return minus the mean squared error."""
        rebuilt = self.loss.predict(scores)
        errors = np.empty(len(rebuilt))
        for rows in gen_batches(len(rebuilt), _ROWS):
            x = X[rows].toarray() if issparse(X) else X[rows]
            errors[rows] = np.square(x - rebuilt[rows].astype(np.float64)).mean(axis=1)
        return -float(np.average(errors, weights=weights))
