"""Files of skops name one type of ours for each estimator, and are about as large as pickles."""

import io
import pickle
import re
import zipfile
from pathlib import Path

import models
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.compose import make_column_transformer
from sklearn.ensemble import StackingClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import skdeep
from skdeep import MLPClassifier, _version
from skdeep.exceptions import InconsistentVersionWarning
from skdeep.optimizers import Adam
from skdeep.preprocessing import SmoothScaler
from skdeep.schedules import Schedule

skops = pytest.importorskip("skops.io")

X, CODES = models.X, models.CODES
PAGE = Path(__file__).parents[2] / "docs" / "trusted_files.md"


def asked_for(content):
    """Return the types that skops asks for and that are not scikit-learn's."""
    found = skops.get_untrusted_types(data=content)
    return [name for name in found if not name.startswith("sklearn.")]


def name_of(model):
    return f"{type(model).__module__}.{type(model).__qualname__}"


def inner(name):
    """Return the types of ours within a search."""
    return [name_of(MLPClassifier())] if name in ("search", "range test") else []


@pytest.mark.parametrize("name", models.MAKERS)
def test_one_type_of_ours_for_each_estimator(name):
    model = models.fitted(name)
    content = skops.dumps(model)
    assert sorted(asked_for(content)) == sorted([name_of(model), *inner(name)])
    loaded = skops.loads(content, trusted=skops.get_untrusted_types(data=content))
    for one, two in zip(models.outputs(name, model), models.outputs(name, loaded), strict=True):
        assert_array_equal(one, two)
    assert repr(loaded) == repr(model)


@pytest.mark.parametrize("name", models.NETWORKS)
def test_files_are_hardly_larger_than_pickles(name):
    model = models.fitted(name)
    plain = len(skops.dumps(skdeep.MLPClassifier()))  # what skops makes of 35 parameters
    assert len(skops.dumps(model)) < 1.1 * len(pickle.dumps(model)) + plain + 30_000


def test_a_file_is_as_large_as_its_parameters():
    model = MLPClassifier((500, 500), max_iter=200, n_iter_no_change=np.inf, tol=0)
    model.fit(X[:10], CODES[:10])
    size = sum(array.nbytes for array in (*model.coefs_, *model.intercepts_))
    for content in (pickle.dumps(model), skops.dumps(model)):
        assert len(content) < 1.02 * size + 40_000


@pytest.mark.parametrize("name", ["goes on", "by parts"])
def test_training_goes_on_from_a_file(name):
    model = models.MAKERS[name]()
    loaded = skops.loads(skops.dumps(model), trusted=[name_of(model)])
    for one in (model, loaded):
        one.fit(X, CODES) if name == "goes on" else one.partial_fit(X, models.VALUES)
    assert_array_equal(loaded._network.parameters, model._network.parameters)
    assert loaded.loss_curve_ == model.loss_curve_


def test_pipelines_ask_for_each_of_their_estimators():
    scaled = make_pipeline(
        make_column_transformer((SmoothScaler(), [0, 1]), remainder=StandardScaler()),
        MLPClassifier((3,), optimizer=Adam(beta_2=0.9), **models.SHORT),
    )
    networks = [("a", scaled), ("b", skdeep.CNNClassifier((3,), **models.SHORT))]
    model = GridSearchCV(
        StackingClassifier(networks, cv=2), {"a__mlpclassifier__alpha": [0.1, 0.2]}, cv=2
    )
    content = skops.dumps(model.fit(X, models.WORDS))
    expected = ["cnn.CNNClassifier", "mlp.MLPClassifier"]
    expected = [f"skdeep.estimators.{name}" for name in expected]
    assert sorted(asked_for(content)) == [*expected, "skdeep.preprocessing.scaling.SmoothScaler"]
    loaded = skops.loads(content, trusted=skops.get_untrusted_types(data=content))
    assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))


class Halving(Schedule):
    """A user's own schedule."""

    def rate(self, initial, clock):
        return initial * 0.5**clock.progress


def test_types_of_ones_own_are_named():
    model = MLPClassifier((3,), learning_rate=Halving(), warm_start=True, **models.SHORT)
    model.fit(X, CODES)
    content = skops.dumps(model)
    own = f"{Halving.__module__}.Halving"
    assert sorted(asked_for(content)) == sorted([name_of(model), own])
    with pytest.raises(TypeError, match="Halving"):
        skops.loads(content, trusted=[name_of(model)])
    loaded = skops.loads(content, trusted=[name_of(model), own])
    assert_array_equal(loaded.fit(X, CODES).coefs_[0], model.fit(X, CODES).coefs_[0])


@pytest.mark.parametrize("name", ["words", "goes on", "images", "code", "table of classes"])
def test_files_of_the_first_format_are_read(name, monkeypatch):
    model = models.fitted(name)
    content = models.in_the_first_format(monkeypatch, skops.dumps, model)
    types = skops.get_untrusted_types(data=content)
    assert len(types) > 5  # which whoever reads such a file has to trust, all of them
    loaded = skops.loads(content, trusted=types)
    for one, two in zip(models.outputs(name, model), models.outputs(name, loaded), strict=True):
        assert_array_equal(one, two)
    assert asked_for(skops.dumps(loaded)) == [name_of(model)]  # written anew, it needs one


def test_a_file_of_another_version_is_read_with_a_warning(monkeypatch):
    model = models.fitted("words")
    content = skops.dumps(model)
    monkeypatch.setattr(_version, "__version__", "9.8.7")
    with pytest.warns(InconsistentVersionWarning, match="read by version 9"):
        loaded = skops.loads(content, trusted=[name_of(model)])
    assert_array_equal(loaded.predict_proba(models.NUMBERS), models.outputs("words", model)[1])


def test_nothing_is_trusted_unasked():
    with pytest.raises(TypeError, match=r"skdeep\.estimators\.mlp\.MLPClassifier"):
        skops.loads(skops.dumps(models.fitted("words")))


def test_a_class_that_is_smuggled_into_a_file_is_refused():
    model = models.fitted("words")
    source = zipfile.ZipFile(io.BytesIO(skops.dumps(model)))
    assert source.read("schema.json").count(b"activations.ReLU") == 1
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as changed:
        for name in source.namelist():
            content = source.read(name).replace(b"activations.ReLU", b"subprocess.Popen")
            changed.writestr(name, content)
    assert asked_for(target.getvalue()) == [name_of(model)]  # skops does not see it, skdeep does
    with pytest.raises(ValueError, match=r"'subprocess\.Popen' is no class that this version"):
        skops.loads(target.getvalue(), trusted=[name_of(model)])


def test_the_documented_list_is_the_right_one():
    text = PAGE.read_text()
    listed = set(re.findall(r"`(skdeep\.[\w.]+\.[A-Z]\w+)`", text))
    public = {name_of(models.fitted(name)) for name in models.MAKERS}
    assert {name.rpartition(".")[2] for name in public} >= {
        name for name in skdeep.__all__ if name[0].isupper() and name != "Checkpoint"
    }
    assert public <= listed
