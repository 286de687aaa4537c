"""From constructor parameters to parts: names become objects, ranges are checked."""

from dataclasses import dataclass
from math import inf
from numbers import Integral

import numpy as np

from skdeep import _constraints
from skdeep._constraints import Flag, Number, OneOf
from skdeep.activations import ACTIVATIONS, Activation
from skdeep.initializers import INITIALIZERS, GlorotUniform, Initializer
from skdeep.losses import LOSSES, Loss
from skdeep.network import Noise
from skdeep.optimizers import OPTIMIZERS, Optimizer
from skdeep.penalties import Penalty
from skdeep.schedules import SCHEDULES, Constant, Schedule

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

_NOT_FULL_BATCH = {
    "dropout": "draws no masks",
    "input_dropout": "draws no masks",
    "input_noise": "draws no noise",
    "target_noise": "draws no noise",
    "clip_norm": "clips no gradient",
    "max_norm": "projects no weights",
}


@dataclass(frozen=True)
class Settings:
    """The checked parts of an estimator.

    Parameters
    ----------
    hidden : tuple of (int, Activation)
    initializers : tuple of Initializer
        One a layer, the output layer included.
    optimizer : Optimizer
    schedule : Schedule
    penalty : Penalty
    noise : Noise
    loss : Loss or None
        None where the targets decide.
    dtype : numpy.dtype
    """

    hidden: tuple[tuple[int, Activation], ...]
    initializers: tuple[Initializer, ...]
    optimizer: Optimizer
    schedule: Schedule
    penalty: Penalty
    noise: Noise
    loss: Loss | None
    dtype: np.dtype


def constructor_of(parameter, name):
    """Return the class name behind a name for one of the estimators' parameters."""
    tables = (ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES)
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
    activations = _activations(params["activation"], len(sizes))
    optimizer = OPTIMIZERS.resolve(params["optimizer"])
    schedule = SCHEDULES.resolve(params["learning_rate"])
    noise = _noise(owner, params, len(sizes))
    if optimizer.full_batch:
        _check_full_batch(params, schedule)
    if not sizes:
        _check_no_hidden(params)
    return Settings(
        hidden=tuple(zip(sizes, activations, strict=True)),
        initializers=_initializers(params["init"], activations, optimizer),
        optimizer=optimizer,
        schedule=schedule,
        penalty=Penalty.elastic_net(float(params["alpha"]), float(params["l1_ratio"])),
        noise=noise,
        loss=LOSSES.resolve(params["loss"]) if "loss" in params else None,
        dtype=_dtype(params["dtype"], optimizer),
    )


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


def _initializers(init, activations, optimizer):
    hidden = [activation.init for activation in activations]
    suitable = [*hidden, _output_init(hidden, optimizer)]
    layers = "layer, the output layer included"
    values = _per_layer("init", init, len(suitable), layers)
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


def _noise(owner, params, n_hidden):
    dropout = params["dropout"]
    if isinstance(dropout, np.ndarray):
        dropout = dropout.tolist()
    rates = _per_layer("dropout", dropout, n_hidden, "hidden layer")
    for rate in dropout if isinstance(dropout, (list, tuple)) else [dropout]:
        Number(0, 1, closed="left").check(owner, "dropout", rate)
    return Noise(
        tuple(float(rate) for rate in rates),
        float(params["input_dropout"]),
        float(params["input_noise"]),
    )


def _dtype(dtype, optimizer):
    if dtype == "auto":
        dtype = "float64" if optimizer.needs_double else "float32"
    return np.dtype(dtype)


def _check_no_hidden(params):
    """Refuse what has no effect without hidden layers."""
    for name, remedy in (
        ("dropout", "set it to 0, or input_dropout"),
        ("bias_init", "set it to 0"),
    ):
        if np.any(params[name]):
            raise ValueError(
                f"{name}={params[name]!r} has no effect without hidden layers; {remedy}."
            )


def _check_full_batch(params, schedule):
    """Refuse what an optimizer that drives the loop itself cannot deliver."""
    optimizer = params["optimizer"]
    if not isinstance(schedule, Constant):
        raise ValueError(
            f"learning_rate={params['learning_rate']!r} has no effect with optimizer={optimizer!r}"
            ', which has no rate; use learning_rate="constant" or a stochastic optimizer.'
        )
    for name, what in _NOT_FULL_BATCH.items():
        value = params.get(name)
        if value is not None and np.any(np.asarray(value, dtype=object) != 0):
            raise ValueError(
                f"{name}={value!r} has no effect with optimizer={optimizer!r}, which {what}; "
                f"leave {name} at its default or use a stochastic optimizer."
            )
