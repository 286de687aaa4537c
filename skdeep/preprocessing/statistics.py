"""Columns of many levels, or of numbers that repeat, and what the targets are like in each."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import KFold

from skdeep.preprocessing.encoding import MOST_LEVELS, Levels
from skdeep.preprocessing.level_means import LevelMeans, looked_up
from skdeep.preprocessing.repeats import Repeated
from skdeep.preprocessing.tables import Column

_LEFT_OUT = 0.05  # the share of rows beyond the most frequent levels, from which statistics help
_FOLDS = 5
_ROOM = 2**18  # statistics of a column, of a table that comes in parts
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplier, by which numbers are mixed


class TargetStatistics:
    """Puts mean targets behind a table: by level, where levels are too many for an input each.

    So it does by number, where numbers repeat and say more about the targets than their size does.

    Every training row gets means over the other folds, which do not know its own target; rows to
    predict get those over all training rows. Means over few rows are drawn towards the mean of all
    (Micci-Barreca, 2001, "A preprocessing scheme for high-cardinality categorical attributes in
    classification and prediction problems", SIGKDD Explorations 3).

    Parameters
    ----------
    is_category : sequence of bool
        Which columns hold categories.
    seed : int
        It draws the folds.
    """

    def __init__(self, is_category, seed):
        self.is_category = list(is_category)
        self.seed = seed

    def fit_transform(self, columns, rows, summaries, targets):
        """Return the columns, and those of the statistics behind them.

        Parameters
        ----------
        columns : list of Column
        rows : ndarray of int
            The rows to learn from; others have no statistics.
        summaries : list of Summary
            What each column holds in these rows.
        targets : ndarray of shape (n_rows_in_columns, n_outputs)
        """
        self.choose(summaries, targets.shape[1])
        if not self._levels:
            return columns
        codes, targets = self.codes([column.take(rows) for column in columns]), targets[rows]
        kept = self.conclude(self._of_rows(codes, targets))
        if not self._levels:
            return columns
        codes = codes[:, kept]
        values = np.full((len(columns[0].values), self.n_columns), np.nan)
        for others, fold in KFold(_FOLDS, shuffle=True, random_state=self.seed).split(rows):
            tables = self.tables(self._of_rows(codes[others], targets[others]))
            values[rows[fold]] = looked_up(tables, codes[fold])
        return columns + _as_columns(values)

    def choose(self, summaries, n_outputs, most=None):
        """Choose the columns that statistics may help.

        Parameters
        ----------
        summaries : list of Summary
            What each column holds.
        n_outputs : int
        most : int or None
            Of how many levels of a column there are statistics; None for all.
        """
        self._levels, self.n_outputs = {}, n_outputs
        if not 0 < n_outputs <= MOST_LEVELS:  # they must take less room than an input for each
            return
        for j, (summary, is_category) in enumerate(zip(summaries, self.is_category, strict=True)):
            levels = _levels(summary, is_category, most)
            if levels is not None:
                self._levels[j] = levels

    def conclude(self, means):
        """Take the statistics of each column, given the means of its levels.

        Columns whose levels tell nothing are dropped; the places of the others among all are
        returned.
        """
        pairs = list(zip(self._levels.items(), means, strict=True))
        kept = [k for k, ((_, levels), one) in enumerate(pairs) if levels.tell(one)]
        self._levels = dict(pairs[k][0] for k in kept)
        self._tables = self.tables([means[k] for k in kept])
        return kept

    def tables(self, means):
        """Return the statistics of each column by code, those of unknown levels last."""
        pairs = zip(self._levels.values(), means, strict=True)
        return [levels.table(one) for levels, one in pairs]

    @property
    def n_columns(self):
        """How many columns are put behind the table."""
        return len(self._levels) * self.n_outputs

    def transform(self, columns):
        """Return the columns, and those of the statistics behind them."""
        if not self._levels:
            return columns
        return columns + _as_columns(looked_up(self._tables, self.codes(columns)))

    def codes(self, columns):
        """Return the levels of the rows in each column that is chosen."""
        return np.column_stack([levels.codes(columns[j]) for j, levels in self._levels.items()])

    @property
    def n_codes(self):
        """How many codes there are in each column that is chosen."""
        return [levels.n_codes for levels in self._levels.values()]

    def _of_rows(self, codes, targets):
        pairs = zip(self.n_codes, codes.T, strict=True)
        return [LevelMeans.of(*pair, targets) for pair in pairs]


class StatisticsInParts:
    """Learns statistics of a table that comes in parts, and puts them behind the training rows.

    The number of a row says to which fold it belongs. A column has statistics of its most frequent
    levels, as many as there is room for.

    Parameters
    ----------
    statistics : TargetStatistics
    summaries : list of Summary
        What each column holds.
    n_outputs : int
    """

    def __init__(self, statistics, summaries, n_outputs):
        self.statistics = statistics
        statistics.choose(summaries, n_outputs, max(MOST_LEVELS, _ROOM // max(1, n_outputs)))
        self._folds = [self._empty(n_outputs) for _ in range(_FOLDS)]

    def _empty(self, n_outputs):
        return [LevelMeans.empty(n, n_outputs) for n in self.statistics.n_codes]

    def _fold_of(self, numbers):
        """Return the folds of rows: a hash of their numbers."""
        mixed = (numbers.astype(np.uint64) + np.uint64(self.statistics.seed)) * _GOLDEN
        return (mixed >> np.uint64(40)) % np.uint64(_FOLDS)

    def add(self, columns, numbers, targets):
        """Learn from the rows of some numbers."""
        codes, of_rows = self.statistics.codes(columns), self._fold_of(numbers)
        for fold, means in enumerate(self._folds):
            rows = np.flatnonzero(of_rows == fold)
            if len(rows):
                for one, of_column in zip(means, codes[rows].T, strict=True):
                    one.join(LevelMeans.of(len(one.counts) - 1, of_column, targets[rows]))

    def end(self):
        """Conclude what statistics are."""
        folds = range(_FOLDS)
        kept = self.statistics.conclude(self._joined(folds))
        self._folds = [[means[k] for k in kept] for means in self._folds]
        others = [self._joined([k for k in folds if k != fold]) for fold in folds]
        self._others = [self.statistics.tables(means) for means in others]
        del self._folds

    def _joined(self, folds):
        """Return the means of the rows of some folds."""
        total = self._empty(self.statistics.n_outputs)
        for fold in folds:
            for one, other in zip(total, self._folds[fold], strict=True):
                one.join(other)
        return total

    def transform(self, columns, numbers):
        """Return the columns of training rows, and those of the statistics behind them."""
        if not self.statistics.n_columns:
            return columns
        codes, of_rows = self.statistics.codes(columns), self._fold_of(numbers)
        values = np.empty((len(numbers), self.statistics.n_columns))
        for fold, tables in enumerate(self._others):
            rows = np.flatnonzero(of_rows == fold)
            if len(rows):
                values[rows] = looked_up(tables, codes[rows])
        return columns + _as_columns(values)


def _levels(summary, is_category, most):
    """Return the levels of a column if statistics of them may help, else None."""
    if not is_category:
        return Repeated(summary, most) if summary.repeats else None
    levels = Levels(summary, most)
    return levels if levels.rare_share > _LEFT_OUT else None


def _as_columns(values):
    return [Column(column, np.isnan(column), is_category=False) for column in values.T]
