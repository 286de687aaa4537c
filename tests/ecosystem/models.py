"""Estimators of every kind, fitted, with data to predict from."""

from functools import cache
from tempfile import mkdtemp

import numpy as np
import pandas as pd
from sklearn.datasets import make_classification

import skdeep
from skdeep import Checkpoint
from skdeep._plain import PlainState
from skdeep.activations import Maxout, PReLU
from skdeep.augmentation import Compose, GaussianNoise
from skdeep.initializers import Normal
from skdeep.losses import Quantile
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest
from skdeep.optimizers import Adam
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler
from skdeep.schedules import Warmup
from skdeep.training import Streams

X, CODES = make_classification(80, 16, n_informative=6, random_state=0)
WORDS = np.array(["no", "ja"], object)[CODES]
VALUES = 1e4 + 10 * X @ np.arange(16.0)
rng = np.random.default_rng(0)
TABLE = pd.DataFrame(np.tile(X[:, :3], (2, 1)), columns=["a", "b", "ü"]).assign(
    kind=pd.Categorical(rng.choice(list("xyz"), 160)),
    town=[f"town {i}" for i in range(160)],  # more levels than get an input each
)
NUMBERS = TABLE.loc[:79, ["a", "b"]]
SHORT = {"max_iter": 3, "n_iter_no_change": np.inf, "random_state": 0}


def _makers():
    mlp, cnn = skdeep.MLPClassifier, skdeep.CNNRegressor
    own_parts = {
        "activation": [PReLU(), Maxout(pieces=3)],
        "init": Normal(0.1),
        "optimizer": Adam(beta_2=0.9),
        "learning_rate": Warmup(),
        "augmentation": Compose([GaussianNoise(0.1)]),
        "callbacks": [Checkpoint(f"{mkdtemp()}/checkpoint", every="2 h")],
    }
    few = {"n_networks": 2, "effort": 0.01, "random_state": 0}
    return {
        "words": lambda: mlp((4,), **SHORT).fit(NUMBERS, WORDS),
        "parts": lambda: mlp((4, 4), **SHORT, **own_parts).fit(X, CODES),
        "goes on": lambda: mlp(
            (4,), class_weight={0: 1, 1: 2}, warm_start=True, early_stopping=True, **SHORT
        ).fit(X, CODES),
        "labels": lambda: mlp((4, 4), skip_connections=True, **SHORT).fit(X, X[:, :3] > 0),
        "lbfgs": lambda: skdeep.MLPRegressor((), optimizer="lbfgs", max_iter=1000).fit(X, VALUES),
        "by parts": lambda: skdeep.MLPRegressor((4,), loss=Quantile(0.9), **SHORT).partial_fit(
            X, VALUES
        ),
        "images": lambda: skdeep.CNNClassifier((4,), input_shape=(4, 4), **SHORT).fit(X, WORDS),
        "signals": lambda: cnn((4,), conv_layers=((2, 3),), **SHORT).fit(X, VALUES),
        "code": lambda: skdeep.Autoencoder((4,), tied_weights=True, **SHORT).fit(X),
        "table of classes": lambda: skdeep.TabularMLPClassifier(**few).fit(
            TABLE, np.tile(WORDS, 2)
        ),
        "table of values": lambda: skdeep.TabularMLPRegressor(**few).fit(
            TABLE, np.tile(VALUES, 2).astype(np.float32)
        ),
        "scaler": lambda: SmoothScaler().fit(NUMBERS),
        "pieces": lambda: PiecewiseLinearEncoder().fit(X),
        "search": lambda: CoarseToFineSearchCV(
            mlp((2,), **SHORT), "learning_rate_init", values=[0.01, 0.1], cv=2, n_rounds=0
        ).fit(X, WORDS),
        "range test": lambda: LearningRateRangeTest(mlp((2,), **SHORT), epochs=2, cv=2).fit(
            X, CODES
        ),
    }


MAKERS = _makers()
NETWORKS = [name for name in MAKERS if name not in ("scaler", "pieces", "search", "range test")]


@cache
def fitted(name):
    """Return the fitted estimator of a name; nobody must change it."""
    return MAKERS[name]()


def outputs(name, model):
    """Return what an estimator makes of its data, all that there is."""
    data = TABLE if name.startswith("table") else NUMBERS if name in ("words", "scaler") else X
    methods = "predict", "predict_proba", "transform", "score_samples"
    found = [getattr(model, method)(data) for method in methods if hasattr(model, method)]
    return found or [model.suggested_rate_]


def in_the_first_format(monkeypatch, dumps, model):
    """Return a file as versions made it whose states held the objects themselves."""
    with monkeypatch.context() as patch:
        patch.setattr(PlainState, "__getstate__", lambda self: self._bare_state())
        patch.setattr(Streams, "__getstate__", lambda self: dict(vars(self)))
        return dumps(model)
