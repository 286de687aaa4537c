"""The few array operations that everything hot goes through.

``reference`` and ``maps`` hold them in plain numpy. ``compiled`` holds what numba compiles: twins
of these, and kernels that fuse several steps into one pass. It is imported when training first
needs it.
"""

from skdeep.kernels.reference import (
    column_sums,
    dropout,
    gather,
    piecewise_map,
    product,
    squared_norm,
    transposed_product,
)
from skdeep.kernels.registry import best, fused, gathering, get_kernels, set_kernels, twin

__all__ = [
    "best",
    "column_sums",
    "dropout",
    "fused",
    "gather",
    "gathering",
    "get_kernels",
    "piecewise_map",
    "product",
    "set_kernels",
    "squared_norm",
    "transposed_product",
    "twin",
]
