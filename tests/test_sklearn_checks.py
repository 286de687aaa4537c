"""All of scikit-learn's estimator checks, two of them in double precision."""

import pytest
from single_precision import CHECKS, EXPECTED_TO_FAIL
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor

ESTIMATORS = [MLPClassifier(), MLPRegressor(), CNNClassifier(), CNNRegressor(), Autoencoder()]

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:There is only one class"),
]


@parametrize_with_checks(ESTIMATORS, expected_failed_checks=lambda estimator: EXPECTED_TO_FAIL)
def test_check(estimator, check):
    if "sample_weight_equivalence" in str(check):
        # exact only where batches play no part; scikit-learn runs its own MLP the same way
        estimator = clone(estimator).set_params(optimizer="lbfgs")
        if not isinstance(estimator, MLPClassifier):
            estimator.set_params(max_iter=5)  # before differences of rounding have grown
    check(estimator)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_the_others_in_double_precision(estimator, check):
    check(type(estimator).__name__, clone(estimator).set_params(dtype="float64"))
