"""The columns of raw tables as operators of ONNX: from the table to what networks take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from skdeep.onnx.conversion import Value
from skdeep.onnx.graph import Graph
from skdeep.onnx.transformers import positions, smoothly_scaled
from skdeep.preprocessing.repeats import Repeated, in_single_precision, midpoints

_SHORTENED = re.compile(r".{20} [0-9a-f]{40}", re.DOTALL)  # labels that are too long to be kept
_WHOLE = 2.0**53  # integers below it have a number in double precision each
_TRUTH = {"False": 0.0, "True": 1.0}


class Place(NamedTuple):
    """A column of a table in the graph.

    Parameters
    ----------
    block : str
        The value that holds it, of shape (n_rows, width).
    dtype : numpy.dtype
        The type of the value.
    width : int
        How many columns the value has.
    number : int
        Which of these it is.
    name : str
        How messages call it.
    """

    block: str
    dtype: np.dtype
    width: int
    number: int
    name: str

    def alone(self, graph: Graph) -> str:
        """Return the column by itself, of shape (n_rows, 1)."""
        if self.width == 1:
            return self.block
        return graph.op("Gather", self.block, np.array([self.number]), axis=1)


def signature(estimator: Any) -> list[Value]:
    """Return the inputs of a tabular estimator, when nothing tells their types.

    Numbers are in double precision. There is one input if all columns hold numbers and none has a
    name, else one for each column.
    """
    levels = iter(estimator._encoder._levels)
    kinds = [
        _kind(next(levels).levels) if is_category else np.dtype(np.float64)
        for is_category in estimator._is_category
    ]
    names = getattr(estimator, "feature_names_in_", None)
    if names is None and all(kind == np.float64 for kind in kinds):
        return [Value("X", kinds[0], (len(kinds),))]
    if names is None:
        names = [f"X{j}" for j in range(len(kinds))]
    return [Value(str(name), kind, (1,)) for name, kind in zip(names, kinds, strict=True)]


def _kind(levels):
    """Return the type of values that levels were made from."""
    if not len(levels) or np.isnan(_as_numbers(levels)).any():
        return np.dtype(object)
    return np.dtype(bool if set(levels) <= _TRUTH.keys() else np.float64)


def _as_numbers(levels):
    """Return the numbers that levels stand for, nan for other strings."""
    if levels.dtype.kind != "U":
        return levels
    numbers = []
    for level in levels.tolist():
        try:
            number = float(level)
        except ValueError:
            number = np.nan
        # "1" is a string, and only "1.0" may be a number
        numbers.append(number if repr(number) == level else _TRUTH.get(level, np.nan))
    return np.array(numbers, dtype=np.float64)


# -- columns -------------------------------------------------------------------------------------


def _places(inputs: Sequence[Value], estimator: Any) -> list[Place]:
    """Return the columns that the inputs hold.

    Raises
    ------
    ValueError
        If they are not as many as in training.
    """
    places = [
        Place(value.name, value.dtype, width, number, value.name)
        for value in inputs
        for width in [value.size or 1]
        for number in range(width)
    ]
    if len(places) != estimator.n_features_in_:
        raise ValueError(
            f"X has {len(places)} features, but {estimator.n_features_in_} are expected."
        )
    return places


def _as_double(graph, x, dtype):
    return x if dtype == np.float64 else graph.cast(x, np.float64)


def _side_by_side(graph, places):
    """Return columns of numbers in one value of double precision."""
    parts = []
    for _, some in groupby(places, key=lambda place: place.block):
        some = list(some)
        if some[0].dtype == object:
            raise ValueError(f"{some[0].name!r} holds strings, but numbers are expected.")
        numbers, x = [place.number for place in some], some[0].block
        if numbers != list(range(some[0].width)):
            x = graph.op("Gather", x, np.array(numbers), axis=1)
        parts.append(_as_double(graph, x, some[0].dtype))
    return parts[0] if len(parts) == 1 else graph.op("Concat", *parts, axis=1)


def encoded(graph, estimator, inputs):
    """Return the networks' inputs for a table, in single precision."""
    graph.dtype = np.dtype(np.float64)
    encoder, places = estimator._encoder, _places(inputs, estimator)
    places += _statistics(graph, estimator._statistics, places)
    numbers, categories = encoder._split(places)
    parts, behind = [], []
    if encoder._kept:
        x = _side_by_side(graph, [numbers[j] for j in encoder._kept])
        parts.append(graph.cast(smoothly_scaled(graph, encoder._scaler, x), np.float32))
        behind.append(graph.cast(positions(graph, encoder._positions, x), np.float32))
    if encoder._gaps:
        x = _side_by_side(graph, [numbers[j] for j in encoder._gaps])
        signs = graph.op("Where", graph.op("IsNaN", x), np.float32(1), np.float32(-1))
        parts.append(signs)
    for place, levels in zip(categories, encoder._levels, strict=True):
        if levels.n_inputs:
            parts.append(_level_inputs(graph, place, levels))
    if not parts:  # nothing in the table varies
        rows = graph.op("Shape", places[0].alone(graph))
        parts.append(graph.op("Expand", np.zeros((1, 1), np.float32), rows))
    parts += behind
    return parts[0] if len(parts) == 1 else graph.op("Concat", *parts, axis=1)


# -- categories ----------------------------------------------------------------------------------


def _level_inputs(graph, place, levels):
    """Return the inputs for a column of categories."""
    if place.dtype == object:
        codes = _codes_of_strings(graph, place, levels)
        is_level = graph.op("Equal", codes, np.arange(levels.n_codes))
    else:
        is_level = _equal_numbers(graph, place, levels)
    inputs = graph.cast(is_level, np.float32)
    if levels.is_binary:
        return graph.op("MatMul", inputs, np.array([[-1], [1]], np.float32))
    return inputs


def _codes_of_strings(graph, place, levels):
    """Return the numbers of strings among levels, "" being a missing one; -1 for others."""
    known = levels.levels.tolist()
    if levels.levels.dtype.kind != "U":
        raise ValueError(f"{place.name!r} holds strings, but numbers are expected.")
    shortened = [level for level in known if _SHORTENED.fullmatch(level)]
    if shortened:
        raise NotImplementedError(
            f"{place.name!r} has categories of more than 100 characters, such as {shortened[0]!r}, "
            "which cannot be told apart in ONNX; give them shorter names."
        )
    keys = [*known, ""] if levels.has_missing and "" not in known else known
    return _looked_up(graph, place.alone(graph), keys_strings=keys)


def _looked_up(graph, x, **keys):
    """Return the places of values among keys, -1 for others."""
    (values,) = keys.values()
    places = {"values_int64s": list(range(len(values))), "default_int64": -1}
    return graph.op("LabelEncoder", x, domain="ai.onnx.ml", **keys, **places)


def _equal_numbers(graph, place, levels):
    """Return whether numbers are each of the levels, the missing one last."""
    x = _as_double(graph, place.alone(graph), place.dtype)
    numbers = _as_numbers(levels.levels)
    if not levels.has_missing:
        return graph.op("Equal", x, numbers)
    missing = graph.op("IsNaN", x)
    if not len(numbers):
        return missing
    return graph.op("Concat", graph.op("Equal", x, numbers), missing, axis=1)


# -- statistics of levels ------------------------------------------------------------------------


def _statistics(graph, statistics, places):
    """Return the columns of statistics that are put behind a table."""
    if not statistics._levels:
        return []
    blocks = [
        _rows_of_levels(graph, places[j], levels, table)
        for (j, levels), table in zip(statistics._levels.items(), statistics._tables, strict=True)
    ]
    return [
        Place(block, np.dtype(np.float64), statistics.n_outputs, number, "statistics")
        for number in range(statistics.n_outputs)
        for block in blocks
    ]


def _rows_of_levels(graph, place, levels, table):
    """Return the row of a table for the level of every row, the last one for unknown levels."""
    if place.dtype == object:
        codes = _codes_of_strings(graph, place, levels)
    elif isinstance(levels, Repeated):
        codes = _codes_of_repeated(graph, place, levels)
    else:
        codes = _codes_of_numbers(graph, place, levels)
    rows = graph.op("Gather", table, codes, axis=0)  # -1 is the last row
    return graph.op("Reshape", rows, np.array([-1, table.shape[1]]))


def _codes_of_numbers(graph, place, levels):
    """Return the numbers of numbers among levels, -1 for unknown ones."""
    numbers = _as_numbers(levels.levels)
    if not (np.abs(numbers) < _WHOLE).all() or (numbers % 1).any():
        is_level = graph.cast(_equal_numbers(graph, place, levels), np.float32)
        weights = np.arange(1, levels.n_codes + 1, dtype=np.float32)[:, None]
        places = graph.cast(graph.op("MatMul", is_level, weights), np.int64)
        return graph.op("Sub", places, 1)
    x = _as_double(graph, place.alone(graph), place.dtype)
    is_whole = graph.op("Equal", x, graph.op("Floor", x))
    is_whole = graph.op("And", is_whole, graph.op("Less", graph.op("Abs", x), _WHOLE))
    nowhere = float(numbers.max(initial=0) + 1)
    keys = graph.cast(graph.op("Where", is_whole, x, nowhere), np.int64)
    codes = _looked_up(graph, keys, keys_int64s=numbers.astype(np.int64).tolist())
    if not levels.has_missing:
        return codes
    return graph.op("Where", graph.op("IsNaN", x), levels.n_codes - 1, codes)


def _codes_of_repeated(graph, place, levels):
    """Return the numbers of values that are the same in single precision; of edges for others."""
    x = _as_double(graph, place.alone(graph), place.dtype)
    singles, first = np.unique(in_single_precision(levels.levels), return_index=True)
    same = _looked_up(graph, graph.cast(x, np.float32), keys_floats=singles.tolist())
    codes, last = same, np.append(first[1:], len(levels.levels)) - 1
    if len(singles) < len(levels.levels):  # only double precision tells them apart
        codes = graph.op("Max", _nearest(graph, x, levels.levels), graph.op("Gather", first, same))
        codes = graph.op("Min", codes, graph.op("Gather", last, same))
    edge = graph.op("Add", _nearest(graph, x, levels.edges), levels.n_codes)
    codes = graph.op("Where", graph.op("Less", same, 0), edge, codes)
    missing = levels.n_codes - 1 if levels.has_missing else -1
    return graph.op("Where", graph.op("IsNaN", x), missing, codes)


def _nearest(graph, x, places):
    """Return which of some places, which are in order, is next to each number, by bisection."""
    middles = midpoints(places)
    n_steps = len(middles).bit_length()
    middles = np.append(middles, np.full(2**n_steps - 1 - len(middles), np.inf))
    nearest = 0
    for step in 2 ** np.arange(n_steps)[::-1]:
        middle = graph.op("Gather", middles, graph.op("Add", nearest, step - 1))
        further = graph.op("Add", nearest, step)
        nearest = graph.op("Where", graph.op("Greater", x, middle), further, nearest)
    return nearest
