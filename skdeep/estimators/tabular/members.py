"""The networks that a tabular estimator averages: MLPs with layers for the columns of a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi

from skdeep.estimators.mlp import MLPClassifier, MLPRegressor
from skdeep.initializers import HeNormal, LeCunNormal
from skdeep.network import Branch, Dense, FanInDense, FeatureScale, PiecewiseLinear, Stage
from skdeep.training import Observer

PIECE_UNITS = 8


@dataclass(frozen=True)
class Inlet:
    """What a network does with the encoded columns of a table.

    Parameters
    ----------
    n_inputs : int
        The inputs proper; the positions of numbers among their quantiles follow behind them.
    in_pieces : bool
        Whether the network looks at these positions, through piecewise-linear functions.
    n_bins : int
        The bins that positions count.
    scale_rate : float
        The factor on the learning rate of the learnt scale of each input.
    """

    n_inputs: int
    in_pieces: bool
    n_bins: int
    scale_rate: float

    def stage(self, n_columns):
        """Return what comes first in a network of so many columns."""
        scale = Stage(FeatureScale, {"rate": self.scale_rate})
        if n_columns == self.n_inputs:
            return scale
        branches = [(slice(0, self.n_inputs), (scale,))]
        if self.in_pieces:
            branches.append((slice(self.n_inputs, n_columns), (self._pieces(),)))
        return Stage(Branch, {"branches": tuple(branches)})

    def _pieces(self):
        options = {"n_bins": self.n_bins, "n_units": PIECE_UNITS, "init": LeCunNormal()}
        return Stage(PiecewiseLinear, {**options, "rate": (256 / self.n_bins) ** 0.5})


class _Member:
    """Mixin of a member: what its network is made of, and what watches its training."""

    _inlet: Inlet
    _watching = ()

    def _extend_architecture(self, architecture):
        first, *others = map(_with_own_rate, architecture.stages)
        first = replace(first, options={**first.options, "init": LeCunNormal()})
        inlet = self._inlet.stage(*architecture.in_shape)
        return replace(architecture, stages=(inlet, first, *others))

    def _observers(self):
        return self._watching

    def _say_what_is_kept(self, interruption, kept):
        """Say nothing: users do not see the members."""


def _with_own_rate(stage):
    """Return a stage whose weights, if it is a dense layer, learn at a rate of their own."""
    if stage.kind is not Dense:
        return stage
    options = {"n_units": stage.options["n_units"], "activation": stage.options["activation"]}
    return replace(stage, kind=FanInDense, options={**options, "init": HeNormal()})


class ClassifierMember(_Member, MLPClassifier):
    """A member that learns classes."""


class RegressorMember(_Member, MLPRegressor):
    """A member that learns numbers."""


class Fade(Observer):
    """Lets dropout and decay act fully for half of the training, then less and less."""

    def begin_epoch(self, trainer):
        """Set the share that acts in the epoch."""
        done = trainer.state.epoch / trainer.plan.max_iter
        trainer.objective.fade(1.0 if done < 0.5 else 0.5 * (1 + cos(pi * (2 * done - 1))))


class CycleEnds(Observer):
    """Copies the parameters at the end of some epochs.

    Parameters
    ----------
    epochs : sequence of int
    """

    def __init__(self, epochs):
        self.epochs = epochs
        self.copies = []

    def end_epoch(self, trainer, values):
        """Copy the parameters if it is the epoch's turn."""
        if trainer.state.epoch in self.epochs:
            self.copies.append(trainer.network.parameters.copy())
