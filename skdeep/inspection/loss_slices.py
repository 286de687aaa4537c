"""The loss along one parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from skdeep._typing import ArrayLike, MatrixLike, Self
from skdeep.inspection._display import Display
from skdeep.inspection._objective import EstimatorObjective, parameter_name
from skdeep.inspection._types import NetworkLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LossCurveSliceDisplay(Display):
    r"""The objective along one parameter, all others as they are.

    The curve is :math:`L(w_1, \ldots, w_i + s, \ldots, w_n)`, with L the weighted mean loss plus
    the penalty, without dropout and noise, computed in double precision.

    Parameters
    ----------
    values : ndarray of shape (n_points,)
        What the parameter was set to.
    losses : ndarray of shape (n_points,)
        The objective there.
    present_value, present_loss : float
        Where the estimator stands.
    name : str
        The parameter's name.

    Attributes
    ----------
    ax_ : Axes
    figure_ : Figure
    line_ : Line2D
        The curve.
    point_ : Line2D
        The mark at the present value.

    References
    ----------
    Goodfellow, Vinyals and Saxe (2015), "Qualitatively characterizing neural network optimization
    problems", arXiv:1412.6544.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> from skdeep.inspection import LossCurveSliceDisplay
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier((), optimizer="lbfgs", alpha=0.01, random_state=0).fit(X, y)
    >>> display = LossCurveSliceDisplay.from_estimator(model, X, y, layer=0, index=(2, 1))
    >>> bool((display.losses >= display.present_loss - 1e-6).all())
    True
    """

    def __init__(
        self,
        values: np.ndarray,
        losses: np.ndarray,
        present_value: float,
        present_loss: float,
        name: str,
    ) -> None:
        self.values = values
        self.losses = losses
        self.present_value = present_value
        self.present_loss = present_loss
        self.name = name

    @classmethod
    def from_estimator(
        cls,
        estimator: NetworkLike,
        X: MatrixLike,
        y: MatrixLike | None = None,
        *,
        layer: int = 0,
        index: int | tuple[int, ...] | None = None,
        span: float = 2.0,
        n_points: int = 101,
        sample_weight: ArrayLike | None = None,
        ax: Axes | None = None,
        draw: bool = True,
    ) -> Self:
        """Draw the objective along one parameter of a fitted estimator, which stays as it is.

        Parameters
        ----------
        estimator : estimator
            A fitted estimator of skdeep, a pipeline that ends in one, or a search or a
            TransformedTargetRegressor around one.
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
            The targets; an autoencoder needs none.
        layer : int, default=0
            The place of the parameter in ``coefs_`` or ``intercepts_``.
        index : tuple of int, int or None, default=None
            A weight's place in ``coefs_[layer]``, or the unit whose bias is meant. None means the
            layer's first weight.
        span : float > 0, default=2.0
            How far to go on both sides of the present value.
        n_points : int >= 2, default=101
            The number of points of the curve.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows.
        ax : Axes or None, default=None
            Where to draw; None makes a figure.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        LossCurveSliceDisplay

        Raises
        ------
        NotFittedError, TypeError
            If the estimator is not fitted, or not one of skdeep's.
        ValueError
            If there is no such parameter, or the data do not suit the estimator.
        """
        cls._check_drawing(draw, ax)
        check_grid(n_points, span)
        objective = EstimatorObjective(estimator, X, y, sample_weight)
        index = objective.first_weight(layer) if index is None else index
        place = objective.place(layer, index)
        present = float(objective.present[place])
        values = present + np.linspace(-span, span, n_points)
        parameters = objective.present.copy()
        losses = np.empty(n_points)
        for i, value in enumerate(values):
            parameters[place] = value
            losses[i] = objective(parameters)
        loss = objective(objective.present)
        display = cls(values, losses, present, loss, parameter_name(layer, index))
        return display._drawn(draw, ax)

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw the curve.

        Parameters
        ----------
        ax : Axes or None, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : LossCurveSliceDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        ax = self._one_axes(ax)
        (self.line_,) = ax.plot(self.values, self.losses)
        (self.point_,) = ax.plot(
            self.present_value,
            self.present_loss,
            "o",
            color="black",
            label=f"present value {self.present_value:.3g}, loss {self.present_loss:.3g}",
        )
        ax.axvline(self.present_value, color="grey", linestyle=":", zorder=0)
        ax.set(xlabel=self.name, ylabel="loss, penalty included")
        ax.legend()
        return self


def check_grid(n_points, span):
    """Raise ValueError unless there are at least two points and a positive span, or None."""
    if n_points < 2:
        raise ValueError(f"n_points must be at least 2, got {n_points!r}.")
    if span is not None and not 0 < span < np.inf:
        raise ValueError(f"span must be a positive number, got {span!r}.")
