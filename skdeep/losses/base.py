"""The base class of losses."""

from __future__ import annotations

import numpy as np

from skdeep._component import Component


class Loss(Component):
    """Base class of losses; subclass it to add your own.

    The last affine map of a network gives *scores* z. The link that turns them into predictions
    belongs to the loss, since the gradient of both together is simpler and more stable than that of
    each. So the loss also says what users see of scores: by ``predict`` and, for classes,
    ``log_predict`` and ``decide``.

    Attributes
    ----------
    out_activation : str
        The name of the link, for the estimators' ``out_activation_``.
    kernel : str or None
        The name of a compiled kernel that fuses loss, gradient and weights; it counts only for the
        class that names it, not for subclasses.

    Examples
    --------
    >>> import numpy as np
    >>> from skdeep import MLPRegressor
    >>> from skdeep.losses import Loss
    >>> class LogCosh(Loss):
    ...     def evaluate(self, z, y, rows, delta):
    ...         np.subtract(z, y, out=delta)
    ...         rows[...] = np.log(np.cosh(delta)).mean(axis=1)
    ...         np.tanh(delta, out=delta)
    ...         delta /= z.shape[1]
    >>> x = np.linspace(-1, 1, 50).reshape(-1, 1)
    >>> model = MLPRegressor((), loss=LogCosh(), optimizer="lbfgs", alpha=0).fit(x, 3 * x.ravel())
    >>> model.predict([[0.5]]).round(3)
    array([1.5])
    """

    out_activation: str = "identity"
    kernel: str | None = None

    @property
    def scales_targets(self) -> bool:
        """Whether regressors may standardise the targets.

        By default they may, unless the loss has a link of its own or refuses some targets: both
        give a meaning to the scale of the targets, which standardising would change.
        """
        return type(self).predict is Loss.predict and type(self).check_targets is Loss.check_targets

    def n_scores(self, n_targets: int) -> int:
        """Return how many scores a network gives for rows of so many targets, by default as many.

        Parameters
        ----------
        n_targets : int

        Returns
        -------
        int
            The columns of ``z``; those of ``y`` are the targets.
        """
        return n_targets

    def evaluate(self, z: np.ndarray, y: np.ndarray, rows: np.ndarray, delta: np.ndarray) -> None:
        """Write each row's loss and its gradient at the scores.

        Parameters
        ----------
        z : ndarray of shape (n_rows, n_outputs)
            The scores; may be overwritten.
        y : ndarray of shape (n_rows, n_outputs)
            The targets.
        rows : ndarray of shape (n_rows,)
            Where the losses go.
        delta : ndarray of shape (n_rows, n_outputs)
            Where the gradient goes; may be the same array as ``z``.
        """
        raise NotImplementedError(f"{type(self).__name__} must define evaluate(z, y, rows, delta).")

    def predict(self, z: np.ndarray) -> np.ndarray:
        """Return the predictions for scores ``z``: expected values, or probabilities.

        Parameters
        ----------
        z : ndarray of shape (n_rows, n_outputs)

        Returns
        -------
        ndarray of shape (n_rows, n_outputs)
            For two exclusive classes, which have one score, of shape (n_rows, 2).
        """
        return z

    def log_predict(self, z: np.ndarray) -> np.ndarray:
        """Return the logarithms of ``predict``, for classes without underflow."""
        return np.log(self.predict(z))

    def decide(self, z: np.ndarray) -> np.ndarray:
        """Return what is most likely: the number of the class, or 1 for each label that is on.

        Parameters
        ----------
        z : ndarray of shape (n_rows, n_outputs)

        Returns
        -------
        ndarray of int of shape (n_rows,), for labels (n_rows, n_outputs)
        """
        raise NotImplementedError(f"{type(self).__name__} must define decide(z) to tell classes.")

    def check_targets(self, y: np.ndarray) -> None:
        """Raise ValueError for targets that the loss is not defined for, by default for none."""
