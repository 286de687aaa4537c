"""Elementary functions that the compiler can vectorise: without branches and without calls.

numba calls the C library for ``exp`` and ``erf``, one number at a time. Here they are polynomials
and rational functions, exact to a few units in the last place, in single and double precision.
They take numbers on one side of 0, the other follows by symmetry. nan stays nan.

The cache of a kernel on disk notices changes of the kernel's own file, not of this one: empty it
after changing something here.
"""

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

# Products may be fused with sums, but nothing may be regrouped, as kernels otherwise allow: that
# would cancel the corrections below.
EXACT = {"fastmath": {"contract"}}


@register_jitable(**EXACT)
def _polynomial_single(r):
    """exp(r) - 1 for |r| <= log(2) / 2; the polynomial is that of Cephes (Moshier, 1989)."""
    real = np.float32
    p = real(1.9875691500e-4)
    p = p * r + real(1.3981999507e-3)
    p = p * r + real(8.3334519073e-3)
    p = p * r + real(4.1665795894e-2)
    p = p * r + real(1.6666665459e-1)
    p = p * r + real(5.0000001201e-1)
    return p * r * r + r


@register_jitable(**EXACT)
def _polynomial_double(r):
    """exp(r) - 1 for |r| <= log(2) / 2: Taylor's polynomial of degree 13."""
    p = 1 / 6227020800
    p = p * r + 1 / 479001600
    p = p * r + 1 / 39916800
    p = p * r + 1 / 3628800
    p = p * r + 1 / 362880
    p = p * r + 1 / 40320
    p = p * r + 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 1 / 2
    return p * r * r + r


def _reduction(real, whole, polynomial, lowest, log_2, digits, bias):
    """Return a function of x <= 0 that gives 2^n and p, such that exp(x) = 2^n (1 + p).

    n is the whole number nearest to x / log 2, and p = exp(r) - 1 for the rest, r = x - n log 2
    (Cody and Waite, 1980). A number to which 1.5 * 2^digits is added has no room left for a
    fraction: it is rounded to a whole one, which the last bits of the sum hold. Shifted to where
    the exponent is, they make 2^n.

    Parameters
    ----------
    real, whole : type
        The type of floating-point numbers, and that of integers of the same size.
    polynomial : callable
        exp(r) - 1 for small r.
    lowest : float
        Where 2^n is 0 already; what lies below is taken for it.
    log_2 : tuple of float
        The logarithm of 2: a part of few digits, whose product with n is exact, and the rest.
    digits, bias : int
        Of the type of floating-point numbers: the bits of a mantissa, and the exponent of 1.
    """
    lowest, per_log_2, rounder = real(lowest), real(1 / np.log(2)), real(1.5 * 2**digits)
    log_2, rest_of_log_2 = real(log_2[0]), real(log_2[1])
    digits, bias = whole(digits), whole(bias)

    @register_jitable(**EXACT)
    def reduction(x):
        x = lowest if x < lowest else x
        rounded = x * per_log_2 + rounder
        n = rounded - rounder
        r = x - n * log_2 - n * rest_of_log_2
        power = whole((real(rounded).view(whole) + bias) << digits).view(real)
        return power, polynomial(r)

    return reduction


_LOG_2_SINGLE = 0.693359375, -2.12194440e-4
_LOG_2_DOUBLE = 6.93147180369123816490e-1, 1.90821492927058770002e-10
_REDUCTIONS = {
    types.float32: _reduction(
        np.float32, np.int32, _polynomial_single, -88.0, _LOG_2_SINGLE, 23, 127
    ),
    types.float64: _reduction(
        np.float64, np.int64, _polynomial_double, -709.0, _LOG_2_DOUBLE, 52, 1023
    ),
}


def _reduced(x):
    """Stand for the reduction that suits the type of x."""


@overload(_reduced, jit_options=EXACT)
def _reduced_for_type(x):
    return _REDUCTIONS.get(x)


@register_jitable(**EXACT)
def exp(x):
    """The exponential of x <= 0, or 0 where it is below the smallest normal number."""
    power, p = _reduced(x)
    return power + power * p


@register_jitable(**EXACT)
def expm1(x):
    """exp(x) - 1 for x <= 0."""
    power, p = _reduced(x)
    return power * p + (power - type(x)(1))


@register_jitable(**EXACT)
def log1p(x):
    """log(1 + x) for 0 <= x <= 1.

    It is 2 artanh(u) for u = x / (2 + x) <= 1/3. The first term is 2 u = x - u x, of which x is
    exact; the rest is u times a polynomial in u^2, chosen so that the sum is right at the ten
    Chebyshev points of [0, 1/9] and elsewhere to 5e-17.
    """
    real = type(x)
    u = x / (real(2) + x)
    square = u * u
    p = real(0.17780763826113302)
    p = p * square + real(0.098807890487647862)
    p = p * square + real(0.13591305485579894)
    p = p * square + real(0.15363676248891633)
    p = p * square + real(0.18182859800473911)
    p = p * square + real(0.22222190861346283)
    p = p * square + real(0.28571429111657159)
    p = p * square + real(0.399999999952876)
    p = p * square + real(0.66666666666682572)
    return x - u * (x - p * square)


@register_jitable(**EXACT)
def normal_tail(x):
    """exp(-x^2 / 2) and the probability that a normal variable exceeds x, for x >= 0.

    The ratio of both is the rational function of Hart et al. (1968), "Computer approximations",
    no. 5666, as in West (2005), "Better approximations to cumulative normal functions". All its
    coefficients are positive, so that nothing cancels. Made for x < 7.07, it is the right one in
    the limit, too; between them it is off by less than the exponential can show.
    """
    real = type(x)
    x = real(40) if x > real(40) else x
    density = exp(real(-0.5) * x * x)
    p = real(3.52624965998911e-2) * x + real(0.700383064443688)
    p = p * x + real(6.37396220353165)
    p = p * x + real(33.912866078383)
    p = p * x + real(112.079291497871)
    p = p * x + real(221.213596169931)
    p = p * x + real(220.206867912376)
    q = real(8.83883476483184e-2) * x + real(1.75566716318264)
    q = q * x + real(16.064177579207)
    q = q * x + real(86.7807322029461)
    q = q * x + real(296.564248779674)
    q = q * x + real(637.333633378831)
    q = q * x + real(793.826512519948)
    q = q * x + real(440.413735824752)
    return density, density * p / q
