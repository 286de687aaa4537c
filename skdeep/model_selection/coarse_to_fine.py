"""A search over one positive parameter: a coarse scale first, then finer around the best."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils.validation import check_is_fitted

from skdeep._callbacks import NoTasks, TakesCallbacks, Tasks
from skdeep._constraints import Number, check
from skdeep._typing import ArrayLike, Self
from skdeep._version import Versioned
from skdeep._warnings import warn
from skdeep.model_selection.bounds import bounds_of
from skdeep.model_selection.drawing import LogScalePicture, mark_failures
from skdeep.model_selection.failures import quiet_failures
from skdeep.model_selection.parameters import check_name, check_values, full_name, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class CoarseToFineSearchCV(Versioned, LogScalePicture, TakesCallbacks, BaseSearchCV):
    """Cross-validated search over one positive parameter, from coarse to fine.

    First a coarse scale is tried, by default one value a decade from 1e-4 to 1. Each further round
    tries values around the best so far: evenly spaced on a log scale between it and its
    neighbours. If the best is the lowest or highest value so far, the search goes on beyond it by
    the last step (after the default scale a decade), the value one step beyond included, but not
    beyond what the parameter may be, where the estimator tells it as those of skdeep and
    scikit-learn do. No value is tried twice.

    A value at which training fails, as a rate that diverges, costs its row of the results and not
    the search; one warning names these values.

    Parameters
    ----------
    estimator : estimator
        Any estimator of scikit-learn's kind, or a pipeline.
    param_name : str, default="learning_rate_init"
        The parameter's name. One that is nested, as ``mlpclassifier__learning_rate_init``, is found
        by its last part: that of the last step in a pipeline, or else the only one there is.
    values : array-like of shape (n_values,), default=None
        The coarse scale, at least two positive values; None means ``np.logspace(-4, 0, 5)``, as
        far as the parameter may be. Of integers, all finer values are integers, too: they are
        rounded.
    n_between : int, default=2
        How many values a finer round tries between the best value and each of its neighbours.
    n_rounds : int, default=1
        How many finer rounds follow the coarse one.
    scoring, n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score
        As in :class:`~sklearn.model_selection.GridSearchCV`. With several metrics ``refit`` names
        the one that decides where to search finer. All rounds use the same splits, those of a
        random splitter included.

    Attributes
    ----------
    cv_results_ : dict of str to ndarray
        As that of GridSearchCV; the column "round" is 0 for the coarse values, and 1 and so on
        for finer ones.
    best_params_ : dict
        The full name of the parameter with its best value.
    best_score_ : float
        The mean score of the best value.
    best_index_ : int
        Its row in ``cv_results_``.
    best_estimator_ : estimator
        An estimator with the best value, fitted on all data; only with ``refit``.
    scorer_, n_splits_, refit_time_, multimetric_, classes_, n_features_in_, feature_names_in_
        As in GridSearchCV.

    See Also
    --------
    LearningRateRangeTest : A quick look at rates, after a few epochs of training each.

    References
    ----------
    Bengio (2012), "Practical recommendations for gradient-based training of deep architectures",
    section 3.3, arXiv:1206.5533.

    Examples
    --------
    >>> from sklearn.datasets import load_wine
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdeep.model_selection import CoarseToFineSearchCV
    >>> X, y = load_wine(return_X_y=True)
    >>> model = make_pipeline(StandardScaler(), LogisticRegression())
    >>> search = CoarseToFineSearchCV(model, "C", scoring="neg_log_loss").fit(X, y)
    >>> list(search.best_params_)
    ['logisticregression__C']
    >>> search.cv_results_["round"].tolist()
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    """

    _constraints = {
        "n_between": Number(low=1, integer=True),
        "n_rounds": Number(low=0, integer=True),
    }

    def __init__(
        self,
        estimator: Any,
        param_name: str = "learning_rate_init",
        *,
        values: ArrayLike | None = None,
        n_between: int = 2,
        n_rounds: int = 1,
        scoring: str | Callable[..., Any] | Sequence[str] | dict[str, Any] | None = None,
        n_jobs: int | None = None,
        refit: bool | str | Callable[..., int] = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: int | str = "2*n_jobs",
        error_score: float | Literal["raise"] = np.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_name = param_name
        self.values = values
        self.n_between = n_between
        self.n_rounds = n_rounds

    # -- searching ---------------------------------------------------------------------------

    def _run_search(self, evaluate_candidates, callback_ctx=None):
        """Evaluate the coarse values, then finer ones around the best of all so far."""
        values, name, bounds = self._check_parameters()
        splits = SameSplits(self.cv) if hasattr(self.cv, "split") else None
        told = NoTasks() if callback_ctx is None else Tasks(self, callback_ctx)
        search = told.part("search", max_subtasks=self.n_rounds + 1).begin()
        for number in range(self.n_rounds + 1):
            n_fits = len(values) * getattr(self, "n_splits_", 0)  # older versions set it later
            of_round = search.part("round", max_subtasks=n_fits, sequential_subtasks=False).begin()
            with quiet_failures() if self._failures_are_nan() else nullcontext():
                results = evaluate_candidates(
                    [{name: value} for value in values],
                    cv=splits,
                    more_results={"round": [number] * len(values)},
                    **of_round.as_argument(),
                )
            tried = [params[name] for params in results["params"]]
            best = self._best(name, tried, results)
            values = finer(tried, best, self.n_between, bounds)
            if of_round.end() or not values:
                break
        search.end()
        self._warn_of_failures(name, tried, results)

    def _check_parameters(self):
        """Return the coarse values, the full name of the parameter, and its bounds."""
        owner = type(self).__name__
        check(owner, self._constraints, self.get_params(deep=False))
        check_name(owner, "param_name", self.param_name)
        name = full_name(self.estimator, self.param_name)
        if self.values is None:
            values = np.logspace(-4, 0, 5).tolist()
            bounds = bounds_of(self.estimator, name, values[:1])
            return [value for value in values if bounds.holds(value)], name, bounds
        values = check_values(owner, "values", self.values)
        return values, name, bounds_of(self.estimator, name, values)

    def _failures_are_nan(self):
        return self.error_score != "raise" and math.isnan(self.error_score)

    def _metric(self, results):
        """Return the name of the metric that decides."""
        metrics = metrics_of(results)
        for metric in (self.refit, "score"):
            if isinstance(metric, str) and metric in metrics:
                return metric
        raise ValueError(
            f"{type(self).__name__}: with several metrics, refit must name the one that decides "
            f"where to search finer: one of {', '.join(metrics)}; got {self.refit!r}."
        )

    def _best(self, name, tried, results):
        if callable(self.refit):
            return tried[self._select_best_index(self.refit, None, results)]
        scores = results[f"mean_test_{self._metric(results)}"]
        if np.isnan(scores).all():
            raise ValueError(
                f"{type(self).__name__}: no value of {name!r} from {shown(min(tried))} to "
                f"{shown(max(tried))} has a score, as a fit or its scoring failed at each; "
                "error_score='raise' shows the first error."
            )
        return tried[np.nanargmax(scores)]

    def _warn_of_failures(self, name, tried, results):
        failed = [shown(tried[i]) for i in np.argsort(tried) if failures(results)[i]]
        if failed and self._failures_are_nan():
            warn(
                f"{len(failed)} of {len(tried)} values of {name!r} have no score, as a fit or its "
                f"scoring failed: {', '.join(failed)}. error_score='raise' shows the first error.",
                FitFailedWarning,
            )

    # -- picture -----------------------------------------------------------------------------

    def plot(self, ax: Axes | None = None, *, metric: str | None = None) -> Self:
        """Draw the mean test scores over the values, with their standard deviations.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a figure.
        metric : str, default=None
            One of several metrics; None means the one that decides.

        Returns
        -------
        self : object
            With ``ax_`` and ``figure_``.

        Raises
        ------
        ImportError
            If matplotlib is missing.
        ValueError
            If the metric is unknown, or none decides.
        """
        check_is_fitted(self)
        results = self.cv_results_
        metric = self._metric(results) if metric is None else metric
        if metric not in metrics_of(results):
            known = ", ".join(metrics_of(results))
            raise ValueError(f"metric must be one of {known}, got {metric!r}.")
        (name,) = self.best_params_
        tried = np.array([params[name] for params in results["params"]])
        ax = self._start_picture(ax, name, f"mean test {metric}")
        self._draw_scores(tried, results[f"mean_test_{metric}"], results[f"std_test_{metric}"])
        best = self.best_params_[name]
        ax.axvline(best, color="tab:green", linestyle=":", label=f"best {shown(best, 2)}")
        mark_failures(ax, tried[failures(results)])
        ax.legend()
        return self

    def _draw_scores(self, values, means, deviations):
        order = np.argsort(values)
        self.ax_.plot(values[order], means[order], color="0.7", zorder=1)
        rounds = self.cv_results_["round"]
        for number, colour in zip(np.unique(rounds), _colours(rounds.max()), strict=True):
            rows = rounds == number
            label = f"round {number}" if number else "coarse"
            style = {"marker": "o", "linestyle": "", "capsize": 3, "color": colour}
            self.ax_.errorbar(values[rows], means[rows], deviations[rows], label=label, **style)


class SameSplits:
    """A splitter that gives the splits of its first call again, also those of a random splitter."""

    def __init__(self, splitter):
        self.splitter = splitter
        self.splits = None

    def split(self, X, y=None, groups=None):
        """Return a list of pairs of training and test rows."""
        if self.splits is None:
            self.splits = list(self.splitter.split(X, y, groups))
        return self.splits


def finer(tried, best, n_between, bounds):
    """Return new values between the best value and its neighbours, evenly spaced on a log scale.

    Where the best is the lowest or the highest value, the missing neighbour is put as far from it
    as the other one, but not beyond the parameter's bounds, and is among the new values. Between
    integers there are integers.
    """
    values = sorted(tried)
    index = values.index(best)
    new = []
    for step in (-1, 1):
        inside = 0 <= index + step < len(values)
        neighbour = values[index + step] if inside else best * (best / values[index - step])
        neighbour = min(max(neighbour, bounds.low), bounds.high)
        if neighbour != best:
            new += np.geomspace(best, neighbour, n_between + 2).tolist()
    new = [value for value in new if 0 < value < np.inf]
    if all(isinstance(value, int) for value in values):
        new = [max(1, round(value)) for value in new]
    return sorted({value for value in new if bounds.holds(value)} - set(values))


def metrics_of(results):
    """Return the names of the metrics in order."""
    prefix = "mean_test_"
    return sorted(key.removeprefix(prefix) for key in results if key.startswith(prefix))


def failures(results):
    """Return a mask of the rows without a score."""
    return np.isnan([results[f"mean_test_{name}"] for name in metrics_of(results)]).any(axis=0)


def _colours(last_round):
    from matplotlib import colormaps

    return ["tab:blue", *colormaps["autumn"](np.linspace(0.3, 0.7, last_round))]
