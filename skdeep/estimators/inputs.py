"""X as users give it, checked: flat rows, or maps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.validation import validate_data

from skdeep.estimators.checks import check_range


@dataclass(frozen=True)
class Inputs:
    """How X is checked.

    Parameters
    ----------
    owner : BaseEstimator
        Whose ``n_features_in_`` and ``feature_names_in_`` scikit-learn sets and compares.
    dtype : numpy.dtype
        What X is computed in.
    """

    owner: Any
    dtype: np.dtype

    accept_sparse = "csr"

    @property
    def asked(self):
        """The shape of a row that the user's parameters ask for; () for none."""
        return ()

    @property
    def options(self):
        """What scikit-learn is asked to check."""
        return {"accept_sparse": self.accept_sparse, "dtype": "numeric"}

    def flat(self, X, known=()):
        """Return X with flat rows, and the shape of a row where that matters.

        Parameters
        ----------
        X : array-like
        known : tuple of int
            The shape that rows must have, if they have one; () where the user's parameters decide.

        Raises
        ------
        ValueError
            If rows have another shape.
        """
        return X, ()

    def check(self, X, known=()):
        """Return X for a fitted network: a 2-D array or CSR matrix that ``dtype`` can hold.

        X is handed through if it is an array of numbers in row order, whatever its type; batches
        are converted as they are gathered.
        """
        X, _ = self.flat(X, known)
        X = validate_data(self.owner, X, reset=False, **self.options)
        check_range(X, self.dtype, "X")
        return X
