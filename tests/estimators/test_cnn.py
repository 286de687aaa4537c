"""Convolutional estimators: what they compute, what they equal, and all options of the dense."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.signal import correlate

from skdeep import CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.activations import ACTIVATIONS
from skdeep.initializers import INITIALIZERS, Initializer
from skdeep.losses import LOSSES
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES

rng = np.random.default_rng(0)
X = rng.standard_normal((40, 24))
LABELS, VALUES = np.arange(40) % 3, X[:, :8].max(axis=1)
ANY = {"n_iter_no_change": np.inf, "batch_size": 16, "random_state": 3, "max_iter": 3}
IMAGE = {"input_shape": (4, 6), "conv_layers": ((3, 3),)}


def classifier(sizes=(5,), activation="relu", **params):
    return CNNClassifier(sizes, activation, **{**ANY, **IMAGE, **params})


def regressor(sizes=(5,), activation="relu", **params):
    return CNNRegressor(sizes, activation, **{**ANY, **IMAGE, **params})


def assert_same(one, other):
    for a, b in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        assert_array_equal(a, b)
    assert one.loss_curve_ == other.loss_curve_


# -- what it computes ------------------------------------------------------------------------------

SHAPES = {
    "signal": ((24,), {"conv_layers": ((3, 5),)}),
    "signal, several channels": ((12, 2), {"conv_layers": ((3, 5, 2), (2, 3))}),
    "valid": ((24,), {"conv_layers": ((3, 5), (4, 3)), "padding": "valid"}),
    "image": ((4, 6), {"conv_layers": ((3, 3), (2, (1, 2))), "pool_size": [2, 1]}),
    "image, several channels": ((4, 3, 2), {"conv_layers": ((3, (3, 2), 2),), "pool_size": 1}),
    "two strides": ((4, 6), {"conv_layers": ((3, 3, (1, 2)), (2, (1, 2), (2, 1)))}),
    "signal, strides of height 1": ((12, 2), {"conv_layers": ((3, (1, 5), (1, 2)),)}),
    "windows of two numbers": ((4, 6), {"pool_size": (1, 3)}),
    "average": ((4, 6, 1), {"conv_layers": ((3, 2, 1),), "pooling": "average"}),
    "one row": ((1, 8, 3), {"conv_layers": ((3, 3),), "padding": "valid"}),
    "kernels wider than the map": ((3, 8), {"conv_layers": ((2, 9),), "pool_size": 5}),
    "no dense layer": ((4, 6), {"sizes": (), "conv_layers": ((3, 3), (3, 3))}),
}


@pytest.mark.parametrize(("shape", "params"), SHAPES.values(), ids=SHAPES)
@pytest.mark.usefixtures("kernels")
def test_the_same_bits_whatever_the_shape_of_x(shape, params):
    flat = classifier(**{**params, "input_shape": shape}).fit(X, LABELS, X_val=X, y_val=LABELS)
    maps = X.reshape(-1, *shape)
    shaped = classifier(**{**params, "input_shape": None})
    shaped.fit(maps, LABELS, X_val=maps, y_val=LABELS)
    assert_same(flat, shaped)
    assert flat.validation_scores_ == shaped.validation_scores_
    for x in (maps, X, maps.tolist(), maps.astype(np.float32)):
        assert_allclose(shaped.predict_proba(x), flat.predict_proba(X), rtol=1e-5)
    assert shaped.n_features_in_ == 24
    assert shaped.score(maps, LABELS) == flat.score(X, LABELS)


@pytest.mark.parametrize(
    ("shape", "filters"),
    [
        (24, (3, 1)),
        ((24,), (3, 1)),
        ((24, 1), (3, 1)),
        ((12, 2), (3, 2)),
        ((6, 4), (3, 4)),
        ((1, 6, 4), (3, 4)),
        ((4, 6), (3, 3, 1)),
        ((6, 4, 1), (3, 3, 1)),
        ((2, 4, 3), (3, 3, 3)),
    ],
)
def test_what_shapes_mean(shape, filters):
    model = classifier(input_shape=shape, conv_layers=((7, 3),), max_iter=1).fit(X, LABELS)
    assert model.coefs_[0].shape == (*filters, 7)
    assert model.intercepts_[0].shape == (7,)


def correlated(maps, filters):
    """Return the sums over channels that every filter sees at every place."""
    pairs = [[(image[..., c], filters[..., c, :]) for c in range(2)] for image in maps]
    seen = [
        [sum(correlate(x, f[..., k], "same") for x, f in channels) for k in range(4)]
        for channels in pairs
    ]
    return np.transpose(seen, (0, 2, 3, 1))


def pooled(maps, how):
    n, height, width, channels = maps.shape
    rows, columns = height // 2, width // 2
    windows = maps[:, : rows * 2, : columns * 2].reshape(n, rows, 2, columns, 2, channels)
    return how(windows, axis=(2, 4)).reshape(n, -1)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("pooling", "how"), [("max", np.max), ("average", np.mean)])
@pytest.mark.usefixtures("kernels")
def test_predictions_by_scipy(padding, pooling, how):
    maps = rng.standard_normal((9, 7, 8, 2))
    model = regressor(
        (6,),
        "tanh",
        input_shape=(7, 8, 2),
        conv_layers=((4, (3, 5)),),
        padding=padding,
        pooling=pooling,
        target_scaling=None,
        dtype="float64",
    ).fit(maps, maps[:, 0, 0, 0])
    filters, dense, output = model.coefs_
    assert filters.shape == (3, 5, 2, 4)
    hidden = np.tanh(correlated(maps, filters) + model.intercepts_[0])
    if padding == "valid":
        hidden = hidden[:, 1:-1, 2:-2]
    hidden = np.tanh(pooled(hidden, how) @ dense + model.intercepts_[1])
    assert_allclose(model.predict(maps), (hidden @ output + model.intercepts_[2]).ravel())


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("pooling", "how"), [("max", np.max), ("average", np.mean)])
@pytest.mark.usefixtures("kernels")
def test_strides_and_windows_of_two_numbers_by_scipy(padding, pooling, how):
    maps = rng.standard_normal((9, 7, 8, 2))
    model = regressor(
        (),
        "tanh",
        input_shape=(7, 8, 2),
        conv_layers=((4, (3, 5), (2, 1)),),
        pool_size=(1, 3),
        padding=padding,
        pooling=pooling,
        target_scaling=None,
        dtype="float64",
    ).fit(maps, maps[:, 0, 0, 0])
    filters, output = model.coefs_
    sums = correlated(maps, filters)
    # every second row, from the first on where filters fit: a zero above, or none
    sums = sums[:, 1:-1:2, 2:-2] if padding == "valid" else sums[:, ::2]
    hidden = np.tanh(sums + model.intercepts_[0])
    n, height, width, channels = hidden.shape
    windows = hidden[:, :, : width // 3 * 3].reshape(n, height, width // 3, 3, channels)
    pooled_maps = how(windows, axis=3).reshape(n, -1)
    expected = (pooled_maps @ output + model.intercepts_[1]).ravel()
    assert_allclose(model.predict(maps), expected)


def test_one_number_is_two_equal_ones():
    image = {"input_shape": (4, 6), "padding": "same"}
    one = classifier(conv_layers=((3, 3, 2), (3, 2, 1)), pool_size=[2, 1], **image)
    two = classifier(
        conv_layers=[[3, [3, 3], [2, 2]], (3, (2, 2), (1, 1))], pool_size=[(2, 2), (1, 1)], **image
    )
    assert_same(one.fit(X, LABELS), two.fit(X, LABELS))
    three = {"conv_layers": ((3, 3), (3, 3), (3, 3)), **image}
    same = classifier(pool_size=(1, 2), **three), classifier(pool_size=[(1, 2)] * 3, **three)
    assert_same(*(model.fit(X, LABELS) for model in same))
    # the model goes on under either spelling
    one.set_params(warm_start=True, conv_layers=two.conv_layers, pool_size=two.pool_size)
    assert one.fit(X, LABELS).loss_curve_[-1] < one.loss_curve_[0]


def test_what_is_found_matters_and_not_where():
    x = np.zeros((10, 30))
    for row, start in enumerate(range(0, 20, 2)):
        x[row, start : start + 5] = [1, -2, 3, 1, 2]
    params = {"input_shape": None, "conv_layers": ((4, 5),), "padding": "valid"}
    model = regressor(pool_size=99, **params).fit(x, np.arange(10.0))
    inside = model.predict(x[2:-2])
    assert_allclose(inside, inside[0], rtol=1e-5)
    assert abs(model.predict(-x[2:3]) - inside[0]) > 1e-3


# -- what it equals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params", [{}, {"dropout": 0.3, "input_noise": 0.1, "learning_rate": "cosine"}]
)
def test_without_convolution_it_is_the_dense_network(params):
    one = classifier(conv_layers=(), **params).fit(X, LABELS)
    other = MLPClassifier((5,), **ANY, **params).fit(X, LABELS)
    assert_same(one, other)
    assert_array_equal(one.predict_proba(X), other.predict_proba(X))
    assert_same(
        regressor(conv_layers=(), **params).fit(X, VALUES),
        MLPRegressor((5,), **ANY, **params).fit(X, VALUES),
    )


class Waves(Initializer):
    """The same numbers for the same count, whatever their shape."""

    def sample(self, shape, fan_in, fan_out, rng):
        return 0.3 * np.cos(np.arange(np.prod(shape))).reshape(shape)


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "lbfgs"])
@pytest.mark.parametrize("shape", [(24,), (4, 6), (4, 3, 2)])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.usefixtures("kernels")
def test_a_kernel_over_the_whole_input_is_a_dense_layer(optimizer, shape):
    kernel = shape[0] if len(shape) == 1 else shape[:2]
    params = {"optimizer": optimizer, "init": Waves(), "activation": "tanh", "dtype": "float64"}
    maps = {"conv_layers": ((7, kernel),), "padding": "valid", "pool_size": 1}
    one = regressor(input_shape=shape, **maps, **params).fit(X, VALUES)
    other = MLPRegressor((7, 5), **ANY, **params).fit(X, VALUES)
    assert one.coefs_[0].reshape(24, 7).shape == other.coefs_[0].shape
    for a, b in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        assert_allclose(a.ravel(), b.ravel(), atol=1e-9)
    other.coefs_[0][...] = one.coefs_[0].reshape(24, 7)
    assert_allclose(one.predict(X), other.predict(X), atol=1e-8)


def test_class_weights_are_sample_weights():
    weights = np.where(LABELS == 1, 5.0, 1.0)
    one = classifier(class_weight={1: 5.0}).fit(X, LABELS)
    other = classifier().fit(X, LABELS, weights)
    assert_same(one, other)
    balanced = classifier(class_weight="balanced").fit(X[2:], LABELS[2:])
    assert not np.array_equal(balanced.coefs_[0], one.coefs_[0])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_integer_weights_are_repeated_rows():
    weights = np.arange(40) % 3
    params = {"optimizer": "lbfgs", "activation": "tanh", "max_iter": 10}
    one = regressor(**params).fit(X, VALUES, weights)
    other = regressor(**params).fit(X.repeat(weights, axis=0), VALUES.repeat(weights))
    assert_allclose(one.coefs_[0], other.coefs_[0], atol=1e-6)


# -- the options of the dense estimators -----------------------------------------------------------

OPTIONS = {
    **{f"activation {name}": {"activation": name} for name in ACTIVATIONS},
    "activations": {"activation": ["maxout", "prelu"]},
    **{f"init {name}": {"init": name} for name in INITIALIZERS},
    "inits": {"init": ["orthogonal", "he_normal", "zeros"]},
    **{f"optimizer {name}": {"optimizer": name} for name in sorted(set(OPTIMIZERS) - {"lbfgs"})},
    **{f"rate {name}": {"learning_rate": name} for name in sorted(set(SCHEDULES) - {"validation"})},
    "dropout": {"dropout": [0.2, 0.5], "input_dropout": 0.1},
    "noise": {"input_noise": 0.2},
    "smoothing": {"label_smoothing": 0.3},
    "penalty": {"alpha": 0.1, "l1_ratio": 0.5},
    "norms": {"max_norm": 0.5, "clip_norm": 0.1, "bias_init": 0.01},
    "batches": {"batch_size": "full", "shuffle": False, "dtype": "float64"},
}


def in_calls(model, y, classes):
    for _ in range(3):
        model.partial_fit(X, y, **classes)
    return model


@pytest.mark.parametrize("params", OPTIONS.values(), ids=OPTIONS)
def test_options_and_partial_fit(params):
    one = classifier(**params).fit(X, LABELS)
    assert_same(one, in_calls(classifier(**params), LABELS, {"classes": [0, 1, 2]}))
    assert np.isfinite(one.loss_curve_).all()
    twin = pickle.loads(pickle.dumps(one))
    assert_array_equal(twin.predict_proba(X), one.predict_proba(X))


def test_options_make_a_difference():
    models = [classifier(**params).fit(X, LABELS) for params in OPTIONS.values()]
    losses = {tuple(model.loss_curve_) for model in models}
    # relu, adam and three schedules are the default so far; logistic is sigmoid
    assert len(losses) == len(OPTIONS) - 5


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_and_target_noise(loss):
    y = np.abs(VALUES)
    params = {"loss": loss, "target_noise": 0.0 if loss == "poisson" else 0.2}
    one = regressor(**params).fit(X, y)
    assert_same(one, in_calls(regressor(**params), y, {}))
    assert np.isfinite(one.predict(X)).all()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_a_warm_start_goes_on_and_notices_other_maps(refused):
    once = classifier(max_iter=6).fit(X, LABELS)
    model = classifier(warm_start=True).fit(X, LABELS)
    assert_same(model.fit(X, LABELS), once)
    changes = {
        "conv_layers": ((3, 2),),
        "pool_size": 1,
        "padding": "valid",
        "pooling": "average",
        "input_shape": (24,),
    }
    for name, value in changes.items():
        changed = pickle.loads(pickle.dumps(model)).set_params(**{name: value})
        refused(changed, lambda c=changed: c.fit(X, LABELS), ValueError, "a changed network: ")
        refused(changed, lambda c=changed: c.partial_fit(X, LABELS), ValueError, "is now ")


# -- targets ---------------------------------------------------------------------------------------


def test_several_labels_a_row():
    y = (X[:, :3] > 0).astype(int)
    model = classifier(max_iter=80, learning_rate_init=0.02).fit(X, y)
    assert model.predict(X).shape == model.predict_proba(X).shape == (40, 3)
    assert model.score(X, y) > 0.8


def test_several_outputs():
    y = X[:, :2] @ [[1.0, -1.0], [2.0, 0.5]]
    model = regressor((20,), max_iter=150, learning_rate_init=0.02).fit(X, y)
    assert model.predict(X).shape == (40, 2)
    assert model.score(X, y) > 0.8
    assert classifier().fit(X, LABELS > 0).predict_proba(X).shape == (40, 2)
