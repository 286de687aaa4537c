"""Parts hold constants: no fit changes an object that a user passed, and one serves many fits."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone

from skdeep import Autoencoder, CNNRegressor, MLPRegressor
from skdeep._component import Component
from skdeep.activations import ACTIVATIONS, PReLU
from skdeep.augmentation import AUGMENTATIONS, Compose, Mixup, RandomFlip, RandomShift
from skdeep.initializers import INITIALIZERS
from skdeep.losses import LOSSES, RECONSTRUCTION_LOSSES
from skdeep.optimizers import OPTIMIZERS, LineSearch, Momentum
from skdeep.schedules import SCHEDULES, Adaptive, ValidationDecay, Warmup
from skdeep.training import Observer

pytestmark = [
    pytest.mark.usefixtures("kernels"),
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
]

X = np.random.default_rng(0).random((60, 24))
Y = X @ np.linspace(0, 2, 24) + np.random.default_rng(1).random(60)
ANY = {"n_iter_no_change": np.inf, "batch_size": 16, "max_iter": 6, "alpha": 0.01}
MAPS = {"conv_layers": ((2, 3),), "input_shape": (4, 6)}
TABLES = [ACTIVATIONS, AUGMENTATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES]
CASES = {
    f"{table.parameter} {name}": (table.parameter, cls)
    for table in TABLES
    for name, cls in table.items()
} | {
    "slope": ("activation", lambda: PReLU(slope=0.5)),
    "several activations": ("activation", lambda: [ACTIVATIONS["elu"](), PReLU()]),
    "several initializers": ("init", lambda: [cls() for cls in [*INITIALIZERS.values()][:3]]),
    "several augmentations": (
        "augmentation",
        lambda: Compose([RandomFlip(), RandomShift(), Mixup()]),
    ),
    "rising momentum": ("optimizer", lambda: Momentum(initial_momentum=0.5, settled=0.9)),
    "factors in an array": ("optimizer", lambda: LineSearch(factors=np.array([0.1, 1.0]))),
    "warm-up of a watching schedule": ("learning_rate", lambda: Warmup(Adaptive(patience=1))),
    "warm-up of a validating schedule": ("learning_rate", lambda: Warmup(ValidationDecay())),
}
RECONSTRUCTION = {
    f"rebuilding {name}": ("loss", cls) for name, cls in RECONSTRUCTION_LOSSES.items()
}
over_parts = pytest.mark.parametrize(
    ("parameter", "make"),
    [*CASES.values(), *RECONSTRUCTION.values()],
    ids=[*CASES, *RECONSTRUCTION],
)


def plain(value):
    """Return an object as plain values, so that == compares all of it."""
    if isinstance(value, Component):
        return type(value), plain(vars(value))
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tolist()
    if isinstance(value, dict):
        return {name: plain(entry) for name, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def estimator(parameter, part, seed=0):
    """Return an estimator that uses a part; its hidden layers are equally wide."""
    if part.__class__ in RECONSTRUCTION_LOSSES.values():
        return Autoencoder((5, 4), random_state=seed, loss=part, **ANY)
    if parameter == "augmentation":
        return CNNRegressor((5,), random_state=seed, augmentation=part, **MAPS, **ANY)
    return MLPRegressor((5, 5), random_state=seed, **{parameter: part}, **ANY)


def targets(model):
    return () if isinstance(model, Autoencoder) else (Y,)


def results(model):
    return model._network.parameters.copy(), model.history_["loss"]


def check_equal(one, other):
    assert_array_equal(one[0], other[0])
    assert one[1] == other[1]


class Meet(Observer):
    """Waits for the other fit before every epoch, so that both are under way all the time."""

    def __init__(self, barrier):
        self.barrier = barrier
        self.met = 0

    def begin_epoch(self, trainer):
        with suppress(BrokenBarrierError):
            self.barrier.wait(10)
            self.met += 1

    def end_fit(self, trainer):
        self.barrier.abort()


def meeting(model, meet):
    """Return the same estimator with an observer, and with the very same parts."""

    class Meeting(type(model)):
        def _observers(self):
            return [meet]

    return Meeting(**model.get_params(deep=False))


@pytest.mark.filterwarnings("ignore:Training goes on, but learning_rate")
@over_parts
def test_fits_leave_a_part_as_it_is(parameter, make):
    part = make()
    before = plain(part)
    model = estimator(parameter, part)
    calls = [model.fit, model.fit]
    if not (getattr(part, "full_batch", False) or getattr(part, "needs_validation", False)):
        calls.append(model.partial_fit)
    for warm_start in (False, True):
        model.set_params(warm_start=warm_start)
        for call in calls:
            call(X, *targets(model))
            assert plain(part) == before
            assert model.get_params(deep=False)[parameter] is part


@over_parts
def test_one_part_serves_two_fits_in_turn(parameter, make):
    part = make()
    shared = estimator(parameter, part), estimator(parameter, part, seed=1)
    for seed, model in enumerate(shared):
        model.fit(X, *targets(model))
        alone = estimator(parameter, make(), seed)
        check_equal(results(model), results(alone.fit(X, *targets(alone))))


@over_parts
def test_one_part_serves_two_fits_at_the_same_time(parameter, make):
    part = make()
    before = plain(part)
    models = [estimator(parameter, part, seed) for seed in (0, 1)]
    expected = [results(clone(model).fit(X, *targets(model))) for model in models]
    barrier = Barrier(2)
    meets = [Meet(barrier), Meet(barrier)]
    watched = [meeting(model, meet) for model, meet in zip(models, meets, strict=True)]
    assert all(model.get_params(deep=False)[parameter] is part for model in watched)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda model: model.fit(X, *targets(model)), watched))
    assert min(meet.met for meet in meets) > 2
    for model, one in zip(watched, expected, strict=True):
        check_equal(results(model), one)
    assert plain(part) == before


@pytest.mark.parametrize(
    ("parameter", "make"),
    [case for case in CASES.values() if case[0] in ("optimizer", "learning_rate")],
    ids=[name for name, case in CASES.items() if case[0] in ("optimizer", "learning_rate")],
)
def test_a_part_in_use_is_a_copy_that_holds_constants_only(parameter, make):
    part = make()
    state = estimator(parameter, part).fit(X, Y)._state
    in_use = (state.optimizer if parameter == "optimizer" else state.schedule).part
    assert in_use is not part
    assert plain(in_use) == plain(part)


def test_a_plan_shares_nothing_with_the_estimator():
    parts = {"optimizer": Momentum(), "learning_rate": Warmup(Adaptive()), "activation": PReLU()}
    first, second = (MLPRegressor((5,), **parts)._plan() for _ in range(2))
    ours = [plan.training.optimizer for plan in (first, second)]
    ours += [plan.training.schedule for plan in (first, second)]
    ours += [plan.blueprint.activations[0] for plan in (first, second)]
    assert len({id(part) for part in [*ours, *parts.values()]}) == 9
