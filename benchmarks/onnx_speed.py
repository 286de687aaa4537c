"""How fast onnxruntime predicts with converted models, beside skdeep itself.

python benchmarks/onnx_speed.py --output DIR
"""

import argparse
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import machine
import numpy as np
import pandas as pd
from measure import threads
from report import table, write_results
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import CNNClassifier, MLPClassifier, MLPRegressor, TabularMLPClassifier
from skdeep.onnx import to_onnx

MANY = 10_000
CLOCKS = {"wall": perf_counter, "cpu": process_time}
BRIEF = {"max_iter": 1, "n_iter_no_change": 1, "random_state": 0}
RNG = np.random.default_rng(0)


def numbers(columns):
    """Return rows of numbers in single precision, and ten classes."""
    return RNG.standard_normal((MANY, columns), np.float32), np.arange(MANY) % 10


def mixed():
    """Return a table of ten columns of numbers, with gaps, and five of strings, and two classes."""
    frame = {f"number{j}": RNG.normal(size=MANY) for j in range(10)}
    frame["number0"][::9] = np.nan
    frame |= {f"text{j}": RNG.choice(list("abcdefgh"), MANY) for j in range(5)}
    return pd.DataFrame(frame), RNG.integers(0, 2, MANY)


def cases():
    """Yield name, fitted estimator, and rows to predict."""
    X, y = numbers(20)
    yield "MLPRegressor, 20-(100,)-1", MLPRegressor((100,), **BRIEF).fit(X, X[:, 0]), X
    X, y = numbers(64)
    yield "MLPClassifier, 64-(100,)-10", MLPClassifier((100,), **BRIEF).fit(X, y), X
    pipeline = make_pipeline(StandardScaler(), MLPClassifier((100,), "gelu", **BRIEF))
    yield "StandardScaler and it, gelu", pipeline.fit(X, y), X
    X, y = numbers(784)
    yield "MLPClassifier, 784-(256, 128)-10", MLPClassifier((256, 128), **BRIEF).fit(X, y), X
    images = {"input_shape": (28, 28), "conv_layers": ((16, 3), (32, 3))}
    network = CNNClassifier((64,), **images, **BRIEF)
    yield "CNNClassifier, 28 x 28, 16 and 32", network.fit(X[:500], y[:500]), X
    X, y = mixed()
    tables = TabularMLPClassifier(effort=0.02, random_state=0)
    yield "TabularMLPClassifier, 10 + 5", tables.fit(X, y), X


def session(model):
    """Return a session of onnxruntime with one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers)


def ours(estimator, rows):
    """Return a function that predicts probabilities, or numbers."""
    if not hasattr(estimator, "predict_proba"):
        return lambda: estimator.predict(rows)
    return lambda: estimator.predict_proba(rows)


def theirs(running, rows):
    """Return a function that asks the session for the same."""
    if isinstance(rows, pd.DataFrame):
        feeds = {
            name: column.to_numpy(object if column.dtype.kind not in "f" else None).reshape(-1, 1)
            for name, column in rows.items()
        }
    else:
        feeds = {"X": rows}
    wanted = [running.get_outputs()[-1].name]
    return lambda: running.run(wanted, feeds)


def agree(first, second):
    """Return the largest difference between two predictions, over the largest number."""
    one, other = np.asarray(first()), np.asarray(second()[0])
    return float(np.abs(one.reshape(other.shape) - other).max() / max(1, np.abs(one).max()))


def microseconds(function, clock, least):
    """Return what a call takes; calls go on for at least so many seconds."""
    function()
    calls, start = 0, clock()
    while (passed := clock() - start) < least:
        function()
        calls += 1
    return 1e6 * passed / calls


def measure(options):
    """Return all numbers of a run: both take turns in every round."""
    clock, runs = CLOCKS[options.clock], []
    for name, estimator, X in cases():
        print(name, flush=True)
        running = session(to_onnx(estimator, X[:1]))
        for n_rows in (1, MANY):
            rows = X[:n_rows]
            players = {"skdeep": ours(estimator, rows), "onnxruntime": theirs(running, rows)}
            difference = agree(*players.values())
            for number in range(options.rounds):
                order = list(players)[:: 1 if number % 2 else -1]
                times = {key: microseconds(players[key], clock, options.seconds) for key in order}
                place = {"case": name, "rows": n_rows, "round": number, "difference": difference}
                runs.append({**place, **times})
    return runs


def tables(runs):
    """Return the tables that a person reads."""
    parts = []
    for n_rows in (1, MANY):
        lines = []
        for name in dict.fromkeys(run["case"] for run in runs):
            own = [run for run in runs if run["case"] == name and run["rows"] == n_rows]
            times = [median(run[key] for run in own) for key in ("skdeep", "onnxruntime")]
            ratio = median(run["skdeep"] / run["onnxruntime"] for run in own)
            lines.append((name, [*times, ratio, f"{own[0]['difference']:.0e}"]))
        title = f"microseconds to predict {n_rows} row{'s' * (n_rows > 1)}, one thread (medians)"
        parts.append(table(title, ["skdeep", "onnxruntime", "ratio", "difference"], lines, 13))
    return "\n".join(parts)


def main():
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="of calls, in each round")
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for onnx_speed.json")
    options = parser.parse_args()
    with threads(1):
        runs = measure(options)
    text = tables(runs) + f"\n\nclock: {options.clock}"
    print(text)
    if options.output:
        settings = {"clock": options.clock, "rounds": options.rounds, "seconds": options.seconds}
        document = {"machine": machine.describe(), "settings": settings, "runs": runs}
        write_results(options.output, "onnx_speed", document, text)


if __name__ == "__main__":
    sys.exit(main())
