"""Wrong parameters: every one has its row of bad values, with error type and words."""

import copy
from functools import cache

import numpy as np
import pytest

from skdeep import MLPClassifier, MLPRegressor
from skdeep.activations import ELU, LeakyReLU, Maxout, Tanh
from skdeep.initializers import Normal
from skdeep.losses import Huber, Quantile
from skdeep.optimizers import LBFGS, Adam, LineSearch, Momentum
from skdeep.schedules import Cosine, OneCycle, StepDecay, Warmup

inf, nan = np.inf, np.nan
X = np.random.default_rng(0).standard_normal((30, 4))
LABELS = np.arange(30) % 3
NOT_CHECKED = {"random_state", "scoring"}  # only where they are used; see test_bad_calls

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
        (["auto"], ValueError, "each layer, the output layer included, that is 2; got 1 in"),
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
    "class_weight": [
        ("balance", ValueError, "must be None, 'balanced' or a dict, got 'balance'"),
        ([1, 2, 3], ValueError, "must be None, 'balanced' or a dict, got [1, 2, 3]"),
        ({7: 2}, ValueError, "class_weight names the unknown class(es) [7]; the classes are [0, 1"),
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
}


def table():
    for cls in (MLPClassifier, MLPRegressor):
        for name in sorted(cls().get_params().keys() & PARAMETERS):
            for value, error, words in PARAMETERS[name]:
                id = f"{cls.__name__[3:6]} {name}={value!r:.30}"
                yield pytest.param(cls, {name: value}, error, words, id=id)


@cache
def trained(cls):
    model = cls((5,), random_state=0, max_iter=3, n_iter_no_change=inf, warm_start=True)
    return model.fit(X, LABELS)


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
@pytest.mark.parametrize(("cls", "params", "error", "words"), table())
@pytest.mark.parametrize("is_fitted", [False, True])
def test_a_wrong_parameter_is_refused(is_fitted, cls, params, error, words, method, refused):
    model = copy.deepcopy(trained(cls)) if is_fitted else cls((5,))
    model.set_params(**params)
    first = {"classes": [0, 1, 2]} if method == "partial_fit" and cls is MLPClassifier else {}
    refused(model, lambda: getattr(model, method)(X, LABELS, **first), error, words)


@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
def test_every_parameter_has_a_row(cls):
    assert cls().get_params().keys() - PARAMETERS.keys() == NOT_CHECKED
