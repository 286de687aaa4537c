"""The elastic-net penalty: value, gradient, and one meaning at every batch size."""

import numpy as np
import pytest
from architectures import dense
from numpy.testing import assert_allclose, assert_array_equal

from skdeep import MLPRegressor
from skdeep.activations import PReLU
from skdeep.network import Backprop, Network
from skdeep.optimizers import SGD
from skdeep.penalties import Penalty
from skdeep.training import Data, Streams, ValueTargets
from skdeep.training.batches import Loader
from skdeep.training.objective import Objective

STRENGTHS = [(0.0, 0.0), (0.5, 0.0), (0.0, 0.3), (0.5, 0.3)]
WEIGHTS = np.array([-2.0, -0.5, 0.25, 3.0])


def _gradient(penalty, weights, start=0.0):
    gradient = np.full_like(weights, start)
    penalty.add_gradient(weights, gradient, np.empty_like(weights))
    return gradient


@pytest.mark.parametrize(("l2", "l1"), STRENGTHS)
def test_value(l2, l1):
    expected = l2 / 2 * (4 + 0.25 + 0.0625 + 9) + l1 * (2 + 0.5 + 0.25 + 3)
    value = Penalty(l2, l1).value(WEIGHTS)
    assert type(value) is float
    assert value == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("l2", "l1"), STRENGTHS)
def test_gradient(l2, l1):
    penalty, step = Penalty(l2, l1), 1e-6
    shifts = step * np.eye(len(WEIGHTS))
    expected = [
        (penalty.value(WEIGHTS + shift) - penalty.value(WEIGHTS - shift)) / (2 * step)
        for shift in shifts
    ]
    before = WEIGHTS.copy()
    assert_allclose(_gradient(penalty, WEIGHTS, start=7.0) - 7.0, expected, atol=1e-8)
    assert_array_equal(WEIGHTS, before)


def test_l1_leaves_zeros_alone():
    assert_array_equal(_gradient(Penalty(0.0, 0.3), np.zeros(3)), 0)


@pytest.mark.parametrize("l1_ratio", [0.0, 0.25, 1.0])
def test_elastic_net(l1_ratio):
    alpha, penalty = 0.2, Penalty.elastic_net(0.2, l1_ratio)
    squares, absolutes = (WEIGHTS**2).sum(), np.abs(WEIGHTS).sum()
    expected = alpha * ((1 - l1_ratio) / 2 * squares + l1_ratio * absolutes)
    assert penalty.value(WEIGHTS) == pytest.approx(expected, rel=1e-14)


def test_smooth_part_has_no_l1():
    penalty = Penalty(0.5, 0.3)
    smooth = penalty.smooth_part()
    assert (smooth.l2, smooth.l1) == (0.5, 0.0)
    assert (penalty.l2, penalty.l1) == (0.5, 0.3)


@pytest.mark.parametrize(("l2", "l1"), STRENGTHS)
def test_single_precision_is_kept(l2, l1):
    weights = WEIGHTS.astype(np.float32)
    gradient = _gradient(Penalty(np.float64(l2), np.float64(l1)), weights)
    assert gradient.dtype == np.float32
    assert_allclose(gradient, _gradient(Penalty(l2, l1), WEIGHTS), rtol=1e-6)


def _objective(penalty, n_rows):
    rng = np.random.default_rng(0)
    network = Network(dense(3, ((4, PReLU()), (5, PReLU())), 2))
    network.parameters[...] = rng.standard_normal(network.layout.size)
    data = Data(rng.standard_normal((12, 3)), ValueTargets(rng.standard_normal((12, 2))))
    backprop = Backprop(network, n_rows, Streams(0))
    objective = Objective(backprop, penalty, SGD())
    objective.batch = Loader(data, n_rows, np.float64).load(slice(0, n_rows))
    return objective


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("n_rows", [1, 4, 12])
def test_same_strength_at_every_batch_size_and_on_weights_only(n_rows):
    penalised, plain = _objective(Penalty(0.5, 0.3), n_rows), _objective(Penalty(0.0), n_rows)
    difference = penalised.evaluate() - plain.evaluate()
    w, n = plain.weights, len(plain.weights)
    expected = 0.25 * (w**2).sum() + 0.3 * np.abs(w).sum()
    assert difference == pytest.approx(expected, rel=1e-12)
    gradient = penalised.gradient - plain.gradient
    assert_allclose(gradient[:n], 0.5 * w + 0.3 * np.sign(w), rtol=1e-10)
    # neither biases nor the slopes that an activation trains
    assert_array_equal(gradient[n:], 0)
    assert len(gradient) - n == (4 + 5 + 2) + (4 + 5)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("batch_size", [1, 5, "full"])
def test_decay_without_signal_is_the_same_at_every_batch_size(batch_size):
    # inputs and targets of zero: the penalty alone moves the weights, by 1 - rate * alpha a step
    n, rate, alpha = 10, 0.1, 0.5
    model = MLPRegressor((), optimizer="sgd", learning_rate_init=rate, alpha=alpha, max_iter=1)
    model.set_params(
        init="orthogonal", batch_size=batch_size, n_iter_no_change=np.inf, dtype="float64"
    )
    model.set_params(random_state=0, target_scaling=None).fit(np.zeros((n, 1)), np.zeros(n))
    steps = {1: n, 5: 2, "full": 1}[batch_size]
    assert abs(model.coefs_[0][0, 0]) == pytest.approx((1 - rate * alpha) ** steps, rel=1e-12)


def test_lbfgs_with_l1_has_exact_zeros():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 8))
    y = 2 * X[:, 0] - X[:, 3]
    model = MLPRegressor((), optimizer="lbfgs", alpha=0.1, l1_ratio=1.0, tol=1e-8)
    model.set_params(target_scaling=None).fit(X, y)
    assert np.flatnonzero(model.coefs_[0][:, 0]).tolist() == [0, 3]


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "line_search"])
def test_recorded_loss_holds_the_penalty(optimizer):
    X, y = np.random.default_rng(0).standard_normal((2, 10, 1))
    params = {"optimizer": optimizer, "dtype": "float64", "random_state": 0, "tol": 0}
    model = MLPRegressor((), alpha=0.7, l1_ratio=0.4, max_iter=1, n_iter_no_change=np.inf, **params)
    model.set_params(warm_start=True, target_scaling=None).fit(X, y.ravel())
    w, residual = model.coefs_[0], model.predict(X) - y.ravel()
    expected = 0.5 * np.mean(residual**2) + 0.7 * (0.3 * np.sum(w**2) + 0.4 * np.abs(w).sum())
    model.fit(X, y.ravel())  # its loss is that of the model before the second step
    assert model.loss_curve_[1] == pytest.approx(expected, rel=1e-12)
