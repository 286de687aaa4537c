"""Bias and activation in one pass; the activation's gradient and the bias's in another.

Here are the straight ones, and what they share with those in ``smooth``.
"""

from numba.extending import register_jitable

from skdeep.kernels.compiled.jit import jit


@jit
def identity_forward(z, bias, out, theta):
    """Add the bias; ``z`` and ``out`` are one array."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] += bias[j]


@jit
def identity_backward(z, out, delta, d_bias, theta, d_theta):
    """Sum the gradient over rows."""
    d_bias[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            d_bias[j] += delta[i, j]


@jit
def relu_forward(z, bias, out, theta):
    """Add the bias and cut off below 0; ``z`` and ``out`` are one array.

    Only one name is used: two for the same memory would keep the loop from being vectorised.
    """
    zero = out.dtype.type(0)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            value = out[i, j] + bias[j]
            out[i, j] = zero if value <= zero else value


def backward_from_output(slope):
    """Return the compiled kernel for an activation whose slope follows from its output.

    It multiplies the gradient by the slope, and sums it over rows.
    """

    def backward(z, out, delta, d_bias, theta, d_theta, *constants):
        d_bias[:] = 0
        for i in range(delta.shape[0]):
            for j in range(delta.shape[1]):
                d = delta[i, j] * slope(out[i, j], constants)
                delta[i, j] = d
                d_bias[j] += d

    return jit(backward)


@backward_from_output
@register_jitable
def relu_backward(out, constants):
    """1 on the right of 0, else 0."""
    real = type(out)
    return real(1) if out > real(0) else real(0)


@jit
def leaky_relu_forward(z, bias, out, theta, slope):
    """Add the bias and flatten below 0; ``z`` keeps the sum."""
    s = z.dtype.type(slope)
    zero = z.dtype.type(0)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            value = z[i, j] + bias[j]
            z[i, j] = value
            out[i, j] = s * value if value <= zero else value


@jit
def leaky_relu_backward(z, out, delta, d_bias, theta, d_theta, slope):
    """Multiply the gradient by the slope left of 0, and sum it over rows."""
    s = delta.dtype.type(slope)
    zero = delta.dtype.type(0)
    d_bias[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            d = delta[i, j] if z[i, j] > zero else s * delta[i, j]
            delta[i, j] = d
            d_bias[j] += d


@jit
def prelu_forward(z, bias, out, theta):
    """Add the bias and flatten below 0 by each unit's slope; ``z`` keeps the sum."""
    zero = z.dtype.type(0)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            value = z[i, j] + bias[j]
            z[i, j] = value
            out[i, j] = theta[j] * value if value <= zero else value


@jit
def prelu_backward(z, out, delta, d_bias, theta, d_theta):
    """Multiply the gradient by the slopes left of 0; sum it, and the slopes', over rows."""
    zero = delta.dtype.type(0)
    d_bias[:] = 0
    d_theta[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            value, d = z[i, j], delta[i, j]
            d_theta[j] += zero if value > zero else d * value
            d = d if value > zero else theta[j] * d
            delta[i, j] = d
            d_bias[j] += d
