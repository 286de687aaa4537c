"""The first pass over the pieces of a raw table: rows, levels, ranges and targets."""

from __future__ import annotations

import numpy as np
from sklearn.base import is_classifier

from skdeep.estimators import checks
from skdeep.preprocessing.summaries import Summary
from skdeep.streaming.classes import ClassCensus
from skdeep.streaming.tables import Pieces


class TableCensus:
    """What a pass over all pieces of a table tells.

    Parameters
    ----------
    pieces : Pieces
    classes : array-like or None
        All classes that may occur, if the user knows them.

    Attributes
    ----------
    n_rows : int
        The rows that count.
    summaries : list of Summary
        What each column holds in them.
    extremes : tuple or None
        The least and the largest targets, if these are numbers.
    """

    def __init__(self, pieces: Pieces, classes=None) -> None:
        draft = pieces.draft
        targets = _Classes(classes) if is_classifier(draft) else _Values()
        self.n_rows, self.summaries, first = 0, [], None
        for number, piece in pieces:
            rows = piece.counting()
            first = piece if first is None else first
            if not self.summaries:
                self.summaries = [Summary() for _ in rows.columns]
            self.n_rows += len(rows.y)
            self._sum_up(rows.columns, draft._is_category)
            with checks.naming(f"piece {number}"):
                targets.take_note(piece, rows)
        if not self.n_rows:
            raise ValueError("batches gave no rows whose sample_weight is above 0.")
        for summary, is_category in zip(self.summaries, draft._is_category, strict=True):
            summary.end(is_category)
        self.n_rows = targets.settle(draft, first.y, self.n_rows)
        self.extremes = targets.extremes

    def _sum_up(self, columns, is_category):
        for summary, column, kind in zip(self.summaries, columns, is_category, strict=True):
            summary.add(column, kind)


class _Classes(ClassCensus):
    """The classes of a table."""

    extremes = None

    def take_note(self, piece, counting):
        """Count the classes of a piece, of which some may be in rows of weight zero only."""
        if len(piece.y):
            self.add(piece.y, piece.weights)

    def settle(self, draft, y, n_rows):
        """Tell an estimator, given some labels; return how many rows have a weight."""
        draft._take_up(self.task(y))
        if draft.class_weight is None:
            return n_rows
        draft._weigh_classes(self.counts)
        if draft._has_labels:
            return n_rows
        n_rows = int(self.counts[draft._class_weights > 0].sum())
        if not n_rows:
            raise ValueError("sample_weight times class_weight must not be all zero.")
        return n_rows


class _Values:
    """The extremes of the numbers to learn."""

    def __init__(self):
        self.extremes = None

    def take_note(self, piece, counting):
        """Look at the numbers of a piece, those of the rows that count."""
        y = counting.y
        if not len(y):
            return
        y = y.reshape(len(y), -1).astype(np.float64)
        low, high = y.min(axis=0), y.max(axis=0)
        if self.extremes is not None:
            low, high = np.minimum(low, self.extremes[0]), np.maximum(high, self.extremes[1])
        self.extremes = low, high

    def settle(self, draft, y, n_rows):
        """Tell an estimator what numbers are like; return the number of rows."""
        draft._learn_targets(y)
        return n_rows
