"""Values at which fits fail: a row of the results without a score, and one short warning."""

import numpy as np
import pytest
from peaked import Peaked, tried
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import FitFailedWarning
from sklearn.neural_network import MLPClassifier as PeerClassifier

from skdeep import MLPRegressor
from skdeep.model_selection import CoarseToFineSearchCV

X, y = load_iris(return_X_y=True)
DIABETES = load_diabetes(return_X_y=True)
THIRD = 10 ** (1 / 3)


def test_values_that_diverge_cost_a_row_and_one_short_warning():
    search = CoarseToFineSearchCV(Peaked(peak=0.5, limit=0.3), "rate", cv=2)
    with pytest.warns(FitFailedWarning) as caught:
        search.fit(X, y)
    assert len(caught) == 1
    message = str(caught[0].message)
    assert message.startswith("2 of 9 values of 'rate' have no score, as a fit")
    assert "failed: 0.464, 1." in message
    assert "Traceback" not in message
    assert caught[0].filename == __file__
    failed = np.isnan(search.cv_results_["mean_test_score"])
    np.testing.assert_allclose(np.array(tried(search))[failed], [1, 0.1 * THIRD**2])
    assert search.best_params_["rate"] == pytest.approx(0.1 * THIRD)


@pytest.mark.parametrize(
    ("network", "data"),
    [
        (MLPRegressor((5,), optimizer="sgd", max_iter=3, n_iter_no_change=3), DIABETES),
        (PeerClassifier((5,), solver="sgd", max_iter=3), (X * 1e9, y)),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_networks_that_diverge(network, data):
    search = CoarseToFineSearchCV(network, values=[1e-30, 1e-20, 1e300], n_rounds=0, cv=2)
    with pytest.warns(FitFailedWarning) as caught:
        search.fit(*data)
    assert sum(warning.category is FitFailedWarning for warning in caught) == 1
    assert np.isnan(search.cv_results_["mean_test_score"]).tolist() == [False, False, True]


def test_an_error_is_raised_on_demand():
    search = CoarseToFineSearchCV(Peaked(limit=0.3), "rate", error_score="raise", cv=2)
    with pytest.raises(ValueError, match="diverged at rate 1"):
        search.fit(X, y)


def test_a_number_may_stand_for_failures():
    search = CoarseToFineSearchCV(Peaked(peak=0.1, limit=0.3), "rate", error_score=-9, cv=2)
    with pytest.warns(FitFailedWarning, match="2 fits failed out of"):
        search.fit(X, y)
    assert search.cv_results_["mean_test_score"][4] == -9


def test_when_all_fits_fail():
    with pytest.raises(ValueError, match="All the 10 fits failed"):
        CoarseToFineSearchCV(Peaked(limit=0), "rate", cv=2).fit(X, y)


def test_scores_that_are_nan_without_an_error():
    def score(model, X, y):
        return np.nan if model.rate == 1 else model.score(X, y)

    search = CoarseToFineSearchCV(Peaked(), "rate", scoring=score, error_score="raise", cv=2)
    with pytest.warns(UserWarning, match="One or more of the test scores are non-finite") as caught:
        search.fit(X, y)
    assert {warning.category for warning in caught} == {UserWarning}
    assert search.best_params_["rate"] == pytest.approx(0.01 * THIRD)


def test_when_every_value_fails_in_a_split():
    class Moody(Peaked):
        def score(self, X, y):
            return np.nan

    with pytest.raises(ValueError, match="to 1 has a score, as a fit or its"):
        CoarseToFineSearchCV(Moody(), "rate", cv=2).fit(X, y)
