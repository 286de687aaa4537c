"""From constructor parameters to parts: names become objects, ranges are checked."""

from dataclasses import dataclass
from math import inf
from numbers import Integral

import numpy as np

from skdeep import _constraints
from skdeep._constraints import Flag, Number, OneOf
from skdeep.activations import ACTIVATIONS, Activation
from skdeep.augmentation import AUGMENTATIONS, Augmentation
from skdeep.estimators.convolutions import Convolutions, check_convolutions
from skdeep.estimators.refusals import (
    check_encoder,
    check_full_batch,
    check_no_hidden,
    check_target_noise,
)
from skdeep.initializers import INITIALIZERS, GlorotUniform, Initializer
from skdeep.losses import LOSSES, Loss
from skdeep.network import Noise
from skdeep.optimizers import OPTIMIZERS, Optimizer
from skdeep.penalties import Penalty
from skdeep.schedules import SCHEDULES, Schedule

CONSTRAINTS = {
    "bias_init": Number(),
    "learning_rate_init": Number(0, closed="neither"),
    "batch_size": Number(1, integer=True, others=("auto", "full")),
    "max_iter": Number(1, integer=True),
    "shuffle": Flag(),
    "alpha": Number(0),
    "l1_ratio": Number(0, 1),
    "max_norm": Number(0, closed="neither", others=(None,)),
    "clip_norm": Number(0, closed="neither", others=(None,)),
    "input_dropout": Number(0, 1, closed="left"),
    "input_noise": Number(0),
    "skip_connections": Flag(),
    "tied_weights": Flag(),
    "padding": OneOf(("same", "valid")),
    "pooling": OneOf(("max", "average")),
    "label_smoothing": Number(0, 1, closed="left"),
    "target_noise": Number(0),
    "tol": Number(0),
    "n_iter_no_change": Number(1, integer=True, others=(inf,)),
    "early_stopping": Flag(),
    "validation_fraction": Number(0, 1, closed="neither"),
    "warm_start": Flag(),
    "dtype": OneOf(("auto", "float32", "float64")),
    "verbose": Number(0, integer=True, others=(False, True)),
}


@dataclass(frozen=True)
class Settings:
    """The checked parts of an estimator.

    Parameters
    ----------
    convolutions : Convolutions or None
    hidden : tuple of (int, Activation)
        The dense hidden layers; of an autoencoder those of the encoder.
    initializers : tuple of Initializer
        One a layer, the output layer included.
    optimizer : Optimizer
    schedule : Schedule
    penalty : Penalty
    noise : Noise
    augmentation : Augmentation or None
    loss : Loss or None
        None where the targets decide.
    dtype : numpy.dtype
    """

    convolutions: Convolutions | None
    hidden: tuple[tuple[int, Activation], ...]
    initializers: tuple[Initializer, ...]
    optimizer: Optimizer
    schedule: Schedule
    penalty: Penalty
    noise: Noise
    augmentation: Augmentation | None
    loss: Loss | None
    dtype: np.dtype


def constructor_of(parameter, name):
    """Return the class name behind a name for one of the estimators' parameters."""
    tables = (ACTIVATIONS, AUGMENTATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES)
    known = next((table for table in tables if table.parameter == parameter), {})
    return known[name].__name__ if name in known else "Class"


def assemble(estimator):
    """Check an estimator's parameters and resolve their names.

    Parameters
    ----------
    estimator : BaseNetwork

    Returns
    -------
    Settings

    Raises
    ------
    TypeError
        If a parameter has the wrong type.
    ValueError
        If one is out of range, a name is unknown, a list has the wrong length, or an option would
        have no effect.
    """
    # not get_params: a subclass may have a shorter constructor
    params = {name: value for name, value in vars(estimator).items() if name[0] != "_"}
    owner = type(estimator).__name__
    known = {name: rule for name, rule in CONSTRAINTS.items() if name in params}
    _constraints.check(owner, known, params)
    sizes = _sizes(owner, params["hidden_layer_sizes"])
    filters = check_convolutions(owner, params) if "conv_layers" in params else None
    n_maps = len(filters or ())
    activations = _activations(params["activation"], n_maps + len(sizes))
    mirror = list
    if "tied_weights" in params:
        check_encoder(params, activations)
        mirror = _mirrored
    optimizer = OPTIMIZERS.resolve(params["optimizer"])
    schedule = SCHEDULES.resolve(params["learning_rate"])
    loss = estimator._losses.resolve(params["loss"]) if "loss" in params else None
    check_target_noise(params, loss)
    noise = _noise(owner, params, n_maps + len(sizes), mirror)
    augmentation = params["augmentation"]
    if optimizer.full_batch:
        check_full_batch(params, schedule)
    if not activations:
        check_no_hidden(params)
    return Settings(
        convolutions=None
        if filters is None
        else Convolutions(filters, activations[:n_maps], params["padding"], params["pooling"]),
        hidden=tuple(zip(sizes, activations[n_maps:], strict=True)),
        initializers=_initializers(params["init"], activations, optimizer, mirror),
        optimizer=optimizer,
        schedule=schedule,
        penalty=Penalty.elastic_net(float(params["alpha"]), float(params["l1_ratio"])),
        noise=noise,
        augmentation=None if augmentation is None else AUGMENTATIONS.resolve(augmentation),
        loss=loss,
        dtype=_dtype(params["dtype"], optimizer),
    )


def _mirrored(values):
    """Return an encoder's hidden values, and the decoder's behind them."""
    return [*values, *values[-2::-1]]


def _sizes(owner, sizes):
    """Return the hidden layers' sizes as a tuple of ints."""
    if isinstance(sizes, Integral) and not isinstance(sizes, bool):
        sizes = (sizes,)
    elif not isinstance(sizes, (list, tuple, np.ndarray)):
        raise TypeError(
            f"{owner}: hidden_layer_sizes must be an integer or a sequence of integers, "
            f"got {sizes!r}."
        )
    for size in sizes:
        Number(1, integer=True).check(owner, "every entry of hidden_layer_sizes", size)
    return tuple(int(size) for size in sizes)


def _per_layer(name, value, n_layers, layer):
    """Return one value for each layer, given one for all or a list."""
    if not isinstance(value, (list, tuple)):
        return [value] * n_layers
    if len(value) != n_layers:
        raise ValueError(
            f"{name} must have one entry for each {layer}, that is {n_layers}; "
            f"got {len(value)} in {value!r}."
        )
    return list(value)


def _activations(activation, n_hidden):
    values = _per_layer("activation", activation, n_hidden, "hidden layer")
    if not values and not isinstance(activation, (list, tuple)):
        ACTIVATIONS.resolve(activation)  # a wrong one is an error without hidden layers, too
    return [ACTIVATIONS.resolve(value) for value in values]


def _initializers(init, activations, optimizer, mirror):
    """Return an initializer for each layer; a list for an autoencoder names the encoder's."""
    hidden = [activation.init for activation in mirror(activations)]
    suitable = [*hidden, _output_init(hidden, optimizer)]
    if mirror is _mirrored:
        values = _per_layer("init", init, len(activations), "layer of the encoder")
        values += values[::-1]
    else:
        values = _per_layer("init", init, len(suitable), "layer, the output layer included")
    return tuple(
        INITIALIZERS.resolve(auto if isinstance(value, str) and value == "auto" else value)
        for value, auto in zip(values, suitable, strict=True)
    )


def _output_init(hidden, optimizer):
    """Return what suits the output layer.

    After rectifiers, whose weights start larger than Glorot's, the untrained function would be so
    large that steps of a given rate had to unlearn it first; half of Glorot's spread makes up.
    """
    is_large = hidden and not hidden[-1].startswith("glorot") and not optimizer.full_batch
    return GlorotUniform(gain=0.5) if is_large else "glorot_uniform"


def _noise(owner, params, n_hidden, mirror):
    dropout = params["dropout"]
    if isinstance(dropout, np.ndarray):
        dropout = dropout.tolist()
    rates = _per_layer("dropout", dropout, n_hidden, "hidden layer")
    for rate in dropout if isinstance(dropout, (list, tuple)) else [dropout]:
        Number(0, 1, closed="left").check(owner, "dropout", rate)
    return Noise(
        tuple(float(rate) for rate in mirror(rates)),
        float(params["input_dropout"]),
        float(params["input_noise"]),
    )


def _dtype(dtype, optimizer):
    if dtype == "auto":
        dtype = "float64" if optimizer.needs_double else "float32"
    return np.dtype(dtype)
