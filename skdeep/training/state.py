"""What training must remember to go on exactly."""

import copy
from dataclasses import dataclass, field, replace
from math import nan
from zlib import crc32

import numpy as np

from skdeep.optimizers import Optimizer
from skdeep.schedules import Schedule
from skdeep.training.stopping import Stopping
from skdeep.training.streams import Streams


@dataclass
class TrainingState:
    """Optimizer state, schedule position, random streams and history of one model.

    Parameters
    ----------
    streams : Streams
    optimizer : Optimizer or None
        None after a lean pickle: training then goes on with a new one.
    schedule : Schedule
    stopping : Stopping
    step : int
        Updates so far, which the schedule counts.
    optimizer_step : int
        Updates by this optimizer, which its bias corrections count.
    samples : int
        Rows seen so far, repeats included.
    history : dict of str to list
        One entry an epoch.
    last : ndarray or None
        The parameters to go on from, where the model is that of an earlier, best epoch.
    best_digest : int
        A checksum of that model; where somebody changed it, training goes on from it.
    """

    streams: Streams
    optimizer: Optimizer | None
    schedule: Schedule
    stopping: Stopping
    step: int = 0
    optimizer_step: int = 0
    samples: int = 0
    history: dict = field(default_factory=dict)
    last: np.ndarray | None = None
    best_digest: int = 0

    @property
    def epoch(self):
        """Epochs so far."""
        return len(self.history.get("loss", ()))

    def record(self, **values):
        """Append an epoch to the history; what it has no value for is nan."""
        n = self.epoch
        for name in {**self.history, **values}:
            self.history.setdefault(name, [nan] * n).append(values.get(name, nan))

    def go_on_with(self, optimizer, schedule, stopping, parameters):
        """Take over parts whose constants may have changed; where a class has, it begins anew."""
        if type(optimizer) is not type(self.optimizer):
            self.optimizer_step = 0
        self.optimizer = optimizer.resumed(self.optimizer, parameters)
        self.schedule = schedule.resumed(self.schedule)
        self.stopping = stopping.resumed(self.stopping)

    def keep_last(self, parameters, best):
        """Remember the last parameters beside the best ones, which are going to be the model."""
        self.last = None if np.array_equal(parameters, best) else parameters.copy()
        self.best_digest = crc32(best)

    def go_back_to_last(self, parameters):
        """Write the last parameters into the model's, unless these were changed meanwhile."""
        if self.last is not None and crc32(parameters) == self.best_digest:
            parameters[...] = self.last
        self.last = None

    def checkpoint(self):
        """Return a function that puts this state back to what it is now."""
        n_epochs, history = self.epoch, self.history
        before = copy.deepcopy(replace(self, history={}))

        def restore():
            for entries in history.values():
                del entries[n_epochs:]  # the history only grows: no need to copy it
            for name in [name for name, entries in history.items() if not entries]:
                del history[name]
            vars(self).update(vars(before), history=history)

        return restore

    def without_optimizer(self):
        """Return a copy for a lean pickle, without the optimizer's arrays."""
        return replace(self, optimizer=None)
