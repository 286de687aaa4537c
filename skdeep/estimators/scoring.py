"""How a network in training is scored on data held out."""

from sklearn.metrics import check_scoring

from skdeep.estimators.refusals import named_scorings
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
    scoring : str, callable, list, dict or None
        The estimator's parameter; None for the score of the task.
    preview : callable
        Returns the estimator as it would be with the network in training: scorers of scikit-learn
        and of users score an estimator.
    """
    data = sample.data(network.dtype, rows)
    rows, block = slice(None) if data.rows is None else data.rows, block_rows(network)
    if scoring is not None:
        return Validation(data, _scorer(sample, rows, scoring, preview), block, network.dtype)

    task, encoded, weights = sample.task, sample.encoded, _weights(sample, rows)
    return Validation(
        data,
        lambda network, judged: {"validation_score": task.score(judged, weights)},
        block,
        network.dtype,
        lambda part, scores: task.judge(encoded[part], scores),
    )


def _weights(sample, rows):
    return None if sample.sample_weight is None else sample.sample_weight[rows]


def _scorer(sample, rows, scoring, preview):
    """Return the function that scores a network as scikit-learn or the user does, once or more."""
    X, y, weights = sample.X[rows], sample.y[rows], _weights(sample, rows)
    extra = {} if weights is None else {"sample_weight": weights}
    several = isinstance(scoring, (list, tuple, dict))
    named = named_scorings(scoring) if several else {"score": scoring}
    scorers = {name: check_scoring(preview(), scoring=one) for name, one in named.items()}

    def score(network, judged):
        found = {f"validation_{name}": f(preview(), X, y, **extra) for name, f in scorers.items()}
        return {"validation_score": next(iter(found.values())), **found}

    return score
