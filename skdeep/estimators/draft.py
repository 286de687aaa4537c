"""A fit works on a draft, and the estimator becomes like it at the end, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from skdeep._random import put_back_after_errors
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
        draft, interruption = self._snapshot(), None
        before = dict(vars(draft))
        with put_back_after_errors(self.random_state), self._nothing_left_behind():
            try:
                yield draft
            except KeyboardInterrupt as error:
                kept = draft._kept(before)
                self._say_what_is_kept(error, kept)
                if kept is None:
                    raise
                interruption = error
        self._become(draft, before)
        if interruption is not None:
            raise interruption

    def _nothing_left_behind(self):
        """Return a context that takes back what a failed fit does outside of its draft."""
        return nullcontext()

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
