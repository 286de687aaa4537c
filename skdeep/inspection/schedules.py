"""Learning rates by schedule, simulated without training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skdeep._constraints import Number
from skdeep._typing import Self
from skdeep.inspection._display import Display
from skdeep.inspection._types import ManyAxes
from skdeep.schedules import SCHEDULES, Clock, Schedule


class LearningRateDisplay(Display):
    """The learning rate over training under some schedules, a panel each.

    Parameters
    ----------
    epochs : ndarray of shape (n_steps,)
        The time of every update, in epochs.
    rates : dict of str to ndarray of shape (n_steps,)
        The learning rates, by the schedule's name.

    Attributes
    ----------
    ax_, axes_ : ndarray of Axes
    figure_ : Figure
    lines_ : dict of str to Line2D

    Examples
    --------
    >>> from skdeep.inspection import LearningRateDisplay
    >>> display = LearningRateDisplay.from_schedules(["step"], epochs=10, steps_per_epoch=1)
    >>> display.rates["step"][[4, 5]].tolist()
    [0.1, 0.05]
    """

    def __init__(self, epochs: np.ndarray, rates: dict[str, np.ndarray]) -> None:
        self.epochs = epochs
        self.rates = rates

    @classmethod
    def from_schedules(
        cls,
        schedules: Sequence[str | Schedule] | None = None,
        *,
        learning_rate_init: float = 0.1,
        epochs: int = 50,
        steps_per_epoch: int = 100,
        ax: ManyAxes = None,
        draw: bool = True,
    ) -> Self:
        """Simulate schedules, and draw.

        Those that watch losses or validation scores see a synthetic course of training: the loss
        0.2 + 0.8 exp(-e / 5) after epoch e, and minus that as the score, but in every seventh epoch
        lower by 0.05; from half of the epochs on nothing changes but that.

        Parameters
        ----------
        schedules : list of str or Schedule, default=None
            Names or objects. None takes all that have a name.
        learning_rate_init : float > 0, default=0.1
            The rate that the schedules start from: the parameter of that name of an estimator.
        epochs : int >= 1, default=50
            The number of epochs: the parameter ``max_iter`` of an estimator.
        steps_per_epoch : int >= 1, default=100
            The number of batches in an epoch.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        LearningRateDisplay

        Raises
        ------
        ValueError, TypeError
            If one is no schedule, or a number is out of range.
        """
        cls._check_drawing(draw, ax)
        for name, value in {"epochs": epochs, "steps_per_epoch": steps_per_epoch}.items():
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value!r}.")
        Number(0, closed="neither").check(
            "LearningRateDisplay", "learning_rate_init", learning_rate_init
        )
        chosen = SCHEDULES if schedules is None else schedules
        rates = {
            str(value): _simulate(
                SCHEDULES.resolve(value), float(learning_rate_init), epochs, steps_per_epoch
            )
            for value in chosen
        }
        times = np.arange(epochs * steps_per_epoch) / steps_per_epoch
        return cls(times, rates)._drawn(draw, ax)

    def plot(self, ax: ManyAxes = None) -> Self:
        """Draw a panel for each schedule.

        Parameters
        ----------
        ax : Axes, array-like of Axes or None, default=None
            One axes whose place the panels take, or as many as the grid of panels has. None makes a
            new figure.

        Returns
        -------
        self : LearningRateDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        axes = self._grid(ax, len(self.rates), 3, (3.2, 2.1), sharex=True, sharey=True)
        self.lines_ = {}
        for (label, rates), panel in zip(self.rates.items(), self.axes_, strict=True):
            (self.lines_[label],) = panel.plot(self.epochs, rates)
            panel.set_title(label)
            panel.set_ylim(bottom=0)
            panel.grid(alpha=0.3)
        for panel in self.axes_[-axes.shape[1] :]:
            panel.set_xlabel("epoch")
        for panel in axes[:, 0]:
            panel.set_ylabel("learning rate")
        return self


def _simulate(schedule, initial, epochs, steps_per_epoch):
    state, rates = schedule.start(), []
    for epoch in range(1, epochs + 1):
        for batch in range(1, steps_per_epoch + 1):
            step = (epoch - 1) * steps_per_epoch + batch
            clock = Clock(step, epoch, steps_per_epoch, epochs, batch, state)
            rates.append(schedule.rate(initial, clock))
        schedule.end_epoch(state, *_synthetic(epoch, epochs))
    return np.array(rates)


def _synthetic(epoch, epochs):
    """Return the training loss and the validation score after an epoch of the made-up training."""
    loss = 0.2 + 0.8 * np.exp(-min(epoch, epochs / 2) / 5)
    setback = 0.05 if epoch % 7 == 0 else 0.0
    return float(loss), float(-loss - setback)
