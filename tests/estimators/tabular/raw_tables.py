"""Raw tables, and estimators that are trained on them fast."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from skdeep import TabularMLPClassifier, TabularMLPRegressor

SMALL = {"n_networks": 2, "effort": 0.05, "hidden_layer_sizes": (32, 32), "random_state": 0}
ESTIMATORS = [TabularMLPClassifier, TabularMLPRegressor]


def table(n=90, seed=0):
    """Return a data frame with columns of many kinds, and two targets that depend on them."""
    rng = np.random.default_rng(seed)
    size = rng.normal(10, 3, n)
    color = rng.choice(["red", "green", "blue"], n)
    rooms = rng.integers(1, 6, n)
    owned = rng.random(n) < 0.5
    noise = 0.1 * rng.standard_normal(n)
    values = (size - 10) / 3 + (color == "red") + 0.5 * owned * rooms + noise
    X = pd.DataFrame(
        {
            "size": np.where(rng.random(n) < 0.1, np.nan, size),
            "color": np.where(rng.random(n) < 0.1, None, color.astype(object)),
            "rooms": rooms,
            "owned": owned,
        }
    )
    return X, np.where(values > np.median(values), "dear", "cheap"), values


def small(cls, **params):
    return cls(**{**SMALL, **params})


def targets_for(cls, labels, values):
    return labels if cls is TabularMLPClassifier else values


def task(cls, n=90, seed=0):
    """Return a data frame and the targets for an estimator."""
    X, labels, values = table(n, seed)
    return X, targets_for(cls, labels, values)


def outputs(model, X):
    """Return the finest that a model has to say."""
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)


def as_pandas(X):
    return X


def as_polars(X):
    return pl.DataFrame({str(name): _cells(X.iloc[:, j]) for j, name in enumerate(X)}, strict=False)


def as_arrow(X):
    columns = [pa.array(_cells(X.iloc[:, j])) for j in range(X.shape[1])]
    return pa.table(columns, names=[str(name) for name in X])


def as_objects(X):
    columns = [_cells(X.iloc[:, j]) for j in range(X.shape[1])]
    out = np.empty(X.shape, dtype=object)
    for j, cells in enumerate(columns):
        out[:, j] = cells
    return out


def _cells(column):
    """Return the values of a column as Python's own, None where they are missing."""
    return [
        None if missing else value
        for value, missing in zip(column.tolist(), column.isna(), strict=True)
    ]


KINDS = {"pandas": as_pandas, "polars": as_polars, "pyarrow": as_arrow, "objects": as_objects}
