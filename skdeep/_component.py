"""The parts that an estimator is assembled from, and the tables that know them by name."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from types import SimpleNamespace
from typing import Any, TypeVar

import numpy as np
from sklearn.base import BaseEstimator, clone

from skdeep import _constraints

T = TypeVar("T")


class Component(BaseEstimator):
    """Base class of optimizers, schedules, activations, initializers, losses and augmentations.

    The constructor stores its arguments under their own names and does nothing else, so that
    ``get_params``, ``clone`` and nested searches (``optimizer__beta_2``) work.

    Attributes
    ----------
    constraints : dict
        What each parameter may be; checked when an estimator is fitted.
    """

    constraints: dict[str, Any] = {}

    def __init__(self) -> None:
        """Take no parameters. Said here, as every repr asks, and ``object`` answers slowly."""

    def validate(self) -> None:
        """Check the parameters.

        Raises
        ------
        TypeError, ValueError
            If a parameter has the wrong type or is out of range.
        """
        _constraints.check(type(self).__name__, self.constraints, self.get_params(deep=False))


class State(SimpleNamespace):
    """What a part remembers while it is in use: numbers and arrays by name.

    The part itself holds constants only, so that one object can serve many trainings.
    """


class Registry(dict):
    """A table of the components of one kind: name -> class.

    Parameters
    ----------
    parameter : str
        The estimators' parameter that takes these names, for messages.
    base : type
        The class that objects of this kind inherit from.
    """

    def __init__(self, parameter: str, base: type) -> None:
        super().__init__()
        self.parameter = parameter
        self.base = base

    def register(self, *names: str) -> Callable[[type[T]], type[T]]:
        """Return a decorator that enters a class under one or several names."""

        def enter(cls: type[T]) -> type[T]:
            self.update(dict.fromkeys(names, cls))
            return cls

        return enter

    def resolve(self, value: str | Component) -> Any:
        """Return a validated component of one's own for a name or an object.

        Parameters
        ----------
        value : str or Component

        Returns
        -------
        component : Component
            A new object; one that was passed in is cloned, never changed.

        Raises
        ------
        ValueError
            If the name is unknown.
        TypeError
            If the value is neither a name nor an object of the right kind.
        """
        if isinstance(value, str):
            if value not in self:
                raise ValueError(
                    f"Unknown {self.parameter} {value!r}; known are {', '.join(sorted(self))}."
                )
            component = self[value]()
        elif isinstance(value, self.base):
            component = clone(value)
        else:
            raise TypeError(self._refusal(value))
        component.validate()
        return _with_plain_numbers(component)

    def _refusal(self, value):
        got, hint = repr(value), ""
        if isinstance(value, type):
            got, hint = f"the class {value.__name__}", f" Write {value.__name__}()."
        elif self.parameter == "learning_rate" and isinstance(value, Real):
            hint = " A number goes into learning_rate_init."
        module = self.base.__module__.removesuffix(".base")
        return (
            f"{self.parameter} must be a name or an object of a subclass of "
            f"{module}.{self.base.__name__}, got {got}; known names are "
            f"{', '.join(sorted(self))}.{hint}"
        )


def _with_plain_numbers(component):
    """Turn numpy scalars (as a search over ``np.logspace`` passes them) into Python numbers.

    A numpy float64 would silently promote single-precision arrays in the training loop.
    """
    params = component.get_params()
    plain = {name: value.item() for name, value in params.items() if isinstance(value, np.generic)}
    return component.set_params(**plain)
