"""Smooth activations: the identity, the saturating ones and the newer soft rectifiers."""

from math import pi, sqrt

import numpy as np
from scipy.special import erf, expit

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

    def forward(self, z, out, theta):
        """Leave ``z`` as it is."""

    def backward(self, z, out, delta, theta, theta_gradient):
        """Leave ``delta`` as it is."""
        return delta


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

    def forward(self, z, out, theta):
        """Write the sigmoid of ``z`` into ``out``."""
        expit(z, out=out)

    def backward(self, z, out, delta, theta, theta_gradient):
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

    def forward(self, z, out, theta):
        """Write tanh(z) into ``out``."""
        np.tanh(z, out=out)

    def backward(self, z, out, delta, theta, theta_gradient):
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

    in_place = True

    def forward(self, z, out, theta):
        """Write log(1 + exp(z)) into ``out``."""
        np.logaddexp(z, 0, out=out)

    def backward(self, z, out, delta, theta, theta_gradient):
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

    init = "he_uniform"

    def forward(self, z, out, theta):
        """Write z Phi(z) into ``out``."""
        _normal_cdf(z, out)
        out *= z

    def backward(self, z, out, delta, theta, theta_gradient):
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

    init = "he_uniform"

    def forward(self, z, out, theta):
        """Write z sigmoid(z) into ``out``."""
        expit(z, out=out)
        out *= z

    def backward(self, z, out, delta, theta, theta_gradient):
        """Multiply ``delta`` by s (1 - out) + out with s = sigmoid(z)."""
        expit(z, out=z)
        np.subtract(1, out, out=out)
        z *= out
        z -= out
        z += 1
        delta *= z
        return delta


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

    init = "he_uniform"

    def forward(self, z, out, theta):
        """Write z tanh(softplus(z)) into ``out``."""
        np.logaddexp(z, 0, out=out)
        np.tanh(out, out=out)
        out *= z

    def backward(self, z, out, delta, theta, theta_gradient):
        """Multiply ``delta`` by t + z s (1 - t^2), t = tanh(softplus(z)), s = sigmoid(z)."""
        expit(z, out=out)
        out *= z
        np.logaddexp(z, 0, out=z)
        np.tanh(z, out=z)
        z += 1  # (1 - t^2) as (1 + t)(1 - t) needs no third array
        out *= z
        np.subtract(2, z, out=z)
        out *= z
        out -= z
        out += 1
        delta *= out
        return delta
