"""What a range test makes of its results: losses, scores, and the rate to suggest."""

import numpy as np

TOLERANCE = 0.05


class TrainingLoss:
    """A scorer: the loss of the last epoch of a network.

    Parameters
    ----------
    path : list of str
        The names of the steps and parameters in which the network is nested.
    """

    def __init__(self, path):
        self.path = path

    def __call__(self, estimator, X, y=None, sample_weight=None):
        """Return the loss, or nan if no loss is kept."""
        for name in self.path:
            steps = getattr(estimator, "named_steps", {})
            estimator = steps[name] if name in steps else getattr(estimator, f"{name}_", None)
        return getattr(estimator, "loss_curve_", [np.nan])[-1]

    def _accept_sample_weight(self):
        return True  # the loss was weighted in training


def checked_results(owner, name, results):
    """Return losses and scores, nan where there is none.

    Raises
    ------
    ValueError
        If there is no loss, or no score, at any rate, or the rate has no effect on the loss.
    """
    losses, scores = (
        np.where(np.isfinite(values), values, np.nan)
        for values in (results["mean_test_loss"], results["mean_test_score"])
    )
    if np.isnan(losses).all():
        raise ValueError(
            f"{owner}: no training loss was found; the estimator with the parameter {name!r} must "
            "have loss_curve_ when it is fitted, and no split may fail at every rate."
        )
    if np.isnan(scores).all():
        raise ValueError(f"{owner}: scoring failed at every rate; choose another scoring.")
    finite = losses[np.isfinite(losses)]
    if len(finite) > 1 and np.ptp(finite) == 0:
        raise ValueError(
            f"{owner}: the loss is {finite[0]:g} at every rate, so {name!r} has no effect on this "
            "estimator (it has none on the optimizer 'lbfgs')."
        )
    return losses, scores


def suggested_rate(rates, losses):
    """Return the lowest rate whose loss is within a share of the drop from the lowest loss."""
    best = np.nanargmin(losses)
    up_to_best = losses[: best + 1]
    limit = losses[best] + TOLERANCE * (np.nanmax(up_to_best) - losses[best])
    return float(rates[np.flatnonzero(up_to_best <= limit)[0]])


def loss_limits(losses):
    """Return the limits of a picture, which cuts off huge losses as they would hide the others."""
    best = np.nanargmin(losses)
    drop = np.nanmax(losses[: best + 1]) - losses[best]
    if drop == 0:  # the lowest rate is best
        drop = np.nanmedian(losses) - losses[best] or 1.0
    return losses[best] - 0.1 * drop, losses[best] + 1.5 * drop
