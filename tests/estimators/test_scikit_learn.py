"""The estimators among scikit-learn's tools: pipelines, searches, ensembles, routing, HTML."""

import pickle
import re

import joblib
import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from skdeep import MLPClassifier, MLPRegressor
from skdeep.activations import LeakyReLU
from skdeep.optimizers import Adam
from skdeep.schedules import Cosine, StepDecay, Warmup

X, Y = make_classification(90, 6, n_informative=4, class_sep=2.0, random_state=0)
LABELS = np.array(["no", "yes"])[Y]
VALUES = X @ np.arange(6.0)
ANY = {"max_iter": 30, "n_iter_no_change": np.inf, "learning_rate_init": 0.02, "random_state": 0}


def classifier(**params):
    return MLPClassifier((8,), **{**ANY, **params})


def regressor(**params):
    return MLPRegressor((8,), **{**ANY, **params})


# -- searches and pipelines -----------------------------------------------------------------


def test_a_search_over_what_is_inside_the_parts():
    pipeline = Pipeline([("scale", StandardScaler()), ("mlp", classifier(optimizer=Adam()))])
    grid = {"mlp__optimizer__beta_2": [0.5, 0.999], "mlp__learning_rate_init": [1e-6, 0.02]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(X, LABELS)
    assert search.best_params_["mlp__learning_rate_init"] == 0.02
    assert search.best_score_ > 0.8
    best = search.best_estimator_[-1]
    assert best.optimizer.beta_2 == search.best_params_["mlp__optimizer__beta_2"]
    assert best._state.optimizer.part.beta_2 == best.optimizer.beta_2


def test_nested_parameters_make_a_difference():
    models = [classifier(optimizer=Adam()).set_params(optimizer__beta_2=b) for b in (0.5, 0.999)]
    first, second = (model.fit(X, Y).coefs_[0] for model in models)
    assert not np.array_equal(first, second)


def test_a_search_over_names_and_numpy_numbers():
    grid = {
        "learning_rate_init": np.logspace(-2, -1, 2),
        "learning_rate": ["step", StepDecay(every=3), Warmup(Cosine(), 2)],
        "dropout": np.float32([0.0, 0.1]),
        "batch_size": np.array([16, 32]),
    }
    search = GridSearchCV(classifier(max_iter=2), grid, cv=2).fit(X, Y)
    assert len(search.cv_results_["params"]) == 24
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_estimator_.coefs_[0].dtype == np.float32


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_workers_give_the_same_bits(dtype):
    model = classifier(max_iter=5, dropout=0.2, dtype=dtype)
    one, two = (
        cross_val_predict(model, X, Y, cv=4, method="predict_proba", n_jobs=n) for n in (1, 2)
    )
    np.testing.assert_array_equal(one, two)
    bagging = BaggingClassifier(model, 3, random_state=0)
    one, two = (clone(bagging).set_params(n_jobs=n).fit(X, Y).predict_proba(X) for n in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_workers_with_threads_share_a_fitted_model():
    model = classifier().fit(X, Y)
    results = joblib.Parallel(n_jobs=4, backend="threading")(
        joblib.delayed(model.predict_proba)(X) for _ in range(8)
    )
    for result in results:
        np.testing.assert_array_equal(result, results[0])


def test_cross_validation():
    assert cross_val_score(make_pipeline(StandardScaler(), classifier()), X, LABELS).mean() > 0.8
    assert cross_val_score(regressor(max_iter=100), X, VALUES, cv=3).mean() > 0.8
    assert cross_val_score(classifier(), X, LABELS, scoring="roc_auc").mean() > 0.85


# -- ensembles ------------------------------------------------------------------------------

NETWORKS = [("wide", classifier()), ("deep", MLPClassifier((4, 4), "tanh", **ANY))]
ENSEMBLES = {
    "bagging": BaggingClassifier(classifier(), 5, max_features=0.5, random_state=0),
    "voting": VotingClassifier(NETWORKS, voting="soft"),
    "hard voting": VotingClassifier(NETWORKS),
    "stacking": StackingClassifier(NETWORKS, LogisticRegression(), cv=2),
    "final": StackingClassifier(NETWORKS, classifier(), cv=2, passthrough=True),
    "calibrated": CalibratedClassifierCV(classifier(), cv=2),
    "isotonic": CalibratedClassifierCV(classifier(), method="isotonic", cv=2),
}


@pytest.mark.parametrize("ensemble", ENSEMBLES.values(), ids=ENSEMBLES)
def test_ensembles_of_classifiers(ensemble):
    model = clone(ensemble).fit(X, LABELS)
    assert set(model.predict(X)) == {"no", "yes"}
    assert model.score(X, LABELS) > 0.85


def test_bagging_draws_samples_and_features():
    bagging = clone(ENSEMBLES["bagging"]).fit(X, LABELS)
    assert {len(features) for features in bagging.estimators_features_} == {3}
    assert len({pickle.dumps(list(map(bytes, m.coefs_))) for m in bagging.estimators_}) == 5


@pytest.mark.parametrize(
    "ensemble",
    [
        BaggingRegressor(regressor(max_iter=100), 3, max_features=5, random_state=0),
        VotingRegressor([("a", regressor(max_iter=100)), ("b", regressor(max_iter=150))]),
    ],
)
def test_ensembles_of_regressors(ensemble):
    assert ensemble.fit(X, VALUES).score(X, VALUES) > 0.7


def test_one_estimator_an_output():
    labels, values = np.c_[Y, 1 - Y], np.c_[VALUES, -VALUES]
    model = MultiOutputClassifier(classifier()).fit(X, labels)
    assert np.mean(model.predict(X) == labels) > 0.9
    for wrapper in (MultiOutputRegressor, RegressorChain):
        fitted = wrapper(regressor(max_iter=100)).fit(X, values)
        assert fitted.predict(X).shape == values.shape
        assert fitted.score(X, values) > 0.8
    model.partial_fit(X, labels, classes=[[0, 1], [0, 1]])


# -- clone, pickle, tags, representation ----------------------------------------------------


def test_clone_and_parameters():
    model = MLPClassifier((4, 3), [LeakyReLU(0.2), "elu"], optimizer=Adam(beta_1=0.5), **ANY)
    copied = clone(model.fit(X, Y))
    assert not hasattr(copied, "coefs_")
    assert repr(copied) == repr(model)
    assert copied.optimizer is not model.optimizer
    assert copied.get_params()["optimizer__beta_1"] == 0.5
    np.testing.assert_array_equal(copied.fit(X, Y).coefs_[0], model.coefs_[0])
    assert vars(model.optimizer) == {"beta_1": 0.5, "beta_2": 0.999, "epsilon": 1e-8}


def test_fit_changes_no_parameter():
    model = MLPClassifier([4], **ANY)
    before = {name: id(value) for name, value in model.get_params(deep=False).items()}
    model.fit(X, Y)
    assert {name: id(value) for name, value in model.get_params(deep=False).items()} == before


@pytest.mark.parametrize("model", [classifier(dropout=0.1), regressor(optimizer="lbfgs", tol=0.5)])
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(model, protocol, tmp_path):
    model = clone(model).fit(X, Y)
    loaded = pickle.loads(pickle.dumps(model, protocol))
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))
    assert loaded.history_ == model.history_
    joblib.dump(model, tmp_path / "model")
    mapped = joblib.load(tmp_path / "model", mmap_mode="r")
    np.testing.assert_array_equal(mapped.predict(X), model.predict(X))
    loaded.coefs_[0][...] = 0
    assert not np.array_equal(loaded.predict(X), model.predict(X))


def test_tags():
    assert is_classifier(MLPClassifier())
    assert is_regressor(MLPRegressor())
    tags = MLPClassifier().__sklearn_tags__()
    assert tags.input_tags.sparse
    assert tags.classifier_tags.multi_label
    assert MLPRegressor().__sklearn_tags__().target_tags.multi_output
    assert not hasattr(MLPClassifier(), "transform")
    assert not hasattr(MLPRegressor(), "predict_proba")


@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
def test_the_html_view_links_to_the_documentation(cls):
    for model in (cls(), cls((3,), **ANY).fit(X, Y), make_pipeline(StandardScaler(), cls())):
        html = model._repr_html_()
        links = re.findall(r'href="(https://github.com/skdeep/skdeep[^"]*)"', html)
        assert any(cls.__name__.lower() in link for link in links)


# -- metadata routing -----------------------------------------------------------------------

WEIGHTS = np.linspace(0.1, 2, 90)
OWN = {"X_val": X[:30], "y_val": LABELS[:30], "sample_weight_val": WEIGHTS[:30]}
REQUESTED = {"sample_weight": True, "X_val": True, "y_val": True, "sample_weight_val": True}


@pytest.fixture
def routing():
    """Metadata routing, switched on."""
    with config_context(enable_metadata_routing=True):
        yield


@pytest.mark.usefixtures("routing")
def test_every_argument_of_fit_is_routed():
    plain = classifier().fit(X, LABELS, sample_weight=WEIGHTS, **OWN)
    pipeline = make_pipeline(classifier().set_fit_request(**REQUESTED))
    routed = pipeline.fit(X, LABELS, sample_weight=WEIGHTS, **OWN)[-1]
    np.testing.assert_array_equal(routed.coefs_[0], plain.coefs_[0])
    for name in ["loss", "validation_loss", "validation_score"]:
        assert routed.history_[name] == plain.history_[name]
    assert (
        plain.history_["validation_loss"]
        != classifier().fit(X, LABELS, X_val=X[:30], y_val=LABELS[:30]).history_["validation_loss"]
    )


@pytest.mark.usefixtures("routing")
def test_weights_reach_a_search_and_its_scores():
    model = classifier(max_iter=3).set_fit_request(sample_weight=True)
    model.set_score_request(sample_weight=True)
    grid = {"learning_rate_init": [0.01, 0.1]}
    first = GridSearchCV(model, grid, cv=2).fit(X, LABELS, sample_weight=WEIGHTS)
    second = GridSearchCV(model, grid, cv=2).fit(X, LABELS, sample_weight=WEIGHTS[::-1])
    assert (
        first.cv_results_["mean_test_score"].tolist()
        != second.cv_results_["mean_test_score"].tolist()
    )


@pytest.mark.usefixtures("routing")
@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
def test_requests_of_partial_fit_and_score(cls):
    names = {"sample_weight": True}
    if cls is MLPClassifier:
        names["classes"] = True
    request = cls().set_partial_fit_request(**names).set_score_request(sample_weight=True)
    assert request.get_metadata_routing().partial_fit.requests == names
    assert set(cls().get_metadata_routing().fit.requests) == set(REQUESTED)


@pytest.mark.usefixtures("routing")
def test_a_pipeline_transforms_the_validation_data():
    x, x_val = X * 100 + 7, X[:30] * 100 + 7
    model = classifier().set_fit_request(X_val=True, y_val=True)
    pipeline = make_pipeline(StandardScaler(), model, transform_input=["X_val"])
    pipeline.fit(x, LABELS, X_val=x_val, y_val=LABELS[:30])
    scaler = StandardScaler().fit(x)
    plain = classifier().fit(
        scaler.transform(x), LABELS, X_val=scaler.transform(x_val), y_val=LABELS[:30]
    )
    assert pipeline[-1].history_["validation_loss"] == plain.history_["validation_loss"]
    assert pipeline.score(x_val, LABELS[:30]) == plain.validation_scores_[-1]


def test_scoring_sees_the_history_so_far():
    model = MLPClassifier((3,), early_stopping=True, max_iter=3, n_iter_no_change=np.inf)
    model.set_params(scoring=lambda estimator, X, y: estimator.n_iter_)
    assert model.fit(X, Y).validation_scores_ == [0, 1, 2]
