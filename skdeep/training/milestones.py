"""Where training can go back to: copies of all that it changes, made at the ends of epochs."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from skdeep.network import Network
from skdeep.training.state import TrainingState

SHARE = 0.01  # of the time of training, which copies may take


class Milestones:
    """The last end of an epoch to which training can go back, if it is interrupted later.

    A copy is made at the end of an epoch, unless the last one was so recent that copies would take
    more than a hundredth of the time: epochs of a millisecond do not get one each.

    Parameters
    ----------
    network : Network
        The network in training.
    state : TrainingState
        Where training stands.
    makes_copies : bool
        False if nothing but the end is worth to be kept, as of a single epoch.
    """

    def __init__(self, network: Network, state: TrainingState, makes_copies: bool = True) -> None:
        self.network = network
        self.state = state
        self.makes_copies = makes_copies
        self._kept = None
        self._is_here = False
        self._last, self._cost = perf_counter(), 0.0

    def reach(self) -> None:
        """Take note that an epoch has ended; make a copy, if the time has come for one."""
        self._is_here = True  # an interruption while copies are made finds all in place
        start = perf_counter()
        if not self.makes_copies or self._cost > SHARE * (start - self._last):
            return
        self._kept = None  # or there would be two copies for a moment
        names = tuple(self.state.history)
        self._kept = self._parameters(), self.state.copied(), names
        self._last = perf_counter()
        self._cost = self._last - start

    def _parameters(self):
        """Return a copy of the parameters: that of the best epoch, if it is the one that ended."""
        parameters, best = self.network.parameters, self.state.best
        is_there = self.state.stopping.state.is_best and np.array_equal(parameters, best)
        return best if is_there else parameters.copy()

    def leave(self) -> None:
        """Take note that something is about to be changed."""
        self._is_here = False

    def end(self) -> None:
        """Take note that training has ended: there is no way back any more, nor a copy."""
        self._is_here = True
        self._kept = None

    def go_back(self) -> bool:
        """Put network and state back to where an epoch ended; return whether one had."""
        if self._is_here:
            return True
        if self._kept is None:
            return False
        parameters, state, names = self._kept
        self.network.parameters[...] = parameters
        vars(self.state).update(vars(state))
        self.state.trim(names)
        return True
