"""What an optimizer is to the engine, and the table of the built-in ones."""

import numpy as np

from skdeep._component import Component, Registry


class Optimizer(Component):
    """Base class of optimizers; subclass it to add your own.

    The constructor stores constants only. Before training, ``start`` allocates one array for every
    name in ``slots``, as long as the parameter vector, under that name.

    Attributes
    ----------
    slots : tuple of str
        The names of the state arrays.
    full_batch : bool
        True for optimizers that work on all data at once and drive the loop themselves.
    needs_double : bool
        True if ``dtype="auto"`` should mean double precision.
    kernel : str or None
        The name of a compiled kernel for ``_update``; it counts only for the class that names it,
        not for subclasses.
    weight_decay : float
        Decoupled decay: the weights are multiplied by 1 - rate * weight_decay before each update.

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

    slots = ()
    kernel = None
    full_batch = False
    needs_double = False
    weight_decay = 0.0

    def start(self, parameters):
        """Allocate the state for a parameter vector, all zero."""
        for name in self.slots:
            setattr(self, name, np.zeros_like(parameters))

    def resume(self, other):
        """Go on from the state of an optimizer of the same class."""
        for name in self.slots:
            setattr(self, name, getattr(other, name))

    def resumed(self, other, parameters):
        """Return this optimizer, started, and going on from another where that is of its class."""
        self.start(parameters)
        if type(other) is type(self):
            self.resume(other)
        return self

    def step(self, objective, rate, t):
        """Update the parameters once.

        Parameters
        ----------
        objective : Objective
            The penalised loss of the current batch.
        rate : float
            The learning rate.
        t : int
            The step, from 1.

        Returns
        -------
        float
            The loss that the update started from.
        """
        if objective.has_fused_update:
            return objective.update(1 - rate * self.weight_decay, self._constants(rate, t))
        loss = objective.evaluate()
        if self.weight_decay:
            objective.weights *= 1 - rate * self.weight_decay
        self._update(objective.parameters, objective.gradient, rate, t, objective.scratch)
        return loss

    def _update(self, w, g, rate, t, scratch):
        """Change ``w`` in place; ``g``, the gradient, and ``scratch`` may be overwritten."""
        raise NotImplementedError(
            f"{type(self).__name__} must define _update(w, g, rate, t, scratch)."
        )

    def _constants(self, rate, t):
        """Return what the compiled ``kernel`` takes beside the arrays, a tuple of floats."""
        raise NotImplementedError(f"{type(self).__name__} names a kernel without constants.")

    def minimize(self, objective, max_iter, tol, callback):
        """Drive the loop, if ``full_batch``; see :class:`skdeep.optimizers.LBFGS`."""
        raise NotImplementedError(
            f"{type(self).__name__} must define minimize(objective, max_iter, tol, callback)."
        )

    def end_epoch(self, loss):
        """Take note of an epoch's training loss."""


OPTIMIZERS = Registry("optimizer", Optimizer)
