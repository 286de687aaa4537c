"""The search from coarse to fine: the values it tries, and that it is a search like others."""

import pickle

import numpy as np
import pytest
from peaked import Peaked, tried
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier
from skdeep.model_selection import CoarseToFineSearchCV

X, y = load_iris(return_X_y=True)
LOGISTIC = LogisticRegression(max_iter=1000)
DIABETES = load_diabetes(return_X_y=True)
THIRD = 10 ** (1 / 3)


def searched(peak, **params):
    return CoarseToFineSearchCV(Peaked(peak=peak), "rate", cv=2, **params).fit(X, y)


# -- the values --------------------------------------------------------------------------------


def test_a_coarse_scale_then_finer_around_the_best():
    search = searched(0.02)
    np.testing.assert_allclose(tried(search, 0), [1e-4, 1e-3, 1e-2, 1e-1, 1])
    finer = [1e-3 * THIRD, 1e-3 * THIRD**2, 1e-2 * THIRD, 1e-2 * THIRD**2]
    np.testing.assert_allclose(tried(search, 1), finer)
    assert search.best_params_["rate"] == pytest.approx(1e-2 * THIRD)
    assert type(search.best_params_["rate"]) is float


@pytest.mark.parametrize(
    ("peak", "finer"),
    [
        (7, [0.1 * THIRD, 0.1 * THIRD**2, THIRD, THIRD**2, 10]),
        (1e-5, [1e-5, 1e-5 * THIRD, 1e-5 * THIRD**2, 1e-4 * THIRD, 1e-4 * THIRD**2]),
    ],
)
def test_beyond_the_end_of_the_scale_by_a_decade(peak, finer):
    np.testing.assert_allclose(tried(searched(peak), 1), finer)


@pytest.mark.parametrize("peak", [1e-9, 2.3e-4, 0.01, 0.5, 300])
@pytest.mark.parametrize("n_between", [1, 2, 3])
def test_no_value_twice_and_every_round_comes_closer(peak, n_between):
    search = searched(peak, n_rounds=4, n_between=n_between)
    assert len(set(tried(search))) == len(tried(search))
    assert sorted(set(search.cv_results_["round"])) == [0, 1, 2, 3, 4]
    scores, rounds = search.cv_results_["mean_test_score"], search.cv_results_["round"]
    best = np.maximum.accumulate([scores[rounds == number].max() for number in range(5)])
    assert best[-1] == search.best_score_
    assert best[-1] > best[0] or best[0] == 0


def test_the_search_ends_when_floats_are_exhausted():
    values = [1.0, np.nextafter(1.0, 2), np.nextafter(np.nextafter(1.0, 2), 2)]
    search = searched(values[1], values=values, n_rounds=100)
    assert sorted(tried(search)) == values


def test_own_values_in_any_order_and_no_finer_round():
    search = searched(0.3, values=[1, 0.25, 4], n_rounds=0)
    assert tried(search) == [0.25, 1.0, 4.0]
    assert search.best_params_ == {"rate": 0.25}
    assert set(search.cv_results_["round"]) == {0}


def test_all_rounds_use_the_same_splits():
    cv = ShuffleSplit(2, test_size=0.3)
    search = CoarseToFineSearchCV(LOGISTIC, "C", values=[1, 1 + 1e-9], cv=cv, n_rounds=2).fit(X, y)
    for split in ("split0_test_score", "split1_test_score"):
        assert len(set(search.cv_results_[split])) == 1


@pytest.mark.parametrize("as_generator", [False, True])
def test_ready_made_splits(as_generator):
    splits = list(ShuffleSplit(2, test_size=0.3, random_state=0).split(X))
    cv = iter(splits) if as_generator else splits
    search = CoarseToFineSearchCV(LOGISTIC, "C", values=[0.1, 1], cv=cv).fit(X, y)
    assert set(search.cv_results_["round"]) == {0, 1}


# -- a search like scikit-learn's --------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "name", "data"),
    [(LOGISTIC, "C", (X, y)), (Ridge(), "alpha", DIABETES)],
)
def test_results_equal_those_of_a_grid_search_over_the_same_values(model, name, data):
    search = CoarseToFineSearchCV(model, name, return_train_score=True).fit(*data)
    grid = GridSearchCV(model, {name: tried(search)}, return_train_score=True).fit(*data)
    assert set(search.cv_results_) - {"round"} == set(grid.cv_results_)
    for key in ("mean_test_score", "std_test_score", "rank_test_score", "mean_train_score"):
        np.testing.assert_array_equal(search.cv_results_[key], grid.cv_results_[key])
    assert search.best_params_ == grid.best_params_
    assert (search.best_score_, search.best_index_) == (grid.best_score_, grid.best_index_)
    np.testing.assert_array_equal(search.predict(data[0]), grid.predict(data[0]))
    assert search.score(*data) == grid.score(*data)
    assert (search.n_splits_, search.multimetric_) == (5, False)


@pytest.mark.parametrize("refit", ["neg_log_loss", "accuracy"])
def test_one_of_several_metrics_decides(refit):
    metrics = ["accuracy", "neg_log_loss"]
    several = CoarseToFineSearchCV(LOGISTIC, "C", scoring=metrics, refit=refit)
    one = CoarseToFineSearchCV(LOGISTIC, "C", scoring=refit).fit(X, y)
    assert tried(several.fit(X, y)) == tried(one)
    assert several.best_params_ == one.best_params_


def test_a_function_may_decide():
    def lowest(results):
        return int(np.argmin(results["mean_test_score"]))

    search = CoarseToFineSearchCV(Peaked(peak=0.01), "rate", refit=lowest, cv=2).fit(X, y)
    assert search.best_params_["rate"] == pytest.approx(1e-5)


def test_several_metrics_without_a_deciding_one():
    search = CoarseToFineSearchCV(LOGISTIC, "C", scoring=["accuracy", "neg_log_loss"], refit=False)
    with pytest.raises(ValueError, match=r"refit must name .* one of accuracy, neg_log_loss"):
        search.fit(X, y)


def test_without_refit():
    search = searched(0.02, refit=False)
    assert not hasattr(search, "best_estimator_")
    assert search.best_params_["rate"] == pytest.approx(1e-2 * THIRD)


def test_parameters_nested_in_others():
    network = MLPClassifier((3,), max_iter=1, n_iter_no_change=np.inf)
    pipeline = make_pipeline(StandardScaler(), network)
    search = CoarseToFineSearchCV(pipeline, values=[1e-3, 1e-2], n_rounds=0, cv=2).fit(X, y)
    assert list(search.best_params_) == ["mlpclassifier__learning_rate_init"]
    target = TransformedTargetRegressor(Ridge(), transformer=StandardScaler())
    search = CoarseToFineSearchCV(target, "alpha", n_rounds=0).fit(*DIABETES)
    assert list(search.best_params_) == ["regressor__alpha"]


def test_two_jobs_give_the_same_bits():
    model = MLPClassifier((3,), max_iter=2, n_iter_no_change=np.inf, random_state=0)
    one, two = (CoarseToFineSearchCV(model, cv=2, n_jobs=n).fit(X, y) for n in (1, 2))
    np.testing.assert_array_equal(
        one.cv_results_["mean_test_score"], two.cv_results_["mean_test_score"]
    )
    for a, b in zip(one.best_estimator_.coefs_, two.best_estimator_.coefs_, strict=True):
        np.testing.assert_array_equal(a, b)


def test_fit_parameters_reach_the_estimator():
    search = CoarseToFineSearchCV(LOGISTIC, "C", scoring="neg_log_loss")
    weights = np.where(y == 0, 5.0, 1.0)
    weighted, plain = clone(search).fit(X, y, sample_weight=weights), search.fit(X, y)
    direct = clone(LOGISTIC).set_params(**weighted.best_params_).fit(X, y, weights)
    np.testing.assert_array_equal(weighted.best_estimator_.coef_, direct.coef_)
    assert weighted.best_score_ != plain.best_score_


def test_clone_repr_and_pickle():
    search = searched(0.02, values=[0.01, 0.1])
    assert clone(search).get_params()["values"] == [0.01, 0.1]
    assert "CoarseToFineSearchCV(cv=2, estimator=Peaked(peak=0.02)" in repr(search)
    twin = pickle.loads(pickle.dumps(search))
    assert twin.best_params_ == search.best_params_


# -- bad calls ---------------------------------------------------------------------------------

BAD = {
    "name": ({"param_name": "C"}, ValueError, "Peaked has no parameter 'C' in limit, peak, rate."),
    "no string": ({"param_name": 3}, TypeError, "param_name must be a string, got 3"),
    "negative": ({"values": [-1, 1]}, ValueError, "values must be None or at least two different"),
    "one": ({"values": [1]}, ValueError, "at least two different positive numbers"),
    "twice": ({"values": [1, 1, 2]}, ValueError, "at least two different positive numbers"),
    "nan": ({"values": [1, np.nan]}, ValueError, "got [1, nan]"),
    "text": ({"values": ["a", "b"]}, ValueError, "got ['a', 'b']"),
    "2-D": ({"values": [[1, 2]]}, ValueError, "got [[1, 2]]"),
    "rounds": ({"n_rounds": -1}, ValueError, "n_rounds must be an integer in [0, inf), got -1"),
    "between": ({"n_between": 0}, ValueError, "n_between must be an integer in [1, inf), got 0"),
    "half": ({"n_between": 0.5}, TypeError, "n_between must be an integer in [1, inf), got 0.5"),
}


@pytest.mark.parametrize(("params", "error", "words"), BAD.values(), ids=BAD)
def test_bad_parameters(params, error, words):
    search = CoarseToFineSearchCV(Peaked(), "rate").set_params(**params)
    with pytest.raises(error) as caught:
        search.fit(X, y)
    assert words in str(caught.value)


def test_an_ambiguous_name():
    model = make_pipeline(Ridge(), LOGISTIC, StandardScaler())
    with pytest.raises(ValueError) as caught:
        CoarseToFineSearchCV(model, "max_iter", scoring="accuracy").fit(X, y)
    assert "Pipeline has several parameters 'max_iter'; write one of" in str(caught.value)
    assert "logisticregression__max_iter, ridge__max_iter." in str(caught.value)


def test_before_fit():
    search = CoarseToFineSearchCV(LOGISTIC, "C")
    with pytest.raises(NotFittedError):
        search.predict(X)
    with pytest.raises(NotFittedError):
        search.plot()
