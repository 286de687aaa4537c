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
        Takes the network and what ``judge`` made of its scores on the rows of ``data``; returns
        what the history is to hold, by name: "validation_score", the higher the better, and others.
    block : int
        How many rows are predicted at once.
    dtype : numpy.dtype
        The type that the network computes in.
    judge : callable or None
        Takes rows and the network's scores on them; returns an array with an entry for each row,
        all that is kept of a block. None if ``score`` needs nothing of the kind.
    """

    def __init__(
        self,
        data: Data,
        score: Callable[[Network, np.ndarray | None], dict[str, float]],
        block: int,
        dtype: np.dtype,
        judge: Callable[[slice | np.ndarray, np.ndarray], np.ndarray] | None = None,
    ) -> None:
        self.data = data
        self._score = score
        self._judge = judge
        self._block = min(block, len(data))
        self._loader = Loader(data, self._block, dtype)

    def loss(self, network: Network) -> tuple[float, np.ndarray | None]:
        """Return the weighted mean loss, without penalty, and what was judged of all rows."""
        loss, judged = 0.0, []
        for rows in blocks(self.data, self._block):
            batch = self._loader.load(rows)
            z = network.scores(batch.x)
            if self._judge is not None:
                judged.append(np.array(self._judge(rows, z)))  # the loss writes into z
            loss += _total_loss(network.loss, z, batch)
        return loss / len(self.data), np.concatenate(judged) if judged else None

    def score(self, network: Network, judged: np.ndarray | None) -> dict[str, float]:
        """Return "validation_score" of a network and others, given what was judged of its scores.

        Raises
        ------
        ValueError
            If "validation_score" is nan, which cannot be compared with other scores.
        """
        scores = {name: float(score) for name, score in self._score(network, judged).items()}
        if isnan(scores["validation_score"]):
            raise ValueError(
                "scoring gave nan on the validation data; give another scoring, or validation "
                "data for which it is defined."
            )
        return scores


def _total_loss(loss, z, batch):
    losses = np.empty(len(z), z.dtype)
    loss.evaluate(z, batch.y, losses, z)
    weights = 1.0 if batch.weights is None else batch.weights
    return float(np.sum(losses * weights, dtype=np.float64))
