"""The range test: a few epochs at each learning rate of a logarithmic scale."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, MetaEstimatorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import check_scoring
from sklearn.model_selection import GridSearchCV, ShuffleSplit
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from skdeep._callbacks import TakesCallbacks
from skdeep._constraints import Number, Seed, check
from skdeep._random import put_back_after_errors
from skdeep._typing import ArrayLike, MatrixLike, Self
from skdeep._version import Versioned
from skdeep._warnings import warn
from skdeep.model_selection.drawing import LogScalePicture, mark_failures
from skdeep.model_selection.failures import quiet_failures
from skdeep.model_selection.outcomes import (
    TrainingLoss,
    checked_results,
    doubts,
    loss_limits,
    suggested_range,
)
from skdeep.model_selection.parameters import check_name, check_values, full_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LearningRateRangeTest(
    Versioned, LogScalePicture, TakesCallbacks, MetaEstimatorMixin, BaseEstimator
):
    r"""Train for a few epochs at each of a scale of learning rates, and suggest one.

    Every rate trains a clone from its start. A rate at which training fails, which is to be
    expected of high ones, has the results nan; it neither ends the test nor raises a warning.

    Parameters
    ----------
    estimator : estimator
        A network with the parameter ``max_iter`` and, after training, ``loss_curve_``, as skdeep's
        and scikit-learn's have, or a pipeline with one. Set its ``random_state``, so that every
        rate starts from the same weights.
    param_name : str, default="learning_rate_init"
        The name of the parameter that holds the rate. One that is nested, as
        ``mlpclassifier__learning_rate_init``, is found by its last part: that of the last step in a
        pipeline, or else the only one there is.
    rates : array-like of shape (n_rates,), default=None
        The positive rates; None means ``np.logspace(-4, 0, 13)``.
    epochs : int, default=3
        How long to train at each rate: the network's ``max_iter``.
    cv : int, cross-validation splitter or iterable, default=None
        The splits into training and validation data, as scikit-learn's searches take them; results
        are means over them. None means one random split that keeps 20 % for validation.
    scoring : str, callable or None, default=None
        The validation score, as in scikit-learn; None means the estimator's ``score``.
    n_jobs : int, default=None
        How many fits run at the same time, as in scikit-learn. It does not change the results.
    random_state : int, RandomState or None, default=None
        The seed of the random split of ``cv=None``.

    Attributes
    ----------
    rates_ : ndarray of shape (n_rates,)
        The rates in increasing order.
    losses_ : ndarray of shape (n_rates,)
        The training loss of the last epoch; nan where training failed.
    scores_ : ndarray of shape (n_rates,)
        The validation score; nan where training failed.
    suggested_rate_ : float
        The lowest rate that is practically as good as the best one, see Notes. How sure it is,
        ``suggested_range_`` and ``doubts_`` say.
    suggested_range_ : tuple of (float, float)
        The lowest and the highest rate that are practically as good as the best: the wider the
        range, the less the choice matters.
    doubts_ : list of str
        Why the suggestion may not be what it seems, which a warning says as well: it is an end of
        the scale, or the losses are flat or random. Empty if all is well.
    suggested_params_ : dict
        The same for ``set_params``: the full name of the parameter with the suggested rate.
    cv_results_ : dict of str to ndarray
        All results, as those of scikit-learn's searches, for the metrics "loss" and "score".

    See Also
    --------
    CoarseToFineSearchCV : A cross-validated search for the rate, with full training.

    Notes
    -----
    The test is that of Smith (2017), with a fresh start at each rate in the place of one rate that
    grows. A low rate wastes the epochs, a high one diverges; between them lies a basin, and what
    suits long training is found at its lower side, as a rate that is best for a few epochs
    is often too high later. The suggested rate is the lowest whose loss is not above

    .. math:: L_{min} + 0.05\,(L_{low} - L_{min})

    with :math:`L_{min}` the lowest loss and :math:`L_{low}` the highest at any lower rate. The
    share 0.05 was chosen by measurements on scikit-learn's digits, breast cancer, wine and
    diabetes data with six optimizers, against other shares, fixed fractions of the best rate and
    the point of steepest descent: after 50 epochs the loss is near the lowest of all rates, and
    validation scores are better than at the rate that was best in the test.

    References
    ----------
    Smith (2017), "Cyclical learning rates for training neural networks", arXiv:1506.01186.
    Bengio (2012), "Practical recommendations for gradient-based training of deep architectures",
    arXiv:1206.5533.

    Examples
    --------
    >>> from sklearn.datasets import load_wine
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdeep import MLPClassifier
    >>> from skdeep.model_selection import LearningRateRangeTest
    >>> X, y = load_wine(return_X_y=True)
    >>> model = make_pipeline(StandardScaler(), MLPClassifier(random_state=0))
    >>> test = LearningRateRangeTest(model, random_state=0).fit(X, y)
    >>> 0.01 <= test.suggested_rate_ <= 0.5
    True
    >>> model = model.set_params(**test.suggested_params_)
    """

    _constraints = {"epochs": Number(low=1, integer=True), "random_state": Seed()}
    _pictures = (*LogScalePicture._pictures, "score_ax_")

    def __init__(
        self,
        estimator: Any,
        *,
        param_name: str = "learning_rate_init",
        rates: ArrayLike | None = None,
        epochs: int = 3,
        cv: Any = None,
        scoring: str | Callable[..., float] | None = None,
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.estimator = estimator
        self.param_name = param_name
        self.rates = rates
        self.epochs = epochs
        self.cv = cv
        self.scoring = scoring
        self.n_jobs = n_jobs
        self.random_state = random_state

    def __sklearn_tags__(self):
        tags, of_network = super().__sklearn_tags__(), get_tags(self.estimator)
        tags.input_tags, tags.target_tags = of_network.input_tags, of_network.target_tags
        return tags

    def fit(self, X: MatrixLike, y: MatrixLike | None = None, **params: Any) -> Self:
        """Train at every rate.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
            The targets.
        **params : dict
            Passed to the estimator's ``fit``, the splitter and the scorer as by scikit-learn's
            searches; entries with a value for each row, as ``sample_weight``, are split.

        Returns
        -------
        self : object
            The fitted test.

        Raises
        ------
        ValueError, TypeError
            If a parameter is wrong, training fails at every rate, or the rate has no effect.
        """
        owner = type(self).__name__
        check(owner, self._constraints, self.get_params(deep=False))
        check_name(owner, "param_name", self.param_name)
        rates = np.logspace(-4, 0, 13) if self.rates is None else self.rates
        rates = [float(rate) for rate in check_values(owner, "rates", rates)]
        name = full_name(self.estimator, self.param_name)
        search = self._search(name, rates)

        def learn(tasks):
            with tasks.part("search").passed_on_to(search):
                search.fit(X, y, **params)
            return None, None

        with put_back_after_errors(self.random_state):
            with quiet_failures(), warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                self._telling(learn, 1, X, y, params.get("sample_weight"))
            losses, scores = checked_results(owner, name, search.cv_results_)
        self.rates_, self.losses_, self.scores_ = np.array(rates), losses, scores
        self.suggested_range_ = suggested_range(self.rates_, losses)
        self.suggested_rate_ = self.suggested_range_[0]
        self.doubts_ = doubts(self.rates_, losses, self.suggested_rate_)
        self.suggested_params_ = {name: self.suggested_rate_}
        self.cv_results_ = search.cv_results_
        if self.doubts_:
            words = " ".join(self.doubts_)
            warn(
                f"{owner} suggests the rate {self.suggested_rate_:.2g}, but this is doubtful. "
                + words
            )
        return self

    def _search(self, name, rates):
        path = name.split("__")[:-1]
        epochs = "__".join([*path, "max_iter"])
        if epochs not in self.estimator.get_params():
            raise ValueError(
                f"{type(self).__name__}: there is no parameter {epochs!r} beside {name!r} to set "
                "the number of epochs with; use a network."
            )
        score = check_scoring(self.estimator, self.scoring)
        split = ShuffleSplit(1, test_size=0.2, random_state=self.random_state)
        return GridSearchCV(
            self.estimator,
            {name: rates, epochs: [self.epochs]},
            scoring={"loss": TrainingLoss(path), "score": score},
            refit=False,
            cv=split if self.cv is None else self.cv,
            n_jobs=self.n_jobs,
        )

    def plot(self, ax: Axes | None = None) -> Self:
        """Draw the losses and the scores over the rates, and mark the suggested one.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a figure.

        Returns
        -------
        self : object
            With ``ax_`` (losses), ``score_ax_`` (scores, on the right) and ``figure_``.

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        check_is_fitted(self)
        ax = self._start_picture(ax, "learning rate", "training loss")
        self.score_ax_ = ax.twinx()
        self.score_ax_.set_ylabel("validation score")
        style = {"color": "tab:orange", "marker": ".", "linestyle": "--", "label": "score"}
        self.score_ax_.plot(self.rates_, self.scores_, **style)
        ax.plot(self.rates_, self.losses_, color="tab:blue", marker="o", label="loss")
        label = f"suggested rate {self.suggested_rate_:.2g}" + ", doubtful" * bool(self.doubts_)
        ax.axvline(self.suggested_rate_, color="tab:green", linestyle=":", label=label)
        mark_failures(ax, self.rates_[np.isnan(self.losses_)])
        ax.set_ylim(loss_limits(self.losses_))
        handles, labels = ax.get_legend_handles_labels()
        above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "ncols": 4, "frameon": False}
        ax.legend(handles + self.score_ax_.get_lines(), [*labels, "score"], **above)
        return self
