"""Components and the registries that know them by name."""

import inspect
import pickle
import re
from importlib import import_module

import numpy as np
import pytest
from sklearn.base import clone

from skdeep._component import Component, Registry
from skdeep._constraints import Number
from skdeep.activations import ACTIVATIONS
from skdeep.augmentation import AUGMENTATIONS
from skdeep.initializers import INITIALIZERS
from skdeep.losses import LOSSES
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES

REGISTRIES = [ACTIVATIONS, AUGMENTATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES]
ENTRIES = [
    pytest.param(registry, name, id=f"{registry.parameter}-{name}")
    for registry in REGISTRIES
    for name in registry
]


class Fruit(Component):
    """A component for these tests."""

    constraints = {"weight": Number(0)}

    def __init__(self, weight=1.0, colour="red"):
        self.weight = weight
        self.colour = colour


class Stone:
    """Not a component of this kind."""


@pytest.fixture
def fruits():
    registry = Registry("fruit", Fruit)

    @registry.register("cherry", "red fruit")
    class Cherry(Fruit):
        pass

    @registry.register("apple")
    class Apple(Fruit):
        def __init__(self, weight=5.0):
            super().__init__(weight)

        @property
        def is_ripe(self):
            return self.weight > 3

    return registry


def test_register_enters_all_names_and_returns_the_class(fruits):
    assert list(fruits) == ["cherry", "red fruit", "apple"]
    assert fruits["cherry"] is fruits["red fruit"]
    assert fruits["cherry"].__name__ == "Cherry"


def test_resolve_a_name(fruits):
    component = fruits.resolve("cherry")
    assert type(component) is fruits["cherry"]
    assert component is not fruits.resolve("cherry")


def test_resolve_an_object_gives_a_clone(fruits):
    given = Fruit(weight=2.0)
    given.state = "not a parameter"
    component = fruits.resolve(given)
    assert component is not given
    assert component.get_params() == given.get_params()
    assert not hasattr(component, "state")


def test_unknown_name_lists_the_known_ones(fruits):
    words = "^Unknown fruit 'chery'; known are apple, cherry, red fruit.$"
    with pytest.raises(ValueError, match=words):
        fruits.resolve("chery")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Fruit, "got the class Fruit"),
        (None, "got None"),
        (3, "got 3"),
        (["cherry"], r"got \['cherry'\]"),
        (Component(), r"got Component\(\)"),
        (Stone(), "got <.*Stone object"),
    ],
)
def test_neither_name_nor_object_of_the_kind(fruits, value, words):
    with pytest.raises(TypeError, match=words) as caught:
        fruits.resolve(value)
    assert "fruit must be a name or an object of a subclass of" in str(caught.value)
    assert f"{Fruit.__module__}.Fruit" in str(caught.value)
    assert "known names are apple, cherry, red fruit." in str(caught.value)


@pytest.mark.parametrize(
    ("weight", "error"), [(-1.0, ValueError), ("heavy", TypeError), (np.nan, ValueError)]
)
def test_resolve_validates(fruits, weight, error):
    with pytest.raises(error, match=r"^Fruit: weight must be a number in \[0, inf\)"):
        fruits.resolve(Fruit(weight=weight))


@pytest.mark.parametrize("number", [np.float32(0.5), np.float64(0.5), np.int64(2), np.float16(0.5)])
def test_numpy_numbers_become_plain_ones(fruits, number):
    given = Fruit(weight=number)
    component = fruits.resolve(given)
    assert type(component.weight) in (int, float)
    assert component.weight == number
    assert given.weight is number


def test_constructor_checks_nothing():
    # scikit-learn's rule: parameters are checked when an estimator is fitted
    assert Fruit(weight="heavy").weight == "heavy"
    with pytest.raises(TypeError):
        Fruit(weight="heavy").validate()


@pytest.mark.parametrize(("registry", "name"), ENTRIES)
def test_every_entry_is_a_sound_component(registry, name):
    component = registry.resolve(name)
    assert isinstance(component, registry.base)
    assert isinstance(component, Component)
    assert set(component.constraints) <= set(component.get_params())
    assert type(component).__name__ in repr(component)
    for copy in (clone(component), pickle.loads(pickle.dumps(component))):
        assert copy.get_params() == component.get_params()
    assert vars(component) == component.get_params(deep=False)


@pytest.mark.parametrize(("registry", "name"), ENTRIES)
def test_every_entry_is_documented_and_public(registry, name):
    cls = registry[name]
    package = ".".join(registry.base.__module__.split(".")[:2])
    module = import_module(package)
    assert getattr(module, cls.__name__) is cls
    doc = inspect.getdoc(cls)
    assert "Examples\n" in doc
    for parameter in cls().get_params(deep=False):
        assert re.search(rf"^(\w+, )*{parameter}(, \w+)* : ", doc, re.MULTILINE)


@pytest.mark.parametrize(("registry", "name"), ENTRIES)
def test_every_numeric_parameter_is_checked(registry, name):
    for parameter, default in registry[name]().get_params(deep=False).items():
        if isinstance(default, (int, float)):
            component = registry[name]().set_params(**{parameter: "text"})
            with pytest.raises((TypeError, ValueError), match=parameter):
                registry.resolve(component)


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.parameter)
def test_unknown_names_of_every_kind(registry):
    with pytest.raises(ValueError, match=f"Unknown {registry.parameter} 'nonsense'") as caught:
        registry.resolve("nonsense")
    assert all(name in str(caught.value) for name in registry)
