"""The ways that optimizers take from one start on surfaces of two parameters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skdeep._typing import Self
from skdeep.inspection._display import Display
from skdeep.inspection._plotting import distinct_colours, draw_contours
from skdeep.inspection._types import ManyAxes
from skdeep.inspection.surfaces import SURFACES
from skdeep.optimizers import OPTIMIZERS, Optimizer
from skdeep.training.groups import Group

_SHARES = {"sgd": 1.0, "momentum": 0.5, "nesterov": 0.5, "line_search": 0.1}
_RATES = {"adagrad": 0.5, "adadelta": 10.0, "lion": 0.05}
_OTHER_RATE = 0.1


class SurfaceObjective:
    """A surface as optimizers see an objective.

    Parameters
    ----------
    surface : Surface
    start : sequence of float
    """

    has_fused_update = False

    def __init__(self, surface, start):
        self.surface = surface
        self.parameters = np.array(start, dtype=np.float64)
        self.weights = self.parameters
        self.gradient = np.zeros(2)
        self.scratch = np.zeros(2)
        whole = Group(0, 2, n_decaying=2, is_penalised=True, rate=1.0, decay=1.0)
        whole.bind(self.parameters, self.gradient)
        self.groups = [whole]
        self.decay_share = 1.0

    def evaluate(self):
        """Return the height and fill ``gradient``."""
        self.gradient[...] = self.surface.gradient(*self.parameters)
        return self.value()

    def value(self):
        """Return the height."""
        return float(self.surface.value(*self.parameters))


def walk(optimizer, surface, start, rate, n_steps):
    """Return the points of an optimizer's way, the start included."""
    objective = SurfaceObjective(surface, start)
    state = optimizer.start(objective.parameters)
    points = np.empty((n_steps + 1, 2))
    points[0] = objective.parameters
    with np.errstate(all="ignore"):  # a rate too high leads far away
        for t in range(1, n_steps + 1):
            optimizer.step(objective, state, rate)
            points[t] = objective.parameters
    return points


def _stochastic():
    return [name for name, cls in OPTIMIZERS.items() if not cls.full_batch]


def _surface(name):
    if name not in SURFACES:
        raise ValueError(f"Unknown surface {name!r}; known are {', '.join(sorted(SURFACES))}.")
    return SURFACES[name]


def _optimizers(given):
    """Return validated optimizers under their labels."""
    values = _stochastic() if given is None else given
    chosen = {str(value): OPTIMIZERS.resolve(value) for value in values}
    for label, optimizer in chosen.items():
        if optimizer.full_batch:
            raise ValueError(
                f"optimizers: {label} works on all data at once and has no path step by step; "
                f"known are {', '.join(_stochastic())}."
            )
    return chosen


def _rate(label, surface, learning_rate):
    """Return the learning rate of an optimizer on a surface."""
    if isinstance(learning_rate, dict) and label in learning_rate:
        return float(learning_rate[label])
    if learning_rate is not None and not isinstance(learning_rate, dict):
        return float(learning_rate)
    if label in _SHARES:
        return _SHARES[label] * surface.rate
    return _RATES.get(label, _OTHER_RATE)


class OptimizerPathDisplay(Display):
    r"""The ways of optimizers from one start on a surface of two parameters.

    The surfaces, f(x, y):

    - "gentle_slope": :math:`(x^2 + 2 y^2) / 20`. Plain descent creeps, momentum gathers speed.
    - "ravine": :math:`x^2 / 100 + y^2`. Plain descent zigzags between the walls and creeps along
      the floor.
    - "saddle_point": :math:`x^2/2 - y^2/2 + y^4/4`, with minima at y = -1 and 1. From a start
      almost on the ridge plain descent stays at the saddle point for long; optimizers that scale
      each parameter's step do not.
    - "plateau": :math:`1 - \exp(-(x^2 + y^2)/2)`. Far from the minimum the gradient vanishes.
    - "several_minima": :math:`(x^4 - 16 x^2 + 5 x + y^4 - 16 y^2 + 5 y) / 2` (Styblinski and Tang,
      1990), with four minima, the lowest at x = y = -2.9. Momentum may carry beyond the nearest.

    Parameters
    ----------
    surface : str
        The surface's name.
    paths : dict of str to ndarray of shape (n_steps + 1, 2)
        The points of every optimizer, the start first.
    heights : dict of str to ndarray of shape (n_steps + 1,)
        The surface there.
    learning_rates : dict of str to float
        The optimizers' learning rates.

    Attributes
    ----------
    ax_, axes_ : ndarray of Axes
        The map, and the heights by step.
    figure_ : Figure
    surface_ : QuadContourSet
    lines_ : dict of str to Line2D
        The paths on the map.
    height_lines_ : dict of str to Line2D

    Examples
    --------
    >>> from skdeep.inspection import OptimizerPathDisplay
    >>> display = OptimizerPathDisplay.from_surface("saddle_point", ["sgd", "adam"], n_steps=60)
    >>> bool(display.heights["sgd"][-1] > -0.01 > display.heights["adam"][-1])
    True
    """

    def __init__(
        self,
        surface: str,
        paths: dict[str, np.ndarray],
        heights: dict[str, np.ndarray],
        learning_rates: dict[str, float],
    ) -> None:
        self.surface = surface
        self.paths = paths
        self.heights = heights
        self.learning_rates = learning_rates

    @classmethod
    def from_surface(
        cls,
        surface: str = "ravine",
        optimizers: Sequence[str | Optimizer] | None = None,
        *,
        learning_rate: float | dict[str, float] | None = None,
        start: Sequence[float] | None = None,
        n_steps: int = 100,
        ax: ManyAxes = None,
        draw: bool = True,
    ) -> Self:
        """Let optimizers run, and draw their ways.

        Parameters
        ----------
        surface : str, default="ravine"
            "gentle_slope", "ravine", "saddle_point", "plateau" or "several_minima".
        optimizers : list of str or Optimizer, default=None
            Names or objects. None takes all that have a name and go step by step.
        learning_rate : float, dict or None, default=None
            One rate for all optimizers, or a dict of rates by their names (by its repr, for an
            object). Without a rate, "sgd" has one that is made for the surface (0.1, 0.95, 0.1,
            0.25 and 0.01 in the order above), "momentum" and "nesterov" have half of it, and
            "line_search" tries rates around a tenth of it. "adagrad" has 0.5, "adadelta" 10, "lion"
            0.05 and any other 0.1.
        start : pair of float or None, default=None
            Where to begin. None means a point that suits the surface.
        n_steps : int >= 1, default=100
            The number of updates.
        ax : Axes, array-like of Axes or None, default=None
            Where to draw, as in ``plot``.
        draw : bool, default=True
            Whether to draw; False only computes, and ``plot`` draws later.

        Returns
        -------
        OptimizerPathDisplay

        Raises
        ------
        ValueError
            If a name is unknown, or an optimizer does not go step by step.
        """
        cls._check_drawing(draw, ax)
        if n_steps < 1:
            raise ValueError(f"n_steps must be at least 1, got {n_steps!r}.")
        chosen, place = _optimizers(optimizers), _surface(surface)
        start = place.start if start is None else start
        rates = {label: _rate(label, place, learning_rate) for label in chosen}
        paths = {
            label: walk(optimizer, place, start, rates[label], n_steps)
            for label, optimizer in chosen.items()
        }
        with np.errstate(all="ignore"):
            heights = {label: place.value(*path.T) for label, path in paths.items()}
        return cls(surface, paths, heights, rates)._drawn(draw, ax)

    def plot(self, ax: ManyAxes = None) -> Self:
        """Draw the map with all paths, and the heights by step.

        Parameters
        ----------
        ax : Axes, array-like of two Axes or None, default=None
            Two axes, or one whose place they take. None makes a new figure.

        Returns
        -------
        self : OptimizerPathDisplay

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        self._keep_panels(self._many_axes(ax, (1, 2), (5.6, 4.6))[0])
        self.lines_, self.height_lines_ = {}, {}
        self._draw_map(self.axes_[0])
        for (label, path), style in zip(self.paths.items(), _styles(len(self.paths)), strict=True):
            (self.lines_[label],) = self.axes_[0].plot(*path.T, linewidth=1.5, **style)
            self.axes_[0].plot(*path[-1], "o", color=style["color"], markeredgecolor="black")
            (self.height_lines_[label],) = self.axes_[1].plot(
                self.heights[label],
                label=f"{label}, rate {self.learning_rates[label]:.3g}",
                **style,
            )
        self.axes_[0].plot(*path[0], "k*", markersize=12)
        self._finish(self.axes_[1])
        return self

    def _draw_map(self, ax):
        surface = _surface(self.surface)
        left, right, bottom, top = surface.window
        x, y = np.linspace(left, right, 150), np.linspace(bottom, top, 150)
        self.surface_ = draw_contours(ax, x, y, surface.value(*np.meshgrid(x, y)))
        low, high = self.surface_.get_clim()
        self.surface_.set(cmap="Greys", clim=(low, 2 * high - low))  # light, behind the colours
        ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="x", ylabel="y")
        ax.set_title(f"{self.surface.replace('_', ' ')}: {surface.formula}", fontsize="medium")

    def _finish(self, ax):
        """Show the heights on the map's scale, whatever runs away."""
        low = min(np.nanmin(heights) for heights in self.heights.values())
        high = max(heights[0] for heights in self.heights.values())
        margin = 0.05 * (high - low)
        ax.set(xlabel="step", ylabel="f(x, y)", ylim=(low - margin, high + 3 * margin))
        ax.set_title("height by step", fontsize="medium")
        ax.grid(alpha=0.3)
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize="small")


def _styles(n):
    """Yield a colour each, and dashes for every second line: some lie upon each other."""
    for i, colour in enumerate(distinct_colours(n)):
        yield {"color": colour, "linestyle": ("-", "--")[i % 2]}
