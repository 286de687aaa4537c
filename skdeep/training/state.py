"""What training must remember to go on exactly."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import nan
from typing import Any
from zlib import crc32

import numpy as np

from skdeep._component import State
from skdeep.training.plan import TrainingPlan
from skdeep.training.streams import Streams


@dataclass
class InUse:
    """A part of training, and what it remembers: constants and state.

    Parameters
    ----------
    part : Optimizer, Schedule or Stopping
    state : State
        What its ``start`` returned.
    """

    part: Any
    state: State

    @classmethod
    def started(cls, part: Any, *given: Any) -> InUse:
        """Begin with a part; ``given`` goes to its ``start``."""
        return cls(part, part.start(*given))

    @classmethod
    def resumed(cls, before: InUse | None, part: Any, *given: Any) -> InUse:
        """Go on with a part, whose constants may have changed; where its class has, begin anew."""
        if before is None or type(part) is not type(before.part):
            return cls.started(part, *given)
        return cls(part, part.resume(before.state))


@dataclass
class TrainingState:
    """Optimizer state, schedule position, random streams and history of one model.

    Parameters
    ----------
    streams : Streams
    optimizer : InUse or None
        None after a lean pickle: training then goes on with a new one.
    schedule : InUse
    stopping : InUse
    step : int
        Updates so far, which the schedule counts.
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
    optimizer: InUse | None
    schedule: InUse
    stopping: InUse
    step: int = 0
    samples: int = 0
    history: dict[str, list[float]] = field(default_factory=dict)
    last: np.ndarray | None = None
    best_digest: int = 0

    @classmethod
    def started(cls, seed: int, plan: TrainingPlan, parameters: np.ndarray) -> TrainingState:
        """Return the state that a training by a plan begins with."""
        return cls(
            Streams(seed),
            InUse.started(plan.optimizer, parameters),
            InUse.started(plan.schedule),
            InUse.started(plan.stopping),
        )

    @property
    def epoch(self) -> int:
        """Epochs so far."""
        return len(self.history.get("loss", ()))

    def record(self, **values: float) -> None:
        """Append an epoch to the history; what it has no value for is nan."""
        n = self.epoch
        for name in {**self.history, **values}:
            self.history.setdefault(name, [nan] * n).append(values.get(name, nan))

    def go_on_with(self, plan: TrainingPlan, parameters: np.ndarray) -> None:
        """Take over a plan whose parts may have changed."""
        self.optimizer = InUse.resumed(self.optimizer, plan.optimizer, parameters)
        self.schedule = InUse.resumed(self.schedule, plan.schedule)
        self.stopping = InUse.resumed(self.stopping, plan.stopping)

    def keep_last(self, parameters: np.ndarray, best: np.ndarray) -> None:
        """Remember the last parameters beside the best ones, which are going to be the model."""
        self.last = None if np.array_equal(parameters, best) else parameters.copy()
        self.best_digest = crc32(best)

    def go_back_to_last(self, parameters: np.ndarray) -> None:
        """Write the last parameters into the model's, unless these were changed meanwhile."""
        if self.last is not None and crc32(parameters) == self.best_digest:
            parameters[...] = self.last
        self.last = None

    def checkpoint(self) -> Callable[[], None]:
        """Return a function that puts this state back to what it is now."""
        n_epochs, history, names = self.epoch, self.history, set(self.history)
        before = copy.deepcopy(replace(self, history={}))

        def restore():
            for entries in history.values():
                del entries[n_epochs:]  # the history only grows: no need to copy it
            for name in set(history) - names:
                del history[name]
            vars(self).update(vars(before), history=history)

        return restore

    def without_optimizer(self) -> TrainingState:
        """Return a copy for a lean pickle, without the optimizer's arrays."""
        return replace(self, optimizer=None)
