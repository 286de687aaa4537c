"""Convergence that is none: training that stalls as the scale of the data, or the rate, is off."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeep.training.objective import norm

_BEGINNING = "Training ended as the loss fell no more, which"
_ROUNDINGS = 4  # losses that differ by fewer units in the last place are taken as equal
_HARDLY = 0.01  # of the first loss
_LARGE, _SMALL = 1e3, 1e-2  # X and y that are scaled reach values in between
_STEEP = 1e-3  # what the loss would lose if all parameters went to zero, over the loss


def doubt(trainer: Any) -> str | None:
    """Return a warning if training ended by itself and has hardly converged, else None.

    Parameters
    ----------
    trainer : Trainer
        After its run, which has ended as nothing got better.
    """
    losses, over = trainer.state.history.get("loss", [0.0]), trainer.state.stopping.state
    is_full = trainer.plan.optimizer.full_batch
    if not losses[0] or not (over.is_over or is_full):
        return None
    eps, tol = float(np.finfo(trainer.network.dtype).eps), trainer.plan.stopping.tol
    is_flat = _spread(losses[-1 - max(over.stalled, 1) :]) <= _ROUNDINGS * eps
    is_flat |= 0 < tol < eps * abs(losses[-1])  # the progress that is waited for
    is_stuck = losses[0] - min(losses) <= _HARDLY * abs(losses[0])
    causes = _causes(trainer, is_flat, is_stuck)
    if causes:
        return (
            f"{_BEGINNING} may not be convergence: {', '.join(causes)}. In {trainer.network.dtype} "
            f"the losses may hardly be told apart{_double(trainer)}."
        )
    if is_flat and is_stuck and not is_full and _is_steep(trainer):
        return (
            f"{_BEGINNING} is not convergence: the updates are below the resolution of the "
            f"parameters in {trainer.network.dtype}; raise learning_rate_init{_double(trainer)}."
        )
    return None


def _double(trainer):
    return "" if trainer.network.dtype == np.float64 else "; or set dtype='float64'"


def _causes(trainer, is_flat, is_stuck):
    """Return what is wrong with the scale of X and y, and what to do about it."""
    causes, data, tol = [], trainer.data, trainer.plan.stopping.tol
    is_rebuilt = data.targets is None
    x = _size(data.X) if is_flat or is_stuck or is_rebuilt else 1.0
    least = max(is_stuck * _SMALL, is_rebuilt * min(tol, _SMALL))
    if 0 < x < least or (is_flat and x > _LARGE):
        causes.append(f"X reaches {x:.1g}, so scale X (StandardScaler)")
    values = getattr(data.targets, "values", None)
    y = 1.0 if values is None else _size(values)
    if (0 < y <= min(tol, _SMALL)) or ((is_flat or is_stuck) and y > _LARGE):
        causes.append(f"y reaches {y:.1g}, so scale y (target_scaling='standard')")
    return causes


def _spread(losses):
    """Return how far losses are apart, over their size."""
    return (max(losses) - min(losses)) / max(map(abs, losses))


def _is_steep(trainer):
    history = trainer.state.history
    with np.errstate(over="ignore"):  # parameters may be absurd, yet finite
        slope = history["gradient_norm"][-1] * norm(trainer.network.trained)
    return slope > _STEEP * abs(history["loss"][-1])


def _size(values):
    """Return the largest absolute value, without a copy of the values."""
    values = values.data if issparse(values) else values
    return max(float(values.max()), -float(values.min())) if values.size else 0.0
