"""What a range test makes of its results: losses, scores, and the rate to suggest."""

import numpy as np

TOLERANCE = 0.05
LEAST_DROP = 0.02  # of the loss: below it the curve counts as flat
MOST_ROUGHNESS = 0.25  # networks that start from the same weights stay near 0


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
            "estimator (it has none on the optimizer 'lbfgs'), or too little in so short a "
            "training: if an epoch is a single batch, its loss is that before the step; raise "
            "epochs then."
        )
    return losses, scores


def suggested_range(rates, losses):
    """Return the rates that are practically as good as the best, lowest and highest.

    Those are the lowest and, without a gap above the best, the highest whose loss is within a share
    of the drop from the lowest loss. The lowest is the one to suggest.
    """
    best = np.nanargmin(losses)
    good = losses <= losses[best] + TOLERANCE * _drop(losses, best)
    ends = np.flatnonzero(~good[best:])
    last = best + (ends[0] if len(ends) else len(good) - best) - 1
    return float(rates[np.flatnonzero(good[: best + 1])[0]]), float(rates[last])


def doubts(rates, losses, suggested):
    """Return sentences that say why a suggested rate may not be what it seems."""
    return [
        *_doubts_of_the_scale(rates, suggested),
        *_doubts_of_the_curve(losses[np.isfinite(losses)]),
    ]


def _doubts_of_the_scale(rates, suggested):
    for end, name, beyond in ((rates[0], "lowest", "lower"), (rates[-1], "highest", "higher")):
        if suggested == end:
            yield (
                f"It is the {name} that was tried, and {beyond} ones may be better: give a scale "
                f"of rates that goes on beyond {end:.2g}."
            )


def _doubts_of_the_curve(losses):
    best = np.argmin(losses)
    top = losses[: best + 1].max() if best else losses.max()
    if top - losses[best] < LEAST_DROP * abs(top):
        yield (
            f"The loss hardly depends on the rate: it is between {losses[best]:.4g} and {top:.4g}. "
            "Raise epochs, give other rates, or scale the data."
        )
    elif roughness(losses) > MOST_ROUGHNESS:
        yield (
            "The losses of neighbouring rates differ as if at random. Set the network's "
            "random_state, so that every rate starts from the same weights, raise epochs, or take "
            "means over several splits (cv)."
        )


def roughness(losses):
    """Return how far a curve is from falling to its lowest point and rising then.

    That is the sum of all steps in the wrong direction, in units of the drop.
    """
    best = np.argmin(losses)
    steps = np.diff(np.minimum(losses, losses[: best + 1].max()))
    wrong = np.maximum(steps[:best], 0).sum() + np.maximum(-steps[best:], 0).sum()
    return wrong / _drop(losses, best) if wrong else 0.0


def _drop(losses, best):
    """Return how far the loss falls, as rates grow, until it is lowest."""
    return np.nanmax(losses[: best + 1]) - losses[best]


def loss_limits(losses):
    """Return the limits of a picture, which cuts off huge losses as they would hide the others."""
    best = np.nanargmin(losses)
    drop = _drop(losses, best)
    if drop == 0:  # the lowest rate is best
        drop = np.nanmedian(losses) - losses[best] or 1.0
    return losses[best] - 0.1 * drop, losses[best] + 1.5 * drop
