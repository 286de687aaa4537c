"""The training loop, in small steps: run, epoch, step."""

import warnings
from dataclasses import dataclass
from math import isfinite
from time import perf_counter

import numpy as np

from skdeep import kernels
from skdeep.exceptions import DivergenceError
from skdeep.network import Backprop, Noise
from skdeep.penalties import Penalty
from skdeep.schedules import Clock
from skdeep.training.batches import Batches
from skdeep.training.objective import FullObjective, Objective
from skdeep.training.threads import largest_product, training_threads


@dataclass(frozen=True)
class TrainingOptions:
    """How to train, as plain values; the estimators' parameters of the same names say more.

    ``augment`` is None, or changes a batch in place, given the batch and a random generator.
    """

    penalty: Penalty
    noise: Noise
    augment: object
    batch_size: int
    shuffle: bool
    learning_rate_init: float
    max_iter: int
    clip_norm: float | None
    max_norm: float | None
    early_stopping: bool
    goes_on: bool
    tol: float
    verbose: int


class Trainer:
    """Train a network on data.

    Parameters
    ----------
    network : Network
        Changed in place.
    state : TrainingState
        Where training stands; changed in place.
    options : TrainingOptions
    data : Data
    validation : Validation or None
    """

    def __init__(self, network, state, options, data, validation=None):
        self.network = network
        self.state = state
        self.options = options
        self.data = data
        self.validation = validation
        self._best = None
        if options.early_stopping and isfinite(state.stopping.best):
            self._best = network.parameters.copy()
        state.go_back_to_last(network.parameters)

    def run(self, epochs):
        """Train for up to ``epochs`` epochs (iterations, for full-batch optimizers).

        Returns
        -------
        str or None
            Why training ended, unless by itself: it converged, or patience ran out.

        Raises
        ------
        DivergenceError
            At the first loss, gradient or parameter that is not finite.
        """
        run = self._minimize if self.state.optimizer.full_batch else self._descend
        why = None
        work = largest_product(self.network, self.options.batch_size)
        try:
            # what is not finite is noticed, and said once
            with np.errstate(all="ignore"), training_threads(work) as self._dot:
                why = run(epochs)
        except KeyboardInterrupt:
            warnings.warn(
                f"Training was interrupted in epoch {self.state.epoch + 1}; the model is kept as "
                "it is.",
                stacklevel=4,
            )
        if self._best is not None:
            if self.options.goes_on:
                self.state.keep_last(self.network.parameters, self._best)
            self.network.parameters[...] = self._best
        return why

    def _backprop(self, n_rows):
        return Backprop(self.network, self.options.noise, n_rows, self.state.streams, self._dot)

    # -- mini-batches ------------------------------------------------------------------------

    def _descend(self, epochs):
        options, streams = self.options, self.state.streams
        how = options.batch_size, options.shuffle, streams, self.network.dtype, options.augment
        self._batches = Batches(self.data, *how)
        backprop = self._backprop(options.batch_size)
        self._objective = Objective(backprop, options.penalty, options.clip_norm)
        self._columns = backprop.weight_matrices
        self._fuse(self.state.optimizer)
        for _ in range(epochs):
            self._epoch()
            if self.state.stopping.is_over:
                return None
        return f"at max_iter={epochs}"

    def _fuse(self, optimizer):
        kernel = kernels.fused(optimizer, "update")
        if kernel is not None:
            self._objective.fuse(
                kernel, tuple(getattr(optimizer, name) for name in optimizer.slots)
            )

    def _epoch(self):
        start = perf_counter()
        state, schedule = self.state, self.state.schedule
        rate = schedule.rate(self.options.learning_rate_init, self._clock(1))
        loss = norms = 0.0
        for i, batch in enumerate(self._batches.epoch(), 1):
            if schedule.per == "step":
                rate = schedule.rate(self.options.learning_rate_init, self._clock(i))
            loss += self._step(batch, rate) * batch.divisor
            norms += self._objective.gradient_norm
        loss /= len(self.data)
        state.samples += len(self.data)
        self.end_epoch(start, loss, rate, norms / self._batches.per_epoch)

    def _clock(self, batch):
        return Clock(
            self.state.step + 1,
            self.state.epoch + 1,
            self._batches.per_epoch,
            self.options.max_iter,
            batch,
        )

    def _step(self, batch, rate):
        state, objective = self.state, self._objective
        objective.batch = batch
        state.step += 1
        state.optimizer_step += 1
        loss = state.optimizer.step(objective, rate, state.optimizer_step)
        if self.options.max_norm is not None:
            self._bound_columns()
        self.check_finite(loss, objective, rate)
        return loss

    def _bound_columns(self):
        """Scale the incoming weights of every unit down to the bound."""
        bound = self.options.max_norm
        for weights in self._columns:
            norms = np.sqrt(np.einsum("ij,ij->j", weights, weights))
            weights *= np.minimum(1, bound / np.maximum(norms, bound))

    def check_finite(self, loss, objective, rate):
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
        state, options = self.state, self.options
        block = options.batch_size
        objective = FullObjective(self._backprop(block), options.penalty, self.data, block)
        self._objective = objective
        self.check_finite(objective.evaluate(), objective, 0.0)
        after_iteration = _Iterations(self, objective)
        try:
            why = state.optimizer.minimize(objective, iterations, options.tol, after_iteration)
        except KeyboardInterrupt:
            after_iteration.undo()  # the point of a line search is no model
            raise
        if not after_iteration.count:  # already at a minimum: say what is there
            after_iteration(objective.evaluate(), step=0)
        return why

    # -- the end of an epoch -----------------------------------------------------------------

    def end_epoch(self, start, loss, rate, gradient_norm):
        """Validate, record, and tell schedule, optimizer and stopping of the epoch."""
        state = self.state
        values = {"loss": loss, "learning_rate": rate, "gradient_norm": gradient_norm}
        score = None
        if self.validation is not None:
            validation_loss, scores = self.validation.loss(self.network)
            if not isfinite(validation_loss):
                self._diverge(f"the validation loss is {validation_loss}", rate)
            score = self.validation.score(self.network, scores)
            values.update(validation_loss=validation_loss, validation_score=score)
        values["seconds"] = perf_counter() - start
        state.record(**values)
        state.schedule.end_epoch(loss, score)
        state.optimizer.end_epoch(loss)
        is_best = state.stopping.update(score if self.options.early_stopping else -loss)
        if is_best and self.options.early_stopping:
            self._keep_best()
        self._report(values)

    def _keep_best(self):
        if self._best is None:
            self._best = np.empty_like(self.network.parameters)
        self._best[...] = self.network.parameters

    def _report(self, values):
        epoch = self.state.epoch
        if not self.options.verbose or epoch % self.options.verbose:
            return
        score = values.get("validation_score")
        validation = "" if score is None else f"  validation score {score:.4f}"
        print(
            f"epoch {epoch:4d}  loss {values['loss']:.6f}{validation}  "
            f"rate {values['learning_rate']:.3g}  {values['seconds']:.2f} s"
        )


def _are_finite(x, squares=None):
    # the sum of squares is cheap, and overflows only where values are finite but absurd
    if squares is None:
        squares = kernels.squared_norm(x)
    return isfinite(squares) or bool(np.isfinite(x).all())


class _Iterations:
    """What to do after every iteration of a full-batch optimizer."""

    def __init__(self, trainer, objective):
        self.trainer = trainer
        self.objective = objective
        self.before = objective.parameters.copy()
        self.norm = objective.gradient_norm
        self.mark = perf_counter()
        self.count = 0

    def undo(self):
        """Put the parameters back to the last iterate."""
        self.objective.parameters[...] = self.before

    def __call__(self, loss, step=1):
        trainer, objective = self.trainer, self.objective
        self.count += 1
        trainer.state.step += step
        trainer.state.samples += step * len(trainer.data)
        # there is no learning rate: its counterpart is the step's length over the gradient's norm
        length = float(np.linalg.norm(objective.parameters - self.before))
        rate = length / self.norm if self.norm else 0.0
        trainer.check_finite(loss, objective, rate)
        trainer.end_epoch(self.mark, loss, rate, objective.gradient_norm)
        self.before[...] = objective.parameters
        self.norm, self.mark = objective.gradient_norm, perf_counter()
        if trainer.options.early_stopping and trainer.state.stopping.is_over:
            raise StopIteration
