"""How fast skdeep trains a convolutional network, beside torch.

python benchmarks/convolution.py --rounds 3 --output DIR
"""

import argparse
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import machine
import numpy as np
from cases import RATE, batches
from contestant import Contestant
from measure import threads, time_fit
from report import table, write_results
from results import Results
from sklearn.datasets import load_digits

import skdeep

SIZE, CLASSES = 28, 10
PADDINGS = ["valid", "same"]


@dataclass(frozen=True)
class Digits:
    """Digits of 28 x 28 pixels, and two convolution layers for them."""

    key: str
    rows: int
    filters: tuple[int, ...] = (32, 64)
    hidden: int = 128
    batch: int = 128

    @property
    def label(self):
        """What tables call it."""
        return f"{self.rows} rows, padding {self.key}"

    @property
    def batches(self):
        """The rows of every batch of an epoch; the last may be short."""
        return batches(self.rows, self.batch)

    def data(self):
        """Return X in single precision and y."""
        return digits(self.rows)


@cache
def digits(rows):
    """Return scikit-learn's digits three times as large with a margin, repeated with noise."""
    images, y = load_digits(return_X_y=True)
    images = np.kron(images.reshape(-1, 8, 8) / 16, np.ones((1, 3, 3)))
    X = np.pad(images, ((0, 0), (2, 2), (2, 2))).reshape(len(y), -1)
    chosen = np.arange(rows) % len(y)
    noise = 0.1 * np.random.default_rng(0).standard_normal((rows, X.shape[1]), np.float32)
    return X[chosen].astype(np.float32) + noise, y[chosen]


class Skdeep(Contestant):
    """skdeep with compiled kernels."""

    key = label = "skdeep"
    needs = ("numba",)
    kernels = "numba"

    def fit(self, epochs):
        """Train; nothing but the last epoch ends it."""
        skdeep.set_kernels(self.kernels)
        self.model = skdeep.CNNClassifier(
            (self.case.hidden,),
            input_shape=(SIZE, SIZE),
            conv_layers=[(n, 3) for n in self.case.filters],
            padding=self.case.key,
            init="glorot_uniform",
            learning_rate_init=RATE,
            batch_size=self.case.batch,
            max_iter=epochs,
            n_iter_no_change=np.inf,
            alpha=0,
            random_state=0,
        ).fit(self.X, self.y)
        self.loss = self.model.loss_


class SkdeepNumpy(Skdeep):
    """skdeep with plain numpy."""

    key = label = "numpy"
    needs = ()
    kernels = "numpy"


class Torch(Contestant):
    """A loop on tensors made beforehand, channels last, with the fused Adam."""

    key = label = "torch"
    needs = ("torch",)

    def __init__(self, case):
        import torch

        super().__init__(case)
        images = torch.from_numpy(self.X.reshape(-1, 1, SIZE, SIZE))
        self._inputs = images.to(memory_format=torch.channels_last)
        self._targets = torch.from_numpy(self.y)

    def _network(self):
        import torch
        from torch import nn

        layers, channels = [], 1
        for n in self.case.filters:
            layers += [nn.Conv2d(channels, n, 3, padding=self.case.key), nn.ReLU(), nn.MaxPool2d(2)]
            channels = n
        layers += [nn.Flatten(), nn.LazyLinear(self.case.hidden), nn.ReLU()]
        network = nn.Sequential(*layers, nn.Linear(self.case.hidden, CLASSES))
        network(self._inputs[:1])
        for parameter in network.parameters():
            start = nn.init.xavier_uniform_ if parameter.ndim > 1 else nn.init.zeros_
            start(parameter)
        return network.to(memory_format=torch.channels_last)

    def fit(self, epochs):
        """Train as its tutorials do, with rows gathered a batch at a time."""
        import torch

        torch.manual_seed(0)
        self.model = self._network()
        optimizer = torch.optim.Adam(self.model.parameters(), RATE, fused=True)
        for _ in range(epochs):
            total = 0.0
            for rows in torch.randperm(self.case.rows).split(self.case.batch):
                optimizer.zero_grad()
                outputs = self.model(self._inputs[rows])
                loss = torch.nn.functional.cross_entropy(outputs, self._targets[rows])
                loss.backward()
                optimizer.step()
                total += float(loss.detach()) * len(rows)
            self.loss = total / self.case.rows


def installed():
    """Return the contestants that can run here, and say which cannot."""
    found = []
    for contestant in (Skdeep, SkdeepNumpy, Torch):
        if contestant.missing():
            print(f"{contestant.label} is left out: not installed is {contestant.missing()[0]}.")
        else:
            found.append(contestant)
    return found


def play(number, players, n):
    """Let everyone train for an epoch; who begins changes from round to round."""
    shift = number % len(players)
    for player in players[shift:] + players[:shift]:
        with threads(n):
            run = time_fit(player, 1)
        place = {"round": number, "case": player.case.key, "threads": n, "contestant": player.key}
        yield {**place, **run, "loss": float(player.loss)}


def measure(cases, options):
    """Return all numbers of a run; the first fits compile, and do not count."""
    field = [[kind(case) for kind in installed()] for case in cases]
    runs = []
    for number in range(-1, options.rounds):
        print(f"round {number + 1} of {options.rounds}", flush=True)
        for players in field:
            played = list(play(number, players, options.threads))
            runs += played if number >= 0 else []
    settings = {"rows": options.rows, "rounds": options.rounds, "batch": cases[0].batch}
    return {"machine": machine.describe(), "settings": settings, "runs": runs, "losses": []}


def tables(results, n):
    """Return medians of times and losses, and of the rounds' ratios."""
    names = ["skdeep", "numpy", "torch"]

    def rows(value):
        return [(case.label, [value(case.key, name) for name in names]) for case in results.cases]

    def milliseconds(case, name):
        step = results.typical(case, n, name)
        return step and step / 1000

    parts = [
        (f"milliseconds a step, threads: {n}", rows(milliseconds)),
        ("time over skdeep's", rows(lambda case, name: results.ratio(case, n, name, "skdeep"))),
        ("mean loss of the epoch", rows(lambda case, name: results.typical(case, n, name, "loss"))),
    ]
    return "\n".join(table(title, names, lines) for title, lines in parts)


def arguments():
    """Return what the user asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for convolution.json")
    return parser.parse_args()


def main():
    options = arguments()
    cases = [Digits(padding, options.rows) for padding in PADDINGS]
    document = measure(cases, options)
    results = Results(cases, document)
    text = tables(results, options.threads)
    disturbance = results.disturbance()
    if disturbance is not None:
        text += f"\n\nOf the time, {disturbance:.0%} went to others."
    print(text)
    if options.output:
        write_results(options.output, "convolution", document, text)


if __name__ == "__main__":
    main()
