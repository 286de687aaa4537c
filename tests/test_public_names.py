"""The public names that other people's code relies on: parameters, classes, attributes."""

import importlib
import inspect
import pickle

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_diabetes, load_iris

import skdeep
from skdeep import (
    Autoencoder,
    CNNClassifier,
    CNNRegressor,
    MLPClassifier,
    MLPRegressor,
    TabularMLPClassifier,
    TabularMLPRegressor,
)
from skdeep._component import Component

ARCHITECTURE = {"hidden_layer_sizes": (100,), "activation": "relu"}
DESCENT = {
    "init": "auto",
    "bias_init": 0.0,
    "optimizer": "adam",
    "learning_rate": "constant",
    "learning_rate_init": 0.001,
    "batch_size": "auto",
    "max_iter": 200,
    "shuffle": True,
    "alpha": 1e-4,
    "l1_ratio": 0.0,
    "max_norm": None,
    "clip_norm": None,
    "dropout": 0.0,
    "input_dropout": 0.0,
    "input_noise": 0.0,
}
STOPPING = {
    "tol": 1e-4,
    "n_iter_no_change": 10,
    "early_stopping": False,
    "validation_fraction": 0.1,
    "scoring": None,
    "warm_start": False,
    "dtype": "auto",
    "verbose": False,
    "callbacks": None,
    "random_state": None,
}
MAPS = {
    "input_shape": None,
    "conv_layers": ((32, 3),),
    "pool_size": 2,
    "padding": "same",
    "pooling": "max",
}
LOSS, SCALING = {"loss": "squared_error"}, {"target_scaling": "standard"}
AUGMENTATION = {"augmentation": None}
WAYS = {**AUGMENTATION, "skip_connections": False}
OF_CLASSIFIERS = {**DESCENT, "label_smoothing": 0.0, **WAYS, "class_weight": None, **STOPPING}
OF_REGRESSORS = {**LOSS, **SCALING, **DESCENT, "target_noise": 0.0, **WAYS, **STOPPING}
PARAMETERS = {
    MLPClassifier: {**ARCHITECTURE, **OF_CLASSIFIERS},
    MLPRegressor: {**ARCHITECTURE, **OF_REGRESSORS},
    CNNClassifier: {**ARCHITECTURE, **MAPS, **OF_CLASSIFIERS},
    CNNRegressor: {**ARCHITECTURE, **MAPS, **OF_REGRESSORS},
    Autoencoder: {
        **ARCHITECTURE,
        "hidden_layer_sizes": (32,),
        "tied_weights": True,
        **LOSS,
        **DESCENT,
        **AUGMENTATION,
        **STOPPING,
    },
}
ESTIMATORS = list(PARAMETERS)
TABLE = {
    "categorical_features": "from_dtype",
    "n_networks": 4,
    "effort": 1.0,
    "hidden_layer_sizes": "auto",
    "activation": "silu",
    "learning_rate_init": None,
    "weight_decay": 0.0,
    "batch_size": 128,
    "dropout": 0.0,
}
REST = {
    "validation_fraction": 0.2,
    "dtype": "auto",
    "n_jobs": None,
    "verbose": False,
    "random_state": None,
}
TABULAR = {  # of which all parameters are keyword-only
    TabularMLPClassifier: {**TABLE, "label_smoothing": 0.1, "class_weight": None, **REST},
    TabularMLPRegressor: {**TABLE, **REST},
}
TABULAR_ATTRIBUTES = [
    "networks_",
    "network_weights_",
    "validation_score_",
    "history_",
    "n_features_in_",
    "feature_names_in_",
]

OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "line_search": "LineSearch",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adadelta": "Adadelta",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "amsgrad": "AMSGrad",
    "adamax": "Adamax",
    "lion": "Lion",
    "lbfgs": "LBFGS",
}
SCHEDULES = {
    "constant": "Constant",
    "step": "StepDecay",
    "validation": "ValidationDecay",
    "exponential": "ExponentialDecay",
    "inverse_time": "InverseTimeDecay",
    "invscaling": "InverseScaling",
    "adaptive": "Adaptive",
    "cosine": "Cosine",
    "cosine_log": "CosineLog",
    "one_cycle": "OneCycle",
    "warmup": "Warmup",
}
ACTIVATIONS = {
    "identity": "Identity",
    "sigmoid": "Sigmoid",
    "logistic": "Sigmoid",
    "tanh": "Tanh",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "maxout": "Maxout",
    "softplus": "Softplus",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "mish": "Mish",
}
INITIALIZERS = {
    "zeros": "Zeros",
    "constant": "Constant",
    "normal": "Normal",
    "uniform": "Uniform",
    "lecun_normal": "LeCunNormal",
    "lecun_uniform": "LeCunUniform",
    "glorot_normal": "GlorotNormal",
    "glorot_uniform": "GlorotUniform",
    "he_normal": "HeNormal",
    "he_uniform": "HeUniform",
    "orthogonal": "Orthogonal",
}
LOSSES = {
    "squared_error": "SquaredError",
    "absolute_error": "AbsoluteError",
    "huber": "Huber",
    "poisson": "Poisson",
    "quantile": "Quantile",
}
AUGMENTATIONS = {
    "random_shift": "RandomShift",
    "random_rotation": "RandomRotation",
    "random_zoom": "RandomZoom",
    "random_flip": "RandomFlip",
    "gaussian_noise": "GaussianNoise",
    "mixup": "Mixup",
}
# module -> (its table of names, its base class, what the contract promises)
REGISTRIES = {
    "optimizers": ("OPTIMIZERS", "Optimizer", OPTIMIZERS),
    "schedules": ("SCHEDULES", "Schedule", SCHEDULES),
    "activations": ("ACTIVATIONS", "Activation", ACTIVATIONS),
    "initializers": ("INITIALIZERS", "Initializer", INITIALIZERS),
    "losses": ("LOSSES", "Loss", LOSSES),
    "augmentation": ("AUGMENTATIONS", "Augmentation", AUGMENTATIONS),
}
CONSTANTS = {
    "optimizers.Momentum": {"momentum": 0.9},
    "optimizers.Nesterov": {"momentum": 0.9},
    "optimizers.RMSprop": {"beta": 0.9, "epsilon": 1e-8},
    "optimizers.Adagrad": {"epsilon": 1e-8},
    "optimizers.Adam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8},
    "activations.LeakyReLU": {"slope": 0.01},
    "activations.ELU": {"a": 1.0},
    "activations.Maxout": {"pieces": 2},
    "losses.Quantile": {"quantile": 0.5},
    "augmentation.RandomShift": {"max_shift": 2, "image_shape": None, "fill": 0.0},
}

ATTRIBUTES = [
    "coefs_",
    "named_parameters_",
    "intercepts_",
    "n_iter_",
    "n_layers_",
    "n_outputs_",
    "out_activation_",
    "loss_",
    "best_loss_",
    "loss_curve_",
    "validation_scores_",
    "best_validation_score_",
    "t_",
    "n_features_in_",
    "feature_names_in_",
    "history_",
]
HISTORY = ["loss", "learning_rate", "gradient_norm", "seconds"]
HISTORY_OF_VALIDATION = ["validation_loss", "validation_score"]


def module(name):
    return importlib.import_module(f"skdeep.{name}")


def registry(name):
    return getattr(module(name), REGISTRIES[name][0])


def components():
    """Every class that can be had by name, and the base classes to inherit from."""
    found = {getattr(module(name), base) for name, (_, base, _) in REGISTRIES.items()}
    for name in REGISTRIES:
        found.update(registry(name).values())
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


def iris():
    return load_iris(return_X_y=True, as_frame=True)


def diabetes():
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    return X, (y - y.mean()) / y.std()


CLASSIFIERS, REGRESSORS = (MLPClassifier, CNNClassifier), (MLPRegressor, CNNRegressor)


def data_for(cls):
    return diabetes() if cls in REGRESSORS else iris()


# -- estimators --------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_constructor_parameters_their_order_and_defaults(cls):
    parameters = list(inspect.signature(cls).parameters.values())
    assert {p.name: p.default for p in parameters} == PARAMETERS[cls]
    assert [p.name for p in parameters] == list(PARAMETERS[cls])
    assert [p.kind for p in parameters[:2]] == [inspect.Parameter.POSITIONAL_OR_KEYWORD] * 2
    assert {p.kind for p in parameters[2:]} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("cls", TABULAR)
def test_constructor_parameters_of_tabular_estimators(cls):
    parameters = list(inspect.signature(cls).parameters.values())
    assert {p.name: p.default for p in parameters} == TABULAR[cls]
    assert [p.name for p in parameters] == list(TABULAR[cls])
    assert {p.kind for p in parameters} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("cls", [*ESTIMATORS, *TABULAR])
def test_every_parameter_and_attribute_is_documented(cls):
    parameters, attributes = inspect.getdoc(cls).split("\nAttributes\n")
    undocumented = [
        name for name in (PARAMETERS | TABULAR)[cls] if f"\n{name} : " not in parameters
    ]
    assert undocumented == []
    words = attributes.split("\nSee Also\n")[0].replace(",", " ").split()
    promised = TABULAR_ATTRIBUTES if cls in TABULAR else ATTRIBUTES
    assert [name for name in promised if name not in words] == []


@pytest.mark.parametrize("cls", [*ESTIMATORS, *TABULAR])
def test_signature_of_fit(cls):
    parameters = inspect.signature(cls.fit).parameters
    assert list(parameters)[1:4] == ["X", "y", "sample_weight"]
    validation = [p for p in parameters.values() if p.kind is p.KEYWORD_ONLY]
    names = ["X_val", "y_val", "sample_weight_val"]
    if cls is Autoencoder:
        names.remove("y_val")
    assert {p.name: p.default for p in validation} == dict.fromkeys(names)


def arguments(method):
    return list(inspect.signature(method).parameters)


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_signatures_of_the_other_methods(cls):
    classes = ["classes"] if cls in CLASSIFIERS else []
    assert arguments(cls.partial_fit) == ["self", "X", "y", *classes, "sample_weight"]
    assert arguments(cls.score) == ["self", "X", "y", "sample_weight"]
    names = ("predict", "predict_proba", "predict_log_proba", "transform", "inverse_transform")
    has = [name for name in names if hasattr(cls, name)]
    assert has == list(names[3:] if cls is Autoencoder else names[: 1 + 2 * (cls in CLASSIFIERS)])
    for name in has:
        assert arguments(getattr(cls, name)) == ["self", "X"]


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
@pytest.mark.parametrize("cls", ESTIMATORS)
def test_fitted_attributes(cls, optimizer):
    model = cls((5,), optimizer=optimizer, max_iter=2, n_iter_no_change=np.inf, early_stopping=True)
    if optimizer == "lbfgs":
        model.set_params(tol=1e3)  # converged at once: no warning
    X, y = data_for(cls)
    unfitted = [name for name in ATTRIBUTES if hasattr(model, name)]
    assert unfitted == []
    model.set_params(random_state=0).fit(X, y)
    assert [name for name in ATTRIBUTES if not hasattr(model, name)] == []
    assert hasattr(model, "classes_") == (cls in CLASSIFIERS)
    assert hasattr(model, "target_mean_") == (cls in REGRESSORS)
    assert hasattr(model, "target_scale_") == (cls in REGRESSORS)
    assert list(model.feature_names_in_) == list(X.columns)


@pytest.mark.parametrize("cls", TABULAR)
def test_methods_and_attributes_of_tabular_estimators(cls):
    is_classifier = cls is TabularMLPClassifier
    names = ["predict", *["predict_proba", "predict_log_proba"] * is_classifier]
    assert [name for name in dir(cls) if name.startswith("predict")] == sorted(names)
    for name in names:
        assert arguments(getattr(cls, name)) == ["self", "X"]
    assert arguments(cls.score) == ["self", "X", "y", "sample_weight"]
    model = cls(n_networks=1, effort=0.01, hidden_layer_sizes=(5,), random_state=0)
    assert [name for name in TABULAR_ATTRIBUTES if hasattr(model, name)] == []
    X, y = iris() if is_classifier else diabetes()
    model.fit(X, y)
    assert [name for name in TABULAR_ATTRIBUTES if not hasattr(model, name)] == []
    assert hasattr(model, "classes_") == is_classifier
    assert list(model.feature_names_in_) == list(X.columns)
    assert sorted(model.history_) == sorted(HISTORY)


@pytest.mark.parametrize("cls", ESTIMATORS)
@pytest.mark.parametrize("early_stopping", [False, True])
def test_history_holds_an_entry_an_epoch(cls, early_stopping):
    model = cls((5,), max_iter=3, n_iter_no_change=np.inf, early_stopping=early_stopping)
    model.fit(*data_for(cls))
    names = HISTORY + HISTORY_OF_VALIDATION * early_stopping
    assert sorted(model.history_) == sorted(names)
    assert {len(values) for values in model.history_.values()} == {model.n_iter_} == {3}
    assert {type(value) for values in model.history_.values() for value in values} == {float}


# -- components --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REGISTRIES)
def test_names_of_components(name):
    assert {key: cls.__name__ for key, cls in registry(name).items()} == REGISTRIES[name][2]
    for cls in registry(name).values():
        assert getattr(module(name), cls.__name__) is cls


@pytest.mark.parametrize(("path", "constants"), CONSTANTS.items())
def test_constants_of_components(path, constants):
    name, cls = path.split(".")
    parameters = getattr(module(name), cls)().get_params()
    assert {key: parameters[key] for key in constants} == constants


@pytest.mark.parametrize("cls", components(), ids=lambda cls: cls.__qualname__)
def test_components_are_scikit_learn_objects(cls):
    component = cls()
    assert isinstance(component, BaseEstimator)
    assert repr(component) == f"{cls.__name__}()"
    for twin in (clone(component), pickle.loads(pickle.dumps(component))):
        assert type(twin) is cls
        assert twin.get_params() == component.get_params()


TRANSFORMERS = [getattr(module("preprocessing"), name) for name in module("preprocessing").__all__]
WITH_EXAMPLE = [*ESTIMATORS, *TABULAR, *TRANSFORMERS, *components()]


@pytest.mark.parametrize("cls", WITH_EXAMPLE, ids=lambda cls: cls.__qualname__)
def test_public_classes_have_an_example(cls):
    examples = inspect.getdoc(cls).partition("\nExamples\n--------\n")[2]
    assert "\n>>> " in "\n" + examples


# -- modules -----------------------------------------------------------------------------------


def test_the_package_lists_its_names():
    classes = {cls.__name__ for cls in (*ESTIMATORS, *TABULAR)}
    assert set(skdeep.__all__) == classes | {
        "set_kernels",
        "get_kernels",
        "__version__",
        "Checkpoint",
        "resume",
    }
    assert skdeep.__version__.count(".") == 2


@pytest.mark.parametrize("name", [None, "estimators", "preprocessing", *REGISTRIES])
def test_lists_of_names_are_complete(name):
    home = skdeep if name is None else module(name)
    public = {
        key
        for key, value in vars(home).items()
        if isinstance(value, type)
        and not key.startswith("_")
        and value.__module__.startswith("skdeep.")
        and issubclass(value, BaseEstimator)
        and value is not Component
    }
    listed = getattr(home, "__all__", None)
    if listed is None:  # one file: its public names are those without an underscore
        assert all(vars(home)[key].__module__ == home.__name__ for key in public)
        return
    assert public <= set(listed)
    assert [key for key in listed if not hasattr(home, key)] == []
    assert len(listed) == len(set(listed))
