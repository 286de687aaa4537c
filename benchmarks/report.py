"""The tables on the terminal, and files of results."""

import json

from results import ensemble_summary

ORDER = ["gemms", "skdeep", "skdeep-numpy", "sklearn", "torch", "skorch"]
SHORT = {
    "gemms": "GEMMs",
    "skdeep": "skdeep",
    "skdeep-numpy": "numpy",
    "sklearn": "sklearn",
    "torch": "torch",
    "skorch": "skorch",
}
RATIOS = [
    ("skdeep", "gemms"),
    ("skdeep-numpy", "gemms"),
    ("sklearn", "skdeep"),
    ("sklearn", "skdeep-numpy"),
    ("torch", "skdeep"),
    ("skorch", "skdeep"),
]
PREDICTIONS = [
    ("predict_us", "predict one row, microseconds"),
    ("proba_us", "predict_proba of one row, microseconds"),
    ("rows_per_second", "predict many rows, rows a second"),
]


def table(title, heads, rows, width=9):
    """Return a table as text; the first column is wide, None is a dash."""
    lines = ["", title, " " * 34 + "".join(f"{head:>{width}}" for head in heads)]
    for name, values in rows:
        cells = "".join(f"{_number(value):>{width}}" for value in values)
        lines.append(f"{name:34}{cells}")
    return "\n".join(lines)


def write_results(folder, name, document, text):
    """Write results as ``name.json``, for programs, and as ``name.txt``, for people."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n")
    (folder / f"{name}.txt").write_text(text.lstrip() + "\n")


def _number(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def tables(results):
    """Return everything that a person reads."""
    parts = []
    for threads in results.thread_counts:
        parts += _training(results, threads)
    parts.append(_losses(results))
    for threads in results.thread_counts:
        parts += _prediction(results, threads)
    disturbance = results.disturbance()
    if disturbance is not None:
        parts.append(f"\nOf the time of fits with one thread, {disturbance:.0%} went to others.")
    return "\n".join(parts)


def _plural(threads):
    return f"{threads} thread{'s' * (threads > 1)}"


def _training(results, threads):
    title = f"training with {_plural(threads)}: microseconds a step (medians)"
    rows = [
        (case.label, [results.typical(case.key, threads, name) for name in ORDER])
        for case in results.cases
    ]
    yield table(title, [SHORT[name] for name in ORDER], rows)
    title = f"training with {_plural(threads)}: ratios (medians of the rounds' ratios)"
    heads = [f"{SHORT[above]}/{SHORT[below]}" for above, below in RATIOS]
    rows = [
        (case.label, [results.ratio(case.key, threads, *pair) for pair in RATIOS])
        for case in results.cases
    ]
    yield table(title, heads, rows, width=15)


def _losses(results):
    names = [name for name in ORDER if name != "gemms"]
    rows = [
        (
            case.label,
            [case.epochs, *(results.loss(case.key, name) for name in names)],
        )
        for case in results.cases
    ]
    return table(
        "log loss on the training data", ["epochs", *(SHORT[name] for name in names)], rows
    )


def _prediction(results, threads):
    names = ["skdeep", "sklearn", "torch", "skorch"]
    for what, title in PREDICTIONS:
        rows = [
            (case.label, [results.typical(case.key, threads, name, what) for name in names])
            for case in results.cases
        ]
        heads = [SHORT[name] for name in names]
        yield table(f"{title}, {_plural(threads)}", heads, rows, width=12)


def ensembles(runs):
    """Return the table of search and bagging."""
    rows = [
        (
            f"{row['task']}, n_jobs={row['n_jobs']}",
            [
                row["skdeep_seconds"],
                row["sklearn_seconds"],
                row["ratio"],
                row["skdeep_accuracy"],
                row["sklearn_accuracy"],
            ],
        )
        for row in ensemble_summary(runs)
    ]
    heads = ["skdeep", "sklearn", "sklearn/skdeep", "skdeep", "sklearn"]
    title = "search and bagging on digits: seconds, ratio, accuracy on test rows"
    return table(title, heads, rows, width=15)


def targets(checked):
    """Return the section "against the targets"."""
    rows = [
        (
            target.what,
            [
                target.case,
                str(target.threads),
                f"{target.ratio:.2f}",
                f"{'<=' if target.at_most else '>='} {target.bound:g}",
                "met" if target.met else "NOT MET",
            ],
        )
        for target in sorted(checked, key=lambda target: (target.threads, target.what))
    ]
    n_met = sum(target.met for target in checked)
    title = f"against the targets: {n_met} of {len(checked)} met"
    return table(title, ["case", "threads", "ratio", "target", ""], rows, width=16)
