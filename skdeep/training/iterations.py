"""The iterations of a full-batch optimizer, which drives the loop itself."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from skdeep.training.objective import FullObjective

if TYPE_CHECKING:
    from skdeep.training.trainer import Trainer


class Iterations:
    """What to do after every iteration of a full-batch optimizer.

    Parameters
    ----------
    trainer : Trainer
    objective : FullObjective

    Attributes
    ----------
    count : int
        The iterations so far.
    """

    def __init__(self, trainer: Trainer, objective: FullObjective) -> None:
        self.trainer = trainer
        self.objective = objective
        self.before = objective.parameters.copy()
        self.norm = objective.gradient_norm
        self.mark = perf_counter()
        self.count = 0

    def undo(self) -> None:
        """Put the parameters back to the last iterate."""
        self.objective.parameters[...] = self.before

    def __call__(self, loss: float, step: int = 1) -> None:
        """Take note of an iteration; StopIteration ends the training."""
        trainer, objective = self.trainer, self.objective
        self.count += 1
        trainer.state.step += step
        trainer.state.samples += step * len(trainer.data)
        # there is no learning rate: its counterpart is the step's length over the gradient's norm
        length = float(np.linalg.norm(objective.parameters - self.before))
        rate = length / self.norm if self.norm else 0.0
        trainer.check_finite(loss, objective, rate)
        for observer in trainer.observers:
            observer.begin_epoch(trainer)
        is_over = trainer.end_epoch(self.mark, loss, rate, objective.gradient_norm)
        self.before[...] = objective.parameters
        self.norm, self.mark = objective.gradient_norm, perf_counter()
        if is_over:
            raise StopIteration
