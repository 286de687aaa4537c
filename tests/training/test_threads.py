"""Threads: BLAS has one while training and gets the others back; large products are halved."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread, get_ident
from time import sleep

import numpy as np
import pytest
from joblib import Parallel, delayed
from threadpoolctl import ThreadpoolController, threadpool_limits

from skdeep import MLPRegressor
from skdeep.activations import Tanh
from skdeep.exceptions import DivergenceError
from skdeep.kernels import blas
from skdeep.network.prediction import _for_each, _pieces
from skdeep.training.threads import LARGE, split_dot, training_threads

rng = np.random.default_rng(0)
seen = []


class Spy(Tanh):
    """Tanh that notes the BLAS threads it runs under."""

    def forward(self, z, out, theta):
        seen.append(blas_threads())
        super().forward(z, out, theta)


def blas_threads():
    pools = ThreadpoolController().select(user_api="blas").info()
    return {pool["num_threads"] for pool in pools}


def fit(width=4, n=60, **params):
    data = np.random.default_rng(0)
    X, y = data.standard_normal((n, width)), data.standard_normal(n)
    options = {"max_iter": 2, "n_iter_no_change": np.inf, "random_state": 0, **params}
    return MLPRegressor((width,), Spy(), **options).fit(X, y)


@pytest.mark.parametrize("params", [{}, {"width": 256, "n": 512, "batch_size": "full"}])
def test_blas_has_one_thread_and_the_number_comes_back(params):
    seen.clear()
    with threadpool_limits(2, user_api="blas"):
        fit(**params)
        assert blas_threads() == {2}
    assert set().union(*seen) == {1}


def test_the_number_comes_back_after_an_error():
    model = MLPRegressor(optimizer="sgd", learning_rate_init=1e30)
    with threadpool_limits(2, user_api="blas"):
        with pytest.raises(DivergenceError):
            model.fit(np.ones((20, 2)), np.arange(20.0))
        assert blas_threads() == {2}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("width", [300, 333, 512])
def test_the_number_of_threads_does_not_change_the_bits(dtype, width):
    models = []
    for limit in (1, 2):
        with threadpool_limits(limit, user_api="blas"):
            models.append(fit(width=width, n=500, batch_size=500, dtype=dtype))
    assert 500 * width * width > LARGE
    for one, two in zip(models[0].coefs_, models[1].coefs_, strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_second_thread_works_on_large_products_where_two_are_allowed():
    for limit, n_threads in ((1, 1), (2, 2)):
        with threadpool_limits(limit, user_api="blas"), training_threads(LARGE) as dot:
            assert (dot is np.dot) == (n_threads == 1)
    with training_threads(LARGE - 1) as dot:
        assert dot is np.dot


@pytest.mark.parametrize("shape", [(512, 500, 256), (1000, 400, 200), (7, 3, 2)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_halves_make_the_whole(shape, dtype):
    rows, inner, columns = shape
    a = rng.standard_normal((inner, rows)).astype(dtype).T
    b = rng.standard_normal((columns, inner)).astype(dtype).T
    calls = []

    def submit(function, *args):
        calls.append(args[0].shape)
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(function, *args)

    out = np.full((rows, columns), np.nan, dtype)
    with training_threads(0):
        split_dot(a, b, out, submit)
        np.testing.assert_array_equal(out, a @ b)
    is_large = rows * inner * columns >= LARGE
    assert bool(calls) == (is_large and dtype == np.float32)


def test_fits_side_by_side_share_the_cores():
    inside, leave = Event(), Event()

    def first():
        with training_threads(LARGE):
            inside.set()
            leave.wait(10)

    before = blas_threads()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(first)
        inside.wait(10)
        with training_threads(LARGE) as dot:
            assert dot is np.dot
        assert blas_threads() == {1}
        leave.set()
        running.result()
    assert blas_threads() == before
    assert not blas._users


def test_processes_side_by_side_do_not_oversubscribe():
    assert all(Parallel(n_jobs=2)(delayed(_stays_alone)() for _ in range(2)))


def _stays_alone():
    # joblib gives each of two processes its share of the cores: one
    with threadpool_limits(1, user_api="blas"), training_threads(LARGE) as dot:
        return dot is np.dot


def test_many_fits_in_threads_give_the_number_back():
    data = np.random.default_rng(0)
    X, y = data.standard_normal((300, 20)), data.standard_normal(300)
    before, during = blas_threads(), []

    def train(epochs):
        seen_here = []

        class Watching(Tanh):
            def forward(self, z, out, theta):
                seen_here.append(blas_threads())
                super().forward(z, out, theta)

        options = {"max_iter": epochs, "n_iter_no_change": np.inf}
        MLPRegressor((5,), Watching(), **options).fit(X, y)
        during.extend(seen_here)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(train, [1, 5, 2, 8, 3, 1]))
    assert set().union(*during) == {1}
    assert blas_threads() == before


SIZES = {
    "a single row": (1, 100, {2}),
    "the smallest products, which have one thread anyway": (20, 100, {2}),
    "a smaller prediction": (100, 100, {1}),
    "a large one": (4000, 300, {1}),
}


@pytest.mark.parametrize(("n_rows", "width", "expected"), SIZES.values(), ids=SIZES)
def test_all_but_the_smallest_predictions_limit_blas_to_one_thread(n_rows, width, expected):
    model = fit(width=width)
    X = rng.standard_normal((n_rows, width))
    alone = model.predict(X[:1])
    with threadpool_limits(2, user_api="blas"):
        seen.clear()
        predicted = model.predict(X)
        assert blas_threads() == {2}
    # scipy's own BLAS plays no part in predictions
    assert expected <= set().union(*seen) <= expected | {2}
    assert predicted.shape == (n_rows,)
    np.testing.assert_allclose(predicted[:1], alone, rtol=1e-4)


@pytest.mark.parametrize("n_rows", [96, 100, 1000, 10_000])
def test_threads_share_the_rows_of_large_predictions(n_rows):
    model = fit(width=700)
    X = rng.standard_normal((n_rows, 700), np.float32)
    with threadpool_limits(1, user_api="blas"):
        alone = model.predict(X)
    at_work, calls = set(), []

    class Watching(Tanh):
        def forward(self, z, out, theta):
            at_work.add(get_ident())
            calls.append((len(at_work), len(z), *np.geterr().values()))
            super().forward(z, out, theta)
            at_work.discard(get_ident())

    model._network.chain[0].activation = Watching()
    with threadpool_limits(2, user_api="blas"), np.errstate(over="ignore"):
        predicted = model.predict(X)
        errors = np.geterr()
    np.testing.assert_allclose(predicted, alone, rtol=1e-4, atol=1e-5)
    assert max(n_threads for n_threads, *_ in calls) <= 2
    assert max(rows for _, rows, *_ in calls) < n_rows
    assert {tuple(settings) for _, _, *settings in calls} == {tuple(errors.values())}


def test_predictions_where_no_thread_can_be_started(monkeypatch):
    model, X = fit(width=700), rng.standard_normal((1000, 700), np.float32)
    expected = model.predict(X)

    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)
    with threadpool_limits(2, user_api="blas"):
        np.testing.assert_allclose(model.predict(X), expected, rtol=1e-4, atol=1e-5)


def test_threads_stop_where_one_of_them_fails():
    done, me = [], get_ident()

    def call(item):
        done.append(item)
        if get_ident() == me:
            raise KeyboardInterrupt
        sleep(0.001)

    with pytest.raises(KeyboardInterrupt):
        _for_each(call, list(range(10_000)), 2)
    assert len(done) < 10_000


def test_pieces_of_threads_hold_every_row_once():
    for n, block, n_threads in [(10, 10, 2), (95, 95, 2), (96, 96, 2), (5000, 999, 3), (70, 64, 1)]:
        pieces = _pieces(n, block, n_threads)
        rows = np.concatenate([np.arange(n)[piece] for piece in pieces])
        np.testing.assert_array_equal(rows, np.arange(n))
        assert max(len(np.arange(n)[piece]) for piece in pieces) <= block


@pytest.mark.parametrize(("n_rows", "width"), [(100, 100), (1000, 700)])
def test_a_prediction_that_fails_gives_the_threads_back(n_rows, width):
    model = fit(width=width)

    class Broken(Tanh):
        def forward(self, z, out, theta):
            raise RuntimeError("broken")

    model._network.chain[0].activation = Broken()
    with threadpool_limits(2, user_api="blas"):
        with pytest.raises(RuntimeError, match="broken"):
            model.predict(np.ones((n_rows, width)))
        assert blas_threads() == {2}
    assert not blas._users
