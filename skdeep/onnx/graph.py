"""The graph that a model becomes: operators are added one at a time, and named by their results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np

ML_OPSET = 3  # the version of ONNX's operators for strings; it goes with all opsets from 15 on


class Node(NamedTuple):
    """An operator of the graph.

    Parameters
    ----------
    kind : str
        The operator's name in ONNX.
    inputs, outputs : list of str
        The names of what goes in, and of what comes out.
    domain : str
        The set of operators it belongs to; "" for ONNX's own.
    attributes : dict
        Its attributes.
    """

    kind: str
    inputs: list[str]
    outputs: list[str]
    domain: str
    attributes: dict[str, Any]


class Graph:
    """Operators of ONNX, added one at a time.

    What is passed to ``op`` is the name of a value, as an earlier ``op`` returned it, or a
    constant: an array, or a number. Python's floats become constants of the type ``dtype``, and
    integers, also those of arrays, have 64 bits.

    Parameters
    ----------
    opset : int
        The version of ONNX's operators.
    dtype : numpy.dtype
        The floating type of numbers that are given as Python floats. It can be changed on the way.
    unique : callable or None
        Returns a name that is free in the graph, given what it should begin with. None numbers
        them.

    Attributes
    ----------
    constants : dict
        The constants by name.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.onnx import Graph
    >>> graph = Graph(opset=18, dtype=np.dtype("float32"))
    >>> graph.op("Mul", "x", 2.0)
    'Mul_1'
    >>> graph.constants
    {'constant_0': array(2., dtype=float32)}
    """

    def __init__(
        self, opset: int, dtype: np.dtype, unique: Callable[[str], str] | None = None
    ) -> None:
        self.opset = opset
        self.dtype = np.dtype(dtype)
        self.constants: dict[str, np.ndarray] = {}
        self._nodes: list[Node] = []
        self._unique = unique or _counting()
        self._known: dict[Any, str] = {}
        self._maps: dict[str, str] = {}

    def op(self, kind: str, *inputs: Any, domain: str = "", **attributes: Any) -> str:
        """Add an operator, and return the name of its result.

        Parameters
        ----------
        kind : str
            The operator's name, as in ONNX's list of operators.
        *inputs : str, ndarray, float or int
            Names of values, or constants; "" leaves out an optional input.
        domain : str
            The set of operators it belongs to.
        **attributes : Any
            Its attributes.

        Returns
        -------
        str
        """
        return self.op_with_results(1, kind, *inputs, domain=domain, **attributes)[0]

    def op_with_results(
        self, n_results: int, kind: str, *inputs: Any, domain: str = "", **attributes: Any
    ) -> list[str]:
        """Add an operator that has several results, and return their names.

        Parameters
        ----------
        n_results : int
            How many they are.
        kind, *inputs, domain, **attributes
            As for ``op``.

        Returns
        -------
        list of str
        """
        names = [value if isinstance(value, str) else self._constant(value) for value in inputs]
        results = [self._unique(kind) for _ in range(n_results)]
        self._nodes.append(Node(kind, names, results, domain, attributes))
        return results

    def cast(self, x: str, dtype: Any) -> str:
        """Convert a value to a type of numpy's."""
        from onnx.helper import np_dtype_to_tensor_dtype

        return self.op("Cast", x, to=int(np_dtype_to_tensor_dtype(np.dtype(dtype))))

    def _constant(self, value):
        """Return the name of a constant; equal ones are kept once."""
        if isinstance(value, float):
            value = self.dtype.type(value)
        array = np.array(value, order="C")
        if array.dtype.kind == "i":
            array = array.astype(np.int64)
        key = array.dtype.str, array.shape, array.tobytes() if array.dtype != object else id(array)
        if key not in self._known:
            self._known[key] = self._unique("constant")
            self.constants[self._known[key]] = array
        return self._known[key]

    # -- maps: rows hold them with channels last, ONNX's operators take channels first ----------

    def as_maps(self, x: str, shape: Sequence[int]) -> str:
        """Return flat rows as maps for ONNX's operators: (n_rows, channels, height, width).

        Parameters
        ----------
        x : str
            Flat rows.
        shape : tuple of int
            What they hold: (height, width, channels).
        """
        if x not in self._maps:
            maps = self.op("Reshape", x, np.array([0, *shape]))
            self._maps[x] = self.op("Transpose", maps, perm=[0, 3, 1, 2])
        return self._maps[x]

    def as_rows(self, maps: str, shape: Sequence[int]) -> str:
        """Return maps as flat rows; the opposite of ``as_maps``.

        Layers hand rows to each other. The maps are remembered, so that between two layers that
        work on maps nothing is moved around.
        """
        last = self.op("Transpose", maps, perm=[0, 2, 3, 1])
        rows = self.op("Reshape", last, np.array([0, int(np.prod(shape))]))
        self._maps[rows] = maps
        return rows

    def has_maps(self, *rows: str) -> bool:
        """Whether all of these rows are known as maps, too."""
        return all(x in self._maps for x in rows)

    # -- the end ---------------------------------------------------------------------------------

    def finish(self, results: dict[str, str]) -> tuple[list[Node], dict[str, np.ndarray]]:
        """Return the operators and constants that are needed for some results, in order.

        Parameters
        ----------
        results : dict
            The names that the results get, and those that they had so far.
        """
        made = {name for node in self._nodes for name in node.outputs}
        renamed: dict[str, str] = {}
        for name, value in results.items():
            if value in made and value not in renamed:
                renamed[value] = name
        copies = [
            Node("Identity", [renamed.get(value, value)], [name], "", {})
            for name, value in results.items()
            if renamed.get(value) != name
        ]
        nodes = [_renamed(node, renamed) for node in self._nodes] + copies
        needed = set(results)
        kept = []
        for node in reversed(nodes):
            if needed & set(node.outputs):
                kept.append(node)
                needed.update(node.inputs)
        constants = {name: array for name, array in self.constants.items() if name in needed}
        return kept[::-1], constants


def _counting():
    """Return a function that numbers names."""
    numbers = count()
    return lambda start: f"{start}_{next(numbers)}"


def _renamed(node, names):
    inputs, outputs = ([names.get(x, x) for x in some] for some in (node.inputs, node.outputs))
    return node._replace(inputs=inputs, outputs=outputs)
