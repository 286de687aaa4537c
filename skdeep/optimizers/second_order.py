"""L-BFGS, which sees all data at once and drives the loop itself."""

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
    Byrd, Lu, Nocedal and Zhu (1995), SIAM J. Sci. Comput. 16; Liu and Nocedal (1989).

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

    def __init__(self, history_size=10, max_fun=15000):
        self.history_size = history_size
        self.max_fun = max_fun

    def minimize(self, objective, max_iter, tol, callback):
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
        bool
            False if it ended at max_iter or max_fun.
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
        return result.status != 1  # 1: max_iter or max_fun reached


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
        return self._value

    def evaluate(self, z):
        """Return the loss and its gradient at ``z``."""
        self.put(z)
        self._last = z.copy()
        self._value, gradient = self._evaluate(z)
        return self._value, gradient

    def _evaluate(self, z):
        value = self.objective.evaluate()
        return value, self.objective.gradient.astype(np.float64)


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
        l1 = self.objective.penalty.l1
        weights = g[: self.n]
        value = smooth + l1 * float(z[: 2 * self.n].sum())
        return value, np.concatenate([weights + l1, l1 - weights, g[self.n :]])
