"""Optimizers: penalty, decay and update in one pass over all parameters.

A rule computes the step of one parameter from its index i, its gradient d (penalty included) and
the rest of the arguments: the optimizer's state arrays, then its constants. ``_update`` puts the
pass over all parameters around a rule.
"""

import numpy as np
from numba.extending import register_jitable

from skdeep.kernels.compiled.jit import jit


def _update(rule):
    """Return the compiled kernel for a rule.

    It takes (w, g, n_weights, l2, l1, shrink, state arrays and constants): the first n_weights
    entries of w are weights, which penalties act on and ``shrink`` multiplies. It returns the sums
    of w^2 over the weights and of d^2 over everything before the update, and of w^2 over everything
    after it.
    """

    def update(w, g, n_weights, l2, l1, shrink, *rest):
        real = w.dtype.type
        zero = real(0)
        before = squares = after = zero
        for part in range(2):
            is_weight = part == 0
            start, stop = (0, n_weights) if is_weight else (n_weights, w.size)
            l2_ = real(l2 if is_weight else 0.0)
            l1_ = real(l1 if is_weight else 0.0)
            shrink_ = real(shrink if is_weight else 1.0)
            # unsigned, or the check for negative indices would keep the loop from being vectorised
            for i in range(np.uintp(start), np.uintp(stop)):
                x = w[i]
                d = g[i] + l2_ * x + (l1_ if x > zero else (-l1_ if x < zero else zero))
                new = x * shrink_ - rule(i, d, rest)
                w[i] = new
                before += x * x if is_weight else zero
                squares += d * d
                after += new * new
        return before, squares, after

    return jit(update)


@_update
@register_jitable
def sgd_update(i, d, rest):
    """Plain descent."""
    return type(d)(rest[0]) * d


@_update
@register_jitable
def momentum_update(i, d, rest):
    """Descent with momentum."""
    u, rate, gamma = rest
    real = type(d)
    u[i] = real(gamma) * u[i] + real(rate) * d
    return u[i]


@_update
@register_jitable
def nesterov_update(i, d, rest):
    """The gradient's part of the step: w is at the look-ahead point, u is decayed already."""
    u, rate = rest
    step = type(d)(rate) * d
    u[i] += step
    return step


@_update
@register_jitable
def adagrad_update(i, d, rest):
    """Adagrad."""
    v, rate, epsilon = rest
    real = type(d)
    v[i] += d * d
    return real(rate) * d / np.sqrt(v[i] + real(epsilon))


@_update
@register_jitable
def rmsprop_update(i, d, rest):
    """RMSProp."""
    v, rate, keep, take, epsilon = rest
    real = type(d)
    v[i] = real(keep) * v[i] + real(take) * d * d
    return real(rate) * d / np.sqrt(v[i] + real(epsilon))


@_update
@register_jitable
def adadelta_update(i, d, rest):
    """Adadelta."""
    v, s, rate, keep, take, epsilon = rest
    real = type(d)
    v[i] = real(keep) * v[i] + real(take) * d * d
    step = d * np.sqrt(s[i] + real(epsilon)) / np.sqrt(v[i] + real(epsilon))
    s[i] = real(keep) * s[i] + real(take) * step * step
    return real(rate) * step


@register_jitable
def _moments(i, d, m, v, keep_1, take_1, keep_2, take_2):
    real = type(d)
    m[i] = real(keep_1) * m[i] + real(take_1) * d
    v[i] = real(keep_2) * v[i] + real(take_2) * d * d


@_update
@register_jitable
def adam_update(i, d, rest):
    """Adam."""
    m, v, rate, root, epsilon, keep_1, take_1, keep_2, take_2 = rest
    real = type(d)
    _moments(i, d, m, v, keep_1, take_1, keep_2, take_2)
    return real(rate) * m[i] / (np.sqrt(v[i]) * real(root) + real(epsilon))


@_update
@register_jitable
def nadam_update(i, d, rest):
    """Adam with Nesterov's momentum."""
    m, v, of_m, of_g, root, epsilon, keep_1, take_1, keep_2, take_2 = rest
    real = type(d)
    _moments(i, d, m, v, keep_1, take_1, keep_2, take_2)
    ahead = real(of_m) * m[i] + real(of_g) * d
    return ahead / (np.sqrt(v[i]) * real(root) + real(epsilon))


@_update
@register_jitable
def amsgrad_update(i, d, rest):
    """Adam whose denominator never shrinks."""
    m, v, v_max, rate, root, epsilon, keep_1, take_1, keep_2, take_2 = rest
    real = type(d)
    _moments(i, d, m, v, keep_1, take_1, keep_2, take_2)
    v_max[i] = v[i] if v[i] > v_max[i] else v_max[i]
    return real(rate) * m[i] / (np.sqrt(v_max[i]) * real(root) + real(epsilon))


@_update
@register_jitable
def adamax_update(i, d, rest):
    """Adam with the largest gradient."""
    m, v, rate, epsilon, keep_1, take_1, keep_2 = rest
    real = type(d)
    m[i] = real(keep_1) * m[i] + real(take_1) * d
    faded = real(keep_2) * v[i]
    v[i] = faded if faded > abs(d) else abs(d)
    return real(rate) * m[i] / (v[i] + real(epsilon))


@_update
@register_jitable
def lion_update(i, d, rest):
    """Evolved sign momentum."""
    m, rate, take_1, keep_2, take_2 = rest
    real = type(d)
    blend = m[i] + real(take_1) * (d - m[i])
    m[i] = real(keep_2) * m[i] + real(take_2) * d
    step, zero = real(rate), real(0)
    # nan compares false twice, and must not become a step of zero
    return step if blend > zero else (-step if blend < zero else blend * step)
