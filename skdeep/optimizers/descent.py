"""Gradient descent: plain, with momentum, with a look ahead, and with a search along the line."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite
from typing import Any

import numpy as np

from skdeep._component import State
from skdeep._constraints import Number
from skdeep.optimizers.base import OPTIMIZERS, Optimizer


@OPTIMIZERS.register("sgd")
class SGD(Optimizer):
    r"""Plain gradient descent.

    .. math:: w \leftarrow w - \eta g

    References
    ----------
    Robbins and Monro (1951), "A stochastic approximation method", Ann. Math. Statist. 22.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(optimizer="sgd", learning_rate_init=0.1).optimizer
    'sgd'
    """

    kernel = "sgd"

    def _update(self, w, g, rate, t, scratch):
        g *= rate
        w -= g

    def _constants(self, state, rate):
        return (rate,)


class _Heavy(Optimizer):
    """Momentum that may begin low and rise once the first learning settles."""

    slots = ("u",)
    constraints = {
        "momentum": Number(0, 1, closed="left"),
        "initial_momentum": Number(0, 1, closed="left", others=(None,)),
        "settled": Number(0, 1, closed="neither"),
    }

    def __init__(
        self, momentum: float = 0.9, initial_momentum: float | None = None, settled: float = 0.05
    ) -> None:
        self.momentum = momentum
        self.initial_momentum = initial_momentum
        self.settled = settled

    def start(self, parameters: np.ndarray) -> State:
        """Begin with the velocity zero and the first momentum."""
        state = super().start(parameters)
        state.last_loss = inf
        state.has_settled = self.initial_momentum is None
        return state

    def resume(self, state: State) -> State:
        """Go on with the velocity, and with what is known of the learning so far."""
        state.has_settled = state.has_settled or self.initial_momentum is None
        return state

    def _gamma(self, state):
        return self.momentum if state.has_settled else self.initial_momentum

    def end_epoch(self, state: State, loss: float) -> None:
        """Raise the momentum for good once an epoch lowers the loss by less than ``settled``."""
        if isfinite(state.last_loss) and loss > (1 - self.settled) * state.last_loss:
            state.has_settled = True
        state.last_loss = loss


@OPTIMIZERS.register("momentum")
class Momentum(_Heavy):
    r"""Gradient descent with momentum.

    .. math:: u_t = \gamma u_{t-1} + \eta g, \quad w \leftarrow w - u_t

    Parameters
    ----------
    momentum : float in [0, 1), default=0.9
        The share gamma of the last update that is kept.
    initial_momentum : float in [0, 1) or None, default=None
        A lower momentum (0.5 is the usual advice) for the first learning. It is raised to
        ``momentum`` for good after the first epoch that lowers the training loss by less than the
        share ``settled``. None: ``momentum`` from the start.
    settled : float in (0, 1), default=0.05
        When the first learning counts as settled; of no effect without ``initial_momentum``. With
        a very low rate, or full batches, the first epochs may already count as settled.

    References
    ----------
    Polyak (1964), "Some methods of speeding up the convergence of iteration methods", USSR Comput.
    Math. Math. Phys. 4. The advice on a low start: Hinton (2012), "A practical guide to training
    restricted Boltzmann machines".

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.optimizers import Momentum
    >>> MLPClassifier(optimizer=Momentum(initial_momentum=0.5)).optimizer
    Momentum(initial_momentum=0.5)
    """

    kernel = "momentum"

    def _update(self, w, g, rate, t, scratch, state):
        state.u *= self._gamma(state)
        g *= rate
        state.u += g
        w -= state.u

    def _constants(self, state, rate):
        return rate, self._gamma(state)


@OPTIMIZERS.register("nesterov")
class Nesterov(_Heavy):
    r"""Nesterov's momentum: the gradient is taken where the momentum leads.

    .. math:: u_t = \gamma u_{t-1} + \eta\, g(w - \gamma u_{t-1}), \quad w \leftarrow w - u_t

    The recorded loss is the one at the look-ahead point.

    Parameters
    ----------
    momentum : float in [0, 1), default=0.9
        The share gamma of the last update that is kept.
    initial_momentum : float in [0, 1) or None, default=None
        A lower momentum for the first learning, as in :class:`Momentum`.
    settled : float in (0, 1), default=0.05
        When the first learning counts as settled, as in :class:`Momentum`.

    References
    ----------
    Nesterov (1983), "A method for solving the convex programming problem with convergence rate
    O(1/k^2)", Soviet Math. Dokl. 27; Sutskever, Martens, Dahl and Hinton (2013), "On the importance
    of initialization and momentum in deep learning", ICML.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.optimizers import Nesterov
    >>> MLPClassifier(optimizer=Nesterov(momentum=0.95)).optimizer
    Nesterov(momentum=0.95)
    """

    kernel = "nesterov"

    def step(self, objective: Any, state: State, rate: float) -> float:
        """Move to the look-ahead point, take the gradient there, and finish the update."""
        state.u *= self._gamma(state)
        objective.parameters -= state.u
        return super().step(objective, state, rate)

    def _update(self, w, g, rate, t, scratch, state):
        # w is at the look-ahead point and u is already gamma u: only the gradient's part is left
        g *= rate
        state.u += g
        w -= g

    def _constants(self, state, rate):
        return (rate,)


@OPTIMIZERS.register("line_search")
class LineSearch(Optimizer):
    r"""Gradient descent that tries several rates on the same batch and keeps the best.

    .. math:: w \leftarrow w - \eta f^* g, \quad f^* = \arg\min_f L(w - \eta f g)

    One gradient and as many evaluations of the loss as there are factors a step. If no rate lowers
    the loss, the least bad one is still taken.

    Parameters
    ----------
    factors : sequence of float > 0, default=(0.01, 0.1, 1.0, 10.0, 100.0)
        The rates to try, as multiples of the scheduled learning rate.

    References
    ----------
    Nocedal and Wright (2006), "Numerical optimization", chapter 3.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> from skdeep.optimizers import LineSearch
    >>> MLPRegressor(optimizer=LineSearch(factors=(0.5, 1, 2)), learning_rate_init=0.1).optimizer
    LineSearch(factors=(0.5, 1, 2))
    """

    needs_double = True

    def __init__(
        self, factors: Sequence[float] | np.ndarray = (0.01, 0.1, 1.0, 10.0, 100.0)
    ) -> None:
        self.factors = factors

    def validate(self) -> None:
        """Check that there are factors, and that they are positive."""
        if not isinstance(self.factors, (tuple, list, np.ndarray)) or len(self.factors) == 0:
            raise TypeError(
                f"LineSearch: factors must be a sequence of positive numbers, got {self.factors!r}."
            )
        for factor in self.factors:
            Number(0, closed="neither").check("LineSearch", "every factor", factor)

    def step(self, objective: Any, state: State, rate: float) -> float:
        """Take the gradient once, then try every rate along it."""
        state.t += 1
        loss = objective.evaluate()
        for group in objective.groups:
            if group.rate != 1:
                group.gradient *= group.rate
        start = objective.scratch
        start[...] = objective.parameters
        best, best_rate = inf, rate * float(min(self.factors))
        for factor in self.factors:
            self._move(objective, start, rate * float(factor))
            value = objective.value()
            if value < best:  # never true of nan
                best, best_rate = value, rate * float(factor)
        self._move(objective, start, best_rate)
        return loss

    @staticmethod
    def _move(objective, start, rate):
        np.multiply(objective.gradient, rate, out=objective.parameters)
        np.subtract(start, objective.parameters, out=objective.parameters)
