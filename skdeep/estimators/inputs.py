"""How X is checked: as users give it, it holds flat rows, or maps."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdeep.estimators.checks import check_range, validated


@dataclass(frozen=True)
class Inputs:
    """How an estimator checks X; here for flat rows, as dense networks take them.

    Parameters
    ----------
    owner : BaseEstimator
        The estimator. scikit-learn sets its ``n_features_in_`` and ``feature_names_in_``, and
        compares later X with them.
    dtype : numpy.dtype
        The type to compute in, which must be able to hold X.
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
        """The options of scikit-learn's check."""
        return {"accept_sparse": self.accept_sparse, "dtype": "numeric"}

    def flat(self, X, known=()):
        """Return X with flat rows, and the shape of a row if X has more than two dimensions.

        Parameters
        ----------
        X : array-like
            The inputs as the user gives them.
        known : tuple of int
            The shape that rows must have, if X tells one; () if the user's parameters decide.

        Raises
        ------
        ValueError
            If X tells another shape of its rows.
        """
        return X, ()

    def warn_of_guess(self, shape):
        """Warn if what rows of this shape hold, () for flat ones, had to be guessed."""

    def check(self, X, known=()):
        """Return X for a fitted network: a 2-D array or CSR matrix that ``dtype`` can hold.

        X is handed through if it is an array of numbers, whatever its type and order; batches are
        converted as they are gathered.
        """
        X, _ = self.flat(X, known)
        X = validated(self.owner, X, reset=False, **self.options)
        check_range(X, self.dtype, "X")
        return X
