"""A tabular estimator on a stream of a raw table, beside the same in memory.

python benchmarks/streaming_tables.py --output DIR
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import machine
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from report import table, write_results
from streaming import CLOCKS, measured, peak

from skdeep import TabularMLPRegressor
from skdeep.streaming import fit_stream

NUMBERS, CATEGORIES, BLOCK = 20, 8, 20_000
LEVELS = (10, 10_000)  # of the categories, and of two columns with very many
EFFECTS = np.random.default_rng(0).standard_normal((CATEGORIES + 2, LEVELS[1]))


def block(number, n_rows=BLOCK):
    """Return a table of numbers with gaps, and of strings, with a target that needs both."""
    rng = np.random.default_rng((2, number))
    X = rng.standard_normal((n_rows, NUMBERS))
    few = rng.integers(LEVELS[0], size=(n_rows, CATEGORIES))
    codes = np.column_stack([few, rng.integers(LEVELS[1], size=(n_rows, 2))])
    y = np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + rng.standard_normal(n_rows)
    y += EFFECTS[np.arange(CATEGORIES + 2), codes] @ np.full(CATEGORIES + 2, 0.4)
    X[rng.random(X.shape) < 0.05] = np.nan
    names = [f"x{j}" for j in range(NUMBERS)] + [f"c{j}" for j in range(CATEGORIES + 2)]
    words = [pa.array([f"level {code}" for code in column.tolist()]) for column in codes.T]
    return pa.table([*map(pa.array, X.T), *words, pa.array(y)], names=[*names, "y"])


def write(path, n_rows):
    """Write a Parquet file with a row group for each block."""
    with pq.ParquetWriter(path, block(0).schema) as writer:
        for number in range(n_rows // BLOCK):
            writer.write_table(block(number), row_group_size=BLOCK)


def model(**params):
    """Return the estimator that everyone trains."""
    return TabularMLPRegressor(random_state=0, **{"n_networks": 1, **params})


def in_memory(path, network):
    """Read the file, and fit."""
    rows = pq.read_table(path)
    return network.fit(rows.drop_columns(["y"]), rows["y"].to_numpy())


def from_parquet(path, network):
    """Fit to the file, piece by piece."""
    return fit_stream(network, path, target="y")


WAYS = {"fit, in memory": in_memory, "fit_stream, Parquet": from_parquet}


def run(way, path, n_rows, epochs):
    """Train in this process, and print what it took."""
    test = block(10**6)
    X, y = test.drop_columns(["y"]), test["y"].to_numpy()
    # so that imports and compiling do not count
    few = [test.slice(0, 500), test.slice(500, 500)]
    fit_stream(model(effort=0.01), few, target="y", shuffle_buffer=100)
    before, clocks = peak(), {key: clock() for key, clock in CLOCKS.items()}
    network = WAYS[way](path, model())
    spent = {key: clock() - clocks[key] for key, clock in CLOCKS.items()}
    result = {"r2": network.score(X, y), "megabytes": peak() - before, **spent}
    epochs = len(network.history_["loss"])
    print(json.dumps({"way": way, "rows": n_rows, "epochs": epochs, **result}))


def tables(runs):
    """Return the table that a person reads."""
    heads = ["rows", "epochs", "R squared", "peak MB", "minutes", "CPU minutes"]
    lines = []
    for run in runs:
        spent = [run["wall"] / 60, run["cpu"] / 60]
        lines.append(
            (run["way"], [run["rows"], run["epochs"], run["r2"], run["megabytes"], *spent])
        )
    return table("a table of 30 columns, regression (1 network)", heads, lines, 16)


def main():
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", help="for the file, some 300 MB by default")
    parser.add_argument("--output", type=Path, metavar="DIR", help="for streaming_tables.json")
    parser.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        way, path, *numbers = options.run
        return run(way, path, *map(int, numbers))
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "rows.parquet"
        write(path, options.rows)
        runs = [measured(way, path, options.rows, 0, __file__) for way in WAYS]
    text = tables(runs)
    print(text)
    if options.output:
        document = {"machine": machine.describe(), "runs": runs}
        write_results(options.output, "streaming_tables", document, text)
    return None


if __name__ == "__main__":
    sys.exit(main())
