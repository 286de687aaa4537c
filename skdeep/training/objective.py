"""The one objective: weighted mean loss plus penalty, for a batch or for all data."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import isfinite, sqrt
from typing import Any

import numpy as np

from skdeep import kernels
from skdeep._component import State
from skdeep.network import Backprop, Dropout
from skdeep.optimizers import Optimizer
from skdeep.penalties import Penalty
from skdeep.training.batches import Data, Loader, blocks
from skdeep.training.groups import groups


class Objective:
    """The penalised loss of the current batch, as optimizers see it.

    Parameters
    ----------
    backprop : Backprop
        The network in training.
    penalty : Penalty
        What is added to the loss.
    optimizer : Optimizer
        Its rates and decays divide the parameters into groups.
    clip_norm : float or None
        The bound on the gradient's norm; None for none.

    Attributes
    ----------
    parameters, gradient, scratch : ndarray of shape (n_trained,)
        What is trained, its gradient, and an array of the same length to work in.
    weights : ndarray
        The part of the parameters that penalties act on.
    groups : list of Group
        The parameters that are updated alike.
    decay_share : float
        The share of the optimizer's decay that acts, see ``fade``.
    gradient_norm : float
        The norm of the last gradient, before clipping.
    has_fused_update : bool
        Whether ``update`` may take the place of ``evaluate`` and the optimizer's arithmetic.
    """

    has_fused_update = False

    def __init__(
        self,
        backprop: Backprop,
        penalty: Penalty,
        optimizer: Optimizer,
        clip_norm: float | None = None,
    ) -> None:
        self.backprop = backprop
        self.penalty = penalty
        self.clip_norm = clip_norm
        self.parameters = backprop.parameters
        self.weights = backprop.weights
        self.gradient = backprop.gradient
        self.groups = groups(backprop.layout, optimizer, self.parameters, self.gradient)
        self.batch = None
        self.parameter_squares = None
        self.gradient_norm = 0.0
        self.decay_share = 1.0

    def fade(self, share: float) -> None:
        """From now on, let only a share of the dropout and of the optimizer's decay act."""
        self.decay_share = share
        for leaf in self.backprop.chain.leaves:
            if isinstance(leaf, Dropout):
                leaf.fade(share)

    @cached_property
    def scratch(self) -> np.ndarray:
        """An array to work in, made when it is first asked for: fused updates do without."""
        return np.empty_like(self.gradient)

    def evaluate(self) -> float:
        """Return the penalised loss of the batch, and fill ``gradient``."""
        loss = self.backprop.evaluate(self.batch)
        self.backprop.backward()
        n = len(self.weights)
        self.penalty.add_gradient(self.weights, self.gradient[:n], self.scratch[:n])
        self.gradient_norm = norm(self.gradient)
        if self.clip_norm is not None and self.gradient_norm > self.clip_norm:
            self.gradient *= self.clip_norm / self.gradient_norm
        return loss + self.penalty.value(self.weights)

    def fuse(self, kernel: Callable[..., Any], state: State, slots: tuple[str, ...]) -> None:
        """Use a compiled kernel for updates, with the given arrays of an optimizer's state."""
        self.has_fused_update = self.clip_norm is None  # a clipped gradient takes two passes
        self._update, penalty = kernel, self.penalty
        # tuples, as looking up names would take a share of the shortest steps
        self._parts = [
            (
                group.rate,
                group.rate * group.decay,
                0.5 * penalty.l2 if group.is_penalised else 0.0,
                (
                    group.parameters,
                    group.gradient,
                    group.n_decaying,
                    penalty.l2 if group.is_penalised else 0.0,
                    penalty.l1 if group.is_penalised else 0.0,
                ),
                tuple(group.part(getattr(state, name)) for name in slots),
            )
            for group in self.groups
        ]

    def update(self, optimizer: Optimizer, state: State, rate: float) -> float:
        """Update the parameters in one pass over memory, and return the loss before the update.

        Parameters
        ----------
        optimizer : Optimizer
            Tells the constants of the kernel.
        state : State
            What the optimizer remembers.
        rate : float
            The learning rate.
        """
        backprop, decay = self.backprop, optimizer.weight_decay
        loss = backprop.evaluate(self.batch)
        backprop.backward()
        if self.penalty.l1:
            loss += self.penalty.l1_value(self.weights)
        cost = squares = after = 0.0
        for part_rate, part_decay, half_l2, given, slots in self._parts:
            constants = optimizer._constants(state, rate * part_rate)
            shrink = 1 - rate * part_decay * decay * self.decay_share if decay else 1.0
            before, of_gradient, of_result = self._update(*given, shrink, *slots, *constants)
            cost += half_l2 * before
            squares += of_gradient
            after += of_result
        self.parameter_squares = after
        self.gradient_norm = sqrt(squares) if isfinite(squares) else norm(self.gradient)
        return loss + cost

    def value(self) -> float:
        """Return the penalised loss of the batch, with masks and noise as they were before."""
        return self.backprop.evaluate(self.batch, fresh=False) + self.penalty.value(self.weights)


class FullObjective:
    """The penalised loss of all data, accumulated block by block.

    Parameters
    ----------
    backprop : Backprop
        The network in training.
    penalty : Penalty
        What is added to the loss.
    data : Data
        All data.
    block : int
        How many rows a block has.
    """

    def __init__(self, backprop: Backprop, penalty: Penalty, data: Data, block: int) -> None:
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

    def evaluate(self, l1: bool = True) -> float:
        """Return the penalised loss and fill ``gradient``; ``l1=False`` leaves the L1 part out."""
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


def norm(x: np.ndarray) -> float:
    """Return the Euclidean norm of a vector as a float; of finite numbers it is finite."""
    squares = kernels.squared_norm(x)
    if isfinite(squares):
        return sqrt(squares)
    return float(np.linalg.norm(x.astype(np.float64)))  # single precision may have overflowed
