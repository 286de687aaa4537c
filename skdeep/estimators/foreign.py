"""Parameters of scikit-learn's networks that have another name here: what to write instead."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

_SOLVERS = {"sgd": '"nesterov", since scikit-learn\'s "sgd" has Nesterov momentum'}


def _solver(value):
    return f"optimizer={_SOLVERS.get(value, _quoted(value))}"


def _nesterov(value):
    return f"optimizer={_quoted('nesterov' if value else 'momentum')}"


def _of(parameter, cls, name):
    package = {"optimizer": "optimizers", "learning_rate": "schedules"}[parameter]
    return lambda value: f"{parameter}={cls}({name}={value!r}) from skdeep.{package}"


def _quoted(value):
    return f'"{value}"' if isinstance(value, str) else repr(value)


_INSTEAD: dict[str, Callable[[Any], str]] = {
    "solver": _solver,
    "momentum": _of("optimizer", "Nesterov", "momentum"),
    "nesterovs_momentum": _nesterov,
    "beta_1": _of("optimizer", "Adam", "beta_1"),
    "beta_2": _of("optimizer", "Adam", "beta_2"),
    "epsilon": _of("optimizer", "Adam", "epsilon"),
    "power_t": _of("learning_rate", "InverseScaling", "power"),
    "max_fun": _of("optimizer", "LBFGS", "max_fun"),
}


def advice(owner: str, params: dict[str, Any], known: Any) -> str | None:
    """Return what to write instead of scikit-learn's names among parameters, if any.

    Parameters
    ----------
    owner : str
        The name of the estimator's class.
    params : dict
        Names and values.
    known : container of str
        The names of parameters that the estimator has.
    """
    words = [
        f"instead of {name}={params[name]!r} write {instead(params[name])}"
        for name, instead in _INSTEAD.items()
        if name in params and name not in known
    ]
    if not words:
        return None
    names = ", ".join(name for name in _INSTEAD if name in params and name not in known)
    return f"{owner} has no parameter {names} of scikit-learn's: {'; '.join(words)}."


class ExplainsNames:
    """Mixin: constructors of subclasses say what to write instead of scikit-learn's names."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls):
            cls.__init__ = _explaining(cls.__init__)

    def _explain(self, params):
        return advice(type(self).__name__, params, self._get_param_names())


def _explaining(constructor):
    known = inspect.signature(constructor).parameters
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values())

    @functools.wraps(constructor)  # so that signatures stay those of the constructor
    def explaining(self, *args, **kwargs):
        message = None if takes_any else advice(type(self).__name__, kwargs, known)
        if message is not None:
            raise TypeError(message)
        constructor(self, *args, **kwargs)

    return explaining
