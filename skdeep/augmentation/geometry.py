"""Shifts, rotations, zooms and flips of images and signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from skdeep._constraints import Flag, Number
from skdeep.augmentation.affine import FILL, Affine
from skdeep.augmentation.base import AUGMENTATIONS


def _identities(n):
    return np.tile(np.eye(2), (n, 1, 1))


@AUGMENTATIONS.register("random_shift")
class RandomShift(Affine):
    r"""Shift each image by whole pixels.

    .. math:: out(p) = image(p - d), \quad d \sim U\{-m, \ldots, m\} \text{ on each axis}

    The numbers that stay in view are exact. A signal moves along its length only.

    Parameters
    ----------
    max_shift : int >= 1, default=2
        The largest shift m, in pixels; it must be less than the image's height and width.
    image_shape : tuple of int, default=None
        The shape of the image in a row of X: (height, width), (height, width, channels) or, for a
        signal, (length,). None means what the estimator knows of its input.
    fill : float or "nearest", default=0.0
        What lies beyond the border: a number, or the nearest number of the image.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), Proceedings of the IEEE 86(11), section III.

    Examples
    --------
    >>> from skdeep.augmentation import RandomShift
    >>> signal = [[1, 2, 3, 4, 5, 6]]
    >>> RandomShift(image_shape=(6,)).sample(signal, random_state=4)
    array([[3., 4., 5., 6., 0., 0.]])
    """

    constraints = {**Affine.constraints, "max_shift": Number(1, integer=True), "fill": FILL}

    def __init__(
        self,
        max_shift: int = 2,
        image_shape: Sequence[int] | None = None,
        fill: float | Literal["nearest"] = 0.0,
    ) -> None:
        super().__init__(image_shape)
        self.max_shift = max_shift
        self.fill = fill

    def check(self, n_features: int, shape: tuple[int, ...] | None) -> None:
        """Raise ValueError if the images' shape is unknown or images could leave the view."""
        height, width, _ = self.resolve(n_features, shape)
        smallest = min((size for size in (height, width) if size > 1), default=1)
        if self.max_shift >= smallest:
            raise ValueError(
                f"RandomShift: max_shift={self.max_shift} would move images of {height} x {width} "
                f"pixels out of view; it must be less than {smallest}."
            )

    def maps(
        self, n: int, shape: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw whole numbers along both axes."""
        shifts = rng.integers(-self.max_shift, self.max_shift + 1, (n, 2)).astype(np.float64)
        shifts[:, np.equal(shape[:2], 1)] = 0
        return _identities(n), shifts


@AUGMENTATIONS.register("random_rotation")
class RandomRotation(Affine):
    r"""Rotate each image about its centre.

    .. math::
        out(p) = image\begin{pmatrix} \cos\varphi & \sin\varphi \\
        -\sin\varphi & \cos\varphi \end{pmatrix} p, \quad \varphi \sim U(-m, m)

    Numbers between pixels are interpolated linearly.

    Parameters
    ----------
    max_angle : float in [0, 180], default=10.0
        The largest angle m, in degrees.
    image_shape : tuple of int, default=None
        The shape of the image in a row of X: (height, width) or (height, width, channels). None
        means what the estimator knows of its input.
    fill : float or "nearest", default=0.0
        What lies beyond the border: a number, or the nearest number of the image.

    References
    ----------
    Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied
    to visual document analysis", ICDAR.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from skdeep.augmentation import RandomRotation
    >>> images = load_digits().images
    >>> RandomRotation(max_angle=15).sample(images, random_state=0).shape
    (1797, 8, 8)
    """

    constraints = {**Affine.constraints, "max_angle": Number(0, 180), "fill": FILL}

    def __init__(
        self,
        max_angle: float = 10.0,
        image_shape: Sequence[int] | None = None,
        fill: float | Literal["nearest"] = 0.0,
    ) -> None:
        super().__init__(image_shape)
        self.max_angle = max_angle
        self.fill = fill

    def check(self, n_features: int, shape: tuple[int, ...] | None) -> None:
        """Raise ValueError if the images' shape is unknown, or they are signals."""
        height, width, _ = self.resolve(n_features, shape)
        if min(height, width) == 1:
            raise ValueError(
                f"RandomRotation needs images of at least 2 x 2 pixels; got {height} x {width}. "
                "A signal cannot be rotated."
            )

    def maps(
        self, n: int, shape: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw angles."""
        angles = np.deg2rad(rng.uniform(-self.max_angle, self.max_angle, n))
        cos, sin = np.cos(angles), np.sin(angles)
        matrices = np.array([[cos, sin], [-sin, cos]]).transpose(2, 0, 1)
        return np.ascontiguousarray(matrices), np.zeros((n, 2))


@AUGMENTATIONS.register("random_zoom")
class RandomZoom(Affine):
    r"""Enlarge or shrink each image about its centre, by one factor for both axes.

    .. math:: out(p) = image(p / f), \quad f \sim U(1 - z, 1 + z)

    Numbers between pixels are interpolated linearly. A signal is stretched along its length.

    Parameters
    ----------
    max_zoom : float in (0, 1), default=0.1
        The largest change z of the size.
    image_shape : tuple of int, default=None
        The shape of the image in a row of X: (height, width), (height, width, channels) or, for a
        signal, (length,). None means what the estimator knows of its input.
    fill : float or "nearest", default=0.0
        What lies beyond the border: a number, or the nearest number of the image.

    References
    ----------
    Simard, Steinkraus and Platt (2003), "Best practices for convolutional neural networks applied
    to visual document analysis", ICDAR.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from skdeep.augmentation import RandomZoom
    >>> X = load_digits().data
    >>> RandomZoom(max_zoom=0.2, image_shape=(8, 8)).sample(X, random_state=0).shape
    (1797, 64)
    """

    constraints = {**Affine.constraints, "max_zoom": Number(0, 1, closed="neither"), "fill": FILL}

    def __init__(
        self,
        max_zoom: float = 0.1,
        image_shape: Sequence[int] | None = None,
        fill: float | Literal["nearest"] = 0.0,
    ) -> None:
        super().__init__(image_shape)
        self.max_zoom = max_zoom
        self.fill = fill

    def maps(
        self, n: int, shape: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw factors."""
        factors = rng.uniform(1 - self.max_zoom, 1 + self.max_zoom, (n, 1, 1))
        return np.eye(2) / factors, np.zeros((n, 2))


@AUGMENTATIONS.register("random_flip")
class RandomFlip(Affine):
    """Mirror each image with a given probability; the numbers are exact.

    Where both directions are chosen each is drawn by itself.

    Parameters
    ----------
    horizontal : bool, default=True
        Exchange left and right. A signal is reversed.
    vertical : bool, default=False
        Exchange top and bottom.
    p : float in [0, 1], default=0.5
        The probability of each chosen direction.
    image_shape : tuple of int, default=None
        The shape of the image in a row of X: (height, width), (height, width, channels) or, for a
        signal, (length,). None means what the estimator knows of its input.

    References
    ----------
    Krizhevsky, Sutskever and Hinton (2012), "ImageNet classification with deep convolutional
    neural networks", NIPS, section 4.1.

    Examples
    --------
    >>> from skdeep.augmentation import RandomFlip
    >>> RandomFlip(p=1.0).sample([[[1, 2], [3, 4]]])
    array([[[2., 1.],
            [4., 3.]]])
    """

    fill = None
    constraints = {
        **Affine.constraints,
        "horizontal": Flag(),
        "vertical": Flag(),
        "p": Number(0, 1),
    }

    def __init__(
        self,
        horizontal: bool = True,
        vertical: bool = False,
        p: float = 0.5,
        image_shape: Sequence[int] | None = None,
    ) -> None:
        super().__init__(image_shape)
        self.horizontal = horizontal
        self.vertical = vertical
        self.p = p

    def validate(self) -> None:
        """Check the parameters: at least one direction must be chosen."""
        super().validate()
        if not self.horizontal and not self.vertical:
            raise ValueError(
                "RandomFlip: horizontal and vertical are both False, so that nothing is ever "
                "flipped; set one of them to True."
            )

    def check(self, n_features: int, shape: tuple[int, ...] | None) -> None:
        """Raise ValueError if the images' shape is unknown or a flip would change nothing."""
        height, width, _ = self.resolve(n_features, shape)
        for name, size in (("vertical", height), ("horizontal", width)):
            if getattr(self, name) and size == 1:
                raise ValueError(
                    f"RandomFlip: {name}=True has no effect on images of {height} x {width} "
                    f"pixels; set {name}=False."
                )

    def maps(
        self, n: int, shape: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw directions."""
        flipped = (rng.random((n, 2)) < self.p) & [self.vertical, self.horizontal]
        matrices = _identities(n)
        matrices[:, [0, 1], [0, 1]] = np.where(flipped, -1.0, 1.0)
        return matrices, np.zeros((n, 2))
