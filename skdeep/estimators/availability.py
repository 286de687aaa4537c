"""Methods that an estimator has with some parameters only, so that ``hasattr`` tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sklearn.utils import metaestimators

from skdeep.optimizers import OPTIMIZERS

F = TypeVar("F", bound=Callable[..., Any])


def available_if(condition: Callable[[Any], bool]) -> Callable[[F], F]:
    """Return a decorator for a method that exists only under a condition.

    It is scikit-learn's; type checkers see the method as it was.
    """
    return metaestimators.available_if(condition)


def learns_by_parts(estimator: Any) -> bool:
    """Whether the optimizer can learn from a part of the data at a time.

    Raises
    ------
    AttributeError
        If it cannot, with the reason.
    """
    optimizer = estimator.optimizer
    # a wrong name or object is for ``fit`` to refuse
    kind = OPTIMIZERS.get(optimizer) if isinstance(optimizer, str) else optimizer
    if getattr(kind, "full_batch", False):
        raise AttributeError(
            f"There is no partial_fit with optimizer={optimizer!r}, which needs all data at once; "
            "use a stochastic optimizer."
        )
    return True
