"""Augmentation in training: what it may touch, what it must not, and how users search over it."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.sparse import csr_array
from scipy.special import expit
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from skdeep import Autoencoder, CNNClassifier, CNNRegressor, MLPClassifier, MLPRegressor
from skdeep.augmentation import (
    AUGMENTATIONS,
    Augmentation,
    Compose,
    GaussianNoise,
    ImageAugmentation,
    Mixup,
    RandomFlip,
    RandomShift,
)

X = np.random.default_rng(0).random((30, 24), np.float32)
LABELS = np.arange(30) % 3
ANY = {"n_iter_no_change": np.inf, "batch_size": 8, "random_state": 3, "max_iter": 3}
MODELS = {
    MLPClassifier: {},
    MLPRegressor: {},
    CNNClassifier: {"input_shape": (4, 6), "conv_layers": ((3, 3),)},
    CNNRegressor: {"input_shape": (4, 6), "conv_layers": ((3, 3),)},
    Autoencoder: {},
}
EVERY = pytest.mark.parametrize("cls", MODELS)


def model(cls, augmentation, **params):
    return cls((5,), augmentation=augmentation, **{**ANY, **MODELS[cls], **params})


def assert_same(one, other):
    for a, b in zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        assert_array_equal(a, b)
    assert one.loss_curve_ == other.loss_curve_


class Watch(Augmentation):
    """Changes nothing, but draws numbers; keeps what it sees."""

    seen = []

    def apply(self, batch, shape, rng):
        rng.random(100)
        weights = None if batch.weights is None else batch.weights.copy()
        Watch.seen.append((batch.x.copy(), batch.y.copy(), weights, shape))


@pytest.fixture
def seen():
    Watch.seen.clear()
    return Watch.seen


# -- what must stay --------------------------------------------------------------------------------

OTHERS = {
    "plain": {},
    "in order": {"shuffle": False, "batch_size": "full"},
    "masks and noise": {"dropout": 0.3, "input_dropout": 0.2, "input_noise": 0.1},
    "a split": {"early_stopping": True},
}


@EVERY
@pytest.mark.parametrize("params", OTHERS.values(), ids=OTHERS)
def test_neither_the_start_nor_the_order_nor_masks_nor_the_split_change(cls, params):
    plain, watched = (model(cls, what, **params).fit(X, LABELS) for what in (None, Watch()))
    assert_same(plain, watched)
    assert plain.validation_scores_ == watched.validation_scores_


@EVERY
@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.usefixtures("kernels")
def test_the_data_are_never_written_to(cls, shuffle, dtype, tmp_path):
    path = tmp_path / "x"
    X.astype(dtype).tofile(path)
    x = np.memmap(path, dtype, "r", shape=X.shape)
    both = Compose([RandomFlip(image_shape=(4, 6)), GaussianNoise(0.3), Mixup(1.0)])
    for batch_size in (8, "full"):
        params = {"shuffle": shuffle, "dtype": dtype, "batch_size": batch_size}
        weights = np.linspace(1, 2, 30)
        fitted = model(cls, both, **params).fit(x, LABELS, weights, X_val=x, **labels_of(cls))
        assert_array_equal(np.fromfile(path, dtype).reshape(X.shape), X.astype(dtype))
        assert_array_equal(weights, np.linspace(1, 2, 30))
        writable = X.astype(dtype)
        model(cls, both, **params).fit(writable, LABELS)
        assert_array_equal(writable, X.astype(dtype))
        assert np.isfinite(fitted.loss_curve_).all()


def labels_of(cls):
    return {} if cls is Autoencoder else {"y_val": LABELS}


@EVERY
def test_validation_and_prediction_see_the_data_as_they_are(cls, seen):
    fitted = model(cls, Watch(), max_iter=1)
    fitted.fit(X[:10], LABELS[:10], X_val=X[10:], **{k: v[10:] for k, v in labels_of(cls).items()})
    assert sum(len(x) for x, *_ in seen) == 10
    fitted.score(X, LABELS)
    assert len(seen) == 2


@EVERY
def test_only_rows_that_count_are_augmented(cls, seen):
    weights = np.where(LABELS == 0, 0.0, 1.0 + LABELS)
    args = (LABELS, weights) if cls is not Autoencoder else (None, weights)
    model(cls, Watch(), max_iter=2).fit(X, *args)
    rows = np.concatenate([x for x, *_ in seen])
    assert len(rows) == 2 * 20
    assert {tuple(row) for row in rows} == {tuple(row) for row in X[LABELS > 0]}


# -- what it gets ----------------------------------------------------------------------------------


@EVERY
def test_the_shape_is_what_the_estimator_knows(cls, seen):
    model(cls, Watch(), max_iter=1).fit(X, LABELS)
    assert {shape for *_, shape in seen} == {(4, 6, 1) if "input_shape" in MODELS[cls] else None}


@pytest.mark.parametrize("cls", [CNNClassifier, CNNRegressor])
@pytest.mark.parametrize("shape", [(24,), (12, 2), (4, 6), (2, 4, 3)])
def test_shapes_of_signals_and_channels(cls, shape, seen):
    model(cls, Watch(), input_shape=None, max_iter=1).fit(X.reshape(-1, *shape), LABELS)
    expected = {1: (1, 24, 1), 2: (1, 12, 2) if shape == (12, 2) else (4, 6, 1), 3: (2, 4, 3)}
    assert seen[0][3] == expected[len(shape)]
    assert seen[0][0].shape == (8, 24)


def test_targets_and_weights_of_a_classifier(seen):
    weights = {0: 1.0, 1: 2.0, 2: 3.0}
    smooth = {"label_smoothing": 0.2, "class_weight": weights, "shuffle": False}
    model(MLPClassifier, Watch(), max_iter=1, **smooth).fit(X, LABELS)
    y, given = (np.concatenate([entry[i] for entry in seen]) for i in (1, 2))
    assert_allclose(y, np.where(np.arange(3) == LABELS[:, None], 0.8, 0.1), rtol=1e-6)
    assert_allclose(given, (LABELS + 1) / 2, rtol=1e-6)


def test_an_autoencoder_rebuilds_what_augmentation_made(seen):
    class Halve(Augmentation):
        def transform(self, x, rng):
            return x / 2

    one = model(Autoencoder, Halve(), shuffle=False).fit(X)
    other = model(Autoencoder, None, shuffle=False).fit(X / 2)
    assert_same(one, other)
    noisy = model(Autoencoder, Watch(), input_noise=0.5, max_iter=1).fit(X)
    assert all(np.isin(x, X).all() and np.array_equal(x, y) for x, y, *_ in seen)
    assert noisy.loss_ > model(Autoencoder, None, max_iter=1).fit(X).loss_


class Mirror(ImageAugmentation):
    """Exchange left and right, always."""

    def transform(self, images, rng):
        return images[:, :, ::-1]


@pytest.mark.parametrize("cls", [MLPClassifier, CNNClassifier, CNNRegressor])
@pytest.mark.parametrize("sizes", ["rows", "images"])
@pytest.mark.usefixtures("kernels")
def test_a_users_own_equals_changed_data(cls, sizes):
    flipped = X.reshape(-1, 4, 6)[:, :, ::-1].reshape(-1, 24)
    mirror = Mirror((4, 6)) if cls is MLPClassifier else Mirror()
    other = model(cls, None).fit(flipped, LABELS)
    x = X.reshape(-1, 4, 6) if sizes == "images" and cls is not MLPClassifier else X
    assert_same(model(cls, mirror).fit(x, LABELS), other)
    always = RandomFlip(p=1.0, image_shape=mirror.image_shape)
    assert_same(model(cls, always).fit(x, LABELS), other)


# -- mixtures --------------------------------------------------------------------------------------


def steepness():
    """Return the best logistic curve through mixtures of two points: half of them are pure."""

    def pull(c):
        mixed = quad(lambda x: (expit(c * x) - (1 + x) / 2) * x, 0, 1)[0]
        return mixed + expit(c) - 1

    return brentq(pull, 0, 50)


@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
def test_mixup_learns_soft_targets(cls):
    x, y = np.repeat([[-1.0], [1.0]], 50, axis=0), np.repeat([0, 1], 50)
    params = {"augmentation": Mixup(1.0), "learning_rate_init": 0.2, "learning_rate": "cosine"}
    params = {**ANY, **params, "max_iter": 200, "batch_size": 100, "alpha": 0.0}
    fitted, at = cls((), **params).fit(x, y), np.array([[-1], [0], [1]])
    if cls is MLPRegressor:
        assert_allclose(fitted.predict(at), [0, 0.5, 1], atol=0.01)
    else:
        expected = expit(steepness() * at.ravel())
        assert_allclose(fitted.predict_proba(at)[:, 1], expected, atol=0.01)


def test_mixtures_go_by_sample_weights():
    # all in one place: the share of ones is that of their weights, mixed or not
    x, y = np.zeros((40, 1)), np.arange(40) % 2
    weights = np.where(y == 1, 3.0, 1.0)
    fits = {"learning_rate_init": 0.05, "max_iter": 200, "batch_size": "full"}
    for what in (None, Mixup(1.0)):
        fitted = MLPClassifier((), **{**ANY, **fits, "augmentation": what}).fit(x, y, weights)
        assert_allclose(fitted.predict_proba(x[:1])[0, 1], 0.75, atol=0.01)


# -- going on --------------------------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_calls_of_partial_fit_and_warm_starts_equal_one_fit(cls, name):
    augmentation = AUGMENTATIONS[name]()
    if "image_shape" in augmentation.get_params():
        augmentation.set_params(image_shape=(4, 6))
    once = model(cls, augmentation, max_iter=4).fit(X, LABELS)
    assert once.loss_curve_ != model(cls, None, max_iter=4).fit(X, LABELS).loss_curve_
    calls = model(cls, augmentation, max_iter=4)
    first = {"classes": [0, 1, 2]} if hasattr(once, "classes_") else {}
    for _ in range(4):
        calls.partial_fit(X, LABELS, **first)
        calls = pickle.loads(pickle.dumps(calls))
    assert_same(once, calls)
    warm = model(cls, augmentation, max_iter=2, warm_start=True).fit(X, LABELS)
    assert_same(once, pickle.loads(pickle.dumps(warm)).fit(X, LABELS))


@EVERY
def test_users_objects_stay_as_they_are_and_are_cloned(cls):
    augmentation = RandomShift(1, image_shape=(4, 6))
    fitted = model(cls, augmentation).fit(X, LABELS)
    assert fitted.augmentation is augmentation
    twin = clone(fitted)
    assert twin.augmentation is not augmentation
    assert twin.set_params(augmentation__max_shift=2).augmentation.max_shift == 2
    assert (augmentation.max_shift, augmentation.image_shape) == (1, (4, 6))


# -- users -----------------------------------------------------------------------------------------


def test_searches_over_augmentations():
    digits, digit = load_digits(n_class=5, return_X_y=True)
    x, names = digits[:200].reshape(-1, 8, 8) / 16, digit[:200].astype(str)
    maps = {"input_shape": (8, 8), "conv_layers": ((6, 3),)}
    params = {**ANY, **maps, "max_iter": 6, "learning_rate_init": 0.01}
    cnn = CNNClassifier((16,), augmentation=RandomShift(), **params)
    for grid in ({"augmentation__max_shift": [1, 3]}, {"augmentation": [None, "random_zoom"]}):
        search = GridSearchCV(cnn, grid, cv=2).fit(x.reshape(-1, 64), names)
        assert len(set(search.cv_results_["mean_test_score"])) == 2
    assert cnn.augmentation.max_shift == 2


def test_shifts_teach_where_digits_may_be():
    digits, digit = load_digits(n_class=4, return_X_y=True)
    x, moved = digits / 16, np.roll(digits.reshape(-1, 8, 8) / 16, 1, axis=2).reshape(-1, 64)
    params = {**ANY, "max_iter": 25, "learning_rate_init": 0.01, "batch_size": 50}
    scores = []
    for what in (None, RandomShift(1, image_shape=(8, 8))):
        fitted = MLPClassifier((32,), augmentation=what, **params)
        fitted.fit(x[:400], digit[:400])
        scores.append(fitted.score(moved[400:], digit[400:]))
    assert scores[1] > scores[0] + 0.05


# -- bad calls -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor, Autoencoder])
@pytest.mark.parametrize("name", ["mixup", "gaussian_noise"])
def test_sparse_inputs_are_refused(cls, name):
    with pytest.raises(ValueError, match="needs a dense X, but X is sparse"):
        model(cls, name).fit(csr_array(X), LABELS)


def test_a_constant_of_no_augmentation():
    with pytest.raises(ValueError, match="augmentation__max_shift cannot be set while"):
        MLPClassifier().set_params(augmentation__max_shift=1)
