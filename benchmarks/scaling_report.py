"""Tables and the picture of how cost grows."""

from report import table

KINDS = ("time", "memory")


def tables(document):
    """Return all points, and the exponents beside those of the arithmetic."""
    parts = [_points(name, points) for name, points in document["sweeps"].items()]
    return "\n".join([*parts, _exponents(document["summary"]), _bound(document["sweeps"])])


def _points(name, points):
    # memory in KiB, by arithmetic but for the peak and the rest
    heads = [
        "ms",
        "GEMMs ms",
        "over GEMMs",
        "peak KiB",
        "parameters",
        "batch",
        "rows",
        "rest",
        "of bound",
    ]
    rows = [
        (
            f"{point['value']}",
            [
                1e3 * point["epoch_seconds"],
                1e3 * point["products_seconds"],
                point["epoch_seconds"] / point["products_seconds"],
                *(point[key] / 1024 for key in ("peak_bytes", "parameter_bytes")),
                *(point[key] / 1024 for key in ("batch_bytes", "row_bytes")),
                (point["peak_bytes"] - point["bytes"]) / 1024,
                point["peak_bytes"] / point["bound_bytes"],
            ],
        )
        for point in points
    ]
    return table(f"an epoch, as {name} grows", heads, rows, width=14)


def _exponents(summary):
    rows = [
        (
            f"{kind} over {row['what']}",
            [
                f"{row[kind]['exponent']:.2f}",
                f"{row[kind]['expected'] + 0.0:.2f}",
                f"{row[kind]['products']:.2f}" if "products" in row[kind] else None,
                "FASTER" if row[kind]["faster"] else "as it should",
            ],
        )
        for kind in KINDS
        for row in summary
    ]
    title = "exponents over the upper half, and those of the arithmetic over the same sizes"
    return table(title, ["measured", "arithmetic", "bare GEMMs", ""], rows, width=14)


def _bound(sweeps):
    points = [point for points in sweeps.values() for point in points]
    with_rows = sum(point["peak_bytes"] <= point["bound_bytes"] for point in points)
    strict = sum(
        point["peak_bytes"] <= point["bound_bytes"] - point["row_bytes"] for point in points
    )
    return (
        f"\nThe peak is within six times the parameters and two batches in {strict} of "
        f"{len(points)} sizes;\nwith 16 bytes a row for order and labels in {with_rows}."
    )


def draw(document, path):
    """Draw time and memory over everything that grows, with lines as steep as the arithmetic."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print("matplotlib is not installed: no plot.")
        return
    sweeps = document["sweeps"]
    figure = Figure(figsize=(3.1 * len(sweeps), 6.4), layout="constrained")
    axes = figure.subplots(2, len(sweeps), sharey="row")
    for column, row in zip(axes.T, document["summary"], strict=True):
        points = sweeps[row["what"]]
        _panel(column[0], points, row["time"], "epoch_seconds", "multiplications", 1)
        _panel(column[1], points, row["memory"], "peak_bytes", "bytes", 2**20)
        column[1].set_xlabel(row["what"])
    axes[0, 0].set_ylabel("seconds an epoch")
    axes[1, 0].set_ylabel("peak of a fit beyond X and y, MiB")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    machine = document["machine"]
    figure.suptitle(f"skdeep {machine['versions']['skdeep']} on {machine['cpu']}")
    figure.savefig(path, dpi=130)


def _panel(ax, points, fitted, cost, arithmetic, unit):
    """Draw the measured points, and the arithmetic through the largest one."""
    values = [point["value"] for point in points]
    costs = [point[cost] / unit for point in points]
    scale = costs[-1] / points[-1][arithmetic]
    ax.loglog(values, costs, "o-", color="C3", label="measured")
    expected = [scale * point[arithmetic] for point in points]
    ax.loglog(values, expected, "--", color="0.4", label="arithmetic, through the largest size")
    ax.xaxis.set_minor_formatter("")
    ax.set_title(f"exponent {fitted['exponent']:.2f} (expected {fitted['expected']:.2f})", size=9)
    ax.grid(True, alpha=0.3)
