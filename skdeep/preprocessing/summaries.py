"""What the columns of a table hold, summed up over all rows or over one part after the other."""

from __future__ import annotations

import numpy as np

from skdeep.preprocessing.tables import as_labels

MOST_COUNTED = 100_000  # levels of a column, where they are counted in parts
MOST_NUMBERS = 2**14  # different ones of a column, beyond which they have no meaning of their own
FEW_NUMBERS = 32  # that need none, as a piecewise-linear function tells them apart
_ROWS_A_NUMBER = 8  # on average: means of fewer rows say little


class Summary:
    """The gaps of a column, the counts of its levels, and the range of its numbers.

    Levels are counted exactly. But if a column that comes in parts has more than ``MOST_COUNTED``
    of them, such as a number of its own for each row, the rarest so far are forgotten. Numbers are
    counted unless there are more than ``MOST_NUMBERS`` of them, and kept if they repeat.

    Attributes
    ----------
    n_known, n_missing : int
        Rows with a value, and without.
    low, high : float
        The least and the largest number.
    levels : ndarray
        The levels, or the numbers that occur, in order.
    counts : ndarray of int
        How often each occurs.
    """

    def __init__(self):
        self.n_known = self.n_missing = 0
        self.low, self.high = np.inf, -np.inf
        self.levels, self.counts = np.empty(0), np.empty(0, np.intp)
        self._is_counted = True

    @classmethod
    def of(cls, column, is_category):
        """Return the summary of a column."""
        return cls().add(column, is_category).end(is_category)

    def add(self, column, is_category):
        """Take in a part of the column, or all of it; return the summary."""
        known = column.values[~column.missing]
        self.n_missing += len(column.values) - len(known)
        if not len(known):
            return self
        if self._is_counted:
            self._join(*np.unique(known, return_counts=True))
        if not is_category:
            self.low = min(self.low, float(known.min()))
            self.high = max(self.high, float(known.max()))
            if len(self.levels) > MOST_NUMBERS:
                self._forget()
        elif self.n_known and len(self.levels) > MOST_COUNTED:
            self._keep_most_frequent()
        self.n_known += len(known)
        return self

    def end(self, is_category):
        """Forget numbers that do not repeat, as all rows are known; return the summary."""
        if not (is_category or self.repeats):
            self._forget()
        return self

    def _join(self, levels, counts):
        """Add the counts of levels that may be known already."""
        if not self.n_known:
            self.levels, self.counts = levels, counts
            return
        if levels.dtype.kind != self.levels.dtype.kind:  # numbers, and strings: all as strings
            levels, self.levels = as_labels(levels), as_labels(self.levels)
        both = np.concatenate([self.levels, levels])
        levels, places = np.unique(both, return_inverse=True)
        total = np.zeros(len(levels), np.intp)
        np.add.at(total, places, np.concatenate([self.counts, counts]))
        self.levels, self.counts = levels, total

    def _forget(self):
        self.levels, self.counts, self._is_counted = np.empty(0), np.empty(0, np.intp), False

    def _keep_most_frequent(self):
        kept = np.sort(np.argsort(-self.counts, kind="stable")[: MOST_COUNTED // 2])
        self.levels, self.counts = self.levels[kept], self.counts[kept]

    @property
    def has_gaps(self):
        """Whether some values are missing, but not all."""
        return self.n_known > 0 and self.n_missing > 0

    @property
    def repeats(self):
        """Whether there are many numbers, but so few that each may have a meaning of its own."""
        n = len(self.levels)
        return n > FEW_NUMBERS and self.n_known >= _ROWS_A_NUMBER * n

    @property
    def varies(self):
        """Whether there are two numbers at least."""
        return self.low < self.high
