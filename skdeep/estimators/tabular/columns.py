"""Which columns of a table hold categories, and whether the others can be learnt."""

from __future__ import annotations

import numpy as np

from skdeep.preprocessing.tables import read_table

table_of = read_table


def _name(j, names):
    return f"column {j}" if names is None else f"column {names[j]!r}"


def are_categories(asked, columns, names):
    """Return a list that tells of each column whether it holds categories.

    Parameters
    ----------
    asked : "from_dtype", None or sequence
        The parameter ``categorical_features``.
    columns : list of Column
    names : ndarray of str or None

    Raises
    ------
    ValueError, TypeError
        If names or numbers are unknown, or a column of strings is to be numbers.
    """
    if isinstance(asked, str) and asked == "from_dtype":
        return [column.is_category for column in columns]
    flags = np.zeros(len(columns), bool)
    flags[_places(asked, len(columns), names)] = True
    for j, column in enumerate(columns):
        if column.values.dtype.kind == "U" and not flags[j]:
            raise ValueError(
                f"{_name(j, names)} holds strings, but is not among categorical_features; name it "
                "there, or make numbers of it."
            )
    return flags.tolist()


def _places(asked, n, names):
    """Return the numbers of the columns that are asked for."""
    if asked is None:
        return []
    if isinstance(asked, (str, bytes)) or not np.iterable(asked):
        raise TypeError(
            'categorical_features must be "from_dtype", None, or a list of names, of numbers or of '
            f"booleans; got {asked!r}."
        )
    asked = list(asked)
    if all(isinstance(item, (bool, np.bool_)) for item in asked):
        if asked and len(asked) != n:
            raise ValueError(
                f"categorical_features as a mask must have {n} entries, one for each column; got "
                f"{len(asked)}."
            )
        return np.flatnonzero(asked)
    if all(isinstance(item, str) for item in asked):
        known = [] if names is None else list(names)
        unknown = [item for item in asked if item not in known]
        if unknown:
            raise ValueError(f"categorical_features names {unknown}, but the columns are {known}.")
        return [j for j, name in enumerate(known) if name in asked]
    if not all(isinstance(item, (int, np.integer)) for item in asked):
        raise TypeError(
            "categorical_features must hold names, numbers or booleans, one kind only; got "
            f"{asked!r}."
        )
    wrong = [item for item in asked if not -n <= item < n]
    if wrong:
        raise ValueError(f"categorical_features holds {wrong}, but there are {n} columns.")
    return asked


def check_finite(columns, is_category, names):
    """Raise ValueError for infinity among the numbers, or strings where numbers were learnt."""
    for j, (column, holds_categories) in enumerate(zip(columns, is_category, strict=True)):
        if holds_categories:
            continue
        if column.values.dtype.kind == "U":
            raise ValueError(f"{_name(j, names)} holds strings, but numbers are expected.")
        if np.isinf(column.values).any():
            raise ValueError(
                f"Input X contains infinity in {_name(j, names)}; replace it, e.g. by nan, which "
                "means missing."
            )
