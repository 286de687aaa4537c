"""Wrong parameters: every one has its row of bad values, with error type and words."""

import copy
from functools import cache

import numpy as np
import pytest
from sklearn.base import is_classifier

from skdeep import (
    Autoencoder,
    Checkpoint,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
)
from skdeep.activations import ELU, LeakyReLU, Maxout, Tanh
from skdeep.augmentation import Compose, Mixup, RandomShift
from skdeep.initializers import Normal
from skdeep.losses import Huber, Quantile
from skdeep.optimizers import LBFGS, Adam, LineSearch, Momentum
from skdeep.schedules import Cosine, OneCycle, StepDecay, Warmup
from skdeep.training import Observer

inf, nan = np.inf, np.nan
X = np.random.default_rng(0).standard_normal((30, 4))
LABELS = np.arange(30) % 3
NOT_CHECKED = {"scoring"}  # only where they are used; see test_bad_calls
NO_MAPS = {"conv_layers": ()}
ESTIMATORS = {  # each with what leaves it one hidden layer
    MLPClassifier: {},
    MLPRegressor: {},
    CNNClassifier: NO_MAPS,
    CNNRegressor: NO_MAPS,
    Autoencoder: {"tied_weights": False},  # tied layers know each other: a circle to ``frozen``
}

PARAMETERS = {
    "hidden_layer_sizes": [
        (0, ValueError, "every entry of hidden_layer_sizes must be an integer in [1, inf), got 0"),
        ((5, -1), ValueError, "hidden_layer_sizes must be an integer in [1, inf), got -1"),
        ((5.0,), TypeError, "hidden_layer_sizes must be an integer in [1, inf), got 5.0 of type"),
        (True, TypeError, "hidden_layer_sizes must be an integer or a sequence of integers, got"),
        ("100", TypeError, "hidden_layer_sizes must be an integer or a sequence of integers, got"),
        (None, TypeError, "hidden_layer_sizes must be an integer or a sequence of integers, got"),
    ],
    "activation": [
        ("rleu", ValueError, "Unknown activation 'rleu'; known are elu, gelu,"),
        (Tanh, TypeError, "activation must be a name or an object of a subclass of"),
        (None, TypeError, "Activation, got None; known names are"),
        (["relu", "relu"], ValueError, "one entry for each hidden layer, that is 1; got 2 in"),
        (["rleu"], ValueError, "Unknown activation 'rleu'; known are"),
        (LeakyReLU(slope="a"), TypeError, "LeakyReLU: slope must be a number"),
        (ELU(a=-1), ValueError, "ELU: a must be a number in (0, inf), got -1"),
        (Maxout(pieces=1), ValueError, "Maxout: pieces must be an integer in [2, inf), got 1"),
    ],
    "init": [
        ("hee", ValueError, "Unknown init 'hee'; known are constant,"),
        (Normal, TypeError, "Initializer, got the class Normal; known names are"),
        (["auto"] * 3, ValueError, "init must have one entry for each layer"),
        (Normal(scale=-1), ValueError, "Normal: scale must be a number in [0, inf), got -1"),
    ],
    "bias_init": [
        (inf, ValueError, "bias_init must be a number in (-inf, inf), got inf"),
        ("0", TypeError, "bias_init must be a number in (-inf, inf), got '0' of type str"),
    ],
    "optimizer": [
        ("adma", ValueError, "Unknown optimizer 'adma'; known are adadelta,"),
        (Adam, TypeError, "Optimizer, got the class Adam; known names are"),
        (Adam(beta_1=1.0), ValueError, "Adam: beta_1 must be a number in [0, 1), got 1.0"),
        (Adam(epsilon=None), TypeError, "Adam: epsilon must be a number in [1e-30, inf), got None"),
        (Momentum(momentum=nan), ValueError, "Momentum: momentum must be a number in [0, 1), got"),
        (LineSearch(factors=()), TypeError, "factors must be a sequence of positive numbers, got"),
        (
            LineSearch(factors=(1, 0)),
            ValueError,
            "every factor must be a number in (0, inf), got 0",
        ),
        (LBFGS(max_fun=0), ValueError, "LBFGS: max_fun must be an integer in [1, inf), got 0"),
    ],
    "learning_rate": [
        ("cosin", ValueError, "Unknown learning_rate 'cosin'; known are adaptive,"),
        (0.1, TypeError, "Schedule, got 0.1; known names are"),
        (Cosine, TypeError, "Schedule, got the class Cosine; known names are"),
        (StepDecay(every=0), ValueError, "StepDecay: every must be an integer in [1, inf), got 0"),
        (OneCycle(warmup=1), ValueError, "OneCycle: warmup must be a number in (0, 1), got 1"),
        (Warmup("cosinus"), ValueError, "Unknown learning_rate 'cosinus'; known are adaptive, "),
    ],
    "learning_rate_init": [
        (0, ValueError, "learning_rate_init must be a number in (0, inf), got 0"),
        (nan, ValueError, "learning_rate_init must be a number in (0, inf), got nan"),
        (None, TypeError, "learning_rate_init must be a number in (0, inf), got None of type"),
    ],
    "batch_size": [
        (0, ValueError, "batch_size must be an integer in [1, inf) or 'auto' or 'full', got 0"),
        (2.0, TypeError, "batch_size must be an integer in [1, inf) or 'auto' or 'full', got 2.0"),
        ("all", TypeError, "or 'auto' or 'full', got 'all' of type str"),
    ],
    "max_iter": [
        (0, ValueError, "max_iter must be an integer in [1, inf), got 0"),
        (1.5, TypeError, "max_iter must be an integer in [1, inf), got 1.5 of type float"),
    ],
    "shuffle": [(1, TypeError, "shuffle must be True or False, got 1 of type int")],
    "alpha": [
        (-1e-4, ValueError, "alpha must be a number in [0, inf), got -0.0001"),
        (True, TypeError, "alpha must be a number in [0, inf), got True of type bool"),
    ],
    "l1_ratio": [(1.1, ValueError, "l1_ratio must be a number in [0, 1], got 1.1")],
    "max_norm": [(0, ValueError, "max_norm must be a number in (0, inf) or None, got 0")],
    "clip_norm": [(-1, ValueError, "clip_norm must be a number in (0, inf) or None, got -1")],
    "dropout": [
        (1.0, ValueError, "dropout must be a number in [0, 1), got 1.0"),
        ("0.5", TypeError, "dropout must be a number in [0, 1), got '0.5' of type str"),
        ([0.5, 0.5], ValueError, "one entry for each hidden layer, that is 1; got 2 in [0.5, 0.5]"),
        ([[0.5]], TypeError, "dropout must be a number in [0, 1), got [0.5] of type list"),
    ],
    "input_dropout": [(1, ValueError, "input_dropout must be a number in [0, 1), got 1")],
    "input_noise": [(-1, ValueError, "input_noise must be a number in [0, inf), got -1")],
    "label_smoothing": [(1, ValueError, "label_smoothing must be a number in [0, 1), got 1")],
    "target_noise": [(inf, ValueError, "target_noise must be a number in [0, inf), got inf")],
    "target_scaling": [
        ("minmax", ValueError, "target_scaling must be one of 'standard', None, got 'minmax'"),
        (True, ValueError, "target_scaling must be one of 'standard', None, got True"),
    ],
    "augmentation": [
        ("cutout", ValueError, "Unknown augmentation 'cutout'; known are gaussian_noise, mixup,"),
        (Mixup, TypeError, "got the class Mixup; known names are gaussian_noise, mixup, random_"),
        (["mixup"], TypeError, "augmentation must be a name or an object of a subclass of skdeep."),
        (False, TypeError, "Augmentation, got False; known names are"),
        (Mixup(alpha=0), ValueError, "Mixup: alpha must be a number in (0, inf), got 0"),
        (Compose([]), ValueError, "Compose: steps must hold at least one augmentation, got none"),
        (RandomShift(4, (4,)), ValueError, "would move images of 1 x 4 pixels out of view; it"),
        (RandomShift(1, (2, 3)), ValueError, "of shape (2, 3) have 6 numbers, but X has 4"),
    ],
    "skip_connections": [
        (True, ValueError, "skip_connections=True has no effect: no hidden layer has outputs"),
        (1, TypeError, "skip_connections must be True or False, got 1 of type int"),
    ],
    "input_shape": [
        ((2, 3), ValueError, "input_shape=(2, 3) means 6 features, but X has 4; give (length,),"),
        (5, ValueError, "input_shape=5 means 5 features, but X has 4"),
        ((-2, -2), ValueError, "input_shape: every entry must be an integer in [1, inf), got -2"),
        ((2.0, 2), TypeError, "input_shape: every entry must be an integer in [1, inf), got 2.0"),
        ((), TypeError, "or (height, width, channels), got ()"),
        ((1, 2, 2, 1), TypeError, "or (height, width, channels), got (1, 2, 2, 1)"),
        (True, TypeError, "or (height, width, channels), got True"),
        ("2x2", TypeError, "or (height, width, channels), got '2x2'"),
    ],
    "conv_layers": [
        (5, TypeError, "conv_layers must be a sequence with an entry (filters, kernel size) or"),
        (None, TypeError, "size, stride) for each layer, e.g. ((32, 3), (64, 3)), got None"),
        ((32, 3), TypeError, "size, stride) for each layer, e.g. ((32, 3), (64, 3)), got (32, 3)"),
        (((32,),), ValueError, "for each layer, e.g. ((32, 3), (64, 3)), got ((32,),)"),
        (((4, 3, 1, 1),), ValueError, "((32, 3), (64, 3)), got ((4, 3, 1, 1),)"),
        (((0, 3),), ValueError, "number in conv_layers must be an integer in [1, inf), got 0"),
        (((4, 0),), ValueError, "number in conv_layers must be an integer in [1, inf), got 0"),
        (((4, 3, 0),), ValueError, "number in conv_layers must be an integer in [1, inf), got 0"),
        (((4, 3.0),), TypeError, "number in conv_layers must be an integer in [1, inf), got 3.0"),
        (((4, (1, 2, 3)),), ValueError, "must be one number, or (height, width), got (1, 2, 3)"),
        (((4, (3, 3)),), ValueError, "A kernel of 3 x 3 does not suit signals; give its length as"),
        (((4, 3, (2, 1)),), ValueError, "A stride of 2 x 1 does not suit signals; give its length"),
        (
            ((4, 3, (2, 0)),),
            ValueError,
            "number in conv_layers must be an integer in [1, inf), got 0",
        ),
        (((4, 3, (1, 1, 1)),), ValueError, "a stride in conv_layers must be one number, or (heigh"),
    ],
    "pool_size": [
        (0, ValueError, "pool_size must be an integer in [1, inf), got 0"),
        (2.0, TypeError, "pool_size must be an integer in [1, inf), got 2.0 of type float"),
        (None, TypeError, "pool_size must be an integer in [1, inf), got None"),
        (True, TypeError, "pool_size must be an integer in [1, inf), got True of type bool"),
        ((2,), ValueError, "one entry for each convolution layer, that is 0; got 1 in (2,)"),
    ],
    "padding": [
        ("full", ValueError, "padding must be one of 'same', 'valid', got 'full'"),
        (1, ValueError, "padding must be one of 'same', 'valid', got 1"),
    ],
    "pooling": [("mean", ValueError, "pooling must be one of 'max', 'average', got 'mean'")],
    "tied_weights": [(0, TypeError, "tied_weights must be True or False, got 0 of type int")],
    "class_weight": [
        ("balance", ValueError, "must be None, 'balanced' or a dict, got 'balance'"),
        ([1, 2, 3], ValueError, "must be None, 'balanced' or a dict, got [1, 2, 3]"),
        ({0: -1}, ValueError, "must hold finite numbers >= 0, got -1 for class 0"),
        ({0: "a"}, ValueError, "must hold finite numbers >= 0, got 'a' for class 0"),
        (dict.fromkeys(range(3), 0), ValueError, "times class_weight must not be all zero"),
    ],
    "loss": [
        ("mse", ValueError, "Unknown loss 'mse'; known are absolute_error,"),
        (Huber, TypeError, "Loss, got the class Huber; known names are"),
        (Huber(delta=0), ValueError, "Huber: delta must be a number in (0, inf), got 0"),
        (Quantile(quantile=1), ValueError, "quantile must be a number in (0, 1), got 1"),
    ],
    "tol": [(-1, ValueError, "tol must be a number in [0, inf), got -1")],
    "n_iter_no_change": [
        (0, ValueError, "n_iter_no_change must be an integer in [1, inf) or inf, got 0"),
        (2.5, TypeError, "n_iter_no_change must be an integer in [1, inf) or inf, got 2.5 of type"),
    ],
    "early_stopping": [("yes", TypeError, "early_stopping must be True or False, got 'yes'")],
    "validation_fraction": [(1, ValueError, "validation_fraction must be a number in (0, 1), got")],
    "warm_start": [(None, TypeError, "warm_start must be True or False, got None")],
    "dtype": [
        ("float16", ValueError, "dtype must be one of 'auto', 'float32', 'float64', got 'float16'"),
        (np.float32, ValueError, "dtype must be one of 'auto', 'float32', 'float64', got <class"),
    ],
    "verbose": [
        (-1, ValueError, "verbose must be an integer in [0, inf) or False or True, got -1"),
        ("no", TypeError, "verbose must be an integer in [0, inf) or False or True, got 'no'"),
    ],
    "callbacks": [
        (5, TypeError, "callbacks must be None or a list of observers, got 5."),
        (Observer(), TypeError, "Write callbacks=[<skdeep.training.observers.Observer object"),
        ([Observer(), print], TypeError, "of subclasses of skdeep.training.Observer, such as"),
        ([Checkpoint], TypeError, "Write Checkpoint(...)."),
    ],
    "random_state": [
        ("a", TypeError, "random_state must be None, an integer in [0, 2**32 - 1] or a numpy.ran"),
        (1.0, TypeError, "RandomState, got 1.0, of type float"),
        (True, TypeError, "RandomState, got True, of type bool"),
        (-1, ValueError, "RandomState, got -1."),
        (2**32, ValueError, "RandomState, got 4294967296."),
    ],
}


def table():
    for cls in ESTIMATORS:
        for name in sorted(cls().get_params().keys() & PARAMETERS):
            for value, error, words in PARAMETERS[name]:
                id = f"{cls.__name__} {name}={value!r:.30}"
                yield pytest.param(cls, {name: value}, error, words, id=id)


@cache
def trained(cls):
    options = {"random_state": 0, "max_iter": 3, "n_iter_no_change": inf, "warm_start": True}
    return cls((5,), **ESTIMATORS[cls], **options).fit(X, LABELS)


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@pytest.mark.parametrize(("cls", "params", "error", "words"), table())
@pytest.mark.parametrize("is_fitted", [False, True])
def test_a_wrong_parameter_is_refused(is_fitted, cls, params, error, words, method, refused):
    model = copy.deepcopy(trained(cls)) if is_fitted else cls((5,), **ESTIMATORS[cls])
    model.set_params(**params)
    if not hasattr(model, method):
        pytest.skip("there is no partial_fit with this optimizer")
    first = {"classes": [0, 1, 2]} if method == "partial_fit" and is_classifier(model) else {}
    refused(model, lambda: getattr(model, method)(X, LABELS, **first), error, words)


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_every_parameter_has_a_row(cls):
    assert cls().get_params().keys() - PARAMETERS.keys() == NOT_CHECKED


TWO_MAPS = {"conv_layers": ((2, 3), (2, 3))}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (MLPClassifier((5,), init=["auto"]), "the output layer included, that is 2; got 1 in"),
        (CNNRegressor((5,), init=["auto"] * 3, **TWO_MAPS), "that is 4; got 3 in"),
        (CNNRegressor((5,), ["relu"], **TWO_MAPS), "each hidden layer, that is 3; got 1 in"),
        (CNNRegressor((5,), dropout=[0.5] * 2, **TWO_MAPS), "each hidden layer, that is 3; got 2"),
        (CNNRegressor((5,), pool_size=[2], **TWO_MAPS), "each convolution layer, that is 2; got 1"),
        (CNNRegressor(pool_size=[2, 0], **TWO_MAPS), "pool_size must be an integer in [1, inf), "),
        (CNNRegressor(pool_size=(2, 1), **TWO_MAPS), "for both; write [2, 1] or [(2, 1), (2, 1)]."),
        (CNNRegressor(pool_size=[(2, 0), 1], **TWO_MAPS), "pool_size must be an integer in [1, in"),
        (
            CNNRegressor(pool_size=[(1, 1, 1), 1], **TWO_MAPS),
            "a pool size must be one number, or (",
        ),
        (CNNRegressor(pool_size=(2, 1)), "A pooling window of 2 x 1 does not suit signals"),
        (Autoencoder((5, 2), init=["auto"]), "each layer of the encoder, that is 2; got 1 in"),
        (Autoencoder((5, 2), ["relu"] * 3), "each hidden layer, that is 2; got 3 in"),
        (Autoencoder((5, 2), dropout=[0.5] * 3), "each hidden layer, that is 2; got 3 in"),
    ],
)
def test_lists_name_the_layers_of_the_estimator(model, words, refused):
    refused(model, lambda: model.fit(X, LABELS), ValueError, words)
