"""The version, and how pickles carry it."""

from __future__ import annotations

import warnings
from typing import Any

from skdeep.exceptions import InconsistentVersionWarning

__version__ = "0.1.0"


class Versioned:
    """Mixin of estimators whose pickles say which version made them; another one warns.

    scikit-learn does the same for its own estimators.
    """

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_skdeep_version": __version__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        version = state.pop("_skdeep_version", "unknown")
        if version != __version__:
            name = type(self).__name__
            warnings.warn(InconsistentVersionWarning(name, version, __version__), stacklevel=2)
        super().__setstate__(state)
