"""Batches: rows of the data, gathered into arrays that are allocated once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import issparse

from skdeep import kernels
from skdeep.training.encoded import ClassTargets, LabelTargets, ValueTargets
from skdeep.training.streams import Streams

_ROWS = 1000  # of X, that tell whether the data are the same


@dataclass
class Batch:
    """What one evaluation of the loss sees.

    Parameters
    ----------
    x : ndarray or sparse matrix of shape (n_rows, n_features)
        The inputs.
    y : ndarray of shape (n_rows, n_outputs)
        The targets, encoded.
    weights : ndarray of shape (n_rows,) or None
        The weights of the rows; None if all count alike.
    divisor : int
        What the sum of the rows' losses is divided by: the number of rows in the batch, or in all
        data if the batch is a block of them.
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
        The inputs.
    targets : ClassTargets, LabelTargets, ValueTargets or None
        What writes the targets of a batch; None if the inputs themselves are the targets.
    weights : ndarray of shape (n_samples,) or None
        Weights whose mean over ``rows`` is one.
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
        """How many columns the targets have."""
        return self.X.shape[1] if self.targets is None else self.targets.n_columns

    def batches(
        self,
        batch_size: int,
        shuffle: bool,
        streams: Streams,
        dtype: np.dtype,
        augment: Callable[[Batch, np.random.Generator], None] | None = None,
    ) -> Batches:
        """Return the mini-batches of a training; see ``Batches`` for what it is given."""
        return Batches(self, batch_size, shuffle, streams, dtype, augment)

    def marks(self) -> dict[str, Any]:
        """Return by what the data are known again: their shape, and a checksum."""
        step = max(1, self.X.shape[0] // _ROWS)
        return {"shape": tuple(self.X.shape), "checksum": self.checksum(step=step)}

    def checksum(self, before: int = 0, step: int = 1) -> int:
        """Return a checksum of every so many rows of X, and of all targets and weights."""
        rows = self.X[::step]
        targets = () if self.targets is None else vars(self.targets).values()
        arrays = [rows.data if issparse(rows) else rows, self.weights, self.rows, *targets]
        for array in arrays:
            if isinstance(array, np.ndarray):
                before = crc32(np.ascontiguousarray(array), before)
        return before


class Loader:
    """Gathers batches of a data set into arrays that all batches share.

    Slices of an array that the network can take as it is are passed through without a copy.

    Parameters
    ----------
    data : Data
        The data set.
    n_rows : int
        How many rows the largest batch has.
    dtype : numpy.dtype
        The type that the network computes in.
    copies : bool
        Whether batches are going to be changed, so that none may be a view of the data.
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
    """The mini-batches of every epoch.

    Parameters
    ----------
    data : Data
        The data set.
    batch_size : int
        How many rows a batch has.
    shuffle : bool
        Whether every epoch has an order of its own.
    streams : Streams
        The random streams; those of shuffling and augmentation are used.
    dtype : numpy.dtype
        The type that the network computes in.
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
        """How many batches an epoch has; the last one may have fewer rows."""
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
        # not the last epoch's order shuffled again: an order that depends on the stream alone lets
        # training go on exactly where it ended
        self._order[...] = np.arange(len(self.data)) if self.data.rows is None else self.data.rows
        self.streams.shuffling.shuffle(self._order)
        for start in range(0, len(self._order), self.batch_size):
            yield self._order[start : start + self.batch_size]
