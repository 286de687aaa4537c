"""Columns of many levels, or of numbers that repeat, and what the targets are like in each."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import KFold

from skdeep.preprocessing.encoding import MOST_LEVELS, Levels
from skdeep.preprocessing.level_means import FoldMeans, looked_up, looked_up_by_fold
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
        of_rows, targets = self._folds(len(rows)), targets[rows]
        others = self.conclude(
            means.add(levels.codes(columns[j].take(rows)), of_rows, targets)
            for (j, levels), means in zip(self._levels.items(), self.nothing(), strict=True)
        )
        if not self._levels:
            return columns
        codes = self.codes({j: columns[j].take(rows) for j in self._levels})
        values = np.full((len(columns[0].values), self.n_columns), np.nan)
        values[rows] = looked_up_by_fold(others, codes, of_rows)
        return columns + _as_columns(values)

    def _folds(self, n_rows):
        """Return the fold of each row, drawn at random."""
        of_rows = np.empty(n_rows, int)
        folds = KFold(_FOLDS, shuffle=True, random_state=self.seed).split(of_rows)
        for number, (_, fold) in enumerate(folds):
            of_rows[fold] = number
        return of_rows

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

    def nothing(self):
        """Yield means of no rows for each column that is chosen."""
        for levels in self._levels.values():
            yield FoldMeans(levels.n_codes, self.n_outputs, _FOLDS)

    def conclude(self, means):
        """Take the statistics of each column, and drop columns whose levels tell nothing.

        Parameters
        ----------
        means : iterable of FoldMeans
            Those of each column that is chosen. Only one of them is in memory if they are made one
            after the other.

        Returns
        -------
        list of tuple of ndarray
            For each fold, the statistics of each column that is left, from the rows not in it.
        """
        levels, tables, others = {}, [], []
        for (j, one), of_column in zip(self._levels.items(), means, strict=True):
            if one.tell(of_column):
                levels[j] = one
                tables.append(one.table(of_column.of_all()))
                others.append([one.table(of_fold) for of_fold in of_column.of_others()])
        self._levels, self._tables = levels, tables
        return list(zip(*others, strict=True))

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
        self._means = list(statistics.nothing())

    def _fold_of(self, numbers):
        """Return the folds of rows: a hash of their numbers."""
        mixed = (numbers.astype(np.uint64) + np.uint64(self.statistics.seed)) * _GOLDEN
        return (mixed >> np.uint64(40)) % np.uint64(_FOLDS)

    def add(self, columns, numbers, targets):
        """Learn from the rows of some numbers."""
        codes, of_rows = self.statistics.codes(columns), self._fold_of(numbers)
        for means, of_column in zip(self._means, codes.T, strict=True):
            means.add(of_column, of_rows, targets)

    def end(self):
        """Conclude what statistics are."""
        self._others = self.statistics.conclude(self._means)
        del self._means

    def transform(self, columns, numbers):
        """Return the columns of training rows, and those of the statistics behind them."""
        if not self.statistics.n_columns:
            return columns
        codes, of_rows = self.statistics.codes(columns), self._fold_of(numbers)
        return columns + _as_columns(looked_up_by_fold(self._others, codes, of_rows))


def _levels(summary, is_category, most):
    """Return the levels of a column if statistics of them may help, else None."""
    if not is_category:
        return Repeated(summary, most) if summary.repeats else None
    levels = Levels(summary, most)
    return levels if levels.rare_share > _LEFT_OUT else None


def _as_columns(values):
    return [Column(column, np.isnan(column), is_category=False) for column in values.T]
