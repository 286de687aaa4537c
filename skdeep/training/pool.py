"""Data that pass by in pieces: batches are drawn from a pool, which holds some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, issparse, vstack

from skdeep.training.batches import Batch, Batches, Data
from skdeep.training.streams import Streams


@dataclass
class Passing:
    """A data set of which there is a piece at a time; every pass over the pieces is an epoch.

    Parameters
    ----------
    pieces : callable
        Returns an iterator over the pieces, each a ``Data``, for a new pass.
    example : Data
        What the pieces are like: some rows of the first.
    n_rows : int
        How many rows that count there are in a pass.
    n_pooled : int
        How many rows wait at a time for their turn.
    checksum : int
        A checksum of a pass.
    """

    pieces: Callable[[], Iterator[Data]]
    example: Data
    n_rows: int
    n_pooled: int
    checksum: int

    def __len__(self) -> int:
        return self.n_rows

    @property
    def X(self) -> Any:
        """The inputs of the example."""
        return self.example.X

    @property
    def targets(self) -> Any:
        """The targets of the example; None if the inputs themselves are the targets."""
        return self.example.targets

    def batches(
        self,
        batch_size: int,
        shuffle: bool,
        streams: Streams,
        dtype: np.dtype,
        augment: Callable[[Batch, np.random.Generator], None] | None = None,
    ) -> Batches:
        """Return the mini-batches of a training."""
        shuffle = shuffle and self.n_pooled > 1
        # in order, a batch at a time will do
        n_pooled = max(self.n_pooled, batch_size) if shuffle else batch_size
        pool = Pool(self.example, min(n_pooled, self.n_rows), dtype)
        return PooledBatches(self, pool, batch_size, shuffle, streams, dtype, augment)

    def marks(self) -> dict[str, Any]:
        """Return by what the data are known again: their shape, and a checksum."""
        return {"shape": (self.n_rows, self.example.X.shape[1]), "checksum": self.checksum}


class Pool:
    """Some rows of the data, in arrays that are made once: new rows take the place of used ones.

    Parameters
    ----------
    example : Data
        What the rows are like.
    n_rows : int
        How many rows there is room for.
    dtype : numpy.dtype
        The type that the network computes in.

    Attributes
    ----------
    data : Data
        The rows.
    n_free : int
        How many places are free.
    """

    # ``_arrived`` holds sparse rows, and their places, until the pool is full

    def __init__(self, example: Data, n_rows: int, dtype: np.dtype) -> None:
        self._sparse = issparse(example.X)
        shape = n_rows, example.X.shape[1]
        X = csr_matrix(shape, dtype=dtype) if self._sparse else np.empty(shape, dtype)
        targets, weights = example.targets, example.weights
        if targets is not None:
            stored = targets.stored
            targets = targets.over(np.empty((n_rows, *stored.shape[1:]), stored.dtype))
        weights = None if weights is None else np.empty(n_rows, weights.dtype)
        self.data = Data(X, targets, weights)
        self.vacate(np.arange(n_rows))

    def vacate(self, places: np.ndarray) -> None:
        """Make these the free places."""
        self._places, self._arrived = places, []
        self.n_free = len(places)

    def add(self, piece: Data, rows: slice | np.ndarray) -> None:
        """Put rows of a piece, not more than there are free places, into the next of these."""
        n = rows.stop - rows.start if isinstance(rows, slice) else len(rows)
        first = len(self._places) - self.n_free
        places = self._places[first : first + n]
        data = self.data
        if self._sparse:
            self._arrived.append((places, piece.X[rows]))
        else:
            data.X[places] = piece.X[rows]
        if data.targets is not None:
            data.targets.stored[places] = piece.targets.stored[rows]
        if data.weights is not None:
            data.weights[places] = piece.weights[rows]
        self.n_free -= n

    def settle(self) -> np.ndarray:
        """Return the places that are taken, in order, with all rows where they belong."""
        X = self.data.X
        if self._arrived:
            places, parts = zip(*self._arrived, strict=True)
            places, order = np.concatenate(places), np.arange(X.shape[0])
            order[places] = X.shape[0] + np.arange(len(places))
            self.data.X = vstack([X, *parts], format="csr", dtype=X.dtype)[order]
            self._arrived = []
        taken = np.ones(X.shape[0], bool)
        taken[self._places[len(self._places) - self.n_free :]] = False
        return np.flatnonzero(taken)


class PooledBatches(Batches):
    """The mini-batches of every epoch, drawn from a pool.

    Whenever the pool is full, half of it goes out at random, and the next rows come in. At the end
    of an epoch all of it goes out. So an order depends on the random stream and the data alone, and
    where the pool has room for all rows it is that of training in memory.

    Parameters
    ----------
    passing : Passing
        The data.
    pool : Pool
        Where rows wait for their turn.
    batch_size, shuffle, streams, dtype, augment
        As ``Batches`` takes them.
    """

    def __init__(
        self,
        passing: Passing,
        pool: Pool,
        batch_size: int,
        shuffle: bool,
        streams: Streams,
        dtype: np.dtype,
        augment: Callable[[Batch, np.random.Generator], None] | None = None,
    ) -> None:
        super().__init__(pool.data, batch_size, shuffle, streams, dtype, augment)
        self.passing = passing
        self.pool = pool

    @property
    def per_epoch(self) -> int:
        """How many batches an epoch has; the last one may have fewer rows."""
        return -(-len(self.passing) // self.batch_size)

    def _rows(self):
        pool, n_places = self.pool, self.data.X.shape[0]
        pool.vacate(np.arange(n_places))
        # in whole batches; in order, there are no others that rows could be mixed with
        n_out = max(n_places // 2 if self.shuffle else n_places, self.batch_size)
        self._n_out = n_out = n_out // self.batch_size * self.batch_size
        n_seen = 0
        for piece in self.passing.pieces():
            for rows in self._parts(piece):
                if not pool.n_free:
                    yield from self._drawn(n_out)
                pool.add(piece, rows)
            n_seen += len(piece)
            del piece  # or two would be in memory while the next one is read
        check_same_rows(n_seen, len(self.passing))
        yield from self._drawn(n_places)

    def _parts(self, piece):
        """Yield the rows of a piece, so many at a time as there is room for in the pool."""
        start, n = 0, len(piece)
        while start < n:
            # if it is full, there is going to be this much room
            room = self.pool.n_free or self._n_out
            part = slice(start, min(start + room, n))
            yield part if piece.rows is None else piece.rows[part]
            start = part.stop

    def _drawn(self, n):
        order = self.pool.settle()
        if self.shuffle:
            self.streams.shuffling.shuffle(order)
        for start in range(0, min(n, len(order)), self.batch_size):
            yield order[start : start + self.batch_size]
        self.pool.vacate(order[:n])


def check_same_rows(n_rows: int, n_before: int) -> None:
    """Raise ValueError if a pass gave another number of rows than the first one."""
    if n_rows != n_before:
        raise ValueError(
            f"The stream gave {n_rows} rows in this pass, but {n_before} in the first one: it "
            "must give the same rows in every pass."
        )
