"""Pickles carry the version that made them; another one warns, as scikit-learn's do."""

import copy
import pickle
import warnings

import joblib
import numpy as np
import pytest
import sklearn.exceptions
from sklearn.base import BaseEstimator, clone

import skdeep
from skdeep import MLPClassifier, _version
from skdeep.exceptions import InconsistentVersionWarning
from skdeep.model_selection import CoarseToFineSearchCV, LearningRateRangeTest
from skdeep.preprocessing import PiecewiseLinearEncoder, SmoothScaler

PUBLIC = [vars(skdeep)[name] for name in skdeep.__all__]
ESTIMATORS = [
    *(cls() for cls in PUBLIC if isinstance(cls, type) and issubclass(cls, BaseEstimator)),
    SmoothScaler(),
    PiecewiseLinearEncoder(),
    CoarseToFineSearchCV(MLPClassifier()),
    LearningRateRangeTest(MLPClassifier()),
]
X = np.random.default_rng(0).standard_normal((20, 2))


class Mine(MLPClassifier):
    """A user's subclass."""


@pytest.mark.parametrize("estimator", [*ESTIMATORS, Mine()], ids=lambda e: type(e).__name__)
def test_another_version_warns(estimator, monkeypatch):
    assert isinstance(estimator, BaseEstimator)
    content = pickle.dumps(estimator)
    assert vars(pickle.loads(content)).keys() == vars(estimator).keys()
    monkeypatch.setattr(_version, "__version__", "9.8.7")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = pickle.loads(content)
    assert repr(loaded) == repr(estimator)
    assert vars(loaded).keys() == vars(estimator).keys()
    found = [one.message for one in caught if one.message.estimator_name == type(loaded).__name__]
    assert isinstance(found[0], InconsistentVersionWarning)
    assert isinstance(found[0], sklearn.exceptions.InconsistentVersionWarning)
    assert (found[0].original_version, found[0].current_version) == (skdeep.__version__, "9.8.7")
    words = f"pickled by version {skdeep.__version__} of skdeep and is read by version 9.8.7"
    assert words in str(found[0])
    assert pickle.loads(pickle.dumps(loaded)) is not None  # its pickle is one of this version


def test_a_fitted_model_predicts_the_same(tmp_path, monkeypatch):
    model = MLPClassifier((3,), max_iter=2, n_iter_no_change=np.inf, random_state=0)
    model.fit(X, X[:, 0] > 0)
    joblib.dump(model, tmp_path / "model")
    monkeypatch.setattr(_version, "__version__", "9.8.7")
    with pytest.warns(InconsistentVersionWarning):
        loaded = joblib.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))


def test_a_pickle_without_a_version():
    model = MLPClassifier()
    with pytest.warns(InconsistentVersionWarning, match="version unknown"):
        model.__setstate__(model.get_params())


def test_copies_do_not_warn_and_hold_nothing_more():
    model = MLPClassifier()
    for twin in (copy.copy(model), copy.deepcopy(model), clone(model)):
        assert vars(twin) == vars(model)
