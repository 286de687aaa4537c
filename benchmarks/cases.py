"""The eight cases: shapes of data and networks, from tiny to wide, on data that can be learnt."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from sklearn.datasets import load_digits

RATE = 1e-3  # Adam's, for everyone


@dataclass(frozen=True)
class Case:
    """A classification task and a network for it; ``epochs`` is for the loss beside the time."""

    key: str
    rows: int
    features: int
    hidden: tuple[int, ...]
    batch: int
    classes: int
    epochs: int
    dropout: float = 0.0

    @property
    def label(self):
        """What tables and plots call it."""
        hidden = ", ".join(map(str, self.hidden))
        return f"{self.key}: {self.features}-({hidden})"

    @property
    def n_outputs(self):
        """Two classes need one output."""
        return 1 if self.classes == 2 else self.classes

    @property
    def widths(self):
        """The units of every layer, from the inputs to the outputs."""
        return (self.features, *self.hidden, self.n_outputs)

    @property
    def batches(self):
        """The rows of every batch of an epoch; the last may be short."""
        return batches(self.rows, self.batch)

    def data(self):
        """Return X in single precision and y."""
        if self.key == "digits":
            X, y = load_digits(return_X_y=True)
            return (X / 16).astype(np.float32), y
        return teacher_data(self.rows, self.features, self.classes)

    def many_rows(self):
        """Return X, repeated where it is short, to measure the throughput of prediction."""
        X, _ = self.data()
        work = sum(n * m for n, m in pairwise(self.widths))
        n = max(self.rows, min(100_000, 2_000_000_000 // work))
        return X if n == self.rows else X[np.arange(n) % self.rows]


def batches(rows, size):
    """Return the rows of every batch of an epoch; the last may be short."""
    full, rest = divmod(rows, size)
    return [size] * full + [rest] * bool(rest)


@cache
def teacher_data(rows, features, classes):
    """Return inputs around a few hidden directions, labelled by a random network that sees these.

    Every class is about as frequent as the others.
    """
    rng = np.random.default_rng(0)
    n_hidden = min(10, features)
    z = rng.standard_normal((rows, n_hidden), np.float32)
    X = z @ rng.standard_normal((n_hidden, features), np.float32) / np.float32(np.sqrt(n_hidden))
    X += 0.5 * rng.standard_normal((rows, features), np.float32)
    scores = np.tanh(z @ rng.standard_normal((n_hidden, 32))) @ rng.standard_normal((32, classes))
    scores -= scores.mean(axis=0)
    scores /= scores.std(axis=0)
    return X, scores.argmax(axis=1)


CASES = [
    Case("tiny", 5_000, 10, (32,), 32, 2, epochs=40),
    Case("small", 20_000, 20, (100,), 200, 2, epochs=10),
    Case("digits", 1_797, 64, (100,), 200, 10, epochs=30),
    Case("default", 20_000, 784, (100,), 200, 10, epochs=3),
    Case("deeper", 20_000, 784, (256, 128), 128, 10, epochs=3),
    Case("deeper-dropout", 20_000, 784, (256, 128), 128, 10, epochs=3, dropout=0.5),
    Case("wide", 5_000, 100, (1024, 1024), 256, 10, epochs=3),
    Case("wide-dropout", 5_000, 100, (1024, 1024), 256, 10, epochs=3, dropout=0.5),
]
