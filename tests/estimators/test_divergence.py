"""Divergence stops at the first number that is not finite, says so, and loses nothing."""

import copy
import pickle

import numpy as np
import pytest
from joblib import Parallel, delayed
from sklearn.exceptions import FitFailedWarning
from sklearn.model_selection import GridSearchCV

from skdeep import MLPClassifier, MLPRegressor
from skdeep.exceptions import DivergenceError
from skdeep.schedules import Schedule

X = np.random.default_rng(0).standard_normal((40, 3))
VALUES, LABELS = X @ [1.0, 2.0, 3.0], (X[:, 0] > 0).astype(int)
PLAIN = {"max_iter": 200, "n_iter_no_change": np.inf, "random_state": 0}
WILD = {**PLAIN, "optimizer": "sgd", "learning_rate_init": 1e4, "batch_size": 10}


class Recorder(Schedule):
    """A constant rate that takes note of every update."""

    per = "step"
    steps = []

    def rate(self, initial, clock):
        self.steps.append((clock.epoch, clock.step))
        return initial


def diverge(model, *args, **kwargs):
    with pytest.raises(DivergenceError) as caught:
        model.fit(*args, **kwargs)
    return caught.value


def test_the_error_names_epoch_step_rate_and_remedies():
    error = diverge(MLPRegressor((8,), **WILD), X, VALUES)
    assert isinstance(error, ValueError)
    assert error.learning_rate == 1e4
    assert error.epoch == (error.step - 1) // 4 + 1
    words = str(error)
    assert f"epoch {error.epoch}, step {error.step}, at learning rate 10000" in words
    assert error.what in words
    for remedy in ["learning_rate_init", "StandardScaler", "clip_norm", "target_scaling", "init"]:
        assert remedy in words


@pytest.mark.parametrize("early_stopping", [False, True])
def test_it_stops_at_the_first_value_that_is_not_finite(early_stopping):
    Recorder.steps.clear()
    error = diverge(
        MLPRegressor((8,), learning_rate=Recorder(), early_stopping=early_stopping, **WILD),
        X,
        VALUES,
    )
    assert Recorder.steps[-1] == (error.epoch, error.step)
    assert error.epoch < 10


def test_the_step_is_the_first_one():
    # one row x = y = 1: the first step makes w about the rate, whose square is beyond float32
    rate = 1e22
    model = MLPRegressor((), alpha=0, **{**PLAIN, "optimizer": "sgd", "learning_rate_init": rate})
    model.set_params(target_scaling=None)
    error = diverge(model, [[1.0]], [1.0])
    assert (error.epoch, error.step, error.learning_rate) == (2, 2, rate)
    assert error.what.startswith("the loss is ")


@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize("rate", [1e10, 1e20, 1e30, 1e37])
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "momentum"])
@pytest.mark.parametrize("early_stopping", [False, True])
def test_no_model_holds_numbers_that_are_not_finite(cls, rate, optimizer, early_stopping):
    params = {**PLAIN, "optimizer": optimizer, "learning_rate_init": rate, "max_iter": 5}
    model = cls((8,), early_stopping=early_stopping, **params)
    try:
        model.fit(X, VALUES if cls is MLPRegressor else LABELS)
    except DivergenceError:
        assert not hasattr(model, "coefs_")
    else:
        for name in model.history_:
            assert np.isfinite(model.history_[name]).all(), name
        assert all(np.isfinite(coef).all() for coef in model.coefs_)


def test_poisson_overflowing_on_validation_data_is_a_divergence():
    model = MLPRegressor((), loss="poisson", optimizer="sgd", learning_rate_init=5.0, **PLAIN)
    error = diverge(model, X, np.abs(VALUES), X_val=X * 1e3, y_val=np.abs(VALUES))
    assert error.epoch == 1


def test_full_batch_divergence():
    error = diverge(MLPRegressor((), optimizer="lbfgs"), X * 1e200, VALUES)
    assert error.epoch == 1


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("warm_start", [False, True])
@pytest.mark.parametrize("optimizer", ["adam", "momentum", "nesterov", "adadelta"])
def test_a_fitted_estimator_is_restored_bit_for_bit(optimizer, warm_start, early_stopping, frozen):
    model = MLPRegressor((8,), optimizer=optimizer, dropout=0.1, warm_start=warm_start, **PLAIN)
    model.set_params(max_iter=3, early_stopping=early_stopping, target_scaling=None)
    model.fit(X, VALUES)
    before, predictions = frozen(vars(model)), model.predict(X)
    network, state = model._network, model._state
    diverge(model, X, VALUES * 1e25)
    assert frozen(vars(model)) == before
    np.testing.assert_array_equal(model.predict(X), predictions)
    assert model._network is network
    if not warm_start:
        assert model._state is state


def test_partial_fit_is_restored_and_goes_on_as_if_nothing_had_been(frozen):
    model = MLPRegressor((8,), input_noise=0.1, **PLAIN).partial_fit(X, VALUES)
    twin = copy.deepcopy(model)
    with pytest.raises(DivergenceError):
        model.partial_fit(X, VALUES * 1e25)
    assert frozen(vars(model)) == frozen(vars(twin))
    model.partial_fit(X, VALUES)
    twin.partial_fit(X, VALUES)
    np.testing.assert_array_equal(model.predict(X), twin.predict(X))


def test_an_estimator_that_was_not_fitted_stays_so():
    model = MLPRegressor((8,), **WILD)
    diverge(model, X, VALUES)
    assert vars(model) == model.get_params(deep=False)


def raise_divergence():
    raise DivergenceError("the loss is nan", 3, 7, 0.5)


def test_the_error_survives_pickling_and_worker_processes():
    error = DivergenceError("the loss is nan", epoch=3, step=7, learning_rate=0.5)
    copied = pickle.loads(pickle.dumps(error))
    assert str(copied) == str(error)
    assert vars(copied) == vars(error)
    with pytest.raises(DivergenceError, match="epoch 3, step 7"):
        Parallel(n_jobs=2, backend="loky")(delayed(raise_divergence)() for _ in range(2))


@pytest.mark.filterwarnings("ignore:One or more of the test scores are non-finite")
def test_a_search_over_rates_survives_the_diverging_ones():
    model = MLPRegressor((8,), optimizer="sgd", batch_size=10, **{**PLAIN, "max_iter": 20})
    model.set_params(target_scaling=None)
    search = GridSearchCV(model, {"learning_rate_init": [1e-4, 1e-2, 1e2, 1e8, 1e30]}, cv=2)
    with pytest.warns(FitFailedWarning, match="DivergenceError"):
        search.fit(X, VALUES)
    scores = search.cv_results_["mean_test_score"]
    assert search.best_params_ == {"learning_rate_init": 1e-2}
    assert search.best_score_ > 0.65
    assert np.isnan(scores[2:]).all()


def test_clip_norm_rescues_a_diverging_case():
    params = {**PLAIN, "optimizer": "sgd", "learning_rate_init": 0.05, "batch_size": 10}
    diverge(MLPRegressor((8,), **params), X * 100, VALUES)
    model = MLPRegressor((8,), clip_norm=1.0, **params).fit(X * 100, VALUES)
    assert np.isfinite(model.loss_curve_).all()
