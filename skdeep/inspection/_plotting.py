"""What pictures have in common: colours, and contours."""

import numpy as np


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
