"""Cases of one fit each: architectures, kinds of data, noise, stopping and weights."""

import re
from contextlib import redirect_stdout
from functools import partial
from io import StringIO

import numpy as np
from sklearn.metrics import log_loss
from threadpoolctl import threadpool_limits

from bit_cases.tools import (
    BINARY,
    DIGITS,
    FORTRAN,
    LABELS,
    NAMED,
    NUMBERS,
    OUTPUTS,
    PERIODS,
    PIXELS,
    SPARSE,
    WEIGHTS,
    autoencoder,
    case,
    classifier,
    image_classifier,
    one_fit,
    regressor,
    signal_regressor,
)
from skdeep import MLPClassifier
from skdeep.activations import Maxout
from skdeep.initializers import Normal
from skdeep.optimizers import Momentum


def scored_by_log_loss(model, X, y):
    """Score as a callable of one's own."""
    return -log_loss(y, model.predict_proba(X), labels=model.classes_)


_CHANNELS = {"input_shape": (8, 4, 2), "pool_size": 2}
_DEEP = {"hidden_layer_sizes": (12,) * 4, "skip_connections": True}
_TWO = {"conv_layers": ((4, 3), (4, 3))}
_PER_LAYER = {
    "hidden_layer_sizes": (16, 12, 10),
    "activation": [Maxout(2), "prelu", "tanh"],
    "dropout": [0.3, 0.0, 0.1],
    "init": ["he_normal", "orthogonal", "auto", Normal(0.1)],
}
_NOISY = {"input_noise": 0.2, "input_dropout": 0.1, "dropout": 0.2}
_SPARSE_CODE = {"activation": ["relu", "sigmoid"], "tied_weights": False}
_ELASTIC = {"alpha": 0.05, "l1_ratio": 0.5}
_CLIPPED = {"clip_norm": 0.1, "optimizer": Momentum(0.8, initial_momentum=0.5)}
_WIDE = {"hidden_layer_sizes": (6000,), "max_iter": 2}  # so wide that rows go in several blocks
_LINEAR = {"hidden_layer_sizes": ()}
_WATCHED = {"early_stopping": True, "validation_fraction": 0.2, "max_iter": 12}
_CLASS_WEIGHT = {"class_weight": {0: 1.0, 1: 3.0}}

MODELS = {
    "two classes": (classifier(), BINARY),
    "two named classes": (classifier(), NAMED),
    "ten classes": (classifier(), DIGITS),
    "labels": (classifier(), LABELS),
    "one number": (regressor(), NUMBERS),
    "several numbers": (regressor(), OUTPUTS),
    "single-precision targets": (regressor(), NUMBERS._replace(y=NUMBERS.y.astype(np.float32))),
    "column of numbers": (regressor(), NUMBERS._replace(y=NUMBERS.y[:, None])),
    "one size, array of rates": (
        classifier(hidden_layer_sizes=14, dropout=np.array([0.2])),
        DIGITS,
    ),
    "defaults": (MLPClassifier(max_iter=12, random_state=0), DIGITS),
    "random_state as an object": (classifier(random_state=np.random.RandomState(3)), DIGITS),
    "images": (image_classifier(), DIGITS),
    "images, valid": (image_classifier(padding="valid", conv_layers=((5, (3, 2)),)), DIGITS),
    "images, average": (image_classifier(pooling="average", **_TWO), DIGITS),
    "images, average, uneven": (image_classifier(pooling="average", pool_size=3), DIGITS),
    "images, stride": (image_classifier(conv_layers=((6, 3, 2),), pool_size=1), DIGITS),
    "images, valid, stride": (
        image_classifier(conv_layers=((6, 3, 2),), pool_size=2, padding="valid"),
        DIGITS,
    ),
    "images of two channels": (image_classifier(**_CHANNELS, dropout=0.2), DIGITS),
    "images as an array of four axes": (
        image_classifier(input_shape=None),
        DIGITS._replace(X=DIGITS.X.reshape(-1, 8, 8, 1), X_new=DIGITS.X_new.reshape(-1, 8, 8, 1)),
    ),
    "images, double": (image_classifier(dtype="float64", **_ELASTIC), DIGITS),
    "images, lbfgs": (image_classifier(optimizer="lbfgs"), DIGITS),
    "images as integers": (image_classifier(learning_rate_init=0.001), PIXELS),
    "images, bounded": (image_classifier(max_norm=0.5, clip_norm=0.5), DIGITS),
    "images, noise": (image_classifier(**_NOISY, **_TWO, label_smoothing=0.1), DIGITS),
    "images, shortcuts": (image_classifier(pool_size=1, skip_connections=True, **_TWO), DIGITS),
    "signals": (signal_regressor(), PERIODS),
    "signals, valid": (signal_regressor(padding="valid", pooling="average"), PERIODS),
    "signals of two channels": (signal_regressor(input_shape=(12, 2), target_noise=0.1), PERIODS),
    "signals, classes": (image_classifier(input_shape=(64,), pool_size=3), DIGITS),
    "autoencoder": (autoencoder(), DIGITS),
    "autoencoder, free": (autoencoder(tied_weights=False, activation=["tanh", "prelu"]), DIGITS),
    "autoencoder, cross-entropy": (autoencoder(loss="cross_entropy", max_norm=1.0), DIGITS),
    "autoencoder, sparse code": (autoencoder(**_SPARSE_CODE, **_ELASTIC), DIGITS),
    "autoencoder, sparse X": (autoencoder(), SPARSE),
    "autoencoder, noise": (autoencoder(**_NOISY), DIGITS),
    "autoencoder, lbfgs": (autoencoder(optimizer="lbfgs"), DIGITS),
    "autoencoder, early stopping": (autoencoder(**_WATCHED), DIGITS),
    "per layer": (classifier(**_PER_LAYER), DIGITS),
    "noise": (classifier(**_NOISY, label_smoothing=0.1), DIGITS),
    "noise, double": (classifier(**_NOISY, dtype="float64"), BINARY),
    "noise on labels": (classifier(**_NOISY, label_smoothing=0.1), LABELS),
    "noise on numbers": (regressor(**_NOISY, target_noise=0.3), OUTPUTS),
    "shortcuts": (classifier(**_DEEP), DIGITS),
    "shortcuts, dropout": (classifier(**_DEEP, dropout=0.2, activation="tanh"), DIGITS),
    "shortcuts, per layer": (
        classifier(**_DEEP, activation=["relu", Maxout(2), "prelu", "gelu"]),
        DIGITS,
    ),
    "early stopping": (classifier(**_WATCHED, n_iter_no_change=2), BINARY),
    "early stopping, numbers": (regressor(**_WATCHED), NUMBERS),
    "early stopping, labels": (classifier(**_WATCHED), LABELS),
    "early stopping, lbfgs": (classifier(**_WATCHED, optimizer="lbfgs"), BINARY),
    "stopped by the loss": (classifier(n_iter_no_change=2, tol=0.1, max_iter=20), BINARY),
    "scoring by name": (classifier(**_WATCHED, scoring="balanced_accuracy"), BINARY),
    "scoring by function": (classifier(**_WATCHED, scoring=scored_by_log_loss), DIGITS),
    "class_weight": (classifier(**_CLASS_WEIGHT), BINARY),
    "class_weight balanced": (classifier(class_weight="balanced", **_WATCHED), BINARY),
    "sparse X": (classifier(), SPARSE),
    "sparse X, noise": (classifier(input_noise=0.1, activation="maxout"), SPARSE),
    "sparse X, masks": (classifier(input_dropout=0.2), SPARSE),
    "sparse X, lbfgs": (classifier(optimizer="lbfgs", **_ELASTIC), SPARSE),
    "integer X": (classifier(learning_rate_init=0.001), PIXELS),
    "bytes X": (classifier(), PIXELS._replace(X=PIXELS.X.astype(np.uint8))),
    "single X": (classifier(), DIGITS._replace(X=DIGITS.X.astype(np.float32))),
    "single X, unshuffled": (
        classifier(shuffle=False),
        DIGITS._replace(X=DIGITS.X.astype(np.float32)),
    ),
    "Fortran X": (classifier(), FORTRAN),
    "list X": (classifier(), DIGITS._replace(X=DIGITS.X.tolist())),
    "double": (classifier(dtype="float64"), DIGITS),
    "lbfgs, single": (classifier(optimizer="lbfgs", dtype="float32"), DIGITS),
    "elastic net": (classifier(optimizer="sgd", **_ELASTIC), DIGITS),
    "lasso, lbfgs": (regressor(optimizer="lbfgs", alpha=0.05, l1_ratio=1.0), NUMBERS),
    "no penalty": (classifier(alpha=0), DIGITS),
    "max_norm": (classifier(max_norm=0.5), DIGITS),
    "clip_norm, early momentum": (classifier(**_CLIPPED), DIGITS),
    "full batch": (classifier(batch_size="full", **_NOISY), DIGITS),
    "batches of one": (classifier(batch_size=1, max_iter=2), DIGITS),
    "batches of 37": (classifier(batch_size=37, dropout=0.3), DIGITS),
    "batches in order": (classifier(shuffle=False, batch_size=60), DIGITS),
    "rows in blocks": (classifier(**_WIDE, early_stopping=True, validation_fraction=0.9), DIGITS),
    "rows in blocks, lbfgs": (classifier(**_WIDE, optimizer="lbfgs"), DIGITS),
    "prediction in blocks": (
        classifier(hidden_layer_sizes=(6000,), batch_size=200, max_iter=1),
        DIGITS._replace(X_new=np.tile(DIGITS.X_new, (4, 1)), y_new=np.tile(DIGITS.y_new, 4)),
    ),
    "linear": (classifier(**_LINEAR, input_dropout=0.1), DIGITS),
    "linear, lbfgs": (regressor(**_LINEAR, optimizer="lbfgs", max_iter=50), NUMBERS),
    "linear, sparse": (classifier(**_LINEAR, optimizer="momentum", **_ELASTIC), SPARSE),
}

_VALIDATION = {"X_val": BINARY.X_new, "y_val": BINARY.y_new}
WITH_EXTRAS = {
    "sample_weight": (classifier(), DIGITS, {"sample_weight": WEIGHTS}),
    "sample_weight, lbfgs": (
        classifier(optimizer="lbfgs", class_weight="balanced"),
        BINARY,
        {"sample_weight": WEIGHTS},
    ),
    "sample_weight, noise": (classifier(**_NOISY, **_WATCHED), BINARY, {"sample_weight": WEIGHTS}),
    "sample_weight, sparse": (classifier(), SPARSE, {"sample_weight": WEIGHTS}),
    "sample_weight, images": (image_classifier(), DIGITS, {"sample_weight": WEIGHTS}),
    "sample_weight, labels": (classifier(), LABELS, {"sample_weight": WEIGHTS}),
    "sample_weight, rebuilt": (autoencoder(), DIGITS, {"sample_weight": WEIGHTS}),
    "X_val": (classifier(**_WATCHED), BINARY, _VALIDATION),
    "X_val, watched only": (classifier(), BINARY, _VALIDATION),
    "X_val, weighted": (
        classifier(**_WATCHED, scoring="accuracy"),
        BINARY,
        {**_VALIDATION, "sample_weight_val": WEIGHTS[:100]},
    ),
    "X_val, rebuilt": (autoencoder(**_WATCHED), DIGITS, {"X_val": DIGITS.X_new}),
}

for _name, (_model, _data) in MODELS.items():
    case(_name)(partial(one_fit, _model, _data))
for _name, (_model, _data, _extra) in WITH_EXTRAS.items():
    case(_name)(partial(one_fit, _model, _data, **_extra))


@case("two threads")
def _():
    model = classifier(**_WIDE, batch_size=200)
    with threadpool_limits(2):
        return one_fit(model, DIGITS)


@case("words while training")
def _():
    words = StringIO()
    with redirect_stdout(words):
        parts = one_fit(classifier(**_WATCHED, verbose=2), BINARY)
    return {**parts, "words": re.sub(r"[\d.]+ s$", "", words.getvalue(), flags=re.MULTILINE)}
