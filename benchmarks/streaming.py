"""Training on streams: accuracy, rows per second and memory, beside training in memory.

python benchmarks/streaming.py --output DIR
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import machine
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from report import table, write_results

from skdeep import MLPClassifier
from skdeep.streaming import fit_stream

COLUMNS, CLASSES, BLOCK, EPOCHS = 40, 10, 10_000, 5
CENTRES = np.random.default_rng(0).normal(scale=0.62, size=(CLASSES, 4, COLUMNS))
CLOCKS = {"wall": perf_counter, "cpu": process_time}


def block(number, n_rows=BLOCK):
    """Return rows of one class (of all for a negative number): each is a mixture of four."""
    rng = np.random.default_rng((1, number + 1))
    y = np.full(n_rows, number % CLASSES) if number >= 0 else rng.integers(CLASSES, size=n_rows)
    X = rng.standard_normal((n_rows, COLUMNS), np.float32)
    X += CENTRES[y, rng.integers(4, size=n_rows)]
    return X, y


def blocks(n_rows):
    """Yield the rows of a data set, block by block."""
    return (block(number) for number in range(n_rows // BLOCK))


def write(path, n_rows):
    """Write a Parquet file with a row group for each block."""
    names = [f"x{j}" for j in range(COLUMNS)]
    schema = pa.schema([*((name, pa.float32()) for name in names), ("label", pa.int64())])
    with pq.ParquetWriter(path, schema) as writer:
        for X, y in blocks(n_rows):
            writer.write_table(pa.table([*X.T, y], schema=schema), row_group_size=BLOCK)


def model(epochs):
    """Return the network that everyone trains."""
    return MLPClassifier((100,), max_iter=epochs, n_iter_no_change=np.inf, random_state=0)


def in_memory(path, n_rows, epochs):
    """Read the file, and fit."""
    rows = pq.read_table(path)
    X = np.asarray(rows.drop_columns(["label"]))
    y = rows["label"].to_numpy()
    del rows
    return model(epochs).fit(X, y)


def from_parquet(path, n_rows, epochs):
    """Fit to the file, piece by piece."""
    return fit_stream(model(epochs), path, target="label")


def from_generator(path, n_rows, epochs):
    """Fit to rows that are made when they are needed."""
    return fit_stream(model(epochs), lambda: blocks(n_rows))


def by_partial_fit(path, n_rows, epochs):
    """Call ``partial_fit`` for one row group after the other."""
    network, file = model(epochs), pq.ParquetFile(path)
    for _ in range(epochs):
        for number in range(file.num_row_groups):
            rows = file.read_row_group(number)
            y = rows["label"].to_numpy()
            network.partial_fit(np.asarray(rows.drop_columns(["label"])), y, np.arange(CLASSES))
    return network


WAYS = {
    "fit, in memory": in_memory,
    "fit_stream, Parquet": from_parquet,
    "fit_stream, generator": from_generator,
    "partial_fit, row groups": by_partial_fit,
}


def peak():
    """Return the most memory that the process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(way, path, n_rows, epochs):
    """Train in this process, and print what it took."""
    X, y = block(-1, 50_000)
    # so that imports and compiling do not count
    fit_stream(model(1), lambda: [(X[:1000], y[:1000])])
    before, clocks = peak(), {key: clock() for key, clock in CLOCKS.items()}
    network = WAYS[way](path, n_rows, epochs)
    spent = {key: clock() - clocks[key] for key, clock in CLOCKS.items()}
    after = peak()
    result = {"accuracy": network.score(X, y), "megabytes": after - before, **spent}
    print(json.dumps({"way": way, "rows": n_rows, "epochs": epochs, **result}))


def measured(way, path, n_rows, epochs, script=__file__):
    """Run a way in a process of its own."""
    command = [sys.executable, script, "--run", way, str(path), str(n_rows), str(epochs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(done.stdout.strip(), flush=True)
    return json.loads(done.stdout.splitlines()[-1])


def tables(runs):
    """Return the table that a person reads."""
    heads = ["rows", "epochs", "accuracy", "peak MB", "1000 rows/s", "1000 rows/CPU s"]
    lines = []
    for run in runs:
        seen = run["rows"] * run["epochs"] / 1000
        numbers = [run["rows"], run["epochs"], run["accuracy"], run["megabytes"]]
        lines.append((run["way"], [*numbers, seen / run["wall"], seen / run["cpu"]]))
    return table("training on 40 columns, ten classes (100 units, Adam)", heads, lines, 16)


def main():
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="where all ways compete")
    parser.add_argument("--many", type=int, default=10_000_000, help="that only pass by")
    parser.add_argument("--folder", help="for the files, some 2 GB by default")
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for streaming.json")
    parser.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        way, path, *numbers = options.run
        return run(way, path, *map(int, numbers))
    runs = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "rows.parquet"
        write(path, options.rows)
        runs += [measured(way, path, options.rows, EPOCHS) for way in WAYS]
        write(path, options.many)
        for way in ("fit_stream, Parquet", "fit_stream, generator"):
            runs.append(measured(way, path, options.many, 1))
    text = tables(runs)
    print(text)
    if options.output:
        document = {"machine": machine.describe(), "runs": runs}
        write_results(options.output, "streaming", document, text)
    return None


if __name__ == "__main__":
    sys.exit(main())
