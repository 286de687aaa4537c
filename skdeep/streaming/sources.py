"""Where pieces come from: whatever can be read again and again, one piece at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
from scipy.sparse import issparse

_NUMBERS = 2**21  # in a piece that a library is asked for
_LEAST_ROWS, _MOST_ROWS = 1024, 2**16
_WHAT = (
    "batches must be a list of pieces (X, y), a function that returns an iterator over them, a "
    "Parquet path, a pyarrow dataset, a Dask DataFrame or a polars LazyFrame"
)


def passes_over(batches: Any) -> Callable[[], Iterable[Any]]:
    """Return a function that begins a new pass over what a user gave, piece by piece.

    Raises
    ------
    TypeError
        If it can be iterated once only, is data in memory, or nothing that is known.
    ImportError
        If a package is missing that reads it.
    """
    if isinstance(batches, (str, os.PathLike)):
        return _of_dataset(_parquet(batches))
    package = type(batches).__module__.split(".")[0]
    if package == "pyarrow" and hasattr(batches, "to_batches"):
        return _of_dataset(batches)
    if package.startswith("dask") and hasattr(batches, "partitions"):
        return _of_dask(batches)
    if package == "polars" and hasattr(batches, "collect_schema") and hasattr(batches, "collect"):
        return _of_polars(batches)
    if callable(batches) and not isinstance(batches, type):
        return _of_function(batches)
    return _of_iterable(batches)


def _of_iterable(batches):
    if hasattr(batches, "__next__"):
        raise TypeError(
            f"batches is a {type(batches).__name__}, which can be iterated once only, but every "
            "epoch is a pass; give the function that makes it, without calling it."
        )
    in_memory = isinstance(batches, np.ndarray) or issparse(batches) or hasattr(batches, "columns")
    if in_memory or isinstance(batches, (dict, bytes)) or not isinstance(batches, Iterable):
        hint = " Data in memory are for the estimator's fit." if in_memory else ""
        raise TypeError(f"{_WHAT}; got {type(batches).__name__}.{hint}")
    return lambda: batches


def _of_function(function):
    def begin():
        pieces = function()
        if not isinstance(pieces, Iterable):
            raise TypeError(
                "batches is a function, and must return an iterator over pieces (X, y); it "
                f"returned {type(pieces).__name__}."
            )
        return pieces

    return begin


def _parquet(path):
    if not _is_remote(path) and not os.path.exists(path):
        raise FileNotFoundError(f"batches={os.fspath(path)!r}: there is no such file or folder.")
    try:
        dataset = import_module("pyarrow.dataset")
    except ImportError as error:
        raise ImportError(
            f"Reading {os.fspath(path)!r} needs pyarrow, which is not installed: pip install "
            "pyarrow. A function that returns an iterator over pieces (X, y) needs nothing."
        ) from error
    return dataset.dataset(path, format="parquet")


def _is_remote(path):
    return isinstance(path, str) and "://" in path


def _of_dataset(dataset):
    """Read a dataset of pyarrow, or anything else of it that has batches."""
    table = import_module("pyarrow").Table
    return lambda: (table.from_batches([batch]) for batch in _record_batches(dataset))


def _record_batches(dataset):
    n_rows = _piece_rows(len(dataset.schema.names))
    if not hasattr(dataset, "scanner"):  # a table
        yield from dataset.to_batches(max_chunksize=n_rows)
        return
    options = {"batch_size": n_rows, "batch_readahead": 1, "fragment_readahead": 1}
    try:
        fragments = list(dataset.get_fragments())
    except ValueError:  # it is filtered, and has none
        yield from dataset.to_batches(**options)
        return
    for fragment in fragments:
        yield from _by_row_groups(fragment, dataset.schema, options)


def _by_row_groups(fragment, schema, options):
    """Yield the batches of a file, if it is of Parquet one row group at a time.

    Read as a whole, it would fill the memory with what training has not come to yet.
    """
    parts, options = [fragment], {"schema": schema, "use_threads": False, **options}
    if hasattr(fragment, "split_by_row_group"):
        of_parquet = import_module("pyarrow.dataset").ParquetFragmentScanOptions
        options["fragment_scan_options"] = of_parquet(pre_buffer=False)
        parts = fragment.split_by_row_group()
    for part in parts:
        yield from part.to_batches(**options)


def _of_dask(frame):
    if getattr(frame, "ndim", 2) != 2:
        raise TypeError(f"Of Dask, batches must be a DataFrame; got {type(frame).__name__}.")
    return lambda: (frame.partitions[i].compute() for i in range(frame.npartitions))


def _of_polars(scan):
    n_rows = _piece_rows(len(scan.collect_schema()))
    if hasattr(scan, "collect_batches"):
        return lambda: scan.collect_batches(chunk_size=n_rows)
    return lambda: _slices(scan, n_rows)


def _slices(scan, n_rows):
    """Yield the rows of a scan by slices, as older versions of polars have no batches."""
    start = 0
    while len(frame := scan.slice(start, n_rows).collect()):
        yield frame
        start += n_rows


def _piece_rows(n_columns):
    """Return how many rows a piece of so many columns should have."""
    return int(np.clip(_NUMBERS // max(1, n_columns), _LEAST_ROWS, _MOST_ROWS))


class Stream:
    """Pieces (number, X, y, weights), checked to be such; every iteration is a new pass.

    Pieces without rows are left out.

    Parameters
    ----------
    batches : object
        What the user gave.
    target : str, list of str or None
        The column, or columns, of y in frames; None if pieces are (X, y).
    """

    def __init__(self, batches: Any, target: Any = None) -> None:
        self.begin = passes_over(batches)
        self.target = target

    def __iter__(self) -> Iterator[tuple[int, Any, Any, Any]]:
        for number, piece in enumerate(self.begin()):
            X, y, weights = self._parts(piece, number)
            if _n_rows(X):
                yield number, X, y, weights

    def _parts(self, piece, number):
        if self.target is not None:
            return (*split_frame(piece, self.target, number), None)
        if not isinstance(piece, (tuple, list)):
            return piece, None, None
        if not 1 <= len(piece) <= 3:
            raise ValueError(
                f"piece {number}: pieces must be (X, y) or (X, y, sample_weight), got a "
                f"{type(piece).__name__} of {len(piece)}."
            )
        return (*piece, None, None)[:3]


def _n_rows(X):
    return X.shape[0] if hasattr(X, "shape") else len(X)


def split_frame(frame: Any, target: Any, number: int) -> tuple[Any, Any]:
    """Return the columns of a frame that are inputs, and the targets.

    Parameters
    ----------
    frame : DataFrame of pandas or polars, or pyarrow Table
    target : str or list of str
    number : int
        That of the piece, for messages.
    """
    names = [target] if isinstance(target, str) else list(target)
    # a Table's ``columns`` are the data
    columns = getattr(frame, "column_names", None) or getattr(frame, "columns", None)
    if columns is None:
        raise TypeError(
            f"piece {number} is a {type(frame).__name__}, which has no columns by name, as "
            f"target={target!r} asks for; give pieces (X, y), and no target."
        )
    missing = [name for name in names if name not in list(columns)]
    if missing:
        raise ValueError(
            f"piece {number} has no column {missing[0]!r}, which target asks for; its columns are "
            f"{list(columns)}."
        )
    if hasattr(frame, "column_names"):
        y = [_arrow_values(frame.column(name)) for name in names]
        X = frame.drop_columns(names)
    else:
        y = [np.asarray(frame[name]) for name in names]
        X = frame.drop(names) if hasattr(frame, "lazy") else frame.drop(columns=names)
    return X, y[0] if isinstance(target, str) else np.column_stack(y)


def _arrow_values(column):
    """Return a column of a Table as an array."""
    if hasattr(column.type, "value_type") and hasattr(column.type, "index_type"):  # of levels
        column = column.cast(column.type.value_type)
    return column.to_numpy()
