"""The flat parameter vector and the views into it."""

import pickle

import numpy as np
import pytest

from skdeep.activations import Maxout, PReLU, ReLU
from skdeep.losses import SquaredError
from skdeep.network import DenseArchitecture, Network
from skdeep.network.layout import LayerShapes, Layout

SHAPES = [LayerShapes((3, 4), (4,), (2,)), LayerShapes((2, 5), (5,), (0,))]


def _network(dtype=np.float64):
    hidden = ((4, PReLU()), (5, Maxout(pieces=3)), (2, ReLU()))
    return Network(DenseArchitecture(3, hidden, 2, SquaredError(), np.dtype(dtype)))


def test_weights_then_biases_then_the_rest():
    layout = Layout(SHAPES)
    first, second = layout.views(np.arange(layout.size))
    assert layout.n_weights == 12 + 10
    assert layout.size == 12 + 10 + 4 + 5 + 2
    assert first.weights.ravel().tolist() == list(range(12))
    assert second.weights.ravel().tolist() == list(range(12, 22))
    assert first.bias.tolist() == [22, 23, 24, 25]
    assert second.bias.tolist() == [26, 27, 28, 29, 30]
    assert first.theta.tolist() == [31, 32]
    assert second.theta.size == 0


def test_views_have_their_shapes_and_cover_the_vector_once():
    layout = Layout(SHAPES)
    flat = np.zeros(layout.size)
    for shapes, views in zip(SHAPES, layout.views(flat), strict=True):
        for shape, view in zip(shapes, views, strict=True):
            assert view.shape == shape
            assert view.size == 0 or np.shares_memory(view, flat)
            view += 1
    assert (flat == 1).all()


def test_writing_into_layers_changes_the_parameters():
    network = _network()
    network.layers[1].weights[...] = 7
    assert np.count_nonzero(network.parameters == 7) == 4 * 5 * 3
    network.parameters[...] = 3
    assert all((layer.bias == 3).all() for layer in network.layers)
    assert np.shares_memory(network.weights, network.parameters)


def test_sizes_of_a_network():
    layout = _network().layout
    assert layout.n_weights == 3 * 4 + 4 * 15 + 5 * 2 + 2 * 2
    n_biases, n_slopes = 4 + 15 + 2 + 2, 4
    assert layout.size == layout.n_weights + n_biases + n_slopes


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_have_the_type_of_the_network(dtype):
    network = _network(dtype)
    assert network.parameters.dtype == network.dtype == dtype
    assert network.scores(np.zeros((2, 3))).dtype == dtype


def test_a_copy_from_a_pickle_has_views_of_its_own_vector():
    network = _network()
    network.parameters[...] = np.linspace(-1, 1, network.layout.size)
    copy = pickle.loads(pickle.dumps(network))
    x = np.random.default_rng(0).standard_normal((6, 3))
    assert np.array_equal(copy.scores(x), network.scores(x))
    copy.layers[0].weights[...] = 0
    assert (copy.parameters[:12] == 0).all()
    assert (network.parameters[:12] != 0).all()
