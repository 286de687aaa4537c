"""What the pictures share: axes with a logarithmic scale, and marks of failed fits."""


class LogScalePicture:
    """Mixin of estimators whose ``plot`` keeps ``ax_`` and ``figure_``."""

    _pictures = ("ax_", "figure_")

    def __getstate__(self):
        # a picture is no part of the result, and would make the pickle large
        state = super().__getstate__()
        return {name: value for name, value in state.items() if name not in self._pictures}

    def _start_picture(self, ax, xlabel, ylabel):
        self.ax_ = new_axes(type(self).__name__) if ax is None else ax
        self.figure_ = self.ax_.figure
        self.ax_.set(xscale="log", xlabel=xlabel, ylabel=ylabel)
        return self.ax_


def new_axes(owner):
    """Return the axes of a new figure."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            f'{owner}.plot needs matplotlib; install it with: pip install "skdeep[plot]".'
        ) from error
    return plt.subplots(layout="constrained")[1]


def mark_failures(ax, values):
    """Mark the values without a result at the lower edge of the axes."""
    if len(values):
        edge = [0.03] * len(values)
        style = {"linestyle": "", "marker": "x", "color": "tab:red", "label": "failed"}
        ax.plot(values, edge, transform=ax.get_xaxis_transform(), **style)
