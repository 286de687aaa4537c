"""Slices and surfaces of the loss: against the objective written out, directions and paths."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_diabetes

from skdeep import (
    Autoencoder,
    CNNClassifier,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
)
from skdeep.inspection import LossCurveSliceDisplay, LossSurfaceDisplay, record_path


def objective(model, X, y, weights=1.0):
    """The cross-entropy plus the penalty, written out."""
    p = model.predict_proba(X)[np.arange(len(y)), y].astype(float)
    squares = sum(float((w.astype(float) ** 2).sum()) for w in model.coefs_)
    weights = np.broadcast_to(weights, len(y))
    return -np.average(np.log(p), weights=weights) + model.alpha / 2 * squares


def test_slice_is_the_objective(model, iris):
    display = LossCurveSliceDisplay.from_estimator(
        model, *iris, layer=1, index=(2, 3), n_points=7, draw=False
    )
    w = model.coefs_[1]
    before = float(w[2, 3])
    assert display.present_value == before
    assert display.name == "coefs_[1][2, 3]"
    assert_allclose(display.present_loss, objective(model, *iris), rtol=1e-5)
    assert_allclose(display.values, before + np.linspace(-2, 2, 7))
    try:
        for value, loss in zip(display.values, display.losses, strict=True):
            w[2, 3] = value
            assert_allclose(loss, objective(model, *iris), rtol=1e-5)
    finally:
        w[2, 3] = before


def test_slice_along_a_bias(model, iris):
    display = LossCurveSliceDisplay.from_estimator(
        model, *iris, layer=-1, index=1, n_points=3, span=0.5, draw=False
    )
    bias = model.intercepts_[-1]
    before = bias[1]
    bias[1] += np.float32(0.5)
    try:
        assert_allclose(display.losses[-1], objective(model, *iris), rtol=1e-5)
    finally:
        bias[1] = before
    assert_allclose(display.losses[1], display.present_loss)


def test_slice_counts_weights(iris):
    X, y = iris
    model = MLPClassifier(
        (3,), class_weight={0: 5}, max_iter=3, n_iter_no_change=np.inf, random_state=0
    )
    model.fit(X, y)
    weights = np.random.default_rng(0).random(len(y))
    display = LossCurveSliceDisplay.from_estimator(
        model, X, y, sample_weight=weights, n_points=3, draw=False
    )
    expected = objective(model, X, y, weights * np.where(y == 0, 5, 1))
    assert_allclose(display.present_loss, expected, rtol=1e-5)


def test_slice_of_smoothed_labels(iris):
    X, y = iris
    options = {"optimizer": "lbfgs", "alpha": 0.1, "tol": 1e-10, "max_iter": 500}
    model = MLPClassifier((), label_smoothing=0.1, **options).fit(X, y)
    display = LossCurveSliceDisplay.from_estimator(model, X, y, draw=False)
    assert_allclose(display.present_loss, model.loss_, rtol=1e-9)
    assert display.losses.argmin() == 50  # the present value is the minimum


def test_slice_of_a_regression():
    X, y = load_diabetes(return_X_y=True)
    options = {"optimizer": "lbfgs", "alpha": 0.01, "max_iter": 500}
    model = MLPRegressor((), target_scaling=None, **options).fit(X, y)
    display = LossCurveSliceDisplay.from_estimator(model, X, y, index=(3, 0), draw=False)
    expected = ((model.predict(X) - y) ** 2).mean() / 2 + 0.005 * (model.coefs_[0] ** 2).sum()
    assert_allclose(display.present_loss, expected)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"layer": 3}, "one of the 3 layers, got 3"),
        ({"index": (0, 6)}, r"one entry of coefs_\[0\], of shape \(4, 6\).*got \(0, 6\)"),
        ({"index": (0,)}, r"one entry of coefs_\[0\]"),
        ({"index": 6}, r"one entry of intercepts_\[0\], of shape \(6,\)"),
        ({"n_points": 1}, "n_points must be at least 2, got 1"),
        ({"span": 0}, "span must be a positive number, got 0"),
    ],
)
def test_slice_refuses(wrong, words, model, iris):
    with pytest.raises(ValueError, match=words):
        LossCurveSliceDisplay.from_estimator(model, *iris, **wrong, draw=False)


def test_wrong_data(model, iris):
    with pytest.raises(ValueError, match="2 features"):
        LossCurveSliceDisplay.from_estimator(model, iris[0][:, :2], iris[1], draw=False)
    with pytest.raises(ValueError, match="unseen"):
        LossSurfaceDisplay.from_estimator(model, iris[0], iris[1] + 7, draw=False)


def test_surface_centre_is_the_estimator(model, iris):
    display = LossSurfaceDisplay.from_estimator(
        model, *iris, n_points=5, random_state=0, draw=False
    )
    assert_allclose(display.centre_loss, objective(model, *iris), rtol=1e-5)
    assert display.losses[2, 2] == display.centre_loss
    assert_array_equal(display.first, np.linspace(-1, 1, 5))
    again = LossSurfaceDisplay.from_estimator(model, *iris, n_points=5, random_state=0, draw=False)
    assert_array_equal(again.losses, display.losses)
    other = LossSurfaceDisplay.from_estimator(model, *iris, n_points=5, random_state=1, draw=False)
    assert not np.array_equal(other.losses, display.losses)


def test_random_directions_are_as_large_as_each_units_weights(model, iris):
    from skdeep.inspection._directions import filter_normalised

    network = model._network
    rng = np.random.RandomState(0)
    first = filter_normalised(network.layout, network.parameters, rng)
    second = filter_normalised(network.layout, network.parameters, rng)
    for d, w in zip(network.layout.views(first), model.coefs_, strict=True):
        norms = np.linalg.norm(w, axis=0)
        assert_allclose(np.linalg.norm(d["weights"], axis=0), norms, rtol=1e-6)
        assert not d["bias"].any()
    assert abs(first @ second) < 0.5 * np.linalg.norm(first) * np.linalg.norm(second)


def test_surface_over_two_parameters(model, iris):
    directions = [(0, (1, 2)), (2, 1)]
    display = LossSurfaceDisplay.from_estimator(
        model, *iris, directions=directions, n_points=3, span=0.5, draw=False
    )
    w, b = model.coefs_[0], model.intercepts_[2]
    assert display.names == ("coefs_[0][1, 2]", "intercepts_[2][1]")
    assert display.centre == (float(w[1, 2]), float(b[1]))
    row = LossCurveSliceDisplay.from_estimator(
        model, *iris, index=(1, 2), n_points=3, span=0.5, draw=False
    )
    column = LossCurveSliceDisplay.from_estimator(
        model, *iris, layer=2, index=1, n_points=3, span=0.5, draw=False
    )
    assert_allclose(display.losses[1], row.losses)
    assert_allclose(display.losses[:, 1], column.losses)
    assert_allclose(display.first, row.values)


@pytest.fixture(scope="module")
def path(iris):
    return record_path(MLPClassifier((5,), random_state=0), *iris, epochs=8)


def test_path_ends_at_the_centre(path, iris):
    display = LossSurfaceDisplay.from_estimator(
        path.estimator, *iris, directions="path", path=path.parameters, n_points=3, draw=False
    )
    assert_allclose(display.path[-1], 0, atol=1e-12)
    assert_allclose(display.path_losses[-1], display.centre_loss)
    assert_allclose(display.centre_loss, objective(path.estimator, *iris), rtol=1e-5)
    assert np.abs(display.path).max() <= display.first[-1]
    # no two directions from the end hold more of the path
    steps = path.parameters.astype(float) - path.parameters[-1]
    sizes = np.linalg.svd(steps, compute_uv=False)
    assert_allclose(np.linalg.norm(display.path, axis=0), sizes[:2], rtol=1e-6)


def test_the_plane_of_a_flat_path_holds_it(path, iris):
    """A path that lies in a plane is not distorted: distances stay, and so do the losses."""
    centre = path.parameters[-1].astype(float)
    a, b = path.parameters[0] - centre, path.parameters[3] - centre
    flat = np.array([centre + s * a + t * b for s, t in [(1, 0), (0.5, 0.5), (0, 1), (0, 0)]])
    display = LossSurfaceDisplay.from_estimator(
        path.estimator, *iris, directions="path", path=flat, n_points=3, draw=False
    )
    lengths = np.linalg.norm(flat - centre, axis=1)
    assert_allclose(np.linalg.norm(display.path, axis=1), lengths, atol=1e-9)
    model = path.estimator
    before = model._network.parameters.copy()
    try:
        model._network.parameters[...] = flat[0]
        assert_allclose(display.path_losses[0], objective(model, *iris), rtol=1e-5)
    finally:
        model._network.parameters[...] = before


def test_a_path_of_coefs(path, iris):
    layout = path.estimator._network.layout
    views = [layout.views(point) for point in path.parameters]
    coefs = [[view["weights"] for view in point] for point in views]
    both = [c + [view["bias"] for view in point] for c, point in zip(coefs, views, strict=True)]
    options = {"directions": "path", "n_points": 3}
    made = LossSurfaceDisplay.from_estimator(
        path.estimator, *iris, path=both, **options, draw=False
    )
    flat = LossSurfaceDisplay.from_estimator(
        path.estimator, *iris, path=path.parameters, **options, draw=False
    )
    assert_allclose(made.path, flat.path)
    partly = LossSurfaceDisplay.from_estimator(
        path.estimator, *iris, path=coefs, **options, draw=False
    )
    assert not np.allclose(partly.path, flat.path)


def test_projection_on_given_directions(path, iris):
    display = LossSurfaceDisplay.from_estimator(
        path.estimator,
        *iris,
        directions=[(0, (0, 0)), (0, (1, 1))],
        path=path.parameters,
        n_points=3,
        draw=False,
    )
    places = [0, 1 * 5 + 1]
    assert_allclose(display.path, path.parameters[:, places], rtol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"directions": "nonsense"}, "'random', 'path' or two parameters.*got 'nonsense'"),
        ({"directions": [(0, (0, 0))]}, "'random', 'path' or two parameters"),
        ({"directions": [(0, (0, 0)), (0, (0, 0))]}, "two different parameters"),
        ({"directions": "path"}, "needs a path"),
        ({"directions": "path", "path": np.zeros((3, 5))}, "or all .* parameters; got 5 numbers"),
        ({"n_points": 1}, "n_points"),
    ],
)
def test_surface_refuses(wrong, words, model, iris):
    with pytest.raises(ValueError, match=words):
        LossSurfaceDisplay.from_estimator(model, *iris, **wrong, draw=False)


def test_a_path_on_a_line_spans_no_plane(path, iris):
    with pytest.raises(ValueError, match="spans a plane"):
        LossSurfaceDisplay.from_estimator(
            path.estimator, *iris, directions="path", path=path.parameters[-2:], draw=False
        )


def test_pictures_of_a_surface(path, iris, plt):
    display = LossSurfaceDisplay.from_estimator(
        path.estimator, *iris, directions="path", path=path.parameters, n_points=5, draw=False
    )
    display.plot()
    assert_array_equal(np.transpose(display.line_.get_data()), display.path)
    assert_array_equal(np.transpose(display.point_.get_data()), [display.centre])
    display.plot(kind="surface")
    assert display.ax_.name == "3d"
    assert_allclose(display.line_.get_data_3d()[2], display.path_losses)
    with pytest.raises(ValueError, match="does not suit the axes"):
        display.plot(kind="surface", ax=plt.subplots()[1])
    with pytest.raises(ValueError, match="one of 'contour', 'surface', got 'line'"):
        display.plot(kind="line")


def test_other_networks(iris):
    X, y = np.random.default_rng(0).random((40, 36)), np.arange(40) % 2
    cnn = CNNClassifier((4,), input_shape=(6, 6), conv_layers=((3, 3),), max_iter=1)
    options = {"n_iter_no_change": np.inf}
    cnn.set_params(**options).fit(X, y)
    display = LossCurveSliceDisplay.from_estimator(
        cnn, X, y, index=(2, 1, 0, 1), n_points=3, draw=False
    )
    assert display.present_value == float(cnn.coefs_[0][2, 1, 0, 1])
    assert_allclose(display.present_loss, objective(cnn, X, y), rtol=1e-4)
    coder = Autoencoder((5,), max_iter=1, alpha=0, **options).fit(X)
    surface = LossSurfaceDisplay.from_estimator(coder, X, n_points=3, random_state=0, draw=False)
    assert_allclose(surface.centre_loss, -coder.score(X) / 2, rtol=1e-5)


@pytest.mark.parametrize(
    ("cls", "options", "first"),
    [
        (MLPClassifier, {}, (0, 0)),
        (CNNClassifier, {"input_shape": (6, 6), "conv_layers": ((3, 3),)}, (0, 0, 0, 0)),
        (CNNClassifier, {"conv_layers": ((3, 3),)}, (0, 0, 0)),
    ],
)
def test_the_first_weight_is_the_default_in_layers_of_all_shapes(cls, options, first, plt):
    X, y = np.random.default_rng(0).random((40, 36)), np.arange(40) % 2
    model = cls((4,), max_iter=1, n_iter_no_change=np.inf, **options).fit(X, y)
    for layer, index in ((0, first), (-1, (0, 0)), (1, (0, 0))):
        display = LossCurveSliceDisplay.from_estimator(model, X, y, layer=layer, n_points=3)
        assert display.present_value == model.coefs_[layer][index]
        assert display.ax_.get_xlabel() == f"coefs_[{layer}][{', '.join(map(str, index))}]"
    with pytest.raises(ValueError, match=r"one of the \d layers, got \d"):
        LossCurveSliceDisplay.from_estimator(model, X, y, layer=len(model.coefs_))


def test_the_first_weight_of_a_network_for_tables(plt):
    X, y = np.random.default_rng(0).random((60, 3)), np.arange(60) % 2
    model = TabularMLPClassifier(
        n_networks=1, effort=0.02, hidden_layer_sizes=(4,), random_state=0
    ).fit(X, y)
    display = LossCurveSliceDisplay.from_estimator(model, X, y, n_points=3)
    assert display.present_value == model.networks_[0].coefs_[0].flat[0]
