"""The pieces of a raw table, read as the estimators for tables read a whole one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse

from skdeep._typing import Self
from skdeep.estimators import checks
from skdeep.estimators.tabular.base import TabularEstimator
from skdeep.preprocessing.tables import Column
from skdeep.streaming.alike import check_has_targets, check_labels_alike, check_weighted_alike
from skdeep.training import check_same_rows


class Rows(NamedTuple):
    """Some rows of a table: columns, targets, and weights or None."""

    columns: list
    y: np.ndarray
    weights: np.ndarray | None

    def take(self, rows: np.ndarray) -> Self:
        """Return some of the rows."""
        columns = [column.take(rows) for column in self.columns]
        weights = None if self.weights is None else self.weights[rows]
        return type(self)(columns, self.y[rows], weights)

    def counting(self) -> Self:
        """Return the rows whose weight is not zero."""
        if self.weights is None or self.weights.all():
            return self
        return self.take(np.flatnonzero(self.weights))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return the rows of all parts, of which there is one at least."""
        columns, y, weights = zip(*parts, strict=True)
        of_all = None if weights[0] is None else np.concatenate(weights)
        return cls(list(map(Column.joined, zip(*columns, strict=True))), np.concatenate(y), of_all)


class Pieces:
    """The pieces of a stream, as columns whose names and kinds are those of the first piece.

    A column holds categories, or numbers, for good from the first piece on that has a value in it.

    Parameters
    ----------
    draft : TabularEstimator
        What is fitted. It learns the names, and which columns hold categories.
    stream : iterable of (number, X, y, sample_weight)
    """

    def __init__(self, draft: TabularEstimator, stream: Iterable[Any]) -> None:
        self.draft, self.stream = draft, stream
        self._is_open: np.ndarray | None = None  # which columns had no values so far
        self._first: Rows | None = None

    def __iter__(self) -> Iterator[tuple[int, Rows]]:
        for number, *piece in self.stream:
            with checks.naming(f"piece {number}"):
                rows = self._read(*piece)
            yield number, rows

    def _read(self, X, y, sample_weight):
        check_has_targets(y)
        columns = self.draft._columns(X, reset=self._first is None)
        self._settle_kinds(columns)
        self.draft._check_finite(columns)
        y = self.draft._checked_targets(y, len(columns[0].values))
        y = y.toarray() if issparse(y) else y
        weights = checks.check_weights_of_part(sample_weight, y, "sample_weight")
        rows = Rows(columns, y, weights)
        if self._first is None:
            self._first = rows._replace(columns=[])
        self._check_alike(rows)
        return rows

    def _settle_kinds(self, columns):
        """Learn of columns without values so far whether they hold categories."""
        found = self.draft._categories_among(columns)
        if self._is_open is None:
            self.draft._is_category = found
            self._is_open = np.ones(len(columns), bool)
        for j in np.flatnonzero(self._is_open):
            if not columns[j].missing.all():
                self.draft._is_category[j] = found[j]
                self._is_open[j] = False

    def _check_alike(self, rows):
        """Raise ValueError for targets or weights that do not suit those of the first piece."""
        first = self._first
        check_weighted_alike(rows.weights is not None, first.weights is not None)
        check_labels_alike(rows.y, first.y)
        if rows.y.shape[1:] != first.y.shape[1:]:
            raise ValueError(
                f"y has the shape {rows.y.shape}, but {first.y.shape} in the first piece."
            )


def gathered(pieces: Pieces, most: int) -> Rows | None:
    """Return all rows of a stream, or None if it has more than some.

    Raises
    ------
    ValueError
        If it has none.
    """
    parts, n_rows = [], 0
    for _, rows in pieces:
        n_rows += len(rows.y)
        if n_rows > most:
            return None
        parts.append(rows.take(np.arange(len(rows.y))))  # a stream may use its arrays again
    if not parts:
        raise ValueError("batches gave no rows.")
    return Rows.joined(parts)


class Counted:
    """The rows that count of every piece, with encoded targets and the weights of their classes.

    An iteration gives the number of a piece, that of its first row among those that count, and the
    rows.

    Parameters
    ----------
    pieces : Pieces
    n_rows : int
        How many rows a pass must give.
    """

    def __init__(self, pieces: Pieces, n_rows: int) -> None:
        self.pieces, self.n_rows = pieces, n_rows

    def __iter__(self) -> Iterator[tuple[int, int, Rows]]:
        start, draft = 0, self.pieces.draft
        for number, rows in self.pieces:
            with checks.naming(f"piece {number}"):
                y = draft._encode(rows.y)
                weights = draft._of_rows(rows.weights, y)
            rows = rows._replace(y=y, weights=weights).counting()
            yield number, start, rows
            start += len(rows.y)
        check_same_rows(start, self.n_rows)

    def picked(self, numbers: np.ndarray) -> Rows:
        """Return the rows of some numbers, which are in order."""
        parts = []
        for _, start, rows in self:
            among = within(numbers, start, len(rows.y))
            if among.stop > among.start:
                parts.append(rows.take(numbers[among] - start))
        return Rows.joined(parts)


def within(numbers: np.ndarray, start: int, n_rows: int) -> slice:
    """Return the place of the numbers, which are in order, of so many rows from a start on."""
    return slice(*np.searchsorted(numbers, [start, start + n_rows]).tolist())
