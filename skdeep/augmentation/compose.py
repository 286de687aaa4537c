"""Several augmentations, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from skdeep._typing import Self
from skdeep.augmentation.affine import merged
from skdeep.augmentation.base import Augmentation


class Compose(Augmentation):
    """Apply several augmentations in turn.

    Shifts, rotations, zooms and flips that follow one another, with the same ``fill``, are merged:
    the product of their maps is resampled once. So images are not blurred again at every step, and
    what one step moves out of view another can move back.

    Parameters
    ----------
    steps : list of Augmentation, or of (str, Augmentation)
        The first is applied first. A step has a name, by which its parameters are found: its own,
        or that of its class in small letters, with -1, -2 and so on behind it if there are several.

    See Also
    --------
    sklearn.pipeline.make_pipeline : Names its steps in the same way.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from skdeep.augmentation import Compose, GaussianNoise, RandomRotation, RandomShift
    >>> augmentation = Compose([RandomRotation(), RandomShift(max_shift=1), GaussianNoise()])
    >>> augmentation.sample(load_digits().images, random_state=0).shape
    (1797, 8, 8)
    >>> augmentation.set_params(randomrotation__max_angle=5.0).get_params()["gaussiannoise__scale"]
    0.1
    """

    def __init__(self, steps: Sequence[Augmentation | tuple[str, Augmentation]]) -> None:
        self.steps = steps

    # -- steps by name -----------------------------------------------------------------------------

    @property
    def named_steps(self) -> dict[str, Augmentation]:
        """The steps by their names."""
        return dict(self._pairs())

    def _pairs(self):
        """Return (name, step) for each step; nothing for what is no list of steps."""
        if not isinstance(self.steps, (list, tuple)):
            return []
        kinds = Counter(_kind(step) for step in self.steps if not _is_pair(step))
        seen, pairs = Counter(), []
        for step in self.steps:
            if _is_pair(step):
                pairs.append(tuple(step))
                continue
            kind = _kind(step)
            seen[kind] += 1
            pairs.append((f"{kind}-{seen[kind]}" if kinds[kind] > 1 else kind, step))
        return pairs

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, and those of the steps as ``randomshift__max_shift``.

        Parameters
        ----------
        deep : bool, default=True
            Whether the steps, under their names, and their parameters are among them.

        Returns
        -------
        dict
        """
        params = {"steps": self.steps}
        if deep:
            for name, step in self._pairs():
                params[name] = step
                if isinstance(step, Augmentation):
                    inner = step.get_params(deep=True)
                    params.update((f"{name}__{key}", value) for key, value in inner.items())
        return {**params, "steps": self.steps}  # whatever a step may be called

    def set_params(self, **params: Any) -> Self:
        """Set all steps, a step by its name, or parameters of a step.

        Parameters
        ----------
        **params : dict
            Such as ``steps=[...]``, ``randomshift=RandomShift(3)`` or ``randomshift__max_shift=3``.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If there is no such step, or the step has no such parameter.
        """
        if "steps" in params:
            self.steps = params.pop("steps")
        names = [name for name, _ in self._pairs()]
        given = {name: params.pop(name) for name in names if name in params}
        if given:
            # by its name, or a step of another class would be found under another name from now on
            self.steps = [
                (name, given[name]) if name in given else step
                for name, step in zip(names, self.steps, strict=True)
            ]
        return super().set_params(**params)

    # -- what an augmentation does -----------------------------------------------------------------

    def validate(self) -> None:
        """Check that there are steps, their names, and the parameters of each."""
        if not isinstance(self.steps, (list, tuple)):
            raise TypeError(f"Compose: steps must be a list of augmentations, got {self.steps!r}.")
        if not self.steps:
            raise ValueError("Compose: steps must hold at least one augmentation, got none.")
        for _, step in self._pairs():
            if not isinstance(step, Augmentation):
                raise TypeError(
                    "Compose: every step must be an augmentation object such as RandomShift(), "
                    f"got {step!r}."
                )
            step.validate()
        _check_names([name for name, _ in self._pairs()])

    def check(self, n_features: int, shape: tuple[int, ...] | None) -> None:
        """Raise ValueError if a step does not suit the data."""
        for _, step in self._pairs():
            step.check(n_features, shape)

    def apply(self, batch: Any, shape: tuple[int, ...] | None, rng: np.random.Generator) -> None:
        """Change a batch in place."""
        for step in self._merged(batch.x.shape[1], shape):
            step.apply(batch, shape, rng)

    def _merged(self, n_features, shape):
        """Return the steps, neighbours that are affine maps of the same images as one."""
        steps = []
        for step in _flat(self):
            both = merged(steps[-1], step, n_features, shape) if steps else None
            steps[-1:] = [both] if both else [*steps[-1:], step]
        return steps


def _is_pair(step):
    return isinstance(step, (list, tuple)) and len(step) == 2 and isinstance(step[0], str)


def _kind(step):
    return type(step).__name__.lower()


def _flat(compose):
    """Yield the steps, those of a Compose among them one by one."""
    for _, step in compose._pairs():
        if isinstance(step, Compose):
            yield from _flat(step)
        else:
            yield step


def _check_names(names):
    for name in names:
        if name == "steps" or "__" in name or not name:
            raise ValueError(
                "Compose: the name of a step must not be empty or 'steps', nor hold two "
                f"underscores in a row; got {name!r}."
            )
        if names.count(name) > 1:
            raise ValueError(f"Compose: steps must have different names, but two are {name!r}.")
