"""From the columns of a table to a matrix of inputs."""

from __future__ import annotations

import numpy as np
from sklearn.preprocessing import TargetEncoder

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
        values = column.values.astype(self.levels.dtype, copy=False)
        codes = np.searchsorted(self.levels, column.values)
        codes = np.minimum(codes, max(len(self.levels) - 1, 0))
        known = self.levels[codes] == column.values if len(self.levels) else False
        codes = np.where(known, codes, -1)
        del values
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

    def _matrix(self, numbers):
        n = len(numbers[0].values) if numbers else 0
        return np.column_stack([c.values for c in numbers]) if numbers else np.empty((n, 0))

    def fit(self, columns, y, random_state):
        """Learn from the columns in training; ``y`` serves statistics of levels, None for none."""
        numbers, categories = self._split(columns)
        if numbers:
            X = self._matrix(numbers)
            self._scaler = SmoothScaler().fit(X)
            varies = np.nanmin(X, axis=0, initial=np.inf) < np.nanmax(X, axis=0, initial=-np.inf)
            self._kept = np.flatnonzero(varies)
            gaps = np.isnan(X)
            self._gaps = np.flatnonzero(gaps.any(axis=0) & ~gaps.all(axis=0))
            self._positions = (
                PiecewiseLinearEncoder(self.n_bins).fit(X[:, self._kept])
                if len(self._kept)
                else None
            )
        self._levels = [Levels(column, self.max_levels) for column in categories]
        many = [i for i, levels in enumerate(self._levels) if levels.n_known > self.max_levels]
        self._many = many if y is not None else []
        if self._many:
            self._statistics = TargetEncoder(random_state=random_state)
        return self

    @property
    def n_numbers(self):
        """How many of the inputs, the first ones, are numbers with positions."""
        return len(self._kept) if hasattr(self, "_kept") else 0

    def transform(self, columns):
        """Return the inputs, and the positions of numbers behind them, in single precision."""
        numbers, categories = self._split(columns)
        n = len(columns[0].values)
        parts = []
        if numbers:
            X = self._matrix(numbers)
            parts.append(self._scaler.transform(X)[:, self._kept].astype(np.float32))
            parts.append(np.isnan(X[:, self._gaps]).astype(np.float32) * 2 - 1)
        for column, levels in zip(categories, self._levels, strict=True):
            out = np.zeros((n, levels.n_inputs), np.float32)
            levels.encode(column, out)
            parts.append(out)
        if self.n_numbers:
            parts.append(self._positions.positions(X[:, self._kept]).astype(np.float32))
        return np.concatenate(parts, axis=1) if parts else np.zeros((n, 1), np.float32)
