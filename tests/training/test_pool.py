"""Batches from a pool: every row once an epoch, well mixed, in arrays made once."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.sparse import csr_matrix

from skdeep.training import Data, Passing, Streams, ValueTargets

N = 1000


def passing(size, n_pooled, sparse=False, rows=None):
    numbers = np.arange(1.0, N + 1).reshape(-1, 1)

    def pieces():
        for start in range(0, N, size):
            part = numbers[start : start + size]
            X = csr_matrix(part) if sparse else part
            yield Data(X, ValueTargets(10 * part), part.ravel(), rows)

    n_rows = N if rows is None else len(rows) * -(-N // size)
    return Passing(pieces, next(pieces()), n_rows, n_pooled, 0)


def epochs(data, batch_size, shuffle=True, number=1, seed=0):
    """Return the numbers of the rows in the order of training, and the sizes of batches."""
    batches = data.batches(batch_size, shuffle, Streams(seed), np.dtype(np.float64))
    orders, sizes = [], []
    for _ in range(number):
        order = []
        for batch in batches.epoch():
            x = batch.x.toarray() if hasattr(batch.x, "toarray") else batch.x
            assert_array_equal(batch.y, 10 * x)  # rows, targets and weights stay together
            assert_array_equal(batch.weights, x.ravel())
            order.append(x.ravel().copy())
            sizes.append(len(x))
        assert batches.per_epoch == len(order)
        orders.append(np.concatenate(order))
    return orders, sizes


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("n_pooled", [2, 64, 333, N, 5 * N])
@pytest.mark.parametrize("size", [1, 70, N])
def test_every_row_once_an_epoch(size, n_pooled, sparse):
    orders, sizes = epochs(passing(size, n_pooled, sparse), 32, number=2)
    for order in orders:
        assert_array_equal(np.sort(order), np.arange(1, N + 1))
    assert (orders[0] != orders[1]).any()
    # all batches are full but the last one of an epoch
    assert sizes == ([32] * (N // 32) + [N % 32]) * 2


@pytest.mark.parametrize("sparse", [False, True])
def test_in_order(sparse):
    for data, shuffle in ((passing(70, 64, sparse), False), (passing(70, 0, sparse), True)):
        (order,), _ = epochs(data, 32, shuffle)
        assert_array_equal(order, np.arange(1, N + 1))


def test_rows_that_do_not_count_are_left_out():
    data = passing(100, 64, rows=np.array([3, 50, 99]))
    (order,), _ = epochs(data, 8)
    expected = [100 * piece + row + 1 for piece in range(10) for row in (3, 50, 99)]
    assert_array_equal(np.sort(order), expected)


def test_rows_travel_about_as_far_as_the_pool_is_large():
    (order,), _ = epochs(passing(70, 200), 10)
    distances = np.abs(np.arange(1, N + 1) - order)
    assert 50 < distances.mean() < 200
    neighbours = np.abs(np.diff(order))
    assert np.median(neighbours) > 30


def test_the_order_depends_on_the_seed_alone():
    first, again, other = (epochs(passing(70, 200), 10, seed=seed)[0][0] for seed in (1, 1, 2))
    assert_array_equal(first, again)
    assert (first != other).any()


def test_an_epoch_that_is_broken_off_leaves_nothing():
    for sparse in (False, True):
        data = passing(70, 200, sparse)
        batches = data.batches(10, True, Streams(0), np.dtype(np.float64))
        for _, _batch in zip(range(30), batches.epoch(), strict=False):
            pass
        seen = [batch.x.sum() for batch in batches.epoch()]
        assert sum(seen) == N * (N + 1) / 2
