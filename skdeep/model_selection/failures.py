"""Failed fits: values at which training diverges are expected when a scale is searched."""

import warnings
from contextlib import contextmanager

from sklearn.exceptions import FitFailedWarning


@contextmanager
def quiet_failures():
    """Silence scikit-learn's warnings of failed fits, which hold a traceback for each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitFailedWarning)
        warnings.filterwarnings("ignore", "One or more of the .* scores are non-finite")
        yield
