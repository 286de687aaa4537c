"""Classification: exclusive classes, or several labels for each row."""

from numbers import Real

import numpy as np
from scipy.sparse import issparse
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from skdeep._warnings import warn
from skdeep.estimators.tasks.base import Task
from skdeep.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    TwoClassCrossEntropy,
    WeightedLabels,
)
from skdeep.training import ClassTargets, LabelTargets


class Classification(Task):
    """The kind of task whose targets are labels, which may exclude each other or not.

    The first data tell which of the two: ``learn`` returns an object of a subclass.
    """

    noise_parameter = "label_smoothing"

    def check_same_classes(self, other):
        """Raise ValueError if a task with which training is to go on has other classes."""
        if type(self) is not type(other) or not np.array_equal(self.classes, other.classes):
            was, now = (f"{task.what} {task.classes.tolist()}" for task in (self, other))
            raise ValueError(
                f"Training cannot go on with other classes: the model was trained on the {was}, "
                f"but y holds the {now}. To start anew, call fit with warm_start=False; for y that "
                "lacks some of the classes there is partial_fit."
            )

    @classmethod
    def learn(cls, X, y, plan, classes=None):
        """Return the task for labels ``y``, or for the given classes.

        Raises
        ------
        ValueError
            If y holds continuous values, labels of several types, or several columns that are no
            labels.
        """
        for labels in (y, classes):
            _check_one_type(labels)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        if kind == "multilabel-indicator":
            return _label_task(y.shape[1], classes)
        if kind == "multiclass-multioutput":
            raise ValueError(
                "y holds several columns with more than two values; only one multi-class column, "
                "or columns of 0 and 1 (multi-label), can be learnt."
            )
        labels = column_or_1d(y) if classes is None else column_or_1d(classes)
        return ExclusiveClasses(np.unique(labels))


def _check_one_type(labels):
    """Raise ValueError for strings among labels that are none: they have no order."""
    if labels is None or np.asarray(labels).dtype != object:
        return
    types = {type(label) for label in np.asarray(labels).ravel()}
    if len(types) > 1 and any(issubclass(one, str) for one in types):
        names = ", ".join(sorted(one.__name__ for one in types))
        raise ValueError(
            f"y holds labels of several types ({names}); give labels of one type, and none that "
            "are missing."
        )


class ExclusiveClasses(Classification):
    """Classes that exclude each other, encoded as numbers from 0 to k - 1.

    A class may be the only one: the softmax of a single score is one, whatever is learnt.

    Parameters
    ----------
    classes : ndarray of shape (n_classes,)
        The labels in order.
    """

    what = "classes"

    def __init__(self, classes):
        self.classes = classes
        self.is_certain = len(classes) == 1
        self.loss = TwoClassCrossEntropy() if len(classes) == 2 else CrossEntropy()
        self.n_outputs = 1 if len(classes) == 2 else len(classes)

    def warn_of_classes(self, class_weight):
        """Warn of a single class, and of weights for classes that are not there.

        Part of the data may lack a class that has a weight. But if another class is there without
        a weight, a name may have been misspelt.
        """
        labels = self.classes.tolist()
        if self.is_certain:
            warn(
                f"There is only one class, {labels[0]!r}: it is predicted with probability one, "
                "whatever the inputs."
            )
        named = list(class_weight) if isinstance(class_weight, dict) else []
        unknown = [label for label in named if label not in labels]
        unnamed = [label for label in labels if label not in named]
        if unknown and unnamed:
            warn(
                f"class_weight names {unknown}, which are no classes of y, while the classes "
                f"{unnamed} are not named and have weight 1."
            )

    def encode(self, y, name="y"):
        """Return the numbers of the labels' classes, as 32-bit integers."""
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
        """Return the classes, whose proportions a validation split keeps."""
        return codes

    def counts(self, codes, weights=None):
        """Return how often each class occurs, or the sum of the weights of its rows."""
        return np.bincount(codes, weights, minlength=len(self.classes))

    def class_weights(self, class_weight, counts):
        """Return a weight for each class; "balanced" goes by how often each occurs."""
        labels = self.classes.tolist()
        if isinstance(class_weight, dict):
            _check_class_weights(class_weight)
            return np.array([float(class_weight.get(label, 1)) for label in labels])
        if isinstance(class_weight, str) and class_weight == "balanced":
            present = (counts > 0).sum()
            return counts.sum() / np.where(counts > 0, present * counts, counts.sum())
        raise ValueError(f"class_weight must be None, 'balanced' or a dict, got {class_weight!r}.")

    def decode(self, scores):
        """Return the labels of the highest scores."""
        return self.classes[self.loss.decide(scores)]

    def judge(self, codes, scores):
        """Return whether each row's class is right; their mean is the accuracy."""
        return codes == self.loss.decide(scores)


def _check_class_weights(class_weight):
    for label, weight in class_weight.items():
        if not isinstance(weight, Real) or not np.isfinite(weight) or weight < 0:
            raise ValueError(
                f"class_weight must hold finite numbers >= 0, got {weight!r} for class {label!r}."
            )


def _check_smoothing(smoothing, n_classes):
    if n_classes > 1 and smoothing >= (n_classes - 1) / n_classes:
        raise ValueError(
            f"label_smoothing must be below (k - 1)/k for k = {n_classes} classes, or the true "
            f"class would not be the most likely one; got {smoothing!r}."
        )


class Labels(Classification):
    """Several labels for each row, each of them on or off.

    Parameters
    ----------
    n_labels : int
        How many labels there are.
    """

    what = "columns of labels"
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

    def counts(self, labels, weights=None):
        """Return how often each label is off and on, or the sums of weights, (2, n_labels)."""
        weights = np.ones(len(labels), np.intp) if weights is None else weights
        return np.array([weights @ (labels == value) for value in (0, 1)])

    def class_weights(self, class_weight, counts):
        """Return the weights of each label where it is off and on, of shape (2, n_labels)."""
        if isinstance(class_weight, str) and class_weight == "balanced":
            present, n_rows = (counts > 0).sum(axis=0), counts[:, 0].sum()
            return n_rows / np.where(counts > 0, present * counts, n_rows)
        is_list = isinstance(class_weight, (list, tuple)) and len(class_weight) == self.n_outputs
        if not is_list or not all(isinstance(weights, dict) for weights in class_weight):
            raise ValueError(
                "class_weight must be None, 'balanced', or for multi-label targets a list with a "
                f"dict such as {{0: 1, 1: 5}} for each of the {self.n_outputs} labels, got "
                f"{class_weight!r}."
            )
        for weights in class_weight:
            unknown = [value for value in weights if value not in (0, 1)]
            if unknown:
                raise ValueError(
                    f"class_weight names the unknown class(es) {unknown}; the classes are [0, 1]."
                )
            _check_class_weights(weights)
        return np.array([[float(w.get(value, 1)) for w in class_weight] for value in (0, 1)])

    def row_weights(self, class_weights, labels):
        """Return None: a row weighs more for one label and less for another."""
        return

    def weighted_loss(self, class_weights, counts, smoothing):
        """Return the loss, with weights whose mean over all labels of all rows is one."""
        if class_weights is None:
            return self.loss
        off, on = class_weights / max(class_weights.max(), np.finfo(np.float64).tiny)
        share = counts[1] / counts.sum(axis=0)
        mean = (share * on + (1 - share) * off).mean()
        if mean == 0:
            raise ValueError("sample_weight times class_weight must not be all zero.")
        return WeightedLabels(on / mean, off / mean, smoothing)

    def decode(self, scores):
        """Return 1 for every label that is more likely on than off."""
        return self.loss.decide(scores)

    def judge(self, labels, scores):
        """Return whether each row has every label right."""
        return (labels == self.decode(scores)).all(axis=1)


def _label_task(n_labels, classes):
    task = Labels(n_labels)
    if classes is not None and not np.array_equal(np.unique(classes), task.classes):
        raise ValueError(
            f"classes={classes!r} do not suit multi-label targets: there they are the columns' "
            f"numbers, {task.classes.tolist()}."
        )
    return task
