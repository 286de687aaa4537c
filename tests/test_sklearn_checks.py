"""All of scikit-learn's estimator checks, none expected to fail."""

import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks(
    [MLPClassifier(), MLPRegressor(), CNNClassifier(), CNNRegressor(), Autoencoder()]
)
def test_check(estimator, check):
    if "sample_weight_equivalence" in str(check):
        # exact only where batches play no part; scikit-learn runs its own MLP the same way
        estimator = clone(estimator).set_params(optimizer="lbfgs")
        if not isinstance(estimator, (MLPClassifier, MLPRegressor)):
            estimator.set_params(max_iter=5)  # before differences of rounding have grown
    check(estimator)
