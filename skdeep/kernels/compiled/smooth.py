"""Activations made of exponentials: with the bias in one pass, their gradients in another.

All are functions of exp(-|x|), which cannot overflow. Both sides of 0 are computed, and then one is
chosen: a branch would keep the loops from being vectorised.
"""

from numba.extending import register_jitable

from skdeep.kernels.compiled.elementary import EXACT, exp, expm1, log1p, normal_tail
from skdeep.kernels.compiled.jit import jit
from skdeep.kernels.compiled.layers import backward_from_output


def _in_place(function):
    """Return the compiled kernel that adds the bias and applies a function of one number.

    ``z`` and ``out`` are one array, of which only one name is used: see ``relu_forward``.
    """

    def forward(z, bias, out, theta):
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j] = function(out[i, j] + bias[j])

    return jit(forward)


def _leaving_slope(function):
    """Return the compiled kernel for a function that gives its value and its slope.

    The slope is left in ``z``: little work while the exponential is at hand.
    """

    def forward(z, bias, out, theta, *constants):
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                out[i, j], z[i, j] = function(z[i, j] + bias[j], constants)

    return jit(forward)


@jit
def _backward_from_slope(z, out, delta, d_bias, theta, d_theta, *constants):
    """Multiply the gradient by the slope that ``z`` holds, and sum it over rows."""
    d_bias[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            d = delta[i, j] * z[i, j]
            delta[i, j] = d
            d_bias[j] += d


elu_backward = gelu_backward = mish_backward = silu_backward = softplus_backward = (
    _backward_from_slope
)


@register_jitable(**EXACT)
def _sigmoid(x):
    """Return exp(-|x|), the sigmoid of x and that of -x."""
    one = type(x)(1)
    e = exp(-abs(x))
    above = one / (one + e)
    below = e * above
    return (e, below, above) if x < type(x)(0) else (e, above, below)


@_in_place
@register_jitable(**EXACT)
def sigmoid_forward(x):
    """1 / (1 + exp(-x))."""
    return _sigmoid(x)[1]


@backward_from_output
@register_jitable
def sigmoid_backward(out, constants):
    """The output times what it lacks to 1."""
    return out * (type(out)(1) - out)


@_in_place
@register_jitable(**EXACT)
def tanh_forward(x):
    """(1 - e) / (1 + e) with e = exp(-2 |x|), without cancellation near 0."""
    real = type(x)
    m = expm1(real(-2) * abs(x))
    right = -m / (real(2) + m)
    return -right if x < real(0) else right


@backward_from_output
@register_jitable
def tanh_backward(out, constants):
    """1 - out^2."""
    return type(out)(1) - out * out


@_leaving_slope
@register_jitable(**EXACT)
def elu_forward(x, constants):
    """Scale times x on the right of 0, scale a (exp(x) - 1) on the left."""
    a, scale = constants
    real = type(x)
    zero, limit = real(0), real(scale * a)
    left = limit * expm1(zero if x > zero else x)
    return (real(scale) * x, real(scale)) if x > zero else (left, left + limit)


@_leaving_slope
@register_jitable(**EXACT)
def softplus_forward(x, constants):
    """max(0, x) + log(1 + exp(-|x|)); its slope is the sigmoid."""
    e, slope, _ = _sigmoid(x)
    zero = type(x)(0)
    return (zero if x <= zero else x) + log1p(e), slope


@_leaving_slope
@register_jitable(**EXACT)
def silu_forward(x, constants):
    """X times its sigmoid s; the slope is s (1 + x (1 - s))."""
    _, s, rest = _sigmoid(x)
    return x * s, s * (type(x)(1) + x * rest)


@_leaving_slope
@register_jitable(**EXACT)
def gelu_forward(x, constants):
    """X times the normal distribution function; the slope adds x times its density."""
    real = type(x)
    zero, per_root = real(0), real(0.3989422804014327)  # 1 / sqrt(2 pi)
    density, tail = normal_tail(abs(x))
    cdf = tail if x < zero else real(1) - tail
    return x * cdf, cdf + x * (per_root * density)


@_leaving_slope
@register_jitable(**EXACT)
def mish_forward(x, constants):
    """X tanh(log(1 + exp(x))) = x t, where t = n / (n + d) is a ratio of polynomials in exp(-|x|).

    With the sigmoid s of x the slope is t + x s (1 - t^2), where 1 - t = d / (n + d).
    """
    real = type(x)
    zero, one, two = real(0), real(1), real(2)
    e, s, _ = _sigmoid(x)
    left, right, rest = e * (e + two), one + two * e, two * e * e
    n = left if x < zero else right
    d = two if x < zero else rest
    share = one / (n + d)
    t = n * share
    return x * t, t + x * s * (d * share) * (one + t)
