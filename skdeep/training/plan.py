"""How to train: checked values, and the objects that do the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from skdeep.augmentation import Augmentation
from skdeep.optimizers import Optimizer
from skdeep.penalties import Penalty
from skdeep.schedules import Schedule
from skdeep.training.stopping import Stopping


@dataclass(frozen=True)
class TrainingPlan:
    """How to train a network. What has the name of an estimators' parameter means the same.

    Parameters
    ----------
    optimizer : Optimizer
    schedule : Schedule
        The schedule of the learning rate.
    stopping : Stopping
        The rule by which training ends early.
    penalty : Penalty
        What is added to the loss.
    augmentation : Augmentation or None
    batch_size : int, "auto" or "full"
    shuffle : bool
    learning_rate_init : float
    max_iter : int
    clip_norm, max_norm : float or None
    early_stopping : bool
        Whether stopping watches the validation score, and the best epoch is kept.
    goes_on : bool
        Whether training may go on later from where it ends (``warm_start``).
    verbose : int
    """

    optimizer: Optimizer
    schedule: Schedule
    stopping: Stopping
    penalty: Penalty
    augmentation: Augmentation | None
    batch_size: int | Literal["auto", "full"]
    shuffle: bool
    learning_rate_init: float
    max_iter: int
    clip_norm: float | None
    max_norm: float | None
    early_stopping: bool
    goes_on: bool
    verbose: int

    def rows(self, n: int, block: int) -> int:
        """Return how many of ``n`` rows make a batch, or a block for full-batch optimizers."""
        if self.optimizer.full_batch:
            return min(block, n)
        return min(int({"auto": 200, "full": n}.get(self.batch_size, self.batch_size)), n)
