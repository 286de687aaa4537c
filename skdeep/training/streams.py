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

    def __getstate__(self):
        """Return the seed of the split, and a row of integers for every generator."""
        states = [getattr(self, name).bit_generator.state for name in _NAMES if name != "split"]
        words = [[*of["state"]["state"], of["has_uint32"], of["uinteger"]] for of in states]
        return {"split": self.split, "words": np.array(words, np.uint64)}

    def __setstate__(self, state):
        self.split = state["split"]
        if "words" not in state:  # of an earlier version, which kept the generators themselves
            vars(self).update(state)
            return
        names = (name for name in _NAMES if name != "split")
        for name, (*words, has_half, half) in zip(names, state["words"], strict=True):
            bits = np.random.SFC64(0)
            bits.state = {
                "bit_generator": "SFC64",
                "state": {"state": np.array(words, np.uint64)},
                "has_uint32": int(has_half),
                "uinteger": int(half),
            }
            setattr(self, name, np.random.Generator(bits))
