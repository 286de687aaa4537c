"""The picture of accuracy: errors against the CPU time of a fit."""


def draw(results, contestants, labels, path):
    """Draw a point for every contestant: mean excess error, geometric mean of CPU seconds."""
    from matplotlib.figure import Figure

    n_tables, places = results.standings(contestants)
    figure = Figure(figsize=(8, 5.5), layout="constrained")
    ax = figure.subplots()
    for key, place in places.items():
        x, y = place["cpu_seconds"], 100 * place["excess"]
        ours = labels[key].startswith("skdeep")
        ax.plot(x, y, "o", color="C3" if ours else "C0", markersize=9 if ours else 7)
        # beside the point: below or above it, labels of neighbours would overlap
        beside = {"xytext": (9, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate(labels[key], (x, y), fontsize=9, **beside)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("")
    ax.margins(x=0.22, y=0.1)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("CPU seconds of a fit (geometric mean over tables)")
    ax.set_ylabel("error above the table's best, % of the best (at most 100), mean")
    ax.set_title(f"{n_tables} tables; error, or 1 - R2; medians over seeds")
    ax.grid(True, which="both", alpha=0.3)
    figure.savefig(path, dpi=130)
