"""Plain numpy kernels: what the operations mean, written into arrays that exist already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import issparse


def gather(source: np.ndarray, rows: np.ndarray | slice, out: np.ndarray) -> None:
    """Copy rows of ``source`` into ``out``, converting the type where it differs.

    Parameters
    ----------
    source : ndarray of shape (n_samples, n_columns)
    rows : ndarray of int of shape (n_rows,), or slice
    out : ndarray of shape (n_rows, n_columns)
    """
    if isinstance(rows, slice):
        out[...] = source[rows]
    elif source.dtype == out.dtype and source.flags.c_contiguous:
        np.take(source, rows, axis=0, out=out, mode="clip")  # "raise" would buffer the output
    else:
        out[...] = source[rows]


def product(x: Any, weights: np.ndarray, out: np.ndarray, dot: Callable[..., Any] = np.dot) -> None:
    """Write x W into ``out``; ``x`` may be a sparse matrix.

    ``dot`` computes dense products; numpy's calls BLAS with less ado than ``matmul``.
    """
    if issparse(x):
        out[...] = x @ weights
    else:
        dot(x, weights, out)


def transposed_product(
    x: Any, delta: np.ndarray, out: np.ndarray, dot: Callable[..., Any] = np.dot
) -> None:
    """Write x^T delta into ``out``; ``x`` may be a sparse matrix."""
    if issparse(x):
        out[...] = x.T @ delta
    else:
        dot(x.T, delta, out)


def column_sums(delta: np.ndarray, out: np.ndarray) -> None:
    """Write the sum over rows into ``out``."""
    np.add.reduce(delta, axis=0, out=out)


def dropout(
    x: np.ndarray, bits: np.ndarray, threshold: int, mask: np.ndarray, out: np.ndarray
) -> None:
    """Draw a mask from random 16-bit integers, and write x times the mask into ``out``.

    Parameters
    ----------
    x : ndarray of shape (n_rows, n_units)
    bits : ndarray of uint16 of shape (at least x.size,)
    threshold : int
        65536 times the share that is kept: the mask is 65536 / threshold below it, else 0.
    mask, out : ndarray of shape (n_rows, n_units)
    """
    np.less(bits[: mask.size].reshape(mask.shape), threshold, out=mask)
    mask *= 65536 / threshold
    np.multiply(x, mask, out=out)


def piecewise_map(u: np.ndarray, weights: np.ndarray, out: np.ndarray) -> None:
    """Write the values of piecewise-linear functions, several of each input.

    Parameters
    ----------
    u : ndarray of shape (n_rows, n_inputs)
        Positions among the edges of bins.
    weights : ndarray of shape (n_inputs, n_bins, n_units)
        By how much the functions rise from one edge of a bin to the other.
    out : ndarray of shape (n_rows, n_inputs * n_units)
    """
    values = np.matmul(_pieces(u, weights.shape[1]), weights)
    out.reshape(len(u), *weights.shape[::2])[...] = values.transpose(1, 0, 2)


def piecewise_gradient(u: np.ndarray, delta: np.ndarray, out: np.ndarray) -> None:
    """Write the gradient of the weights of ``piecewise_map``, whose outputs have ``delta``."""
    delta = delta.reshape(*u.shape, -1).transpose(1, 0, 2)
    np.matmul(_pieces(u, out.shape[1]).transpose(0, 2, 1), delta, out=out)


def _pieces(u, n_bins):
    """Return how far each number is through each bin, of shape (n_inputs, n_rows, n_bins)."""
    pieces = np.subtract(u.T[:, :, None], np.arange(n_bins, dtype=u.dtype))
    return np.clip(pieces, 0, 1, out=pieces)


def squared_norm(x: np.ndarray) -> float:
    """Return the sum of squares, a float."""
    return float(np.dot(x, x))
