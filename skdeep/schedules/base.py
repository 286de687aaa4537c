"""The base class of learning-rate schedules, and the table of the built-in ones."""

from __future__ import annotations

from typing import Literal, NamedTuple

from skdeep._component import Component, Registry, State


class Clock(NamedTuple):
    """Where training stands: what a schedule needs to know for the rate of the coming update.

    Attributes
    ----------
    step : int
        The coming update, from 1, counted over all epochs.
    epoch : int
        The current epoch, from 1.
    steps_per_epoch : int
        The number of updates in an epoch.
    epochs : int
        The planned number of epochs (``max_iter``).
    batch : int
        The coming update, from 1, counted within the epoch.
    state : State or None
        What the schedule remembers of the training so far, see :meth:`Schedule.start`.

    Examples
    --------
    >>> from skdeep.schedules import Clock
    >>> Clock(step=6, epoch=2, steps_per_epoch=5, epochs=2).progress
    0.5
    """

    step: int
    epoch: int
    steps_per_epoch: int
    epochs: int
    batch: int = 1
    state: State | None = None

    def share_of(self, epochs: int) -> float:
        """Return the share of so many epochs before the coming update; it may exceed 1."""
        return (self.epoch - 1 + (self.batch - 1) / self.steps_per_epoch) / epochs

    @property
    def progress(self) -> float:
        """The share of the planned epochs that is over, in [0, 1]."""
        return min(1.0, self.share_of(self.epochs))


class Schedule(Component):
    """Base class of learning-rate schedules; subclass it to add your own.

    To a schedule every call of ``partial_fit`` is an epoch; where data come in pieces, let
    ``max_iter`` be the number of calls, or use :func:`skdeep.streaming.fit_stream`, where an epoch
    is a pass over all pieces.

    Attributes
    ----------
    per : {"epoch", "step"}
        Whether the rate is asked for once for every epoch, or before every update.
    needs_validation : bool
        True if the schedule cannot work without validation data.
    has_horizon : bool
        True if the schedule is planned over ``max_iter`` epochs. To end there is then no surprise,
        and there is no warning.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.schedules import Schedule
    >>> class Triangle(Schedule):
    ...     per = "step"
    ...     def rate(self, initial, clock):
    ...         return initial * (1 - abs(2 * clock.progress - 1))
    >>> MLPClassifier(learning_rate=Triangle()).learning_rate
    Triangle()
    """

    per: Literal["epoch", "step"] = "epoch"
    needs_validation: bool = False
    has_horizon: bool = False

    @property
    def counts_epochs(self) -> bool:
        """Whether the rate goes by the number of epochs, however many updates these have."""
        return self.per == "epoch"

    def start(self) -> State:
        """Return the state that a training begins with.

        Schedules that watch training keep what they learn from it there, never in themselves.

        Returns
        -------
        State
        """
        return State()

    def resume(self, state: State) -> State:
        """Return the state to go on with, given the one that a schedule of the same class left.

        The constants of the two schedules may differ.
        """
        return state

    def rate(self, initial: float, clock: Clock) -> float:
        """Return the learning rate of the coming update.

        Parameters
        ----------
        initial : float
            The estimator's ``learning_rate_init``.
        clock : Clock
            Where training stands, the schedule's state included.

        Returns
        -------
        float
        """
        raise NotImplementedError(f"{type(self).__name__} must define rate(initial, clock).")

    def end_epoch(self, state: State, loss: float, score: float | None) -> None:
        """Take note of an epoch in ``state``; by default nothing is done.

        Parameters
        ----------
        state : State
            What the schedule remembers; changed in place.
        loss : float
            The epoch's training loss.
        score : float or None
            The validation score after it; None without validation.
        """


SCHEDULES = Registry("learning_rate", Schedule)
