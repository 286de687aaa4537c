"""Parameters that have a value for each layer: sizes, activations, initializers and dropout."""

from numbers import Integral

import numpy as np

from skdeep._constraints import Number
from skdeep.activations import ACTIVATIONS
from skdeep.initializers import INITIALIZERS, GlorotUniform

DROPOUT = Number(0, 1, closed="left")


def sizes(owner, given, others=""):
    """Return the hidden layers' sizes as a tuple of ints; ``others`` says what else they may be."""
    if isinstance(given, Integral) and not isinstance(given, bool):
        given = (given,)
    elif not isinstance(given, (list, tuple, np.ndarray)):
        raise TypeError(
            f"{owner}: hidden_layer_sizes must be an integer or a sequence of integers{others}, "
            f"got {given!r}."
        )
    for size in given:
        Number(1, integer=True).check(owner, "every entry of hidden_layer_sizes", size)
    return tuple(int(size) for size in given)


def per_layer(name, value, n_layers, layer):
    """Return a list with a value for each layer, given one value for all or a list."""
    if not isinstance(value, (list, tuple)):
        return [value] * n_layers
    if len(value) != n_layers:
        raise ValueError(
            f"{name} must have one entry for each {layer}, that is {n_layers}; "
            f"got {len(value)} in {value!r}."
        )
    return list(value)


def activations(given, n_hidden):
    """Return an activation for each hidden layer."""
    values = per_layer("activation", given, n_hidden, "hidden layer")
    if not values and not isinstance(given, (list, tuple)):
        ACTIVATIONS.resolve(given)  # a wrong one is an error even without hidden layers
    return [ACTIVATIONS.resolve(value) for value in values]


def initializers(values, hidden, optimizer):
    """Return an initializer for each layer, the output layer included.

    Parameters
    ----------
    values : list of str or Initializer
        One for each layer; "auto" takes what suits the layer's activation.
    hidden : list of Activation
        The activations of the hidden layers.
    optimizer : Optimizer
        The optimizer, on which the start of the output layer depends.
    """
    suitable = [activation.init for activation in hidden]
    suitable.append(_output_init(suitable, optimizer))
    return [
        INITIALIZERS.resolve(auto if isinstance(value, str) and value == "auto" else value)
        for value, auto in zip(values, suitable, strict=True)
    ]


def _output_init(hidden, optimizer):
    """Return what suits the output layer.

    The weights of rectifiers start larger than Glorot's. Behind them the outputs of the untrained
    network would be so large that steps of a given rate had to unlearn them first, which half of
    Glorot's spread prevents. Full-batch optimizers have no given rate.
    """
    is_large = hidden and not hidden[-1].startswith("glorot") and not optimizer.full_batch
    return GlorotUniform(gain=0.5) if is_large else "glorot_uniform"


def dropout_rates(owner, given, n_hidden):
    """Return the probability of dropout behind each hidden layer."""
    if isinstance(given, np.ndarray):
        given = given.tolist()
    rates = per_layer("dropout", given, n_hidden, "hidden layer")
    for rate in given if isinstance(given, (list, tuple)) else [given]:
        DROPOUT.check(owner, "dropout", rate)
    return [float(rate) for rate in rates]
