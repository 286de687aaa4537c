"""Rates planned over the whole training, and a warm-up in front of any schedule."""

from __future__ import annotations

from math import cos, log2, pi

from skdeep._component import State
from skdeep._constraints import Number
from skdeep.schedules.base import SCHEDULES, Clock, Schedule


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

    def __init__(self, final_factor: float = 0.0) -> None:
        self.final_factor = final_factor

    def rate(self, initial: float, clock: Clock) -> float:
        """Return the rate on the half cosine."""
        return _half_cosine(initial, initial * self.final_factor, clock.progress)


@SCHEDULES.register("cosine_log")
class CosineLog(Schedule):
    r"""Cycles that get twice as long each time, over ``max_iter`` epochs.

    :math:`\eta = \eta_0 (1 - \cos(2 \pi \log_2(1 + (2^c - 1)\,t))) / 2` with t the share of the
    training that is done and c the number of cycles: in each of them the rate rises from zero to
    the initial one and falls back. They end at the shares :math:`(2^i - 1) / (2^c - 1)`.

    Parameters
    ----------
    cycles : int >= 1, default=4
        The number c of cycles.

    References
    ----------
    Holzmueller, Grinsztajn and Steinwart (2024), "Better by default: strong pre-tuned MLPs and
    boosted trees on tabular data", arXiv:2407.04491.

    Examples
    --------
    >>> from skdeep.schedules import Clock, CosineLog
    >>> rates = [CosineLog().rate(1.0, Clock(i, i, 1, 30)) for i in (1, 2, 3, 4, 7, 15)]
    >>> [round(rate, 2) for rate in rates]
    [0.0, 0.93, 0.0, 0.72, 0.0, 0.0]
    """

    per = "step"
    has_horizon = True
    constraints = {"cycles": Number(1, integer=True)}

    def __init__(self, cycles: int = 4) -> None:
        self.cycles = cycles

    def rate(self, initial: float, clock: Clock) -> float:
        """Return the rate within the present cycle."""
        cycle = log2(1 + (2**self.cycles - 1) * clock.progress)
        return initial * 0.5 * (1 - cos(2 * pi * cycle))

    def ends(self) -> list[float]:
        """Return the shares of the training at which the cycles end."""
        return [(2**i - 1) / (2**self.cycles - 1) for i in range(1, self.cycles + 1)]


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
        Where the last step leads: the rate after it, as a share of the peak.

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

    def __init__(
        self, warmup: float = 0.3, start_factor: float = 0.04, final_factor: float = 1e-4
    ) -> None:
        self.warmup = warmup
        self.start_factor = start_factor
        self.final_factor = final_factor

    def rate(self, initial: float, clock: Clock) -> float:
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
    schedule : str, Schedule or None, default=None
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

    def __init__(self, schedule: str | Schedule | None = None, epochs: int = 5) -> None:
        self.schedule = schedule
        self.epochs = epochs

    def validate(self) -> None:
        """Check the length, and that what is warmed up is a schedule."""
        super().validate()
        self._inner()

    def _inner(self):
        return SCHEDULES.resolve("constant" if self.schedule is None else self.schedule)

    @property
    def needs_validation(self) -> bool:
        """Whether the schedule within needs validation data."""
        return self._inner().needs_validation

    @property
    def has_horizon(self) -> bool:
        """Whether the schedule within is planned over ``max_iter`` epochs."""
        return self._inner().has_horizon

    @property
    def counts_epochs(self) -> bool:
        """Whether the rate of the schedule within goes by the number of epochs."""
        return self._inner().counts_epochs

    def start(self) -> State:
        """Start the schedule within."""
        inner = self._inner()
        return State(schedule=inner, inner=inner.start())

    def resume(self, state: State) -> State:
        """Let the schedule within go on where it is of the same class, else begin anew."""
        inner = self._inner()
        is_same = type(inner) is type(state.schedule)
        return State(schedule=inner, inner=inner.resume(state.inner) if is_same else inner.start())

    def rate(self, initial: float, clock: Clock) -> float:
        """Return the rate of the schedule within times the warm-up."""
        share = clock.share_of(self.epochs) + 1 / (self.epochs * clock.steps_per_epoch)
        state = clock.state or self.start()
        rate = state.schedule.rate(initial, clock._replace(state=state.inner))
        return rate * min(1.0, share)

    def end_epoch(self, state: State, loss: float, score: float | None) -> None:
        """Hand the epoch's results on."""
        state.schedule.end_epoch(state.inner, loss, score)
