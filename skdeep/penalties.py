"""The elastic-net penalty on the weights, one meaning at every batch size."""

from __future__ import annotations

import numpy as np

_BLOCK = 2**16  # weights whose absolute values are held at once


class Penalty:
    r"""Elastic net, :math:`\frac{l_2}{2}\|W\|_2^2 + l_1\|W\|_1`, on weights and not on biases.

    Parameters
    ----------
    l2, l1 : float
        The strengths.
    """

    def __init__(self, l2: float, l1: float = 0.0) -> None:
        self.l2 = float(l2)
        self.l1 = float(l1)

    @classmethod
    def elastic_net(cls, alpha: float, l1_ratio: float) -> Penalty:
        """Return the penalty alpha ((1 - l1_ratio)/2 ||W||^2 + l1_ratio ||W||_1)."""
        return cls(alpha * (1 - l1_ratio), alpha * l1_ratio)

    def smooth_part(self) -> Penalty:
        """Return the penalty without its L1 term."""
        return Penalty(self.l2)

    def value(self, weights: np.ndarray) -> float:
        """Return the penalty of the weights, a float."""
        value = 0.0
        if self.l2:
            value += 0.5 * self.l2 * float(np.dot(weights, weights))
        if self.l1:
            value += self.l1_value(weights)
        return value

    def l1_value(self, weights: np.ndarray) -> float:
        """Return the L1 term, a float."""
        # not BLAS: its result depends on where the weights lie in memory
        starts = range(0, len(weights), _BLOCK)
        return self.l1 * sum(float(np.abs(weights[i : i + _BLOCK]).sum()) for i in starts)

    def add_gradient(self, weights: np.ndarray, gradient: np.ndarray, scratch: np.ndarray) -> None:
        """Add the penalty's (sub)gradient to ``gradient``; ``scratch`` is overwritten."""
        if self.l2:
            np.multiply(weights, self.l2, out=scratch)
            gradient += scratch
        if self.l1:
            np.sign(weights, out=scratch)
            scratch *= self.l1
            gradient += scratch
