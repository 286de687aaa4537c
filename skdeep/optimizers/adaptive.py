"""Rates of their own for every parameter, from the squares of past gradients."""

from __future__ import annotations

import numpy as np

from skdeep._constraints import Number
from skdeep.optimizers.base import OPTIMIZERS, Optimizer

_EPSILON = Number(1e-30)  # below it single precision would divide zero by zero
_SHARE = Number(0, 1, closed="left")


class _Squares(Optimizer):
    """Optimizers that divide by sqrt(v + eps), eps inside the root."""

    slots = ("v",)

    def _divide(self, w, g, state, rate, scratch):
        np.add(state.v, self.epsilon, out=scratch)
        np.sqrt(scratch, out=scratch)
        g /= scratch
        g *= rate
        w -= g


@OPTIMIZERS.register("adagrad")
class Adagrad(_Squares):
    r"""Adagrad: parameters with small or rare gradients keep large steps.

    .. math:: v \leftarrow v + g^2, \quad w \leftarrow w - \eta g / \sqrt{v + \epsilon}

    Parameters
    ----------
    epsilon : float >= 1e-30, default=1e-8
        Inside the root.

    References
    ----------
    Duchi, Hazan and Singer (2011), JMLR 12.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(optimizer="adagrad", learning_rate_init=0.05).optimizer
    'adagrad'
    """

    kernel = "adagrad"

    constraints = {"epsilon": _EPSILON}

    def __init__(self, epsilon: float = 1e-8) -> None:
        self.epsilon = epsilon

    def _update(self, w, g, rate, t, scratch, state):
        np.multiply(g, g, out=scratch)
        state.v += scratch
        self._divide(w, g, state, rate, scratch)

    def _constants(self, state, rate):
        return rate, self.epsilon


@OPTIMIZERS.register("rmsprop")
class RMSprop(_Squares):
    r"""RMSProp: Adagrad with a running mean, so that rates can recover.

    .. math::
        v \leftarrow \beta v + (1 - \beta) g^2, \quad
        w \leftarrow w - \eta g / \sqrt{v + \epsilon}

    Parameters
    ----------
    beta : float in [0, 1), default=0.9
        The memory of the mean.
    epsilon : float >= 1e-30, default=1e-8
        Inside the root.

    References
    ----------
    Tieleman and Hinton (2012), lecture 6.5 of "Neural networks for machine learning".

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.optimizers import RMSprop
    >>> MLPClassifier(optimizer=RMSprop(beta=0.99)).optimizer
    RMSprop(beta=0.99)
    """

    kernel = "rmsprop"

    constraints = {"beta": _SHARE, "epsilon": _EPSILON}

    def __init__(self, beta: float = 0.9, epsilon: float = 1e-8) -> None:
        self.beta = beta
        self.epsilon = epsilon

    def _update(self, w, g, rate, t, scratch, state):
        np.multiply(g, g, out=scratch)
        scratch *= 1 - self.beta
        state.v *= self.beta
        state.v += scratch
        self._divide(w, g, state, rate, scratch)

    def _constants(self, state, rate):
        return rate, self.beta, 1 - self.beta, self.epsilon


@OPTIMIZERS.register("adadelta")
class Adadelta(Optimizer):
    r"""Adadelta: steps in the units of the parameters.

    .. math::
        v &\leftarrow \beta v + (1 - \beta) g^2, \quad
        d = g \sqrt{s + \epsilon} / \sqrt{v + \epsilon} \\
        s &\leftarrow \beta s + (1 - \beta) d^2, \quad w \leftarrow w - \eta d

    The paper's method has :math:`\eta = 1`: set ``learning_rate_init=1.0``.

    Parameters
    ----------
    beta : float in [0, 1), default=0.95
        The memory of both means.
    epsilon : float >= 1e-30, default=1e-6
        Inside the roots.

    References
    ----------
    Zeiler (2012), arXiv:1212.5701.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(optimizer="adadelta", learning_rate_init=1.0).optimizer
    'adadelta'
    """

    kernel = "adadelta"

    slots = ("v", "s")
    constraints = {"beta": _SHARE, "epsilon": _EPSILON}

    def __init__(self, beta: float = 0.95, epsilon: float = 1e-6) -> None:
        self.beta = beta
        self.epsilon = epsilon

    def _update(self, w, g, rate, t, scratch, state):
        self._mean_of_squares(state.v, g, scratch)
        np.add(state.s, self.epsilon, out=scratch)
        np.sqrt(scratch, out=scratch)
        g *= scratch
        np.add(state.v, self.epsilon, out=scratch)
        np.sqrt(scratch, out=scratch)
        g /= scratch
        self._mean_of_squares(state.s, g, scratch)
        g *= rate
        w -= g

    def _mean_of_squares(self, mean, x, scratch):
        np.multiply(x, x, out=scratch)
        scratch *= 1 - self.beta
        mean *= self.beta
        mean += scratch

    def _constants(self, state, rate):
        return rate, self.beta, 1 - self.beta, self.epsilon
