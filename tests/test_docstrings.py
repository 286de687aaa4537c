"""Docstrings are written out, so that an editor shows what ``help`` shows; here they stay equal.

Several classes share parameters, attributes, methods and notes. What is said of them is said in
every class, in the same words; the exceptions are named here, with what sets them apart.
"""

import ast
import inspect
import re
from itertools import combinations

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
from skdeep.activations import ACTIVATIONS
from skdeep.augmentation import AUGMENTATIONS
from skdeep.initializers import INITIALIZERS
from skdeep.losses import LOSSES, RECONSTRUCTION_LOSSES
from skdeep.optimizers import OPTIMIZERS
from skdeep.schedules import SCHEDULES

CLASSIFIERS, REGRESSORS = [MLPClassifier, CNNClassifier], [MLPRegressor, CNNRegressor]
NETWORKS = [*CLASSIFIERS, *REGRESSORS]
SINGLE = [*NETWORKS, Autoencoder]
TABULAR = [TabularMLPClassifier, TabularMLPRegressor]
ESTIMATORS = [*SINGLE, *TABULAR]

# (section, entry): groups of classes; the words agree within a group, and differ between two
EXCEPTIONS = {
    # behind convolution layers, without them, of the encoder
    ("Parameters", "hidden_layer_sizes"): [
        [MLPClassifier, MLPRegressor],
        [CNNClassifier, CNNRegressor],
        [Autoencoder],
        TABULAR,
    ],
    # a list is one of all layers, or of the encoder's
    ("Parameters", "activation"): [NETWORKS, [Autoencoder], TABULAR],  # another default
    ("Parameters", "init"): [NETWORKS, [Autoencoder]],
    ("Parameters", "dropout"): [NETWORKS, [Autoencoder], TABULAR],
    # an autoencoder has one more
    ("Parameters", "loss"): [REGRESSORS, [Autoencoder]],
    # each kind has its own default
    ("Parameters", "scoring"): [CLASSIFIERS, REGRESSORS, [Autoencoder]],
    # a table's are columns, and its networks several, with defaults of their own
    ("Parameters", "learning_rate_init"): [SINGLE, TABULAR],
    ("Parameters", "batch_size"): [SINGLE, TABULAR],
    ("Parameters", "label_smoothing"): [CLASSIFIERS, TABULAR],
    ("Parameters", "class_weight"): [CLASSIFIERS, TABULAR],  # not for multi-label targets
    ("Parameters", "dtype"): [SINGLE, TABULAR],
    ("Parameters", "verbose"): [SINGLE, TABULAR],
    ("Parameters", "random_state"): [SINGLE, TABULAR],
    ("Parameters", "validation_fraction"): [
        [*SINGLE],
        [TabularMLPClassifier],  # keeps the proportions of the classes
        [TabularMLPRegressor],
    ],
    ("Attributes", "history_"): [SINGLE, [TabularMLPClassifier], [TabularMLPRegressor]],
    ("Attributes", "networks_"): [[TabularMLPClassifier], [TabularMLPRegressor]],
    ("Attributes", "validation_score_"): [[TabularMLPClassifier], [TabularMLPRegressor]],
    ("Attributes", "n_features_in_"): [SINGLE, TABULAR],
    ("Attributes", "feature_names_in_"): [SINGLE, TABULAR],
}
# (method, parameter): what is not the same in all methods of that name
METHOD_EXCEPTIONS = {
    ("fit", "X"),  # may have three or four dimensions in convolutional networks
    ("fit", "y"),
    ("partial_fit", "y"),
    ("score", "y"),
    # a table, or numbers
    ("fit", "X_val"),
    ("predict", "X"),
    ("predict_proba", "X"),
    ("predict_log_proba", "X"),
}
# (registry, parameter): the class that means something of its own by it
COMPONENT_EXCEPTIONS = {
    ("augmentation", "image_shape"): "RandomRotation",  # knows no signals
    ("init", "gain"): "Orthogonal",
    ("init", "scale"): "Uniform",
}
NAMES = {
    "activation": ACTIVATIONS,
    "augmentation": AUGMENTATIONS,
    "init": INITIALIZERS,
    "learning_rate": SCHEDULES,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
}


def sections(thing):
    """Return {title: text} of a numpy docstring, the text before the first title under None."""
    parts = re.split(r"^(.+)\n-+\n", inspect.getdoc(thing), flags=re.MULTILINE)
    return {None: parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def entries(thing, section):
    """Return {name: (type, description)} of a section that lists things, white space made even."""
    text = sections(thing).get(section, "")
    found = re.findall(r"^(\S.*?) : (.*)\n((?: .*\n?|\n)*)", text + "\n", re.MULTILINE)
    return {name: (kind, " ".join(words.split())) for name, kind, words in found}


def last_paragraph(thing):
    return sections(thing)["Notes"].strip().split("\n\n")[-1]


def test_entries_are_read():
    found = entries(MLPClassifier, "Parameters")
    assert found["shuffle"] == (
        "bool, default=True",
        "Whether the rows are put into a new random order in every epoch.",
    )


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_parameters_are_those_of_the_constructor_in_its_order_with_its_defaults(cls):
    signature = inspect.signature(cls).parameters.values()
    documented = entries(cls, "Parameters")
    assert list(documented) == [parameter.name for parameter in signature]
    defaults = [kind.rpartition(", default=")[2] for kind, _ in documented.values()]
    assert [ast.literal_eval(default) for default in defaults] == [p.default for p in signature]


@pytest.mark.parametrize("cls", ESTIMATORS)
def test_everything_is_described_in_whole_sentences(cls):
    for section in ("Parameters", "Attributes"):
        for name, (kind, words) in entries(cls, section).items():
            assert kind, name
            assert words[0].isupper(), name
            assert words.endswith("."), name


@pytest.mark.parametrize("section", ["Parameters", "Attributes"])
@pytest.mark.parametrize("pair", list(combinations(ESTIMATORS, 2)), ids=str)
def test_what_is_shared_is_said_in_the_same_words(section, pair):
    first, second = (entries(cls, section) for cls in pair)
    different = {name for name in first.keys() & second.keys() if first[name] != second[name]}
    expected = {
        name
        for (where, name), groups in EXCEPTIONS.items()
        if where == section and not any(set(pair) <= set(group) for group in groups)
    }
    assert different == expected & first.keys() & second.keys()


def definitions():
    """Return pairs of a name and the different functions that classes of ours define under it."""
    found = {}
    for base in dict.fromkeys(base for cls in ESTIMATORS for base in cls.__mro__):
        if base.__module__.startswith("skdeep."):
            for name, value in vars(base).items():
                value = getattr(value, "fn", value)  # of a method that is there under a condition
                if inspect.isfunction(value) and not name.startswith("_"):
                    found.setdefault(name, []).append(value)
    return [pytest.param(name, functions, id=name) for name, functions in found.items()]


@pytest.mark.parametrize(("name", "functions"), definitions())
def test_what_methods_share_is_said_in_the_same_words(name, functions):
    for first, second in combinations(functions, 2):
        one, other = (entries(function, "Parameters") for function in (first, second))
        shared = {key for key in one.keys() & other.keys() if (name, key) not in METHOD_EXCEPTIONS}
        assert {key: one[key] for key in shared} == {key: other[key] for key in shared}
        for title in ("Returns", "Raises"):
            assert sections(first).get(title) == sections(second).get(title)


@pytest.mark.parametrize(("name", "functions"), definitions())
def test_parameters_of_methods_are_those_of_the_signature(name, functions):
    for function in functions:
        names = [key.lstrip("*") for key in entries(function, "Parameters")]
        assert names == [key for key in inspect.signature(function).parameters if key != "self"]


@pytest.mark.parametrize("cls", SINGLE)
def test_notes_on_pickles_and_on_going_on_are_the_same(cls):
    assert last_paragraph(cls) == last_paragraph(MLPClassifier)


def test_notes_on_tables_are_the_same_but_for_the_loss():
    notes = [sections(cls)["Notes"].strip().split("\n\n") for cls in TABULAR]
    assert [len(paragraphs) for paragraphs in notes] == [5, 5]
    for same in (0, 2, 4):
        assert notes[0][same] == notes[1][same]


def test_notes_and_introduction_of_convolutional_networks_are_the_same():
    assert sections(CNNClassifier)["Notes"] == sections(CNNRegressor)["Notes"]
    introductions = [sections(cls)[None].split("\n\n") for cls in (CNNClassifier, CNNRegressor)]
    assert introductions[0][1:] == introductions[1][1:]


@pytest.mark.parametrize("parameter", NAMES)
@pytest.mark.parametrize("cls", ESTIMATORS)
def test_the_known_names_are_listed(cls, parameter):
    documented = entries(cls, "Parameters")
    if parameter not in documented or (cls, parameter) == (Autoencoder, "activation"):
        return  # an autoencoder refers to another class
    _, words = documented[parameter]
    is_reconstruction = (cls, parameter) == (Autoencoder, "loss")
    registry = RECONSTRUCTION_LOSSES if is_reconstruction else NAMES[parameter]
    known = words if is_reconstruction else re.search(r"names are ([^.]*)", words)[1]
    assert sorted({*re.findall(r'"(\w+)"', known)}) == sorted(registry)


@pytest.mark.parametrize("registry", [AUGMENTATIONS, INITIALIZERS], ids=lambda r: r.parameter)
def test_what_components_share_is_said_in_the_same_words(registry):
    for first, second in combinations(dict.fromkeys(registry.values()), 2):
        one, other = entries(first, "Parameters"), entries(second, "Parameters")
        for name in one.keys() & other.keys():
            exception = COMPONENT_EXCEPTIONS.get((registry.parameter, name))
            words = one[name][1] == other[name][1]
            assert words != (exception in (first.__name__, second.__name__)), (first, second, name)
