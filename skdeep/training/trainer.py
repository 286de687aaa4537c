"""The training loop, in small steps: run, epoch, step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from skdeep import kernels
from skdeep.exceptions import DivergenceError
from skdeep.network import Backprop, Network
from skdeep.network.prediction import block_rows
from skdeep.schedules import Clock
from skdeep.training.augment import Augment
from skdeep.training.batches import Data
from skdeep.training.iterations import Iterations
from skdeep.training.milestones import Milestones
from skdeep.training.objective import FullObjective, Objective
from skdeep.training.observers import Observer, observers
from skdeep.training.plan import TrainingPlan
from skdeep.training.pool import Passing
from skdeep.training.state import TrainingState
from skdeep.training.threads import training_threads
from skdeep.training.validation import Validation


class Trainer:
    """Trains a network on data, and tells observers of it.

    Parameters
    ----------
    network : Network
        What is trained; its parameters are changed in place.
    state : TrainingState
        Where training stands; changed in place.
    plan : TrainingPlan
        How to train.
    data : Data or Passing
        What to train on.
    validation : Validation or None
        What every epoch is validated on, if anything.
    watching : iterable of Observer
        Observers in addition to those that the plan asks for.
    preview : callable or None
        Returns the estimator as it would be if training ended now.

    Attributes
    ----------
    objective : Objective, FullObjective or None
        What is minimised, once training has begun.
    memory : dict
        What observers remember of this training, by observer.
    milestones : Milestones
        Where training can go back to, once it has begun.
    is_usable : bool
        Whether network and state can be kept: training has ended, or it was interrupted and they
        have gone back to the end of an epoch.
    """

    def __init__(
        self,
        network: Network,
        state: TrainingState,
        plan: TrainingPlan,
        data: Data | Passing,
        validation: Validation | None = None,
        watching: Iterable[Observer] = (),
        preview: Callable[[], Any] | None = None,
    ) -> None:
        self.network = network
        self.state = state
        self.plan = plan
        self.data = data
        self.validation = validation
        self.batch_rows = plan.rows(len(data), block_rows(network))
        self.preview = preview
        self.memory = {}
        self.objective = None
        self.is_usable = False
        self.observers = observers(plan, watching)

    def run(self, epochs: int) -> str | None:
        """Train for up to ``epochs`` epochs (iterations, for full-batch optimizers).

        Returns
        -------
        str or None
            Why training ended too early, such as "at max_iter=200". None if it converged, or if an
            observer ended it.

        Raises
        ------
        DivergenceError
            At the first loss, gradient or parameter that is not finite.
        KeyboardInterrupt
            If training is interrupted. Network and state are then as they were at the end of an
            epoch, so that training can go on from there, unless no epoch had ended.
        """
        run = self._minimize if self.plan.optimizer.full_batch else self._descend
        work = self.batch_rows * self.network.multiplications
        why = None
        self.milestones = Milestones(self.network, self.state, makes_copies=epochs > 1)
        try:
            for observer in self.observers:
                observer.begin_fit(self)
            self.state.go_back_to_last(self.network.parameters)
            # numpy need not warn: what is not finite is noticed, and said once
            with np.errstate(all="ignore"), training_threads(work) as self._dot:
                why = run(epochs) if epochs else self._limit
            self.is_usable = self.state.is_finished = True
            self.milestones.end()
        except KeyboardInterrupt:
            self.is_usable = self.milestones.go_back()
            raise
        finally:
            for observer in self.observers:
                observer.end_fit(self)
        return why

    def _backprop(self):
        return Backprop(self.network, self.batch_rows, self.state.streams, self._dot)

    # -- mini-batches ------------------------------------------------------------------------

    def _descend(self, epochs):
        plan, state = self.plan, self.state
        self._batches = self.data.batches(
            self.batch_rows,
            plan.shuffle,
            state.streams,
            self.network.dtype,
            Augment.by(plan.augmentation, self.network, self.data),
        )
        backprop = self._backprop()
        self.objective = Objective(backprop, plan.penalty, plan.optimizer, plan.clip_norm)
        self._columns = [np.atleast_2d(weights) for weights in backprop.weight_matrices]
        self._memory = state.optimizer.state
        kernel = kernels.fused(plan.optimizer, "update")
        if kernel is not None:
            self.objective.fuse(kernel, self._memory, plan.optimizer.slots)
        for _ in range(epochs):
            if self._epoch():
                return None
        return self._limit

    @property
    def _limit(self):
        return f"at max_iter={self.plan.max_iter}"

    def _epoch(self):
        """Train for an epoch; return whether training is over."""
        self.begin_epoch()
        start = perf_counter()
        state, schedule, initial = self.state, self.plan.schedule, self.plan.learning_rate_init
        objective, step = self.objective, self._step_for(self.observers)
        is_steady = schedule.per == "epoch"
        rate = schedule.rate(initial, self._clock(1))
        loss = norms = 0.0
        for i, batch in enumerate(self._batches.epoch(), 1):
            if not is_steady:
                rate = schedule.rate(initial, self._clock(i))
            loss += step(batch, rate) * batch.divisor
            norms += objective.gradient_norm
        loss /= len(self.data)
        state.samples += len(self.data)
        return self.end_epoch(start, loss, rate, norms / self._batches.per_epoch)

    def _clock(self, batch):
        return Clock(
            self.state.step + 1,
            self.state.epoch + 1,
            self._batches.per_epoch,
            self.plan.max_iter,
            batch,
            self.state.schedule.state,
        )

    def _step_for(self, watching):
        """Return the function for a step: the bare one, unless observers listen to steps."""
        listening = [observer for observer in watching if _listens_to_steps(observer)]
        if not listening:
            return self._step

        def step(batch, rate):
            for observer in listening:
                observer.begin_step(self, batch)
            loss = self._step(batch, rate)
            for observer in listening:
                observer.end_step(self, loss)
            return loss

        return step

    def _step(self, batch, rate):
        plan, objective = self.plan, self.objective
        objective.batch = batch
        self.state.step += 1
        loss = plan.optimizer.step(objective, self._memory, rate)
        if plan.max_norm is not None:
            self._bound_columns()
        self.check_finite(loss, objective, rate)
        return loss

    def _bound_columns(self):
        """Scale the incoming weights of units down where their norm exceeds the bound."""
        bound = self.plan.max_norm
        for weights in self._columns:
            norms = np.sqrt(np.einsum("...ij,...ij->...j", weights, weights))[..., None, :]
            if not np.isfinite(norms).all():  # squares have overflowed, or the weights
                norms = np.linalg.norm(weights.astype(np.float64), axis=-2, keepdims=True)
            weights *= np.minimum(1, bound / np.maximum(norms, bound))
        self.objective.parameter_squares = None  # those from before

    def check_finite(self, loss: float, objective: Objective | FullObjective, rate: float) -> None:
        """Raise DivergenceError unless loss, gradient and parameters are finite."""
        if not isfinite(loss):
            what = f"the loss is {loss}"
        elif not isfinite(objective.gradient_norm):
            what = "the gradient is not finite"
        elif not _are_finite(objective.parameters, objective.parameter_squares):
            what = "a parameter is not finite"
        else:
            return
        self._diverge(what, rate)

    def _diverge(self, what, rate):
        raise DivergenceError(what, self.state.epoch + 1, self.state.step, rate)

    # -- full batch --------------------------------------------------------------------------

    def _minimize(self, iterations):
        plan = self.plan
        objective = FullObjective(self._backprop(), plan.penalty, self.data, self.batch_rows)
        self.objective = objective
        self.check_finite(objective.evaluate(), objective, 0.0)
        after_iteration = Iterations(self, objective)
        why = plan.optimizer.minimize(objective, iterations, plan.stopping.tol, after_iteration)
        if not after_iteration.count:  # already at a minimum: say what is there
            after_iteration(objective.evaluate(), step=0)
        return self._limit if why == f"at max_iter={iterations}" else why

    # -- an epoch ----------------------------------------------------------------------------

    def begin_epoch(self) -> None:
        """Tell observers that an epoch begins."""
        self.milestones.leave()
        for observer in self.observers:
            observer.begin_epoch(self)

    def end_epoch(self, start: float, loss: float, rate: float, gradient_norm: float) -> bool:
        """Validate, tell schedule, optimizer and observers, and return whether training is over."""
        state, plan = self.state, self.plan
        values = {"loss": loss, "learning_rate": rate, "gradient_norm": gradient_norm}
        if self.validation is not None:
            values.update(self._validate(rate))
        values["seconds"] = perf_counter() - start
        plan.schedule.end_epoch(state.schedule.state, loss, values.get("validation_score"))
        plan.optimizer.end_epoch(state.optimizer.state, loss)
        answers = [observer.end_epoch(self, values) for observer in self.observers]
        self.milestones.reach()
        is_over = any(answers)
        if not is_over:
            for observer in self.observers:
                observer.between_epochs(self)
        return is_over

    def _validate(self, rate):
        loss, judged = self.validation.loss(self.network)
        if not isfinite(loss):
            self._diverge(f"the validation loss is {loss}", rate)
        return {"validation_loss": loss, **self.validation.score(self.network, judged)}


def _listens_to_steps(observer):
    names = "begin_step", "end_step"
    return any(getattr(type(observer), name) is not getattr(Observer, name) for name in names)


def _are_finite(x, squares=None):
    # the sum of squares is cheap, and overflows only where values are finite but absurd
    if squares is None:
        squares = kernels.squared_norm(x)
    return isfinite(squares) or bool(np.isfinite(x).all())
