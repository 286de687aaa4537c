"""Batches: rows of the data, gathered into arrays that are allocated once."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import issparse

from skdeep import kernels


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

    x: object
    y: np.ndarray
    weights: np.ndarray | None
    divisor: int


@dataclass
class Data:
    """A data set as training sees it; nothing in it is copied.

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n_samples, n_features)
    targets : ClassTargets, LabelTargets or ValueTargets
    weights : ndarray of shape (n_samples,) or None
        Weights of mean one over ``rows``.
    rows : ndarray of int or None
        The rows that count; None for all.
    """

    X: object
    targets: object
    weights: np.ndarray | None = None
    rows: np.ndarray | None = None

    def __len__(self):
        return self.X.shape[0] if self.rows is None else len(self.rows)


class Loader:
    """Gathers batches of a data set into buffers, or passes slices through where that is enough.

    Parameters
    ----------
    data : Data
    n_rows : int
        The largest batch.
    dtype : numpy.dtype
    """

    def __init__(self, data, n_rows, dtype):
        self.data = data
        self.dtype = np.dtype(dtype)
        self._sparse = issparse(data.X)
        self._ready = not self._sparse and data.X.dtype == dtype and data.X.flags.c_contiguous
        self._n_rows = n_rows
        self._x = None
        self._gather = kernels.gather if self._sparse else kernels.gathering(data.X)
        self._y = np.empty((n_rows, data.targets.n_columns), dtype)

    def load(self, rows, divisor=None):
        """Return the batch of ``rows``, a slice or an array of indices."""
        x = self._inputs(rows)
        n = x.shape[0]
        y = self._y[:n]
        self.data.targets.load(rows, y)
        weights = None if self.data.weights is None else self.data.weights[rows]
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


def blocks(data, n_rows):
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
    rng : numpy.random.Generator
        The stream of the shuffling.
    dtype : numpy.dtype
    """

    def __init__(self, data, batch_size, shuffle, rng, dtype):
        self.data = data
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.rng = rng
        self.loader = Loader(data, batch_size, dtype)
        self._order = np.empty(len(data), np.intp) if shuffle else None

    @property
    def per_epoch(self):
        """The number of batches; the last may be short."""
        return -(-len(self.data) // self.batch_size)

    def epoch(self):
        """Yield the batches of one epoch."""
        if not self.shuffle:
            for rows in blocks(self.data, self.batch_size):
                yield self.loader.load(rows)
            return
        # the order of an epoch depends on the stream alone, so that training can go on exactly
        self._order[...] = np.arange(len(self.data)) if self.data.rows is None else self.data.rows
        self.rng.shuffle(self._order)
        for start in range(0, len(self._order), self.batch_size):
            yield self.loader.load(self._order[start : start + self.batch_size])
