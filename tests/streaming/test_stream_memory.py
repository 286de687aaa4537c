"""Memory is bounded by the buffer and a piece, however many rows pass by."""

import tracemalloc

import numpy as np
import pytest
from scipy.sparse import random as random_sparse

from skdeep import MLPClassifier, MLPRegressor
from skdeep.streaming import fit_stream

COLUMNS, ROWS = 50, 1000


def pieces(number):
    def batches():
        for seed in range(number):
            rng = np.random.default_rng(seed)
            X = rng.standard_normal((ROWS, COLUMNS), np.float32)
            yield X, X[:, 0] > 0

    return batches


def peak(model, batches, buffer):
    tracemalloc.start()
    try:
        fit_stream(model, batches, epochs=2, shuffle_buffer=buffer)
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
