"""Raw tables, whatever library they come from, as columns of numbers and of categories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from hashlib import sha1
from numbers import Real

import numpy as np
from scipy.sparse import issparse
from sklearn.utils.validation import check_array

_HOW_TO_MAKE_NUMBERS = (
    "make numbers of it, e.g. the days since a fixed date, the month, or the hour of the day"
)
_TIMES = "date", "time", "period", "duration", "interval[s", "month_day"  # names of types
_MOMENTS = date, time, timedelta, np.datetime64, np.timedelta64
_CONTAINERS = dict, list, tuple, set, np.ndarray
_LONGEST = 100  # characters of a label


@dataclass
class Column:
    """A column of a table.

    Parameters
    ----------
    values : ndarray of shape (n_rows,)
        Double-precision numbers with nan for missing ones, or strings.
    missing : ndarray of bool of shape (n_rows,)
    is_category : bool
        Whether its type says that it holds categories.
    """

    values: np.ndarray
    missing: np.ndarray
    is_category: bool

    def alike(self, levels):
        """Return the values in the kind of some levels: strings where those are strings."""
        if self.values.dtype.kind == levels.dtype.kind:
            return self.values
        if levels.dtype.kind == "U":
            return as_labels(self.values)
        return np.array([_number(value) for value in self.values.tolist()], dtype=np.float64)

    def take(self, rows):
        """Return the column of some rows."""
        return Column(self.values[rows], self.missing[rows], self.is_category)

    @classmethod
    def joined(cls, parts):
        """Return the column that comes in parts, as strings if some of them hold strings."""
        values = [part.values for part in parts]
        if any(part.dtype.kind == "U" for part in values):
            values = list(map(as_labels, values))
        missing = np.concatenate([part.missing for part in parts])
        return cls(np.concatenate(values), missing, parts[0].is_category)


def as_labels(values):
    """Return numbers, or labels already, as labels of levels."""
    if values.dtype.kind == "U":
        return values
    return np.array([_label(value) for value in values.tolist()], dtype=str)


def read_table(X):
    """Return the columns of a table, a list of Column.

    Parameters
    ----------
    X : DataFrame of pandas or polars, pyarrow Table, or array-like of shape (n_rows, n_columns)

    Raises
    ------
    TypeError
        If X is sparse, or a column holds times.
    ValueError
        If X has not two dimensions, no rows or no columns.
    """
    if issparse(X):
        raise TypeError(
            "Sparse data was passed, but tables must be dense; use X.toarray(), or MLPClassifier "
            "and MLPRegressor, which take sparse matrices."
        )
    frame = _frame_columns(X)
    if frame is not None:
        if not frame or not len(frame[0].values):
            n_rows = len(frame[0].values) if frame else 0
            raise ValueError(
                f"Found array with {n_rows} sample(s) and {len(frame)} feature(s) while a minimum "
                "of 1 is required."
            )
        return frame
    if isinstance(X, (list, tuple)):  # numpy would make strings of numbers beside strings
        X = np.array(X, dtype=object)
    return _array_columns(check_array(X, dtype=None, ensure_all_finite=False, input_name="X"))


def _frame_columns(X):
    """Return the columns of a frame, or None for anything else."""
    module = type(X).__module__.split(".")[0]
    if module == "pandas" and hasattr(X, "iloc") and getattr(X, "ndim", 1) == 2:
        series = (X.iloc[:, i] for i in range(X.shape[1]))
        return [_from_pandas(s, name) for s, name in zip(series, X.columns, strict=True)]
    if module == "polars" and hasattr(X, "get_columns"):
        return [_from_polars(s) for s in X.get_columns()]
    if module == "pyarrow" and hasattr(X, "column_names"):
        return [_from_arrow(X.column(i), name) for i, name in enumerate(X.column_names)]
    return None


def _refuse_times(what, kind):
    raise TypeError(
        f"{what} holds times ({kind}), which networks cannot learn from as they are; "
        f"{_HOW_TO_MAKE_NUMBERS}."
    )


def _from_pandas(series, name):
    dtype, kind = str(series.dtype), series.dtype.kind
    if kind in "mM" or dtype.startswith(_TIMES):
        _refuse_times(f"Column {name!r}", dtype)
    if kind in "iuf":
        return _numbers(series.to_numpy(dtype=np.float64, na_value=np.nan))
    if dtype == "str" or dtype.startswith("string"):
        return _words(series.astype(object).to_numpy(), series.isna().to_numpy(bool))
    is_category = dtype.startswith(("category", "dictionary"))
    return _from_objects(series.astype(object).to_numpy(), name, is_category)


def _from_polars(series):
    dtype = series.dtype
    if dtype.is_temporal():
        _refuse_times(f"Column {series.name!r}", dtype)
    if dtype.is_numeric():
        return _numbers(series.cast(float).to_numpy())
    is_category = str(dtype).startswith(("Categorical", "Enum"))
    return _from_objects(_objects(series.to_list()), series.name, is_category)


def _from_arrow(column, name):
    kind = str(column.type)
    if kind.startswith(_TIMES):
        _refuse_times(f"Column {name!r}", kind)
    if kind.startswith(("int", "uint", "halffloat", "float", "double", "decimal")):
        return _numbers(np.asarray(column.cast("float64", safe=False), np.float64))
    return _from_objects(_objects(column.to_pylist()), name, kind.startswith("dictionary"))


def _array_columns(X):
    if X.dtype.kind in "mM":
        _refuse_times("X", X.dtype)
    if X.dtype.kind == "c":
        raise ValueError(f"Complex data not supported\n{X}\n")
    if X.dtype.kind in "fiub":
        numbers = X.astype(np.float64, copy=False)
        return [_numbers(numbers[:, j]) for j in range(X.shape[1])]
    return [_from_objects(X[:, j].astype(object), j) for j in range(X.shape[1])]


def _objects(values):
    """Return a list as an array of objects, whatever it holds."""
    return np.array([*values, None], dtype=object)[:-1]


def _is_missing(value):
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.generic, Decimal)) and bool(value != value)


def _from_objects(values, name, is_category=False):
    """Return a column of Python objects: of numbers if all are, else of categories."""
    if set(map(type, values)) <= {str, type(None)}:  # the most frequent case, at its fastest
        return _words(values, np.equal(values, None).astype(bool))
    missing = np.array([_is_missing(value) for value in values], bool)
    known = values[~missing]
    kinds = set(map(type, known))
    if any(issubclass(kind, _MOMENTS) for kind in kinds):
        _refuse_times(f"Column {name!r}", ", ".join(sorted(kind.__name__ for kind in kinds)))
    if any(issubclass(kind, (complex, np.complexfloating)) for kind in kinds):
        raise ValueError(f"Complex data not supported: column {name!r}.")
    if any(issubclass(kind, _CONTAINERS) for kind in kinds):
        value = next(value for value in known if isinstance(value, _CONTAINERS))
        raise TypeError(
            f"Column {name!r} holds {value!r}: the argument must be a string or a real number."
        )
    if not kinds:
        return _nothing(missing)
    if is_category or kinds <= {bool, np.bool_} or not all(map(_is_numeric, kinds)):
        return _categories(values, missing)
    numbers = np.full(len(values), np.nan)
    try:
        numbers[~missing] = known.astype(np.float64)
    except OverflowError as error:
        raise ValueError(f"Column {name!r} holds a value too large for float64.") from error
    return _numbers(numbers)


def _nothing(missing):
    """Return a column without values: it may hold anything later."""
    return Column(np.full(len(missing), np.nan), missing, True)


def _words(values, missing):
    """Return a column of strings."""
    if missing.all():
        return _nothing(missing)
    words = np.where(missing, "", values)
    labels = words.astype(str)
    if labels.dtype.itemsize > 4 * _LONGEST:
        labels = np.array(list(map(_label, words)), dtype=str)
    return Column(labels, missing, True)


def _is_numeric(kind):
    return issubclass(kind, (Real, Decimal, np.bool_))


def _numbers(values):
    return Column(values, np.isnan(values), False)


def _categories(values, missing):
    """Return a column of strings; numbers among the values keep their meaning, 1 and 1.0 alike."""
    labels = np.full(len(values), "", dtype=object)
    labels[~missing] = [_label(value) for value in values[~missing]]
    return Column(labels.astype(str), missing, True)


def _label(value):
    try:
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        label = repr(float(value)) if is_number else str(value)
    except OverflowError:  # an integer that no float can hold
        label = str(value)
    # an array of strings takes as much room for each as the longest one needs
    return label if len(label) <= _LONGEST else f"{label[:20]} {sha1(label.encode()).hexdigest()}"


def _number(value):
    try:
        return float(value)
    except ValueError:
        return np.nan
