"""Augmentation of images and signals: what shape the rows have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from numbers import Integral
from typing import Any

import numpy as np

from skdeep.augmentation.base import Augmentation


@dataclass(frozen=True)
class ImageShape:
    """(length,), (height, width) or (height, width, channels), or None."""

    def check(self, owner, name, value):
        """Raise unless ``value`` is allowed for parameter ``name`` of ``owner``."""
        if value is None:
            return
        message = (
            f"{owner}: {name} must be (height, width), (height, width, channels) or (length,), "
            f"positive integers, or None; got {value!r}."
        )
        if not isinstance(value, (tuple, list)):
            raise TypeError(message)
        if not 1 <= len(value) <= 3 or not all(_is_size(size) for size in value):
            raise ValueError(message)


def _is_size(value):
    return isinstance(value, Integral) and not isinstance(value, bool) and value > 0


def _complete(shape):
    """Return height, width and channels."""
    if len(shape) == 1:
        return 1, int(shape[0]), 1
    height, width, channels = (*shape, 1)[:3]
    return int(height), int(width), int(channels)


class ImageAugmentation(Augmentation):
    """Base class of augmentations of images and signals; subclass it to add your own.

    Its ``transform`` takes and returns images of shape (n_images, height, width, channels). A
    signal is an image of height 1; one of several channels has the shape (1, length, channels).

    Parameters
    ----------
    image_shape : tuple of int, default=None
        The shape of the image in a row of X: (height, width), (height, width, channels) or, for a
        signal, (length,). None means what the estimator knows of its input.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.augmentation import ImageAugmentation
    >>> class Erase(ImageAugmentation):
    ...     def transform(self, images, rng):
    ...         images[:, rng.integers(images.shape[1])] = 0
    ...         return images
    >>> Erase().sample(np.ones((1, 2, 3)), random_state=0)
    array([[[1., 1., 1.],
            [0., 0., 0.]]])
    """

    constraints = {"image_shape": ImageShape()}

    def __init__(self, image_shape: Sequence[int] | None = None) -> None:
        self.image_shape = image_shape

    def check(self, n_features: int, shape: tuple[int, ...] | None) -> None:
        """Raise ValueError if the images' shape is unknown or does not suit the data."""
        self.resolve(n_features, shape)

    def resolve(self, n_features: int, shape: tuple[int, ...] | None) -> tuple[int, int, int]:
        """Return the images' shape.

        Parameters
        ----------
        n_features : int
        shape : tuple of int or None
            What the estimator knows; the augmentation's own shape must not contradict it.

        Returns
        -------
        height, width, channels : int

        Raises
        ------
        ValueError
            If neither names a shape, they differ, or it does not give ``n_features`` numbers.
        """
        name = type(self).__name__
        ImageShape().check(name, "shape", shape)
        known = shape if self.image_shape is None else self.image_shape
        if known is None:
            raise ValueError(
                f"{name} does not know the shape of the images in the rows of X: give "
                "image_shape=(height, width), (height, width, channels) or, for signals, (length,)."
            )
        full = _complete(known)
        if prod(full) != n_features:
            raise ValueError(
                f"{name}: images of shape {tuple(known)} have {prod(full)} numbers, but X has "
                f"{n_features} features; give the image_shape that X has."
            )
        if shape is not None and full != _complete(shape):
            if (1, *known) != _complete(shape):  # a signal of several channels
                raise ValueError(
                    f"{name}: image_shape={self.image_shape!r} contradicts the shape of the "
                    f"estimator's input, {tuple(shape)}; leave it at None."
                )
            full = _complete(shape)
        return full

    def apply(self, batch: Any, shape: tuple[int, ...] | None, rng: np.random.Generator) -> None:
        """Change the images of a batch in place."""
        images = batch.x.reshape(len(batch.x), *self.resolve(batch.x.shape[1], shape))
        batch.x[...] = self._transformed(images, rng).reshape(batch.x.shape)
