"""Separate random streams from one seed, so that one option does not disturb another."""

from __future__ import annotations

import numpy as np

_NAMES = ("init", "shuffling", "masks", "noise", "target_noise", "split", "augmentation")


class Streams:
    """A random generator for every purpose.

    Parameters
    ----------
    seed : int
        What all of them depend on.

    Attributes
    ----------
    init, shuffling, masks, noise, target_noise, augmentation : numpy.random.Generator
        The generators.
    split : int
        The seed of the validation split, the same whenever training goes on.
    """

    init: np.random.Generator
    shuffling: np.random.Generator
    masks: np.random.Generator
    noise: np.random.Generator
    target_noise: np.random.Generator
    augmentation: np.random.Generator
    split: int

    def __init__(self, seed: int) -> None:
        for key, name in enumerate(_NAMES):
            bits = np.random.SFC64(np.random.SeedSequence((seed, key)))
            setattr(self, name, np.random.Generator(bits))
        self.split = int(self.split.integers(2**31))
