"""Losses of numbers, and the table of them."""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from skdeep._component import Registry
from skdeep._constraints import Number
from skdeep.losses.base import Loss
from skdeep.losses.classification import MeanBinaryCrossEntropy

LOSSES = Registry("loss", Loss)


@LOSSES.register("squared_error")
class SquaredError(Loss):
    r"""Half the squared error, averaged over outputs: :math:`\frac{1}{2m}\sum_j (z_j - y_j)^2`.

    Its optimum is the conditional mean.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> MLPRegressor(loss="squared_error").loss
    'squared_error'
    """

    kernel = "squared_error"

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write half the mean squared residual, and the residuals over the number of outputs."""
        np.subtract(z, y, out=delta)
        np.einsum("ij,ij->i", delta, delta, out=rows)
        rows *= 0.5 / z.shape[1]
        delta *= 1 / z.shape[1]


@LOSSES.register("absolute_error")
class AbsoluteError(Loss):
    r"""The absolute error, averaged over outputs; its optimum is the conditional median.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> MLPRegressor(loss="absolute_error").loss
    'absolute_error'
    """

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the mean absolute residual, and the residuals' signs over the number of outputs."""
        np.subtract(z, y, out=delta)
        np.mean(np.abs(delta), axis=1, out=rows)
        np.sign(delta, out=delta)
        delta *= 1 / z.shape[1]


@LOSSES.register("huber")
class Huber(Loss):
    r"""Huber's loss: :math:`r^2/2` for :math:`|r| \le d`, :math:`d(|r| - d/2)` beyond.

    Averaged over outputs.

    Parameters
    ----------
    delta : float > 0, default=1.0
        The residual at which the parabola turns into a line, in units of the targets as they are
        learnt: by default of their standard deviation, see the estimators' ``target_scaling``.

    References
    ----------
    Huber (1964), "Robust estimation of a location parameter", Ann. Math. Statist. 35.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> from skdeep.losses import Huber
    >>> MLPRegressor(loss=Huber(delta=0.5)).get_params()["loss__delta"]
    0.5
    """

    constraints = {"delta": Number(0, closed="neither")}

    def __init__(self, delta: float = 1.0) -> None:
        self.delta = delta

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the mean of c (r - c/2) with c the residual clipped, and c over the outputs."""
        residual = z - y
        np.clip(residual, -self.delta, self.delta, out=delta)
        residual -= 0.5 * delta
        np.einsum("ij,ij->i", residual, delta, out=rows)
        rows *= 1 / z.shape[1]
        delta *= 1 / z.shape[1]


@LOSSES.register("poisson")
class Poisson(Loss):
    r"""Half the Poisson deviance with a log link: :math:`y\log(y/\mu) - y + \mu,\ \mu = e^z`.

    Averaged over outputs; targets must not be negative. Predictions are :math:`e^z`.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> MLPRegressor(loss="poisson").loss
    'poisson'
    """

    out_activation = "exp"

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the mean of y log y - y - y z + exp(z), and (exp(z) - y) over the outputs."""
        loss = xlogy(y, y)
        loss -= y
        loss -= y * z
        np.exp(z, out=delta)
        loss += delta
        np.mean(loss, axis=1, out=rows)
        delta -= y
        delta *= 1 / z.shape[1]

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Return exp(z)."""
        return np.exp(z)

    def check_targets(self, y: np.ndarray) -> None:
        """Raise ValueError for a negative target."""
        if y.min() < 0:
            raise ValueError(
                f'loss="poisson" needs targets y >= 0, but y holds {float(y.min()):g}; '
                "use another loss."
            )


@LOSSES.register("quantile")
class Quantile(Loss):
    r"""The pinball loss, :math:`\max(q r, (q - 1) r)` with :math:`r = y - z`.

    Averaged over outputs; its optimum is the conditional q-quantile.

    Parameters
    ----------
    quantile : float in (0, 1), default=0.5
        The quantile q.

    References
    ----------
    Koenker and Bassett (1978), "Regression quantiles", Econometrica 46.

    Examples
    --------
    >>> from skdeep import MLPRegressor
    >>> from skdeep.losses import Quantile
    >>> MLPRegressor(loss=Quantile(quantile=0.9)).loss
    Quantile(quantile=0.9)
    """

    constraints = {"quantile": Number(0, 1, closed="neither")}

    def __init__(self, quantile: float = 0.5) -> None:
        self.quantile = quantile

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the mean pinball loss, and its slope over the outputs (0 where z meets y)."""
        residual = z - y
        sign = np.sign(residual)
        np.multiply(sign, 0.5, out=delta)
        delta += (0.5 - self.quantile) * np.abs(sign)
        np.einsum("ij,ij->i", residual, delta, out=rows)
        rows *= 1 / z.shape[1]
        delta *= 1 / z.shape[1]


RECONSTRUCTION_LOSSES = Registry("loss", Loss)
RECONSTRUCTION_LOSSES.update(LOSSES, cross_entropy=MeanBinaryCrossEntropy)
