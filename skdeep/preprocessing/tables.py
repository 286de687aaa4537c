"""Raw tables, whatever library they come from, as columns of numbers and of categories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import issparse
from sklearn.utils.validation import check_array

_HOW_TO_MAKE_NUMBERS = (
    "make numbers of it, e.g. the days since a fixed date, the month, or the hour of the day"
)


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
            return np.array([_label(value) for value in self.values.tolist()], dtype=str)
        return np.array([_number(value) for value in self.values.tolist()], dtype=np.float64)

    def take(self, rows):
        """Return the column of some rows."""
        return Column(self.values[rows], self.missing[rows], self.is_category)


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


def _refuse_times(name, kind):
    raise TypeError(
        f"Column {name!r} holds times ({kind}), which networks cannot learn from as they are; "
        f"{_HOW_TO_MAKE_NUMBERS}."
    )


def _from_pandas(series, name):
    kind = str(series.dtype)
    if kind.startswith(("datetime", "timedelta", "period")):
        _refuse_times(name, kind)
    missing = series.isna().to_numpy(dtype=bool)
    if kind in ("category", "object", "bool", "boolean") or kind.startswith(("str", "large_str")):
        return _categories(series.astype(object).to_numpy(), missing, True)
    return _numbers(series.to_numpy(dtype=np.float64, na_value=np.nan))


def _from_polars(series):
    kind = str(series.dtype)
    if kind.startswith(("Date", "Time", "Duration")):
        _refuse_times(series.name, kind)
    if kind.startswith(("String", "Utf8", "Categorical", "Enum", "Boolean", "Object", "Null")):
        missing = series.is_null().to_numpy()
        return _categories(np.array([*series.to_list(), None], dtype=object)[:-1], missing, True)
    numbers = [np.nan if value is None else value for value in series.to_list()]
    return _numbers(np.asarray(numbers, np.float64))


def _from_arrow(column, name):
    kind = str(column.type)
    if kind.startswith(("date", "time", "duration", "interval")):
        _refuse_times(name, kind)
    values = np.array([*column.to_pylist(), None], dtype=object)[:-1]
    missing = np.array([value is None for value in values], bool)
    if kind in ("string", "large_string", "bool", "null") or kind.startswith("dictionary"):
        return _categories(values, missing, True)
    values[missing] = np.nan
    return _numbers(values.astype(np.float64))


def _array_columns(X):
    if X.dtype.kind in "mM":
        _refuse_times("X", X.dtype)
    if X.dtype.kind == "c":
        raise ValueError(f"Complex data not supported\n{X}\n")
    if X.dtype.kind in "fiub":
        numbers = X.astype(np.float64, copy=False)
        return [_numbers(numbers[:, j]) for j in range(X.shape[1])]
    return [_from_objects(X[:, j].astype(object), j) for j in range(X.shape[1])]


def _from_objects(values, j):
    """Return a column of Python objects: of numbers if all are, else of categories."""
    missing = np.array([value is None or value != value for value in values], bool)
    for value in values[~missing]:
        if isinstance(value, (dict, list, tuple, set, np.ndarray)):
            raise TypeError(
                f"Column {j} holds {value!r}: the argument must be a string or a real number."
            )
    if all(isinstance(value, (int, float, np.number)) for value in values[~missing]):
        numbers = np.full(len(values), np.nan)
        numbers[~missing] = values[~missing].astype(np.float64)
        return _numbers(numbers)
    return _categories(values, missing, True)


def _numbers(values):
    return Column(values, np.isnan(values), False)


def _categories(values, missing, is_category):
    """Return a column of strings; numbers among the values keep their meaning, 1 and 1.0 alike."""
    labels = np.full(len(values), "", dtype=object)
    labels[~missing] = [_label(value) for value in values[~missing]]
    return Column(labels.astype(str), missing, is_category)


def _label(value):
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return repr(float(value)) if is_number else str(value)


def _number(value):
    try:
        return float(value)
    except ValueError:
        return np.nan
