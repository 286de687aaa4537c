"""Rows of the data: gathered, encoded, masked."""

from skdeep.kernels.compiled.jit import jit


@jit
def gather(source, rows, out):
    """Copy rows of ``source`` into ``out``, converting the type."""
    for i in range(rows.size):
        row = source[rows[i]]
        for j in range(out.shape[1]):
            out[i, j] = row[j]


@jit
def one_hot(codes, rows, on, off, out):
    """Write soft one-hot rows, ``on`` at the code and ``off`` elsewhere; one column for two."""
    for i in range(rows.size):
        code = codes[rows[i]]
        if out.shape[1] == 1:
            out[i, 0] = on if code == 1 else off
        else:
            out[i, :] = off
            out[i, code] = on


@jit
def dropout(x, bits, threshold, mask, out):
    """Draw the mask from 16-bit integers, and apply it."""
    zero = x.dtype.type(0)
    scale = x.dtype.type(65536 / threshold)
    n = x.shape[1]
    for i in range(x.shape[0]):
        for j in range(n):
            keep = scale if bits[i * n + j] < threshold else zero
            mask[i, j] = keep
            out[i, j] = x[i, j] * keep
