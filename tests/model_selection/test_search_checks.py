"""All of scikit-learn's estimator checks on the search, as scikit-learn runs them on its own."""

import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdeep.model_selection import CoarseToFineSearchCV

# scikit-learn exempts its own searches for the same reason: they hand y on as it is
UPSTREAM = {"check_supervised_y_2d": "DataConversionWarning not caught"}


def search(model, name):
    return CoarseToFineSearchCV(model, name, values=[0.1, 1], cv=2, error_score="raise")


@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")  # labels that are inf
@parametrize_with_checks(
    [
        search(LogisticRegression(max_iter=1000), "C"),
        search(Ridge(), "alpha"),
        search(make_pipeline(StandardScaler(), Ridge()), "alpha"),
    ],
    expected_failed_checks=lambda search: UPSTREAM if search.param_name == "alpha" else {},
)
def test_check(estimator, check):
    check(estimator)
