"""Elementary functions of compiled kernels: exact to a few units in the last place."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import ndtr

pytest.importorskip("numba")
from skdeep.kernels.compiled import elementary
from skdeep.kernels.compiled.jit import jit

over_types = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def _applied(function, x):
    """Return what a compiled loop, with the flags of kernels, makes of an array."""

    def loop(x, out):
        for i in range(x.size):
            out[i] = function(x[i])

    out = np.empty_like(x)
    jit(loop)(x, out)
    return out


@jit
def _tail(x):
    return elementary.normal_tail(x)[1]


def _left(dtype):
    return np.concatenate([-np.logspace(-10, 2, 3000), np.linspace(-3, 0, 3001)]).astype(dtype)


@over_types
@pytest.mark.parametrize("name", ["exp", "expm1"])
def test_exponentials(name, dtype):
    x, digits = _left(dtype), np.finfo(dtype)
    expected = getattr(np, name)(x.astype(np.longdouble)).astype(float)
    out = _applied(getattr(elementary, name), x)
    assert_allclose(out, expected, rtol=1.5 * digits.eps, atol=2 * digits.tiny)


@over_types
def test_what_has_no_digits_left_is_0(dtype):
    x = np.array([-800, -1e6, -np.inf], dtype)
    assert_array_equal(_applied(elementary.exp, x), 0)
    assert_array_equal(_applied(elementary.expm1, x), -1)


@over_types
def test_log1p(dtype):
    x = np.concatenate([[0, 1], np.logspace(-30, 0, 3000)]).astype(dtype)
    expected = np.log1p(x.astype(np.longdouble)).astype(float)
    assert_allclose(_applied(elementary.log1p, x), expected, rtol=np.finfo(dtype).eps)


@over_types
def test_normal_tail(dtype):
    x = np.concatenate([np.linspace(0, 12, 3000), [100, 1e30, np.inf]]).astype(dtype)
    expected = ndtr(-x.astype(float))
    assert_allclose(_applied(_tail, x), expected, rtol=4e-6, atol=2 * np.finfo(dtype).eps)


@over_types
@pytest.mark.parametrize("function", [elementary.exp, elementary.expm1, elementary.log1p, _tail])
def test_nan_stays_nan(function, dtype):
    x = np.full(40, 0, dtype)
    x[::3] = np.nan
    assert_array_equal(np.isnan(_applied(function, x)), np.isnan(x))
