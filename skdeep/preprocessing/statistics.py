"""Columns with very many levels, and what the targets are like in each level."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import KFold
from sklearn.preprocessing import TargetEncoder

from skdeep.preprocessing.encoding import MOST_LEVELS, Levels
from skdeep.preprocessing.tables import Column

_LEFT_OUT = 0.05  # the share of rows beyond the most frequent levels, from which statistics help
_FOLDS = 5


class TargetStatistics:
    """Puts mean targets behind a table, for columns whose levels are too many for an input each.

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

    def fit_transform(self, columns, rows, targets):
        """Return the columns, and those of the statistics behind them.

        Parameters
        ----------
        columns : list of Column
        rows : ndarray of int
            The rows to learn from; others have no statistics.
        targets : ndarray of shape (n_rows_in_columns, n_outputs)
        """
        self._levels = {}
        for j, column in enumerate(columns):
            if not self.is_category[j]:
                continue
            levels = Levels(column.take(rows), None)
            # a statistic for each output must take less room than an input for each level
            if levels.rare_share > _LEFT_OUT and 0 < targets.shape[1] <= MOST_LEVELS:
                self._levels[j] = levels
        if not self._levels:
            return columns
        codes = self._codes([column.take(rows) for column in columns])
        self._encoders = [_fitted(codes, of_output) for of_output in targets[rows].T]
        folds = list(KFold(_FOLDS, shuffle=True, random_state=self.seed).split(rows))
        values = np.full((len(targets), self.n_columns), np.nan)
        for others, fold in folds:
            means = [
                _fitted(codes[others], of_output).transform(codes[fold])
                for of_output in targets[rows[others]].T
            ]
            values[rows[fold]] = np.concatenate(means, axis=1)
        return columns + _as_columns(values)

    @property
    def n_columns(self):
        """How many columns are put behind the table."""
        return len(self._levels) * len(self._encoders) if self._levels else 0

    def transform(self, columns):
        """Return the columns, and those of the statistics behind them."""
        if not self._levels:
            return columns
        codes = self._codes(columns)
        values = [encoder.transform(codes) for encoder in self._encoders]
        return columns + _as_columns(np.concatenate(values, axis=1))

    def _codes(self, columns):
        return np.column_stack([levels.codes(columns[j]) for j, levels in self._levels.items()])


def _fitted(codes, targets):
    return TargetEncoder(target_type="continuous").fit(codes, targets)


def _as_columns(values):
    return [Column(column, np.isnan(column), is_category=False) for column in values.T]
