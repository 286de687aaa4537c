"""What passes through a network: statistics of every layer, gathered block by block."""

from dataclasses import dataclass
from math import nan

import numpy as np

from skdeep.inspection.diagnosis.units import equal_units, limits
from skdeep.network import Backprop, Network, prediction
from skdeep.penalties import Penalty
from skdeep.training.objective import FullObjective

NEAR = 0.005  # of the range between two limits: |tanh| > 0.99


@dataclass(frozen=True)
class LayerStatistics:
    """Figures of one layer with weights, over all rows and, in convolution layers, positions.

    A unit of a convolution layer is a filter. What is not defined for a layer is nan.

    Attributes
    ----------
    layer : int
        Its number in the network, from 1.
    name : str
        Kind and activation.
    n_units : int
        The units.
    is_output : bool
        Whether it is the output layer; its outputs are the scores, before the link.
    mean, spread : float
        Mean and standard deviation of the outputs.
    offset : float
        The distance from zero-centred outputs: the root mean square over the rows of a unit's
        output that is due to its mean, between 0 (centred) and 1 (constant); the units' mean.
    saturated : float
        The share of outputs within 0.5 % of the range of a limit of the activation
        (``|tanh| > 0.99``); nan without a limit on both sides.
    dead : float
        The share of units that are zero on all rows; nan for the output layer, and where
        ``saturated`` is defined.
    equal : float
        The share of units with the same incoming weights as another unit; nan for the output layer.
    gradient_norm : float
        The norm of the mean loss's gradient at the weights; nan without targets, and for weights
        that are tied to another layer's.
    gradient_ratio : float
        The same over the norm of the weights.
    unit_norm : float
        The median norm of a unit's incoming weights.
    largest_weight : float
        The largest absolute weight.
    """

    layer: int
    name: str
    n_units: int
    is_output: bool
    mean: float
    spread: float
    offset: float
    saturated: float
    dead: float
    equal: float
    gradient_norm: float
    gradient_ratio: float
    unit_norm: float
    largest_weight: float


class _Tally:
    """Sums over the outputs of a layer's units."""

    def __init__(self, layer):
        self.limits = limits(layer.activation)
        self.n_units = layer.out_shape[-1]
        self.n = self.n_near = 0
        self.total, self.squares, self.largest = np.zeros((3, self.n_units))

    def add(self, outputs):
        """Take in outputs, of any number of positions a row."""
        outputs = outputs.reshape(-1, self.n_units)
        self.n += len(outputs)
        self.total += outputs.sum(axis=0, dtype=np.float64)
        self.squares += np.square(outputs, dtype=np.float64).sum(axis=0)
        np.maximum(self.largest, np.abs(outputs).max(axis=0), out=self.largest)
        if self.limits is not None:
            low, high = self.limits
            margin = NEAR * (high - low)
            self.n_near += np.count_nonzero((outputs < low + margin) | (outputs > high - margin))

    def figures(self):
        """Return the statistics of the outputs."""
        means, squares = self.total / self.n, self.squares / self.n
        size = np.sqrt(squares)
        mean = means.mean()
        bounded = self.limits is not None
        return {
            "mean": float(mean),
            "spread": float(np.sqrt(max(squares.mean() - mean**2, 0))),
            "offset": float(np.mean(np.abs(means) / np.where(size > 0, size, 1))),
            "saturated": self.n_near / (self.n * len(means)) if bounded else nan,
            "dead": nan if bounded else float(np.mean(self.largest == 0)),
        }


def layer_statistics(network, X, gradients=None):
    """Return the statistics of every layer with weights.

    Parameters
    ----------
    network : Network
    X : ndarray or CSR matrix of shape (n_samples, n_features)
    gradients : list of ndarray or None
        The gradient of each of these layers' weights; empty for weights that another layer owns.
    """
    tallies = {id(layer): _Tally(layer) for layer in network.weighted}

    def see(layer, outputs):
        if id(layer) in tallies:
            tallies[id(layer)].add(outputs)

    block = prediction.block_rows(network)
    for start in range(0, X.shape[0], block):
        x = network.through(X[start : start + block], 0, 0)
        for layer in network.chain:
            x = layer.trace(x, see)
    gradients = gradients or [None] * len(network.weighted)
    return [
        _statistics(i, layer, layer is network.weighted[-1], tallies[id(layer)], gradient)
        for i, (layer, gradient) in enumerate(zip(network.weighted, gradients, strict=True), 1)
    ]


def _statistics(number, layer, is_output, tally, gradient):
    figures = tally.figures()
    if is_output:
        figures["dead"] = nan
    weights, biases = _incoming(layer)
    norm = np.linalg.norm(weights)
    # tied weights have no gradient of their own
    is_known = gradient is not None and gradient.size
    gradient_norm = float(np.linalg.norm(gradient)) if is_known else nan
    return LayerStatistics(
        layer=number,
        name=", ".join(map(str, filter(None, (type(layer).__name__, layer.activation)))),
        n_units=tally.n_units,
        is_output=is_output,
        **figures,
        equal=nan if is_output else equal_units(weights, biases),
        gradient_norm=gradient_norm,
        gradient_ratio=gradient_norm / norm if norm else nan,
        unit_norm=float(np.median(np.linalg.norm(weights, axis=0))),
        largest_weight=float(np.abs(weights).max()),
    )


def _incoming(layer):
    """Return a layer's first weights as (n_inputs, n_units), and its biases or zeros."""
    weights = layer.of_kind("weight")[0].astype(np.float64)
    weights = weights.reshape(-1, weights.shape[-1])
    biases = layer.of_kind("bias")
    fits = biases and biases[0].size == weights.shape[1]
    return weights, biases[0].ravel() if fits else np.zeros(weights.shape[1])


def loss_and_gradients(network, data):
    """Return the mean loss without penalty, and its gradient at each layer's weights."""
    block = min(prediction.block_rows(network), len(data))
    # a copy: layers with running means move them as they evaluate
    copy = Network(network.architecture, network.parameters.copy())
    backprop = Backprop(copy, block, streams=None)
    objective = FullObjective(backprop, Penalty(0.0), data, block)
    loss = objective.evaluate()
    return loss, _weight_gradients(network, objective.gradient)


def _weight_gradients(network, gradient):
    """Return the gradient of all weights of each layer that has some, as flat arrays."""
    views = network.layout.views(gradient)
    return [
        np.concatenate(
            [np.empty(0)] + [part[p.name].ravel() for p in leaf.parameters() if p.kind == "weight"]
        )
        for leaf, part in zip(network.leaves, views, strict=True)
        if leaf.of_kind("weight")
    ]
