"""What the tests of displays share."""

import sys
from math import inf

import pytest
from sklearn.datasets import load_iris

from skdeep import MLPClassifier


@pytest.fixture(scope="session")
def iris():
    X, y = load_iris(return_X_y=True)
    return (X - X.mean(axis=0)) / X.std(axis=0), y


@pytest.fixture(scope="session")
def model(iris):
    """A small classifier, trained with validation data."""
    options = {"early_stopping": True, "n_iter_no_change": inf, "alpha": 0.1, "random_state": 0}
    return MLPClassifier((6, 5), max_iter=12, **options).fit(*iris)


@pytest.fixture
def plt():
    """matplotlib.pyplot, without a screen; figures are closed afterwards."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield plt
    plt.close("all")


@pytest.fixture
def no_matplotlib(monkeypatch):
    """Pretend that matplotlib is not installed."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
