"""Gradients of whole networks by central differences: convolutional, tied, with shortcuts."""

import numpy as np
import pytest
from architectures import Maps, autoencoder, convolutional, dense
from central_differences import check_gradient

from skdeep.activations import ELU, Identity, Maxout, PReLU, ReLU, Sigmoid, Tanh
from skdeep.losses import CrossEntropy
from skdeep.network import Backprop, Filters, Network, Shortcut
from skdeep.optimizers import SGD
from skdeep.penalties import Penalty
from skdeep.training import ClassTargets, Data, Streams, ValueTargets
from skdeep.training.batches import Loader
from skdeep.training.objective import Objective

N_ROWS = 5
PENALTY = Penalty.elastic_net(0.3, 0.2)
SIGNAL, IMAGE = (1, 9, 2), (5, 6, 2)


def _network(architecture, rng):
    network = Network(architecture)
    network.parameters[...] = rng.normal(0, 0.5, network.layout.size)
    for layer in network.weighted:  # slopes of PReLU: negative ones, and some above one
        layer.theta[...] = np.linspace(-0.8, 1.7, len(layer.theta))
    return network


def _objective(seed, architecture, targets):
    rng = np.random.default_rng(seed)
    backprop = Backprop(_network(architecture, rng), N_ROWS, Streams(0))
    weights = rng.uniform(0.2, 2.0, N_ROWS)
    data = Data(rng.standard_normal((N_ROWS, backprop.chain.n_inputs)), targets(rng), weights)
    objective = Objective(backprop, PENALTY, SGD())
    objective.batch = Loader(data, N_ROWS, np.float64).load(slice(0, N_ROWS))
    return objective


def _classes(rng):
    return ClassTargets(rng.integers(3, size=N_ROWS), 3)


def _values(rng):
    return ValueTargets(rng.standard_normal((N_ROWS, 3)))


def _inputs(rng):
    return None


def _check(architecture, targets):
    check_gradient(lambda seed: _objective(seed, architecture, targets))


# -- convolution -----------------------------------------------------------------------------------


def _maps(n, kernel, activation, stride=1, padding="same", pooling="max", pool_size=1):
    return Maps(Filters(n, kernel, stride, padding), activation, pooling, pool_size)


MAPS = {
    "signal": (SIGNAL, [_maps(3, (1, 3), Tanh())]),
    "signal, valid, stride 2": (SIGNAL, [_maps(3, (1, 4), ReLU(), 2, "valid")]),
    "signal, maxima": (SIGNAL, [_maps(3, (1, 3), PReLU(), pool_size=2)]),
    "image": (IMAGE, [_maps(2, (3, 3), Sigmoid())]),
    "image, valid": (IMAGE, [_maps(2, (2, 3), ELU(), padding="valid")]),
    "image, stride 2": (IMAGE, [_maps(2, (3, 3), PReLU(), 2)]),
    "image, valid, stride 2": (IMAGE, [_maps(2, (3, 2), Tanh(), 2, "valid")]),
    "image, two strides": (IMAGE, [_maps(2, (3, 2), Tanh(), (1, 2))]),
    "image, valid, other strides": (IMAGE, [_maps(2, (2, 3), Tanh(), (2, 1), "valid")]),
    "image, two pool sizes": (
        IMAGE,
        [_maps(2, (3, 3), Tanh(), (2, 1), pooling="average", pool_size=(1, 2))],
    ),
    "image, maxima of relu": (IMAGE, [_maps(2, (3, 3), ReLU(), pool_size=2)]),
    "image, means": (IMAGE, [_maps(2, (3, 3), Tanh(), pooling="average", pool_size=2)]),
    "image, maxout": (IMAGE, [_maps(2, (3, 3), Maxout(pieces=3), pool_size=2)]),
    "three layers of a signal": (
        (1, 13, 1),
        [
            _maps(3, (1, 3), ReLU(), pool_size=2),
            _maps(3, (1, 3), PReLU(), padding="valid"),
            _maps(2, (1, 2), Maxout(), 2, pooling="average", pool_size=2),
        ],
    ),
    "three layers of an image": (
        (6, 7, 1),
        [
            _maps(2, (3, 3), ELU(), pooling="average", pool_size=2),
            _maps(3, (2, 2), Maxout(), padding="valid"),
            _maps(2, (3, 3), PReLU(), pool_size=9),
        ],
    ),
}
DENSE = {"no dense layer": (), "dense layers": ((4, PReLU()), (3, Tanh()))}


def _convolutional(shape, maps, hidden=(), **others):
    return convolutional(shape, maps, hidden, 3, loss=CrossEntropy(), **others)


@pytest.mark.parametrize("hidden", DENSE.values(), ids=DENSE)
@pytest.mark.parametrize("maps", MAPS.values(), ids=MAPS)
def test_convolution(maps, hidden):
    _check(_convolutional(*maps, hidden), _classes)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("shape", [SIGNAL, IMAGE], ids=["signal", "image"])
def test_convolution_with_shortcuts(shape, dropout):
    kernel = min(shape[0], 3), 3
    maps = [
        _maps(2, kernel, Tanh(), pool_size=2),
        _maps(2, kernel, PReLU()),
        _maps(2, kernel, ELU(), pooling="average", pool_size=1),
    ]
    noise = {"dropout": (dropout,) * 5, "input_noise": dropout, "bridged": (1, 2, 4)}
    architecture = _convolutional(shape, maps, ((3, Tanh()), (3, PReLU())), **noise)
    assert architecture.n_shortcuts == 3
    _check(architecture, _classes)


# -- dense networks with shortcuts -----------------------------------------------------------------


NOISY = {"dropout": (0.3, 0.0, 0.3, 0.3), "input_dropout": 0.2, "input_noise": 0.5}


@pytest.mark.parametrize("noise", [{}, NOISY], ids=str)
@pytest.mark.parametrize(
    "activation", [ReLU(), PReLU(), ELU(), Maxout(pieces=3), Identity()], ids=str
)
def test_dense_with_shortcuts(activation, noise):
    hidden = tuple((n_units, activation) for n_units in (4, 4, 4, 3))
    _check(dense(4, hidden, 3, bridged=(1, 2), **noise), _values)


# -- autoencoders ----------------------------------------------------------------------------------

ENCODERS = {
    "one layer": ((3, Tanh()),),
    "one layer, prelu": ((3, PReLU()),),
    "three layers": ((5, Tanh()), (4, ELU()), (2, Identity())),
    "three layers, prelu": ((5, PReLU()), (4, PReLU()), (2, PReLU())),
}
NOISES = {
    "no noise": {},
    "denoising": {"input_noise": 0.5},
    "input dropout": {"input_dropout": 0.3},
    "dropout": {"dropout": (0.3,) * 5},
}


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
@pytest.mark.parametrize("hidden", ENCODERS.values(), ids=ENCODERS)
def test_autoencoder(hidden, tied, noise):
    _check(autoencoder(6, hidden, tied, **noise), _inputs)


@pytest.mark.parametrize("tied", [False, True], ids=["untied", "tied"])
def test_autoencoder_with_shortcuts(tied):
    hidden = ((4, Tanh()), (4, PReLU()), (2, Tanh()))
    architecture = autoencoder(6, hidden, tied, dropout=(0.3,) * 5, bridged=(1, 4))
    assert sum(isinstance(layer, Shortcut) for layer in architecture.chain().layers) == 2
    _check(architecture, _inputs)


# -- short batches ---------------------------------------------------------------------------------


def test_a_short_batch_after_a_long_one():
    architecture = _convolutional(*MAPS["three layers of an image"], DENSE["dense layers"])
    long, short = (_objective(0, architecture, _classes) for _ in range(2))
    long.evaluate()
    for objective in (long, short):
        batch = objective.batch
        batch.x, batch.y, batch.weights = batch.x[:2], batch.y[:2], batch.weights[:2]
    assert long.evaluate() == short.evaluate()
    np.testing.assert_array_equal(long.gradient, short.gradient)
