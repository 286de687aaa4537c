"""Every call of partial_fit is an epoch to a schedule: where it ends too early, it is said."""

import warnings

import numpy as np
import pytest
from sklearn.datasets import load_digits

from skdeep import MLPClassifier, MLPRegressor
from skdeep.schedules import Constant, Cosine, ExponentialDecay, StepDecay, Warmup
from skdeep.streaming import fit_stream

X, Y = load_digits(return_X_y=True)
X = X / 16
PIECES = [(X[i::9], Y[i::9]) for i in range(9)]
PASSES = 20


def in_pieces(schedule, calls, **params):
    """Train by calls of partial_fit; return the model, and the numbers of calls that warned."""
    model = MLPClassifier((20,), learning_rate=schedule, random_state=0, **params)
    warned = []
    for number in range(calls):
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            model.partial_fit(*PIECES[number % 9], classes=np.arange(10))
        warned += [(number, warning) for warning in found]
    return model, warned


@pytest.mark.parametrize(
    ("schedule", "call", "words"),
    [
        ("cosine", 20, "learning_rate='cosine' ended after max_iter=20 epochs"),
        ("one_cycle", 20, "learning_rate='one_cycle' ended after max_iter=20"),
        ("cosine_log", 20, "learning_rate='cosine_log' ended after max_iter=20"),
        (Warmup("cosine", epochs=2), 20, "ended after max_iter=20"),
        ("step", 51, "learning_rate='step' has gone down to 1e-06 in 51 epochs"),
        (Warmup("step", epochs=2), 51, "has gone down to 1e-06 in 51 epochs"),
        (ExponentialDecay(k=0.5, per="epoch"), 14, "has gone down to 9e-07 in 14 epochs"),
    ],
    ids=str,
)
def test_one_call_warns(schedule, call, words):
    _, warned = in_pieces(schedule, 60, max_iter=PASSES)
    assert [number for number, _ in warned] == [call]
    message = warned[0][1]
    assert words in str(message.message)
    assert "every call of partial_fit counts as an epoch" in str(message.message)
    assert "skdeep.streaming.fit_stream" in str(message.message)
    assert message.filename == __file__


@pytest.mark.parametrize(
    "schedule",
    [
        Constant(),
        Cosine(),
        "one_cycle",
        "invscaling",
        "inverse_time",
        ExponentialDecay(k=0.5),
        StepDecay(every=50),
    ],
    ids=str,
)
def test_no_warning_within_the_plan(schedule):
    assert in_pieces(schedule, 60, max_iter=60)[1] == []


@pytest.mark.parametrize("schedule", ["cosine", "step", "one_cycle"])
@pytest.mark.filterwarnings("ignore:Training goes on, but")
def test_what_it_costs_and_what_serves(schedule):
    params = {"max_iter": PASSES, "learning_rate_init": 0.01, "n_iter_no_change": np.inf}
    model, _ = in_pieces(schedule, 9 * PASSES, **params)
    planned = StepDecay(every=45) if schedule == "step" else schedule
    by_calls, warned = in_pieces(planned, 9 * PASSES, **{**params, "max_iter": 9 * PASSES})
    assert warned == []
    stream = MLPClassifier((20,), learning_rate=schedule, random_state=0, **params)
    fit_stream(stream, PIECES)
    assert stream.score(X, Y) > 0.95
    assert by_calls.score(X, Y) > 0.95
    assert model.score(X, Y) < by_calls.score(X, Y)


@pytest.mark.parametrize("fit", [MLPRegressor.fit, lambda m, X, y: fit_stream(m, [(X, y)])])
def test_warm_start_after_the_end(fit):
    params = {"learning_rate": "cosine", "max_iter": 3, "warm_start": True, "random_state": 0}
    model = MLPRegressor((4,), n_iter_no_change=np.inf, **params)
    fit(model, X[:50], Y[:50].astype(float))
    with pytest.warns(UserWarning, match="ended after max_iter=3.*earlier fits count") as found:
        fit(model, X[:50], Y[:50].astype(float))
    assert found[0].filename == __file__
    assert model.history_["learning_rate"][3:] == [0.0] * 3
    model.set_params(warm_start=False)
    fit(model, X[:50], Y[:50].astype(float))


def test_partial_fit_after_a_whole_fit():
    model = MLPClassifier((4,), learning_rate="cosine", max_iter=2, n_iter_no_change=np.inf)
    model.fit(X[:100], Y[:100])
    with pytest.warns(UserWarning, match="ended after max_iter=2"):
        model.partial_fit(X[:100], Y[:100])


def test_balanced_class_weights_are_advised_to_use_fit_stream():
    model = MLPClassifier(class_weight="balanced")
    with pytest.raises(ValueError, match=r"'balanced'.*streaming\.fit_stream, or"):
        model.partial_fit(*PIECES[0], classes=np.arange(10))
