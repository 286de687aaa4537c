"""Smooth activations by either kernels: exact in both precisions, far from 0 and beyond."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit, ndtr
from scipy.stats import norm

from skdeep.activations import ELU, GELU, SELU, Mish, Sigmoid, SiLU, Softplus, Tanh
from skdeep.kernels import column_sums, fused

N_UNITS = 37  # no multiple of what a processor computes at once


def _elu(x, a=1.0, scale=1.0):
    left = np.minimum(x, 0)
    return (
        scale * np.where(x > 0, x, a * np.expm1(left)),
        scale * np.where(x > 0, 1, a * np.exp(left)),
    )


def _mish(x):
    t, slope = np.tanh(np.logaddexp(x, 0)), expit(x)
    return x * t, t + x * slope / np.cosh(np.minimum(np.logaddexp(x, 0), 300)) ** 2


FORMULAS = {
    Sigmoid(): lambda x: (expit(x), expit(x) * expit(-x)),
    Tanh(): lambda x: (np.tanh(x), 1 / np.cosh(np.clip(x, -300, 300)) ** 2),
    ELU(): _elu,
    ELU(a=0.3): lambda x: _elu(x, 0.3),
    SELU(): lambda x: _elu(x, SELU.A, SELU.SCALE),
    Softplus(): lambda x: (np.logaddexp(x, 0), expit(x)),
    SiLU(): lambda x: (x * expit(x), expit(x) * (1 + x * expit(-x))),
    GELU(): lambda x: (x * ndtr(x), ndtr(x) + x * norm.pdf(x)),
    Mish(): _mish,
}
# relative, and absolute for values and for slopes
DIGITS = {np.float32: (5e-7, 3e-7, 2e-6), np.float64: (1e-12, 1e-15, 5e-15)}
over_activations = pytest.mark.parametrize("activation", FORMULAS, ids=str)
over_types = pytest.mark.parametrize("dtype", DIGITS)


def _points(dtype):
    """Return a matrix of inputs, and biases, half of them 0."""
    far = np.logspace(-20, 4, 20 * N_UNITS)
    points = np.concatenate([np.linspace(-12, 12, 60 * N_UNITS), far, -far, np.zeros(N_UNITS)])
    bias = np.random.default_rng(0).standard_normal(N_UNITS)
    bias[::2] = 0
    return points.reshape(-1, N_UNITS).astype(dtype), bias.astype(dtype)


def _run(activation, z, bias, delta):
    """Return outputs, and the gradients at ``z`` and at the bias."""
    theta, d_bias = np.empty(0, z.dtype), np.empty_like(bias)
    z, delta = z.copy(), delta.copy()
    out = z if activation.in_place else np.empty_like(z)
    forward, backward = fused(activation, "forward"), fused(activation, "backward")
    if forward is None:
        z += bias
        activation.forward(z, out, theta)
        outputs = out.copy()
        delta = activation.backward(z, out, delta, theta, theta)
        column_sums(delta, d_bias)
    else:
        forward(z, bias, out, theta, *activation.constants)
        outputs = out.copy()
        backward(z, out, delta, d_bias, theta, theta, *activation.constants)
    return outputs, delta, d_bias


@over_types
@over_activations
def test_values_and_gradients(kernels, activation, dtype):
    z, bias = _points(dtype)
    delta = np.random.default_rng(1).uniform(-1, 1, z.shape).astype(dtype)
    outputs, d_z, d_bias = _run(activation, z, bias, delta)
    value, slope = FORMULAS[activation]((z + bias).astype(float))
    relative, absolute, absolute_slope = DIGITS[dtype]
    assert outputs.dtype == d_z.dtype == dtype
    assert_allclose(outputs, value, rtol=relative, atol=absolute)
    assert_allclose(d_z, slope * delta, rtol=relative, atol=absolute_slope)
    assert_allclose(d_bias, d_z.sum(axis=0, dtype=float), rtol=1e-4, atol=20 * absolute_slope)


@over_types
@over_activations
def test_infinity_and_nan(kernels, activation, dtype):
    z = np.full((2, N_UNITS), 0.5, dtype)
    z[0, :3] = -np.inf, np.inf, np.nan
    with np.errstate(invalid="ignore"):  # as in training
        outputs, d_z, _ = _run(activation, z, np.zeros(N_UNITS, dtype), np.ones_like(z))
        # some are nan on the left: 0 times infinity, in a network that has diverged anyway
        expected = FORMULAS[activation](z.astype(float))
    assert_allclose(outputs, expected[0], rtol=1e-6)
    assert np.isnan(d_z[0, 2])
    assert_allclose(np.delete(d_z, [0, 1, 2], axis=1), expected[1][:, 3:], rtol=1e-6)


@over_activations
def test_all_of_them_are_compiled(activation):
    pytest.importorskip("numba")
    assert fused(activation, "forward") is not None
    assert fused(activation, "backward") is not None
