"""Weights as images: what units and filters look for."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt, prod
from typing import TYPE_CHECKING

import numpy as np

from skdeep._typing import Self
from skdeep.inspection._display import Display
from skdeep.inspection._estimators import network_estimator
from skdeep.inspection._types import ManyAxes, NetworkLike

if TYPE_CHECKING:
    from matplotlib.colors import Colormap


class WeightImageDisplay(Display):
    """The incoming weights of units, or the filters of a convolution layer, as images.

    All images share one colour scale, symmetric around 0.

    Parameters
    ----------
    images : ndarray of shape (n_images, height, width)
        The weights.
    titles : list of str
        One for each image.

    Attributes
    ----------
    ax_, axes_ : ndarray of Axes
    figure_ : Figure
    images_ : list of AxesImage
    colorbar_ : Colorbar

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from skdeep import MLPClassifier
    >>> from skdeep.inspection import WeightImageDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> model = MLPClassifier((16,), max_iter=3, n_iter_no_change=float("inf"), random_state=0)
    >>> model = model.fit(X, y)
    >>> WeightImageDisplay.from_estimator(model).images.shape
    (16, 8, 8)
    """

    def __init__(self, images: np.ndarray, titles: list[str]) -> None:
        self.images = images
        self.titles = titles

    @classmethod
    def from_estimator(
        cls,
        estimator: NetworkLike,
        *,
        layer: int = 0,
        image_shape: Sequence[int] | None = None,
        n_images: int = 25,
        cmap: str | Colormap = "RdBu_r",
        ax: ManyAxes = None,
        draw: bool = True,
    ) -> Self:
        """Draw the weights of a layer.

        Parameters
        ----------
        estimator : estimator
            A fitted estimator of skdeep, a pipeline that ends in one, or a search or a
            TransformedTargetRegressor around one.
        layer : int, default=0
            The place in ``coefs_``. The filters of a convolution layer give an image for each
            filter and channel; those over signals one for each filter, a row a channel.
        image_shape : (int, int) or None, default=None
            The height and width of the image that a unit's weights make. None means a square.
            Filters have a shape of their own.
        n_images : int >= 1, default=25
            The largest number of images: the first ones are shown.
        cmap : str or Colormap, default="RdBu_r"
            The colours, from negative to positive.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        WeightImageDisplay

        Raises
        ------
        NotFittedError, TypeError
            If the estimator is not fitted, or not one of skdeep's.
        ValueError
            If there is no such layer, or the weights do not fit the shape.
        """
        cls._check_drawing(draw, ax)
        if n_images < 1:
            raise ValueError(f"n_images must be at least 1, got {n_images!r}.")
        coefs = network_estimator(estimator).coefs_
        if not -len(coefs) <= layer < len(coefs):
            raise ValueError(f"layer must be one of the {len(coefs)} layers, got {layer!r}.")
        weights = coefs[layer]
        images, titles = (
            _dense(weights, image_shape) if weights.ndim == 2 else _filters(weights, image_shape)
        )
        display = cls(images[:n_images].copy(), titles[:n_images])
        return display._drawn(draw, ax, cmap=cmap)

    def plot(self, ax: ManyAxes = None, *, cmap: str | Colormap = "RdBu_r") -> Self:
        """Draw the images.

        Parameters
        ----------
        ax : Axes, array-like of Axes or None, default=None
            One axes whose place the images take, or as many as the grid of images has. None makes a
            new figure.
        cmap : str or Colormap, default="RdBu_r"
            The colours, from negative to positive.

        Returns
        -------
        self : WeightImageDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        n = len(self.images)
        axes = self._grid(ax, n, isqrt(n - 1) + 1, (1.3, 1.2))
        bound = float(np.abs(self.images).max())
        self.images_ = []
        for image, title, panel in zip(self.images, self.titles, self.axes_, strict=True):
            self.images_.append(panel.imshow(image, cmap=cmap, vmin=-bound, vmax=bound))
            panel.set_title(title, fontsize="x-small", pad=2)
            panel.set(xticks=[], yticks=[])
        self.colorbar_ = self.figure_.colorbar(
            self.images_[0], ax=list(axes.ravel()), label="weight"
        )
        return self


def _dense(weights, shape):
    """Return the images of a dense layer's units, and their titles."""
    n_inputs, n_units = weights.shape
    if shape is None:
        shape = (isqrt(n_inputs), isqrt(n_inputs))
    if len(shape) != 2 or prod(shape) != n_inputs:
        raise ValueError(
            f"The {n_inputs} inputs of a unit do not fill an image of shape {tuple(shape)}; give "
            f"image_shape=(height, width) with height * width = {n_inputs}."
        )
    return weights.T.reshape(n_units, *shape), [f"unit {i}" for i in range(n_units)]


def _filters(weights, shape):
    """Return the images of filters, and their titles."""
    if shape is not None:
        raise ValueError(
            f"image_shape={shape!r} has no effect on filters, which have a shape of their own, "
            f"{weights.shape[:-2]}; leave it at None."
        )
    *_, n_channels, n_filters = weights.shape
    if weights.ndim == 3:
        return weights.transpose(2, 1, 0), [f"filter {i}" for i in range(n_filters)]
    images = weights.transpose(3, 2, 0, 1).reshape(-1, *weights.shape[:2])
    if n_channels == 1:
        return images, [f"filter {i}" for i in range(n_filters)]
    return images, [f"filter {i}, ch. {c}" for i in range(n_filters) for c in range(n_channels)]
