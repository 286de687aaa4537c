"""Compiled twins do what the plain kernels do."""

import numpy as np
import pytest

from skdeep.kernels import reference
from skdeep.training import ClassTargets

compiled = pytest.importorskip("skdeep.kernels.compiled")
rng = np.random.default_rng(0)
TYPES = [bool, np.uint8, np.int8, np.int32, np.int64, np.uint64, np.float32, np.float64]


@pytest.mark.parametrize("source_type", TYPES)
@pytest.mark.parametrize("out_type", [np.float32, np.float64])
@pytest.mark.parametrize("writeable", [True, False])
def test_gather(source_type, out_type, writeable):
    source = (100 * rng.random((20, 7))).astype(source_type)
    source.flags.writeable = writeable
    rows = rng.permutation(20)[:13]
    plain, fast = np.empty((13, 7), out_type), np.empty((13, 7), out_type)
    reference.gather(source, rows, plain)
    compiled.gather(source, rows, fast)
    np.testing.assert_array_equal(fast, plain)
    np.testing.assert_array_equal(fast, source[rows].astype(out_type))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_classes", [2, 5])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_one_hot(dtype, n_classes, smoothing):
    targets = ClassTargets(rng.integers(0, n_classes, 30).astype(np.int32), n_classes, smoothing)
    rows = rng.permutation(30)[:17]
    fast = np.empty((17, targets.n_columns), dtype)
    compiled.one_hot(targets.codes, rows, targets.on, targets.off, fast)
    plain = np.full((17, n_classes), smoothing / (n_classes - 1))
    plain[np.arange(17), targets.codes[rows]] = 1 - smoothing
    np.testing.assert_allclose(fast, plain[:, -targets.n_columns :], rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("threshold", [1, 20_000, 65_535, 65_536])
def test_dropout(dtype, threshold):
    x = rng.standard_normal((11, 9)).astype(dtype)
    bits = rng.integers(0, 65_536, 100).astype(np.uint16)
    plain, fast = [np.empty_like(x) for _ in range(2)], [np.empty_like(x) for _ in range(2)]
    reference.dropout(x, bits, threshold, *plain)
    compiled.dropout(x, bits, threshold, *fast)
    for one, other in zip(fast, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_bins", [1, 5])
def test_piecewise_functions(dtype, n_bins):
    u = rng.uniform(-1, n_bins + 1, (30, 3)).astype(dtype)
    u[:4, 0] = 0, n_bins, 1, np.nextafter(dtype(1), dtype(0))
    weights = rng.standard_normal((3, n_bins, 2)).astype(dtype)
    delta = rng.standard_normal((30, 12)).astype(dtype)[:, ::2]
    for name, given, shape in [
        ("piecewise_map", weights, (30, 6)),
        ("piecewise_gradient", delta, (3, n_bins, 2)),
    ]:
        plain, fast = np.full((2, *shape), np.nan, dtype)
        getattr(reference, name)(u, given, plain)
        getattr(compiled, name)(u, given, fast)
        np.testing.assert_allclose(fast, plain, rtol=1e-5, atol=1e-5)


def test_piecewise_functions_of_nan_are_nan():
    u, weights = np.array([[np.nan, 0.5]]), np.ones((2, 3, 1))
    for kernels in (reference, compiled):
        out = np.empty((1, 2))
        kernels.piecewise_map(u, weights, out)
        np.testing.assert_array_equal(out, [[np.nan, 0.5]])
