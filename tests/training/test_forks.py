"""A child of os.fork works, whatever the other threads of its parent are doing just then."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from skdeep import MLPRegressor
from skdeep.kernels import blas
from skdeep.kernels.blas import LARGE, one_thread
from skdeep.training import Observer

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    # what Python 3.12 warns of is what is tested here
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 8))
Y = X @ np.arange(8.0)


def blas_threads():
    pools = ThreadpoolController().select(user_api="blas").info()
    return {pool["num_threads"] for pool in pools}


def fork():
    """Fork; a child that hangs dies after a while."""
    child = os.fork()
    if not child:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20)
    return child


def succeeds_in_child(check):
    child = fork()
    if not child:
        success = False
        try:
            success = bool(check())
        finally:
            os._exit(0 if success else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def fit(epochs=3):
    return MLPRegressor((8,), max_iter=epochs, n_iter_no_change=np.inf, random_state=0).fit(X, Y)


def holding(lock, until):
    """Hold a lock most of the time."""
    while not until.is_set():
        with lock:
            time.sleep(0.002)


@pytest.fixture
def two_threads():
    """Let BLAS have two threads, and no thread of Python be in control of them."""
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    before = [library.num_threads for library in libraries]
    for library in libraries:
        blas._set(library, 2)
    yield
    for library, number in zip(libraries, before, strict=True):
        blas._set(library, number)


@pytest.fixture
def second_thread():
    until = Event()
    with ThreadPoolExecutor(1) as pool:
        try:
            yield lambda function, *args: pool.submit(function, *args, until)
        finally:
            until.set()


def test_children_fit_and_predict_while_threads_fit(two_threads):
    expected, until = fit().predict(X), Event()

    def train():
        while not until.is_set():
            fit(epochs=2)

    def check():
        return np.array_equal(fit().predict(X), expected) and blas_threads() == {2}

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(train) for _ in range(2)]
        try:
            for _ in range(15):
                time.sleep(0.003 * rng.random())
                assert succeeds_in_child(check)
        finally:
            until.set()
        for one in running:
            one.result()
    assert blas_threads() == {2}


def test_limits_of_threads_that_the_child_lacks_are_given_back(two_threads, second_thread):
    inside = Event()

    def stay(until):
        with one_thread():
            inside.set()
            until.wait(20)

    second_thread(stay)
    assert inside.wait(10)
    assert blas_threads() == {1}
    assert succeeds_in_child(lambda: blas_threads() == {2} and not blas._users)
    assert blas_threads() == {1}


def test_limits_of_the_forking_thread_stay(two_threads):
    with one_thread():
        assert succeeds_in_child(lambda: blas_threads() == {1})
    assert blas_threads() == {2}


def test_locks_are_free_in_the_child(second_thread):
    second_thread(holding, blas._lock)
    for _ in range(5):
        assert succeeds_in_child(lambda: fit().n_iter_ == 3)


def test_the_compiler_is_free_in_the_child(second_thread):
    pytest.importorskip("numba")
    from numba import njit
    from numba.core.compiler_lock import global_compiler_lock

    fit()  # has the kernels loaded, and what they do at a fork
    second_thread(holding, global_compiler_lock)
    for _ in range(5):
        assert succeeds_in_child(lambda: njit(lambda x: x + 1)(1) == 2)


class Fork(Observer):
    """Forks within a fit, which then goes on twice."""

    child = None

    def end_epoch(self, trainer, values):
        if self.child is None:
            self.child = fork()


def test_a_fit_that_forks_goes_on_in_the_child(two_threads):
    forking, n = Fork(), 350

    class Forking(MLPRegressor):
        def _observers(self):
            return [forking]

    assert n**3 > LARGE
    data = rng.standard_normal((n, n))
    options = {"max_iter": 3, "n_iter_no_change": np.inf, "batch_size": n, "random_state": 0}
    expected = MLPRegressor((n,), **options).fit(data, data[:, 0]).predict(data)
    model, same = Forking((n,), **options), False
    try:
        same = np.array_equal(model.fit(data, data[:, 0]).predict(data), expected)
    finally:
        if forking.child == 0:
            os._exit(0 if same else 1)
    assert same
    assert os.waitstatus_to_exitcode(os.waitpid(forking.child, 0)[1]) == 0
