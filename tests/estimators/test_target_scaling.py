"""Targets are learnt in units of their spread: their scale and mean do not matter."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV

from skdeep import CNNRegressor, MLPRegressor
from skdeep.losses import LOSSES, Huber, Loss, Poisson, Quantile, SquaredError

rng = np.random.default_rng(0)
X = rng.standard_normal((80, 4))
SIGNAL = X @ [1.0, -2.0, 0.5, 0.0] + np.sin(2 * X[:, 0])
Z = (SIGNAL - SIGNAL.mean()) / SIGNAL.std()
ANY = {"max_iter": 12, "n_iter_no_change": np.inf, "random_state": 0, "batch_size": 16}
SCALING = [name for name in LOSSES if LOSSES[name]().scales_targets]
UNFINISHED = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
PARTS = ("coefs_", "intercepts_")


def regressor(*sizes, **params):
    rate = 0.001 if params.get("optimizer") == "lbfgs" else 0.05
    params = {**ANY, "learning_rate_init": rate, **params}
    return MLPRegressor(sizes or (6,), "tanh", **params)


def standardised(y):
    y = np.asarray(y, dtype=float)
    return (y - y.mean(axis=0)) / y.std(axis=0)


def parameters(model):
    return np.concatenate([part.ravel() for name in PARTS for part in getattr(model, name)])


class Watching(Loss):
    """Half the squared error; keeps all targets."""

    seen = ()

    def evaluate(self, z, y, rows, delta):
        self.seen.append(y.copy())
        np.subtract(z, y, out=delta)
        rows[...] = 0.5 * np.sum(delta**2, axis=1)


# -- the scale and the mean of y do not matter -----------------------------------------------------

DOUBLES = {
    "1e8": 1e8 * Z,
    "1e12": 1e12 * Z,
    "1e-6": 1e-6 * Z,
    "1e100": 1e100 * Z,
    "1e-100": 1e-100 * Z,
    "mean a million times the spread": 1e6 + Z,
    "both": 1e8 * (1e6 + Z),
}
VALUES = {
    **DOUBLES,
    **{
        f"{name}, float32": DOUBLES[name].astype(np.float32)
        for name in ("1e8", "1e12", "1e-6", "mean a million times the spread")
    },
    "integers": np.round(1e6 * Z).astype(np.int64),
    "large integers": np.round(1e8 * (1e6 + Z)).astype(np.int64),
    "short integers": np.round(1e3 * Z).astype(np.int16),
    "unsigned": np.round(2**31 + 1e8 * Z).astype(np.uint32),
}


@UNFINISHED
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("y", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("optimizer", ["adam", "sgd", "momentum", "lbfgs"])
def test_twins(optimizer, y, dtype):
    model, twin = (regressor(optimizer=optimizer, dtype=dtype) for _ in range(2))
    z = standardised(y)
    predictions, expected = model.fit(X, y).predict(X), twin.fit(X, z).predict(X)
    rounding = 2e-4 if dtype == "float32" else 1e-7
    # predictions are in y's type, too
    digits = np.finfo(np.float32 if y.dtype == np.float32 else np.float64).eps
    atol = rounding + digits * np.abs(y.astype(float)).max() / y.astype(float).std()
    learnt = (predictions.astype(float) - model.target_mean_) / model.target_scale_
    assert_allclose(learnt, expected, rtol=0, atol=atol)
    y = y.astype(float)
    assert r2_score(y, predictions) == pytest.approx(r2_score(z, expected), abs=0.01)
    assert_allclose(model.loss_, twin.loss_, rtol=rounding)
    assert model.score(X, y) > (0.2 if optimizer != "lbfgs" else 0.9)


@UNFINISHED
@pytest.mark.parametrize("y", DOUBLES.values(), ids=DOUBLES)
@pytest.mark.parametrize("loss", [*SCALING, Huber(delta=0.3), Quantile(quantile=0.9)], ids=str)
@pytest.mark.parametrize("optimizer", ["nadam", "lbfgs"])
def test_twins_under_every_loss(loss, y, optimizer):
    # a few iterations: where a loss has kinks, paths part in the end over the last bits
    params = {"loss": loss, "optimizer": optimizer, "dtype": "float64", "max_iter": 6}
    model, twin = regressor(**params).fit(X, y), regressor(**params).fit(X, standardised(y))
    predictions = (model.predict(X) - y.mean()) / y.std()
    assert_allclose(predictions, twin.predict(X), atol=1e-5)
    assert model.score(X, y) == pytest.approx(twin.score(X, standardised(y)), abs=1e-5)


def test_every_loss_that_scales():
    assert set(SCALING) == set(LOSSES) - {"poisson"}


@UNFINISHED
@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_outputs_of_very_different_scale(optimizer, dtype):
    y = np.c_[Z, X[:, 0] ** 2, X[:, 1], np.full(80, 5.0)] * [1e9, 1e-9, 1.0, 1.0] + [0, 1, 1e5, 0]
    twins, scale = np.c_[standardised(y[:, :3]), np.zeros(80)], [*y[:, :3].std(axis=0), 1]
    model, twin = (regressor(optimizer=optimizer, dtype=dtype) for _ in range(2))
    predictions, expected = model.fit(X, y).predict(X), twin.fit(X, twins).predict(X)
    assert_allclose(model.target_mean_ / model.target_scale_, y.mean(axis=0) / scale, atol=1e-10)
    assert_allclose(model.target_scale_, scale, rtol=1e-10)
    errors = (predictions - y.mean(axis=0)) / model.target_scale_ - expected
    assert np.abs(errors).max() < (1e-3 if dtype == "float32" else 1e-5)
    assert model.score(X, y) == pytest.approx(twin.score(X, twins), abs=1e-3)


def test_a_linear_model_finds_the_slopes_in_double_precision():
    y = 1e9 + 1e3 * (X @ [1.0, 2.0, 3.0, 4.0])
    model = MLPRegressor((), optimizer="lbfgs", alpha=0, tol=1e-12, max_iter=500).fit(X, y)
    assert_allclose(model.coefs_[0].ravel() * model.target_scale_, [1e3, 2e3, 3e3, 4e3], rtol=1e-5)
    assert_allclose(model.predict(X), y, rtol=1e-12)


def test_alpha_and_losses_are_in_units_of_the_spread():
    y = 1e5 * Z + 7e5
    model = MLPRegressor((), optimizer="lbfgs", alpha=0.2, tol=1e-10, max_iter=500).fit(X, y)
    x = X - X.mean(axis=0)
    slopes = np.linalg.solve(x.T @ x + 0.2 * 80 * np.eye(4), x.T @ Z)
    assert_allclose(model.coefs_[0].ravel(), slopes, rtol=1e-6)
    residual = (model.predict(X) - y) / y.std()
    penalty = 0.1 * np.sum(model.coefs_[0] ** 2)
    assert_allclose(model.loss_, 0.5 * np.mean(residual**2) + penalty, rtol=1e-8)
    model = regressor().fit(X, y, X_val=X[:9], y_val=y[:9])
    residual = (model.predict(X[:9]) - y[:9]) / y.std()
    assert_allclose(model.history_["validation_loss"][-1], 0.5 * np.mean(residual**2), rtol=1e-5)


# -- mean and scale --------------------------------------------------------------------------------


@pytest.mark.parametrize("y", VALUES.values(), ids=VALUES)
def test_mean_and_scale_are_those_of_numpy(y):
    model = regressor(max_iter=1).fit(X, y)
    y = y.astype(float)
    assert model.target_mean_.shape == model.target_scale_.shape == (1,)
    assert model.target_mean_.dtype == model.target_scale_.dtype == np.float64
    assert_allclose(model.target_mean_, y.mean(), rtol=1e-10, atol=1e-10 * y.std())
    assert_allclose(model.target_scale_, y.std(), rtol=1e-10)


@pytest.mark.parametrize("weights", [np.arange(80) % 4, np.linspace(1e-3, 1e3, 80)])
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_weighted_mean_and_scale(weights, method):
    y = np.c_[1e7 + Z, 1e-3 * Z]
    model = getattr(regressor(max_iter=1), method)(X, y, sample_weight=weights)
    mean = np.average(y, axis=0, weights=weights)
    scale = np.sqrt(np.average((y - mean) ** 2, axis=0, weights=weights))
    assert_allclose(model.target_mean_, mean, rtol=1e-10, atol=1e-10 * scale.min())
    assert_allclose(model.target_scale_, scale, rtol=1e-8)


def test_rows_of_weight_zero_play_no_part():
    weights = np.repeat([1.0, 0.0], 40)
    y = np.where(weights > 0, Z, 1e30)
    model = regressor(dtype="float64").fit(X, y, sample_weight=weights)
    without = regressor(dtype="float64").fit(X[:40], Z[:40])
    assert_array_equal(model.target_mean_, without.target_mean_)
    assert_array_equal(model.target_scale_, without.target_scale_)
    assert_allclose(parameters(model), parameters(without), rtol=1e-9)


@pytest.mark.parametrize("weights", [np.ones(80), np.linspace(0.1, 2, 80)])
@pytest.mark.parametrize("value", [0.0, 0.1, -3.0, 1e30, 1e-300, 123_456_789])
def test_constant_targets(value, weights):
    y = np.full(80, value)
    model = regressor(max_iter=60).fit(X, y, sample_weight=weights)
    assert_allclose(model.target_mean_, value, rtol=1e-14)
    assert_array_equal(model.target_scale_, 1)
    assert_allclose(model.predict(X), value, rtol=1e-6, atol=0.3)  # zeros were learnt
    assert np.isfinite(model.loss_curve_).all()


def test_constant_but_for_rounding():
    y = 1e30 * (1 + np.finfo(float).eps * (np.arange(80) % 2))
    model = regressor(max_iter=60).fit(X, y)
    assert_allclose(model.predict(X), 1e30)


def test_the_least_numbers_there_are():
    y = np.zeros(80)
    y[3] = 5e-324
    model = regressor().fit(X, y)
    assert np.isfinite(model.predict(X)).all()
    assert model.target_scale_ > 0


def test_one_row():
    model = regressor().fit(X[:1], [7.5])
    assert (model.target_mean_, model.target_scale_) == (7.5, 1)


@pytest.mark.parametrize("params", [{"early_stopping": True}, {"learning_rate": "validation"}])
def test_rows_held_out_play_no_part(monkeypatch, params):
    monkeypatch.setattr(Watching, "seen", [])
    y = 50 * SIGNAL + 3
    params = {**params, "loss": Watching(), "batch_size": "full", "dtype": "float64"}
    model = regressor(**params).fit(X, y)
    trained_on = Watching.seen[0].ravel()
    assert len(trained_on) == 72
    assert_allclose([trained_on.mean(), trained_on.std()], [0, 1], atol=1e-10)
    distances = np.abs(trained_on * model.target_scale_ + model.target_mean_ - y[:, None])
    rows = np.flatnonzero(distances.min(axis=1) < 1e-9)
    assert len(rows) == 72
    assert_allclose(model.target_mean_, y[rows].mean(), rtol=1e-10)
    assert_allclose(model.target_scale_, y[rows].std(), rtol=1e-10)


def test_validation_data_of_ones_own_play_no_part():
    y = 1e6 * (3 + Z)
    given = {"X_val": X[60:], "y_val": 5 * y[60:]}
    model = regressor().fit(X[:60], y[:60], **given)
    plain = regressor().fit(X[:60], y[:60])
    assert_array_equal(parameters(model), parameters(plain))
    assert_array_equal(model.target_mean_, plain.target_mean_)
    score = model.score(X[60:], 5 * y[60:])
    assert model.validation_scores_[-1] == pytest.approx(score, rel=1e-6)


@pytest.mark.parametrize("scoring", [None, "r2", "neg_mean_absolute_error"])
@pytest.mark.parametrize("size", [1.0, 1e12])
def test_early_stopping_on_data_of_ones_own(scoring, size):
    y = size * (Z + 3)
    model = regressor(early_stopping=True, scoring=scoring, max_iter=40, n_iter_no_change=5)
    model.fit(X[:60], y[:60], X_val=X[60:], y_val=y[60:])
    best = max(model.validation_scores_)
    scorer = {"neg_mean_absolute_error": lambda: -np.abs(y[60:] - model.predict(X[60:])).mean()}
    score = scorer.get(scoring, lambda: model.score(X[60:], y[60:]))()
    assert score == pytest.approx(best, rel=1e-5)
    assert best > (0.5 if scoring in (None, "r2") else -size)


def test_early_stopping_is_that_of_the_twin():
    params = {"early_stopping": True, "max_iter": 40, "n_iter_no_change": 5, "dtype": "float64"}
    models = [regressor(**params).fit(X, y) for y in (Z, 1e9 * Z + 1e14)]
    assert models[0].n_iter_ == models[1].n_iter_
    assert_allclose(models[0].validation_scores_, models[1].validation_scores_, rtol=1e-6)


# -- going on --------------------------------------------------------------------------------------


def test_partial_fit_keeps_the_scale_of_the_first_batch():
    y = 1e7 * Z + 1e8
    model, twin = regressor(dtype="float64"), regressor(dtype="float64", target_scaling=None)
    mean, scale = y[:30].mean(), y[:30].std()
    for rows in (slice(30), slice(30, 60), slice(60, 80)):
        model.partial_fit(X[rows], y[rows])
        twin.partial_fit(X[rows], (y[rows] - mean) / scale)
        assert_allclose([model.target_mean_[0], model.target_scale_[0]], [mean, scale], rtol=1e-10)
    assert_allclose(model.predict(X), twin.predict(X) * scale + mean, rtol=1e-8)
    with pytest.raises(ValueError, match="target_scaling was standard, and is now None"):
        model.set_params(target_scaling=None).partial_fit(X, y)


@pytest.mark.parametrize("early_stopping", [False, True])
def test_a_warm_start_keeps_the_scale_and_goes_on_exactly(early_stopping):
    y = 1e7 * Z + 1e8
    params = {"early_stopping": early_stopping, "warm_start": True}
    once = regressor(**params).fit(X, y)
    model = regressor(**{**params, "max_iter": 6}).fit(X, y)
    before = model.target_mean_.copy(), model.target_scale_.copy()
    model.fit(X, y)
    assert_array_equal(parameters(model), parameters(once))
    assert model.loss_curve_ == once.loss_curve_
    model.fit(X[:40], 2 * y[:40] + 1e6)
    assert_array_equal(before, [model.target_mean_, model.target_scale_])
    assert np.median(model.predict(X)) > 0


def test_a_cold_start_takes_a_new_scale():
    model = regressor().fit(X, Z)
    model.fit(X, 1e9 * Z)
    assert_allclose(model.target_scale_, 1e9, rtol=1e-10)
    assert model.score(X, 1e9 * Z) > 0.2


@pytest.mark.parametrize(("was", "now"), [("standard", None), (None, "standard")])
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_changed_scaling_is_refused(was, now, method, refused):
    model = regressor(target_scaling=was, warm_start=True).fit(X, SIGNAL)
    model.set_params(target_scaling=now)
    words = f"changed network: target_scaling was {was}, and is now {now}"
    refused(model, lambda: getattr(model, method)(X, SIGNAL), ValueError, words)
    model.set_params(warm_start=False).fit(X, SIGNAL)


def test_changed_scaling_without_effect_is_none():
    y = np.exp(Z)
    model = regressor(loss="poisson", warm_start=True).fit(X, y)
    model.set_params(target_scaling=None).fit(X, y).partial_fit(X, y)
    assert len(model.loss_curve_) == 25


@pytest.mark.parametrize("warm_start", [False, True])
def test_pickles(warm_start):
    y = np.c_[1e9 * Z, 1e-9 * X[:, 0]]
    model = regressor(warm_start=warm_start).fit(X, y)
    twin = pickle.loads(pickle.dumps(model))
    assert_array_equal(twin.predict(X), model.predict(X))
    assert_array_equal(twin.target_mean_, model.target_mean_)
    assert_array_equal(twin.target_scale_, model.target_scale_)
    if warm_start:
        assert_array_equal(twin.fit(X, y).predict(X), model.fit(X, y).predict(X))


def test_an_error_takes_the_scale_back(refused):
    model = regressor().fit(X, SIGNAL)
    y = 1e9 * Z
    model.set_params(scoring=lambda *args: np.nan, early_stopping=True)
    refused(model, lambda: model.fit(X, y), ValueError, "scoring gave nan")
    assert_allclose(model.target_scale_, SIGNAL.std(), rtol=1e-10)


# -- noise on the targets --------------------------------------------------------------------------


@pytest.mark.parametrize("target_scaling", ["standard", None])
def test_noise_is_in_the_units_of_y(monkeypatch, target_scaling):
    monkeypatch.setattr(Watching, "seen", [])
    y = np.c_[1e3 * Z + 5e3, 10 * X[:, 0]]
    params = {"loss": Watching(), "shuffle": False, "batch_size": "full", "max_iter": 200}
    params |= {"optimizer": "sgd", "learning_rate_init": 1e-9, "dtype": "float64"}
    model = regressor(target_noise=3.0, target_scaling=target_scaling, **params).fit(X, y)
    noise = np.array(Watching.seen) * model.target_scale_ + model.target_mean_ - y
    assert noise.shape == (200, 80, 2)
    assert np.abs(noise.mean(axis=(0, 1))).max() < 4 * 3 / np.sqrt(16_000)
    assert_allclose(noise.std(axis=(0, 1)), 3, rtol=4 / np.sqrt(2 * 16_000))
    correlation = np.corrcoef(noise[..., 0].ravel(), noise[..., 1].ravel())[0, 1]
    assert abs(correlation) < 4 / np.sqrt(16_000)


# -- what is learnt as it is -----------------------------------------------------------------------


class Softplus(Loss):
    """Half the squared error of softplus(z)."""

    def evaluate(self, z, y, rows, delta):
        residual = self.predict(z) - y
        rows[...] = 0.5 * np.mean(residual**2, axis=1)
        delta[...] = residual / (1 + np.exp(-z)) / z.shape[1]

    def predict(self, z):
        return np.logaddexp(0, z)


class OnlyPositive(SquaredError):
    """The squared error of positive numbers."""

    kernel = None

    def check_targets(self, y):
        if y.min() <= 0:
            raise ValueError("targets must be positive")


class Plain(SquaredError):
    """The squared error by another name."""


@pytest.mark.parametrize("loss", ["poisson", Poisson(), Softplus(), OnlyPositive()], ids=repr)
def test_losses_with_a_link_or_a_range_of_their_own(loss):
    y = np.exp(SIGNAL / 3)
    scaled, plain = (
        regressor(loss=loss, target_scaling=how, max_iter=40).fit(X, y)
        for how in ("standard", None)
    )
    assert_array_equal(scaled.target_mean_, 0)
    assert_array_equal(scaled.target_scale_, 1)
    assert_array_equal(scaled.predict(X), plain.predict(X))
    assert scaled.score(X, y) > 0.1
    if not isinstance(loss, Softplus):
        with pytest.raises(ValueError, match="targets"):
            regressor(loss=loss).fit(X, -y)


def test_own_losses_without_a_link_are_scaled():
    y = 1e9 * Z
    own, built_in = (
        regressor(loss=loss, dtype="float64").fit(X, y) for loss in (Plain(), "squared_error")
    )
    assert_allclose(own.target_scale_, 1e9, rtol=1e-10)
    assert_allclose(own.predict(X), built_in.predict(X), rtol=1e-9)


def test_none_learns_targets_as_they_are():
    model = regressor(target_scaling=None, dtype="float64").fit(X, SIGNAL)
    by_hand = np.tanh(X @ model.coefs_[0] + model.intercepts_[0]) @ model.coefs_[1]
    assert_allclose(model.predict(X), (by_hand + model.intercepts_[1]).ravel(), rtol=1e-10)
    assert_array_equal(model.target_mean_, [0])
    assert_array_equal(model.target_scale_, [1])
    scaled = regressor(dtype="float64").fit(X, SIGNAL)
    z = np.tanh(X @ scaled.coefs_[0] + scaled.intercepts_[0]) @ scaled.coefs_[1]
    by_hand = (z + scaled.intercepts_[1]) * scaled.target_scale_ + scaled.target_mean_
    assert_allclose(scaled.predict(X), by_hand.ravel(), rtol=1e-10)


# -- types -----------------------------------------------------------------------------------------

TYPES = [np.float32, np.float64, np.float16, np.int64, np.int8, np.uint8, bool, ">f4", ">f8"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("given", TYPES)
def test_predictions_have_ys_floating_type(given, dtype):
    y = np.round(10 + 3 * Z).astype(given)
    expected = np.float32 if np.dtype(given).newbyteorder("=") == np.float32 else np.float64
    for shaped in (y, np.c_[y, y[::-1]]):
        model = regressor(dtype=dtype, max_iter=2).fit(X, shaped)
        assert model.predict(X).dtype == expected
        assert model.predict(X).shape == shaped.shape


def test_predictions_of_single_precision_keep_the_digits_of_y():
    y = 1e9 + Z  # its spread is far below what single precision can tell apart at that size
    model = regressor(dtype="float32", max_iter=100).fit(X, y)
    assert model.score(X, y) > 0.7


@pytest.mark.parametrize("size", [1e8, 1e-6])
@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@UNFINISHED
def test_convolutional_networks(size, optimizer):
    params = {**ANY, "input_shape": (2, 2), "conv_layers": ((3, 2),), "optimizer": optimizer}
    y = np.c_[size * (Z + 100), X[:, 0]]
    model, twin = CNNRegressor((5,), "tanh", **params), CNNRegressor((5,), "tanh", **params)
    model.fit(X, y), twin.fit(X, standardised(y))
    assert_allclose(model.target_mean_, y.mean(axis=0), rtol=1e-10)
    assert_allclose(model.target_scale_, y.std(axis=0), rtol=1e-10)
    assert_allclose((model.predict(X) - y.mean(axis=0)) / y.std(axis=0), twin.predict(X), atol=2e-4)
    assert twin.score(X, standardised(y)) == pytest.approx(model.score(X, y), abs=1e-4)
    refit = CNNRegressor((5,), "tanh", target_scaling=None, **params).fit(X, y)
    assert_array_equal(refit.target_scale_, [1, 1])


def test_a_search_over_it():
    grid = {"target_scaling": ["standard", None]}
    search = GridSearchCV(regressor(), grid, cv=2, error_score="raise").fit(X, 1e3 * Z)
    assert search.best_params_ == {"target_scaling": "standard"}
