"""Who is measured: skdeep with either kernels, scikit-learn's MLP, and the bare matrix products.

All have the same settings: Adam, the same rate, batches, kind of start and number of epochs, single
precision, no penalty, no early stopping. The peers built on torch are in ``torch_contestants``.
"""

import warnings
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
from cases import RATE
from contestant import Contestant
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier as SklearnMLP

import skdeep


class Skdeep(Contestant):
    """skdeep with compiled kernels."""

    key, label = "skdeep", "skdeep, numba"
    needs = ("numba",)
    kernels = "numba"

    def fit(self, epochs):
        """Train; nothing but the last epoch ends it."""
        skdeep.set_kernels(self.kernels)
        self.model = skdeep.MLPClassifier(
            self.case.hidden,
            init="glorot_uniform",
            dropout=self.case.dropout,
            learning_rate_init=RATE,
            batch_size=self.case.batch,
            max_iter=epochs,
            n_iter_no_change=np.inf,
            alpha=0,
            random_state=0,
        ).fit(self.X, self.y)


class SkdeepNumpy(Skdeep):
    """skdeep with plain numpy."""

    key, label = "skdeep-numpy", "skdeep, numpy"
    needs = ()
    kernels = "numpy"


class Sklearn(Contestant):
    """scikit-learn's MLP."""

    key, label = "sklearn", "scikit-learn"

    @classmethod
    def knows(cls, case):
        """It has no dropout."""
        return not case.dropout

    def fit(self, epochs):
        """Train; nothing but the last epoch ends it."""
        self.model = SklearnMLP(
            self.case.hidden,
            learning_rate_init=RATE,
            batch_size=self.case.batch,
            max_iter=epochs,
            n_iter_no_change=np.inf,
            alpha=0,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.model.fit(self.X, self.y)


class Products(Contestant):
    """The matrix products of the training steps, and nothing else: the floor."""

    key, label = "gemms", "bare GEMMs"
    predicts = False

    def __init__(self, case):
        super().__init__(case)
        rng = np.random.default_rng(0)
        n, widths = case.batch, case.widths
        self._weights = [  # of a size at which nothing overflows in a deep network
            rng.standard_normal((n_inputs, n_units), np.float32) / np.float32(np.sqrt(n_inputs))
            for n_inputs, n_units in pairwise(widths)
        ]
        self._gradients = [np.empty_like(weights) for weights in self._weights]
        outputs = [rng.standard_normal((n, width), np.float32) for width in widths]
        deltas = [rng.standard_normal((n, width), np.float32) for width in widths]
        self._views = {
            rows: ([out[:rows] for out in outputs], [delta[:rows] for delta in deltas])
            for rows in set(case.batches)
        }

    def fit(self, epochs):
        """Multiply, in the shapes and the order of the steps."""
        for _ in range(epochs):
            for rows in self.case.batches:
                self._step(*self._views[rows])

    def _step(self, outputs, deltas):
        n_layers = len(self._weights)
        for i, weights in enumerate(self._weights):
            np.matmul(outputs[i], weights, out=outputs[i + 1])
        for i in reversed(range(n_layers)):
            np.matmul(outputs[i].T, deltas[i + 1], out=self._gradients[i])
            if i:  # nobody asks for the gradient at the inputs
                np.matmul(deltas[i + 1], self._weights[i].T, out=deltas[i])


def installed(say=print):
    """Return the contestants that can run here, and say which cannot."""
    contestants = [Products, Skdeep, SkdeepNumpy, Sklearn]
    if find_spec("torch") is None:
        say("torch is not installed, and left out (skorch as well).")
    else:
        from torch_contestants import Skorch, Torch

        contestants += [Torch, Skorch]
    for contestant in contestants:
        if contestant.missing():
            say(f"{contestant.label} is left out: not installed is {contestant.missing()[0]}.")
    return [contestant for contestant in contestants if not contestant.missing()]
