"""Rates that fall when training stops getting better."""

from __future__ import annotations

from skdeep._component import State
from skdeep._constraints import Number
from skdeep.schedules.base import SCHEDULES, Clock, Schedule


@SCHEDULES.register("validation")
class ValidationDecay(Schedule):
    """Halve the rate after an epoch whose validation error is above the one before.

    The error is measured by the estimator's ``scoring``: a lower score is a higher error. It needs
    validation data: the user's ``X_val, y_val`` or the internal split, which is then made even
    without early stopping.

    Parameters
    ----------
    factor : float in (0, 1], default=0.5
        What the rate is multiplied with.

    References
    ----------
    Senior, Heigold, Ranzato and Yang (2013), "An empirical study of learning rates in deep neural
    networks for speech recognition", ICASSP (performance scheduling).

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(learning_rate="validation", optimizer="momentum").learning_rate
    'validation'
    """

    needs_validation = True
    constraints = {"factor": Number(0, 1, closed="right")}

    def __init__(self, factor: float = 0.5) -> None:
        self.factor = factor

    def start(self) -> State:
        """Begin with the initial rate."""
        return State(scale=1.0, before=None)

    def rate(self, initial: float, clock: Clock) -> float:
        """Return the rate that the epochs so far have led to."""
        return initial * clock.state.scale

    def end_epoch(self, state: State, loss: float, score: float | None) -> None:
        """Lower the rate if the score fell."""
        if state.before is not None and score < state.before:
            state.scale *= self.factor
        state.before = score


@SCHEDULES.register("adaptive")
class Adaptive(Schedule):
    """Lower the rate whenever progress stalls.

    When ``patience`` epochs in a row fail to raise the best validation score by ``tol`` (without
    validation data: to lower the best training loss by ``tol``), the rate is multiplied with
    ``factor``.

    Parameters
    ----------
    factor : float in (0, 1], default=0.2
        What the rate is multiplied with.
    patience : int >= 1, default=2
        Epochs without progress.
    tol : float >= 0, default=1e-4
        The least progress.
    min_rate : float >= 0, default=1e-6
        The rate is not lowered below this.

    References
    ----------
    Krizhevsky, Sutskever and Hinton (2012), "ImageNet classification with deep convolutional neural
    networks", NIPS (a tenth whenever the validation error stops improving).

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(learning_rate="adaptive", optimizer="sgd").learning_rate
    'adaptive'
    """

    constraints = {
        "factor": Number(0, 1, closed="right"),
        "patience": Number(1, integer=True),
        "tol": Number(0),
        "min_rate": Number(0),
    }

    def __init__(
        self, factor: float = 0.2, patience: int = 2, tol: float = 1e-4, min_rate: float = 1e-6
    ) -> None:
        self.factor = factor
        self.patience = patience
        self.tol = tol
        self.min_rate = min_rate

    def start(self) -> State:
        """Begin with the initial rate and nothing to compare with."""
        return State(scale=1.0, best=float("-inf"), stalled=0)

    def rate(self, initial: float, clock: Clock) -> float:
        """Return the rate that the epochs so far have led to."""
        return max(initial * clock.state.scale, min(initial, self.min_rate))

    def end_epoch(self, state: State, loss: float, score: float | None) -> None:
        """Count epochs without progress, and lower the rate when there are enough of them."""
        merit = -loss if score is None else score
        state.stalled = 0 if merit > state.best + self.tol else state.stalled + 1
        state.best = max(state.best, merit)
        if state.stalled >= self.patience:
            state.scale *= self.factor
            state.stalled = 0
