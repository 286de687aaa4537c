"""Augmentation of any data: noise and mixtures of rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from skdeep._constraints import Number
from skdeep.augmentation.base import AUGMENTATIONS, Augmentation


@AUGMENTATIONS.register("gaussian_noise")
class GaussianNoise(Augmentation):
    r"""Add noise to every number.

    .. math:: x \leftarrow x + \epsilon, \quad \epsilon \sim N(0, s^2)

    Parameters
    ----------
    scale : float >= 0, default=0.1
        The standard deviation s, in the units of X.

    References
    ----------
    Bishop (1995), "Training with noise is equivalent to Tikhonov regularization", Neural
    Computation 7(1).

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.augmentation import GaussianNoise
    >>> noisy = GaussianNoise(scale=0.5).sample(np.zeros((1000, 10)), random_state=0)
    >>> round(float(noisy.std()), 1)
    0.5
    """

    constraints = {"scale": Number(0)}

    def __init__(self, scale: float = 0.1) -> None:
        self.scale = scale

    def transform(self, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return x plus noise."""
        noise = rng.standard_normal(x.shape, x.dtype)
        noise *= self.scale
        noise += x
        return noise


@AUGMENTATIONS.register("mixup")
class Mixup(Augmentation):
    r"""Mix each row of a batch with another one, and their targets likewise.

    .. math::
        x \leftarrow \lambda x_i + (1 - \lambda) x_j, \quad
        y \leftarrow \lambda y_i + (1 - \lambda) y_j, \quad
        \lambda \sim \text{Beta}(\alpha, \alpha)

    Every row draws its own :math:`\lambda`; the partners are a random permutation of the batch.
    With sample weights the mixed row stands for :math:`\lambda w_i` of one row and
    :math:`(1 - \lambda) w_j` of the other: it weighs

    .. math:: W = \lambda w_i + (1 - \lambda) w_j

    and has the target :math:`(\lambda w_i y_i + (1 - \lambda) w_j y_j) / W`. For cross-entropy,
    which is linear in the target, its loss is then the weighted sum of the losses on both targets.

    Parameters
    ----------
    alpha : float > 0, default=0.2
        Small values leave most rows nearly as they are, 1 makes all mixtures equally likely.

    References
    ----------
    Zhang, Cisse, Dauphin and Lopez-Paz (2018), "mixup: Beyond empirical risk minimization",
    arXiv:1710.09412.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep.augmentation import Mixup
    >>> mixed = Mixup(alpha=1.0).sample([[0.0, 10.0], [1.0, 20.0]], random_state=3)
    >>> bool(np.allclose(mixed[:, 1], 10 + 10 * mixed[:, 0]))
    True
    """

    constraints = {"alpha": Number(0, closed="neither")}

    def __init__(self, alpha: float = 0.2) -> None:
        self.alpha = alpha

    def apply(self, batch: Any, shape: tuple[int, ...] | None, rng: np.random.Generator) -> None:
        """Mix the rows of a batch in place."""
        partners = rng.permutation(len(batch.x))
        share = rng.beta(self.alpha, self.alpha, len(batch.x))
        _mix(batch.x, partners, share)
        if batch.weights is not None:
            share, batch.weights = _weigh(share, batch.weights, partners)
        if batch.y is not batch.x:
            _mix(batch.y, partners, share)


def _mix(rows, partners, share):
    """Replace each row by ``share`` of itself and the rest of its partner."""
    share = share.astype(rows.dtype)[:, None]
    others = rows[partners]
    others *= 1 - share
    rows *= share
    rows += others


def _weigh(share, weights, partners):
    """Return the share of each row in its mixture's weight, and these weights."""
    own = share * weights
    total = own + (1 - share) * weights[partners]
    # where both rows weigh nothing the target does not matter
    share = np.divide(own, total, out=np.ones_like(total), where=total > 0)
    return share, total.astype(weights.dtype)
