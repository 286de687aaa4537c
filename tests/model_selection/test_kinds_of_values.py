"""The search from coarse to fine over integers, and over parameters that have bounds."""

import numpy as np
import pytest
from peaked import tried
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier, TabularMLPClassifier
from skdeep.model_selection import CoarseToFineSearchCV
from skdeep.model_selection.bounds import bounds_of
from skdeep.optimizers import Momentum

X, y = load_iris(return_X_y=True)


class Whole(ClassifierMixin, BaseEstimator):
    """Scores highest at one integer, and takes no float."""

    def __init__(self, n=1, peak=7):
        self.n = n
        self.peak = peak

    def fit(self, X, y):
        assert type(self.n) is int
        self.classes_ = np.unique(y)
        return self

    def score(self, X, y):
        return -abs(np.log(self.n / self.peak))


# -- integers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values", [[1, 4, 16], (16, 4, 1), np.array([4, 1, 16]), [np.int64(1), 4, np.uint8(16)]]
)
def test_integers_stay_integers(values):
    search = CoarseToFineSearchCV(Whole(), "n", values=values, n_rounds=9, cv=2).fit(X, y)
    assert tried(search, 0) == [1, 4, 16]
    # a third and two thirds of the way from 4 to 1 and to 16: 2.5, 1.6, 6.3 and 10.1
    assert tried(search, 1) == [2, 3, 6, 10]
    assert tried(search, 2) == [5, 7, 8]  # there is nothing between 6 and 7, or 7 and 8
    assert tried(search, 3) == []
    assert all(type(value) is int for value in tried(search))
    assert len(set(tried(search))) == len(tried(search))
    assert search.best_params_ == {"n": 7}


def test_beyond_the_ends_of_integers():
    search = CoarseToFineSearchCV(Whole(peak=1), "n", values=[2, 8], n_rounds=9, cv=2).fit(X, y)
    assert tried(search, 1) == [1, 3, 5]  # 0.5 and 0.8 become 1
    assert search.best_params_ == {"n": 1}
    search = CoarseToFineSearchCV(Whole(peak=99), "n", values=[2, 8], cv=2).fit(X, y)
    assert tried(search, 1) == [3, 5, 13, 20, 32]


def test_neighbours_of_an_estimator_that_refuses_floats():
    model = make_pipeline(StandardScaler(), KNeighborsClassifier())
    search = CoarseToFineSearchCV(model, "n_neighbors", values=[1, 4, 16]).fit(X, y)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert type(search.best_estimator_[-1].n_neighbors) is int


def test_a_float_among_integers_makes_floats():
    search = CoarseToFineSearchCV(Bounded(), "rate", values=[1, 10.0], cv=2).fit(X, y)
    assert all(type(value) is float for value in tried(search))


def test_large_integers_are_shown_in_full():
    search = CoarseToFineSearchCV(Whole(peak=12345), "n", values=[1, 12345], n_rounds=0, cv=2)
    pyplot = pytest.importorskip("matplotlib.pyplot")
    search.fit(X, y).plot()
    assert "best 12345" in search.ax_.get_legend_handles_labels()[1]
    pyplot.close(search.figure_)


# -- bounds ------------------------------------------------------------------------------------


class Bounded(ClassifierMixin, BaseEstimator):
    """Scores highest at its largest rate, or at its smallest."""

    def __init__(self, rate=0.5, sign=1):
        self.rate = rate
        self.sign = sign

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def score(self, X, y):
        return self.sign * self.rate


def bounded(rule, values, **params):
    model = type("Model", (Bounded,), {"_parameter_constraints": {"rate": [rule]}})(**params)
    search = CoarseToFineSearchCV(model, "rate", values=values, n_rounds=3, cv=2)
    return search.fit(X, y)


def test_the_scale_ends_at_a_bound():
    constraints = ElasticNet._parameter_constraints
    search = bounded(constraints["l1_ratio"][0], [0.01, 0.1, 0.5])
    assert search.best_params_ == {"rate": 1.0}  # the next step would be 2.5
    top = [value for value in tried(search, 1) if value > 0.5]
    np.testing.assert_allclose(top, [2 ** (-2 / 3), 2 ** (-1 / 3), 1.0])


def test_an_open_bound_itself_is_not_tried():
    search = bounded(MLPClassifier._constraints["dropout"], [0.1, 0.5])
    assert max(tried(search)) == search.best_params_["rate"]
    top = [value for value in tried(search, 1) if value > 0.5]
    np.testing.assert_allclose(top, [2 ** (-2 / 3), 2 ** (-1 / 3)])
    assert 0.98 < max(tried(search)) < 1


def test_the_default_scale_ends_at_an_open_bound():
    search = bounded(MLPClassifier._constraints["dropout"], None)
    np.testing.assert_allclose(tried(search, 0), [1e-4, 1e-3, 1e-2, 1e-1])
    assert 0.9 < search.best_params_["rate"] < 1


def test_a_lower_bound():
    rule = RandomForestClassifier._parameter_constraints["min_samples_split"][0]
    assert (rule.left, rule.closed) == (2, "left")
    assert min(tried(bounded(rule, [3, 9], sign=-1))) == 2


RANGES = [
    (MLPClassifier(), "l1_ratio", [0.1, 0.5], (0, 1, "both")),
    (MLPClassifier(), "dropout", [0.1, 0.5], (0, 1, "left")),
    (MLPClassifier(), "learning_rate_init", [0.1, 0.5], (0, np.inf, "neither")),
    (MLPClassifier(optimizer=Momentum()), "optimizer__momentum", [0.5, 0.9], (0, 1, "left")),
    (make_pipeline(MLPClassifier()), "mlpclassifier__dropout", [0.1, 0.5], (0, 1, "left")),
    (TabularMLPClassifier(), "dropout", [0.1, 0.5], (0, 1, "left")),
    (RandomForestClassifier(), "max_features", [0.1, 0.5], (0, 1, "right")),
    (RandomForestClassifier(), "max_features", [1, 4], (1, np.inf, "left")),
    (LogisticRegression(), "C", [0.1, 0.5], (0, np.inf, "right")),
    (LogisticRegression(), "max_iter", [10, 50], (0, np.inf, "left")),
    (Bounded(), "rate", [0.1, 0.5], (-np.inf, np.inf, "both")),
    (MLPClassifier(), "dropout", [0.1, 5], (-np.inf, np.inf, "both")),  # which fit refuses
]


@pytest.mark.parametrize(("model", "name", "values", "expected"), RANGES)
def test_ranges_are_found(model, name, values, expected):
    rule = bounds_of(model, name, values)
    assert (rule.low, rule.high, rule.closed) == expected


def test_a_search_over_dropout_has_no_failed_fit():
    model = MLPClassifier((9,), max_iter=2, n_iter_no_change=np.inf, random_state=0)
    search = CoarseToFineSearchCV(model, "dropout", values=[0.3, 0.9], n_rounds=2, cv=2)
    results = search.fit(X, y).cv_results_
    assert np.isfinite(results["mean_test_score"]).all()
