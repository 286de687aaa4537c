"""What targets are like in each level of a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class LevelMeans:
    """How often levels occur, their mean targets, and the sums of squared distances from these.

    Parameters
    ----------
    counts : ndarray of shape (n_levels + 1, 1)
        All rows come last, as if they were a level.
    means, squares : ndarray of shape (n_levels + 1, n_outputs)
    """

    counts: np.ndarray
    means: np.ndarray
    squares: np.ndarray

    @classmethod
    def empty(cls, n_levels, n_outputs):
        """Return the means of no rows."""
        shape = n_levels + 1, n_outputs
        return cls(np.zeros((n_levels + 1, 1), int), np.zeros(shape), np.zeros(shape))

    @classmethod
    def of(cls, n_levels, codes, targets):
        """Take in rows, given their levels; -1, and others beyond all levels, for unknown ones."""
        known = np.flatnonzero((codes >= 0) & (codes < n_levels))
        codes, of_known = codes[known], targets[known]
        counts = np.append(np.bincount(codes, minlength=n_levels), len(targets))[:, None]

        def sums(of_rows):
            columns = [np.bincount(codes, column, minlength=n_levels) for column in of_rows.T]
            return np.column_stack(columns)

        # each column by itself, as the mean of a vector is the most exact
        of_all = [column.mean() for column in targets.T]
        means = np.vstack([sums(of_known) / np.maximum(counts[:-1], 1), of_all])
        of_all = [np.square(column - column.mean()).sum() for column in targets.T]
        squares = np.vstack([sums((of_known - means[codes]) ** 2), of_all])
        return cls(counts, means, squares)

    def join(self, other):
        """Take in what other rows are like."""
        counts = self.counts + other.counts
        distance = other.means - self.means
        share = other.counts / np.maximum(counts, 1)
        self.squares = self.squares + other.squares + self.counts * share * distance**2
        self.means = self.means + share * distance
        self.counts = counts
        return self

    def table(self):
        """Return the mean in each level, drawn towards that of all rows, which comes last.

        The fewer the rows of a level, and the more they differ, the more it is drawn (Micci-Barreca
        2001, equations 5 and 6).
        """
        mean, variance = self.means[-1], self.squares[-1] / self.counts[-1]
        weighted = variance * self.counts[:-1]
        with np.errstate(invalid="ignore", divide="ignore"):  # levels without rows
            share = weighted / (weighted + self.squares[:-1] / self.counts[:-1])
        levels = np.where(np.isnan(share), mean, share * self.means[:-1] + (1 - share) * mean)
        return np.vstack([levels, mean])


class FoldMeans:
    """What targets are like in each level of a column, in each of some folds of the rows.

    Parameters
    ----------
    n_levels, n_outputs, n_folds : int
    """

    def __init__(self, n_levels, n_outputs, n_folds):
        self.n_levels, self.n_outputs = n_levels, n_outputs
        self.folds = [self._joined(()) for _ in range(n_folds)]

    def add(self, codes, of_rows, targets):
        """Take in rows, given their levels and folds; return the means."""
        for fold, means in enumerate(self.folds):
            rows = np.flatnonzero(of_rows == fold)
            if len(rows):
                means.join(LevelMeans.of(self.n_levels, codes[rows], targets[rows]))
        return self

    def of_all(self):
        """Return the means over all rows."""
        return self._joined(self.folds)

    def of_others(self):
        """Return the means over the rows that are not in a fold, for each fold."""
        numbers = range(len(self.folds))
        return [self._joined([self.folds[k] for k in numbers if k != fold]) for fold in numbers]

    def _joined(self, some):
        total = LevelMeans.empty(self.n_levels, self.n_outputs)
        for means in some:
            total.join(means)
        return total


def looked_up(tables, codes):
    """Return the statistics of rows, those of all columns for one output after the other."""
    values = [table[of_column] for table, of_column in zip(tables, codes.T, strict=True)]
    return np.stack(values, axis=2).reshape(len(codes), -1)


def looked_up_by_fold(tables, codes, of_rows):
    """Return the statistics of rows, given the tables for the rows of each fold."""
    values = np.empty((len(codes), sum(table.shape[1] for table in tables[0])))
    for fold, of_fold in enumerate(tables):
        rows = np.flatnonzero(of_rows == fold)
        if len(rows):
            values[rows] = looked_up(of_fold, codes[rows])
    return values
