"""Every network computes in ONNX what it computes here."""

import inspect
from functools import cache

import numpy as np
import pytest
from agreement import OLDEST, check, close, compare, newest, session

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor, network
from skdeep.activations import ACTIVATIONS, PReLU
from skdeep.losses import LOSSES, RECONSTRUCTION_LOSSES, Quantile
from skdeep.onnx import to_onnx
from skdeep.onnx.registry import LAYERS

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 6)).astype(np.float32)
IMAGES = RNG.normal(size=(40, 42)).astype(np.float32)
BRIEF = {"max_iter": 2, "n_iter_no_change": np.inf, "random_state": 0}
ENDS = [OLDEST, newest()]


def spread(estimator):
    """Make parameters larger and different, so that every part of an activation is seen."""
    rng = np.random.default_rng(1)
    parameters = estimator._network.parameters
    parameters += 0.3 * rng.standard_normal(parameters.shape)
    return estimator


@cache
def dense(activation, dtype):
    y = np.array(["low", "middle", "high"])[RNG.integers(0, 3, len(X))]
    return spread(MLPClassifier((12, 8), activation, dtype=dtype, **BRIEF).fit(X, y))


@cache
def convolutional(activation, dtype):
    kind = CNNClassifier(
        (8,), activation, input_shape=(6, 7), conv_layers=((4, 3), (3, 2)), dtype=dtype, **BRIEF
    )
    return spread(kind.fit(IMAGES, np.arange(len(IMAGES)) % 2))


@cache
def of_all_activations(dtype):
    kinds = list(ACTIVATIONS)
    model = MLPRegressor((5,) * len(kinds), kinds, dtype=dtype, **BRIEF).fit(X, X[:, 0])
    return spread(model)


@pytest.mark.parametrize("opset", range(OLDEST, newest() + 1))
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_opset(dtype, opset):
    model = check(of_all_activations(dtype), X, opset)
    assert model.opset_import[0].version == opset


@pytest.mark.parametrize("opset", ENDS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation, dtype, opset):
    check(dense(activation, dtype), 3 * X, opset)


@pytest.mark.parametrize("opset", ENDS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_over_maps(activation, dtype, opset):
    check(convolutional(activation, dtype), 3 * IMAGES, opset)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_rows_at_all(dtype):
    for model, rows in (of_all_activations(dtype), X), (convolutional("maxout", dtype), IMAGES):
        *_, found = session(to_onnx(model)).run(None, {"X": rows[:0]})
        assert len(found) == 0


def test_slopes_above_one():
    model = dense(PReLU(slope=1.0), "float32")
    assert model._network.leaves[0].theta.max() > 1
    check(model, X)


@pytest.mark.parametrize("n_outputs", [1, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scaling", ["standard", None])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss(loss, scaling, dtype, n_outputs):
    y = 3 + RNG.random((len(X), n_outputs)) * 10.0 ** np.arange(n_outputs)
    model = MLPRegressor((7,), loss=loss, target_scaling=scaling, dtype=dtype, **BRIEF)
    model.fit(X, y if n_outputs > 1 else y.ravel())
    check(model, X, OLDEST)


@pytest.mark.parametrize("levels", [[0.1, 0.9], [0.05, 0.5, 0.95], [0.1, 0.2, 0.5, 0.7, 0.9]])
@pytest.mark.parametrize("scaling", ["standard", None])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_several_quantiles(levels, scaling, dtype):
    loss = Quantile(levels)
    model = MLPRegressor((7,), loss=loss, target_scaling=scaling, dtype=dtype, **BRIEF)
    check(model.fit(X, 3 + X[:, 0]), X, OLDEST)


def test_targets_far_from_zero_keep_their_digits():
    y = 1e9 + X[:, 0].astype(np.float64)
    model = MLPRegressor((7,), **BRIEF).fit(X, y)
    running = session(to_onnx(model, X.astype(np.float64)))
    (found,) = running.run(None, {"X": X.astype(np.float64)})
    assert np.abs(found.ravel() - model.predict(X)).max() < 3e-6


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["no", "yes"]),
        np.array(["b", "a", "c"], dtype=object),
        np.array([0, 1, 2]),
        np.array([-3, 7]),
        np.array([5, 200], dtype=np.uint8),
        np.array([False, True]),
        np.array([1.0, 2.0, 4.0]),
    ],
    ids=lambda labels: f"{len(labels)} {labels.dtype}",
)
def test_every_kind_of_label(labels):
    model = MLPClassifier((5,), **BRIEF).fit(X, labels[np.arange(len(X)) % len(labels)])
    check(spread(model), X, OLDEST)


@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_several_labels(class_weight):
    y = (RNG.random((len(X), 3)) > 0.5).astype(int)
    model = spread(MLPClassifier((5,), class_weight=class_weight, **BRIEF).fit(X, y))
    assert len(np.unique(model.predict(X), axis=0)) > 2
    check(model, X)


def test_labels_that_onnx_does_not_know_are_refused():
    y = np.array([1, "a"], dtype=object)[np.arange(len(X)) % 2]
    model = MLPClassifier((5,), **BRIEF).fit(X, (np.arange(len(X)) % 2))
    model._task.classes = y[:2]
    with pytest.raises(ValueError, match=r"labels that are strings.*got \[1, 'a'\]"):
        to_onnx(model)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n_outputs", [1, 2, 3])
def test_small_probabilities_keep_their_digits(n_outputs, dtype):
    x = np.linspace(-40, 40, 9).reshape(-1, 1)
    y = x.ravel() > 0 if n_outputs == 1 else np.eye(2, dtype=int)[(x.ravel() > 0).astype(int)]
    y = y if n_outputs < 3 else np.arange(9) % 3
    model = MLPClassifier((), dtype="float64", **BRIEF).fit(x, y)
    weights = np.linspace(1, -1, n_outputs)
    model.coefs_, model.intercepts_ = [weights[None]], [np.zeros(n_outputs)]
    _, found = session(to_onnx(model, x.astype(dtype))).run(None, {"X": x.astype(dtype)})
    expected = model.predict_proba(x)
    assert expected.min() < 1e-17
    np.testing.assert_allclose(found, expected, rtol=1e-5 if dtype == "float32" else 1e-12)


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "float16", "int64", "int32", "uint8", "bool"]
)
def test_every_type_of_inputs(dtype):
    model = MLPRegressor((5,), **BRIEF).fit(X, X[:, 0])
    rows = np.abs(3 * X).astype(dtype)
    (found,) = session(to_onnx(model, rows)).run(None, {"X": rows})
    close(found.ravel(), model.predict(rows))
    assert found.dtype == (np.float64 if dtype == "float64" else np.float32)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("pooling", ["max", "average"])
@pytest.mark.parametrize(
    ("input_shape", "conv_layers", "pool_size"),
    [
        ((6, 7), ((4, 3),), 2),
        ((6, 7), ((4, (2, 3), 2), (3, 2)), 1),
        ((7, 2, 3), ((4, 2), (2, 1)), [1, 3]),  # windows are larger than what is left
        ((6, 7), ((4, 3, (2, 1)), (3, 2, (1, 3))), [(1, 2), 1]),
        ((42,), ((4, 5, 3),), 2),
        ((21, 2), ((4, 3), (5, 3)), 2),
        ((2, 3, 7), ((4, 1),), 1),
    ],
    ids=str,
)
def test_every_shape_of_convolutions(input_shape, conv_layers, pool_size, pooling, padding, dtype):
    shapes = {"input_shape": input_shape, "conv_layers": conv_layers, "pool_size": pool_size}
    ways = {"pooling": pooling, "padding": padding, "dtype": dtype}
    model = CNNRegressor((6,), **shapes, **ways, **BRIEF).fit(IMAGES, IMAGES[:, :2])
    check(spread(model), IMAGES, OLDEST)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_images_of_several_dimensions(dtype):
    images = IMAGES.reshape(-1, 7, 2, 3)
    model = CNNClassifier((6,), conv_layers=((4, 2),), dtype=dtype, **BRIEF)
    model.fit(images, np.arange(len(images)) % 3)
    check(spread(model), images)
    running = session(to_onnx(model))
    compare(model, running.run(None, {"X": IMAGES}), IMAGES)


def test_maps_stay_maps_between_layers():
    layers = ((4, 3), (4, 3), (4, 3))
    model = CNNClassifier((6,), input_shape=(6, 7), conv_layers=layers, pool_size=[1, 1, 2])
    model.set_params(skip_connections=True, dropout=0.1, **BRIEF)
    model.fit(IMAGES, np.arange(len(IMAGES)) % 3)
    assert model._network.architecture.n_shortcuts == 1
    kinds = [node.op_type for node in check(model, IMAGES).graph.node]
    assert kinds.count("Transpose") == 2
    assert kinds.count("Add") == 1


def test_shortcuts_dropout_and_noise():
    ways = {"skip_connections": True, "dropout": 0.3, "input_dropout": 0.1, "input_noise": 0.1}
    model = spread(MLPClassifier((8, 8, 8), "tanh", **ways, **BRIEF).fit(X, X[:, 0] > 0))
    check(model, X)


def test_no_hidden_layers():
    check(MLPClassifier((), **BRIEF).fit(X, np.arange(len(X)) % 3), X)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("loss", RECONSTRUCTION_LOSSES)
def test_the_code_of_an_autoencoder(loss, tied):
    model = Autoencoder((5, 3), ["maxout" if not tied else "elu", "tanh"], tied_weights=tied)
    model.set_params(loss=loss, **BRIEF).fit(np.abs(X) / np.abs(X).max())
    check(spread(model), X, OLDEST)


def test_only_what_the_code_needs_is_exported():
    model = Autoencoder((4,), **BRIEF).fit(X)
    assert [node.op_type for node in to_onnx(model).graph.node] == ["Gemm", "Relu"]


def test_every_layer_is_known():
    kinds = [kind for kind in vars(network).values() if inspect.isclass(kind)]
    layers = [kind for kind in kinds if issubclass(kind, network.Layer)]
    assert len(layers) > 10
    known = [kind for kind in layers if LAYERS.functions.keys() & set(kind.__mro__)]
    assert set(layers) - set(known) == {network.Layer}


def test_layers_of_tables_with_more_than_one_branch():
    class Branched(MLPRegressor):
        def _extend_architecture(self, architecture):
            pieces = network.Stage(network.PiecewiseLinear, {"n_bins": 3, "n_units": 2})
            scale = network.Stage(network.FeatureScale)
            branches = ([2, 0], (pieces,)), (slice(0, 6), (scale,)), ([5], ())
            first = network.Stage(network.Branch, {"branches": branches})
            stages = (first, *architecture.stages)
            return type(architecture)(
                architecture.in_shape, stages, architecture.loss, architecture.dtype
            )

    for dtype in ("float32", "float64"):
        model = Branched((5,), dtype=dtype, **BRIEF).fit(X, X[:, 0])
        check(spread(model), 2 * X, OLDEST)
