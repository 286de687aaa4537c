"""What each ingredient of the tabular estimators is worth: without it, how much worse, how fast.

    python benchmarks/accuracy_ablations.py DIR [--rows 4000] [--seeds 0 1 2] [--output FILE]

Each variant is fitted on the same rows as the whole recipe and compared with it table by table, by
the Brier score (1 - R2 for regression), which scatters least, by error and by log loss. Tables are
those of ``accuracy.py``; of larger ones every seed draws so many rows to train on.
"""

import argparse
import warnings
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import process_time
from unittest.mock import patch

import numpy as np
from accuracy_data import load
from threadpoolctl import threadpool_limits

from skdeep import TabularMLPClassifier, TabularMLPRegressor
from skdeep.estimators.tabular import base, classifier, members, selection, training
from skdeep.preprocessing import piecewise, summaries

LEAST = 1e-7
MOST_TO_TEST = 6000


def last_end(predictions, targets, weights=None):
    """Take every network as it was at the end of its training."""
    return np.eye(len(predictions))[-1]


def one_split(*args):
    """Hold out the same rows from all networks."""
    return folds(*args[:-1], 1) * args[-1]


folds = base.folds


def quantile_edges(known, n_bins):
    """Return quantiles as the edges, whatever values repeat."""
    return np.unique(np.quantile(known, np.linspace(0, 1, n_bins + 1)))


def one_kind(in_pieces):
    """Let all networks look at positions, or none."""

    def member(recipe, number, seed):
        turned = number - number % 2 + in_pieces
        return training.Recipe.original(replace(recipe), turned, seed)

    return patch.object(training.Recipe, "member", member)


training.Recipe.original = training.Recipe.member


def both(name, value):
    """Patch an attribute of both estimators."""
    return [
        lambda: patch.object(TabularMLPClassifier, name, value),
        lambda: patch.object(TabularMLPRegressor, name, value),
    ]


VARIANTS = {
    "the whole recipe": ({}, []),
    "another seed": ({}, []),
    "1 network": ({"n_networks": 1}, []),
    "2 networks": ({"n_networks": 2}, []),
    "8 networks": ({"n_networks": 8}, []),
    "half the steps": ({"effort": 0.5}, []),
    "twice the steps": ({"effort": 2.0}, []),
    "one held-out part for all": ({}, [lambda: patch.object(base, "folds", one_split)]),
    "only the last end of each": (
        {},
        [lambda: patch.object(selection, "greedy_weights", last_end)],
    ),
    "networks weighed alike": ({}, both("_risk_power", 0)),
    "plain networks only": ({}, [lambda: one_kind(False)]),
    "piecewise networks only": ({}, [lambda: one_kind(True)]),
    "edges at quantiles only": ({}, [lambda: patch.object(piecewise, "edges_of", quantile_edges)]),
    "numbers by size only": (
        {},
        [lambda: patch.object(summaries.Summary, "repeats", False)],
    ),
    "16 bins for 32": ({}, [lambda: patch.object(base, "N_BINS", 16)]),
    "without learnt scales": ({}, [lambda: patch.object(training, "_SCALE_RATE", 0.0)]),
    "with dropout": ({"dropout": 0.15}, []),
    "with dropout, not fading": (
        {"dropout": 0.15},
        [lambda: patch.object(members.Fade, "begin_epoch", lambda *_: None)],
    ),
    "with decay": ({"weight_decay": 0.02}, []),
    "without label smoothing": ({"label_smoothing": 0.0}, []),
    "without calibration": (
        {},
        [lambda: patch.object(classifier, "best_exponent", lambda *_: 1.0)],
    ),
    "relu for silu": ({"activation": "relu"}, []),
    "128 units everywhere": ({"hidden_layer_sizes": (128,) * 3}, []),
}


def some(rows, most, seed):
    """Return at most so many rows."""
    return np.random.default_rng(seed).permutation(rows)[:most] if len(rows) > most else rows


def fitted_scores(table, seed, params, patches):
    """Return Brier score or 1 - R2, error, log loss (nan for regression) and the CPU seconds."""
    kind = {"classification": TabularMLPClassifier, "regression": TabularMLPRegressor}[table.kind]
    if table.kind == "regression":
        params = {name: value for name, value in params.items() if name != "label_smoothing"}
    model = kind(categorical_features=table.categorical, random_state=seed, **params)
    (X, y), (X_test, y_test) = table.rows("train"), table.rows("test")
    with ExitStack() as stack:
        for enter in patches:
            stack.enter_context(enter())
        start = process_time()
        model.fit(X, y)
        seconds = process_time() - start
        if table.kind == "regression":
            risk = 1 - model.score(X_test, y_test)
            return risk, risk, np.nan, seconds
        chances = np.maximum(model.predict_proba(X_test), LEAST)
    truth = np.searchsorted(model.classes_, y_test)
    brier = ((chances - np.eye(len(model.classes_))[truth]) ** 2).sum(axis=1).mean()
    log_loss = -np.log(chances[np.arange(len(truth)), truth]).mean()
    return brier, np.mean(chances.argmax(axis=1) != truth), log_loss, seconds


def measured(tables, rows, seeds, variants):
    """Return the scores, as of ``fitted_scores``, by variant and (table, seed)."""
    scores = {}
    for table in tables:
        for seed in seeds:
            part = replace(
                table,
                train=some(table.train, rows, seed),
                test=some(table.test, MOST_TO_TEST, seed),
            )
            for name in variants:
                params, patches = VARIANTS[name]
                own_seed = seed + 1000 * (name == "another seed")
                found = fitted_scores(part, own_seed, params, patches)
                scores.setdefault(name, {})[table.name, seed] = found
        print(table.name, flush=True)
    return scores


def text(scores):
    """Return changes against the whole recipe, means and standard errors over the tables."""
    heads = f"{'Brier or 1 - R2':>18}{'better/worse':>14}{'error':>18}{'log loss':>18}{'CPU':>7}"
    lines = [" " * 27 + heads]
    whole = of_tables(scores["the whole recipe"])
    for name, runs in scores.items():
        risks, errors, log_losses, cpu = (of_tables(runs) - whole).T
        log_losses = log_losses[~np.isnan(log_losses)]
        counts = f"{(risks < 0).sum()}/{(risks > 0).sum()}"
        cells = f"{change(risks):>18}{counts:>14}{change(errors):>18}{change(log_losses):>18}"
        lines.append(f"{name:27}{cells}{np.exp(cpu.mean()):7.2f}")
    return "\n".join(lines)


def of_tables(runs):
    """Return logarithms of the scores, averaged over seeds; a row for each table."""
    floor = [1e-4, 5e-4, 0, 0]  # an error less among a few thousand rows is chance
    names = sorted({name for name, _ in runs})
    return np.array(
        [
            np.mean([np.log(np.add(run, floor)) for key, run in runs.items() if key[0] == name], 0)
            for name in names
        ]
    )


def change(ratios):
    """Return a mean relative change and its standard error, in words."""
    error = np.std(ratios, ddof=1) / np.sqrt(len(ratios))
    return f"{100 * np.mean(ratios):+.1f} % +- {100 * error:.1f}"


def main():
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--variants", nargs="+", choices=list(VARIANTS)[1:], metavar="NAME")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    tables = load(options.directory)
    variants = ["the whole recipe", *(options.variants or list(VARIANTS)[1:])]
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = text(measured(tables, options.rows, options.seeds, variants))
    report = (
        f"{len(tables)} tables ({', '.join(table.name for table in tables)}), at most "
        f"{options.rows} rows to train on, seeds {options.seeds}, one thread; change of the mean "
        f"and its standard error over the tables\n\n{report}\n"
    )
    print(report)
    if options.output:
        options.output.write_text(report)


if __name__ == "__main__":
    main()
