"""Activations and their derivatives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skdeep._typing import ArrayLike, Self
from skdeep.activations import ACTIVATIONS, Activation
from skdeep.inspection._display import Display
from skdeep.inspection._types import ManyAxes


class ActivationDisplay(Display):
    r"""Activations f(z) and their derivatives f'(z), a panel each.

    A unit of several affine maps (maxout) is shown with the maps :math:`s_j z`, the slopes
    :math:`s_j` spread evenly over [-1, 1].

    Parameters
    ----------
    z : ndarray of shape (n_points,)
        Where they were computed.
    values, derivatives : dict of str to ndarray of shape (n_points,)
        By the activation's name.

    Attributes
    ----------
    ax_, axes_ : ndarray of Axes
    figure_ : Figure
    lines_ : dict of str to Line2D
        The values.
    derivative_lines_ : dict of str to Line2D

    Examples
    --------
    >>> from skdeep.inspection import ActivationDisplay
    >>> display = ActivationDisplay.from_names(["relu"], z=[-1.0, 2.0])
    >>> display.values["relu"].tolist(), display.derivatives["relu"].tolist()
    ([0.0, 2.0], [0.0, 1.0])
    """

    def __init__(
        self, z: np.ndarray, values: dict[str, np.ndarray], derivatives: dict[str, np.ndarray]
    ) -> None:
        self.z = z
        self.values = values
        self.derivatives = derivatives

    @classmethod
    def from_names(
        cls,
        activations: Sequence[str | Activation],
        *,
        z: ArrayLike | None = None,
        ax: ManyAxes = None,
        draw: bool = True,
    ) -> Self:
        """Draw some activations.

        Parameters
        ----------
        activations : list of str or Activation
            Names or objects.
        z : array-like of shape (n_points,), default=None
            Where to compute them. None means from -4 to 4.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        ActivationDisplay

        Raises
        ------
        ValueError, TypeError
            If one is no activation.
        """
        cls._check_drawing(draw, ax)
        z = np.linspace(-4, 4, 401) if z is None else np.asarray(z, dtype=np.float64)
        pairs = {str(value): _evaluate(ACTIVATIONS.resolve(value), z) for value in activations}
        values = {label: pair[0] for label, pair in pairs.items()}
        slopes = {label: pair[1] for label, pair in pairs.items()}
        return cls(z, values, slopes)._drawn(draw, ax)

    @classmethod
    def from_registry(
        cls, *, z: ArrayLike | None = None, ax: ManyAxes = None, draw: bool = True
    ) -> Self:
        """Draw every known activation, each once.

        Parameters
        ----------
        z : array-like of shape (n_points,), default=None
            Where to compute them. None means from -4 to 4.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        ActivationDisplay
        """
        first_names = {}
        for name, activation in ACTIVATIONS.items():
            first_names.setdefault(activation, name)
        return cls.from_names(list(first_names.values()), z=z, ax=ax, draw=draw)

    def plot(self, ax: ManyAxes = None) -> Self:
        """Draw a panel for each activation.

        Parameters
        ----------
        ax : Axes, array-like of Axes or None, default=None
            One axes whose place the panels take, or as many as the grid of panels has. None makes a
            new figure.

        Returns
        -------
        self : ActivationDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        self._grid(ax, len(self.values), 5, (2.4, 2.0), sharex=True, sharey=True)
        self.lines_, self.derivative_lines_ = {}, {}
        for label, panel in zip(self.values, self.axes_, strict=True):
            self._draw(panel, label)
        self.axes_[0].legend(loc="upper left", fontsize="small")
        return self

    def _draw(self, ax, label):
        ax.axhline(0, color="grey", linewidth=0.6)
        ax.axvline(0, color="grey", linewidth=0.6)
        (self.lines_[label],) = ax.plot(self.z, self.values[label], label="f(z)")
        (self.derivative_lines_[label],) = ax.plot(
            self.z, self.derivatives[label], "--", label="f'(z)"
        )
        ax.set_title(label)
        ax.set_ylim(-2, 4)


def _evaluate(activation, z):
    """Return values and derivatives, by the activation's own forward and backward pass."""
    slopes = np.linspace(-1, 1, activation.pieces) if activation.pieces > 1 else np.ones(1)
    maps = np.outer(z, slopes)
    out = maps if activation.in_place else np.empty((len(z), 1))
    theta = np.empty(activation.n_parameters(1))
    activation.start_parameters(theta)
    activation.forward(maps, out, theta)
    values = out[:, 0].copy()
    delta = activation.backward(maps, out, np.ones((len(z), 1)), theta, np.zeros_like(theta))
    return values, delta @ slopes
