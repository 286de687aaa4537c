"""Targets as a loss takes them: dense rows in the network's type, made batch by batch."""

from __future__ import annotations

import copy

import numpy as np

from skdeep import kernels


class _Targets:
    """Base class: what a subclass calls ``_stored`` has an entry, or a row, for each row of X."""

    _stored: str

    @property
    def stored(self) -> np.ndarray:
        """The targets as they are kept, from which those of batches are made."""
        return getattr(self, self._stored)

    def __len__(self) -> int:
        return len(self.stored)

    def over(self, stored: np.ndarray) -> _Targets:
        """Return targets of the same kind over another array."""
        twin = copy.copy(self)
        setattr(twin, self._stored, stored)
        return twin


class ClassTargets(_Targets):
    """Exclusive classes as one-hot rows; two classes need only one column.

    Label smoothing makes the rows soft. With ``smoothing`` eps the true one of k classes gets the
    target 1 - eps, and each of the others eps / (k - 1). A class that is the only one keeps 1.

    Parameters
    ----------
    codes : ndarray of int of shape (n_samples,)
        The class of every row, from 0 to n_classes - 1.
    n_classes : int
        The number k of classes.
    smoothing : float
        The share eps that is taken from the true class.
    """

    _stored = "codes"

    def __init__(self, codes: np.ndarray, n_classes: int, smoothing: float = 0.0) -> None:
        self.codes = codes
        self.n_columns = 1 if n_classes == 2 else n_classes
        self.on = 1.0 - smoothing
        # in a single column ``off`` is the target of class 0, which may be the only one
        self.off = 1.0 if n_classes == 1 else smoothing / (n_classes - 1)
        self._one_hot = kernels.twin("one_hot")

    def load(self, rows: slice | np.ndarray, out: np.ndarray) -> None:
        """Write the targets of ``rows`` into ``out`` of shape (n_rows, n_columns)."""
        if self._one_hot is not None and not isinstance(rows, slice):
            self._one_hot(self.codes, rows, self.on, self.off, out)
            return
        codes = self.codes[rows]
        if self.n_columns == 1:
            np.multiply(codes[:, None], self.on - self.off, out=out)
            out += self.off
        else:
            out[...] = self.off
            out[np.arange(len(codes)), codes] = self.on


class LabelTargets(_Targets):
    """Several labels for each row, each of them 0 or 1.

    Label smoothing treats every label as two classes: with ``smoothing`` eps its target is eps or
    1 - eps.

    Parameters
    ----------
    labels : ndarray of shape (n_samples, n_labels)
        The labels of every row.
    smoothing : float
        The share eps.
    """

    _stored = "labels"

    def __init__(self, labels: np.ndarray, smoothing: float = 0.0) -> None:
        self.labels = labels
        self.n_columns = labels.shape[1]
        self.smoothing = smoothing

    def load(self, rows: slice | np.ndarray, out: np.ndarray) -> None:
        """Write the targets of ``rows`` into ``out``."""
        kernels.gather(self.labels, rows, out)
        if self.smoothing:
            out *= 1 - 2 * self.smoothing
            out += self.smoothing


class ValueTargets(_Targets):
    """Numbers, with Gaussian noise drawn afresh for every batch.

    Parameters
    ----------
    values : ndarray of shape (n_samples, n_outputs)
        The numbers.
    noise : float or ndarray of shape (n_outputs,)
        The standard deviation of the noise, in units of the values.
    rng : numpy.random.Generator or None
        The stream of the noise.
    """

    _stored = "values"

    def __init__(
        self,
        values: np.ndarray,
        noise: float | np.ndarray = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.values = values
        self.n_columns = values.shape[1]
        self.noise = noise if np.any(noise) else None
        self.rng = rng

    def load(self, rows: slice | np.ndarray, out: np.ndarray) -> None:
        """Write the targets of ``rows``, noise added, into ``out``."""
        kernels.gather(self.values, rows, out)
        if self.noise is not None:
            out += self.noise * self.rng.standard_normal(out.shape, dtype=out.dtype)
