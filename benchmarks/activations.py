"""What a training step costs with each activation, over what it costs with ReLU.

python benchmarks/activations.py --rounds 9 --output DIR
"""

import argparse
from pathlib import Path

import machine
import numpy as np
from cases import RATE, Case
from contestant import Contestant
from measure import threads, time_fit
from report import table, write_results
from results import Results

import skdeep
from skdeep.activations import ACTIVATIONS

CASE = Case("activations", 12_800, 20, (256, 256, 256), 128, 2, epochs=1)
BOUND = 1.3  # for those in SMOOTH, with compiled kernels in single precision
SMOOTH = ["tanh", "sigmoid", "softplus", "silu", "gelu", "mish", "elu", "selu"]
SETTINGS = {
    "numba, single": ("numba", "float32"),
    "numba, double": ("numba", "float64"),
    "numpy, single": ("numpy", "float32"),
}


class Skdeep(Contestant):
    """A classifier with one activation, kernels and precision."""

    def __init__(self, case, activation, setting):
        super().__init__(case)
        self.key, self.activation = f"{activation}: {setting}", activation
        self.kernels, self.dtype = SETTINGS[setting]

    def fit(self, epochs):
        """Train; nothing but the last epoch ends it."""
        skdeep.set_kernels(self.kernels)
        self.model = skdeep.MLPClassifier(
            self.case.hidden,
            self.activation,
            init="glorot_uniform",
            learning_rate_init=RATE,
            batch_size=self.case.batch,
            max_iter=epochs,
            n_iter_no_change=np.inf,
            alpha=0,
            dtype=self.dtype,
            random_state=0,
        ).fit(self.X, self.y)


def play(number, players, options):
    """Let everyone train; who begins changes from round to round."""
    shift = number % len(players)
    for player in players[shift:] + players[:shift]:
        with threads(1):
            run = time_fit(player, options.epochs, options.clock)
        yield {"round": number, "case": CASE.key, "threads": 1, "contestant": player.key, **run}


def measure(activations, options):
    """Return all numbers of a run; the first fits compile, and do not count."""
    fields = [[Skdeep(CASE, name, setting) for name in activations] for setting in SETTINGS]
    runs = []
    for number in range(-1, options.rounds):
        print(f"round {number + 1} of {options.rounds}", flush=True)
        for players in fields:
            played = list(play(number, players, options))
            runs += played if number >= 0 else []
    names = ("rounds", "epochs", "clock")
    settings = {"rows": CASE.rows, **{name: getattr(options, name) for name in names}}
    return {"machine": machine.describe(), "settings": settings, "runs": runs, "losses": []}


def tables(results, names):
    """Return medians of times and of the rounds' ratios, and what keeps to the bound."""

    def ratio(name, setting):
        return results.ratio(CASE.key, 1, f"{name}: {setting}", f"relu: {setting}")

    def milliseconds(name, setting):
        return results.typical(CASE.key, 1, f"{name}: {setting}") / 1000

    def rows(value):
        return [(name, [value(name, setting) for setting in SETTINGS]) for name in names]

    above = [name for name in SMOOTH if ratio(name, "numba, single") > BOUND]
    verdict = f"missed by {', '.join(above)}" if above else "kept by all"
    return "\n".join(
        [
            table("milliseconds a step", SETTINGS, rows(milliseconds), width=16),
            table("time over that with relu", SETTINGS, rows(ratio), width=16),
            f"\nBound of {BOUND} for {', '.join(SMOOTH)} (numba, single): {verdict}.",
        ]
    )


def arguments():
    """Return what the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--epochs", type=int, default=2, help="of a timed fit")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for activations.json")
    return parser.parse_args()


def main():
    options = arguments()
    names = [name for name in ACTIVATIONS if name != "logistic"]  # sigmoid's other name
    document = measure(names, options)
    results = Results([CASE], document)
    text = f"{CASE.label}, batches of {CASE.batch}, one thread, {options.clock} time\n"
    text += tables(results, names)
    text += f"\n\nOf the time, {results.disturbance():.0%} went to others."
    print(text)
    if options.output:
        write_results(options.output, "activations", document, text)


if __name__ == "__main__":
    main()
