"""Random tables of nasty shapes: a model with finite predictions, or an error that says what.

More of them than here run by hand:

    SKDEEP_BAD_TABLES=500 python -m pytest tests/estimators/tabular/test_tabular_bad_tables.py
"""

import datetime
import os
import re

import numpy as np
import pandas as pd
import pytest
from raw_tables import KINDS

from skdeep import TabularMLPClassifier, TabularMLPRegressor

N_TABLES = int(os.environ.get("SKDEEP_BAD_TABLES", "200"))
AT_ONCE = 20
FAST = {"n_networks": 2, "effort": 1e-3, "hidden_layer_sizes": (8,), "random_state": 0}
# what an error may speak of, beside the names of columns
DATA = r"\b(X|y|y_val|X_val|sample_weight|class_weight|rows|samples|classes|column|Column)\b"


def _with_gaps(values, rng, share=None):
    share = rng.choice([0, 0, 0.1, 0.5, 0.95]) if share is None else share
    values = np.asarray(values).astype(object)
    values[rng.random(len(values)) < share] = None
    return values


def _numbers(draw):
    def column(n, rng):
        values = np.asarray(draw(n, rng), float)
        values[rng.random(n) < rng.choice([0, 0, 0.1, 0.5, 0.95])] = np.nan
        return values

    return column


def _one_far_away(n, rng):
    values = rng.standard_normal(n)
    values[rng.integers(n)] = 10.0 ** rng.integers(3, 308)
    return values


COLUMNS = {
    "normal": _numbers(lambda n, rng: rng.standard_normal(n)),
    "integers": lambda n, rng: rng.integers(-5, 5, n),
    "counts": lambda n, rng: rng.poisson(0.2, n),
    "heavy": _numbers(lambda n, rng: rng.standard_cauchy(n) ** 7),
    "huge": _numbers(lambda n, rng: rng.uniform(-1, 1, n) * 1.79e308),
    "tiny": _numbers(lambda n, rng: rng.standard_normal(n) * 1e-310),
    "far": _numbers(lambda n, rng: rng.standard_normal(n) + 1e15),
    "outlier": _numbers(_one_far_away),
    "constant": _numbers(lambda n, rng: np.full(n, rng.choice([0.0, 1e300, -7.5]))),
    "two values": _numbers(lambda n, rng: rng.choice([3.0, 4e200], n)),
    "empty": lambda n, rng: np.full(n, np.nan),
    "nothing": lambda n, rng: np.full(n, None),
    "bools": lambda n, rng: rng.random(n) < 0.5,
    "bools with gaps": lambda n, rng: _with_gaps(rng.random(n) < 0.5, rng),
    "letters": lambda n, rng: _with_gaps(rng.choice(list("abc"), n), rng),
    "names": lambda n, rng: _with_gaps([f"name {i}" for i in rng.permutation(n)], rng),
    "odd strings": lambda n, rng: _with_gaps(
        rng.choice(["", " ", "nan", "None", "é", "\n", "a" * 500, "\U0001f600", "1", "1.0"], n), rng
    ),
    "digits": lambda n, rng: _with_gaps(rng.integers(0, 9, n).astype(str), rng),
    "categories": lambda n, rng: pd.Categorical(_with_gaps(rng.choice(list("xyz"), n), rng)),
    "codes": lambda n, rng: pd.Categorical(rng.integers(0, 3, n), categories=range(9)),
    "nullable": lambda n, rng: pd.array(_with_gaps(rng.integers(0, 9, n), rng), dtype="Int64"),
    "mixed": lambda n, rng: _with_gaps(
        [[1, "a", 2.5, True, "1"][i] for i in rng.integers(0, 5, n)], rng
    ),
}
RARE = {
    "infinite": lambda n, rng: np.where(rng.random(n) < 0.3, np.inf, rng.standard_normal(n)),
    "days": lambda n, rng: np.array([datetime.date(2020, 1, 1)] * n, dtype=object),
    "moments": lambda n, rng: pd.date_range("2020", periods=n),
    "lists": lambda n, rng: pd.Series([[i, i] for i in range(n)]).to_numpy(),
}


def _draw_table(n, rng):
    names = rng.choice(list(COLUMNS), rng.integers(1, 8))
    draw = COLUMNS
    if rng.random() < 0.1:
        draw, names[-1] = {**COLUMNS, **RARE}, rng.choice(list(RARE))
    columns = {f"{name}_{j}": draw[name](n, rng) for j, name in enumerate(names)}
    if rng.random() < 0.2:
        columns["again"] = next(iter(columns.values()))
    return pd.DataFrame(columns)


LABELS = {
    "two": lambda n, rng: rng.choice(["no", "yes"], n),
    "numbers": lambda n, rng: rng.choice([-1, 5], n),
    "several": lambda n, rng: rng.integers(0, 4, n),
    "rare": lambda n, rng: (np.arange(n) == rng.integers(n)).astype(int),
    "many": lambda n, rng: rng.permutation(n) // 2,
    "bools": lambda n, rng: rng.random(n) < 0.5,
    "labels": lambda n, rng: (rng.random((n, 3)) < [0.5, 0.1, 0]).astype(int),
    "one": lambda n, rng: np.zeros(n, int),
}
VALUES = {
    "normal": lambda n, rng: rng.standard_normal(n),
    "several": lambda n, rng: rng.standard_normal((n, 2)) * [1e-9, 1e9],
    "heavy": lambda n, rng: rng.standard_cauchy(n) ** 5,
    "huge": lambda n, rng: rng.uniform(-1, 1, n) * 1e306,
    "tiny": lambda n, rng: rng.standard_normal(n) * 1e-310,
    "far": lambda n, rng: rng.standard_normal(n) + 1e14,
    "constant": lambda n, rng: np.full(n, rng.choice([0.0, 1 / 3, 1e200])),
    "integers": lambda n, rng: rng.integers(0, 3, n),
    "single": lambda n, rng: rng.standard_normal(n).astype(np.float32),
    "missing": lambda n, rng: np.where(np.arange(n) == 1, np.nan, 1.0),
}


def _draw_weights(n, rng):
    kind = rng.choice(["none", "none", "some", "zeros"])
    weights = rng.uniform(0, 2, n)
    if kind == "zeros":
        weights[rng.random(n) < 0.5] = 0
    return None if kind == "none" else weights


def _later(X, rng):
    """Return other rows of a table, with gaps where there were none, and unknown levels."""
    later = X.iloc[rng.integers(len(X), size=5)].astype(object)
    for j in range(later.shape[1]):
        later.iloc[rng.integers(5), j] = None
        known = later.iloc[:, j].dropna()
        if len(known) and isinstance(known.iloc[0], str):
            later.iloc[rng.integers(5), j] = "unheard of"
    return later


def _error_of(call):
    try:
        call()
    except Exception as error:
        return error
    return None


def _check(seed):
    """Return whether a table was learnt."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 61))
    X, is_classifier = _draw_table(n, rng), rng.random() < 0.5
    targets = LABELS if is_classifier else VALUES
    target = rng.choice(list(targets))
    y, weights = targets[target](n, rng), _draw_weights(n, rng)
    model = (TabularMLPClassifier if is_classifier else TabularMLPRegressor)(**FAST)
    if is_classifier and rng.random() < 0.2:
        model.set_params(class_weight="balanced")
    kind = rng.choice(list(KINDS))
    where = f"table {seed}: {kind}, {target}, {n} rows, {list(X)}"
    table = KINDS[kind](X)
    error = _error_of(lambda: model.fit(table, y, weights))
    if error is not None:
        assert type(error) in (ValueError, TypeError), f"{where}: {error!r}"
        names = "|".join(re.escape(name) for name in X)
        assert re.search(f"{DATA}|{names}", str(error)), f"{where}: {error!r}"
        return False
    later = _later(X, rng)
    for rows in (table, KINDS[kind](later), KINDS[kind](later.iloc[[0]])):
        if is_classifier:
            assert np.isfinite(model.predict_log_proba(rows)).all(), where
            assert np.isin(model.predict(rows), np.unique(y)).all(), where
        else:
            predicted = model.predict(rows)
            assert np.isfinite(predicted).all(), where
            assert (predicted >= y.min(axis=0)).all(), where
            assert (predicted <= y.max(axis=0)).all(), where
    return True


@pytest.mark.filterwarnings("ignore:The number of unique classes")
@pytest.mark.filterwarnings("ignore:There is only one class")
@pytest.mark.parametrize("start", range(0, N_TABLES, AT_ONCE))
def test_bad_tables(start):
    succeeded = [_check(seed) for seed in range(start, min(start + AT_ONCE, N_TABLES))]
    assert sum(succeeded) > len(succeeded) / 3
