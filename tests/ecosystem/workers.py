"""What workers of a cluster run: it must be in a module that they can import."""

import threading

import numpy as np
from threadpoolctl import threadpool_info

from skdeep import MLPRegressor
from skdeep.activations import Tanh

SEEN = []


class Spy(Tanh):
    """Tanh that notes under how many threads it runs: those of BLAS, and those of Python."""

    def forward(self, z, out, theta):
        SEEN.append((blas_threads(), threading.active_count()))
        super().forward(z, out, theta)


def blas_threads():
    return max(of["num_threads"] for of in threadpool_info() if of["user_api"] == "blas")


def threads_in_a_large_fit(width=512):
    """Return the BLAS threads of the worker, those within a fit, and the threads it started."""
    data = np.random.default_rng(0)
    X, y = data.standard_normal((width, width)), data.standard_normal(width)
    SEEN.clear()
    before = threading.active_count()
    options = {"batch_size": "full", "max_iter": 2, "n_iter_no_change": np.inf}
    MLPRegressor((width,), Spy(), **options).fit(X, y)
    within, running = np.max(SEEN, axis=0).tolist()
    return blas_threads(), within, running - before
