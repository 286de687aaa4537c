"""Smooth activations: the identity, the saturating ones and the newer soft rectifiers."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from numpy import ndarray
from scipy.special import erf

from skdeep.activations.base import ACTIVATIONS, Activation


@ACTIVATIONS.register("identity")
class Identity(Activation):
    r"""No activation, :math:`f(z) = z`: the layer is linear.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> MLPRegressor((3,), "identity").activation
    'identity'
    """

    kernel = "identity"
    in_place = True

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Leave ``z`` as it is."""

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Leave ``delta`` as it is."""
        return delta


def _sigmoid(z, out):
    """Write the sigmoid into ``out``, which may be ``z``, in a third of scipy's time."""
    np.negative(z, out=out)
    with np.errstate(over="ignore"):  # where the exponential is infinite, the sigmoid is 0
        np.exp(out, out=out)
    out += 1
    np.reciprocal(out, out=out)


@ACTIVATIONS.register("sigmoid", "logistic")
class Sigmoid(Activation):
    r"""Logistic sigmoid, :math:`f(z) = 1 / (1 + e^{-z})`.

    It saturates at 0 and 1, and its outputs are not zero-centred.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(activation="sigmoid").activation
    'sigmoid'
    """

    kernel = "sigmoid"
    in_place = True

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write the sigmoid of ``z`` into ``out``."""
        _sigmoid(z, out)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by out (1 - out)."""
        delta *= out
        np.subtract(1, out, out=out)
        delta *= out
        return delta


@ACTIVATIONS.register("tanh")
class Tanh(Activation):
    r"""Hyperbolic tangent, :math:`f(z) = \tanh z`: a sigmoid whose outputs are zero-centred.

    References
    ----------
    LeCun, Bottou, Orr and Mueller (1998), "Efficient BackProp".

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(activation="tanh").activation
    'tanh'
    """

    kernel = "tanh"
    in_place = True

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write tanh(z) into ``out``."""
        np.tanh(z, out=out)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by 1 - out^2."""
        out *= out
        np.subtract(1, out, out=out)
        delta *= out
        return delta


@ACTIVATIONS.register("softplus")
class Softplus(Activation):
    r"""Softplus, :math:`f(z) = \log(1 + e^z)`, a smooth rectifier.

    References
    ----------
    Dugas, Bengio, Belisle, Nadeau and Garcia (2001).

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> MLPRegressor(activation="softplus").activation
    'softplus'
    """

    kernel = "softplus"

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write max(0, z) + log(1 + exp(-abs(z))) into ``out``; ``z`` is scratch."""
        np.abs(z, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        np.maximum(z, 0, out=z)
        out += z

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by the sigmoid, which is 1 - exp(-out)."""
        np.negative(out, out=out)
        np.expm1(out, out=out)
        np.negative(out, out=out)
        delta *= out
        return delta


def _normal_cdf(z, out):
    np.multiply(z, 1 / sqrt(2), out=out)
    erf(out, out=out)
    out += 1
    out *= 0.5


@ACTIVATIONS.register("gelu")
class GELU(Activation):
    r"""Gaussian error linear unit, :math:`f(z) = z\,\Phi(z)`, with the exact normal cdf.

    References
    ----------
    Hendrycks and Gimpel (2016), arXiv:1606.08415.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(activation="gelu").activation
    'gelu'
    """

    kernel = "gelu"
    init = "he_uniform"

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write z Phi(z) into ``out``."""
        _normal_cdf(z, out)
        out *= z

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by Phi(z) + z phi(z)."""
        np.multiply(z, z, out=out)
        out *= -0.5
        np.exp(out, out=out)
        out *= 1 / sqrt(2 * pi)
        out *= z
        _normal_cdf(z, z)
        out += z
        delta *= out
        return delta


@ACTIVATIONS.register("silu")
class SiLU(Activation):
    r"""Sigmoid linear unit (swish), :math:`f(z) = z\,\sigma(z)`.

    References
    ----------
    Elfwing, Uchibe and Doya (2018), arXiv:1702.03118.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(activation="silu").activation
    'silu'
    """

    kernel = "silu"
    init = "he_uniform"

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write z sigmoid(z) into ``out``."""
        _sigmoid(z, out)
        out *= z

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by s (1 - out) + out with s = sigmoid(z)."""
        _sigmoid(z, z)
        np.subtract(1, out, out=out)
        z *= out
        z -= out
        z += 1
        delta *= z
        return delta


def _tanh_of_softplus(z, out):
    """Write tanh(log(1 + exp(z))) into ``out``, which may be ``z``."""
    np.minimum(z, 20, out=out)  # where it is 1 to double precision
    np.exp(out, out=out)
    np.log1p(out, out=out)
    np.tanh(out, out=out)


@ACTIVATIONS.register("mish")
class Mish(Activation):
    r"""Mish, :math:`f(z) = z \tanh(\log(1 + e^z))`.

    References
    ----------
    Misra (2019), arXiv:1908.08681.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(activation="mish").activation
    'mish'
    """

    kernel = "mish"
    init = "he_uniform"

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write z tanh(softplus(z)) into ``out``."""
        _tanh_of_softplus(z, out)
        out *= z

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by t + z s (1 - t^2), t = tanh(softplus(z)), s = sigmoid(z)."""
        _sigmoid(z, out)
        out *= z
        _tanh_of_softplus(z, z)
        z += 1  # (1 - t^2) as (1 + t)(1 - t) needs no third array
        out *= z
        np.subtract(2, z, out=z)
        out *= z
        out -= z
        out += 1
        delta *= out
        return delta
