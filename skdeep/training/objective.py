"""The one objective: weighted mean loss plus penalty, for a batch or for all data."""

from functools import cached_property
from math import isfinite, sqrt

import numpy as np

from skdeep import kernels
from skdeep.training.batches import Loader, blocks


class Objective:
    """The penalised loss of the current batch, as optimizers see it.

    Parameters
    ----------
    backprop : Backprop
    penalty : Penalty
    clip_norm : float or None
        The bound on the gradient's norm.

    Attributes
    ----------
    parameters, gradient, scratch : ndarray of shape (n_parameters,)
    weights : ndarray
        The part of the parameters that penalties and decay act on.
    gradient_norm : float
        The norm of the last gradient, before clipping.
    has_fused_update : bool
        Whether ``update`` may be called in the place of ``evaluate``.
    """

    has_fused_update = False

    def __init__(self, backprop, penalty, clip_norm=None):
        self.backprop = backprop
        self.penalty = penalty
        self.clip_norm = clip_norm
        self.parameters = backprop.parameters
        self.weights = backprop.weights
        self.gradient = backprop.gradient
        self.batch = None
        self.parameter_squares = None
        self.gradient_norm = 0.0

    @cached_property
    def scratch(self):
        """An array as long as the parameters to work in; fused updates need none."""
        return np.empty_like(self.gradient)

    def evaluate(self):
        """Return the loss of the batch and fill ``gradient``."""
        loss = self.backprop.evaluate(self.batch)
        self.backprop.backward()
        n = len(self.weights)
        self.penalty.add_gradient(self.weights, self.gradient[:n], self.scratch[:n])
        self.gradient_norm = norm(self.gradient)
        if self.clip_norm is not None and self.gradient_norm > self.clip_norm:
            self.gradient *= self.clip_norm / self.gradient_norm
        return loss + self.penalty.value(self.weights)

    def fuse(self, kernel, arrays):
        """Use a compiled kernel for updates, with the optimizer's state arrays."""
        self.has_fused_update = self.clip_norm is None  # a clipped gradient takes two passes
        self._update, self._arrays = kernel, arrays

    def update(self, shrink, constants):
        """Update the parameters in one pass and return the loss before.

        Parameters
        ----------
        shrink : float
            What decoupled decay multiplies the weights with.
        constants : tuple of float
            The optimizer's constants, as its kernel takes them.
        """
        backprop, penalty, w, g = self.backprop, self.penalty, self.parameters, self.gradient
        loss = backprop.evaluate(self.batch)
        backprop.backward()
        if penalty.l1:
            loss += penalty.l1_value(self.weights)
        before, squares, self.parameter_squares = self._update(
            w, g, len(self.weights), penalty.l2, penalty.l1, shrink, *self._arrays, *constants
        )
        self.gradient_norm = sqrt(squares) if isfinite(squares) else norm(g)
        return loss + 0.5 * penalty.l2 * before

    def value(self):
        """Return the loss of the batch with the masks and noise of the last ``evaluate``."""
        return self.backprop.evaluate(self.batch, fresh=False) + self.penalty.value(self.weights)


class FullObjective:
    """The penalised loss of all data, accumulated block by block.

    Parameters
    ----------
    backprop : Backprop
    penalty : Penalty
    data : Data
    block : int
        The rows of a block.
    """

    def __init__(self, backprop, penalty, data, block):
        self.backprop = backprop
        self.penalty = penalty
        self.data = data
        self.block = block
        self.loader = Loader(data, block, backprop.parameters.dtype)
        self.parameters = backprop.parameters
        self.weights = backprop.weights
        self.gradient = np.empty_like(backprop.gradient)
        self.scratch = np.empty_like(backprop.gradient)
        self.parameter_squares = None

    def evaluate(self, l1=True):
        """Return the loss and fill ``gradient``; without its L1 part if ``l1`` is False."""
        loss = 0.0
        self.gradient[...] = 0
        for rows in blocks(self.data, self.block):
            batch = self.loader.load(rows, divisor=len(self.data))
            loss += self.backprop.evaluate(batch)
            self.backprop.backward()
            self.gradient += self.backprop.gradient
        penalty = self.penalty if l1 else self.penalty.smooth_part()
        n = len(self.weights)
        penalty.add_gradient(self.weights, self.gradient[:n], self.scratch[:n])
        self.gradient_norm = norm(self.gradient)
        return loss + penalty.value(self.weights)


def norm(x):
    """Return the Euclidean norm of a vector as a float; of finite numbers it is finite."""
    squares = kernels.squared_norm(x)
    if isfinite(squares):
        return sqrt(squares)
    return float(np.linalg.norm(x.astype(np.float64)))  # single precision may have overflowed
