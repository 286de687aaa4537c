"""The few array operations that everything hot goes through."""

from skdeep.kernels.reference import (
    affine,
    column_sums,
    dropout_mask,
    gather,
    squared_norm,
    transposed_product,
)

__all__ = [
    "affine",
    "column_sums",
    "dropout_mask",
    "gather",
    "squared_norm",
    "transposed_product",
]
