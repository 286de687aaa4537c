"""How it is measured: in rounds, in which the contestants take turns."""

import sys
from contextlib import contextmanager
from math import ceil
from statistics import median
from time import perf_counter, process_time

import numpy as np
from threadpoolctl import threadpool_limits


def seconds(function, *args):
    """Return how long a call takes."""
    start = perf_counter()
    function(*args)
    return perf_counter() - start


@contextmanager
def threads(n):
    """Give numpy's BLAS and torch n threads."""
    with threadpool_limits(n):
        if "torch" in sys.modules:
            sys.modules["torch"].set_num_threads(n)
        yield


def enough_epochs(contestant, minimum):
    """Return how many epochs take at least ``minimum`` seconds; the first fit does not count."""
    contestant.fit(1)
    epochs = 1
    while (elapsed := seconds(contestant.fit, epochs)) < minimum / 3:
        epochs *= 3
    return max(1, ceil(epochs * minimum / elapsed))


def loss_after_training(contestant):
    """Train for the case's number of epochs; return the mean log loss on the training data."""
    case = contestant.case
    contestant.fit(case.epochs)
    X, y = case.data()
    probabilities = contestant.predict_proba(X)[np.arange(len(y)), y.astype(int)]
    return float(-np.log(np.maximum(probabilities, 1e-15, dtype=np.float64)).mean())


def time_fit(contestant, epochs, clock="wall"):
    """Return what training costs: microseconds a step, by the chosen clock."""
    before = process_time()
    wall = seconds(contestant.fit, epochs)
    cpu = process_time() - before
    steps = epochs * len(contestant.case.batches)
    return {
        "epochs": epochs,
        "wall_seconds": wall,
        "cpu_seconds": cpu,
        "step_us": 1e6 * (wall if clock == "wall" else cpu) / steps,
    }


def time_prediction(contestant, many, minimum):
    """Return what prediction costs: microseconds for one row, rows a second for many."""
    row = many[:1]
    return {
        "predict_us": 1e6 * typical(contestant.predict, row, minimum),
        "proba_us": 1e6 * typical(contestant.predict_proba, row, minimum),
        "rows_per_second": len(many) / typical(contestant.predict, many, minimum),
    }


def typical(function, x, minimum):
    """Return the median time of a call, from calls for ``minimum`` seconds; one call warms up."""
    function(x)
    times = [seconds(function, x)]
    while sum(times) < minimum:
        times.append(seconds(function, x))
    return median(times)


class Tournament:
    """All cases, all contestants, all numbers of threads, in turns.

    Parameters
    ----------
    cases : list of Case
    contestants : list of type
    thread_counts : list of int
    minimum : float
        The least seconds of a timed fit.
    clock : {"wall", "cpu"}
        How training is timed. On a busy machine CPU time with one thread is the steadier one.
    say : callable
        Takes a line about the progress.
    """

    def __init__(self, cases, contestants, thread_counts, minimum, clock, say=print):
        self.field = [[kind(case) for kind in contestants if kind.knows(case)] for case in cases]
        self.thread_counts = thread_counts
        self.minimum = minimum
        self.clock = clock
        self.say = say
        self._epochs = {}

    def prepare(self):
        """Warm everyone up, and find how many epochs to time; return the losses after training."""
        losses = []
        for players in self.field:
            self.say(f"warming up: {players[0].case.label}")
            for player in players:
                for n in self.thread_counts:
                    with threads(n):
                        self._epochs[player, n] = enough_epochs(player, self.minimum)
                if player.predicts:
                    with threads(self.thread_counts[0]):
                        losses.append(self._loss(player))
        return losses

    @staticmethod
    def _loss(player):
        return {
            "case": player.case.key,
            "contestant": player.key,
            "epochs": player.case.epochs,
            "log_loss": loss_after_training(player),
        }

    def play(self, number):
        """Return the measurements of one round; who begins changes from round to round."""
        runs = []
        for players in self.field:
            shift = number % len(players)
            for n in self.thread_counts:
                with threads(n):
                    for player in players[shift:] + players[:shift]:
                        runs.append({"round": number, "threads": n, **self._measure(player, n)})
        return runs

    def _measure(self, player, n):
        run = {"case": player.case.key, "contestant": player.key}
        run.update(time_fit(player, self._epochs[player, n], self.clock))
        if player.predicts:
            many = player.case.many_rows()
            run.update(time_prediction(player, many, self.minimum / 5))
        return run
