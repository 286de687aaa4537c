"""Batches changed on their way into training."""


class Augment:
    """Changes a batch in place.

    Parameters
    ----------
    augmentation : Augmentation
    network : Network
    rebuilds : bool
        Whether the inputs are the targets, which must then stay what the loss is defined for.
    """

    def __init__(self, augmentation, network, rebuilds):
        self.augmentation = augmentation
        self.loss = network.loss
        self.map_shape = network.architecture.map_shape
        self.rebuilds = rebuilds

    @classmethod
    def by(cls, augmentation, network, data):
        """Return what an augmentation does to batches of the data, None for None."""
        return None if augmentation is None else cls(augmentation, network, data.targets is None)

    def __call__(self, batch, rng):
        """Draw new samples from those of the batch, with random numbers from ``rng``."""
        self.augmentation.apply(batch, self.map_shape, rng)
        if self.rebuilds:
            try:
                self.loss.check_targets(batch.y)
            except ValueError as error:
                raise ValueError(f"augmentation={self.augmentation}: {error}") from error
