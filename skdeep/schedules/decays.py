"""Rates that follow a formula of the step or the epoch."""

from __future__ import annotations

from math import exp
from typing import Literal

from skdeep._constraints import Number, OneOf
from skdeep.schedules.base import SCHEDULES, Clock, Schedule


@SCHEDULES.register("constant")
class Constant(Schedule):
    r"""The same rate throughout, :math:`\eta = \eta_0`.

    Examples
    --------
    >>> from skdeep.schedules import Clock, Constant
    >>> Constant().rate(0.1, Clock(step=7, epoch=7, steps_per_epoch=1, epochs=200))
    0.1
    """

    def rate(self, initial: float, clock: Clock) -> float:
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

    References
    ----------
    Szegedy et al. (2015), "Going deeper with convolutions", arXiv:1409.4842 (a factor of 0.96 every
    8 epochs).

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

    def __init__(self, factor: float = 0.5, every: int = 5) -> None:
        self.factor = factor
        self.every = every

    def rate(self, initial: float, clock: Clock) -> float:
        """Return the rate of the current epoch."""
        return initial * self.factor ** ((clock.epoch - 1) // self.every)


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

    References
    ----------
    Senior, Heigold, Ranzato and Yang (2013), "An empirical study of learning rates in deep neural
    networks for speech recognition", ICASSP (exponential scheduling).

    Examples
    --------
    >>> from skdeep.schedules import Clock, ExponentialDecay
    >>> clock = Clock(step=20, epoch=2, steps_per_epoch=10, epochs=200)
    >>> round(ExponentialDecay(k=0.5, per="epoch").rate(1.0, clock), 4)
    0.3679
    """

    constraints = {"k": Number(0), "per": _PER}

    def __init__(self, k: float = 1e-4, per: Literal["step", "epoch"] = "step") -> None:
        self.k = k
        self.per = per

    def rate(self, initial: float, clock: Clock) -> float:
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

    References
    ----------
    Robbins and Monro (1951), "A stochastic approximation method", Ann. Math. Statist. 22; Bottou
    (2012), "Stochastic gradient descent tricks".

    Examples
    --------
    >>> from skdeep.schedules import Clock, InverseTimeDecay
    >>> clock = Clock(step=9, epoch=1, steps_per_epoch=10, epochs=200)
    >>> InverseTimeDecay(k=1.0).rate(1.0, clock)
    0.1
    """

    constraints = {"k": Number(0), "per": _PER}

    def __init__(self, k: float = 1e-3, per: Literal["step", "epoch"] = "step") -> None:
        self.k = k
        self.per = per

    def rate(self, initial: float, clock: Clock) -> float:
        """Return initial / (1 + k t)."""
        return initial / (1 + self.k * self._t(clock))


@SCHEDULES.register("invscaling")
class InverseScaling(_Decay):
    r"""Inverse scaling, :math:`\eta = \eta_0 / t^p`, as described by scikit-learn.

    Parameters
    ----------
    power : float in [0, 10], default=0.5
        The exponent p (scikit-learn's ``power_t``).
    per : {"step", "epoch"}, default="step"
        What t counts, from 1.

    Examples
    --------
    >>> from skdeep.schedules import Clock, InverseScaling
    >>> InverseScaling().rate(1.0, Clock(step=4, epoch=1, steps_per_epoch=10, epochs=200))
    0.5
    """

    constraints = {"power": Number(0, 10), "per": _PER}

    def __init__(self, power: float = 0.5, per: Literal["step", "epoch"] = "step") -> None:
        self.power = power
        self.per = per

    def rate(self, initial: float, clock: Clock) -> float:
        """Return initial / t^power."""
        return initial / self._t(clock) ** self.power
