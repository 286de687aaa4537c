"""Every schedule against its written formula, through the estimator and with every optimizer."""

import pickle
from itertools import pairwise
from math import cos, exp, log, pi

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from skdeep import MLPClassifier, MLPRegressor
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES, Adaptive, Clock, Cosine, Schedule, StepDecay, Warmup

STOCHASTIC = sorted(name for name, cls in OPTIMIZERS.items() if not cls.full_batch)


# -- the formulas: the share of the initial rate at step t of T, in epoch e ------------------------


def constant(t, T, e, history):
    return 1


def step(t, T, e, history, factor=0.5, every=5):
    return factor ** ((e - 1) // every)


def validation(t, T, e, history, factor=0.5):
    """Lowered after an epoch whose validation error is above the one before."""
    scores = history["validation_score"][: e - 1]
    return factor ** sum(after < before for before, after in pairwise(scores))


def adaptive(t, T, e, history, factor=0.2, patience=2, tol=1e-4, min_rate=1e-6):
    merits = history.get("validation_score", [-loss for loss in history["loss"]])
    share, best, stalled = 1.0, -np.inf, 0
    for merit in merits[: e - 1]:
        stalled = stalled + 1 if merit < best + tol else 0
        best = max(best, merit)
        if stalled == patience:
            share, stalled = share * factor, 0
    return max(share, min_rate / INITIAL)


def exponential(t, T, e, history, k=1e-4, per="step"):
    return exp(-k * (t if per == "step" else e))


def inverse_time(t, T, e, history, k=1e-3, per="step"):
    return 1 / (1 + k * (t if per == "step" else e))


def invscaling(t, T, e, history, power=0.5, per="step"):
    return (t if per == "step" else e) ** -power


def cosine(t, T, e, history, final_factor=0.0):
    return final_factor + (1 - final_factor) * (1 + cos(pi * (t - 1) / T)) / 2


def cosine_log(t, T, e, history, cycles=4):
    return (1 - cos(2 * pi * log(1 + (2**cycles - 1) * (t - 1) / T, 2))) / 2


def one_cycle(t, T, e, history, warmup=0.3, start_factor=0.04, final_factor=1e-4):
    done = (t - 1) / T
    if done < warmup:
        return 1 - (1 - start_factor) * (1 + cos(pi * done / warmup)) / 2
    falling = (1 + cos(pi * (done - warmup) / (1 - warmup))) / 2
    return final_factor + (1 - final_factor) * falling


def warmup(t, T, e, history, schedule=None, epochs=5):
    inner = 1 if schedule is None else cosine(t, T, e, history)
    return inner * min(1, t / (epochs * T / EPOCHS))


RULES = (constant, step, validation, adaptive, exponential, inverse_time)
RULES += (invscaling, cosine, cosine_log, one_cycle, warmup)
FORMULAS = {rule.__name__: rule for rule in RULES}

OTHER_CONSTANTS = {
    "constant": {},
    "step": {"factor": 0.9, "every": 3},
    "validation": {"factor": 0.8},
    "adaptive": {"factor": 0.6, "patience": 1, "tol": 0.05, "min_rate": 0.005},
    "exponential": {"k": 0.2, "per": "epoch"},
    "inverse_time": {"k": 0.3, "per": "epoch"},
    "invscaling": {"power": 0.9, "per": "epoch"},
    "cosine": {"final_factor": 0.25},
    "cosine_log": {"cycles": 3},
    "one_cycle": {"warmup": 0.5, "start_factor": 0.2, "final_factor": 0.1},
    "warmup": {"schedule": Cosine(), "epochs": 8},
}

INITIAL = 0.3
EPOCHS = 14


def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    return X, X @ np.array([1.0, -2.0, 0.5]) + 0.5 + rng.normal(size=40)


def model(schedule, **params):
    fixed = {"learning_rate_init": INITIAL, "alpha": 0.0, "dtype": "float64", "random_state": 0}
    steps = {"batch_size": "full", "max_iter": EPOCHS, "n_iter_no_change": np.inf}
    fixed["target_scaling"] = None
    return MLPRegressor((), learning_rate=schedule, **{**fixed, **steps, **params})


def rates(name, fitted, steps_per_epoch=1, **constants):
    """Return the rate of every step by the formula."""
    total = EPOCHS * steps_per_epoch
    return [
        INITIAL
        * FORMULAS[name](t, total, 1 + (t - 1) // steps_per_epoch, fitted.history_, **constants)
        for t in range(1, total + 1)
    ]


# -- the tests -------------------------------------------------------------------------------------


def test_every_schedule_has_a_formula():
    assert set(FORMULAS) == set(SCHEDULES) == set(OTHER_CONSTANTS)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_constant_is_varied(name):
    defaults = SCHEDULES[name]().get_params()
    assert set(defaults) == set(OTHER_CONSTANTS[name])
    assert all(defaults[key] != value for key, value in OTHER_CONSTANTS[name].items())


@pytest.mark.parametrize("varied", [False, True], ids=["defaults", "other constants"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_full_batches(name, varied):
    constants = OTHER_CONSTANTS[name] if varied else {}
    # momentum at a high rate overshoots, so that validation errors rise and fall
    fitted = model(SCHEDULES[name](**constants), optimizer="momentum").fit(*data())
    expected = rates(name, fitted, **constants)
    assert_allclose(fitted.history_["learning_rate"], expected, rtol=1e-12)
    if varied and constants:
        assert len(set(expected)) > 2


@pytest.mark.parametrize("name", SCHEDULES)
def test_gradient_descent_by_hand(name):
    X, y = data()
    constants, n = OTHER_CONSTANTS[name], 16
    schedule = SCHEDULES[name](**constants)
    fitted = model(schedule, optimizer="sgd", batch_size=n, shuffle=False, init="zeros")
    fitted.fit(X, y, X_val=X, y_val=y)
    expected = rates(name, fitted, 3, **constants)
    assert_allclose(fitted.history_["learning_rate"], expected[2::3], rtol=1e-12)
    w, b = np.zeros(3), 0.0
    for t, rate in enumerate(expected):
        rows = slice(n * (t % 3), n * (t % 3) + n)
        residual = X[rows] @ w + b - y[rows]
        w, b = w - rate * X[rows].T @ residual / len(residual), b - rate * residual.mean()
    assert_allclose(fitted.coefs_[0].ravel(), w, rtol=1e-12)
    assert_allclose(fitted.intercepts_[0], b, rtol=1e-12)


class Replay(Schedule):
    """The given rates, one an epoch."""

    def __init__(self, given=()):
        self.given = given

    def rate(self, initial, clock):
        return self.given[clock.epoch - 1]


@pytest.mark.parametrize("optimizer", STOCHASTIC)
@pytest.mark.parametrize("name", SCHEDULES)
def test_every_optimizer_uses_the_rate(name, optimizer, kernels):
    X, y = data()
    constants = OTHER_CONSTANTS[name]
    schedule = SCHEDULES[name](**constants)
    fitted = model(schedule, optimizer=optimizer).fit(X, y, X_val=X, y_val=y)
    expected = rates(name, fitted, **constants)
    assert_allclose(fitted.history_["learning_rate"], expected, rtol=1e-12)
    replayed = model(Replay(fitted.history_["learning_rate"]), optimizer=optimizer).fit(X, y)
    np.testing.assert_array_equal(fitted.coefs_[0], replayed.coefs_[0])
    constant = model("constant", optimizer=optimizer).fit(X, y)
    assert name == "constant" or len(set(expected)) == 1 or (fitted.loss_ != constant.loss_)


def test_validation_decay_with_the_users_data():
    X, y = data()
    fitted = model("validation", optimizer="momentum")
    fitted.fit(X[:30], y[:30], X_val=X[30:], y_val=y[30:])
    assert_allclose(fitted.history_["learning_rate"], rates("validation", fitted), rtol=1e-12)
    assert len(set(fitted.history_["learning_rate"])) > 2
    assert_allclose(fitted.validation_scores_[-1], fitted.score(X[30:], y[30:]), rtol=1e-12)


def test_validation_decay_follows_the_chosen_score():
    X, y = data()
    labels = y > 0.5
    params = {"batch_size": "full", "max_iter": 30, "n_iter_no_change": np.inf, "random_state": 0}
    fitted = MLPClassifier((), learning_rate="validation", scoring="neg_log_loss", **params)
    fitted.set_params(optimizer="momentum", learning_rate_init=2.0).fit(X, labels)
    scores, shares = fitted.validation_scores_, fitted.history_["learning_rate"]
    assert max(scores) < 0
    halvings = [after == before / 2 for before, after in pairwise(shares[1:])]
    assert halvings == [after < before for before, after in pairwise(scores[:-1])]
    assert any(halvings)
    assert not all(halvings)


@pytest.mark.parametrize("with_validation", [True, False])
def test_adaptive_watches_the_score_or_else_the_loss(with_validation):
    X, y = data()
    given = {"X_val": -X[:9], "y_val": y[:9]} if with_validation else {}
    fitted = model("adaptive", optimizer="sgd").fit(X, y, **given)
    # the loss falls all the time; the score on contrary data falls too, which stalls at once
    assert fitted.history_["loss"] == sorted(fitted.history_["loss"], reverse=True)
    lowered = fitted.history_["learning_rate"][-1] < INITIAL
    assert lowered == with_validation
    assert_allclose(fitted.history_["learning_rate"], rates("adaptive", fitted), rtol=1e-12)


def test_adaptive_stops_at_the_least_rate():
    schedule = Adaptive(factor=0.1, patience=1, tol=10.0, min_rate=0.02)
    fitted = model(schedule).fit(*data())
    assert_allclose(fitted.history_["learning_rate"][:3], [0.3, 0.3, 0.03], rtol=1e-12)
    assert_allclose(fitted.history_["learning_rate"][3:], 0.02, rtol=1e-12)


@pytest.mark.parametrize("name", ["cosine", "one_cycle"])
@pytest.mark.filterwarnings("ignore:Training goes on, but")
def test_the_final_rate_stays_after_the_planned_epochs(name):
    fitted = model(SCHEDULES[name](final_factor=0.125), max_iter=4)
    for _ in range(7):
        fitted.partial_fit(*data())
    shares = np.array(fitted.history_["learning_rate"]) / INITIAL
    assert_allclose(shares[4:], 0.125, rtol=1e-12)
    assert (abs(shares[:4] - 0.125) > 0.01).all()


def test_one_cycle_peaks_after_the_warm_up():
    fitted = model("one_cycle", max_iter=20).fit(*data())
    shares = np.array(fitted.history_["learning_rate"]) / INITIAL
    assert_allclose(shares[[0, 6]], [0.04, 1.0], rtol=1e-12)
    assert (np.diff(shares[:7]) > 0).all()
    assert (np.diff(shares[6:]) < 0).all()


@pytest.mark.parametrize("name", sorted(set(SCHEDULES) - {"warmup"}))
def test_warmup_of_every_schedule(name):
    constants = OTHER_CONSTANTS[name]
    fitted = model(Warmup(SCHEDULES[name](**constants), epochs=4), optimizer="momentum")
    fitted.fit(*data())
    rises = np.minimum(1, np.arange(1, EPOCHS + 1) / 4)
    expected = rises * rates(name, fitted, **constants)
    assert_allclose(fitted.history_["learning_rate"], expected, rtol=1e-12)


@pytest.mark.parametrize("name", SCHEDULES)
def test_clone_pickle_and_repr(name):
    constants = OTHER_CONSTANTS[name]
    schedule = SCHEDULES[name](**constants)
    namespace = {cls.__name__: cls for cls in SCHEDULES.values()}
    for twin in (
        clone(schedule),
        pickle.loads(pickle.dumps(schedule)),
        eval(repr(schedule), namespace),
    ):
        assert repr(twin.get_params()) == repr(schedule.get_params())
    fitted = model(schedule).fit(*data())
    assert vars(schedule) == constants
    assert pickle.loads(pickle.dumps(fitted)).history_ == fitted.history_


def test_nested_search():
    search = GridSearchCV(
        model(Warmup(StepDecay())),
        {"learning_rate__schedule__factor": [0.1, 0.9], "learning_rate__epochs": [1, 10]},
        cv=2,
        error_score="raise",
    ).fit(*data())
    assert len(set(search.cv_results_["mean_test_score"])) == 4
    chosen = search.best_estimator_.learning_rate.schedule.factor
    assert chosen == search.best_params_["learning_rate__schedule__factor"]


# -- state apart -----------------------------------------------------------------------------------

LOSSES = [3.0, 2.0, 2.5, 1.9, 1.9, 2.1, 1.0, 1.5, 0.9, 0.95]


def follow(schedule, state, epochs, losses=LOSSES):
    """Return the rates of some epochs, whose results a state learns of in between."""
    given = []
    for epoch in epochs:
        clock = Clock(epoch, epoch, steps_per_epoch=1, epochs=EPOCHS, state=state)
        given.append(schedule.rate(INITIAL, clock))
        schedule.end_epoch(state, losses[epoch - 1], -losses[epoch - 1])
    return given


ALL = [*SCHEDULES, "adaptive within a warm-up", "validation within a warm-up"]


def varied(name):
    if name in SCHEDULES:
        return SCHEDULES[name](**OTHER_CONSTANTS[name])
    inner = name.split()[0]
    return Warmup(SCHEDULES[inner](**OTHER_CONSTANTS[inner]), epochs=2)


@pytest.mark.parametrize("name", ALL)
def test_what_a_schedule_remembers_is_in_its_state(name):
    schedule = varied(name)
    whole = follow(schedule, schedule.start(), range(1, 11))
    state = schedule.start()
    half = follow(schedule, state, range(1, 6))
    twin, loaded = pickle.loads(pickle.dumps((schedule, state)))
    assert half + follow(twin, twin.resume(loaded), range(6, 11)) == whole
    assert half + follow(schedule, schedule.resume(state), range(6, 11)) == whole


@pytest.mark.parametrize("name", ALL)
def test_one_schedule_serves_two_trainings_in_turn(name):
    schedule, histories = varied(name), (LOSSES, LOSSES[::-1])
    before = repr(vars(schedule))
    alone = [follow(schedule, schedule.start(), range(1, 11), losses) for losses in histories]
    states = [schedule.start() for _ in histories]
    turns = [
        [
            follow(schedule, state, [e], losses)[0]
            for state, losses in zip(states, histories, strict=True)
        ]
        for e in range(1, 11)
    ]
    assert [list(rates) for rates in zip(*turns, strict=True)] == alone
    assert repr(vars(schedule)) == before


@pytest.mark.parametrize("name", ["validation", "adaptive"])
def test_watching_schedules_do_change_their_rates_here(name):
    for schedule in (varied(name), varied(f"{name} within a warm-up")):
        assert len(set(follow(schedule, schedule.start(), range(1, 11)))) > 2


def test_a_warm_up_of_another_schedule_begins_it_anew():
    first, second = Warmup(Adaptive(patience=1), epochs=1), Warmup(StepDecay(), epochs=1)
    state = first.start()
    follow(first, state, range(1, 7))
    assert state.inner.scale < 1
    kept = Warmup(Adaptive(patience=3), epochs=1).resume(state)
    assert kept.inner.scale == state.inner.scale
    assert kept.schedule.patience == 3
    assert vars(second.resume(state).inner) == {}
    assert type(second.resume(state).schedule) is StepDecay


# -- the clock, and names --------------------------------------------------------------------------


def test_progress_is_bounded():
    clocks = [
        Clock(epoch=epoch, batch=3, step=99, steps_per_epoch=4, epochs=2) for epoch in (1, 2, 3)
    ]
    assert [clock.progress for clock in clocks] == [0.25, 0.75, 1.0]


def test_plans_do_not_depend_on_the_size_of_the_pieces():
    """Batches of one call may be more than those of the next: the plan goes by epochs."""
    X, y = data()
    network = MLPRegressor((), learning_rate="cosine", batch_size=2, max_iter=20, random_state=0)
    for i in range(20):
        network.partial_fit(X if i % 2 else X[:4], y if i % 2 else y[:4])
    rates = network.history_["learning_rate"]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 10 * rates[-1]


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="Unknown learning_rate 'cosin'") as error:
        model("cosin").fit(*data())
    for name in SCHEDULES:
        assert name in str(error.value)
