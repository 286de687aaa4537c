"""Histograms of the outputs of hidden layers: of a trained network, or under initializers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.utils import check_random_state

from skdeep._constraints import Seed
from skdeep._typing import ArrayLike, MatrixLike, Self
from skdeep.activations import ACTIVATIONS, Activation, Identity
from skdeep.initializers import INITIALIZERS, Initializer
from skdeep.inspection._display import Display
from skdeep.inspection._estimators import network_estimator, transformed
from skdeep.inspection._types import ManyAxes, NetworkLike
from skdeep.losses import SquaredError
from skdeep.network import Architecture, Dense, Network, Stage


class ActivationStatisticsDisplay(Display):
    """Histograms of the outputs of every hidden layer: a row a network, a column a layer.

    Parameters
    ----------
    outputs : dict of str to list of ndarray of shape (n_samples, n_units)
        For every network the outputs of its hidden layers.

    Attributes
    ----------
    ax_, axes_ : ndarray of Axes of shape (n_networks, n_layers)
    figure_ : Figure
    bars_ : dict of str to list of BarContainer
        The histograms, a list of layers for every network.

    Examples
    --------
    >>> from skdeep.inspection import ActivationStatisticsDisplay
    >>> display = ActivationStatisticsDisplay.from_inits(
    ...     ["normal", "glorot_normal"], activation="tanh", hidden_layer_sizes=(50,) * 5,
    ...     random_state=0
    ... )
    >>> spread = {init: float(layers[-1].std()) for init, layers in display.outputs.items()}
    >>> spread["normal"] < 1e-3 < 0.3 < spread["glorot_normal"]
    True
    """

    def __init__(self, outputs: dict[str, list[np.ndarray]]) -> None:
        self.outputs = outputs

    @classmethod
    def from_estimator(
        cls,
        estimator: NetworkLike,
        X: MatrixLike,
        *,
        bins: int = 40,
        ax: ManyAxes = None,
        draw: bool = True,
    ) -> Self:
        """Draw the outputs of a fitted estimator's hidden layers.

        Parameters
        ----------
        estimator : estimator
            A fitted estimator of skdeep, a pipeline that ends in one, or a search or a
            TransformedTargetRegressor around one.
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        bins : int, default=40
            The number of bars of a histogram.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        ActivationStatisticsDisplay

        Raises
        ------
        NotFittedError, TypeError
            If the estimator is not fitted, or not one of skdeep's.
        ValueError
            If X does not suit it, or there are no hidden layers.
        """
        cls._check_drawing(draw, ax)
        last = network_estimator(estimator)
        network = last._network
        if len(network.weighted) < 2:
            raise ValueError("estimator has no hidden layers, so there is nothing to show.")
        X = last._checked(transformed(estimator, X))
        X = X.astype(network.dtype, copy=False)
        display = cls({type(last).__name__: _hidden_outputs(network, X)})
        return display._drawn(draw, ax, bins=bins)

    @classmethod
    def from_inits(
        cls,
        inits: Sequence[str | Initializer] | None = None,
        *,
        activation: str | Activation = "tanh",
        X: ArrayLike | None = None,
        hidden_layer_sizes: Sequence[int] = (100,) * 5,
        random_state: int | np.random.RandomState | None = None,
        bins: int = 40,
        ax: ManyAxes = None,
        draw: bool = True,
    ) -> Self:
        """Draw the outputs of untrained networks that differ in their initializer.

        Parameters
        ----------
        inits : list of str or Initializer, default=None
            Names or objects. None takes all that have a name.
        activation : str or Activation, default="tanh"
            The activation of all hidden layers.
        X : array-like of shape (n_samples, n_features), default=None
            The inputs. None draws 500 rows of standard Gaussian numbers, as many in a row as the
            first layer has units.
        hidden_layer_sizes : sequence of int, default=(100, 100, 100, 100, 100)
            The number of units of each hidden layer.
        random_state : int, RandomState instance or None, default=None
            The seed of inputs and weights.
        bins : int, default=40
            The number of bars of a histogram.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        ActivationStatisticsDisplay

        Raises
        ------
        ValueError, TypeError
            If a name is unknown, or an object of the wrong kind.
        """
        cls._check_drawing(draw, ax)
        if len(hidden_layer_sizes) == 0:
            raise ValueError("hidden_layer_sizes must name at least one layer, got none.")
        Seed().check(cls.__name__, "random_state", random_state)
        seed = check_random_state(random_state).randint(2**31 - 1)
        if X is None:
            X = np.random.default_rng(seed).standard_normal((500, hidden_layer_sizes[0]))
        X = np.asarray(X, dtype=np.float64)
        shape = X.shape[1], tuple(hidden_layer_sizes)
        values = INITIALIZERS if inits is None else inits
        display = cls(
            {
                str(init): _hidden_outputs(_untrained(init, activation, *shape, seed), X)
                for init in values
            }
        )
        return display._drawn(draw, ax, bins=bins)

    def plot(self, ax: ManyAxes = None, *, bins: int = 40) -> Self:
        """Draw the histograms, with the mean and the standard deviation of each.

        Several networks share one range, so that outputs that shrink or grow are seen to do so;
        what lies beyond is counted at its end.

        Parameters
        ----------
        ax : Axes, array-like of Axes or None, default=None
            One axes whose place the panels take, or one for each network and layer. None makes a
            new figure.
        bins : int, default=40
            The number of bars of a histogram.

        Returns
        -------
        self : ActivationStatisticsDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        n_layers = max(map(len, self.outputs.values()))
        height = 2.2 if len(self.outputs) == 1 else 1.2
        self._many_axes(ax, (len(self.outputs), n_layers), (2.2, height))
        self.bars_ = {}
        limits = _range(self.outputs) if len(self.outputs) > 1 else None
        for row, (label, layers) in zip(self.axes_, self.outputs.items(), strict=True):
            self.bars_[label] = [
                _histogram(ax, values, bins, limits) for ax, values in zip(row, layers, strict=True)
            ]
            for ax, values in zip(row, layers, strict=True):
                ax.set_title(_summary(values), fontsize="x-small")
                ax.set_yticks([])
            row[0].set_ylabel(label, fontsize="small", rotation=0, ha="right", va="center")
        for i, panel in enumerate(self.axes_[0]):
            panel.set_title(f"hidden layer {i + 1}\n{panel.get_title()}", fontsize="small")
        for panel in self.axes_[-1]:
            panel.set_xlabel("output")
        return self


def _hidden_outputs(network, x):
    """Return the outputs of all parts of the chain that hold parameters, but for the last."""
    outputs = []
    for i, part in enumerate(network.chain[:-1]):
        x = network.through(x, i, i + 1)
        if any(leaf.parameters() for leaf in part.leaves):
            outputs.append(x)
    return outputs


def _untrained(init, activation, n_inputs, sizes, seed):
    init = INITIALIZERS.resolve(init)
    units = [(int(size), ACTIVATIONS.resolve(activation)) for size in sizes]
    stages = tuple(
        Stage(Dense, {"n_units": n, "activation": activation, "init": init})
        for n, activation in [*units, (1, Identity())]
    )
    double = np.dtype(np.float64)
    network = Network(Architecture((n_inputs,), stages, SquaredError(), double))
    network.initialise(np.random.default_rng(seed))
    return network


def _range(outputs):
    """Return a range that suits most panels: what goes beyond counts as at its end."""
    panels = [values for layers in outputs.values() for values in layers]
    low, high = (float(np.median([f(values) for values in panels])) for f in (np.min, np.max))
    return (low, high) if low < high else (low - 1, low + 1)


def _histogram(ax, values, bins, limits):
    if limits is not None:
        values = np.clip(values, *limits)
    return ax.hist(values.ravel(), bins=bins, range=limits)[2]


def _summary(values):
    return f"mean {values.mean():.1g}, std {values.std():.2g}"
