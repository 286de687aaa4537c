"""The picture of a run."""

from matplotlib.figure import Figure
from targets import FLOOR

STYLES = {
    "skdeep": ("skdeep, numba", "C3", "o"),
    "skdeep-numpy": ("skdeep, numpy", "C1", "o"),
    "sklearn": ("scikit-learn", "C0", "s"),
    "torch": ("torch, own loop", "C2", "^"),
    "skorch": ("skorch", "C4", "v"),
}


def draw(results, machine, path):
    """Draw training beside its floor, prediction and losses, a row for each case."""
    n_threads = len(results.thread_counts)
    n_rows, n_columns = (2, 2) if n_threads == 2 else (1, n_threads + 2)
    size = 6.2 * n_columns, (1.6 + 0.42 * len(results.cases)) * n_rows
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(n_rows, n_columns, sharey=True, squeeze=False).ravel()
    for ax, threads in zip(axes, results.thread_counts, strict=False):
        _training(ax, results, threads)
    first = results.thread_counts[0]
    _panel(
        axes[n_threads],
        results,
        lambda case, name: results.typical(case, first, name, "proba_us"),
        "predict_proba of one row, microseconds",
    )
    _panel(axes[n_threads + 1], results, results.loss, "log loss on the training data")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    figure.suptitle(_title(machine, len({run["round"] for run in results.document["runs"]})))
    figure.savefig(path, dpi=130)


def _title(machine, n_rounds):
    versions = machine["versions"]
    names = [name for name in ("skdeep", "scikit-learn", "torch", "numba") if name in versions]
    described = ", ".join(f"{name} {versions[name].partition('+')[0]}" for name in names)
    rounds = f"{n_rounds} round{'s' * (n_rounds > 1)}"
    return f"{machine['cpu']}, {machine['cores']} cores; {described}; medians of {rounds}"


def _training(ax, results, threads):
    label = f"time of a training step / its bare GEMMs, {threads} thread{'s' * (threads > 1)}"
    _panel(
        ax,
        results,
        lambda case, name: results.ratio(case, threads, name, "gemms"),
        label,
        log=True,
    )
    ax.axvline(1, color="black", linewidth=1)
    bounds = [(FLOOR[case.key], i) for i, case in enumerate(results.cases) if case.key in FLOOR]
    if bounds:
        ax.plot(*zip(*bounds, strict=True), "k|", markersize=14, label="target for skdeep")


def _panel(ax, results, value, label, log=False):
    """Draw a point for every case and contestant."""
    for name, (title, color, marker) in STYLES.items():
        points = [(value(case.key, name), i) for i, case in enumerate(results.cases)]
        points = [point for point in points if point[0]]
        if points:
            ax.plot(*zip(*points, strict=True), marker, color=color, label=title, alpha=0.85)
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_minor_formatter("")
    else:
        ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_yticks(range(len(results.cases)), [case.label for case in results.cases])
    ax.set_ylim(len(results.cases) - 0.5, -0.5)
    ax.set_xlabel(label)
    ax.grid(True, alpha=0.3)
