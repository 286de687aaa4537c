"""Tied layers: the transpose of another layer's weights, and a gradient that adds up there."""

import pickle

import numpy as np
import pytest
from architectures import autoencoder
from numpy.testing import assert_allclose, assert_array_equal

from skdeep.activations import ELU, Identity, PReLU, Tanh
from skdeep.initializers import Normal
from skdeep.network import Backprop, Dense, Network, TiedDense
from skdeep.training import Streams
from skdeep.training.batches import Batch

pytestmark = pytest.mark.usefixtures("kernels")
HIDDEN = ((5, PReLU()), (3, Tanh()))
N_INPUTS, N_ROWS = 7, 6


def _network(tied=True, hidden=HIDDEN, seed=0, **others):
    network = Network(autoencoder(N_INPUTS, hidden, tied, **others))
    network.parameters[...] = np.random.default_rng(seed).normal(0, 0.5, network.layout.size)
    return network


def _rows():
    return np.random.default_rng(1).standard_normal((N_ROWS, N_INPUTS))


def _gradient(network):
    """Return the gradient of the reconstruction's loss, and it by layers."""
    backprop, x = Backprop(network, N_ROWS, Streams(0)), _rows()
    backprop.evaluate(Batch(x, x, None, N_ROWS))
    backprop.backward()
    return backprop.gradient, network.layout.views(backprop.gradient)


def _untied_twin(tied):
    """Return an untied network that computes the same."""
    untied = _network(tied=False)
    for one, other in zip(untied.leaves, tied.leaves, strict=True):
        one.weights[...], one.bias[...], one.theta[...] = other.weights, other.bias, other.theta
    return untied


@pytest.mark.parametrize("tied", [False, True])
def test_the_decoder_mirrors_the_encoder(tied):
    layers = _network(tied, ((6, PReLU()), (5, ELU()), (3, Tanh()))).leaves
    assert [layer.n_inputs for layer in layers] == [7, 6, 5, 3, 5, 6]
    assert [layer.n_outputs for layer in layers] == [6, 5, 3, 5, 6, 7]
    kinds = [PReLU, ELU, Tanh, ELU, PReLU, Identity]
    assert [type(layer.activation) for layer in layers] == kinds
    decoder = TiedDense if tied else Dense
    assert [type(layer) for layer in layers] == [Dense] * 3 + [decoder] * 3


def test_partners_are_met_in_reverse():
    first, second, third, fourth = _network().leaves
    assert (third.partner, fourth.partner) == (second, first)
    assert (second.tied, first.tied) == (third, fourth)


def test_no_weights_of_their_own():
    network = _network()
    n_weights, n_slopes = 7 * 5 + 5 * 3, 2 * 5
    assert network.layout.n_weights == n_weights
    assert network.layout.size == n_weights + (5 + 3 + 5 + 7) + n_slopes
    assert _network(tied=False).layout.n_weights == 2 * n_weights
    for layer in network.leaves[2:]:
        assert [parameter.name for parameter in layer.parameters()] == ["bias", "theta"]
        assert_array_equal(layer.weights, layer.partner.weights.T)
        assert np.shares_memory(layer.weights, network.parameters)


def test_a_change_of_the_encoder_changes_the_decoder():
    network = _network()
    network.leaves[0].weights[2, 4] = 9
    assert network.leaves[-1].weights[4, 2] == 9


def test_biases_and_slopes_are_their_own():
    network = _network()
    network.leaves[0].bias[...], network.leaves[0].theta[...] = 8, 9
    assert not (network.leaves[2].theta == 9).any()
    assert not (network.leaves[-1].bias == 8).any()
    assert not (network.leaves[2].bias == 8).any()


def test_only_the_owner_initialises_the_weights():
    network = _network(init=Normal(), bias_init=0.01)
    network.initialise(np.random.default_rng(0))
    assert np.unique(network.weights).size == network.layout.n_weights
    assert [np.unique(layer.bias).tolist() for layer in network.leaves] == [[0.01]] * 3 + [[0.0]]
    assert_array_equal(network.leaves[2].theta, PReLU().slope)


def test_users_see_the_shared_weights_in_both_layers():
    network = _network()
    assert len(network.of_kind("weight")) == len(network.weighted) == 4
    for layer in network.leaves[2:]:
        (weights,) = layer.of_kind("weight")
        assert_array_equal(weights, layer.partner.weights.T)
        assert np.shares_memory(weights, network.parameters)


def test_a_copy_from_a_pickle_is_tied_to_its_own_encoder():
    network = _network()
    copy = pickle.loads(pickle.dumps(network))
    assert_array_equal(copy.scores(_rows()), network.scores(_rows()))
    copy.leaves[0].weights[...] = 0
    assert (copy.leaves[-1].weights == 0).all()
    assert (network.leaves[-1].weights != 0).all()


def test_computes_what_an_untied_network_of_these_weights_computes():
    tied = _network()
    assert_allclose(tied.scores(_rows()), _untied_twin(tied).scores(_rows()), rtol=1e-12)


def test_the_gradient_is_the_sum_of_both_uses():
    tied = _network()
    _, (first, second, third, fourth) = _gradient(_untied_twin(tied))
    _, views = _gradient(tied)
    assert_allclose(views[0]["weights"], first["weights"] + fourth["weights"].T, atol=1e-14)
    assert_allclose(views[1]["weights"], second["weights"] + third["weights"].T, atol=1e-14)
    for one, other in zip(views, (first, second, third, fourth), strict=True):
        assert_allclose(one["bias"], other["bias"], atol=1e-14)
        assert_allclose(one["theta"], other["theta"], atol=1e-14)


def test_two_backward_passes_do_not_add_up():
    backprop, x = Backprop(_network(), N_ROWS, Streams(0)), _rows()
    gradients = []
    for _ in range(2):
        backprop.evaluate(Batch(x, x, None, N_ROWS))
        backprop.backward()
        gradients.append(backprop.gradient.copy())
    assert_array_equal(*gradients)


def test_bounds_on_norms_see_each_matrix_once():
    backprop = Backprop(_network(), N_ROWS, Streams(0))
    assert [weights.shape for weights in backprop.weight_matrices] == [(7, 5), (5, 3)]
