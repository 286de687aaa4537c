"""What all displays draw with: figures, axes that callers bring, and colours."""

import numpy as np


def import_pyplot(caller):
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
            f'{caller} needs matplotlib; install it with: pip install "skdeep[plot]"'
        ) from error
    return plt


def one_axes(caller, ax, size=(6.4, 4.8), **subplot):
    """Return the caller's axes, or those of a new figure."""
    plt = import_pyplot(caller)
    if ax is not None:
        return ax
    _, ax = plt.subplots(figsize=size, layout="constrained", subplot_kw=subplot)
    return ax


def many_axes(caller, ax, shape, size, **sharing):
    """Return an array of axes of a shape (rows, columns).

    Parameters
    ----------
    caller : str
        Who draws, for messages.
    ax : Axes, array-like of Axes or None
        As many axes as there are panels, or one whose place the panels take; None makes a figure.
    shape : tuple of int
    size : tuple of float
        Of a panel, in inches.
    **sharing : dict
        ``sharex`` and ``sharey``, as for a figure's ``subplots``; of no effect on given axes.
    """
    plt = import_pyplot(caller)
    n_rows, n_columns = shape
    if ax is None:
        size = (size[0] * n_columns, size[1] * n_rows)
        figure = plt.figure(figsize=size, layout="constrained")
        return figure.subplots(*shape, squeeze=False, **sharing)
    given = np.array(ax, dtype=object).ravel()
    if given.size == n_rows * n_columns:
        return given.reshape(shape)
    if given.size != 1:
        raise ValueError(
            f"{caller} draws {n_rows} x {n_columns} panels: ax must be one axes, whose place they "
            f"take, or {n_rows * n_columns} of them; got {given.size}."
        )
    place = given[0]
    place.set_axis_off()
    grid = place.get_subplotspec().subgridspec(*shape)
    return grid.subplots(squeeze=False, **sharing)


def grid_shape(n, n_columns):
    """Return (rows, columns) for ``n`` panels in up to ``n_columns`` columns."""
    n_columns = min(n, n_columns)
    return -(-n // n_columns), n_columns


def hide_unused(axes, n):
    """Switch off the axes behind the first ``n``, and return those; the lowest have ticks."""
    n_columns = axes.shape[1]
    axes = axes.ravel()
    for ax in axes[n:]:
        ax.set_axis_off()
    for ax in axes[:n][-n_columns:]:
        ax.tick_params(labelbottom=True)
    return axes[:n]


def distinct_colours(n):
    """Return ``n`` colours that can be told apart."""
    import matplotlib as mpl

    if n <= 10:
        return [mpl.colormaps["tab10"](i) for i in range(n)]
    dark_then_light = [*range(0, 20, 2), *range(1, 20, 2)]
    return [mpl.colormaps["tab20"](dark_then_light[i % 20]) for i in range(n)]


def draw_contours(ax, x, y, values, n_levels=25):
    """Draw filled contours whose levels lie closest near the lowest value."""
    from matplotlib.colors import PowerNorm

    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if high <= low:
        high = low + 1.0  # a flat surface has one colour
    levels = low + (high - low) * np.linspace(0, 1, n_levels) ** 2
    return ax.contourf(x, y, values, levels=levels, norm=PowerNorm(0.5, low, high), cmap="viridis")
