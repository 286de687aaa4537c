"""Cross-entropies: of exclusive classes, of labels, and of numbers in [0, 1]."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_expit, log_softmax

from skdeep.losses.base import Loss


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

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write log sum exp(z) - y.z, and softmax(z) - y."""
        z -= np.maximum.reduce(z, axis=1, keepdims=True)
        np.einsum("ij,ij->i", z, y, out=rows)
        np.exp(z, out=delta)
        total = np.add.reduce(delta, axis=1, keepdims=True)
        delta /= total
        delta -= y
        np.subtract(np.log(total[:, 0]), rows, out=rows)

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Return the softmax of ``z``."""
        p = z - np.maximum.reduce(z, axis=1, keepdims=True)
        np.exp(p, out=p)
        p /= np.add.reduce(p, axis=1, keepdims=True)
        return p

    def log_predict(self, z: np.ndarray) -> np.ndarray:
        """Return the logarithm of the softmax."""
        return log_softmax(z, axis=1)

    def decide(self, z: np.ndarray) -> np.ndarray:
        """Return the numbers of the highest scores."""
        return z.argmax(axis=1)


class BinaryCrossEntropy(Loss):
    r"""Sigmoid and cross-entropy, summed over outputs: one output a label, on or off.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.losses import BinaryCrossEntropy
    >>> BinaryCrossEntropy().predict(np.zeros((1, 2)))
    array([[0.5, 0.5]])
    """

    kernel = "binary_cross_entropy"
    out_activation = "logistic"

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the sum of log(1 + exp(z)) - y z, and sigmoid(z) - y."""
        np.einsum("ij,ij->i", z, y, out=rows)
        np.subtract(np.add.reduce(np.logaddexp(z, 0), axis=1), rows, out=rows)
        expit(z, out=delta)
        delta -= y

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Return the sigmoid of ``z``."""
        return expit(z)

    def log_predict(self, z: np.ndarray) -> np.ndarray:
        """Return the logarithm of the sigmoid."""
        return log_expit(z)

    def decide(self, z: np.ndarray) -> np.ndarray:
        """Return 1 for every label that is more likely on than off."""
        return (z > 0).astype(np.int64)


class WeightedLabels(BinaryCrossEntropy):
    r"""Cross-entropy of labels that weigh more or less, by whether they are on or off.

    A row that has a label counts for it with the weight :math:`w^+`, one that has it not with
    :math:`w^-`. Its smoothed target y tells which, or in what proportion if rows are mixed:

    .. math:: \left(w^- + t\,(w^+ - w^-)\right) \left(\log(1 + e^z) - y z\right),
        \quad t = \frac{y - \epsilon}{1 - 2 \epsilon}

    for t of 0 and 1, and linear in t between them.

    Parameters
    ----------
    on, off : ndarray of shape (n_labels,)
        The weights of each label.
    smoothing : float, default=0.0
        The label smoothing of the targets.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.losses import WeightedLabels
    >>> loss, rows = WeightedLabels(on=np.array([5.0]), off=np.array([1.0])), np.empty(2)
    >>> loss.evaluate(np.zeros((2, 1)), np.array([[1.0], [0.0]]), rows, np.empty((2, 1)))
    >>> (rows / np.log(2)).round(6)
    array([5., 1.])
    """

    kernel = None

    def __init__(self, on: np.ndarray, off: np.ndarray, smoothing: float = 0.0) -> None:
        self.on = on
        self.off = off
        self.smoothing = smoothing

    def __str__(self):
        # weights may change while training goes on, as those of rows
        return str(BinaryCrossEntropy())

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the sum of w log(1 + exp(z)) - a z, and w sigmoid(z) - a.

        Here w is the weight, and a the part of it that speaks for the label: w y for 0 and 1.
        """
        on, off = (np.asarray(weights, z.dtype) for weights in (self.on, self.off))
        eps = self.smoothing
        t = (y - eps) / (1 - 2 * eps) if eps else y
        weight = off + (on - off) * t
        part = off * eps + (on * (1 - eps) - off * eps) * t
        np.einsum("ij,ij->i", part, z, out=rows)
        np.subtract(np.einsum("ij,ij->i", weight, np.logaddexp(z, 0)), rows, out=rows)
        expit(z, out=delta)
        delta *= weight
        delta -= part


class TwoClassCrossEntropy(BinaryCrossEntropy):
    r"""Sigmoid and cross-entropy of two exclusive classes, whose one score is that of the second.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.losses import TwoClassCrossEntropy
    >>> TwoClassCrossEntropy().predict(np.zeros((1, 1)))
    array([[0.5, 0.5]])
    """

    kernel = "binary_cross_entropy"

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Return the probabilities of both classes."""
        return expit(np.hstack([-z, z]))

    def log_predict(self, z: np.ndarray) -> np.ndarray:
        """Return the logarithms of both probabilities."""
        return log_expit(np.hstack([-z, z]))

    def decide(self, z: np.ndarray) -> np.ndarray:
        """Return 1 where the second class is the more likely one."""
        return (z[:, 0] > 0).astype(np.intp)


class MeanBinaryCrossEntropy(BinaryCrossEntropy):
    r"""Sigmoid and cross-entropy, averaged over outputs: for targets in [0, 1] to be rebuilt.

    Examples
    --------
    >>> from skdeep import Autoencoder
    >>> Autoencoder(loss="cross_entropy").loss
    'cross_entropy'
    """

    kernel = "mean_binary_cross_entropy"

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write the mean of log(1 + exp(z)) - y z, and (sigmoid(z) - y) over the outputs."""
        share = 1 / z.shape[1]
        super().evaluate(z, y, rows, delta)
        rows *= share
        delta *= share

    def check_targets(self, y: np.ndarray) -> None:
        """Raise ValueError for a target outside of [0, 1]."""
        if y.min() < 0 or y.max() > 1:
            raise ValueError(
                'loss="cross_entropy" needs numbers in [0, 1], but there are numbers from '
                f"{float(y.min()):g} to {float(y.max()):g}; scale them (MinMaxScaler), or use "
                'loss="squared_error".'
            )
