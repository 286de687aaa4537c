"""Choosing weights of networks, and how sure to be, by their predictions on validation rows."""

from __future__ import annotations

from typing import Any, NamedTuple

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
    weights : ndarray of shape (n_rows,) or (n_rows, n_outputs), or None
        Weights of the rows, or of each of their outputs.

    Returns
    -------
    ndarray of shape (n_candidates,)
    """
    predictions = np.asarray(predictions, np.float64)
    weights = np.ones(len(targets)) if weights is None else weights
    counts, total = np.zeros(len(predictions)), np.zeros(targets.shape)
    for chosen in range(1, ROUNDS + 1):
        errors = ((total + predictions) / chosen - targets) ** 2
        best = int(np.argmin(_weighed(errors, weights)))
        counts[best] += 1
        total += predictions[best]
    return counts / ROUNDS


def _weighed(errors, weights):
    """Return sums of errors (..., n_rows, n_outputs), which rows or outputs weigh."""
    return np.einsum("...ij,i->..." if weights.ndim == 1 else "...ij,ij->...", errors, weights)


class HeldOut(NamedTuple):
    """What a network, at the ends of its cycles, makes of the rows held out from it.

    Parameters
    ----------
    predictions : ndarray of shape (n_ends, n_rows, n_outputs)
    targets : ndarray of shape (n_rows, n_outputs)
        Probabilities of 0 and 1 for classes.
    weights : ndarray of shape (n_rows,) or (n_rows, n_outputs)
    kind : hashable
        Networks of one kind share what their held-out rows tell.
    """

    predictions: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    kind: Any

    def mean(self, end_weights):
        """Return the weighted mean of the ends' predictions."""
        return np.tensordot(end_weights, self.predictions, axes=1)

    def risk(self, end_weights):
        """Return the mean squared error of the weighted mean."""
        errors = (self.mean(end_weights) - self.targets) ** 2
        return _weighed(errors, self.weights) / self.weights.sum()


def ensemble_weights(held_out, power):
    r"""Return how much each end of a network counts in it, and how much each network.

    The ends of a network are weighted half by what its own held-out rows choose, and half by what
    the rows of all networks of its kind choose together. Networks are weighted by the risk
    :math:`r` of their kind, :math:`r^{-p}`.

    Parameters
    ----------
    held_out : list of HeldOut
        One for each network.
    power : float
        The exponent p.

    Returns
    -------
    of_ends : ndarray of shape (n_networks, n_ends)
        The rows sum to one.
    of_networks : ndarray of shape (n_networks,)
        They sum to one.
    """
    of_ends = np.empty((len(held_out), len(held_out[0].predictions)))
    risks = np.empty(len(held_out))
    kinds = [network.kind for network in held_out]
    for kind in set(kinds):
        places = [i for i, other in enumerate(kinds) if other == kind]
        alike = [held_out[i] for i in places]
        shared = greedy_weights(*pooled(alike))
        for i, network in zip(places, alike, strict=True):
            of_ends[i] = (shared + greedy_weights(*network[:3])) / 2
        risks[places] = np.mean([held_out[i].risk(of_ends[i]) for i in places])
    least = risks.min()
    shares = (least / risks) ** power if least > 0 else (risks == 0).astype(float)
    return of_ends, shares / shares.sum()


def pooled(held_out):
    """Return predictions, targets and weights of the held-out rows of several networks."""
    predictions, targets, weights, _ = zip(*held_out, strict=True)
    return np.concatenate(predictions, axis=-2), np.concatenate(targets), np.concatenate(weights)


def sureness(n_networks):
    """Return the factor on the exponent of an average, when the exponent is one network's.

    An average of networks is less sure of itself than each of them, and right more often.
    """
    return 1 + 0.2 * (1 - 1 / n_networks)


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
        return _weighed(losses, weights)

    return float(np.exp(minimize_scalar(log_loss, bounds=(-1.5, 2.5), method="bounded").x))
