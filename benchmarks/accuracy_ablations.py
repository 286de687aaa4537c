"""What each ingredient of the tabular estimators is worth: without it, how much worse, how fast.

    python benchmarks/accuracy_ablations.py DIR [--rows 6000] [--seeds 0 1] [--output FILE]

Each variant is fitted on the same rows as the whole recipe; errors (1 - R2 for regression) are
compared table by table. Tables are those of ``accuracy.py`` with at most so many training rows.
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
from skdeep.estimators.tabular import base, classifier, members, training

LEAST = 1e-7


def uniform(predictions, targets, weights=None):
    """Weigh the networks at the end of their training alike."""
    chances = np.zeros(len(predictions))
    chances[training.CYCLES - 1 :: training.CYCLES] = 1
    return chances / chances.sum()


def best_one(predictions, targets, weights=None):
    """Take the single candidate with the least squared error."""
    errors = [np.mean((p - targets) ** 2) for p in predictions]
    return np.eye(len(predictions))[int(np.argmin(errors))]


def one_kind(in_pieces):
    """Let all networks look at positions, or none."""

    def member(recipe, number, seed):
        turned = number - number % 2 + in_pieces
        return training.Recipe.original(replace(recipe), turned, seed)

    return patch.object(training.Recipe, "member", member)


training.Recipe.original = training.Recipe.member

VARIANTS = {
    "the whole recipe": ({}, []),
    "1 network": ({"n_networks": 1}, []),
    "2 networks": ({"n_networks": 2}, []),
    "8 networks": ({"n_networks": 8}, []),
    "half the steps": ({"effort": 0.5}, []),
    "twice the steps": ({"effort": 2.0}, []),
    "plain mean of the networks": ({}, [lambda: patch.object(base, "greedy_weights", uniform)]),
    "the best candidate alone": ({}, [lambda: patch.object(base, "greedy_weights", best_one)]),
    "plain networks only": ({}, [lambda: one_kind(False)]),
    "piecewise networks only": ({}, [lambda: one_kind(True)]),
    "without learnt scales": ({}, [lambda: patch.object(training, "_SCALE_RATE", 0.0)]),
    "without fading": ({}, [lambda: patch.object(members.Fade, "begin_epoch", lambda *_: None)]),
    "without dropout": ({"dropout": 0.0}, []),
    "without decay": ({"weight_decay": 0.0}, []),
    "without label smoothing": ({"label_smoothing": 0.0}, []),
    "without calibration": (
        {},
        [lambda: patch.object(classifier, "best_exponent", lambda *_: 1.0)],
    ),
    "relu for silu": ({"activation": "relu"}, []),
    "128 units everywhere": ({"hidden_layer_sizes": (128,) * 3}, []),
}


def fitted_scores(table, seed, params, patches):
    """Return the error, the log loss (nan for regression) and the CPU seconds of a fit."""
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
            return 1 - model.score(X_test, y_test), np.nan, seconds
        chances = np.maximum(model.predict_proba(X_test), LEAST)
    truth = np.searchsorted(model.classes_, y_test)
    log_loss = -np.log(chances[np.arange(len(truth)), truth]).mean()
    return np.mean(chances.argmax(axis=1) != truth), log_loss, seconds


def measured(tables, seeds):
    """Return the mean scores over seeds, (error, log loss, seconds) by variant and table."""
    scores = {}
    for table in tables:
        for name, (params, patches) in VARIANTS.items():
            runs = [fitted_scores(table, seed, params, patches) for seed in seeds]
            scores.setdefault(name, {})[table.name] = np.mean(runs, axis=0)
        print(table.name, flush=True)
    return scores


def text(scores):
    """Return a table: changes against the whole recipe, their standard error over the tables."""
    lines = [f"{'':28}{'error':>18}{'better/worse':>14}{'log loss':>18}{'CPU':>8}"]
    whole = np.array(list(scores["the whole recipe"].values()))
    for name, of_tables in scores.items():
        mine = np.array(list(of_tables.values()))
        ratios = np.log((mine[:, 0] + 5e-4) / (whole[:, 0] + 5e-4))
        log_losses = np.log(mine[:, 1] / whole[:, 1])
        log_losses = log_losses[~np.isnan(log_losses)]
        cpu = np.exp(np.mean(np.log(mine[:, 2] / whole[:, 2])))
        counts = f"{(ratios < 0).sum()}/{(ratios > 0).sum()}"
        lines.append(f"{name:28}{change(ratios):>18}{counts:>14}{change(log_losses):>18}{cpu:8.2f}")
    return "\n".join(lines)


def change(ratios):
    """Return a mean relative change and its standard error, in words."""
    error = np.std(ratios, ddof=1) / np.sqrt(len(ratios))
    return f"{100 * np.mean(ratios):+.1f} % +- {100 * error:.1f}"


def main():
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    tables = [t for t in load(options.directory) if len(t.train) <= options.rows]
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = text(measured(tables, options.seeds))
    names = ", ".join(table.name for table in tables)
    report = f"{len(tables)} tables ({names}), seeds {options.seeds}, one thread\n\n{report}\n"
    print(report)
    if options.output:
        options.output.write_text(report)


if __name__ == "__main__":
    main()
