"""BLAS threads while training: small matrix products get slower with more of them."""

from contextlib import nullcontext
from functools import cache

from threadpoolctl import ThreadpoolController

WORTHWHILE = 4_000_000  # multiplications of the largest product from which a second thread pays


def largest_product(network, n_rows):
    """Return the multiplications in the largest matrix product of a training step."""
    return n_rows * max(layer.weights.size for layer in network.layers)


def blas_threads(multiplications):
    """Return a context in which BLAS has one thread, if the products are small.

    The number of threads is never raised, so that a limit set outside (by joblib, by the user)
    holds; it is given back at the end, also after an error.
    """
    if multiplications >= WORTHWHILE:
        return nullcontext()
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller():
    # looking for the loaded libraries takes a millisecond: once is enough
    return ThreadpoolController()
