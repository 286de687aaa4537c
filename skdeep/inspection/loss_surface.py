"""The loss over two directions in the space of parameters, and the way of training on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sklearn.utils import check_random_state

from skdeep._constraints import Seed
from skdeep._typing import ArrayLike, MatrixLike, Self
from skdeep.inspection._directions import (
    filter_normalised,
    flat_points,
    principal_components,
    projection,
)
from skdeep.inspection._display import Display
from skdeep.inspection._objective import EstimatorObjective, parameter_name
from skdeep.inspection._plotting import draw_contours
from skdeep.inspection._types import NetworkLike
from skdeep.inspection.loss_slices import check_grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KINDS = ("contour", "surface")
_DIRECTIONS = "'random', 'path' or two parameters, each a pair (layer, index)"


class LossSurfaceDisplay(Display):
    r"""The objective over a plane in the space of parameters.

    The surface is :math:`f(a, b) = L(w + a d_1 + b d_2)` with w the estimator's parameters and L
    the weighted mean loss plus the penalty, without dropout and noise, in double precision.

    Parameters
    ----------
    first, second : ndarray of shape (n_points,)
        The coordinates along the two directions.
    losses : ndarray of shape (n_points, n_points)
        The objective; rows go with ``second``, columns with ``first``.
    centre : tuple of float
        The estimator's coordinates.
    centre_loss : float
        The objective there.
    names : tuple of str
        What the two directions are called.
    path : ndarray of shape (n_steps, 2) or None, default=None
        The coordinates of the way of training, projected on the plane.
    path_losses : ndarray of shape (n_steps,) or None, default=None
        The objective at those points of the plane.

    Attributes
    ----------
    ax_ : Axes
    figure_ : Figure
    surface_ : QuadContourSet or Poly3DCollection
    line_ : Line2D, Line3D or None
        The path.
    point_ : Line2D or Line3D
        The mark at the estimator.

    References
    ----------
    Li, Xu, Taylor, Studer and Goldstein (2018), "Visualizing the loss landscape of neural nets",
    arXiv:1712.09913.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> from skdeep.inspection import LossSurfaceDisplay, record_path
    >>> X, y = load_iris(return_X_y=True)
    >>> path = record_path(MLPClassifier((10,), random_state=0), X, y, epochs=20)
    >>> display = LossSurfaceDisplay.from_estimator(
    ...     path.estimator, X, y, directions="path", path=path.parameters, n_points=7
    ... )
    >>> display.losses.shape, display.path.shape
    ((7, 7), (20, 2))
    """

    def __init__(
        self,
        first: np.ndarray,
        second: np.ndarray,
        losses: np.ndarray,
        centre: tuple[float, ...],
        centre_loss: float,
        names: tuple[str, ...],
        path: np.ndarray | None = None,
        path_losses: np.ndarray | None = None,
    ) -> None:
        self.first = first
        self.second = second
        self.losses = losses
        self.centre = centre
        self.centre_loss = centre_loss
        self.names = names
        self.path = path
        self.path_losses = path_losses

    @classmethod
    def from_estimator(
        cls,
        estimator: NetworkLike,
        X: MatrixLike,
        y: MatrixLike | None = None,
        *,
        directions: Literal["random", "path"] | Sequence[tuple[int, Any]] = "random",
        n_points: int = 25,
        span: float | None = None,
        path: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        random_state: int | np.random.RandomState | None = None,
        kind: Literal["contour", "surface"] = "contour",
        ax: Axes | None = None,
        draw: bool = True,
    ) -> Self:
        """Draw the surface around a fitted estimator, which stays as it is.

        Parameters
        ----------
        estimator : estimator
            A fitted estimator of skdeep, a pipeline that ends in one, or a search or a
            TransformedTargetRegressor around one.
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs. The objective is computed ``n_points`` squared times on them: a part of the
            data may do.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
            The targets; an autoencoder needs none.
        directions : "random", "path" or two parameters, default="random"
            "random": two Gaussian directions, each unit's (each filter's) incoming weights rescaled
            to the norm of its own weights; biases stay. "path": the two principal components of
            ``path``. Two parameters: each a pair (layer, index) as in
            :class:`LossCurveSliceDisplay`.
        n_points : int >= 2, default=25
            The number of points along each direction. An odd number includes the estimator's own
            point.
        span : float > 0 or None, default=None
            How far to go on both sides of the present point. None means as far as the path goes, or
            1 without a path.
        path : sequence or None, default=None
            Where training went, as :func:`record_path` records it: flat parameter vectors, or lists
            of arrays in the order of ``coefs_``, perhaps followed by ``intercepts_``.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows.
        random_state : int, RandomState instance or None, default=None
            The seed of the random directions.
        kind : {"contour", "surface"}, default="contour"
            Lines of equal loss, or a surface in space (``ax`` must then be 3-D axes).
        ax : Axes or None, default=None
            Where to draw; None makes a figure.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        LossSurfaceDisplay

        Raises
        ------
        NotFittedError, TypeError
            If the estimator is not fitted, or not one of skdeep's.
        ValueError
            If directions, path or data do not suit the estimator.
        """
        cls._check_drawing(draw, ax)
        _check_kind(kind)
        check_grid(n_points, span)
        Seed().check(cls.__name__, "random_state", random_state)
        objective = EstimatorObjective(estimator, X, y, sample_weight)
        present = objective.present
        if path is not None:
            path = flat_points(path, present, objective.network.layout)
        vectors, names, centre = _plane(objective, directions, path, random_state)
        steps = None if path is None else projection(path, present, vectors)

        def loss(a, b):
            return objective(present + a * vectors[0] + b * vectors[1])

        ticks = _ticks(n_points, span, steps)
        display = cls(
            ticks + centre[0],
            ticks + centre[1],
            np.array([[loss(a, b) for a in ticks] for b in ticks]),
            centre,
            objective(present),
            names,
            None if path is None else steps + centre,
            None if path is None else np.array([loss(*step) for step in steps]),
        )
        return display._drawn(draw, ax, kind=kind)

    def plot(
        self, ax: Axes | None = None, *, kind: Literal["contour", "surface"] = "contour"
    ) -> Self:
        """Draw the surface.

        Parameters
        ----------
        ax : Axes or None, default=None
            Where to draw; None makes a figure.
        kind : {"contour", "surface"}, default="contour"
            Lines of equal loss, or a surface in space (``ax`` must then be 3-D axes).

        Returns
        -------
        self : LossSurfaceDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        ValueError
            If the kind is unknown, or the axes do not suit it.
        """
        _check_kind(kind)
        projection = {"projection": "3d"} if kind == "surface" else {}
        if ax is not None and (ax.name == "3d") != (kind == "surface"):
            raise ValueError(
                f"kind={kind!r} does not suit the axes given; make them with "
                f"subplots(subplot_kw={projection})."
            )
        ax, self.line_ = self._one_axes(ax, **projection), None
        if kind == "contour":
            self._draw_contours()
        else:
            self._draw_surface()
        ax.set(xlabel=self.names[0], ylabel=self.names[1])
        ax.legend(loc="upper right")
        return self

    def _draw_contours(self):
        self.surface_ = draw_contours(self.ax_, self.first, self.second, self.losses)
        self.figure_.colorbar(self.surface_, ax=self.ax_, label="loss, penalty included")
        self._mark(self.path, [self.centre])

    def _draw_surface(self):
        a, b = np.meshgrid(self.first, self.second)
        self.surface_ = self.ax_.plot_surface(
            a, b, self.losses, cmap="viridis", alpha=0.8, rcount=60, ccount=60
        )
        self.ax_.set_zlabel("loss, penalty included")
        self.ax_.set_box_aspect(None, zoom=0.85)  # or the labels are cut off
        self.ax_.computed_zorder = False  # or the surface hides what lies on it
        path = None if self.path is None else np.column_stack([self.path, self.path_losses])
        self._mark(path, [(*self.centre, self.centre_loss)])

    def _mark(self, path, centre):
        top = {"zorder": 10}
        if path is not None:
            style = {"color": "crimson", "marker": ".", "label": "way of training"}
            (self.line_,) = self.ax_.plot(*np.transpose(path), **style, **top)
        words = f"the estimator, loss {self.centre_loss:.3g}"
        style = {"marker": "*", "markersize": 12, "linestyle": "none", "label": words}
        style.update(color="white", markeredgecolor="black")
        (self.point_,) = self.ax_.plot(*np.transpose(centre), **style, **top)


def _check_kind(kind):
    if kind not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(map(repr, _KINDS))}, got {kind!r}.")


def _plane(objective, directions, path, random_state):
    """Return two flat directions, their names, and the coordinates of the present point."""
    present = objective.present
    if not isinstance(directions, str):
        return _parameter_plane(objective, directions)
    if directions == "random":
        rng, layout = check_random_state(random_state), objective.network.layout
        vectors = np.array([filter_normalised(layout, present, rng) for _ in range(2)])
        return vectors, ("first random direction", "second random direction"), (0.0, 0.0)
    if directions != "path":
        raise ValueError(f"directions must be {_DIRECTIONS}, got {directions!r}.")
    if path is None:
        raise ValueError("directions='path' needs a path, e.g. that of record_path.")
    names = "first component of the path", "second component of the path"
    return principal_components(path, present), names, (0.0, 0.0)


def _parameter_plane(objective, parameters):
    try:
        first, second = ((layer, index) for layer, index in parameters)
    except (TypeError, ValueError) as error:
        raise ValueError(f"directions must be {_DIRECTIONS}, got {parameters!r}.") from error
    places = [objective.place(*first), objective.place(*second)]
    if places[0] == places[1]:
        raise ValueError(f"directions must be two different parameters, got {parameters!r}.")
    vectors = np.zeros((2, len(objective.present)))
    vectors[[0, 1], places] = 1.0
    centre = tuple(float(objective.present[place]) for place in places)
    return vectors, (parameter_name(*first), parameter_name(*second)), centre


def _ticks(n_points, span, steps):
    """Return coordinates around 0 that reach as far as ``span``, or as the steps."""
    if span is not None:
        return np.linspace(-span, span, n_points)
    if steps is None:
        return np.linspace(-1.0, 1.0, n_points)
    reach = 1.2 * np.abs(steps).max()
    return np.linspace(-reach, reach, n_points)
