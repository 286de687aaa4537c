"""Warm starts and partial_fit go on exactly; what is kept on the way, and at an interruption."""

import copy
import pickle

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier as SklearnMLP

from skdeep import MLPClassifier, MLPRegressor
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES, Warmup

rng = np.random.default_rng(0)
X = rng.standard_normal((45, 4))
LABELS, VALUES = np.arange(45) % 3, X @ rng.standard_normal(4)
ANY = {"n_iter_no_change": np.inf, "batch_size": 16, "random_state": 3}
STOCHASTIC = sorted(set(OPTIMIZERS) - {"lbfgs"})
UNPLANNED = sorted(name for name, cls in SCHEDULES.items() if not cls().has_horizon)
OPTIONS = {
    "plain": {},
    "dropout": {"dropout": 0.3, "input_dropout": 0.1},
    "noise": {"input_noise": 0.2},
    "in order": {"shuffle": False, "clip_norm": 0.5, "max_norm": 1.0},
    "prelu": {"activation": "prelu", "label_smoothing": 0.1},
    "weights": {"class_weight": {0: 3.0}, "l1_ratio": 0.5},
    "double": {"dtype": "float64", "batch_size": "full"},
}


def assert_same(one, other):
    for a, b in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        np.testing.assert_array_equal(a, b)
    for name in ["loss", "learning_rate", "gradient_norm"]:
        assert one.history_[name] == other.history_[name]
    assert one.t_ == other.t_
    np.testing.assert_array_equal(one.predict(X), other.predict(X))


def whole(epochs, y=LABELS, cls=MLPClassifier, **params):
    return cls((6,), **{**ANY, "max_iter": epochs, **params}).fit(X, y)


def in_calls(epochs, max_iter=None, **params):
    model = MLPClassifier((6,), **{**ANY, "max_iter": max_iter or epochs, **params})
    for _ in range(epochs):
        model.partial_fit(X, LABELS, classes=[0, 1, 2])
    return model


@pytest.mark.parametrize("optimizer", STOCHASTIC)
def test_calls_of_partial_fit_equal_one_fit(optimizer):
    assert_same(in_calls(6, optimizer=optimizer), whole(6, optimizer=optimizer))


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_partial_fit_with_options_equals_one_fit(options):
    assert_same(in_calls(4, **options), whole(4, **options))


@pytest.mark.parametrize("schedule", [*sorted(set(SCHEDULES) - {"validation"}), "warmed"])
def test_partial_fit_with_schedules_equals_one_fit(schedule):
    schedule = Warmup(SCHEDULES["adaptive"](patience=1), 2) if schedule == "warmed" else schedule
    params = {"learning_rate": schedule, "learning_rate_init": 0.5, "optimizer": "sgd"}
    assert_same(in_calls(7, **params), whole(7, **params))


def test_partial_fit_of_a_regressor_equals_one_fit():
    params = {"target_noise": 0.3, "loss": "huber"}
    model = MLPRegressor((6,), **{**ANY, "max_iter": 4, **params})
    for _ in range(4):
        model.partial_fit(X, VALUES)
    assert_same(model, whole(4, VALUES, MLPRegressor, **params))


def twice(**params):
    return whole(5, warm_start=True, **params).fit(X, LABELS)


@pytest.mark.parametrize("optimizer", STOCHASTIC)
def test_two_warm_fits_equal_one(optimizer):
    assert_same(twice(optimizer=optimizer), whole(10, optimizer=optimizer))


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_two_warm_fits_with_options_equal_one(options):
    assert_same(twice(**options), whole(10, **options))


@pytest.mark.parametrize("schedule", UNPLANNED)
def test_two_warm_fits_with_schedules_equal_one(schedule):
    params = {"learning_rate": schedule, "learning_rate_init": 0.5, "optimizer": "momentum"}
    assert_same(twice(**params), whole(10, **params))


def test_warm_start_and_partial_fit_mix():
    model = whole(3, warm_start=True).partial_fit(X, LABELS).set_params(max_iter=2)
    assert_same(model.fit(X, LABELS), whole(6))


def test_a_cold_fit_begins_anew():
    model = whole(3)
    assert_same(model.fit(X, LABELS), whole(3))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
@pytest.mark.parametrize("options", [{}, {"warm_start": True, "dropout": 0.3}])
def test_a_copy_goes_on_like_the_original(copied, options):
    model = in_calls(3, 200, **options)
    twin = copied(model)
    for _ in range(2):
        model.partial_fit(X, LABELS)
        twin.partial_fit(X, LABELS)
    assert_same(model, twin)
    assert_same(model, in_calls(5, 200, **options))


def test_a_lean_copy_goes_on_with_a_new_optimizer():
    model = whole(50, batch_size=1, learning_rate_init=0.01)
    twin = pickle.loads(pickle.dumps(model)).set_params(batch_size="full")
    before = [coef.copy() for coef in twin.coefs_]
    assert len(twin.partial_fit(X, LABELS).loss_curve_) == 51
    # Adam's first update moves nothing by more than the rate: its bias corrections begin anew, too
    for now, then in zip(twin.coefs_, before, strict=True):
        assert 0 < np.abs(now - then).max() <= 0.01001


def test_the_rate_may_change_on_the_way():
    model = in_calls(2, 200).set_params(learning_rate_init=0.05)
    assert model.partial_fit(X, LABELS).history_["learning_rate"] == [0.001, 0.001, 0.05]
    assert not np.array_equal(model.coefs_[0], in_calls(3, 200).coefs_[0])


def test_a_constant_of_the_optimizer_may_change_on_the_way():
    model = in_calls(2, optimizer=OPTIMIZERS["momentum"](momentum=0.9))
    velocity = model._state.optimizer.state.u.copy()
    model.set_params(optimizer__momentum=0.0).partial_fit(X[:16], LABELS[:16])
    assert velocity.any()
    assert model._state.optimizer.part.momentum == 0.0


@pytest.mark.parametrize("sizes", [(5, 5, 5), (5,)])
def test_a_network_deeper_or_flatter_by_an_equal_layer_is_another(sizes, refused):
    model = MLPClassifier((5, 5), **{**ANY, "warm_start": True}, max_iter=2).fit(X, LABELS)
    words = "changed network: hidden layers was 5 ReLU(), 5 ReLU(), and is now"
    model.set_params(hidden_layer_sizes=sizes)
    refused(model, lambda: model.fit(X, LABELS), ValueError, words)


def test_classes_of_another_type_go_on():
    model = whole(2, y=LABELS.astype(np.int64), warm_start=True).fit(X, LABELS.astype(np.int32))
    assert_same(model, whole(4))


def test_a_batch_may_lack_the_class_with_a_weight():
    model = MLPClassifier((6,), class_weight={2: 5.0}, **ANY)
    model.partial_fit(X[LABELS < 2], LABELS[LABELS < 2], classes=[0, 1, 2])
    assert model.predict_proba(X).shape == (45, 3)


def test_counts_and_curves_run_on():
    model = whole(3, warm_start=True).fit(X, LABELS).partial_fit(X[:10], LABELS[:10])
    assert len(model.loss_curve_) == 7
    assert model.t_ == 6 * 45 + 10
    assert model.loss_curve_ is model.history_["loss"]
    assert model.loss_ == model.loss_curve_[-1]
    assert model.best_loss_ == min(model.loss_curve_)
    assert model.fit(X, LABELS, sample_weight=np.arange(45) < 30).t_ == 6 * 45 + 10 + 3 * 30


def test_epochs_of_the_last_call_are_counted_as_by_scikit_learn():
    ours, theirs = whole(3, warm_start=True), SklearnMLP((6,), max_iter=3, warm_start=True)
    for _ in range(2):
        with pytest.warns(match="Maximum iterations"):
            theirs.fit(X, LABELS)
        assert ours.n_iter_ == theirs.n_iter_ == 3
        ours.fit(X, LABELS)
    for _ in range(2):
        assert ours.partial_fit(X, LABELS).n_iter_ == theirs.partial_fit(X, LABELS).n_iter_ == 1
        assert ours.t_ == theirs.t_ + 3 * 45
    assert len(ours.loss_curve_) == len(theirs.loss_curve_) + 3 == 11
    assert ours.set_params(max_iter=2).fit(X, LABELS).n_iter_ == 2
    assert ours.set_params(warm_start=False).fit(X, LABELS).n_iter_ == 2


def test_full_batch_optimizers_go_on_from_the_parameters():
    params = {"optimizer": "lbfgs", "tol": 0, "batch_size": "auto", "warm_start": True}
    with pytest.warns(match="max_iter=3"):
        model = whole(3, **params)
    with pytest.warns(match="max_iter=3"):
        model.fit(X, LABELS)
    assert (model.n_iter_, len(model.loss_curve_)) == (3, 6)
    assert np.all(np.diff(model.loss_curve_) < 0)


@pytest.mark.parametrize("change", ["into the array", "of the entry"])
def test_coefs_are_live(change):
    model = whole(3)
    before = model.predict_proba(X)
    if change == "into the array":
        model.coefs_[1][...] = 0
        model.intercepts_[1][...] = 0
    else:
        model.coefs_[1] = np.zeros((6, 3))
        model.intercepts_[-1] = [0, 0, 0]
    assert not np.allclose(before, 1 / 3)
    np.testing.assert_allclose(model.predict_proba(X), 1 / 3)
    with pytest.raises(TypeError, match="one layer at a time"):
        model.coefs_[:] = []
    with pytest.raises(ValueError, match="broadcast"):
        model.coefs_[0] = np.zeros((2, 2))


@pytest.mark.parametrize("params", [{}, {"early_stopping": True, "dropout": 0.1}])
def test_the_pickle_after_a_plain_fit_is_small(params):
    x = rng.standard_normal((40, 300))
    model = MLPClassifier((500,), max_iter=2, n_iter_no_change=np.inf, **params)
    model.fit(x, LABELS[:40])
    parameters = model._network.parameters.nbytes
    assert len(pickle.dumps(model)) <= 1.1 * parameters + 64 * 1024
    kept = model.set_params(early_stopping=False).partial_fit(x, LABELS[:40])
    assert len(pickle.dumps(kept)) >= 3 * parameters  # Adam's two moments with it
