"""Augmentation: batches are changed on their way into training."""

from __future__ import annotations

import numpy as np

from skdeep.augmentation import Augmentation
from skdeep.network import Network
from skdeep.training.batches import Batch, Data


class Augment:
    """What an augmentation does to batches: it changes them in place.

    Parameters
    ----------
    augmentation : Augmentation
        Draws the new samples.
    network : Network
        Tells the shape of the rows, and the loss.
    rebuilds : bool
        Whether the inputs are also the targets, so that the loss must be defined for the new ones.
    """

    def __init__(self, augmentation: Augmentation, network: Network, rebuilds: bool) -> None:
        self.augmentation = augmentation
        self.loss = network.loss
        self.map_shape = network.architecture.map_shape
        self.rebuilds = rebuilds

    @classmethod
    def by(cls, augmentation: Augmentation | None, network: Network, data: Data) -> Augment | None:
        """Return what an augmentation does to batches of the data, or None if there is none."""
        return None if augmentation is None else cls(augmentation, network, data.targets is None)

    def __call__(self, batch: Batch, rng: np.random.Generator) -> None:
        """Put new samples, drawn with ``rng`` from those of the batch, in their place."""
        self.augmentation.apply(batch, self.map_shape, rng)
        if self.rebuilds:
            try:
                self.loss.check_targets(batch.y)
            except ValueError as error:
                raise ValueError(f"augmentation={self.augmentation}: {error}") from error
