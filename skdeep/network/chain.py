"""Layers that hold layers: one after the other, around a shortcut, or side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import issparse

from skdeep.network.layers import Layer
from skdeep.network.stage import Stage


class Chain(Layer):
    """Layers one after the other.

    Parameters
    ----------
    in_shape : tuple of int
        The shape of a row of inputs.
    stages : sequence of Stage
        What to build the layers from. Each gets the outputs of the one before.
    """

    def __init__(self, in_shape: tuple[int, ...], stages: Sequence[Stage]) -> None:
        self.in_shape = in_shape
        self.layers = []
        for stage in stages:
            self.layers.append(stage.layer(in_shape))
            in_shape = self.layers[-1].out_shape
        self.out_shape = in_shape

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return what the stages say of themselves, joined topic by topic."""
        words = {}
        for stage in options["stages"]:
            for topic, text in stage.describe().items():
                words.setdefault(topic, []).append(text)
        return {  # a topic that is merely true, such as a shortcut, is said once
            topic: "True" if set(texts) == {"True"} else ", ".join(texts)
            for topic, texts in words.items()
        }

    @property
    def leaves(self) -> list[Layer]:
        """The layers within that hold no others."""
        return [leaf for layer in self.layers for leaf in layer.leaves]

    def initialise(self, rng: np.random.Generator) -> None:
        """Let every layer write its starting values, in order."""
        for layer in self.layers:
            layer.initialise(rng)

    def look_back(self, is_trained: bool) -> bool:
        """Tell every layer whether anything before it is trained."""
        self.gives_gradient = is_trained
        for layer in self.layers:
            is_trained = layer.look_back(is_trained)
        self.backwards = [layer for layer in reversed(self.layers) if layer.learns]
        self.learns = is_trained
        return is_trained

    def infer(self, x: Any) -> np.ndarray:
        """Return the outputs of the last layer."""
        for layer in self.layers:
            x = layer.infer(x)
        return x

    def trace(self, x: Any, see: Callable[[Layer, np.ndarray], object]) -> np.ndarray:
        """Return the outputs of the last layer, and call ``see`` for every leaf within."""
        for layer in self.layers:
            x = layer.trace(x, see)
        return x

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Let every layer make its arrays."""
        for layer in self.layers:
            layer.allocate(n_rows, dtype)

    def resize(self, n_rows: int) -> None:
        """Let every layer use the first rows of its arrays."""
        for layer in self.layers:
            layer.resize(n_rows)

    def forward(self, x: Any, fresh: bool) -> np.ndarray:
        """Return the outputs of the last layer."""
        for layer in self.layers:
            x = layer.forward(x, fresh)
        return x

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Send the gradient back through the layers that learn."""
        for layer in self.backwards:
            delta = layer.backward(delta)
        return delta


class Shortcut(Chain):
    """Layers with an identity shortcut around them: x + f(x).

    Parameters
    ----------
    in_shape : tuple of int
    stages : sequence of Stage
        What to build the layers from. Their outputs must have the shape of the inputs.
    damping : float
        A factor on the starting values of the weights within. Below 1 it keeps the outputs from
        growing from one shortcut to the next.
    """

    def __init__(
        self, in_shape: tuple[int, ...], stages: Sequence[Stage], damping: float = 1.0
    ) -> None:
        super().__init__(in_shape, stages)
        self.damping = damping

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return what the stages say, and that there is a shortcut."""
        return {**super().describe(options), "skip_connections": "True"}

    def initialise(self, rng: np.random.Generator) -> None:
        """Let the layers within write their starting values, and make the weights smaller."""
        super().initialise(rng)
        for leaf in self.leaves:
            for weights in leaf.of_kind("weight"):
                weights *= self.damping

    def infer(self, x: Any) -> np.ndarray:
        """Return x + f(x)."""
        return super().infer(x) + x  # not in place: the layers within may hand x through

    def trace(self, x: Any, see: Callable[[Layer, np.ndarray], object]) -> np.ndarray:
        """Return x + f(x), and call ``see`` for every leaf within."""
        return x + super().trace(x, see)

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays, also for the sum and for the gradient along the shortcut."""
        super().allocate(n_rows, dtype)
        self._out = np.empty((n_rows, self.n_outputs), dtype)
        self._delta = np.empty_like(self._out)

    def resize(self, n_rows: int) -> None:
        """Use the first rows of the arrays."""
        super().resize(n_rows)
        self.out, self.delta = self._out[:n_rows], self._delta[:n_rows]

    def forward(self, x: Any, fresh: bool) -> np.ndarray:
        """Return x + f(x)."""
        return np.add(x, super().forward(x, fresh), out=self.out)

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Return the gradient through f plus the one along the shortcut."""
        self.delta[...] = delta  # the layers within overwrite theirs
        delta = super().backward(delta)
        if self.gives_gradient:
            delta += self.delta
        return delta


class Branch(Layer):
    """Some columns through one chain of layers, others through another, then side by side.

    Parameters
    ----------
    in_shape : tuple of int
    branches : sequence of (columns, stages)
        The columns of a branch are a slice, or a list of the columns' numbers. A column may go into
        several branches.
    """

    def __init__(
        self, in_shape: tuple[int, ...], branches: Sequence[tuple[Any, Sequence[Stage]]]
    ) -> None:
        self.in_shape = in_shape
        numbers = np.arange(self.n_inputs)
        self.columns = [numbers[columns] for columns, _ in branches]
        for columns in self.columns:
            if len(np.unique(columns)) < len(columns):
                raise ValueError(f"A branch takes each column once, but got {columns.tolist()}.")
        self.chains = [
            Chain((len(columns),), stages)
            for columns, (_, stages) in zip(self.columns, branches, strict=True)
        ]
        ends = np.cumsum([0, *(chain.n_outputs for chain in self.chains)])
        self.places = [slice(*ends[i : i + 2]) for i in range(len(self.chains))]
        self.out_shape = (int(ends[-1]),)

    @classmethod
    def describe(cls, options: dict[str, Any]) -> dict[str, str]:
        """Return what each branch does to which columns."""
        branches = options["branches"]
        words = [f"{columns}: {Chain.describe({'stages': part})}" for columns, part in branches]
        return {"branches": "; ".join(words)}

    @property
    def leaves(self) -> list[Layer]:
        """The layers of all branches."""
        return [leaf for chain in self.chains for leaf in chain.leaves]

    def initialise(self, rng: np.random.Generator) -> None:
        """Let the layers of every branch write their starting values, in order."""
        for chain in self.chains:
            chain.initialise(rng)

    def look_back(self, is_trained: bool) -> bool:
        """Tell every layer whether anything before it is trained."""
        self.gives_gradient = is_trained
        learn = [chain.look_back(is_trained) for chain in self.chains]
        self.learns = any(learn)
        return self.learns

    def _parts_of(self, x):
        """Yield every branch's chain and its columns of ``x``."""
        for chain, columns in zip(self.chains, self.columns, strict=True):
            part = x[:, columns]
            yield chain, part.toarray() if issparse(part) else part

    def infer(self, x: Any) -> np.ndarray:
        """Return the branches' outputs side by side."""
        return np.concatenate([chain.infer(part) for chain, part in self._parts_of(x)], axis=1)

    def trace(self, x: Any, see: Callable[[Layer, np.ndarray], object]) -> np.ndarray:
        """Return the branches' outputs side by side, and call ``see`` for every leaf within."""
        parts = [chain.trace(part, see) for chain, part in self._parts_of(x)]
        return np.concatenate(parts, axis=1)

    def allocate(self, n_rows: int, dtype: np.dtype) -> None:
        """Make arrays for the outputs, and for the parts and their gradients."""
        self._out = np.empty((n_rows, self.n_outputs), dtype)
        self._d_inputs = np.empty((n_rows, self.n_inputs), dtype) if self.gives_gradient else None
        self._parts = [np.empty((n_rows, chain.n_inputs), dtype) for chain in self.chains]
        self._deltas = [np.empty((n_rows, chain.n_outputs), dtype) for chain in self.chains]
        for chain in self.chains:
            chain.allocate(n_rows, dtype)

    def resize(self, n_rows: int) -> None:
        """Use the first rows of the arrays."""
        self.out = self._out[:n_rows]
        self.d_inputs = self._d_inputs[:n_rows] if self.gives_gradient else None
        self.parts = [part[:n_rows] for part in self._parts]
        self.deltas = [delta[:n_rows] for delta in self._deltas]
        for chain in self.chains:
            chain.resize(n_rows)

    def forward(self, x: Any, fresh: bool) -> np.ndarray:
        """Return the branches' outputs side by side."""
        branches = zip(self.chains, self.columns, self.parts, self.places, strict=True)
        for chain, columns, part, place in branches:
            if issparse(x):
                x[:, columns].toarray(out=part)
            else:
                np.take(x, columns, axis=1, out=part, mode="clip")
            self.out[:, place] = chain.forward(part, fresh)
        return self.out

    def backward(self, delta: np.ndarray) -> np.ndarray | None:
        """Send each branch its part of the gradient, and add up what comes back for each column."""
        if self.gives_gradient:
            self.d_inputs[...] = 0
        branches = zip(self.chains, self.columns, self.deltas, self.places, strict=True)
        for chain, columns, part, place in branches:
            if chain.learns:
                part[...] = delta[:, place]
                d_part = chain.backward(part)
                if self.gives_gradient:
                    self.d_inputs[:, columns] += d_part
        return self.d_inputs
