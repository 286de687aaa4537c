"""Columns of X whose values single precision cannot tell apart: a warning that names them."""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor

rng = np.random.default_rng(0)
SECONDS = 1.7e9 + 60 * np.arange(600)
X = np.c_[rng.standard_normal((600, 2)), SECONDS, rng.standard_normal(600)]
LABELS = np.arange(600) % 2
ANY = {"max_iter": 1, "n_iter_no_change": 1, "random_state": 0}
ESTIMATORS = [MLPClassifier, MLPRegressor, CNNClassifier, CNNRegressor, Autoencoder]
WORDS = "float32 hardly tells the values in column"


def test_how_few_values_are_left():
    assert len(np.unique(SECONDS.astype(np.float32))) < 300


def caught(call):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return [warning for warning in found if WORDS in str(warning.message)]


def warning(x, **params):
    """Return the words of the only warning, or nothing."""
    model = MLPRegressor((2,), **ANY, **params)
    found = caught(lambda: model.fit(x, np.arange(float(x.shape[0]))))
    assert len(found) <= 1
    return "".join(str(one.message) for one in found)


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_every_estimator_warns_once_at_the_users_line(cls):
    model = cls((2,), **ANY)
    (found,) = caught(lambda: model.fit(X, LABELS))
    assert found.category is UserWarning
    assert found.filename == __file__
    message = str(found.message)
    assert message.startswith(f"{WORDS}(s) 2 of X apart")
    assert "StandardScaler" in message
    assert "dtype='float64'" in message
    assert not caught(lambda: model.predict(X) if hasattr(model, "predict") else model)


def test_the_first_call_of_partial_fit_warns():
    model = MLPRegressor((2,), **ANY)
    (found,) = caught(lambda: model.partial_fit(X, LABELS))
    assert found.filename == __file__
    assert not caught(lambda: model.partial_fit(X, LABELS))


def test_names_and_at_most_five_of_them():
    assert "column(s) 'c' of X" in warning(pd.DataFrame(X, columns=list("abcd")))
    assert "column(s) 2 of X" in warning(pd.DataFrame(X, columns=range(7, 11)))
    many = SECONDS[:, None] + np.zeros(8)
    assert "column(s) 0, 1, 2, 3, 4 and 3 more of X" in warning(many)
    assert "column(s) 0, 1, 2, 3, 4 of X" in warning(many[:, :5])


BAD = {
    "seconds": SECONDS,
    "integers": SECONDS.astype(np.int64),
    "short integers": SECONDS.astype(np.int32),
    "unsigned": SECONDS.astype(np.uint32),
    "big-endian": SECONDS.astype(">f8"),
    "identifiers": 123_456_000 + np.arange(600),
    "negative": -SECONDS,
    "a mean of a million deviations": 1e6 + rng.standard_normal(600),
    "just too few": 1 + 990 * 2.0**-23 * np.linspace(0, 1, 600),
    "tiny": 1e-20 * (1e6 + rng.standard_normal(600)),
}
GOOD = {
    "scaled": (SECONDS - SECONDS.mean()) / SECONDS.std(),
    "constant": np.full(600, 1.7e9),
    "zeros": np.zeros(600),
    "what single precision holds": SECONDS.astype(np.float32),
    "exact integers": 16_000_000 + np.arange(600),
    "years": 1990.0 + np.arange(600) % 30,
    "just enough": 1 + 1010 * 2.0**-23 * np.linspace(0, 1, 600),
    "an outlier": np.append(rng.standard_normal(599), 1e6),
    "two rows": SECONDS[:2],
    "booleans": SECONDS > 1.7e9,
    "bytes": LABELS.astype(np.uint8),
}


@pytest.mark.parametrize("column", BAD.values(), ids=BAD)
def test_too_few_values(column):
    assert WORDS in warning(column[:, None])
    assert not warning(column[:, None], dtype="float64")
    assert not warning(sp.csr_array(column[:, None].astype(float)))


@pytest.mark.parametrize("column", GOOD.values(), ids=GOOD)
def test_enough_values(column):
    assert not warning(column[:, None])
