"""The report on accuracy: tables on the terminal, and a picture.

python benchmarks/accuracy_report.py ours.json peers.json --picture accuracy.png
"""

import argparse
import json
from pathlib import Path

from accuracy_peers import ALL
from accuracy_results import Results, geometric_mean
from report import table

LABELS = {kind.key: kind.label for kind in ALL}
STAND_INS = {kind.key: kind.stands_in for kind in ALL if kind.stands_in}
SHORT = {
    "tabular": "tabular",
    "mlp": "mlp",
    "mlp-scaled": "mlp, y",
    "sklearn-mlp": "sk-mlp",
    "sklearn-mlp-scaled": "sk-mlp, y",
    "hgb": "HGB",
    "forest": "forest",
    "lightgbm": "LightGBM",
    "catboost": "CatBoost",
    "realmlp": "RealMLP",
    "tabm": "TabM",
}
MAIN = {"classification": "error", "regression": "r2"}
DETAILS = {"classification": ["log_loss", "brier"], "regression": ["mae", "rmse"]}
TITLES = {
    "error": "test error in %",
    "r2": "R2",
    "log_loss": "log loss",
    "brier": "Brier score, summed over the classes",
    "mae": "mean absolute error",
    "rmse": "root of the mean square error",
    "cpu_seconds": "CPU seconds of a fit",
}


def add_options(parser):
    """Add the options of the report."""
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of a fit (default 1)")
    parser.add_argument(
        "--ours", choices=list(LABELS), default="tabular", metavar="KEY", help="who is compared"
    )
    parser.add_argument("--details", action="store_true", help="tables of the other scores, too")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="errors against CPU time")


def ordered(results):
    """Return the keys of those who were measured."""
    return [kind.key for kind in ALL if kind.key in results.contestants]


def written(value, what):
    """Return a number as the tables show it; None is a dash."""
    if value is None:
        return None
    return {"error": f"{100 * value:.2f}", "r2": f"{value:.4f}"}.get(what, f"{value:.3g}")


def of_tables(results, kind, what):
    """Return a row for every table, a column for every contestant."""
    keys = [key for key in ordered(results) if results.common(key)]
    rows = []
    for name in results.of_kind(kind):
        n_train, n_test = results.tables[name]["rows"]
        label = f"{name} ({n_train:,} / {n_test:,})"
        rows.append((label, [written(results.typical(name, key, what), what) for key in keys]))
    title = f"{TITLES[what]} (medians over the seeds)"
    return table(title, [SHORT[key] for key in keys], rows, width=10)


def versus(results, ours):
    """Return how one contestant compares with each peer."""
    rows = []
    for key in ordered(results):
        compared = results.compare(ours, key) if key != ours else None
        if compared is None:
            continue
        interval = f"{compared.low:.3f}..{compared.high:.3f}"
        cells = [len(compared.ratios), f"{compared.mean:.3f}", interval, f"{compared.clipped:.3f}"]
        cells += [compared.wins, *beside(results, ours, key)]
        cells.append(f"{1 / geometric_mean(compared.cpu):.3g}")
        rows.append((LABELS[key], cells))
    heads = ["tables", "ratio", "95 %", "clipped", "won-tied-lost", "log loss", "MAE", "their CPU"]
    title = (
        f"{LABELS[ours]} against its peers: error or 1 - R2 as a ratio (geometric mean over "
        "tables; below 1: lower than theirs),\n"
        "clipped to 1/2..2 on each table, log loss and MAE likewise; their CPU time over ours"
    )
    return table(title, heads, rows, width=14)


def beside(results, ours, peer):
    """Return the ratios of the log loss and of the mean absolute error."""
    for what in ("log_loss", "mae"):
        ratios = results.ratios(ours, peer, what)
        yield f"{geometric_mean(ratios):.3f}" if len(ratios) else None


def complete(results):
    """Return those who know all tables."""
    keys, n_tables = ordered(results), len(results.tables)
    return [key for key in keys if len(results.common(key)) == n_tables]


def standings(results):
    """Return the table of ranks."""
    n_tables, places = results.standings(complete(results))
    rows = []
    for key, place in sorted(places.items(), key=lambda item: item[1]["rank"]):
        spread = results.spread(key)
        cells = [f"{place['rank']:.2f}", f"{place['first']:.0f}", f"{place['excess']:.1%}"]
        cells += [f"{place['cpu_seconds']:.2f}", str(results.seeds(key))]
        cells.append(None if spread is None else f"{spread:.1%}")
        rows.append((LABELS[key], cells))
    title = (
        f"standings over the {n_tables} tables that all of these know: mean rank, first places, "
        "error above the best\n(of the best, at most 100 %), CPU seconds (geometric mean), "
        "seeds, range over seeds (median of tables)"
    )
    return table(title, ["rank", "first", "excess", "CPU s", "seeds", "range"], rows)


def text(results, ours, details=False):
    """Return the whole report."""
    parts = []
    for kind, what in MAIN.items():
        if results.of_kind(kind):
            scores = [what, *DETAILS[kind] * details, "cpu_seconds"]
            parts += [of_tables(results, kind, score) for score in scores]
    parts.append(standings(results))
    if ours not in results.contestants:
        parts.append(f"\n{LABELS[ours]} was not measured; --ours KEY compares another.")
    elif len(results.contestants) > 1:
        parts.append(versus(results, ours))
    return "\n".join(parts)


def show(runs, options):
    """Print the report, and draw the picture that is asked for."""
    runs = [run for run in runs if run["threads"] == options.threads]
    if not runs:
        print(f"Nothing was measured with --threads {options.threads}.")
        return
    results = Results(runs, STAND_INS)
    print(text(results, options.ours, options.details))
    if options.picture:
        from accuracy_plot import draw

        draw(results, complete(results), LABELS, options.picture)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    add_options(parser)
    options = parser.parse_args()
    documents = [json.loads(path.read_text()) for path in options.files]
    show([run for document in documents for run in document["runs"]], options)


if __name__ == "__main__":
    main()
