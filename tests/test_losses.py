"""Losses: values against scikit-learn's metrics, gradients, extremes, links."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics
from sklearn.base import clone

from skdeep import MLPRegressor, losses
from skdeep.exceptions import DivergenceError
from skdeep.losses import (
    LOSSES,
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    Loss,
    MeanBinaryCrossEntropy,
    Poisson,
    Quantile,
    TwoClassCrossEntropy,
)

N_ROWS = 40


def _huber(y, z, delta=1.0):
    r = np.abs(z - y)
    return np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)).mean()


def _log_loss(y, z):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return metrics.log_loss(y.argmax(axis=1), p, labels=range(y.shape[1]))


def _label_loss(y, z):
    p = 1 / (1 + np.exp(-z))
    columns = zip(y.T, p.T, strict=True)
    return sum(metrics.log_loss(y_j, p_j, labels=[0, 1]) for y_j, p_j in columns)


METRICS = {
    "squared_error": lambda y, z: metrics.mean_squared_error(y, z) / 2,
    "absolute_error": metrics.mean_absolute_error,
    "huber": _huber,
    "poisson": lambda y, z: metrics.mean_poisson_deviance(y.ravel(), np.exp(z).ravel()) / 2,
    "quantile": lambda y, z: metrics.mean_pinball_loss(y, z, alpha=0.5),
}
REGRESSION = [pytest.param(LOSSES[name](), METRICS.get(name), id=name) for name in LOSSES] + [
    pytest.param(Huber(delta=0.3), lambda y, z: _huber(y, z, 0.3), id="delta=0.3"),
    pytest.param(
        Quantile(quantile=0.9),
        lambda y, z: metrics.mean_pinball_loss(y, z, alpha=0.9),
        id="quantile=0.9",
    ),
    pytest.param(
        Quantile(quantile=0.1),
        lambda y, z: metrics.mean_pinball_loss(y, z, alpha=0.1),
        id="quantile=0.1",
    ),
]
ALL = [pytest.param(case.values[0], id=case.id) for case in REGRESSION] + [
    pytest.param(CrossEntropy(), id="cross_entropy"),
    pytest.param(BinaryCrossEntropy(), id="binary_cross_entropy"),
]


def _scores(n_outputs, seed=0):
    return np.random.default_rng(seed).normal(0, 1.5, (N_ROWS, n_outputs))


def _targets(loss, n_outputs, seed=1):
    """Counts for regression; soft and hard rows that add up to one for classes."""
    rng = np.random.default_rng(seed)
    if isinstance(loss, (CrossEntropy, BinaryCrossEntropy)):
        hard = np.eye(max(n_outputs, 2))[rng.integers(max(n_outputs, 2), size=N_ROWS)]
        hard[::3] = 0.8 * hard[::3] + 0.2 / hard.shape[1]
        return hard[:, :n_outputs].copy()
    return rng.poisson(2.0, (N_ROWS, n_outputs)).astype(float)


def _evaluate(loss, z, y):
    """Return each row's loss and the gradient, computed in one array as in training."""
    delta, rows = z.copy(), np.empty(len(z), z.dtype)
    loss.evaluate(delta, y, rows, delta)
    return rows, delta


@pytest.mark.parametrize("n_outputs", [1, 3])
@pytest.mark.parametrize(("loss", "metric"), REGRESSION)
def test_value_of_a_regression_loss(loss, metric, n_outputs):
    z, y = _scores(n_outputs), _targets(loss, n_outputs)
    assert _evaluate(loss, z, y)[0].mean() == pytest.approx(metric(y, z), rel=1e-12)


def test_value_of_the_cross_entropy():
    z, y = _scores(3), np.eye(3)[np.arange(N_ROWS) % 3]
    assert _evaluate(CrossEntropy(), z, y)[0].mean() == pytest.approx(_log_loss(y, z), rel=1e-12)


@pytest.mark.parametrize("n_outputs", [1, 3])
def test_value_of_the_binary_cross_entropy(n_outputs):
    z = _scores(n_outputs)
    y = np.random.default_rng(1).integers(2, size=z.shape).astype(float)
    rows = _evaluate(BinaryCrossEntropy(), z, y)[0]
    assert rows.mean() == pytest.approx(_label_loss(y, z), rel=1e-12)


def test_value_for_soft_targets():
    z, y = _scores(3), np.full((N_ROWS, 3), [0.8, 0.15, 0.05])
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    assert_allclose(_evaluate(CrossEntropy(), z, y)[0], -(y * log_p).sum(axis=1))
    p = 1 / (1 + np.exp(-z))
    expected = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(axis=1)
    assert_allclose(_evaluate(BinaryCrossEntropy(), z, y)[0], expected)


@pytest.mark.parametrize("n_outputs", [1, 3])
@pytest.mark.parametrize("loss", ALL)
def test_gradient(loss, n_outputs):
    if isinstance(loss, CrossEntropy):
        n_outputs += 1  # a softmax over one class has nothing to learn
    z, y, step = _scores(n_outputs), _targets(loss, n_outputs), 1e-6
    expected = np.empty_like(z)
    for column in range(n_outputs):
        shift = np.zeros(n_outputs)
        shift[column] = step
        above, below = (_evaluate(loss, z + s, y)[0] for s in (shift, -shift))
        expected[:, column] = (above - below) / (2 * step)
    assert_allclose(_evaluate(loss, z, y)[1], expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("loss", ALL)
def test_gradient_is_zero_where_the_prediction_is_the_target(loss):
    z = _scores(3)
    assert_allclose(_evaluate(loss, z, loss.predict(z))[1], 0, atol=1e-15)


@pytest.mark.parametrize("n_outputs", [1, 3])
@pytest.mark.parametrize("loss", ALL)
def test_scores_and_gradient_may_share_memory(loss, n_outputs):
    z, y = _scores(n_outputs), _targets(loss, n_outputs)
    rows, delta = _evaluate(loss, z, y)
    apart, rows_apart, targets = np.empty_like(z), np.empty(N_ROWS), y.copy()
    loss.evaluate(z.copy(), targets, rows_apart, apart)
    assert_array_equal(rows_apart, rows)
    assert_array_equal(apart, delta)
    assert_array_equal(targets, y)


@pytest.mark.parametrize("loss", ALL)
def test_single_precision(loss):
    z, y = _scores(3), _targets(loss, 3)
    rows, delta = _evaluate(loss, z.astype(np.float32), y.astype(np.float32))
    assert rows.dtype == delta.dtype == loss.predict(z.astype(np.float32)).dtype == np.float32
    expected_rows, expected_delta = _evaluate(loss, z, y)
    assert_allclose(rows, expected_rows, rtol=1e-5, atol=1e-6)
    assert_allclose(delta, expected_delta, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_far_out(dtype):
    z = np.array([[1000, 0, -1000], [1000, 0, -1000], [-1000, -1000, -1000]], dtype)
    rows, delta = _evaluate(CrossEntropy(), z, np.eye(3, dtype=dtype)[[0, 2, 1]])
    assert_allclose(rows, [0, 2000, np.log(3)], rtol=1e-6)
    assert_allclose(delta, [[0, 0, 0], [1, 0, -1], [1 / 3, -2 / 3, 1 / 3]], rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_far_out(dtype):
    z, y = (
        np.array([[1000], [1000], [-1000], [-1000]], dtype),
        np.array([[1], [0], [1], [0]], dtype),
    )
    rows, delta = _evaluate(BinaryCrossEntropy(), z, y)
    assert_allclose(rows, [0, 1000, 1000, 0])
    assert_allclose(delta.ravel(), [0, 1, -1, 0])


@pytest.mark.parametrize("loss", ALL)
def test_finite_far_out(loss):
    largest = 80 if isinstance(loss, Poisson) else 1000  # exp(1000) is beyond floating types
    for value in (-1000, largest):
        z, y = np.full((2, 3), value, np.float32), np.eye(3, dtype=np.float32)[:2]
        rows, delta = _evaluate(loss, z, y)
        assert np.isfinite(rows).all()
        assert np.isfinite(delta).all()


@pytest.mark.parametrize("loss", ALL)
def test_nan_stays_nan(loss):
    z, y = _scores(3), _targets(loss, 3)
    z[::2, 1] = np.nan
    with np.errstate(invalid="ignore"):  # as in training
        rows = _evaluate(loss, z, y)[0]
    assert np.isnan(rows[::2]).all()
    assert np.isfinite(rows[1::2]).all()


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("loss", LOSSES)
def test_divergence_is_noticed(loss):
    X, y = _scores(3), _scores(1)[:, 0] ** 2
    model = MLPRegressor((4,), loss=loss, max_iter=2, n_iter_no_change=np.inf, warm_start=True)
    model.fit(X, y).intercepts_[-1][0] = np.nan
    with pytest.raises(DivergenceError, match="loss is nan"):
        model.fit(X, y)


LINKS = {
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
    "logistic": lambda z: 1 / (1 + np.exp(-z)),
    "exp": np.exp,
    "identity": lambda z: z,
}


@pytest.mark.parametrize("loss", ALL)
def test_link(loss):
    z = _scores(3)
    before = z.copy()
    assert_allclose(loss.predict(z), LINKS[loss.out_activation](before), rtol=1e-12)
    assert_array_equal(z, before)


def test_links_by_name():
    assert CrossEntropy().out_activation == "softmax"
    assert BinaryCrossEntropy().out_activation == "logistic"
    assert Poisson().out_activation == "exp"


# -- what users see of the scores ------------------------------------------------------------------

OF_CLASSES = [
    pytest.param(cls(), id=cls.__name__)
    for cls in (CrossEntropy, BinaryCrossEntropy, TwoClassCrossEntropy, MeanBinaryCrossEntropy)
]


def _scores_for(loss, n_rows=N_ROWS):
    n_outputs = 1 if isinstance(loss, TwoClassCrossEntropy) else 3
    return np.random.default_rng(0).normal(0, 1.5, (n_rows, n_outputs))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", OF_CLASSES)
def test_log_predict_is_the_logarithm_of_predict(loss, dtype):
    z = _scores_for(loss).astype(dtype)
    before = z.copy()
    logarithms = loss.log_predict(z)
    assert logarithms.dtype == dtype
    assert_allclose(logarithms, np.log(loss.predict(z)), rtol=1e3 * np.finfo(dtype).eps)
    assert_array_equal(z, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", OF_CLASSES)
def test_log_predict_keeps_its_precision_far_out(loss, dtype):
    z = np.zeros_like(_scores_for(loss), dtype)
    z[:, 0] = -1000
    logarithms = loss.log_predict(z)
    assert np.isfinite(logarithms).all()
    assert logarithms.min() == pytest.approx(-1000, abs=2)


def test_log_predict_of_another_loss_is_the_plain_logarithm():
    z = _scores(3)
    assert_allclose(Poisson().log_predict(z), z, atol=1e-14)


def test_two_exclusive_classes_have_two_columns():
    loss, z = TwoClassCrossEntropy(), _scores(1)
    p = loss.predict(z)
    assert p.shape == loss.log_predict(z).shape == (N_ROWS, 2)
    assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    assert_allclose(p[:, 1:], BinaryCrossEntropy().predict(z), rtol=1e-14)
    softmax = CrossEntropy().predict(np.hstack([np.zeros_like(z), z]))
    assert_allclose(p, softmax, rtol=1e-12)


@pytest.mark.parametrize("loss", OF_CLASSES)
def test_decide_agrees_with_predict(loss):
    z = _scores_for(loss)
    decided, p = loss.decide(z), loss.predict(z)
    assert decided.dtype.kind == "i"
    if isinstance(loss, (CrossEntropy, TwoClassCrossEntropy)):
        assert_array_equal(decided, p.argmax(axis=1))
    else:
        assert_array_equal(decided, p > 0.5)
    assert len(np.unique(decided)) > 1


@pytest.mark.parametrize("loss", OF_CLASSES)
def test_ties_go_to_the_first_class_and_leave_labels_off(loss):
    assert not loss.decide(np.zeros_like(_scores_for(loss))).any()


def test_losses_without_classes_cannot_decide():
    with pytest.raises(NotImplementedError, match=r"Huber must define decide\(z\)"):
        Huber().decide(_scores(3))


def test_two_classes_are_learnt_with_the_gradient_of_one_label():
    z, y = _scores(1), _targets(BinaryCrossEntropy(), 1)
    two, one = (_evaluate(loss, z, y) for loss in (TwoClassCrossEntropy(), BinaryCrossEntropy()))
    assert_array_equal(two[0], one[0])
    assert_array_equal(two[1], one[1])


def test_the_mean_over_outputs_is_a_share_of_the_sum():
    z, y = _scores(3), _targets(BinaryCrossEntropy(), 3)
    means, sums = _evaluate(MeanBinaryCrossEntropy(), z, y), _evaluate(BinaryCrossEntropy(), z, y)
    for mean, total in zip(means, sums, strict=True):
        assert_allclose(3 * mean, total, rtol=1e-14)


@pytest.mark.parametrize("loss", ALL)
def test_clone_repr_pickle(loss):
    for copy in (clone(loss), pickle.loads(pickle.dumps(loss))):
        assert type(copy) is type(loss)
        assert copy.get_params() == loss.get_params()
    assert eval(repr(loss), vars(losses)).get_params() == loss.get_params()


@pytest.mark.parametrize("name", LOSSES)
def test_every_entry_has_a_metric_here(name):
    assert name in METRICS


def test_contract():
    names = {"squared_error", "absolute_error", "huber", "poisson", "quantile"}
    assert names <= set(LOSSES)
    assert all(issubclass(cls, Loss) for cls in LOSSES.values())


class _OwnSquares(Loss):
    def evaluate(self, z, y, rows, delta):
        np.subtract(z, y, out=delta)
        rows[...] = 0.5 * (delta**2).mean(axis=1)
        delta /= z.shape[1]


@pytest.mark.usefixtures("kernels")
def test_own_loss_trains_like_the_built_in_one():
    fits = [
        MLPRegressor((5,), loss=loss, dtype="float64", random_state=0, max_iter=5)
        .set_params(n_iter_no_change=np.inf)
        .fit(_scores(3), _scores(2))
        .predict(_scores(3))
        for loss in (_OwnSquares(), "squared_error")
    ]
    assert_allclose(*fits, rtol=1e-10)


@pytest.mark.parametrize(
    ("loss", "y", "error", "words"),
    [
        ("cosine", [0, 1], ValueError, "Unknown loss 'cosine'; known are absolute_error, huber"),
        (Huber, [0, 1], TypeError, "loss must be a name or an object"),
        (Huber(delta=0), [0, 1], ValueError, "Huber: delta must be a number in"),
        (Quantile(quantile=1), [0, 1], ValueError, "Quantile: quantile must be a number in"),
        (Quantile(quantile=None), [0, 1], TypeError, "Quantile: quantile must be a number in"),
        ("poisson", [-2, 1], ValueError, "needs targets y >= 0, but y holds -2; use another"),
    ],
)
def test_bad_loss(loss, y, error, words):
    with pytest.raises(error, match=words):
        MLPRegressor(loss=loss).fit([[0], [1]], y)
