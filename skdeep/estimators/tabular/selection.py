"""Choosing weights of networks, and how sure to be, by their predictions on validation rows."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

ROUNDS = 10
_LEAST = 1e-7  # probability that a logarithm is taken of


def greedy_weights(predictions, targets, weights=None):
    """Return non-negative weights that sum to one: how often each candidate is chosen.

    Round by round the candidate is added, one and the same perhaps several times, that makes the
    mean of the chosen ones best in squared error (for probabilities: the Brier score).

    Caruana, Niculescu-Mizil, Crew and Ksikes (2004), "Ensemble selection from libraries of models",
    ICML.

    Parameters
    ----------
    predictions : list of ndarray of shape (n_rows, n_outputs)
    targets : ndarray of shape (n_rows, n_outputs)
        Probabilities of 0 and 1 for classes.
    weights : ndarray of shape (n_rows,) or None
        Weights of the rows.

    Returns
    -------
    ndarray of shape (n_candidates,)
    """
    predictions = np.asarray(predictions, np.float64)
    weights = np.ones(len(targets)) if weights is None else weights
    counts, total = np.zeros(len(predictions)), np.zeros(targets.shape)
    for chosen in range(1, ROUNDS + 1):
        errors = ((total + predictions) / chosen - targets) ** 2
        scores = np.einsum("kij,i->k", errors, weights)
        best = int(np.argmin(scores))
        counts[best] += 1
        total += predictions[best]
    return counts / ROUNDS


def sharpened(probabilities, exponent, exclusive=True):
    """Return probabilities raised to a power and normalised again: surer above 1, less below."""
    powers = np.clip(probabilities, 1e-12, 1) ** exponent
    if exclusive:
        return powers / powers.sum(axis=1, keepdims=True)
    return powers / (powers + np.clip(1 - probabilities, 1e-12, 1) ** exponent)


def best_exponent(probabilities, targets, weights=None, exclusive=True):
    """Return the exponent of least log loss on validation rows.

    Label smoothing teaches networks to be less sure than they could be; one number makes up for it.
    One row more counts, whose class could be any: rows that are all predicted well would else ask
    for certainty.

    Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural networks",
    arXiv:1706.04599 (temperature scaling).
    """
    weights = np.ones(len(targets)) if weights is None else weights
    share = 1 / (len(targets) * (targets.shape[1] if exclusive else 2))
    on, off = targets + share, 1 - targets + share

    def log_loss(log_exponent):
        p = sharpened(probabilities, np.exp(log_exponent), exclusive)
        losses = -on * np.log(np.maximum(p, _LEAST))
        if not exclusive:
            losses -= off * np.log(np.maximum(1 - p, _LEAST))
        return weights @ losses.sum(axis=1)

    return float(np.exp(minimize_scalar(log_loss, bounds=(-1.5, 2.5), method="bounded").x))
