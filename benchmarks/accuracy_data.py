"""The tables that accuracy is measured on: files of a folder, or what scikit-learn ships.

A file holds ``X`` (categories as codes, NaN where a value is missing), ``y`` (integers are
classes), ``cat`` (the mask of categorical columns) and ``n_train`` (so many rows, the first ones,
are for training; 0: a fifth of the rows is for testing).
"""

from dataclasses import dataclass

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

MOST_ROWS = 20_000  # to train on
MOST_PIXELS = 200  # more columns of unsigned bytes are images, and left out


@dataclass(frozen=True)
class Table:
    """Inputs, targets, and which rows are for training; classes are 0, 1, 2, ..."""

    name: str
    X: np.ndarray
    y: np.ndarray
    categorical: np.ndarray
    train: np.ndarray
    test: np.ndarray

    @property
    def kind(self):
        """Integers in y mean classes."""
        return "classification" if self.y.dtype.kind in "iu" else "regression"

    @property
    def classes(self):
        """The number of classes."""
        return int(self.y.max()) + 1

    def rows(self, which):
        """Return X and y of the rows for "train" or "test"."""
        chosen = getattr(self, which)
        return self.X[chosen], self.y[chosen]


def table(name, X, y, categorical=None, n_train=0):
    """Return a table whose rows are split."""
    y = np.asarray(y)
    if y.dtype.kind in "biu":
        y = np.unique(y, return_inverse=True)[1].astype(np.int64)
    else:
        y = y.astype(np.float64)
    if categorical is None:
        categorical = np.zeros(X.shape[1], bool)
    train, test = split(y, n_train)
    return Table(name, X, y, np.asarray(categorical, bool), train, test)


def split(y, n_train):
    """Return the rows to train on, of which there are not too many, and those to test on."""
    rows = np.arange(len(y))
    if n_train:
        train, test = rows[:n_train], rows[n_train:]
    else:
        classes = y if y.dtype.kind == "i" else None
        train, test = train_test_split(rows, test_size=0.2, random_state=0, stratify=classes)
    if len(train) > MOST_ROWS:
        train = train[np.random.default_rng(0).permutation(len(train))[:MOST_ROWS]]
    return train, test


def from_file(path):
    """Return the table of an .npz file, or None for images."""
    with np.load(path) as file:
        X = file["X"]
        if X.dtype == np.uint8 and X.shape[1] > MOST_PIXELS:
            return None
        categorical = file.get("cat")
        n_train = int(file["n_train"]) if "n_train" in file else 0
        return table(path.stem, X, file["y"], categorical, n_train)


def mixed(kind):
    """Return X, y and a mask: numbers with gaps and heavy tails, and two categorical columns."""
    rng = np.random.default_rng(0)
    n = 2_000
    numbers = rng.standard_normal((n, 6))
    codes = np.column_stack([rng.integers(0, levels, n) for levels in (3, 30)])
    effects = rng.standard_normal(30)
    score = numbers[:, 0] * (codes[:, 0] - 1) + effects[codes[:, 1]] + np.sin(2 * numbers[:, 1])
    numbers = np.sinh(numbers * [1, 1, 1, 2, 2, 2])
    numbers[rng.random(numbers.shape) < 0.05] = np.nan
    y = score + 0.5 * rng.standard_normal(n)
    X = np.column_stack([numbers, codes])
    return X, (y > 0).astype(int) if kind == "classification" else y, np.arange(8) >= 6


def hastie():
    """Return two classes, inside and outside of a sphere."""
    X, y = datasets.make_hastie_10_2(4_000, random_state=0)
    return X, (y > 0).astype(int)


SHIPPED = {
    "iris": lambda: datasets.load_iris(return_X_y=True),
    "wine": lambda: datasets.load_wine(return_X_y=True),
    "diabetes": lambda: datasets.load_diabetes(return_X_y=True),
    "breast_cancer": lambda: datasets.load_breast_cancer(return_X_y=True),
    "digits": lambda: datasets.load_digits(return_X_y=True),
    "moons": lambda: datasets.make_moons(2_000, noise=0.25, random_state=0),
    "hastie": hastie,
    "friedman1": lambda: datasets.make_friedman1(4_000, noise=1, random_state=0),
    "friedman3": lambda: datasets.make_friedman3(2_000, noise=0.1, random_state=0),
    "mixed_classes": lambda: mixed("classification"),
    "mixed_numbers": lambda: mixed("regression"),
}


def available(directory=None):
    """Return {name: function that loads}, from a folder or of what scikit-learn ships."""
    if directory is None:
        return {name: lambda name=name: table(name, *SHIPPED[name]()) for name in SHIPPED}
    paths = sorted(directory.glob("*.npz"))
    return {path.stem: lambda path=path: from_file(path) for path in paths}


def load(directory=None, names=(), kind=None):
    """Return the tables that are asked for, the one with the fewest training rows first."""
    known = available(directory)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SystemExit(f"No table is called {unknown[0]!r}; there are: {', '.join(known)}.")
    tables = [known[name]() for name in names or known]
    tables = [table for table in tables if table is not None and kind in (None, table.kind)]
    return sorted(tables, key=lambda table: (len(table.train), table.name))
