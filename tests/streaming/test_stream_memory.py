"""Memory is bounded by the buffer and a piece, however many rows pass by."""

import tracemalloc

import numpy as np
import pytest
from scipy.sparse import random as random_sparse

from skdeep import MLPClassifier, MLPRegressor, TabularMLPRegressor
from skdeep.streaming import fit_stream, tabular

COLUMNS, ROWS = 50, 1000


def pieces(number):
    def batches():
        for seed in range(number):
            rng = np.random.default_rng(seed)
            X = rng.standard_normal((ROWS, COLUMNS), np.float32)
            yield X, X[:, 0] > 0

    return batches


def peak(model, batches, buffer, epochs=2):
    tracemalloc.start()
    try:
        fit_stream(model, batches, epochs=epochs, shuffle_buffer=buffer)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_the_peak_does_not_grow_with_the_rows(kind):
    fit_stream(kind((4,)), pieces(2), epochs=1)  # what is made but once
    few, many = (peak(kind((4,)), pieces(number), 2000) for number in (10, 40))
    of_data = 40 * ROWS * COLUMNS * 4
    assert abs(many - few) < 0.02 * of_data
    # the buffer, two pieces, what checking them takes, and the network
    assert many < 0.2 * of_data


def test_the_peak_grows_with_the_buffer():
    small, large = (peak(MLPClassifier((4,)), pieces(20), buffer) for buffer in (1000, 11_000))
    assert 0.9 < (large - small) / (10_000 * COLUMNS * 4) < 1.3


def test_sparse_pieces():
    def batches(number):
        def begin():
            for seed in range(number):
                yield random_sparse(ROWS, 500, 0.05, format="csr", random_state=seed), labels

        return begin

    labels = np.arange(ROWS) % 2
    few, many = (peak(MLPClassifier((4,)), batches(number), 2000) for number in (8, 24))
    assert many < 1.1 * few


def test_tables(monkeypatch):
    pa = pytest.importorskip("pyarrow")  # whose own memory does not count here
    n_rows, pieces = 400, []
    monkeypatch.setattr(tabular, "_LEAST_SAMPLE", n_rows)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        X = {f"x{j}": rng.standard_normal(n_rows) for j in range(20)}
        X["few"] = rng.choice(list("abcdef"), n_rows)
        X["many"] = rng.integers(300, size=n_rows).astype(str)
        pieces.append((pa.table(X), X["x0"]))

    def of(number):
        model = TabularMLPRegressor(n_networks=1, hidden_layer_sizes=(8,), batch_size=n_rows)
        return peak(model, pieces[:number], 2 * n_rows, epochs=15)

    fit_stream(TabularMLPRegressor(n_networks=1), pieces[:3], epochs=15)  # what is made but once
    of_data = 8 * n_rows * 20 * 8
    assert of(12) - of(4) < 0.2 * of_data
