"""A fit works on a draft, and the estimator becomes like it at the end, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from skdeep._typing import Self


class Drafted:
    """Mixin: fits that leave no traces until they are done, and predictions of one model only.

    While one thread fits anew, others predict with the old model, and then with the new one, never
    with a mixture; and a fit that fails changes nothing.
    """

    def _snapshot(self) -> Self:
        """Return the estimator as it is now, whatever other threads do to it meanwhile."""
        twin = object.__new__(type(self))
        vars(twin).update(vars(self))  # one operation, which no other thread can interrupt
        return twin

    @contextmanager
    def _draft(self) -> Iterator[Self]:
        """Yield a copy to work on, and take over what has changed in it unless anything is raised.

        A ``RandomState`` that was given as ``random_state`` is put back after a failure.
        """
        draft, rng = self._snapshot(), self.random_state
        before = dict(vars(draft))
        drawn = rng.get_state() if isinstance(rng, np.random.RandomState) else None
        try:
            yield draft
        except BaseException as error:
            kept = None
            if isinstance(error, KeyboardInterrupt):
                kept = draft._kept(before)
                self._say_what_is_kept(error, kept)
            if kept is not None:
                self._become(draft, before)
            elif drawn is not None:
                rng.set_state(drawn)
            raise
        self._become(draft, before)

    def _kept(self, before: dict) -> str | None:
        """Return what is kept of a draft that was interrupted, None if it is no model."""
        return None

    def _say_what_is_kept(self, interruption, kept):
        """Add a note to an interruption: a traceback shows it."""
        note = f"{type(self).__name__}: {kept or 'the estimator is as it was before the call'}."
        if hasattr(interruption, "add_note"):
            interruption.add_note(note)
        else:  # Python 3.10
            interruption.args = (*interruption.args, note)

    def _become(self, draft, before):
        """Take over what has changed in a draft, by a single assignment."""
        gone = before.keys() - vars(draft).keys()
        after = {name: value for name, value in vars(self).items() if name not in gone}
        for name, value in vars(draft).items():
            if name not in before or before[name] is not value:
                after[name] = value
        self.__dict__ = after
