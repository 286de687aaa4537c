"""Memory: batches are converted, never the whole of X, whatever holds the numbers."""

import tracemalloc

import numpy as np
import pytest

from skdeep import Autoencoder, CNNRegressor, MLPClassifier, MLPRegressor

N, WIDTH = 30_000, 100
X = np.random.default_rng(0).standard_normal((N, WIDTH), dtype=np.float32)
Y = X[:, 0].astype(float)
LABELS = (X[:, 0] > 0).astype(int)
QUICK = {"max_iter": 1, "n_iter_no_change": np.inf, "random_state": 0}
ROOM = X.nbytes / 2  # for a batch, or a block, which fills the caches

ARRAYS = {
    "Fortran order": np.asfortranarray(X),
    "int8": (10 * X).astype(np.int8),
    "int8 in Fortran order": np.asfortranarray((10 * X).astype(np.int8)),
    "float64 in Fortran order": np.asfortranarray(X, np.float64),
    "big-endian": X.astype(">f4"),
    "every other column": np.repeat(X, 2, axis=1)[:, ::2],
    "booleans": X > 0,
    "float16 in Fortran order": np.asfortranarray(X, np.float16),
}
CALLS = {
    "fit": lambda x: MLPRegressor((8,), **QUICK).fit(x, Y[: len(x)]),
    "early stopping": lambda x: MLPClassifier((8,), early_stopping=True, **QUICK).fit(
        x, LABELS[: len(x)]
    ),
    "scoring": lambda x: MLPClassifier(
        (8,), early_stopping=True, scoring="roc_auc", validation_fraction=0.02, **QUICK
    ).fit(x, LABELS[: len(x)]),
    "full batch": lambda x: MLPRegressor((8,), optimizer="lbfgs", alpha=1e5).fit(x, Y[: len(x)]),
    "partial_fit": lambda x: MLPRegressor((8,), **QUICK).partial_fit(x, Y[: len(x)]),
    "autoencoder": lambda x: Autoencoder((8,), **QUICK).fit(x),
    "convolution": lambda x: CNNRegressor(
        (8,), conv_layers=((2, 3),), batch_size=64, **QUICK
    ).fit(x, Y[: len(x)]),
}  # fmt: skip


def peak(call, x):
    """Return the bytes that a call needs on top, at most."""
    call(x[:300])  # compiles what is not compiled yet
    tracemalloc.start()
    try:
        call(x)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("array", ["Fortran order", "int8 in Fortran order"])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_call_copies_x(call, array):
    assert peak(call, ARRAYS[array]) < peak(call, X) + ROOM


@pytest.mark.parametrize("x", ARRAYS.values(), ids=ARRAYS)
def test_no_array_is_copied(x):
    assert peak(CALLS["fit"], x) < ROOM
    assert peak(CALLS["fit"](x[:300]).predict, x) < ROOM
