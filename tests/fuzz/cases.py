"""Random calls of estimators: parameters, data and methods, right and wrong ones, by a seed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from skdeep import (
    Autoencoder,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.activations import ELU, LeakyReLU, Maxout
from skdeep.augmentation import GaussianNoise, Mixup
from skdeep.losses import Huber, Quantile
from skdeep.optimizers import Adam, Momentum
from skdeep.schedules import StepDecay

inf, nan = np.inf, np.nan
SHARED = {
    "hidden_layer_sizes": [3, (4, 4), (), (1,), [2, 3], 0, -1, (5.0,), "a", None],
    "activation": [
        *("tanh", "relu", "gelu", "silu", "prelu", "maxout", "selu", "softplus", "logistic"),
        *(ELU(0.5), LeakyReLU(0.3), Maxout(3), ["tanh"], "rleu", ELU(-1), ELU(1e300), None, Adam()),
    ],
    "learning_rate_init": [1e-3, 0.1, 1, 1e-30, 1e30, 1e308, 5e-324, 0, -1, nan, inf, "fast", None],
    "batch_size": [1, 3, 1000, "full", "auto", 0, 2.5, "half"],
    "random_state": [0, 7, None, np.random.RandomState(3), -1, "seed", 1.5],
    "dtype": ["auto", "float32", "float64", "float16", int, None],
    "verbose": [False, 0, "loud", -3],
}
NETWORKS = {
    **SHARED,
    "init": ["auto", "zeros", "orthogonal", "he_normal", "lecun_uniform", "hee", 3],
    "bias_init": [0.1, -5, 1e30, 1e308, nan, "0"],
    "optimizer": [
        *("sgd", "adam", "momentum", "nesterov", "rmsprop", "adadelta", "lion", "adamw"),
        *("lbfgs", "line_search", "nadam", Momentum(0.5), Adam(beta_1=1.0), "adma", Adam, 1),
    ],
    "learning_rate": [
        *("constant", "cosine", "step", "one_cycle", "adaptive", "invscaling", "cosine_log"),
        *(StepDecay(0.1), StepDecay(-1), "cosin", 0.1),
    ],
    "max_iter": [1, 2, 5, 0, -1, 2.5, "many", None],
    "shuffle": [True, False, "yes"],
    "alpha": [0, 1e-2, 1e6, 1e300, -1, nan, "much"],
    "l1_ratio": [0, 0.5, 1, 2, "all"],
    "max_norm": [None, 1.0, 1e-30, 1e308, 0, -1, "big"],
    "clip_norm": [None, 1.0, 1e-30, 1e308, 0, nan],
    "input_noise": [0, 0.1, 1e300, -1, "loud"],
    "dropout": [0, 0.5, 0.99, [0.1], 1, -0.1, "half", nan],
    "input_dropout": [0, 0.3, 1, nan],
    "early_stopping": [False, True, "no"],
    "validation_fraction": [0.2, 0.9, 0.001, 0, 1, 2, "some"],
    "tol": [0, 1e-4, 1e300, -1, nan, None],
    "n_iter_no_change": [1, 5, inf, 0, 1.5],
    "warm_start": [False, True, "hot"],
}
LABELLED = {
    "label_smoothing": [0, 0.1, 0.99, 1, -1, nan],
    "class_weight": [None, "balanced", {0: 2.0}, {"a": 1.0}, {0: -1}, {0: inf}, "even", 3],
}
REAL = {
    "loss": ["squared_error", "absolute_error", Huber(0.5), Quantile(0.9), "poisson", Huber(-1), 4],
    "target_noise": [0, 0.1, 1e300, -1],
    "target_scaling": ["standard", None, "robust"],
}
SHORTCUTS = {
    "skip_connections": [False, True, "some"],
    "augmentation": [None, GaussianNoise(0.1), 1],
}
MAPS = {
    "conv_layers": [((2, 3),), ((2, 3), (3, 2)), (), ((2, 50),), ((0, 3),), ((2,),), "deep"],
    "pool_size": [2, 1, (2,), 0, 100, "max"],
    "pooling": ["max", "mean", "median"],
    "padding": ["same", "valid", "full"],
    "input_shape": [None, (4,), (2, 2), (4, 1), (2, 2, 1), (3, 3), (0,), "flat"],
}
TABLES = {
    **SHARED,
    "hidden_layer_sizes": ["auto", *SHARED["hidden_layer_sizes"]],
    "categorical_features": ["from_dtype", None, [0], [True], ["x0"], [99], "all", 3],
    "n_networks": [1, 2, 3, 0, 1.5, "few"],
    "effort": [0.01, 1e-9, 0, -1, nan, "little"],
    "weight_decay": [0, 0.1, 1e30, 1e300, -1],
    "dropout": [0, 0.5, 1],
    "validation_fraction": [0.2, 0.9, 0, 1],
    "n_jobs": [None, 1],
}
SPACES = {
    MLPClassifier: {**NETWORKS, **LABELLED, **SHORTCUTS, "augmentation": [None, Mixup(0.2), 1]},
    MLPRegressor: {**NETWORKS, **REAL, **SHORTCUTS},
    CNNClassifier: {**NETWORKS, **LABELLED, **MAPS},
    CNNRegressor: {**NETWORKS, **REAL, **MAPS},
    Autoencoder: {**NETWORKS, "tied_weights": [True, False, "half"]},
    TabularMLPClassifier: {**TABLES, **LABELLED},
    TabularMLPRegressor: TABLES,
}
NETWORK = {"hidden_layer_sizes": (3,), "max_iter": 2, "random_state": 0}
MAPPED = {**NETWORK, "conv_layers": ((2, 2),)}
TABLE = {"hidden_layer_sizes": (3,), "effort": 0.01, "n_networks": 2, "random_state": 0}
QUICK = {
    MLPClassifier: NETWORK,
    MLPRegressor: NETWORK,
    CNNClassifier: MAPPED,
    CNNRegressor: MAPPED,
    Autoencoder: NETWORK,
    TabularMLPClassifier: TABLE,
    TabularMLPRegressor: TABLE,
}

NUMBERS = {
    "plain": lambda X, rng: X,
    "single": lambda X, rng: X.astype(np.float32),
    "half": lambda X, rng: X.astype(np.float16),
    "integers": lambda X, rng: (10 * X).astype(np.int8),
    "booleans": lambda X, rng: X > 0,
    "columns first": lambda X, rng: np.asfortranarray(X),
    "every other row": lambda X, rng: np.repeat(X, 2, axis=0)[::2],
    "sparse": lambda X, rng: sparse.csr_matrix(X * (X > 0.5)),
    "sparse columns": lambda X, rng: sparse.csc_array(X * (X > 0.5)),
    "frame": lambda X, rng: pd.DataFrame(X).add_prefix("x"),
    "list": lambda X, rng: X.tolist(),
    "objects": lambda X, rng: X.astype(object),
    "constant": lambda X, rng: np.full_like(X, 3.5),
    "zeros": lambda X, rng: np.zeros_like(X),
    "huge": lambda X, rng: X * 1e30,
    "beyond single": lambda X, rng: X * 1e200,
    "largest": lambda X, rng: np.full_like(X, np.finfo(float).max) * np.sign(X),
    "tiny": lambda X, rng: X * 1e-300,
    "far away": lambda X, rng: X + 1e9,
    "nan": lambda X, rng: np.where(rng.random(X.shape) < 0.1, nan, X),
    "infinity": lambda X, rng: np.where(rng.random(X.shape) < 0.1, inf, X),
    "strings": lambda X, rng: X.round(1).astype(str),
    "complex": lambda X, rng: X + 1j,
    "a row": lambda X, rng: X[0],
    "no rows": lambda X, rng: X[:0],
    "no columns": lambda X, rng: X[:, :0],
    "images": lambda X, rng: X.reshape(len(X), 2, -1),
    "nothing": lambda X, rng: None,
}
CLASSES = {
    "integers": lambda n, rng: rng.integers(0, 3, n),
    "strings": lambda n, rng: rng.choice(["a", "b", "c"], n),
    "booleans": lambda n, rng: rng.random(n) > 0.5,
    "two": lambda n, rng: np.arange(n) % 2,
    "one": lambda n, rng: np.zeros(n, int),
    "all": lambda n, rng: np.arange(n),
    "labels": lambda n, rng: rng.integers(0, 2, (n, 2)),
    "objects": lambda n, rng: rng.choice(np.array([1, "a", None], object), n),
}
VALUES = {
    "plain": lambda n, rng: rng.standard_normal(n),
    "two outputs": lambda n, rng: rng.standard_normal((n, 2)),
    "column": lambda n, rng: rng.standard_normal((n, 1)),
    "counts": lambda n, rng: rng.poisson(2, n),
    "constant": lambda n, rng: np.full(n, 7.0),
    "huge": lambda n, rng: 1e30 * rng.standard_normal(n),
    "beyond single": lambda n, rng: 1e200 * rng.standard_normal(n),
    "largest": lambda n, rng: np.finfo(float).max * rng.choice([-1, 1], n),
    "tiny": lambda n, rng: 1e-300 * rng.standard_normal(n),
    "far away": lambda n, rng: 1e12 + rng.standard_normal(n),
}
WRONG = {
    "nan": lambda n, rng: np.where(np.arange(n) % 5, 1.0, nan),
    "infinity": lambda n, rng: np.where(np.arange(n) % 5, 1.0, inf),
    "too few": lambda n, rng: rng.integers(0, 2, max(n - 1, 0)),
    "nothing": lambda n, rng: None,
    "cube": lambda n, rng: rng.random((n, 2, 2)),
}
WEIGHTS = {
    "none": lambda n, rng: None,
    "uniform": lambda n, rng: rng.random(n),
    "some zero": lambda n, rng: (rng.random(n) > 0.5) * 1.0,
    "huge": lambda n, rng: 1e300 * rng.random(n),
    "all zero": lambda n, rng: np.zeros(n),
    "negative": lambda n, rng: rng.standard_normal(n),
    "nan": lambda n, rng: np.full(n, nan),
    "too few": lambda n, rng: np.ones(max(n - 1, 0)),
}
CALLS = ["fit", "fit", "fit", "partial_fit", "refit", "warm start", "validation", "predict other"]


@dataclass
class Case:
    """A call: an estimator, its data, and what is done with them."""

    seed: int
    model: Any
    X: Any
    y: Any
    weights: Any
    call: str
    words: str

    def __str__(self):
        return f"case {self.seed}: {self.call} of {self.model!r} on {self.words}"


def draw(seed):
    """Return the case of a seed: most things as they should be, some of them odd."""
    rng = np.random.default_rng(seed)
    cls = list(SPACES)[rng.integers(len(SPACES))]
    space = SPACES[cls]
    odd = rng.choice(list(space), rng.choice([0, 1, 2, 3], p=[0.4, 0.35, 0.15, 0.1]), replace=False)
    params = {name: space[name][rng.integers(len(space[name]))] for name in odd}
    n = int(rng.choice([1, 2, 3, 7, 20, 40], p=[0.05, 0.05, 0.05, 0.15, 0.4, 0.3]))
    columns = "plain" if rng.random() < 0.6 else rng.choice(list(NUMBERS))
    X = NUMBERS[columns](rng.standard_normal((n, 4)), rng)
    targets = (
        VALUES if issubclass(cls, (MLPRegressor, CNNRegressor, TabularMLPRegressor)) else CLASSES
    )
    targets = WRONG if rng.random() < 0.1 else targets
    kind = rng.choice(list(targets)) if rng.random() < 0.6 else next(iter(targets))
    y = None if cls is Autoencoder else targets[kind](n, rng)
    weighing = "none" if rng.random() < 0.85 else rng.choice(list(WEIGHTS))
    words = f"{n} rows, X {columns}, y {kind}, weights {weighing}"
    model = cls(**{**QUICK[cls], **params})
    return Case(seed, model, X, y, WEIGHTS[weighing](n, rng), str(rng.choice(CALLS)), words)
