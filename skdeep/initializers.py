"""How weights start: each initializer fills one weight matrix."""

from __future__ import annotations

from math import sqrt

import numpy as np

from skdeep._component import Component, Registry
from skdeep._constraints import Number

__all__ = [
    "INITIALIZERS",
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LeCunNormal",
    "LeCunUniform",
    "Normal",
    "Orthogonal",
    "Uniform",
    "Zeros",
]


class Initializer(Component):
    """Base class of initializers; subclass it to add your own.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.initializers import Initializer
    >>> class Sparse(Initializer):
    ...     def sample(self, shape, fan_in, fan_out, rng):
    ...         return rng.standard_normal(shape) * (rng.random(shape) < 0.1)
    >>> MLPClassifier(init=Sparse()).init
    Sparse()
    """

    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray | float:
        """Return starting weights.

        Parameters
        ----------
        shape : tuple of int
            (n_inputs, n_columns).
        fan_in, fan_out : int
            The inputs that a unit sees, and the units that an input reaches.
        rng : numpy.random.Generator
            The stream to draw from.

        Returns
        -------
        ndarray or float
            Of the given shape, or a number for all weights.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define sample(shape, fan_in, fan_out, rng)."
        )


INITIALIZERS = Registry("init", Initializer)


@INITIALIZERS.register("zeros")
class Zeros(Initializer):
    """All weights zero: the units of a layer get equal gradients and stay equal for ever.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(init="zeros").init
    'zeros'
    """

    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Return 0."""
        return 0.0


@INITIALIZERS.register("constant")
class Constant(Initializer):
    """All weights equal: another way to see the symmetry problem.

    Parameters
    ----------
    value : float, default=0.1
        The weight.

    Examples
    --------
    >>> from skdeep.initializers import Constant
    >>> Constant(value=0.5).sample((2, 3), 2, 3, None)
    0.5
    """

    constraints = {"value": Number()}

    def __init__(self, value: float = 0.1) -> None:
        self.value = value

    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> float:
        """Return the value."""
        return float(self.value)


@INITIALIZERS.register("normal")
class Normal(Initializer):
    """Gaussian weights of a fixed spread: small ones vanish in deep networks, large ones saturate.

    Parameters
    ----------
    scale : float >= 0, default=0.01
        The standard deviation.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.initializers import Normal
    >>> MLPClassifier(init=Normal(scale=1.0)).init
    Normal(scale=1.0)
    """

    constraints = {"scale": Number(0)}

    def __init__(self, scale: float = 0.01) -> None:
        self.scale = scale

    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw from N(0, scale^2)."""
        return rng.standard_normal(shape) * self.scale


@INITIALIZERS.register("uniform")
class Uniform(Initializer):
    """Uniform weights in [-scale, scale].

    Parameters
    ----------
    scale : float >= 0, default=0.05
        The bound.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.initializers import Uniform
    >>> MLPClassifier(init=Uniform(scale=0.5)).init
    Uniform(scale=0.5)
    """

    constraints = {"scale": Number(0)}

    def __init__(self, scale: float = 0.05) -> None:
        self.scale = scale

    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw from U(-scale, scale)."""
        return rng.uniform(-self.scale, self.scale, shape)


class _Scaled(Initializer):
    """Weights with a variance that follows from the layer's size; subclasses say how."""

    constraints = {"gain": Number(0, closed="neither")}

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def variance(self, fan_in: int, fan_out: int) -> float:
        raise NotImplementedError


class _ScaledNormal(_Scaled):
    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw from a Gaussian of that variance."""
        spread = self.gain * sqrt(self.variance(fan_in, fan_out))
        return rng.standard_normal(shape) * spread


class _ScaledUniform(_Scaled):
    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw uniformly, with bounds that give that variance."""
        bound = self.gain * sqrt(3 * self.variance(fan_in, fan_out))
        return rng.uniform(-bound, bound, shape)


class _LeCun:
    def variance(self, fan_in: int, fan_out: int) -> float:
        """Return 1 / n_in."""
        return 1 / fan_in


class _Glorot:
    def variance(self, fan_in: int, fan_out: int) -> float:
        """Return 2 / (n_in + n_out)."""
        return 2 / (fan_in + fan_out)


class _He:
    def variance(self, fan_in: int, fan_out: int) -> float:
        """Return 2 / n_in."""
        return 2 / fan_in


@INITIALIZERS.register("lecun_normal")
class LeCunNormal(_LeCun, _ScaledNormal):
    r"""Unit Gaussian scaled by :math:`1/\sqrt{n_{in}}`.

    Parameters
    ----------
    gain : float > 0, default=1.0
        What the weights are multiplied with.

    References
    ----------
    LeCun, Bottou, Orr and Mueller (1998), "Efficient BackProp".

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.initializers import LeCunNormal
    >>> w = LeCunNormal().sample((400, 100), 400, 100, np.random.default_rng(0))
    >>> round(float(w.std() * 400**0.5), 2)
    1.0
    """


@INITIALIZERS.register("lecun_uniform")
class LeCunUniform(_LeCun, _ScaledUniform):
    r"""Uniform with variance :math:`1/n_{in}`.

    Parameters
    ----------
    gain : float > 0, default=1.0
        What the weights are multiplied with.

    References
    ----------
    LeCun, Bottou, Orr and Mueller (1998), "Efficient BackProp".

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(init="lecun_uniform").init
    'lecun_uniform'
    """


@INITIALIZERS.register("glorot_normal")
class GlorotNormal(_Glorot, _ScaledNormal):
    r"""Gaussian with variance :math:`2/(n_{in} + n_{out})`.

    Parameters
    ----------
    gain : float > 0, default=1.0
        What the weights are multiplied with.

    References
    ----------
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(init="glorot_normal").init
    'glorot_normal'
    """


@INITIALIZERS.register("glorot_uniform")
class GlorotUniform(_Glorot, _ScaledUniform):
    r"""Uniform with variance :math:`2/(n_{in} + n_{out})`; scikit-learn's start, mostly.

    The bound is :math:`\sqrt{6/(n_{in} + n_{out})}`; under "logistic" scikit-learn has 2 in the
    place of 6. Its biases start within the same bound.

    Parameters
    ----------
    gain : float > 0, default=1.0
        What the weights are multiplied with.

    References
    ----------
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(init="glorot_uniform").init
    'glorot_uniform'
    """


@INITIALIZERS.register("he_normal")
class HeNormal(_He, _ScaledNormal):
    r"""Gaussian with variance :math:`2/n_{in}`, for rectifiers.

    Parameters
    ----------
    gain : float > 0, default=1.0
        What the weights are multiplied with.

    References
    ----------
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", arXiv:1502.01852.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(init="he_normal").init
    'he_normal'
    """


@INITIALIZERS.register("he_uniform")
class HeUniform(_He, _ScaledUniform):
    r"""Uniform with variance :math:`2/n_{in}`, for rectifiers.

    Parameters
    ----------
    gain : float > 0, default=1.0
        What the weights are multiplied with.

    References
    ----------
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", arXiv:1502.01852.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(init="he_uniform").init
    'he_uniform'
    """


@INITIALIZERS.register("orthogonal")
class Orthogonal(Initializer):
    r"""A random matrix with orthonormal rows or columns, whichever are fewer.

    Parameters
    ----------
    gain : float > 0, default=1.0
        The singular values.

    References
    ----------
    Saxe, McClelland and Ganguli (2014), arXiv:1312.6120.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.initializers import Orthogonal
    >>> w = Orthogonal().sample((5, 3), 5, 3, np.random.default_rng(0))
    >>> bool(np.allclose(w.T @ w, np.eye(3)))
    True
    """

    constraints = {"gain": Number(0, closed="neither")}

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def sample(
        self, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the orthogonal factor of a Gaussian matrix, its signs made unique."""
        rows, columns = shape
        gaussian = rng.standard_normal((max(shape), min(shape)))
        q, r = np.linalg.qr(gaussian)
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)
        return (q if rows >= columns else q.T) * self.gain
