"""The compiler's settings, the same for all kernels.

Compiled code is cached on disk. The flags leave out "nnan" and "ninf" of ``fastmath=True``: with
them the compiler would assume that nothing is nan, and divergence would go unseen. Comparisons in
the kernels are written so that nan passes through. Division follows numpy (no exception for zero):
a check would keep loops from being vectorised.
"""

from numba import njit

jit = njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "reassoc", "arcp", "nsz"},
)
