"""Estimators for tables on a stream: passes that learn what inputs are, then those of training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils.random import sample_without_replacement

from skdeep.estimators import checks
from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.estimators.tabular.training import SPAN
from skdeep.preprocessing.statistics import StatisticsInParts, TargetStatistics
from skdeep.streaming import networks
from skdeep.streaming.table_census import TableCensus
from skdeep.streaming.tables import Counted, Pieces, gathered, within

_LEAST_SAMPLE = 10_000  # rows that quantiles are learnt from, however small the buffer is


def check(estimator: TabularEstimator, options: Any) -> None:
    """Refuse what an estimator for tables cannot do on a stream."""
    name = type(estimator).__name__
    estimator._check_parameters()
    if options.resume_from is not None:
        raise ValueError(
            f"resume_from={options.resume_from!r} does not work with {name}, which writes no "
            "checkpoints."
        )
    if options.classes is not None and not is_classifier(estimator):
        raise ValueError(f"classes={options.classes!r} has no meaning for {name}.")
    if options.epochs is not None and options.epochs % SPAN:
        raise ValueError(
            f"epochs must be a multiple of {SPAN} for {name}, so that the cycles of its learning "
            f"rate end with an epoch; got {options.epochs}."
        )


def train(estimator: TabularEstimator, stream: Iterable[Any], options: Any) -> TabularEstimator:
    """Train an estimator on a stream of pieces (number, X, y, sample_weight).

    Parameters
    ----------
    estimator : TabularEstimator
    stream : iterable
        Every iteration of it is a pass over the same pieces.
    options : Options
        What the user of ``fit_stream`` gave.
    """
    with estimator._draft() as draft:

        def learn(tasks):
            pieces = Pieces(draft, stream)
            rows = gathered(pieces, options.shuffle_buffer)
            if rows is None:
                _learn(draft, pieces, options, tasks)
            else:
                _fit(draft, rows, options, tasks)
            return draft, None

        # there is no X for callbacks to look at
        estimator._telling(learn, draft.n_networks, None, in_turn=False)
    return estimator


def _validation(options):
    return options.X_val, options.y_val, options.sample_weight_val


def _fit(draft, rows, options, tasks):
    """Train as ``fit`` does on rows that are all in memory."""
    known = {} if options.classes is None else {"classes": options.classes}
    draft._learn_targets(rows.y, **known)
    y = draft._encode(rows.y)
    validation = _validation(options)
    draft._fit_table(rows.columns, y, rows.weights, validation, tasks, options.epochs)


def _learn(draft, pieces, options, tasks):
    """Train on more rows than there is room for."""
    census = TableCensus(pieces, options.classes)
    counted = Counted(pieces, census.n_rows)
    split_seed, *network_seeds = draft._seeds()
    n_sample = max(options.shuffle_buffer, _LEAST_SAMPLE)
    numbers = _drawn(census.n_rows, n_sample, split_seed)
    columns, y, weights = counted.picked(numbers)
    weights = checks.check_weights(weights, y, "sample_weight")
    draft._settle(y, census.extremes)
    statistics = _statistics(draft, counted, census.summaries, y, split_seed)
    columns = statistics.transform(columns, numbers)
    draft._learn_inputs(columns, np.arange(len(y)), census.summaries)
    folds = draft._folds(columns, y, weights, _validation(options), split_seed)
    left_out = [np.delete(numbers, fold.training.rows) for fold in folds]
    lessons = [StreamLesson(draft, counted, statistics, rows, options) for rows in left_out]
    recipe = draft._recipe(len(lessons[0]), options.epochs)
    held_out, is_shared = [fold.held_out for fold in folds], options.X_val is not None
    draft._train(recipe, network_seeds, lessons, held_out, is_shared, tasks)


def _statistics(draft, counted, summaries, y, seed):
    """Learn statistics by level, in a pass of their own if any column has them."""
    draft._statistics = TargetStatistics(draft._is_category, seed)
    n_outputs = draft._to_average(y).shape[1]
    parts = StatisticsInParts(draft._statistics, summaries, n_outputs)
    if draft._statistics.n_columns:
        for _, start, (columns, y, _) in counted:
            parts.add(columns, start + np.arange(len(y)), draft._to_average(y))
    parts.end()
    return parts


def _drawn(n_rows, n_sample, seed):
    """Return the numbers of rows drawn at random, in order."""
    if n_sample >= n_rows:
        return np.arange(n_rows)
    rng = np.random.RandomState([seed, n_sample])  # not the one that draws what is held out
    return np.sort(sample_without_replacement(n_rows, n_sample, random_state=rng))


@dataclass(frozen=True)
class StreamLesson:
    """What a network learns from: the rows of a stream that are not held out from it, encoded.

    Parameters
    ----------
    draft : TabularEstimator
        It has learnt how a table becomes inputs.
    counted : Counted
    statistics : StatisticsInParts
    left_out : ndarray of int
        The numbers of the rows held out, in order.
    options : Options
    """

    draft: TabularEstimator
    counted: Counted
    statistics: StatisticsInParts
    left_out: np.ndarray
    options: Any

    def __len__(self) -> int:
        return self.counted.n_rows - len(self.left_out)

    def __call__(self, member: Any) -> None:
        """Train a network."""
        classes = self.draft._member_classes()
        nothing = {"epochs": None, "X_val": None, "y_val": None, "sample_weight_val": None}
        networks.train(member, self, replace(self.options, classes=classes, **nothing))

    def __iter__(self) -> Iterator[tuple[int, Any, Any, Any]]:
        for number, start, rows in self.counted:
            held_out = self.left_out[within(self.left_out, start, len(rows.y))] - start
            kept = np.delete(np.arange(len(rows.y)), held_out)
            if len(kept):
                numbers = start + np.arange(len(rows.y))
                columns = self.statistics.transform(rows.columns, numbers)
                X = self.draft._encoder.transform(columns, kept)
                weights = None if rows.weights is None else rows.weights[kept]
                y = self.draft._member_targets(rows.y[kept])
                del rows, columns
                yield number, X, y, weights
