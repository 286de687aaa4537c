"""The iterations of a full-batch optimizer, which drives the loop itself."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from skdeep.training.objective import FullObjective


class Iterations:
    """What is done after every iteration of a full-batch optimizer, which counts as an epoch.

    Parameters
    ----------
    trainer : Trainer
        Whose epochs the iterations are.
    objective : FullObjective
        What is minimised.

    Attributes
    ----------
    count : int
        How many iterations there have been.
    """

    def __init__(self, trainer: Any, objective: FullObjective) -> None:
        self.trainer = trainer
        self.objective = objective
        self.before = objective.parameters.copy()
        self.norm = objective.gradient_norm
        self.mark = perf_counter()
        self.count = 0

    def __call__(self, loss: float, step: int = 1) -> None:
        """Take note of an iteration; raise StopIteration if training is over."""
        trainer, objective = self.trainer, self.objective
        self.count += 1
        trainer.state.step += step
        trainer.state.samples += step * len(trainer.data)
        # there is no learning rate: its counterpart is the step's length over the gradient's norm
        length = float(np.linalg.norm(objective.parameters - self.before))
        rate = length / self.norm if self.norm else 0.0
        trainer.check_finite(loss, objective, rate)
        trainer.begin_epoch()
        is_over = trainer.end_epoch(self.mark, loss, rate, objective.gradient_norm)
        self.before[...] = objective.parameters
        self.norm, self.mark = objective.gradient_norm, perf_counter()
        if is_over:
            raise StopIteration
        trainer.milestones.leave()
