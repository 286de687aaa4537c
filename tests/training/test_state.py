"""What training remembers apart from its parts: started, resumed, copied."""

import pickle
from math import inf, isnan, nan

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skdeep import MLPRegressor
from skdeep.optimizers import OPTIMIZERS, Adam, Momentum
from skdeep.schedules import Adaptive, Warmup
from skdeep.training import Stopping, TrainingState
from skdeep.training.state import InUse

PARAMETERS = np.linspace(-1, 1, 6)
STOCHASTIC = sorted(name for name, cls in OPTIMIZERS.items() if not cls.full_batch)


def plan(**params):
    return MLPRegressor(**params)._plan().training


def state(**params):
    return TrainingState.started(3, plan(**params), PARAMETERS)


# -- optimizers, schedules, stopping ---------------------------------------------------------------


@pytest.mark.parametrize("name", STOCHASTIC)
def test_an_optimizer_starts_with_a_count_and_zeros(name):
    optimizer = OPTIMIZERS[name]()
    started = optimizer.start(PARAMETERS.astype(np.float32))
    assert started.t == 0
    for slot in optimizer.slots:
        array = getattr(started, slot)
        assert (array.shape, array.dtype) == ((6,), np.float32)
        assert not array.any()


def test_constants_may_change_while_the_state_goes_on():
    before = InUse.started(Momentum(momentum=0.9), PARAMETERS)
    before.state.u[...] = 7
    after = InUse.resumed(before, Momentum(momentum=0.5), PARAMETERS)
    assert after.state.u is before.state.u
    assert after.part.momentum == 0.5


def test_another_class_begins_anew():
    before = InUse.started(Momentum(), PARAMETERS)
    before.state.t = 5
    after = InUse.resumed(before, Adam(), PARAMETERS)
    assert after.state.t == 0
    assert not after.state.m.any()
    assert InUse.resumed(None, Adam(), PARAMETERS).state.t == 0


def test_momentum_that_has_settled_stays_so():
    momentum = Momentum(initial_momentum=0.5)
    started = momentum.start(PARAMETERS)
    assert not started.has_settled
    for loss in (1.0, 0.99):
        momentum.end_epoch(started, loss)
    assert momentum.resume(started).has_settled
    fresh = momentum.start(PARAMETERS)
    assert Momentum(momentum=0.8).resume(fresh).has_settled  # no low momentum is asked for now


def test_stopping_counts_epochs_without_progress():
    stopping = Stopping(patience=2, tol=0.1, watched="loss")
    watched = stopping.start()
    seen = []
    for merit in (1.0, 1.05, 1.2, 1.15, 1.25):
        stopping.update(watched, merit)
        seen.append((watched.stalled, watched.is_best, watched.is_over))
    expected = [(0, True, False), (1, True, False), (0, True, False), (1, False, False)]
    assert seen == [*expected, (2, True, True)]
    assert watched.best == 1.25


def test_patience_that_has_run_out_begins_anew():
    stopping = Stopping(patience=2, tol=0.0, watched="loss")
    watched = stopping.start()
    for _ in range(2):
        stopping.update(watched, 1.0)
    assert (watched.stalled, watched.is_over) == (1, False)
    assert stopping.resume(watched).stalled == 1
    stopping.update(watched, 1.0)
    resumed = stopping.resume(watched)
    assert (resumed.stalled, resumed.is_over, resumed.best) == (0, False, 1.0)
    assert watched.is_over


def test_values_of_different_things_are_not_compared():
    watched = Stopping(2, 0.0, "loss").start()
    Stopping(2, 0.0, "loss").update(watched, 5.0)
    assert Stopping(2, 0.0, "scoring=None").resume(watched).best == -inf


# -- all of it -------------------------------------------------------------------------------------


def test_history_fills_up_with_nan():
    training = state()
    training.record(loss=1.0)
    training.record(loss=0.5, validation_loss=2.0)
    training.record(loss=0.25)
    assert training.epoch == 3
    assert training.history["loss"] == [1.0, 0.5, 0.25]
    first, second, third = training.history["validation_loss"]
    assert (isnan(first), second, isnan(third)) == (True, 2.0, True)


def test_a_copy_goes_on_without_a_change_to_the_original():
    training = state(optimizer="momentum", learning_rate="adaptive")
    training.record(loss=1.0)
    copy = training.copied()
    copy.record(loss=0.5, validation_loss=nan)
    copy.step, copy.samples, copy.last = 7, 70, PARAMETERS
    copy.optimizer.state.u[...] = 3
    copy.schedule.state.scale = 0.5
    copy.stopping.state.best = 1.0
    copy.streams.shuffling.random(5)
    copy.go_on_with(plan(optimizer="adam"), PARAMETERS)
    training.trim(["loss"])
    assert training.history == {"loss": [1.0]}
    assert (training.step, training.samples, training.last) == (0, 0, None)
    assert type(training.optimizer.part) is Momentum
    assert not training.optimizer.state.u.any()
    assert training.schedule.state.scale == 1.0
    assert training.stopping.state.best == -inf
    assert training.streams.shuffling.random() == state().streams.shuffling.random()


def test_a_copy_is_the_same():
    training = state(learning_rate=Warmup(Adaptive()), activation="prelu")
    training.record(loss=1.0)
    training.optimizer.state.m[...] = 3
    training.streams.masks.random(5)
    copy = training.copied()
    assert pickle.dumps(copy.optimizer.state) == pickle.dumps(training.optimizer.state)
    assert copy.history == training.history
    assert copy.streams.masks.random() == training.streams.masks.random()
    assert copy.schedule.state.inner == training.schedule.state.inner
    assert copy.schedule.state.inner is not training.schedule.state.inner


def test_epochs_of_the_last_fit_are_told_from_earlier_ones():
    training = state()
    assert (training.earlier_epochs, training.is_finished) == (0, False)
    training.record(loss=1.0)
    training.is_finished = True
    training.go_on_with(plan(), PARAMETERS)
    assert (training.earlier_epochs, training.is_finished) == (1, False)


def test_going_on_takes_over_the_plans_parts():
    training, now = state(optimizer="momentum"), plan(optimizer="momentum", learning_rate="cosine")
    training.optimizer.state.u[...] = 3
    training.go_on_with(now, PARAMETERS)
    assert training.optimizer.part is now.optimizer
    assert training.schedule.part is now.schedule
    assert_array_equal(training.optimizer.state.u, 3)


def test_a_lean_copy_lacks_the_optimizer_alone():
    training = state()
    lean = training.without_optimizer()
    assert lean.optimizer is None
    assert lean.schedule is training.schedule
    assert training.optimizer is not None
    lean.go_on_with(plan(), PARAMETERS)
    assert lean.optimizer.state.t == 0


def test_the_last_parameters_come_back_unless_the_best_were_changed():
    for change in (0.0, 1.0):
        training, best = state(), PARAMETERS + 1
        training.keep_last(PARAMETERS, best)
        best += change
        expected = best.copy() if change else PARAMETERS
        training.go_back_to_last(best)
        assert_array_equal(best, expected)
        assert training.last is None
