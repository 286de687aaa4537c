"""Histories, activations and schedules: the numbers behind the curves."""

import pickle
from math import cos, pi

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdeep import MLPClassifier
from skdeep.activations import ACTIVATIONS, LeakyReLU, Maxout
from skdeep.inspection import ActivationDisplay, LearningRateDisplay, TrainingHistoryDisplay
from skdeep.schedules import SCHEDULES, StepDecay


def test_history_shows_what_was_recorded(model, plt):
    display = TrainingHistoryDisplay.from_estimator(model)
    shown = {"loss", "validation_loss", "validation_score", "learning_rate", "gradient_norm"}
    assert set(display.lines_) == shown
    for name in shown:
        assert_array_equal(display.lines_[name].get_ydata(), model.history_[name])
        assert_array_equal(display.lines_[name].get_xdata(), np.arange(1, model.n_iter_ + 1))
    shared = [set(ax.get_shared_x_axes().get_siblings(ax)) for ax in display.axes_]
    assert shared == [set(display.axes_)] * 4


def test_history_marks_the_best_epoch(model, plt):
    display = TrainingHistoryDisplay.from_estimator(model)
    (mark,) = (line for line in display.axes_[1].lines if line.get_marker() == "o")
    best = int(np.argmax(model.validation_scores_))
    assert_array_equal(mark.get_data(), [[best + 1], [model.best_validation_score_]])


def test_history_without_validation(iris, plt):
    model = MLPClassifier((3,), max_iter=3, n_iter_no_change=np.inf).fit(*iris)
    display = TrainingHistoryDisplay.from_estimator(model)
    assert set(display.lines_) == {"loss", "learning_rate", "gradient_norm"}
    assert len(display.axes_) == 3


def test_history_is_a_copy(iris):
    model = MLPClassifier((3,), max_iter=3, n_iter_no_change=np.inf, warm_start=True).fit(*iris)
    display = TrainingHistoryDisplay.from_estimator(model, draw=False)
    model.fit(*iris)
    assert len(display.history["loss"]) == 3


def test_history_counts_the_epochs_that_are_forgotten(model, plt):
    model = pickle.loads(pickle.dumps(model))
    model._state.forget(4)
    n = model.n_iter_
    display = TrainingHistoryDisplay.from_estimator(model)
    assert display.first_epoch == n - 3
    for name, line in display.lines_.items():
        assert_array_equal(line.get_xdata(), np.arange(n - 3, n + 1), name)
    (mark,) = (line for line in display.axes_[1].lines if line.get_marker() == "o")
    best = int(np.argmax(model.validation_scores_))
    assert_array_equal(mark.get_xdata(), [n - 3 + best])


def test_history_of_a_long_partial_fit(iris, plt, monkeypatch):
    monkeypatch.setattr("skdeep.estimators.base.REMEMBERED", 3)
    model = MLPClassifier((3,), random_state=0)
    for _ in range(5):
        model.partial_fit(*iris, classes=[0, 1, 2])
    display = TrainingHistoryDisplay.from_estimator(model)
    assert_array_equal(display.lines_["loss"].get_xdata(), [3, 4, 5])


def test_every_activation_once():
    display = ActivationDisplay.from_registry(z=[1.0], draw=False)
    assert {ACTIVATIONS[name] for name in display.values} == set(ACTIVATIONS.values())
    assert len(display.values) == len(set(ACTIVATIONS.values()))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives(name):
    z = np.linspace(-4, 4, 50)  # without 0, where some have none
    h = 1e-6
    here, right, left = (
        ActivationDisplay.from_names([name], z=z + d, draw=False) for d in (0, h, -h)
    )
    slope = (right.values[name] - left.values[name]) / (2 * h)
    assert_allclose(here.derivatives[name], slope, atol=1e-6)


def test_activations_with_constants(plt):
    z = np.array([-2.0, 0.5, 1.0])
    display = ActivationDisplay.from_names(
        [LeakyReLU(slope=0.3), Maxout(pieces=3), "tanh"], z=z, draw=False
    )
    labels = ["LeakyReLU(slope=0.3)", "Maxout(pieces=3)", "tanh"]
    assert list(display.values) == labels
    assert_allclose(display.values[labels[0]], [-0.6, 0.5, 1.0])
    assert_allclose(display.values[labels[1]], np.abs(z))  # the greatest of -z, 0 and z
    assert_allclose(display.values["tanh"], np.tanh(z))
    display.plot()
    for label in labels:
        assert_array_equal(display.lines_[label].get_ydata(), display.values[label])
        assert_array_equal(display.derivative_lines_[label].get_ydata(), display.derivatives[label])


def test_unknown_activation():
    with pytest.raises(ValueError, match="Unknown activation 'rely'; known are"):
        ActivationDisplay.from_names(["rely"], draw=False)


def test_every_schedule():
    display = LearningRateDisplay.from_schedules(draw=False)
    assert list(display.rates) == list(SCHEDULES)
    for rates in display.rates.values():
        assert rates.shape == display.epochs.shape == (5000,)
        assert 0 <= rates.min() <= rates.max() <= 0.1 * (1 + 1e-12)


def test_schedules_are_their_formulas():
    options = {"learning_rate_init": 0.2, "epochs": 12, "steps_per_epoch": 5}
    names = ["constant", "step", "exponential", "inverse_time", "invscaling", "cosine"]
    rates = LearningRateDisplay.from_schedules(names, **options, draw=False).rates
    t, e = np.arange(1, 61), np.repeat(np.arange(1, 13), 5)
    assert_allclose(rates["constant"], 0.2)
    assert_allclose(rates["step"], 0.2 * 0.5 ** ((e - 1) // 5))
    assert_allclose(rates["exponential"], 0.2 * np.exp(-1e-4 * t))
    assert_allclose(rates["inverse_time"], 0.2 / (1 + 1e-3 * t))
    assert_allclose(rates["invscaling"], 0.2 / np.sqrt(t))
    assert_allclose(rates["cosine"], [0.1 * (1 + cos(pi * (i - 1) / 60)) for i in t], atol=1e-12)


def test_schedules_that_watch():
    names = ["validation", "adaptive"]
    options = {"learning_rate_init": 1.0, "epochs": 30, "steps_per_epoch": 1}
    rates = LearningRateDisplay.from_schedules(names, **options, draw=False).rates
    e = np.arange(1, 31)
    # halved after the setbacks in epochs 7, 14, 21 and 28
    assert_allclose(rates["validation"], 0.5 ** ((e - 1) // 7))
    # the score rises last in epoch 15; two epochs without progress later the rate falls
    assert_allclose(rates["adaptive"][:17], 1)
    assert_allclose(rates["adaptive"][17:21], [0.2, 0.2, 0.04, 0.04])


def test_a_schedule_with_constants(plt):
    schedule = StepDecay(factor=0.1, every=2)
    display = LearningRateDisplay.from_schedules([schedule], epochs=4, steps_per_epoch=1)
    (label,) = display.rates
    assert label == str(schedule)
    assert_allclose(display.lines_[label].get_ydata(), [0.1, 0.1, 0.01, 0.01])
    assert_array_equal(display.lines_[label].get_xdata(), [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"schedules": ["stepp"]}, "Unknown learning_rate 'stepp'; known are"),
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"steps_per_epoch": 0}, "steps_per_epoch must be at least 1, got 0"),
        ({"learning_rate_init": -1}, "learning_rate_init must be .* got -1"),
    ],
)
def test_schedule_refusals(arguments, words):
    with pytest.raises(ValueError, match=words):
        LearningRateDisplay.from_schedules(**arguments, draw=False)
