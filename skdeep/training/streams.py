"""Separate random streams from one seed, so that one option does not disturb another."""

import numpy as np

_NAMES = ("init", "shuffling", "masks", "noise", "target_noise", "split", "augmentation")


class Streams:
    """A random generator for every purpose.

    Parameters
    ----------
    seed : int

    Attributes
    ----------
    init, shuffling, masks, noise, target_noise, augmentation : numpy.random.Generator
    split : int
        The seed of the validation split, the same whenever training goes on.
    """

    def __init__(self, seed):
        for key, name in enumerate(_NAMES):
            bits = np.random.SFC64(np.random.SeedSequence((seed, key)))
            setattr(self, name, np.random.Generator(bits))
        self.split = int(self.split.integers(2**31))
