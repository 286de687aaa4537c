"""What every optimizer must do: converge, keep its type, allocate once, be cloned and searched."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_regression
from sklearn.model_selection import GridSearchCV

from skdeep import MLPClassifier, MLPRegressor
from skdeep.optimizers import OPTIMIZERS, SGD, Adam, LineSearch, Optimizer
from skdeep.penalties import Penalty
from skdeep.training.groups import Group

STOCHASTIC = sorted(name for name, cls in OPTIMIZERS.items() if not cls.full_batch)
DTYPES = [np.float32, np.float64]


class Objective:
    """A function of a few parameters in the shape of a batch's loss; the first half are weights."""

    penalty = Penalty(0.0)
    has_fused_update = False
    decay_share = 1.0

    def __init__(self, start, dtype):
        self.parameters = np.array(start, dtype)
        self.weights = self.parameters[: len(start) // 2]
        self.gradient = np.empty_like(self.parameters)
        self.scratch = np.empty_like(self.parameters)
        whole = Group(0, len(start), len(self.weights), is_penalised=True, rate=1.0, decay=1.0)
        whole.bind(self.parameters, self.gradient)
        self.groups = [whole]

    def evaluate(self):
        self.fill_gradient(self.parameters, self.gradient)
        return self.value()


class Quadratic(Objective):
    """An ill-conditioned bowl."""

    def __init__(self, dtype):
        super().__init__(np.linspace(1, 2, 4), dtype)
        self.curvature = np.linspace(0.5, 5, 4).astype(dtype)

    def value(self):
        return 0.5 * float(np.sum(self.curvature * self.parameters**2))

    def fill_gradient(self, w, g):
        np.multiply(w, self.curvature, out=g)


class Rosenbrock(Objective):
    """The curved valley (1 - x)^2 + 100 (y - x^2)^2, from the usual start."""

    def __init__(self, dtype):
        super().__init__([-1.2, 1.0], dtype)

    def value(self):
        x, y = map(float, self.parameters)
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    def fill_gradient(self, w, g):
        x, y = map(float, w)
        g[...] = -2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)


def descend(optimizer, objective, rate, n_steps):
    """Train under a rate that falls to zero, and return the final value (inf where it diverged)."""
    state = optimizer.start(objective.parameters)
    if optimizer.full_batch:
        optimizer.minimize(objective, n_steps, 1e-6, lambda loss: None)
        return objective.value()
    for t in range(1, n_steps + 1):
        loss = optimizer.step(objective, state, rate * (1 - t / n_steps))
        optimizer.end_epoch(state, loss)
        if not loss < 1e6:
            return np.inf
    return objective.value()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("problem", "share"), [(Quadratic, 1e-4), (Rosenbrock, 1e-2)])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_converges_at_some_rate(name, problem, share, dtype):
    before = problem(dtype).value()
    for rate in (1.0, 0.1, 0.01, 0.001):
        objective = problem(dtype)
        after = descend(OPTIMIZERS[name](), objective, rate, 3000)
        assert objective.parameters.dtype == objective.gradient.dtype == dtype
        if after < share * before:
            return
    pytest.fail(f"{name} converges at no rate")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", STOCHASTIC)
def test_state_is_allocated_once(name, dtype):
    optimizer, objective = OPTIMIZERS[name](), Quadratic(dtype)
    state = optimizer.start(objective.parameters)
    slots = [getattr(state, slot) for slot in optimizer.slots]
    for _ in range(5):
        optimizer.step(objective, state, 0.01)
    assert state.t == 5
    for slot, array in zip(optimizer.slots, slots, strict=True):
        assert getattr(state, slot) is array
        assert array.dtype == dtype
        assert array.shape == objective.parameters.shape
        assert array.any()


@pytest.mark.parametrize("name", STOCHASTIC)
def test_a_step_returns_the_loss_it_started_from(name):
    optimizer, objective = OPTIMIZERS[name](), Quadratic(np.float64)
    state = optimizer.start(objective.parameters)
    before = objective.value()
    loss = optimizer.step(objective, state, 0.01)
    assert type(loss) is float
    assert loss == before
    assert objective.value() < before


@pytest.mark.parametrize("name", STOCHASTIC)
def test_pickle_in_the_middle_of_training_goes_on(name):
    optimizer, objective = OPTIMIZERS[name](), Rosenbrock(np.float64)
    state = optimizer.start(objective.parameters)
    for _ in range(5):
        optimizer.end_epoch(state, optimizer.step(objective, state, 1e-3))
    twin, twins_state = pickle.loads(pickle.dumps((optimizer, state)))
    objective_2 = Rosenbrock(np.float64)
    objective_2.parameters[...] = objective.parameters
    for _ in range(5):
        optimizer.end_epoch(state, optimizer.step(objective, state, 1e-3))
        twin.end_epoch(twins_state, twin.step(objective_2, twins_state, 1e-3))
    assert_array_equal(objective.parameters, objective_2.parameters)


@pytest.mark.parametrize("name", STOCHASTIC)
def test_one_optimizer_serves_two_trainings_in_turn(name):
    optimizer = OPTIMIZERS[name]()
    alone, *sides = (Rosenbrock(np.float64) for _ in range(3))
    state, *states = (optimizer.start(objective.parameters) for objective in (alone, *sides))
    before = dict(vars(optimizer))
    for _ in range(5):
        optimizer.end_epoch(state, optimizer.step(alone, state, 1e-3))
    for _ in range(5):
        for objective, one in zip(sides, states, strict=True):
            optimizer.end_epoch(one, optimizer.step(objective, one, 1e-3))
    for objective in sides:
        assert_array_equal(objective.parameters, alone.parameters)
    assert vars(optimizer) == before


def halved(name):
    """An optimizer with constants that are not the defaults."""
    defaults = OPTIMIZERS[name]().get_params()
    floats = {key: value / 2 for key, value in defaults.items() if type(value) is float}
    return OPTIMIZERS[name](**floats), {**defaults, **floats}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_clone_pickle_and_repr(name):
    optimizer, params = halved(name)
    assert optimizer.get_params() == params
    assert clone(optimizer).get_params() == params
    assert pickle.loads(pickle.dumps(optimizer)).get_params() == params
    namespace = {cls.__name__: cls for cls in OPTIMIZERS.values()}
    assert eval(repr(optimizer), namespace).get_params() == params


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fit_changes_neither_the_object_nor_its_class(name):
    optimizer, params = halved(name)
    X, y = make_regression(30, 3, random_state=0)
    model = MLPRegressor((), optimizer=optimizer, max_iter=500, n_iter_no_change=np.inf, tol=1e-3)
    model.fit(X, y / 100)
    assert vars(optimizer) == params
    assert model.optimizer is optimizer


@pytest.mark.parametrize("name", STOCHASTIC)
def test_numpy_scalars_as_constants_give_the_same_bits(name, kernels):
    optimizer, params = halved(name)
    scalars = {
        key: np.float64(value) if type(value) is float else value for key, value in params.items()
    }
    resolved = OPTIMIZERS.resolve(OPTIMIZERS[name](**scalars))
    assert not any(isinstance(value, np.generic) for value in resolved.get_params().values())
    X, y = make_regression(50, 3, random_state=0)
    fixed = {"max_iter": 5, "n_iter_no_change": np.inf, "dtype": "float32", "random_state": 0}
    plain = MLPRegressor((4,), optimizer=optimizer, learning_rate_init=0.01, **fixed)
    numpy = MLPRegressor(
        (4,),
        optimizer=OPTIMIZERS[name](**scalars),
        learning_rate_init=np.float64(0.01),
        alpha=np.float64(1e-4),
        **fixed,
    )
    for one, other in zip(plain.fit(X, y).coefs_, numpy.fit(X, y).coefs_, strict=True):
        assert other.dtype == np.float32
        assert_array_equal(one, other)


def test_numpy_factors_of_the_line_search():
    objectives = [Rosenbrock(np.float32), Rosenbrock(np.float32)]
    factors = (0.1, 1.0, 10.0)
    for objective, values in zip(objectives, [factors, np.array(factors)], strict=True):
        descend(OPTIMIZERS.resolve(LineSearch(factors=values)), objective, 1e-3, 20)
    assert_array_equal(objectives[0].parameters, objectives[1].parameters)


def test_nested_parameters():
    model = MLPClassifier(optimizer=Adam())
    model.set_params(optimizer__beta_2=0.9)
    assert model.optimizer.beta_2 == 0.9
    assert model.get_params()["optimizer__beta_2"] == 0.9
    assert clone(model).optimizer.beta_2 == 0.9


def test_grid_search_over_a_constant():
    X, y = make_regression(60, 3, noise=1, random_state=0)
    model = MLPRegressor((), optimizer=Adam(), max_iter=20, n_iter_no_change=np.inf, random_state=0)
    model.set_params(learning_rate_init=0.1)
    grid = {"optimizer__beta_2": [0.5, 0.999], "optimizer__beta_1": np.array([0.0, 0.9])}
    search = GridSearchCV(model, grid, cv=2, error_score="raise").fit(X, y / y.std())
    assert len(set(search.cv_results_["mean_test_score"])) == 4
    assert search.best_estimator_.optimizer.beta_2 == search.best_params_["optimizer__beta_2"]


class Halving(Optimizer):
    """Gradient descent at half the rate, with an array of its own that only counts."""

    slots = ("count",)

    def __init__(self, share=0.5):
        self.share = share

    def _update(self, w, g, rate, t, scratch, state):
        state.count += 1
        assert (state.count == t).all()
        w -= self.share * rate * g


class HalvingSGD(SGD):
    """A subclass whose rule is not its parent's, nor that of the parent's compiled kernel."""

    def _update(self, w, g, rate, t, scratch):
        super()._update(w, g, rate / 2, t, scratch)


@pytest.mark.parametrize("own", [Halving(), HalvingSGD()], ids=repr)
def test_an_optimizer_of_ones_own(own, kernels):
    X, y = make_regression(50, 3, random_state=0)
    fixed = {"max_iter": 10, "n_iter_no_change": np.inf, "random_state": 0, "dtype": "float64"}
    halved = MLPRegressor((4,), optimizer=own, learning_rate_init=0.02, **fixed).fit(X, y)
    plain = MLPRegressor((4,), optimizer="sgd", learning_rate_init=0.01, **fixed).fit(X, y)
    for one, other in zip(halved.coefs_, plain.coefs_, strict=True):
        assert_allclose(one, other, rtol=1e-12)


def test_constants_of_ones_own():
    model = MLPRegressor(optimizer=Halving()).set_params(optimizer__share=0.1)
    assert clone(model).optimizer.share == 0.1


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="Unknown optimizer 'adamm'") as error:
        MLPRegressor(optimizer="adamm").fit([[0.0], [1.0]], [0.0, 1.0])
    for name in OPTIMIZERS:
        assert name in str(error.value)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_constants_out_of_range_are_named(name):
    optimizer = OPTIMIZERS[name]()
    for key, rule in optimizer.constraints.items():
        wrong = clone(optimizer).set_params(**{key: rule.low - 1})
        with pytest.raises(ValueError, match=f"{type(optimizer).__name__}: {key} must be"):
            OPTIMIZERS.resolve(wrong)
