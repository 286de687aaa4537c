"""The base class of optimizers, and the table of the built-in ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from skdeep._component import Component, Registry, State


class Optimizer(Component):
    """Base class of optimizers; subclass it to add your own.

    An optimizer holds constants only, so that one object can serve many trainings. What it
    remembers of one of them is a state: the number ``t`` of updates so far, and an array for every
    name in ``slots``, as long as the parameter vector.

    Attributes
    ----------
    slots : tuple of str
        The names of the state's arrays.
    full_batch : bool
        True for optimizers that work on all data at once and drive the loop themselves. They define
        ``minimize``, all others ``_update``.
    needs_double : bool
        True if ``dtype="auto"`` should mean double precision, because rounding would mislead
        comparisons of losses.
    kernel : str or None
        The name of a compiled kernel for ``_update``; it counts only for the class that names it,
        not for subclasses.
    weight_decay : float
        Decoupled decay: the weights are multiplied by 1 - rate * weight_decay before each update.
    rates : dict of str to float
        Factors on the learning rate for kinds of parameters ("weight", "bias", "scale",
        "embedding"); 1 for those that it does not name. They do not apply to full-batch optimizers,
        which have no rate.
    decays : dict of str to float
        Factors on ``weight_decay`` for kinds of parameters. For those that it does not name the
        factor is 1 for weights, and 0 for all others.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPClassifier
    >>> from skdeep.optimizers import Optimizer
    >>> class SignDescent(Optimizer):
    ...     def _update(self, w, g, rate, t, scratch):
    ...         np.sign(g, out=g)
    ...         g *= rate
    ...         w -= g
    >>> MLPClassifier(optimizer=SignDescent()).optimizer
    SignDescent()
    """

    slots: tuple[str, ...] = ()
    kernel: str | None = None
    full_batch: bool = False
    needs_double: bool = False
    weight_decay: float = 0.0
    rates: dict[str, float] = {}
    decays: dict[str, float] = {}

    def start(self, parameters: np.ndarray) -> State:
        """Return the state that a training begins with: no updates so far, all arrays zero.

        Parameters
        ----------
        parameters : ndarray of shape (n_parameters,)
            The parameters to be trained. The state's arrays have their length and type.

        Returns
        -------
        State
        """
        return State(t=0, **{name: np.zeros_like(parameters) for name in self.slots})

    def resume(self, state: State) -> State:
        """Return the state to go on with, given the one that an optimizer of the same class left.

        The constants of the two optimizers may differ.
        """
        return state

    def step(self, objective: Any, state: State, rate: float) -> float:
        """Update the parameters once.

        Parameters
        ----------
        objective : Objective
            The penalised loss of the current batch.
        state : State
            What ``start`` returned; changed in place.
        rate : float
            The learning rate.

        Returns
        -------
        float
            The loss that the update started from.
        """
        state.t += 1
        if objective.has_fused_update:
            return objective.update(self, state, rate)
        loss = objective.evaluate()
        for group in objective.groups:
            part_rate = rate * group.rate
            if self.weight_decay and group.decay:
                decay = group.decay * self.weight_decay * objective.decay_share
                group.decaying *= 1 - part_rate * decay
            what = group.parameters, group.gradient, part_rate, state.t
            remembered = (group.of(state),) if self.slots else ()
            self._update(*what, objective.scratch[group.rows], *remembered)
        return loss

    # type checkers take ``*state, **_`` for anything, so that both forms of it may be defined
    def _update(
        self,
        w: np.ndarray,
        g: np.ndarray,
        rate: float,
        t: int,
        scratch: np.ndarray,
        *state: Any,
        **_: Any,
    ) -> None:
        """Update parameters in place.

        If kinds of parameters have rates of their own, it is called for one group of parameters
        after the other, with the parts of all arrays that belong to the group.

        Parameters
        ----------
        w : ndarray of shape (n,)
            The parameters.
        g : ndarray of shape (n,)
            Their gradient; may be overwritten.
        rate : float
            The learning rate.
        t : int
            The number of this update, from 1.
        scratch : ndarray of shape (n,)
            May be overwritten.
        state : State
            Only given if there are ``slots``. It holds their arrays, which are changed in place.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define _update(w, g, rate, t, scratch), with slots "
            "_update(w, g, rate, t, scratch, state)."
        )

    def _constants(self, state: State, rate: float) -> tuple[float, ...]:
        """Return the numbers that the compiled ``kernel`` takes in addition to the arrays."""
        raise NotImplementedError(f"{type(self).__name__} names a kernel without constants.")

    def minimize(
        self, objective: Any, max_iter: int, tol: float, callback: Callable[[float], object]
    ) -> str | None:
        """Train until the end, if ``full_batch``: as :class:`skdeep.optimizers.LBFGS` does it."""
        raise NotImplementedError(
            f"{type(self).__name__} must define minimize(objective, max_iter, tol, callback)."
        )

    def end_epoch(self, state: State, loss: float) -> None:
        """Take note of an epoch's training loss in ``state``; by default nothing is done."""


OPTIMIZERS = Registry("optimizer", Optimizer)
