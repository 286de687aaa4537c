"""Summaries of networks: their figures against the networks themselves, text, HTML and drawing."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
)
from skdeep.activations import ReLU
from skdeep.estimators.overview import LayerSummary, size
from skdeep.inspection import NetworkSummary, summary
from skdeep.inspection.summary.drawing import plan_of
from skdeep.network import Branch, Dense, FeatureScale, Layer, Parameter, Shortcut, Stage

X, Y = load_digits(return_X_y=True)
X, Y = X[:100], Y[:100]
FEW = {"max_iter": 1, "n_iter_no_change": np.inf, "random_state": 0}
NETWORKS = {
    "linear": MLPRegressor((), **FEW),
    "dense": MLPClassifier((9, 7), activation="prelu", dropout=0.1, **FEW),
    "maxout": MLPClassifier((6,), activation="maxout", dtype="float64", **FEW),
    "deep": MLPClassifier((8,) * 20, skip_connections=True, **FEW),
    "images": CNNClassifier((6,), input_shape=(8, 8), conv_layers=((3, 3), (4, 3, 2)), **FEW),
    "signals": CNNClassifier((), conv_layers=((3, 5),), **FEW),
    "tied": Autoencoder((5, 3), input_noise=0.1, **FEW),
}


def _dense(n, name=""):
    return Stage(Dense, {"n_units": n, "activation": ReLU()}, name)


class Branching(MLPClassifier):
    """A network with branches and nested shortcuts before its own layers."""

    def _extend_architecture(self, architecture):
        branches = [
            (slice(0, 32), (Stage(FeatureScale), _dense(20))),
            (slice(32, 50), (_dense(10, "second"),)),
            (slice(50, 64), ()),
        ]
        inner = Stage(Shortcut, {"stages": (_dense(30), _dense(30))})
        around = Stage(Shortcut, {"stages": (_dense(30, "outer"), inner)})
        own = (Stage(Branch, {"branches": branches}), _dense(30), around)
        return replace(architecture, stages=(*own, *architecture.stages))


NETWORKS["branching"] = Branching((5,), **FEW)


@pytest.fixture(params=NETWORKS, scope="module")
def fitted(request):
    return clone(NETWORKS[request.param]).fit(X, Y)


@pytest.fixture(scope="module")
def tabular():
    sizes = {"hidden_layer_sizes": (6,), "effort": 0.05, "random_state": 0}
    return TabularMLPClassifier(n_networks=3, **sizes).fit(X[:, 20:26], Y % 3)


# -- figures -----------------------------------------------------------------------------------


def test_figures_are_those_of_the_network(fitted):
    shown, network = summary(fitted), fitted._network
    assert shown.n_parameters == network.parameters.size
    assert shown.parameter_bytes == network.parameters.nbytes
    layers = [layer for layer in shown.layers if layer.role == "layer"]
    assert len(layers) == len(network.leaves)
    named = fitted.named_parameters_
    for layer, leaf in zip(layers, network.leaves, strict=True):
        assert layer.kind.split(",")[0] == type(leaf).__name__
        declared = leaf.parameters()
        expected = sum(named[f"{layer.name}/{p.name}"].size for p in declared if np.prod(p.shape))
        assert layer.n_parameters == expected
        assert np.prod(layer.shape) == leaf.n_outputs
        assert layer.row_bytes == leaf.n_outputs * network.dtype.itemsize
    for kind in ("weight", "bias", "scale"):
        n = sum(layer.parameters.get(kind, 0) for layer in layers)
        assert n == sum(view.size for view in network.layout.of_kind(network.parameters, kind))


def test_multiplications_are_counted_by_hand():
    figures = {
        "linear": [64],
        "dense": [64 * 9, 0, 9 * 7, 0, 7 * 10],
        "maxout": [64 * 6 * 2, 6 * 10],
        # 3 x 3 at 8 x 8 places; pooled to 4 x 4; every second place; pooled to 1 x 1
        "images": [9 * 64 * 3, 0, 9 * 3 * 4 * 4, 0, 4 * 6, 6 * 10],
        "signals": [5 * 64 * 3, 0, 32 * 3 * 10],
        "tied": [0, 64 * 5, 5 * 3, 3 * 5, 5 * 64],
        "branching": [0, 0, 32, 32 * 20, 0, 18 * 10, 0, 44 * 30, 0, 900, 0, 900, 900, 150, 50],
    }
    for name, expected in figures.items():
        shown = summary(NETWORKS[name], X, Y)
        assert [layer.multiplications for layer in shown.layers] == expected, name
        assert shown.multiplications == sum(expected)


def test_a_layer_of_ones_own_that_does_not_say_what_it_costs():
    class Gain(Layer):
        def __init__(self, in_shape):
            self.in_shape = self.out_shape = in_shape

        def parameters(self):
            mean = Parameter("mean", self.in_shape, "buffer")
            return Parameter("gain", self.in_shape, "scale"), mean

        def infer(self, x):
            return x * self.gain

    class Own(MLPRegressor):
        def _extend_architecture(self, architecture):
            return replace(architecture, stages=(Stage(Gain), *architecture.stages))

    first, second = summary(Own(()), X, Y).layers
    assert (first.name, first.kind, first.multiplications) == ("gain_0", "Gain", 64)
    assert first.parameters == {"scale": 64, "buffer": 64}
    assert second.parameters == {"weight": 64, "bias": 1}
    assert "buffers" in str(summary(Own(()), X, Y))


def test_what_training_alone_does_is_shown():
    names = [layer.name for layer in summary(NETWORKS["dense"], X, Y).layers]
    assert names == ["dense_0", "dropout_0", "dense_1", "dropout_1", "output"]


def test_shapes_are_those_that_users_know():
    images, signals = (summary(NETWORKS[name], X, Y) for name in ("images", "signals"))
    assert images.in_shape == (8, 8, 1)
    assert [layer.shape for layer in images.layers][:2] == [(8, 8, 3), (4, 4, 3)]
    assert signals.in_shape == (64, 1)
    assert [layer.shape for layer in signals.layers] == [(64, 3), (32, 3), (10,)]


def test_groups_come_before_what_is_in_them():
    layers = summary(NETWORKS["branching"], X, Y).layers
    assert [(layer.name, layer.depth, layer.role) for layer in layers] == [
        ("branch_0", 0, "branch"),
        ("chain_0", 1, "group"),
        ("feature_scale_0", 2, "layer"),
        ("dense_0", 2, "layer"),
        ("chain_1", 1, "group"),
        ("second", 2, "layer"),
        ("chain_2", 1, "group"),
        ("dense_1", 0, "layer"),
        ("shortcut_0", 0, "shortcut"),
        ("outer", 1, "layer"),
        ("shortcut_1", 1, "shortcut"),
        ("dense_2", 2, "layer"),
        ("dense_3", 2, "layer"),
        ("dense_4", 0, "layer"),
        ("output", 0, "layer"),
    ]
    assert [layer.kind for layer in layers if layer.role == "group"] == [
        "32 of 64 columns",
        "18 of 64 columns",
        "14 of 64 columns",
    ]
    assert not any(
        layer.n_parameters or layer.row_bytes for layer in layers if layer.role != "layer"
    )


def test_before_and_after_a_fit_it_is_the_same(fitted):
    before = vars(fitted).copy()
    parameters = fitted._network.parameters.copy()
    planned = summary(fitted, X, None if isinstance(fitted, Autoencoder) else Y)
    assert vars(fitted) == before
    assert_array_equal(fitted._network.parameters, parameters)
    assert str(planned) == str(summary(fitted))
    assert planned.layers == summary(fitted).layers


def test_data_leave_an_unfitted_estimator_as_it_was():
    model = clone(NETWORKS["dense"])
    before = dict(vars(model))
    summary(model, X, Y)
    assert vars(model) == before


# -- estimators that hold others ---------------------------------------------------------------


def test_pipelines_searches_and_transformed_targets():
    network = MLPRegressor((4,), **FEW)
    expected = str(summary(network, X, Y))
    for holder in (
        make_pipeline(StandardScaler(), network),
        GridSearchCV(network, {"alpha": [0.1]}, cv=2),
        TransformedTargetRegressor(make_pipeline(StandardScaler(), network)),
    ):
        with pytest.raises(NotFittedError):
            summary(holder)
        assert str(summary(holder.fit(X, Y))) == expected


def test_the_heaviest_of_several_networks(tabular):
    shown = summary(make_pipeline("passthrough", tabular).fit(X[:, 20:26], Y % 3))
    best = tabular.networks_[int(np.argmax(tabular.network_weights_))]
    assert shown.n_parameters == best._network.parameters.size
    first, note = shown.title.split("\n")
    assert first.startswith("TabularMLPClassifier: ")
    weights = sorted(tabular.network_weights_, reverse=True)
    assert len(weights) > 1
    assert note == (
        f"It averages {len(weights)} networks with the weights "
        f"{', '.join(f'{w:.2g}' for w in weights)}; this is the heaviest."
    )
    assert note in str(shown)
    assert f"<p>{first}<br>{note}</p>" in shown._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((MLPClassifier(),), NotFittedError, "not fitted yet"),
        ((TabularMLPClassifier(),), NotFittedError, "not fitted yet"),
        ((LogisticRegression(),), TypeError, "one of skdeep's estimators.*LogisticRegression"),
        ((TabularMLPClassifier(), X, Y), TypeError, "have a single network.*TabularMLPClassifier"),
        ((make_pipeline(MLPClassifier()), X, Y), TypeError, "not what holds one.*Pipeline"),
        ((MLPClassifier(), None, Y), ValueError, "y has no effect without X"),
        ((MLPClassifier(), X), ValueError, "requires y to be passed"),
        ((MLPClassifier((0,)), X, Y), ValueError, "hidden_layer_sizes"),
    ],
)
def test_refusals(arguments, error, words):
    with pytest.raises(error, match=words):
        summary(*arguments)


# -- text and HTML -----------------------------------------------------------------------------


def test_text(fitted):
    shown = summary(fitted)
    title, _, *table, _, totals = str(shown).split("\n")
    assert title.startswith(f"{type(fitted).__name__}: ")
    assert len(table) == len(shown.layers) + 2
    assert len({len(line) for line in table if line.endswith(("memory", "B", "bytes"))}) == 1
    assert table[-1].startswith("all ")
    assert totals.startswith(f"{shown.n_parameters:,} parameters ({size(shown.parameter_bytes)}); ")
    assert f"{shown.multiplications:,} multiplications" in totals
    assert f" {size(shown.row_bytes)}." in totals
    assert repr(shown) == f"<NetworkSummary of {title}: {shown.n_parameters:,} parameters>"


def test_titles():
    titles = {name: summary(model, X, Y).title for name, model in NETWORKS.items()}
    assert titles["linear"] == "MLPRegressor: 64 inputs, 1 output (identity), float32"
    assert titles["maxout"] == "MLPClassifier: 64 inputs, 10 outputs (softmax), float64"
    assert titles["images"] == "CNNClassifier: inputs of 8 x 8 x 1, 10 outputs (softmax), float32"


@pytest.mark.parametrize(
    ("n_bytes", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (999_700, "1 MB"), (1.5e13, "15 TB")],
)
def test_sizes(n_bytes, words):
    assert size(n_bytes) == words


def rows_of(html):
    """Return the cells of all rows of an HTML table."""
    from html.parser import HTMLParser

    class Parser(HTMLParser):
        rows, cell = [], None

        def handle_starttag(self, tag, attrs):
            if tag == "tr":
                self.rows = [*self.rows, []]
            self.cell = "" if tag in ("td", "th") else self.cell

        def handle_data(self, data):
            if self.cell is not None:
                self.cell += data

        def handle_endtag(self, tag):
            if tag in ("td", "th"):
                self.rows[-1].append(self.cell)
                self.cell = None

    parser = Parser()
    parser.feed(html)
    return parser.rows


def test_html_says_what_the_text_says(fitted):
    shown = summary(fitted)
    rows = rows_of(shown._repr_html_())
    lines = str(shown).split("\n")[2:-2]
    assert [" ".join(" ".join(row).split()) for row in rows] == [
        " ".join(line.split()) for line in lines
    ]


def test_html_is_escaped():
    class Own(MLPRegressor):
        def _extend_architecture(self, architecture):
            stages = (_dense(3, "<b>&"), *architecture.stages)
            return replace(architecture, stages=stages)

    html = summary(Own(()), X, Y)._repr_html_()
    assert "&lt;b&gt;&amp;" in html
    assert "<b>&" not in html


def test_a_summary_can_be_pickled(fitted):
    shown = summary(fitted)
    assert str(pickle.loads(pickle.dumps(shown))) == str(shown)


def test_the_html_view_of_an_estimator_holds_its_network(fitted):
    plain = clone(fitted)._repr_html_()
    assert "<details><summary>The network" not in plain
    assert "inspection.summary" not in plain
    html = fitted._repr_html_()
    assert "sk-top-container" in html
    assert fitted._repr_mimebundle_()["text/html"].count("<summary>The network: ") == 1
    below = html[html.index("<summary>The network: ") :]
    assert rows_of(below) == rows_of(summary(fitted)._repr_html_())
    assert "skdeep.inspection.summary(estimator)" in below
    with config_context(display="text"):
        assert not hasattr(fitted, "_repr_html_")


def test_the_html_view_shows_the_heaviest_of_several_networks(tabular):
    assert "<summary>The heaviest" not in clone(tabular)._repr_html_()
    html = tabular._repr_html_()
    assert f"<summary>The heaviest of {len(tabular.networks_)} networks: " in html
    below = html[html.index("<summary>The heaviest") :]
    assert rows_of(below) == rows_of(summary(tabular)._repr_html_())


# -- drawing -----------------------------------------------------------------------------------


def blocks(ax):
    """Return the patches of each layer by its name, in the order in which they were drawn."""
    found = {}
    for patch in ax.patches:
        if patch.get_gid() is not None:
            found.setdefault(patch.get_gid(), []).append(patch)
    return found


def test_every_layer_is_a_block_with_its_name_beside(fitted, plt):
    shown = summary(fitted)
    assert not hasattr(shown, "ax_")
    assert shown.plot() is shown
    assert shown.figure_ is shown.ax_.figure
    names = [layer.name for layer in shown.layers if layer.role == "layer"]
    drawn = [name for name in blocks(shown.ax_) if name != "inputs" and "chain" not in name]
    assert drawn == names
    words = [text.get_text() for text in shown.ax_.texts]
    assert {"inputs", *names} <= set(words)
    assert shown.ax_.get_title("left").replace("\n", " ") == shown.title
    shown.figure_.canvas.draw()


@pytest.mark.parametrize("panels", [None, (1, 2)])
def test_no_block_and_no_word_is_cut_off_or_covered(fitted, panels, plt):
    if panels is None:
        shown = summary(fitted).plot()
    elif fitted.n_layers_ > 10:
        return
    else:
        _, axes = plt.subplots(*panels, figsize=(11, 9), layout="constrained")
        shown = summary(fitted).plot(axes[0])
    shown.figure_.canvas.draw()
    frame = shown.figure_.bbox
    boxes = [text.get_window_extent() for text in shown.ax_.texts if len(text.get_text()) > 1]
    boxes.append(shown.ax_._left_title.get_window_extent())
    for i, box in enumerate(boxes):
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1
        assert frame.y0 <= box.y0 < box.y1 <= frame.y1
        assert not any(box.overlaps(other) for other in boxes[:i])
    places = [
        [patch.get_window_extent() for patch in patches] for patches in blocks(shown.ax_).values()
    ]
    for i, sheets in enumerate(places):
        assert not any(a.overlaps(b) for a in sheets for others in places[:i] for b in others)
        assert not any(sheet.overlaps(box) for sheet in sheets for box in boxes)


def test_long_words_make_the_drawing_wider(plt):
    layer = LayerSummary(
        "a_stage_with_a_name_that_tells_a_story",
        "Convolution, LeakyReLU(slope=0.123)",
        (1024, 1024, 2048),
        {"weight": 10**12},
        10**15,
    )
    shown = NetworkSummary("Large", (1024, 1024, 3), [layer]).plot()
    shown.figure_.canvas.draw()
    for text in shown.ax_.texts:
        assert text.get_window_extent().x1 <= shown.figure_.bbox.x1


def test_larger_outputs_have_larger_blocks(plt):
    drawn = blocks(summary(NETWORKS["images"], X, Y).plot().ax_)
    first, pooled, second = (
        drawn[name] for name in ("convolution_0", "max_pooling_0", "convolution_1")
    )
    assert first[0].get_width() > pooled[0].get_width() > second[0].get_width()
    assert len(drawn["inputs"]) == 1 < len(first) == len(pooled)
    bars = blocks(summary(MLPClassifier((1000, 100, 3)), X, Y).plot().ax_)
    widths = [bars[name][0].get_width() for name in ("dense_0", "dense_1", "output", "dense_2")]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 4


def named(node):
    return "+" if node.layer is None else node.layer.name


def test_shortcuts_end_in_a_plus_behind_what_they_bridge(plt):
    shown = summary(NETWORKS["branching"], X, Y)
    plan = plan_of(shown.in_shape, shown.layers)
    assert [(named(a), named(b), depth) for a, b, depth in plan.shortcuts] == [
        ("outer", "+", 0),
        ("dense_1", "+", 1),
    ]
    arrows = [(named(a), named(b)) for a, b in plan.arrows]
    assert arrows == [
        ("inputs", "feature_scale_0"),
        ("feature_scale_0", "dense_0"),
        ("inputs", "second"),
        ("inputs", "chain_2"),
        ("dense_0", "dense_1"),
        ("second", "dense_1"),
        ("chain_2", "dense_1"),
        ("dense_1", "outer"),
        ("outer", "dense_2"),
        ("dense_2", "dense_3"),
        ("dense_3", "+"),
        ("+", "+"),
        ("+", "dense_4"),
        ("dense_4", "output"),
    ]
    xs = {named(node): node.x for node in plan.nodes}
    assert xs["dense_0"] == -xs["chain_2"] < xs["second"] == xs["dense_1"] == 0
    deep = summary(NETWORKS["deep"], X, Y).plot()
    assert [text.get_text() for text in deep.ax_.texts].count("+") == 19


def test_axes_of_ones_own_and_a_missing_matplotlib(plt, request):
    shown = summary(NETWORKS["dense"], X, Y)
    figure, (left, right) = plt.subplots(1, 2)
    assert shown.plot(right).ax_ is right
    assert plt.get_fignums() == [figure.number]
    assert not left.has_data()
    request.getfixturevalue("no_matplotlib")
    with pytest.raises(ImportError, match=r"NetworkSummary needs .*skdeep\[plot\]"):
        shown.plot()
