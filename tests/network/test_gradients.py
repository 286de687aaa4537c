"""Backpropagation by central differences: activations x losses x penalties x sample weights."""

from typing import NamedTuple

import numpy as np
import pytest
from architectures import dense
from central_differences import check_gradient
from numpy.testing import assert_allclose
from scipy.sparse import csr_matrix

from skdeep.activations import ACTIVATIONS, ELU, Identity, LeakyReLU, Maxout, PReLU, Sigmoid, Tanh
from skdeep.losses import LOSSES, BinaryCrossEntropy, CrossEntropy, Huber, Loss, Quantile
from skdeep.network import Backprop, Network
from skdeep.optimizers import SGD
from skdeep.penalties import Penalty
from skdeep.training import ClassTargets, Data, LabelTargets, Streams, ValueTargets
from skdeep.training.batches import Loader
from skdeep.training.objective import FullObjective, Objective

N_ROWS, N_INPUTS, WIDTHS = 7, 3, (4, 3)


class Task(NamedTuple):
    """A loss, and a function that draws targets for it."""

    loss: Loss
    draw: object


def _values(n_outputs):
    return lambda rng: ValueTargets(rng.gamma(2.0, size=(N_ROWS, n_outputs)))


def _classes(n_classes, smoothing=0.0):
    return lambda rng: ClassTargets(rng.integers(n_classes, size=N_ROWS), n_classes, smoothing)


def _labels(smoothing=0.0):
    return lambda rng: LabelTargets(rng.integers(2, size=(N_ROWS, 3)), smoothing)


HIDDEN = {name: (ACTIVATIONS[name](), ACTIVATIONS[name]()) for name in ACTIVATIONS} | {
    "no hidden layer": (),
    "leaky_relu, elu": (LeakyReLU(slope=0.3), ELU(a=0.5)),
    "three pieces": (Maxout(pieces=3), Maxout(pieces=3)),
    "sigmoid, prelu": (Sigmoid(), PReLU()),
    "maxout, tanh": (Maxout(pieces=2), Tanh()),
    "prelu, maxout": (PReLU(), Maxout(pieces=3)),
}
TASKS = {
    f"{name}, {n_outputs} outputs": Task(LOSSES[name](), _values(n_outputs))
    for name in LOSSES
    for n_outputs in (1, 3)
} | {
    "narrow huber": Task(Huber(delta=0.3), _values(3)),
    "high quantile": Task(Quantile(quantile=0.8), _values(3)),
    "two classes": Task(BinaryCrossEntropy(), _classes(2)),
    "two soft classes": Task(BinaryCrossEntropy(), _classes(2, smoothing=0.1)),
    "three classes": Task(CrossEntropy(), _classes(3)),
    "three soft classes": Task(CrossEntropy(), _classes(3, smoothing=0.1)),
    "labels": Task(BinaryCrossEntropy(), _labels()),
    "soft labels": Task(BinaryCrossEntropy(), _labels(smoothing=0.1)),
}
PENALTIES = {
    "no penalty": Penalty(0.0),
    "l2": Penalty(0.3),
    "l1": Penalty(0.0, 0.2),
    "elastic net": Penalty.elastic_net(0.4, 0.3),
}


def _data(task, rng, weighted=False, sparse=False):
    X = rng.standard_normal((N_ROWS, N_INPUTS))
    targets = task.draw(rng)
    if sparse:
        X = csr_matrix(X * (rng.random(X.shape) < 0.6))
    weights = None
    if weighted:
        weights = rng.uniform(0.2, 2.0, N_ROWS)
        weights[[1, 4]] = 0.0
    return Data(X, targets, weights)


def _backprop(hidden, task, data, rng, noise=None, n_rows=N_ROWS):
    hidden = tuple(zip(WIDTHS, hidden, strict=False))
    outputs = data.targets.n_columns
    network = Network(dense(N_INPUTS, hidden, outputs, loss=task.loss, **(noise or {})))
    network.parameters[...] = rng.normal(0, 0.7, network.layout.size)
    # slopes of PReLU: negative ones and ones below one first, then some above one as well
    for layer, highest in zip(network.weighted, (0.9, 1.7, 0.0), strict=False):
        layer.theta[...] = np.linspace(-0.8, highest, len(layer.theta))
    return Backprop(network, n_rows, Streams(0))


def _objective(seed, hidden, task, penalty, noise=None, **kinds):
    rng = np.random.default_rng(seed)
    data = _data(task, rng, **kinds)
    objective = Objective(_backprop(hidden, task, data, rng, noise), penalty, SGD())
    objective.batch = Loader(data, N_ROWS, np.float64).load(slice(0, N_ROWS))
    return objective


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_gradient(hidden, task):
    for name, penalty in PENALTIES.items():
        for weighted in (False, True):

            def make(seed, penalty=penalty, weighted=weighted):
                return _objective(seed, HIDDEN[hidden], TASKS[task], penalty, weighted=weighted)

            check_gradient(make, f"{name}, weighted={weighted}")


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize(
    "noise",
    [
        {"dropout": (0.5, 0.0)},
        {"dropout": (0.0, 0.5)},
        {"dropout": (0.3, 0.3), "input_dropout": 0.2},
        {"dropout": (0.3, 0.3), "input_noise": 0.5},
        {"dropout": (0.3, 0.3), "input_dropout": 0.2, "input_noise": 0.5},
    ],
    ids=str,
)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_gradient_under_frozen_noise(hidden, noise, sparse):
    task, penalty = TASKS["three classes"], PENALTIES["elastic net"]

    def make(seed):
        return _objective(seed, HIDDEN[hidden], task, penalty, noise, weighted=True, sparse=sparse)

    check_gradient(make)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("noise", [{}, {"dropout": (0.3, 0.3), "input_noise": 0.5}], ids=str)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_sparse_equals_dense(hidden, noise):
    task = TASKS["three classes"]
    sparse = _objective(0, HIDDEN[hidden], task, PENALTIES["l2"], noise, sparse=True)
    dense = _objective(0, HIDDEN[hidden], task, PENALTIES["l2"], noise, sparse=True)
    dense.batch.x = dense.batch.x.toarray()
    assert sparse.evaluate() == pytest.approx(dense.evaluate(), rel=1e-12)
    assert_allclose(sparse.gradient, dense.gradient, rtol=1e-10, atol=1e-14)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("block", [1, 3, N_ROWS])
def test_blocks_add_up_to_the_whole(block, weighted):
    hidden, task, penalty = HIDDEN["tanh"], TASKS["three classes"], PENALTIES["elastic net"]
    whole = _objective(0, hidden, task, penalty, weighted=weighted)
    rng = np.random.default_rng(0)
    data = _data(task, rng, weighted)
    full = FullObjective(_backprop(hidden, task, data, rng, n_rows=block), penalty, data, block)
    assert full.evaluate() == pytest.approx(whole.evaluate(), rel=1e-13)
    assert_allclose(full.gradient, whole.gradient, rtol=1e-10, atol=1e-14)
    assert full.gradient_norm == pytest.approx(whole.gradient_norm, rel=1e-12)


@pytest.mark.usefixtures("kernels")
def test_full_objective_leaves_out_the_l1_part():
    hidden, task, penalty = HIDDEN["tanh"], TASKS["three classes"], PENALTIES["elastic net"]
    rng = np.random.default_rng(0)
    data = _data(task, rng)
    full = FullObjective(_backprop(hidden, task, data, rng), penalty, data, N_ROWS)
    with_l1, gradient = full.evaluate(), full.gradient.copy()
    l1_part = penalty.l1 * np.abs(full.weights).sum()
    assert full.evaluate(l1=False) == pytest.approx(with_l1 - l1_part, rel=1e-13)
    difference = gradient - full.gradient
    n = len(full.weights)
    assert_allclose(difference[:n], penalty.l1 * np.sign(full.weights), atol=1e-14)
    assert_allclose(difference[n:], 0, atol=1e-14)


@pytest.mark.usefixtures("kernels")
def test_weights_count_like_repeated_rows():
    hidden, task = HIDDEN["tanh"], TASKS["three classes"]
    weighted = _objective(0, hidden, task, Penalty(0.0))
    one_by_one = _objective(0, hidden, task, Penalty(0.0))
    counts = np.array([0, 1, 2, 0, 3, 1, 2])
    weighted.batch.weights = counts.astype(float)
    batch, loss, gradient = one_by_one.batch, 0.0, np.zeros(len(one_by_one.gradient))
    x, y = batch.x.copy(), batch.y.copy()
    for row in np.repeat(np.arange(N_ROWS), counts):
        batch.x, batch.y, batch.divisor = x[row : row + 1], y[row : row + 1], 1
        loss += one_by_one.evaluate() / N_ROWS
        gradient += one_by_one.gradient / N_ROWS
    assert weighted.evaluate() == pytest.approx(loss, rel=1e-13)
    assert_allclose(weighted.gradient, gradient, rtol=1e-10, atol=1e-14)


@pytest.mark.usefixtures("kernels")
def test_identity_layers_have_the_gradient_of_their_product():
    task = TASKS["squared_error, 3 outputs"]
    objective = _objective(0, (Identity(), Identity()), task, Penalty(0.0))
    objective.evaluate()
    x, y = objective.batch.x, objective.batch.y
    w1, w2, w3 = objective.backprop.weight_matrices
    n = len(objective.weights)
    b1, b2, b3 = np.split(objective.parameters[n:], [4, 7])
    residual = (((x @ w1 + b1) @ w2 + b2) @ w3 + b3 - y) / y.size
    expected = x.T @ residual @ w3.T @ w2.T
    assert_allclose(objective.gradient[: w1.size], expected.ravel(), rtol=1e-12)
