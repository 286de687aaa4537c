"""The steps of a composition have names, as those of a pipeline have."""

import pickle
import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from skdeep import CNNClassifier
from skdeep.augmentation import (
    AUGMENTATIONS,
    Compose,
    GaussianNoise,
    Mixup,
    RandomFlip,
    RandomRotation,
    RandomShift,
    RandomZoom,
)

IMAGES = np.random.default_rng(0).standard_normal((9, 6, 6))


def steps():
    return [RandomShift(1), GaussianNoise(0.2), RandomShift(2), ("last", RandomZoom(0.3))]


def test_names_are_those_of_classes_or_ones_own():
    names = ["randomshift-1", "gaussiannoise", "randomshift-2", "last"]
    given = steps()
    composed = Compose(given)
    assert list(composed.named_steps) == names
    assert composed.named_steps["randomshift-2"] is given[2]
    assert composed.named_steps["last"] is given[3][1]
    plain = make_pipeline(*given[:3])  # scikit-learn's names
    assert [name for name, _ in plain.steps] == names[:3]


def test_get_params_like_a_pipeline():
    composed = Compose(steps())
    assert composed.get_params(deep=False) == {"steps": composed.steps}
    params = composed.get_params()
    assert params["steps"] is composed.steps
    assert params["randomshift-2"] is composed.steps[2]
    assert (params["randomshift-1__max_shift"], params["randomshift-2__max_shift"]) == (1, 2)
    assert params["last__fill"] == 0.0
    assert len(params) == 1 + 4 + 3 + 1 + 3 + 3
    nested = Compose([("inner", Compose([Mixup()])), RandomFlip()]).get_params()
    assert nested["inner__mixup__alpha"] == 0.2


def test_set_params():
    composed = Compose(steps())
    same = composed.set_params(**{"randomshift-2__max_shift": 3, "last__fill": "nearest"})
    assert same is composed
    assert composed.steps[2].max_shift == 3
    assert composed.steps[0].max_shift == 1
    assert composed.steps[3][1].fill == "nearest"
    nested = Compose([Compose([Mixup()])]).set_params(compose__mixup__alpha=0.5)
    assert nested.steps[0].steps[0].alpha == 0.5


def test_a_step_in_the_place_of_another_keeps_its_name():
    given = steps()
    composed = Compose(given)
    rotation, mixup = RandomRotation(), Mixup()
    composed.set_params(last=mixup, **{"randomshift-1": rotation, "gaussiannoise__scale": 0.7})
    assert list(composed.named_steps.values()) == [rotation, given[1], given[2], mixup]
    assert next(iter(composed.named_steps)) == "randomshift-1"
    assert composed.named_steps["gaussiannoise"].scale == 0.7
    assert given[0].max_shift == 1  # the list that was passed is the user's
    assert len(given) == 4
    composed.set_params(**{"randomshift-1": RandomShift(), "randomshift-1__max_shift": 4})
    assert composed.named_steps["randomshift-1"].max_shift == 4
    composed.set_params(steps=[Mixup()], mixup__alpha=0.9)
    assert composed.get_params()["mixup__alpha"] == 0.9


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"randomshift": Mixup()}, "Invalid parameter 'randomshift' for estimator Compose("),
        ({"randomshift__max_shift": 1}, "Invalid parameter 'randomshift' for estimator Compose("),
        ({"gaussiannoise__size": 1}, "Invalid parameter 'size' for estimator GaussianNoise("),
    ],
)
def test_unknown_names(params, words):
    composed = Compose(steps())
    with pytest.raises(ValueError, match=re.escape(words)):
        composed.set_params(**params)
    assert repr(composed) == repr(Compose(steps()))


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ([("a", Mixup()), ("a", Mixup())], ValueError, "different names, but two are 'a'"),
        ([("mixup", RandomFlip()), Mixup()], ValueError, "different names, but two are 'mixup'"),
        ([("a__b", Mixup())], ValueError, "nor hold two underscores in a row; got 'a__b'"),
        ([("steps", Mixup())], ValueError, "must not be empty or 'steps'"),
        ([("", Mixup())], ValueError, "must not be empty or 'steps'"),
        ([("a", "mixup")], TypeError, "such as RandomShift(), got 'mixup'"),
        ([(1, Mixup())], TypeError, "such as RandomShift(), got (1, Mixup())"),
        ([(Mixup(), RandomFlip())], TypeError, "got (Mixup(), RandomFlip())"),
        ([[["a"], Mixup()]], TypeError, "got [['a'], Mixup()]"),
    ],
)
def test_bad_steps(given, error, words):
    composed = Compose(given)
    assert composed.get_params()["steps"] is given  # constructors and get_params refuse nothing
    with pytest.raises(error, match=re.escape(words)):
        composed.validate()


def test_named_steps_do_the_same_and_survive_copies():
    plain, named = Compose(steps()), Compose([(f"s{i}", s) for i, s in enumerate(steps()[:3])])
    named.steps.append(("s3", RandomZoom(0.3)))
    expected = plain.sample(IMAGES, random_state=0)
    for copy in (plain, named, clone(named), pickle.loads(pickle.dumps(named))):
        assert_array_equal(copy.sample(IMAGES, random_state=0), expected)
    resolved = AUGMENTATIONS.resolve(named)
    assert resolved.named_steps["s3"] is not named.named_steps["s3"]


def test_numpy_numbers_in_steps_become_plain():
    given = Compose([GaussianNoise(np.float64(0.5)), RandomShift(np.int64(1), fill=np.float32(2))])
    resolved = AUGMENTATIONS.resolve(given).get_params()
    numbers = resolved["gaussiannoise__scale"], resolved["randomshift__max_shift"]
    assert [type(number) for number in numbers] == [float, int]
    assert type(resolved["randomshift__fill"]) is float


def test_a_search_over_steps():
    X, y = load_digits(return_X_y=True)
    augmentation = Compose([RandomShift(1), RandomRotation(5)])
    network = CNNClassifier(
        (8,), input_shape=(8, 8), conv_layers=((4, 3),), augmentation=augmentation, max_iter=2
    )
    network.set_params(n_iter_no_change=np.inf, random_state=0)
    path = "cnnclassifier__augmentation__"
    grid = {f"{path}randomshift__max_shift": [1, 7], f"{path}randomrotation__max_angle": [0, 180.0]}
    model = make_pipeline(MinMaxScaler(), network)
    search = GridSearchCV(model, grid, cv=2, error_score="raise").fit(X[:600], y[:600])
    assert len(set(search.cv_results_["mean_test_score"])) > 1
    best = search.best_estimator_[-1].augmentation.named_steps["randomshift"]
    assert best.max_shift == search.best_params_[f"{path}randomshift__max_shift"] == 1
    assert augmentation.steps[0].max_shift == 1
