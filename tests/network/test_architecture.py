"""Architectures: the layers they make, sizes, and the words that a warm start compares."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from skdeep.activations import ELU, Maxout, PReLU, ReLU, Tanh
from skdeep.losses import Huber, SquaredError
from skdeep.network import (
    AutoencoderArchitecture,
    ConvolutionArchitecture,
    DenseArchitecture,
    Filters,
    Network,
    Stage,
)

LARGE, SMALL = np.dtype(np.float64), np.dtype(np.float32)
FIRST = Stage(Filters(4, (3, 2), 1, "same"), ELU(a=0.5), "max", 2)
SECOND = Stage(Filters(3, (2, 2), 2, "valid"), Maxout(pieces=3), "average", 1)
DENSE = DenseArchitecture(6, ((4, ReLU()), (3, PReLU())), 2, Huber(delta=0.5), LARGE)
CONVOLUTION = ConvolutionArchitecture(
    70, ((5, PReLU()),), 2, SquaredError(), LARGE, shape=(5, 7, 2), stages=(FIRST, SECOND)
)
AUTOENCODER = AutoencoderArchitecture(6, ((4, Tanh()),), 6, SquaredError(), LARGE)


def _with_filters(**change):
    return (replace(FIRST, filters=FIRST.filters._replace(**change)), SECOND)


def _with_stage(**change):
    return (replace(FIRST, **change), SECOND)


CHANGES = {
    "n_features": (DENSE, {"n_inputs": 7}),
    "width": (DENSE, {"hidden": ((4, ReLU()), (2, PReLU()))}),
    "depth": (DENSE, {"hidden": ((4, ReLU()),)}),
    "no hidden layer": (DENSE, {"hidden": ()}),
    "order": (DENSE, {"hidden": ((4, PReLU()), (3, ReLU()))}),
    "activation's parameter": (DENSE, {"hidden": ((4, ReLU()), (3, PReLU(slope=0.5)))}),
    "n_outputs": (DENSE, {"n_outputs": 3}),
    "loss": (DENSE, {"loss": SquaredError()}),
    "loss's parameter": (DENSE, {"loss": Huber(delta=0.6)}),
    "dtype": (DENSE, {"dtype": SMALL}),
    "shortcuts": (DENSE, {"shortcuts": True}),
    "shape": (CONVOLUTION, {"shape": (7, 5, 2)}),
    "no convolution": (CONVOLUTION, {"stages": ()}),
    "fewer convolutions": (CONVOLUTION, {"stages": (FIRST,)}),
    "order of convolutions": (CONVOLUTION, {"stages": (SECOND, FIRST)}),
    "filters": (CONVOLUTION, {"stages": _with_filters(n=5)}),
    "kernel": (CONVOLUTION, {"stages": _with_filters(kernel=(2, 3))}),
    "stride": (CONVOLUTION, {"stages": _with_filters(stride=2)}),
    "padding": (CONVOLUTION, {"stages": _with_filters(padding="valid")}),
    "convolution's activation": (CONVOLUTION, {"stages": _with_stage(activation=ELU(a=0.6))}),
    "pooling": (CONVOLUTION, {"stages": _with_stage(pooling="average")}),
    "pool_size": (CONVOLUTION, {"stages": _with_stage(pool_size=3)}),
    "dense layers behind": (CONVOLUTION, {"hidden": ((5, ReLU()),)}),
    "tied": (AUTOENCODER, {"tied": False}),
    "code": (AUTOENCODER, {"hidden": ((3, Tanh()),)}),
}


@pytest.mark.parametrize(("architecture", "change"), CHANGES.values(), ids=CHANGES)
def test_one_thing_changed_changes_one_word(architecture, change):
    before, after = architecture.describe(), replace(architecture, **change).describe()
    assert all(isinstance(words, str) for words in after.values())
    assert before.keys() == after.keys()
    assert sum(before[what] != after[what] for what in before) == 1


@pytest.mark.parametrize("architecture", [DENSE, CONVOLUTION, AUTOENCODER])
def test_equal_architectures_have_equal_words(architecture):
    again = replace(architecture, hidden=tuple((n, type(a)()) for n, a in architecture.hidden))
    assert again.describe() == architecture.describe()


@pytest.mark.parametrize("architecture", [DENSE, CONVOLUTION, AUTOENCODER])
def test_layers_are_new_each_time_and_fit_together(architecture):
    first, second = architecture.layers(), architecture.layers()
    assert not any(one is other for one, other in zip(first, second, strict=True))
    assert first[0].n_inputs == architecture.n_inputs
    assert first[-1].n_outputs == architecture.n_outputs
    for before, after in pairwise(first):
        assert before.n_outputs == after.n_inputs


def test_sizes_of_a_convolutional_network():
    layers = CONVOLUTION.layers()
    shapes = [(5, 7, 4), (2, 3, 4), (1, 1, 3), (5,), (2,)]
    assert [layer.out_shape for layer in layers] == shapes
    layout = Network(CONVOLUTION).layout
    n_weights = [3 * 2 * 2 * 4, 2 * 2 * 4 * 9, 3 * 5, 5 * 2]
    n_biases, n_slopes = 4 + 9 + 5 + 2, 5
    assert layout.n_weights == sum(n_weights)
    assert layout.size == sum(n_weights) + n_biases + n_slopes


@pytest.mark.parametrize("architecture", [DENSE, CONVOLUTION, AUTOENCODER])
@pytest.mark.parametrize("dtype", [SMALL, LARGE])
@pytest.mark.usefixtures("kernels")
def test_scores_have_the_type_of_the_network(architecture, dtype):
    network = Network(replace(architecture, dtype=dtype))
    scores = network.scores(np.zeros((3, architecture.n_inputs)))
    assert scores.dtype == network.parameters.dtype == dtype
    assert scores.shape == (3, architecture.n_outputs)


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [(DENSE, [(0, 4), (1, 3)]), (CONVOLUTION, [(0, 24), (1, 3), (2, 5)]), (AUTOENCODER, [(0, 4)])],
)
def test_what_is_put_behind_hidden_layers_is_told_their_number_and_units(architecture, expected):
    calls = []

    def behind(i, n_units):
        calls.append((i, n_units))
        return []

    architecture.layers(behind)
    assert calls == expected
