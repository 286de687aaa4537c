"""The transformers of numbers compute in ONNX what they compute here."""

import numpy as np
import pytest
from agreement import OLDEST, check, newest, session

from skdeep.onnx import to_onnx
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler

TRANSFORMERS = [
    SmoothScaler(),
    SmoothScaler(clip=0.5),
    PiecewiseLinearEncoder(),
    PiecewiseLinearEncoder(n_bins=1),
    PiecewiseLinearEncoder(n_bins=100),
]


def table(dtype):
    """Columns of every sort: smooth, heavy-tailed, counted, mostly zero, constant, with gaps."""
    rng = np.random.default_rng(0)
    n = 300
    columns = [
        rng.normal(size=n),
        rng.standard_cauchy(n) * 1e4,
        rng.integers(0, 4, n),
        np.where(rng.random(n) < 0.8, 0, rng.normal(size=n)),
        np.full(n, 2.5),
        np.where(rng.random(n) < 0.3, np.nan, 1e6 + rng.random(n)),
        np.full(n, np.nan),
    ]
    return np.column_stack(columns).astype(dtype)


@pytest.mark.parametrize("opset", [OLDEST, newest()])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("transformer", TRANSFORMERS, ids=str)
def test_every_sort_of_column(transformer, dtype, opset):
    X = table(dtype)
    transformer.fit(X)
    beyond = np.concatenate([X, X[:20] * 3, X[:20] - 7, np.nextafter(X[:20], np.inf)])
    check(transformer, beyond, opset)


@pytest.mark.parametrize("transformer", TRANSFORMERS, ids=str)
def test_the_largest_numbers_there_are(transformer):
    X = np.array([[-1.7e308, 1.0], [1e-300, 2.0], [1.7e308, 3.0], [0.0, 1e300]])
    check(transformer.fit(X), X)


@pytest.mark.parametrize("transformer", TRANSFORMERS[::2], ids=str)
def test_several_inputs_are_columns_in_order(transformer):
    X = table(np.float64)[:, :3]
    transformer.fit(X)
    running = session(to_onnx(transformer, X.astype(np.int64)))
    (found,) = running.run(None, {"X": X.astype(np.int64)})
    np.testing.assert_allclose(found, transformer.transform(X.astype(np.int64)), atol=1e-6)
