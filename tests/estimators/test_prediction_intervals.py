"""Several quantiles of one number by one network, which never cross: intervals of predictions."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import norm
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import d2_pinball_score, mean_pinball_loss
from sklearn.model_selection import GridSearchCV, cross_val_score

from skdeep import Autoencoder, CNNRegressor, MLPRegressor
from skdeep.inspection import diagnose
from skdeep.losses import Quantile

LEVELS = [0.05, 0.5, 0.95]
INTERVAL = Quantile(LEVELS)
rng = np.random.default_rng(0)


def noisy(n):
    """Return inputs, targets far from zero whose spread depends on the inputs, and that spread."""
    x = rng.uniform(-2, 2, (n, 1))
    spread = 20 * (0.2 + 0.3 * np.abs(x[:, 0]))
    return x, 1000 + 20 * np.sin(2 * x[:, 0]) + spread * rng.standard_normal(n), spread


X, Y, _ = noisy(3000)
X_TEST, Y_TEST, SPREAD = noisy(3000)
TRUE = 1000 + 20 * np.sin(2 * X_TEST) + SPREAD[:, None] * norm.ppf(LEVELS)


def regressor(hidden_layer_sizes=(20,), **params):
    defaults = {"learning_rate_init": 0.01, "random_state": 0, "n_iter_no_change": np.inf}
    defaults |= {"loss": INTERVAL, "max_iter": 40}
    return MLPRegressor(hidden_layer_sizes, "tanh", **{**defaults, **params})


@pytest.fixture(scope="module")
def model():
    return regressor(learning_rate="cosine").fit(X, Y)


# -- the loss --------------------------------------------------------------------------------------


@pytest.mark.parametrize("levels", [[0.3, 0.6], LEVELS, (0.1, 0.2, 0.3, 0.9), np.array(LEVELS)])
def test_value_link_and_gradient(levels):
    loss, k = Quantile(levels), len(levels)
    z, y = rng.normal(0, 2, (30, k)), rng.normal(0, 2, (30, 1))
    middle, distances = (k - 1) // 2, np.log1p(np.exp(z))
    expected = np.empty_like(z)
    for j in range(k):
        beyond = distances[:, middle + 1 : j + 1].sum(axis=1) - distances[:, j:middle].sum(axis=1)
        expected[:, j] = z[:, middle] + beyond
    assert_allclose(loss.predict(z), expected)

    def rows_of(z):
        rows, delta = np.empty(len(z)), z.copy()
        loss.evaluate(delta, y, rows, delta)
        return rows, delta

    rows, gradient = rows_of(z)
    losses = [mean_pinball_loss(y, q, alpha=a) for q, a in zip(expected.T, levels, strict=True)]
    assert rows.mean() == pytest.approx(np.mean(losses))
    differences = np.empty_like(z)
    for column in range(k):
        step = 1e-6 * np.eye(k)[column]
        differences[:, column] = (rows_of(z + step)[0] - rows_of(z - step)[0]) / 2e-6
    assert_allclose(gradient, differences, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_quantiles_never_cross_whatever_the_scores(dtype):
    loss = Quantile([0.1, 0.2, 0.8, 0.9])
    z = (10.0 ** rng.uniform(-3, 6, (2000, 4)) * rng.choice([-1, 1], (2000, 4))).astype(dtype)
    quantiles = loss.predict(z)
    assert quantiles.dtype == dtype
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    rows, delta = np.empty(2000, dtype), np.empty_like(z)
    loss.evaluate(z.copy(), np.zeros((2000, 1), dtype), rows, delta)
    assert np.isfinite(rows).all()
    assert np.isfinite(delta).all()


# -- estimators --------------------------------------------------------------------------------


def test_as_many_values_as_promised_lie_below(model):
    predicted = model.predict(X_TEST)
    assert predicted.shape == (3000, 3)
    assert predicted.dtype == np.float64
    assert (np.diff(predicted, axis=1) >= 0).all()
    below = (Y_TEST[:, None] < predicted).mean(axis=0)
    assert_allclose(below, LEVELS, atol=0.03)
    # and not only on average: where values scatter little, and where they scatter much
    for part in (SPREAD < 8, SPREAD > 12):
        below = (Y_TEST[part, None] < predicted[part]).mean(axis=0)
        assert_allclose(below, LEVELS, atol=0.05)
    assert (np.abs(predicted - TRUE).mean(axis=0) < [5, 3, 5]).all()  # the spread is 4 to 16


def test_the_quantiles_of_a_constant_model_are_those_of_the_targets():
    # the loss is flat within gaps between targets, hence the tolerance
    model = regressor((), optimizer="lbfgs", max_iter=300, alpha=0, tol=0)
    predicted = model.fit(np.zeros((3000, 1)), Y).predict([[0.0]])
    assert_allclose(predicted, [np.quantile(Y, LEVELS)], rtol=0.003)


def test_a_convolutional_network():
    model = CNNRegressor((8,), conv_layers=((2, 3),), loss=INTERVAL, max_iter=3, random_state=0)
    model.set_params(n_iter_no_change=np.inf).fit(rng.standard_normal((50, 8)), np.arange(50.0))
    assert model.predict(np.zeros((4, 8))).shape == (4, 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, int])
def test_the_type_of_predictions_is_that_of_one_quantile(dtype):
    one = regressor(loss=Quantile(0.9), max_iter=1).fit(X, Y.astype(dtype)).predict(X)
    assert regressor(max_iter=1).fit(X, Y.astype(dtype)).predict(X).dtype == one.dtype


def test_target_scaling_may_be_switched_off():
    model = regressor(target_scaling=None, learning_rate="cosine").fit(X, (Y - 1000) / 20)
    below = ((Y_TEST[:, None] - 1000) / 20 < model.predict(X_TEST)).mean(axis=0)
    assert_allclose(below, LEVELS, atol=0.03)


def test_the_scale_of_targets_does_not_matter(model):
    far = regressor(learning_rate="cosine").fit(X, 1024.0 * Y)
    assert_allclose(far.predict(X), 1024 * model.predict(X), rtol=1e-5)


def test_the_score_is_the_share_of_the_pinball_loss_explained(model):
    weights = rng.uniform(0.5, 2, 3000)
    predicted = model.predict(X_TEST)
    shares = [
        d2_pinball_score(Y_TEST, p, alpha=q) for p, q in zip(predicted.T, LEVELS, strict=True)
    ]
    assert min(shares) < model.score(X_TEST, Y_TEST) < max(shares)
    sums = np.zeros(2)
    order = np.argsort(Y_TEST)
    levels = np.cumsum(weights[order]) / weights.sum()
    for p, q in zip(predicted.T, LEVELS, strict=True):
        best = Y_TEST[order][np.searchsorted(levels, q)]
        for i, guess in enumerate((p, np.full(3000, best))):
            sums[i] += mean_pinball_loss(Y_TEST, guess, alpha=q, sample_weight=weights)
    assert model.score(X_TEST, Y_TEST, weights) == pytest.approx(1 - sums[0] / sums[1])
    assert model.score(X_TEST.tolist(), Y_TEST.tolist()) == model.score(X_TEST, Y_TEST)


def test_the_score_of_one_quantile_stays_r_squared():
    model = regressor(loss=Quantile(0.5), max_iter=3).fit(X, Y)
    residual = Y_TEST - model.predict(X_TEST)
    expected = 1 - (residual**2).sum() / ((Y_TEST - Y_TEST.mean()) ** 2).sum()
    assert model.score(X_TEST, Y_TEST) == pytest.approx(expected)


def test_the_score_of_constant_targets():
    model = regressor(max_iter=2).fit(X, np.full(3000, 5.0))
    assert model.score(X, np.full(3000, 5.0)) == 0
    with pytest.raises(NotFittedError):
        regressor().score(X, Y)


@pytest.mark.parametrize("weighted", [False, True])
def test_early_stopping_watches_that_score(weighted):
    weights = rng.uniform(0.5, 2, 3000) if weighted else None
    model = regressor(early_stopping=True, n_iter_no_change=3)
    model.fit(X, Y, X_val=X_TEST, y_val=Y_TEST, sample_weight_val=weights)
    assert model.best_validation_score_ == pytest.approx(model.score(X_TEST, Y_TEST, weights))


def test_a_callable_scoring():
    def covered(model, X, y):
        low, _, high = model.predict(X).T
        return float(np.mean((low <= y) & (y <= high)))

    model = regressor(scoring={"covered": covered}, max_iter=2)
    model.fit(X, Y, X_val=X_TEST, y_val=Y_TEST)
    assert model.history_["validation_covered"][-1] == covered(model, X_TEST, Y_TEST)


def test_partial_fit_warm_start_pickle_and_clone():
    whole = regressor(max_iter=4).fit(X, Y)
    parts = regressor()
    for _ in range(4):
        parts.partial_fit(X, Y)
    warm = regressor(max_iter=2, warm_start=True).fit(X, Y).fit(X, Y)
    assert_array_equal(warm.predict(X), whole.predict(X))
    assert parts.predict(X).shape == (3000, 3)
    assert_array_equal(pickle.loads(pickle.dumps(whole)).predict(X), whole.predict(X))
    assert clone(whole).loss.quantile == LEVELS
    with pytest.raises(ValueError, match="loss was"):
        warm.set_params(loss=Quantile([0.1, 0.5, 0.9])).fit(X, Y)


def test_searches_and_cross_validation():
    search = GridSearchCV(regressor(max_iter=3), {"loss": [INTERVAL, Quantile([0.1, 0.9])]}, cv=2)
    search.fit(X, Y)
    assert search.score(X, Y) <= 1
    assert np.isfinite(cross_val_score(regressor(max_iter=3), X, Y, cv=2)).all()


def test_a_diagnosis_knows_the_loss_of_the_best_constants(model):
    assert "worse than a constant" not in str(diagnose(model, X, Y))


@pytest.mark.parametrize("optimizer", ["lbfgs", "line_search", "adam"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_all_kinds_of_optimizers(optimizer):
    params = {"optimizer": optimizer, "n_iter_no_change": 10, "max_iter": 30}
    model = regressor(**params, early_stopping=True).fit(X, Y)
    assert model.score(X, Y) > 0.1


@pytest.mark.parametrize(
    ("model", "y", "error", "words"),
    [
        (regressor(loss=Quantile([0.5])), Y, ValueError, "a list of two or more in rising order"),
        (regressor(loss=Quantile([])), Y, ValueError, "a list of two or more in rising order"),
        (regressor(loss=Quantile([0.9, 0.1])), Y, ValueError, "in rising order, got"),
        (regressor(loss=Quantile([0.5, 0.5])), Y, ValueError, "in rising order, got"),
        (regressor(loss=Quantile([0.5, 1.0])), Y, ValueError, "each quantile must be a number"),
        (regressor(loss=Quantile([0.5, "a"])), Y, TypeError, "each quantile must be a number"),
        (regressor(), np.c_[Y, Y], ValueError, "several quantiles of one number, but y has 2"),
        (
            regressor(scoring="r2", early_stopping=True),
            Y,
            ValueError,
            r"scoring='r2' needs one prediction a row, but loss=Quantile\(",
        ),
        (regressor(scoring=["r2"], early_stopping=True), Y, ValueError, "scoring='r2' needs one"),
        (Autoencoder((1,), loss=INTERVAL), None, ValueError, "cannot rebuild inputs"),
    ],
)
def test_wrong_use(model, y, error, words):
    with pytest.raises(error, match=words):
        model.fit(X, y)
    assert not hasattr(model, "_network")
