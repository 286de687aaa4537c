"""Meanings that are scikit-learn's: names, warnings, what exists, and what a failure leaves."""

import inspect
import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier as SklearnMLP

from skdeep import (
    Autoencoder,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPRegressor,
)
from skdeep.augmentation import GaussianNoise
from skdeep.inspection import ActivationStatisticsDisplay, LossSurfaceDisplay
from skdeep.model_selection import LearningRateRangeTest
from skdeep.optimizers import LBFGS, OPTIMIZERS, Adam, Nesterov
from skdeep.schedules import SCHEDULES, InverseScaling, Schedule, Warmup

rng = np.random.default_rng(0)
X = rng.standard_normal((30, 4))
LABELS, VALUES = np.arange(30) % 3, X @ rng.standard_normal(4)
NETWORKS = [MLPClassifier, MLPRegressor, CNNClassifier, CNNRegressor, Autoencoder]
EVERY = pytest.mark.parametrize("cls", NETWORKS)

# -- scikit-learn's names --------------------------------------------------------------------------

FOREIGN = {
    "solver": ("sgd", 'optimizer="nesterov", since scikit-learn\'s "sgd" has Nesterov momentum'),
    "momentum": (0.8, "optimizer=Nesterov(momentum=0.8) from skdeep.optimizers"),
    "nesterovs_momentum": (False, 'optimizer="momentum"'),
    "beta_1": (0.8, "optimizer=Adam(beta_1=0.8) from skdeep.optimizers"),
    "beta_2": (0.99, "optimizer=Adam(beta_2=0.99) from skdeep.optimizers"),
    "epsilon": (1e-7, "optimizer=Adam(epsilon=1e-07) from skdeep.optimizers"),
    "power_t": (0.3, "learning_rate=InverseScaling(power=0.3) from skdeep.schedules"),
    "max_fun": (99, "optimizer=LBFGS(max_fun=99) from skdeep.optimizers"),
}


@EVERY
@pytest.mark.parametrize("name", FOREIGN)
def test_a_name_of_scikit_learn_says_what_to_write_instead(cls, name):
    value, words = FOREIGN[name]
    message = f"{cls.__name__} has no parameter {name} of scikit-learn's: instead of {name}="
    for call, error in ((cls, TypeError), (cls().set_params, ValueError)):
        with pytest.raises(error) as caught:
            call(**{name: value})
        assert str(caught.value) == f"{message}{value!r} write {words}."


def test_advice_can_be_followed():
    classes = {cls.__name__: cls for cls in [Adam, Nesterov, LBFGS, InverseScaling]}
    for _, words in FOREIGN.values():
        code = words.split(" from ")[0].split(", since")[0]
        MLPClassifier(**eval(f"dict({code})", classes))._plan()


def test_all_parameters_of_scikit_learn_are_known_or_explained():
    missing = SklearnMLP().get_params().keys() - MLPClassifier().get_params().keys()
    assert missing == FOREIGN.keys()


def test_several_names_are_explained_at_once():
    with pytest.raises(TypeError) as caught:
        MLPClassifier(solver="adam", max_iter=3, beta_1=0.5)
    words = "no parameter solver, beta_1 of scikit-learn's: instead of solver='adam' write "
    assert f'{words}optimizer="adam"; instead of beta_1=0.5 write' in str(caught.value)


def test_a_search_over_a_foreign_name_says_so():
    with pytest.raises(ValueError, match="instead of solver='sgd' write optimizer=\"nesterov\""):
        GridSearchCV(MLPClassifier(), {"solver": ["sgd", "adam"]}).fit(X, LABELS)


def test_other_unknown_names_are_left_to_python():
    with pytest.raises(TypeError, match="unexpected keyword argument 'solverr'"):
        MLPClassifier(solverr="sgd")


class Own(MLPClassifier):
    """A subclass with a parameter that has one of these names, and another constructor."""

    def __init__(self, momentum=0.5, alpha=0.1):
        super().__init__((3,), alpha=alpha, optimizer=Nesterov(momentum))
        self.momentum = momentum


def test_a_subclass_may_have_such_a_parameter():
    model = Own(momentum=0.7)
    assert clone(model).momentum == 0.7
    assert model._explain({"momentum": 0.3}) is None
    assert list(inspect.signature(Own).parameters) == ["momentum", "alpha"]
    with pytest.raises(TypeError, match="Own has no parameter solver"):
        Own(solver="sgd")


@EVERY
def test_signatures_clones_and_pickles_are_right(cls):
    names = list(inspect.signature(cls).parameters)
    assert names == list(inspect.signature(cls.__init__).parameters)[1:]
    assert sorted(names) == sorted(cls().get_params())
    model = cls((3,), alpha=0.5)
    for copy in (clone(model), pickle.loads(pickle.dumps(model))):
        assert copy.get_params() == model.get_params()


# -- the end of training ---------------------------------------------------------------------------


def warned(model, y=LABELS):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(X, y)
    for warning in caught:
        assert warning.category is ConvergenceWarning
        assert warning.filename == __file__
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize("max_iter", [1, 5, 10, 11])
@pytest.mark.parametrize("cls", NETWORKS)
def test_an_end_at_max_iter_warns(cls, max_iter):
    (message,) = warned(cls((3,), max_iter=max_iter))
    assert f"ended at max_iter={max_iter} before it converged; raise max_iter" in message
    assert "If max_iter epochs are what you want, set n_iter_no_change=inf." in message
    assert warned(cls((3,), max_iter=max_iter, n_iter_no_change=np.inf)) == []


@pytest.mark.parametrize("name", [*sorted(SCHEDULES), "warmed"])
def test_no_warning_under_a_schedule_that_has_its_own_end(name):
    schedule = Warmup("cosine") if name == "warmed" else SCHEDULES[name]()
    has_end = name in ("cosine", "cosine_log", "one_cycle", "warmed")
    assert schedule.has_horizon == has_end
    assert len(warned(MLPClassifier((3,), learning_rate=schedule, max_iter=3))) == (not has_end)


def test_an_own_schedule_says_whether_it_has_an_end():
    class Falling(Schedule):
        has_horizon = True

        def rate(self, initial, clock):
            return initial * (1 - clock.progress)

    assert warned(MLPClassifier((3,), learning_rate=Falling(), max_iter=3)) == []
    Falling.has_horizon = False
    assert len(warned(MLPClassifier((3,), learning_rate=Falling(), max_iter=3))) == 1


def test_patience_that_runs_out_is_an_end_without_a_warning():
    model = MLPClassifier((3,), learning_rate_init=0.01, tol=10.0, max_iter=11)
    assert warned(model) == []
    assert model.n_iter_ == 11  # the last one allowed


# -- what exists -----------------------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_partial_fit_exists_where_the_optimizer_can_do_it(cls, name):
    for optimizer in (name, OPTIMIZERS[name]()):
        assert hasattr(cls(optimizer=optimizer), "partial_fit") == (name != "lbfgs")


def test_why_there_is_no_partial_fit():
    with pytest.raises(AttributeError) as caught:
        MLPClassifier(optimizer=LBFGS(max_fun=7)).partial_fit(X, LABELS, [0, 1, 2])
    assert "no partial_fit with optimizer=LBFGS(max_fun=7), which needs all data at once" in str(
        caught.value.__cause__
    )
    assert "going on from where training stands" in MLPClassifier.partial_fit.__doc__
    # what is wrong with a parameter, fit says
    assert hasattr(MLPClassifier(optimizer="adamm"), "partial_fit")


# -- random states ---------------------------------------------------------------------------------


def bits(random_state):
    return random_state.get_state()[1].tolist()


@pytest.mark.parametrize(
    "model",
    [
        MLPRegressor((3,), optimizer="sgd", learning_rate_init=1e30),
        MLPRegressor((3,), early_stopping=True, scoring="accuracy"),
        TabularMLPRegressor(n_networks=1, effort=0.05, learning_rate_init=1e30),
        LearningRateRangeTest(MLPRegressor((3,), optimizer="sgd"), rates=[1e30, 1e31]),
    ],
    ids=["diverges", "cannot be scored", "tabular", "range test"],
)
@pytest.mark.filterwarnings("ignore")
def test_a_failed_fit_does_not_consume_a_random_state(model):
    state = np.random.RandomState(5)
    before = bits(state)
    with pytest.raises(ValueError):
        model.set_params(random_state=state).fit(X, VALUES)
    assert bits(state) == before
    good = MLPRegressor((3,), max_iter=2, n_iter_no_change=np.inf, random_state=state)
    other = clone(good).set_params(random_state=np.random.RandomState(5))
    assert np.array_equal(good.fit(X, VALUES).predict(X), other.fit(X, VALUES).predict(X))
    assert bits(state) != before


def test_a_failed_call_of_partial_fit_does_not_either():
    state = np.random.RandomState(5)
    model = MLPClassifier((3,), optimizer="sgd", learning_rate_init=1e38, random_state=state)
    before = bits(state)
    with pytest.raises(ValueError, match="diverged"):
        model.partial_fit(1e20 * X, LABELS, [0, 1, 2])
    assert bits(state) == before


def test_the_global_random_state_is_left_alone():
    model = MLPRegressor((3,), optimizer="sgd", learning_rate_init=1e30)
    np.random.seed(0)  # noqa: NPY002
    before = bits(np.random.mtrand._rand)
    with pytest.raises(ValueError, match="diverged"):
        model.fit(X, VALUES)  # other threads may have drawn from it meanwhile
    assert bits(np.random.mtrand._rand) != before


def test_a_generator_is_refused_with_what_to_write():
    for model in (MLPRegressor(), TabularMLPRegressor(), LearningRateRangeTest(MLPRegressor())):
        model.set_params(random_state=np.random.default_rng(0))
        words = r"random_state must be None, .* pass a seed, such as int\(generator.integers"
        with pytest.raises(TypeError, match=words):
            model.fit(X, VALUES)
    MLPRegressor(max_iter=1, n_iter_no_change=np.inf, random_state=np.random).fit(X, VALUES)


def test_displays_and_augmentations_name_a_wrong_random_state():
    model = MLPRegressor((3,), max_iter=1, n_iter_no_change=np.inf).fit(X, VALUES)
    for name, call in {
        "LossSurfaceDisplay": lambda: LossSurfaceDisplay.from_estimator(
            model, X, VALUES, random_state="x"
        ),
        "ActivationStatisticsDisplay": lambda: ActivationStatisticsDisplay.from_inits(
            random_state="x"
        ),
        "GaussianNoise": lambda: GaussianNoise().sample(X, random_state="x"),
    }.items():
        with pytest.raises(TypeError, match=f"{name}: random_state must be None, an integer .*'x'"):
            call()
