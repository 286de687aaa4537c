"""What training must remember to go on exactly."""

from dataclasses import dataclass, field, replace
from math import nan

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
    """

    streams: Streams
    optimizer: Optimizer | None
    schedule: Schedule
    stopping: Stopping
    step: int = 0
    optimizer_step: int = 0
    samples: int = 0
    history: dict = field(default_factory=dict)

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

    def without_optimizer(self):
        """Return a copy for a lean pickle, without the optimizer's arrays."""
        return replace(self, optimizer=None)
