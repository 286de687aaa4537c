"""The course of training: loss, score, learning rate and gradient norm by epoch."""

from __future__ import annotations

import numpy as np

from skdeep._typing import Self
from skdeep.inspection._display import Display
from skdeep.inspection._estimators import network_estimator
from skdeep.inspection._types import ManyAxes, NetworkLike

_PANELS = (
    ("loss", ("loss", "validation_loss"), "log"),
    ("score", ("validation_score",), "linear"),
    ("learning\nrate", ("learning_rate",), "linear"),
    ("gradient\nnorm", ("gradient_norm",), "log"),
)
_LABELS = {"loss": "training", "validation_loss": "validation"}


class TrainingHistoryDisplay(Display):
    """The history of training: stacked panels that share the epochs.

    Loss (training and validation), validation score, learning rate and gradient norm; what was not
    recorded has no panel. The epoch of the best validation score is marked.

    Parameters
    ----------
    history : dict of str to list of float
        The ``history_`` of an estimator: an entry an epoch.
    first_epoch : int, default=1
        The number of the first of these epochs. ``partial_fit`` drops old epochs from the history;
        ``from_estimator`` counts them.

    Attributes
    ----------
    figure_ : Figure
    ax_, axes_ : ndarray of Axes
        A panel each, from the top.
    lines_ : dict of str to Line2D
        The curves, under their names in the history.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> from skdeep.inspection import TrainingHistoryDisplay
    >>> X, y = load_iris(return_X_y=True)
    >>> until_max_iter = {"max_iter": 20, "n_iter_no_change": float("inf")}
    >>> model = MLPClassifier((10,), early_stopping=True, **until_max_iter)
    >>> display = TrainingHistoryDisplay.from_estimator(model.fit(X, y))
    >>> len(display.history["validation_loss"])
    20
    """

    def __init__(self, history: dict[str, list[float]], *, first_epoch: int = 1) -> None:
        self.history = history
        self.first_epoch = first_epoch

    @classmethod
    def from_estimator(
        cls, estimator: NetworkLike, *, ax: ManyAxes = None, draw: bool = True
    ) -> Self:
        """Draw the history of a fitted estimator.

        Parameters
        ----------
        estimator : estimator
            A fitted estimator of skdeep, a pipeline that ends in one, or a search or a
            TransformedTargetRegressor around one.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        TrainingHistoryDisplay

        Raises
        ------
        NotFittedError, TypeError
            If the estimator is not fitted, or not one of skdeep's.
        """
        cls._check_drawing(draw, ax)
        network = network_estimator(estimator)
        history = {name: list(values) for name, values in network.history_.items()}
        display = cls(history, first_epoch=network._state.forgotten + 1)
        return display._drawn(draw, ax)

    def plot(self, ax: ManyAxes = None) -> Self:
        """Draw the panels.

        Parameters
        ----------
        ax : Axes, array-like of Axes or None, default=None
            As many axes as there are panels, or one whose place the panels take. None makes a new
            figure.

        Returns
        -------
        self : TrainingHistoryDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        panels = [panel for panel in _PANELS if panel[1][0] in self.history]
        self._keep_panels(self._many_axes(ax, (len(panels), 1), (6.4, 1.7), sharex=True)[:, 0])
        self.lines_ = {}
        for panel, panel_ax in zip(panels, self.axes_, strict=True):
            self._draw(panel_ax, *panel)
        self._mark_best()
        self.axes_[-1].set_xlabel("epoch")
        return self

    def _draw(self, ax, title, names, scale):
        for name in names:
            if name in self.history:
                values = self.history[name]
                epochs = np.arange(len(values)) + self.first_epoch
                (self.lines_[name],) = ax.plot(epochs, values, label=_LABELS.get(name))
        ax.set_ylabel(title)
        ax.grid(alpha=0.3)
        if scale == "log" and all(np.nanmin(line.get_ydata()) > 0 for line in ax.lines):
            ax.set_yscale("log")
        if "learning_rate" in names:
            ax.set_ylim(bottom=0)
        if len(ax.lines) > 1:
            ax.legend()

    def _mark_best(self):
        scores = np.asarray(self.history.get("validation_score", ()), float)
        if not np.isfinite(scores).any():
            return
        best = int(np.nanargmax(scores))
        epoch, label = best + self.first_epoch, f"best: {scores[best]:.3g}"
        for ax in self.axes_:
            ax.axvline(epoch, color="grey", linestyle=":")
        ax = self.lines_["validation_score"].axes
        ax.plot(epoch, scores[best], "o", color="black", label=label)
        ax.legend(loc="lower right")
