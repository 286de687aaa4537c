"""The report of a diagnosis: as text, as a table for notebooks, and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import isnan

import numpy as np

from skdeep._typing import Self
from skdeep.estimators.tables import html_table, text_table
from skdeep.inspection._display import Display
from skdeep.inspection._types import ManyAxes
from skdeep.inspection.diagnosis.finding import Finding
from skdeep.inspection.diagnosis.measure import LayerStatistics

_COLUMNS = (
    ("layer", "layer", "d"),
    ("", "name", "s"),
    ("units", "n_units", "d"),
    ("mean", "mean", ".2g"),
    ("spread", "spread", ".2g"),
    ("offset", "offset", ".2f"),
    ("saturated", "saturated", ".0%"),
    ("dead", "dead", ".0%"),
    ("equal", "equal", ".0%"),
    ("gradient", "gradient_norm", ".1e"),
    ("gradient/weights", "gradient_ratio", ".1e"),
    ("unit norm", "unit_norm", ".3g"),
    ("largest weight", "largest_weight", ".3g"),
)
_NOTHING = "Nothing conspicuous."


class Diagnosis(Display):
    """What :func:`skdeep.inspection.diagnose` found; true if there are findings.

    ``print`` shows a table of the layers and the findings, a notebook the same as HTML.

    Parameters
    ----------
    layers : list of LayerStatistics
        One a layer with weights; ``pandas.DataFrame(diagnosis.layers)`` makes a table of them.
    findings : list of Finding
        What is conspicuous, and what to do about it.
    notes : list of str
        What could not be looked at, and why.

    Attributes
    ----------
    ax_, axes_ : ndarray of Axes
        After ``plot``: the outputs, the saturated and dead shares, the gradients.
    figure_ : Figure
        After ``plot``: their figure.
    """

    def __init__(
        self, layers: list[LayerStatistics], findings: list[Finding], notes: list[str]
    ) -> None:
        self.layers = layers
        self.findings = findings
        self.notes = notes

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __repr__(self):
        kinds = ", ".join(found.kind for found in self.findings)
        return f"<Diagnosis of {len(self.layers)} layers: {kinds or 'nothing conspicuous'}>"

    def __str__(self):
        findings = [f"- {found}" for found in self.findings] or [_NOTHING]
        return "\n".join(
            [*text_table(self._cells()), "", *findings, *(f"({note})" for note in self.notes)]
        )

    def _repr_html_(self):
        items = "".join(
            f"<li>{escape(found.message)}: <b>{escape(found.remedy)}</b></li>"
            for found in self.findings
        )
        findings = f"<ul>{items}</ul>" if items else f"<p>{_NOTHING}</p>"
        notes = "".join(f'<p style="color: gray">{escape(note)}</p>' for note in self.notes)
        return f"<div>{html_table(self._cells())}{findings}{notes}</div>"

    def _cells(self):
        """Return the table's head and rows as strings."""
        rows = [
            [_format(getattr(layer, name), form) for _, name, form in _COLUMNS]
            for layer in self.layers
        ]
        return [[title for title, _, _ in _COLUMNS], *rows]

    def plot(self, ax: ManyAxes = None) -> Self:
        """Draw the layers' outputs, saturated and dead shares, and gradients.

        Parameters
        ----------
        ax : Axes, array-like of Axes or None, default=None
            Three axes, or one whose place the panels take. None: a new figure.

        Returns
        -------
        self : Diagnosis

        Raises
        ------
        ImportError
            If matplotlib is missing.
        ValueError
            If ``ax`` holds another number of axes.
        """
        axes = self._many_axes(ax, (1, 3), (4.2, 3.4)).ravel()
        self._keep_panels(axes)
        self._plot_outputs(axes[0])
        self._plot_shares(axes[1])
        self._plot_gradients(axes[2])
        for panel in axes:
            panel.set(xlabel="layer", xticks=self._values("layer"))
            panel.set_xlim(0.5, len(self.layers) + 0.5)
        return self

    def _values(self, name):
        return np.array([getattr(layer, name) for layer in self.layers])

    def _plot_outputs(self, ax):
        mean, spread = self._values("mean"), self._values("spread")
        ax.axhline(0, color="lightgray", zorder=0)
        ax.errorbar(self._values("layer"), mean, spread, fmt="o", capsize=5)
        ax.set(title="outputs: mean and spread")

    def _plot_shares(self, ax):
        layer = self._values("layer")
        for name, shift in (("saturated", -0.2), ("dead", 0.2)):
            ax.bar(layer + shift, 100 * np.nan_to_num(self._values(name)), 0.4, label=name)
        ax.set(title="saturated outputs, dead units", ylabel="%", ylim=(0, 100))
        ax.legend()

    def _plot_gradients(self, ax):
        ratio = self._values("gradient_ratio")
        ax.set(title="gradient norm / weight norm")
        if np.any(ratio > 0):
            ax.plot(self._values("layer"), np.where(ratio > 0, ratio, np.nan), "o-")
            ax.set_yscale("log")
        else:
            why = "not known without y" if np.isnan(ratio).all() else "zero"
            ax.text(0.5, 0.5, why, transform=ax.transAxes, ha="center")


def _format(value, form):
    return "-" if form != "s" and isnan(value) else format(value, form)
