"""Adam and its relatives: running means of the gradient, mostly over those of its square."""

from __future__ import annotations

from math import sqrt

import numpy as np

from skdeep._constraints import Number
from skdeep.optimizers.base import OPTIMIZERS, Optimizer

_SHARE = Number(0, 1, closed="left")


def _run(mean, x, beta, scratch):
    """Move a running mean towards x by the share 1 - beta of the way."""
    np.multiply(x, 1 - beta, out=scratch)
    mean *= beta
    mean += scratch


class _Moments(Optimizer):
    """Running means of g and g^2, the constants beta_1, beta_2 and epsilon (outside the root)."""

    slots = ("m", "v")
    constraints = {"beta_1": _SHARE, "beta_2": _SHARE, "epsilon": Number(1e-30)}

    def __init__(self, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8) -> None:
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def _means(self, g, state, scratch):
        _run(state.m, g, self.beta_1, scratch)
        np.multiply(g, g, out=scratch)
        _run(state.v, scratch, self.beta_2, scratch)

    def _corrected(self, rate, t):
        """The constants of a kernel, with the corrections for the bias of m and v."""
        b1, b2 = self.beta_1, self.beta_2
        root = 1 / sqrt(1 - b2**t)
        return rate / (1 - b1**t), root, self.epsilon, b1, 1 - b1, b2, 1 - b2

    def _denominator(self, v, t, scratch):
        """sqrt(v_hat) + eps, in ``scratch``."""
        np.sqrt(v, out=scratch)
        scratch *= 1 / sqrt(1 - self.beta_2**t)
        scratch += self.epsilon
        return scratch

    def _move(self, w, g, direction, v, rate, t, scratch):
        """Step along ``direction`` over sqrt(v_hat) + eps; ``g`` is scratch, or the direction."""
        np.multiply(direction, rate, out=g)
        g /= self._denominator(v, t, scratch)
        w -= g


@OPTIMIZERS.register("adam")
class Adam(_Moments):
    r"""Adaptive moment estimation.

    .. math::
        m &\leftarrow \beta_1 m + (1 - \beta_1) g, \quad
        v \leftarrow \beta_2 v + (1 - \beta_2) g^2 \\
        w &\leftarrow w - \eta\, \hat m / (\sqrt{\hat v} + \epsilon), \quad
        \hat m = m / (1 - \beta_1^t),\ \hat v = v / (1 - \beta_2^t)

    Parameters
    ----------
    beta_1 : float in [0, 1), default=0.9
        The memory of the gradient's mean.
    beta_2 : float in [0, 1), default=0.999
        The memory of its square's mean.
    epsilon : float >= 1e-30, default=1e-8
        Outside the root.

    References
    ----------
    Kingma and Ba (2015), arXiv:1412.6980.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.optimizers import Adam
    >>> MLPClassifier(optimizer=Adam(beta_2=0.99)).get_params()["optimizer__beta_2"]
    0.99
    """

    kernel = "adam"

    def _update(self, w, g, rate, t, scratch, state):
        self._means(g, state, scratch)
        self._move(w, g, state.m, state.v, rate / (1 - self.beta_1**t), t, scratch)

    def _constants(self, state, rate):
        return self._corrected(rate, state.t)


@OPTIMIZERS.register("adamw")
class AdamW(Adam):
    r"""Adam with decoupled weight decay.

    First :math:`w \leftarrow (1 - \eta\lambda) w`, then Adam's update.

    The decay comes on top of the estimator's ``alpha``, which stays in the objective; set
    ``alpha=0`` for the decay alone. Weights decay, biases do not.

    Parameters
    ----------
    beta_1 : float in [0, 1), default=0.9
        The memory of the gradient's mean.
    beta_2 : float in [0, 1), default=0.999
        The memory of its square's mean.
    epsilon : float >= 1e-30, default=1e-8
        Outside the root.
    weight_decay : float >= 0, default=0.01
        The decay lambda.

    References
    ----------
    Loshchilov and Hutter (2019), arXiv:1711.05101.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> from skdeep.optimizers import AdamW
    >>> MLPClassifier(optimizer=AdamW(weight_decay=0.1), alpha=0).optimizer
    AdamW(weight_decay=0.1)
    """

    kernel = "adam"

    constraints = {**Adam.constraints, "weight_decay": Number(0)}

    def __init__(
        self,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(beta_1, beta_2, epsilon)
        self.weight_decay = weight_decay


@OPTIMIZERS.register("nadam")
class Nadam(_Moments):
    r"""Adam with Nesterov's momentum.

    .. math:: w \leftarrow w - \eta\, \left(\frac{\beta_1 m}{1 - \beta_1^{t+1}}
        + \frac{(1 - \beta_1) g}{1 - \beta_1^t}\right) / (\sqrt{\hat v} + \epsilon)

    with m and v as in :class:`Adam` (the paper's method at a constant momentum).

    Parameters
    ----------
    beta_1 : float in [0, 1), default=0.9
        The memory of the gradient's mean.
    beta_2 : float in [0, 1), default=0.999
        The memory of its square's mean.
    epsilon : float >= 1e-30, default=1e-8
        Outside the root.

    References
    ----------
    Dozat (2016), "Incorporating Nesterov momentum into Adam".

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(optimizer="nadam").optimizer
    'nadam'
    """

    kernel = "nadam"

    def _update(self, w, g, rate, t, scratch, state):
        self._means(g, state, scratch)
        np.multiply(state.m, self.beta_1 / (1 - self.beta_1 ** (t + 1)), out=scratch)
        g *= (1 - self.beta_1) / (1 - self.beta_1**t)
        g += scratch
        self._move(w, g, g, state.v, rate, t, scratch)

    def _constants(self, state, rate):
        of_m = rate * self.beta_1 / (1 - self.beta_1 ** (state.t + 1))
        of_g = rate * (1 - self.beta_1) / (1 - self.beta_1**state.t)
        return of_m, of_g, *self._corrected(rate, state.t)[1:]


@OPTIMIZERS.register("amsgrad")
class AMSGrad(_Moments):
    r"""Adam whose denominator never shrinks.

    As :class:`Adam`, with the running maximum of v in the place of v.

    Parameters
    ----------
    beta_1 : float in [0, 1), default=0.9
        The memory of the gradient's mean.
    beta_2 : float in [0, 1), default=0.999
        The memory of its square's mean.
    epsilon : float >= 1e-30, default=1e-8
        Outside the root.

    References
    ----------
    Reddi, Kale and Kumar (2018), arXiv:1904.09237 (here with Adam's bias corrections).

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(optimizer="amsgrad").optimizer
    'amsgrad'
    """

    kernel = "amsgrad"

    slots = ("m", "v", "v_max")

    def _update(self, w, g, rate, t, scratch, state):
        self._means(g, state, scratch)
        np.maximum(state.v_max, state.v, out=state.v_max)
        self._move(w, g, state.m, state.v_max, rate / (1 - self.beta_1**t), t, scratch)

    def _constants(self, state, rate):
        return self._corrected(rate, state.t)


@OPTIMIZERS.register("adamax")
class Adamax(_Moments):
    r"""Adam with the largest gradient instead of the mean square.

    .. math:: v \leftarrow \max(\beta_2 v, |g|), \quad
        w \leftarrow w - \frac{\eta}{1 - \beta_1^t}\, m / (v + \epsilon)

    Parameters
    ----------
    beta_1 : float in [0, 1), default=0.9
        The memory of the gradient's mean.
    beta_2 : float in [0, 1), default=0.999
        The memory of the largest gradient.
    epsilon : float >= 1e-30, default=1e-8
        Added to the largest gradient.

    References
    ----------
    Kingma and Ba (2015), arXiv:1412.6980, section 7 (epsilon guards against a zero gradient).

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(optimizer="adamax").optimizer
    'adamax'
    """

    kernel = "adamax"

    def _update(self, w, g, rate, t, scratch, state):
        _run(state.m, g, self.beta_1, scratch)
        state.v *= self.beta_2
        np.abs(g, out=g)
        np.maximum(state.v, g, out=state.v)
        np.add(state.v, self.epsilon, out=scratch)
        np.multiply(state.m, rate / (1 - self.beta_1**t), out=g)
        g /= scratch
        w -= g

    def _constants(self, state, rate):
        corrected = rate / (1 - self.beta_1**state.t)
        return corrected, self.epsilon, self.beta_1, 1 - self.beta_1, self.beta_2


@OPTIMIZERS.register("lion")
class Lion(Optimizer):
    r"""Evolved sign momentum.

    .. math:: w \leftarrow w - \eta\,\mathrm{sign}(\beta_1 m + (1 - \beta_1) g), \quad
        m \leftarrow \beta_2 m + (1 - \beta_2) g

    Every step has the same size in every parameter: use a rate three to ten times below Adam's.

    Parameters
    ----------
    beta_1 : float in [0, 1), default=0.9
        The memory of the step's direction.
    beta_2 : float in [0, 1), default=0.99
        The memory of the gradient's mean.
    weight_decay : float >= 0, default=0.0
        Decoupled decay, as in :class:`AdamW`.

    References
    ----------
    Chen et al. (2023), "Symbolic discovery of optimization algorithms", arXiv:2302.06675.

    Examples
    --------
    >>> from skdeep import MLPClassifier
    >>> MLPClassifier(optimizer="lion", learning_rate_init=1e-4).optimizer
    'lion'
    """

    kernel = "lion"

    slots = ("m",)
    constraints = {"beta_1": _SHARE, "beta_2": _SHARE, "weight_decay": Number(0)}

    def __init__(
        self, beta_1: float = 0.9, beta_2: float = 0.99, weight_decay: float = 0.0
    ) -> None:
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.weight_decay = weight_decay

    def _update(self, w, g, rate, t, scratch, state):
        np.subtract(g, state.m, out=scratch)
        scratch *= 1 - self.beta_1
        scratch += state.m
        np.sign(scratch, out=scratch)
        scratch *= rate
        w -= scratch
        _run(state.m, g, self.beta_2, scratch)

    def _constants(self, state, rate):
        return rate, 1 - self.beta_1, self.beta_2, 1 - self.beta_2
