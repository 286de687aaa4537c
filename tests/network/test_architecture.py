"""Architectures: the layers they make, sizes, and the words that a warm start compares."""

from copy import deepcopy
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from architectures import Maps, autoencoder, convolutional, dense

from skdeep.activations import ELU, Identity, Maxout, PReLU, ReLU, Tanh
from skdeep.initializers import HeNormal, Normal
from skdeep.losses import Huber, SquaredError
from skdeep.network import Architecture, Branch, Dense, Filters, Layer, Network, Shortcut, Stage

LARGE, SMALL = np.dtype(np.float64), np.dtype(np.float32)
FIRST = Maps(Filters(4, (3, 2), 1, "same"), ELU(a=0.5), "max", 2)
SECOND = Maps(Filters(3, (2, 2), 2, "valid"), Maxout(pieces=3), "average", 1)
DENSE = partial(
    dense, n_inputs=6, hidden=((4, ReLU()), (3, PReLU())), n_outputs=2, loss=Huber(delta=0.5)
)
CONVOLUTION = partial(
    convolutional, shape=(11, 13, 2), maps=(FIRST, SECOND), hidden=((5, PReLU()),), n_outputs=2
)
AUTOENCODER = partial(autoencoder, n_inputs=6, hidden=((4, Tanh()),))
FAMILIES = {"dense": DENSE, "convolution": CONVOLUTION, "autoencoder": AUTOENCODER}
over_families = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


def branches(columns=slice(0, 3), n_units=2, activation=None, n_hidden=3):
    """Return an architecture whose inputs part into two branches."""
    first = Stage(Dense, {"n_units": n_units, "activation": activation or Tanh()})
    hidden = Stage(Dense, {"n_units": n_hidden, "activation": ReLU()})
    output = Stage(Dense, {"n_units": 1, "activation": Identity()}, "output")
    branch = Stage(Branch, {"branches": ((columns, (first,)), ([3, 5], ()))})
    return Architecture((6,), (branch, hidden, output), SquaredError(), LARGE)


class Own(Layer):
    """A layer of a user's own, which says nothing of itself."""

    def __init__(self, in_shape, factor=1.0):
        self.in_shape = self.out_shape = in_shape


def with_own(**options):
    output = Stage(Dense, {"n_units": 1, "activation": Identity()}, "output")
    return Architecture((6,), (Stage(Own, options), output), SquaredError(), LARGE)


def _with_filters(**change):
    return (FIRST._replace(filters=FIRST.filters._replace(**change)), SECOND)


def _with_maps(**change):
    return (FIRST._replace(**change), SECOND)


TWINS = ((4, ReLU()), (4, PReLU()), (4, ReLU()))
HIDDEN, MAPS = "hidden layers", "convolution layers"
CHANGES = {  # an architecture, its change, and the words that tell it
    "width": (DENSE, {"hidden": ((4, ReLU()), (2, PReLU()))}, HIDDEN),
    "depth": (DENSE, {"hidden": ((4, ReLU()),)}, HIDDEN),
    "an equal layer more": (DENSE, {"hidden": ((4, ReLU()), (3, PReLU()), (3, PReLU()))}, HIDDEN),
    "no hidden layer": (DENSE, {"hidden": ()}, HIDDEN),
    "order": (DENSE, {"hidden": ((4, PReLU()), (3, ReLU()))}, HIDDEN),
    "activation's parameter": (DENSE, {"hidden": ((4, ReLU()), (3, PReLU(slope=0.5)))}, HIDDEN),
    "n_outputs": (DENSE, {"n_outputs": 3}, "n_outputs"),
    "loss": (DENSE, {"loss": SquaredError()}, "loss"),
    "loss's parameter": (DENSE, {"loss": Huber(delta=0.6)}, "loss"),
    "dtype": (DENSE, {"dtype": SMALL}, "dtype"),
    "shortcuts": (partial(DENSE, hidden=TWINS), {"bridged": (1,)}, "skip_connections"),
    "shape": (CONVOLUTION, {"shape": (13, 11, 2)}, "input shape"),
    "no convolution": (CONVOLUTION, {"maps": ()}, MAPS),
    "fewer convolutions": (CONVOLUTION, {"maps": (FIRST,)}, MAPS),
    "an equal convolution more": (CONVOLUTION, {"maps": (FIRST, FIRST, SECOND)}, MAPS),
    "order of convolutions": (CONVOLUTION, {"maps": (SECOND, FIRST)}, MAPS),
    "filters": (CONVOLUTION, {"maps": _with_filters(n=5)}, MAPS),
    "kernel": (CONVOLUTION, {"maps": _with_filters(kernel=(2, 3))}, MAPS),
    "stride": (CONVOLUTION, {"maps": _with_filters(stride=2)}, MAPS),
    "padding": (CONVOLUTION, {"maps": _with_filters(padding="valid")}, MAPS),
    "convolution's activation": (CONVOLUTION, {"maps": _with_maps(activation=ELU(a=0.6))}, MAPS),
    "pooling": (CONVOLUTION, {"maps": _with_maps(pooling="average")}, MAPS),
    "pool_size": (CONVOLUTION, {"maps": _with_maps(pool_size=3)}, MAPS),
    "dense layers behind": (CONVOLUTION, {"hidden": ((5, ReLU()),)}, HIDDEN),
    "tied": (AUTOENCODER, {"tied": False}, "tied_weights"),
    "code": (AUTOENCODER, {"hidden": ((3, Tanh()),)}, HIDDEN),
    "columns of a branch": (branches, {"columns": slice(1, 4)}, "branches"),
    "width in a branch": (branches, {"n_units": 3}, "branches"),
    "activation in a branch": (branches, {"activation": ReLU()}, "branches"),
    "behind branches": (branches, {"n_hidden": 4}, HIDDEN),
    "option of one's own layer": (with_own, {"factor": 2.0}, "Own"),
}


def _changed(before, after):
    before, after = before.describe(), after.describe()
    assert all(isinstance(words, str) for words in after.values())
    return {topic for topic in before | after if before.get(topic) != after.get(topic)}


@pytest.mark.parametrize(("family", "change", "topic"), CHANGES.values(), ids=CHANGES)
def test_one_thing_changed_changes_one_word(family, change, topic):
    assert _changed(family(), family(**change)) == {topic}


@over_families
def test_another_number_of_features_is_another_shape(family):
    assert DENSE().describe().keys() == family().describe().keys()
    assert _changed(DENSE(), DENSE(n_inputs=7)) == {"n_features", "input shape"}


@pytest.mark.parametrize(
    "change",
    [
        {"dropout": (0.5, 0.2)},
        {"input_dropout": 0.1},
        {"input_noise": 0.1},
        {"init": HeNormal()},
        {"bias_init": 0.3},
    ],
    ids=str,
)
@over_families
def test_what_may_change_under_a_warm_start_changes_no_word(family, change):
    assert _changed(family(), family(**change)) == set()
    assert _changed(family(init=Normal()), family(**change)) == set()


def test_damping_may_change_under_a_warm_start():
    architectures = []
    for damping in (1.0, 0.5):
        layer = Stage(Dense, {"n_units": 6, "activation": ReLU()})
        shortcut = Stage(Shortcut, {"stages": (layer,), "damping": damping})
        architectures.append(Architecture((6,), (shortcut,), SquaredError(), LARGE))
    assert _changed(*architectures) == set()


@over_families
def test_equal_architectures_have_equal_words(family):
    assert deepcopy(family()).describe() == family().describe()


@over_families
def test_layers_are_new_each_time_and_fit_together(family):
    architecture = family()
    first, second = architecture.chain().layers, architecture.chain().layers
    assert not any(one is other for one, other in zip(first, second, strict=True))
    assert first[0].in_shape == architecture.in_shape
    assert first[-1].out_shape == architecture.chain().out_shape
    for before, after in pairwise(first):
        assert before.n_outputs == after.n_inputs


def test_sizes_of_a_convolutional_network():
    architecture = CONVOLUTION(shape=(5, 7, 2))
    layers = architecture.chain().layers
    shapes = [(5, 7, 4), (2, 3, 4), (1, 1, 3), (5,), (2,)]
    assert [layer.out_shape for layer in layers] == shapes
    layout = Network(architecture).layout
    n_weights = [3 * 2 * 2 * 4, 2 * 2 * 4 * 9, 3 * 5, 5 * 2]
    n_biases, n_slopes = 4 + 9 + 5 + 2, 5
    assert layout.n_weights == sum(n_weights)
    assert layout.size == sum(n_weights) + n_biases + n_slopes


@pytest.mark.parametrize("dtype", [SMALL, LARGE])
@over_families
@pytest.mark.usefixtures("kernels")
def test_scores_have_the_type_of_the_network(family, dtype):
    architecture = family(dtype=dtype)
    network, chain = Network(architecture), architecture.chain()
    scores = network.scores(np.zeros((3, chain.n_inputs)))
    assert scores.dtype == network.parameters.dtype == dtype
    assert scores.shape == (3, chain.n_outputs)


def test_only_maps_have_a_map_shape():
    assert CONVOLUTION().map_shape == (11, 13, 2)
    assert DENSE().map_shape is None


def test_stages_are_found_by_their_names():
    assert DENSE().place("output") == 2
    assert DENSE(input_noise=0.1).place("output") == 3
