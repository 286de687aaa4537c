"""All of scikit-learn's estimator checks, on the tabular estimators.

As with the other networks, two of them hold in double precision.
"""

import pytest
from single_precision import CHECKS, EXPECTED_TO_FAIL
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdeep import TabularMLPClassifier, TabularMLPRegressor

FAST = {"n_networks": 2, "effort": 0.05}
ESTIMATORS = [TabularMLPClassifier(**FAST), TabularMLPRegressor(**FAST)]
EXPECTED = EXPECTED_TO_FAIL | {
    f"check_sample_weight_equivalence_on_{kind}_data": (
        "mini-batches and a random validation split draw other rows where rows are repeated, so "
        "that the results cannot have the same bits"
    )
    for kind in ("dense", "sparse")
}


@pytest.mark.filterwarnings("ignore:There is only one class")
@parametrize_with_checks(ESTIMATORS, expected_failed_checks=lambda estimator: EXPECTED)
def test_check(estimator, check):
    check(estimator)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_invariance_in_double_precision(estimator, check):
    check(type(estimator).__name__, clone(estimator).set_params(dtype="float64"))


@pytest.mark.parametrize("cls", [TabularMLPClassifier, TabularMLPRegressor])
def test_tags_say_what_tables_may_hold(cls):
    tags = cls().__sklearn_tags__()
    assert tags.input_tags.allow_nan
    assert tags.input_tags.categorical
    assert tags.input_tags.string
    assert not tags.input_tags.sparse
    assert tags.target_tags.multi_output == (cls is TabularMLPRegressor)
