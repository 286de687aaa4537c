"""From the columns of a table to a matrix of inputs."""

from __future__ import annotations

import numpy as np
from skdeep.preprocessing.piecewise import PiecewiseLinearEncoder
from skdeep.preprocessing.scaling import SmoothScaler


class Levels:
    """The levels of a categorical column, the most frequent ones first in line for an input.

    Parameters
    ----------
    column : Column
        The column in training.
    most : int
        How many levels get an input of their own.
    """

    def __init__(self, column, most):
        levels, counts = np.unique(column.values[~column.missing], return_counts=True)
        self.n_known = len(levels)
        self.has_missing = bool(column.missing.any())
        chosen = np.sort(np.argsort(-counts, kind="stable")[:most])
        self.levels = levels[chosen]

    @property
    def is_binary(self):
        """Whether one input, -1 or 1, says it all."""
        return self.n_known + self.has_missing == 2

    @property
    def n_inputs(self):
        """The inputs for the column; none for a constant one."""
        n = len(self.levels) + self.has_missing
        return 1 if self.is_binary else (n if n > 1 else 0)

    def codes(self, column):
        """Return the level of each row; the missing ones come last, unknown ones are -1."""
        values = column.alike(self.levels)
        if len(self.levels):
            codes = np.minimum(np.searchsorted(self.levels, values), len(self.levels) - 1)
            codes = np.where(self.levels[codes] == values, codes, -1)
        else:
            codes = np.full(len(values), -1)
        return np.where(column.missing, len(self.levels) if self.has_missing else -1, codes)

    def encode(self, column, out):
        """Write the inputs of a column into ``out`` of shape (n_rows, n_inputs), zeros."""
        codes = self.codes(column)
        known = np.flatnonzero(codes >= 0)
        if self.is_binary:
            out[known, 0] = 2 * codes[known] - 1
        elif self.n_inputs:
            out[known, codes[known]] = 1


class TableEncoder:
    """Turns the columns of a table into inputs: numbers, missing indicators, levels, statistics.

    Parameters
    ----------
    is_category : sequence of bool
        Which columns hold categories.
    n_bins : int
        Bins of the piecewise-linear positions.
    max_levels : int
        The most levels of a column that get an input of their own.
    """

    def __init__(self, is_category, n_bins=16, max_levels=100):
        self.is_category = list(is_category)
        self.n_bins, self.max_levels = n_bins, max_levels

    def _split(self, columns):
        pairs = list(zip(columns, self.is_category, strict=True))
        numbers = [column for column, is_category in pairs if not is_category]
        return numbers, [column for column, is_category in pairs if is_category]

    def _matrix(self, numbers, n_rows):
        return np.column_stack([c.values for c in numbers]) if numbers else np.empty((n_rows, 0))

    def fit(self, columns):
        """Learn from the columns in training."""
        numbers, categories = self._split(columns)
        self._levels = [Levels(column, self.max_levels) for column in categories]
        X = self._matrix(numbers, len(columns[0].values))
        gaps = np.isnan(X)
        self._gaps = np.flatnonzero(gaps.any(axis=0) & ~gaps.all(axis=0))
        self._kept = np.array([j for j in range(X.shape[1]) if _varies(X[:, j])], int)
        if self.n_numbers:
            self._scaler = SmoothScaler().fit(X[:, self._kept])
            self._positions = PiecewiseLinearEncoder(self.n_bins).fit(X[:, self._kept])
        return self

    @property
    def n_numbers(self):
        """How many of the inputs, the first ones, are numbers with positions."""
        return len(self._kept)

    def transform(self, columns):
        """Return the inputs, and the positions of numbers behind them, in single precision."""
        numbers, categories = self._split(columns)
        n = len(columns[0].values)
        X = self._matrix(numbers, n)
        parts = [2 * np.isnan(X[:, self._gaps]).astype(np.float32) - 1]
        for column, levels in zip(categories, self._levels, strict=True):
            out = np.zeros((n, levels.n_inputs), np.float32)
            levels.encode(column, out)
            parts.append(out)
        if self.n_numbers:
            kept = X[:, self._kept]
            parts.insert(0, self._scaler.transform(kept).astype(np.float32))
            parts.append(self._positions.positions(kept).astype(np.float32))
        inputs = np.concatenate(parts, axis=1)
        return inputs if inputs.shape[1] else np.zeros((n, 1), np.float32)


def _varies(column):
    known = column[~np.isnan(column)]
    return known.size > 0 and known.min() < known.max()
