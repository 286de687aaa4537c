"""What users and enemies found: each is a test."""

import time

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_diabetes, load_iris

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.optimizers import LBFGS, Adam
from skdeep.schedules import Warmup

X, Y = load_iris(return_X_y=True)
WHOLE = {"n_iter_no_change": np.inf, "random_state": 0}
EVERY = pytest.mark.parametrize(
    "cls", [MLPClassifier, MLPRegressor, CNNClassifier, CNNRegressor, Autoencoder]
)


def parameters(model):
    return np.concatenate([array.ravel() for array in [*model.coefs_, *model.intercepts_]])


@EVERY
@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_early_stopping_goes_on_exactly(cls, optimizer):
    options = {"optimizer": optimizer, "learning_rate_init": 0.01, "early_stopping": True, **WHOLE}
    once = cls((6,), batch_size=20, max_iter=20, **options).fit(X, Y)
    model = cls((6,), batch_size=20, max_iter=10, warm_start=True, **options)
    model.fit(X, Y).fit(X, Y)
    assert model.loss_curve_ == once.loss_curve_
    assert_array_equal(parameters(model), parameters(once))


@EVERY
def test_a_model_changed_by_hand_is_what_early_stopping_goes_on_from(cls):
    options = {"early_stopping": True, "learning_rate_init": 1e-9, "warm_start": True, **WHOLE}
    model = cls((6,), max_iter=3, **options).fit(X, Y)
    model.coefs_ = [np.full_like(coef, 0.25) for coef in model.coefs_]
    model.set_params(scoring=lambda model, *data: 0.0).fit(X, Y)
    assert_allclose(model.coefs_[0], 0.25, rtol=1e-6)


@EVERY
def test_a_subclass_with_a_shorter_constructor(cls):
    class Small(cls):
        def __init__(self, hidden_layer_sizes=(5,), random_state=None):
            super().__init__(hidden_layer_sizes, random_state=random_state)
            self.max_iter, self.n_iter_no_change = 20, np.inf

    assert Small(random_state=0).fit(X, Y).coefs_[-1].shape[0] == 5


def test_partial_fit_does_not_get_slower_with_the_history():
    model = MLPClassifier((2,)).partial_fit(X[:5], Y[:5], classes=[0, 1, 2])

    def fastest():
        times = []
        for _ in range(20):
            start = time.process_time()
            model.partial_fit(X[:5], Y[:5])
            times.append(time.process_time() - start)
        return min(times)

    before = fastest()
    for entries in model.history_.values():
        entries.extend(entries[-1:] * 200_000)
    assert fastest() < 10 * before  # copying them would take two hundred times as long


@EVERY
def test_a_failed_call_takes_its_epochs_back(cls):
    model = cls((2,), warm_start=True, max_iter=3, n_iter_no_change=np.inf).fit(X, Y)
    before = {name: list(entries) for name, entries in model.history_.items()}
    with pytest.raises(ValueError, match="diverged"):
        model.set_params(learning_rate_init=1e38).fit(X, Y)
    assert model.history_ == before


def test_lbfgs_that_is_done_at_once_says_where_it_is():
    model = MLPRegressor(optimizer="lbfgs", tol=1e9).fit(X, Y)
    assert len(model.loss_curve_) == model.n_iter_ == 1
    assert np.isfinite(model.loss_)


def test_lbfgs_says_why_it_ended():
    x, y = load_diabetes(return_X_y=True)
    with pytest.warns(match="at max_fun=5"):
        MLPRegressor(optimizer=LBFGS(max_fun=5), random_state=0).fit(x, y)
    with pytest.warns(match="at max_iter=3"):
        MLPRegressor(optimizer="lbfgs", max_iter=3, random_state=0).fit(x, y)


@pytest.mark.filterwarnings("ignore:Training ended")
@pytest.mark.parametrize("max_iter", [1, 3, 5])
def test_the_recorded_loss_of_lbfgs_with_l1_is_the_objective(max_iter):
    y, alpha = (Y - 1.0), 0.05
    params = {"alpha": alpha, "l1_ratio": 1.0, "optimizer": "lbfgs", "random_state": 0}
    params["target_scaling"] = None
    model = MLPRegressor((8,), max_iter=max_iter, **params).fit(X, y)
    norm = sum(np.abs(coef).sum() for coef in model.coefs_)
    loss = 0.5 * np.mean((model.predict(X) - y) ** 2)
    assert_allclose(model.loss_, loss + alpha * norm, rtol=1e-9)


def test_balanced_classes_do_not_count_rows_of_weight_zero():
    weights = np.ones(150)
    weights[:40] = 0
    params = {"optimizer": "lbfgs", "alpha": 0.1, "tol": 1e-7, "class_weight": "balanced"}
    one = MLPClassifier((), **params).fit(X, Y, weights)
    other = MLPClassifier((), **params).fit(X[40:], Y[40:])
    assert_allclose(one.coefs_[0], other.coefs_[0], atol=1e-4)


@EVERY
@pytest.mark.parametrize("scale", [1e-310, 1e308])
def test_weights_of_any_scale_in_validation_too(cls, scale):
    params = {"early_stopping": True, "max_iter": 3, **WHOLE}
    plain = cls((3,), **params).fit(X, Y, sample_weight=np.ones(150))
    scaled = cls((3,), **params).fit(X, Y, sample_weight=np.full(150, scale))
    assert_allclose(parameters(plain), parameters(scaled), rtol=1e-5)
    assert plain.validation_scores_ == scaled.validation_scores_


def test_smoothing_must_leave_the_true_class_on_top():
    for model, y in ((MLPClassifier(label_smoothing=0.7), Y), (MLPClassifier((2,)), Y > 0)):
        model.set_params(label_smoothing=0.67 if len(np.unique(y)) == 3 else 0.5)
        with pytest.raises(ValueError, match=r"label_smoothing must be below \(k - 1\)/k"):
            model.fit(X, y)


@pytest.mark.parametrize(("target_scaling", "size"), [(None, 1e18), ("standard", 1e200)])
def test_large_targets_are_scored(target_scaling, size):
    model = MLPRegressor((3,), early_stopping=True, max_iter=2, **WHOLE)
    model.set_params(target_scaling=target_scaling).fit(X, Y * size)
    assert np.isfinite(model.validation_scores_).all()


def test_a_nested_parameter_of_a_name_says_what_to_pass():
    with pytest.raises(ValueError, match=r"optimizer='adam' is a name; .* optimizer=Adam\(beta_2="):
        MLPClassifier().set_params(optimizer__beta_2=0.9)
    assert (
        MLPClassifier().set_params(optimizer=Adam(), optimizer__beta_2=0.9).optimizer.beta_2 == 0.9
    )
    with pytest.raises(ValueError, match="Invalid parameter"):
        MLPClassifier().set_params(slover="adam")


def test_a_warm_up_takes_names():
    model = MLPClassifier((2,), learning_rate=Warmup("cosine", epochs=2), max_iter=4, **WHOLE)
    rates = model.fit(X, Y).history_["learning_rate"]
    assert_allclose(rates, [0.0005, 0.001 * (1 + 2**-0.5) / 2, 0.0005, 0.001 * (1 - 2**-0.5) / 2])
    with pytest.raises(ValueError, match="Unknown learning_rate 'cosinus'"):
        model.set_params(learning_rate=Warmup("cosinus")).fit(X, Y)


def test_hints_for_common_slips():
    with pytest.raises(TypeError, match=r"Write Adam\(\)"):
        MLPClassifier(optimizer=Adam).fit(X, Y)
    with pytest.raises(TypeError, match="A number goes into learning_rate_init"):
        MLPClassifier(learning_rate=0.1).fit(X, Y)
    with pytest.raises(ValueError, match=r"bias_init=5\.0 has no effect without hidden layers"):
        MLPClassifier((), bias_init=5.0).fit(X, Y)
