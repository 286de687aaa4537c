"""Observers watch training: they are told when a fit, an epoch and a step begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from skdeep.training.batches import Batch
from skdeep.training.plan import TrainingPlan


class Observer:
    """Base class of observers, which watch training; subclass it to add your own.

    An observer defines the methods that it needs. An estimator is given observers as its
    ``callbacks``; a subclass may override ``_observers``, which returns more of them. Every method
    is given the trainer and may look at its ``network``, its ``plan``, its ``data`` and
    ``validation``, and its ``state``, which holds the states of optimizer, schedule and stopping
    rule, the random streams and the history. Its ``preview()`` is the estimator as it would be if
    training ended now (``preview`` is None under ``partial_fit``). What an observer remembers of
    one training it may keep in ``trainer.memory[self]``: then it can watch several at once.

    Under a full-batch optimizer every iteration counts as an epoch, whose beginning is told of
    together with its end, and there are no steps.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> from skdeep.training import Observer
    >>> class StopBelow(Observer):
    ...     def end_epoch(self, trainer, values):
    ...         return values["loss"] < 0.5
    >>> model = MLPClassifier(learning_rate_init=0.01, callbacks=[StopBelow()], random_state=0)
    >>> model.fit(*load_iris(return_X_y=True)).n_iter_ < 200
    True
    """

    def begin_fit(self, trainer: Any) -> None:
        """Take note that training begins."""

    def end_fit(self, trainer: Any) -> None:
        """Take note that training has ended, be it by an error; the model may still be changed."""

    def begin_epoch(self, trainer: Any) -> None:
        """Take note that an epoch begins."""

    def end_epoch(self, trainer: Any, values: dict[str, float]) -> bool | None:
        """Take note of an epoch.

        Parameters
        ----------
        trainer : Trainer
            What trains the network.
        values : dict of str to float
            "loss", "learning_rate", "gradient_norm" and "seconds" of the epoch, with validation
            also "validation_loss", "validation_score" and further scores. The history holds them
            already.

        Returns
        -------
        bool or None
            True ends training.
        """

    def between_epochs(self, trainer: Any) -> None:
        """Take note that training rests between two epochs, and all observers know of the last.

        Everything that training goes on from is then in ``trainer.network`` and ``trainer.state``.
        """

    def begin_step(self, trainer: Any, batch: Batch) -> None:
        """Take note that an update is about to be made from a batch."""

    def end_step(self, trainer: Any, loss: float) -> None:
        """Take note of an update, and of the loss that it started from."""


class History(Observer):
    """Records the values of every epoch in the history."""

    def end_epoch(self, trainer: Any, values: dict[str, float]) -> bool | None:
        """Append the epoch to the history."""
        trainer.state.record(**values)


class Watch(Observer):
    """Early stopping: watches the validation score, or else the loss, until patience runs out."""

    def end_epoch(self, trainer: Any, values: dict[str, float]) -> bool | None:
        """Count epochs without progress, and end training when there are enough of them."""
        stopping, plan = trainer.state.stopping, trainer.plan
        merit = values["validation_score"] if plan.early_stopping else -values["loss"]
        stopping.part.update(stopping.state, merit)
        # without validation, full-batch optimizers see by themselves when they have converged
        listens = plan.early_stopping or not plan.optimizer.full_batch
        return listens and stopping.state.is_over


class KeepBest(Observer):
    """Keeps the parameters of the best epoch, and makes them the model at the end."""

    def begin_fit(self, trainer: Any) -> None:
        """Begin with the present model if it is the best one of an earlier training."""
        state = trainer.state
        is_known = isfinite(state.stopping.state.best)
        state.best = trainer.network.parameters.copy() if is_known else None

    def end_epoch(self, trainer: Any, values: dict[str, float]) -> bool | None:
        """Keep a copy of the parameters if the epoch was the best so far."""
        if trainer.state.stopping.state.is_best:
            trainer.state.best = trainer.network.parameters.copy()

    def end_fit(self, trainer: Any) -> None:
        """Put the best parameters back; remember the last ones if training may go on from there."""
        goes_on = trainer.plan.goes_on or not trainer.state.is_finished
        trainer.state.settle_best(trainer.network.parameters, goes_on)


class Report(Observer):
    """Prints a line after every ``verbose`` epochs."""

    def end_epoch(self, trainer: Any, values: dict[str, float]) -> bool | None:
        """Print a line about the epoch if it is its turn."""
        epoch = trainer.state.epoch
        if epoch % trainer.plan.verbose:
            return
        score = values.get("validation_score")
        validation = "" if score is None else f"  validation score {score:.4f}"
        print(
            f"epoch {epoch:4d}  loss {values['loss']:.6f}{validation}  "
            f"rate {values['learning_rate']:.3g}  {values['seconds']:.2f} s"
        )


def observers(plan: TrainingPlan, others: Iterable[Observer] = ()) -> list[Observer]:
    """Return the observers of a training by a plan, in the order in which they are told.

    Parameters
    ----------
    plan : TrainingPlan
        Says which of the built-in observers are needed.
    others : iterable of Observer
        The user's own, which come last.
    """
    found = [History(), Watch()]
    if plan.early_stopping:
        found.append(KeepBest())
    if plan.verbose:
        found.append(Report())
    return [*found, *others]
