"""Validation after every epoch: the loss and the score on data that training does not see."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

import numpy as np

from skdeep.network import Network
from skdeep.training.batches import Data, Loader, blocks


class Validation:
    """A validation set and how it is scored.

    Parameters
    ----------
    data : Data
        The validation set.
    score : callable
        Takes the network and its scores on the rows of ``data``; returns a float, the higher the
        better.
    block : int
        How many rows are predicted at once.
    dtype : numpy.dtype
        The type that the network computes in.
    """

    def __init__(
        self, data: Data, score: Callable[[Network, np.ndarray], float], block: int, dtype: np.dtype
    ) -> None:
        self.data = data
        self._score = score
        self._block = min(block, len(data))
        self._loader = Loader(data, self._block, dtype)

    def loss(self, network: Network) -> tuple[float, np.ndarray]:
        """Return the weighted mean loss, without penalty, and the network's scores on all rows."""
        scores = np.empty((len(self.data), self.data.n_outputs), network.dtype)
        loss, start = 0.0, 0
        for rows in blocks(self.data, self._block):
            batch = self._loader.load(rows)
            n = len(batch.y)
            z = network.scores(batch.x)
            scores[start : start + n] = z
            loss += _total_loss(network.loss, z, batch)
            start += n
        return loss / len(self.data), scores

    def score(self, network: Network, scores: np.ndarray) -> float:
        """Return the score of a network that has these scores.

        Raises
        ------
        ValueError
            If it is nan, which cannot be compared with other scores.
        """
        score = float(self._score(network, scores))
        if isnan(score):
            raise ValueError(
                "scoring gave nan on the validation data; give another scoring, or validation "
                "data for which it is defined."
            )
        return score


def _total_loss(loss, z, batch):
    losses = np.empty(len(z), z.dtype)
    loss.evaluate(z, batch.y, losses, z)
    weights = 1.0 if batch.weights is None else batch.weights
    return float(np.sum(losses * weights, dtype=np.float64))
