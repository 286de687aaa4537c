"""Remedies in terms of an estimator's own parameters."""

from typing import NamedTuple

from skdeep.optimizers import OPTIMIZERS

_STOCHASTIC = {"learning_rate_init", "dropout", "clip_norm", "max_norm"}


class Change(NamedTuple):
    """Lower or raise a parameter."""

    verb: str
    parameter: str

    def advice(self, value):
        """Return the advice in words, or None if the value cannot be changed that way."""
        is_at_its_end = value == 0 if self.verb == "lower" else value in ("full", float("inf"))
        if is_at_its_end:
            return None
        return f"{self.verb} {self.parameter} (now {value!r})"


class Setting(NamedTuple):
    """Give a parameter a certain value."""

    parameter: str
    wanted: object

    def advice(self, value):
        """Return the advice in words, or None if the parameter has this value."""
        is_so = isinstance(value, type(self.wanted)) and value == self.wanted
        return None if is_so else f"{self.parameter}={self.wanted!r}"


_RATES = (Change("lower", "learning_rate_init"), Change("raise", "learning_rate_init"))
_RATE_IS_HIGH = (_RATES[0], Setting("clip_norm", 1.0))
_INIT = Setting("init", "auto")
_SCALE = "standardise the features"
_SCALE_TARGETS = Setting("target_scaling", "standard")

REMEDIES = {
    "equal_units": (_INIT, Setting("init", "he_normal")),
    "dead_units": (
        Change("lower", "learning_rate_init"),
        Setting("bias_init", 0.01),
        Setting("activation", "leaky_relu"),
    ),
    "saturated_units": (
        _INIT,
        Setting("bias_init", 0.0),
        Setting("activation", "relu"),
        Change("lower", "learning_rate_init"),
        _SCALE,
    ),
    "vanishing_gradients": (
        Setting("activation", "relu"),
        _INIT,
        Setting("skip_connections", True),
        "fewer entries in hidden_layer_sizes",
    ),
    "exploding_gradients": (_INIT, Setting("clip_norm", 1.0), Setting("skip_connections", True)),
    "large_weights": (
        Change("raise", "alpha"),
        Setting("max_norm", 3.0),
        _INIT,
        Change("lower", "learning_rate_init"),
    ),
    "divergence": (*_RATE_IS_HIGH, _SCALE, _SCALE_TARGETS),
    "rate_too_high": (*_RATE_IS_HIGH, _SCALE, _SCALE_TARGETS),
    "oscillation": (
        Change("lower", "learning_rate_init"),
        Setting("learning_rate", "cosine"),
        Change("raise", "batch_size"),
        _SCALE,
        _SCALE_TARGETS,
    ),
    "rate_too_low": (
        Change("raise", "learning_rate_init"),
        Change("raise", "max_iter"),
        Change("raise", "n_iter_no_change"),
        Setting("optimizer", "adam"),
        _SCALE,
        _SCALE_TARGETS,
    ),
    "plateau": (
        Change("raise", "learning_rate_init"),
        Setting("optimizer", "adam"),
        _INIT,
        _SCALE,
        _SCALE_TARGETS,
    ),
    "overfitting": (
        Setting("early_stopping", True),
        Change("raise", "alpha"),
        Setting("dropout", 0.5),
        "train on more data",
    ),
    "underfitting": (
        "more or wider layers in hidden_layer_sizes",
        Change("lower", "alpha"),
        Change("lower", "dropout"),
        _SCALE,
        _SCALE_TARGETS,
    ),
    # of underfitting, too: by a penalty, and a loss above that of a constant
    "held_down": (Change("lower", "alpha"),),
    "worse": (
        _SCALE,
        _SCALE_TARGETS,
        Change("lower", "learning_rate_init"),
        Setting("clip_norm", 1.0),
        Change("raise", "max_iter"),
    ),
}


def remedy_for(kind, estimator, is_scaled=True):
    """Return the remedies that an estimator can take, as one phrase.

    Parameters
    ----------
    kind : str
        What there are remedies for.
    estimator : BaseNetwork
        Whose parameters they name.
    is_scaled : bool
        Whether its inputs are scaled. If not, to scale them is the first remedy wherever it, or
        another learning rate, is one.
    """
    params = estimator.get_params(deep=False)
    without = _STOCHASTIC if OPTIMIZERS.resolve(estimator.optimizer).full_batch else set()
    usable = params.keys() - without
    remedies = REMEDIES[kind]
    if not is_scaled and any(remedy in remedies for remedy in (_SCALE, *_RATES)):
        remedies = (_SCALE, *(remedy for remedy in remedies if remedy != _SCALE))
    advices = [
        remedy
        if isinstance(remedy, str)
        else remedy.parameter in usable and remedy.advice(params[remedy.parameter])
        for remedy in remedies
    ]
    return ", or ".join(advice for advice in advices if advice)
