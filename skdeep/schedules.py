"""Learning-rate schedules: the rate of every update, for every stochastic optimizer."""

from math import cos, exp, pi
from typing import NamedTuple

from skdeep._component import Component, Registry
from skdeep._constraints import Number, OneOf


class Clock(NamedTuple):
    """Where training stands.

    Attributes
    ----------
    step : int
        The coming update, from 1, counted over all epochs.
    epoch : int
        The current epoch, from 1.
    steps_per_epoch : int
    epochs : int
        The planned number of epochs (``max_iter``).
    """

    step: int
    epoch: int
    steps_per_epoch: int
    epochs: int

    @property
    def progress(self):
        """The share of the planned steps that is done, in [0, 1]."""
        return min(1.0, (self.step - 1) / (self.steps_per_epoch * self.epochs))


class Schedule(Component):
    """Base class of learning-rate schedules; subclass it to add your own.

    Attributes
    ----------
    per : {"epoch", "step"}
        How often the rate changes.
    needs_validation : bool
        True if the schedule cannot work without validation data.
    has_horizon : bool
        True if the schedule is planned over ``max_iter`` epochs: ending there is no surprise.

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

    per = "epoch"
    needs_validation = False
    has_horizon = False

    def start(self):
        """Forget what an earlier training left; called once before the first step."""

    def resume(self, other):
        """Go on from where another schedule of the same class stands."""

    def resumed(self, other):
        """Return this schedule, started, and going on from another where that is of its class."""
        self.start()
        if type(other) is type(self):
            self.resume(other)
        return self

    def rate(self, initial, clock):
        """Return the learning rate of the coming update.

        Parameters
        ----------
        initial : float
            ``learning_rate_init``.
        clock : Clock

        Returns
        -------
        float
        """
        raise NotImplementedError(f"{type(self).__name__} must define rate(initial, clock).")

    def end_epoch(self, loss, score):
        """Take note of an epoch's training loss, and validation score or None."""


SCHEDULES = Registry("learning_rate", Schedule)


@SCHEDULES.register("constant")
class Constant(Schedule):
    r"""The same rate throughout, :math:`\eta = \eta_0`.

    Examples
    --------
    >>> from skdeep.schedules import Clock, Constant
    >>> Constant().rate(0.1, Clock(step=7, epoch=7, steps_per_epoch=1, epochs=200))
    0.1
    """

    def rate(self, initial, clock):
        """Return the initial rate."""
        return initial


@SCHEDULES.register("step")
class StepDecay(Schedule):
    r"""Step decay, :math:`\eta = \eta_0 f^{\lfloor e / n \rfloor}` with e the epochs done.

    Parameters
    ----------
    factor : float in (0, 1], default=0.5
        What the rate is multiplied with.
    every : int >= 1, default=5
        The number n of epochs between two steps.

    Examples
    --------
    >>> from skdeep.schedules import Clock, StepDecay
    >>> StepDecay().rate(1.0, Clock(step=6, epoch=6, steps_per_epoch=1, epochs=200))
    0.5
    """

    constraints = {
        "factor": Number(0, 1, closed="right"),
        "every": Number(1, integer=True),
    }

    def __init__(self, factor=0.5, every=5):
        self.factor = factor
        self.every = every

    def rate(self, initial, clock):
        """Return the rate of the current epoch."""
        return initial * self.factor ** ((clock.epoch - 1) // self.every)


@SCHEDULES.register("validation")
class ValidationDecay(Schedule):
    """Halve the rate after an epoch whose validation error is above the one before.

    The error is measured by the estimator's ``scoring``: a lower score is a higher error. It needs
    validation data: the user's ``X_val, y_val`` or the internal split, which is then made even
    without early stopping.

    Parameters
    ----------
    factor : float in (0, 1], default=0.5
        What the rate is multiplied with.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(learning_rate="validation", optimizer="momentum").learning_rate
    'validation'
    """

    needs_validation = True
    constraints = {"factor": Number(0, 1, closed="right")}

    def __init__(self, factor=0.5):
        self.factor = factor

    def start(self):
        """Begin with the initial rate."""
        self._scale = 1.0
        self._before = None

    def resume(self, other):
        """Go on with the rate that the epochs so far have led to."""
        self._scale, self._before = other._scale, other._before

    def rate(self, initial, clock):
        """Return the rate that the epochs so far have led to."""
        return initial * self._scale

    def end_epoch(self, loss, score):
        """Lower the rate if the score fell."""
        if self._before is not None and score < self._before:
            self._scale *= self.factor
        self._before = score


@SCHEDULES.register("adaptive")
class Adaptive(Schedule):
    """Lower the rate whenever progress stalls.

    When ``patience`` epochs in a row fail to raise the best validation score by ``tol`` (without
    validation data: to lower the best training loss by ``tol``), the rate is multiplied with
    ``factor``.

    Parameters
    ----------
    factor : float in (0, 1], default=0.2
        What the rate is multiplied with.
    patience : int >= 1, default=2
        Epochs without progress.
    tol : float >= 0, default=1e-4
        The least progress.
    min_rate : float >= 0, default=1e-6
        The rate is not lowered below this.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(learning_rate="adaptive", optimizer="sgd").learning_rate
    'adaptive'
    """

    constraints = {
        "factor": Number(0, 1, closed="right"),
        "patience": Number(1, integer=True),
        "tol": Number(0),
        "min_rate": Number(0),
    }

    def __init__(self, factor=0.2, patience=2, tol=1e-4, min_rate=1e-6):
        self.factor = factor
        self.patience = patience
        self.tol = tol
        self.min_rate = min_rate

    def start(self):
        """Begin with the initial rate and nothing to compare with."""
        self._scale = 1.0
        self._best = float("-inf")
        self._stalled = 0

    def resume(self, other):
        """Go on with the rate that the epochs so far have led to."""
        self._scale, self._best, self._stalled = other._scale, other._best, other._stalled

    def rate(self, initial, clock):
        """Return the rate that the epochs so far have led to."""
        return max(initial * self._scale, min(initial, self.min_rate))

    def end_epoch(self, loss, score):
        """Count epochs without progress, and lower the rate when there are enough of them."""
        merit = -loss if score is None else score
        self._stalled = 0 if merit >= self._best + self.tol else self._stalled + 1
        self._best = max(self._best, merit)
        if self._stalled >= self.patience:
            self._scale *= self.factor
            self._stalled = 0


class _Decay(Schedule):
    """A rate that falls with t: the step, or the epoch, from 1."""

    def _t(self, clock):
        return clock.step if self.per == "step" else clock.epoch


_PER = OneOf(("step", "epoch"))


@SCHEDULES.register("exponential")
class ExponentialDecay(_Decay):
    r"""Exponential decay, :math:`\eta = \eta_0 e^{-k t}`.

    Parameters
    ----------
    k : float >= 0, default=1e-4
        The decay.
    per : {"step", "epoch"}, default="step"
        What t counts, from 1.

    Examples
    --------
    >>> from skdeep.schedules import Clock, ExponentialDecay
    >>> clock = Clock(step=20, epoch=2, steps_per_epoch=10, epochs=200)
    >>> round(ExponentialDecay(k=0.5, per="epoch").rate(1.0, clock), 4)
    0.3679
    """

    constraints = {"k": Number(0), "per": _PER}

    def __init__(self, k=1e-4, per="step"):
        self.k = k
        self.per = per

    def rate(self, initial, clock):
        """Return initial * exp(-k t)."""
        return initial * exp(-self.k * self._t(clock))


@SCHEDULES.register("inverse_time")
class InverseTimeDecay(_Decay):
    r"""1/t decay, :math:`\eta = \eta_0 / (1 + k t)`.

    Parameters
    ----------
    k : float >= 0, default=1e-3
        The decay.
    per : {"step", "epoch"}, default="step"
        What t counts, from 1.

    Examples
    --------
    >>> from skdeep.schedules import Clock, InverseTimeDecay
    >>> clock = Clock(step=9, epoch=1, steps_per_epoch=10, epochs=200)
    >>> InverseTimeDecay(k=1.0).rate(1.0, clock)
    0.1
    """

    constraints = {"k": Number(0), "per": _PER}

    def __init__(self, k=1e-3, per="step"):
        self.k = k
        self.per = per

    def rate(self, initial, clock):
        """Return initial / (1 + k t)."""
        return initial / (1 + self.k * self._t(clock))


@SCHEDULES.register("invscaling")
class InverseScaling(_Decay):
    r"""Inverse scaling, :math:`\eta = \eta_0 / t^p`, as described by scikit-learn.

    Parameters
    ----------
    power : float >= 0, default=0.5
        The exponent p (scikit-learn's ``power_t``).
    per : {"step", "epoch"}, default="step"
        What t counts, from 1.

    Examples
    --------
    >>> from skdeep.schedules import Clock, InverseScaling
    >>> InverseScaling().rate(1.0, Clock(step=4, epoch=1, steps_per_epoch=10, epochs=200))
    0.5
    """

    constraints = {"power": Number(0), "per": _PER}

    def __init__(self, power=0.5, per="step"):
        self.power = power
        self.per = per

    def rate(self, initial, clock):
        """Return initial / t^power."""
        return initial / self._t(clock) ** self.power


def _half_cosine(start, end, progress):
    return end + (start - end) * 0.5 * (1 + cos(pi * progress))


@SCHEDULES.register("cosine")
class Cosine(Schedule):
    r"""Cosine annealing from the initial rate to the final one over ``max_iter`` epochs.

    :math:`\eta = \eta_T + (\eta_0 - \eta_T)\,(1 + \cos(\pi (t - 1) / T)) / 2` with T the planned
    number of steps; after them the final rate stays.

    Parameters
    ----------
    final_factor : float in [0, 1], default=0.0
        The final rate as a share of the initial one.

    References
    ----------
    Loshchilov and Hutter (2017), arXiv:1608.03983.

    Examples
    --------
    >>> from skdeep.schedules import Clock, Cosine
    >>> round(Cosine().rate(1.0, Clock(step=6, epoch=6, steps_per_epoch=1, epochs=10)), 3)
    0.5
    """

    per = "step"
    has_horizon = True
    constraints = {"final_factor": Number(0, 1)}

    def __init__(self, final_factor=0.0):
        self.final_factor = final_factor

    def rate(self, initial, clock):
        """Return the rate on the half cosine."""
        return _half_cosine(initial, initial * self.final_factor, clock.progress)


@SCHEDULES.register("one_cycle")
class OneCycle(Schedule):
    """One cycle over ``max_iter`` epochs: up to the initial rate, then down to almost nothing.

    Both phases are half cosines; ``learning_rate_init`` is the peak.

    Parameters
    ----------
    warmup : float in (0, 1), default=0.3
        The share of the steps that goes up.
    start_factor : float in (0, 1], default=0.04
        The first rate as a share of the peak.
    final_factor : float in [0, 1], default=1e-4
        The last rate as a share of the peak.

    References
    ----------
    Smith and Topin (2018), "Super-convergence", arXiv:1708.07120.

    Examples
    --------
    >>> from skdeep.schedules import Clock, OneCycle
    >>> round(OneCycle().rate(1.0, Clock(step=1, epoch=1, steps_per_epoch=10, epochs=10)), 4)
    0.04
    """

    per = "step"
    has_horizon = True
    constraints = {
        "warmup": Number(0, 1, closed="neither"),
        "start_factor": Number(0, 1, closed="right"),
        "final_factor": Number(0, 1),
    }

    def __init__(self, warmup=0.3, start_factor=0.04, final_factor=1e-4):
        self.warmup = warmup
        self.start_factor = start_factor
        self.final_factor = final_factor

    def rate(self, initial, clock):
        """Return the rate on the way up or down."""
        progress = clock.progress
        if progress < self.warmup:
            return _half_cosine(initial * self.start_factor, initial, progress / self.warmup)
        down = (progress - self.warmup) / (1 - self.warmup)
        return _half_cosine(initial, initial * self.final_factor, down)


@SCHEDULES.register("warmup")
class Warmup(Schedule):
    """A linear warm-up in front of any schedule: its rates times min(1, t / T).

    Parameters
    ----------
    schedule : Schedule or None, default=None
        What is warmed up; None is a constant rate.
    epochs : int >= 1, default=5
        The length of the warm-up; T is its number of steps.

    References
    ----------
    Goyal et al. (2017), "Accurate, large minibatch SGD", arXiv:1706.02677.

    Examples
    --------
    >>> from skdeep.schedules import Clock, Cosine, Warmup
    >>> Warmup(Cosine(), epochs=2).rate(1.0, Clock(step=1, epoch=1, steps_per_epoch=1, epochs=10))
    0.5
    """

    per = "step"
    constraints = {"epochs": Number(1, integer=True)}

    def __init__(self, schedule=None, epochs=5):
        self.schedule = schedule
        self.epochs = epochs

    def validate(self):
        """Check the length, and that what is warmed up is a schedule."""
        super().validate()
        if self.schedule is not None and not isinstance(self.schedule, Schedule):
            raise TypeError(
                f"Warmup: schedule must be None or a Schedule object, got {self.schedule!r}."
            )
        self._inner.validate()

    @property
    def _inner(self):
        return Constant() if self.schedule is None else self.schedule

    @property
    def needs_validation(self):
        """Whether the schedule within needs validation data."""
        return self._inner.needs_validation

    @property
    def has_horizon(self):
        """Whether the schedule within is planned over ``max_iter`` epochs."""
        return self._inner.has_horizon

    def start(self):
        """Start the schedule within."""
        self._inner.start()

    def resume(self, other):
        """Let the schedule within go on."""
        self._inner.resumed(other._inner)

    def rate(self, initial, clock):
        """Return the rate of the schedule within times the warm-up."""
        share = clock.step / (self.epochs * clock.steps_per_epoch)
        return self._inner.rate(initial, clock) * min(1.0, share)

    def end_epoch(self, loss, score):
        """Hand the epoch's results on."""
        self._inner.end_epoch(loss, score)
