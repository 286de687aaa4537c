"""From an estimator to a summary of its network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sklearn.base import clone

from skdeep._typing import MatrixLike, Self
from skdeep.estimators.base import BaseNetwork
from skdeep.estimators.overview import (
    LayerSummary,
    as_html,
    as_text,
    by,
    input_shape,
    overview,
    totals,
)
from skdeep.inspection._display import Display
from skdeep.inspection._estimators import innermost, network_estimator
from skdeep.inspection._types import NetworkLike
from skdeep.inspection.summary.drawing import draw, inches, plan_of
from skdeep.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class NetworkSummary(Display):
    """What a network is made of, and what it costs.

    ``print`` shows a table, a notebook the same as HTML, and ``plot`` draws the network.

    Parameters
    ----------
    title : str
        What the network is.
    in_shape : tuple of int
        The shape of a row of inputs.
    layers : list of LayerSummary
        A row for each layer, in order, and one for each group of layers;
        ``pandas.DataFrame(summary.layers)`` makes a table of them.

    Attributes
    ----------
    ax_ : Axes
        After ``plot``.
    figure_ : Figure
        After ``plot``.
    """

    def __init__(self, title: str, in_shape: tuple[int, ...], layers: list[LayerSummary]) -> None:
        self.title = title
        self.in_shape = in_shape
        self.layers = layers

    @property
    def n_parameters(self) -> int:
        """How many parameters there are, buffers included; shared ones count once."""
        return sum(layer.n_parameters for layer in self.layers)

    @property
    def multiplications(self) -> int:
        """How many multiplications a row takes in prediction."""
        return sum(layer.multiplications for layer in self.layers)

    @property
    def parameter_bytes(self) -> int:
        """The memory of all parameters."""
        return sum(layer.parameter_bytes for layer in self.layers)

    @property
    def row_bytes(self) -> int:
        """The memory of a row's outputs in all layers."""
        return sum(layer.row_bytes for layer in self.layers)

    def __repr__(self):
        return f"<NetworkSummary of {self.title}: {self.n_parameters:,} parameters>"

    def __str__(self):
        return f"{self.title}\n\n{as_text(self.layers)}\n\n{totals(self.layers)}"

    def _repr_html_(self):
        title = escape(self.title).replace("\n", "<br>")
        return f"<div><p>{title}</p>{as_html(self.layers)}<p>{totals(self.layers)}</p></div>"

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw the network from top to bottom: a block for each layer, as its outputs are shaped.

        Vectors are bars, whose length follows the logarithm of their size. Images and signals are
        stacks of sheets, of which there are more the more channels there are. An identity shortcut
        runs beside the layers that it bridges, and ends in a plus sign.

        Parameters
        ----------
        ax : Axes or None, default=None
            Where to draw; None makes a figure as high as the network needs.

        Returns
        -------
        self : NetworkSummary

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        plan = plan_of(self.in_shape, self.layers)
        drawn = self._one_axes(ax)
        if ax is None:
            self.figure_.set_size_inches(*inches(plan, self.title))
        draw(drawn, plan, self.title)
        return self


def summary(
    estimator: NetworkLike, X: MatrixLike | None = None, y: MatrixLike | None = None
) -> NetworkSummary:
    """Summarise the network of an estimator: its layers, their shapes, parameters and costs.

    Parameters
    ----------
    estimator : estimator
        A fitted estimator of skdeep, a pipeline that ends in one, or a search or a
        TransformedTargetRegressor around one. Of a tabular estimator the network is shown that
        weighs most. With X it need not be fitted.
    X : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
        Data, to see the network that ``estimator.fit(X, y)`` would start with; nothing is trained.
        The estimator must then be one of skdeep's itself, and have a single network. A few rows do,
        if all classes are among them.
    y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
        The targets that go with X; an autoencoder needs none.

    Returns
    -------
    NetworkSummary
        With ``layers`` and ``plot()``.

    Raises
    ------
    NotFittedError
        If the estimator is not fitted, and there are no data.
    TypeError
        If it is no estimator of skdeep, or holds one while there are data.
    ValueError
        If there is a y but no X, or the data do not suit the estimator.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPClassifier
    >>> from skdeep.inspection import summary
    >>> X, y = np.zeros((2, 64)), ["no", "yes"]
    >>> print(summary(MLPClassifier((32, 16), activation="prelu"), X, y))
    MLPClassifier: 64 inputs, 1 output (logistic), float32
    <BLANKLINE>
    layer    kind          outputs  weights  biases  scales  multiplications    memory
    dense_0  Dense, PReLU  32         2,048      32      32            2,048   8.45 kB
    dense_1  Dense, PReLU  16           512      16      16              512   2.18 kB
    output   Dense         1             16       1                       16  68 bytes
    all                               2,576      49      48            2,576   10.7 kB
    <BLANKLINE>
    2,673 parameters (10.7 kB); a row takes 2,576 multiplications, and its outputs in all layers \
196 bytes.
    """
    if X is not None:
        return _of(estimator, _untrained(estimator, X, y))
    if y is not None:
        raise ValueError("y has no effect without X.")
    last = network_estimator(estimator)
    return _of(innermost(estimator), last._network)


def _untrained(estimator, X, y):
    """Return the network, with parameters of zero, that a fit would start with."""
    if not isinstance(estimator, BaseNetwork):
        raise TypeError(
            "With X, estimator must be one of skdeep's that have a single network, and not what "
            f"holds one, since nothing is fitted; got {estimator!r}."
        )
    copy = clone(estimator)
    plan = copy._plan()
    sample = copy._intake(plan).sample(X, y, None)
    return Network(copy._architecture(sample, plan, goes_on=False))


def _of(estimator, network):
    shape, n = input_shape(network), network.chain[-1].n_outputs
    inputs = f"input{'s' * (shape != (1,))}"
    title = (
        f"{type(estimator).__name__}: "
        f"{f'{shape[0]} {inputs}' if len(shape) == 1 else f'inputs of {by(shape)}'}, "
        f"{n} output{'s' * (n != 1)} ({network.loss.out_activation}), {network.dtype}"
    )
    if hasattr(estimator, "networks_"):
        weights = ", ".join(f"{weight:.2g}" for weight in sorted(estimator.network_weights_)[::-1])
        number = len(estimator.networks_)
        title += (
            f"\nIt averages {number} networks with the weights {weights}; this is the heaviest."
            if number > 1
            else "\nIt keeps one network."
        )
    return NetworkSummary(title, shape, overview(network))
