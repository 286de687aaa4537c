"""The compiler's settings, the same for all kernels.

The flags leave out "nnan" and "ninf" of ``fastmath=True``: with them the compiler would assume that
nothing is nan, and divergence would go unseen. Comparisons in the kernels are written so that nan
passes through. Division follows numpy (no exception for zero): a check would keep loops from being
vectorised.
"""

from numba import njit


def jit(function):
    """Compile a kernel, and keep the compiled code on disk where that is possible."""
    options = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": {"contract", "reassoc", "arcp", "nsz"},
    }
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # no folder for the cache can be written to
        return njit(**options)(function)
