"""From the columns of a table to a matrix of inputs."""

from __future__ import annotations

import numpy as np

from skdeep.preprocessing.piecewise import PiecewiseLinearEncoder
from skdeep.preprocessing.scaling import SmoothScaler
from skdeep.preprocessing.summaries import Summary

MOST_LEVELS = 100  # of a column that get an input of their own
_ROWS_FOR_QUANTILES = 200_000
_ROWS_AT_ONCE = 2**16  # so that what is made in double precision on the way stays small


class Levels:
    """The levels of a categorical column, the most frequent ones first in line for an input.

    Parameters
    ----------
    summary : Summary
        What the column holds in training.
    most : int or None
        How many levels are kept; None for all.

    Attributes
    ----------
    rare_share : float
        The share of rows whose level is not among the ``MOST_LEVELS`` most frequent ones.
    """

    def __init__(self, summary, most):
        self.n_known = len(summary.levels)
        self.has_missing = summary.n_missing > 0
        by_count = np.argsort(-summary.counts, kind="stable")
        self.levels = summary.levels[np.sort(by_count[:most])]
        n_frequent = summary.counts[by_count[:MOST_LEVELS]].sum()
        self.rare_share = float((summary.n_known - n_frequent) / max(1, summary.n_known))

    @property
    def is_binary(self):
        """Whether one input, -1 or 1, says it all."""
        return self.n_known + self.has_missing == 2

    @property
    def n_inputs(self):
        """The inputs for the column; none for a constant one."""
        n = self.n_codes
        return 1 if self.is_binary else (n if n > 1 else 0)

    @property
    def n_codes(self):
        """The levels that have a code: a missing value is one, if there are any."""
        return len(self.levels) + self.has_missing

    def codes(self, column):
        """Return the level of each row; the missing ones come last, unknown ones are -1."""
        values = column.alike(self.levels)
        if len(self.levels):
            codes = np.minimum(np.searchsorted(self.levels, values), len(self.levels) - 1)
            codes = np.where(self.levels[codes] == values, codes, -1)
        else:
            codes = np.full(len(values), -1)
        return np.where(column.missing, len(self.levels) if self.has_missing else -1, codes)

    def tell(self, means):
        """Whether levels say more about the targets than the other inputs of the column."""
        return True

    def table(self, means):
        """Return what targets are like in each level; that of all rows comes last."""
        return means.table()

    def encode(self, column, out):
        """Write the inputs of a column into ``out`` of shape (n_rows, n_inputs), zeros."""
        codes = self.codes(column)
        known = np.flatnonzero(codes >= 0)
        if self.is_binary:
            out[known, 0] = 2 * codes[known] - 1
        elif self.n_inputs:
            out[known, codes[known]] = 1


class TableEncoder:
    """Turns the columns of a table into inputs: numbers, missing indicators, levels.

    The positions of numbers among their quantiles follow behind all inputs, for networks that want
    them.

    Parameters
    ----------
    is_category : sequence of bool
        Which columns hold categories.
    n_bins : int
        The bins that positions count.
    """

    def __init__(self, is_category, n_bins=16):
        self.is_category = list(is_category)
        self.n_bins = n_bins

    def _split(self, columns):
        pairs = list(zip(columns, self.is_category, strict=True))
        numbers = [column for column, is_category in pairs if not is_category]
        return numbers, [column for column, is_category in pairs if is_category]

    def fit(self, columns, rows, summaries):
        """Learn from some rows of the columns.

        Parameters
        ----------
        columns : list of Column
        rows : ndarray of int
        summaries : list of Summary
            What the first columns hold in all rows; those behind them are summed up here.
        """
        pairs = list(zip(columns, self.is_category, strict=True))
        others = [Summary.of(column.take(rows), kind) for column, kind in pairs[len(summaries) :]]
        of_numbers, of_categories = self._split([*summaries, *others])
        self._levels = [Levels(summary, MOST_LEVELS) for summary in of_categories]
        self._kept = [j for j, summary in enumerate(of_numbers) if summary.varies]
        self._gaps = [j for j, summary in enumerate(of_numbers) if summary.has_gaps]
        if self._kept:
            numbers, _ = self._split(columns)
            some = rows[:: -(-len(rows) // _ROWS_FOR_QUANTILES)]
            X = np.column_stack([numbers[j].values[some] for j in self._kept])
            self._scaler = SmoothScaler().fit(X)
            self._positions = PiecewiseLinearEncoder(self.n_bins).fit(X)
        return self

    @property
    def n_numbers(self):
        """How many of the inputs, the first ones, are numbers with positions."""
        return len(self._kept)

    @property
    def n_inputs(self):
        """The inputs, positions not counted; at least one."""
        n_levels = sum(levels.n_inputs for levels in self._levels)
        return max(1, len(self._kept) + len(self._gaps) + n_levels)

    def transform(self, columns, rows=None):
        """Return the inputs, and the positions of numbers behind them, in single precision."""
        rows = np.arange(len(columns[0].values)) if rows is None else rows
        out = np.zeros((len(rows), self.n_inputs + self.n_numbers), np.float32)
        numbers, categories = self._split(columns)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            self._write(numbers, categories, rows[part], out[part])
        return out

    def _write(self, numbers, categories, rows, out):
        n = self.n_numbers
        if n:
            X = np.column_stack([numbers[j].values[rows] for j in self._kept])
            out[:, :n] = self._scaler.transform(X)
            out[:, self.n_inputs :] = self._positions.positions(X)
        for place, j in enumerate(self._gaps, n):
            out[:, place] = np.where(np.isnan(numbers[j].values[rows]), 1, -1)
        start = n + len(self._gaps)
        for column, levels in zip(categories, self._levels, strict=True):
            levels.encode(column.take(rows), out[:, start : start + levels.n_inputs])
            start += levels.n_inputs
