"""Warnings that point to the line of the user's that they are about."""

import os
import sys
import warnings
from pathlib import Path

import joblib
import sklearn

_BETWEEN = tuple(
    f"{Path(file).parent}{os.sep}" for file in (__file__, sklearn.__file__, joblib.__file__)
)


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the innermost line that is outside of skdeep, scikit-learn and joblib.

    However many functions lie between, such as those of a pipeline or a search, filters by module
    and editors find the user's own line.

    Parameters
    ----------
    message : str
    category : type, default=UserWarning
    """
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_BETWEEN):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
