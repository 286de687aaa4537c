"""Losses of numbers, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit, xlogy

from skdeep._component import Registry
from skdeep._constraints import Number, Rising
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

    Several quantiles of one number are learnt by one network, with a score for each. The score in
    the middle, :math:`z_m`, is a quantile itself, and the others are distances from one quantile to
    the next,

    .. math:: z_m + \sum_{i=m+1}^{j} \log(1 + e^{z_i}) \quad (j > m), \qquad
              z_m - \sum_{i=j}^{m-1} \log(1 + e^{z_i}) \quad (j < m),

    so that quantiles never cross. The loss is the mean of their pinball losses, and ``predict``
    gives a column for each quantile, in rising order. Between the first and the last of them lies
    an interval of predictions.

    Parameters
    ----------
    quantile : float in (0, 1), or list of these in rising order, default=0.5
        The quantile q, or several.

    References
    ----------
    Koenker and Bassett (1978), "Regression quantiles", Econometrica 46.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPRegressor
    >>> from skdeep.losses import Quantile
    >>> MLPRegressor(loss=Quantile(quantile=0.9)).loss
    Quantile(quantile=0.9)
    >>> rng = np.random.default_rng(0)
    >>> X, y = np.zeros((5000, 1)), rng.uniform(0, 1, 5000)
    >>> model = MLPRegressor((), loss=Quantile([0.05, 0.5, 0.95]), learning_rate_init=0.01,
    ...                      random_state=0)
    >>> model.fit(X, y).predict([[0]]).round(1)
    array([[0. , 0.5, 1. ]])
    """

    constraints = {"quantile": Rising(Number(0, 1, closed="neither"))}

    def __init__(self, quantile: float | Sequence[float] = 0.5) -> None:
        self.quantile = quantile

    @property
    def out_activation(self) -> str:
        """The name of the link."""
        return "distances" if self._has_several else "identity"

    @property
    def scales_targets(self) -> bool:
        """Whether regressors may standardise the targets: quantiles move with them."""
        return True

    @property
    def middle(self) -> int:
        """The place, among several quantiles, of the one that is a score itself."""
        return (np.size(self.quantile) - 1) // 2

    @property
    def _has_several(self):
        return np.ndim(self.quantile) > 0

    def n_scores(self, n_targets: int) -> int:
        """Return how many scores a network gives: one a quantile, or one a target."""
        if not self._has_several:
            return n_targets
        if n_targets > 1:
            raise ValueError(
                f"loss={self!r} has several quantiles of one number, but y has {n_targets} "
                "columns; fit an estimator for each column, or give one quantile."
            )
        return len(self.quantile)

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the mean pinball loss, and its slope over the outputs (0 where z meets y)."""
        residual = self.predict(z) - y
        sign = np.sign(residual)
        slope = 0.5 * sign
        slope += (0.5 - np.asarray(self.quantile, z.dtype)) * np.abs(sign)
        np.einsum("ij,ij->i", residual, slope, out=rows)
        rows *= 1 / z.shape[1]
        slope *= 1 / z.shape[1]
        if self._has_several:
            # the middle moves all quantiles, and a distance those beyond it
            lower, middle, upper = self._sides(slope)
            middle[...] = slope.sum(axis=1, keepdims=True)
            lower.cumsum(axis=1, out=lower)
            lower *= -1
            upper[:, ::-1].cumsum(axis=1, out=upper[:, ::-1])
            lower *= expit(self._sides(z)[0])
            upper *= expit(self._sides(z)[2])
        delta[...] = slope

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Return the quantiles."""
        if not self._has_several:
            return z
        lower, middle, upper = self._sides(z)
        below = np.logaddexp(0, lower)[:, ::-1].cumsum(axis=1)[:, ::-1]
        above = np.logaddexp(0, upper).cumsum(axis=1)
        return np.concatenate([middle - below, middle, middle + above], axis=1)

    def _sides(self, z):
        """Return the columns below the middle one, it and those above it."""
        middle = self.middle
        return z[:, :middle], z[:, middle : middle + 1], z[:, middle + 1 :]


RECONSTRUCTION_LOSSES = Registry("loss", Loss)
RECONSTRUCTION_LOSSES.update(LOSSES, cross_entropy=MeanBinaryCrossEntropy)
