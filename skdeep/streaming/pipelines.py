"""Pipelines on a stream: their steps learn in passes of their own, before the network does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sklearn.base import clone
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags

from skdeep.estimators import checks


class _Transformed:
    """A stream whose X goes through fitted steps."""

    def __init__(self, stream, steps):
        self.stream, self.steps = stream, steps

    def __iter__(self) -> Iterator[tuple[int, Any, Any, Any]]:
        for number, X, y, weights in self.stream:
            with checks.naming(f"piece {number}"):
                X = _through(self.steps, X)
            yield number, X, y, weights


def _through(steps, X):
    for step in steps:
        X = step.transform(X)
    return X


def train_pipeline(
    pipeline: Pipeline, stream: Iterable[Any], options: Any, train: Callable[..., Any]
) -> Pipeline:
    """Let the steps of a pipeline learn, one pass for each, and train what is at its end.

    Nothing changes in the pipeline before all has gone well.
    """
    *steps, (last, network) = pipeline.steps
    for name, step in steps:
        _check_can_learn(name, step)
    found, fitted = [], []
    for name, step in steps:
        if step is None or step == "passthrough":
            found.append((name, step))
            continue
        fitted.append(_learnt(clone(step), _Transformed(stream, tuple(fitted))))
        found.append((name, fitted[-1]))
    if options.X_val is not None:
        with checks.naming("X_val"):
            options = replace(options, X_val=_through(fitted, options.X_val))
    before = vars(network).get("_state")
    try:
        train(network, _Transformed(stream, fitted), options)
    except KeyboardInterrupt:
        if vars(network).get("_state") is not before:  # the network is kept, and needs them
            pipeline.steps = [*found, (last, network)]
        raise
    pipeline.steps = [*found, (last, network)]
    return pipeline


def _needs_no_pass(step):
    return isinstance(step, FrozenEstimator) or not get_tags(step).requires_fit


def _check_can_learn(name, step):
    """Raise TypeError for a step that must see all data at once."""
    if step is None or step == "passthrough" or _needs_no_pass(step):
        return
    if not hasattr(step, "partial_fit"):
        raise TypeError(
            f"The step {name!r}, a {type(step).__name__}, has no partial_fit, so that it cannot "
            "learn from a stream. Use a step that has, such as StandardScaler, MinMaxScaler or "
            "IncrementalPCA; or fit it on a part of the data beforehand, and put "
            "sklearn.frozen.FrozenEstimator(step) in its place."
        )


def _learnt(step, stream):
    """Return a step that has seen all pieces, or the first of them if it learns nothing."""
    has_seen = False
    for number, X, y, _ in stream:
        with checks.naming(f"piece {number}"):
            if _needs_no_pass(step):
                return step.fit(X, y)
            step.partial_fit(X, y)
        has_seen = True
    if not has_seen:
        raise ValueError("batches gave no rows.")
    return step
