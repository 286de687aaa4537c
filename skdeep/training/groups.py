"""Groups of parameters: what one call of an optimizer's update can serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdeep._component import State
from skdeep.network import Layout
from skdeep.optimizers import Optimizer


@dataclass
class Group:
    """Neighbouring parameters that have one learning rate, and of which the first ones may decay.

    Mostly there is a single group. There are several if an optimizer or a layer asks for rates or
    decays that differ between kinds of parameters.

    Parameters
    ----------
    start, stop : int
        Where its parameters lie in the flat vector.
    n_decaying : int
        How many of them, from the first, decay or are penalised.
    is_penalised : bool
        Whether these are weights, which the penalty acts on.
    rate, decay : float
        Factors on the learning rate and on the optimizer's decay.
    """

    start: int
    stop: int
    n_decaying: int
    is_penalised: bool
    rate: float
    decay: float

    def bind(self, parameters: np.ndarray, gradient: np.ndarray) -> None:
        """Take views of the parameters and of their gradient."""
        self.rows = slice(self.start, self.stop)
        self.parameters, self.gradient = parameters[self.rows], gradient[self.rows]
        self.decaying = self.parameters[: self.n_decaying]
        self.is_whole = self.stop - self.start == len(parameters)

    def of(self, state: State) -> State:
        """Return the part of an optimizer's state that belongs to the group."""
        if self.is_whole:
            return state
        parts = {name: self.part(value) for name, value in vars(state).items()}
        return State(**parts)

    def part(self, value: Any) -> Any:
        """Return the group's part of an array as long as the parameters; anything else as it is."""
        return value[self.rows] if isinstance(value, np.ndarray) else value


def groups(
    layout: Layout, optimizer: Optimizer, parameters: np.ndarray, gradient: np.ndarray
) -> list[Group]:
    """Return the groups into which the rates and decays asked for divide the parameters.

    Parameters
    ----------
    layout : Layout
        Where which parameters lie, and the rates that layers ask for.
    optimizer : Optimizer
        What has rates and decays for kinds of parameters.
    parameters, gradient : ndarray of shape (n_trained,)
        What the groups hold views of.
    """
    found = []
    for segment in layout.segments:
        new = _group(segment, optimizer)
        if not (found and _joined(found[-1], new)):
            found.append(new)
    for group in found:
        group.bind(parameters, gradient)
    return found


def _group(segment, optimizer):
    rows, kind, rate = segment
    is_weight = kind == "weight"
    decay = float(optimizer.decays.get(kind, 1.0 if is_weight else 0.0))
    # kernels penalise the same parameters as they let decay
    n_decaying = rows.stop - rows.start if is_weight or decay else 0
    rate *= float(optimizer.rates.get(kind, 1.0))
    return Group(rows.start, rows.stop, n_decaying, is_weight, rate, decay)


def _joined(last, new):
    """Let the last group take in a new one if one update can serve both; return whether it did."""
    if last.rate != new.rate:
        return False
    if new.n_decaying:
        decays_throughout = last.n_decaying == last.stop - last.start
        is_alike = (last.decay, last.is_penalised) == (new.decay, new.is_penalised)
        if not (decays_throughout and is_alike):
            return False
        last.n_decaying += new.n_decaying
    last.stop = new.stop
    return True
