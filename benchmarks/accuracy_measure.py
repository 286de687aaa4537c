"""One fit on one table: what it costs, and how good the predictions are."""

import gc
import os
import warnings
from time import perf_counter, process_time

import numpy as np
from accuracy_data import SHIPPED, table
from measure import threads
from sklearn import metrics

LEAST_PROBABILITY = 1e-7
WARM_UP = {"classification": "iris", "regression": "diabetes"}


def cpu_seconds():
    """Return the CPU time of this process and of its children that have ended."""
    times = os.times()
    return process_time() + times.children_user + times.children_system


def timed(function, *args):
    """Return what a call returns, its CPU seconds and its wall seconds."""
    gc.collect()
    wall, cpu = perf_counter(), cpu_seconds()
    value = function(*args)
    return value, cpu_seconds() - cpu, perf_counter() - wall


def classification_scores(y, labels, probabilities):
    """Return the error, the log loss and the Brier score (summed over the classes)."""
    given = probabilities[np.arange(len(y)), y]
    hits = np.eye(probabilities.shape[1])[y]
    return {
        "error": float(np.mean(labels != y)),
        "log_loss": float(-np.log(np.clip(given, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)).mean()),
        "brier": float(((probabilities - hits) ** 2).sum(axis=1).mean()),
    }


def regression_scores(y, predictions):
    """Return R2, the mean absolute error and the root of the mean square error."""
    return {
        "r2": float(metrics.r2_score(y, predictions)),
        "mae": float(metrics.mean_absolute_error(y, predictions)),
        "rmse": float(metrics.root_mean_squared_error(y, predictions)),
    }


def score(contestant, data):
    """Return the scores on the test rows, and what predicting costs."""
    X, y = data.rows("test")
    if data.kind == "classification":
        probabilities, cpu, _ = timed(contestant.predict_proba, X, data.classes)
        scores = classification_scores(y, contestant.predict(X), probabilities)
    else:
        predictions, cpu, _ = timed(contestant.predict, X)
        scores = regression_scores(y, predictions)
    return {**scores, "predict_cpu_seconds": cpu}


def measure(kind, data, seed, n_threads):
    """Fit a contestant of a kind and score it; return a run for the JSON file."""
    contestant = kind(data, seed, n_threads)
    with threads(n_threads), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, cpu, wall = timed(contestant.fit, *data.rows("train"))
        scores = score(contestant, data)
    return {
        "table": data.name,
        "kind": data.kind,
        "contestant": kind.key,
        "seed": seed,
        "threads": n_threads,
        "version": kind.version(),
        "rows": [len(data.train), len(data.test)],
        "columns": data.X.shape[1],
        "cpu_seconds": cpu,
        "wall_seconds": wall,
        **scores,
    }


def warm_up(kind, task, n_threads):
    """Fit on a small table, so that neither imports nor compiling are measured."""
    name = WARM_UP[task]
    measure(kind, table(name, *SHIPPED[name]()), 0, n_threads)
