"""Validation while training: the rows held out, and how they are scored."""

import copy

from sklearn.metrics import check_scoring, get_scorer_names

from skdeep.estimators import data as checks
from skdeep.estimators import prediction
from skdeep.training import Data, Validation


def check_scoring_of(estimator, validates):
    """Raise unless ``scoring`` is known, and used."""
    scoring = estimator.scoring
    if not (scoring is None or isinstance(scoring, str) or callable(scoring)):
        raise TypeError(f"scoring must be None, a name or a callable, got {scoring!r}.")
    if isinstance(scoring, str) and scoring not in get_scorer_names():
        known = ", ".join(get_scorer_names())
        raise ValueError(f"Unknown scoring {scoring!r}; known are {known}.")
    if isinstance(scoring, str) and estimator._rebuilds:
        raise ValueError(
            f"scoring={scoring!r} needs predictions, which an autoencoder does not make; use None, "
            "or a callable of (estimator, X, y)."
        )
    if scoring is not None and not validates:
        raise ValueError(
            f"scoring={scoring!r} has no effect without validation; set "
            "early_stopping=True, or give X_val and y_val."
        )


def split(estimator, sample, seed):
    """Return the rows for training and those held out."""
    return checks.split(
        sample.X.shape[0],
        sample.weights,
        estimator._codec.strata(sample.targets),
        estimator.validation_fraction,
        seed,
    )


def validation_on(estimator, sample, rows, network, state):
    """Return the validation of a network in training on some rows of a sample (None: all)."""
    weights, rows = checks.effective(sample.weights, rows, network.dtype)
    data = Data(sample.X, estimator._codec.targets(sample.targets), weights, rows)
    score = _score_on(estimator, sample, slice(None) if rows is None else rows, state)
    return Validation(data, score, prediction.block_rows(network), network.dtype)


def _score_on(estimator, sample, rows, state):
    """Return a function of a network and its scores that gives the estimator's score."""
    weights = None if sample.sample_weight is None else sample.sample_weight[rows]
    if estimator.scoring is None:
        targets, codec = sample.targets[rows], estimator._codec
        return lambda network, outputs: codec.score(targets, outputs, weights)
    scorer = check_scoring(estimator, scoring=estimator.scoring)
    X, y = sample.X[rows], sample.y[rows]
    extra = {} if weights is None else {"sample_weight": weights}

    def score(network, outputs):
        trial = copy.copy(estimator)
        vars(trial).pop("feature_names_in_", None)  # X was turned into an array already
        trial._network, trial._state = network, state
        return scorer(trial, X, y, **extra)

    return score
