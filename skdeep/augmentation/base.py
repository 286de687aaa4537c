"""What an augmentation is to the engine, and the table of the built-in ones."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from skdeep._component import Component, Registry
from skdeep._typing import ArrayLike


class Augmentation(Component):
    """Base class of augmentations; subclass it to add your own.

    Augmentations change what the network sees in training, never validation data or what it
    predicts. For data without a geometry it is enough to define ``transform``; for images and
    signals start from :class:`ImageAugmentation`.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.augmentation import Augmentation
    >>> class RandomSign(Augmentation):
    ...     def transform(self, x, rng):
    ...         return x * rng.choice([-1, 1], (len(x), 1)).astype(x.dtype)
    >>> RandomSign().sample([[1, 2], [3, 4], [5, 6]], random_state=5)
    array([[ 1.,  2.],
           [ 3.,  4.],
           [-5., -6.]])
    """

    def check(self, n_features: int, shape: tuple[int, ...] | None) -> None:
        """Raise ValueError if this does not suit the data; by default everything does.

        Parameters
        ----------
        n_features : int
        shape : tuple of int or None
            Height, width and channels of the images in the rows; signals have height 1. None if
            unknown.
        """

    def apply(self, batch: Any, shape: tuple[int, ...] | None, rng: np.random.Generator) -> None:
        """Change a batch in place.

        Parameters
        ----------
        batch : Batch
            Its ``x`` of shape (n_rows, n_features) and ``y`` of shape (n_rows, n_outputs) may be
            overwritten; they are one array where inputs are their own targets. Its ``weights`` of
            shape (n_rows,), or None, may be replaced, not overwritten.
        shape : tuple of int or None
            As for ``check``.
        rng : numpy.random.Generator
        """
        batch.x[...] = self._transformed(batch.x, rng)

    def _transformed(self, x, rng):
        """Return what ``transform`` makes of x, checked."""
        result = self.transform(x, rng)
        if np.shape(result) != x.shape:
            raise ValueError(
                f"{type(self).__name__}.transform must return an array of shape {x.shape}, like "
                f"that it is given; got {type(result).__name__} of shape {np.shape(result)}."
            )
        return result

    def transform(self, x: np.ndarray, rng: np.random.Generator, /) -> np.ndarray:
        """Return new inputs.

        Parameters
        ----------
        x : ndarray of float of shape (n_rows, n_features)
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of the same shape
        """
        raise NotImplementedError(f"{type(self).__name__} must define transform(x, rng).")

    def sample(
        self,
        X: ArrayLike,
        shape: Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> np.ndarray:
        """Return an augmented copy of some data, to look at.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), (n_samples, height, width) or \
                (n_samples, height, width, channels)
            The shape of images counts where neither ``shape`` nor the augmentation names one.
        shape : tuple of int, default=None
            The shape of the image in each row: height, width and channels.
        random_state : int, numpy.random.Generator or None, default=None

        Returns
        -------
        ndarray of the shape of X
            In single precision where X is, else in double.

        Raises
        ------
        TypeError, ValueError
            If a parameter is wrong, or the augmentation does not suit the data.
        """
        X = np.array(X, dtype=_float_type(X))
        if X.ndim not in (2, 3, 4):
            raise ValueError(
                "X must hold one sample a row, or images of shape (n_samples, height, width) or "
                f"(n_samples, height, width, channels); got an array of shape {X.shape}."
            )
        if shape is None and X.ndim > 2:
            shape = (*X.shape[1:], 1)[:3]
        x = X.reshape(len(X), int(np.prod(X.shape[1:])))
        self.validate()
        self.check(x.shape[1], shape)
        batch = SimpleNamespace(x=x, y=np.empty((len(x), 0), x.dtype), weights=None)
        self.apply(batch, shape, _generator(type(self).__name__, random_state))
        return batch.x.reshape(X.shape)


def _generator(owner, random_state):
    try:
        return np.random.default_rng(random_state)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"{owner}: random_state must be None, an integer >= 0 or a numpy.random.Generator, got "
            f"{random_state!r}."
        ) from error


def _float_type(X):
    return np.float32 if getattr(X, "dtype", None) == np.float32 else np.float64


AUGMENTATIONS = Registry("augmentation", Augmentation)
