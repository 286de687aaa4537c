"""Piecewise activations: straight on the right, something gentler on the left."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from skdeep._constraints import Number
from skdeep.activations.base import ACTIVATIONS, Activation


@ACTIVATIONS.register("relu")
class ReLU(Activation):
    r"""Rectified linear unit, :math:`f(z) = \max(0, z)`.

    The derivative at 0 is taken as 0.

    References
    ----------
    Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", ICML.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.activations import ReLU
    >>> MLPClassifier(activation=ReLU()).activation
    ReLU()
    """

    kernel = "relu"
    in_place = True
    init = "he_uniform"

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write max(0, z) into ``out``."""
        np.maximum(z, 0, out=out)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by 1 where the output is positive, by 0 elsewhere."""
        np.greater(out, 0, out=out)  # a sign would branch on every element, ten times slower
        delta *= out
        return delta


@ACTIVATIONS.register("leaky_relu")
class LeakyReLU(Activation):
    r"""Leaky rectified linear unit, :math:`f(z) = \max(s z, z)`.

    Parameters
    ----------
    slope : float in [0, 1], default=0.01
        The slope s on the left.

    References
    ----------
    Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models".

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.activations import LeakyReLU
    >>> MLPClassifier(activation=LeakyReLU(slope=0.1)).get_params()["activation__slope"]
    0.1
    """

    kernel = "leaky_relu"
    init = "he_uniform"
    constraints = {"slope": Number(0, 1)}

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    @property
    def constants(self) -> tuple[float, ...]:
        """The slope."""
        return (float(self.slope),)

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write max(slope * z, z) into ``out``."""
        np.multiply(z, float(self.slope), out=out)
        np.maximum(z, out, out=out)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by 1 on the right of 0, by the slope elsewhere."""
        np.greater(z, 0, out=z)
        z *= 1 - float(self.slope)
        z += float(self.slope)
        delta *= z
        return delta


@ACTIVATIONS.register("prelu")
class PReLU(Activation):
    r"""Parametric rectified linear unit, :math:`f(z) = \max(0, z) + a \min(0, z)`.

    Every unit has a slope ``a`` of its own, a parameter that training updates like the weights
    (without penalty).

    Parameters
    ----------
    slope : float, default=0.25
        Where the slopes start.

    References
    ----------
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", arXiv:1502.01852.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier((8,), "prelu", optimizer="lbfgs", tol=0.01, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.9
    True
    """

    kernel = "prelu"
    init = "he_uniform"
    constraints = {"slope": Number(-1, 1)}

    def __init__(self, slope: float = 0.25) -> None:
        self.slope = slope

    def n_parameters(self, n_units: int) -> int:
        """Return one slope a unit."""
        return n_units

    def start_parameters(self, theta: ndarray) -> None:
        """Set every slope to its start."""
        theta[...] = self.slope

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write max(0, z) + theta * min(0, z) into ``out``."""
        np.multiply(z, theta, out=out)
        if theta.max() <= 1:
            np.maximum(z, out, out=out)
        else:  # the maximum would pick the wrong side for slopes above one
            np.copyto(out, z, where=z > 0)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by the slopes left of 0; their gradient is sum(delta min(0, z))."""
        np.minimum(z, 0, out=out)
        out *= delta
        np.add.reduce(out, axis=0, out=theta_gradient)
        np.greater(z, 0, out=out)
        np.subtract(1, out, out=z)
        z *= theta
        z += out
        delta *= z
        return delta


def _elu_forward(z, out, a, scale):
    """Write scale * (max(0, z) + a (exp(min(0, z)) - 1)); ``z`` is scratch."""
    np.minimum(z, 0, out=out)
    np.expm1(out, out=out)
    out *= scale * a
    np.maximum(z, 0, out=z)
    z *= scale
    out += z


def _elu_backward(z, out, delta, a, scale):
    """The derivative from the output: scale on the right, out + scale * a on the left."""
    np.minimum(out, 0, out=z)
    z += scale * a
    np.greater(out, 0, out=out)
    out *= scale * (1 - a)
    z += out
    delta *= z
    return delta


@ACTIVATIONS.register("elu")
class ELU(Activation):
    r"""Exponential linear unit: z for z > 0, :math:`a (e^z - 1)` for z <= 0.

    Parameters
    ----------
    a : float > 0, default=1.0
        Minus the limit on the left.

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), arXiv:1511.07289.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.activations import ELU
    >>> MLPClassifier(activation=ELU(a=0.5)).activation
    ELU(a=0.5)
    """

    kernel = "elu"
    init = "he_uniform"
    constraints = {"a": Number(0, closed="neither")}

    def __init__(self, a: float = 1.0) -> None:
        self.a = a

    @property
    def constants(self) -> tuple[float, ...]:
        """The limit and the scale."""
        return float(self.a), 1.0

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write the exponential linear unit of ``z`` into ``out``; ``z`` is scratch."""
        _elu_forward(z, out, float(self.a), 1.0)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by 1 on the right of 0, by out + a elsewhere."""
        return _elu_backward(z, out, delta, float(self.a), 1.0)


@ACTIVATIONS.register("selu")
class SELU(Activation):
    r"""Scaled exponential linear unit, :math:`\lambda\,\mathrm{ELU}_a(z)`.

    The constants a = 1.6733 and lambda = 1.0507 make zero mean and unit variance a fixed point of
    deep networks whose weights start as ``init="lecun_normal"``.

    References
    ----------
    Klambauer, Unterthiner, Mayr and Hochreiter (2017), "Self-normalizing neural networks",
    arXiv:1706.02515.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier((32,) * 8, activation="selu").activation
    'selu'
    """

    kernel = "elu"
    init = "lecun_normal"
    A = 1.6732632423543772
    SCALE = 1.0507009873554805

    @property
    def constants(self) -> tuple[float, ...]:
        """The limit and the scale."""
        return self.A, self.SCALE

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write the scaled exponential linear unit of ``z`` into ``out``; ``z`` is scratch."""
        _elu_forward(z, out, self.A, self.SCALE)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Multiply ``delta`` by the derivative, taken from the output."""
        return _elu_backward(z, out, delta, self.A, self.SCALE)


@ACTIVATIONS.register("maxout")
class Maxout(Activation):
    r"""The maximum of k affine maps a unit, :math:`f(x) = \max_j (x W_j + b_j)`.

    A layer of m units has weights of shape (n_inputs, k * m): the k maps side by side. Where
    several maps tie, the first takes the gradient.

    Parameters
    ----------
    pieces : int >= 2, default=2
        The number k of affine maps a unit.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio (2013), "Maxout networks",
    arXiv:1302.4389.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdeep import MLPClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier((5,), "maxout", optimizer="lbfgs", tol=0.01, random_state=0).fit(X, y)
    >>> model.coefs_[0].shape
    (4, 10)
    """

    init = "he_uniform"
    constraints = {"pieces": Number(2, integer=True)}

    def __init__(self, pieces: int = 2) -> None:
        self.pieces = pieces

    def _split(self, z):
        return z.reshape(len(z), self.pieces, -1)

    def forward(self, z: ndarray, out: ndarray, theta: ndarray) -> None:
        """Write the maximum over the pieces into ``out``."""
        np.maximum.reduce(self._split(z), axis=1, out=out)

    def backward(
        self, z: ndarray, out: ndarray, delta: ndarray, theta: ndarray, theta_gradient: ndarray
    ) -> ndarray:
        """Give each unit's gradient to its first winning piece; the result overwrites ``z``."""
        pieces = self._split(z)
        for j in range(self.pieces):
            piece = pieces[:, j]
            np.equal(piece, out, out=piece)
            piece *= delta
            delta -= piece
        return z
