"""From constructor parameters to checked values and objects: the only place that does it."""

import re
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from skdeep import _constraints
from skdeep._constraints import Flag, Number, OneOf, Seed
from skdeep.activations import ACTIVATIONS
from skdeep.augmentation import AUGMENTATIONS
from skdeep.estimators.constants import check_constants
from skdeep.estimators.refusals import (
    check_full_batch,
    check_scoring,
    check_several_quantiles,
    check_target_noise,
    named_scorings,
)
from skdeep.initializers import INITIALIZERS
from skdeep.losses import LOSSES, Loss
from skdeep.optimizers import OPTIMIZERS
from skdeep.penalties import Penalty
from skdeep.schedules import SCHEDULES
from skdeep.training import Observer, Stopping, TrainingPlan

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
    "target_scaling": OneOf(("standard", None)),
    "tol": Number(0),
    "n_iter_no_change": Number(1, integer=True, others=(inf,)),
    "early_stopping": Flag(),
    "validation_fraction": Number(0, 1, closed="neither"),
    "warm_start": Flag(),
    "dtype": OneOf(("auto", "float32", "float64")),
    "verbose": Number(0, integer=True, others=(False, True)),
    "random_state": Seed(),
}


@dataclass(frozen=True)
class Plan:
    """What an estimator's parameters ask for, checked.

    Parameters
    ----------
    training : TrainingPlan
        How to train.
    blueprint : DenseBlueprint
        Describes the network.
    loss : Loss or None
        What is minimised; None if the targets decide on it, as in classification.
    dtype : numpy.dtype
        The type to compute in.
    target_noise : float
        Noise on the targets in training: label smoothing, or a standard deviation.
    target_scaling : {"standard", None}
        How the targets of a regression are scaled.
    class_weight : dict, str or None
    validation_fraction : float
    scoring : str, callable, list, dict or None
    random_state : int, RandomState or None
    callbacks : tuple of Observer
        The user's, which watch training.
    """

    training: TrainingPlan
    blueprint: Any
    loss: Loss | None
    dtype: np.dtype
    target_noise: float
    target_scaling: str | None
    class_weight: Any
    validation_fraction: float
    scoring: Any
    random_state: Any
    callbacks: tuple[Observer, ...]

    @property
    def splits(self):
        """Whether validation data are needed, and split off unless the user gives them."""
        return self.training.early_stopping or self.training.schedule.needs_validation


def constructor_of(parameter, name):
    """Return the name of the class behind a name such as "adam", for messages."""
    tables = (ACTIVATIONS, AUGMENTATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES)
    known = next((table for table in tables if table.parameter == parameter), {})
    return known[name].__name__ if name in known else "Class"


def make_plan(owner, params, task, blueprint):
    """Check an estimator's parameters and resolve their names.

    Parameters
    ----------
    owner : str
        The estimator's class, for messages.
    params : dict
        Its parameters.
    task : type
        The class of the task, which knows the losses.
    blueprint : type
        The class of the blueprint, which reads the parameters that describe the network.

    Returns
    -------
    Plan

    Raises
    ------
    TypeError
        If a parameter has the wrong type.
    ValueError
        If one is out of range, a name is unknown, a list has the wrong length, or an option would
        have no effect.
    """
    known = {name: rule for name, rule in CONSTRAINTS.items() if name in params}
    _constraints.check(owner, known, params)
    optimizer = OPTIMIZERS.resolve(params["optimizer"])
    blueprint = blueprint.drawn(owner, params, optimizer)
    schedule = SCHEDULES.resolve(params["learning_rate"])
    loss = None if task.losses is None else task.losses.resolve(params["loss"])
    check_target_noise(params, loss)
    check_several_quantiles(params, loss, task)
    if optimizer.full_batch:
        check_full_batch(params, schedule)
    check_scoring(params["scoring"], task)
    dtype = _dtype(params["dtype"], optimizer)
    # noise on targets that are scaled is scaled as they are, and checked then
    is_scaled = params.get("target_scaling") is not None
    constants = {k: v for k, v in params.items() if not (is_scaled and k == "target_noise")}
    check_constants(owner, constants, dtype, CONSTRAINTS)
    return Plan(
        training=_training(params, optimizer, schedule),
        blueprint=blueprint,
        loss=loss,
        dtype=dtype,
        target_noise=float(params.get(task.noise_parameter, 0.0)),
        target_scaling=params.get("target_scaling"),
        class_weight=params.get("class_weight"),
        validation_fraction=params["validation_fraction"],
        scoring=params["scoring"],
        random_state=params["random_state"],
        callbacks=_callbacks(owner, params.get("callbacks")),
    )


def _training(params, optimizer, schedule):
    augmentation, batch_size = params["augmentation"], params["batch_size"]
    return TrainingPlan(
        optimizer=optimizer,
        schedule=schedule,
        stopping=Stopping(params["n_iter_no_change"], float(params["tol"]), _watched(params)),
        penalty=Penalty.elastic_net(float(params["alpha"]), float(params["l1_ratio"])),
        augmentation=None if augmentation is None else AUGMENTATIONS.resolve(augmentation),
        batch_size=batch_size if isinstance(batch_size, str) else int(batch_size),
        shuffle=bool(params["shuffle"]),
        learning_rate_init=float(params["learning_rate_init"]),
        max_iter=int(params["max_iter"]),
        clip_norm=_float_or_none(params["clip_norm"]),
        max_norm=_float_or_none(params["max_norm"]),
        early_stopping=bool(params["early_stopping"]),
        goes_on=bool(params["warm_start"]),
        verbose=int(params["verbose"]),
    )


def _callbacks(owner, callbacks):
    """Return a user's observers, checked."""
    if callbacks is None:
        return ()
    if not isinstance(callbacks, (list, tuple)):
        hint = f" Write callbacks=[{callbacks!r}]." if isinstance(callbacks, Observer) else ""
        raise TypeError(
            f"{owner}: callbacks must be None or a list of observers, got {callbacks!r}.{hint}"
        )
    for callback in callbacks:
        if not isinstance(callback, Observer):
            is_class = isinstance(callback, type) and issubclass(callback, Observer)
            hint = f" Write {callback.__name__}(...)." if is_class else ""
            if hasattr(callback, "on_fit_task_end"):
                hint = " Callbacks of scikit-learn's kind are given by the method set_callbacks."
            raise TypeError(
                f"{owner}: callbacks must hold objects of subclasses of skdeep.training.Observer, "
                f"such as skdeep.Checkpoint; got {callback!r}.{hint}"
            )
    return tuple(callbacks)


def _watched(params):
    """Return words for what progress is measured by, the same after a pickle: without addresses."""
    scoring = params["scoring"]
    if isinstance(scoring, (list, tuple, dict)):  # the first one decides
        scoring = next(iter(named_scorings(scoring).values()))
    words = f"scoring={scoring!r}" if params["early_stopping"] else "loss"
    return re.sub(r" at 0x[0-9a-f]+", "", words, flags=re.IGNORECASE)


def _float_or_none(value):
    return None if value is None else float(value)


def _dtype(dtype, optimizer):
    if dtype == "auto":
        dtype = "float64" if optimizer.needs_double else "float32"
    return np.dtype(dtype)
