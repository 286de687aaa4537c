"""Batches: rows of the data, gathered into arrays that are allocated once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeep import kernels
from skdeep.training.encoded import ClassTargets, LabelTargets, ValueTargets
from skdeep.training.streams import Streams


@dataclass
class Batch:
    """What one evaluation of the loss sees.

    Parameters
    ----------
    x : ndarray or sparse matrix of shape (n_rows, n_features)
    y : ndarray of shape (n_rows, n_outputs)
    weights : ndarray of shape (n_rows,) or None
    divisor : int
        What the sum of the rows' losses is divided by.
    """

    x: Any
    y: np.ndarray
    weights: np.ndarray | None
    divisor: int


@dataclass
class Data:
    """A data set as training sees it; nothing in it is copied.

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n_samples, n_features)
    targets : ClassTargets, LabelTargets, ValueTargets or None
        None: the inputs themselves.
    weights : ndarray of shape (n_samples,) or None
        Weights of mean one over ``rows``.
    rows : ndarray of int or None
        The rows that count; None for all.
    """

    X: Any
    targets: ClassTargets | LabelTargets | ValueTargets | None
    weights: np.ndarray | None = None
    rows: np.ndarray | None = None

    def __len__(self) -> int:
        return self.X.shape[0] if self.rows is None else len(self.rows)

    @property
    def n_outputs(self) -> int:
        """The columns of the targets."""
        return self.X.shape[1] if self.targets is None else self.targets.n_columns


class Loader:
    """Gathers batches of a data set into buffers, or passes slices through where that is enough.

    Parameters
    ----------
    data : Data
    n_rows : int
        The largest batch.
    dtype : numpy.dtype
    copies : bool
        Whether batches may be changed, so that none is a view of the data.
    """

    def __init__(self, data: Data, n_rows: int, dtype: np.dtype, copies: bool = False) -> None:
        self.data = data
        self.dtype = np.dtype(dtype)
        self._sparse = issparse(data.X)
        is_ready = not self._sparse and data.X.dtype == dtype and data.X.flags.c_contiguous
        self._ready = is_ready and not copies
        self._n_rows = n_rows
        self._x = None
        self._gather = kernels.gather if self._sparse else kernels.gathering(data.X)
        is_known = data.targets is None and not self._sparse
        self._y = None if is_known else np.empty((n_rows, data.n_outputs), dtype)

    def load(self, rows: slice | np.ndarray, divisor: int | None = None) -> Batch:
        """Return the batch of ``rows``, a slice or an array of indices."""
        x = self._inputs(rows)
        n = x.shape[0]
        weights = None if self.data.weights is None else self.data.weights[rows]
        y = x if self._y is None else self._y[:n]
        if self.data.targets is not None:
            self.data.targets.load(rows, y)
        elif self._sparse:
            x.toarray(out=y)
        return Batch(x, y, weights, divisor or n)

    def _inputs(self, rows):
        X = self.data.X
        if self._sparse:
            return X[rows].astype(self.dtype, copy=False)
        if self._ready and isinstance(rows, slice):
            return X[rows]
        if self._x is None:
            self._x = np.empty((self._n_rows, X.shape[1]), self.dtype)
        n = len(range(*rows.indices(len(X)))) if isinstance(rows, slice) else len(rows)
        x = self._x[:n]
        gather = kernels.gather if isinstance(rows, slice) else self._gather
        gather(X, rows, x)
        return x


def blocks(data: Data, n_rows: int) -> Iterator[slice | np.ndarray]:
    """Yield the rows of a data set in order, in slices or index arrays of up to ``n_rows``."""
    n = len(data)
    for start in range(0, n, n_rows):
        part = slice(start, min(start + n_rows, n))
        yield part if data.rows is None else data.rows[part]


class Batches:
    """The mini-batches of an epoch.

    Parameters
    ----------
    data : Data
    batch_size : int
    shuffle : bool
    streams : Streams
        Those of shuffling and augmentation are used.
    dtype : numpy.dtype
    augment : callable or None
        Changes a batch in place, given the batch and a random generator.
    """

    def __init__(
        self,
        data: Data,
        batch_size: int,
        shuffle: bool,
        streams: Streams,
        dtype: np.dtype,
        augment: Callable[[Batch, np.random.Generator], None] | None = None,
    ) -> None:
        self.data = data
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.streams = streams
        self.augment = augment
        self.loader = Loader(data, batch_size, dtype, copies=augment is not None)
        self._order = np.empty(len(data), np.intp) if shuffle else None

    @property
    def per_epoch(self) -> int:
        """The number of batches; the last may be short."""
        return -(-len(self.data) // self.batch_size)

    def epoch(self) -> Iterator[Batch]:
        """Yield the batches of one epoch."""
        for rows in self._rows():
            batch = self.loader.load(rows)
            if self.augment is not None:
                self.augment(batch, self.streams.augmentation)
            yield batch

    def _rows(self):
        if not self.shuffle:
            yield from blocks(self.data, self.batch_size)
            return
        # the order of an epoch depends on the stream alone, so that training can go on exactly
        self._order[...] = np.arange(len(self.data)) if self.data.rows is None else self.data.rows
        self.streams.shuffling.shuffle(self._order)
        for start in range(0, len(self._order), self.batch_size):
            yield self._order[start : start + self.batch_size]
