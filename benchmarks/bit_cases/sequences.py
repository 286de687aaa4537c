"""Cases of several calls: training that goes on, fails, is pickled or interrupted."""

import pickle
from copy import deepcopy

import numpy as np

from bit_cases.tools import (
    BINARY,
    COUNTS,
    DIGITS,
    LABELS,
    NUMBERS,
    OUTPUTS,
    PERIODS,
    SPARSE,
    WEIGHTS,
    autoencoder,
    case,
    classifier,
    image_classifier,
    outcome,
    regressor,
    signal_regressor,
    stages,
)
from skdeep.exceptions import DivergenceError
from skdeep.optimizers import LBFGS, Adam, Momentum
from skdeep.schedules import Schedule
from skdeep.training import milestones

_WATCHED = {"early_stopping": True, "validation_fraction": 0.2}
_OWN_VALIDATION = {"X_val": BINARY.X_new, "y_val": BINARY.y_new}
_NOISY = {"dropout": 0.2, "input_noise": 0.1, "input_dropout": 0.1, "augmentation": "mixup"}

GOING_ON = {
    "goes on": lambda: stages(classifier(max_iter=3), DIGITS, {}),
    "goes on with noise": lambda: stages(classifier(**_NOISY, max_iter=3), DIGITS, {}),
    "goes on, lbfgs": lambda: stages(classifier(optimizer="lbfgs"), BINARY, {}),
    "goes on from a minimum": lambda: stages(
        regressor(hidden_layer_sizes=(), optimizer="lbfgs", max_iter=500), NUMBERS, {}
    ),
    "goes on, images": lambda: stages(image_classifier(max_iter=3), DIGITS, {}),
    "goes on, tied": lambda: stages(autoencoder(max_iter=3), DIGITS, {"alpha": 0.01}),
    "goes on, sparse": lambda: stages(classifier(max_iter=3), SPARSE, {}),
    "goes on, weighted": lambda: stages(regressor(), NUMBERS, {}, sample_weight=WEIGHTS),
    "goes on after early stopping": lambda: stages(
        classifier(**_WATCHED, max_iter=15, n_iter_no_change=2, learning_rate_init=0.1),
        BINARY,
        {},
        {"scoring": "balanced_accuracy"},
        {"early_stopping": False, "scoring": None, "max_iter": 3},
        {"early_stopping": True, "max_iter": 3},
    ),
    "goes on with X_val": lambda: stages(
        classifier(early_stopping=True, learning_rate_init=0.05), BINARY, {}, **_OWN_VALIDATION
    ),
    "goes on until momentum settles": lambda: stages(
        classifier(optimizer=Momentum(initial_momentum=0.5, settled=0.2), max_iter=1),
        DIGITS,
        *[{}] * 8,
    ),
    "other constants": lambda: stages(
        classifier(optimizer=Adam()), DIGITS, {"optimizer__beta_1": 0.5}, {"batch_size": 50}
    ),
    "other optimizer": lambda: stages(
        classifier(),
        DIGITS,
        {"optimizer": "nesterov"},
        {"optimizer": LBFGS(), "dtype": "float32"},
        {"optimizer": "adam", "learning_rate": "step"},
    ),
    "other regularisation": lambda: stages(
        classifier(**_NOISY),
        DIGITS,
        {"dropout": [0.0, 0.5], "max_norm": 1.0},
        {"augmentation": None, "l1_ratio": 0.5, "shuffle": False},
    ),
}


def pieces(model, data, *, first=None, **extra):
    """Learn piece by piece, twice over; the first call gets ``first`` besides."""
    first = first or {}
    for _ in range(2):
        for start in range(0, 200, 70):
            rows = slice(start, start + 70)
            weights = {name: values[rows] for name, values in extra.items()}
            model.partial_fit(data.X[rows], data.y[rows], **first, **weights)
            first = {}
    return outcome(model, data)


_TEN = {"classes": np.arange(10)}
PIECES = {
    "pieces": lambda: pieces(classifier(), DIGITS, first=_TEN),
    "pieces with noise": lambda: pieces(classifier(**_NOISY), DIGITS, first=_TEN),
    "pieces, weighted": lambda: pieces(
        classifier(), DIGITS, first=_TEN, sample_weight=WEIGHTS + 0.5
    ),
    "pieces, sparse": lambda: pieces(classifier(), SPARSE, first=_TEN),
    "pieces, labels": lambda: pieces(classifier(), LABELS, first={"classes": np.arange(4)}),
    "pieces, numbers": lambda: pieces(regressor(learning_rate="cosine"), OUTPUTS),
    "pieces, counts": lambda: pieces(regressor(loss="poisson"), COUNTS),
    "pieces, signals": lambda: pieces(signal_regressor(), PERIODS),
    "pieces, rebuilt": lambda: pieces(autoencoder(), DIGITS),
}


@case("pickled between calls of partial_fit")
def _():
    model = classifier(optimizer="nadam", learning_rate="adaptive", dropout=0.2)
    pieces(model, DIGITS, first=_TEN)
    return pieces(pickle.loads(pickle.dumps(model)), DIGITS)


@case("pickled under warm_start")
def _():
    model = image_classifier(**_WATCHED, warm_start=True).fit(DIGITS.X, DIGITS.y)
    model = pickle.loads(pickle.dumps(model))
    return outcome(model.fit(DIGITS.X, DIGITS.y), DIGITS)


@case("pickled after fit, then partial_fit")
def _():
    model = pickle.loads(pickle.dumps(regressor().fit(NUMBERS.X, NUMBERS.y)))
    parts = outcome(model, NUMBERS, "loaded: ")
    return {**parts, **pieces(model, NUMBERS)}


@case("copied, and trained on")
def _():
    model = autoencoder(warm_start=True).fit(DIGITS.X)
    return {
        **outcome(deepcopy(model).fit(DIGITS.X), DIGITS, "copy: "),
        **outcome(model, DIGITS, "original: "),
    }


@case("coefs_ assigned to")
def _():
    model = classifier(warm_start=True).fit(DIGITS.X, DIGITS.y)
    model.coefs_[0] = 0.5 * model.coefs_[0]
    model.coefs_ = [2 * weights for weights in model.coefs_]
    model.intercepts_ = [bias + 0.1 for bias in model.intercepts_]
    parts = outcome(model, DIGITS, "assigned: ")
    return {**parts, **outcome(model.fit(DIGITS.X, DIGITS.y), DIGITS)}


def diverges(call):
    """Return where a call diverges; that it does not is an error."""
    try:
        call()
    except DivergenceError as error:
        return str(error)
    raise AssertionError("Training did not diverge.")


@case("failed call of partial_fit")
def _():
    model = regressor(optimizer="momentum", dropout=0.1)
    pieces(model, NUMBERS)
    model.set_params(learning_rate_init=1e20)
    where = diverges(lambda: model.partial_fit(NUMBERS.X, NUMBERS.y))
    model.set_params(learning_rate_init=0.01)
    return {"where": where, **outcome(model, NUMBERS, "kept: "), **pieces(model, NUMBERS)}


@case("failed fit under warm_start")
def _():
    model = classifier(optimizer="sgd", warm_start=True, **_WATCHED, activation="identity")
    model.fit(BINARY.X, BINARY.y)
    model.set_params(learning_rate_init=1e5, alpha=1.0)
    where = diverges(lambda: model.fit(BINARY.X, BINARY.y))
    model.set_params(learning_rate_init=0.01, alpha=0.0)
    parts = {"where": where, **outcome(model, BINARY, "kept: ")}
    return {**parts, **outcome(model.fit(BINARY.X, BINARY.y), BINARY)}


@case("failed first fit")
def _():
    model = regressor(optimizer="sgd", learning_rate_init=1e20)
    where = diverges(lambda: model.fit(NUMBERS.X, NUMBERS.y))
    model.set_params(learning_rate_init=0.01)
    return {"where": where, **pieces(model, NUMBERS)}


@case("failed fit that began to validate")
def _():
    model = regressor(warm_start=True).fit(NUMBERS.X, NUMBERS.y)
    huge = {"X_val": 1e25 * NUMBERS.X_new, "y_val": NUMBERS.y_new}
    where = diverges(lambda: model.fit(NUMBERS.X, NUMBERS.y, **huge))
    parts = {"where": where, **outcome(model, NUMBERS, "kept: ")}
    return {**parts, **outcome(model.fit(NUMBERS.X, NUMBERS.y), NUMBERS)}


class Interrupting(Schedule):
    """A rate that interrupts training in the third epoch, as Ctrl-C does."""

    per = "step"

    def rate(self, initial, clock):
        """Return the initial rate, unless it is time to interrupt."""
        if (clock.epoch, clock.batch) == (3, 2):
            raise KeyboardInterrupt
        return initial


def interrupted(model):
    """Fit until Ctrl-C is pressed, which keeps the model."""
    milestones.SHARE = np.inf  # the model of every epoch is kept, however short
    try:
        model.fit(BINARY.X, BINARY.y)
    except KeyboardInterrupt:
        return model
    raise AssertionError("Training was not interrupted.")


@case("interrupted")
def _():
    model = interrupted(classifier(learning_rate=Interrupting(), **_WATCHED))
    parts = outcome(model, BINARY, "kept: ")
    return {**parts, **stages(model.set_params(learning_rate="constant"), BINARY)}


def interrupting_score(calls):
    """Return a scoring that interrupts when it has been called so many times."""
    left = iter(range(calls))

    def score(model, X, y):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return float(np.mean(model.predict(X) == y))

    return score


@case("interrupted, lbfgs")
def _():
    model = classifier(optimizer="lbfgs", **_WATCHED, scoring=interrupting_score(3))
    parts = outcome(interrupted(model), BINARY, "kept: ")
    return {**parts, **stages(model.set_params(scoring="accuracy"), BINARY)}


for _name, _function in {**GOING_ON, **PIECES}.items():
    case(_name)(_function)
