"""Losses of one row, their gradients at the scores, and the link from scores to predictions."""

import numpy as np
from scipy.special import expit, xlogy

from skdeep._component import Component, Registry
from skdeep._constraints import Number

__all__ = [
    "LOSSES",
    "AbsoluteError",
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Huber",
    "Loss",
    "Poisson",
    "Quantile",
    "SquaredError",
]


class Loss(Component):
    """Base class of losses; subclass it to add your own.

    The network's last affine map gives *scores* z; the loss owns the link from scores to
    predictions, so that the two together have a simple, stable gradient.

    Attributes
    ----------
    out_activation : str
        The name of the link, for the estimators' ``out_activation_``.
    kernel : str or None
        The name of a compiled kernel that fuses loss, gradient and weights; it counts only for the
        class that names it, not for subclasses.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPRegressor
    >>> from skdeep.losses import Loss
    >>> class LogCosh(Loss):
    ...     def evaluate(self, z, y, rows, delta):
    ...         np.subtract(z, y, out=delta)
    ...         rows[...] = np.log(np.cosh(delta)).mean(axis=1)
    ...         np.tanh(delta, out=delta)
    ...         delta /= z.shape[1]
    >>> x = np.linspace(-1, 1, 50).reshape(-1, 1)
    >>> model = MLPRegressor((), loss=LogCosh(), optimizer="lbfgs", alpha=0).fit(x, 3 * x.ravel())
    >>> round(float(model.coefs_[0][0, 0]), 3)
    3.0
    """

    out_activation = "identity"
    kernel = None

    def evaluate(self, z, y, rows, delta):
        """Write each row's loss and its gradient at the scores.

        Parameters
        ----------
        z : ndarray of shape (n_rows, n_outputs)
            The scores; may be overwritten.
        y : ndarray of shape (n_rows, n_outputs)
            The targets.
        rows : ndarray of shape (n_rows,)
            Where the losses go.
        delta : ndarray of shape (n_rows, n_outputs)
            Where the gradient goes; may be the same array as ``z``.
        """
        raise NotImplementedError(f"{type(self).__name__} must define evaluate(z, y, rows, delta).")

    def predict(self, z):
        """Return the predictions for scores ``z``."""
        return z

    def check_targets(self, y):
        """Raise ValueError if the targets are outside of what the loss is defined for."""


class CrossEntropy(Loss):
    r"""Softmax and cross-entropy, :math:`-\sum_j y_j \log p_j`, for exclusive classes.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.losses import CrossEntropy
    >>> CrossEntropy().predict(np.zeros((1, 4)))
    array([[0.25, 0.25, 0.25, 0.25]])
    """

    kernel = "cross_entropy"
    out_activation = "softmax"

    def evaluate(self, z, y, rows, delta):
        """Write log sum exp(z) - y.z, and softmax(z) - y."""
        z -= np.maximum.reduce(z, axis=1, keepdims=True)
        np.einsum("ij,ij->i", z, y, out=rows)
        np.exp(z, out=delta)
        total = np.add.reduce(delta, axis=1, keepdims=True)
        delta /= total
        delta -= y
        np.subtract(np.log(total[:, 0]), rows, out=rows)

    def predict(self, z):
        """Return the softmax of ``z``."""
        p = z - np.maximum.reduce(z, axis=1, keepdims=True)
        np.exp(p, out=p)
        p /= np.add.reduce(p, axis=1, keepdims=True)
        return p


class BinaryCrossEntropy(Loss):
    r"""Sigmoid and cross-entropy, summed over outputs: two classes, or one output a label.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.losses import BinaryCrossEntropy
    >>> BinaryCrossEntropy().predict(np.zeros((1, 2)))
    array([[0.5, 0.5]])
    """

    kernel = "binary_cross_entropy"
    out_activation = "logistic"

    def evaluate(self, z, y, rows, delta):
        """Write the sum of log(1 + exp(z)) - y z, and sigmoid(z) - y."""
        np.einsum("ij,ij->i", z, y, out=rows)
        np.subtract(np.add.reduce(np.logaddexp(z, 0), axis=1), rows, out=rows)
        expit(z, out=delta)
        delta -= y

    def predict(self, z):
        """Return the sigmoid of ``z``."""
        return expit(z)


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

    def evaluate(self, z, y, rows, delta):
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

    def evaluate(self, z, y, rows, delta):
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
        The residual, in units of y, at which the parabola turns into a line.

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

    def __init__(self, delta=1.0):
        self.delta = delta

    def evaluate(self, z, y, rows, delta):
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

    def evaluate(self, z, y, rows, delta):
        """Write the mean of y log y - y - y z + exp(z), and (exp(z) - y) over the outputs."""
        loss = xlogy(y, y)
        loss -= y
        loss -= y * z
        np.exp(z, out=delta)
        loss += delta
        np.mean(loss, axis=1, out=rows)
        delta -= y
        delta *= 1 / z.shape[1]

    def predict(self, z):
        """Return exp(z)."""
        return np.exp(z)

    def check_targets(self, y):
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

    def __init__(self, quantile=0.5):
        self.quantile = quantile

    def evaluate(self, z, y, rows, delta):
        """Write the mean pinball loss, and its slope over the outputs (0 where z meets y)."""
        residual = z - y
        sign = np.sign(residual)
        np.multiply(sign, 0.5, out=delta)
        delta += (0.5 - self.quantile) * np.abs(sign)
        np.einsum("ij,ij->i", residual, delta, out=rows)
        rows *= 1 / z.shape[1]
        delta *= 1 / z.shape[1]
