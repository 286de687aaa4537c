"""What growth should cost by arithmetic: products in an epoch, and bytes beyond X and y."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from cases import batches

REAL, INDEX = 4, 8  # bytes


@dataclass(frozen=True)
class Size:
    """The size of a task: data, network and batch."""

    rows: int = 10_000
    features: int = 20
    width: int = 64
    depth: int = 2
    batch: int = 200
    outputs: int = 4

    @property
    def hidden(self):
        """The units of every hidden layer."""
        return (self.width,) * self.depth

    @property
    def widths(self):
        """The units of every layer, from the inputs to the outputs."""
        return (self.features, *self.hidden, self.outputs)

    @property
    def batches(self):
        """The rows of every batch of an epoch."""
        return batches(self.rows, self.batch)

    def data(self):
        """Return random inputs and labels: what is learnt does not matter here."""
        rng = np.random.default_rng(0)
        X = rng.standard_normal((self.rows, self.features), np.float32)
        return X, np.arange(self.rows) % self.outputs

    def multiplications(self):
        """Return those of all matrix products in an epoch."""
        products = [n * m for n, m in pairwise(self.widths)]
        return self.rows * (3 * sum(products) - products[0])  # no gradient at the inputs

    def parameter_bytes(self):
        """Return the bytes of one vector of parameters."""
        return REAL * sum(n * m + m for n, m in pairwise(self.widths))

    def batch_bytes(self):
        """Return the bytes of one batch: inputs, targets, outputs and gradients of all layers."""
        return REAL * self.batch * (self.features + 2 * self.outputs + 2 * sum(self.hidden))

    def row_bytes(self):
        """Return the bytes of what has an entry a row: the shuffled order and the labels' codes."""
        return 2 * INDEX * self.rows

    def bytes(self):
        """Return parameters, gradient, Adam's two moments, a batch, and the rows' entries."""
        return 4 * self.parameter_bytes() + self.batch_bytes() + self.row_bytes()

    def bound(self):
        """Return the bytes that a fit may take: six vectors, two batches, and the rows' entries."""
        return 6 * self.parameter_bytes() + 2 * self.batch_bytes() + self.row_bytes()


def powers(start, stop, per_decade=2):
    """Return integers in even steps of a logarithmic scale, both ends included."""
    n, values = 0, []
    while (value := round(start * 10 ** (n / per_decade))) <= stop:
        values.append(value)
        n += 1
    return values


def sweeps(quick):
    """Return {what grows: the sizes}, from small to large."""
    shrink = 10 if quick else 1
    small = Size(rows=2_000)
    return {
        "rows": [Size(rows=value) for value in powers(1_000, 1_000_000 // shrink)],
        "features": [replace(small, features=value) for value in powers(10, 10_000 // shrink)],
        "width": [replace(small, width=2**k) for k in (range(4, 9) if quick else range(4, 12))],
        "depth": [replace(small, depth=2**k) for k in (range(5) if quick else range(7))],
        "batch": [Size(batch=value) for value in powers(10, 10_000 // shrink)],
        "outputs": [Size(outputs=value) for value in powers(3, 3_000 // shrink)],
    }
