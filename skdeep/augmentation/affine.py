"""Affine maps of images: whatever moves pixels along straight lines, in one resampling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skdeep import kernels
from skdeep._constraints import Number
from skdeep.augmentation.base import Augmentation
from skdeep.augmentation.images import ImageAugmentation

_LARGEST = float(np.finfo(np.float32).max)
FILL = Number(-_LARGEST, _LARGEST, others=("nearest",))


class Affine(ImageAugmentation):
    r"""Base class of augmentations that see images through affine maps.

    With pixels p = (row, column) counted from the centre of the image,

    .. math:: out(p) = image(A p + t)

    by linear interpolation. A subclass defines ``maps`` and nothing else: :class:`Compose` takes
    the maps and resamples once.

    Parameters
    ----------
    image_shape : tuple of int, default=None
        The shape of the image in a row of X: (height, width), (height, width, channels) or, for a
        signal, (length,). None means what the estimator knows of its input.

    Attributes
    ----------
    fill : float, "nearest" or None
        What lies beyond the borders: a number, by default 0, or the nearest number of the image.
        None if nothing comes from there.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.augmentation import Affine
    >>> class Shear(Affine):
    ...     def maps(self, n, shape, rng):
    ...         matrices = np.tile(np.eye(2), (n, 1, 1))
    ...         matrices[:, 1, 0] = rng.choice([-1, 1], n)
    ...         return matrices, np.zeros((n, 2))
    >>> line = [[0, 1, 0], [0, 1, 0], [0, 1, 0]]
    >>> Shear().sample([line], random_state=1)
    array([[[1., 0., 0.],
            [0., 1., 0.],
            [0., 0., 1.]]])
    """

    fill: float | str | None = 0.0

    def maps(
        self, n: int, shape: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw a map for each image.

        Parameters
        ----------
        n : int
        shape : tuple of int
            Height, width and channels.
        rng : numpy.random.Generator

        Returns
        -------
        matrices : ndarray of float64 of shape (n, 2, 2)
            A, for (row, column).
        shifts : ndarray of float64 of shape (n, 2)
            t, in pixels.
        """
        raise NotImplementedError(f"{type(self).__name__} must define maps(n, shape, rng).")

    def transform(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the images as seen through maps."""
        return resample(images, *self.maps(len(images), images.shape[1:], rng), self.fill)


def resample(
    images: np.ndarray, matrices: np.ndarray, shifts: np.ndarray, fill: float | str | None
) -> np.ndarray:
    """Return images seen through maps that count pixels from the centre.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
    matrices : ndarray of float64 of shape (n, 2, 2)
    shifts : ndarray of float64 of shape (n, 2)
    fill : float, "nearest" or None
        What lies beyond the borders.
    """
    centre = (np.array(images.shape[1:3]) - 1) / 2
    out = np.empty_like(images)
    offsets = centre - matrices @ centre + shifts  # the kernel counts from the corner
    nearest = fill == "nearest"
    number = 0.0 if nearest or fill is None else float(fill)
    kernels.best("resample")(images, matrices, offsets, number, nearest, out)
    return out


def merged(
    first: Augmentation, second: Augmentation, n_features: int, shape: tuple[int, ...] | None
) -> Chain | None:
    """Return two augmentations as one, or None unless both are affine, of the same images."""
    if not (isinstance(first, Affine) and isinstance(second, Affine)):
        return None
    image_shape = first.resolve(n_features, shape)
    fills = {step.fill for step in (first, second)} - {None}
    if image_shape != second.resolve(n_features, shape) or len(fills) > 1:
        return None
    return Chain([first, second], image_shape, *fills)


class Chain(Affine):
    """Several affine augmentations as one, the first step first.

    Parameters
    ----------
    steps : list of Affine
    image_shape : tuple of int
    fill : float, "nearest" or None, default=None
        That of the steps.
    """

    def __init__(
        self,
        steps: Sequence[Affine],
        image_shape: Sequence[int] | None,
        fill: float | str | None = None,
    ) -> None:
        super().__init__(image_shape)
        self.steps = steps
        self.fill = fill

    def maps(
        self, n: int, shape: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the products of the steps' maps."""
        matrices, shifts = self.steps[0].maps(n, shape, rng)
        for step in self.steps[1:]:
            # the later step looks at what the earlier ones leave: A(A' p + t') + t
            later, later_shifts = step.maps(n, shape, rng)
            shifts = shifts + (matrices @ later_shifts[:, :, None])[:, :, 0]
            matrices = matrices @ later
        return matrices, shifts
