"""What all displays share: they compute, then draw, on axes that callers bring or on new ones."""

from __future__ import annotations

from typing import Any

import numpy as np


class Display:
    """Base class of displays.

    A class method computes what is shown and, unless ``draw=False``, hands over to ``plot``. What
    was drawn is kept: ``figure_``, and ``ax_``, which is an array of axes if there are several
    panels. Those displays call it ``axes_`` as well, as scikit-learn does.
    """

    ax_: Any
    figure_: Any

    @classmethod
    def _check_drawing(cls, draw, ax):
        """Raise what drawing would, before anything is computed.

        Raises
        ------
        ImportError
            If matplotlib is missing, with the way to get it.
        ValueError
            If there are axes, but nothing is to be drawn.
        """
        if draw:
            import_pyplot(cls.__name__)
        elif ax is not None:
            raise ValueError(f"{cls.__name__}: ax has no effect with draw=False.")

    def _drawn(self, draw, ax, **options):
        """Return the display itself, drawn if that is asked for."""
        return self.plot(ax, **options) if draw else self

    def plot(self, ax=None, **options):
        """Draw; subclasses say what."""
        raise NotImplementedError

    def _one_axes(self, ax, **subplot):
        """Take the caller's axes, or those of a new figure."""
        plt = import_pyplot(type(self).__name__)
        if ax is None:
            _, ax = plt.subplots(layout="constrained", subplot_kw=subplot)
        self.ax_, self.figure_ = ax, ax.figure
        return ax

    def _keep_panels(self, axes):
        self.ax_ = self.axes_ = axes
        self.figure_ = axes.flat[0].figure

    def _many_axes(self, ax, shape, size, **sharing):
        """Return an array of axes of a shape (rows, columns), and keep it.

        Parameters
        ----------
        ax : Axes, array-like of Axes or None
            As many axes as there are panels, or one whose place the panels take; None makes a
            figure.
        shape : tuple of int
        size : tuple of float
            Of a panel, in inches.
        **sharing : dict
            ``sharex`` and ``sharey``, as for a figure's ``subplots``; of no effect on given axes.
        """
        name = type(self).__name__
        plt = import_pyplot(name)
        n_rows, n_columns = shape
        given = np.array([] if ax is None else ax, dtype=object).ravel()
        if ax is None:
            size = (size[0] * n_columns, size[1] * n_rows)
            figure = plt.figure(figsize=size, layout="constrained")
            axes = figure.subplots(*shape, squeeze=False, **sharing)
        elif given.size == n_rows * n_columns:
            axes = given.reshape(shape)
        elif given.size == 1:
            axes = _within(given[0], shape, **sharing)
        else:
            raise ValueError(
                f"{name} draws {n_rows} x {n_columns} panels: ax must be one axes, whose place "
                f"they take, or {n_rows * n_columns} of them; got {given.size}."
            )
        self._keep_panels(axes)
        return axes

    def _grid(self, ax, n, n_columns, size, **sharing):
        """Return a grid of axes for ``n`` panels, and keep those that are used.

        The axes behind the first ``n`` are switched off; the lowest of the others have ticks.
        """
        n_columns = min(n, n_columns)
        axes = self._many_axes(ax, (-(-n // n_columns), n_columns), size, **sharing)
        for unused in axes.flat[n:]:
            unused.set_axis_off()
        for lowest in axes.flat[:n][-n_columns:]:
            lowest.tick_params(labelbottom=True)
        self._keep_panels(axes.flat[:n])
        return axes


def import_pyplot(name):
    """Return matplotlib.pyplot.

    Raises
    ------
    ImportError
        If matplotlib is missing, with the way to get it.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            f'{name} needs matplotlib to draw; install it with: pip install "skdeep[plot]"'
        ) from error
    return plt


def _within(place, shape, sharex=False, sharey=False):
    """Return a grid of axes that take the place of one."""
    place.set_axis_off()
    if place.get_subplotspec() is not None:
        grid = place.get_subplotspec().subgridspec(*shape)
        return grid.subplots(squeeze=False, sharex=sharex, sharey=sharey)
    # axes of add_axes or inset_axes lie anywhere, and no layout moves them
    figure, box = place.figure, place.get_position()
    sides = {"left": box.x0, "right": box.x1, "bottom": box.y0, "top": box.y1}
    grid = figure.add_gridspec(*shape, **sides, wspace=0.25, hspace=0.35)
    axes = np.empty(shape, dtype=object)
    for row, column in np.ndindex(shape):
        first = axes[0, 0]
        shared = {"sharex": first if sharex else None, "sharey": first if sharey else None}
        axes[row, column] = figure.add_axes(grid[row, column].get_position(figure), **shared)
        axes[row, column].tick_params(
            labelbottom=not sharex or row == shape[0] - 1, labelleft=not sharey or column == 0
        )
    return axes
