"""The training of a network on a stream: as ``fit`` does it, an epoch being a pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from sklearn.exceptions import ConvergenceWarning

from skdeep._warnings import warn
from skdeep.checkpoint import SameData, read
from skdeep.estimators import checks, refusals
from skdeep.estimators.base import BaseNetwork
from skdeep.exceptions import CheckpointError
from skdeep.streaming.census import Census
from skdeep.training import Passing


def train(network: BaseNetwork, stream: Iterable[Any], options: Any) -> BaseNetwork:
    """Train an estimator on a stream of pieces (number, X, y, sample_weight).

    Parameters
    ----------
    network : BaseNetwork
        The estimator.
    stream : iterable
        Every iteration of it is a pass over the same pieces.
    options : Options
        What the user of ``fit_stream`` gave.
    """
    with network._draft() as draft:
        watching = []
        if options.resume_from is not None:
            watching = _take_up(draft, options.resume_from)
            if draft._state.is_finished:
                return network
        plan = plan_of(draft, options)
        if draft.warm_start and options.resume_from is None:
            draft._warn_of_spent_schedule(plan, by_pieces=False)
        max_epochs = plan.training.max_iter - (draft.n_iter_ if watching else 0)

        def learn(tasks):
            return draft, _learn(draft, plan, stream, options, [*watching, *tasks.observers])

        # there is no X for them to look at
        warning = network._telling(learn, max_epochs, None)
    if warning is not None:
        warn(warning, ConvergenceWarning)
    return network


def _take_up(draft, path):
    """Let an estimator go on from a checkpoint; return observers that look at the data."""
    content = read(path)
    found = content["estimator"]
    if type(found) is not type(draft):
        raise CheckpointError(
            f"{str(path)!r} holds a {type(found).__name__}, but a {type(draft).__name__} is to go "
            "on from there."
        )
    found._settle_best()
    params = draft.get_params(deep=False)
    vars(draft).update({name: value for name, value in vars(found).items() if name not in params})
    return [SameData(content["marks"])]


def plan_of(draft: BaseNetwork, options: Any) -> Any:
    """Return the plan of an estimator, for so many epochs; refuse what a stream can't deliver."""
    plan = draft._plan()
    refusals.check_stream(vars(draft), plan, has_validation=options.X_val is not None)
    if options.epochs is not None:
        plan = replace(plan, training=replace(plan.training, max_iter=options.epochs))
    return plan


def _learn(draft, plan, stream, options, watching):
    """Train by a plan; return a warning if training has not converged, or None."""
    resumes = options.resume_from is not None
    goes_on = resumes or (bool(draft.warm_start) and draft.__sklearn_is_fitted__())
    intake = draft._intake(plan)
    census = _census(intake, stream, options.classes)
    sample = census.sample
    given = intake.validation(options.X_val, options.y_val, options.sample_weight_val, sample)
    refusals.check_scoring_is_used(plan.scoring, given is not None)
    network, state = draft._start(sample, plan, goes_on, resumes)
    if goes_on:
        sample.task.follow(draft._task)
    else:
        census.settle(sample.task)
    draft._task = sample.task
    validation = draft._validation(given, sample, None, plan, network, state)
    noise = plan.target_noise, state.streams.target_noise
    data = Passing(
        partial(_pieces, census, stream, noise),
        census.example(*noise),
        census.n_rows,
        options.shuffle_buffer,
        census.checksum,
    )
    warning = draft._train_to_the_end(network, state, plan, data, validation, watching)
    is_planned = options.epochs is not None and not state.stopping.state.is_over
    return None if is_planned else warning


def _census(intake, stream, classes):
    """Return what the first pass tells."""
    census = Census(intake, classes)
    for number, *piece in stream:
        with checks.naming(f"piece {number}"):
            census.add(*piece)
    census.end()
    return census


def _pieces(census, stream, noise):
    """Yield the pieces of a pass as training sees them."""
    for number, *piece in stream:
        with checks.naming(f"piece {number}"):
            data = census.encoded(piece, *noise)
        del piece
        yield data
