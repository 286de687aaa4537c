"""Numbers that repeat, each of which may have a meaning of its own: codes, years, readings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from skdeep.preprocessing.encoding import Levels
from skdeep.preprocessing.piecewise import edges_of, places_among
from skdeep.preprocessing.summaries import FEW_NUMBERS

_LEAST_OPEN = 0.01  # of what the targets vary: no effects are sought in less
# of what the function leaves open; chance may foretell 0.01, and with less networks lost
_LEAST_FORETOLD = 0.005, 0.03  # in many rows, and in few
_ROWS_FORETOLD = 100  # between these, as much as so many rows leave open
_ROWS_FOR_EDGES = 200_000
_ALIKE = 0.01  # of a row tells that edges are like the next ones, where no rows tell what they are


class Effects(NamedTuple):
    """What targets are like beside a function of the number's size.

    Parameters
    ----------
    at_edges, expected : ndarray of shape (n_edges, n_outputs) and (n_values, n_outputs)
        The function.
    counts, means : ndarray of shape (n_values, 1) and (n_values, n_outputs)
        How often values occur, and their mean targets.
    within : ndarray of shape (n_outputs,)
        The sums of squares of rows around the means of their values.
    n_free : float
        The degrees of freedom that the function leaves to the means.
    """

    at_edges: np.ndarray
    expected: np.ndarray
    counts: np.ndarray
    means: np.ndarray
    within: np.ndarray
    n_free: float

    @property
    def between(self):
        """The sums of squares of the means around the function, for each output."""
        return (self.counts * (self.means - self.expected) ** 2).sum(axis=0)

    @property
    def mean_squares(self):
        """Those between values and within them, for each output."""
        free_within = int(self.counts.sum()) - np.count_nonzero(self.counts)
        return self.between / max(1, self.n_free), self.within / max(1, free_within)

    @property
    def variance(self):
        """By how much the values' own effects vary, for each output."""
        between, within = self.mean_squares
        n_rows, n_found = self.counts.sum(), np.count_nonzero(self.counts)
        rows_a_value = (n_rows - (self.counts**2).sum() / n_rows) / max(1, n_found - 1)
        return np.maximum(0, between - within) / rows_a_value

    @property
    def values(self):
        """What targets are like at each value: the function, and the value's effect, drawn in."""
        variance = self.variance * self.counts
        with np.errstate(invalid="ignore"):  # neither varies
            share = np.nan_to_num(variance / (variance + self.mean_squares[1]))
        return self.expected + share * (self.means - self.expected)


class Repeated(Levels):
    """The values of a column of numbers that repeats.

    Numbers that are the same in single precision count as the same, as tables may be kept in either
    precision. What targets are like is a function of the number's size, piecewise linear, and an
    effect of each value, random and drawn towards zero by its rows' number and variance (Searle,
    Casella and McCulloch 1992, "Variance components", chapters 3 and 7).
    """

    def __init__(self, summary, most):
        super().__init__(summary, most)
        ends = np.cumsum(summary.counts)
        rows = np.arange(0, ends[-1], -(-ends[-1] // _ROWS_FOR_EDGES))
        self.edges = edges_of(summary.levels[np.searchsorted(ends, rows, "right")], FEW_NUMBERS)

    def codes(self, column):
        """Return the value of each row, or the edge next to it behind all values.

        Missing values have a code of their own, or -1 if training had none.
        """
        numbers = np.where(column.missing, self.levels[0], column.values)
        among, singles = in_single_precision(self.levels), in_single_precision(numbers)
        first = np.searchsorted(among, singles)
        last = np.searchsorted(among, singles, "right") - 1
        codes = np.clip(_nearest(self.levels, numbers), first, last)
        codes = np.where(first <= last, codes, self.n_codes + _nearest(self.edges, numbers))
        return np.where(column.missing, len(self.levels) if self.has_missing else -1, codes)

    def tell(self, means):
        """Whether values say more about the targets than a function of the number's size does.

        Their effects, learnt from some rows, must lessen the squared errors of others.

        Parameters
        ----------
        means : FoldMeans
            Those of all training rows.
        """
        of_all = means.of_all()
        effects = self._effects(of_all)
        left_open = effects.between.sum() + effects.within.sum()
        if not left_open > _LEAST_OPEN * of_all.squares[-1].sum():
            return False
        share = self._foretold(means) / left_open
        return bool(share >= np.clip(_ROWS_FORETOLD / effects.counts.sum(), *_LEAST_FORETOLD))

    def _foretold(self, means):
        """Return by how much effects lessen the squared errors in folds they do not know."""
        total, n = 0.0, len(self.levels)
        for fold, others in zip(means.folds, means.of_others(), strict=True):
            effects = self._effects(others)
            before, after = fold.means[:n] - effects.expected, fold.means[:n] - effects.values
            total += (fold.counts[:n] * (before**2 - after**2)).sum()
        return total

    def table(self, means):
        """Return what targets are like at each value and edge; that of all rows comes last."""
        effects, n = self._effects(means), len(self.levels)
        return np.vstack([effects.values, means.table()[n:-1], effects.at_edges, means.means[-1:]])

    def _effects(self, means):
        n = len(self.levels)
        counts, found = means.counts[:n], means.means[:n]
        hats, roots = _hats(self.levels, self.edges), np.sqrt(counts)
        alike = np.sqrt(_ALIKE) * np.diff(np.eye(len(self.edges)), axis=0)
        Q, R = np.linalg.qr(np.vstack([hats * roots, alike]))
        at_edges = solve_triangular(R, Q[:n].T @ (found * roots))
        n_free = np.count_nonzero(counts) - np.square(Q[:n]).sum()
        within = means.squares[:n].sum(axis=0)
        return Effects(at_edges, hats @ at_edges, counts, found, within, n_free)


def in_single_precision(numbers):
    """Return numbers in single precision, infinite ones for those beyond it."""
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32)


def midpoints(places):
    """Return the last number next to each place but the last; the places are in order."""
    middles = places[:-1] / 2 + places[1:] / 2
    return np.minimum(middles, np.nextafter(places[1:], -np.inf))  # rounding may reach the next one


def _nearest(places, numbers):
    """Return which of some places, which are in order, is next to each number."""
    return np.searchsorted(midpoints(places), numbers)


def _hats(numbers, edges):
    """Return the piecewise-linear functions that are 1 at one edge and 0 at all others."""
    places = places_among(edges, numbers)
    return np.maximum(0, 1 - np.abs(places[:, None] - np.arange(len(edges))))
