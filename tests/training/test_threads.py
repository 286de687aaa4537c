"""BLAS threads: few for small products, given back afterwards, never more than allowed."""

import numpy as np
import pytest
from joblib import Parallel, delayed
from threadpoolctl import ThreadpoolController, threadpool_limits

from skdeep import MLPRegressor
from skdeep.activations import Tanh
from skdeep.exceptions import DivergenceError

seen = []


class Spy(Tanh):
    """Tanh that notes the BLAS threads it runs under."""

    def forward(self, z, out, theta):
        seen.append(blas_threads())
        super().forward(z, out, theta)


def blas_threads():
    pools = ThreadpoolController().select(user_api="blas").info()
    return {pool["num_threads"] for pool in pools}


def threads_in_fit(width=4, n=60, **params):
    seen.clear()
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((n, width)), rng.standard_normal(n)
    model = MLPRegressor((width,), Spy(), max_iter=1, n_iter_no_change=np.inf, **params)
    model.fit(X, y)
    return set().union(*seen)


@pytest.mark.parametrize("optimizer", ["adam", "line_search"])
def test_small_products_have_one_thread_and_the_number_comes_back(optimizer):
    with threadpool_limits(2, user_api="blas"):
        assert threads_in_fit(optimizer=optimizer) == {1}
        assert blas_threads() == {2}


def test_large_products_keep_the_threads_that_are_allowed():
    for limit in (1, 2):
        with threadpool_limits(limit, user_api="blas"):
            assert threads_in_fit(width=256, n=512, batch_size=512) == {limit}


def test_the_number_comes_back_after_an_error():
    X, y = np.ones((20, 2)), np.arange(20.0)
    model = MLPRegressor(optimizer="sgd", learning_rate_init=1e30)
    with threadpool_limits(2, user_api="blas"):
        with pytest.raises(DivergenceError):
            model.fit(X, y)
        assert blas_threads() == {2}


def test_processes_side_by_side_do_not_oversubscribe():
    found = Parallel(n_jobs=2)(delayed(_threads_beside)() for _ in range(2))
    assert all(threads == {1} for threads in found)


def _threads_beside():
    # joblib gives each of two processes its share of the cores; a fit must not take more
    with threadpool_limits(1, user_api="blas"):
        return threads_in_fit(width=256, n=512, batch_size=512)
