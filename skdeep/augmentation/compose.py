"""Several augmentations, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np

from skdeep.augmentation.affine import Affine, Chain
from skdeep.augmentation.base import Augmentation


class Compose(Augmentation):
    """Apply several augmentations in turn.

    Shifts, rotations, zooms and flips that follow one another are merged: the product of their
    maps is resampled once. So images are not blurred again at every step, and what one step moves
    out of view another can move back.

    Parameters
    ----------
    steps : list of Augmentation
        The first is applied first.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from skdeep.augmentation import Compose, GaussianNoise, RandomRotation, RandomShift
    >>> augmentation = Compose([RandomRotation(), RandomShift(max_shift=1), GaussianNoise()])
    >>> augmentation.sample(load_digits().images, random_state=0).shape
    (1797, 8, 8)
    """

    def __init__(self, steps: Sequence[Augmentation]) -> None:
        self.steps = steps

    def validate(self) -> None:
        """Check that there are steps, and the parameters of each."""
        if not isinstance(self.steps, (list, tuple)):
            raise TypeError(f"Compose: steps must be a list of augmentations, got {self.steps!r}.")
        if not self.steps:
            raise ValueError("Compose: steps must hold at least one augmentation, got none.")
        for step in self.steps:
            if not isinstance(step, Augmentation):
                raise TypeError(
                    "Compose: every step must be an augmentation object such as RandomShift(), "
                    f"got {step!r}."
                )
            step.validate()

    def check(self, n_features: int, shape: tuple[int, ...] | None) -> None:
        """Raise ValueError if a step does not suit the data."""
        for step in self.steps:
            step.check(n_features, shape)

    def apply(self, batch: Any, shape: tuple[int, ...] | None, rng: np.random.Generator) -> None:
        """Change a batch in place."""
        for step in self._merged(batch.x.shape[1], shape):
            step.apply(batch, shape, rng)

    def _merged(self, n_features, shape):
        """Yield the steps, neighbours that are affine maps of the same images as one."""

        def geometry(step):
            return step.resolve(n_features, shape) if isinstance(step, Affine) else None

        for image_shape, steps in groupby(_flat(self.steps), geometry):
            if image_shape is None:
                yield from steps
            else:
                yield Chain(list(steps), image_shape)


def _flat(steps):
    """Yield the steps, those of a Compose among them one by one."""
    for step in steps:
        if isinstance(step, Compose):
            yield from _flat(step.steps)
        else:
            yield step
