"""The range test of learning rates: losses, scores, the suggestion."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, train_test_split
from sklearn.neural_network import MLPClassifier as PeerClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler, scale
from sklearn.utils import get_tags

from skdeep import MLPClassifier, MLPRegressor
from skdeep.model_selection import LearningRateRangeTest
from skdeep.model_selection.outcomes import doubts, suggested_range
from skdeep.model_selection.parameters import full_name

X, y = load_iris(return_X_y=True, as_frame=True)
DIABETES = load_diabetes(return_X_y=True)
NETWORK = MLPClassifier((5,), random_state=0, n_iter_no_change=np.inf)
RATES = [1e-3, 1e-2, 1e-1]

# most of these tests look at few rates, of which the last is best
pytestmark = pytest.mark.filterwarnings("ignore:LearningRateRangeTest suggests the rate")


def fitted(model=NETWORK, rates=RATES, data=(X, y), **params):
    return LearningRateRangeTest(model, rates=rates, random_state=0, **params).fit(*data)


# -- results -----------------------------------------------------------------------------------


def test_results_are_those_of_training_by_hand():
    test = fitted(rates=[0.1, 0.001], epochs=4)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
    np.testing.assert_array_equal(test.rates_, [0.001, 0.1])
    for rate, loss, score in zip(test.rates_, test.losses_, test.scores_, strict=True):
        model = clone(NETWORK).set_params(learning_rate_init=rate, max_iter=4)
        model.fit(X_train, y_train)
        assert loss == model.history_["loss"][-1]
        assert score == model.score(X_test, y_test)


def test_the_default_rates():
    np.testing.assert_allclose(fitted(rates=None).rates_, np.logspace(-4, 0, 13))


def test_the_mean_over_splits():
    test = fitted(cv=KFold(3, shuffle=True, random_state=0))
    for metric, means in (("loss", test.losses_), ("score", test.scores_)):
        splits = [test.cv_results_[f"split{number}_test_{metric}"] for number in range(3)]
        np.testing.assert_allclose(means, np.mean(splits, axis=0))


def test_another_scoring():
    test = fitted(scoring="neg_log_loss")
    assert (test.scores_ < 0).all()
    assert (fitted().scores_ >= 0).all()


def test_two_jobs_give_the_same_bits():
    one, two = fitted(n_jobs=1), fitted(n_jobs=2)
    np.testing.assert_array_equal(one.losses_, two.losses_)
    np.testing.assert_array_equal(one.scores_, two.scores_)


def test_rates_that_diverge_cost_a_row_without_a_warning():
    model = MLPRegressor((5,), optimizer="sgd", random_state=0)
    test = fitted(model, rates=[1e-6, 1e-5, 1e30, 1e35], data=DIABETES)
    assert np.isnan(test.losses_).tolist() == [False, False, True, True]
    assert np.isnan(test.scores_).tolist() == [False, False, True, True]
    assert test.suggested_rate_ == 1e-5


def test_a_clone_is_trained():
    model = clone(NETWORK)
    fitted(model)
    assert not model.__sklearn_is_fitted__()
    assert model.get_params() == NETWORK.get_params()


def test_fit_parameters_reach_the_network():
    weights = np.where(y == 0, 9.0, 1.0)
    test = LearningRateRangeTest(NETWORK, rates=RATES, random_state=0)
    weighted = clone(test).fit(X, y, sample_weight=weights)
    X_train, _, y_train, _, w_train, _ = train_test_split(
        X, y, weights, test_size=0.2, random_state=0
    )
    model = clone(NETWORK).set_params(learning_rate_init=0.1, max_iter=3)
    assert weighted.losses_[2] == model.fit(X_train, y_train, w_train).loss_
    assert weighted.losses_[2] != test.fit(X, y).losses_[2]


@pytest.mark.parametrize(
    ("model", "name", "data"),
    [
        (make_pipeline(StandardScaler(), NETWORK), "mlpclassifier__learning_rate_init", (X, y)),
        (
            TransformedTargetRegressor(MLPRegressor((3,)), transformer=StandardScaler()),
            "regressor__learning_rate_init",
            DIABETES,
        ),
        (
            make_pipeline(StandardScaler(), make_pipeline(NETWORK)),
            "pipeline__mlpclassifier__learning_rate_init",
            (X, y),
        ),
        (PeerClassifier((3,), random_state=0), "learning_rate_init", (X, y)),
    ],
)
def test_networks_nested_in_others(model, name, data):
    test = fitted(model, data=data)
    assert test.suggested_params_ == {name: test.suggested_rate_}
    assert np.isfinite(test.losses_).all()
    clone(model).set_params(**test.suggested_params_)
    assert fitted(model, data=data, param_name=name).suggested_params_.keys() == {name}


def test_the_last_step_of_a_pipeline_comes_first():
    model = Pipeline([("first", MLPRegressor()), ("last", NETWORK)])
    assert full_name(model, "learning_rate_init") == "last__learning_rate_init"


# -- the suggestion ----------------------------------------------------------------------------

nan = np.nan


@pytest.mark.parametrize(
    ("losses", "suggested"),
    [
        ([2, 1.5, 1.0, 3.0, nan], (3, 3)),  # the lowest
        ([2, 1.04, 1.0, 9, 9], (2, 3)),  # within a twentieth of the drop
        ([2, 1.06, 1.0, 1.05, 9], (3, 4)),  # not within
        ([2, 1.5, 1.04, 1.02, 1.0], (3, 5)),
        ([1, 2, 3, 4, nan], (1, 1)),  # the best is the first
        ([nan, 2, 1, nan, nan], (3, 3)),
        ([9, 1.01, 3, 1, 5], (2, 4)),  # the first of two basins
        ([9, 1, 3, 1.01, 5], (2, 2)),  # the gap ends the range
        ([2, 1, 1, 1, 1], (2, 5)),  # ties
    ],
)
def test_suggested_range(losses, suggested):
    low, high = suggested_range(np.arange(1.0, 6.0), np.array(losses))
    assert (low, high) == suggested
    assert type(low) is type(high) is float


LOWEST = "It is the lowest that was tried, and lower ones may be better: give a scale"
HIGHEST = "It is the highest that was tried, and higher ones may be better: give a scale"
FLAT = "The loss hardly depends on the rate: it is between"
RANDOM = "The losses of neighbouring rates differ as if at random"


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([2, 1.5, 1.0, 3.0, nan], []),
        ([2, 1.5, 1.0, nan, nan], []),  # training fails at higher rates
        ([nan, 2, 1, 9, nan], []),
        ([2, 1.5, 1.01, 1.005, 1.0], []),  # practically at the bottom before the end
        ([-1, -2, -3, -2, 9], []),
        ([2, 1.5, 1.2, 1.1, 1.0], [HIGHEST]),
        ([1, 2, 3, 4, nan], [LOWEST]),
        ([1, nan, nan, nan, nan], [LOWEST, FLAT]),
        ([1.001, 1, 1.002, 1.001, 1.003], [FLAT]),
        ([1.001, 1, 2, 3, 1e9], [FLAT]),  # at the lower rates
        ([1, 1.001, 1.002, 1.001, 1.003], [LOWEST, FLAT]),
        ([1.005, 1.004, 1.003, 1.002, 1], [HIGHEST, FLAT]),
        ([1.2, 1.9, 1.1, 1.6, 1.3], [RANDOM]),
        ([2, 1, 1.8, 1.1, 1.9], [RANDOM]),  # behind the lowest
        ([2, 1, 50, 20, 90], []),  # what lies far above the start is not looked at
        ([2, 1.5, 1.6, 1, 3], []),  # a tenth of the drop
    ],
)
def test_doubts(losses, expected):
    rates, losses = np.arange(1.0, 6.0), np.array(losses)
    found = doubts(rates, losses, suggested_range(rates, losses)[0])
    assert len(found) == len(expected)
    for sentence, beginning in zip(found, expected, strict=True):
        assert sentence.startswith(beginning)


DOUBTFUL = {
    "sgd": (clone(NETWORK).set_params(optimizer="sgd"), RATES, [HIGHEST]),
    "high": (clone(NETWORK), np.logspace(-0.5, 2, 9), [LOWEST]),
    "tiny": (clone(NETWORK), np.logspace(-9, -6, 5), [HIGHEST, FLAT]),
    "unseeded": (MLPClassifier((2,)), np.logspace(-4, -3, 15), [RANDOM]),
}


@pytest.mark.parametrize(("model", "rates", "expected"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_doubtful_suggestion_comes_with_a_warning(model, rates, expected, monkeypatch):
    # what a network without a seed draws from
    monkeypatch.setattr(np.random.mtrand, "_rand", np.random.RandomState(0))
    with pytest.warns(UserWarning, match="LearningRateRangeTest suggests the rate") as caught:
        test = fitted(model, rates)
    message = str(caught[0].message)
    assert f"suggests the rate {test.suggested_rate_:.2g}, but this is doubtful" in message
    assert caught[0].filename == __file__
    assert message.endswith(" ".join(test.doubts_))
    for sentence in expected:
        assert sentence in message


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("load", [load_digits, load_breast_cancer, load_wine, load_diabetes])
def test_a_sound_suggestion_comes_without(load):
    data, target = load(return_X_y=True)
    cls = MLPRegressor if load is load_diabetes else MLPClassifier
    test = fitted(cls((20,), random_state=0), None, (scale(data), target))
    assert test.doubts_ == []
    low, high = test.suggested_range_
    assert low == test.suggested_rate_ <= test.rates_[np.nanargmin(test.losses_)] <= high


def test_an_epoch_of_one_batch_shows_no_effect():
    with pytest.raises(ValueError, match="if an epoch is a single batch, its loss is that before"):
        fitted(epochs=1)


@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
@pytest.mark.parametrize(
    "load", [load_digits, load_breast_cancer, load_wine, load_diabetes], ids=lambda f: f.__name__
)
def test_the_suggestion_is_nearly_best_when_training_is_long(load, optimizer):
    data, target = load(return_X_y=True)
    data, cls = scale(data), MLPClassifier
    if load is load_diabetes:
        target, cls = scale(target), MLPRegressor
    model = cls((50,), optimizer=optimizer, batch_size=32, random_state=0, n_iter_no_change=np.inf)
    rates = np.logspace(-4, 0, 9)
    test = fitted(model, rates, (data, target))
    long = fitted(model, rates, (data, target), epochs=30)
    drop = test.losses_[0] - np.nanmin(long.losses_)
    excess = long.losses_[list(rates).index(test.suggested_rate_)] - np.nanmin(long.losses_)
    assert excess < 0.1 * drop


# -- a good scikit-learn object ----------------------------------------------------------------


def test_clone_repr_tags_and_pickle():
    test = fitted()
    assert clone(test).get_params()["rates"] == RATES
    assert repr(LearningRateRangeTest(NETWORK)).startswith("LearningRateRangeTest(estimator=MLP")
    assert get_tags(test).input_tags.sparse
    twin = pickle.loads(pickle.dumps(test))
    assert twin.suggested_rate_ == test.suggested_rate_


# -- errors ------------------------------------------------------------------------------------

LBFGS = MLPClassifier((3,), optimizer="lbfgs", random_state=0)
BAD = {
    "epochs": ({"epochs": 0}, ValueError, "epochs must be an integer in [1, inf), got 0"),
    "half": ({"epochs": 1.5}, TypeError, "epochs must be an integer in [1, inf), got 1.5"),
    "rates": ({"rates": [0.1, -1]}, ValueError, "rates must be None or at least two different"),
    "one": ({"rates": 0.1}, ValueError, "positive numbers, e.g. np.logspace(-4, 0, 5); got 0.1"),
    "name": ({"param_name": "rate"}, ValueError, "MLPClassifier has no parameter 'rate' in act"),
    "type": ({"param_name": None}, TypeError, "param_name must be a string, got None"),
    "scoring": ({"scoring": "wit"}, ValueError, "Got 'wit' instead"),
    "lbfgs": ({"estimator": LBFGS}, ValueError, "so 'learning_rate_init' has no effect"),
    "no epochs": (
        {"estimator": make_pipeline(StandardScaler()), "param_name": "with_std"},
        ValueError,
        "there is no parameter 'standardscaler__max_iter' beside 'standardscaler__with_std'",
    ),
    "no network": (
        {"estimator": LogisticRegression(), "param_name": "C", "epochs": 1000},
        ValueError,
        "no training loss was found; the estimator with the parameter 'C' must have loss_curve_",
    ),
    "all diverge": ({"rates": [1e37, 1e38]}, ValueError, "Training diverged"),
}


@pytest.mark.parametrize(("params", "error", "words"), BAD.values(), ids=BAD)
def test_bad_calls_change_nothing(params, error, words):
    test = fitted()
    before = test.losses_
    test.set_params(**params)
    with pytest.raises(error) as caught:
        test.fit(X, y)
    assert words in str(caught.value)
    assert test.losses_ is before


@pytest.mark.filterwarnings("ignore:Scoring failed")
def test_scoring_that_fails_everywhere():
    with pytest.raises(ValueError, match="scoring failed at every rate"):
        fitted(scoring="roc_auc")


def test_before_fit():
    with pytest.raises(NotFittedError):
        LearningRateRangeTest(NETWORK).plot()
