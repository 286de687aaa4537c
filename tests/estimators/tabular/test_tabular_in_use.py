"""Tabular estimators among scikit-learn's tools: copies, searches, pipelines, pictures."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest
from mlxtend.data import autompg_data
from numpy.testing import assert_allclose, assert_array_equal
from raw_tables import ESTIMATORS, SMALL, outputs, small, table, task
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier, TabularMLPClassifier, TabularMLPRegressor
from skdeep.activations import Maxout
from skdeep.inspection import TrainingHistoryDisplay, diagnose

every_estimator = pytest.mark.parametrize("cls", ESTIMATORS)


@every_estimator
def test_weights_of_networks(cls):
    X, y = task(cls)
    model = small(cls, n_networks=4).fit(X, y)
    weights = model.network_weights_
    assert weights.min() > 0
    assert weights.sum() == pytest.approx(1)
    assert len(weights) == len(model.networks_) <= 16
    assert weights.max() == weights[model.networks_.index(model._heaviest)]
    inputs = model._encoded(X)
    mean = sum(
        weight * model._member_predictions(member, inputs)
        for weight, member in zip(weights, model.networks_, strict=True)
    )
    if cls is TabularMLPClassifier:
        assert_array_equal(model.predict(X), model.classes_[mean.argmax(axis=1)])
    else:
        assert_allclose(model.predict(X), model._values(mean))


@every_estimator
def test_one_network(cls):
    X, y = task(cls)
    model = small(cls, n_networks=1).fit(X, y)
    assert model.score(X, y) > 0.3
    assert {network.n_features_in_ for network in model.networks_} == {1 + 1 + 1 + 4 + 1 + 2}


@every_estimator
def test_more_networks_leave_the_first_ones_as_they_are(cls):
    X, y = task(cls)
    first = small(cls, n_networks=2).fit(X, y)
    second = small(cls, n_networks=3).fit(X, y)
    shared = {network.random_state for network in first.networks_}
    same = [network for network in second.networks_ if network.random_state in shared]
    for network in same:
        twin = [n for n in first.networks_ if n.random_state == network.random_state]
        assert any(n.history_["loss"] == network.history_["loss"] for n in twin)


@every_estimator
def test_the_same_with_any_number_of_jobs(cls):
    X, y = task(cls)
    models = [small(cls, n_networks=3, n_jobs=n_jobs).fit(X, y) for n_jobs in (1, 2)]
    assert_array_equal(outputs(models[0], X), outputs(models[1], X))
    assert_array_equal(models[0].network_weights_, models[1].network_weights_)
    assert models[0].history_["loss"] == models[1].history_["loss"]


@every_estimator
def test_random_state(cls):
    X, y = task(cls)
    by_number = outputs(small(cls).fit(X, y), X)
    assert_array_equal(outputs(small(cls).fit(X, y), X), by_number)
    state = np.random.RandomState(0)
    assert_array_equal(outputs(small(cls, random_state=state).fit(X, y), X), by_number)
    assert (outputs(small(cls, random_state=state).fit(X, y), X) != by_number).any()
    assert np.isfinite(outputs(small(cls, random_state=None).fit(X, y), X)).all()


@every_estimator
def test_fitting_again_forgets(cls):
    X, y = task(cls)
    model = small(cls).fit(X, y)
    expected = outputs(model, X)
    numbers = X[["rooms"]].to_numpy()
    model.fit(numbers, y)
    assert not hasattr(model, "feature_names_in_")
    assert model.n_features_in_ == 1
    assert_array_equal(outputs(model.fit(X, y), X), expected)


@every_estimator
def test_effort_is_the_number_of_steps(cls):
    X, y = task(cls)
    lengths = [
        len(small(cls, n_networks=1, effort=effort).fit(X, y).history_["loss"])
        for effort in (0.1, 0.2)
    ]
    assert lengths[1] == pytest.approx(2 * lengths[0], rel=0.2)


# -- copies ------------------------------------------------------------------------------------


@every_estimator
def test_pickles_are_as_large_as_the_networks_that_are_kept(cls):
    X, y = task(cls, 500)
    model = small(cls, n_networks=4, hidden_layer_sizes=(64, 64)).fit(X, y)
    data = pickle.dumps(model)
    assert_array_equal(outputs(pickle.loads(data), X), outputs(model, X))
    parameters = sum(network._network.parameters.nbytes for network in model.networks_)
    encoder = len(pickle.dumps(model._encoder))
    assert len(data) <= 1.1 * parameters + 2**16 + encoder
    assert encoder < 2**14


@every_estimator
def test_clones_are_not_fitted(cls):
    X, y = task(cls)
    model = small(cls, activation=Maxout(pieces=2)).fit(X, y)
    twin = clone(model)
    assert [name for name in vars(twin) if name not in twin.get_params()] == []
    with pytest.raises(NotFittedError):
        twin.predict(X)
    assert not hasattr(twin, "history_")
    assert_array_equal(outputs(twin.fit(X, y), X), outputs(model, X))


@every_estimator
def test_a_failed_fit_leaves_the_estimator_as_it_was(cls, frozen, refused, monkeypatch):
    X, y = task(cls)
    model = small(cls).fit(X, y)
    refused(model, lambda: model.fit(X[["size"]], y[:5]), ValueError, "")
    refused(model, lambda: model.fit(X.assign(size=np.inf), y), ValueError, "infinity")
    model.set_params(hidden_layer_sizes=(-1,))
    refused(model, lambda: model.fit(X[["rooms"]], y), ValueError, "hidden_layer_sizes")
    model.set_params(hidden_layer_sizes=(8,))

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(model), "_weigh", interrupt)
    refused(model, lambda: model.fit(X[["rooms"]], y), KeyboardInterrupt, "")
    assert model.n_features_in_ == 4
    assert np.isfinite(outputs(model, X)).all()


# -- other tools -------------------------------------------------------------------------------


@every_estimator
def test_grid_search_over_effort(cls):
    X, y = task(cls)
    grid = {"effort": [0.01, 0.05], "hidden_layer_sizes": [(8,), (16, 16)]}
    search = GridSearchCV(small(cls), grid, cv=2).fit(X, y)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_estimator_.get_params()["effort"] == search.best_params_["effort"]
    assert np.isfinite(outputs(search, X)).all()


def test_bagging_and_cross_validation():
    # numbers only: bagging in scikit-learn 1.7 makes an array of them first
    X, y = load_iris(return_X_y=True)
    bagged = BaggingClassifier(small(TabularMLPClassifier), 3, max_features=0.8, random_state=0)
    assert bagged.fit(X, y).score(X, y) > 0.7
    X, y, _ = table(150)
    scores = cross_val_score(small(TabularMLPClassifier, effort=0.2), X, y, cv=3)
    assert scores.mean() > 0.7


def test_pipelines():
    X, y, _ = table()
    scaler = make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include="number")),
        remainder="passthrough",
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    model = make_pipeline(scaler, small(TabularMLPClassifier)).fit(X, y)
    assert model.score(X, y) > 0.7
    assert model[-1].feature_names_in_.tolist() == ["size", "rooms", "color", "owned"]


# -- what is said and shown --------------------------------------------------------------------


@every_estimator
def test_verbose_prints_a_line_for_every_network(cls, capsys):
    X, y = task(cls)
    small(cls, n_networks=3, verbose=True).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    pattern = r"network (\d) of 3  \d+\.\d s, about \d+\.\d s left"
    assert [re.fullmatch(pattern, line)[1] for line in lines] == ["1", "2", "3"]
    small(cls).fit(X, y)
    assert capsys.readouterr().out == ""


@every_estimator
def test_history_is_that_of_the_network_that_weighs_most(cls):
    X, y = task(cls)
    model = small(cls).fit(X, y)
    assert model.history_ is model._heaviest.history_ or (
        model.history_ == model._heaviest.history_
    )
    assert len(model.history_["loss"]) == len(model.history_["learning_rate"]) > 0
    assert model.history_["loss"][-1] < model.history_["loss"][0]


@every_estimator
def test_diagnosis_and_pictures(cls):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    X, y = task(cls)
    model = small(cls).fit(X, y)
    for estimator in (model, make_pipeline(clone(model)).fit(X, y)):
        assert "diagnosis" in repr(diagnose(estimator, X, y)).lower()
        display = TrainingHistoryDisplay.from_estimator(estimator)
        assert len(display.history["loss"]) == len(model.history_["loss"])
        pyplot.close(display.figure_)
    with pytest.raises(NotFittedError):
        diagnose(small(cls), X, y)


# -- parameters --------------------------------------------------------------------------------

WRONG = [
    ("n_networks", 0, ValueError, "n_networks must be an integer in [1, inf), got 0"),
    ("n_networks", 1.5, TypeError, "n_networks must be an integer in [1, inf), got 1.5 of type"),
    ("effort", 0, ValueError, "effort must be a number in (0, inf), got 0"),
    ("effort", "high", TypeError, "effort must be a number in (0, inf), got 'high' of type str"),
    ("learning_rate_init", 0, ValueError, "learning_rate_init must be a number in (0, inf) or No"),
    ("weight_decay", -1, ValueError, "weight_decay must be a number in [0, inf), got -1"),
    ("batch_size", "auto", TypeError, "batch_size must be an integer in [1, inf), got 'auto'"),
    ("dropout", 1, ValueError, "dropout must be a number in [0, 1), got 1"),
    ("dropout", [0.1] * 3, TypeError, "dropout must be a number in [0, 1), got [0.1, 0.1, 0.1]"),
    ("validation_fraction", 1.0, ValueError, "validation_fraction must be a number in (0, 1), g"),
    ("dtype", "float16", ValueError, "dtype must be one of 'auto', 'float32', 'float64', got 'f"),
    ("verbose", -1, ValueError, "verbose must be an integer in [0, inf) or False or True, got -1"),
    ("hidden_layer_sizes", 0, ValueError, "hidden_layer_sizes must be an integer in [1, inf), g"),
    ("hidden_layer_sizes", "atuo", TypeError, " sequence of integers, or \"auto\", got 'atuo'"),
    ("hidden_layer_sizes", None, TypeError, 'sequence of integers, or "auto", got None'),
    ("activation", "rleu", ValueError, "Unknown activation 'rleu'; known are elu, gelu,"),
    ("random_state", "x", TypeError, "random_state must be None, an integer in [0, 2**32 - 1]"),
    ("categorical_features", "all", TypeError, 'categorical_features must be "from_dtype", None'),
]


@every_estimator
@pytest.mark.parametrize(("name", "value", "error", "words"), WRONG)
def test_wrong_parameters(cls, name, value, error, words, refused):
    X, y = task(cls)
    model = small(cls, **{name: value})
    refused(model, lambda: model.fit(X, y), error, words)


def test_wrong_label_smoothing(refused):
    X, y, _ = table()
    model = small(TabularMLPClassifier, label_smoothing=1.0)
    refused(model, lambda: model.fit(X, y), ValueError, "label_smoothing must be a number in [0, 1")


@every_estimator
@pytest.mark.parametrize(
    "params",
    [
        {"hidden_layer_sizes": 16},
        {"hidden_layer_sizes": ()},
        {"activation": Maxout(pieces=2)},
        {"activation": ["relu", "tanh"]},
        {"learning_rate_init": 0.001},
        {"weight_decay": 0.1},
        {"dropout": 0.2},
        {"batch_size": 7},
        {"batch_size": 10_000},
        {"dtype": "float64"},
        {"validation_fraction": 0.5},
    ],
    ids=str,
)
def test_parameters_have_an_effect(cls, params):
    X, y = task(cls)
    model = small(cls, **params).fit(X, y)
    assert np.isfinite(outputs(model, X)).all()
    plain = outputs(small(cls).fit(X, y), X)
    assert (outputs(model, X) != plain).any() == (params != {"batch_size": 10_000})


# -- how good it is ----------------------------------------------------------------------------


def test_better_than_a_pipeline_on_a_real_table():
    X, miles = autompg_data()
    X = pd.DataFrame(X[:, :7]).rename(columns=str)
    y = np.digitize(miles, np.quantile(miles, [1 / 3, 2 / 3]))
    tabular, plain = [], []
    for seed in range(6):
        parts = train_test_split(X, y, test_size=0.4, stratify=y, random_state=seed)
        model = TabularMLPClassifier(n_networks=2, effort=0.1, random_state=0)
        tabular.append(model.fit(parts[0], parts[2]).score(parts[1], parts[3]))
        pipeline = make_pipeline(StandardScaler(), MLPClassifier(max_iter=60, random_state=0))
        pipeline[-1].set_params(n_iter_no_change=np.inf)
        plain.append(pipeline.fit(parts[0], parts[2]).score(parts[1], parts[3]))
    assert np.mean(tabular) > np.mean(plain)


def test_constructors_keep_what_they_get():
    for cls in ESTIMATORS:
        model = cls(**SMALL)
        assert {name: model.get_params()[name] for name in SMALL} == SMALL
    assert repr(TabularMLPRegressor(effort=2)) == "TabularMLPRegressor(effort=2)"
