"""When to stop: after some epochs without progress."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from skdeep._component import State


class Stopping(NamedTuple):
    """A rule for when to stop. It watches one number of every epoch, the higher the better.

    Its state holds the ``best`` value so far, the number of epochs that training has ``stalled``
    since the last progress, whether the last epoch ``is_best``, and whether patience ``is_over``.

    Parameters
    ----------
    patience : int or inf
        After how many epochs in a row without progress patience is over.
    tol : float
        Progress is a rise above the best value by more than this.
    watched : str
        What the number measures. Where training goes on with another measure, watching begins anew.
    """

    patience: float
    tol: float
    watched: str

    def start(self) -> State:
        """Return the state that a training begins with."""
        return State(watched=self.watched, best=-inf, stalled=0, is_best=False, is_over=False)

    def resume(self, state: State) -> State:
        """Return the state to go on with; patience that has run out begins anew."""
        if state.watched != self.watched:
            return self.start()
        stalled = 0 if state.is_over else state.stalled
        return State(**{**vars(state), "stalled": stalled, "is_over": False})

    def update(self, state: State, merit: float) -> None:
        """Take note of the number of an epoch."""
        state.stalled = 0 if merit > state.best + self.tol else state.stalled + 1
        state.is_best = merit > state.best
        state.best = max(state.best, merit)
        state.is_over = state.stalled >= self.patience
