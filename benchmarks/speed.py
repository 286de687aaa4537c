"""How fast skdeep trains and predicts, beside its peers and beside the bare matrix products.

python benchmarks/speed.py --quick
"""

import argparse
import json
from pathlib import Path

import ensembles
import machine
import report
import targets
from cases import CASES
from contestants import installed
from measure import Tournament
from results import Results, ensemble_summary


def arguments():
    """Return what the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    keys = [case.key for case in CASES]
    parser.add_argument("--quick", action="store_true", help="one round of short fits")
    parser.add_argument("--rounds", type=int, help="rounds (default 7, with --quick 1)")
    parser.add_argument("--cases", nargs="+", choices=keys, default=keys, metavar="CASE")
    parser.add_argument(
        "--threads", nargs="+", type=int, metavar="N", help="(default 1 2, with --quick 1)"
    )
    parser.add_argument(
        "--clock",
        choices=["wall", "cpu"],
        default="wall",
        help="what times training; on a busy machine cpu, with one thread",
    )
    parser.add_argument("--no-ensembles", action="store_true", help="no search, no bagging")
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for speed.json and .png")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 7)
    options.threads = options.threads or ([1] if options.quick else [1, 2])
    options.minimum = 0.1 if options.quick else 0.5
    return options


def measure(options):
    """Return all numbers of a run, as they go into the JSON file."""
    cases = [case for case in CASES if case.key in options.cases]
    tournament = Tournament(cases, installed(), options.threads, options.minimum, options.clock)
    document = {
        "machine": machine.describe(),
        "settings": {
            "rounds": options.rounds,
            "seconds_per_fit": options.minimum,
            "clock": options.clock,
        },
        "losses": tournament.prepare(),
        "runs": [],
        "ensembles": [],
    }
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", flush=True)
        document["runs"] += tournament.play(number)
    if not options.no_ensembles:
        rounds, epochs = (1, 5) if options.quick else (3, 40)
        document["ensembles"] = ensembles.play(rounds, epochs)
    return cases, document


def save(results, directory):
    """Write the JSON file, and the plot where matplotlib is installed."""
    directory.mkdir(parents=True, exist_ok=True)
    document = results.document
    (directory / "speed.json").write_text(json.dumps(document, indent=1) + "\n")
    try:
        from plot import draw
    except ImportError:
        print("matplotlib is not installed: no plot.")
    else:
        draw(results, document["machine"], directory / "speed.png")


def main():
    options = arguments()
    cases, document = measure(options)
    results = Results(cases, document)
    checked = targets.check(results)
    document["summary"] = results.summary()
    document["ensemble_summary"] = ensemble_summary(document["ensembles"])
    document["targets"] = [{**target._asdict(), "met": target.met} for target in checked]
    print(report.tables(results))
    if document["ensembles"]:
        print(report.ensembles(document["ensembles"]))
    print(report.targets(checked))
    if options.output:
        save(results, options.output)


if __name__ == "__main__":
    main()
