"""The flat parameter vector: what lies where, by kind, and the views into it."""

import pickle
from math import prod

import numpy as np
import pytest
from architectures import dense

from skdeep.activations import Maxout, PReLU, ReLU
from skdeep.network import Layout, Network, Parameter
from skdeep.network.layout import KINDS, Segment

DECLARED = [
    (
        Parameter("weights", (3, 4), "weight"),
        Parameter("bias", (4,), "bias"),
        Parameter("theta", (2,), "scale"),
    ),
    (
        Parameter("weights", (2, 5), "weight"),
        Parameter("bias", (5,), "bias"),
        Parameter("theta", (0,), "scale"),
    ),
]
ALL_KINDS = [  # declared backwards, in two layers around one without parameters
    (
        Parameter("mean", (3,), "buffer"),
        Parameter("table", (2, 3), "embedding"),
        Parameter("gain", (4,), "scale"),
        Parameter("shift", (2,), "bias"),
        Parameter("weights", (2, 2), "weight"),
    ),
    (),
    (Parameter("mean", (1, 2), "buffer"), Parameter("weights", (5,), "weight")),
]


def _network(dtype=np.float64):
    hidden = ((4, PReLU()), (5, Maxout(pieces=3)), (2, ReLU()))
    return Network(dense(3, hidden, 2, dtype=dtype))


def test_weights_then_biases_then_the_rest():
    layout = Layout(DECLARED)
    first, second = layout.views(np.arange(layout.size))
    assert layout.n_weights == 12 + 10
    assert layout.size == 12 + 10 + 4 + 5 + 2
    assert first["weights"].ravel().tolist() == list(range(12))
    assert second["weights"].ravel().tolist() == list(range(12, 22))
    assert first["bias"].tolist() == [22, 23, 24, 25]
    assert second["bias"].tolist() == [26, 27, 28, 29, 30]
    assert first["theta"].tolist() == [31, 32]
    assert second["theta"].size == 0


@pytest.mark.parametrize("declared", [DECLARED, ALL_KINDS], ids=["dense layers", "all kinds"])
def test_views_have_their_shapes_and_cover_the_vector_once(declared):
    layout = Layout(declared)
    flat = np.zeros(layout.size)
    for parameters, views in zip(declared, layout.views(flat), strict=True):
        assert [*views] == [parameter.name for parameter in parameters]
        for parameter in parameters:
            view = views[parameter.name]
            assert view.shape == parameter.shape
            assert view.size == 0 or np.shares_memory(view, flat)
            view += 1
    assert (flat == 1).all()


# -- kinds -----------------------------------------------------------------------------------------


def test_kinds_in_order_weights_first_and_buffers_last():
    layout = Layout(ALL_KINDS)
    first, nothing, last = layout.views(np.arange(layout.size))
    parts = [first["weights"], last["weights"], first["shift"], first["gain"], first["table"]]
    parts += [first["mean"], last["mean"]]
    assert np.concatenate([part.ravel() for part in parts]).tolist() == list(range(layout.size))
    assert nothing == {}
    assert layout.n_weights == 4 + 5
    assert layout.n_trained == 4 + 5 + 2 + 4 + 6
    assert layout.size == layout.n_trained + 3 + 2


def test_the_order_of_kinds_is_a_promise():
    assert KINDS == ("weight", "bias", "scale", "embedding", "buffer")


def test_segments_are_the_trained_kinds_in_order():
    expected = [(slice(0, 9), "weight"), (slice(9, 11), "bias"), (slice(11, 15), "scale")]
    expected.append((slice(15, 21), "embedding"))
    segments = Layout(ALL_KINDS).segments
    assert segments == [Segment(rows, kind, 1.0) for rows, kind in expected]


def test_segments_part_where_declared_rates_differ():
    layout = Layout(
        [
            (Parameter("a", (2,), "weight"), Parameter("b", (3,), "weight", rate=0.5)),
            (Parameter("c", (1,), "weight", rate=0.5), Parameter("d", (4,), "bias", rate=0.5)),
            (Parameter("e", (2,), "weight"), Parameter("nothing", (0, 3), "bias", rate=7.0)),
        ]
    )
    assert layout.segments == [
        Segment(slice(0, 2), "weight", 1.0),
        Segment(slice(2, 6), "weight", 0.5),
        Segment(slice(6, 8), "weight", 1.0),
        Segment(slice(8, 12), "bias", 0.5),
    ]


def test_a_gradient_has_no_views_of_buffers():
    layout = Layout(ALL_KINDS)
    first, nothing, last = layout.views(np.arange(layout.n_trained))
    assert [*first] == ["table", "gain", "shift", "weights"]
    assert [*last] == ["weights"]
    assert nothing == {}
    assert first["table"].tolist() == [[15, 16, 17], [18, 19, 20]]


def test_parameters_of_a_kind_are_those_that_hold_anything():
    layout = Layout([*ALL_KINDS, *DECLARED])
    flat = np.zeros(layout.size)
    for kind in KINDS:
        views = layout.of_kind(flat, kind)
        declared = [p.shape for layer in [*ALL_KINDS, *DECLARED] for p in layer if p.kind == kind]
        assert [view.shape for view in views] == [shape for shape in declared if prod(shape)]
        for view in views:
            view += 1
    assert (flat == 1).all()


@pytest.mark.parametrize("kind", ["weights", "Weight", "", None])
def test_an_unknown_kind_is_refused(kind):
    words = r"kind of parameter 'gain' must be one of weight, bias, scale, embedding, buffer; got "
    with pytest.raises(ValueError, match=f"{words}{kind!r}"):
        Layout([DECLARED[0], (Parameter("gain", (2,), kind),)])


def test_nothing_to_train():
    layout = Layout([(), (Parameter("mean", (3,), "buffer"),)])
    assert (layout.n_weights, layout.n_trained, layout.size) == (0, 0, 3)
    assert layout.segments == []


# -- networks --------------------------------------------------------------------------------------


def test_writing_into_layers_changes_the_parameters():
    network = _network()
    network.leaves[1].weights[...] = 7
    assert np.count_nonzero(network.parameters == 7) == 4 * 5 * 3
    network.parameters[...] = 3
    assert all((layer.bias == 3).all() for layer in network.leaves)
    assert np.shares_memory(network.weights, network.parameters)
    assert np.shares_memory(network.trained, network.parameters)


def test_sizes_of_a_network():
    layout = _network().layout
    assert layout.n_weights == 3 * 4 + 4 * 15 + 5 * 2 + 2 * 2
    n_biases, n_slopes = 4 + 15 + 2 + 2, 4
    assert layout.size == layout.n_trained == layout.n_weights + n_biases + n_slopes


def test_a_network_tells_its_parameters_by_kind():
    network = _network()
    shapes = {kind: [view.shape for view in network.of_kind(kind)] for kind in KINDS}
    assert shapes["weight"] == [(3, 4), (4, 15), (5, 2), (2, 2)]
    assert shapes["bias"] == [(4,), (15,), (2,), (2,)]
    assert shapes["scale"] == [(4,)]
    assert shapes["embedding"] == shapes["buffer"] == []
    assert all(np.shares_memory(view, network.parameters) for view in network.of_kind("weight"))


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
    copy.leaves[0].weights[...] = 0
    assert (copy.parameters[:12] == 0).all()
    assert (network.parameters[:12] != 0).all()
