"""What training must remember to go on exactly where it ended."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import inf, nan
from typing import Any
from zlib import crc32

import numpy as np

from skdeep._component import State
from skdeep.training.plan import TrainingPlan
from skdeep.training.streams import Streams


@dataclass
class InUse:
    """A part of training that is in use, and what it remembers.

    Parameters
    ----------
    part : Optimizer, Schedule or Stopping
        The part itself, which holds constants only.
    state : State
        What its ``start`` returned.
    """

    part: Any
    state: State

    @classmethod
    def started(cls, part: Any, *given: Any) -> InUse:
        """Begin with a part, whose ``start`` is given what follows."""
        return cls(part, part.start(*given))

    @classmethod
    def resumed(cls, before: InUse | None, part: Any, *given: Any) -> InUse:
        """Go on with a part whose constants may have changed; begin anew if its class has."""
        if before is None or type(part) is not type(before.part):
            return cls.started(part, *given)
        return cls(part, part.resume(before.state))

    def copied(self) -> InUse:
        """Return a copy whose state can be changed without this one's."""
        return InUse(self.part, copy.deepcopy(self.state))


@dataclass
class TrainingState:
    """Where the training of a model stands: the states of its parts, and its history.

    Parameters
    ----------
    streams : Streams
        The random streams, each where it has come to.
    optimizer : InUse or None
        The optimizer; None after a lean pickle, from which training goes on with a new one.
    schedule : InUse
        The schedule.
    stopping : InUse
        The stopping rule.
    step : int
        How many updates there have been, for the schedule.
    samples : int
        How many rows have been seen, repeats included.
    epoch : int
        How many epochs there have been.
    history : dict of str to list
        Lists of equal length, with an entry for every epoch that is not forgotten. Copies of a
        state share them, as they only grow: see ``trim``.
    forgotten : int
        How many epochs there were before those in the history.
    lowest_loss, highest_score : float
        The lowest loss and the highest validation score of these; infinity and nan if there were
        none.
    last : ndarray or None
        The parameters to go on from, if the model is that of an earlier and better epoch.
    best_digest : int
        A checksum of that model. If the model has been changed since, training goes on from it.
    best : ndarray or None
        The parameters of the best epoch, while training watches for a better one. Arrays kept here
        and in ``last`` are never written to, so that copies of the state can share them.
    earlier_epochs : int
        How many epochs there had been when the last fit began.
    is_finished : bool
        Whether the last fit came to its end, and was not cut off by an interruption.
    """

    streams: Streams
    optimizer: InUse | None
    schedule: InUse
    stopping: InUse
    step: int = 0
    samples: int = 0
    epoch: int = 0
    history: dict[str, list[float]] = field(default_factory=dict)
    forgotten: int = 0
    lowest_loss: float = inf
    highest_score: float = nan
    last: np.ndarray | None = None
    best_digest: int = 0
    best: np.ndarray | None = None
    earlier_epochs: int = 0
    is_finished: bool = False

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
    def _n_recorded(self):
        return self.epoch - self.forgotten

    def record(self, **values: float) -> None:
        """Append an epoch to the history; lists for which it has no value get nan."""
        n = self._n_recorded
        for name in {**self.history, **values}:
            self.history.setdefault(name, [nan] * n).append(values.get(name, nan))
        self.epoch += 1

    def trim(self, names: Iterable[str]) -> None:
        """Take back what a copy that is given up has recorded since; keep lists of these names."""
        for name in self.history.keys() - set(names):
            del self.history[name]
        for entries in self.history.values():
            del entries[self._n_recorded :]

    def forget(self, kept: int) -> None:
        """Drop all but the newest epochs from the history, and remember what was best in them."""
        n = self._n_recorded - kept
        if n <= 0:
            return
        scores = self.history.get("validation_score", [])[:n]
        vars(self).update(  # at once, whatever interrupts
            lowest_loss=min(self.lowest_loss, *self.history["loss"][:n]),
            highest_score=float(np.fmax.reduce([self.highest_score, *scores])),
            forgotten=self.forgotten + n,
            history={name: entries[n:] for name, entries in self.history.items()},
        )

    def go_on_with(
        self, plan: TrainingPlan, parameters: np.ndarray, same_fit: bool = False
    ) -> None:
        """Go on by a plan whose parts may have changed, in another fit or in the same one."""
        self.optimizer = InUse.resumed(self.optimizer, plan.optimizer, parameters)
        self.schedule = InUse.resumed(self.schedule, plan.schedule)
        self.stopping = InUse.resumed(self.stopping, plan.stopping)
        self.is_finished = False
        if not same_fit:
            self.earlier_epochs = self.epoch

    def keep_last(self, parameters: np.ndarray, best: np.ndarray) -> None:
        """Remember the last parameters beside the best ones, which are going to be the model."""
        self.last = None if np.array_equal(parameters, best) else parameters.copy()
        self.best_digest = crc32(best)

    def settle_best(self, parameters: np.ndarray, goes_on: bool) -> None:
        """Put the best parameters back, if there are any; remember the last ones to go on from."""
        best, self.best = self.best, None
        if best is None:
            return
        if goes_on:
            self.keep_last(parameters, best)
        parameters[...] = best

    def go_back_to_last(self, parameters: np.ndarray) -> None:
        """Write the last parameters into the model, unless it was changed meanwhile."""
        if self.last is not None and crc32(parameters) == self.best_digest:
            parameters[...] = self.last
        self.last = None

    def copied(self) -> TrainingState:
        """Return a copy from which training can go on without a change to this one."""
        return replace(
            self,
            streams=copy.deepcopy(self.streams),
            optimizer=None if self.optimizer is None else self.optimizer.copied(),
            schedule=self.schedule.copied(),
            stopping=self.stopping.copied(),
        )

    def apart(self) -> TrainingState:
        """Return a copy, of the end of a training, whose history does not grow with this one's."""
        history = {name: list(entries) for name, entries in self.history.items()}
        return replace(self.copied(), history=history, is_finished=True)

    def without_optimizer(self) -> TrainingState:
        """Return a copy for a lean pickle, without the optimizer's arrays."""
        return replace(self, optimizer=None)
