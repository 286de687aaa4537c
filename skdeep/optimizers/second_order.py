"""L-BFGS, which sees all data at once and drives the loop itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize

from skdeep._constraints import Number
from skdeep.optimizers.base import OPTIMIZERS, Optimizer


@OPTIMIZERS.register("lbfgs")
class LBFGS(Optimizer):
    r"""Limited-memory BFGS on all data at once, by scipy.

    The learning rate, ``batch_size`` and ``shuffle`` do not apply. ``max_iter`` counts iterations,
    and training ends when no component of the gradient exceeds the estimator's ``tol``. An L1
    penalty is treated exactly: the weights are split into their positive and negative parts, which
    are bounded by zero. The recorded learning rate is the step's length over the gradient's norm.

    Parameters
    ----------
    history_size : int >= 1, default=10
        How many past updates approximate the curvature.
    max_fun : int >= 1, default=15000
        The most evaluations of the objective.

    References
    ----------
    Byrd, Lu, Nocedal and Zhu (1995), "A limited memory algorithm for bound constrained
    optimization", SIAM J. Sci. Comput. 16; Liu and Nocedal (1989), "On the limited memory BFGS
    method for large scale optimization", Math. Program. 45.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from skdeep import MLPRegressor
    >>> X, y = load_diabetes(return_X_y=True)
    >>> MLPRegressor((), optimizer="lbfgs", alpha=0, max_iter=1000).fit(X, y).n_iter_ > 5
    True
    """

    full_batch = True
    needs_double = True
    constraints = {
        "history_size": Number(1, integer=True),
        "max_fun": Number(1, integer=True),
    }

    def __init__(self, history_size: int = 10, max_fun: int = 15000) -> None:
        self.history_size = history_size
        self.max_fun = max_fun

    def minimize(
        self, objective: Any, max_iter: int, tol: float, callback: Callable[[float], object]
    ) -> str | None:
        """Run until convergence.

        Parameters
        ----------
        objective : FullObjective
            The penalised loss of all data; its parameters end at the last iterate.
        max_iter : int
            The most iterations.
        tol : float
            The bound on the gradient's components at which training ends.
        callback : callable
            Called with the loss after every iteration, the parameters in place; it raises
            StopIteration to end the training.

        Returns
        -------
        str or None
            Why it ended without having converged, if so.
        """
        variables = _Split(objective) if objective.penalty.l1 else _Plain(objective)

        def after_iteration(z):
            callback(variables.value_at(z))

        result = minimize(
            variables.evaluate,
            variables.start(),
            method="L-BFGS-B",
            jac=True,
            bounds=variables.bounds(),
            callback=after_iteration,
            options={
                "maxiter": max_iter,
                "maxcor": self.history_size,
                "maxfun": self.max_fun,
                "gtol": tol,
                "ftol": 64 * np.finfo(float).eps,
            },
        )
        variables.put(result.x)
        return self._why(result, max_iter, tol, objective.parameters.dtype)

    def _why(self, result, max_iter, tol, dtype):
        if result.status == 1:
            reached = result.nit >= max_iter
            return f"at max_iter={max_iter}" if reached else f"at max_fun={self.max_fun}"
        if result.status == 2 and tol and np.abs(result.jac).max() > tol:
            return f"in a line search that found nothing better ({result.message})"
        is_single = dtype != np.float64  # a relative change of less than 1e-14 is none there
        if result.status == 0 and is_single and tol and np.abs(result.jac).max() > tol:
            return f"where {dtype} tells no losses apart (dtype='float64' may)"
        return None


class _Plain:
    """The parameters themselves as variables."""

    def __init__(self, objective):
        self.objective = objective

    def start(self):
        return self.objective.parameters.astype(np.float64)

    def bounds(self):
        return None

    def put(self, z):
        self.objective.parameters[...] = z

    def value_at(self, z):
        """Put the parameters to ``z`` and return the loss there, mostly known already."""
        if not np.array_equal(z, self._last):
            self.evaluate(z)
        self.put(z)
        return self._recorded

    def evaluate(self, z):
        """Return the loss and its gradient at ``z``."""
        self.put(z)
        self._last = z.copy()
        return self._evaluate(z)

    def _evaluate(self, z):
        self._recorded = self.objective.evaluate()
        return self._recorded, self.objective.gradient.astype(np.float64)


class _Split(_Plain):
    """Weights as the difference of two parts >= 0, so that the L1 norm is smooth: their sum."""

    def __init__(self, objective):
        super().__init__(objective)
        self.n = len(objective.weights)

    def start(self):
        w = super().start()
        weights = w[: self.n]
        return np.concatenate([np.maximum(weights, 0), np.maximum(-weights, 0), w[self.n :]])

    def bounds(self):
        free = len(self.objective.parameters) - self.n
        return [(0, None)] * (2 * self.n) + [(None, None)] * free

    def put(self, z):
        parameters, n = self.objective.parameters, self.n
        parameters[:n] = z[:n] - z[n : 2 * n]
        parameters[n:] = z[2 * n :]

    def _evaluate(self, z):
        smooth = self.objective.evaluate(l1=False)
        g = self.objective.gradient.astype(np.float64)
        penalty, weights = self.objective.penalty, g[: self.n]
        l1 = penalty.l1
        # both parts of a weight may be positive on the way: their sum is above the norm
        self._recorded = smooth + penalty.l1_value(self.objective.weights)
        value = smooth + l1 * float(z[: 2 * self.n].sum())
        return value, np.concatenate([weights + l1, l1 - weights, g[self.n :]])
