"""How a network in training is scored on data held out."""

from sklearn.metrics import check_scoring

from skdeep.network.prediction import block_rows
from skdeep.training import Validation


def validation_on(sample, rows, network, scoring, preview):
    """Return the validation of a network in training on some rows of a sample.

    Parameters
    ----------
    sample : Sample
        The data that validation rows are taken from.
    rows : ndarray of int or None
        The validation rows; None for all.
    network : Network
        The network in training.
    scoring : str, callable or None
        The estimator's parameter; None for the score of the task.
    preview : callable
        Returns the estimator as it would be with the network in training: scorers of scikit-learn
        and of users score an estimator.
    """
    data = sample.data(network.dtype, rows)
    rows = slice(None) if data.rows is None else data.rows
    score = (
        _default_score(sample, rows) if scoring is None else _scorer(sample, rows, scoring, preview)
    )
    return Validation(data, score, block_rows(network), network.dtype)


def _weights(sample, rows):
    return None if sample.sample_weight is None else sample.sample_weight[rows]


def _default_score(sample, rows):
    """Return the function that scores a network, and its outputs, as the task does by default."""
    encoded, weights, task = sample.encoded[rows], _weights(sample, rows), sample.task
    return lambda network, scores: task.score(encoded, scores, weights)


def _scorer(sample, rows, scoring, preview):
    """Return the function that scores a network as scikit-learn or the user does."""
    X, y, weights = sample.X[rows], sample.y[rows], _weights(sample, rows)
    extra = {} if weights is None else {"sample_weight": weights}
    scorer = check_scoring(preview(), scoring=scoring)
    return lambda network, scores: scorer(preview(), X, y, **extra)
