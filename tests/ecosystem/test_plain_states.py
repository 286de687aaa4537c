"""What estimators hold is written plainly: by whatever way they come back, they are the same."""

import copy
import json
import pickle
import warnings

import joblib
import models
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.exceptions import ConvergenceWarning

import skdeep
from skdeep import MLPClassifier, MLPRegressor
from skdeep._component import Component
from skdeep._plain import PlainState, Vocabulary
from skdeep.activations import ReLU
from skdeep.estimators.plain import NETWORKS
from skdeep.estimators.tasks import Task
from skdeep.network import Layer
from skdeep.optimizers import OPTIMIZERS, Adam
from skdeep.schedules import SCHEDULES
from skdeep.training import Streams

X, CODES, VALUES = models.X, models.CODES, models.VALUES
PLAIN = str, int, float, bool, type(None)


def foreign(value):
    """Return what is neither a plain dict, list, tuple or array nor a number or a string."""
    if type(value) is dict:
        return foreign(list(value)) + foreign(list(value.values()))
    if type(value) in (list, tuple):
        return [found for entry in value for found in foreign(entry)]
    if isinstance(value, np.ndarray):
        return foreign(value.tolist()) if value.dtype == object else []
    return [] if type(value) in PLAIN else [value]


def assert_same(name, model, other):
    for one, two in zip(models.outputs(name, model), models.outputs(name, other), strict=True):
        assert_array_equal(one, two)
    assert repr(other) == repr(model)
    assert vars(other).keys() == vars(model).keys()


@pytest.mark.parametrize("name", models.NETWORKS)
def test_a_state_is_plain(name):
    assert foreign(models.fitted(name).__getstate__()) == []


@pytest.mark.parametrize("name", models.MAKERS)
@pytest.mark.parametrize(
    "again", [lambda m: pickle.loads(pickle.dumps(m)), copy.deepcopy, copy.copy]
)
def test_estimators_come_back(name, again):
    model = models.fitted(name)
    assert_same(name, model, again(model))


@pytest.mark.parametrize("name", ["goes on", "images", "code", "table of classes"])
def test_arrays_can_stay_in_their_file(name, tmp_path):
    model = models.fitted(name)
    joblib.dump(model, tmp_path / "model")
    mapped = joblib.load(tmp_path / "model", mmap_mode="r")
    assert_same(name, model, mapped)
    assert_same(name, model, pickle.loads(pickle.dumps(mapped)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", ["constant", "adaptive"])
def test_training_goes_on_from_a_pickle(optimizer, schedule):
    if schedule != "constant" and OPTIMIZERS[optimizer]().full_batch:
        schedule = "constant"
    settings = {"optimizer": optimizer, "learning_rate": schedule, "dtype": "float64"}
    model = MLPRegressor((4,), warm_start=True, **settings, **models.SHORT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # after three iterations
        model.fit(X, VALUES)
        loaded = pickle.loads(pickle.dumps(model))
        assert loaded.history_ == model.history_
        for one in (model, loaded):
            one.fit(X, VALUES)
    assert_array_equal(loaded._network.parameters, model._network.parameters)
    assert loaded.loss_curve_ == model.loss_curve_


@pytest.mark.filterwarnings("ignore:Training goes on, but learning_rate")
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_schedules_go_on_from_a_pickle(schedule):
    given = {"early_stopping": True} if schedule == "validation" else {}
    model = MLPRegressor((4,), learning_rate=schedule, warm_start=True, **given, **models.SHORT)
    model.fit(X, VALUES)
    loaded = pickle.loads(pickle.dumps(model)).fit(X, VALUES)
    assert loaded.history_["learning_rate"] == model.fit(X, VALUES).history_["learning_rate"]


def test_random_streams_go_on_in_the_middle_of_a_word():
    streams = Streams(3)
    streams.masks.integers(9, dtype=np.uint32)  # half of a word is left over
    streams.shuffling.standard_normal(5)
    again = pickle.loads(pickle.dumps(streams))
    for name in ("init", "shuffling", "masks", "noise", "target_noise", "augmentation"):
        draws = [
            getattr(one, name).integers(2**31, size=9, dtype=np.uint32) for one in (streams, again)
        ]
        assert_array_equal(*draws)
    assert again.split == streams.split


# -- the list of classes ----------------------------------------------------------------------


def subclasses(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from subclasses(sub)


@pytest.mark.parametrize("base", [Component, Layer, Task])
def test_no_class_of_ours_is_missing(base):
    ours = {
        sub
        for sub in subclasses(base)
        if sub.__module__.startswith("skdeep.") and not sub.__name__.startswith("_")
    }
    bases = {"Affine", "Chain", "Pooling"}  # of layers, without objects of their own
    missing = {sub.__name__ for sub in ours - set(NETWORKS.classes.values())}
    assert missing <= bases
    assert len(ours) >= 5


class Adam2(Adam):
    """A user's own optimizer."""


class Relu(ReLU):
    """A user's own activation."""


Relu.__qualname__ = Relu.__name__ = "Relu"


def test_objects_of_ones_own_stay_as_they_are():
    own = Adam2(beta_2=0.9)
    model = MLPClassifier((4,), optimizer=own, activation=Relu(), warm_start=True, **models.SHORT)
    model.fit(X, CODES)
    kinds = {type(value).__name__ for value in foreign(model.__getstate__())}
    assert kinds == {"Adam2", "Relu"}
    loaded = pickle.loads(pickle.dumps(model))
    assert type(loaded.optimizer) is Adam2
    assert type(loaded._state.optimizer.part) is Adam2
    assert type(loaded._network.leaves[0].activation) is Relu
    assert_array_equal(loaded.fit(X, CODES).coefs_[0], model.fit(X, CODES).coefs_[0])


def test_the_list_is_fixed():
    before = dict(NETWORKS.classes)
    OPTIMIZERS.register("adam 2")(Adam2)
    try:
        model = MLPClassifier(optimizer=Adam2())
        assert foreign(model.__getstate__()) == [model.optimizer]
    finally:
        del OPTIMIZERS["adam 2"]
    assert before == NETWORKS.classes


def tampered(model, change):
    state = model.__getstate__()
    content = json.loads(state["_skdeep_text"])
    change(content, state)
    return {**state, "_skdeep_text": json.dumps(content)}


@pytest.mark.parametrize(
    "name",
    ["os.system", "subprocess.Popen", "skdeep.optimizers.Adam", "skdeep.set_kernels", "eval"],
)
def test_other_classes_are_refused(name):
    def other_type(content, state):
        content["objects"][0]["type"] = name

    def other_layer(content, state):
        stages = [of for of in content["objects"] if of["type"] == "Stage"]
        stages[0]["state"]["kind"] = {"type": "class", "state": name}

    for change in (other_type, other_layer):
        state = tampered(models.fitted("goes on"), change)
        with pytest.raises(ValueError, match=f"'{name}' is no class that this version"):
            MLPClassifier().__setstate__(state)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p[:-1],
        lambda p: np.append(p, p[:1]),
        lambda p: p[:, None],
        lambda p: p.astype(int),
    ],
)
def test_parameters_that_do_not_fit_are_refused(change):
    model = models.fitted("goes on")
    parameters = model._network.parameters

    def other_parameters(content, state):
        state["_skdeep_arrays"] = [
            change(array) if array.shape == parameters.shape else array
            for array in state["_skdeep_arrays"]
        ]

    with pytest.raises(ValueError, match=r"parameters|reshape"):
        MLPClassifier().__setstate__(tampered(model, other_parameters))


# -- values -----------------------------------------------------------------------------------

VALUES_OF_ALL_KINDS = [
    {"type": 1, "state": 2},
    {"type": {"type": "class", "state": "Stage"}, "state": [{}]},
    {1: "a", (2, "b"): None, 2.5: [], None: ()},
    (1, (2, [3.0, None]), "\ud800 'ü\" \x00"),
    [float(i) for i in range(20)],
    [0.1 + i for i in range(20)] + [float("inf"), -0.0],
    [1.5, float("-inf"), -0.0],
    [1, 2.0, True],
    slice(None, 3),
    slice(np.int64(1), 2, None),
    np.dtype("float32"),
    np.array(["ü", "", "\ud800"], object),
    np.array([], object),
    np.array([1, "a", None], object),
    np.array([["a"]], object),
    np.array(["a", "bc"]),
    np.array(2.0),
    np.float32(0.1),
    2**70,
    b"bytes",
    {1, 2},
    float,
]


@pytest.mark.parametrize("value", VALUES_OF_ALL_KINDS, ids=repr)
def test_values_of_all_kinds(value):
    # beside an object of ours, so that they are written, whatever they are
    state = NETWORKS.plain({"a": [value, Adam(beta_1=0.5)], "b": value})
    state = pickle.loads(pickle.dumps(state))
    attributes = NETWORKS.restored(state)
    for again in (attributes["a"][0], attributes["b"]):
        assert type(again) is type(value)
        assert repr(again) == repr(value)  # which tells -0.0 and types within
    assert attributes["a"][1].beta_1 == 0.5


def test_nan_in_a_history():
    history = {"loss": [1.0] * 20, "validation_loss": [float("nan")] * 19 + [1.0]}
    again = NETWORKS.restored(NETWORKS.plain({"a": (history, Adam())}))["a"][0]
    assert repr(again) == repr(history)


def test_what_was_one_object_is_one_again():
    shared, array = Adam(), np.zeros(1000)
    state = NETWORKS.plain({"a": [shared, array], "b": (shared, Adam(), array)})
    assert len(pickle.dumps(state)) < 9000
    again = NETWORKS.restored(state)
    assert again["a"][0] is again["b"][0]
    assert again["b"][1] is not again["b"][0]
    assert again["a"][1] is again["b"][2]


def test_temporary_objects_are_not_taken_for_each_other():
    class Fresh(PlainState):
        """Its state is made anew whenever it is asked for."""

        def __init__(self, n):
            self.n = n

        def _bare_state(self):
            return {"parts": [Adam(beta_1=0.1 * i) for i in range(self.n)]}

        def _take_bare_state(self, state):
            vars(self).update(state)

    words = Vocabulary({"Fresh": Fresh, "Adam": Adam})
    again = words.restored(words.plain({"all": [Fresh(3), Fresh(4)]}))["all"]
    rates = [[part.beta_1 for part in one.parts] for one in again]
    assert rates == [[0.1 * i for i in range(n)] for n in (3, 4)]


def test_a_shallow_copy_shares_what_it_holds():
    model = MLPClassifier((4,), optimizer=Adam(), **models.SHORT).fit(X, CODES)
    twin = copy.copy(model)
    assert twin.optimizer is model.optimizer
    assert twin._network is model._network


# -- files of other versions ------------------------------------------------------------------


@pytest.mark.parametrize("name", models.NETWORKS)
def test_pickles_of_the_first_format_are_read(name, monkeypatch):
    model = models.fitted(name)
    content = models.in_the_first_format(monkeypatch, pickle.dumps, model)
    assert b"_skdeep_text" not in content
    assert_same(name, model, pickle.loads(content))


def test_training_goes_on_from_a_pickle_of_the_first_format(monkeypatch):
    model = MLPClassifier((4,), dropout=0.5, class_weight={"type": 1, "state": 2}, warm_start=True)
    model.set_params(**models.SHORT).fit(X, np.where(CODES, "type", "state"))
    loaded = pickle.loads(models.in_the_first_format(monkeypatch, pickle.dumps, model))
    assert loaded.class_weight == model.class_weight
    assert pickle.loads(pickle.dumps(model)).class_weight == model.class_weight
    y = np.where(CODES, "type", "state")
    assert_array_equal(loaded.fit(X, y).coefs_[0], model.fit(X, y).coefs_[0])


def test_a_newer_format_is_refused():
    state = {**MLPClassifier().__getstate__(), "_skdeep_format": 3}
    with pytest.raises(ValueError, match="newer version of skdeep, in format 3; this one reads"):
        MLPClassifier().__setstate__(state)


def test_a_subclass_can_leave_out_attributes_and_add_some():
    model = Lean(max_iter=7)
    model.big, model.small = np.zeros(10), 3
    loaded = pickle.loads(pickle.dumps(model))
    assert not hasattr(loaded, "big")
    assert (loaded.small, loaded.added, loaded.max_iter) == (3, "yes", 7)


class Lean(skdeep.MLPClassifier):
    """A user's subclass with a state of its own."""

    def __getstate__(self):
        state = super().__getstate__()
        del state["big"]
        return {**state, "added": "yes"}
