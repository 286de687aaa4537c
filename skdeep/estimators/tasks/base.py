"""What is learnt: a task knows what goes into a network, and what comes out, as users see it."""

from __future__ import annotations

import numpy as np

from skdeep.estimators import checks


class Task:
    """Base class of tasks: checks data, and encodes, decodes and scores targets.

    The class itself stands for the kind of task, before any data are seen: it says what an
    estimator's parameters mean, and ``learn`` makes the task from the first data.

    Attributes
    ----------
    losses : Registry or None
        The table in which names of losses are looked up; None if the targets decide on the loss.
    noise_parameter : str or None
        The estimator's parameter for noise on the targets in training.
    targets_are_inputs : bool
        Whether the inputs themselves are to be rebuilt, so that there is no y.
    numeric : bool
        Whether targets must be numbers.
    loss : Loss
        What is minimised.
    n_outputs : int
        How many outputs the network has.
    classes : ndarray or None
        The class labels in order; None if there are no classes.
    is_certain : bool
        Whether only one prediction is possible, so that there is nothing to learn.
    """

    losses = None
    noise_parameter = None
    targets_are_inputs = False
    numeric = False
    classes = None
    is_certain = False

    @classmethod
    def learn(cls, X, y, plan, classes=None):
        """Return the task that the first checked data pose.

        Parameters
        ----------
        X : ndarray or sparse matrix
            The inputs.
        y : ndarray or sparse matrix
            The targets as the user gave them.
        plan : Plan
            What the estimator's parameters ask for, such as the loss and the type to compute in.
        classes : array-like or None
            All classes that may ever occur; None takes those in ``y``.
        """
        raise NotImplementedError

    # -- data as users give them ---------------------------------------------------------------

    @classmethod
    def check(cls, inputs, X, y, reset):
        """Return inputs and targets, checked by scikit-learn's rules."""
        owner = inputs.owner
        if y is None:
            raise ValueError(
                f"{type(owner).__name__} requires y to be passed, but the target y is None."
            )
        options = {"multi_output": True, "y_numeric": cls.numeric, **inputs.options}
        return checks.validated(owner, X, y, reset=reset, **options)

    @classmethod
    def check_given(cls, X_val, y_val, sample_weight_val):
        """Return whether there are validation data; ValueError if a part of them is missing."""
        if X_val is None and y_val is None:
            if sample_weight_val is not None:
                raise ValueError("sample_weight_val is given, but X_val and y_val are not.")
            return False
        if X_val is None or y_val is None:
            missing = "X_val" if X_val is None else "y_val"
            raise ValueError(f"X_val and y_val go together, but {missing} is not given.")
        return True

    def encode_validation(self, X_val, y_val):
        """Return the checked targets of validation data twice: as an array, and encoded."""
        with checks.naming("y_val"):
            y_val = checks.check_targets(X_val, y_val, self.numeric)
        return y_val, self.encode(y_val, "y_val")

    @classmethod
    def check_scoring(cls, scoring):
        """Raise ValueError if the scorer of that name cannot score such a task."""

    def warn_of_classes(self, class_weight):
        """Warn of classes, or weights of classes, that are hardly meant so."""

    # -- as training begins, or goes on --------------------------------------------------------

    def describe(self):
        """Return values, by name, that must not change while training goes on."""
        return {}

    def check_same_classes(self, other):
        """Raise ValueError if a task with which training is to go on has other classes."""

    @classmethod
    def asked(cls, plan):
        """Return the part of that which a plan asks for, whatever the data."""
        return {}

    def settle(self, encoded, weights, rows):
        """Learn what only the rows to train on can tell, such as the scale of the targets.

        The rows are not known earlier, since some may be held out for validation; None means all.
        """

    def follow(self, other):
        """Take over what another task has settled, with which training began."""

    # -- targets, encoded and decoded ----------------------------------------------------------

    def encode(self, y, name="y"):
        """Return the targets in the form that is learnt; messages call them ``name``."""
        raise NotImplementedError

    def targets(self, encoded, noise=0.0, rng=None):
        """Return what writes the targets of batches; None if these are the inputs themselves.

        Parameters
        ----------
        encoded : ndarray
            The targets of all rows, from ``encode``.
        noise : float
            What the estimator's ``noise_parameter`` asks for.
        rng : numpy.random.Generator or None
            The stream that noise is drawn from.
        """
        raise NotImplementedError

    def steady_noise(self, noise):
        """Return the part of the noise that is not drawn at random: label smoothing."""
        return noise

    def strata(self, encoded):
        """Return the classes whose proportions a validation split keeps, or None."""
        return

    def counts(self, encoded, weights=None):
        """Return how often each class occurs, or each label off and on, or their weights' sums.

        None if there are no classes.
        """
        return

    def class_weights(self, class_weight, counts):
        """Return a weight for each class, given its ``counts``; None if there are no classes."""
        return

    def row_weights(self, class_weights, encoded):
        """Return what the weight of each class makes of rows: a weight for each, or None."""
        return class_weights[encoded]

    def weighted_loss(self, class_weights, counts, smoothing):
        """Return what is minimised, where ``class_weights`` are no weights of whole rows.

        ``counts`` are sums of the rows' weights.
        """
        return self.loss

    def decode(self, scores):
        """Return the predictions, as users see them, for scores of the network."""
        raise NotImplementedError

    def judge(self, encoded, scores):
        """Return how good each row's scores are, or what ``score`` needs to know of each row.

        Rows are judged block by block, and nothing else is kept of their scores.
        """
        raise NotImplementedError

    def score(self, judged, weights):
        """Return how good all rows are that were judged, the higher the better: by their mean."""
        return float(np.average(judged, weights=weights))
