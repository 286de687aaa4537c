"""Signatures are typed: of every public class and function, its constructor and its methods."""

import importlib
import inspect

import pytest

from skdeep import (
    Autoencoder,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep.estimators import parameter_types

ESTIMATORS = [MLPClassifier, MLPRegressor, CNNClassifier, CNNRegressor, Autoencoder]
ESTIMATORS += [TabularMLPClassifier, TabularMLPRegressor]
MODULES = ["activations", "augmentation", "checkpoint", "estimators", "exceptions"]
MODULES += ["initializers", "inspection", "kernels", "losses", "model_selection", "network"]
MODULES += ["onnx", "optimizers", "penalties"]
MODULES += ["preprocessing", "schedules", "streaming", "training"]


def public(module):
    """Yield the public classes and functions of a module or package."""
    home = importlib.import_module(f"skdeep.{module}")
    for name in getattr(home, "__all__", [name for name in vars(home) if name[0] != "_"]):
        thing = getattr(home, name)
        is_ours = getattr(thing, "__module__", "").startswith("skdeep.")
        if callable(thing) and is_ours:
            yield thing


def functions(thing):
    """Yield what can be called of a public thing: itself, or a class's constructor and methods."""
    if inspect.isfunction(thing):
        yield thing
        return
    for name, value in vars(thing).items():
        is_public = name == "__init__" or not name.startswith("_")
        value = getattr(value, "fn", value)  # of a method that is there under a condition
        function = getattr(value, "__func__", getattr(value, "fget", value))
        is_ours = getattr(function, "__module__", None) == thing.__module__
        if is_public and is_ours and inspect.isfunction(function):
            yield function


CASES = [
    pytest.param(function, id=f"{function.__module__}.{function.__qualname__}")
    for module in MODULES
    for thing in public(module)
    for function in functions(thing)
]


@pytest.mark.parametrize("function", CASES)
def test_every_parameter_and_result_has_a_type(function):
    signature = inspect.signature(function)
    parameters = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
    assert [p.name for p in parameters if p.annotation is p.empty] == []
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_parameters_are_declared_as_attributes_of_the_same_type(cls):
    declared = {}
    for base in cls.__mro__:
        if base.__module__ == parameter_types.__name__:
            declared.update(inspect.get_annotations(base))
    parameters = inspect.signature(cls).parameters.values()
    fitted = {name: kind for name, kind in declared.items() if name.endswith("_")}
    assert declared == {p.name: p.annotation for p in parameters} | fitted


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_declarations_have_no_effect(cls):
    assert not hasattr(cls, "alpha")
    assert not hasattr(cls, "dtype")
    assert not hasattr(cls(), "n_features_in_")
