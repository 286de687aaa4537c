"""How accurate skdeep is on tables, beside its peers, and what a fit costs.

python benchmarks/accuracy.py DIR --output accuracy.json
"""

import argparse
import json
import os
from pathlib import Path

import accuracy_report
import machine
from accuracy_data import load
from accuracy_measure import measure, warm_up
from accuracy_peers import ALL, installed

KINDS = ["classification", "regression"]


def arguments():
    """Return what the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    keys = [kind.key for kind in ALL]
    parser.add_argument(
        "directory", nargs="?", metavar="DIR", help="folder of .npz files; else what sklearn ships"
    )
    parser.add_argument("names", nargs="*", help="tables (default all)")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], metavar="N")
    parser.add_argument("--contestants", nargs="+", choices=keys, metavar="KEY", help=str(keys))
    parser.add_argument("--kind", choices=KINDS, help="only such tables")
    parser.add_argument("--rows", nargs=2, type=int, metavar=("MIN", "MAX"), help="training rows")
    parser.add_argument(
        "--output", type=Path, metavar="FILE.json", help="what is in it is not measured again"
    )
    accuracy_report.add_options(parser)
    options = parser.parse_args()
    if options.directory and not Path(options.directory).is_dir():
        options.names.insert(0, options.directory)
        options.directory = None
    options.directory = options.directory and Path(options.directory)
    return options


def identity(run):
    """Return what must differ between two runs of a file."""
    return tuple(run[what] for what in ("table", "contestant", "seed", "threads"))


class Record:
    """The runs so far, kept in a file that is whole at any moment."""

    def __init__(self, path=None):
        self.path = path
        self.document = {"machine": machine.describe(), "runs": []}
        if path and path.exists():
            self.document = json.loads(path.read_text())
        self.done = {identity(run) for run in self.document["runs"]}

    def add(self, run):
        """Append a run, and write the file anew."""
        self.document["runs"].append(run)
        self.done.add(identity(run))
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            partial = self.path.with_suffix(".part")
            partial.write_text(json.dumps(self.document, indent=1) + "\n")
            os.replace(partial, self.path)


def planned(options, tables, contestants, done):
    """Yield the fits that are missing: a table, a contestant, a seed."""
    for table in tables:
        for kind in contestants:
            for seed in options.seeds:
                place = table.name, kind.key, seed, options.threads
                if table.kind in kind.kinds and place not in done:
                    yield table, kind, seed


def main_score(run):
    """Return the score that the progress is told by."""
    return f"error {run['error']:.2%}" if "error" in run else f"R2 {run['r2']:.4f}"


def play(options, record):
    """Measure all that is missing; a contestant that fails is told, and left out there."""
    tables = load(options.directory, options.names, options.kind)
    least, most = options.rows or (0, float("inf"))
    tables = [table for table in tables if least <= len(table.train) <= most]
    warm = set()
    for table, kind, seed in planned(
        options, tables, installed(options.contestants), set(record.done)
    ):
        told = f"{table.name}, {kind.label}, seed {seed}"
        try:
            if (kind, table.kind) not in warm:
                warm_up(kind, table.kind, options.threads)
                warm.add((kind, table.kind))
            run = measure(kind, table, seed, options.threads)
        except Exception as error:  # whatever a peer raises, the others go on
            print(f"{told}: FAILED, {type(error).__name__}: {error}", flush=True)
        else:
            record.add(run)
            print(f"{told}: {main_score(run)}, {run['cpu_seconds']:.2f} s CPU", flush=True)


def main():
    options = arguments()
    record = Record(options.output)
    play(options, record)
    accuracy_report.show(record.document["runs"], options)


if __name__ == "__main__":
    main()
