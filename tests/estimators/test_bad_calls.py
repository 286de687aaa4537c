"""One table of bad calls: what is wrong, the exact error type, and words of the message."""

import copy
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.exceptions import NotFittedError

from skdeep import MLPClassifier, MLPRegressor

inf, nan = np.inf, np.nan
X = np.random.default_rng(0).standard_normal((30, 4))
LABELS, VALUES = np.arange(30) % 3, np.abs(X[:, 0]) + 1
C, R = (MLPClassifier,), (MLPRegressor,)
FIT, WARM = ("fit", "warm"), ("warm",)
PARTIAL, FIRST, CALL = ("partial_fit",), ("first",), ("partial_fit", "first")


class Bad(NamedTuple):
    """Parameters to set, data to pass, and where that is an error."""

    error: type
    words: str
    params: dict = {}
    data: dict = {}
    methods: tuple = FIT + CALL
    models: tuple = C + R


def but(values, replacement):
    """Return the values with another one in the place of the first."""
    changed = np.array(values, dtype=float)
    changed[0] = replacement
    return changed


LBFGS, ES, NO_HIDDEN = {"optimizer": "lbfgs"}, {"early_stopping": True}, {"hidden_layer_sizes": ()}
NAN, ONES = but(X, nan), np.ones(30)
VAL_C, VAL_R = {"X_val": X, "y_val": LABELS}, {"X_val": X, "y_val": VALUES}

# fmt: off
CALLS = {
    # data
    "X nan": Bad(ValueError, "Input X contains NaN", data={"X": NAN}),
    "X inf": Bad(ValueError, "Input X contains infinity", data={"X": but(X, inf)}),
    "X sparse inf": Bad(ValueError, "X contains infinity", data={"X": csr_array(but(X, inf))}),
    "X 1-D": Bad(ValueError, "Expected 2D array, got 1D array", data={"X": X[:, 0]}),
    "X 3-D": Bad(ValueError, "Found array with dim 3", data={"X": X[None]}),
    "X strings": Bad(ValueError, "not compatible with arrays of bytes/strings", {}, {"X": [["a"]]}),
    "X complex": Bad(ValueError, "Complex data not supported", data={"X": X + 1j}),
    "X empty": Bad(ValueError, "Found array with 0 sample(s)", data={"X": X[:0], "y": []}),
    "X no features": Bad(ValueError, "Found array with 0 feature(s)", data={"X": X[:, :0]}),
    "X too large": Bad(ValueError, "X contains a value too large for float32", {}, {"X": X * 1e50}),
    "X other rows": Bad(ValueError, "inconsistent numbers of samples", data={"X": X[:20]}),
    "y none": Bad(ValueError, "requires y to be passed, but the target y is None", {}, {"y": None}),
    "y nan": Bad(ValueError, "Input y contains NaN", data={"y": but(VALUES, nan)}),
    "y inf": Bad(ValueError, "Input y contains infinity", data={"y": but(VALUES, inf)}),
    "y 3-D": Bad(ValueError, "Found array with dim 3", data={"y": np.ones((30, 2, 2))}),
    "y continuous": Bad(ValueError, "Unknown label type: continuous", {}, {"y": X[:, 0]}, FIT, C),
    "y columns of classes": Bad(
        ValueError, "only one multi-class column", {}, {"y": np.c_[LABELS, LABELS]}, FIT, C
    ),
    "y columns later": Bad(
        ValueError, "y holds 2 columns, but the model was made for one label a row", {},
        {"y": np.c_[LABELS, LABELS]}, PARTIAL, C
    ),
    "y too large": Bad(
        ValueError, "y contains a value too large for float32", {"target_scaling": None},
        {"y": VALUES * 1e50}, (*FIT, *FIRST), R
    ),
    "y too large later": Bad(
        ValueError, "y, y_val or target_noise is too large for float32 in units of the spread", {},
        {"y": VALUES * 1e50}, (*WARM, *PARTIAL), R
    ),
    "y too large for doubles": Bad(
        ValueError, "is too large for float32", {}, {"y": but(-1e307 * ONES, 1.79e308)}, models=R
    ),
    "y_val too large": Bad(
        ValueError, "y, y_val or target_noise is too large for float32", {},
        {**VAL_R, "y_val": VALUES * 1e50}, FIT, R
    ),
    "y_val too large unscaled": Bad(
        ValueError, "y_val contains a value too large for float32", {"target_scaling": None},
        {**VAL_R, "y_val": VALUES * 1e50}, ("fit",), R
    ),
    "noise too large": Bad(
        ValueError, "y, y_val or target_noise is too large for float32", {"target_noise": 1e50},
        models=R
    ),
    "noise beyond doubles in units of y": Bad(
        ValueError, "y, y_val or target_noise is too large for float32", {"target_noise": 1e300},
        {"y": VALUES * 1e-300}, models=R
    ),
    "y strings": Bad(
        ValueError, "y must be a dense array of numbers for a regression, got ndarray of type <U1",
        {}, {"y": ["a"] * 30}, models=R
    ),
    "y sparse": Bad(
        ValueError, "y must be a dense array of numbers", {}, {"y": csr_array(X)}, FIT, R
    ),
    "y outputs later": Bad(
        ValueError, "y must have 1 outputs as in training, got 4", {}, {"y": X}, PARTIAL, R
    ),
    "y negative": Bad(
        ValueError, 'loss="poisson" needs targets y >= 0, but y holds -5', {"loss": "poisson"},
        {"y": but(VALUES, -5)}, (*FIT, *FIRST), R
    ),
    # weights
    "weight nan": Bad(ValueError, "sample_weight contains NaN", {}, {"sample_weight": NAN[:, 0]}),
    "weight inf": Bad(ValueError, "contains infinity", {}, {"sample_weight": but(ONES, inf)}),
    "weight negative": Bad(
        ValueError, "sample_weight must not be negative, but holds -2", {},
        {"sample_weight": but(ONES, -2)}
    ),
    "weights zero": Bad(
        ValueError, "sample_weight must not be all zero", {}, {"sample_weight": 0 * ONES}
    ),
    "weights 2-D": Bad(
        ValueError, "of shape (n_samples,); got shape (30, 1)", {}, {"sample_weight": ONES[:, None]}
    ),
    "weights length": Bad(
        ValueError, "sample_weight must have 30 entries, one for each row; got 29", {},
        {"sample_weight": ONES[:29]}
    ),
    "weights text": Bad(ValueError, "could not convert", {}, {"sample_weight": ["a"] * 30}),
    "weights of labels": Bad(
        ValueError, "a list with a dict such as {0: 1, 1: 5} for each of the 2 labels, got {0: 1}",
        {"class_weight": {0: 1}}, {"y": np.c_[LABELS > 0, LABELS > 1].astype(int)}, FIT, C
    ),
    # validation data
    "X_val alone": Bad(ValueError, "go together, but y_val is not given", {}, {"X_val": X}, FIT),
    "y_val alone": Bad(ValueError, "but X_val is not given", {}, {"y_val": LABELS}, FIT),
    "weight_val alone": Bad(
        ValueError, "sample_weight_val is given, but X_val and y_val are not", {},
        {"sample_weight_val": ONES}, FIT
    ),
    "X_val features": Bad(
        ValueError, "X_val: X has 3 features, but MLP", {}, {**VAL_C, "X_val": X[:, :3]}, FIT
    ),
    "X_val nan": Bad(ValueError, "X_val: Input X cont", {}, {**VAL_C, "X_val": NAN}, FIT),
    "y_val nan": Bad(ValueError, "y_val: Input y cont", {}, {**VAL_C, "y_val": NAN[:, 0]}, FIT),
    "y_val length": Bad(
        ValueError, "y_val: Found input variables with inconsistent numbers of samples: [30, 9]",
        {}, {**VAL_C, "y_val": LABELS[:9]}, FIT
    ),
    "y_val class": Bad(
        ValueError, "y_val holds the unseen class(es) [3]; the known classes are [0, 1, 2]", {},
        {**VAL_C, "y_val": LABELS + 1}, FIT, C
    ),
    "y_val outputs": Bad(
        ValueError, "y_val must have 1 outputs as in training, got 4", {}, {**VAL_R, "y_val": X},
        FIT, R
    ),
    "one row_val": Bad(
        ValueError, "not defined on one validation row", {}, {"X_val": X[:1], "y_val": [1]}, FIT, R
    ),
    "weight_val zero": Bad(
        ValueError, "sample_weight_val must not be all zero", {},
        {**VAL_C, "sample_weight_val": 0 * ONES}, FIT
    ),
    "too few rows": Bad(
        ValueError, "validation_fraction=0.1 of 1 rows leaves too few rows", ES,
        {"X": X[:1], "y": [1.0]}, FIT, R
    ),
    "scoring nan": Bad(
        ValueError, "scoring gave nan", {**ES, "scoring": lambda *args: nan}, {}, FIT
    ),
    "scoring unknown": Bad(
        ValueError, "Unknown scoring 'acc'; known are accuracy,", {**ES, "scoring": "acc"}, {}, FIT
    ),
    "scoring number": Bad(
        TypeError, "scoring must be None, a name, a callable, a list of names or a dict of names "
        "and callables, got 3", {**ES, "scoring": 3}, {}, FIT
    ),
    "scoring list empty": Bad(
        ValueError, "scoring=[] is empty", {**ES, "scoring": []}, {}, FIT
    ),
    "scoring list unknown": Bad(
        ValueError, "Unknown scoring 'acc'; known are", {**ES, "scoring": ["r2", "acc"]}, {}, FIT
    ),
    "scoring list of callables": Bad(
        TypeError, "scoring as a list must hold names, got <built-in function max>",
        {**ES, "scoring": ["r2", max]}, {}, FIT
    ),
    "scoring twice": Bad(
        ValueError, "scoring=['r2', 'r2'] holds a name twice", {**ES, "scoring": ["r2", "r2"]}, {},
        FIT
    ),
    "scoring name taken": Bad(
        ValueError, "scoring has the name 'loss', but 'validation_loss' of history_ is taken",
        {**ES, "scoring": {"loss": "r2"}}, {}, FIT
    ),
    "scoring name of no string": Bad(
        TypeError, "scoring must have names that are strings, got 1", {**ES, "scoring": {1: "r2"}},
        {}, FIT
    ),
    "scoring None in a dict": Bad(
        TypeError, "scoring must hold names and callables", {**ES, "scoring": {"a": None}}, {}, FIT
    ),
    "unused scoring list": Bad(
        ValueError, "scoring=['r2'] has no effect without validation", {"scoring": ["r2"]}, {}, FIT
    ),
    # options without effect
    "unused scoring": Bad(
        ValueError, "scoring='r2' has no effect without validation", {"scoring": "r2"}, {}, FIT
    ),
    "unused dropout": Bad(
        ValueError, "dropout=0.5 has no effect without hidden", {**NO_HIDDEN, "dropout": 0.5}
    ),
    "unused activation": Bad(
        ValueError, "Unknown activation 'rleu'", {**NO_HIDDEN, "activation": "rleu"}
    ),
    **{
        f"lbfgs {name}": Bad(
            ValueError, f"{name}={value!r} has no effect with optimizer='lbfgs', which",
            {**LBFGS, name: value}, {}, FIT
        )
        for name, value in {
            "dropout": [0.1], "input_dropout": 0.1, "input_noise": 0.1, "clip_norm": 1.0,
            "max_norm": 1.0, "learning_rate": "step",
        }.items()
    },
    "lbfgs noise": Bad(ValueError, "target_noise=1 has", {**LBFGS, "target_noise": 1}, {}, FIT, R),
    # partial_fit
    **{
        f"partial {name}": Bad(
            ValueError, f"partial_fit does not work with {name}={value!r}: ",
            {name: value}, methods=CALL,
        )
        for name, value in {**ES, "learning_rate": "validation", "scoring": "r2"}.items()
    },
    "partial balanced": Bad(
        ValueError, "class_weight='balanced' does not work with partial_fit",
        {"class_weight": "balanced"}, {}, CALL, C
    ),
    "no classes": Bad(
        ValueError, "classes must be passed on the first call", {}, {"classes": None}, FIRST, C
    ),
    "label classes": Bad(
        ValueError, "classes=[0, 1] do not suit multi-label targets", {},
        {"y": (X > 0).astype(int), "classes": [0, 1]}, FIRST, C
    ),
    "other classes": Bad(
        ValueError, "classes=[0, 1] are not those of the first call of partial_fit, [0, 1, 2]", {},
        {"classes": [0, 1]}, PARTIAL, C
    ),
    "unseen class": Bad(
        ValueError, "y holds the unseen class(es) [3]; the known classes are [0, 1, 2]", {},
        {"y": LABELS + 1}, CALL, C
    ),
    "features later": Bad(ValueError, "X has 3 features, but", {}, {"X": X[:, :3]}, PARTIAL),
    # warm starts
    **{
        f"changed {what} {[*params, *data]}": Bad(
            ValueError, f"changed network: {what} was", params, data, WARM, models
        )
        for what, params, data, models in [
            ("hidden layers", {"hidden_layer_sizes": (4,)}, {}, C + R),
            ("hidden layers", {"activation": "tanh"}, {}, C + R),
            ("n_features", {}, {"X": X[:, :3]}, C + R),
            ("dtype", {"dtype": "float64"}, {}, C + R),
            ("n_outputs", {}, {"y": X}, R),
            ("loss", {"loss": "huber"}, {}, R),
            ("target_scaling", {"target_scaling": None}, {}, R),
        ]
    },
    "new classes": Bad(
        ValueError, "model was trained on the classes [0, 1, 2], but y holds the classes [0, 2, 4]",
        {}, {"y": LABELS * 2}, WARM, C
    ),
    "fewer classes": Bad(
        ValueError, "the classes [0, 1, 2], but y holds the classes [False, True]. To start anew,",
        {}, {"y": LABELS > 0}, WARM, C
    ),
    "labels for classes": Bad(
        ValueError, "trained on the classes [0, 1, 2], but y holds the columns of labels [0, 1, 2]",
        {}, {"y": (X > 0)[:, :3].astype(int)}, WARM, C
    ),
    "changed layers": Bad(ValueError, "hidden layers was", {"hidden_layer_sizes": 4}, {}, PARTIAL),
    "changed loss": Bad(ValueError, "changed network: loss was", {"loss": "huber"}, {}, PARTIAL, R),
    "changed scaling": Bad(
        ValueError, "network: target_scaling was standard, and is now None",
        {"target_scaling": None}, {}, PARTIAL, R
    ),
}
# fmt: on


def table():
    for name, bad in CALLS.items():
        for cls in bad.models:
            for method in bad.methods:
                yield pytest.param(bad, cls, method, id=f"{cls.__name__[3:6]} {method} {name}")


@cache
def trained(cls):
    model = cls((5,), random_state=0, max_iter=3, n_iter_no_change=np.inf)
    return model.partial_fit(X, VALUES) if cls in R else model.partial_fit(X, LABELS, [0, 1, 2])


@pytest.mark.parametrize(("bad", "cls", "method"), table())
def test_a_bad_call_is_refused(bad, cls, method, refused):
    model = cls((5,), random_state=0) if method == "first" else copy.deepcopy(trained(cls))
    model.set_params(warm_start=method == "warm", **bad.params)
    data = {"X": X, "y": VALUES if cls in R else LABELS, **bad.data}
    if method == "first" and cls in C:
        data.setdefault("classes", [0, 1, 2])
    call = model.fit if method in FIT else model.partial_fit
    refused(model, lambda: call(**data), bad.error, bad.words)
    if method != "first":
        np.testing.assert_array_equal(model.predict(X), trained(cls).predict(X))


PREDICTIONS = {
    "features": (X[:, :3], "X has 3 features, but MLPClassifier is expecting 4 features"),
    "nan": (NAN, "Input X contains NaN"),
    "too large": (X * 1e50, "X contains a value too large for float32; scale X or set"),
    "1-D": (X[0], "Expected 2D array, got 1D array"),
}


@pytest.mark.parametrize(("x", "words"), PREDICTIONS.values(), ids=PREDICTIONS)
@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_log_proba"])
def test_bad_inputs_of_predictions(method, x, words, refused):
    model = trained(MLPClassifier)
    refused(model, lambda: getattr(model, method)(x), ValueError, words)


@pytest.mark.parametrize("name", ["predict", "predict_proba", "coefs_", "history_", "classes_"])
def test_nothing_is_there_before_fit(name):
    with pytest.raises(NotFittedError, match="This MLPClassifier instance is not fitted yet"):
        getattr(MLPClassifier(), name)(X)
