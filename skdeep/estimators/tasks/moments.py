"""Mean and spread of targets, of all at once or of a part after the other."""

import numpy as np


class Moments:
    """Weighted mean and variance of columns, and what is needed to tell constant ones.

    Attributes
    ----------
    total : float
        The sum of the weights.
    """

    def __init__(self):
        self.total = 0.0

    def add(self, values, weights=None):
        """Take in the values of some rows, (n_rows, n_columns); return the moments."""
        # or the squares of large numbers would overflow; by powers of two nothing is rounded
        size = np.ldexp(1.0, np.frexp(np.abs(values).max(axis=0))[1] - 1)
        if self.total:
            size = np.maximum(size, self.size)
        values = values / size
        mean = np.average(values, axis=0, weights=weights)
        variance = np.average((values - mean) ** 2, axis=0, weights=weights)
        total = float(len(values) if weights is None else weights.sum())
        low, high = values.min(axis=0), values.max(axis=0)
        if self.total:
            self._join(size, total, mean, variance, low, high)
        else:
            self.total, self.size, self.first = total, size, values[0]
            self.mean, self.variance, self.low, self.high = mean, variance, low, high
        return self

    def _join(self, size, total, mean, variance, low, high):
        """Take in the moments of other rows, in units of ``size``."""
        shrink = self.size / size
        self.size, self.first = size, self.first * shrink
        distance = mean - self.mean * shrink
        share = total / (self.total + total)
        self.mean = self.mean * shrink + share * distance
        within = (1 - share) * self.variance * shrink**2 + share * variance
        self.variance = within + share * (1 - share) * distance**2
        self.low = np.minimum(self.low * shrink, low)
        self.high = np.maximum(self.high * shrink, high)
        self.total += total

    def mean_and_spread(self):
        """Return the mean and the standard deviation of each column; 1 for constant ones."""
        size, mean, spread = self.size, self.mean, np.sqrt(self.variance)
        is_constant = spread <= 10 * np.finfo(np.float64).eps * np.abs(mean)
        is_constant |= spread * size == 0  # the least numbers there are
        rounding = np.maximum(self.high - self.first, self.first - self.low)
        rounding = np.where(is_constant, rounding, 0.0) * size
        with np.errstate(over="ignore"):  # the spread of the largest numbers, rounded up
            spread_of_all = np.minimum(_rounded(spread, spread) * size, np.finfo(np.float64).max)
        scale = np.where(is_constant, np.maximum(rounding, 1.0), spread_of_all)
        return np.where(is_constant, self.first, _rounded(mean, spread)) * size, scale


def _rounded(x, spread):
    """Return ``x`` without its last bits, so that weights and repeated rows give equal numbers."""
    unit = np.exp2(np.floor(np.log2(np.where(spread > 0, spread, 1.0))) - 36)
    return np.round(x / unit) * unit
