"""Training the networks of a tabular estimator, each by itself, for a number of rows."""

from __future__ import annotations

import copy
import warnings
from dataclasses import dataclass
from math import ceil, inf
from time import perf_counter
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from skdeep.estimators.tabular.members import CycleEnds, Fade, Inlet
from skdeep.network import Network
from skdeep.optimizers import AdamW
from skdeep.schedules import CosineLog

CYCLES = 4
SPAN = 2**CYCLES - 1  # epochs come in multiples of it, so that all cycles end with an epoch
_STEPS_A_ROW = 0.35
_MOST_STEPS = 6000
_LEAST_STEPS = 1000
_FEW_ROWS = 1500  # below this smaller networks do as well, and for classes fewer steps
_SCALE_RATE = 0.0175  # of the learnt scales, whatever the rate of the rest


@dataclass(frozen=True)
class Recipe:
    """How each network is trained.

    Parameters
    ----------
    kind : type
        ClassifierMember or RegressorMember.
    params : dict
        The member's parameters that all networks share.
    n_inputs : int
        Inputs of the encoded table, before the positions of numbers.
    n_bins : int
        The bins that positions count.
    has_positions : bool
        Whether there are any.
    dropout : float
        The share of units dropped in every other network.
    """

    kind: type
    params: dict[str, Any]
    n_inputs: int
    n_bins: int
    has_positions: bool
    dropout: float

    def in_pieces(self, number):
        """Whether a network looks at positions: every other one, if there are any."""
        return number % 2 == 1 and self.has_positions

    def member(self, number, seed):
        """Return an untrained network: plain and piecewise by turns, dropout for half of each."""
        in_pieces = self.in_pieces(number)
        drops = number % 4 in (1, 2)
        member = self.kind(**self.params, dropout=self.dropout if drops else 0.0, random_state=seed)
        scale_rate = _SCALE_RATE / self.params["learning_rate_init"]
        member._inlet = Inlet(self.n_inputs, in_pieces, self.n_bins, scale_rate)
        return member


@dataclass(frozen=True)
class Lesson:
    """What a network learns from: encoded rows, their targets, and weights or None."""

    X: np.ndarray
    y: np.ndarray
    weights: np.ndarray | None

    def __call__(self, member):
        """Train a network."""
        member.fit(self.X, self.y, self.weights)


def shared_params(n_rows, epochs, learning_rate_init, weight_decay, batch_size, **others):
    """Return the parameters of all members for a number of training rows."""
    return {
        "optimizer": AdamW(beta_2=0.95, weight_decay=weight_decay),
        "learning_rate": CosineLog(cycles=CYCLES),
        "learning_rate_init": learning_rate_init,
        "batch_size": min(batch_size, n_rows),
        "alpha": 0.0,
        "max_iter": epochs,
        "n_iter_no_change": inf,
        **others,
    }


def sizes_for(hidden_layer_sizes, n_rows):
    """Return the units of each hidden layer; "auto" goes by the number of training rows."""
    if isinstance(hidden_layer_sizes, str) and hidden_layer_sizes == "auto":
        return (64,) * 3 if n_rows < _FEW_ROWS else (128,) * 3
    return hidden_layer_sizes


def n_epochs(n_rows, batch_size, effort, least_for_few):
    """Return the epochs that make enough steps of so many rows, a multiple of the cycles' span."""
    least = least_for_few if n_rows < _FEW_ROWS else _LEAST_STEPS
    steps = effort * min(max(_STEPS_A_ROW * n_rows, least), _MOST_STEPS)
    per_epoch = ceil(n_rows / batch_size)
    return SPAN * max(1, round(steps / per_epoch / SPAN))


def trained(recipe, seeds, lessons, tasks, n_jobs, verbose):
    """Train networks one after the other, or several at a time; yield the ends of each.

    Parameters
    ----------
    recipe : Recipe
    seeds : sequence of int
        One for each network.
    lessons : iterable of callable
        What trains each network, given it; made when its turn comes.
    tasks : sequence of Tasks or NoTasks
        What callbacks are told of each network.
    n_jobs : int or None
    verbose : int

    Yields
    ------
    list of ClassifierMember or RegressorMember
        Fitted: a network as it was at the end of every cycle.
    """
    start, n = perf_counter(), len(seeds)
    jobs = (
        delayed(_trained)(recipe.member(number, seed), task, lesson)
        for number, seed, lesson, task in zip(range(n), seeds, lessons, tasks, strict=True)
    )
    # in the order of the networks, so that the result is the same with any n_jobs
    found = Parallel(n_jobs, return_as="generator", pre_dispatch="n_jobs")(jobs)
    for number, ends in enumerate(found, 1):
        yield ends
        if verbose:
            passed = perf_counter() - start
            left = passed / number * (n - number)
            print(f"network {number} of {n}  {passed:.1f} s, about {left:.1f} s left")


def _trained(member, task, lesson):
    """Train a member; return a fitted copy for the end of every cycle."""
    span = member.max_iter // SPAN
    ends = CycleEnds([span * (2**i - 1) for i in range(1, CYCLES + 1)])
    member._watching = [Fade(), ends]
    with warnings.catch_warnings():  # said of all rows already
        warnings.filterwarnings("ignore", "The number of unique classes")
        warnings.filterwarnings("ignore", "There is only one class")
        with task.passed_on_to(member):
            lesson(member)
    del member._watching
    # a callback may have ended training: cycles that it cut off end there
    cut_off = [member._network.parameters] * (CYCLES - len(ends.copies))
    return [_at(member, parameters) for parameters in [*ends.copies, *cut_off]]


def _at(member, parameters):
    stage = copy.copy(member)
    stage._network = Network(member._network.architecture, parameters)
    return stage


def seeds(random_state, n):
    """Return a seed for each network, which does not depend on how many there are."""
    return [int(seed) for seed in random_state.randint(np.iinfo(np.int32).max, size=n)]
